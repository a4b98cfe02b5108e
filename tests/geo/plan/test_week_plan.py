"""The week plan on a region small enough for paper, see `main_street`: home is its west end, a ride takes 8 minutes."""

import datetime
import itertools
import json
from dataclasses import replace
from functools import partial

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from geo.errors import DateError, OutsideRegionError
from geo.needs.candidate_homes import house_curfew
from geo.needs.curfew import Curfew, every_evening
from geo.needs.needs import Appointment, Needs, SavedPlace, Shift, StayAway
from geo.needs.schedule import curfew_limits_for
from geo.opening_hours import weekly_hours
from geo.plan import relaxation
from geo.plan.week_plan import plan_lines, plan_week
from geo.score.service_week import week_of
from sources.demo import DEMO_HOME
from sources.region import open_region
from tests.geo.main_street import WEDNESDAY, at, resource, session, spot

BUSES = [
    f"{name}{h}{m} daily bus: {one} {h}:{m:02d} {two} {h}:{m + 8:02d}"
    for name, one, two in (("t", "a", "b"), ("u", "b", "a"))
    for h in range(5, 21)
    for m in (0, 15, 30, 45)
]
"""Every quarter of an hour, both ways, the first at 05:00 and the last at 20:45."""


@pytest.fixture(scope="module")
def region(region):
    """Return a function that prepares a region with these rows and buses."""
    return partial(region, trips=BUSES)


NEAR, FAR = resource("meeting", 400), resource("meeting", 6100)
CLINIC = resource("opioid_treatment_program", 6200, medications="methadone")


def plan(support, needs, meters=0, date=WEDNESDAY):
    week = plan_week(support, at(meters), needs, date)
    check(week, needs)
    return week


def minutes(text):
    return int(text[:2]) * 60 + int(text[3:])


def check(week, needs):
    """Hold what is true of every plan: no overlaps, every journey in time and in words, home by curfew."""
    assert week == replace(week)
    document = json.loads(json.dumps(week.as_dict()))
    for day in document["days"]:
        free = 0
        for stop in day["stops"]:
            trip = stop["journey"]
            if trip is not None:
                assert free <= minutes(trip["leave"])
                assert minutes(trip["leave"]) <= minutes(trip["arrive"])
                assert trip["arrive"] <= stop["start"] or stop["kind"] == "home"
                assert trip["lines"]
                free = minutes(trip["arrive"])
            assert free <= minutes(stop["start"])
            assert stop["end"] is None or stop["start"] <= stop["end"]
            free = minutes(stop["end"] or stop["start"])
        if day["stops"]:
            assert day["stops"][-1]["kind"] == "home" or day["stops"][-1]["journey"] is None
            for before, stop in itertools.pairwise([None, *day["stops"]]):
                own = before if stop["kind"] == "home" else stop
                limit = curfew_limits_for(needs, own["kind"], own["name"])[day["weekday"]]
                assert minutes(stop["start"] if own is before else stop["end"]) <= limit
    for stop in (stop for day in week.days for stop in day.stops):
        if stop.journey is not None:
            way = stop.journey.way
            times = (stop.journey.leave, stop.journey.arrive)
            assert (way.legs[0].start / 60, way.arrival / 60) == pytest.approx(times)
    assert [tuple(map(str, one.messages)) for one in week.unmet] == [(one.demand, one.why) for one in week.unmet]
    assert [str(one.message) for one in week.relaxations] == [one.text for one in week.relaxations]
    musts = sum(one["amount"] for one in document["unmet"] if one["kind"] != "meeting")
    kinds = [stop["kind"] for day in document["days"] for stop in day["stops"]]
    doses = 6 if "methadone" in needs.medications else 0
    assert musts + sum(kinds.count(kind) for kind in ("work", "appointment", "dose")) == (
        len(needs.shifts) + len(needs.appointments) + (len(needs.dose_days) or needs.doses_per_week or doses)
    )
    assert week.feasible == (not week.unmet)
    assert plan_lines(week)


def stops(week, weekday, kind=None):
    return [stop for stop in week.as_dict()["days"][weekday]["stops"] if kind in (None, stop["kind"])]


def test_one_meeting_by_hand(region):
    # 400 m = 5 min on foot: out at 11:55, in for 12:00; out of the meeting at 13:10, home at 13:15
    week = plan(region([NEAR], [session(NEAR, 2, 12, 13)]), Needs())
    meeting, home = stops(week, 2)
    assert (meeting["journey"]["leave"], meeting["journey"]["arrive"], meeting["journey"]["mode"]) == (
        "11:55", "12:00", "walk",
    )  # fmt: skip
    assert (home["journey"]["leave"], home["start"], home["end"]) == ("13:10", "13:15", None)
    assert (week.feasible, week.meetings, week.meeting_days, week.travel_minutes) == (
        True, 1, 1, pytest.approx(10, abs=0.1),
    )  # fmt: skip
    assert [len(day.stops) for day in week.days] == [0, 0, 2, 0, 0, 0, 0]


def test_the_small_hours_belong_to_the_evening_before(region):
    support = region([NEAR], [session(NEAR, 0, 0.5, 1.5)])
    week = plan(support, Needs())
    meeting, home = stops(week, 6)
    assert (meeting["journey"]["leave"], meeting["start"], meeting["end"]) == ("24:25", "24:30", "25:30")
    assert (home["start"], home["end"]) == ("25:45", None)
    assert not stops(week, 0)
    assert stops(plan(support, Needs(curfew=every_evening(22 * 60))), 6) == []
    work = Needs(shifts=(Shift(0, 30, 8 * 60),), work_place=spot("work", 400), max_walk_minutes=40)
    shift, home = stops(plan(region(), work), 6)
    assert (shift["start"], shift["end"], home["start"]) == ("24:30", "32:00", "32:05")


