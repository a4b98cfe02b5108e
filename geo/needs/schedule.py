"""The week: curfews, the small hours, sessions that last all day, and shifts that keep a person busy.

Minutes count from the midnight that begins a weekday (0 = Monday); they may exceed 1440 (the night after).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.clock import DAY, WEEK
from geo.needs.needs import Shift
from geo.timetables.calendar import MORNING_MINUTES


def curfew_limit(curfew_minute: int | None) -> float:
    """Return the minute by which the person is home, inf without a curfew; one in the small hours is after midnight."""
    if curfew_minute is None:
        return float("inf")
    return float(curfew_minute + DAY if curfew_minute < MORNING_MINUTES else curfew_minute)


def busy(
    shifts: Sequence[Shift], weekday: NDArray[np.integer], leave: NDArray[np.float64], home: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Return whether being out from `leave` to `home` on a weekday overlaps any shift; touching is no overlap.

    The week repeats, so a Sunday night shift keeps a person busy on Monday morning.
    """
    overlaps = np.zeros(len(leave), dtype=bool)
    base = np.asarray(weekday, dtype=np.float64) * DAY
    out, back = base + leave, base + home
    for shift in shifts:
        for week in (-WEEK, 0, WEEK):
            start, end = (shift.weekday * DAY + minute + week for minute in (shift.start_minute, shift.end_minute))
            overlaps |= (out < end) & (back > start)
    return overlaps


def lasts_all_day(start: ArrayLike, end: ArrayLike) -> NDArray[np.bool_]:
    """Return which sessions (minutes after midnight) last a day or more: there is no start to be in time for."""
    return np.subtract(end, start) >= DAY


def by_evening(
    weekday: NDArray[np.int64], start: NDArray[np.float64], end: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Return weekday, start and end with those in the small hours as the last of the evening before: 00:30 as 24:30.

    What lasts all day stays where it is.
    """
    early = (start < MORNING_MINUTES) & ~lasts_all_day(start, end)
    return np.where(early, (weekday + 6) % 7, weekday), start + early * DAY, end + early * DAY
