"""Points meet the nearest usable edge, at the nearest place along it: as an independent library finds it."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import shapely

from geo.crs import local_crs, to_degrees, to_meters
from geo.errors import InputError
from geo.streets.build import CLASSES, Streets, StreetSettings, build_streets
from geo.streets.snapping import Attachment, attach, passed_over, passed_over_text, place, subset, too_far
from tests.geo.conftest import written

Lay = Callable[..., Streets]
MODES = ("walk", "bike", "drive")


def here(streets: Streets, x: float, y: float) -> tuple[np.ndarray, np.ndarray]:
    """Return lon, lat of a place in meters as in `lay_streets`."""
    return to_degrees([500_000 + x], [4_330_000 + y], streets.crs)


def here_all(streets: Streets, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return lon, lat of places in meters, [k, 2]."""
    return to_degrees(500_000 + points[:, 0], 4_330_000 + points[:, 1], streets.crs)


def lines(streets: Streets) -> np.ndarray:
    counts = np.diff(streets.geometry_offset)
    points = np.stack([streets.geometry_x, streets.geometry_y], axis=1)
    return shapely.linestrings(points, indices=np.repeat(np.arange(len(counts)), counts))


@pytest.mark.parametrize("mode", MODES)
def test_as_shapely_finds_it(nky: Streets, mode: str) -> None:
    random = np.random.default_rng(11)
    x = random.uniform(nky.node_x.min() - 500, nky.node_x.max() + 500, 3000)
    y = random.uniform(nky.node_y.min() - 500, nky.node_y.max() + 500, 3000)
    attached = attach(nky, *to_degrees(x, y, nky.crs), mode)
    usable = np.flatnonzero(nky.modes[mode].attachable)
    tree = shapely.STRtree(lines(nky)[usable])
    point, _ = tree.query_nearest(shapely.points(x, y), max_distance=1000, all_matches=False, return_distance=False)
    near = np.zeros(len(x), np.bool_)
    near[point] = True
    np.testing.assert_array_equal(attached.link >= 0, near)
    distance = shapely.distance(lines(nky)[attached.link], shapely.points(x, y))
    best = tree.query_nearest(shapely.points(x[near], y[near]), all_matches=False, return_distance=True)[1]
    np.testing.assert_allclose(attached.meters_off[near], best, atol=1e-4)
    np.testing.assert_allclose(attached.meters_off[near], distance[near], atol=1e-4)
    assert np.isinf(attached.meters_off[~near]).all()
    assert nky.modes[mode].attachable[attached.link[near]].all()
    px, py = place(nky, attached)
    np.testing.assert_allclose(np.hypot(px - x, py - y)[near], best, atol=1e-3)
    along = shapely.line_interpolate_point(lines(nky)[attached.link[near]], attached.fraction[near], normalized=True)
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
    streets = lay_streets(nodes, ways, settings=StreetSettings())
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


def two_streets(extra: str, uncrossable: Sequence[Sequence[tuple[float, float]]] = (), weight: float = 1) -> Streets:
    """Lay a street at y = 0, and another way at y = 200 that is joined to it by a road at x = 1000."""
    nodes = {"A": (0, 0), "B": (1000, 0), "C": (1000, 200), "D": (0, 200), "E": (0, 600), "F": (900, 600)}
    ways = ["A B: highway=residential", "B C: highway=residential", f"C D: {extra}", "D E F: highway=footway access=no"]
    elements = written(nodes, ways)
    points = [point for line in uncrossable for point in line]
    lon, lat = to_degrees([500_000 + x for x, _ in points], [4_330_000 + y for _, y in points], "EPSG:32616")
    offset = np.concatenate([[0], np.cumsum([len(line) for line in uncrossable])]).astype(np.int64)
    elements = replace(
        elements,
        uncrossable_lon=lon,
        uncrossable_lat=lat,
        uncrossable_offset=offset,
        uncrossable_weight=np.full(len(uncrossable), float(weight)),
    )
    return build_streets(elements, "EPSG:32616", StreetSettings())


