"""What sessions are worth, and what they add up to, by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.access import decay
from geo.needs.needs import Shift
from geo.score.meetings import Sessions, coverage, meeting_score, worth

FALL = decay.within(decay.logistic(20, 6), 60)


def held(*rows):
    """Return sessions of (weekday, start, end, share of the weeks)."""
    weekday, start, end, share = (np.array([row[k] for row in rows], float) for k in range(4))
    return Sessions(np.zeros(len(rows), np.int32), weekday.astype(np.int8), start, end, share)


def by(sessions, there, back, **options):
    return worth(sessions, np.array(there, float), np.array(back, float), FALL, 10.0, **options)


def test_a_session_s_minutes_are_the_mean_of_there_and_back():
    minutes, value = by(held((0, 720, 780, 1.0), (0, 720, 780, 0.25)), [10, 10], [30, 30])
    assert minutes.tolist() == [20, 20]
    assert value == pytest.approx(FALL(20.0) * np.array([1, 0.25]))


def test_without_a_way_there_or_back_it_is_never():
    minutes, value = by(held(*[(0, 720, 780, 1.0)] * 3), [np.inf, 10, 10], [10, np.inf, 10])
    assert minutes.tolist() == [np.inf, np.inf, 10]
    assert (value > 0).tolist() == [False, False, True]


def test_one_is_home_by_the_curfew_of_its_evening():
    # out at 13:10, home at 13:40
    sessions = held((0, 720, 780, 1.0), (1, 720, 780, 1.0))
    evenings = np.array([820.0, 819.0, *[np.inf] * 5])
    assert np.isfinite(by(sessions, [10, 10], [30, 30], curfew=evenings)[0]).tolist() == [True, False]
    assert np.isfinite(by(sessions, [10, 10], [30, 30], curfew=819.0)[0]).tolist() == [False, False]


def test_no_session_keeps_one_from_work():
    # from 11:50 until 13:40
    sessions = held((0, 720, 780, 1.0))
    for start, end, is_free in ((820, 900, True), (819, 900, False), (600, 710, True), (600, 711, False)):
        minutes, _ = by(sessions, [10], [30], shifts=(Shift(0, start, end),))
        assert np.isfinite(minutes[0]) == is_free
    assert np.isfinite(by(sessions, [10], [30], shifts=(Shift(1, 600, 900),))[0]).all()


def test_neither_a_curfew_nor_work_keeps_one_from_a_room_that_is_open_all_day():
    sessions = held((0, 0, 1440, 1.0), (0, 0, 1439, 1.0))
    for rules in ({"curfew": 1320.0}, {"shifts": (Shift(0, 540, 1020),)}):
        assert np.isfinite(by(sessions, [10, 10], [30, 30], **rules)[0]).tolist() == [True, False]
    assert np.isinf(by(sessions, [np.inf, 10], [30, np.inf])[0]).all()


def test_what_a_week_adds_up_to():
    sessions = held((0, 600, 660, 1.0), (0, 720, 780, 1.0), (6, 720, 780, 1.0), (3, 720, 780, 1.0))
    week = coverage(sessions, np.array([5.0, 6.0, 7.0, 8.0]), np.array([0.5, 0.5, 0.25, 0.0]))
    assert week.per_day == (0.75, 0, 0, 0, 0, 0, 0.25)
    assert (week.days_covered, week.choice) == (1.0, 1.25)
    assert week.counts.tolist() == [True, True, True, False]
    assert week.minutes.tolist() == [5, 6, 7, np.inf]
    assert week.days_without == ("Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")


@given(st.floats(0, 7), st.floats(0, 50))
def test_days_and_choice_count_by_their_shares(days, choice):
    assert meeting_score(7, 1e9, 0.75, 7) == pytest.approx(1)
    assert meeting_score(0, 0, 0.75, 7) == 0
    assert meeting_score(days, choice, 1.0, 7) == pytest.approx(days / 7)
    assert meeting_score(days, choice, 0.0, 7) == pytest.approx(1 - np.exp(-choice / 7))
    assert meeting_score(days, choice, 0.75, 7) == pytest.approx(
        0.75 * days / 7 + 0.25 * meeting_score(days, choice, 0.0, 7)
    )
