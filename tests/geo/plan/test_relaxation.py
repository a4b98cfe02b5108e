"""Why something can't be, and what would help, where the reason is one that can be said by hand; on foot from 0 m."""

import datetime
from dataclasses import replace

import pytest

from geo.clock import Moment
from geo.needs.curfew import Curfew, every_evening
from geo.needs.needs import Appointment, Needs, Shift, StayAway
from geo.plan import relaxation
from geo.plan.agenda import agenda
from geo.plan.choices import Setting, choose
from geo.plan.model import PlanSettings
from geo.plan.relaxation import relaxations, unmet
from geo.score.service_week import week_of
from tests.geo.main_street import WEDNESDAY, at, resource, session, spot

MEETING = resource("meeting", 400)
TUESDAY = [session(MEETING, 1, 12, 13)]
WORK = spot("work", 400)
"""Five minutes on foot."""


@pytest.fixture(scope="module")
def choices(region):
    """Return a function that gives the setting and the best week of a person at 0 m."""

    def make(needs, resources=(MEETING,), sessions=TUESDAY, date=WEDNESDAY):
        support = region(resources, sessions)
        week, settings = week_of(support, needs, date), PlanSettings()
        setting = Setting(support, *at(0), week, settings, agenda(support, *at(0), needs, settings, week))
        return setting, choose(setting, needs)

    return make


def visit(weekday, start, end, meters=400, name="court"):
    return Appointment(weekday, round(60 * start), round(60 * end), spot(name, meters))


def whys(choices):
    return [one.why for one in unmet(*choices)]


def helps(choices):
    return {one.change: (one.text, one.still_unmet) for one in relaxations(*choices)}


def test_nothing_is_unmet_where_all_can_be(choices):
    assert unmet(*choices(Needs(appointments=(visit(1, 9, 10),), meetings_per_week=1))) == ()
    assert unmet(*choices(Needs())) == ()  # no number of meetings is asked for


def test_a_demand_is_named_with_its_day_and_hours(choices):
    needs = Needs(appointments=(visit(1, 9, 10, 8000), visit(2, 9, 10)), meetings_per_week=0)
    (one,) = unmet(*choices(needs))
    assert (one.kind, one.amount, one.demand) == ("appointment", 1, "court, Tuesday 9:00 AM – 10:00 AM")
    assert one.messages[1].key == "plan_no_way_there"
    assert one.messages[1].values["time"] == Moment(9 * 60)


def test_a_demand_of_the_small_hours_has_the_day_of_the_calendar(choices):
    nights = tuple(Shift(weekday, 150, 480) for weekday in (0, 4))
    missed = unmet(*choices(Needs(shifts=nights, work_place=spot("work", 8000), meetings_per_week=0)))
    assert [one.demand for one in missed] == ["work, Friday 2:30 AM – 8:00 AM", "work, Monday 2:30 AM – 8:00 AM"]


def test_an_event_that_overlaps_is_named_before_a_nearer_one_that_does_not(choices):
    # the dose lies between; the appointment of 9:00 overlaps
    visits = (visit(1, 9, 12, name="class"), visit(1, 11, 13, name="court"), visit(1, 13.01, 14, name="clinic"))
    (one,) = unmet(*choices(Needs(appointments=visits, meetings_per_week=0)))
    assert "overlaps with" in one.why
    hours = {name: one.messages[1].values[name] for name in ("start", "end")}
    assert hours in (
        {"start": Moment(9 * 60), "end": Moment(12 * 60)},
        {"start": Moment(11 * 60), "end": Moment(13 * 60)},
    )
    late = (visit(1, 9, 10, 400, "class"), visit(1, 10.05, 11, 1200, "court"))
    (why,) = whys(choices(Needs(appointments=late, meetings_per_week=0, max_walk_minutes=40)))
    assert "no time to get from the one to the other" in why


def test_the_way_back_may_be_what_lacks(choices):
    (one,) = unmet(*choices(Needs(appointments=(visit(1, 9, 21.95),), curfew=every_evening(22 * 60))))
    assert one.why == "home at the earliest: 10:02 PM; the curfew is 10:00 PM."
    assert one.messages[1].values["curfew"] == Moment(22 * 60)
    (why,) = whys(choices(Needs(appointments=(visit(1, 9, 25),), curfew=every_evening(24 * 60 + 30))))
    assert "1:05 AM" in why
    assert why.endswith("the curfew is 12:30 AM.")


def test_who_has_to_leave_before_the_night_is_over_is_told_of_that(choices):
    early = Needs(appointments=(visit(1, 4.0625, 12),), meetings_per_week=0, curfew=every_evening(22 * 60))
    assert whys(choices(early)) == ["leaving home at the latest: 3:59 AM; the curfew holds until 4:00 AM."]
    assert whys(choices(replace(early, appointments=(visit(1, 4.0834, 12),)))) == []
    # both ways are in a night: of the evening that is broken, Tuesday's, the curfew is told
    curfew = Curfew((20 * 60, 21 * 60, *[22 * 60] * 5))
    both = replace(early, appointments=(visit(1, 4.0625, 21),), curfew=curfew)
    assert whys(choices(both)) == ["home at the earliest: 9:05 PM; the curfew is 9:00 PM."]


