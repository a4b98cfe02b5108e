"""What a stop of the week is called on paper, where it is, and whom one can call there."""

from collections.abc import Mapping

from geo.plan.model import HOME, Stop
from layers.escaping import plain
from screens.caseload.along.neutral import neutral
from screens.caseload.along.week import FACTS, WeekAlong
from screens.shared.words import Say

WORK, MEETING = "work", "meeting"
_NOTHING: Mapping[str, str] = dict.fromkeys(FACTS, "")


def all_stops(week: WeekAlong) -> tuple[Stop, ...]:
    """Return the stops of a week, those to which the plan knows no way on the day of the move first."""
    without_way = () if week.move is None else (*week.move.before, *week.move.after)
    return (*without_way, *(stop for one in week.days for stop in one.day.stops))


def stop_name(stop: Stop, week: WeekAlong) -> str:
    """Return what a stop is called on paper: `Work`, else its name where that tells nothing; empty where it does."""
    if stop.kind == WORK:
        return ""
    name = neutral(plain(stop.name))
    venue = neutral(week.places.get(stop.resource_id or "", _NOTHING)["venue"])
    return ", ".join(text for text in dict.fromkeys((name, venue)) if text)


def stop_address(stop: Stop, week: WeekAlong) -> str:
    """Return a stop's address; empty for one that the case manager entered."""
    return week.places.get(stop.resource_id or "", _NOTHING)["address"]


def stop_kind(stop: Stop, say: Say) -> str:
    """Return what a stop is, without what it is for: `Work`, `Meeting`, `Appointment`."""
    if stop.kind in (HOME, WORK, MEETING):
        return say(f"week_kind_{stop.kind}")
    return say("week_kind_appointment")


def label(stop: Stop, week: WeekAlong, say: Say) -> str:
    """Return what the end of a journey is called in its sentence."""
    own = {HOME: "week_home", WORK: "to_work"}
    if stop.kind in own:
        return say(own[stop.kind])
    return stop_name(stop, week) or stop_address(stop, week) or stop_kind(stop, say).lower()


def phones(week: WeekAlong, say: Say) -> list[tuple[str, str]]:
    """Return the numbers of the week's appointments, each once, with what to call them; meetings are not called."""
    stops = {stop.resource_id: stop for stop in all_stops(week) if stop.kind not in (HOME, WORK, MEETING)}
    return [
        (stop_name(stop, week) or stop_kind(stop, say), phone)
        for stop in stops.values()
        if (phone := week.places.get(stop.resource_id or "", _NOTHING)["phone"])
    ]
