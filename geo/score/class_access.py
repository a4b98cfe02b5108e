"""From one home's seconds to the access of each class, with the minutes kept for explanation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from geo.score import kernels_score as kernels
from geo.score.case import Case, Members, WindowInTraffic
from geo.score.home_times import HomeTimes, Table, Window
from geo.score.layout import BY_TIMETABLE, TRANSIT
from geo.score.meetings import Coverage, coverage, worth
from geo.score.parameters import DecayRule
from geo.score.support import limited_decay
from geo.streets.topology import STREET_MODES
from geo.tables import MODES
from geo.travel.footpaths import whole_seconds
from geo.travel.kernels_steps import Steps

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
_NO_STEPS = Steps(np.zeros(1, np.int64), np.empty(0, np.int32), np.empty(0, np.int32))
Way = tuple[Floats, Floats]
"""Minutes there and back, or t and f(t), one a session."""


@dataclass(frozen=True)
class Stretch:
    """One window's seconds, or a part of it with one band of `traffic`: a row per minute. No rows: streets only.

    `window.share` of the average; `column`: of each member, -1 = never within the limit by timetable.
    """

    seconds: Ints
    column: Ints
    window: Window
    traffic: int


@dataclass(frozen=True)
class ClassAccess:
    """A class's access A = Σ value · mean f; `mean`: mean f of each member.

    By street, in each band of traffic and of each member: `street`, f by the mode that weighs most (its number in
    `STREET_MODES` is `mode`), and that trip's whole `seconds`, infinite where none gets there. Bands that none of the
    `windows` has are empty: 0 and infinite.
    """

    members: Members
    access: float
    mean: Floats
    street: Floats
    mode: NDArray[np.int8]
    seconds: Floats
    windows: tuple[WindowInTraffic, ...]
    times: HomeTimes = field(repr=False)

    @cached_property
    def stretches(self) -> tuple[Stretch, ...]:
        """Return what the timetable gives the home, minute by minute."""
        tables = self.times.leaving if self.members.rule.categories else self.times.working
        pattern = self.times.week.pattern
        return tuple(one for window in self.windows for one in _stretches(tables, window, self.members, pattern))


@dataclass(frozen=True)
class Evaluation:
    """All classes and meetings of one home, by these street modes and the timetable.

    `ways`: each session's minutes there and back by each way of traveling. `way`: the number in `MODES` of the one by
    which a session counts, with its minutes `there` and `back`; where it doesn't count, the fastest of any.
    """

    modes: tuple[str, ...]
    classes: tuple[ClassAccess, ...]
    ways: Mapping[str, Way]
    way: NDArray[np.int8]
    there: Floats
    back: Floats
    meetings: Coverage


def evaluate(case: Case, times: HomeTimes, choices: Sequence[Sequence[str]]) -> tuple[Evaluation, ...]:
    """Return the access of every class that applies, and which sessions count, for each choice of street modes.

    Parameters
    ----------
    times
        The home's seconds to all places by street, and by timetable.
    choices
        Street modes that a person may have; the timetable's trips are always among the ways.
    """
    classes = class_accesses(case, times, choices)
    ways = session_ways(case, times)
    known = worths(case, ways)
    return tuple(
        _evaluation(case, tuple(choice), tuple(one[number] for one in classes), ways, known)
        for number, choice in enumerate(choices)
    )


def class_accesses(case: Case, times: HomeTimes, choices: Sequence[Sequence[str]]) -> list[list[ClassAccess]]:
    """Return the access of every class that applies, in their order, for each choice of street modes."""
    chosen = np.array([[mode in choice for mode in STREET_MODES] for choice in choices])
    out, jobs = (_whole(seconds) for seconds in (times.out, times.jobs))
    classes, parts = case.layout
    street, mode, fastest = kernels.by_street_in_traffic(out, jobs, classes, case.has_traffic, chosen)
    mean = kernels.class_means(_packed(case, times), classes, parts, street)
    accesses = []
    for one, windows, begin, end in zip(case.members, case.windows, classes.member, classes.member[1:], strict=False):
        rows = slice(begin, end)
        accesses.append(
            [
                ClassAccess(
                    one, float(np.dot(one.value, mean[k, rows])), mean[k, rows], street[:, k, rows], mode[:, k, rows],
                    fastest[:, k, rows], windows, times,
                )
                for k in range(len(chosen))
            ]
        )  # fmt: skip
    return accesses


def session_ways(case: Case, times: HomeTimes) -> dict[str, Way]:
    """Return each session's minutes there and back by each way of traveling.

    One rides a bicycle or drives both ways or not at all; by transit, one of the two may be on foot.
    """
    place, column = case.sessions.place, case.meeting_column
    going, coming = case.session_traffic
    ways = {
        mode: (
            whole_seconds(times.out[mode][going, place]) / 60.0,
            whole_seconds(times.back[mode][coming, column]) / 60.0,
        )
        for mode in times.out
    }
    on_foot, by_timetable = ways["walk"], _session_trips(case, times)
    afoot = (on_foot[0] <= by_timetable[0]) & (on_foot[1] <= by_timetable[1])
    there, back = (
        np.where(afoot, ridden, np.minimum(ridden, walked))
        for ridden, walked in zip(by_timetable, on_foot, strict=True)
    )
    return ways | {TRANSIT: (there, back)}


def worths(case: Case, ways: Mapping[str, Way]) -> dict[str, Way]:
    """Return each session's t and f(t) by each way of traveling."""
    rule = case.support.parameters.meetings
    return {
        way: worth(
            case.sessions, there, back, limited_decay(rule.decays[way]), rule.leave_after_minutes, case.curfew,
            case.needs.shifts,
        )
        for way, (there, back) in ways.items()
    }  # fmt: skip