def test_who_leaves_for_work_after_midnight_is_not_home_for_the_night(region):
    support = region([NEAR], [session(NEAR, 0, 19, 20)])
    for start, until in ((30, "24:25"), (3 * 60 + 55, "27:50")):
        work = Needs(shifts=(Shift(1, start, 8 * 60),), work_place=spot("work", 400), meetings_per_week=1)
        _, home, shift, _ = stops(plan(support, work), 0)
        assert (home["start"], home["end"], shift["journey"]["leave"]) == ("20:15", until, until)
    work = Needs(shifts=(Shift(1, 4 * 60 + 10, 8 * 60),), work_place=spot("work", 400), meetings_per_week=1)
    assert stops(plan(support, work), 0)[-1]["end"] is None


def test_the_way_home_in_the_small_hours_is_that_of_the_day_on_which_it_ends(region):
    # out at 03:40 on Saturday; only on Saturdays does a bus leave b at 04:05, home at 04:13
    late = [*BUSES, "n daily bus: a 25:40 b 25:48", "early sat bus: b 4:05 a 4:13"]
    support = region([FAR], [session(FAR, 5, 2.5, 3.5)], trips=late, services={"sat": (-2, 5)})
    meeting, home = stops(plan(support, Needs()), 4)
    assert (meeting["start"], meeting["end"]) == ("26:30", "27:30")
    assert (home["journey"]["arrive"], home["journey"]["mode"]) == ("28:13", "transit")


def test_a_bus_after_two_is_taken_on_its_own_nights_alone(region):
    # at work by 02:30 on Tuesday and Friday; the bus of 02:05 runs on Monday's night, until 02:00 all days are alike
    support = region(trips=[*BUSES, "n mon bus: a 26:05 b 26:13"], services={"mon": (0, 7)})
    nights = Needs(shifts=(Shift(1, 150, 480), Shift(4, 150, 480)), work_place=spot("work", 6000))
    week = plan(support, nights)
    assert [stop["journey"]["leave"] for stop in stops(week, 0, "work")] == ["26:04"]
    assert stops(week, 3) == []
    assert [one.kind for one in week.unmet] == ["work"]
    patterns = [week_of(support, needs, WEDNESDAY).pattern[:5] for needs in (nights, Needs())]
    assert patterns == [(0, 1, 1, 1, 1), (0,) * 5]


def test_a_meeting_that_isnt_weekly_is_planned_in_its_weeks_alone(region):
    days = [session(NEAR, 2, 12, 13, "1"), session(NEAR, 3, 12, 13, "2"), session(NEAR, 4, 12, 13, "alternate")]
    week = plan(region([NEAR], days), Needs())  # 6 March 2024 is the first Wednesday, the 7th the first Thursday
    assert [len(day.stops) for day in week.days] == [0, 0, 2, 0, 0, 0, 0]
    assert week.as_dict()["days"][2]["stops"][0]["weeks"] == "1"
    assert any("only the first Wednesday of the month" in line for line in plan_lines(week))


def test_a_day_of_dose_work_and_meeting_goes_straight_from_one_to_the_next(region):
    support = region([NEAR, FAR, CLINIC], [session(NEAR, 0, 17.25, 18.25), session(FAR, 0, 17.25, 18.25)])
    needs = Needs(
        medications=("methadone",),
        dose_days=(0,),
        shifts=(Shift(0, 9 * 60, 17 * 60),),
        work_place=spot("work", 7000),
        meetings_per_week=1,
        curfew=every_evening(21 * 60),
    )
    week = plan(support, needs)
    day = stops(week, 0)
    assert [stop["kind"] for stop in day][-3:] == ["work", "meeting", "home"]
    assert stops(week, 0, "dose")[0]["name"] == "opioid_treatment_program at 6200 m"
    # the far meeting is 900 m (11:15 min) from work; the near one is 28 min away by bus and on foot, too late for 17:15
    meeting = stops(week, 0, "meeting")[0]
    assert meeting["name"] == "meeting at 6100 m"
    assert meeting["journey"]["from_name"] == "work"
    assert meeting["journey"]["minutes"] == pytest.approx(11.25, abs=0.1)
    bus = stops(week, 0, "home")[-1]["journey"]
    assert bus["mode"] == "transit"
    assert any("bus u" in line for line in bus["lines"])
    assert week.feasible


@pytest.mark.parametrize("kind", ["work", "dose"])
@pytest.mark.parametrize(("meters", "is_straight"), [(500, False), (680, True)])
def test_the_way_straight_to_a_meeting_costs_its_own_minutes(region, kind, meters, is_straight):
    # in half minutes: 5 min from there on, 10 of waiting and 25 home instead of 20 are 30 more than going home at once;
    # there and back to the other meeting at 500 m are 26, at 680 m 34
    clinic = resource("opioid_treatment_program", 1600, medications="methadone", opening_hours="Mo 11:45-12:00")
    beyond, other = resource("meeting", 2000), resource("meeting", meters)
    support = region([clinic, beyond, other], [session(beyond, 0, 12.25, 13), session(other, 1, 12, 13)], trips=[])
    needs = {
        "work": Needs(shifts=(Shift(0, 9 * 60, 12 * 60),), work_place=spot("work", 1600)),
        "dose": Needs(medications=("methadone",), dose_days=(0,)),
    }[kind]
    week = plan(support, replace(needs, meetings_per_week=1, max_walk_minutes=40))
    must, *then = [stop for stop in week.days[0].stops if stop.kind != "home"]
    assert must.kind == kind
    assert [stop.name for stop in then] == (["meeting at 2000 m"] if is_straight else [])
    if is_straight:
        assert (then[0].journey.from_name, then[0].journey.minutes) == (must.name, pytest.approx(5, abs=0.1))
    assert week.travel_minutes == pytest.approx(20 + 5 + 25 if is_straight else 2 * 20 + 2 * 6.25, abs=0.2)


