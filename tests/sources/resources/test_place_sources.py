"""What is fetched for a place by its name: what is asked, what is refused, and that no row is lost."""

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import InputError, RecoveryReachError, SourceError
from geo.tables import ZONES, validate
from sources.adapter.source import FetchContext, ParseContext
from sources.cleaning.bounds import Bounds, sides_km, square_km, wider
from sources.cleaning.report import count
from sources.fetching import read_endpoints
from sources.networks import gtfs_feeds, osm, overpass
from sources.places.place_lookup import Lookup, NamedPlace, find_place, place_of_box
from sources.web.http import Fetched, Policy
from sources.zones import blocks, lodes, overdose, population, vulnerability
from sources.zones.combine import combine
from tests.sources.region.test_fetch_plan import anything
from tests.sources.replay import Asked, Replay, Reply, json_reply
from tests.sources.small_county import place, streets_xml, timetable
from tests.sources.zones.test_zones import outlines, square

POLICY = Policy(connect_seconds=1, read_seconds=2, deadline_seconds=10, retries=0, loopback=True)
HERE = Bounds(-84.7, 38.9, -84.3, 39.2)


@pytest.fixture(autouse=True)
def online(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RECOVERY_REACH_OFFLINE", raising=False)


def ask(url: str, **more: Any) -> FetchContext:
    return FetchContext(POLICY, url, HERE, **more)


def test_overpass_is_asked_for_what_our_readers_read(replay: Replay, tmp_path: Path) -> None:
    turn = b'<relation id="7"><member type="way" ref="9000000001" role="from"/><tag k="type" v="restriction"/>'
    turn += b'<tag k="restriction" v="no_left_turn"/></relation></osm>'
    meta = b'<note>ODbL</note><meta osm_base="2026-11-26T05:00:00Z"/>\n'
    head, rest = streets_xml().split(b">\n", 2)[0], b">\n".join(streets_xml().split(b">\n", 2)[1:])
    url = replay.on("/api", Reply(head + b">\n" + rest.replace(b">", b">" + meta, 1).replace(b"</osm>", turn)))
    documents = overpass.fetch(ask(url))
    (document,) = documents.values()
    assert b"osm_base" not in document.content  # or no two answers would be alike
    question = replay.asked[0].query["data"]
    assert "[bbox:38.891007,-84.7115" in question
    assert "out body" in question
    assert "meta" not in question  # it would bring the names of mappers
    path = tmp_path / "o.osm"
    path.write_bytes(document.content)
    elements = osm.read_streets(path)
    assert 200 < len(elements.ways) == overpass.tally(document.content, "x")
    assert elements.restrictions["relation"].tolist() == [7]


def test_overpass_is_not_asked_for_a_state() -> None:
    with pytest.raises(InputError, match=r"km².*--osm"):
        overpass.fetch(FetchContext(POLICY, "http://127.0.0.1:9", Bounds(-89.6, 36.5, -82.0, 39.1)))
    with pytest.raises(InputError, match="--for"):
        overpass.fetch(FetchContext(POLICY, "http://127.0.0.1:9"))


def test_a_timetable_comes_from_the_first_address_that_has_one(replay: Replay) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("x.txt", "x")
    replay.on("/page", Reply(b"<html>moved</html>"))
    replay.on("/json", json_reply("{}"))
    replay.on("/copy.zip", Reply(packed.getvalue()))
    addresses = tuple(replay.address + path for path in ("/gone", "/page", "/json", "/copy.zip"))
    (fetched,) = gtfs_feeds.fetch(ask("", addresses=addresses)).values()
    assert fetched.content == packed.getvalue()
    with pytest.raises(SourceError, match="404"):
        gtfs_feeds.fetch(ask("", addresses=addresses[:3]))
    with pytest.raises(InputError, match="--url"):
        gtfs_feeds.fetch(ask(""))
    with zipfile.ZipFile(io.BytesIO(timetable())) as archive:
        trips = archive.read("trips.txt").count(b"\n") - 1
    assert gtfs_feeds.tally(timetable(), "the demo's") >= trips > 500  # by frequency some run again
    with pytest.raises(SourceError, match="the demo's ended on 20"):
        gtfs_feeds.tally(timetable(-2), "the demo's")
    with pytest.raises(SourceError):
        gtfs_feeds.tally(packed.getvalue(), "a zip")


def test_lodes_of_a_state_that_is_years_behind(replay: Replay) -> None:
    wac = Reply(b"w_geocode,C000\n", headers=(("ETag", '"1"'),))
    for kind in ("wac", "rac"):
        replay.on(f"/ak/{kind}/ak_{kind}_S000_JT00_2016.csv.gz", wac)
    replay.on("/ak/ak_xwalk.csv.gz", wac)
    documents = lodes.fetch(ask(replay.address, state="ak"))
    assert sorted(documents) == ["ak_rac_S000_JT00_2016.csv.gz", "ak_wac_S000_JT00_2016.csv.gz", "ak_xwalk.csv.gz"]
    with pytest.raises(SourceError, match="404"):
        lodes.fetch(ask(replay.address, state="ak", year=2020))


def test_blocks_are_fetched_by_county(replay: Replay) -> None:
    replay.on("/21_KENTUCKY/21117/tl_2020_21117_tabblock20.zip", Reply(b"PK"))
    replay.on("/37_NORTH_CAROLINA/37135/tl_2020_37135_tabblock20.zip", Reply(b"PK"))
    fetched = blocks.fetch(ask(replay.address, counties=("21117", "37135")))
    assert list(fetched) == ["tl_2020_21117_tabblock20.zip", "tl_2020_37135_tabblock20.zip"]
    for counties in ((), ("2111",), ("99001",), ("../21",), ("21117", "")):
        with pytest.raises(InputError, match="--county"):
            blocks.fetch(ask(replay.address, counties=counties))


def test_residents_of_a_county_are_read_to_the_last_page(replay: Replay) -> None:
    path = "/Census2020/Tracts_Blocks/MapServer/2/query"
    first, last = {"GEOID": "211170603001000", "POP100": 7}, {"GEOID": "211170603001001", "POP100": None}
    pages = [{"features": [{"attributes": first}], "exceededTransferLimit": True}, {"features": [{"attributes": last}]}]
    replay.on(path, *(json_reply(json.dumps(page)) for page in pages))
    (fetched,) = population.fetch(ask(replay.address, counties=("21117",))).values()
    assert [one.query["resultOffset"] for one in replay.asked] == ["0", "1"]
    assert replay.asked[0].query["where"] == "STATE='21' AND COUNTY='117'"
    parsed = population.parse(fetched.content, ParseContext("p.json"))
    assert parsed.tables["population"]["zone_id"].tolist() == ["211170603001000", "211170603001001"]
    assert parsed.tables["population"]["population"].isna().tolist() == [False, True]
    for answer in ('{"error": {"code": 400}}', '{"features": [{"attributes": {"GEOID": "41011", "NAME": "x"}}]}'):
        replay.on(path, json_reply(answer))
        with pytest.raises(SourceError, match="its form may have changed"):
            population.fetch(ask(replay.address, counties=("21117",)))
    with pytest.raises(InputError, match="--county"):
        population.fetch(ask(replay.address))


def test_residents_join_outlines_and_codes_for_no_data_stay_empty() -> None:
    shapes = outlines(square("010010001001000", -84.5), square("010010001001001", -84.4))
    header = ["P1_001N", "state", "county", "tract", "block"]
    rows = [
        header, ["12", "01", "001", "000100", "1000"], ["-666666666", "01", "001", "000100", "1001"],
        ["5", "01", "001", "000100", "1009"], ["5", "01", "001", "000100", "1000"], ["9", "01"], "x",
    ]  # fmt: skip
    people = population.parse(json.dumps(rows).encode(), ParseContext("p.json", source="population"))
    both = combine(["blocks", "population"], [shapes, people], None)
    for part in both.parts:
        count(part)
    validate(both.zones, ZONES)
    assert both.zones["population"].tolist()[0] == 12
    assert both.zones["population"].isna().tolist() == [False, True]
    codes = sorted(both.parts[1].set_aside["code"])
    assert codes == ["bad_row", "bad_row", "duplicate", "no_data_value", "unknown_block"]
    own = outlines(square("010010001001000", -84.5, POP20=3), square("010010001001001", -84.4, POP20=4))
    kept = combine(["blocks", "population"], [own, people], None)
    assert kept.zones["population"].tolist() == [3, 4]
    assert "counted_already" in set(kept.parts[1].set_aside["code"])
    count(kept.parts[1])


def test_hardship_of_a_tract_holds_for_its_blocks() -> None:
    shapes = outlines(square("010010001001000", -84.5), square("010010002001001", -84.4))
    raw = b"FIPS,RPL_THEMES,EP_UNINSUR,EP_NOVEH\n1001000100,0.75,-999,8.5\n01001000900,0.1,1,2\nx,1,1,1\n"
    index = vulnerability.parse(raw, ParseContext("Alabama.csv", source="svi"))
    both = combine(["blocks", "svi"], [shapes, index], None)
    validate(both.zones, ZONES)
    assert both.zones["vulnerability"].tolist()[0] == 0.75
    assert both.zones["no_car_percent"].isna().tolist() == [False, True]
    assert both.zones["uninsured_percent"].isna().all()
    counts = count(both.parts[1])
    assert (counts.kept, counts.repaired, counts.set_aside) == (0, 1, 2)
    for raw in (b"FIPS,RPL_THEMES\n1,2\n", b"", b"<html>"):
        with pytest.raises(SourceError):
            vulnerability.parse(raw, ParseContext("x.csv"))
    for state in (None, "xx", "kentucky"):
        with pytest.raises(InputError, match="--state"):
            vulnerability.fetch(ask("http://127.0.0.1:9", state=state))


def test_overdose_deaths_of_a_county_hold_for_its_blocks(replay: Replay) -> None:
    shapes = outlines(square("010010001001000", -84.5), square("020010002001001", -84.4))
    rows = [
        {"fips": "1001", "monthendingdate": "2025-11-30T00:00:00.000", "provisional_drug_overdose": "20"},
        {"fips": "1001", "monthendingdate": "2025-12-31T00:00:00.000", "provisional_drug_overdose": "31"},
        {"fips": "2001", "monthendingdate": "2025-12-31T00:00:00.000", "footnote": "Numbers under ten"},
        {"fips": "3001", "monthendingdate": "2025-12-31T00:00:00.000", "provisional_drug_overdose": "7"},
        {"fips": "x"},
        None,
    ]
    url = replay.on("/deaths", json_reply(json.dumps(rows)))
    (fetched,) = overdose.fetch(ask(url, counties=("01001", "02001"))).values()
    assert replay.asked[0].query["$where"] == "fips in ('01001','1001','02001','2001')"
    deaths = overdose.parse(fetched.content, ParseContext("d.json", source="overdose"))
    both = combine(["blocks", "overdose"], [shapes, deaths], None)
    validate(both.zones, ZONES)
    assert both.zones["county_overdose_deaths"].tolist()[0] == 31
    assert both.zones["county_overdose_deaths"].isna().tolist() == [False, True]
    codes = sorted(both.parts[1].set_aside["code"])
    assert codes == ["bad_row", "not_an_object", "older", "outside_region", "suppressed"]
    assert count(both.parts[1]).rows_in == 6
    with pytest.raises(SourceError):
        overdose.fetch(ask(replay.on("/deaths", json_reply('{"error": true}')), counties=("01001",)))
    for counties in ((), ("1001",), ("01001'",)):
        with pytest.raises(InputError, match="--county"):
            overdose.fetch(ask(url, counties=counties))


def test_the_index_is_found_under_its_states_name(replay: Replay) -> None:
    replay.on("/NewYork.csv", Reply(b"FIPS,RPL_THEMES,EP_UNINSUR,EP_NOVEH\n36001000100,0.5,1,2\n"))
    assert list(vulnerability.fetch(ask(replay.address, state="ny"))) == ["NewYork.csv"]


def test_a_place_and_its_counties(replay: Replay, tmp_path: Path) -> None:
    lookup = looking(replay, tmp_path)
    kenton = place("Kenton County", "Kentucky, United States", (-84.63, 38.79, -84.44, 39.1))
    replay.on("/n", json_reply(json.dumps([kenton])))
    counties = {"21117": "Kenton County", "39061": "Hamilton County", "96001": "of no state"}
    replay.on("/t/Census2020/State_County/MapServer/1/query", areas(counties))
    replay.on("/t/Census2020/PUMA_TAD_TAZ_UGA_ZCTA/MapServer/2/query", areas({"41011": "ZCTA5 41011"}))
    county = find_place("  Kenton   County, Kentucky ", lookup)
    assert (county.title, county.kind, county.country) == ("Kenton County, Kentucky", "county", "us")
    assert [one.fips for one in county.counties] == ["21117", "39061"]
    assert county.states == ("ky", "oh")
    assert county.postal_codes == ("41011",)
    assert county.time_zone == "America/New_York"
    assert replay.asked[0].query["q"] == "Kenton County, Kentucky"
    assert replay.asked[1].query["geometry"] == "-84.630000,38.790000,-84.440000,39.100000"
    json.dumps(county.as_dict(), allow_nan=False)
    other = looking(replay, tmp_path / "other")
    replay.on("/t/Census2020/PUMA_TAD_TAZ_UGA_ZCTA/MapServer/2/query", Reply(status=503))
    partly = find_place("Kenton County, Kentucky", other)
    assert (partly.counties, partly.postal_codes, len(partly.notes)) == (county.counties, (), 1)
    replay.on("/n", Reply(status=503))  # the earlier answers hold
    replay.on("/t/Census2020/State_County/MapServer/1/query", Reply(status=503))
    again = find_place("kenton county, kentucky", lookup)
    assert replace(again, notes=()) == county
    assert len(again.notes) == 3
    assert "503" in again.notes[0]


def looking(replay: Replay, folder: Path) -> Lookup:
    return Lookup(POLICY, folder, {"nominatim": replay.address + "/n", "tigerweb": replay.address + "/t"})


def areas(rows: dict[str, str]) -> Reply:
    features = [{"attributes": {"GEOID": geoid, "NAME": name}} for geoid, name in rows.items()]
    return json_reply(json.dumps({"features": features}))


@pytest.mark.parametrize(
    "answer",
    ["{}", "[{}]", '[{"category": "place", "type": "city"}]', '["x", 1, null]', "[]", '[{"boundingbox": "1,2"}]'],
)
def test_an_answer_without_a_place_names_none(replay: Replay, tmp_path: Path, answer: str) -> None:
    replay.on("/n", json_reply(answer))
    with pytest.raises(RecoveryReachError, match=r"No place is known|list of places"):
        find_place("Somewhere", looking(replay, tmp_path))


def test_too_many_areas_are_not_taken_for_all(replay: Replay, tmp_path: Path) -> None:
    replay.on(
        "/t/Census2020/State_County/MapServer/1/query", json_reply('{"features": [], "exceededTransferLimit": true}')
    )
    place = place_of_box(HERE, "a box", looking(replay, tmp_path))
    assert (place.counties, place.is_american, len(place.notes)) == ((), True, 1)
    replay.on("/t/Census2020/State_County/MapServer/1/query", areas({"21": "Kentucky"}))  # another layer's
    assert len(place_of_box(HERE, "a box", looking(replay, tmp_path)).notes) == 1
    replay.on("/t/Census2020/State_County/MapServer/1/query", json_reply('{"features": []}'))
    place = place_of_box(HERE, "a box", looking(replay, tmp_path))
    assert (place.counties, place.is_american, place.notes) == ((), False, ())


@settings(deadline=None, max_examples=60)
@given(st.lists(anything | st.dictionaries(st.sampled_from(list(place("A", "B", (0, 0, 1, 1)))), anything), max_size=4))
def test_answers_of_any_shape_end_in_a_place_or_a_sentence(documents: list[Any]) -> None:
    from sources.places import place_lookup

    try:
        chosen = place_lookup._chosen(place_lookup._candidates(documents), "A")
    except RecoveryReachError:
        return
    assert isinstance(place_lookup._title(chosen), str)
    assert isinstance(NamedPlace("", place_lookup._bounds_of(chosen)).as_dict(), dict)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.lists(anything, max_size=6) | anything, max_size=5))
