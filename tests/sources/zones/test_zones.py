"""Zones: nobody and no job is lost or counted twice, and GEOIDs stay text."""

import gzip
import io
import json
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from geo.errors import SourceError
from geo.tables import WORKER_RACES, ZONES, validate
from sources.adapter.source import ParseContext
from sources.cleaning.bounds import Bounds
from sources.cleaning.report import Parsed, count
from sources.region.inputs import RegionInputs, input_files, read_input
from sources.zones import blocks, grid, lodes
from sources.zones.combine import Zones, combine

WAC = b"w_geocode,C000,CE01,CE02,CE03," + b",".join(b"CNS%02d" % n for n in range(1, 21)) + b"\n"


def wac(*rows: tuple[str, int]) -> bytes:
    return WAC + b"".join(f"{g},{n},{n},0,0,{n}{',0' * 19}\n".encode() for g, n in rows)


def square(geoid: str, west: float, **properties: object) -> dict[str, object]:
    ring = [[west, 40.0], [west + 0.1, 40.0], [west + 0.1, 40.1], [west, 40.1], [west, 40.0]]
    return {
        "type": "Feature",
        "properties": {"GEOID20": geoid, **properties},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def outlines(*features: dict[str, object]) -> Parsed:
    raw = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    return blocks.parse(raw, ParseContext("blocks.geojson", source="blocks"))


def together(bounds: Bounds | None = None, **parts: Parsed) -> Zones:
    both = combine(list(parts), list(parts.values()), bounds)
    for part in both.parts:
        count(part)
    validate(both.zones, ZONES)
    return both


def test_lodes_joins_outlines_and_fills_what_it_leaves_out_with_zero() -> None:
    shapes = outlines(square("010010001001000", -84.5, POP20=7), square("010010001001001", -84.4, POP20=5))
    jobs = lodes.parse(wac(("10010001001000", 12)), ParseContext("wac.csv", source="wac"))
    both = together(blocks=shapes, wac=jobs)
    assert both.zones["zone_id"].tolist() == ["010010001001000", "010010001001001"]
    assert both.zones["jobs"].tolist() == [12, 0]
    assert both.zones["population"].tolist() == [7, 5]
    assert both.zones["workers"].isna().all()
    assert both.parts[1].set_aside["code"].tolist() == ["leading_zero"]
    assert both.outlines["zone_id"].tolist() == both.zones["zone_id"].tolist()


def test_lodes_stands_on_the_crosswalk_where_there_is_no_outline() -> None:
    jobs = lodes.parse(wac(("110010001001000", 3), ("110010001001001", 4)), ParseContext("wac.csv"))
    table = b"tabblk2020,blklatdd,blklondd\n110010001001000,38.9,-77.0\n"
    places = lodes.parse(gzip.compress(table), ParseContext("xwalk.csv.gz"))
    both = together(wac=jobs, xwalk=places)
    assert both.zones[["lon", "lat", "jobs"]].to_numpy().tolist() == [[-77.0, 38.9, 3]]
    assert both.parts[0].set_aside["code"].tolist() == ["unknown_block"]


def test_population_is_counted_once_by_the_file_given_first() -> None:
    shapes = outlines(square("010010001001000", -84.5, POP20=7, workers=3))
    points = grid.parse(b"lon,lat,people\n-84.45,40.05,9\n", ParseContext("grid.csv"))
    first = together(grid=points, blocks=shapes)
    assert (first.zones["population"].sum(), first.zones["workers"].sum()) == (9, 3)
    second = together(blocks=shapes, grid=points)
    assert second.zones["population"].sum() == 7
    assert second.parts[1].set_aside["code"].tolist() == ["counted_already"]


def test_what_lies_outside_is_set_aside_after_joining() -> None:
    shapes = outlines(square("110010001001000", -84.5), square("110010001001001", -70))
    jobs = lodes.parse(wac(("110010001001000", 3), ("110010001001001", 4)), ParseContext("wac.csv"))
    both = together(Bounds(-85, 39, -84, 41), blocks=shapes, wac=jobs)
    assert both.zones["jobs"].tolist() == [3]
    assert [part.set_aside["code"].tolist() for part in both.parts] == [["outside_region"], ["outside_region"]]


def test_census_codes_for_no_data_are_not_people() -> None:
    raw = b"id,lon,lat,population\na,-84,39,-666666666\nb,-84.1,39,n/a\nc,-84.2,39,\nd,0,0,5\na,-84,39,4\n"
    cells = grid.parse(raw, ParseContext("grid.csv"))
    assert cells.tables["zones"]["population"].isna().tolist() == [True, True, True]
    counts = count(cells)
    assert (counts.kept, counts.repaired, counts.set_aside) == (1, 2, 2)


@pytest.mark.parametrize(
    ("reader", "raw"),
    [
        (grid, b"lon,lat\n1,2\n"),
        (grid, b""),
        (blocks, b"not outlines"),
        (blocks, b"PK\x03\x04garbage"),
        (blocks, b'{"type":"FeatureCollection","features":[]}'),
        (blocks, b"SQLite format 3\0garbage"),
        (lodes, b"a,b\n1,2\n"),
        (lodes, b"w_geocode,C000\n1,2\n"),
        (lodes, gzip.compress(WAC, mtime=0)[:-9]),
        (lodes, b"\x1f\x8bgarbage"),
    ],
)
def test_not_zones(reader: object, raw: bytes) -> None:
    with pytest.raises(SourceError, match="the file"):
        reader.parse(raw, ParseContext())  # type: ignore[attr-defined]


def test_bombs_are_not_opened() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.shp", bytes(60_000_000))
    with pytest.raises(SourceError, match="unpack"):
        blocks.parse(packed.getvalue(), ParseContext("bomb.zip"))
    with pytest.raises(SourceError, match="unpack"):
        lodes.parse(gzip.compress(WAC + bytes(60_000_000)), ParseContext("bomb.csv.gz"))


def test_washington(shared: Path) -> None:
    folder = shared / "regions" / "dc"
    paths = (folder / "tiger", folder / "DC_2021_wac.csv.gz", folder / "DC_2021_rac.csv.gz")
    files = [
        f for f in input_files(RegionInputs(osm=folder / "dc_nw_arlington.osm.pbf", zones=paths)) if f.role == "zones"
    ]
    assert [file.source for file in files] == ["blocks", "lodes", "lodes"]
    shapes = blocks.parse(read_input(files[0]), ParseContext("tiger.zip"))
    jobs, workers = (lodes.parse(file.path.read_bytes(), ParseContext(file.path.name)) for file in files[1:])
    both = together(blocks=shapes, wac=jobs, rac=workers)
    assert len(both.zones) == len(both.outlines) == 6012
    assert both.zones["zone_id"].str.fullmatch(r"11\d{13}").all()
    assert (both.zones["jobs"].sum(), int((both.zones["jobs"] > 0).sum())) == (624_377, 3860)
    assert both.zones[[f"jobs_cns{n:02d}" for n in range(1, 21)]].sum().sum() == 624_377
    assert all(part.set_aside.empty for part in both.parts)


def test_northern_kentucky_and_porto_alegre(shared: Path) -> None:
    regions = shared / "regions"
    people = grid.parse((regions / "nky" / "people_grid.csv").read_bytes(), ParseContext("people_grid.csv"))
    expected = pd.read_csv(regions / "nky" / "people_grid.csv")["people"].sum()
    assert people.tables["zones"]["population"].sum() == expected
    hexagons = grid.parse((regions / "poa" / "poa_hexgrid.csv").read_bytes(), ParseContext("poa_hexgrid.csv"))
    assert hexagons.tables["zones"]["zone_id"].str.startswith("89a90").all()
    assert hexagons.tables["zones"]["jobs"].sum() > 100_000


def test_who_lives_where_comes_with_workers_and_with_outlines(shared: Path) -> None:
    raw = (shared / "regions/dc/DC_2021_rac.csv.gz").read_bytes()
    workers = lodes.parse(raw, ParseContext("DC_2021_rac.csv.gz")).tables["workers"]
    by_wage = workers[[f"workers_{wage}_wage" for wage in ("low", "mid", "high")]].sum(axis=1)
    by_race = workers[[f"workers_{race}" for race in WORKER_RACES if race != "hispanic"]].sum(axis=1)
    assert (by_wage == workers["workers"]).all()
    assert (by_race == workers["workers"]).all()
    drawn = outlines(square("010010001001000", -84.5, POP20=7, B19013_001E=-666666666, EP_NOVEH=12.5, P1_003N=6))
    zones = together(blocks=drawn).zones
    assert zones[["no_car_percent", "people_white"]].to_numpy().tolist() == [[12.5, 6]]
    assert zones["income_usd"].isna().all()


def test_blocks_of_two_counties_in_two_files_all_count() -> None:
    west = outlines(square("010010001001000", -84.5, POP20=7), square("010010001001001", -84.4, POP20=0))
    east = outlines(square("010030001001000", -84.3, POP20=5))
    both = together(west=west, east=east)
    assert both.zones["population"].tolist() == [7, 0, 5]
    assert both.outlines["zone_id"].tolist() == both.zones["zone_id"].tolist()
    again = together(west=west, east=east, once_more=west)  # the same blocks given twice
    assert again.zones["population"].sum() == 12
    points = grid.parse(b"lon,lat,people\n-84.25,40.05,9\n", ParseContext("grid.csv"))
    mixed = together(west=west, grid=points, east=east)
    assert mixed.zones["population"].sum() == 12
    assert mixed.parts[1].set_aside["code"].tolist() == ["counted_already"]


def test_gzip_files_that_follow_one_another_are_read_to_the_end() -> None:
    first, second = wac(("210371000001000", 12)), b"210371000001001,5,5,0,0,5" + b",0" * 19 + b"\n"
    packed = gzip.compress(first) + gzip.compress(second)
    jobs = lodes.parse(packed, ParseContext("wac.csv.gz", source="wac")).tables["jobs"]
    assert jobs["jobs"].tolist() == [12, 5]
    with pytest.raises(SourceError, match="cut off"):
        lodes.parse(packed[:-6], ParseContext("wac.csv.gz"))


def test_a_number_that_is_none_is_said_to_be_that() -> None:
    raw = b'lon,lat,population\n-84.5,39.0,"1,234"\n-84.4,39.0,-666666666\n-84.3,39.0,7\n'
    notes = grid.parse(raw, ParseContext("grid.csv")).set_aside
    assert notes["code"].tolist() == ["no_data_value", "unclear_value"]
    assert "'1,234'" in notes["reason"].iloc[1]
