"""FindTreatment, HRSA, HSDS, recovery residences, and lists of anyone's own."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import InputError, SourceError
from geo.opening_hours import read_hours
from geo.tables import RESOURCES, validate
from sources.adapter.source import ParseContext, Source
from sources.cleaning.bounds import Bounds
from sources.cleaning.report import Notes, Parsed, count
from sources.formats.zip_archive import pack, unzip
from sources.region.inputs import RegionInputs, input_files, read_input
from sources.registry import recognize, redact_contacts
from sources.resources import findtreatment, hrsa, hsds, recovery_residences, table

CONTEXT = ParseContext("list.csv")


def read(source: Source, raw: bytes, context: ParseContext = CONTEXT) -> Parsed:
    assert source.parse is not None
    parsed = source.parse(raw, context)
    count(parsed)
    return parsed


def facility(*services: tuple[str, str], **fields: Any) -> dict[str, Any]:
    offered = [{"f1": "", "f2": code, "f3": text} for code, text in services]
    base = {"name1": "Quay Clinic", "street1": "1 Quay", "city": "Quay", "latitude": "40", "longitude": "-80"}
    return base | {"typeFacility": "SA", "services": offered} | fields


def treatment(*rows: dict[str, Any]) -> Parsed:
    return read(findtreatment.SOURCE, json.dumps({"rows": rows}).encode())


def test_a_program_is_a_row_for_each_kind_of_support() -> None:
    otp = ("OTP", "Federally-certified Opioid Treatment Program")
    care = ("TC", "Substance use treatment; Buprenorphine used in Treatment")
    parsed = treatment(facility(otp, care, ("PAY", "Medicaid; Cash or self-payment"), ("SEX", "Female; Male")))
    rows = parsed.tables["resources"]
    assert rows["category"].tolist() == ["opioid_treatment_program", "substance_use_clinic", "buprenorphine_prescriber"]
    assert rows["resource_id"].is_unique
    first = rows.iloc[0]
    assert (first["medications"], first["payment"], first["genders"]) == (
        "buprenorphine;methadone", "medicaid;self_pay", "all",
    )  # fmt: skip
    assert count(parsed).kept == 1


def test_treatment_set_aside() -> None:
    only_dui = facility(("DUO", "Serves only DUI/DWI clients"), name1="Road Safety School")
    again = facility(("TC", "Substance use treatment"))
    parsed = treatment(again, again, only_dui, facility(typeFacility="??", name1="What"))
    assert sorted(parsed.set_aside["code"]) == ["dui_only", "duplicate", "no_category", "unknown_code"]


def test_treatment_samples(shared: Path) -> None:
    folder = shared / "feeds" / "findtreatment"
    sample = read(findtreatment.SOURCE, (folder / "findtreatment_v2_sample.json").read_bytes()).tables["resources"]
    assert sample["category"].tolist() == ["mental_health", "substance_use_clinic"]
    assert sample["payment"].tolist()[0] == "medicaid"
    assert sample["lat"].between(39, 40).all()
    homes = read(findtreatment.SOURCE, (folder / "soberlivings_residential.json").read_bytes())
    assert homes.rows_in == 478
    assert set(homes.tables["resources"]["category"]) <= set(table.CATEGORIES)


def test_health_centers(shared: Path) -> None:
    path = shared / "feeds" / "hrsa" / "Health_Center_Service_Delivery_and_LookAlike_Sites.first2.csv"
    parsed = read(hrsa.SOURCE, path.read_bytes())
    assert parsed.set_aside["code"].tolist() == ["mobile"]
    row = parsed.tables["resources"].iloc[0]
    assert (round(row["lon"]), round(row["lat"])) == (-123, 38)
    assert row["resource_id"] == "hrsa:BPS-H80-014051"
    columns = ["Site Name", "Site Status Description", "Site Address", "Site City", "Site Postal Code"]
    header = ",".join([*columns, *(f"Geocoding Artifact Address Primary {axis} Coordinate" for axis in "XY")])
    lines = f"{header}\nQuay,Active,1 Quay,Quay,45202-1234,,\nFar,Active,9 Far,Far,99999,,\n"
    nearby = ParseContext("sites.csv", locate=lambda *asked: (-84.5, 39.1) if asked[2] == "45202" else None)
    parsed = read(hrsa.SOURCE, lines.encode(), nearby)
    assert parsed.tables["resources"]["location_precision"].tolist() == ["street"]
    assert parsed.set_aside["code"].tolist() == ["located", "not_located"]
    with pytest.raises(SourceError, match="HRSA"):
        read(hrsa.SOURCE, b"a,b\n1,2\n")


def service(**fields: Any) -> dict[str, Any]:
    place = {"id": "l1", "latitude": 40.0, "longitude": -80.0, "addresses": [{"address_1": "1 Quay", "city": "Quay"}]}
    base = {"id": "s1", "name": "Pantry", "status": "active", "service_at_locations": [{"id": "p1", "location": place}]}
    return base | {"attributes": [{"taxonomy_term": {"name": "Food Pantry"}}], "organization": {}} | fields


def test_every_published_form_of_hsds(shared: Path) -> None:
    for path in sorted((shared / "feeds" / "hsds").glob("*.json")):
        parsed = read(hsds.SOURCE, path.read_bytes(), ParseContext(path.name))
        # the examples' latitude of 100 is on no map, so reaching that shows that the place was found in each form
        assert parsed.set_aside["code"].tolist() == ["impossible_point"], path.name
    parsed = read(hsds.SOURCE, (shared / "feeds" / "hsds" / "sf211_sf.jsonl").read_bytes())
    validate(parsed.tables["resources"], RESOURCES)
    assert parsed.rows_in == 2685
    counts = count(parsed)
    assert counts.reasons["repaired:stacked_point"] > 100
    assert (parsed.tables["resources"]["location_precision"] == "approximate").sum() >= counts.repaired


@pytest.mark.parametrize("wrap", [lambda s: s, lambda s: [s], lambda s: {"contents": [s]}, lambda s: {"services": [s]}])
def test_hsds_alone_in_lists_and_pages(wrap: Any) -> None:
    row = read(hsds.SOURCE, json.dumps(wrap(service())).encode()).tables["resources"].iloc[0]
    assert (row["resource_id"], row["category"], row["address"]) == ("hsds:p1", "food", "1 Quay, Quay")


TABLES = {
    "services.csv": "id,organization_id,name,status,email\ns1,o1,Invented Pantry,active,ann@e.org\n"
    "s2,o1,Far Desk,active,\n",
    "organizations.csv": "id,name,website\no1,Invented Aid,https://e.org\n",
    "locations.csv": "id,name,latitude,longitude\nl1,Hall,39.1,-84.5\nl2,Annex,,\n",
    "service_at_location.csv": "id,service_id,location_id\np1,s1,l1\np2,s1,l2\n",
    "addresses.csv": "id,location_id,address_1,city,state_province,postal_code\na1,l1,1 Quay,Quay,OH,45202\n"
    "a2,l2,2 Quay,Quay,OH,45202\n",
    "schedules.csv": "id,service_id,location_id,service_at_location_id,freq,byday,opens_at,closes_at\n"
    "x1,s1,l1,p1,WEEKLY,MO,09:00,12:00\nx2,s1,l2,p2,WEEKLY,TU,09:00,12:00\n",
    "taxonomy_terms.csv": "id,name\nt1,Food pantry\n",
    "attributes.csv": "id,link_id,link_entity,taxonomy_term_id\ny1,s1,service,t1\n",
    "contacts.csv": "id,service_id,name\nc1,s1,Ann Example\n",
}
OLDER = {
    "service_at_location.csv": "services_at_location.csv",
    "addresses.csv": "physical_addresses.csv",
    "attributes.csv": "services_taxonomy.csv",
    "taxonomy_terms.csv": "taxonomy.csv",
}


@pytest.mark.parametrize("names", [{}, OLDER])
def test_hsds_tables_in_a_folder_are_one_list(tmp_path: Path, names: dict[str, str]) -> None:
    folder = tmp_path / "directory"
    folder.mkdir()
    columns = ("link_id,link_entity,taxonomy_term_id", "service_id,detail,taxonomy_id" if names else None)
    for name, text in TABLES.items():
        (folder / names.get(name, name)).write_text(text.replace(columns[0], columns[1] or columns[0]))
    (file,) = input_files(RegionInputs(resources=(folder,)), need_streets=False)
    raw = read_input(file)
    assert (file.source, file.stored_name) == ("hsds", "directory.zip")
    assert recognize(Path("directory.zip"), "resources", raw).name == "hsds"
    kept = redact_contacts("hsds", raw, "directory.zip")
    texts = b"".join(unzip(kept, "directory.zip").values())
    assert b"Invented Pantry" in texts
    assert not [word for word in (b"Ann Example", b"ann@") if word in texts]
    where = ParseContext("directory.zip", locate=lambda street, *_: (-84.4, 39.2) if street == "2 Quay" else None)
    parsed = read(hsds.SOURCE, kept, where)
    rows = parsed.tables["resources"].set_index("resource_id")
    assert rows["category"].to_dict() == {"hsds:p1": "food", "hsds:p2": "food"}
    assert rows["opening_hours"].tolist() == ["Mo 09:00-12:00", "Tu 09:00-12:00"]
    assert rows["location_precision"].tolist() == ["rooftop", "street"]
    assert (parsed.rows_in, parsed.set_aside["code"].tolist()) == (3, ["located", "no_category"])
    for broken in (kept[:-30], pack({"readme.txt": b"x"}), pack({"services.csv": b"\0"})):
        with pytest.raises(SourceError, match=r"directory\.zip"):
            hsds.parse(broken, where)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"status": "defunct"}, "inactive"),
        ({"alert": "Address confidential; call first."}, "confidential"),
        ({"attributes": [{"taxonomy_term": {"name": "Domestic Violence Shelters"}}]}, "confidential"),
        ({"attributes": [{"taxonomy_term": {"name": "Tax Preparation"}}], "name": "Tax help"}, "no_category"),
        ({"service_at_locations": []}, "no_point"),
        ({"name": None}, "no_name"),
        ({"alert": "Temporarily closed until further notice"}, "closed"),
        ({"alert": "Thank you. This program is no longer offered."}, "closed"),
        ({"alert": "We are permanently closed."}, "closed"),
        ({"name": "Food pantry (temporarily closed)"}, "closed"),
    ],
)
def test_hsds_set_aside(fields: dict[str, Any], code: str) -> None:
    assert read(hsds.SOURCE, json.dumps([service(**fields)]).encode()).set_aside["code"].tolist() == [code]


ON_2024 = {"valid_from": "2024-11-28", "valid_to": "2024-11-28"}
ON_2026 = {"valid_from": "2026-11-26", "valid_to": "2026-11-26"}


def days(byday: object, opens: str, closes: str, **more: object) -> dict[str, Any]:
    return {"freq": "WEEKLY", "byday": byday, "opens_at": opens, "closes_at": closes} | more


@pytest.mark.parametrize(
    ("schedules", "hours"),
    [
        ([{"byday": "MO,TU,WE,FR", "opens_at": "09:00:00", "closes_at": "17:00"}], "Mo-We,Fr 09:00-17:00"),
        ([{"freq": "DAILY", "opens_at": "08:00", "closes_at": "20:00"}], "Mo-Su 08:00-20:00"),
        (
            [
                {"byday": "SA", "opens_at": "10:00", "closes_at": "12:00"},
                {"byday": "TU,TH", "opens_at": "10:00:00-07:00", "closes_at": "14:00:00-07:00"},
            ],
            "Tu,Th 10:00-14:00; Sa 10:00-12:00",
        ),
        ([{"freq": "MONTHLY", "byday": "2TU", "opens_at": "10:00", "closes_at": "12:00"}], "Tu[2] 10:00-12:00"),
        ([{"freq": "MONTHLY", "bymonthday": "3", "opens_at": "10:00", "closes_at": "12:00"}], None),
        ([{"byday": "MO", "interval": 2, "opens_at": "10:00", "closes_at": "12:00"}], None),
        ([{"byday": "MO", "opens_at": None, "closes_at": "12:00"}], None),
        ([], None),
        # all spans of a day
        ([days("MO,TU", "09:00", "12:00"), days("MO,TU", "13:00", "17:00")], "Mo,Tu 09:00-12:00,13:00-17:00"),
        ([days("MO", "09:00", "11:00"), days("MO,WE", "18:00", "20:00")], "Mo 09:00-11:00,18:00-20:00; We 18:00-20:00"),
        ([days("MO", "09:00", "12:00"), days("MO", "11:00", "14:00")], "Mo 09:00-14:00"),
        (
            [days("TU", "09:00", "12:00"), days("2TU", "18:00", "20:00", freq="MONTHLY")],
            "Tu 09:00-12:00; Tu[2] 09:00-12:00,18:00-20:00",
        ),
        ([days("MO,WE", "09:00", "12:00"), {"byday": "WE", "description": "Closed Wednesdays"}], "Mo 09:00-12:00"),
        # dates: past ones don't hold, present ones say until when, future ones from when
        ([days("TH", "05:30", "11:00"), days("TH", "07:00", "08:00", **ON_2024)], "Th 05:30-11:00"),
        ([days("SU", "09:00", "17:00", valid_from="2019-01-01", valid_to="2019-12-31")], None),
        ([days("MO", "09:00", "12:00", until="20200101T000000Z")], None),
        ([days("MO", "09:00", "12:00", dtstart="2020-01-06", count=4)], None),
        ([days("MO", "09:00", "12:00", valid_from="2020-01-01")], "Mo 09:00-12:00"),
        ([days("MO", "09:00", "12:00", valid_to="2026-12-31")], "2026 Jan 05-2026 Dec 31 Mo 09:00-12:00"),
        ([days("MO", "09:00", "12:00", valid_from="2026-03-01")], "2026 Mar 01+ Mo 09:00-12:00"),
        (
            [days("TH", "05:30", "11:00"), days("TH", "07:00", "08:00", **ON_2026)],
            "Th 05:30-11:00; 2026 Nov 26 Th 07:00-08:00",
        ),
        (
            [
                days("MO", "09:00", "12:00"),
                days("MO", "14:00", "16:00", valid_from="2026-06-01", valid_to="2026-08-31"),
            ],
            "Mo 09:00-12:00; 2026 Jun 01-2026 Aug 31 Mo 09:00-12:00,14:00-16:00",
        ),
        (
            [days("TH", "05:30", "11:00"), {"description": "Closed for Thanksgiving", **ON_2026}],
            "Th 05:30-11:00; 2026 Nov 26 Mo-Su off",
        ),
        ([days("MO", "09:00", "12:00", valid_from="2026-08-01", valid_to="2026-06-01")], None),
        # the place's own clock
        ([days("MO", "16:00Z", "23:00Z")], "Mo 09:00-16:00"),
        ([days("MO", "09:00-07:00", "16:00-07:00")], "Mo 09:00-16:00"),
        ([days("MO", "09:00-06:00", "16:00-06:00")], "Mo 09:00-16:00"),
        ([days("MO", "11:00-05:00", "18:00-05:00")], "Mo 09:00-16:00"),
        ([days("TU", "01:00Z", "04:00Z")], "Mo 18:00-21:00"),
        ([days("MO", "09:00Z", "17:00Z")], None),  # from two in the morning? a local time, more likely
        # around the clock, and midnights that say nothing
        ([{"freq": "DAILY", "opens_at": "00:00", "closes_at": "00:00"}], "Mo-Su 00:00-24:00"),
        ([days(day, "12:00 AM", "12:00 AM") for day in ("MO,TU,WE", "TH,FR,SA,SU")], "Mo-Su 00:00-24:00"),
        ([{"freq": "DAILY", "opens_at": "00:00", "closes_at": "23:59"}], "Mo-Su 00:00-24:00"),
        ([days("MO", "00:00", "24:00")], "Mo 00:00-24:00"),
        ([days("MO", "09:00", "17:00"), days("SU", "00:00", "00:00")], "Mo 09:00-17:00"),
        ([days("MO", "09:00", "09:00")], None),
        ([days("MO", "18:00", "07:00")], "Mo 18:00-07:00"),
        # HSDS 1, and days in other forms
        (
            [{"weekday": word, "opens_at": "09:00", "closes_at": "17:00"} for word in ("Monday", "2", 7)],
            "Mo,Tu,Su 09:00-17:00",
        ),
        ([{"weekday": 0, "opens_at": "09:00", "closes_at": "17:00"}], None),
        ([days(["MO", "FR"], "09:00", "17:00")], "Mo,Fr 09:00-17:00"),
        ([{"freq": "WEEKLY", "dtstart": "2024-01-03", "opens_at": "09:00", "closes_at": "17:00"}], "We 09:00-17:00"),
        ([days("-1FR", "09:00", "12:00", freq="MONTHLY")], "Fr[-1] 09:00-12:00"),
        ([days("TU", "09:00", "12:00", freq="MONTHLY")], "Tu 09:00-12:00"),
        ([days("TU", "09:00", "12:00"), {"byday": "TU", "description": "Closed captioning"}], "Tu 09:00-12:00"),
    ],
)
def test_schedules_in_the_words_of_openstreetmap(schedules: list[dict[str, Any]], hours: str | None) -> None:
    notes = Notes("x")
    context = ParseContext(time_zone="America/Denver", retrieved_on="2026-01-05")
    syntax = hsds.opening_hours(schedules, notes, context)
    assert syntax == hours
    assert syntax is None or read_hours(syntax) is not None
    silent = {"bymonthday", "interval"} & {key for one in schedules for key in one} or not schedules
    assert syntax or notes.entries or silent or schedules[0].get("opens_at") is None


def test_an_alert_closes_a_place_until_the_day_that_it_says() -> None:
    context = ParseContext(retrieved_on="2026-01-05")
    schedules = [days("MO", "09:00", "12:00")]
    for alert, hours in (
        ("Closed until March 2, 2026 for repairs.", "Mo 09:00-12:00; 2026 Jan 05-2026 Mar 01 off"),
        ("Closed through 3/2/2026.", "Mo 09:00-12:00; 2026 Jan 05-2026 Mar 02 off"),
        ("Closed until 2025-03-02.", "Mo 09:00-12:00"),
        ("We were temporarily closed; we have reopened.", "Mo 09:00-12:00"),
        ("The parking lot is temporarily closed.", "Mo 09:00-12:00"),
        ("Closed from 2/1/2026 to 2/14/2026.", "Mo 09:00-12:00; 2026 Feb 01-2026 Feb 14 off"),
        (
            "Temporarily closed as of January 2, 2026, reopening March 2, 2026.",
            "Mo 09:00-12:00; 2026 Jan 05-2026 Mar 01 off",
        ),
        ("Closed due to flooding. We reopen on Monday, March 2, 2026.", "Mo 09:00-12:00; 2026 Jan 05-2026 Mar 01 off"),
        ("Permanently closed as of June 1, 2026.", "Mo 09:00-12:00; 2026 Jun 01+ off"),
        ("Permanently closed on June 1, 2026.", "Mo 09:00-12:00; 2026 Jun 01+ off"),
        ("Temporarily closed on February 3, 2026.", "Mo 09:00-12:00; 2026 Feb 03 off"),
        ("Meetings are now closed captioned.", "Mo 09:00-12:00"),
        ("Now closed meeting on Zoom.", "Mo 09:00-12:00"),
        ("An interpreter is currently not available.", "Mo 09:00-12:00"),
        ("Program currently closed to new patients.", "Mo 09:00-12:00"),
        ("Closed 12-1 daily for lunch.", "Mo 09:00-12:00"),
        ("The pantry is closed from 12 to 1 for lunch.", "Mo 09:00-12:00"),
        ("Closed until 1 pm on the day of the fair.", "Mo 09:00-12:00"),
        ("Pantry closed 12/25 and 1/1.", "Mo 09:00-12:00"),
        ("Temporarily closed on July 4.", "Mo 09:00-12:00"),
        ("The clinic is closed due to training on Friday, March 6th.", "Mo 09:00-12:00"),
        ("Closed 1/12/2026 - 1/16/2026.", "Mo 09:00-12:00; 2026 Jan 12-2026 Jan 16 off"),
    ):
        raw = json.dumps([service(alert=alert, schedules=schedules)]).encode()
        assert read(hsds.SOURCE, raw, context).tables["resources"]["opening_hours"].tolist() == [hours], alert
    for alert in (
        "Temporarily closed (updated March 1, 2026).",
        "Closed temporarily since January 2, 2025. Call 211 after March 1, 2026.",
        "This service is currently unavailable.",
        "The pantry is closed since 3/2024.",
        "Closed 12/1/2025.",
        "Permanently closed on July 4.",
        "Temporarily closed on July 4 until further notice.",
    ):
        raw = json.dumps([service(alert=alert, schedules=schedules)]).encode()
        assert read(hsds.SOURCE, raw, context).set_aside["code"].tolist() == ["closed"], alert
    raw = json.dumps([service(alert="Closed until March 2, 2026.", schedules=schedules)]).encode()
    undated = read(hsds.SOURCE, raw, ParseContext()).tables["resources"]["opening_hours"].tolist()
    assert undated == ["Mo 09:00-12:00; 2000 Jan 01-2026 Mar 01 off"]


def test_holidays_of_hsds_1_and_schedules_of_a_place_are_read() -> None:
    tables = TABLES | {
        "schedules.csv": "id,service_id,location_id,weekday,opens_at,closes_at\nx1,,l1,Monday,09:00,12:00\n",
        "holiday_schedules.csv": "id,location_id,closed,start_date,end_date\nh1,l1,TRUE,2026-12-25,2026-12-25\n",
    }
    raw = pack({name: text.encode() for name, text in tables.items()})
    parsed = read(hsds.SOURCE, raw, ParseContext("directory.zip", retrieved_on="2026-01-05"))
    assert parsed.tables["resources"]["opening_hours"].tolist() == ["Mo 09:00-12:00; 2026 Dec 25 Mo-Su off"]


def residences(text: str) -> Parsed:
    return read(recovery_residences.SOURCE, text.encode())


def test_recovery_residences() -> None:
    header = "ID, Name ,Lat,LON,Location Precision,Beds,Open Beds,Genders,Weekly Rent USD,Certification Level,Curfew\n"
    rows = (
        "1,Quay House,40,-80,,8,9,Female,$150.00,Level III,22:30\n"
        "2,Hidden House,40,-80,hidden,8,1,men,150,2,\n"
        "3,Mill House,40,-80,street,8,1,men and women,150,9,ten\n"
    )
    parsed = residences(header + rows)
    table_ = parsed.tables["resources"]
    first, second = table_.iloc[0], table_.iloc[1]
    assert (first["open_beds"], first["genders"], first["weekly_rent_usd"]) == (8, "women", 150)
    assert (first["certification_level"], first["curfew"], first["location_precision"]) == ("3", "22:30", "approximate")
    assert (second["genders"], second["location_precision"]) == ("all", "street")
    assert sorted(parsed.set_aside["code"]) == ["bad_curfew", "confidential", "open_beds", "unknown_code"]
    for header in ("name,lon", "name,address", "address,city"):
        with pytest.raises(SourceError, match=r"lacks the column (lat|name)"):
            residences(f"{header}\nx,1\n")


def test_residences_without_coordinates_go_by_their_street_address() -> None:
    header = "Name,Street Address,City,State,Zip Code,Capacity,Vacancies,Location Precision\n"
    rows = (
        "House,12 Invented Street,Lowtown,OH,45999,6,2,\n"
        "Near,1 Elm Street,Lowtown,OH,45999,,,approximate\n"
        "Bare,,Lowtown,OH,45999,,,\n"
    )
    context = ParseContext("homes.csv", locate=lambda street, *_: (-84.5, 39.1) if street.startswith("12 ") else None)
    parsed = read(recovery_residences.SOURCE, (header + rows).encode(), context)
    row = parsed.tables["resources"].iloc[0]
    assert (len(parsed.tables["resources"]), row["lon"], row["location_precision"]) == (1, -84.5, "street")
    assert (row["beds"], row["open_beds"]) == (6, 2)
    assert parsed.set_aside["code"].tolist() == ["located", "no_point", "no_point"]


def test_the_eight_lists_of_northern_kentucky(shared: Path) -> None:
    rows = {
        "federally_qualified_health_centers": (48, "primary_care"),
        "hospitals": (19, "hospital"),
        "mental_health_providers": (25, "mental_health"),
        "opioid_treatment_programs": (10, "opioid_treatment_program"),
        "pharmacies": (66, "pharmacy"),
        "substance_use_treatment": (41, "substance_use_clinic"),
        "supportive_services": (36, "peer_support"),
        "twelve_step_facilitation": (14, "substance_use_clinic"),
    }
    paths = sorted((shared / "regions" / "nky" / "resources").glob("*.csv"))
    assert {path.stem for path in paths} == set(rows)
    for path in paths:
        assert table.SOURCE.recognizes(path.name, path.read_bytes()[:1000])
        parsed = read(table.SOURCE, path.read_bytes(), ParseContext(path.name, category=path.stem))
        expected_rows, category = rows[path.stem]
        assert parsed.rows_in == expected_rows
        assert set(parsed.tables["resources"]["category"]) == {category}
        assert set(parsed.set_aside["code"]) <= {"duplicate"}
        assert parsed.tables["resources"]["lat"].between(38, 40).all()


def test_own_list_with_a_mapping() -> None:
    raw = b'What,Kind,Where\nThe Pantry,Soup Kitchen,"-80.5,40.1"\n,Tax,"40.1,-80.5"\nHall,Library,"40,1"\n'
    mapping = {"columns": {"name": "what", "category": "Kind", "latlon": "Where"}, "license": "CC0"}
    here = Bounds(-81, 40, -80, 41)
    parsed = read(table.SOURCE, raw, ParseContext("own.csv", bounds=here, mapping=mapping))
    row = parsed.tables["resources"].iloc[0]
    assert (row["category"], row["lon"], row["lat"], row["license"]) == ("food", -80.5, 40.1, "CC0")
    assert sorted(parsed.set_aside["code"]) == ["no_category", "outside_region", "swapped", "unknown_code"]
    for wrong in ({"colums": {}}, {"columns": {"name": "Nope"}}):
        with pytest.raises(InputError, match=r"own\.csv"):
            read(table.SOURCE, raw, ParseContext("own.csv", mapping=wrong))


def test_a_row_without_a_name_goes_by_its_address() -> None:
    raw = "latitude;longitude;street1;zip\n40,5;-80,5;1 Quay;00501\n41,5;-80,5;;\n".encode("utf-8-sig")
    parsed = read(table.SOURCE, raw, ParseContext("x.csv", category="food"))
    assert parsed.tables["resources"]["name"].tolist() == ["1 Quay, 00501", "Food"]
    assert count(parsed).repaired == 2


def test_ids_do_not_depend_on_the_order_of_rows() -> None:
    lines = [b"lat,lon,name", b"40,-80,A", b"41,-81,B"]
    ids = [
        set(
            read(table.SOURCE, b"\n".join(rows), ParseContext("x.csv", category="food")).tables["resources"][
                "resource_id"
            ]
        )
        for rows in (lines, [lines[0], lines[2], lines[1]])
    ]
    assert ids[0] == ids[1]


@pytest.mark.parametrize("raw", [b"", b"\n", b"a,b\n1,2\n", b"\x01\x02\x03\x04\x05\x06\x07\x08\x0e\x0f"])
def test_not_a_table_of_places(raw: bytes) -> None:
    with pytest.raises(SourceError, match=r"x\.csv"):
        read(table.SOURCE, raw, ParseContext("x.csv", category="food"))


def test_geojson_that_lies(shared: Path) -> None:
    outcomes = {}
    for path in sorted((shared / "badinputs" / "geojson-hint").glob("*.geojson")):
        try:
            counts = count(read(table.SOURCE, path.read_bytes(), ParseContext(path.name, category="food")))
        except SourceError as problem:
            outcomes[path.stem] = "refused" if "\n" not in str(problem) else str(problem)
        else:
            outcomes[path.stem] = "used" if counts.kept + counts.repaired == counts.rows_in else "set_aside"
    assert outcomes["bad-json"] == outcomes["featurecollection-obj"] == outcomes["rootstring"] == "refused"
    assert outcomes["point-string"] == outcomes["short-line"] == outcomes["multiple_problems"] == "set_aside"
    assert outcomes["polygon_winding_order"] == outcomes["bbox-string"] == "used"


def test_geojson_features_keep_their_properties() -> None:
    feature = {
        "type": "Feature", "id": 9, "properties": {"Name": "Quay Pantry", "phone": "555-0100"},
        "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [2, 0], [2, 2], [0, 2], [0, 0]]]},
    }  # fmt: skip
    raw = json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()
    row = read(table.SOURCE, raw, ParseContext("x.geojson", category="food")).tables["resources"].iloc[0]
    assert (row["resource_id"], row["name"], row["phone"], row["lon"]) == ("table:9", "Quay Pantry", "555-0100", 1.0)
    vast = raw.replace(b"[2, 2]", b"[1%s, 2]" % (b"0" * 400))
    lost = read(table.SOURCE, vast, ParseContext("x.geojson", category="food"))
    assert lost.set_aside["code"].tolist() == ["bad_geometry"]


@settings(deadline=None, max_examples=40)
@given(st.binary(max_size=300))
def test_no_bytes_end_in_a_traceback(raw: bytes) -> None:
    for source in (findtreatment, hrsa, hsds, recovery_residences, table):
        with suppress(SourceError):
            read(source.SOURCE, raw, ParseContext("x.csv", category="food"))


def test_rows_that_share_an_id_are_told_apart_by_what_they_say() -> None:
    rows = ["Van,39.1,Monday", "House,39.2,Monday", "Van,39.1,Tuesday", "House,39.2,Monday", "Hall,39.3,Monday"]
    raw = "id,name,category,lon,lat,day,start,end\n" + "".join(
        f"agency,{name},food,-84.5,{lat},{day},9:00 am,1:00 pm\n" for name, lat, day in (row.split(",") for row in rows)
    )
    parsed = table.parse(raw.encode(), ParseContext("x.csv"))
    counts = count(parsed)
    assert (counts.rows_in, counts.kept, counts.reasons) == (5, 4, {"set_aside:duplicate": 1})
    places = parsed.tables["resources"]
    assert dict(zip(places["resource_id"], places["name"], strict=True)) == {
        "table:agency": "Van", "table:agency#2": "House", "table:agency#4": "Hall",
    }  # fmt: skip
    sessions = parsed.tables["sessions"]
    assert sessions.loc[sessions["resource_id"] == "table:agency", "weekday"].tolist() == [0, 1]


def test_a_mobile_unit_is_there_in_weekly_sessions() -> None:
    schedules = [
        {"byday": "MO,WE", "opens_at": "09:00", "closes_at": "11:30", "freq": "WEEKLY"},
        {"byday": "2TU", "opens_at": "09:00", "closes_at": "11:00", "freq": "MONTHLY"},
        {"byday": "FR", "opens_at": "22:00", "closes_at": "01:00"},
    ]
    van = service(name="Mobile Food Pantry", schedules=schedules)
    parsed = read(hsds.SOURCE, json.dumps([van, service(schedules=schedules) | {"id": "s2"}]).encode())
    sessions = parsed.tables["sessions"]
    assert sessions["resource_id"].unique().tolist() == ["hsds:p1"]
    assert sessions[["weekday", "start_minute", "end_minute"]].to_numpy().tolist() == [
        [0, 540, 690], [2, 540, 690], [4, 1320, 1500],
    ]  # fmt: skip
    assert parsed.tables["resources"]["opening_hours"].notna().all()


def test_hours_of_forerunners_are_read_where_they_leave_no_doubt() -> None:
    place = {
        "name": "Quay Pantry", "coordinates": ["-80", "40"], "address_attributes": {"street": "1 Quay", "city": "Quay"},
        "services_attributes": [{"keywords": ["Food Pantry"]}],
    }  # fmt: skip
    rows = [
        {"name": "Quay", "locations": [place | {"hours": words, "name": words}]}
        for words in ("Mon 9am - 1pm;", "Mon 9-1")
    ]
    parsed = read(hsds.SOURCE, "\n".join(map(json.dumps, rows)).encode(), ParseContext("x.jsonl"))
    assert parsed.tables["resources"]["opening_hours"].fillna("").tolist() == ["Mo 09:00-13:00", ""]
    assert parsed.set_aside["code"].tolist() == ["hours_in_words", "unclear_hours"]


def test_rows_of_a_table_that_differ_in_time_alone_are_one_place() -> None:
    raw = (
        b'name,lat,lon,day,start,end\nCare Van,40,-80,Monday,9:00 am,noon\nCare Van,40,-80,"Tue, Thu",13:00,15:30\n'
        b"Care Van,40,-80,Friday,nine,ten\nOther Van,40,-80,Monday,9:00 am,noon\nCare Van,40,-80,Monday,9:00 am,noon\n"
    )
    parsed = read(table.SOURCE, raw, ParseContext("vans.csv", category="opioid_treatment_program"))
    assert count(parsed).rows_in == 5
    names = parsed.tables["resources"].set_index("resource_id")["name"]
    sessions = parsed.tables["sessions"].assign(name=parsed.tables["sessions"]["resource_id"].map(names))
    assert sessions[sessions["name"] == "Care Van"][["weekday", "start_minute", "end_minute"]].to_numpy().tolist() == [
        [0, 540, 720], [1, 780, 930], [3, 780, 930],
    ]  # fmt: skip
    assert sorted(names) == ["Care Van", "Care Van", "Other Van"]  # the one without a known time stays a place
    assert parsed.set_aside["code"].tolist() == ["unclear_session", "duplicate"]


def test_more_open_beds_than_beds_are_all_beds_in_any_list() -> None:
    raw = b"name,lat,lon,beds,open_beds\nLark House,40,-80,6,9\n"
    parsed = read(table.SOURCE, raw, ParseContext("houses.csv", category="recovery_residence"))
    assert parsed.tables["resources"]["open_beds"].tolist() == [6]
    assert parsed.set_aside["code"].tolist() == ["open_beds"]


def test_a_list_without_coordinates_is_placed_by_its_addresses() -> None:
    raw = b"Name,Address,Zip\nQuay Pantry,12 Oak Street,41011\nFar Pantry,9 Elm Street,41011-2\nNowhere,,41011\n"

    def locate(street: str, town: str, code: str) -> tuple[float, float] | None:
        return (-84.5, 39.0) if (street, town, code) == ("12 Oak Street", "", "41011") else None

    parsed = read(table.SOURCE, raw, ParseContext("pantries.csv", category="food", locate=locate))
    row = parsed.tables["resources"].iloc[0]
    assert (row["name"], row["lon"], row["location_precision"]) == ("Quay Pantry", -84.5, "street")
    assert parsed.set_aside["code"].tolist() == ["located", "not_located", "no_point"]
    without = read(table.SOURCE, raw, ParseContext("pantries.csv", category="food"))
    assert without.set_aside["code"].tolist() == ["no_point"] * 3


def test_meetings_of_an_own_list() -> None:
    raw = (
        b"name,category,lat,lon,day,start,end,fellowship\n"
        b"NA,meeting,40,-80,Monday,7:00 pm,,NA\nLate,meeting,40,-80,Friday,23:30,0:30,AA\n"
        b"Any,meeting,40,-80,,7:00 pm,8:00 pm,\nSeven,meeting,40,-80,Sunday,7:00,8:00,\n"
    )
    parsed = read(table.SOURCE, raw)
    assert parsed.tables["sessions"][["weekday", "start_minute", "end_minute"]].to_numpy().tolist() == [
        [0, 1140, 1200], [4, 1410, 1470],
    ]  # fmt: skip
    assert parsed.tables["resources"]["name"].tolist()[0] == "NA"
    assert parsed.tables["resources"]["fellowship"].fillna("").tolist() == ["NA", "AA", "", ""]
    assert parsed.set_aside[["row", "code"]].to_numpy().tolist() == [["3", "no_day"], ["4", "unclear_session"]]


def test_no_cell_of_an_own_list_is_lost_without_a_word() -> None:
    raw = (
        b"name,category,lat,lon,phone,url,beds,weekly_rent,accepts_moud,address\n"
        b"Quay,recovery_residence,40,-80,1-800-662-HELP,quay.example,6,$150,yes,1 Quay\n"
        b"Wharf,recovery_residence,40,-80,ask Joe,javascript:1,some,$1.200,maybe,1 Wharf, Quay, PA\n"
    )
    parsed = read(table.SOURCE, raw)
    first = parsed.tables["resources"].iloc[0]
    assert (first["phone"], first["beds"], first["weekly_rent_usd"]) == ("800-662-4357", 6, 150)
    assert parsed.tables["resources"].iloc[1][["phone", "url", "beds", "weekly_rent_usd", "accepts_moud"]].isna().all()
    reasons = parsed.set_aside[parsed.set_aside["row"] == "2"]["reason"].str.cat(sep=" ")
    assert all(word in reasons for word in ("ask Joe", "javascript:1", "some", "$1.200", "maybe", "Quay, PA"))
    assert set(parsed.set_aside["row"]) == {"2"}


@pytest.mark.parametrize(
    ("said", "step_free"),
    [
        (["Wheelchair accessible", "Elevator"], True),
        (["Ramp at the side door"], True),
        (["Not wheelchair accessible"], None),
        (["No ramp; two steps"], None),
        (["Wheelchair access is limited to the first floor"], None),
        (["Wheelchair: no"], None),
        (["No parking", "Wheelchair ramp"], True),
        (["Elevator"], None),
    ],
)
def test_a_place_is_step_free_only_where_its_words_leave_no_doubt(said: list[str], step_free: bool | None) -> None:
    pantry = service()
    pantry["service_at_locations"][0]["location"]["accessibility"] = [{"description": one} for one in said]
    raw = json.dumps([pantry]).encode()
    told = read(hsds.SOURCE, raw).tables["resources"]["wheelchair"].astype(object)
    assert told.where(told.notna(), None).tolist() == [step_free]


@pytest.mark.parametrize(
    ("fees", "payment"),
    [("Free to all", "free"), ("Call the toll-free number for fees", None), ("Not free; $20 a visit", None)],
)
def test_what_is_free_of_something_else_is_not_free(fees: str, payment: str | None) -> None:
    raw = json.dumps([service(fees_description=fees)]).encode()
    told = read(hsds.SOURCE, raw).tables["resources"]["payment"].astype(object)
    assert told.where(told.notna(), None).tolist() == [payment]


@pytest.mark.parametrize(("stated", "kept"), [("rooftop", "street"), ("", "street"), ("approximate", "approximate")])
def test_a_point_found_by_address_is_no_more_exact_than_its_street(stated: str, kept: str) -> None:
    raw = f"name,address,zip,location_precision\nQuay Pantry,12 Oak Street,41011,{stated}\n".encode()
    context = ParseContext("pantries.csv", category="food", locate=lambda *_: (-84.5, 39.0))
    assert read(table.SOURCE, raw, context).tables["resources"]["location_precision"].tolist() == [kept]
