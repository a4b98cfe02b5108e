"""The fetch of each feed against recorded answers: what is asked, page by page, and what `parse` makes of it."""

import csv
import gzip
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import InputError, SourceError
from geo.tables import RESOURCES, validate
from sources.adapter import paging
from sources.adapter.source import FetchContext, ParseContext
from sources.cleaning.bounds import Bounds
from sources.cleaning.report import Parsed, count
from sources.networks import mobility_database
from sources.region import RegionInputs, build_region, open_region
from sources.registry import source_called
from sources.resources import bmlt, findtreatment, hrsa, job_centers, meeting_guide, nppes
from sources.web.http import Fetched, Policy
from sources.zones import lodes
from tests.sources.replay import Asked, Replay, Reply, json_reply

POLICY = Policy(connect_seconds=1, read_seconds=1, deadline_seconds=10, retries=0, loopback=True)
HERE = Bounds(-84.7, 38.9, -84.3, 39.2)
KEYS = {job_centers.USER: "me/you", job_centers.TOKEN: "secret"}


@pytest.fixture(autouse=True)
def online(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RECOVERY_REACH_OFFLINE", raising=False)


def ask(url: str, **more: Any) -> FetchContext:
    return FetchContext(POLICY, url, HERE, **more)


def read(source: Any, documents: dict[str, Fetched], **context: Any) -> dict[str, Parsed]:
    parse = source.SOURCE.parse
    feeds = {name: parse(one.content, ParseContext(name, **context)) for name, one in documents.items()}
    for feed in feeds.values():
        count(feed)
    return feeds


def paged(rows: list[Any], size_key: str, wrap: Callable[[list[Any], Asked, int], Any], first: int = 1) -> Any:
    """Answer with the page of `rows` that is asked for."""

    def answer(asked: Asked) -> Reply:
        size = int(asked.query[size_key])
        number = int(asked.query.get("page", asked.query.get("page_num", first))) - first
        return json_reply(json.dumps(wrap(rows[number * size : (number + 1) * size], asked, size)))

    return answer


def test_meeting_guide_is_fetched_whole_and_without_contacts(replay: Replay, shared: Path) -> None:
    raw = (shared / "feeds/meeting_guide/aasepia.json").read_bytes()
    rows = [
        row | {"contact_1_email": "ann@example.org", "feedback_emails": ["ann@example.org"]} for row in json.loads(raw)
    ]
    content = b"\xef\xbb\xbf\n" + json.dumps(rows).encode()  # a mark before it, as some sites write
    url = replay.on("/feed", Reply(content, headers=(("ETag", '"7"'),)), Reply(status=304))
    documents = meeting_guide.fetch(ask(url))
    assert b"ann@example.org" not in documents["meeting_guide.json"].content
    parsed = read(meeting_guide, documents)["meeting_guide.json"]
    assert parsed.rows_in == 2038
    again = meeting_guide.fetch(ask(url, have=documents))["meeting_guide.json"]
    assert (again.unchanged, again.content) == (True, documents["meeting_guide.json"].content)
    assert replay.asked[1].headers["if-none-match"] == '"7"'


@pytest.mark.parametrize("reply", [json_reply('{"error": 1}'), json_reply("[1"), Reply(b"\n <!doctype html>")])
def test_meeting_guide_refuses_what_is_no_feed(replay: Replay, reply: Reply) -> None:
    with pytest.raises(SourceError):
        meeting_guide.fetch(ask(replay.on("/feed", reply)))


def test_bmlt_is_fetched_page_by_page_around_the_place(replay: Replay, shared: Path) -> None:
    rows = json.loads((shared / "feeds/bmlt/bmlt_newyork_getsearchresults.json").read_text())
    private = [row | {"contact_email_1": "ann@example.org", "email_contact": "ann@example.org"} for row in rows]
    formats = [{"key_string": "O", "world_id": "OPEN"}]
    replay.on("/client_interface/json/", paged(private, "page_size", lambda r, *_: {"meetings": r, "formats": formats}))
    documents = bmlt.fetch(ask(replay.address + "/"))
    document = json.loads(documents["bmlt.json"].content)
    assert len(document["meetings"]) == len(rows) == 1555
    assert document["formats"] == formats
    assert b"ann@example.org" not in documents["bmlt.json"].content
    assert read(bmlt, documents)["bmlt.json"].rows_in == 1555
    query = replay.asked[0].query
    assert query["switcher"] == "GetSearchResults"
    assert (float(query["lat_val"]), float(query["long_val"])) == (39.05, -84.5)
    assert 20 < float(query["geo_width_km"]) < 30
    assert [asked.query["page_num"] for asked in replay.asked] == ["1", "2", "3", "4"]


def test_a_server_that_gives_the_same_page_again_is_not_taken_for_whole(replay: Replay) -> None:
    page = json_reply(json.dumps([{"id_bigint": str(n)} for n in range(500)]))
    replay.on("/client_interface/json/", page)
    with pytest.raises(SourceError, match="repeats the one before"):
        bmlt.fetch(ask(replay.address))


def test_findtreatment_is_fetched_to_its_last_page(replay: Replay, shared: Path) -> None:
    (row,) = json.loads((shared / "feeds/findtreatment/findtreatment_v2_sample.json").read_text())["rows"][:1]
    rows = [row | {"street1": f"{n} East Oak Street"} for n in range(4100)]

    def wrap(part: list[Any], asked: Asked, size: int) -> Any:
        return {"page": int(asked.query["page"]), "totalPages": 3, "recordCount": len(rows), "rows": part}

    url = replay.on("/v2", paged(rows, "pageSize", wrap))
    documents = findtreatment.fetch(ask(url))
    assert read(findtreatment, documents)["findtreatment.json"].rows_in == 4100
    assert [asked.query["page"] for asked in replay.asked] == ["1", "2", "3"]
    query = replay.asked[0].query
    assert (query["sAddr"], query["limitType"], query["pageSize"]) == ("39.05,-84.5", "2", "2000")
    assert 20_000 < int(query["limitValue"]) < 30_000
    assert "sType" not in query


def test_findtreatment_notices_rows_that_were_held_back(replay: Replay) -> None:
    url = replay.on("/v2", json_reply('{"page": 1, "totalPages": 1, "recordCount": 31, "rows": [{"name1": "A"}]}'))
    with pytest.raises(SourceError, match="counts 31 rows but gave 1"):
        findtreatment.fetch(ask(url))


@pytest.mark.parametrize("answer", ['{"page": 1}', "[]", '{"rows": {}}', '"x"', "<html>", ""])
def test_a_changed_schema_is_told(replay: Replay, answer: str) -> None:
    url = replay.on("/v2", json_reply(answer))
    for source, context in ((findtreatment, ask(url)), (nppes, ask(url, postal_codes=("41011",)))):
        with pytest.raises(SourceError):
            source.fetch(context)


def test_hrsa_is_fetched_only_when_newer(replay: Replay, shared: Path) -> None:
    raw = (shared / "feeds/hrsa/Health_Center_Service_Delivery_and_LookAlike_Sites.first2.csv").read_bytes()
    url = replay.on(
        "/hrsa.csv", Reply(raw, headers=(("Last-Modified", "Sun, 01 Nov 2026 00:00:00 GMT"),)), Reply(status=304)
    )
    documents = hrsa.fetch(ask(url))
    assert read(hrsa, documents)["hrsa.csv"].rows_in == 2
    assert documents["hrsa.csv"].content == raw
    assert hrsa.fetch(ask(url, have=documents))["hrsa.csv"].unchanged


def test_lodes_is_fetched_by_state_and_year(replay: Replay, shared: Path) -> None:
    wac = gzip.compress((shared / "feeds/lodes/dc_wac_S000_JT00_2023.row1.csv").read_bytes())
    crosswalk = gzip.compress((shared / "feeds/lodes/dc_xwalk.row1.csv").read_bytes())
    columns = b"C000,CE01,CE02,CE03,CR01,CR02,CR03,CR04,CR05,CR07,CT02"
    rac = gzip.compress(b"h_geocode," + columns + b"\n110010001011000,7,7,0,0,7,0,0,0,0,0,0\n")
    replay.on("/dc/wac/dc_wac_S000_JT00_2022.csv.gz", Reply(wac))
    replay.on("/dc/rac/dc_rac_S000_JT00_2022.csv.gz", Reply(rac))
    replay.on("/dc/dc_xwalk.csv.gz", Reply(crosswalk))
    documents = lodes.fetch(ask(replay.address, state="DC", year=2022))
    tables = {name: next(iter(one.tables)) for name, one in read(lodes, documents).items()}
    assert list(tables.values()) == ["jobs", "workers", "crosswalk"]
    assert documents["dc_xwalk.csv.gz"].content == crosswalk
    for state in (None, "D", "../", "DC1"):
        with pytest.raises(InputError, match="--state"):
            lodes.fetch(ask(replay.address, state=state))


def registry(asked: Asked, samples: list[Any]) -> Reply:
    """Answer as the provider registry does."""
    skip, limit = int(asked.query["skip"]), int(asked.query["limit"])
    rows = samples if asked.query["taxonomy_description"] == "Methadone" else []
    return json_reply(
        json.dumps({"result_count": len(rows[skip : skip + limit]), "results": rows[skip : skip + limit]})
    )


CLINIC = {
    "enumeration_type": "NPI-2",
    "number": 1234567893,
    "basic": {
        "organization_name": "Invented Hope Clinic",
        "status": "A",
        "last_updated": "2024-05-06",
        "authorized_official_last_name": "Example",
        "authorized_official_telephone_number": "555-0100",
    },
    "addresses": [
        {"address_purpose": "MAILING", "address_1": "PO BOX 1", "city": "FAR", "state": "KY", "postal_code": "40000"},
        {"address_purpose": "LOCATION", "address_1": "12 MAIN ST STE 4", "city": "COVINGTON", "state": "KY"}
        | {"postal_code": "410111234", "telephone_number": "859-555-0100"},
    ],
    "taxonomies": [{"code": "261QM2800X"}, {"code": "261QM0801X"}, {"code": "207X00000X"}],
}  # fmt: skip


def test_nppes_is_fetched_by_zip_code_and_kind(replay: Replay) -> None:
    many = [CLINIC | {"number": 1_000_000_000 + n} for n in range(401)]
    url = replay.on("/api/", lambda asked: registry(asked, many))
    documents = nppes.fetch(ask(url, postal_codes=("41011", "41014")))
    document = json.loads(documents["nppes.json"].content)
    assert document["result_count"] == len(document["results"]) == 401
    assert b"Example" not in documents["nppes.json"].content
    query = replay.asked[0].query
    assert (query["version"], query["enumeration_type"], query["postal_code"]) == ("2.1", "NPI-2", "41011")
    with pytest.raises(SourceError, match="gives no more"):
        nppes.fetch(ask(replay.on("/more/", lambda a: registry(a, many * 3)), postal_codes=("41011",)))


def test_nppes_places_organizations_where_the_region_knows_their_address() -> None:
    looked_up = []

    def locate(*words: str) -> tuple[float, float]:
        looked_up.append(words)
        return -84.51, 39.08

    raw = json.dumps({"results": [CLINIC]}).encode()
    parsed = nppes.parse(raw, ParseContext("nppes.json", bounds=HERE, locate=locate))
    count(parsed)
    rows = validate(parsed.tables["resources"], RESOURCES)
    assert rows["category"].tolist() == ["opioid_treatment_program", "mental_health"]
    row = rows.iloc[0]
    assert (row["resource_id"], row["lon"], row["lat"], row["medications"]) == (
        "nppes:1234567893",
        -84.51,
        39.08,
        "methadone",
    )
    assert (row["address"], row["location_precision"]) == ("12 MAIN ST STE 4, COVINGTON, KY, 41011", "street")
    assert looked_up == [("12 MAIN ST", "COVINGTON", "41011")]
    nowhere = nppes.parse(raw, ParseContext("nppes.json", locate=lambda *_: None))
    assert nowhere.set_aside["code"].tolist() == ["not_located"]
    assert nppes.parse(raw, ParseContext("nppes.json")).set_aside["code"].tolist() == ["needs_geocoding"]


def test_a_region_places_nppes_organizations_on_its_own_map(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECOVERY_REACH_HOME", str(tmp_path / "home"))
    tags = {"amenity": "library", "name": "Library", "addr:housenumber": "12", "addr:street": "Main Street"}
    tags |= {"addr:city": "Covington", "addr:postcode": "41011"}
    written = "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())
    ends = '<node id="1" version="1" lat="39.08" lon="-84.51"/><node id="2" version="1" lat="39.09" lon="-84.50"/>'
    road = '<way id="9" version="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="residential"/></way>'
    library = f'<node id="3" version="1" lat="39.081" lon="-84.509">{written}</node>'
    (tmp_path / "town.osm").write_text(f'<osm version="0.6">{ends}{library}{road}</osm>', "utf-8")
    other = CLINIC | {"number": 7, "addresses": [CLINIC["addresses"][1] | {"address_1": "99 ELM ST"}]}
    (tmp_path / "nppes.json").write_text(json.dumps({"results": [CLINIC, other]}), "utf-8")
    build_region("town", RegionInputs(osm=tmp_path / "town.osm", resources=(tmp_path / "nppes.json",)))
    region = open_region("town")
    clinics = region.resources[region.resources["source"] == "nppes"]
    assert clinics["category"].tolist() == ["opioid_treatment_program", "mental_health"]
    assert set(zip(clinics["lon"], clinics["lat"], strict=True)) == {(-84.509, 39.081)}
    aside = region.set_aside[region.set_aside["source"] == "nppes"]
    assert aside["code"].tolist() == ["not_located"]


def test_nppes_on_recorded_answers(shared: Path) -> None:
    rows = {"api-1f9cef": 10, "api-a2f836": 0, "api-f7d8ea": 2}
    for name, number in rows.items():
        raw = (shared / f"feeds/nppes/{name}.json").read_bytes()
        parsed = nppes.parse(raw, ParseContext(name))
        assert count(parsed).rows_in == number
        assert set(parsed.set_aside["code"]) <= {"no_category"}
    for name in ("api-8d2d52", "api-c85286"):
        with pytest.raises(SourceError, match="reports an error"):
            nppes.parse((shared / f"feeds/nppes/{name}.json").read_bytes(), ParseContext(name))


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"enumeration_type": "NPI-1"}, "a_person"),
        ({"basic": None}, "no_name"),
        ({"basic": {"organization_name": "X", "status": "D"}}, "inactive"),
        ({"taxonomies": None}, "no_category"),
        ({"addresses": [{"address_purpose": "MAILING", "address_1": "1 A", "city": "B"}]}, "no_address"),
        ({"addresses": {"x": 1}}, "no_address"),
        ({"basic": {"organization_name": "Safe House"}}, "confidential"),
    ],
)
def test_nppes_sets_aside(fields: dict[str, Any], code: str) -> None:
    parsed = nppes.parse(
        json.dumps({"results": [CLINIC | fields]}).encode(), ParseContext("f", locate=lambda *_: (1, 2))
    )
    assert parsed.set_aside["code"].tolist() == [code]


