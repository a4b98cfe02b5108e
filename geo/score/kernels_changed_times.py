"""The compiled loops that tell from which homes any trip is another by another timetable, and nothing else.

A stop's departures (`geo.travel.stop_profiles.StopProfiles`) tell when one arrives at each place, for whoever is at the
stop by a given second. Two timetables are held side by side stretch by stretch: within one, both keep their departure.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo.compiled import compiled
from geo.travel.kernels_raptor import UNREACHED, Links

Array = NDArray[Any]


class Stretches(NamedTuple):
    """Where two timetables differ, CSR over stops: who is there later than `after`, and by `until`, arrives otherwise.

    `differs`: bool[stretches, places], at which places.
    """

    offset: Array
    after: Array
    until: Array
    differs: Array


class Asks(NamedTuple):
    """What is asked of a home's trips: the minutes `first` … `last`, and places (CSR)."""

    first: Array
    last: Array
    offset: Array
    place: Array


@compiled
def differing(
    offset: Array, ready: Array, taken: Array, ready_offset: Array, ready_now: Array, taken_now: Array,
    first: int, last: int, limit: int,
) -> Stretches:  # fmt: skip
    """Return where two timetables lead to other arrivals, for who is at a stop from `first` to `last` (seconds).

    Parameters
    ----------
    offset, ready, taken
        See `geo.travel.stop_profiles.StopProfiles`.
    ready_offset, ready_now, taken_now
        The same of the same stops and places by the other timetable.
    limit
        No trip takes more seconds.
    """
    places, stops = taken.shape[1], len(offset) - 1
    starts = np.zeros(stops + 1, np.int64)
    after, until = np.empty(1 << 10, np.int64), np.empty(1 << 10, np.int64)
    differs = np.empty((1 << 10, places), np.bool_)
    count = 0
    for stop in range(stops):
        row, end = offset[stop], offset[stop + 1]
        row_now, end_now = ready_offset[stop], ready_offset[stop + 1]
        done = np.int64(first - 1)
        while done < last and (row < end or row_now < end_now):
            following = np.int64(last)
            if row < end:
                following = min(following, np.int64(ready[row]))
            if row_now < end_now:
                following = min(following, np.int64(ready_now[row_now]))
            if count == len(after):
                after = np.concatenate((after, np.empty(count, np.int64)))
                until = np.concatenate((until, np.empty(count, np.int64)))
                differs = np.concatenate((differs, np.empty((count, places), np.bool_)))
            is_other = False
            for place in range(places):
                was, now = np.int64(UNREACHED), np.int64(UNREACHED)
                if row < end and taken[row, place] <= limit:
                    was = np.int64(ready[row]) + taken[row, place]
                if row_now < end_now and taken_now[row_now, place] <= limit:
                    now = np.int64(ready_now[row_now]) + taken_now[row_now, place]
                differs[count, place] = was != now
                is_other |= was != now
            if is_other:
                after[count], until[count] = done, following
                count += 1
            done = following
            if row < end and ready[row] <= done:
                row += 1
            if row_now < end_now and ready_now[row_now] <= done:
                row_now += 1
        starts[stop + 1] = count
    return Stretches(starts, after[:count], until[:count], differs[:count])


@compiled
def any_other(
    walks: Links, stretches: Stretches, asks: Asks, is_homeward: bool, begin: int, end: int, out: Array
) -> None:
    """Fill `out[home]` for the homes begin … end − 1: whether any trip that is asked for is another.

    Parameters
    ----------
    walks
        From homes to stops (homeward: from stops to homes).
    is_homeward
        Minutes are those of being home, and the stretches' seconds are mirrored.
    """
    for home in range(begin, end):
        for walk in range(walks.offset[home], walks.offset[home + 1]):
            stop, seconds = walks.target[walk], np.int64(walks.seconds[walk])
            for one in range(stretches.offset[stop], stretches.offset[stop + 1]):
                first = (stretches.after[one] - seconds) // 60 + 1
                last = (stretches.until[one] - seconds) // 60
                if is_homeward:
                    first, last = -last, -first
                if first > last:
                    continue
                for ask in range(len(asks.first)):
                    if asks.last[ask] < first or asks.first[ask] > last:
                        continue
                    for x in range(asks.offset[ask], asks.offset[ask + 1]):
                        if stretches.differs[one, asks.place[x]]:
                            out[home] = True
                            break
                    if out[home]:
                        break
                if out[home]:
                    break
            if out[home]:
                break
