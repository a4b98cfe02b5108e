"""Where transit doesn't reach, a longer walk may: on a straight street, 80 m a minute."""

from dataclasses import replace

import pandas as pd
import pytest

from geo.travel.longer_walks import LONGEST_WALK_MINUTES, longer_walks
from geo.travel.travel_times import TravelSettings, travel_times
from tests.geo.main_street import ALL_DAY, WEDNESDAY, along

BY_BUS = TravelSettings(date=WEDNESDAY, window=(2 * 3600, 2 * 3600 + 60), max_minutes=60)
"""In the night, when no bus runs: what is reached is a walk of 20 minutes (1,600 m) at most."""


def places(**meters: float) -> pd.DataFrame:
    lon, lat = along(list(meters.values()))
    return pd.DataFrame({"id": list(meters), "lon": lon, "lat": lat})


def test_what_only_a_longer_walk_reaches(region) -> None:
    network = region([], trips=ALL_DAY).network
    here, there = places(home=0), places(near=1000, far=2456, farther=3590, beyond=3610)
    reached = travel_times(network, here, there, BY_BUS)
    assert reached["destination_id"].tolist() == ["near"]
    walks = longer_walks(network, here, there, BY_BUS, reached)
    assert walks["destination_id"].tolist() == ["far", "farther"]
    assert walks["minutes"].tolist() == pytest.approx([30.7, 44.875], abs=0.05)
    assert LONGEST_WALK_MINUTES < 3610 / 80, "`beyond` is within the hour, and not told of"
    shorter = replace(BY_BUS, max_minutes=40)
    assert longer_walks(network, here, there, shorter, reached)["destination_id"].tolist() == ["far"]


def test_on_foot_and_where_all_is_reached_there_is_nothing_to_say(region) -> None:
    network = region([], trips=ALL_DAY).network
    here, there = places(home=0), places(near=1000, far=2456)
    for settings in (TravelSettings(mode="walk", max_minutes=20), BY_BUS):
        few = there if settings.mode == "walk" else there.head(1)
        assert longer_walks(network, here, few, settings, travel_times(network, here, few, settings)).empty
