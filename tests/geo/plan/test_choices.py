"""Which trips can be made at night, and which program a dose is had at."""

import datetime

import numpy as np
import pytest

from geo.clock import DAY
from geo.needs.curfew import every_evening
from geo.needs.needs import Appointment, Needs, Shift
from geo.plan.agenda import Event, agenda
from geo.plan.choices import Setting, choose, evenings, longest, out_for
from geo.plan.model import PlanSettings
from geo.plan.trips import Leg
from geo.score.service_week import week_of
from geo.units import MINUTE
from tests.geo.main_street import WEDNESDAY, at, resource, session, spot

THANKSGIVING = datetime.date(2026, 11, 23)


@pytest.fixture(scope="module")
def chosen(region):
    """Return a function that gives the best week of a person at 0 m who goes on foot alone."""

    def make(needs, resources=(), sessions=(), date=WEDNESDAY, **options):
        support = region(resources, sessions)
        week, settings = week_of(support, needs, date), PlanSettings()
        whole = agenda(support, *at(0), needs, settings, week)
        return choose(Setting(support, *at(0), week, settings, whole), needs, **options)

    return make


def names(choices):
    return [choices.agenda.events[number].name for number in choices.solution.chosen]


def test_a_trip_to_a_meeting_is_shorter_than_to_anything_else():
    settings = PlanSettings(longest_trip_minutes=90, meeting_trip_minutes=60)
    meeting, work, dose, visit = (
        Event(kind, kind, 1, 0, 60, 60) for kind in ("meeting", "work", "dose", "appointment")
    )
    assert [longest(settings, one) for one in (meeting, work, dose, visit)] == [60, 90, 90, 90]
    assert [longest(settings, dose, one) for one in (meeting, work, visit)] == [60, 90, 90]


def test_out_with_its_trips_or_by_itself():
    one = Event("meeting", "m", 1, 720, 780, 790)
    there, back = Leg(700 * MINUTE, 715 * MINUTE, "walk", 0), Leg(790 * MINUTE, 810 * MINUTE, "walk", 0)
    assert out_for(one, there, back) == (700 * MINUTE, 810 * MINUTE)
    assert out_for(one, None, None) == (720 * MINUTE, 790 * MINUTE)


@pytest.mark.parametrize(
    ("begin", "end", "hit"),
    [
        (23, 24, {0}),
        (21, 22, set()),
        (22, 28, {0}),
        (4, 21, set()),
        (28, 30, set()),
        (27.9, 46.1, {0, 1}),
        (0, 3, {6}),
        (70, 71, {2}),
        (-1, 0, {6}),
        (191, 192, {0}),
    ],
)
def test_being_out_reaches_into_nights(begin, end, hit):
    # home from 22:00 to 04:00, on every evening of a week and around it
    nights = tuple(((day * DAY + 22 * 60) * MINUTE, (day * DAY + 28 * 60) * MINUTE) for day in range(-1, 9))
    assert evenings(nights, begin * 60 * MINUTE, end * 60 * MINUTE) == hit


@pytest.mark.parametrize(
    ("start", "end", "fits"),
    [
        (246, 300, True), (244, 300, False),  # 5 minutes on foot from 04:01, from 03:59
        (20 * 60, 21 * 60 + 55, True), (20 * 60, 21 * 60 + 56, False),
        (21 * 60 + 30, 25 * 60, False),
    ],
)  # fmt: skip
def test_no_trip_and_no_visit_reaches_into_the_night(chosen, start, end, fits):
    needs = Needs(appointments=(Appointment(1, start, end, spot("court", 400)),), curfew=every_evening(22 * 60))
    choices = chosen(needs)
    assert names(choices) == ["court"] * fits
    assert choices.unmet == (not fits)
    assert (choices.at_night[0] > 0) == (not fits)
    assert [one.name for one in choices.missing()] == ["court"] * (not fits)


def test_by_how_many_minutes_the_night_is_reached_into(chosen):
    late = Needs(appointments=(Appointment(1, 1200, 1330, spot("court", 400)),), curfew=every_evening(22 * 60))
    assert chosen(late).at_night == (pytest.approx(15, abs=0.05),)
    assert not chosen(late).in_the_night - set(chosen(late).agenda.events)
    assert len(chosen(late).in_the_night) == 1
    just = Needs(appointments=(Appointment(1, 1200, 1317, spot("court", 400)),), curfew=every_evening(22 * 60))
    assert chosen(just).at_night == (pytest.approx(2, abs=0.05),)
    assert chosen(just).in_the_night == frozenset()


@pytest.mark.parametrize(("meters", "hours", "is_far"), [
    (1200, "We-Sa 05:30-11:00; PH off", True),  # three days and a holiday against three
    (1200, "We-Fr 05:30-11:00; PH off", False),  # as many days: the nearer one
    (1200, "Mo-Th 05:30-11:00", True),
    (800, "Mo-We 05:30-11:00", False),
])  # fmt: skip
def test_a_dose_is_had_where_it_can_be_on_most_days_then_with_least_travel(chosen, meters, hours, is_far):
    near, far = (
        resource("opioid_treatment_program", place, number, medications="methadone", opening_hours=open_on)
        for number, (place, open_on) in enumerate(((800, "Mo-We 05:30-11:00; PH off"), (meters, hours)))
    )
    needs = Needs(medications=("methadone",), meetings_per_week=0, max_walk_minutes=40)
    events = chosen(needs, [near, far], date=THANKSGIVING).agenda.events
    assert {one.resource_id for one in events} == {(far if is_far else near)["resource_id"]}


def test_travel_is_compared_by_the_day(chosen):
    # one day and a holiday at 1,000 m against two at 800 m: 25 minutes a day against 20
    once, twice = (
        resource("opioid_treatment_program", place, medications="methadone", opening_hours=open_on)
        for place, open_on in ((1000, "We-Th 05:30-11:00; PH off"), (800, "Mo-Tu 05:30-11:00"))
    )
    needs = Needs(medications=("methadone",), meetings_per_week=0)
    events = chosen(needs, [once, twice], date=THANKSGIVING).agenda.events
    assert {one.resource_id for one in events} == {twice["resource_id"]}


def test_what_is_counted_as_unmet(chosen):
    meeting = resource("meeting", 400)
    held = [session(meeting, 1, 12, 13)]
    shifts = (Shift(1, 600, 900), Shift(2, 600, 900))
    needs = Needs(shifts=shifts, meetings_per_week=3, work_place=spot("work", 400))
    choices = chosen(needs, [meeting], held)
    assert (choices.count("work"), choices.count("meeting"), choices.unmet) == (2, 0, 3)
    assert chosen(Needs(shifts=shifts), [meeting], held).unmet == 0
    assert chosen(needs, [meeting], held, musts_only=True).agenda.events == tuple(
        one for one in choices.agenda.events if one.kind == "work"
    )
    far = chosen(Needs(shifts=shifts, work_place=spot("work", 8000)), [meeting], held)
    assert (far.unmet, far.count("meeting")) == (2, 0)
    assert far.there[0] is None
    assert np.isfinite(far.at_night).all()


def test_of_the_meetings_asked_for_those_that_there_are_not_are_unmet(chosen):
    meeting = resource("meeting", 400)
    assert chosen(Needs(meetings_per_week=4), [meeting], [session(meeting, 1, 12, 13)]).unmet == 3
