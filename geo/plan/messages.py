"""What the week plan says, as sentences with values: filled in here in English, on the screens in any language.

A value called `day` is a weekday (0 = Monday), `days` several; `holiday` a name of `geo.public_holidays`; `ways` is a
profile and its longest walk in minutes.
A `Moment` is a time of day. Every other value stands for itself: a number, a date, a name.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from geo.clock import Moment, day_name
from geo.habits import AMERICAN, Habits, moment_text
from geo.plurals import Plural
from geo.public_holidays import NAMES
from geo.timetables.ended import SENTENCE as ENDED

SENTENCES: dict[str, str | Plural] = {
    "plan_event": "{name}, {day} {start} – {end}",
    "plan_doses": Plural("1 dose of methadone a week", "{count} doses of methadone a week"),
    "plan_doses_on": Plural("1 dose of methadone a week on {days}", "{count} doses of methadone a week on {days}"),
    "plan_meetings": Plural("1 meeting a week", "{count} meetings a week"),
    "plan_home_at": "home at the earliest: {home}; the curfew is {curfew}.",
    "plan_leave_at": "leaving home at the latest: {leave}; the curfew holds until {end}.",
    "plan_no_way_there": "there is no way there from home by {time} ({ways}).",
    "plan_no_way_back": "there is no way home after {time} ({ways}).",
    "plan_no_way_there_around": "there is no way there from home by {time} that keeps out of the areas to stay away "
    "from ({ways}).",
    "plan_no_way_back_around": "there is no way home after {time} that keeps out of the areas to stay away from "
    "({ways}).",
    "plan_overlap": "it overlaps with {name}, {start} – {end}.",
    "plan_no_time_between": "there is no time to get from the one to the other: {name}, {start}.",
    "plan_no_fit": "it doesn't fit with the rest of the week.",
    "plan_no_program": "the region lists no opioid treatment program that fits and is open at those hours.",
    "plan_program_inside": "every opioid treatment program that fits lies in an area to stay away from.",
    "plan_program_far": "the nearest, {name}, can't be reached and left again in its hours ({ways}).",
    "plan_program_far_around": "the nearest, {name}, can't be reached and left again in its hours by ways that keep "
    "out of the areas to stay away from ({ways}).",
    "plan_program_curfew": "the hours of {name} and the trips lie within the hours of the curfew.",
    "plan_program_busy": "on {days} there is no time for {name}: it is closed, out of reach at its hours, or there "
    "is other business.",
    "plan_no_meetings": "the region lists no meeting that fits.",
    "plan_few_meetings": Plural(
        "1 session at a set hour fits the person; sure to be held in this week: {held}, within reach from home and "
        "back: {near}, before the curfew: {in_time}, with all else: {met}.",
        "{count} sessions at set hours fit the person; sure to be held in this week: {held}, within reach from home "
        "and back: {near}, before the curfew: {in_time}, with all else: {met}.",
    ),
    "plan_later_curfew": "A curfew at {to} instead of {now} ({minutes} min later).",
    "plan_later_curfew_on": "A curfew at {to} instead of {now} on {days} ({minutes} min later).",
    "plan_curfew_on": "A curfew at {to} on {days}.",
    "plan_excuse": "{name}: an exception from the curfew.",
    "plan_excuse_house": "{name}: an exception from the house's curfew. Ask the house.",
    "plan_later_start": "Work from {to} instead of {now} ({minutes} min later).",
    "plan_earlier_end": "Work until {to} instead of {now} ({minutes} min earlier).",
    "plan_longer_walk": "Walks of up to {to} minutes instead of {now}.",
    "plan_ride_through": "Riding through an area to stay away from without getting off. Ask whether the order allows "
    "it.",
    "plan_bicycle": "A bicycle.",
    "plan_car": "A car.",
    "plan_no_curfew": "No curfew.",
    "plan_fewer_meetings": Plural("1 meeting a week instead of {now}.", "{count} meetings a week instead of {now}."),
    "plan_note_stay_away": "This home lies in an area to stay away from.",
    "plan_note_excused": "{name}, {start} – {end}, goes past the curfew on {days}: excused.",
    "plan_note_work": "Where the work is isn't known, so no journeys to it are planned.",
    "plan_note_no_meetings": "We have no data on meetings in this region.",
    "plan_note_all_day": "Open all day, so at no hour of the plan: {count} of the meetings that fit. Go at any time.",
    "plan_note_closed_holiday": "{day} is {holiday}, and {name} is closed: it may give the dose of that day ahead, to "
    "take at home (42 CFR 8.12(i)). Ask there before.",
    "plan_note_holiday": "{day} is {holiday}: ask at {name} whether its hours differ.",
    "plan_note_ended": ENDED,
    "plan_note_no_timetable": "The region has no timetable, so only streets were searched.",
}
WAYS = {
    "no-car": "on foot or by bus",
    "bicycle": "on foot, by bus or bicycle",
    "car": "on foot, by bus, bicycle or car",
    "wheelchair": "step-free, by wheelchair or bus",
}


@dataclass(frozen=True)
class Message:
    """A sentence of `SENTENCES` and its values; as text it is English."""

    key: str
    values: Mapping[str, Any]

    def __str__(self) -> str:
        return self.text(AMERICAN)

    def text(self, habits: Habits) -> str:
        """Return the sentence in English, with times and dates as a reader writes them."""
        filled = dict(self.values)
        if "day" in filled:
            filled["day"] = day_name(filled["day"])
        if "days" in filled:
            filled["days"] = habits.listed([day_name(day) for day in filled["days"]])
        if "holiday" in filled:
            filled["holiday"] = NAMES[filled["holiday"]]
        if "ways" in filled:
            profile, minutes = filled["ways"]
            filled["ways"] = f"{WAYS[profile]}, walks up to {minutes:g} min"
        for name, value in filled.items():
            if isinstance(value, Moment):
                filled[name] = moment_text(value, habits)
            elif isinstance(value, datetime.date):
                filled[name] = habits.day_of_year(value)
        return SENTENCES[self.key].format(**filled)


def message_of(key: str, **values: Any) -> Message:
    """Return a sentence with its values."""
    return Message(key, values)