@pytest.mark.parametrize(
    ("tags", "is_met"),
    [
        ("highway=service", True),
        ("highway=service tunnel=no covered=no", True),
        ("highway=service bridge=yes", True),
        ("highway=service tunnel=yes", False),
        ("highway=service tunnel=building_passage", False),
        ("highway=service covered=yes", False),
        ("highway=footway indoor=yes", False),
        ("highway=corridor", False),
    ],
)
def test_nobody_enters_a_tunnel_from_above(tags: str, is_met: bool) -> None:
    streets = two_streets(tags)
    point = here(streets, 400, 190)
    assert attach(streets, *point, "walk").meters_off[0] == pytest.approx(10 if is_met else 190, abs=0.3)
    nearer = passed_over(streets, *point, "walk")
    assert nearer.reason[0] == ("" if is_met else "covered")
    if not is_met:
        assert nearer.meters_off[0] == pytest.approx(10, abs=0.1)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("oneway", [None, "yes", "-1"])
def test_what_leads_nowhere_is_passed_over_whatever_its_length(lay_streets: Lay, mode: str, oneway: str | None) -> None:
    """A trail of 3 km 50 m from the place: apart from the streets, or with a way into it or out of it alone."""
    nodes = {f"N{i}": (1000.0 * i, 0.0) for i in range(5)} | {f"T{i}": (600.0 * i, 300.0) for i in range(6)}
    ways = [f"{' '.join(f'N{i}' for i in range(5))}: highway=residential", f"{' '.join(f'T{i}' for i in range(6))}: "]
    ways[1] += "highway=residential name=Trail"
    if oneway:
        ways.append(
            f"N0 T0: highway=residential oneway={oneway} oneway:bicycle={oneway} oneway:foot={oneway} bicycle=yes"
        )
    streets = lay_streets(nodes, ways, settings=StreetSettings())
    point = here(streets, 1500, 250)
    if oneway and mode == "bike":
        return  # who pushes a bicycle may go against it
    assert attach(streets, *point, mode).meters_off[0] == pytest.approx(250, abs=0.2)
    assert passed_over(streets, *point, mode).reason[0] == "leads_nowhere"
    text = passed_over_text(streets, pd.DataFrame({"id": ["home"], "lon": point[0], "lat": point[1]}), mode, "homes")
    assert text == (
        "home: the nearest street (Trail, 50 m) lies on a piece of the network that leads nowhere; "
        "the next one is used (250 m)."
    )


def test_a_place_with_nothing_but_an_island_near_it_is_told_so(lay_streets: Lay) -> None:
    nodes = {"A": (0, 0), "B": (2000, 0), "C": (0, 1500), "D": (1900, 1500)}
    streets = lay_streets(nodes, ["A B: highway=residential", "C D: highway=residential"], settings=StreetSettings())
    lon, lat = (float(one[0]) for one in here(streets, 500, 1490))
    assert "that leads anywhere, though nearer ones" in str(too_far(streets, lon, lat))
    far = [float(one[0]) for one in here(streets, 500, 3000)]
    assert "over 1 km from any street in the region" in str(too_far(streets, *far))
    assert "over 200 m from any street for cars in the region" in str(too_far(streets, *far, "A stop", "drive", 200.0))


def test_a_second_town_is_a_network_of_its_own(lay_streets: Lay) -> None:
    """Beyond a river without a bridge in the extract: 12 km of streets beside 40 km are a town, 9 km are not."""
    for length, is_town in ((12_000, True), (9_000, False)):
        nodes = {"A": (0, 0), "B": (40_000, 0), "C": (0, 900), "D": (length, 900)}
        streets = lay_streets(
            nodes, ["A B: highway=residential", "C D: highway=residential"], settings=StreetSettings()
        )
        off = attach(streets, *here(streets, 500, 880), "walk").meters_off[0]
        assert off == pytest.approx(20 if is_town else 880, rel=0.01)


RIVER = [[(-1500.0, 150.0), (2500.0, 150.0)]]