def test_job_centers_need_an_account() -> None:
    for keys in ({}, {job_centers.USER: "me"}):
        with pytest.raises(SourceError, match="skipped: they need a free account"):
            job_centers.fetch(ask("", keys=keys, postal_codes=("41011",)))


def center(number: int) -> dict[str, Any]:
    return {
        "ID": str(number),
        "Name": f"Invented Center {number}",
        "Address1": "1 Main St",
        "City": "Covington",
        "StateAbbr": "KY",
        "Zip": "41011",
        "GeneralEmail": "ann@example.org",
        "VeteranRep": "Ann Example",
        "CenterStatus": "Open",
        "OpenHour": "Monday - Friday, 8:00 a.m. - 4:30 p.m.",
        "Latitude": 39.08,
        "Longitude": -84.51,
        "Phone": "859-555-0100",
    }


def test_job_centers_are_fetched_and_the_account_is_kept_out(replay: Replay) -> None:
    start = "/v1/me%2Fyou/41011/31/0/0/0/0/0/0"
    first, second = [center(n) for n in range(100)], [center(n) for n in range(98, 103)]
    replay.on(f"{start}/0/100", json_reply(json.dumps({"OneStopCenterList": first})))
    replay.on(f"{start}/100/100", json_reply(json.dumps({"OneStopCenterList": second})))
    # where no center is near, the service says 404
    documents = job_centers.fetch(ask(replay.address + "/v1", keys=KEYS, postal_codes=("41011", "41099")))
    assert replay.asked[0].headers["authorization"] == "Bearer secret"
    (document,) = documents.values()
    assert document.url == replay.address + "/v1"
    assert not {b"Ann", b"ann@", b"secret"} & {
        word for word in (b"Ann", b"ann@", b"secret") if word in document.content
    }
    parsed = read(job_centers, documents)["job_centers.json"]
    assert parsed.rows_in == 103
    assert set(parsed.tables["resources"]["category"]) == {"employment_service"}
    assert set(parsed.tables["resources"]["opening_hours"]) == {"Mo-Fr 08:00-16:30"}
    with pytest.raises(SourceError) as caught:
        job_centers.fetch(ask(replay.address + "/v2", keys=KEYS, postal_codes=("41011",)))
    assert "me" not in unquote(str(caught.value)).split()


