"""No reader of extracts, graphs, outlines, on-demand zones or workbooks takes time that grows faster than its file.

Others' libraries read the bytes of these; what they give is what we go through. Each file grows in one of its parts.
"""

import io
import json
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import geopandas as gpd
import numpy as np
import openpyxl
import osmium
import pytest
import shapely

from geo.errors import RecoveryReachError
from sources.cleaning.bounds import Bounds
from sources.formats.spreadsheets import sheet_as_csv
from sources.networks.gtfs import read_timetables
from sources.networks.osm import read_streets
from sources.networks.osm_features import read_features
from sources.places.area_files import read_named_areas
from sources.places.site_lists import read_areas
from tests.growth import MOST, growth
from tests.sources.networks.test_gtfs_flex import CALLS, FEED, packed

REGION = Bounds(-85.0, 38.0, -84.0, 39.0)
LON, LAT = -84.5, 38.5


def grown(work: Callable[[object], object], size: int, made: Callable[[int], object]) -> float:
    """Return how much longer work takes on four times the size, with all threads; a refusal is work too."""

    def held(what: object) -> None:
        with suppress(RecoveryReachError):
            work(what)

    return growth(held, size, made, time.process_time)


def node(number: int, **tags: str) -> osmium.osm.mutable.Node:
    place = (LON + number % 300 / 3000, LAT + number // 300 / 3000)
    return osmium.osm.mutable.Node(id=number + 1, version=1, location=place, tags=tags)


def way(number: int, nodes: list[int], **tags: str) -> osmium.osm.mutable.Way:
    return osmium.osm.mutable.Way(id=number + 1, version=1, nodes=[one + 1 for one in nodes], tags=tags)


def relation(number: int, members: list[tuple[str, int, str]], **tags: str) -> osmium.osm.mutable.Relation:
    members = [(kind, one + 1, role) for kind, one, role in members]
    return osmium.osm.mutable.Relation(id=number + 1, version=1, members=members, tags=tags)


def streets(size: int) -> list[object]:
    """Return a row of streets: of `size` corners, each two of which are joined."""
    return [
        *map(node, range(size)),
        *(way(number, [number, number + 1], highway="service") for number in range(size - 1)),
    ]


NO_TURN = {"type": "restriction", "restriction": "no_u_turn"}
EXTRACTS: dict[str, Callable[[int], list[object]]] = {
    "places": lambda size: [node(number, amenity="pharmacy", name=f"Quay {number}") for number in range(size)],
    "places of one name": lambda size: [node(number, amenity="pharmacy", name="Quay") for number in range(size)],
    "streets": streets,
    "a long street": lambda size: [*map(node, range(size)), way(0, list(range(size)), highway="service")],
    "a street that comes back to one corner": lambda size: [
        *map(node, range(size)),
        way(0, [one for number in range(size) for one in (0, number)], highway="service"),
    ],
    "many streets of one corner": lambda size: [
        *map(node, range(size)),
        *(way(number, [0, number], highway="service") for number in range(1, size)),
    ],
    "tags of one street": lambda size: [
        *map(node, range(2)),
        way(0, [0, 1], highway="service", **{f"key{number}": "x" for number in range(size)}),
    ],
    "buildings": lambda size: [
        *map(node, range(size)),
        *(way(n, [n, n + 1, n + 2, n], building="yes", **{"addr:housenumber": str(n)}) for n in range(0, size - 2, 3)),
    ],
    "a park of many pieces": lambda size: [
        *map(node, range(size)),
        *(way(number, [number, number + 1, number + 2, number]) for number in range(0, size - 2, 3)),
        relation(0, [("w", n, "outer") for n in range(0, size - 2, 3)], type="multipolygon", leisure="park"),
    ],
    "turns that are forbidden": lambda size: [
        *streets(size),
        *(
            relation(n, [("w", n, "from"), ("n", n + 1, "via"), ("w", n + 1, "to")], **NO_TURN) for n in range(size - 2)
        ),
    ],
    "turns at one corner": lambda size: [
        *streets(size),
        *(relation(n, [("w", 0, "from"), ("n", 1, "via"), ("w", 1, "to")], **NO_TURN) for n in range(size)),
    ],
}  # fmt: skip


@pytest.mark.parametrize("part", EXTRACTS)
def test_an_extract_takes_time_as_it_is_large(tmp_path: Path, part: str) -> None:
    def made(size: int) -> Path:
        path = tmp_path / f"{size}.osm.pbf"
        with osmium.SimpleWriter(str(path), overwrite=True) as writer:
            for one in EXTRACTS[part](size):
                writer.add(one)
        return path

    assert grown(read_streets, 800, made) < MOST
    assert grown(read_features, 800, made) < MOST


KEYS = "".join(
    f'<key id="{name}" for="{kind}" attr.name="{name}" attr.type="string"/>'
    for kind, names in {"graph": ["crs"], "node": ["x", "y"], "edge": ["osmid", "highway", "name", "geometry"]}.items()
    for name in names
)


def edge(start: int, end: int, **data: str) -> str:
    inside = "".join(f'<data key="{key}">{value}</data>' for key, value in {"highway": "service", **data}.items())
    return f'<edge source="{start}" target="{end}">{inside}</edge>'


GRAPHS: dict[str, Callable[[int], list[str]]] = {
    "streets": lambda size: [edge(n, n + d, osmid=str(n)) for n in range(1, size - 1) for d in (1, -1)],
    "streets of one number": lambda size: [edge(n, n + d, osmid="7") for n in range(1, size - 1) for d in (1, -1)],
    "streets between the same corners": lambda size: [
        edge(*ends, osmid=str(n)) for n in range(size) for ends in ((0, 1), (1, 0))
    ],
    "streets of one corner": lambda size: [edge(0, n, osmid=str(n)) for n in range(1, size)],
    "a long line": lambda size: [
        edge(0, 1, osmid="1", geometry=f"LINESTRING ({', '.join(f'{LON + n / 1e6} {LAT}' for n in range(4 * size))})")
    ],
    "many numbers of one street": lambda size: [edge(0, 1, osmid=str(list(range(4 * size))))],
    "many names of one street": lambda size: [edge(0, 1, osmid="1", name=str([f"Ash {n}" for n in range(4 * size)]))],
    "one long name": lambda size: [edge(0, 1, osmid="1", name="Ash &amp; " * 4 * size)],
}  # fmt: skip


@pytest.mark.parametrize("part", GRAPHS)
def test_a_graph_takes_time_as_it_is_large(tmp_path: Path, part: str) -> None:
    def made(size: int) -> Path:
        path = tmp_path / f"{size}.graphml"
        corners = "".join(
            f'<node id="{n}"><data key="x">{LON + n % 99 / 1e3}</data><data key="y">{LAT + n // 99 / 1e3}</data></node>'
            for n in range(size + 1)
        )
        inside = f'<data key="crs">epsg:4326</data>{corners}{"".join(GRAPHS[part](size))}'
        body = f'<graph edgedefault="directed">{inside}</graph>'
        path.write_text(f'<graphml xmlns="http://graphml.graphdrawing.org/xmlns">{KEYS}{body}</graphml>', "utf-8")
        return path

    read_streets(made(50))
    assert grown(read_streets, 600, made) < MOST


def squares(size: int) -> list[shapely.Geometry]:
    return [shapely.box(LON + n / 1e4, LAT, LON + (n + 1) / 1e4, LAT + 1e-3) for n in range(size)]


def frame(size: int, shapes: list[shapely.Geometry], name: str = "Ward {}") -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"NAME": [name.format(n) for n in range(len(shapes))]}, geometry=shapes, crs=4326)


