"""The week, shifts and curfews; and meetings in their own hour, by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.access import decay
from geo.clock import minutes_text
from geo.needs import schedule
from geo.needs.curfew import every_evening
from geo.needs.needs import Needs, Shift
from geo.score.meetings import Sessions, coverage, meeting_score, worth

ALWAYS = decay.within(decay.logistic(20, 8), 45)
times = st.floats(0, 60) | st.just(float("inf"))


def sessions(*rows):
    """Return sessions from (weekday, start hour, end hour)."""
    day, start, end = zip(*rows, strict=True)
    return Sessions(
        np.zeros(len(rows), np.int32),
        np.array(day, np.int8),
        60 * np.array(start, float),
        60 * np.array(end, float),
        np.ones(len(rows)),
    )


def covered(week, *rules, **more):
    """Return what sessions add up to by one way of traveling."""
    return coverage(week, *worth(week, *rules, **more))


def test_a_curfew_after_midnight_is_late():
    assert schedule.curfew_limits(Needs(curfew=every_evening(22 * 60))) == (22 * 60,) * 7
    assert schedule.curfew_limits(Needs(curfew=every_evening(30))) == (24 * 60 + 30,) * 7
    assert schedule.curfew_limits(Needs()) == (float("inf"),) * 7


def test_shifts_keep_busy_over_midnight_and_over_the_week():
    night = [Shift(6, 22 * 60, 30 * 60)]  # Sunday 22:00 to Monday 06:00
    monday, leave, home = np.array([0, 0]), np.array([5.0, 6.0]) * 60, np.array([7.0, 8.0]) * 60
    assert schedule.busy(night, monday, leave, home).tolist() == [True, False]
    assert schedule.busy((), monday, leave, home).tolist() == [False, False]


def test_clock():
    assert minutes_text(19 * 60 + 5.9) == "19:05"
    assert minutes_text(24 * 60 + 10) == "24:10"


def test_coverage_by_hand():
    # two sessions on Monday at t = 20 (f = ½ but for g(0)), one on Tuesday at t = 0 (f = 1), none after
    week = sessions((0, 12, 13), (0, 19, 20), (1, 19, 20))
    coverage = covered(week, np.array([10.0, 25, 0]), np.array([30.0, 15, 0]), ALWAYS, 10)
    half = float(ALWAYS(20))
    assert half == pytest.approx(0.5, abs=0.01)
    assert coverage.minutes.tolist() == [20, 20, 0]
    assert coverage.per_day[:2] == pytest.approx((1 - (1 - half) ** 2, 1))
    assert coverage.days_covered == pytest.approx(2 - (1 - half) ** 2)
    assert coverage.choice == pytest.approx(2 * half + 1)
    assert coverage.days_without == ("Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    assert meeting_score(7, 1e9, 0.75, 7) == pytest.approx(1)
    assert meeting_score(2, 7, 0.75, 7) == pytest.approx(0.75 * 2 / 7 + 0.25 * (1 - np.exp(-1)))


def test_home_by_curfew_and_around_work():
    week = sessions((0, 19, 20))
    there, back = np.array([15.0]), np.array([20.0])  # out 18:45, home 20:30
    count = lambda **rules: covered(week, there, back, ALWAYS, 10, **rules).counts.tolist()  # noqa: E731
    assert count() == [True]
    assert count(curfew=20 * 60 + 30) == [True]
    assert count(curfew=20 * 60 + 29) == [False]
    assert count(shifts=[Shift(0, 9 * 60, 18 * 60 + 45)]) == [True]
    assert count(shifts=[Shift(0, 9 * 60, 18 * 60 + 46)]) == [False]
    assert count(shifts=[Shift(0, 20 * 60 + 30, 28 * 60)]) == [True]
    assert count(shifts=[Shift(0, 20 * 60 + 29, 28 * 60)]) == [False]
    assert count(shifts=[Shift(1, 0, 24 * 60)]) == [True]


def test_no_way_there_or_back_doesnt_count():
    week = sessions((0, 19, 20), (1, 19, 20), (2, 19, 20))
    coverage = covered(week, np.array([np.inf, 5, 50]), np.array([5, np.inf, 41]), ALWAYS, 10)
    assert not coverage.counts.any()  # the third's t of 45.5 is over the limit
    assert coverage.days_covered == coverage.choice == 0
    assert np.isinf(coverage.minutes).all()


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(6, 21), times, times), min_size=1, max_size=12), st.data())
def test_more_is_never_less(rows, data):
    day, hour, there, back = zip(*rows, strict=True)
    week = sessions(*[(d, h, h + 1) for d, h in zip(day, hour, strict=True)])
    there, back = np.array(there), np.array(back)
    curfew = data.draw(st.integers(18 * 60, 24 * 60))
    shifts = [Shift(0, 8 * 60, 17 * 60)]
    base = covered(week, there, back, ALWAYS, 10, curfew, shifts)
    for better in (
        covered(week, there, back, ALWAYS, 10, curfew + 30, shifts),
        covered(week, there * 0.8, back, ALWAYS, 10, curfew, shifts),
        covered(week, there, back * 0.8, ALWAYS, 10, curfew, shifts),
        covered(week, there, back, ALWAYS, 10, curfew),
    ):
        assert better.days_covered >= base.days_covered - 1e-12
        assert better.choice >= base.choice - 1e-12