def test_job_centers_on_the_documented_shape(shared: Path) -> None:
    raw = (shared / "feeds/careeronestop/ajc_response_schema.json").read_bytes()
    parsed = job_centers.parse(raw, ParseContext("ajc.json"))
    assert count(parsed).set_aside == 1  # the shape gives a reason for being closed
    document = json.loads(raw)
    document["OneStopCenterList"][0] |= {"WhyClosed": "", "CenterStatus": "Open"}
    row = job_centers.parse(json.dumps(document).encode(), ParseContext("ajc.json")).tables["resources"].iloc[0]
    assert (row["name"], row["lat"], row["lon"]) == ("string", 25.1, 26.1)
    bare = json.dumps({"OneStopCenterList": [center(1) | {"Latitude": None}]}).encode()
    somewhere = ParseContext("ajc.json", locate=lambda *asked: (-84.5, 39.1) if asked[2] == "41011" else None)
    row = job_centers.parse(bare, somewhere).tables["resources"].iloc[0]
    assert (row["lon"], row["location_precision"]) == (-84.5, "street")
    with pytest.raises(SourceError, match="OneStopCenterList"):
        job_centers.parse(b"[]", ParseContext("ajc.json"))


def test_mobility_database_tells_the_timetables_of_a_place(replay: Replay, shared: Path) -> None:
    raw = (shared / "feeds/mobility_database/mobilitydb_us_gtfs_schedule.csv").read_bytes()
    documents = mobility_database.fetch(ask(replay.on("/feeds_v2.csv", Reply(raw))))
    parsed = read(mobility_database, documents, bounds=HERE)["mobility_database.csv"]
    feeds = parsed.tables["feeds"]
    assert parsed.rows_in == 1175
    assert "Transit Authority of Northern Kentucky (TANK)" in feeds["provider"].tolist()
    assert "deprecated" not in feeds["status"].tolist()
    everywhere = mobility_database.parse(raw, ParseContext("f"))
    reasons = count(everywhere).reasons
    assert reasons["set_aside:deprecated"] == 263
    assert reasons["notice:needs_key"] == int(everywhere.tables["feeds"]["needs_key"].sum()) > 0


