"""The best of hand-made weeks: what goes before what, and that being in two places at once is no week."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import milp

from geo.clock import DAY, WEEK
from geo.errors import InputError
from geo.plan import solver
from geo.plan.agenda import Agenda, Event
from geo.plan.solver import Arc, solve
from geo.plan.trips import Leg
from geo.units import MINUTE


def event(kind, weekday, start, end, name="", **more):
    begin, done = weekday * DAY + round(60 * start), weekday * DAY + round(60 * end)
    return Event(kind, name or kind, 1, begin, done, done, **more)


def ways(number, one, minutes=10, back=None):
    """Return the trips from home and back, each of so many minutes."""
    there = Leg((one.start - minutes) * MINUTE, one.start * MINUTE, "walk", 0)
    away = Leg(one.free * MINUTE, (one.free + (minutes if back is None else back)) * MINUTE, "walk", 0)
    return [Arc(-1, number, there), Arc(number, -1, away)]


def best(events, arcs=None, doses=0, meetings=7, **options):
    arcs = arcs or [arc for number, one in enumerate(events) for arc in ways(number, one)]
    whole = Agenda(np.zeros(2), np.zeros(2), 1, tuple(events), doses, (), meetings, 0, 0)
    return solve(whole, arcs, **options)


def test_a_week_without_a_way_holds_nothing():
    one = event("meeting", 0, 12, 13)
    assert best([one], ways(0, one)[:1]).chosen == ()
    assert best([], []).chosen == ()


def test_trips_of_two_events_may_meet_at_home_and_not_overlap():
    # home again at 13:10, away at 13:10 the earliest
    first = event("meeting", 0, 12, 13)
    for start, together in ((13 + 20 / 60, 2), (13 + 19 / 60, 1)):
        solution = best([first, event("meeting", 0, start, 14)])
        assert len(solution.chosen) == together
        assert set(solution.there) == set(solution.away) == set(solution.chosen)


@pytest.mark.parametrize(
    ("more", "less"), [("dose", "appointment"), ("appointment", "work"), ("work", "meeting"), ("dose", "work")]
)
def test_of_two_at_once_the_one_that_is_more(more, less):
    for order in ((more, less), (less, more)):
        (chosen,) = best([event(kind, 2, 9, 10) for kind in order], doses=7).chosen
        assert order[chosen] == more


def test_two_musts_are_more_than_a_higher_one():
    # the dose lies over both shifts
    events = [event("work", 0, 9, 10), event("dose", 0, 9, 12), event("work", 0, 11, 12)]
    assert best(events, doses=1).chosen == (0, 2)


def test_no_more_meetings_and_doses_than_are_asked_for_and_one_dose_a_day():
    meetings = [event("meeting", day, 12, 13) for day in range(5)]
    assert len(best(meetings, meetings=3).chosen) == 3
    assert len(best([event("meeting", day, 12, 13) for day in range(7)]).chosen) == 7
    doses = [event("dose", day, hour, hour + 0.25) for day in range(3) for hour in (6, 9)]
    assert len(best(doses, doses=2).chosen) == 2
    chosen = best(doses, doses=7).chosen
    assert [doses[number].weekday for number in chosen] == [0, 1, 2]


def test_a_meeting_more_is_more_than_all_days():
    # two on Monday keep each other apart from none; one on each day is for as many days as can be
    monday = [event("meeting", 0, hour, hour + 1) for hour in (8, 12, 16)]
    tuesday = [event("meeting", 1, 12, 13)]
    assert best([*monday, *tuesday], meetings=2).chosen[-1] == 3
    assert best([*monday, *tuesday], meetings=4).chosen == (0, 1, 2, 3)
    assert best([*monday, *tuesday], meetings=2, settled=False).chosen[-1] == 3


def test_least_travel_then_wishes_then_the_earliest():
    events = [event("meeting", 0, hour, hour + 1, preferred=likes) for hour, likes in ((8, 0), (12, 2), (16, 1))]
    arcs = [arc for number, one in enumerate(events) for arc in ways(number, one)]
    assert best(events, meetings=1).chosen == (1,)
    assert best(events[:2][::-1], meetings=1).chosen == (0,)
    nearer = [*arcs[:4], *ways(2, events[2], minutes=9)]
    assert best(events, nearer, meetings=1).chosen == (2,)
    alike = [replace(one, preferred=1) for one in events]
    assert best(alike, meetings=1).chosen == (0,)
    liked_first = [replace(one, preferred=likes) for one, likes in zip(events, (2, 1, 0), strict=True)]
    assert best([liked_first[0], replace(liked_first[1])], meetings=1).chosen == (0,)


def test_waiting_costs_half_as_much_as_traveling():
    # from work straight to the meeting: 5 min on the way and 10 of waiting, 25 home, are 35 with waiting halved; home
    # in between and out again are 10 + 10 more than work alone
    work, then = event("work", 0, 9, 12), event("meeting", 0, 12.25, 13)
    far = event("meeting", 1, 12, 13)
    straight = Arc(0, 1, Leg(work.free * MINUTE, (work.free + 5) * MINUTE, "walk", 0))
    arcs = [*ways(0, work), straight, ways(1, then, 25)[1]]
    for minutes, chosen in ((12, (0, 2)), (13, (0, 1))):
        # (5 + 10 / 2 + 25 - 10) = 25 against 2 · minutes
        assert best([work, then, far], [*arcs, *ways(2, far, minutes)], meetings=1).chosen == chosen


def test_a_shift_past_the_week_is_kept_whole_or_not_at_all():
    night = Event("work", "work", 1, 6 * DAY + 22 * 60, WEEK + 6 * 60, WEEK + 6 * 60)
    carried = Event("work", "work", 1, 22 * 60 - DAY, 6 * 60, 6 * 60, carried=True)
    visit = event("appointment", 0, 5, 5.5)
    events = [carried, visit, night]
    arcs = [ways(0, carried)[1], Arc(-1, 0, Leg(0, 0, "", -1)), *ways(1, visit), *ways(2, night)]
    assert best(events, arcs).chosen == (1,)  # an appointment goes before work, and this morning's is Sunday's
    assert best([carried, replace(visit, kind="meeting"), night], arcs).chosen == (0, 2)


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(6, 22), st.integers(1, 40)), min_size=1, max_size=7),
       st.integers(0, 4))  # fmt: skip
def test_the_best_week_is_that_of_all_that_can_be(held, wanted):
    events = [event("meeting", day, hour, hour + 1) for day, hour, _ in held]
    arcs = [arc for number, (one, (*_, minutes)) in enumerate(zip(events, held, strict=True))
            for arc in ways(number, one, minutes)]  # fmt: skip
    chosen = best(events, arcs, meetings=wanted).chosen

    def out(number):
        return arcs[2 * number].leg.leave, arcs[2 * number + 1].leg.arrive

    def is_possible(some):
        spans = sorted(out(number) for number in some)
        return all(one[1] <= then[0] for one, then in pairwise(spans))

    def worth(some):
        days, minutes = {events[number].weekday for number in some}, sum(held[number][2] for number in some)
        return len(some), len(days), -minutes, -sum(some)

    every = [[k for k in range(len(events)) if bits >> k & 1] for bits in range(2 ** len(events))]
    assert is_possible(chosen)
    assert worth(chosen) == max(worth(some) for some in every if len(some) <= wanted and is_possible(some))


def test_of_very_many_alike_the_earliest_of_each_day():
    events = [event("meeting", day, 8 + number / 5, 8.5 + number / 5) for day in range(7) for number in range(40)]
    assert best(events).chosen == tuple(range(0, 280, 40))


def test_without_time_for_the_least_travel_the_week_is_still_planned(monkeypatch):
    searches = []

    def hurried(*given, **options):
        searches.append(milp(*given, **options))
        if len(searches) == slow:
            searches[-1].status = 1
        return searches[-1]

    monkeypatch.setattr(solver, "milp", hurried)
    slow = 2
    assert len(best([event("meeting", 0, hour, hour + 1) for hour in (8, 12, 16)], meetings=2).chosen) == 2
    assert len(searches) == slow
    searches, slow = [], 1
    with pytest.raises(InputError, match="too many choices"):
        best([event("meeting", 0, 8, 9)])
