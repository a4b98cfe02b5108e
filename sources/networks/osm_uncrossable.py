"""OpenStreetMap extracts → the shores and tracks that lie between places and streets beyond them."""

import re
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from osmium import filter as osmium_filter
from osmium import io, osm

from geo.units import METERS_PER_DEGREE
from sources.networks.osm_files import copy_objects, line_of, object_fields, opl_lines, opl_tags

_SHORES = (
    ("natural", "water"), ("natural", "bay"), ("natural", "coastline"), ("waterway", "river"), ("waterway", "canal"),
    ("waterway", "riverbank"), ("waterway", "dock"), ("landuse", "reservoir"),
)  # fmt: skip
_TRACKS = tuple(("railway", kind) for kind in ("rail", "light_rail", "subway", "narrow_gauge"))
_YARDS = (("landuse", "railway"),)
_KEYS = frozenset({"natural", "waterway", "landuse", "railway", "service", "tunnel", "bridge", "covered"})
_POND_DEGREES = 50 / METERS_PER_DEGREE
"""Water no wider than 50 m is walked round in no time that counts."""
_NO_POND = frozenset({"river", "canal"})


def read_uncrossable(file: io.File, nodes_on_ways: Any) -> dict[str, Any]:
    """Return the fields of `geo.streets.elements.OsmElements` that tell what nobody walks across.

    The shores of rivers, canals, lakes, harbors and the sea, whether or not their areas are whole in the extract, and
    the middle lines of rivers and canals weigh 1 each. Of railways, tracks of a yard and the borders of railway land
    weigh 1/2, other tracks 1/3. What runs in a tunnel or over a bridge can be crossed, and so can streams and ditches.

    Parameters
    ----------
    nodes_on_ways
        `sources.networks.osm_files.locations`, which has seen the nodes.
    """
    lines: list[np.ndarray[Any, Any]] = []
    weights: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        ways, relations, members = (Path(folder) / f"{name}.opl" for name in ("ways", "relations", "members"))
        copy_objects(file, osm.WAY, [osmium_filter.TagFilter(*_SHORES, *_TRACKS, *_YARDS), nodes_on_ways], ways)
        copy_objects(file, osm.RELATION, [osmium_filter.TagFilter(*_SHORES, *_YARDS)], relations)
        for tags, line in _lines(ways):
            weight = _weight(tags)
            if weight and len(line) > 1 and not _is_pond(tags, line):
                lines.append(line)
                weights.append(weight)
        weight_of: dict[int, float] = {}
        for fields in map(object_fields, opl_lines(relations)):
            weight = _weight(opl_tags(fields["T"], _KEYS))
            weight_of |= {int(way): weight for way in re.findall(r"w(\d+)@", fields["M"]) if weight}
        if weight_of:
            copy_objects(file, osm.WAY, [osmium_filter.IdFilter(sorted(weight_of)), nodes_on_ways], members)
            for parts in opl_lines(members):
                line = line_of(object_fields(parts)["N"])
                if len(line) > 1:
                    lines.append(line)
                    weights.append(weight_of[int(parts[0][1:])])
    points = np.concatenate(lines) if lines else np.empty((0, 2))
    return {
        "uncrossable_offset": np.concatenate([[0], np.cumsum([len(line) for line in lines])]).astype(np.int64),
        "uncrossable_lon": points[:, 0],
        "uncrossable_lat": points[:, 1],
        "uncrossable_weight": np.array(weights, np.float64),
    }


def _lines(path: Path) -> Iterator[tuple[dict[str, str], np.ndarray[Any, Any]]]:
    for parts in opl_lines(path):
        fields = object_fields(parts)
        yield opl_tags(fields["T"], _KEYS), line_of(fields["N"])


def _weight(tags: Mapping[str, str]) -> float:
    """Return how much crossing a thing counts, see `read_uncrossable`; 0 = it stops nobody."""
    if any(tags.get(key, "no") != "no" for key in ("tunnel", "bridge", "covered")):
        return 0.0
    if any(tags.get(key) == value for key, value in _SHORES):
        return 1.0
    if tags.get("landuse") == "railway" or tags.get("service") == "yard":
        return 0.5
    return 1 / 3


def _is_pond(tags: Mapping[str, str], line: np.ndarray[Any, Any]) -> bool:
    is_closed = bool((line[0] == line[-1]).all())
    wide = np.ptp(line, axis=0) * [np.cos(np.radians(line[0, 1])), 1.0]
    return is_closed and tags.get("waterway") not in _NO_POND and bool(np.hypot(*wide) < _POND_DEGREES)
