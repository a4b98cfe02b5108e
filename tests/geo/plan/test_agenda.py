"""What a week may hold, on a street small enough for paper: shifts, visits, doses and meetings, at their times."""

import datetime

import pytest

from geo.clock import DAY, WEEK
from geo.needs.needs import Appointment, Needs, Shift, StayAway
from geo.plan.agenda import agenda, doses_due, with_shifts
from geo.plan.model import PlanSettings
from geo.score.parameters import load_parameters
from geo.score.service_week import week_of
from tests.geo.main_street import WEDNESDAY, at, resource, session, spot

MONDAY = datetime.date(2024, 3, 4)
THANKSGIVING = datetime.date(2026, 11, 23)
METHADONE = Needs(medications=("methadone",), meetings_per_week=0)
WORK = spot("work", 800)


@pytest.fixture(scope="module")
def held(region):
    """Return a function that gives the agenda of a person at 0 m in a region without a timetable."""

    def make(needs, resources=(), sessions=(), date=WEDNESDAY, **settings):
        support = region(resources, sessions)
        return agenda(support, *at(0), needs, PlanSettings(**settings), week_of(support, needs, date))

    return make


def times(whole, kind=None):
    """Return weekday, start and end (hours from the midnight that begins the day) of the events of a kind."""
    return [(one.weekday, (one.start - one.midnight) / 60, (one.end - one.midnight) / 60)
            for one in whole.events if kind in (None, one.kind)]  # fmt: skip


def program(hours=None, meters=1200, number=0):
    return resource("opioid_treatment_program", meters, number, medications="methadone", opening_hours=hours)


def test_shifts_and_visits_stand_in_order_of_time_and_the_small_hours_at_the_end(held):
    needs = Needs(
        shifts=(Shift(1, 540, 1020), Shift(0, 30, 480), Shift(0, 240, 300)),
        appointments=(Appointment(0, 600, 660, spot("court", 400)),),
        work_place=WORK,
        meetings_per_week=0,
    )
    whole = held(needs)
    # what begins on Monday before 04:00 ends the week, and reaches into its first morning again
    assert [(one.kind, one.start) for one in whole.events] == [
        ("work", 30), ("work", 240), ("appointment", 600), ("work", DAY + 540), ("work", WEEK + 30),
    ]  # fmt: skip
    assert [one.carried for one in whole.events] == [True, False, False, False, False]
    assert [one.weekday for one in whole.events] == [6, 0, 0, 1, 6]
    assert all(one.free == one.end for one in whole.events)
    assert (whole.events[1].end, whole.events[-1].end, whole.work) == (300, WEEK + 480, 1)


@pytest.mark.parametrize(("end", "events"), [(24 * 60, 1), (24 * 60 + 1, 2)])
def test_a_shift_that_passes_the_end_of_the_week_begins_it_too(held, end, events):
    whole = held(Needs(shifts=(Shift(6, 1200, end),), work_place=WORK))
    assert len(whole.events) == events
    assert [one.end - one.start for one in whole.events] == [end - 1200] * events


def test_every_place_has_one_number_and_home_is_0(held):
    meeting = resource("meeting", 800)
    needs = Needs(
        shifts=(Shift(1, 540, 1020),), work_place=WORK,
        appointments=(Appointment(2, 600, 660, spot("court", 400)), Appointment(3, 600, 660, spot("home visit", 0))),
    )  # fmt: skip
    whole = held(needs, [meeting], [session(meeting, 4, 12, 13)])
    assert {one.name: one.place for one in whole.events} == {
        "work": 1, "court": 2, "home visit": 0, "meeting at 800 m": 1,
    }  # fmt: skip
    assert list(zip(whole.lon, whole.lat, strict=True)) == [at(0), at(800), at(400)]
    assert held(Needs(work_place=WORK)).work == 0
    assert [one.place for one in held(Needs(shifts=(Shift(1, 540, 1020),))).events] == [0]


