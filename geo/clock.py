"""Clock times and weekdays: minutes after midnight, read and written; 0 = Monday."""

import re

from geo.errors import NeedsError

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAY = 24 * 60
"""Minutes in a day."""
WEEK = 7 * DAY
SATURDAY, SUNDAY = 5, 6


def clock_minute(value: object, where: str) -> int:
    """Return the minutes after midnight of a clock time `"HH:MM"` from 00:00 to 24:00.

    Raises
    ------
    NeedsError
        The value is no clock time.
    """
    match = re.fullmatch(r"([01]?\d|2[0-4]):([0-5]\d)", value) if isinstance(value, str) else None
    minute = int(match[1]) * 60 + int(match[2]) if match else -1
    if not 0 <= minute <= DAY:
        raise NeedsError("{where} must be a clock time like 22:30, not {value!r}.", where=where, value=value)
    return minute


def minutes_text(minute: float) -> str:
    """Return minutes after midnight as HH:MM; the night after midnight goes on as 24:10, so that it sorts."""
    whole = int(minute)
    return f"{whole // 60:02d}:{whole % 60:02d}"


def day_name(weekday: int) -> str:
    """Return Monday … Sunday."""
    return DAYS[weekday].capitalize()


def weekday_at(weekday: int, minute: float) -> int:
    """Return the weekday of the calendar at a minute after the midnight that begins a weekday: 24:30 is the next."""
    return (weekday + int(minute // DAY)) % 7
