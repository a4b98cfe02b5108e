"""The week: its curfews, the small hours, sessions that last all day, and shifts that keep a person busy.

Minutes count from the midnight that begins a weekday (0 = Monday); they may exceed 1440 (the night after).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.clock import DAY, WEEK
from geo.needs.curfew import WORDS_OF_KINDS, Limits, limits, limits_for
from geo.needs.needs import Needs, Shift
from geo.timetables.calendar import MORNING_MINUTES

WORKDAYS = 6
"""Doses a week where the needs don't say: a program may send the dose of one weekend day home (42 CFR 8.12(i))."""


def curfew_limits(needs: Needs) -> Limits:
    """Return for Monday … Sunday by when the person is home, inf without a curfew; 1470 is half past midnight."""
    return limits(needs.curfew, work_days(needs.shifts))


def curfew_limits_for(needs: Needs, kind: str, name: str) -> Limits:
    """Return the same for one thing of the week, which may be excused: `work`, `dose`, or `appointment` with its name.

    Nothing else ever is, whatever its name.
    """
    word = name if kind == "appointment" else WORDS_OF_KINDS.get(kind)
    return curfew_limits(needs) if word is None else limits_for(needs.curfew, word, work_days(needs.shifts))


def work_days(shifts: Sequence[Shift]) -> frozenset[int]:
    """Return the weekdays on which shifts start; the small hours belong to the evening before."""
    return frozenset((one.weekday - (one.start_minute < MORNING_MINUTES)) % 7 for one in shifts)


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