def test_the_last_bus_home_and_the_longer_walk(region):
    # out at 20:40: the bus of 20:45 is the last; 15 minutes later there is none
    early, late = (region([FAR], [session(FAR, 2, 19, end)]) for end in (20.5, 20.75))
    assert plan(early, Needs(meetings_per_week=1)).feasible
    week = plan(late, Needs(meetings_per_week=1))
    assert not week.feasible
    assert "within reach from home and back: 0" in week.unmet[0].why
    # 6,100 m take 76 min on foot, longer than a trip to a meeting may be; a bicycle takes 25
    assert [one.change for one in week.relaxations] == ["bicycle", "car", "fewer_meetings"]
    assert [one.still_unmet for one in week.relaxations] == [0, 0, 0]


def test_a_curfew_is_relaxed_by_as_little_as_will_do(region):
    # out at 20:10, bus at 20:15, home at 20:23
    support = region([FAR], [session(FAR, 2, 19, 20)])
    assert plan(support, Needs(meetings_per_week=1, curfew=every_evening(20 * 60 + 25))).feasible
    week = plan(support, Needs(meetings_per_week=1, curfew=every_evening(20 * 60)))
    assert "before the curfew: 0" in week.unmet[0].why
    assert week.as_dict()["nearest"]["text"] == "A curfew at 8:25 PM instead of 8:00 PM on Wednesday (25 min later)."


def test_work_past_the_curfew_says_so_and_what_would_help(region):
    needs = Needs(shifts=(Shift(1, 9 * 60, 19 * 60),), work_place=spot("work", 6000), curfew=every_evening(19 * 60))
    week = plan(region([NEAR], [session(NEAR, 1, 12, 13)]), needs)
    assert week.unmet[0].demand == "work, Tuesday 9:00 AM – 7:00 PM"
    # the bus of 19:15 (boarding takes a minute, so not the one of 19:00) is at home at 19:23
    assert week.unmet[0].why == "home at the earliest: 7:23 PM; the curfew is 7:00 PM."
    helps = {one.change: one.text for one in week.relaxations}
    assert helps["later_curfew"].startswith("A curfew at 7:25 PM")
    # out at 18:45 it would be the bus of 19:00 again
    assert helps["earlier_end"] == "Work until 6:30 PM instead of 7:00 PM (30 min earlier)."
    assert week.relaxations[0].change == "later_curfew"
    assert week.meetings == 0, "its hours stay those of work"


NIGHT = Needs(
    shifts=tuple(Shift(day, 22 * 60, 30 * 60) for day in (0, 1)), work_place=spot("work", 400), meetings_per_week=0
)
"""22:00 to 06:00 on Monday and Tuesday, 5 minutes on foot from home."""


def excusing(minute, *words):
    return replace(every_evening(minute), excused=words)


def test_night_shifts_past_the_curfew_are_never_planned_in_silence(region):
    week = plan(region([NEAR]), replace(NIGHT, curfew=every_evening(23 * 60)))
    assert [one.kind for one in week.unmet] == ["work", "work"]
    assert [(one.change, one.text, one.still_unmet) for one in week.relaxations] == [
        ("excuse", "work: an exception from the curfew.", 0),
        ("no_curfew", "No curfew.", 0),
    ]
    excused = plan(region([NEAR]), replace(NIGHT, curfew=excusing(23 * 60, "work")))
    assert excused.feasible
    assert [[stop["start"] for stop in stops(excused, day)] for day in range(3)] == [["22:00", "30:05"]] * 2 + [[]]
    assert excused.notes == ("work, 10:00 PM – 6:00 AM, goes past the curfew on Monday and Tuesday: excused.",)
    assert excused.as_dict()["curfew"] == {"every_day": "23:00", "except": ["work"]}
    off = plan(region([NEAR]), replace(NIGHT, curfew=replace(every_evening(23 * 60), days_off=True)))
    assert (off.feasible, off.notes, off.days) == (True, (), excused.days)


def test_a_night_shift_between_two_others_is_no_way_around_the_curfew(region):
    # each starts where the one before ends, so that no trip of the night one is looked at
    hours = (Shift(0, 14 * 60, 22 * 60 + 30), Shift(0, 22 * 60 + 30, 28 * 60 + 30), Shift(1, 4 * 60 + 30, 7 * 60))
    week = plan(region([NEAR]), replace(NIGHT, shifts=hours, curfew=every_evening(23 * 60)))
    assert [one.demand for one in week.unmet] == ["work, Monday 10:30 PM – 4:30 AM"]
    assert plan(region([NEAR]), replace(NIGHT, shifts=hours, curfew=excusing(23 * 60, "work"))).feasible


def test_nothing_rides_along_with_what_is_excused(region):
    # out of the meeting at 22:00, home at 22:05; straight on to work one would be out all the same
    support, hours = region([NEAR], [session(NEAR, 0, 20.5, 21 + 50 / 60)]), (Shift(0, 22 * 60 + 15, 23 * 60),)
    work = replace(NIGHT, shifts=hours, meetings_per_week=None)
    assert plan(support, replace(work, curfew=excusing(22 * 60, "work"))).meetings == 0
    assert plan(support, replace(work, curfew=excusing(22 * 60 + 5, "work"))).meetings == 1
    assert plan(support, work).meetings == 1


def test_what_the_person_s_curfew_excuses_is_for_the_house_to_excuse(region):
    needs = replace(NIGHT, curfew=excusing(23 * 60, "work"))
    week = plan(region([NEAR]), replace(needs, curfew=house_curfew(needs, "22:30")))
    assert [one.kind for one in week.unmet] == ["work", "work"]
    assert week.relaxations[0].text == "work: an exception from the house's curfew. Ask the house."
    later = plan(region([NEAR]), replace(needs, curfew=house_curfew(needs, "23:30")))
    assert later.unmet[0].why.endswith("the curfew is 11:30 PM.")  # 23:00 is excused
    assert week.relaxations[0].still_unmet == 0


