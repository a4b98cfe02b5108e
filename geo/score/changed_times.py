"""At which homes another timetable may change the score: where any trip that is asked for takes another time.

Trips that are not the same tell when at all anything can differ. Then all stops are searched by both timetables, and
each home is held against what the stops within its walk offer it, minute by minute, at the places that count then.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo.score.case import Case, Members
from geo.score.class_access import session_ways
from geo.score.home_times import (
    HOMES_AT_ONCE,
    Window,
    home_times,
    home_walks,
    plan_searches,
    prepared_search,
    shared_times,
    sides_of,
)
from geo.score.kernels_changed_times import Asks, Stretches, any_other, differing
from geo.score.layout import TRANSIT
from geo.score.meetings import Sessions
from geo.streets.snapping import attach
from geo.timetables.calendar import NIGHT_MINUTES
from geo.timetables.feed import Feed
from geo.travel.kernels_raptor import Lines, Links
from geo.travel.stop_profiles import StopProfiles, stop_profiles
from geo.travel.transit_search import Search, in_threads

MOST_OF_ALL = 0.15
"""Of all minutes that homes are asked about; where more can differ, finding out costs more than asking every home."""
HOMEWARD = 1
"""Which of `sides_of` leads home."""
_ALWAYS = 2**62
_WAYS = ("transfer_from", "transfer_to", "transfer_seconds", "gate_lon", "door_stop", "inside_from")

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int32]


class _Ask(NamedTuple):
    """Minutes `first` … `last` of a weekday at which trips to (homeward: from) some places count.

    `session`: the number of the one that is held there; -1 = it is for a class of places.
    """

    weekday: int
    first: int
    last: int
    places: Ints
    session: int = -1


@dataclass(frozen=True)
class _Compared:
    """One of `sides_of` on days of the same trips, searched before and now; only in these seconds they may differ."""

    side: int
    of_classes: tuple[_Ask, ...]
    of_sessions: tuple[_Ask, ...]
    searches: tuple[tuple[Search, Links], tuple[Search, Links]]
    places: int
    seconds: tuple[int, int]


def changed_homes(before: Case, after: Case, lon: Floats, lat: Floats) -> Flags | None:
    """Return at which homes any trip that a score asks for takes another time, bool[homes].

    Parameters
    ----------
    before, after
        One person on one date, in a region with two timetables.
    lon, lat
        Homes with a street (WGS 84).

    Returns
    -------
    bool[homes] or None
        None where more than trips may be different, or so many trips are that every home is better asked anew. Homes
        that are not among the changed ones have the same seconds to and from every place at every minute that counts.
    """
    if not _differ_in_trips_alone(before, after):
        return None
    compared = _compared(before, after, _asks(after))
    if compared is None or _share(after, compared) > MOST_OF_ALL:
        return None
    changed = np.zeros(len(lon), np.bool_)
    if not compared:
        return changed
    network, limit = after.support.network, int(after.plan.settings.max_minutes * 60)
    walks = home_walks(network, attach(network.streets, lon, lat, "walk"), after.plan)
    in_classes, in_sessions = (np.zeros(len(lon), np.bool_) for _ in range(2))
    for one in compared:
        both = _profiles(one)
        if both is None:
            return None
        was, now = both
        stretches = differing(was.offset, was.ready, was.taken, now.offset, now.ready, now.taken, *one.seconds, limit)
        is_homeward = one.side == HOMEWARD
        for marks, asks in ((in_classes, one.of_classes), (in_sessions, one.of_sessions)):
            arguments = walks[int(is_homeward)], stretches, _laid_out(asks), is_homeward
            in_threads(partial(_mark, marks, arguments), len(lon))
    unsure = np.flatnonzero(in_sessions & ~in_classes)
    in_classes[unsure] = _other_sessions(before, after, compared, lon[unsure], lat[unsure])
    return in_classes


def _mark(marks: Flags, arguments: tuple[Links, Stretches, Asks, bool], begin: int, end: int) -> None:
    any_other(*arguments, begin, end, marks)


def _other_sessions(before: Case, after: Case, compared: Sequence[_Compared], lon: Floats, lat: Floats) -> Flags:
    """Return which homes get to any session, or home from it, in another time: who is home before a new bus isn't."""
    rows = np.unique(np.array([ask.session for one in compared for ask in one.of_sessions], np.int64))
    cases = [_of_sessions(case, rows) for case in (before, after)]
    shared = [shared_times(case.support, case.plan, len(lon)) for case in cases]
    changed = np.zeros(len(lon), np.bool_)

    def run(begin: int, end: int) -> None:
        for first in range(begin, end, HOMES_AT_ONCE):
            part = slice(first, min(first + HOMES_AT_ONCE, end))
            both = [
                home_times(case.support, case.needs, case.plan, lon[part], lat[part], ("walk",), known)
                for case, known in zip(cases, shared, strict=True)
            ]
            for home, times in enumerate(zip(*both, strict=True), first):
                was, now = (session_ways(case, one)[TRANSIT] for case, one in zip(cases, times, strict=True))
                changed[home] = not all(map(np.array_equal, was, now))

    in_threads(run, len(lon))
    return changed


