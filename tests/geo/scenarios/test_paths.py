"""Footpaths and bridges: walks over them take what the same streets take with the path in their file."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from geo.crs import to_degrees
from geo.errors import InputError, OutsideRegionError
from geo.scenarios.changes import PathAdded, Scenario
from geo.scenarios.paths import StreetSource, lay_path
from geo.scenarios.world import World, apply_scenarios
from geo.streets.build import OsmElements, Streets, StreetSettings, build_streets
from geo.tables import RESOURCES, SESSIONS, empty
from geo.travel.network import build_network

CRS = "EPSG:32616"
SETTINGS = StreetSettings(main_network_share=0)
NODES = {"a": (0.0, 0.0), "b": (2000.0, 0.0), "c": (0.0, 600.0), "d": (2000.0, 600.0), "e": (0.0, 300.0)}
BANKS = ["a b: highway=residential", "c d: highway=residential", "a e c: highway=residential"]
Elements = Callable[..., OsmElements]
Seconds = Callable[..., float]


def points(*meters: tuple[float, float]) -> tuple[tuple[float, float], ...]:
    """Return lon, lat of places in meters, as `lay_elements` has them."""
    east, north = zip(*meters, strict=True)
    lon, lat = to_degrees(500_000 + np.array(east), 4_330_000 + np.array(north), CRS)
    return tuple(zip(lon.tolist(), lat.tolist(), strict=True))


def laid(lay_elements: Elements, ways: Sequence[str], *meters: tuple[float, float]) -> Streets:
    source = StreetSource(lay_elements(NODES, ways), SETTINGS)
    streets = build_streets(source.elements, CRS, SETTINGS)
    return lay_path(streets, source, PathAdded(points(*meters), "Bridge"))[0]


def test_a_bridge_between_junctions_equals_the_same_in_the_file(lay_elements: Elements, seconds: Seconds) -> None:
    bridged = laid(lay_elements, BANKS, (2003.0, 2.0), (2001.0, 598.0))
    built = build_streets(lay_elements(NODES, [*BANKS, "b d: highway=footway bridge=yes name=Bridge"]), CRS, SETTINGS)
    for name in ("node_x", "node_y", "link_meters", "geometry_x", "geometry_y", "names"):
        np.testing.assert_array_equal(getattr(bridged, name), getattr(built, name), name)
    for start, end in (((2000.0, 0.0), (2000.0, 600.0)), ((500.0, 0.0), (1700.0, 600.0))):
        assert seconds(bridged, start, end) == seconds(built, start, end)
    assert seconds(bridged, (2000.0, 0.0), (2000.0, 600.0), "drive") > 200


def test_a_path_from_the_middle_of_a_street(lay_elements: Elements, seconds: Seconds) -> None:
    """1,500 m are along the street; by the path one walks 600 m, at 4.8 km/h."""
    before = build_streets(lay_elements(NODES, BANKS), CRS, SETTINGS)
    assert seconds(before, (1500.0, 0.0), (1500.0, 600.0)) == pytest.approx(3600 * 3600 / 4800, rel=1e-3)
    after = laid(lay_elements, BANKS, (1500.0, 0.0), (1500.0, 600.0))
    assert seconds(after, (1500.0, 0.0), (1500.0, 600.0)) == pytest.approx(600 * 3600 / 4800, rel=1e-3)
    assert seconds(after, (0.0, 0.0), (2000.0, 0.0)) == pytest.approx(
        seconds(before, (0.0, 0.0), (2000.0, 0.0)), abs=0.1
    )
    bent = laid(lay_elements, BANKS, (1500.0, 0.0), (1800.0, 300.0), (1500.0, 600.0))
    assert seconds(bent, (1500.0, 0.0), (1500.0, 600.0)) == pytest.approx(848.5 * 3600 / 4800, rel=1e-3)


@pytest.mark.parametrize("turned", [False, True])
def test_a_path_with_both_ends_on_one_segment_leaves_the_street_as_it_is(
    lay_elements: Elements, seconds: Seconds, turned: bool
) -> None:
    before = build_streets(lay_elements(NODES, BANKS), CRS, SETTINGS)
    for ends in ((300.0, 400.0), (1600.0, 1700.0), (300.0, 1700.0)):
        west, east = reversed(ends) if turned else ends
        after = laid(lay_elements, BANKS, (west, 0.0), (1000.0, 50.0), (east, 0.0))
        for goal in (350.0, 1000.0, 1650.0, 2000.0):
            assert seconds(after, (0.0, 0.0), (goal, 0.0)) == pytest.approx(
                seconds(before, (0.0, 0.0), (goal, 0.0)), abs=0.2
            ), (ends, goal)


@pytest.mark.parametrize(
    ("meters", "words"),
    [
        (((1500.0, 0.0), (1500.0, 300.0)), "over 100 m from any street"),
        (((1500.0, 0.0), (1500.2, 0.0)), "begins and ends at one place"),
        (((1500.0, 0.0), (1500.0, 9000.0), (1500.0, 600.0)), "m are the most"),
    ],
)
def test_a_path_that_cannot_be(lay_elements: Elements, meters: tuple[tuple[float, float], ...], words: str) -> None:
    with pytest.raises(InputError, match=words):
        laid(lay_elements, BANKS, *meters)


def test_paths_stack_and_need_what_streets_were_built_from(lay_elements: Elements, seconds: Seconds) -> None:
    source = StreetSource(lay_elements(NODES, BANKS), SETTINGS)
    network = build_network(build_streets(source.elements, CRS, SETTINGS), None, "America/Chicago")
    tables = empty(RESOURCES), empty(SESSIONS)
    first, second = (
        Scenario(name, (PathAdded(points((x, 0.0), (x, 600.0))),)) for name, x in (("One", 1500.0), ("Two", 1000.0))
    )
    both = apply_scenarios(World(network, *tables, lambda: source), [first, second]).world.network.streets
    for x in (1000.0, 1500.0):
        assert seconds(both, (x, 0.0), (x, 600.0)) == pytest.approx(450, rel=1e-3)
    with pytest.raises(InputError, match="isn't known what"):
        apply_scenarios(World(network, *tables), [first])


def test_swapped_coordinates_are_told(lay_elements: Elements) -> None:
    source = StreetSource(lay_elements(NODES, BANKS), SETTINGS)
    streets = build_streets(source.elements, CRS, SETTINGS)
    swapped = tuple((lat, lon) for lon, lat in points((0.0, 0.0), (0.0, 600.0)))
    with pytest.raises(OutsideRegionError, match="did you mean"):
        lay_path(streets, source, PathAdded(swapped))
