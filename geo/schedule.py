"""The week: which date's service stands for each weekday, curfews, and shifts that keep a person busy.

Minutes count from the midnight that begins a weekday (0 = Monday); they may exceed 1440 (the night after).
"""

import datetime
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from geo.needs import DAYS, Shift

DAY = 24 * 60
WEEK = 7 * DAY
SATURDAY, SUNDAY = 5, 6


def service_dates(
    date: datetime.date, valid: tuple[datetime.date, datetime.date] | None = None
) -> tuple[datetime.date | None, ...]:
    """Return, for Monday … Sunday, the date whose service stands for that weekday.

    It is the first such date from `date` on; where the timetable ends before it, the last one before `date`; None
    where the timetable (`valid`, first and last date) holds no such weekday within a week of the date.
    """
    found: list[datetime.date | None] = []
    for weekday in range(7):
        ahead = date + datetime.timedelta(days=(weekday - date.weekday()) % 7)
        choices = (ahead, ahead - datetime.timedelta(days=7))
        found.append(next((day for day in choices if valid is None or valid[0] <= day <= valid[1]), None))
    return tuple(found)


def reference_weekday(date: datetime.date) -> int:
    """Return the weekday whose service stands for "a weekday": the date's own, or Monday if it is a weekend day."""
    return date.weekday() if date.weekday() < SATURDAY else 0


def curfew_limit(curfew_minute: int | None, night_ends: int) -> float:
    """Return the minute by which the person is home, inf without a curfew; before `night_ends` is after midnight."""
    if curfew_minute is None:
        return float("inf")
    return float(curfew_minute + DAY if curfew_minute < night_ends else curfew_minute)


def busy(
    shifts: Sequence[Shift], weekday: NDArray[np.integer], leave: NDArray[np.float64], home: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Return whether being out from `leave` to `home` on a weekday overlaps any shift; touching is no overlap.

    The week repeats, so a Sunday night shift keeps a person busy on Monday morning.
    """
    found = np.zeros(len(leave), dtype=bool)
    base = np.asarray(weekday, dtype=np.float64) * DAY
    out, back = base + leave, base + home
    for shift in shifts:
        for week in (-WEEK, 0, WEEK):
            start, end = (shift.weekday * DAY + minute + week for minute in (shift.start_minute, shift.end_minute))
            found |= (out < end) & (back > start)
    return found


def clock(minute: float) -> str:
    """Return minutes after midnight as HH:MM; the night after midnight goes on as 24:10, so that it sorts."""
    whole = int(minute)
    return f"{whole // 60:02d}:{whole % 60:02d}"


def day_name(weekday: int) -> str:
    """Return Monday … Sunday."""
    return DAYS[weekday].capitalize()