def _of_sessions(case: Case, rows: NDArray[np.int64]) -> Case:
    """Return the case of some of its sessions alone."""
    sessions = Sessions(*(values[rows] for values in vars(case.sessions).values()))
    plan = plan_searches(case.support, case.needs, case.week, (), sessions)
    return replace(case, members=(), sessions=sessions, session_row=case.session_row[rows], plan=plan)


def _differ_in_trips_alone(before: Case, after: Case) -> bool:
    """Return whether all else that a score reads is the same: places and what they are worth, hours, ways, stops."""
    one, other = before.support, after.support
    was, now = one.network.feed, other.network.feed
    if was is None or now is None or after.needs.stay_away:
        return False
    return (
        one.network.streets is other.network.streets
        and one.network.stops is other.network.stops
        and one.network.transfers is other.network.transfers
        and one.parameters.hash == other.parameters.hash
        and _same_ways(was, now)
        and _same(one.places.lon, other.places.lon)
        and _same(one.places.lat, other.places.lat)
        and _same(one.job_places.lon, other.job_places.lon)
        and _same(one.job_places.lat, other.job_places.lat)
        and len(before.members) == len(after.members)
        and all(map(_same_members, before.members, after.members))
        and all(map(_same, vars(before.sessions).values(), vars(after.sessions).values()))
        and (before.needs, before.curfew, before.meetings_present)
        == (after.needs, after.curfew, after.meetings_present)
        and before.records == after.records
        and (before.week.dates, before.week.reference) == (after.week.dates, after.week.reference)
    )


def _same_ways(one: Feed, other: Feed) -> bool:
    return all(_same(getattr(one, name), getattr(other, name)) for name in _WAYS)


def _same_members(one: Members, other: Members) -> bool:
    return (
        (one.rule, one.present) == (other.rule, other.present)
        and _same(one.column, other.column)
        and _same(one.value, other.value)
    )


def _same(one: NDArray[np.generic], other: NDArray[np.generic]) -> bool:
    return np.array_equal(one, other)


def _asks(case: Case) -> tuple[list[_Ask], list[_Ask], list[_Ask]]:
    """Return what is asked of each of `sides_of`: to all places, home from meetings, to jobs."""
    sides: tuple[list[_Ask], list[_Ask], list[_Ask]] = ([], [], [])
    for one, own in zip(case.members, case.windows, strict=True):
        earlier = int(one.rule.decays[TRANSIT].limit_minutes)
        side = sides[0 if one.rule.categories else 2]
        side += [_Ask(*_minutes(asked.window, earlier), one.column) for asked in own]
    rule, sessions = case.support.parameters.meetings, case.sessions
    longest = int(2 * rule.decays[TRANSIT].limit_minutes)
    begins = np.floor(sessions.start).astype(np.int64)
    leaves = np.ceil(sessions.end + rule.leave_after_minutes).astype(np.int64)
    for number, weekday in enumerate(sessions.weekday.tolist()):
        begin, leave = int(begins[number]), int(leaves[number])
        place, column = sessions.place[number : number + 1], case.meeting_column[number : number + 1]
        sides[0].append(_Ask(weekday, begin - longest, begin, place, number))
        sides[1].append(_Ask(weekday, leave, leave + longest, column, number))
    return sides


def _minutes(window: Window, earlier: int) -> tuple[int, int, int]:
    """Return a window's weekday, and its first and last departure."""
    first = window.start - earlier if window.arriving else window.start
    return window.weekday, first, min(window.end, NIGHT_MINUTES + 1) - 1


