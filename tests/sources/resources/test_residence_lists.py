"""MASH and Oxford House: invented records in the documented shapes, since no recorded bytes are at hand."""

import json
from pathlib import Path
from typing import Any

import pytest

from geo.errors import InputError, SourceError
from geo.tables import RESOURCES, validate
from sources.adapter.source import FetchContext, ParseContext
from sources.cleaning.report import Notes, Parsed, count
from sources.formats.html_tables import read_page_tables
from sources.registry import recognize
from sources.resources import mash, oxford_house
from sources.resources.houses import genders_served
from sources.web.http import Policy
from tests.sources.replay import Replay, Reply, json_reply

POLICY = Policy(connect_seconds=1, read_seconds=1, deadline_seconds=10, retries=0, loopback=True)
KNOWN = {("12 Invented Street", "Lowtown", "01999"): (-71.1, 42.3)}

HOME: dict[str, Any] = {
    "Name": "Lark House",
    "Address1": "12 Invented Street",
    "Address2": "Unit 2",
    "CityName": "Lowtown",
    "Zip": "01999",
    "Region": "Southeast",
    "Home_ServesType": "Male",
    "OtherLanguages": "Spanish, Elvish",
    "Capacity": "14",
    "HandicapAccessible": False,
    "WebsiteAddress": "www.lark.example.org",
    "WeeklyFee": "$175.00",
    "MonthlyFee": None,
    "CertDate": "2026-02-03T00:00:00",
    "RenewDate": "2027-02-03T00:00:00",
    "PublicContacts": [{"Name": "Ann Example", "Phone": "617-555-0100", "Email": "ann@example.org"}],
}


@pytest.fixture(autouse=True)
def online(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RECOVERY_REACH_OFFLINE", raising=False)


def locate(street: str, town: str, code: str) -> tuple[float, float] | None:
    return KNOWN.get((street, town, code))


def homes(*rows: Any) -> Parsed:
    parsed = mash.parse(json.dumps(rows).encode(), ParseContext("mash.json", locate=locate))
    validate(parsed.tables["resources"], RESOURCES)
    count(parsed)
    return parsed


def test_a_certified_home_is_read_without_its_contact_person() -> None:
    row = homes(HOME).tables["resources"].iloc[0]
    assert (row["name"], row["category"], row["genders"], row["beds"]) == (
        "Lark House",
        "recovery_residence",
        "men",
        14,
    )
    assert (row["lon"], row["lat"], row["location_precision"]) == (-71.1, 42.3, "street")
    assert (row["weekly_rent_usd"], row["certified"], row["verified_on"]) == (175.0, True, "2026-02-03")
    assert (row["languages"], row["wheelchair"]) == ("es", False)
    assert row["address"] == "12 Invented Street, Unit 2, Lowtown, MA, 01999"
    assert "Ann" not in row.to_string()
    assert "0100" not in row.to_string()


def test_a_monthly_rent_becomes_weeks_and_is_noted() -> None:
    parsed = homes(HOME | {"WeeklyFee": "", "MonthlyFee": 780})
    assert parsed.tables["resources"]["weekly_rent_usd"].tolist() == [180.0]
    assert parsed.set_aside["code"].tolist()[0] == "rent_by_the_week"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"Name": ""}, "no_name"),
        ({"Address1": " "}, "no_address"),
        ({"Address1": "Address not disclosed"}, "confidential"),
        ({"Zip": "02111"}, "not_located"),
    ],
)
def test_what_mash_lists_without_use_is_set_aside(fields: dict[str, Any], code: str) -> None:
    parsed = homes(HOME | fields, 7)
    assert parsed.set_aside.loc[parsed.set_aside["outcome"] == "set_aside", "code"].tolist() == [code, "not_an_object"]


def test_mash_is_fetched_without_persons(replay: Replay) -> None:
    replay.on("/api/GetCertifiedHomes", json_reply(json.dumps([HOME, HOME | {"Name": "Wren House"}])))
    documents = mash.fetch(FetchContext(POLICY, f"{replay.address}/api/GetCertifiedHomes"))
    content = documents["mash.json"].content
    assert not [word for word in (b"Ann", b"0100", b"@example") if word in content]
    assert len(json.loads(content)) == 2
    assert recognize(Path("saved.json"), "resources", content).name == "mash"


@pytest.mark.parametrize("raw", [b"{}", b'[{"Name": "x"}]', b'"x"'])
def test_what_is_not_mashs_list_is_told(raw: bytes) -> None:
    with pytest.raises(SourceError, match="Home_ServesType"):
        mash.parse(raw, ParseContext("x.json"))