DOSE = Needs(medications=("methadone",), dose_days=(0, 1), meetings_per_week=0)


def program(meters=400, hours="Mo,Tu 06:00-09:00"):
    return resource("opioid_treatment_program", meters, medications="methadone", opening_hours=hours)


def test_why_no_dose_can_be_had(choices):
    (why,) = whys(choices(DOSE, [program(8000)]))
    assert "opioid_treatment_program at 8000 m" in why
    (one,) = unmet(*choices(DOSE, [program(hours="Mo 06:00-09:00")]))
    assert (one.kind, one.amount) == ("dose", 1)
    assert "on Tuesday there is no time" in one.why
    early = Needs(medications=("methadone",), dose_days=(0,), meetings_per_week=0, curfew=every_evening(20 * 60))
    (why,) = whys(choices(early, [program(hours="Mo 20:00-21:00")]))
    assert "curfew" in why
    work = Needs(medications=("methadone",), dose_days=(0, 1), meetings_per_week=0,
                 appointments=(visit(0, 9, 10),))  # fmt: skip
    assert whys(choices(work, [program()])) == []
    (one,) = unmet(*choices(Needs(medications=("methadone",), meetings_per_week=0), [program()]))
    assert one.amount == 4


def test_why_no_more_meetings(choices):
    far, late = resource("meeting", 8000), resource("meeting", 800)
    rows = [*TUESDAY, session(far, 2, 12, 13), session(late, 3, 21, 22), session(late, 4, 12, 13, "3")]
    needs = Needs(meetings_per_week=5, curfew=every_evening(22 * 60))
    (one,) = unmet(*choices(needs, (MEETING, far, late), rows))
    assert (one.kind, one.amount) == ("meeting", 4)
    values = one.messages[1].values
    assert {name: values[name] for name in ("count", "held", "near", "in_time", "met")} == {
        "count": 4, "held": 3, "near": 2, "in_time": 1, "met": 1,
    }  # fmt: skip
    (none,) = unmet(*choices(Needs(meetings_per_week=1), (MEETING,), ()))
    assert none.messages[1].key == "plan_no_meetings"
    rooms = [session(MEETING, day, 0, 24) for day in range(7)]
    (all_day,) = unmet(*choices(Needs(meetings_per_week=1), (MEETING,), rooms))
    assert all_day.messages[1].key == "plan_few_meetings"


@pytest.mark.parametrize(
    ("end", "curfew", "text"),
    [
        (21, 20, "A curfew at 9:05 PM instead of 8:00 PM on Tuesday (65 min later)."),
        (27 + 40 / 60, 20, "A curfew at 3:45 AM instead of 8:00 PM on Tuesday (465 min later)."),
        (27 + 50 / 60, 20, "A curfew at 3:55 AM instead of 8:00 PM on Tuesday (475 min later)."),
    ],
)
def test_the_curfew_that_would_do_is_the_earliest_in_steps_of_five_minutes(choices, end, curfew, text):
    needs = Needs(appointments=(visit(1, 19, end),), meetings_per_week=0, curfew=every_evening(60 * curfew))
    assert helps(choices(needs))["later_curfew"] == (text, 0)


def test_no_later_curfew_helps_past_the_night_s_end(choices):
    needs = Needs(appointments=(visit(1, 19, 28),), meetings_per_week=0, curfew=every_evening(60 * 20))
    assert sorted(helps(choices(needs))) == ["excuse", "no_curfew"]


def test_a_later_curfew_holds_on_no_evening_more_than_it_must(choices):
    visits = (visit(1, 19, 21), visit(3, 19, 21), visit(5, 19, 21, 8000, "far"))
    text, still = helps(choices(Needs(appointments=visits, meetings_per_week=0, curfew=every_evening(1200))))[
        "later_curfew"
    ]
    assert "on Tuesday and Thursday" in text
    assert still == 1
    uneven = Curfew((1200, 1200, 1200, 1230, 1200, 1200, 1200))
    text, still = helps(choices(Needs(appointments=visits[:2], meetings_per_week=0, curfew=uneven)))["later_curfew"]
    assert (text, still) == ("A curfew at 9:05 PM on Tuesday and Thursday.", 0)


def test_what_helps_one_demand_and_costs_another_as_much_is_no_help(choices):
    # with a later curfew there would be court, over the one meeting that is asked for
    needs = Needs(appointments=(visit(1, 9, 20),), meetings_per_week=1, curfew=every_evening(1200))
    assert whys(choices(needs)) == ["home at the earliest: 8:05 PM; the curfew is 8:00 PM."]
    assert helps(choices(needs)) == {}


