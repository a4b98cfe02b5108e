"""Meetings: each session in its own hour, there and back.

A session counts if the person arrives by its start and gets home again after its end, before the curfew and
without missing work, by a way that runs on that weekday. t is the mean of the way there and the way back, each
with its waiting: from leaving home to the start, and from leaving the meeting to being home.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.access.decay import Decay
from geo.clock import day_name
from geo.needs.needs import Shift
from geo.needs.schedule import busy, lasts_all_day

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Sessions:
    """In-person sessions: arrays of one length.

    `place` points into the support's places; those in the small hours belong to the evening before (`by_evening`);
    `share`: in which share of all weeks each is held.
    """

    place: NDArray[np.int32]
    weekday: NDArray[np.int8]
    start: Floats
    end: Floats
    share: Floats


@dataclass(frozen=True)
class Coverage:
    """What sessions add up to.

    `counts`: which sessions count; `minutes`: their t (inf otherwise); `value`: f(t), times the share of weeks;
    `per_day`: p_d for Monday … Sunday; `days_covered`: W = Σ p_d; `choice`: A = Σ value.
    """

    counts: NDArray[np.bool_]
    minutes: Floats
    value: Floats
    per_day: tuple[float, ...]
    days_covered: float
    choice: float

    @property
    def days_without(self) -> tuple[str, ...]:
        """Return the names of the days on which no session counts."""
        return tuple(day_name(day) for day, share in enumerate(self.per_day) if share == 0)


def worth(
    sessions: Sessions,
    there: Floats,
    back: Floats,
    decay: Decay,
    leave_after: float,
    curfew: ArrayLike = np.inf,
    shifts: Sequence[Shift] = (),
) -> tuple[Floats, Floats]:
    """Return each session's t, and f(t) times its share of weeks, by one way of traveling; t is inf where it can't be.

    Parameters
    ----------
    sessions
        The sessions that fit the person.
    there
        Minutes from leaving home until the start, one a session; inf = can't arrive in time.
    back
        Minutes from the end plus `leave_after` until home; inf = no way home.
    decay
        f(t), with its hard limit.
    leave_after
        Minutes that pass after the end before the person leaves.
    curfew
        Minute by which the person is home: of Monday … Sunday, or one for all.
    shifts
        Work; the trips and the session must not overlap it. The workplace isn't known, so trips start at home. To a
        room that is open all day one goes when one is free: neither a curfew nor work keeps one from it.
    """
    home, all_day = sessions.end + leave_after + back, lasts_all_day(sessions.start, sessions.end)
    in_time = all_day | (home <= np.broadcast_to(curfew, 7)[sessions.weekday])
    possible = np.isfinite(there) & np.isfinite(back) & in_time
    leave = np.where(possible, sessions.start - np.where(possible, there, 0.0), 0.0)
    possible &= all_day | ~busy(shifts, sessions.weekday, leave, np.where(possible, home, 0.0))
    minutes = np.where(possible, (np.where(possible, there, 0.0) + np.where(possible, back, 0.0)) / 2, np.inf)
    return minutes, decay(minutes) * sessions.share


def coverage(sessions: Sessions, minutes: Floats, value: Floats) -> Coverage:
    """Return what sessions add up to, given each one's t and value; see `worth`."""
    counts = value > 0
    per_day = tuple(float(1.0 - np.prod(1.0 - value[sessions.weekday == day])) for day in range(7))
    return Coverage(counts, np.where(counts, minutes, np.inf), value, per_day, float(sum(per_day)), float(value.sum()))


def meeting_score(days_covered: ArrayLike, choice: ArrayLike, coverage_share: float, a_ref: float) -> Floats:
    """Return s = share·W/7 + (1 − share)·(1 − exp(−A/A_ref)), of one home or of many."""
    days, values = np.asarray(days_covered, np.float64), np.asarray(choice, np.float64)
    score: Floats = coverage_share * days / 7 + (1 - coverage_share) * -np.expm1(-values / a_ref)
    return score
