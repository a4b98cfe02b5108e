"""What a reader must know of a week beside its days: what isn't on it, holidays, whose timetable it is."""

from typing import Any

from geo.clock import Moment
from geo.plan.messages import Message
from geo.plan.model import HOME
from geo.units import MINUTE
from layers.escaping import plain
from screens.case_manager.week import help_sentences, hours, spoken, unmet_sentences
from screens.caseload.along.neutral import neutral
from screens.caseload.along.stops import WORK, all_stops, stop_kind
from screens.caseload.along.week import Move, WeekAlong
from screens.shared.journey_text import second_text
from screens.shared.near_text import capitalized
from screens.shared.words import Say

NEUTRAL = {
    "plan_note_stay_away": "along_note_stay_away",
    "plan_note_excused": "along_note_excused",
    "plan_note_closed_holiday": "along_note_closed_holiday",
    "plan_note_holiday": "along_note_holiday",
    "plan_note_no_timetable": "along_note_no_timetable",
}
"""Notes of a plan that name a place or say what for, each as a paper has it; the others are told as they are."""


def page_notes(week: WeekAlong, say: Say, manager: str = "") -> list[str]:
    """Return what the case manager must know, names and reasons included.

    Parameters
    ----------
    manager
        Whom the papers say to ask; without a name, whoever made them.
    """
    notes = []
    if not week.plan.feasible:
        notes = [say("along_unmet"), *unmet_sentences(week.plan, say), *help_sentences(week.plan, say)]
    notes += [spoken(message, say) for message in week.plan.messages]
    notes += _timetable(week, say)
    notes += [say("along_papers_say", text=text) for text in _on_the_move(week, manager, say)]
    names = left_off(week)
    notes += [say("along_left_off", names=say.habits.listed(names))] if names else []
    return [capitalized(note) for note in notes]


def paper_notes(week: WeekAlong, say: Say, manager: str = "") -> list[str]:
    """Return the same for whoever holds the paper or the phone: no name of a place, and nothing of what it is for.

    Parameters
    ----------
    manager
        Whom to ask; without a name, whoever made it.
    """
    whom = manager or say("along_maker")
    notes = [] if week.plan.feasible else [say("along_not_all", name=whom)]
    notes += [_neutral(message, whom, say) for message in week.plan.messages]
    return [capitalized(note) for note in (*notes, *_timetable(week, say))]


def move_notes(move: Move, weekday: int, manager: str, say: Say) -> list[str]:
    """Return that the way to the house isn't on the plan, and that one is there too late, each with what to do.

    Parameters
    ----------
    weekday
        That of the day of the move.
    manager
        Whom to ask; without a name, whoever made it.
    """
    whom = manager or say("along_maker")
    late = [say("along_move_late")] if move.is_late else []
    if move.journey is not None:
        return late
    if move.leave is None:
        return [say("along_move_unknown", name=whom), *late]
    time = second_text(move.leave * MINUTE, say, weekday=weekday)
    return [say("along_move_none", time=time, name=whom), *late]


def without_way_notes(move: Move, weekday: int, say: Say) -> list[str]:
    """Return what of the day of the move has no way on the plan: before one is at the house, and once one is there."""
    told = {"along_move_before": move.before, "along_move_after": move.after}
    return [
        say(key, what=say.habits.listed([f"{stop_kind(stop, say)}, {hours(stop, weekday, say)}" for stop in stops]))
        for key, stops in told.items()
        if stops
    ]


def left_off(week: WeekAlong) -> list[str]:
    """Return the names that don't stand on papers because they tell of treatment."""
    names = [
        week.house["name"],
        *(plain(stop.name) for stop in all_stops(week) if stop.kind != HOME),
    ]
    return [name for name in dict.fromkeys(names) if name and not neutral(name)]


def _on_the_move(week: WeekAlong, manager: str, say: Say) -> list[str]:
    """Return what the papers say of the day of the move, beside the way itself."""
    if week.move is None:
        return []
    weekday = week.days[0].day.weekday
    return [*move_notes(week.move, weekday, manager, say), *without_way_notes(week.move, weekday, say)]


def _neutral(message: Message, whom: str, say: Say) -> str:
    if message.key not in NEUTRAL:
        return spoken(message, say)
    values: dict[str, Any] = dict(message.values)
    what = say("week_kind_work" if values.get("name") == WORK else "week_kind_appointment")
    days = say.habits.listed([say.habits.weekday(day) for day in values.get("days", ())])
    day = say.habits.weekday(values["day"]) if "day" in values else ""
    holiday = say(f"holiday_{values['holiday']}") if "holiday" in values else ""
    times = {name: say.moment(value) for name, value in values.items() if isinstance(value, Moment)}
    known = {"what": what, "whom": whom, "days": days, "day": day, "holiday": holiday}
    return say(NEUTRAL[message.key], **known | times)


def _timetable(week: WeekAlong, say: Say) -> list[str]:
    return [] if week.timetable is None else [say("along_timetable", day=say.day(week.timetable))]
