"""The compiled loops of transit searches, and nothing else.

Range-RAPTOR (Delling, Pajor and Werneck 2015, "Round-based public transit routing"): departures are swept from the
latest to the earliest, and what a later one reached stays a bound for the earlier ones. Labels are kept by the
number of rides, and apart for *having alighted* at a stop and being *ready to board* there (after the walk from the
start, or after a change), so that two walks never follow one another. All times are int32 seconds; `UNREACHED` is
never. On a mirrored timetable the same loops search backward, with the slack before boarding counted on alighting.
"""

from typing import NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from geo.travel.kernels_percentiles import ranked

UNREACHED = np.int32(2**31 - 1)

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


class Lines(NamedTuple):
    """What a search needs of a `Timetable`: its arrays of the same names."""

    pattern_offset: Longs
    pattern_stop: Ints
    can_alight: Flags
    trip_offset: Longs
    time_offset: Longs
    arrival: Ints
    departure: Ints
    stop_offset: Longs
    stop_pattern: Ints
    stop_position: Ints
    boarding: Ints


class Links(NamedTuple):
    """Walks as CSR: from each row to the places of `target`, in `seconds`, nearest first."""

    offset: Longs
    target: Ints
    seconds: Ints


class Rules(NamedTuple):
    """What holds on the way: limit on the whole trip, rides at most, seconds before boarding and after alighting."""

    limit: int
    rides: int
    board_seconds: int
    alight_seconds: int