def _compared(before: Case, after: Case, asks: Sequence[Sequence[_Ask]]) -> list[_Compared] | None:
    """Return each search in which any trip is another at minutes that count; None where a day has no trips at all."""
    limit = int(after.plan.settings.max_minutes * 60)
    longest = 60 * int(np.ceil(after.plan.settings.max_walk_minutes))
    compared = []
    sides = [sides_of(case.support, case.plan) for case in (before, after)]
    for side, both in enumerate(zip(*sides, strict=True)):
        places, is_homeward, _ = both[1]
        by_pattern = dict[tuple[int, int], list[_Ask]]()
        for ask in asks[side] if len(places) else ():
            pattern = before.week.pattern[ask.weekday], after.week.pattern[ask.weekday]
            by_pattern.setdefault(pattern, []).append(ask)
        for pattern, own in by_pattern.items():
            if pattern == (-1, -1):
                continue
            if -1 in pattern:
                return None
            searches = [
                prepared_search(case.support.network, case.plan, own_side, number)
                for case, own_side, number in zip((before, after), both, pattern, strict=True)
            ]
            other = _other_trips(searches[0][0], searches[1][0])
            if other is None:
                continue
            begin, end = min(ask.first for ask in own), max(ask.last for ask in own)
            begin, end = (-60 * end, -60 * begin) if is_homeward else (60 * begin, 60 * end)
            seconds = max(begin, other[0] - limit), min(end + longest, other[1])
            if seconds[0] > seconds[1]:
                continue
            first, last = (seconds[0] - longest) // 60, seconds[1] // 60
            first, last = (-last, -first) if is_homeward else (first, last)
            near = [ask for ask in own if ask.first <= last and ask.last >= first]
            of_classes, of_sessions = (
                tuple(ask for ask in near if (ask.session < 0) is is_class) for is_class in (True, False)
            )
            searched = searches[0], searches[1]
            compared.append(_Compared(side, of_classes, of_sessions, searched, len(places), seconds))
    return compared


def _other_trips(one: Search, other: Search) -> tuple[int, int] | None:
    """Return the first and the last second at which one may be ready for a trip that isn't in both; None without."""
    trips, others = _trips(one.lines), _trips(other.lines)
    departures = [np.frombuffer(times, np.int32) for _, times, _ in (trips - others) + (others - trips)]
    if not departures:
        return None
    slack = one.rules.board_seconds
    return min(int(times.min()) for times in departures) - slack, max(int(times.max()) for times in departures)


def _trips(lines: Lines) -> "Counter[tuple[bytes, bytes, bytes]]":
    """Return how often each trip is there: where it stops and what one may do there, its departures, its arrivals."""
    trips = Counter[tuple[bytes, bytes, bytes]]()
    for pattern in range(len(lines.pattern_offset) - 1):
        here = slice(lines.pattern_offset[pattern], lines.pattern_offset[pattern + 1])
        can = np.stack([lines.can_alight[here], lines.boarding[here] >= 0])
        stops = lines.pattern_stop[here].tobytes() + can.tobytes()
        length, at = here.stop - here.start, lines.time_offset[pattern]
        for begin in range(at, at + length * (lines.trip_offset[pattern + 1] - lines.trip_offset[pattern]), length):
            times = slice(begin, begin + length)
            trips[stops, lines.departure[times].tobytes(), lines.arrival[times].tobytes()] += 1
    return trips


def _share(case: Case, compared: Sequence[_Compared]) -> float:
    """Return which part of all that homes are asked about lies between the seconds that are compared."""
    sides = sides_of(case.support, case.plan)
    whole = sum(len(places) * (last - first) for places, _, wanted in sides for first, last in wanted.values())
    return sum(one.places * (one.seconds[1] - one.seconds[0]) / 60 for one in compared) / max(whole, 1)


def _profiles(compared: _Compared) -> list[StopProfiles] | None:
    """Return what all stops offer by both timetables; None where that is too much to hold."""
    first, last = compared.seconds
    both = [
        stop_profiles(search, egress, compared.places, first, last, _ALWAYS) for search, egress in compared.searches
    ]
    return [one for one in both if one is not None] if None not in both else None


def _laid_out(asks: Sequence[_Ask]) -> Asks:
    return Asks(
        np.array([ask.first for ask in asks], np.int64),
        np.array([ask.last for ask in asks], np.int64),
        np.cumsum([0, *(len(ask.places) for ask in asks)]),
        np.concatenate([np.empty(0, np.int32), *(ask.places for ask in asks)]),
    )