def test_a_street_across_the_water_is_passed_over_where_the_own_bank_has_one() -> None:
    streets = two_streets("highway=residential", RIVER)
    point = here(streets, 400, 140)
    assert attach(streets, *point, "walk").meters_off[0] == pytest.approx(140, abs=0.1)
    nearer = passed_over(streets, *point, "walk")
    assert (nearer.reason[0], round(nearer.meters_off[0])) == ("across", 60)
    assert attach(streets, *here(streets, 400, 160), "walk").meters_off[0] == pytest.approx(40, abs=0.1)
    assert passed_over(streets, *here(streets, 400, 160), "walk").reason[0] == ""
    assert attach(streets, *here(streets, 995, 149), "walk").meters_off[0] == pytest.approx(5, abs=0.1)
    shut = two_streets("highway=motorway", [[(-1500.0, 150.0), (2500.0, 150.0)], [(990.0, 0.0), (990.0, 400.0)]])
    across = attach(shut, *here(shut, 400, 160), "walk")
    assert across.meters_off[0] == pytest.approx(160, abs=0.2), "no other within reach: better across than nowhere"


def test_a_pond_moves_the_place_along_the_same_street() -> None:
    pond = [[(380.0, 20.0), (420.0, 20.0), (420.0, 60.0), (380.0, 60.0), (380.0, 20.0)]]
    streets = two_streets("highway=motorway", pond)
    one = attach(streets, *here(streets, 400, 70), "walk")
    # past the pond's corner the street is met 140 m on at the least, seen from 50 m off the pond's side
    assert 156 <= one.meters_off[0] <= np.hypot(160, 70)
    assert passed_over(streets, *here(streets, 400, 70), "walk").reason[0] == "across"


@pytest.mark.parametrize(("tracks", "weight", "is_blocked"), [(1, 1 / 3, False), (2, 1 / 3, False), (3, 1 / 3, True)])
@pytest.mark.parametrize("at", [90.0, 89.5])
def test_tracks_are_stepped_over_and_a_yard_is_not(tracks: int, weight: float, is_blocked: bool, at: float) -> None:
    lines = [[(-700.0 + 7 * k, 120.0 + 5 * k), (1900.0, 120.0 + 5 * k)] for k in range(tracks)]
    streets = two_streets("highway=residential", lines, weight)
    point = here(streets, 400, at + 15)
    expected = at + 15 if is_blocked else 200 - at - 15
    assert attach(streets, *point, "walk").meters_off[0] == pytest.approx(expected, abs=0.3)


def test_around_what_is_uncrossable_as_shapely_finds_it() -> None:
    random = np.random.default_rng(5)
    walls = [random.uniform(-200, 1200, (random.integers(2, 5), 2)) for _ in range(25)]
    streets = two_streets("highway=residential", [wall.tolist() for wall in walls])

    def on_plane(wall: np.ndarray) -> np.ndarray:
        return np.column_stack(to_meters(*here_all(streets, wall), streets.crs))

    drawn = shapely.MultiLineString([on_plane(wall) for wall in walls])
    points = random.uniform(-200, 1200, (400, 2))
    attached = attach(streets, *here_all(streets, points), "walk")
    x, y = place(streets, attached)
    usable, link = streets.modes["walk"].attachable, streets.grid.point_link
    corners = np.column_stack([streets.geometry_x, streets.geometry_y])
    pieces = [p for p in range(len(link) - 1) if link[p] == link[p + 1] and usable[link[p]]]
    segments = [shapely.LineString(corners[p : p + 2]) for p in pieces]
    around = 0
    for row, point in enumerate(on_plane(points)):
        walks = [shapely.shortest_line(shapely.Point(point), segment) for segment in segments]
        free = [walk.length for walk in walks if not _meets(walk, drawn) and walk.length < 1000]
        shortest = min(walk.length for walk in walks)
        if attached.link[row] < 0:
            assert shortest > 1000
        elif _meets(shapely.LineString([point, (x[row], y[row])]), drawn):
            assert not free
            assert attached.meters_off[row] == pytest.approx(shortest, abs=1e-3)
        else:
            assert attached.meters_off[row] <= min(free, default=1000) + 1e-3
            around += attached.meters_off[row] > shortest + 1
    assert around > 30


def _meets(walk: shapely.LineString, drawn: shapely.MultiLineString) -> bool:
    """Return whether a walk, but for its last half meter, meets what is drawn."""
    if walk.length <= 0.5:
        return False
    (ax, ay), (bx, by) = walk.coords
    part = 0.5 / walk.length
    return shapely.LineString([(ax, ay), (bx - (bx - ax) * part, by - (by - ay) * part)]).intersects(drawn)
