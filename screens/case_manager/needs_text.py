"""A person's needs as one line of words, so that a comparison says for whom it holds."""

from geo.needs.needs import Needs
from layers.escaping import plain
from screens.shared.curfew_text import curfew_text
from screens.shared.words import Say

_LISTS = (("medications", "medications"), ("fellowships", ""), ("formats", "format"), ("languages", "spoken"))


def describe(needs: Needs, say: Say) -> str:
    """Return the needs in words; how the person gets around always, the rest where something is asked."""
    usual = Needs()
    parts = [say(f"profile_{needs.profile}")]
    for name, words in _LISTS:
        parts += [say.or_else(f"{words}_{one}", plain(one)) for one in getattr(needs, name)]
    if needs.gender is not None:
        parts.append(say("told_gender", who=say(f"gender_{needs.gender}").lower()))
    for name, key in (("with_children", "told_children"), ("childcare", "told_childcare")):
        if getattr(needs, name):
            parts.append(say(key))
    if needs.age is not None:
        parts.append(say("told_age", count=needs.age))
    if needs.weekly_budget_usd is not None:
        parts.append(say("told_rent", rent=say.habits.money(needs.weekly_budget_usd)))
    if needs.required_level is not None:
        parts.append(say("told_level", level=needs.required_level))
    parts += [say(f"house_model_{one}").lower() for one in needs.house_model]
    if needs.least_stay_days is not None:
        parts.append(say("told_stay", count=needs.least_stay_days))
    if needs.max_walk_minutes != usual.max_walk_minutes:
        parts.append(say("told_walk", minutes=say.habits.number(needs.max_walk_minutes)))
    return ", ".join([*parts, *_hours(needs, say), *_places(needs, say)])


def _hours(needs: Needs, say: Say) -> list[str]:
    parts = []
    if needs.curfew is not None:
        parts.append(curfew_text(needs.curfew, say))
    hours: dict[tuple[int, int], list[int]] = {}
    for shift in needs.shifts:
        hours.setdefault((shift.start_minute, shift.end_minute), []).append(shift.weekday)
    for (start, end), days in hours.items():
        names = " ".join(say.habits.weekday(day, short=True) for day in sorted(days))
        parts.append(say("told_shift", days=names, hours=say.habits.hours(start, end)))
    if needs.meetings_per_week is not None:
        parts.append(say("told_meetings", count=needs.meetings_per_week))
    return parts


def _places(needs: Needs, say: Say) -> list[str]:
    parts = [
        say(
            "told_visit",
            name=plain(one.place.name),
            day=say.habits.weekday(one.weekday, short=True),
            start=say.habits.clock(one.start_minute),
        )
        for one in needs.appointments
    ]
    visited = {one.place for one in needs.appointments}
    parts += [say("told_place", name=plain(place.name)) for place in needs.saved_places if place not in visited]
    if needs.stay_away:
        parts.append(say("told_away", count=len(needs.stay_away), trips=say(f"told_away_{needs.stay_away_trips}")))
    return parts
