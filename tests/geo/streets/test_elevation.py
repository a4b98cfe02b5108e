"""Slopes laid on paper: hills, valleys under bridges, stairs; flat heights change nothing at all."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.crs import to_degrees
from geo.streets.build import OsmElements, Streets, StreetSettings, build_streets_with_notes
from geo.streets.elements import Elevation
from geo.streets.elevation import STEEPEST, riding_effort, walking_effort

Elements = Callable[..., OsmElements]
Seconds = Callable[..., float]
LINE = {"A": (0.0, 0.0), "B": (1000.0, 0.0)}


def terrain(height: Callable[[np.ndarray, np.ndarray], np.ndarray], cell: float = 0.0001) -> Elevation:
    """Return heights as a function of meters east and north of where streets are laid."""
    west, north = to_degrees([498_500], [4_331_500], "EPSG:32616")
    east, south = to_degrees([502_500], [4_328_500], "EPSG:32616")
    columns, rows = int((east[0] - west[0]) / cell), int((north[0] - south[0]) / cell)
    lon, lat = west[0] + cell * np.arange(columns), north[0] - cell * np.arange(rows)
    # the projection's own meters near its middle, to some centimeters
    origin = to_degrees([500_000], [4_330_000], "EPSG:32616")
    beyond = to_degrees([501_000], [4_331_000], "EPSG:32616")
    x = (lon - origin[0][0]) / (beyond[0][0] - origin[0][0]) * 1000
    y = (lat - origin[1][0]) / (beyond[1][0] - origin[1][0]) * 1000
    heights = height(*np.meshgrid(x, y)).astype(np.float32)
    return Elevation(heights, float(west[0]), float(north[0]), cell, cell)


@pytest.fixture
def on(lay_elements: Elements) -> Callable[..., Streets]:
    """Return the function that lays streets on a terrain."""

    def build(elevation: Elevation | None, ways: list[str], nodes: dict[str, tuple[float, float]] = LINE) -> Streets:
        chosen = StreetSettings(main_network_share=0, elevation=elevation)
        return build_streets_with_notes(lay_elements(nodes, ways), "EPSG:32616", chosen)[0]

    return build


def both(seconds: Seconds, streets: Streets, mode: str = "walk", **options: float) -> tuple[float, float]:
    """Return seconds from A to B, and back."""
    return seconds(streets, LINE["A"], LINE["B"], mode, **options), seconds(
        streets, LINE["B"], LINE["A"], mode, **options
    )


def test_up_is_not_down(on: Callable[..., Streets], seconds: Seconds) -> None:
    """A plane rises 10 % to the east: 750 s on the flat; up exp(0.35) times that, down (|-0.10 + 0.05|) as flat."""
    slope = terrain(lambda x, _: 0.1 * x)
    streets = on(slope, ["A B: highway=residential"])
    up, down = both(seconds, streets)
    assert up == pytest.approx(750 * np.exp(0.35), rel=2e-3)
    assert down == pytest.approx(750, rel=2e-3)
    ride_up, ride_down = both(seconds, streets, "bike")
    assert ride_up == pytest.approx(240 / 0.35, rel=2e-3)
    assert ride_down == pytest.approx(240 / 1.2, rel=2e-3)
    flat = on(None, ["A B: highway=residential"])
    assert both(seconds, streets, "drive") == both(seconds, flat, "drive")
    assert both(seconds, streets, "walk", walk_kph=2.4) == pytest.approx((2 * up, 2 * down), rel=1e-4)


def test_gently_down_is_fastest(on: Callable[..., Streets], seconds: Seconds) -> None:
    """Tobler's best slope is 5 % down: 6 km/h for one who walks 5.04 on the flat."""
    streets = on(terrain(lambda x, _: -0.05 * x), ["A B: highway=residential"])
    assert both(seconds, streets)[0] == pytest.approx(750 / np.exp(0.175), rel=2e-3)
    assert 6 * np.exp(-0.175) == pytest.approx(5.037, abs=1e-3)


def test_a_hill_between_the_ends_counts(on: Callable[..., Streets], seconds: Seconds) -> None:
    """Up 50 m and down again over 1 km, both ends at 0: as long both ways, and longer than flat."""
    streets = on(terrain(lambda x, _: 50 - 0.1 * np.abs(x - 500)), ["A B: highway=residential"])
    up, down = both(seconds, streets)
    assert up == pytest.approx(375 * np.exp(0.35) + 375, rel=5e-3)
    assert down == pytest.approx(up, rel=5e-3)