@pytest.mark.parametrize(
    ("needs", "doses", "meetings"),
    [
        (Needs(), 0, 7), (METHADONE, 6, 0), (Needs(meetings_per_week=3), 0, 3),
        (Needs(medications=("methadone",), doses_per_week=3), 3, 7),
        (Needs(medications=("methadone",), dose_days=(1, 4), doses_per_week=3), 2, 7),
    ],
)  # fmt: skip
def test_how_many_doses_and_meetings_are_looked_for(held, needs, doses, meetings):
    whole = held(needs)
    assert (whole.doses, whole.meetings) == (doses, meetings)


def test_a_dose_may_be_had_at_each_step_while_the_program_is_open(held):
    whole = held(
        METHADONE, [program("Mo 06:00-07:00,09:00-09:15; Tu 04:00-04:10")], dose_minutes=15, dose_step_minutes=20
    )
    assert times(whole) == [(0, 6, 6.25), (0, pytest.approx(6 + 1 / 3), pytest.approx(6 + 7 / 12)),
                            (0, pytest.approx(6 + 2 / 3), pytest.approx(6 + 11 / 12)), (0, 9, 9.25)]  # fmt: skip
    assert {one.resource_id for one in whole.events} == {"toy:opioid_treatment_program-1200-0"}
    assert all(one.free == one.end for one in whole.events)


def test_a_dose_is_had_in_the_person_s_window_alone_and_on_the_person_s_days(held):
    needs = Needs(medications=("methadone",), dose_window=(390, 420), dose_days=(0, 2))
    whole = held(needs, [program("Mo-We 06:00-11:00")], dose_minutes=15, dose_step_minutes=15)
    assert times(whole, "dose") == [(day, 6.5 + k / 4, 6.75 + k / 4) for day in (0, 2) for k in (0, 1)]
    unknown = held(needs, [program()], dose_minutes=30, dose_step_minutes=15)
    assert times(unknown, "dose") == [(0, 6.5, 7), (2, 6.5, 7)]
    assert times(held(needs, [program("Mo 05:00-06:30")]), "dose") == []


def test_where_neither_hours_nor_a_window_are_known_those_of_the_score_hold(held):
    whole = held(METHADONE, [program()], dose_minutes=15, dose_step_minutes=300)
    (begins,) = [rule.start / 60 for rule in load_parameters().classes if rule.applies == "methadone"]
    assert times(whole) == [(day, begins, begins + 0.25) for day in range(7)]


@pytest.mark.parametrize(
    ("hours", "days", "closed", "open_days"),
    [
        ("Mo-Sa 05:30-11:00; PH off", (), [("thanksgiving", True)], 6),
        ("Mo-Sa 05:30-11:00", (), [("thanksgiving", False)], 6),
        ("Mo-Sa 05:30-11:00; PH 07:00-09:00", (), [], 6),
        ("Mo-We,Fr 05:30-11:00", (), [], 4),
        ("Mo-Sa 05:30-11:00; PH off", (0, 4), [], 6),
        ("Mo-Sa 05:30-11:00; PH off", (3,), [("thanksgiving", True)], 6),
    ],
)
def test_holidays_of_a_program(held, hours, days, closed, open_days):
    needs = Needs(medications=("methadone",), dose_days=days)
    whole = held(needs, [program(hours)], date=THANKSGIVING)
    (name,) = whole.holidays
    assert [(one.weekday, one.closed) for one in whole.holidays[name]] == [(3, shut) for _, shut in closed]
    assert whole.open_days == {name: open_days}


def test_a_week_that_is_odd_on_one_day_is_known_by_the_one_after(held):
    # closed on the Thursday before as well: the Thursday after says that it is a day of doses
    hours = "Mo-Sa 05:30-11:00; 2026 Nov 19 off; PH off"
    (holidays,) = held(METHADONE, [program(hours)], date=THANKSGIVING).holidays.values()
    assert [(one.weekday, one.closed) for one in holidays] == [(3, True)]
    (holidays,) = held(METHADONE, [program(hours + "; 2026 Dec 03 off")], date=THANKSGIVING).holidays.values()
    assert holidays == ()


