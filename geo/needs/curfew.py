"""A curfew: by when a person is home each evening, whether it holds on days of work too, and what is excused from it.

A table of a needs file, `every_day = "22:00"`, with any of `monday` … `sunday` (a time, or "none"), `days_off = true`
and `except = ["work", "treatment", "court"]`; or the time alone, for every evening and everything.
"""

import math
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from geo.clock import DAY, DAYS, clock_minute, minutes_text
from geo.errors import NeedsError
from geo.timetables.calendar import service_minute

WORK, TREATMENT = "work", "treatment"
WORDS_OF_KINDS = {"work": WORK, "dose": TREATMENT}
"""What excuses a thing of the week plan that has no name of the person's own."""
EVERY_DAY, DAYS_OFF, EXCEPT, NO_TIME = "every_day", "days_off", "except", "none"

Evenings = tuple[int | None, ...]
"""Of Monday … Sunday: minutes after the midnight that begins the day, 24:30 for half past midnight; None = none."""
Limits = tuple[float, ...]
"""The same, inf for none."""
NEVER: Evenings = (None,) * 7
FREE: Limits = (math.inf,) * 7


@dataclass(frozen=True)
class Curfew:
    """By when a person is home, until the night ends at 04:00.

    Attributes
    ----------
    minutes
        Of each evening, from 04:00 (240) on; half past midnight is 1470.
    days_off
        It holds on evenings of days without work only. The day of a shift is the one on which it starts.
    excused
        What it doesn't hold for: `work` (shifts), `treatment` (doses), names of appointments and of their places.
    house
        Minutes of a house's own curfew, of which `minutes` is never later. What is excused from the person's isn't from
        a house's but for what is in `house_excused`.

    Examples
    --------
    >>> curfew = Curfew((1320, 1320, 1320, 1320, 1410, 1410, 1320), excused=("work",))
    >>> curfew_document(curfew)
    {'every_day': '22:00', 'friday': '23:30', 'saturday': '23:30', 'except': ['work']}
    """

    minutes: Evenings
    days_off: bool = False
    excused: tuple[str, ...] = ()
    house: Evenings = NEVER
    house_excused: tuple[str, ...] = ()


def every_evening(minute: int) -> Curfew:
    """Return the curfew that holds every evening and for everything.

    Parameters
    ----------
    minute
        Minutes after midnight, 0 … 1440; before 04:00 it is after midnight.

    Examples
    --------
    >>> every_evening(22 * 60).minutes
    (1320, 1320, 1320, 1320, 1320, 1320, 1320)
    """
    return Curfew((service_minute(minute),) * 7)


def limits(curfew: Curfew | None, work_days: Collection[int]) -> Limits:
    """Return by when the person is home each evening, whatever keeps them out; inf where nothing binds.

    Parameters
    ----------
    work_days
        Weekdays on which a shift starts.
    """
    if curfew is None:
        return FREE
    off = frozenset(work_days) if curfew.days_off else frozenset()
    return tuple(
        math.inf if minute is None or day in off else float(minute) for day, minute in enumerate(curfew.minutes)
    )


def limits_for(curfew: Curfew | None, word: str, work_days: Collection[int]) -> Limits:
    """Return by when the person is home each evening from what has this word; see `Curfew.excused`."""
    if curfew is None or word not in curfew.excused:
        return limits(curfew, work_days)
    return FREE if word in curfew.house_excused else limits(Curfew(curfew.house), ())


def stricter(own: Curfew | None, house_minute: int | None, work_days: Collection[int]) -> Curfew | None:
    """Return the curfew that binds a person in a house: by evening the earlier of theirs and the house's.

    Parameters
    ----------
    house_minute
        The house's, minutes after midnight; None where it has none.
    """
    if house_minute is None:
        return own
    house = every_evening(house_minute).minutes
    earlier = (min(one, other or math.inf) for one, other in zip(limits(own, work_days), house, strict=True))
    return Curfew(tuple(map(int, earlier)), excused=own.excused if own else (), house=house)


def read_curfew(value: object, names: Collection[str], where: str) -> Curfew:
    """Read the curfew of a needs file.

    Parameters
    ----------
    names
        Of the saved places and appointments, which may be excused.

    Raises
    ------
    NeedsError
        It is neither a clock time nor a table that says one, or excuses what isn't known.
    """
    at = f"{where}: curfew"
    if not isinstance(value, dict):
        return every_evening(clock_minute(value, at))
    known = (EVERY_DAY, *DAYS, DAYS_OFF, EXCEPT)
    for key in value:
        if key not in known:
            raise NeedsError(
                "{where} has the unknown key {key!r}; known keys are {known}.",
                where=at, key=key, known=", ".join(known),
            )  # fmt: skip
    usual = value.get(EVERY_DAY, NO_TIME)
    minutes = tuple(_read_evening(value.get(day, usual), at, day if day in value else EVERY_DAY) for day in DAYS)
    if minutes == NEVER:
        raise NeedsError("{where} says no time; give every_day, or a day like friday, a clock time.", where=at)
    days_off = value.get(DAYS_OFF, False)
    if not isinstance(days_off, bool):
        raise NeedsError("{where}: {key} must be true or false, not {value!r}.", where=at, key=DAYS_OFF, value=days_off)
    return Curfew(minutes, days_off, _read_excused(value.get(EXCEPT, []), names, at))


def _read_evening(value: object, where: str, key: str) -> int | None:
    return None if value == NO_TIME else service_minute(clock_minute(value, f"{where}: {key}"))


def _read_excused(value: object, names: Collection[str], where: str) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise NeedsError("{where}: {key} must be a list, not {value!r}.", where=where, key=EXCEPT, value=value)
    for one in value:
        if not isinstance(one, str) or one not in {WORK, TREATMENT, *names}:
            raise NeedsError(
                "{where}: except must hold work, treatment, or names of saved places and appointments, not {value!r}.",
                where=where, value=one,
            )  # fmt: skip
    return tuple(dict.fromkeys(value))


def curfew_document(curfew: Curfew) -> str | dict[str, Any]:
    """Return a curfew as plain values, of which `read_curfew` makes the same; a house's part isn't told apart."""
    usual = usual_minute(curfew)
    rows = {DAYS[day]: _clock(minute) for day, minute in enumerate(curfew.minutes) if minute != usual}
    table: dict[str, Any] = ({} if usual is None else {EVERY_DAY: _clock(usual)}) | rows
    table |= {DAYS_OFF: True} if curfew.days_off else {}
    table |= {EXCEPT: list(curfew.excused)} if curfew.excused else {}
    return _clock(usual) if set(table) == {EVERY_DAY} else table


def usual_minute(curfew: Curfew) -> int | None:
    """Return the curfew of most evenings, the first of those that as many have."""
    return Counter(curfew.minutes).most_common(1)[0][0]


def _clock(minute: int | None) -> str:
    return NO_TIME if minute is None else minutes_text(minute % DAY)