def test_mobility_database_in_its_present_form() -> None:
    box = "location.bounding_box."
    header = (
        f"id,data_type,provider,status,urls.direct_download,urls.authentication_type,urls.latest,{box}minimum_latitude,"
    )
    header += f"{box}maximum_latitude,{box}minimum_longitude,{box}maximum_longitude\n"
    rows = [
        "mdb-1,gtfs,Whole,active,https://a.example/a.zip,0,https://b.example/a.zip,30,45,-90,-80",
        "mdb-2,gtfs,Town,,https://a.example/t.zip,2,,39.0,39.1,-84.6,-84.5",
        "mdb-3,gtfs_rt,Live,active,https://a.example/r.pb,0,,39.0,39.1,-84.6,-84.5",
        "mdb-4,gtfs,Away,active,https://a.example/x.zip,0,,10,11,-84.6,-84.5",
        "mdb-5,gtfs,Lost,active,https://a.example/x.zip,0,,,,,",
        "mdb-6,gtfs,Old,inactive,,0,,39.0,39.1,-84.6,-84.5",
        "mdb-7,gtfs,Turned,active,https://a.example/x.zip,0,,40,39,-84.6,-84.5",
    ]
    parsed = mobility_database.parse((header + "\n".join(rows)).encode(), ParseContext("f.csv", bounds=HERE))
    count(parsed)
    assert parsed.tables["feeds"]["feed_id"].tolist() == ["mdb-2", "mdb-1"]
    assert parsed.tables["feeds"]["needs_key"].tolist() == [True, False]
    assert set(parsed.set_aside["code"]) == {"needs_key", "not_a_timetable", "outside_region", "no_box", "no_address"}
    with pytest.raises(SourceError, match="catalogue"):
        mobility_database.parse(b"a,b\n1,2\n", ParseContext("f.csv"))


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        anything
        | st.fixed_dictionaries({}, optional={key: anything | st.just(value) for key, value in CLINIC.items()}),
        max_size=3,
    ),
    st.lists(anything | st.fixed_dictionaries({}, optional=dict.fromkeys(center(1), anything)), max_size=3),
)
def test_no_row_of_any_shape_is_lost(providers: list[Any], centers: list[Any]) -> None:
    raw = json.dumps({"results": providers}).encode()
    assert count(nppes.parse(raw, ParseContext("f", locate=lambda *_: (1, 2)))).rows_in == len(providers)
    raw = json.dumps({"OneStopCenterList": centers}).encode()
    assert count(job_centers.parse(raw, ParseContext("f"))).rows_in == len(centers)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.lists(st.text('0129.-,;"\n abé', max_size=6), min_size=15, max_size=15), max_size=4))
