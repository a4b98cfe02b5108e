"""From every stop once instead of from every home: what to be ready at a stop by a given departure leads to.

A home's trips begin with a walk to some stop and go on from there as anyone's do. So where many homes are asked
about the same places and minutes, all stops are searched together, at each of their departures, and a home's times are
the earliest of what the stops within its walks offer: the same seconds as a search from the home, for much less work.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geo.travel.kernels_raptor import Links
from geo.travel.kernels_stop_profiles import NEVER, at_stops, changes, from_boardings, since_ready
from geo.travel.transit_search import Search, in_threads, threads

Flags = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Shorts = npt.NDArray[np.uint16]

MOST_NUMBERS = 120_000_000
"""Departures × places that are held (240 MB); where there are more, homes are searched one by one.

Twice as much is held while they are worked out, by all threads together, and 4 bytes for each change worth making.
"""
PLACES_AT_ONCE = 128
"""Places whose arrivals are worked out together, at most."""
_HELD = 3
"""Numbers that are held of a boarding and a place: in two rounds, and at its stop."""
_COST = 4
"""A departure of a stop costs about as much as so many minutes of a home, which follow one another more closely."""


@dataclass(frozen=True)
class StopProfiles:
    """CSR over the stops: by when one must be `ready` there, ascending, and how long it takes to each place from then.

    `ready`: int32[k], seconds; `taken`: uint16[k, places], seconds; `NEVER` = never, or longer than a trip may last.
    """

    offset: Longs
    ready: Ints
    taken: Shorts


def stop_profiles(search: Search, egress: Links, places: int, first: int, last: int, saved: int) -> StopProfiles | None:
    """Search from every stop; None where it would hold too much, or cost more than it saves.

    Parameters
    ----------
    search
        A day and its rules; on a mirrored one, all times are its own.
    egress
        Walks from stops to the `places`.
    first, last
        Seconds: who comes to a stop between the two finds the departure that they would wait for.
    saved
        How many minutes of homes need no search of their own then.
    """
    horizon = last + search.rules.limit
    stop, ready, boarding_row, departure_row = _boardings(search, first, horizon)
    asked = _asked(stop, ready, last)
    if int(asked.sum()) * places > MOST_NUMBERS or len(ready) * _COST > saved or search.rules.limit >= NEVER:
        return None
    offset = _offsets(stop, search.day.stops)
    change_offset, rows = _changes(search, boarding_row, first, horizon)
    at_once = max(1, min(PLACES_AT_ONCE, MOST_NUMBERS // (_HELD * threads() * max(len(departure_row), 1))))
    kept = np.flatnonzero(asked)
    taken = np.empty((len(kept), places), np.uint16)

    def run(begin: int, end: int) -> None:
        for first_place in range(begin * at_once, end * at_once, at_once):
            part = slice(first_place, min(first_place + at_once, places))
            boarded = from_boardings(
                search.lines, search.rules, egress, boarding_row, len(departure_row), change_offset, rows, horizon,
                part.start, part.stop,
            )  # fmt: skip
            every = np.empty((len(ready), boarded.shape[1]), np.int32)
            at_stops(boarded, departure_row, offset, every)
            since_ready(every, ready, kept, taken[:, part])

    in_threads(run, -(-places // at_once))
    return StopProfiles(_offsets(stop[asked], search.day.stops), ready[asked], taken)


def _boardings(search: Search, first: int, horizon: int) -> tuple[Ints, Ints, Ints, Ints]:
    """Return who leaves when, and which departure each boarding is.

    Returns
    -------
    stop, ready : the distinct pairs of a stop and the seconds by which one must be ready there to depart, in that order
    boarding_row : the number of each boarding, one a time of the timetable; -1 = none between `first` and `horizon`
    departure_row : the place of each boarding among the pairs
    """
    day = search.day
    length = np.diff(day.pattern_offset)
    trips = np.diff(day.trip_offset)
    pattern = np.repeat(np.arange(len(length)), length * trips)
    position = np.arange(len(pattern)) - day.time_offset[pattern]
    called = day.pattern_offset[pattern] + position % length[pattern]
    leaves = day.departure - search.rules.board_seconds
    boards = (day.boarding[called] >= 0) & (leaves >= first) & (leaves <= horizon)
    boarding_row = np.where(boards, np.cumsum(boards) - 1, -1).astype(np.int32)
    span = max(horizon - first, 0) + 1
    pairs = day.pattern_stop[called[boards]].astype(np.int64) * span + (leaves[boards] - first)
    distinct, departure_row = np.unique(pairs, return_inverse=True)
    stop, ready = (part.astype(np.int32) for part in np.divmod(distinct, span))
    return stop, ready + np.int32(first), boarding_row, departure_row.astype(np.int32)


def _changes(search: Search, boarding_row: Ints, first: int, horizon: int) -> tuple[Longs, Ints]:
    """Return the boardings that are worth changing to, CSR over all times of the timetable."""
    patterns = len(search.day.pattern_offset) - 1
    parts: list[tuple[Longs, Ints]] = [(np.empty(0, np.int64), np.empty(0, np.int32))] * patterns

    def run(begin: int, end: int) -> None:
        for p in range(begin, end):
            parts[p] = changes(
                search.lines, search.transfers, search.change, search.rules, boarding_row, first, horizon, p
            )  # fmt: skip

    in_threads(run, patterns)
    counts = np.concatenate([np.empty(0, np.int64), *(np.diff(offset) for offset, _ in parts)])
    rows = np.concatenate([np.empty(0, np.int32), *(rows for _, rows in parts)])
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64), rows


def _asked(stop: Ints, ready: Ints, last: int) -> Flags:
    """Return for which departures anyone may come from home: of those after `last`, each stop's first.

    Who is ready by `last` and has just missed a departure waits for it.
    """
    asked = np.ones(len(stop), np.bool_)
    asked[1:] = (stop[1:] != stop[:-1]) | (ready[:-1] <= last)
    return asked


def _offsets(stop: Ints, stops: int) -> Longs:
    return np.searchsorted(stop, np.arange(stops + 1)).astype(np.int64)
