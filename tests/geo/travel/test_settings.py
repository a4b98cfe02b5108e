"""What can be meant by settings of travel, at its edges."""

from typing import Any

import pytest

from geo.errors import InputError
from geo.travel.settings import TravelSettings
from geo.units import DAY_SECONDS

DAY = DAY_SECONDS


@pytest.mark.parametrize(
    "given",
    [
        {"max_minutes": 0}, {"max_minutes": 1440}, {"walk_kph": 0.5}, {"walk_kph": 12}, {"bike_kph": 3},
        {"bike_kph": 45},
        {"max_walk_minutes": 0}, {"max_walk_minutes": 120}, {"board_seconds": 0}, {"board_seconds": 3600}, {"rides": 1},
        {"rides": 8}, {"rides": 2.0}, {"percentiles": (1, 100)}, {"arrive_by": -DAY}, {"arrive_by": 3 * DAY},
        {"window": (-DAY, 0)}, {"window": (DAY, 3 * DAY)}, {"window": (0, 1)}, {"mode": "walk"},
    ],
)  # fmt: skip
def test_what_can_be_meant(given: dict[str, Any]) -> None:
    settings = TravelSettings(**given)
    assert all(getattr(settings, name) == value for name, value in given.items())


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"mode": "fly"}, "mode must be one of"), ({"max_minutes": -1}, "max_minutes"),
        ({"max_minutes": 1441}, "max_minutes"),
        ({"walk_kph": 0.4}, "walk_kph"), ({"walk_kph": 12.1}, "walk_kph"), ({"bike_kph": 2.9}, "bike_kph"),
        ({"bike_kph": 45.1}, "bike_kph"), ({"max_walk_minutes": 121}, "max_walk"), ({"board_seconds": 3601}, "board"),
        ({"rides": 0}, "rides"), ({"rides": 9}, "rides"), ({"rides": 1.5}, "whole"), ({"board_seconds": 0.5}, "whole"),
        ({"rides": True}, "rides"), ({"walk_kph": "5"}, "walk_kph"), ({"max_minutes": float("nan")}, "max_minutes"),
        ({"window": (0, 60), "arrive_by": 60}, "not both"), ({"window": (60, 60)}, "before it ends"),
        ({"window": (-DAY - 1, 0)}, "before it ends"), ({"window": (2 * DAY, 3 * DAY + 1)}, "before it ends"),
        ({"window": (0, 2 * DAY + 1)}, "two days"), ({"arrive_by": -DAY - 1}, "arrive by"),
        ({"arrive_by": 3 * DAY + 1}, "arrive by"), ({"percentiles": ()}, "Percentiles"),
        ({"percentiles": (0,)}, "Percentiles"), ({"percentiles": (101,)}, "Percentiles"),
        ({"percentiles": (50, 2.5)}, "Percentiles"),
    ],
)  # fmt: skip
def test_what_cant_be_meant_is_named(given: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        TravelSettings(**given)


def test_minutes_vary_over_a_window_of_departures_by_transit_and_car_alone() -> None:
    window = (0, 3600)
    assert [TravelSettings(mode=mode, window=window).varies for mode in ("transit", "drive", "walk", "bike")] == [
        True, True, False, False,
    ]  # fmt: skip
    assert not TravelSettings(mode="drive").varies
    assert not TravelSettings(arrive_by=60).varies