def test_no_line_of_a_catalogue_is_lost(cells: list[list[str]]) -> None:
    header = (
        "mdb_source_id,provider,name,status,subdivision,municipality,min_lat,max_lat,min_lon,max_lon,direct_download"
    )
    written = io.StringIO()
    csv.writer(written).writerows([f"{header},auth,latest,license,redirect".split(","), *cells])
    parsed = mobility_database.parse(written.getvalue().encode(), ParseContext("f", bounds=HERE))
    assert count(parsed).rows_in <= len(cells)


def test_a_circle_holds_its_box() -> None:
    lat, lon, meters = paging.circle(HERE)
    assert (lat, lon) == (39.05, -84.5)
    assert meters == pytest.approx(24_020, rel=0.01)  # half the diagonal of 34.6 km by 33.4 km
    assert paging.circle(Bounds(-84.5, 39.05, -84.5, 39.05))[2] == 0


@pytest.mark.parametrize("name", ["bmlt", "findtreatment", "job_centers"])
def test_what_is_fetched_for_a_place_needs_one(name: str) -> None:
    source = source_called(name)
    assert source
    assert source.fetch
    with pytest.raises(InputError, match="--for"):
        source.fetch(FetchContext(POLICY, "http://127.0.0.1:9", None, keys=KEYS, postal_codes=("41011",)))


@pytest.mark.parametrize("codes", [(), ("4101",), ("41011", "../x"), ("４１０１１",)])
def test_zip_codes_are_five_digits(codes: tuple[str, ...]) -> None:
    with pytest.raises(InputError, match="--zip"):
        nppes.fetch(ask("http://127.0.0.1:9", postal_codes=codes))