def star(corners: int) -> shapely.Geometry:
    """Return an outline with so many corners, none of which it crosses."""
    angles = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    far = np.where(np.arange(corners) % 2, 0.05, 0.1)
    return shapely.Polygon(np.stack([LON + far * np.cos(angles), LAT + far * np.sin(angles)], axis=1))


def bow_tie(west: float) -> shapely.Geometry:
    return shapely.Polygon([(west, LAT), (west + 1e-4, LAT + 1e-3), (west + 1e-4, LAT), (west, LAT + 1e-3)])


OUTLINES: dict[str, Callable[[int], gpd.GeoDataFrame]] = {
    "areas": lambda size: frame(size, squares(size)),
    "areas of one name": lambda size: frame(size, squares(size), "Ward"),
    "areas that cross themselves": lambda size: frame(size, [bow_tie(LON + n / 1e4) for n in range(size)]),
    "corners of one area": lambda size: frame(size, [star(40 * size)]),
    "pieces of one area": lambda size: frame(size, [shapely.MultiPolygon(squares(2 * size)[::2])]),
    "columns": lambda size: gpd.GeoDataFrame({f"C{n}": ["x"] for n in range(size // 4)}, geometry=squares(1), crs=4326),
}  # fmt: skip
FORMS = {"GeoJSON": "geojson", "GeoPackage": "gpkg", "shapefile": "shp"}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("part", OUTLINES)
def test_outlines_take_time_as_their_file_is_large(tmp_path: Path, part: str, form: str) -> None:
    size = 240  # of columns, a quarter: a shapefile has 255 at most

    def made(size: int) -> Path:
        path = tmp_path / f"{size}.{FORMS[form]}"
        OUTLINES[part](size).to_file(path)
        if form != "shapefile":
            return path
        with zipfile.ZipFile(path.with_suffix(".zip"), "w") as archive:
            for one in tmp_path.glob(f"{size}.*"):
                if one.suffix != ".zip":
                    archive.write(one, one.name)
        return path.with_suffix(".zip")

    assert grown(lambda path: read_named_areas(path, REGION), size, made) < MOST
    if part != "areas that cross themselves":  # which are refused at the first
        assert grown(lambda path: read_areas(path, REGION), size, made) < MOST


def zone(number: int, corners: int = 4) -> dict[str, object]:
    around = shapely.get_coordinates(shapely.Point(-84.55 + number / 1e4, 39.0).buffer(0.001, corners)).tolist()
    return {
        "type": "Feature",
        "id": f"z{number}",
        "properties": {},
        "geometry": {"type": "Polygon", "coordinates": [around]},
    }


def rides(number: int, place: str, trip: str = "d") -> str:
    return "".join(f"{trip},,,,{place},,{2 * number + k},07:00:00,18:00:00,2,1,call\n" for k in (1, 2))


def flex(zones: list[dict[str, object]], calls: str, **files: str) -> bytes:
    named = {name.replace("_txt", ".txt"): text for name, text in files.items()}
    located = {"locations.geojson": json.dumps({"type": "FeatureCollection", "features": zones})}
    return packed(FEED | located | {"stop_times.txt": CALLS + calls} | named)


def trips(size: int) -> str:
    return FEED["trips.txt"] + "".join(f"d,wk,d{n}\n" for n in range(size))


def rules(size: int) -> str:
    return FEED["booking_rules.txt"] + "".join(f"call{n},2,1,16:00:00,555 0199\n" for n in range(size))


ON_DEMAND: dict[str, Callable[[int], bytes]] = {
    "zones": lambda size: flex([zone(n) for n in range(size)], "".join(rides(n, f"z{n}") for n in range(size))),
    "zones of trips of their own": lambda size: flex(
        [zone(n) for n in range(size)], "".join(rides(0, f"z{n}", f"d{n}") for n in range(size)), trips_txt=trips(size)
    ),
    "corners of a zone": lambda size: flex([zone(0, 50 * size)], rides(0, "z0")),
    "rides within one zone": lambda size: flex([zone(0)], "".join(rides(n, "z0") for n in range(2 * size))),
    "trips within one zone": lambda size: flex(
        [zone(0)], "".join(rides(0, "z0", f"d{n}") for n in range(size)), trips_txt=trips(size)
    ),
    "zones of one name": lambda size: flex([zone(0) for _ in range(size)], rides(0, "z0")),
    "rules of booking": lambda size: flex([zone(0)], rides(0, "z0"), booking_rules_txt=rules(4 * size)),
    "groups of stops": lambda size: flex(
        [zone(0)],
        "".join(f"d,,,,,g{n},{n},07:00:00,18:00:00,2,1,call\n" for n in range(size)),
        location_groups_txt="location_group_id,location_group_name\n" + "".join(f"g{n},G\n" for n in range(size)),
        location_group_stops_txt="location_group_id,stop_id\n" + "".join(f"g{n},A\n" for n in range(size)),
    ),
}  # fmt: skip


@pytest.mark.parametrize("part", ON_DEMAND)
def test_service_on_demand_takes_time_as_its_files_are_long(part: str) -> None:
    assert grown(lambda raw: read_timetables([("hill", raw)]), 60, ON_DEMAND[part]) < MOST


WORKBOOKS: dict[str, Callable[[int], list[list[object]]]] = {
    "rows": lambda size: [["name", "lat", "lon"], *([f"House {n}", 39.0, -84.5] for n in range(size))],
    "rows of one text": lambda size: [["name", "lat", "lon"], *(["House", "39", "-84.5"] for _ in range(size))],
    "columns": lambda size: [[f"c{n}" for n in range(size // 4)], [str(n) for n in range(size // 4)]],
    "long cells": lambda size: [["name"], *(["x" * 30_000] for _ in range(size // 100))],
    "empty rows": lambda size: [*([] for _ in range(4 * size)), ["name"], ["House"]],
    "lines of a cell": lambda size: [["na\nme " * (size // 4)], ["a\n" * size]],
}


@pytest.mark.parametrize("part", WORKBOOKS)
def test_a_workbook_takes_time_as_it_is_long(part: str) -> None:
    def made(size: int) -> bytes:
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet()
        for row in WORKBOOKS[part](size):
            sheet.append(row)
        content = io.BytesIO()
        book.save(content)
        return content.getvalue()

    assert grown(lambda raw: sheet_as_csv(raw, "list.xlsx"), 500, made) < MOST