@pytest.mark.parametrize(
    ("needs", "hours", "due"),
    [
        ({}, "Mo-Sa 05:30-11:00; PH off", (5, ())), ({}, "Mo-Su 05:30-11:00; PH off", (6, ())),
        ({"doses_per_week": 7}, "Mo-Su 05:30-11:00; PH off", (6, ())),
        ({"doses_per_week": 7}, "Mo-Sa 05:30-11:00; PH off", (6, ())),
        ({"doses_per_week": 2}, "Mo-Th 05:30-11:00; PH off", (2, ())),
        ({"doses_per_week": 2}, "Th 05:30-11:00; PH off", (1, ())),
        ({"dose_days": (2, 3)}, "Mo-Sa 05:30-11:00; PH off", (1, (2,))),
        ({"dose_days": (2, 3)}, "Mo-Sa 05:30-11:00", (2, (2, 3))),
    ],
)  # fmt: skip
def test_a_dose_of_a_day_that_is_closed_is_taken_at_home(held, needs, hours, due):
    whole = held(Needs(medications=("methadone",), **needs), [program(hours)], date=THANKSGIVING)
    assert doses_due(whole, next(iter(whole.holidays))) == due
    assert doses_due(whole, None) == (whole.doses, whole.dose_days)


def test_meetings_keep_a_person_until_they_may_leave(held):
    meeting = resource("meeting", 400, fellowship="NA; AA", formats="Speaker")
    held_on = [session(meeting, 2, 12, 13), session(meeting, 3, 0.5, 1.5), session(meeting, 0, 3, 4)]
    whole = held(Needs(fellowships=(" a.a. ",), formats=("speaker", "step")), [meeting], held_on)
    assert times(whole) == [(2, 12, 13), (2, 24.5, 25.5), (6, 27, 28)]
    assert [one.free - one.end for one in whole.events] == [10, 10, 10]
    assert {one.preferred for one in whole.events} == {2}
    assert (whole.sessions_that_fit, whole.held_all_day) == (3, 0)


def test_only_what_is_surely_held_in_the_week_is_planned(held):
    # Wednesday 6 March 2024 is the first of the month
    meeting, room = resource("meeting", 400), resource("meeting", 800)
    rows = [session(meeting, 2, 12, 13, rule) for rule in ("1", "2", "alternate", None)]
    always = [session(room, day, 0, 24) for day in range(7)]
    whole = held(Needs(), [meeting, room], [*rows, *always, session(meeting, 4, 12, 12)])
    assert sorted(one.weeks for one in whole.events) == ["", "1"]
    assert (whole.sessions_that_fit, whole.held_all_day) == (4, 1)


def test_what_lies_where_a_person_stays_away_is_left_out(held):
    meetings = [resource("meeting", meters) for meters in (400, 1000, 2000)]
    rows = [session(one, 1, 12, 13) for one in meetings]
    away = tuple(StayAway(lat, lon, 100) for lon, lat in (at(400), at(1000)))
    assert [one.name for one in held(Needs(stay_away=away), meetings, rows).events] == ["meeting at 2000 m"]
    assert len(held(Needs(), meetings, rows).events) == 3


def test_changed_shifts_take_the_place_of_the_old_ones(held):
    meeting = resource("meeting", 400)
    needs = Needs(shifts=(Shift(1, 540, 1020),), work_place=WORK)
    whole = held(needs, [meeting], [session(meeting, 1, 12, 13)])
    changed = with_shifts(whole, Needs(shifts=(Shift(1, 600, 1020), Shift(6, 600, 660)), work_place=WORK))
    assert times(changed) == [(1, 10, 17), (1, 12, 13), (6, 10, 11)]
    assert {one.place for one in changed.events if one.kind == "work"} == {whole.work}
    assert with_shifts(whole, needs).events == whole.events