def test_an_appointment_is_excused_by_its_name_and_a_dose_as_treatment(region):
    visits = (Appointment(3, 21 * 60, 22 * 60, spot("class", 400)),)
    needs = Needs(appointments=visits, meetings_per_week=0, curfew=every_evening(21 * 60))
    week = plan(region([NEAR]), needs)
    assert [one.text for one in week.relaxations[:2]] == [
        "A curfew at 10:05 PM instead of 9:00 PM on Thursday (65 min later).", "class: an exception from the curfew.",
    ]  # fmt: skip
    assert plan(region([NEAR]), replace(needs, curfew=excusing(21 * 60, "class"))).feasible
    clinic = resource("opioid_treatment_program", 400, medications="methadone", opening_hours="Mo 21:00-22:00")
    dose = Needs(medications=("methadone",), dose_days=(0,), meetings_per_week=0, curfew=every_evening(21 * 60))
    assert "excuse" in [one.change for one in plan(region([clinic]), dose).relaxations]
    assert plan(region([clinic]), replace(dose, curfew=excusing(21 * 60, "treatment"))).feasible


def test_a_curfew_by_weekday_binds_and_is_relaxed_by_weekday(region):
    # work until 20:30, home at 20:35
    needs = replace(NIGHT, shifts=tuple(Shift(day, 900, 20 * 60 + 30) for day in range(3)))
    week = plan(region([NEAR]), replace(needs, curfew=Curfew((19 * 60, 20 * 60, None, 60, 1200, 1200, 1200))))
    assert [one.demand for one in week.unmet] == ["work, Monday 3:00 PM – 8:30 PM", "work, Tuesday 3:00 PM – 8:30 PM"]
    assert [one.why[-8:] for one in week.unmet] == ["7:00 PM.", "8:00 PM."]
    assert week.relaxations[0].text == "A curfew at 8:35 PM on Monday and Tuesday."
    every = plan(region([NEAR]), replace(needs, shifts=tuple(Shift(day, 900, 1230) for day in range(7)),
                                         curfew=every_evening(20 * 60)))  # fmt: skip
    assert every.relaxations[0].text == "A curfew at 8:35 PM instead of 8:00 PM (35 min later)."


def test_appointments_that_overlap_or_leave_no_time(region):
    first, second = spot("court", 6000), spot("counselor", 0)
    for start, words in ((600, "overlaps with"), (640, "no time to get from the one to the other")):
        visits = (Appointment(3, 600, 630, first), Appointment(3, start, start + 30, second))
        week = plan(region([NEAR]), Needs(appointments=visits))
        assert len(week.unmet) == 1
        assert words in week.unmet[0].why
    visits = (Appointment(3, 600, 630, first), Appointment(3, 660, 690, second))
    assert plan(region([NEAR]), Needs(appointments=visits)).feasible


def test_a_dose_is_more_than_work_and_work_may_start_later(region):
    # the dose is at 06:00 at the earliest and takes 15 min; work at 06:15 is 800 m, 10 min, further
    shift = Shift(0, 6 * 60 + 15, 14 * 60)
    needs = Needs(medications=("methadone",), dose_days=(0,), shifts=(shift,), work_place=spot("work", 7000))
    needs = replace(needs, dose_window=(360, 420))
    week = plan(region([CLINIC]), needs)
    assert [one.kind for one in week.unmet] == ["work"]
    assert week.relaxations[0].text == "Work from 6:30 AM instead of 6:15 AM (15 min later)."
    assert len(stops(week, 0, "dose")) == 1


def test_doses_on_the_days_and_in_the_hours_of_the_program(region):
    closed = {**CLINIC, "opening_hours": "Mo-Fr 05:30-11:00; Sa 06:00-09:00"}
    methadone = Needs(medications=("methadone",))
    week = plan(region([closed]), methadone)
    assert [len(stops(week, day, "dose")) for day in range(7)] == [1] * 6 + [0]
    assert "06:00" <= stops(week, 5, "dose")[0]["start"] <= "08:45"
    assert (
        sum(len(stops(plan(region([closed]), replace(methadone, doses_per_week=2)), d, "dose")) for d in range(7)) == 2
    )
    sunday = plan(region([closed]), replace(methadone, dose_days=(6,)))
    assert "lists no opioid treatment program that fits and is open" in sunday.unmet[0].why
    assert "lists no opioid treatment program" in plan(region([NEAR]), methadone).unmet[0].why
    seven = plan(region([closed]), replace(methadone, doses_per_week=7))
    assert "on Sunday there is no time" in seven.unmet[0].why


THANKSGIVING = datetime.date(2026, 11, 23)
"""The Monday before; the region without a timetable has every date."""