def test_no_row_of_residents_is_lost(rows: list[Any]) -> None:
    header = ["P1_001N", "state", "county", "tract", "block"]
    parsed = population.parse(json.dumps([header, *rows]).encode(), ParseContext("p.json"))
    assert count(parsed).rows_in == len(rows)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        anything
        | st.fixed_dictionaries(
            {"fips": st.sampled_from(["1001", "01001", "2001", "x"]), "monthendingdate": anything},
            optional={"provisional_drug_overdose": anything},
        ),
        max_size=5,
    )
)
def test_no_row_of_deaths_is_lost(rows: list[Any]) -> None:
    assert count(overdose.parse(json.dumps(rows).encode(), ParseContext("d.json"))).rows_in == len(rows)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.lists(st.text('0129.-,;"\n abé', max_size=12), min_size=4, max_size=4), max_size=4))
def test_no_row_of_the_index_is_lost(cells: list[list[str]]) -> None:
    import csv

    written = io.StringIO()
    csv.writer(written).writerows([["FIPS", "RPL_THEMES", "EP_UNINSUR", "EP_NOVEH"], *cells])
    rows = list(csv.reader(io.StringIO(written.getvalue())))[1:]
    kept = [row for row in rows if any(cell.strip() for cell in row)]
    if not kept:
        return
    parsed = vulnerability.parse(written.getvalue().encode(), ParseContext("v.csv"))
    assert count(parsed).rows_in == len(kept)


