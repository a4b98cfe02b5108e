"""From one home's seconds to the access of each class, with the minutes kept for explanation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from geo.score import kernels_score as kernels
from geo.score.case import Case, Members
from geo.score.home_times import HomeTimes, Table, Window, meeting_places, windows
from geo.score.meetings import Coverage, coverage, worth
from geo.score.parameters import DecayRule
from geo.score.support import limited_decay
from geo.streets.topology import STREET_MODES
from geo.streets.traffic import Traffic
from geo.streets.traffic import stretches as stretches_of
from geo.tables import MODES
from geo.travel.footpaths import whole_seconds

TRANSIT = "transit"
BY_TIMETABLE = MODES.index(TRANSIT)

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
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
class Trips:
    """What the timetable gives one home: each class's stretches, and each session's minutes there and back."""

    stretches: tuple[tuple[Stretch, ...], ...]
    there: Floats
    back: Floats


@dataclass(frozen=True)
class ClassAccess:
    """A class's access A = Σ value · mean f; `mean`: mean f of each member.

    By street, in each band of traffic and of each member: `street`, f by the mode that weighs most (its number in
    `STREET_MODES` is `mode`), and that trip's whole `seconds`, infinite where none gets there. Bands that none of the
    `stretches` has are empty: 0 and infinite.
    """

    members: Members
    access: float
    mean: Floats
    street: Floats
    mode: NDArray[np.int8]
    seconds: Floats
    stretches: tuple[Stretch, ...]


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


def timetable_trips(case: Case, times: HomeTimes) -> Trips:
    """Return what the timetable gives this home; the same whatever other ways of traveling a person has."""
    parameters, week, traffic = case.support.parameters, case.week, case.support.network.streets.traffic
    stretches = tuple(
        tuple(
            stretch
            for window in windows(one.rule, case.needs, week, parameters)
            for stretch in _stretches(
                times.leaving if one.rule.categories else times.working, window, one, week.pattern, traffic
            )
        )
        for one in case.members
    )
    return Trips(stretches, *_session_trips(case, times))


def evaluate(case: Case, times: HomeTimes, trips: Trips, choices: Sequence[Sequence[str]]) -> tuple[Evaluation, ...]:
    """Return the access of every class that applies, and which sessions count, for each choice of street modes.

    Parameters
    ----------
    times, trips
        The home's seconds to all places by street, and by timetable.
    choices
        Street modes that a person may have; the timetable's trips are always among the ways.
    """
    chosen = np.array([[mode in choice for mode in STREET_MODES] for choice in choices])
    out, jobs = (_whole(seconds) for seconds in (times.out, times.jobs))
    classes = [
        _class_access(one, stretches, out if one.rule.categories else jobs, chosen)
        for one, stretches in zip(case.members, trips.stretches, strict=True)
    ]
    ways = session_ways(case, times, trips)
    known = worths(case, ways)
    return tuple(
        _evaluation(case, tuple(choice), tuple(one[number] for one in classes), ways, known)
        for number, choice in enumerate(choices)
    )


def session_ways(case: Case, times: HomeTimes, trips: Trips) -> dict[str, Way]:
    """Return each session's minutes there and back by each way of traveling.

    One rides a bicycle or drives both ways or not at all; by transit, one of the two may be on foot.
    """
    place, column = case.sessions.place, meeting_column(case)
    going, coming = session_traffic(case)
    ways = {
        mode: (
            whole_seconds(times.out[mode][going, place]) / 60.0,
            whole_seconds(times.back[mode][coming, column]) / 60.0,
        )
        for mode in times.out
    }
    on_foot = ways["walk"]
    afoot = (on_foot[0] <= trips.there) & (on_foot[1] <= trips.back)
    there, back = (
        np.where(afoot, ridden, np.minimum(ridden, walked))
        for ridden, walked in zip((trips.there, trips.back), on_foot, strict=True)
    )
    return ways | {TRANSIT: (there, back)}


def session_traffic(case: Case) -> tuple[NDArray[np.int8], NDArray[np.int8]]:
    """Return the bands of traffic that hold for each session on the way there, and on the way back."""
    traffic, sessions = case.support.network.streets.traffic, case.sessions
    free = np.ceil(sessions.end + case.support.parameters.meetings.leave_after_minutes)
    return traffic.at(sessions.weekday, np.floor(sessions.start) - 1), traffic.at(sessions.weekday, free)


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


def _class_access(
    members: Members, stretches: tuple[Stretch, ...], seconds: Floats, chosen: NDArray[np.bool_]
) -> list[ClassAccess]:
    """Return the access of one class for each choice of street modes."""
    shape = (seconds.shape[1], len(chosen), len(members.column))
    street, mode, fastest = np.zeros(shape), np.zeros(shape, dtype=np.int8), np.full(shape, np.inf)
    for band in {part.traffic for part in stretches}:
        in_traffic = np.ascontiguousarray(seconds[:, band])
        street[band], mode[band], fastest[band] = kernels.by_street(in_traffic, members.column, members.weight, chosen)
    mean = np.zeros(shape[1:])
    for part in stretches:
        kernels.window_access(
            part.seconds, part.column, street[part.traffic], members.weight[BY_TIMETABLE], part.window.share, mean
        )
    return [
        ClassAccess(
            members, float(np.dot(members.value, mean[k])), mean[k], street[:, k], mode[:, k], fastest[:, k], stretches
        )
        for k in range(len(chosen))
    ]


def _stretches(
    tables: Mapping[int, Table], window: Window, members: Members, pattern: Sequence[int], traffic: Traffic
) -> list[Stretch]:
    """Return the window's seconds, a stretch for each band of traffic that it meets."""
    seconds, column = _seconds(tables, window, members, pattern)
    parts = []
    for band, start, end in stretches_of(traffic, window.weekday, window.start, window.end, arriving=window.arriving):
        share = window.share * (end - start) / (window.end - window.start)
        part = replace(window, start=start, end=end, share=share)
        parts.append(Stretch(seconds[start - window.start : end - window.start], column, part, band))
    return parts


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
    column = meeting_column(case)
    there, back = np.full(len(column), np.inf), np.full(len(column), np.inf)
    begin = np.floor(sessions.start).astype(np.int64)
    leave = np.ceil(sessions.end + rule.leave_after_minutes).astype(np.int64)
    longest = int(2 * rule.decays[TRANSIT].limit_minutes)
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


def meeting_column(case: Case) -> Ints:
    """Return each session's place among the meeting places."""
    return np.searchsorted(meeting_places(case.support), case.sessions.place).astype(np.int32)