@pytest.mark.parametrize(
    ("hours", "needs", "had", "note"),
    [
        ("Mo-Sa 05:30-11:00; PH off", {}, [1, 1, 1, 0, 1, 1, 0], "plan_note_closed_holiday"),
        ("Mo-Sa 05:30-11:00; PH off", {"dose_days": (0, 1)}, [1, 1, 0, 0, 0, 0, 0], None),
        ("PH off; 2026 Jan 05-2026 Dec 31 Mo-Sa 05:30-11:00", {}, [1, 1, 1, 0, 1, 1, 0], "plan_note_closed_holiday"),
        ("2026 Jan 05-2026 Dec 31 Mo-Sa 05:30-11:00", {}, [1, 1, 1, 1, 1, 1, 0], "plan_note_holiday"),
        ("Mo-Sa 05:30-11:00; PH off", {"dose_days": (0, 3)}, [1, 0, 0, 0, 0, 0, 0], "plan_note_closed_holiday"),
        ("Mo-Sa 05:30-11:00; 2026 Nov 26 off", {}, [1, 1, 1, 0, 1, 1, 0], "plan_note_closed_holiday"),
        ("Mo-Sa 05:30-11:00; PH 07:00-09:00", {}, [1, 1, 1, 1, 1, 1, 0], None),
        ("Mo-Sa,PH 05:30-11:00", {}, [1, 1, 1, 1, 1, 1, 0], None),
        ("Mo-Sa 05:30-11:00", {}, [1, 1, 1, 1, 1, 1, 0], "plan_note_holiday"),
        ("Mo-We,Fr-Su 05:30-11:00", {}, [1, 1, 1, 0, 1, 1, 1], None),
        ("Mo-Su 05:30-11:00; PH off", {"doses_per_week": 6}, [1, 1, 1, 0, 1, 1, 1], "plan_note_closed_holiday"),
    ],
)
def test_a_dose_on_a_holiday_is_taken_at_home_where_the_program_is_closed(region, hours, needs, had, note):
    clinic = resource("opioid_treatment_program", 800, medications="methadone", opening_hours=hours)
    methadone = Needs(medications=("methadone",), meetings_per_week=0, **needs)
    week = plan_week(region([clinic], trips=[]), at(0), methadone, THANKSGIVING)
    assert week.feasible
    assert [len(stops(week, day, "dose")) for day in range(7)] == had
    about = [one for one in week.messages if "holiday" in one.key]
    assert [one.key for one in about] == ([note] if note else [])
    assert not note or str(about[0]).startswith("Thursday is Thanksgiving Day")


def test_open_at_other_hours_on_a_holiday_is_not_closed(region):
    # who comes from 06:00 to 08:00 finds it shut on Thanksgiving, but it isn't closed: no dose is given ahead
    hours = "Mo-Sa 05:30-11:00; PH 09:00-11:00"
    clinic = resource("opioid_treatment_program", 800, medications="methadone", opening_hours=hours)
    needs = Needs(medications=("methadone",), meetings_per_week=0, dose_window=(360, 480), dose_days=(2, 3))
    week = plan_week(region([clinic], trips=[]), at(0), needs, THANKSGIVING)
    assert [(one.kind, one.amount) for one in week.unmet] == [("dose", 1)]
    assert "on Thursday there is no time" in week.unmet[0].why
    assert not [one for one in week.messages if "holiday" in one.key]


def test_a_holiday_without_a_dose_is_nothing_to_a_program(region):
    far, near = (
        resource("opioid_treatment_program", meters, medications="methadone", opening_hours=f"Mo-Sa 05:30-11:00{more}")
        for meters, more in ((1200, "; PH off"), (800, ""))
    )
    needs = Needs(medications=("methadone",), meetings_per_week=0, dose_days=(0,))
    week = plan_week(region([far, near], trips=[]), at(0), needs, THANKSGIVING)
    assert stops(week, 0, "dose")[0]["name"] == "opioid_treatment_program at 800 m"


def test_hours_holidays_and_weeks_go_by_the_planned_week_s_own_dates(region):
    # the timetable ends on Thursday, 14 March 2024: the 8th stands in for Friday the 15th, the third of the month
    held = [session(NEAR, 4, 12, 13, rule) for rule in ("2", "3")]
    clinic = resource(
        "opioid_treatment_program", 800, medications="methadone",
        opening_hours="Mo-Su 05:30-06:30; 2024 Mar 15 07:00-08:00",
    )  # fmt: skip
    needs = Needs(medications=("methadone",), dose_days=(4,))
    week = plan(region([NEAR, clinic], held), needs, date=datetime.date(2024, 3, 12))
    assert week.days[4].date == "2024-03-08"
    assert [stop.weeks for stop in week.days[4].stops if stop.kind == "meeting"] == ["3"]
    assert "07:00" <= stops(week, 4, "dose")[0]["start"] < "08:00"


def test_a_week_beyond_the_timetable_takes_nothing_but_its_buses_from_another(region):
    # Thanksgiving, the fourth Thursday, two and a half years after the timetable ended
    held = [session(NEAR, 3, 12, 13, rule) for rule in ("1", "4")]
    hours = "Mo-Su 05:30-06:30; 2026 Nov 23 07:00-08:00; PH off"
    clinic = resource("opioid_treatment_program", 6200, medications="methadone", opening_hours=hours)
    needs = Needs(medications=("methadone",), doses_per_week=7)
    support = region([NEAR, clinic], held)
    with pytest.raises(DateError):
        plan_week(support, at(0), needs, THANKSGIVING)
    week = plan_week(support, at(0), needs, THANKSGIVING, timetable_date=WEDNESDAY)
    assert week.date == "2026-11-23"
    assert [day.date for day in week.days][:3] == ["2024-03-11", "2024-03-12", "2024-03-06"]
    assert [stop.weeks for stop in week.days[3].stops if stop.kind == "meeting"] == ["4"]
    assert stops(week, 3, "dose") == []
    assert "07:00" <= stops(week, 0, "dose")[0]["start"] < "08:00"
    assert [one.key for one in week.messages] == ["plan_note_closed_holiday"]
    assert stops(week, 2, "dose")[0]["journey"]["mode"] == "transit"


@pytest.mark.parametrize(("rule", "is_planned"), [("2", False), ("3", True)])
def test_a_meeting_of_the_small_hours_has_the_date_of_the_day_after(region, rule, is_planned):
    # Wednesday 00:30 ends the Tuesday: in a week from Wednesday the 13th it is on the 20th, the third of the month
    support = region([NEAR], [session(NEAR, 2, 0.5, 1.5, rule)], trips=[])
    week = plan(support, Needs(), date=datetime.date(2024, 3, 13))
    assert [stop["start"] for stop in stops(week, 1, "meeting")] == (["24:30"] if is_planned else [])


