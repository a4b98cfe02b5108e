"""The county as an OpenStreetMap extract."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import osmium
import shapely
from osmium import io, osm

from sources.demo.blocks import ground_area
from sources.demo.frontage import Frontage
from sources.demo.furniture import Furnished
from sources.demo.places import Address as Spot
from sources.demo.plan import (
    BOX,
    CENTER_LAT,
    CENTER_LON,
    CITY,
    COUNTY,
    CREEK_LINE,
    DISTRICTS,
    EAST_TOWN,
    GROUNDS,
    HALF_HEIGHT,
    HALF_WIDTH,
    NOTE,
    RIVER,
    RIVER_AREA,
    RIVER_LINE,
    TOWNS,
    URBAN,
    WEST_TOWN,
    to_lonlat,
)  # fmt: skip
from sources.demo.streets import GRID, Junction

_BASE = 9_000_000_000
"""Ids start here, so that nobody takes them for those of a real map."""
_SETTLEMENTS = ((CITY, "city", (0, 60)), (WEST_TOWN, "town", (-11200, 8100)), (EAST_TOWN, "town", (10650, -7500)))
_STAMP = "2026-01-01T00:00:00Z"


class _Ids:
    """Node numbers by place, in the order in which places are first met."""

    def __init__(self) -> None:
        self.places: dict[Junction, int] = {}

    def __call__(self, place: Junction) -> int:
        return self.places.setdefault(place, _BASE + 1 + len(self.places))


def write_osm(path: Path, streets: Furnished, spots: list[Spot], addresses: Iterable[Frontage]) -> None:
    """Write the extract: nodes, then ways, then turn restrictions.

    The blobs are left unpacked, so that the bytes don't depend on a compression library's version.
    """
    ids = _Ids()
    street_ways = [([ids(place) for place in way.places], way.tags) for way in streets.ways]
    other_ways = [
        (
            [ids(place) for place in streets.railway],
            {"railway": "rail", "name": "Osprenna Valley Line", "usage": "main"},
        )
    ]
    other_ways += _landscape(ids)
    nodes = [(number, place, streets.nodes.get(place, {})) for place, number in ids.places.items()]
    following = _BASE + 1 + len(nodes)
    points = [*_settlements(), *((spot.at.lonlat, spot.tags) for spot in spots)]
    points += [(f.lonlat, _address(f)) for f in addresses]
    lon, lat = HALF_WIDTH, HALF_HEIGHT
    header = io.Header()
    header.set("generator", f"Recovery Reach demo. {NOTE}")
    header.add_box(osm.Box(*to_lonlat(-lon, -lat), *to_lonlat(lon, lat)))
    with osmium.SimpleWriter(io.File(str(path), "pbf,pbf_compression=none"), header=header, overwrite=True) as writer:
        for number, (x, y), tags in nodes:
            writer.add_node(_node(number, to_lonlat(x * GRID, y * GRID), tags))
        for number, (lonlat, tags) in enumerate(points, following):
            writer.add_node(_node(number, lonlat, tags))
        for number, (refs, tags) in enumerate([*street_ways, *other_ways], _BASE + 1):
            writer.add_way(osm.mutable.Way(id=number, version=1, timestamp=_STAMP, nodes=refs, tags=tags))
        for number, turn in enumerate(streets.restrictions, _BASE + 1):
            members = [
                ("w", _BASE + 1 + turn.from_way, "from"),
                ("n", ids(turn.via), "via"),
                ("w", _BASE + 1 + turn.to_way, "to"),
            ]
            tags = {"type": "restriction", "restriction": turn.kind}
            writer.add_relation(
                osm.mutable.Relation(id=number, version=1, timestamp=_STAMP, members=members, tags=tags)
            )


def _node(number: int, lonlat: tuple[float, float], tags: dict[str, str]) -> osm.mutable.Node:
    return osm.mutable.Node(id=number, version=1, timestamp=_STAMP, location=lonlat, tags=tags)


def _address(at: Frontage) -> dict[str, str]:
    return {
        "addr:housenumber": str(at.number),
        "addr:street": at.street,
        "addr:city": at.city,
        "addr:postcode": at.postcode,
    }


def _settlements() -> list[tuple[tuple[float, float], dict[str, str]]]:
    settlements = [
        (to_lonlat(x, y), {"place": kind, "name": name, "note": NOTE}) for name, kind, (x, y) in _SETTLEMENTS
    ]
    for district in DISTRICTS:
        if district.side != "town":
            kind = "neighbourhood" if district.people > 3200 else "suburb"
            settlements.append((to_lonlat(district.x, district.y), {"place": kind, "name": district.name}))
    county = {"place": "county", "name": COUNTY, "note": NOTE}
    return [*settlements, ((CENTER_LON - 0.02, CENTER_LAT - 0.05), county)]


def _landscape(ids: _Ids) -> list[tuple[list[int], dict[str, str]]]:
    """Return water, parks and land use as ways."""

    def refs(shape: shapely.Geometry) -> list[int]:
        cells = np.rint(shapely.get_coordinates(shape) / GRID).astype(int).tolist()
        return [ids((x, y)) for x, y in cells]

    river = shapely.intersection(RIVER_AREA, BOX)
    ways = [
        (refs(shapely.simplify(river, 1.0).exterior), {"natural": "water", "water": "river", "name": RIVER}),
        (refs(shapely.intersection(shapely.LineString(RIVER_LINE), BOX)), {"waterway": "river", "name": RIVER}),
        (
            refs(shapely.intersection(shapely.LineString(CREEK_LINE), BOX)),
            {"waterway": "stream", "name": "Tansy Creek"},
        ),
    ]
    for ground in GROUNDS:
        inner = ground_area(ground).buffer(-6)
        key, value = ground.kind
        ways.append((refs(inner.exterior), {key: value, "name": ground.name}))
    for area in (URBAN.difference(RIVER_AREA.buffer(60)), *TOWNS):
        parts = shapely.get_parts(shapely.simplify(area, 5))
        ways += [(refs(part.exterior), {"landuse": "residential"}) for part in parts]
    return ways
