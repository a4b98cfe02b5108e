"""The compiled loops of times told in steps, and nothing else.

Who leaves a minute earlier for the same bus takes a minute more. So where departures are a minute apart, a place's
times are told by the few at which something better is caught than by all that leave later.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from geo.compiled import compiled
from geo.travel.kernels_raptor import UNREACHED, sooner_by_row
from geo.travel.kernels_stop_profiles import NEVER

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]

_BASE_SECONDS = 8 * 3600
"""So long before a departure arrivals are counted from: they are shifted only every so many seconds of departures."""


class Steps(NamedTuple):
    """CSR over places: from the row `since` on it takes `seconds`, and 60 more each row, until the place's next step.

    Rows are departures a minute apart, the latest first. Before its first step a place is not reached, nor where its
    time is over the limit of the search.
    """

    offset: Longs
    since: Ints
    seconds: Ints


@compiled
def through_stops(offset, ready, taken, access_stop, access_seconds, departures, limit):  # type: ignore[no-untyped-def]
    """Return what `geo.travel.kernels_raptor.profile` does without `direct`, as Steps.

    Parameters
    ----------
    offset, ready, taken : see `geo.travel.stop_profiles.StopProfiles`
    access_stop, access_seconds : the walk from the start to stops
    departures : descending, a minute apart
    limit : no trip takes more seconds; less than `NEVER`
    """
    places, rows = taken.shape[1], len(departures)
    first, following, coming = _boarded(offset, ready, access_stop, access_seconds, departures)
    reached = np.full(places, NEVER, np.uint16)  # seconds after `base`: 16 bits are compared twice as fast as 32
    held = np.full(places, NEVER, np.uint16)  # what the last step led to
    base, before = np.int64(departures[0]) + 1 if rows else np.int64(0), max(min(_BASE_SECONDS, NEVER - 1 - limit), 0)
    is_less = np.zeros((places + 7) // 8 * 8, np.bool_)
    eight = is_less.view(np.uint64)
    most = rows * places  # so much is asked for, but only what is filled is taken
    place, since, seconds = np.empty(most, np.int32), np.empty(most, np.int32), np.empty(most, np.int32)
    count = 0
    for row in range(rows):
        if first[row] < 0:
            continue
        start = np.int64(departures[row])
        if start < base:
            _later(reached, base - (start - before))
            _later(held, base - (start - before))
            base = start - before
        one = first[row]
        while one >= 0:
            _lower(reached, taken[coming[one]], ready[coming[one]] - base)
            one = following[one]
        _mark(reached, held, np.uint16(start + limit - base), is_less)
        for word in range(len(eight)):
            if eight[word] == 0:
                continue
            for d in range(8 * word, 8 * word + 8):
                if is_less[d]:
                    held[d] = reached[d]
                    place[count], since[count], seconds[count] = d, row, base + reached[d] - start
                    count += 1
    return by_place(place[:count], since, seconds, places)


@compiled
def _boarded(offset, ready, access_stop, access_seconds, departures):  # type: ignore[no-untyped-def]
    """Return which departures of stops are first caught in each row, as linked lists.

    Returns
    -------
    first : of each row, the number of one that is caught; -1 = none
    following : of each number, the next of its row; -1 = none
    coming : of each number, the departure: what is ready at a stop, the earliest of those caught in a row
    """
    count = 0
    for a in range(len(access_stop)):
        count += offset[access_stop[a] + 1] - offset[access_stop[a]]
    first = np.full(len(departures), -1, np.int64)
    following, coming = np.empty(count, np.int64), np.empty(count, np.int64)
    count = 0
    for a in range(len(access_stop)):
        known = np.int64(len(departures))
        for k in range(offset[access_stop[a]], offset[access_stop[a] + 1]):
            late = np.int64(departures[0]) + access_seconds[a] - ready[k]
            row = max((late + 59) // 60, 0)
            if row < known:
                known = row
                coming[count], following[count], first[row] = k, first[row], count
                count += 1
    return first, following, coming


@compiled
def _later(reached, seconds):  # type: ignore[no-untyped-def]
    more = np.uint16(min(seconds, NEVER))
    most = np.uint16(NEVER - more)
    for d in range(len(reached)):
        reached[d] = np.uint16(min(reached[d], most) + more)


@compiled
def _lower(reached, taken, ready):  # type: ignore[no-untyped-def]
    more = np.uint16(min(ready, NEVER))
    most = np.uint16(NEVER - more)
    for d in range(len(reached)):
        t = np.uint16(min(taken[d], most) + more)
        reached[d] = min(reached[d], t)


@compiled
def _mark(reached, held, deadline, is_less):  # type: ignore[no-untyped-def]
    for d in range(len(reached)):
        is_less[d] = (reached[d] < held[d]) & (reached[d] <= deadline)


@compiled
def by_place(place, since, seconds, places):  # type: ignore[no-untyped-def]
    """Return Steps of pieces that come in the order of their rows, each with its place."""
    offset = np.zeros(places + 1, np.int64)
    for k in range(len(place)):
        offset[place[k] + 1] += 1
    for d in range(places):
        offset[d + 1] += offset[d]
    at = offset.copy()
    steps = Steps(offset, np.empty(len(place), np.int32), np.empty(len(place), np.int32))
    for k in range(len(place)):
        steps.since[at[place[k]]], steps.seconds[at[place[k]]] = since[k], seconds[k]
        at[place[k]] += 1
    return steps


@compiled
def profile_in_steps(lines, onward, access_stop, access_seconds, departures, rules, egress, places):  # type: ignore[no-untyped-def]
    """Return what `geo.travel.kernels_raptor.profile` does without `direct`, as Steps; see `sweep` there.

    `departures`: descending, a minute apart; `places`: how many there are.
    """
    place, since, seconds = sooner_by_row(lines, onward, access_stop, access_seconds, departures, rules, egress, places)
    return by_place(place, since, seconds, places)


@compiled
def in_rows(steps, rows, limit):  # type: ignore[no-untyped-def]
    """Return elapsed seconds [departure, place] of Steps, for so many departures; `UNREACHED` = over the limit."""
    places = len(steps.offset) - 1
    seconds = np.full((rows, places), UNREACHED, np.int32)
    for d in range(places):
        for k in range(steps.offset[d], steps.offset[d + 1]):
            end = steps.since[k + 1] if k + 1 < steps.offset[d + 1] else rows
            for row in range(steps.since[k], end):
                taken = steps.seconds[k] + 60 * (row - steps.since[k])
                if taken > limit:
                    break
                seconds[row, d] = taken
    return seconds
