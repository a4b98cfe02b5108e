"""The week: which date's service stands for each weekday, curfews, and shifts that keep a person busy.

Minutes count from the midnight that begins a weekday (0 = Monday); they may exceed 1440 (the night after).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from geo.needs.needs import DAYS, Shift
from geo.timetables.calendar import DAY, WEEK


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
    overlaps = np.zeros(len(leave), dtype=bool)
    base = np.asarray(weekday, dtype=np.float64) * DAY
    out, back = base + leave, base + home
    for shift in shifts:
        for week in (-WEEK, 0, WEEK):
            start, end = (shift.weekday * DAY + minute + week for minute in (shift.start_minute, shift.end_minute))
            overlaps |= (out < end) & (back > start)
    return overlaps


def minutes_text(minute: float) -> str:
    """Return minutes after midnight as HH:MM; the night after midnight goes on as 24:10, so that it sorts."""
    whole = int(minute)
    return f"{whole // 60:02d}:{whole % 60:02d}"


def day_name(weekday: int) -> str:
    """Return Monday … Sunday."""
    return DAYS[weekday].capitalize()
