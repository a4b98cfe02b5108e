"""The last bus home of each day, on the street of `main_street`: a bus every quarter of an hour, the last at 20:45."""

from dataclasses import replace

import pytest

from geo.needs.curfew import Curfew, every_evening
from geo.needs.needs import Appointment, Needs
from geo.plan.last_home import last_rides_home
from geo.plan.week_plan import plan_week
from tests.geo.main_street import WEDNESDAY, at, spot

BUSES = [
    f"{name}{h}{m} daily bus: {one} {h}:{m:02d} {two} {h}:{m + 8:02d}"
    for name, one, two in (("t", "a", "b"), ("u", "b", "a"))
    for h in range(5, 21)
    for m in (0, 15, 30, 45)
]
COURT = Appointment(1, 600, 660, spot("court", 6000))


def lasts(support, needs):
    week = plan_week(support, at(0), needs, WEDNESDAY)
    return week, last_rides_home(support, at(0), needs, week.days)


@pytest.mark.parametrize(
    ("curfew", "starts"),
    [(None, 20 * 60 + 45), (every_evening(19 * 60), 18 * 60 + 45), (every_evening(18 * 60 + 53), 18 * 60 + 45),
     (every_evening(18 * 60 + 52), 18 * 60 + 30)],
)  # fmt: skip
def test_it_is_the_last_that_is_home_by_the_curfew(region, curfew, starts):
    needs = Needs(appointments=(COURT,), curfew=curfew, meetings_per_week=0)
    _, ways = lasts(region(trips=BUSES), needs)
    ride = next(leg for leg in ways[1].journey.legs if leg.vehicle)
    assert ride.start // 60 == starts
    assert ways[1].stop.name == "court"
    assert curfew is None or ways[1].journey.arrival <= 60 * curfew.minutes[1]


def test_a_day_at_home_is_told_from_where_one_mostly_is(region):
    _, ways = lasts(region(trips=BUSES), Needs(appointments=(COURT,), meetings_per_week=0))
    assert [way.stop.name for way in ways] == ["court"] * 7
    assert all(way.journey is not None for way in ways)


def test_what_is_excused_from_the_curfew_has_its_own_last_bus(region):
    late = replace(COURT, start_minute=19 * 60, end_minute=20 * 60)
    curfew = Curfew((18 * 60,) * 7, excused=("court",))
    week, ways = lasts(region(trips=BUSES), Needs(appointments=(late,), curfew=curfew, meetings_per_week=0))
    back = week.days[1].stops[-1]
    assert back.start > 20 * 60
    assert ways[1].journey.arrival / 60 <= back.start
    assert ways[1].journey.legs[0].start >= 20 * 3600


def test_who_can_walk_home_needs_no_bus(region):
    near = replace(COURT, place=spot("court", 800))
    _, ways = lasts(region(trips=BUSES), Needs(appointments=(near,), meetings_per_week=0))
    assert ways[1].walkable
    assert ways[1].journey is None


def test_where_nothing_goes_home_there_is_none(region):
    one_way = [trip for trip in BUSES if trip.startswith("t")]
    support = region(trips=BUSES)
    week = plan_week(support, at(0), Needs(appointments=(COURT,), meetings_per_week=0), WEDNESDAY)
    ways = last_rides_home(region(trips=one_way), at(0), Needs(), week.days)
    assert ways[1].journey is None
    assert not ways[1].walkable


def test_without_anything_away_from_home_or_a_timetable_there_is_nothing_to_tell(region):
    _, ways = lasts(region(trips=BUSES), Needs(meetings_per_week=0))
    assert ways == (None,) * 7
    near = Needs(appointments=(replace(COURT, place=spot("court", 800)),), meetings_per_week=0)
    _, ways = lasts(region(), near)
    assert ways == (None,) * 7
