"""Trips looked up in hand-made tables: the last one there, the first one back, the fastest between two times."""

import numpy as np
import pytest

from geo.clock import DAY, WEEK
from geo.plan.trips import Leg, Legs, no_trip
from geo.streets.traffic import usual_traffic
from geo.timetables.calendar import MORNING_MINUTES
from geo.travel.kernels_raptor import UNREACHED
from geo.units import MINUTE

NOON = 12 * 60


def tables(leaving=(), arriving=(), out=None, back=None, service=(0,) * 7, services=1):
    """Return the times to place 1: `leaving` and `arriving` as (service, minute of the day, seconds)."""
    shape = (services, DAY, 2)
    there, again = np.full(shape, UNREACHED, np.int32), np.full(shape, UNREACHED, np.int32)
    for table, entries in ((there, leaving), (again, arriving)):
        for number, minute, seconds in entries:
            table[number, minute - MORNING_MINUTES, 1] = seconds
    bands = len(usual_traffic().bands)
    streets = [{mode: np.full((bands, 2), seconds, np.int32) for mode, seconds in (ways or {}).items()}
               for ways in (out, back)]  # fmt: skip
    return Legs(there, again, *streets, np.array(service), usual_traffic())


def at(leg):
    return None if leg is None else (leg.leave / MINUTE, leg.arrive / MINUTE)


def test_who_is_there_already_takes_no_time():
    assert no_trip(NOON) == Leg(NOON * MINUTE, NOON * MINUTE, "", 0)
    assert no_trip(MORNING_MINUTES - 1).service_day == -1
    assert no_trip(MORNING_MINUTES).service_day == 0
    assert no_trip(DAY + NOON).seconds == 0


def test_the_last_trip_there_is_in_time_and_no_longer_than_may_be():
    legs = tables(leaving=[(0, NOON, 600), (0, NOON + 5, 300), (0, NOON + 6, 300)])
    assert at(legs.last_out(1, NOON + 11, 60)) == (NOON + 6, NOON + 11)
    assert at(legs.last_out(1, NOON + 10, 60)) == (NOON + 5, NOON + 10)
    assert at(legs.last_out(1, NOON + 10, 5)) == (NOON + 5, NOON + 10)
    assert legs.last_out(1, NOON + 10, 4) is None
    assert legs.last_out(1, NOON + 9, 60) is None
    assert at(legs.last_out(1, DAY + NOON + 10, 60)) == (DAY + NOON + 5, DAY + NOON + 10)


def test_a_place_no_seconds_away_is_left_for_at_the_last_minute():
    legs = tables(leaving=[(0, minute, 0) for minute in range(NOON - 5, NOON + 5)],
                  arriving=[(0, minute, 0) for minute in range(NOON - 5, NOON + 5)])  # fmt: skip
    assert at(legs.last_out(1, NOON, 2)) == at(legs.first_back(1, NOON, 2)) == (NOON, NOON)


def test_the_first_trip_back_starts_no_earlier_than_may_be():
    legs = tables(arriving=[(0, NOON + 10, 600), (0, NOON + 9, 600), (0, NOON + 20, 300)])
    assert at(legs.first_back(1, NOON, 60)) == (NOON, NOON + 10)
    assert at(legs.first_back(1, NOON - 1, 60)) == (NOON - 1, NOON + 9)
    assert at(legs.first_back(1, NOON, 9)) is None
    assert at(legs.first_back(1, NOON + 1, 19)) == (NOON + 1, NOON + 20)
    assert legs.first_back(1, NOON + 1, 18) is None
    assert legs.first_back(1, NOON + 1, 4) is None


def test_the_fastest_trip_between_two_times_is_the_earliest_of_equals():
    legs = tables(leaving=[(0, NOON, 900), (0, NOON + 5, 300), (0, NOON + 8, 300), (0, NOON + 20, 60)],
                  arriving=[(0, NOON, 900), (0, NOON + 5, 300), (0, NOON + 8, 300), (0, NOON + 20, 60)])  # fmt: skip
    assert at(legs.fastest_out(1, NOON, NOON + 20, 60)) == (NOON + 5, NOON + 10)
    assert at(legs.fastest_out(1, NOON, NOON + 21, 60)) == (NOON + 20, NOON + 21)
    assert at(legs.fastest_out(1, NOON + 6, NOON + 13, 60)) == (NOON + 8, NOON + 13)
    assert legs.fastest_out(1, NOON + 6, NOON + 12, 60) is None
    assert legs.fastest_out(1, NOON, NOON + 15, 4) is None
    assert at(legs.fastest_out(1, NOON, NOON + 10, 5)) == (NOON + 5, NOON + 10)
    assert at(legs.fastest_back(1, NOON - 15, NOON + 19, 60)) == (NOON, NOON + 5)
    assert at(legs.fastest_back(1, NOON, NOON + 5, 5)) == (NOON, NOON + 5)
    assert at(legs.fastest_back(1, NOON, NOON + 20, 5)) == (NOON + 19, NOON + 20)
    assert legs.fastest_back(1, NOON + 4, NOON + 8, 60) is None
    assert legs.fastest_back(1, NOON, NOON + 10, 4) is None


