"""From one home's seconds to the access of each class, with the minutes kept for explanation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo import kernels_score as kernels
from geo.case import Case, Members
from geo.decay import logistic, within
from geo.home_times import HomeTimes, Table, Window, meeting_places, windows
from geo.meetings import Coverage, coverage

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]


@dataclass(frozen=True)
class Stretch:
    """One window's seconds: a row a minute, `column` of each member; `share` of the average. No rows: streets only."""

    seconds: Ints
    column: Ints
    share: float


@dataclass(frozen=True)
class Trips:
    """What the timetable gives one home: each class's stretches, and each session's minutes there and back."""

    stretches: tuple[tuple[Stretch, ...], ...]
    there: Floats
    back: Floats


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


def timetable_trips(case: Case, times: HomeTimes) -> Trips:
    """Return what the timetable gives this home; the same whatever other ways of travelling a person has."""
    parameters, week = case.support.parameters, case.week
    stretches = tuple(
        tuple(
            _stretch(times.leaving if one.rule.categories else times.working, window, one, week.pattern)
            for window in windows(one.rule, case.needs, week, parameters)
        )
        for one in case.members
    )
    return Trips(stretches, *_session_trips(case, times))


def evaluate(case: Case, times: HomeTimes, trips: Trips, modes: Sequence[str]) -> Evaluation:
    """Return the access of every class that applies, and which sessions count.

    Parameters
    ----------
    times, trips
        The home's seconds to all places by street, and by timetable.
    modes
        Street modes the person has; the timetable's trips are always among the choices.
    """
    out, jobs, home = (fastest(seconds, modes) for seconds in (times.out, times.jobs, times.back))
    classes = tuple(
        _class_access(one, stretches, (out if one.rule.categories else jobs)[one.column])
        for one, stretches in zip(case.members, trips.stretches, strict=True)
    )
    there = np.minimum(trips.there, out[case.sessions.place] / 60.0)
    back = np.minimum(trips.back, home[_meeting_column(case)] / 60.0)
    return Evaluation(tuple(modes), classes, there, back, session_coverage(case, there, back))


def fastest(seconds: Mapping[str, Floats], modes: Sequence[str]) -> Floats:
    """Return the fewest whole seconds by any of the modes; infinite where none gets there."""
    found: Floats = np.rint(np.min([seconds[mode] for mode in modes], axis=0))
    return found


def session_coverage(case: Case, there: Floats, back: Floats) -> Coverage:
    """Return what the sessions add up to, given their minutes there and back."""
    rule = case.support.parameters.meetings
    decay = within(logistic(rule.half_way_minutes, rule.sd_minutes), rule.limit_minutes)
    return coverage(case.sessions, there, back, decay, rule.leave_after_minutes, case.curfew, case.needs.shifts)


def histogram(one: ClassAccess) -> tuple[Floats, Floats]:
    """Return the minutes at which a class's value is met, and how much of it: A = Σ value · f(minutes)."""
    total = np.zeros(len(one.members.weight))
    for part in one.stretches:
        kernels.window_histogram(part.seconds, part.column, one.fixed, one.members.value, part.share, total)
    met = np.flatnonzero(total)
    return met / 60.0, total[met]


def _class_access(members: Members, stretches: tuple[Stretch, ...], fixed: Floats) -> ClassAccess:
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
    earliest = window.start - int(members.rule.limit_minutes)
    seconds = kernels.until_arrivals(
        table.rows(earliest, window.end), max(earliest, table.first), column, window.start, window.end
    )
    return Stretch(seconds, np.arange(len(column), dtype=np.int32), window.share)


def _session_trips(case: Case, times: HomeTimes) -> tuple[Floats, Floats]:
    """Return each session's minutes there (from leaving until the start) and back (from leaving it until home)."""
    sessions, rule = case.sessions, case.support.parameters.meetings
    column = _meeting_column(case)
    there, back = np.full(len(column), np.inf), np.full(len(column), np.inf)
    begin = np.floor(sessions.start).astype(np.int64)
    leave = np.ceil(sessions.end + rule.leave_after_minutes).astype(np.int64)
    longest = int(2 * rule.limit_minutes)
    for number in set(times.leaving) & set(times.homeward):
        held = np.asarray(times.week.pattern)[sessions.weekday] == number
        going, coming = times.leaving[number], times.homeward[number]
        there[held] = kernels.latest_departures(
            going.seconds, going.first, sessions.place[held], begin[held], begin[held] - longest
        )
        back[held] = kernels.earliest_homes(
            coming.seconds, coming.first, column[held], leave[held], leave[held] + longest
        )
    return there, back


def _meeting_column(case: Case) -> Ints:
    """Return each session's place among the meeting places."""
    return np.searchsorted(meeting_places(case.support), case.sessions.place).astype(np.int32)