def best_worth(known: Mapping[str, Way], modes: Sequence[str]) -> tuple[NDArray[np.int8], Floats, Floats]:
    """Return by which of `MODES` each session counts most, and its t and f(t); of equals the first."""
    names = [way for way in MODES if way == TRANSIT or way in modes]
    minutes, value = (np.array([known[way][k] for way in names]) for k in (0, 1))
    best, each = np.argmax(value, axis=0), np.arange(value.shape[1])
    return np.array([MODES.index(name) for name in names], dtype=np.int8)[best], minutes[best, each], value[best, each]


def histogram(one: ClassAccess) -> list[tuple[DecayRule, Floats, Floats]]:
    """Return for each decay of a class the minutes at which value is met, and how much: A = Σ value · f(minutes)."""
    rule, weight = one.members.rule, one.members.weight
    distinct = list(dict.fromkeys(rule.decays[mode] for mode in (TRANSIT, *STREET_MODES)))
    group = np.array([distinct.index(rule.decays[mode]) for mode in STREET_MODES])
    total = np.zeros((len(distinct), weight.shape[1]))
    met = np.where(one.street > 0, one.seconds, 0).astype(np.int64) + group[one.mode] * weight.shape[1]
    for part in one.stretches:
        street, at = one.street[part.traffic], met[part.traffic]
        share, value = part.window.share, one.members.value
        kernels.window_histogram(part.seconds, part.column, street, at, weight[BY_TIMETABLE], value, share, total)
    bins = []
    for decay, row in zip(distinct, total, strict=True):
        at = np.flatnonzero(row)
        bins.append((decay, at / 60.0, row[at]))
    return bins


def _evaluation(
    case: Case, modes: tuple[str, ...], classes: tuple[ClassAccess, ...], ways: Mapping[str, Way],
    known: Mapping[str, Way],
) -> Evaluation:  # fmt: skip
    """Return the evaluation of one choice of modes."""
    way, minutes, value = best_worth(known, modes)
    has = [number for number, name in enumerate(MODES) if name in (*modes, TRANSIT)]
    row, each = np.searchsorted(has, way), np.arange(len(way))
    there, back = (
        np.where(value > 0, by_way[row, each], by_way.min(axis=0))
        for by_way in (np.array([ways[MODES[number]][k] for number in has]) for k in (0, 1))
    )
    return Evaluation(modes, classes, ways, way, there, back, coverage(case.sessions, minutes, value))


