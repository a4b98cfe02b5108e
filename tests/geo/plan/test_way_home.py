"""The way to a new home, on the street of `main_street`: home is its west end."""

import pytest

from geo.errors import OutsideRegionError
from geo.needs.needs import Needs
from geo.plan.way_home import way_home
from tests.geo.main_street import ALL_BACK, WEDNESDAY, at


def test_it_is_the_first_bus_after_one_leaves_or_a_walk_where_that_is_faster(region):
    support = region(trips=ALL_BACK)
    far = way_home(support, at(6000), at(0), Needs(), WEDNESDAY, 10 * 60 + 1)
    ride = next(leg for leg in far.legs if leg.vehicle)
    assert ride.start == (10 * 60 + 15) * 60
    assert ride.end <= far.arrival < (10 * 60 + 30) * 60
    near = way_home(support, at(800), at(0), Needs(), WEDNESDAY, 10 * 60)
    assert [leg.mode for leg in near.legs] == ["walk"]
    assert near.arrival == 36_000 + 600


def test_without_a_timetable_nobody_is_sent_to_walk_too_far(region):
    support = region(trips=ALL_BACK)
    assert way_home(support, at(6000), at(0), Needs(), None, 600) is None
    assert way_home(region(), at(6000), at(0), Needs(), WEDNESDAY, 600) is None
    assert way_home(region(), at(6000), at(0), Needs(profile="bicycle"), WEDNESDAY, 600).arrival > 36_000


def test_a_start_beyond_all_streets_is_refused(region):
    with pytest.raises(OutsideRegionError):
        way_home(region(trips=ALL_BACK), (10.0, 40.0), at(0), Needs(), WEDNESDAY, 600)