def test_hours_of_work_are_moved_as_little_as_will_do(choices):
    overlap = Needs(shifts=(Shift(1, 540, 1020),), work_place=WORK, appointments=(visit(1, 8, 9.5),),
                    meetings_per_week=0)  # fmt: skip
    quarter = helps(choices(replace(overlap, appointments=(visit(1, 8, 9.15),))))
    assert quarter == {"later_start": ("Work from 9:15 AM instead of 9:00 AM (15 min later).", 0)}
    assert helps(choices(overlap)) == {
        "later_start": ("Work from 9:30 AM instead of 9:00 AM (30 min later).", 0),
    }
    late = replace(overlap, appointments=(visit(1, 15.2, 18),))
    assert helps(choices(late)) == {"earlier_end": ("Work until 3:00 PM instead of 5:00 PM (120 min earlier).", 0)}
    assert helps(choices(replace(overlap, appointments=(visit(1, 14.9, 18),)))) == {}


def test_a_longer_walk_a_bicycle_and_a_car(choices):
    # 2,000 m are 25 minutes on foot
    near = choices(Needs(appointments=(visit(1, 9, 10, 2000),), meetings_per_week=0, max_walk_minutes=20))
    assert helps(near)["longer_walk"] == ("Walks of up to 30 minutes instead of 20.", 0)
    assert list(helps(near)) == ["longer_walk", "bicycle", "car"]
    tired = choices(Needs(appointments=(visit(1, 9, 10, 2000),), meetings_per_week=0, max_walk_minutes=5))
    assert helps(tired)["longer_walk"] == ("Walks of up to 25 minutes instead of 5.", 0)
    far = choices(Needs(appointments=(visit(1, 9, 10, 8000),), meetings_per_week=0, max_walk_minutes=20))
    assert list(helps(far)) == ["bicycle", "car"]
    cyclist = choices(Needs(profile="bicycle", appointments=(visit(1, 9, 10, 8000),), meetings_per_week=0))
    assert unmet(*cyclist) == ()


def test_fewer_meetings_are_those_that_can_be(choices):
    text, still = helps(choices(Needs(meetings_per_week=3)))["fewer_meetings"]
    assert "1" in text
    assert "3" in text
    assert still == 0
    both = Needs(meetings_per_week=3, appointments=(visit(1, 9, 10, 8000),))
    assert helps(choices(both))["fewer_meetings"][1] == 1


@pytest.mark.parametrize(
    ("left", "first"),
    [((3, 2, 2), (1, 2)), ((2, 2, 2), (0, 2)), ((3, 3, 2), (2, 2)), ((3, 3, 3), None), ((1, 1, 3), None), ((), None)],
)
def test_of_growing_changes_the_first_that_helps_as_much_as_any(choices, monkeypatch, left, first):
    setting, best = choices(Needs(appointments=tuple(visit(day, 9, 10, 8000) for day in range(3)), meetings_per_week=0))
    assert best.unmet == 3
    monkeypatch.setattr(relaxation, "_left", lambda _, change, __: left[change])
    assert relaxation._smallest(setting, best, list(range(len(left)))) == first


def test_a_date_of_the_timetable_changes_nothing_of_a_week_on_foot(choices):
    needs = Needs(appointments=(visit(1, 9, 10, 8000),), meetings_per_week=0)
    assert whys(choices(needs)) == whys(choices(needs, date=datetime.date(2024, 3, 13)))


def test_a_program_that_only_areas_put_out_of_reach_says_so(choices):
    """The first program by its id is too far either way; between home and the other one lies an area."""
    resources = [program(8000) | {"resource_id": "a"}, program(1200) | {"resource_id": "b"}]
    needs = replace(DOSE, stay_away=(StayAway(*at(800)[::-1], 50),))
    (why,) = whys(choices(needs, resources))
    assert why.startswith("the nearest, opioid_treatment_program at 1200 m,")
    assert "keep out of the areas" in why
    (why,) = whys(choices(needs, resources[:1]))
    assert why.startswith("the nearest, opioid_treatment_program at 8000 m,")
    assert "keep out" not in why


def test_a_program_inside_an_area_is_not_one_that_is_missing(choices):
    needs = replace(DOSE, stay_away=(StayAway(*at(400)[::-1], 50),))
    assert whys(choices(needs, [program()])) == [
        "every opioid treatment program that fits lies in an area to stay away from."
    ]
    assert "lists no opioid treatment program" in whys(choices(needs, []))[0]
    shut = program(1200) | {"resource_id": "b", "opening_hours": "Mo-Su 14:00-16:00"}
    (why,) = whys(choices(replace(needs, dose_window=(6 * 60, 10 * 60)), [program(), shut]))
    assert "every opioid treatment program" not in why, "the other lies outside, and is only not open then"