def _whole(seconds: Mapping[str, Floats]) -> Floats:
    """Return whole seconds, float64[street modes, bands, places]; infinite for modes that were not searched."""
    never = np.full(seconds["walk"].shape, np.inf)
    return whole_seconds(np.array([seconds.get(mode, never) for mode in STREET_MODES]))


def _packed(case: Case, times: HomeTimes) -> kernels.Tables:
    """Return the home's tables as `Case.layout` takes them: those of leaving, and those to jobs."""
    asked = [(times.leaving, number) for number in case.plan.leaving]
    asked += [(times.working, number) for number in case.plan.working]
    steps = [known[number].steps if number in known else _NO_STEPS for known, number in asked]
    base = np.cumsum([0, *(len(one.since) for one in steps)])
    every = [_NO_STEPS, *steps]
    return kernels.Tables(
        np.concatenate([one.offset + more for one, more in zip(every, [0, *base[:-1]], strict=True)]),
        np.concatenate([one.since for one in every]),
        np.concatenate([one.seconds for one in every]),
        np.cumsum([1, *(len(one.offset) for one in steps)]),
        np.array([known[number].last if number in known else 0 for known, number in asked], np.int64),
        int(case.plan.settings.max_minutes * 60),
    )


def _stretches(
    tables: Mapping[int, Table], asked: WindowInTraffic, members: Members, pattern: Sequence[int]
) -> list[Stretch]:
    """Return the window's seconds, a stretch for each band of traffic that it meets."""
    first = asked.window.start
    seconds, column = _seconds(tables, asked.window, members, pattern)
    return [Stretch(seconds[part.start - first : part.end - first], column, part, band) for band, part in asked.parts]


def _seconds(
    tables: Mapping[int, Table], window: Window, members: Members, pattern: Sequence[int]
) -> tuple[Ints, Ints]:
    """Return the window's seconds, as the table has them or until each minute of arrival, and the members' columns."""
    number, column = pattern[window.weekday], members.column
    if number not in tables:
        return np.empty((0, 0), dtype=np.int32), column
    table = tables[number]
    near = table.fastest[column] <= 60 * members.rule.decays[TRANSIT].limit_minutes
    if not window.arriving:
        return table.rows(window.start, window.end), np.where(near, column, -1).astype(np.int32)
    earliest = window.start - int(members.rule.decays[TRANSIT].limit_minutes)
    seconds = kernels.until_arrivals(
        table.rows(earliest, window.end), max(earliest, table.first), column[near], window.start, window.end
    )
    return seconds, np.where(near, np.cumsum(near) - 1, -1).astype(np.int32)


def _session_trips(case: Case, times: HomeTimes) -> tuple[Floats, Floats]:
    """Return each session's minutes there (from leaving until the start) and back (from leaving it until home)."""
    sessions, rule = case.sessions, case.support.parameters.meetings
    column = case.meeting_column
    there, back = np.full(len(column), np.inf), np.full(len(column), np.inf)
    begin = np.floor(sessions.start).astype(np.int64)
    leave = np.ceil(sessions.end + rule.leave_after_minutes).astype(np.int64)
    longest = int(2 * rule.decays[TRANSIT].limit_minutes)
    for number in set(times.leaving) & set(times.homeward):
        held = np.asarray(times.week.pattern)[sessions.weekday] == number
        going, coming = times.leaving[number], times.homeward[number]
        there[held] = kernels.latest_departures(
            going.steps, going.last, going.limit, sessions.place[held], begin[held], begin[held] - longest
        )
        back[held] = kernels.earliest_homes(
            coming.steps, coming.first, coming.limit, column[held], leave[held], leave[held] + longest
        )
    return there, back
