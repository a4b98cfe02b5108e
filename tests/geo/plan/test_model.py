"""A week made by hand, as values for machines and as lines for people."""

import json
from dataclasses import replace

from geo.plan.messages import message_of
from geo.plan.model import HOME, PlanDay, Relaxation, Stop, Trip, Unmet, WeekPlan, plan_lines
from geo.travel.journeys import Journey, Leg

MINUTE = 60


def trip(here, there, leave, arrive, mode="walk"):
    leg = Leg(mode, here, there, int(leave * MINUTE), int(arrive * MINUTE), ((0.0, 0.0), (0.0, 0.01)))
    return Trip(here, there, leave, arrive, mode, ("a walk",), Journey(leg.start, leg.end, (leg,)))


OUT, BACK = trip("home", "Group", 715.9, 719.2), trip("Group", "home", 1510.0, 1525.5)
TUESDAY = PlanDay(
    1, "Tuesday", "2026-01-06",
    (
        Stop("meeting", "Group", 39.0, -84.0, 720.0, 1500.0, OUT, "a:1", "1"),
        Stop(HOME, HOME, 39.1, -84.1, 1525.5, 1535.4, BACK),
        Stop("work", "work", 39.0, -84.0, 1600.0, 1605.0, None),
    ),
)  # fmt: skip
ASKED = message_of("plan_meetings", count=2)
WHY = message_of("plan_no_meetings")
NOTE = message_of("plan_note_no_timetable")
HELP = message_of("plan_no_curfew")
WEEK = WeekPlan(
    "2026-01-06", "no-car", "22:00", False, 1, 1, 2, 18.84, (PlanDay(0, "Monday", "", ()), TUESDAY),
    (Unmet("meeting", str(ASKED), str(WHY), 1, (ASKED, WHY)),), (Relaxation("no_curfew", "No curfew.", 0, HELP),),
    ({"kind": "saved", "name": "court", "minutes": 12.4, "mode": "walk"},
     {"kind": "saved", "name": "clinic", "minutes": None, "mode": None}),
    (str(NOTE),), (NOTE,),
)  # fmt: skip


def test_a_week_as_values_has_times_that_are_kept():
    document = json.loads(json.dumps(WEEK.as_dict()))
    meeting, home, work = document["days"][1]["stops"]
    # one is there by the minute after, and leaves in the minute before
    assert (meeting["journey"]["leave"], meeting["journey"]["arrive"]) == ("11:55", "12:00")
    assert meeting["journey"]["minutes"] == 3.3
    assert (meeting["start"], meeting["end"]) == ("12:00", "25:00")
    assert (home["start"], home["end"], home["journey"]["arrive"]) == ("25:26", "25:35", "25:26")
    assert (work["journey"], work["start"]) == (None, "26:40")
    assert "way" not in meeting["journey"]
    assert (document["travel_minutes"], document["nearest"]["change"]) == (18.8, "no_curfew")
    assert "messages" not in document
    assert "message" not in document["relaxations"][0]
    assert "messages" not in document["unmet"][0]
    assert replace(WEEK, relaxations=()).as_dict()["nearest"] is None
    night = replace(TUESDAY, stops=(replace(TUESDAY.stops[1], end=None),))
    assert replace(WEEK, days=(night,)).as_dict()["days"][0]["stops"][0]["end"] is None


def test_a_week_in_lines():
    assert plan_lines(WEEK) == [
        "Monday",
        "  at home",
        "Tuesday (timetable of January 6, 2026)",
        "  11:55 AM to Group: 3 min (walk)",
        "      11:55 AM walk 3 min to Group",
        "      12:00 PM there",
        "  12:00 PM – 1:00 AM meeting: Group (only the first Tuesday of the month)",
        "  early Wednesday, 1:10 AM to home: 16 min (walk)",
        "      1:10 AM (next day) walk 16 min to home",
        "      1:26 AM (next day) there",
        "  early Wednesday, 1:26 AM home, until early Wednesday, 1:35 AM",
        "  early Wednesday, 2:40 AM – 2:45 AM work: work",
        "1 meeting on 1 day; 19 minutes of travel.",
        "From home to court: 12 min (walk).",
        "From home to clinic: out of reach.",
        "Can't be met: 2 meetings a week: the region lists no meeting that fits.",
        "Would help: No curfew.",
        "The region has no timetable, so only streets were searched.",
    ]
