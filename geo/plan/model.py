"""The week plan as it is handed out: days, stops, journeys, what can't be met and what would help."""

import datetime
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from geo.clock import Moment, minutes_text, weekday_at
from geo.habits import AMERICAN, Habits, moment_text
from geo.needs.occurrence import in_words
from geo.plan.messages import Message
from geo.plurals import Plural
from geo.travel.journeys import Journey
from geo.travel.journeys import in_words as journey_lines

HOME = "home"
MUSTS = ("work", "appointment", "dose")


@dataclass(frozen=True)
class PlanSettings:
    """The plan's own numbers; the score's parameters hold the rest.

    Attributes
    ----------
    longest_trip_minutes
        No trip is longer than this, to or from anything.
    meeting_trip_minutes
        Nor than this to or from a meeting.
    dose_minutes, dose_step_minutes
        How long a dose takes, and how far apart the times are at which one may be planned.
    longest_wait_minutes
        Longest wait at a place between two things done without going home in between.
    """

    longest_trip_minutes: int = 90
    meeting_trip_minutes: int = 60
    dose_minutes: int = 15
    dose_step_minutes: int = 15
    longest_wait_minutes: int = 180


@dataclass(frozen=True)
class Trip:
    """One journey; minutes after the midnight that begins the day it belongs to, and over 1440 past the next.

    `leave` is when the person sets out (just in time for the first bus), `lines` the legs in English words, `way` the
    legs themselves, in seconds after the same midnight.
    """

    from_name: str
    to_name: str
    leave: float
    arrive: float
    mode: str
    lines: tuple[str, ...]
    way: Journey

    @property
    def minutes(self) -> float:
        """How long the journey takes."""
        return self.arrive - self.leave


@dataclass(frozen=True)
class Stop:
    """A stay at a place: `kind` is work, appointment, dose, meeting or home; times as in `Trip`.

    `end` is None where the person stays home for the night. `journey` leads there; None where none is needed.
    `weeks`: of a meeting, in which weeks it is held (`geo.needs.occurrence`), where not in every one.
    """

    kind: str
    name: str
    lat: float
    lon: float
    start: float
    end: float | None
    journey: Trip | None
    resource_id: str | None = None
    weeks: str = ""


@dataclass(frozen=True)
class PlanDay:
    """One day: from home through its stops and back; no stops = a day at home. `date`: whose timetable it is."""

    weekday: int
    name: str
    date: str
    stops: tuple[Stop, ...]


@dataclass(frozen=True)
class Unmet:
    """A demand that can't be met, and why, in English; `amount`: how many (of a count); `messages`: both."""

    kind: str
    demand: str
    why: str
    amount: int
    messages: tuple[Message, Message]


@dataclass(frozen=True)
class Relaxation:
    """One change by itself, and how many of the demands would still be unmet with it."""

    change: str
    text: str
    still_unmet: int
    message: Message


@dataclass(frozen=True)
class WeekPlan:
    """A week from Monday to Sunday for one home; `as_dict` is what `plan --json` prints.

    `feasible`: every demand is met. Otherwise the days hold what can be, `unmet` the rest, and `relaxations`
    single changes that help, the nearest first. `places`: minutes and mode from home to the person's own places, as
    `geo.score.errands.places_of_homes` gives them. `messages`: the notes, for other languages. `curfew`: as a needs
    file has it, in a house the earlier of the person's and the house's.
    """

    date: str
    profile: str
    curfew: str | Mapping[str, Any] | None
    feasible: bool
    meetings: int
    meeting_days: int
    meetings_wanted: int
    travel_minutes: float
    days: tuple[PlanDay, ...]
    unmet: tuple[Unmet, ...]
    relaxations: tuple[Relaxation, ...]
    places: tuple[Mapping[str, Any], ...]
    notes: tuple[str, ...]
    messages: tuple[Message, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return plain values (JSON); times as HH:MM, going on past 24:00 for the night after."""
        document = asdict(self)
        document["travel_minutes"] = round(self.travel_minutes, 1)
        for one in (document, *document["unmet"], *document["relaxations"]):
            del one["messages" if "messages" in one else "message"]
        document["nearest"] = document["relaxations"][0] if self.relaxations else None
        for day in document["days"]:
            for stop in day["stops"]:
                stop["start"] = minutes_text(-(-stop["start"] // 1))
                stop["end"] = None if stop["end"] is None else minutes_text(stop["end"])
                trip = stop["journey"]
                if trip is not None:
                    del trip["way"]
                    trip["minutes"] = round(trip["arrive"] - trip["leave"], 1)
                    trip["leave"], trip["arrive"] = minutes_text(trip["leave"]), minutes_text(-(-trip["arrive"] // 1))
        return document


_MEETINGS, _DAYS = Plural("1 meeting", "{count} meetings"), Plural("1 day", "{count} days")


def plan_lines(plan: WeekPlan, habits: Habits = AMERICAN) -> list[str]:
    """Return the plan in words, day by day, with times as the reader writes them."""
    lines = []
    for day in plan.days:
        of = f" (timetable of {habits.day_of_year(datetime.date.fromisoformat(day.date))})" if day.date else ""
        lines.append(f"{day.name}{of}")
        at = partial(_at, weekday=day.weekday, habits=habits)
        if not day.stops:
            lines.append("  at home")
        for stop in day.stops:
            if stop.journey is not None:
                trip = stop.journey
                lines.append(f"  {at(trip.leave)} to {trip.to_name}: {trip.minutes:.0f} min ({trip.mode})")
                lines += [f"      {line}" for line in journey_lines(trip.way, habits)]
            if stop.kind == HOME:
                until = "" if stop.end is None else f", until {at(stop.end)}"
                lines.append(f"  {at(-(-stop.start // 1))} home{until}")
            else:
                often = f" ({in_words(stop.weeks, weekday_at(day.weekday, stop.start))})" if stop.weeks else ""
                lines.append(
                    f"  {at(stop.start)} – {habits.clock(stop.end or stop.start)} {stop.kind}: {stop.name}{often}"
                )
    meetings, days = _MEETINGS.format(count=plan.meetings), _DAYS.format(count=plan.meeting_days)
    lines.append(f"{meetings} on {days}; {plan.travel_minutes:.0f} minutes of travel.")
    for one in plan.places:
        how = "out of reach" if one["minutes"] is None else f"{one['minutes']:.0f} min ({one['mode']})"
        lines.append(f"From home to {one['name']}: {how}.")
    for demand, why in (one.messages for one in plan.unmet):
        lines.append(f"Can't be met: {demand.text(habits)}: {why.text(habits)}")
    lines += [f"Would help: {one.message.text(habits)}" for one in plan.relaxations]
    return [*lines, *(message.text(habits) for message in plan.messages)]


def _at(minute: float, weekday: int, habits: Habits) -> str:
    return moment_text(Moment(int(minute), weekday), habits)