def test_what_is_open_all_day_is_told_of_and_not_planned(region):
    room = resource("meeting", 800)
    support = region([NEAR, room], [session(NEAR, 2, 12, 13), *(session(room, day, 0, 24) for day in range(7))])
    week = plan(support, Needs(meetings_per_week=2))
    assert [stop.name for day in week.days for stop in day.stops if stop.kind == "meeting"] == ["meeting at 400 m"]
    assert "Open all day" in week.notes[0]
    assert "1 of the meetings" in week.notes[0]
    assert "1 session at a set hour fits the person" in week.unmet[0].why
    assert plan(support, Needs(meetings_per_week=0)).notes == ()


def test_meetings_that_fit_but_not_in_this_week_are_counted_apart(region):
    rare = [session(NEAR, 2, 12, 13, "1"), session(NEAR, 3, 12, 13, "2"), session(NEAR, 4, 12, 13, "alternate")]
    week = plan(region([NEAR], rare), Needs(meetings_per_week=2))
    assert "3 sessions at set hours fit the person; sure to be held in this week: 1, within" in week.unmet[0].why
    week = plan(region([NEAR], rare[1:]), Needs(meetings_per_week=1))
    assert "2 sessions at set hours fit the person; sure to be held in this week: 0," in week.unmet[0].why


def test_more_hours_never_make_a_week_worse(region):
    # two spans on one day: the later one alone would not leave time for work from noon on
    shift = Shift(0, 720, 1200)
    needs = Needs(medications=("methadone",), dose_days=(0,), shifts=(shift,), meetings_per_week=0)
    for hours in ("Mo 05:30-11:00", "Mo 05:30-11:00,12:30-14:00"):
        clinic = resource("opioid_treatment_program", 800, medications="methadone", opening_hours=hours)
        assert plan(region([clinic]), needs).feasible


def test_the_nearest_program_is_taken(region):
    near = resource("opioid_treatment_program", 800, medications="methadone")
    week = plan(region([CLINIC, near]), Needs(medications=("methadone",), dose_days=(1,)))
    assert stops(week, 1, "dose")[0]["name"] == "opioid_treatment_program at 800 m"


def test_more_days_before_less_travel_before_wishes(region):
    meetings = [resource("meeting", 400, 0, fellowship="NA"), resource("meeting", 400, 1, fellowship="AA;NA"), FAR]
    sessions = [session(meetings[0], 0, h, h + 1) for h in (9, 12)] + [session(FAR, 4, 12, 13)]
    week = plan(region(meetings, sessions), Needs(meetings_per_week=2))
    assert [len(stops(week, day, "meeting")) for day in range(7)] == [1, 0, 0, 0, 1, 0, 0]
    same = [session(meetings[k], 0, 12, 13) for k in (0, 1)]
    likes = plan(region(meetings, same), Needs(meetings_per_week=1, fellowships=("AA",)))
    assert stops(likes, 0, "meeting")[0]["resource_id"] == "toy:meeting-400-1"


def test_a_night_shift_past_the_week_keeps_monday_morning(region):
    support = region([NEAR], [session(NEAR, 0, 6, 6.75), session(NEAR, 0, 8, 9)])
    night = Needs(shifts=(Shift(6, 22 * 60, 31 * 60),), work_place=spot("work", 400))
    week = plan(support, night)
    assert week.feasible
    assert [stop["start"] for stop in stops(week, 0, "meeting")] == ["08:00"]
    assert [stop["start"] for stop in stops(week, 6)] == ["22:00", "31:05"]
    assert len(stops(plan(support, Needs()), 0, "meeting")) == 2


def test_work_without_a_place_takes_its_time_and_is_noted(region):
    support = region([NEAR], [session(NEAR, 0, h, h + 1) for h in (8, 12)])
    week = plan(support, Needs(shifts=(Shift(0, 9 * 60, 17 * 60),)))
    assert [stop["kind"] for stop in stops(week, 0)][:1] == ["work"]
    assert week.meetings == 0
    assert "Where the work is isn't known" in week.notes[0]


def test_no_meeting_is_planned_into_a_shift_that_can_t_be_reached(region):
    """Work is at 8,000 m; the dose of Tuesday is had in the hours of a shift, for it must be had somewhen."""
    sessions = [session(NEAR, day, 12, 13) for day in (0, 1)] + [session(NEAR, 0, 6, 6.75), session(NEAR, 3, 12, 13)]
    clinic = resource("opioid_treatment_program", 800, medications="methadone", opening_hours="Tu 10:00-11:00")
    shifts = (Shift(0, 9 * 60, 17 * 60), Shift(1, 9 * 60, 17 * 60), Shift(6, 22 * 60, 31 * 60))
    needs = Needs(shifts=shifts, work_place=spot("work", 8000), medications=("methadone",), dose_days=(1,))
    week = plan(region([NEAR, clinic], sessions), needs)
    assert [one.kind for one in week.unmet] == ["work"] * 3
    assert [(day, stop["start"]) for day in range(7) for stop in stops(week, day, "meeting")] == [(3, "12:00")]
    assert len(stops(week, 1, "dose")) == 1


def test_places_to_stay_away_from_are_left_out(region):
    support = region([NEAR, FAR], [session(NEAR, 0, 12, 13), session(FAR, 0, 12, 13)])
    lon, lat = at(400)
    away = Needs(stay_away=(StayAway(lat, lon, 100),), meetings_per_week=1)
    week = plan(support, replace(away, stay_away_trips="ride_through"))
    (meeting,) = stops(week, 0, "meeting")
    assert meeting["name"] == "meeting at 6100 m"
    assert "this ride passes through an area to stay away from" in " ".join(meeting["journey"]["lines"])
    assert plan(support, away).meetings == 0, "the bus runs through it too"