def test_each_weekday_has_its_service_and_the_small_hours_that_of_the_evening():
    weekend = tables(
        leaving=[(0, NOON, 600), (1, NOON, 1200), (1, DAY + 60, 60)], services=2, service=(0,) * 5 + (1, 1)
    )
    assert weekend.last_out(1, 4 * DAY + NOON + 10, 60).seconds == 600
    assert weekend.last_out(1, 5 * DAY + NOON + 20, 60).seconds == 1200
    assert weekend.last_out(1, 5 * DAY + NOON + 10, 60) is None
    # Saturday's 25:00 is Sunday's 1:00; Sunday's ends the week, and began it
    for midnight, is_held in (
        (5 * DAY, False),
        (6 * DAY, True),
        (7 * DAY, True),
        (0, True),
        (DAY, False),
        (WEEK, True),
    ):
        assert (weekend.last_out(1, midnight + 61, 30) is not None) == is_held


def test_the_mode_is_that_of_the_street_that_takes_as_long_else_transit():
    legs = tables(leaving=[(0, NOON, 600), (0, NOON + 30, 540)], arriving=[(0, NOON, 600), (0, NOON + 30, 540)],
                  out={"walk": 600}, back={"walk": 540})  # fmt: skip
    assert [legs.last_out(1, minute, 20).mode for minute in (NOON + 10, NOON + 39)] == ["walk", "transit"]
    assert [legs.first_back(1, minute, 11).mode for minute in (NOON - 10, NOON + 20)] == ["transit", "walk"]
    assert legs.last_out(1, NOON + 10, 20).traffic is None
    bike = tables(leaving=[(0, NOON, 600)], out={"walk": 900, "bike": 600, "drive": 300})
    assert (bike.last_out(1, NOON + 10, 20).mode, bike.last_out(1, NOON + 10, 20).traffic) == ("bike", None)


def test_a_car_meets_the_traffic_of_the_minute_at_which_it_leaves():
    traffic = usual_traffic()
    change = next(
        minute for minute in range(NOON) if traffic.at(0, minute) != traffic.at(0, minute - 1) and minute > 300
    )
    legs = tables(leaving=[(0, change, 600), (0, change - 1, 600)], arriving=[(0, change, 600), (0, change + 1, 600)],
                  out={"drive": 600}, back={"drive": 600})  # fmt: skip
    before, after = int(traffic.at(0, change - 1)), int(traffic.at(0, change))
    assert legs.last_out(1, change + 10, 20).traffic == after
    assert legs.last_out(1, change + 9, 20).traffic == before
    # asked by arrival, that of the minute before it
    assert legs.first_back(1, change - 10, 20).traffic == before
    assert legs.first_back(1, change - 9, 20).traffic == after
    assert legs.first_back(1, change - 10, 20).mode == "drive"


@pytest.mark.parametrize(("minute", "day"), [(MORNING_MINUTES, 0), (DAY + MORNING_MINUTES - 20, 0), (DAY + NOON, 1)])
def test_the_day_of_service_begins_at_four(minute, day):
    own = MORNING_MINUTES + (minute - MORNING_MINUTES) % DAY
    legs = tables(leaving=[(0, own, 300)], arriving=[(0, own, 300)])
    assert legs.last_out(1, minute + 5, 10).service_day == day
    assert legs.first_back(1, minute - 5, 10).service_day == day


def test_what_is_reached_has_a_way_there_and_back():
    one_way = tables(leaving=[(0, NOON, 600)])
    both = tables(leaving=[(0, NOON, 600)], arriving=[(0, NOON + 60, 600)])
    assert one_way.reached.tolist() == tables(arriving=[(0, NOON, 600)]).reached.tolist() == [False, False]
    assert both.reached.tolist() == [False, True]


def test_a_trip_is_looked_up_once():
    legs = tables(leaving=[(0, NOON, 600)])
    assert legs.last_out(1, NOON + 10, 20) is legs.last_out(1, NOON + 10, 20)
    assert legs.first_back(1, NOON + 10, 20) is None
    assert len(legs.known) == 2