def test_a_bridge_runs_above_its_valley(on: Callable[..., Streets], seconds: Seconds) -> None:
    """A gorge 60 m deep from 300 to 700 m; the bridge over it is two ways of three nodes, rising as its ends do."""

    def gorge(x: np.ndarray, _: np.ndarray) -> np.ndarray:
        return 0.02 * x - 60 * ((x > 310) & (x < 690))

    nodes = LINE | {"C": (300, 0), "D": (450, 0), "E": (500, 0), "F": (700, 0)}
    ways = ["A C: highway=residential", "C D E: highway=residential bridge=yes"]
    ways += ["E F: highway=residential bridge=viaduct", "F B: highway=residential"]
    up, down = both(seconds, on(terrain(gorge), ways, nodes))
    assert up == pytest.approx(750 * walking_effort(np.array(0.02)), rel=3e-3)
    assert down == pytest.approx(750 * walking_effort(np.array(-0.02)), rel=3e-3)
    through = both(seconds, on(terrain(gorge), [way.split(" bridge")[0] for way in ways], nodes))
    assert through[0] > 1.05 * up, "the same street through the gorge"
    tunnel = [way.replace("bridge=yes", "tunnel=yes").replace("bridge=viaduct", "tunnel=yes") for way in ways]
    hill = terrain(lambda x, y: 0.04 * x - gorge(x, y))
    assert both(seconds, on(hill, tunnel, nodes))[0] == pytest.approx(up, rel=3e-3)


def test_stairs_stay_sane(on: Callable[..., Streets], seconds: Seconds) -> None:
    """50 m of steps up a cliff of 60 m: no slower than the steepest street."""
    nodes = {"A": (0.0, 0.0), "B": (1000.0, 0.0), "C": (475.0, 0.0), "D": (525.0, 0.0)}
    ways = ["A C: highway=footway", "C D: highway=steps", "D B: highway=footway"]
    up, down = both(seconds, on(terrain(lambda x, _: np.clip((x - 475) * 1.2, 0, 60)), ways, nodes))
    stairs = np.array([walking_effort(np.array(s)) for s in (STEEPEST, -STEEPEST)]) * 50 / (4.8 / 3.6)
    assert up == pytest.approx(712.5 + stairs[0], rel=0.02)
    assert down == pytest.approx(712.5 + stairs[1], rel=0.02)
    assert 50 / stairs == pytest.approx([0.39, 0.56], abs=0.01), "meters a second, as on stairs"


def test_even_ground_changes_nothing(on: Callable[..., Streets]) -> None:
    ways = ["A B: highway=residential", "A C: highway=footway bridge=yes", "C B: highway=cycleway"]
    nodes = LINE | {"C": (400, 300)}
    even, without = on(terrain(lambda x, _: 0 * x + 250), ways, nodes), on(None, ways, nodes)
    for mode in ("walk", "bike", "drive"):
        assert np.array_equal(even.modes[mode].seconds, without.modes[mode].seconds)


def test_what_has_no_height_is_flat_and_told(lay_elements: Elements, seconds: Seconds) -> None:
    """Heights are known to 500 m east only, where it rises 10 %."""
    heights = terrain(lambda x, _: np.where(x < 520, 0.1 * x, np.nan))
    nodes = LINE | {"C": (500.0, 0.0)}
    elements = lay_elements(nodes, ["A C B: highway=residential"])
    chosen = StreetSettings(main_network_share=0, elevation=heights)
    streets, notes = build_streets_with_notes(elements, "EPSG:32616", chosen)
    assert both(seconds, streets)[0] == pytest.approx(375 * np.exp(0.35) + 375, rel=0.01)
    flat = notes[notes["code"] == "no_height"]
    assert flat["outcome"].tolist() == ["notice"]
    assert flat["reason"].tolist() == ["1 of 3 nodes of streets have no height; what touches them is flat."]
    nowhere = Elevation(heights.heights, 10.0, 50.0, 0.001, 0.001)
    flat = build_streets_with_notes(elements, "EPSG:32616", StreetSettings(elevation=nowhere))[0]
    assert np.isfinite(flat.modes["walk"].seconds).all()


@given(st.lists(st.floats(-0.6, 0.6), min_size=1, max_size=30))
@settings(max_examples=50, deadline=None)
def test_effort_is_bounded_and_climbing_never_pays(slopes: list[float]) -> None:
    slope = np.array(slopes)
    for effort, most in ((walking_effort, np.exp(3.5 * STEEPEST)), (riding_effort, 4.0)):
        there, back = effort(slope), effort(-slope)
        assert ((there > 0.8) & (there <= most + 1e-9)).all()
        assert (there + back >= 2 - 1e-9).all(), "there and back is never faster than on the flat"
        assert (effort(np.abs(slope)) >= effort(-np.abs(slope)) - 1e-12).all()
    assert effort(np.zeros(1)) == 1.0
    assert walking_effort(np.zeros(1)) == pytest.approx(1.0)


def test_heights_between_cells() -> None:
    grid = Elevation(np.array([[0, 10], [20, np.nan]], np.float32), 5.0, 50.0, 1.0, 1.0)
    lon, lat = np.array([5.0, 5.5, 5.0, 6.0, 5.5, 4.9, 5.0]), np.array([50.0, 50.0, 49.5, 50.0, 49.5, 50.0, 48.9])
    assert grid.at(lon, lat)[[0, 1, 2]] == pytest.approx([0, 5, 10])
    assert np.isnan(grid.at(lon, lat)[[4, 5, 6]]).all()
