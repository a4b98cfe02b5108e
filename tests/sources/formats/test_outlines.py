"""Outlines that cross themselves are made valid in a time that their crossings bound, or told to be none."""

import json
import math
import random

import numpy as np
import pytest
import shapely

from sources.adapter.source import ParseContext
from sources.cleaning.report import count
from sources.formats.outlines import MANY_CORNERS, are_tangled, valid_outlines
from sources.resources import table
from tests.growth import MOST, growth

BOW_TIE = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])


def scribble(corners: int, seed: int = 1) -> shapely.Polygon:
    chance = random.Random(seed)  # noqa: S311  chance, not secrets
    return shapely.Polygon([(chance.random(), chance.random()) for _ in range(corners)])


@pytest.mark.parametrize("shape", [BOW_TIE, scribble(8), shapely.Point(0, 1), shapely.box(0, 0, 1, 1)])
def test_a_slip_of_the_hand_is_mended_as_ever(shape: shapely.Geometry) -> None:
    (mended,) = valid_outlines(shape)
    assert shapely.equals(mended, shapely.make_valid(shape))


def test_what_crosses_itself_often_is_valid_at_once() -> None:
    (mended,) = valid_outlines([scribble(150)])
    assert mended.is_valid
    assert mended.area > 0.5


def test_what_nobody_drew_is_none_and_others_stay() -> None:
    ring = [(math.cos(2.0 * turn), math.sin(2.0 * turn)) for turn in np.linspace(0, math.pi * 60, 6000)]
    shapes = valid_outlines([scribble(2000), BOW_TIE, None, shapely.Polygon(ring[:-1])])
    assert [shape is None for shape in shapes] == [True, False, True, True]


def test_the_time_grows_with_the_corners() -> None:
    drawn = {size: [scribble(size)] for size in (2000, 8000)}
    assert growth(lambda size: valid_outlines(drawn[size]), 2000) < MOST


def star(corners: int) -> shapely.Polygon:
    angles = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    far = np.where(np.arange(corners) % 2, 0.5, 1)
    return shapely.Polygon(np.stack([far * np.cos(angles), far * np.sin(angles)], axis=1))


def test_a_tangle_is_told_before_anything_is_asked_of_it_and_a_coast_is_none() -> None:
    coast = shapely.Point(0, 0).buffer(1, 30_000)
    assert shapely.get_num_coordinates(coast) > 2 * MANY_CORNERS
    assert are_tangled([star(40_000), coast, star(4_000), None, shapely.Point(0, 0)]).tolist() == [True] + 4 * [False]
    tangle, kept = valid_outlines([star(40_000), coast])
    assert tangle is None
    assert kept is coast
    assert growth(lambda size: valid_outlines(star(size)), 10_000) < MOST


def test_a_row_with_such_an_outline_is_set_aside_and_the_others_stay() -> None:
    rows = [
        {"type": "Feature", "properties": {"name": name}, "geometry": shapely.geometry.mapping(shape)}
        for name, shape in (("Park", BOW_TIE), ("Scribble", scribble(600)))
    ]
    raw = json.dumps({"type": "FeatureCollection", "features": rows}).encode()
    parsed = table.parse(raw, ParseContext("parks.geojson", category="food"))
    assert count(parsed).reasons == {"repaired:bad_geometry": 1, "set_aside:bad_geometry": 1}
