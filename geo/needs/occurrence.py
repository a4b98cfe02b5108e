"""In which weeks a session is held: in every one, on certain weekdays of the month, or every other week.

A rule is text, joined by `;`: empty is every week; `2;4` is the second and the fourth such weekday of a month, `last`
its last one; `alternate` is every other week and `monthly` once a month, where it isn't said in which weeks. A text
that is no rule is refused: taken for every week, it would send people to closed doors.
"""

import datetime
from functools import lru_cache

from geo.clock import day_name
from geo.errors import InputError
from geo.habits import AMERICAN
from geo.tables import WEEKS

_ORDINALS = {"1": "first", "2": "second", "3": "third", "4": "fourth", "5": "fifth"}
_UNDATED = ("alternate", "monthly")
_WEEKS, _MONTHS = 20_871, 4_800
_LONG = _WEEKS - 4 * _MONTHS
"""The calendar repeats after 400 years: so many weeks and months, and months with five of a weekday."""


@lru_cache
def share_of_weeks(rule: str) -> float:
    """Return in which share of all weeks a session with this rule is held, over the 400 years of the calendar."""
    parts = parts_of(rule)
    if not parts:
        return 1.0
    if not is_dated(rule):
        return 0.5 if "alternate" in parts else _MONTHS / _WEEKS
    long, short = (len({count if part == "last" else int(part) for part in parts}) for count in (5, 4))
    return (_LONG * long + (_MONTHS - _LONG) * (short - ("5" in parts))) / _WEEKS


def occurs(rule: str, date: datetime.date) -> bool:
    """Tell whether a session may be held on a date of its weekday; yes where it isn't known in which weeks it is."""
    parts = set(parts_of(rule))
    is_last = (date + datetime.timedelta(days=7)).month != date.month
    return not parts or bool(parts & {*_UNDATED, str((date.day + 6) // 7), *(["last"] if is_last else [])})


def is_dated(rule: str) -> bool:
    """Tell whether a rule leaves no doubt on which dates a session is held."""
    return not set(parts_of(rule)) & {*_UNDATED}


def in_words(rule: str, weekday: int) -> str:
    """Return a rule in English: `only the second and fourth Sunday of the month`; empty if weekly."""
    parts = parts_of(rule)
    if not parts:
        return ""
    if not is_dated(rule):
        return "every other week: ask in which" if "alternate" in parts else "once a month: ask when"
    which = AMERICAN.listed([_ORDINALS.get(part, part) for part in parts])
    return f"only the {which} {day_name(weekday)} of the month"


def parts_of(rule: str) -> tuple[str, ...]:
    """Return the parts of a rule in their order.

    Raises
    ------
    InputError
        A part is none of `geo.tables.WEEKS`.
    """
    stated = [part for part in rule.split(";") if part]
    if unknown := [part for part in stated if part not in WEEKS]:
        raise InputError(
            f"A session's weeks are {', '.join(WEEKS)}, joined by ;, or empty for every week, not {unknown[0]!r}; "
            "correct the column weeks of the sessions."
        )
    return tuple(part for part in WEEKS if part in stated)
