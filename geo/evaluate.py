"""From one home's seconds to the access of each class, with the minutes kept for explanation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo import kernels_score as kernels
from geo.case import Case, Members
from geo.decay import logistic, within
from geo.home_times import HomeTimes, Table, Window, meeting_places, windows
from geo.kernels_score import UNREACHED
from geo.meetings import Coverage, coverage

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
_EVERY_DAY_EMPTY = (0.0,) * 7


@dataclass(frozen=True)
class Stretch:
    """One window's seconds: a row a minute, `column` of each member; `share` of the average. No rows: streets only."""

    seconds: Ints
    column: Ints
    share: float


@dataclass(frozen=True)
class ClassAccess:
    """A class's access A = Σ value · mean f; `mean`: mean f of each member; `fixed`: its seconds by street."""

    members: Members
    access: float
    mean: Floats
    fixed: Floats
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True)
class Evaluation:
    """All classes and meetings of one home, by these street modes (and the timetable)."""

    modes: tuple[str, ...]
    classes: tuple[ClassAccess, ...]
    there: Floats
    back: Floats
    meetings: Coverage


def evaluate(case: Case, times: HomeTimes, modes: Sequence[str]) -> Evaluation:
    """Return the access of every class that applies, and which sessions count.

    Parameters
    ----------
    times
        The home's seconds to all places.
    modes
        Street modes the person has; the timetable's trips are always among the choices.
    """
    out, jobs = fastest(times.out, modes), fastest(times.jobs, modes)
    classes = tuple(_class_access(case, times, one, out if one.rule.categories else jobs) for one in case.members)
    there, back = session_minutes(case, times, modes)
    return Evaluation(tuple(modes), classes, there, back, _coverage(case, there, back))


def fastest(seconds: Mapping[str, Floats], modes: Sequence[str]) -> Floats:
    """Return the fewest whole seconds by any of the modes; infinite where none gets there."""
    found: Floats = np.rint(np.min([seconds[mode] for mode in modes], axis=0))
    return found


def session_minutes(case: Case, times: HomeTimes, modes: Sequence[str]) -> tuple[Floats, Floats]:
    """Return each session's minutes there (from leaving until the start) and back (from leaving it until home)."""
    sessions, rule = case.sessions, case.support.parameters.meetings
    meets = meeting_places(case.support)
    column = np.searchsorted(meets, sessions.place).astype(np.int32)
    there = fastest(times.out, modes)[sessions.place] / 60.0
    back = fastest(times.back, modes)[column] / 60.0
    begin = np.floor(sessions.start).astype(np.int64)
    leave = np.ceil(sessions.end + rule.leave_after_minutes).astype(np.int64)
    longest = int(2 * rule.limit_minutes)
    for weekday in range(7):
        number, held = times.week.pattern[weekday], sessions.weekday == weekday
        if not held.any() or number not in times.leaving or number not in times.homeward:
            continue
        going, coming = times.leaving[number], times.homeward[number]
        out = kernels.latest_departures(
            going.seconds, going.first, sessions.place[held], begin[held], begin[held] - longest
        )
        home = kernels.earliest_homes(coming.seconds, coming.first, column[held], leave[held], leave[held] + longest)
        there[held] = np.minimum(there[held], out)
        back[held] = np.minimum(back[held], home)
    return there, back


def _coverage(case: Case, there: Floats, back: Floats) -> Coverage:
    rule = case.support.parameters.meetings
    if not len(there):
        return Coverage(np.zeros(0, dtype=bool), np.zeros(0), np.zeros(0), _EVERY_DAY_EMPTY, 0.0, 0.0)
    decay = within(logistic(rule.half_way_minutes, rule.sd_minutes), rule.limit_minutes)
    return coverage(case.sessions, there, back, decay, rule.leave_after_minutes, case.curfew, case.needs.shifts)


def _class_access(case: Case, times: HomeTimes, members: Members, seconds: Floats) -> ClassAccess:
    tables = times.leaving if members.rule.categories else times.working
    fixed = seconds[members.column]
    stretches = tuple(
        _stretch(tables, window, members, case.week.pattern)
        for window in windows(members.rule, case.needs, case.week, case.support.parameters)
    )
    mean = np.zeros(len(members.column))
    for part in stretches:
        kernels.window_access(part.seconds, part.column, fixed, members.weight, part.share, mean)
    return ClassAccess(members, float(np.dot(members.value, mean)), mean, fixed, stretches)


def _stretch(tables: Mapping[int, Table], window: Window, members: Members, pattern: Sequence[int]) -> Stretch:
    """Return the window's seconds: as the table has them, or until each minute of arrival."""
    number, column = pattern[window.weekday], members.column
    if number not in tables:
        return Stretch(np.empty((0, 0), dtype=np.int32), column, window.share)
    table = tables[number]
    if not window.arriving:
        return Stretch(table.rows(window.start, window.end), column, window.share)
    minute = np.repeat(np.arange(window.start, window.end), len(column))
    limit = int(members.rule.limit_minutes)
    until = kernels.latest_departures(
        table.seconds, table.first, np.tile(column, window.end - window.start), minute, minute - limit
    ).reshape(window.end - window.start, len(column))
    seconds = np.where(np.isfinite(until), until * 60.0, UNREACHED).astype(np.int32)
    return Stretch(seconds, np.arange(len(column), dtype=np.int32), window.share)


def histogram(one: ClassAccess) -> tuple[Floats, Floats]:
    """Return the minutes at which a class's value is met, and how much of it: A = Σ value · f(minutes)."""
    total = np.zeros(len(one.members.weight))
    for part in one.stretches:
        kernels.window_histogram(part.seconds, part.column, one.fixed, one.members.value, part.share, total)
    met = np.flatnonzero(total)
    return met / 60.0, total[met]