@numba.njit(cache=True, nogil=True)
def sweep(lines, transfers, change, access_stop, access_seconds, departures, rules, egress, direct, alight, ready, out):  # type: ignore[no-untyped-def]
    """Fill `out[departure, destination]` with elapsed seconds.

    Parameters
    ----------
    lines : Lines; transfers : Links from stop to stop
    change : extra seconds between rides at one stop, -1 = not possible
    access_stop, access_seconds : the walk from the start to stops
    departures : descending
    rules : Rules; egress : Links from stops to destinations; direct : seconds on foot to each destination
    alight, ready : [rides + 1, stops] and [rides, stops], all `UNREACHED`; after one departure they hold its labels
    """
    stops = len(lines.stop_offset) - 1
    patterns = len(lines.pattern_offset) - 1
    rides = rules.rides
    limit = np.int32(rules.limit)
    board_seconds = np.int32(rules.board_seconds)
    alight_seconds = np.int32(rules.alight_seconds)
    nowhere = np.int32(2**31 - 1)
    beyond = np.int32(2**30)

    reached = np.full(len(direct), nowhere, np.int32)
    # By rides had: the departure that boarding a pattern at a stop must still catch to find a trip that was not
    # ridden from there before, and the time by which one must be ready at a stop for that to be so in any pattern.
    earlier = np.full((rides, len(lines.stop_pattern)), nowhere, np.int32)
    gate = np.full((rides, stops), nowhere, np.int32)
    first = np.full(patterns, beyond, np.int32)  # the position from which a queued pattern is scanned
    queue = np.empty(patterns, np.int32)
    boarding = np.empty(stops, np.int32)  # stops to board at in the next round
    is_boarding = np.zeros(stops, np.bool_)
    landed = np.empty(stops, np.int32)  # stops alighted at earlier than before in this round
    is_landed = np.zeros(stops, np.bool_)
    better = np.empty(stops, np.int32)  # the same, in any round of this departure
    is_better = np.zeros(stops, np.bool_)

    for row in range(len(departures)):
        start = np.int32(departures[row])
        deadline = np.int32(start + limit)
        n_boarding = 0
        n_better = 0
        for a in range(len(access_stop)):
            s = access_stop[a]
            t = np.int32(start + access_seconds[a])
            if t <= gate[0, s] and t <= deadline:
                gate[0, s] = t - 1
                ready[0, s] = t
                if not is_boarding[s]:
                    is_boarding[s] = True
                    boarding[n_boarding] = s
                    n_boarding += 1
        for ride in range(1, rides + 1):
            if n_boarding == 0:
                break
            ready_before = ready[ride - 1]
            earlier_now = earlier[ride - 1]
            alight_now = alight[ride]
            n_queue = 0
            for b in range(n_boarding):
                s = boarding[b]
                t = np.int32(ready_before[s] + board_seconds)
                for x in range(lines.stop_offset[s], lines.stop_offset[s + 1]):
                    if t <= earlier_now[x]:
                        p = lines.stop_pattern[x]
                        if first[p] == beyond:
                            queue[n_queue] = p
                            n_queue += 1
                        first[p] = min(first[p], lines.stop_position[x])
            n_landed = 0
            for q in range(n_queue):
                p = queue[q]
                begin = lines.pattern_offset[p]
                length = lines.pattern_offset[p + 1] - begin
                times = lines.time_offset[p]
                trips = lines.trip_offset[p + 1] - lines.trip_offset[p]
                trip = trips  # none yet
                at = times  # where the caught trip's times begin
                for i in range(first[p], length):
                    s = lines.pattern_stop[begin + i]
                    if trip < trips and lines.can_alight[begin + i]:
                        t = np.int32(lines.arrival[at + i] + alight_seconds)
                        if t < alight_now[s] and t <= deadline:
                            for j in range(ride, rides + 1):
                                if t >= alight[j, s]:
                                    break
                                alight[j, s] = t
                            if not is_landed[s]:
                                is_landed[s] = True
                                landed[n_landed] = s
                                n_landed += 1
                    x = lines.boarding[begin + i]
                    if x >= 0 and ready_before[s] < deadline:
                        t = np.int32(ready_before[s] + board_seconds)
                        if t <= earlier_now[x]:
                            if trip > 0 and (trip == trips or t <= lines.departure[at - length + i]):
                                low = 0
                                high = trip
                                while low < high:
                                    middle = (low + high) >> 1
                                    if lines.departure[times + middle * length + i] >= t:
                                        high = middle
                                    else:
                                        low = middle + 1
                                trip = low
                                at = times + trip * length
                            t = lines.departure[times + (trip - 1) * length + i] if trip > 0 else -beyond
                            for j in range(ride - 1, rides):
                                if t >= earlier[j, x]:
                                    break
                                earlier[j, x] = t
                first[p] = beyond
            for b in range(n_boarding):
                s = boarding[b]
                is_boarding[s] = False
                t = -beyond
                for x in range(lines.stop_offset[s], lines.stop_offset[s + 1]):
                    t = max(t, earlier_now[x])
                t = np.int32(t - board_seconds)
                for j in range(ride - 1, rides):
                    gate[j, s] = min(gate[j, s], t)
            n_boarding = 0
            for x in range(n_landed):
                s = landed[x]
                is_landed[s] = False
                if not is_better[s]:
                    is_better[s] = True
                    better[n_better] = s
                    n_better += 1
                if ride == rides:
                    continue
                here = alight_now[s]
                gate_now = gate[ride]
                if change[s] >= 0:
                    t = np.int32(here + change[s])
                    if t <= gate_now[s] and t <= deadline:
                        gate_now[s] = t - 1
                        ready[ride, s] = t
                        if not is_boarding[s]:
                            is_boarding[s] = True
                            boarding[n_boarding] = s
                            n_boarding += 1
                for w in range(transfers.offset[s], transfers.offset[s + 1]):
                    t = np.int32(here + transfers.seconds[w])
                    if t > deadline:
                        break
                    n = transfers.target[w]
                    if t <= gate_now[n]:
                        gate_now[n] = t - 1
                        ready[ride, n] = t
                        if not is_boarding[n]:
                            is_boarding[n] = True
                            boarding[n_boarding] = n
                            n_boarding += 1
        for x in range(n_better):
            s = better[x]
            is_better[s] = False
            here = alight[rides, s]
            for e in range(egress.offset[s], egress.offset[s + 1]):
                t = np.int32(here + egress.seconds[e])
                if t > deadline:
                    break
                d = egress.target[e]
                reached[d] = min(reached[d], t)
        for d in range(len(direct)):
            t = reached[d]
            elapsed = np.int32(t - start) if t <= deadline else nowhere
            walked = direct[d]
            out[row, d] = min(elapsed, walked) if walked <= limit else elapsed


@numba.njit(cache=True, nogil=True)
def profile(lines, transfers, change, access_stop, access_seconds, departures, rules, egress, direct):  # type: ignore[no-untyped-def]
    """Return elapsed seconds [departure, destination] from one start; see `sweep`."""
    stops = len(lines.stop_offset) - 1
    alight = np.full((rules.rides + 1, stops), UNREACHED, np.int32)
    ready = np.full((rules.rides, stops), UNREACHED, np.int32)
    out = np.empty((len(departures), len(direct)), np.int32)
    sweep(lines, transfers, change, access_stop, access_seconds, departures, rules, egress, direct, alight, ready, out)
    return out


