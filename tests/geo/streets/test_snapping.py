"""Points meet the nearest usable edge, at the nearest place along it: as an independent library finds it."""

from collections.abc import Callable

import numpy as np
import pytest
import shapely

from geo.crs import local_crs, to_degrees, to_meters
from geo.errors import InputError
from geo.streets.build import CLASSES, Streets, StreetSettings
from geo.streets.snapping import Attachment, attach, place, subset

Lay = Callable[..., Streets]
MODES = ("walk", "bike", "drive")


def here(streets: Streets, x: float, y: float) -> tuple[np.ndarray, np.ndarray]:
    """Return lon, lat of a place in meters as in `lay_streets`."""
    return to_degrees([500_000 + x], [4_330_000 + y], streets.crs)


def lines(streets: Streets) -> np.ndarray:
    counts = np.diff(streets.geometry_offset)
    points = np.stack([streets.geometry_x, streets.geometry_y], axis=1)
    return shapely.linestrings(points, indices=np.repeat(np.arange(len(counts)), counts))


@pytest.mark.parametrize("mode", MODES)
def test_as_shapely_finds_it(nky: Streets, mode: str) -> None:
    random = np.random.default_rng(11)
    x = random.uniform(nky.node_x.min() - 500, nky.node_x.max() + 500, 3000)
    y = random.uniform(nky.node_y.min() - 500, nky.node_y.max() + 500, 3000)
    found = attach(nky, *to_degrees(x, y, nky.crs), mode)
    usable = np.flatnonzero(nky.modes[mode].attachable)
    tree = shapely.STRtree(lines(nky)[usable])
    point, _ = tree.query_nearest(shapely.points(x, y), max_distance=1000, all_matches=False, return_distance=False)
    near = np.zeros(len(x), np.bool_)
    near[point] = True
    np.testing.assert_array_equal(found.link >= 0, near)
    distance = shapely.distance(lines(nky)[found.link], shapely.points(x, y))
    best = tree.query_nearest(shapely.points(x[near], y[near]), all_matches=False, return_distance=True)[1]
    np.testing.assert_allclose(found.meters_off[near], best, atol=1e-4)
    np.testing.assert_allclose(found.meters_off[near], distance[near], atol=1e-4)
    assert np.isinf(found.meters_off[~near]).all()
    assert nky.modes[mode].attachable[found.link[near]].all()
    px, py = place(nky, found)
    np.testing.assert_allclose(np.hypot(px - x, py - y)[near], best, atol=1e-3)
    along = shapely.line_interpolate_point(lines(nky)[found.link[near]], found.fraction[near], normalized=True)
    np.testing.assert_allclose(shapely.get_x(along), px[near], atol=1e-3)
    assert np.isnan(px[~near]).all()


def test_on_paper(lay_streets: Lay) -> None:
    streets = lay_streets({"A": (0, 0), "B": (400, 0)}, ["A B: highway=residential"])
    one = attach(streets, *here(streets, 100, 30), "walk")
    assert one.link[0] == 0
    assert one.meters_off[0] == pytest.approx(30, abs=0.01)
    where = one.fraction[0] if streets.geometry_x[0] < streets.geometry_x[1] else 1 - one.fraction[0]
    assert where == pytest.approx(0.25, abs=1e-4)
    beside = attach(streets, *here(streets, -50, 0), "walk")
    assert beside.fraction[0] in (0.0, 1.0)
    assert beside.meters_off[0] == pytest.approx(50, abs=0.01)


def test_farther_than_a_kilometer_is_said(lay_streets: Lay) -> None:
    streets = lay_streets({"A": (0, 0), "B": (400, 0)}, ["A B: highway=residential"])
    assert attach(streets, *here(streets, 200, 999), "walk").link[0] == 0
    assert attach(streets, *here(streets, 200, 1001), "walk").link[0] == -1
    assert attach(streets, *here(streets, 200, 300), "walk", max_meters=200).link[0] == -1
    assert attach(streets, [np.nan], [np.inf], "walk").link[0] == -1
    assert len(attach(streets, [], [], "walk").link) == 0


def test_motorways_ferries_and_islands_are_passed_over(lay_streets: Lay) -> None:
    nodes = {
        "A": (0, 0),
        "B": (2000, 0),
        "C": (0, 500),
        "D": (300, 500),
        "E": (0, 100),
        "F": (2000, 100),
        "G": (0, -300),
    }
    ways = [
        "A B: highway=residential",
        "C D: highway=footway",
        "E F: highway=motorway",
        "F E: highway=motorway",
        "A G: route=ferry",
    ]
    streets = lay_streets(nodes, ways, settings=StreetSettings(smallest_island_meters=1000))
    drive = attach(streets, *here(streets, 1000, 100), "drive")
    assert drive.meters_off[0] == pytest.approx(100, abs=0.1)
    walk = attach(streets, *here(streets, 100, 500), "walk")
    assert CLASSES[streets.link_class[walk.link[0]]] == "residential"
    assert walk.meters_off[0] == pytest.approx(500, abs=0.3)
    assert CLASSES[streets.link_class[attach(streets, *here(streets, 0, -250), "walk").link[0]]] == "residential"
    small = lay_streets(nodes, ways)
    assert attach(small, *here(small, 100, 500), "walk").meters_off[0] == pytest.approx(0, abs=0.01)


def test_subset() -> None:
    whole = Attachment(np.array([3, -1, 5], np.int32), np.array([0.1, 0, 0.5]), np.array([1.0, np.inf, 2]))
    part = subset(whole, np.array([2, 0]))
    assert part.link.tolist() == [5, 3]
    assert part.fraction.tolist() == [0.5, 0.1]


def test_local_meters_and_back() -> None:
    assert local_crs(-84.5, 39.08) == "EPSG:32616"
    assert local_crs(-51.2, -30.03) == "EPSG:32722"
    assert local_crs(180, 0) == "EPSG:32660"
    lon, lat = np.array([-84.6, -84.4]), np.array([39.0, 39.1])
    np.testing.assert_allclose(to_degrees(*to_meters(lon, lat, "EPSG:32616"), "EPSG:32616"), (lon, lat), atol=1e-9)
    with pytest.raises(InputError, match="swapped"):
        local_crs(39.08, -84.5)