@pytest.mark.parametrize("trips", ["around", "ride_through", "anywhere"])
def test_a_trip_through_an_area_is_refused_with_the_reason_or_told_of(region, trips):
    """One street, one bus: to work at 6,300 m one rides through an area at 3,000 m, which holds no stop."""
    lon, lat = at(3000)
    work = Needs(shifts=(Shift(2, 9 * 60, 17 * 60),), work_place=spot("work", 6300), meetings_per_week=0)
    week = plan(region([NEAR]), replace(work, stay_away=(StayAway(lat, lon, 100),), stay_away_trips=trips))
    if trips == "around":
        (missing,) = week.unmet
        assert "no way there from home by 9:00 AM that keeps out of the areas to stay away from" in missing.why
        assert "ride_through" in [one.change for one in week.relaxations]
    else:
        assert week.feasible
        assert "passes through an area" in " ".join(stops(week, 2, "work")[0]["journey"]["lines"])
    assert plan(region([NEAR]), replace(work, stay_away=(StayAway(*at(6300)[::-1], 100),))).unmet, "work lies inside"


def test_no_data_on_meetings_is_not_no_meeting_in_reach(region):
    note = "no data on meetings"
    bare = region([CLINIC, NEAR], [session(CLINIC, 0, 12, 13)])  # hours of the clinic, and a meeting of unknown ones
    assert note in plan(bare, Needs()).notes[0]
    assert plan(bare, Needs(meetings_per_week=0)).notes == ()
    assert plan(region([FAR], [session(FAR, 0, 3, 4)], trips=()), Needs()).notes == (
        "The region has no timetable, so only streets were searched.",
    )


def test_where_only_families_meet_there_is_no_data_on_meetings_unless_they_are_chosen(region):
    families = NEAR | {"fellowship": "Al-Anon"}
    only = region([families], [session(families, 0, 12, 13)])
    assert "no data on meetings" in " ".join(plan(only, Needs()).notes)
    assert "no data on meetings" not in " ".join(plan(only, Needs(fellowships=("Al-Anon",))).notes)


def test_without_a_timetable_there_are_streets(region):
    week = plan(region([NEAR, FAR], [session(NEAR, 0, 12, 13), session(FAR, 1, 12, 13)], trips=()), Needs())
    assert week.meetings == 1
    assert "no timetable" in week.notes[-1]
    week = plan(region([NEAR, FAR], [session(FAR, 1, 12, 13)], trips=()), Needs(profile="bicycle"))
    assert stops(week, 1, "meeting")[0]["journey"]["mode"] == "bike"


def test_own_places_are_told_with_their_minutes(region):
    court, work = spot("court", 6000), spot("work", 400)
    needs = Needs(saved_places=(court,), shifts=(Shift(1, 540, 1020),), work_place=work)
    week = plan(region([NEAR]), needs)
    assert [(one["name"], one["kind"], one["mode"]) for one in week.places] == [
        ("work", "work", "walk"), ("court", "saved", "transit"),
    ]  # fmt: skip
    assert week.places[0]["minutes"] == pytest.approx(5, abs=0.1)
    assert 9 <= week.as_dict()["places"][1]["minutes"] <= 24
    assert "From home to work: 5 min (walk)." in plan_lines(week)


TWO_VISITS = (Appointment(3, 600, 660, spot("court", 400)), Appointment(3, 630, 700, spot("clinic", 800)))
NO_WAY_BACK = (Appointment(3, 21 * 60, 22 * 60, spot("class", 6000)),)


@pytest.mark.parametrize(
    ("needs", "expected"),
    [
        # work lies itself in the curfew's hours: no way of traveling helps
        (
            {"shifts": (Shift(1, 1080, 1290),), "work_place": spot("work", 400), "curfew": every_evening(1200)},
            ["later_curfew", "excuse", "earlier_end", "no_curfew"],
        ),
        # two appointments at once: nothing does
        ({"appointments": TWO_VISITS, "curfew": every_evening(1260)}, []),
        # the last bus is gone: a vehicle does, and no curfew
        ({"appointments": NO_WAY_BACK}, ["bicycle", "car"]),
        ({"appointments": NO_WAY_BACK, "curfew": every_evening(1260)}, []),
        ({"appointments": (*TWO_VISITS, *NO_WAY_BACK)}, ["bicycle", "car"]),
        ({"meetings_per_week": 3, "curfew": every_evening(720)}, ["later_curfew", "no_curfew", "fewer_meetings"]),
    ],
)
def test_what_would_help_is_found_and_nothing_that_would_is_left_untried(region, needs, expected, monkeypatch):
    support = region([NEAR], [session(NEAR, day, 12, 13) for day in range(5)])
    week = plan(support, Needs(**needs))
    assert [one.change for one in week.relaxations] == expected
    for shortcut in ("_curfew_binds", "_travel_binds"):
        monkeypatch.setattr(relaxation, shortcut, lambda _: True)
    assert plan(support, Needs(**needs)).relaxations == week.relaxations


def test_errors_are_one_sentence(region):
    with pytest.raises(OutsideRegionError, match="over 1 km from any street"):
        plan_week(region([NEAR]), (-80.0, 39.1), Needs(), WEDNESDAY)
    with pytest.raises(DateError, match="2024-03"):
        plan_week(region([NEAR]), at(0), Needs(), datetime.date(2031, 1, 1))


