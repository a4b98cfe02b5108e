"""From every stop once instead of from every home: what to be ready at a stop by a given departure leads to.

A home's trips begin with a walk to some stop and go on from there as anyone's do. So where many homes are asked
about the same places and minutes, each stop is searched once, at each of its departures, and a home's times are the
earliest of what the stops within its walks offer: the same seconds as a search from the home, for much less work.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geo.travel.kernels_raptor import Links, from_stops
from geo.travel.transit_search import Search, in_threads

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]

MOST_NUMBERS = 120_000_000
"""Departures × places that are held (480 MB); where there are more, homes are searched one by one."""
_COST = 10
"""A departure of a stop costs about as much as so many minutes of a home, which follow one another more closely."""


@dataclass(frozen=True)
class StopProfiles:
    """CSR over the stops: by when one must be `ready` there, ascending, and the `arrival` at each place then.

    `ready`: int32[k], seconds; `arrival`: int32[k, places], the same clock, `UNREACHED` = not within the limit.
    """

    offset: Longs
    ready: Ints
    arrival: Ints


def stop_profiles(search: Search, egress: Links, places: int, first: int, last: int, saved: int) -> StopProfiles | None:
    """Search from every stop; None where it would hold too much, or cost more than it saves.

    Parameters
    ----------
    search
        A day and its rules; on a mirrored one, all times are its own.
    egress
        Walks from stops to the `places`.
    first, last
        Seconds: only departures for which one is ready between the two are kept.
    saved
        How many minutes of homes need no search of their own then.
    """
    stop, ready = _departures(search, first, last)
    if len(ready) * places > MOST_NUMBERS or len(ready) * _COST > saved:
        return None
    offset = np.searchsorted(stop, np.arange(search.day.stops + 1)).astype(np.int64)
    arrival = np.empty((len(ready), places), np.int32)

    def run(begin: int, end: int) -> None:
        from_stops(
            search.lines, search.transfers, search.change, search.rules, egress, offset, ready, begin, end, arrival
        )

    in_threads(run, search.day.stops)
    return StopProfiles(offset, ready, arrival)


def _departures(search: Search, first: int, last: int) -> tuple[Ints, Ints]:
    """Return the distinct (stop, seconds by which one must be ready there to depart), in that order."""
    day, calls = search.day, [np.empty((0, 2), np.int32)]
    for p in range(len(day.pattern_offset) - 1):
        here = slice(day.pattern_offset[p], day.pattern_offset[p + 1])
        boarded = np.flatnonzero(day.boarding[here] >= 0)
        leaves = day.departure[day.time_offset[p] : day.time_offset[p + 1]].reshape(-1, here.stop - here.start)
        ready = leaves[:, boarded] - search.rules.board_seconds
        stop = np.broadcast_to(day.pattern_stop[here][boarded], ready.shape)
        wanted = (ready >= first) & (ready <= last)
        calls.append(np.column_stack([stop[wanted], ready[wanted]]))
    stop, ready = np.unique(np.concatenate(calls), axis=0).T
    return stop.astype(np.int32), ready.astype(np.int32)