@numba.njit(cache=True, nogil=True)
def from_stops(lines, transfers, change, rules, egress, offset, ready, begin, end, arrival):  # type: ignore[no-untyped-def]
    """Fill `arrival[departure, place]` for the departures `ready` (CSR, ascending) of the stops begin … end − 1."""
    at, seconds = np.empty(1, np.int32), np.zeros(1, np.int32)
    direct = np.full(arrival.shape[1], UNREACHED, np.int32)
    for stop in range(begin, end):
        first, last = offset[stop], offset[stop + 1]
        if first == last:
            continue
        at[0] = stop
        departures = ready[first:last][::-1].copy()
        elapsed = profile(lines, transfers, change, at, seconds, departures, rules, egress, direct)
        for row in range(len(departures)):
            for d in range(len(direct)):
                t = elapsed[row, d]
                arrival[last - 1 - row, d] = departures[row] + t if t != UNREACHED else UNREACHED


@numba.njit(cache=True, nogil=True)
def through_stops(offset, ready, arrival, access_stop, access_seconds, departures, limit, direct):  # type: ignore[no-untyped-def]
    """Return what `profile` does, from the stops' own `arrival` at each place, see `geo.travel.stop_profiles`."""
    nowhere = np.int32(2**31 - 1)
    reached = np.full(len(direct), nowhere, np.int32)
    on_foot = np.where(direct <= limit, direct, nowhere).astype(np.int32)
    coming = np.empty(len(access_stop), np.int64)  # the earliest departure of each stop that is used so far
    for a in range(len(access_stop)):
        coming[a] = offset[access_stop[a] + 1]
    out = np.empty((len(departures), len(direct)), np.int32)
    for row in range(len(departures)):
        start = np.int32(departures[row])
        deadline = np.int32(start + limit)
        for a in range(len(access_stop)):
            first = offset[access_stop[a]]
            here = np.int32(start + access_seconds[a])
            k = coming[a]
            while k > first and ready[k - 1] >= here:
                k -= 1
            if k < coming[a]:
                coming[a] = k
                offered = arrival[k]
                for d in range(len(reached)):
                    reached[d] = min(reached[d], offered[d])
        for d in range(len(direct)):
            t = reached[d]
            elapsed = np.int32(t - start) if t <= deadline else nowhere
            out[row, d] = min(elapsed, on_foot[d])
    return out


@numba.njit(cache=True, nogil=True)
def labels(lines, transfers, change, access_stop, access_seconds, departure, rules):  # type: ignore[no-untyped-def]
    """Return the labels (`alight`, `ready`) of one departure, with at most so many rides in each row."""
    stops = len(lines.stop_offset) - 1
    alight = np.full((rules.rides + 1, stops), UNREACHED, np.int32)
    ready = np.full((rules.rides, stops), UNREACHED, np.int32)
    nowhere = Links(np.zeros(stops + 1, np.int64), np.empty(0, np.int32), np.empty(0, np.int32))
    departures = np.full(1, departure, np.int32)
    direct = np.empty(0, np.int32)
    out = np.empty((1, 0), np.int32)
    sweep(lines, transfers, change, access_stop, access_seconds, departures, rules, nowhere, direct, alight, ready, out)
    return alight, ready


@numba.njit(cache=True, nogil=True)
def percentiles_from_many(lines, transfers, change, access, departures, rules, egress, direct, ranks, begin, end, out):  # type: ignore[no-untyped-def]
    """Fill `out[start, destination, percentile]` for the starts from `begin` up to `end` (rows of `access`, `direct`).

    `ranks` are the places, from 0, of the percentiles among the sorted departures.
    """
    stops = len(lines.stop_offset) - 1
    places = out.shape[1]
    alight = np.empty((rules.rides + 1, stops), np.int32)
    ready = np.empty((rules.rides, stops), np.int32)
    rows = np.empty((len(departures), places), np.int32)
    on_foot = np.full(places, UNREACHED, np.int32)
    for o in range(begin, end):
        alight[:] = UNREACHED
        ready[:] = UNREACHED
        for x in range(direct.offset[o], direct.offset[o + 1]):
            on_foot[direct.target[x]] = direct.seconds[x]
        near = slice(access.offset[o], access.offset[o + 1])
        sweep(
            lines,
            transfers,
            change,
            access.target[near],
            access.seconds[near],
            departures,
            rules,
            egress,
            on_foot,
            alight,
            ready,
            rows,
        )
        for x in range(direct.offset[o], direct.offset[o + 1]):
            on_foot[direct.target[x]] = UNREACHED
        ranked(rows, ranks, int(UNREACHED), out[o])