def test_a_whole_week_in_the_demo_county(demo_region):
    region = open_region(demo_region)
    lat, lon = DEMO_HOME
    needs = Needs(
        medications=("methadone",),
        curfew=every_evening(22 * 60),
        meetings_per_week=5,
        shifts=tuple(Shift(day, 11 * 60, 17 * 60) for day in range(5)),
        work_place=SavedPlace("work", 40.3607, -113.41),
    )
    week = plan_week(region.support, (lon, lat), needs, region.facts.service_date)
    check(week, needs)
    assert (week.feasible, week.meetings, week.meeting_days) == (True, 5, 5)
    early = replace(needs, curfew=every_evening(16 * 60 + 30))
    week = plan_week(region.support, (lon, lat), early, region.facts.service_date)
    check(week, early)
    assert {one.kind for one in week.unmet} == {"work"}
    assert week.relaxations[0].change == "later_curfew"
    assert week.relaxations[0].still_unmet == 0


# ── properties ────────────────────────────────────────────────────────────────────────────────────────────────────

NO_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)
HOURS = st.integers(10, 38).map(lambda half: half / 2)
MEETINGS = st.lists(st.tuples(st.sampled_from([400, 2500, 6100]), st.integers(0, 1), HOURS), min_size=1, max_size=5)


def many(region, rows, more=()):
    places = {meters: resource("meeting", meters) for meters, *_ in rows}
    held = [session(places[meters], day, start, start + 1) for meters, day, start in [*rows, *more]]
    return region([*places.values(), CLINIC], held)


@settings(max_examples=4, deadline=None, phases=NO_SHRINKING)
@given(MEETINGS, st.integers(14, 22), st.integers(6, 14))
def test_any_week_holds_and_relaxing_never_lowers_the_number_of_meetings(region, rows, curfew, start):
    support = many(region, rows)
    needs = Needs(
        curfew=every_evening(60 * curfew),
        shifts=(Shift(0, 60 * start, 60 * start + 240),),
        work_place=spot("work", 6500),
        medications=("methadone",),
        dose_days=(0, 1),
    )
    base = plan(support, needs)
    assert base == plan(support, needs)
    shuffled = many(region, rows[::-1])
    assert base.as_dict() == plan(shuffled, needs).as_dict()
    if base.feasible:
        for easier in (
            replace(needs, curfew=every_evening(60 * curfew + 45)),
            replace(needs, curfew=None),
            replace(needs, profile="bicycle"),
            replace(needs, max_walk_minutes=45),
            replace(needs, shifts=()),
            replace(needs, dose_days=(0,)),
        ):
            assert plan(support, easier).meetings >= base.meetings


@settings(max_examples=4, deadline=None, phases=NO_SHRINKING)
@given(
    MEETINGS, st.integers(18, 22), st.lists(st.tuples(st.integers(0, 6), st.integers(14, 23)), min_size=1, max_size=3)
)
def test_excusing_never_lowers_what_fits(region, rows, curfew, hours):
    shifts = tuple({day: Shift(day, 60 * start, 60 * start + 480) for day, start in hours}.values())
    base = replace(NIGHT, shifts=shifts, meetings_per_week=2)
    counts = []
    for own in (every_evening(60 * curfew), excusing(60 * curfew, "work"), None):
        week = plan(many(region, rows), replace(base, curfew=own))
        counts.append((sum(one.amount for one in week.unmet if one.kind == "work"), -week.meetings))
    assert counts[0][0] >= counts[1][0] >= counts[2][0]
    assert counts[1] >= counts[2]


@settings(max_examples=3, deadline=None, phases=NO_SHRINKING)
@given(MEETINGS)
def test_the_number_of_meetings_is_that_of_the_best_of_all_choices(region, rows):
    # on foot from home each meeting keeps one away from its own minutes: count by trying every subset
    support = many(region, rows)
    week = plan(support, Needs(meetings_per_week=7))
    alone = {}
    for row in set(rows):
        one = plan(many(region, [row]), Needs(meetings_per_week=1))
        if one.meetings:
            day = one.as_dict()["days"][row[1]]["stops"]
            alone[row] = (minutes(day[0]["journey"]["leave"]), minutes(day[-1]["start"]))
    best = 0
    for size in range(len(alone) + 1):
        for chosen in itertools.combinations(sorted(alone), size):
            spans = sorted((row[1], *alone[row], row) for row in chosen)
            if all(a[0] < b[0] or a[2] <= b[1] or together(a[3], b[3]) for a, b in itertools.pairwise(spans)):
                best = max(best, size)
    assert week.meetings == best


def together(one, then):
    """Return whether two meetings in one place follow each other with the ten minutes in between."""
    return one[0] == then[0] and one[2] + 1 + 1 / 6 <= then[2]


@pytest.mark.parametrize(
    ("text", "monday", "sunday"),
    [
        ("Mo-Fr 05:30-11:00; Sa 06:00-09:00", ((330, 660),), ()),
        ("24/7", ((0, 1440),), ((0, 1440),)),
        ("08:00-12:00,13:00-17:00", ((480, 720), (780, 1020)), ((480, 720), (780, 1020))),
        ("Sa-Mo 22:00-02:00; PH off", ((1320, 1560),), ((1320, 1560),)),
        ("Mo,We 09:00-10:00; Mo off", (), ()),
    ],
)
def test_opening_hours(text, monday, sunday):
    week = weekly_hours(text)
    assert (week[0], week[6]) == (monday, sunday)


@pytest.mark.parametrize("text", ["", "sunrise-sunset", "Apr-Oct Mo 09:00-10:00", "by appointment", "PH off"])
def test_hours_that_say_more_than_a_week_are_unknown(text):
    assert weekly_hours(text) is None


def test_a_plan_can_be_given_up(region):
    class GivenUpError(Exception):
        pass

    calls = []

    def checkpoint():
        calls.append(1)
        if len(calls) == 3:
            raise GivenUpError

    support = region([NEAR], [session(NEAR, 0, 19, 20)])
    needs = Needs(curfew=every_evening(19 * 60), meetings_per_week=1)
    with pytest.raises(GivenUpError):
        plan_week(support, at(0), needs, WEDNESDAY, checkpoint=checkpoint)