def test_boxes() -> None:
    wide, high = sides_km(Bounds(-84.5, 38.5, -83.5, 39.5))
    assert (wide, high) == (pytest.approx(86.4, abs=0.1), pytest.approx(111.2, abs=0.1))
    assert square_km(Bounds(-84.5, 38.5, -83.5, 39.5)) == pytest.approx(wide * high)
    grown = wider(Bounds(-84.5, 38.5, -83.5, 39.5), 1000)
    assert sides_km(grown) == (pytest.approx(wide + 2, abs=0.02), pytest.approx(high + 2, abs=0.001))


def test_servers_of_ones_own(tmp_path: Path) -> None:
    assert read_endpoints(tmp_path) == {}
    (tmp_path / "endpoints.toml").write_text('overpass = "https://overpass.example.org/api/interpreter"\n')
    assert read_endpoints(tmp_path) == {"overpass": "https://overpass.example.org/api/interpreter"}
    (tmp_path / "endpoints.toml").write_text('overpas = "https://overpass.example.org/"\n')
    with pytest.raises(InputError, match="'overpas', which is no source"):
        read_endpoints(tmp_path)
    (tmp_path / "endpoints.toml").write_text("no toml")
    with pytest.raises(InputError, match=r"endpoints\.toml"):
        read_endpoints(tmp_path)


def test_what_a_mirror_says_is_unchanged_is_unchanged(replay: Replay) -> None:
    seen: list[str | None] = []

    def answer(asked: Asked) -> Reply:
        seen.append(asked.headers.get("if-none-match"))
        return Reply(status=304)

    url = replay.on("/feed.zip", answer)
    have = {gtfs_feeds.FILE_NAME: Fetched(b"PK\x03\x04", "2026-11-01", url, '"5"', None)}
    (fetched,) = gtfs_feeds.fetch(ask("", addresses=(url,), have=have)).values()
    assert (fetched.unchanged, seen) == (True, ['"5"'])
