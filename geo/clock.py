"""Clock times and weekdays: minutes after midnight, read and written; 0 = Monday."""

import re
from dataclasses import dataclass

from geo.errors import NeedsError
from geo.units import MINUTE

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAY = 24 * 60
"""Minutes in a day."""
WEEK = 7 * DAY
SATURDAY, SUNDAY = 5, 6
MORNING_PEAK = (7 * 3600, 9 * 3600)
"""Seconds after midnight: the departures that are asked about where no window of them is named."""

_FIRST_AT_NIGHT = 6
"""The earliest hour of the evening that Spanish calls one of the night."""

_NAMED = {"midnight": 0, "medianoche": 0, "noon": 720, "mediodía": 720, "mediodia": 720}
_TYPED = re.compile(r"(\d{1,2})(?:[:.h]?(\d\d))?(am?|pm?|delamadrugada|delamañana|delamanana|delatarde|delanoche)?")


@dataclass(frozen=True)
class Moment:
    """A time that may lie past the midnight with which its day began: minute 1560 of a Wednesday is Thursday 2:00.

    `weekday`: of the day whose minutes count; None where only the time of day matters.
    """

    minute: int
    weekday: int | None = None

    @property
    def is_later_day(self) -> bool:
        """Return whether it lies on another day than the one it is counted from, and that day is known."""
        return self.weekday is not None and self.minute >= DAY

    @property
    def own_weekday(self) -> int:
        """Return the weekday that it lies on."""
        return ((self.weekday or 0) + self.minute // DAY) % 7


def read_clock(text: str) -> int | None:
    """Return the minutes after midnight of a clock time as people type it, 0 … 1440; None where it isn't one.

    `9pm`, `9:00 p.m.`, `21`, `2100`, `21:00`, `24:00`, `noon`, `midnight`, `mediodía`, `9 de la noche`. A bare hour
    from 1 to 12 is no time: it may be either half of the day. Nor is `12 de la mañana`, noon to some and midnight to
    others.
    """
    typed = re.sub(r"[\s.](?!\d)|\s", "", text.strip().lower())
    if typed in _NAMED:
        return _NAMED[typed]
    match = _TYPED.fullmatch(typed)
    if match is None:
        return None
    hour, minute, half = int(match[1]), int(match[2] or 0), match[3]
    if half is not None:
        whole = _hour_of_day(hour, half)
        return None if whole is None or minute >= 60 else whole * 60 + minute
    if match[2] is None and 1 <= hour <= 12:
        return None
    return hour * 60 + minute if minute < 60 and hour * 60 + minute <= DAY else None


def _hour_of_day(hour: int, part: str) -> int | None:
    """Return the hour, 0 … 23, that one from 1 to 12 is in a part of the day; None where it may be another too."""
    if not 1 <= hour <= 12:
        return None
    if part[0] == "a" or part == "delamadrugada":
        return hour % 12
    if part == "delanoche":  # twelve at night is midnight, and the first hours after it are called night by some
        return 0 if hour == 12 else hour + 12 if hour >= _FIRST_AT_NIGHT else None
    if part in ("delamañana", "delamanana"):
        return hour if hour < 12 else None
    return hour % 12 + 12


def clock_minute(value: object, where: str) -> int:
    """Return the minutes after midnight of a clock time as `read_clock` takes it.

    Raises
    ------
    NeedsError
        The value is no clock time.
    """
    minute = read_clock(value) if isinstance(value, str) else None
    if minute is None:
        raise NeedsError(
            "{where} must be a clock time like 22:30 or 10:30 pm, not {value!r}.", where=where, value=value
        )
    return minute


def minutes_text(minute: float) -> str:
    """Return minutes after midnight as HH:MM for files; the night after midnight goes on as 24:10, so that it sorts.

    People are shown `geo.habits` instead.
    """
    whole = int(minute)
    return f"{whole // 60:02d}:{whole % 60:02d}"


def end_after(start: int, end: int) -> int:
    """Return when what begins at a clock time ends; a time that isn't later is the next day's.

    Examples
    --------
    >>> end_after(23 * 60, 30), end_after(9 * 60, 10 * 60)
    (1470, 600)
    """
    return end if end > start else end + DAY


def window_text(window: tuple[int, int]) -> str:
    """Return a window of departures, in seconds after midnight, as HH:MM-HH:MM.

    Examples
    --------
    >>> window_text(MORNING_PEAK)
    '07:00-09:00'
    """
    first, last = (minutes_text(seconds / MINUTE) for seconds in window)
    return f"{first}-{last}"


def day_name(weekday: int) -> str:
    """Return Monday … Sunday."""
    return DAYS[weekday].capitalize()


def weekday_at(weekday: int, minute: float) -> int:
    """Return the weekday of the calendar at a minute after the midnight that begins a weekday: 24:30 is the next."""
    return (weekday + int(minute // DAY)) % 7