PAGE = """<!doctype html><html><body><table><tr><td>menu<td>links</table>
<table><tr><th>House Name</th><th>M/W</th><th>Address<th>City</th><th>State</th><th>Zip</th><th>House Phone</th>
<th>Manager</th><th>Manager Phone</th><th>Capacity</th><th>Vacancies</th><th>Last Updated</th></tr>
<tr><td>Lark&nbsp;<b>Lane</b><script>alert(1)</script></td><td>MC</td><td>12 Invented Street</td><td>Lowtown</td>
<td>MA</td><td>01999</td><td>(617) 555-0111</td><td>Ann Example</td><td>(617) 555-0100</td><td>8</td><td>9</td>
<td>11/20/2026</td></tr>
<tr><td>Far</td><td>X</td><td>1 Elsewhere Road</td><td>Hightown</td><td>MA</td><td>01998</td></tr>
<tr><td>Near</td><td>W</td><td></td><td>Lowtown</td><td>MA</td></tr>
</table></body></html>"""


def houses(raw: str | bytes, name: str = "oxford.html") -> Parsed:
    content = raw.encode() if isinstance(raw, str) else raw
    parsed = oxford_house.parse(content, ParseContext(name, locate=locate))
    validate(parsed.tables["resources"], RESOURCES)
    count(parsed)
    return parsed


def test_a_saved_page_is_read_without_managers() -> None:
    parsed = houses(PAGE)
    assert parsed.rows_in == 3
    row = parsed.tables["resources"].iloc[0]
    assert (row["name"], row["genders"], row["children"]) == ("Oxford House Lark Lane", "men", True)
    assert (row["beds"], row["open_beds"], row["verified_on"], row["certified"]) == (8, 8, "2026-11-20", True)
    assert (row["phone"], row["lon"]) == ("(617) 555-0111", -71.1)
    assert "Ann" not in row.to_string()
    assert parsed.set_aside["code"].tolist() == ["open_beds", "not_located", "no_address"]
    assert recognize(Path("oxford_vacancies.html"), "resources", PAGE.encode()).name == "oxford_house"


def test_the_table_is_fetched_only_with_the_operators_consent(replay: Replay) -> None:
    replay.on("/vacancies", Reply(PAGE.encode(), headers=(("Content-Type", "text/html"),)))
    with pytest.raises(InputError, match="--operator-consents"):
        oxford_house.fetch(FetchContext(POLICY, f"{replay.address}/vacancies"))
    assert not replay.asked
    with pytest.raises(InputError, match="--url"):
        oxford_house.fetch(FetchContext(POLICY, operator_consents=True))
    documents = oxford_house.fetch(FetchContext(POLICY, f"{replay.address}/vacancies", operator_consents=True))
    content = documents["oxford_house.csv"].content
    assert not [word for word in (b"Ann", b"0100", b"alert") if word in content]
    assert houses(content, "oxford_house.csv").tables["resources"].equals(houses(PAGE).tables["resources"])


@pytest.mark.parametrize("raw", [b"<html></html>", b"name,city\na,b\n", b"<table><tr><td>Name</table>"])
def test_what_holds_no_such_table_is_told(raw: bytes) -> None:
    with pytest.raises(SourceError, match=r"headings|CSV"):
        houses(raw)


def test_tables_of_pages_that_nobody_checked() -> None:
    nested = b"<table><tr><td>a<table><tr><td>b</td></tr></table>c</td></tr></table>"
    assert read_page_tables(nested, "x") == [[["ac"]], [["b"]]]
    assert read_page_tables(b"<table><tr><td>AT&T", "x") == [
        [["AT&T"]]
    ]  # cut off behind a sign that could begin a letter
    assert read_page_tables(b"<td>lost</td></table></tr>\xff\0<table><td>caf\xe9", "x") == [[["café"]]]
    assert read_page_tables(b"<table>" * 3000, "x") == [[]] * 3000


@pytest.mark.parametrize(
    ("words", "served"),
    [
        ("Males", "men"), ("Women with children", "women"), ("Men & Women", "all"), ("all men", "men"),
        ("Co-ed", "all"), ("Men’s", "men"), ("W", "women"), ("women only, no men", None), ("people", None), ("", None),
    ],
)  # fmt: skip
def test_whom_a_house_serves(words: str, served: str | None) -> None:
    notes = Notes("list")
    assert genders_served(words, notes) == served
    assert bool(notes.unknown_codes) == (served is None and words != "")


def test_houses_saved_as_a_table_are_placed_by_both_coordinates_or_by_their_address() -> None:
    rows = ["A,12 Invented Street,Lowtown,MA,01999,42.5,", "B,12 Invented Street,Lowtown,MA,01999,42.5,-71.5"]
    parsed = houses('"name",address,city,state,zip,lat,lon\n' + "\n".join(rows), "oxford.csv")
    resources = parsed.tables["resources"].sort_values("name")
    assert resources["name"].tolist() == ["Oxford House A", "Oxford House B"]
    assert resources["lon"].tolist() == [-71.1, -71.5]
