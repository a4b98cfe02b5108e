"""The compiled loops of transit searches, and nothing else.

Range-RAPTOR (Delling, Pajor and Werneck 2015, "Round-based public transit routing"): departures are swept from the
latest to the earliest, and what a later one reached stays a bound for the earlier ones. Labels are kept by the
number of rides, and apart for *having alighted* at a stop and being *ready to board* there (after the walk from the
start, or after a change), so that two walks never follow one another. Rides are those of trip-based routing (Witt
2015): each stretch of a trip once. All times are int32 seconds; `UNREACHED` is never. On a mirrored timetable the same
loops search backward, with the slack before boarding counted on alighting.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from geo.compiled import compiled
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
    trip_start: Ints
    trip_pace: Ints
    pace_offset: Longs
    pace_arrival: Ints
    pace_departure: Ints
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


class Walks(NamedTuple):
    """Walks on from where one alights, as CSR, each one number: see `packed`.

    `by_call`: each row is a place of `pattern_stop`, and holds the walks worth taking there
    (`geo.travel.kernels_footpaths`). Otherwise each row is a stop.
    """

    by_call: bool
    offset: Longs
    walk: Longs


SECONDS, SINCE = 24, 44
"""The bits from which on a packed walk tells its seconds, and since when it is worth taking."""
_TARGET, _LONGEST = (1 << SECONDS) - 1, (1 << (SINCE - SECONDS)) - 1


@compiled
def packed(target, seconds, since):  # type: ignore[no-untyped-def]
    """Return a walk as one number, so that it is read at once: only who boarded at position `since` or later need walk.

    In ascending order they are sorted by `since`, -1 = everybody, then nearest first.
    """
    return ((np.int64(since) + 1) << SINCE) + (np.int64(seconds) << SECONDS) + target


@compiled
def _departure(lines, trip, position):  # type: ignore[no-untyped-def]
    return np.int32(lines.trip_start[trip] + lines.pace_departure[lines.trip_pace[trip] + position])


@compiled
def sweep(lines, onward, access_stop, access_seconds, departures, rules, egress, direct, alight, ready, out, sooner):  # type: ignore[no-untyped-def]
    """Fill `out[departure, destination]` with elapsed seconds, or list in `sooner` what each departure is sooner at.

    Return how many are listed.

    Parameters
    ----------
    lines : Lines; onward : Walks to stops where one may board next, a change at one stop among them
    access_stop, access_seconds : the walk from the start to stops
    departures : descending
    rules : Rules; egress : Walks to destinations; direct : seconds on foot to each destination
    alight, ready : [rides + 1, stops] and [rides, stops], all `UNREACHED`; after one departure they hold its labels
    out : without rows, nothing is filled
    sooner : destination, row and elapsed seconds of each; of no length, nothing is listed
    """
    stops = len(lines.stop_offset) - 1
    rides = rules.rides
    limit = np.int32(rules.limit)
    board_seconds = np.int32(rules.board_seconds)
    alight_seconds = np.int32(rules.alight_seconds)
    nowhere = np.int32(2**31 - 1)
    beyond = np.int32(2**30)

    reached = np.full(len(direct), nowhere, np.int32)
    changed, is_changed = np.empty(len(direct), np.int32), np.zeros(len(direct), np.bool_)
    destination, since, taken = sooner
    listed = 0
    # By rides had: the first position from which each trip was ridden so far. A trip is ridden from there on once;
    # trips after it are no use from there on.
    ridden = np.full((rides, lines.trip_offset[-1]), beyond, np.int32)
    # By rides had: the number of the first trip that is no more use at each boarding, the departure that one must
    # still catch to find another, and the time by which one must be ready at a stop for that to be so in any pattern.
    used = np.full((rides, len(lines.stop_pattern)), beyond, np.int32)
    earlier = np.full((rides, len(lines.stop_pattern)), nowhere, np.int32)
    gate = np.full((rides, stops), nowhere, np.int32)
    # Pattern, trip, position boarded at, last position to alight at. It has room for all: an array that is made anew in
    # a loop has its owners counted at each use there, which took a third of a search.
    rides_to_scan = np.empty((len(lines.stop_pattern), 4), np.int32)
    boarding = np.empty(stops, np.int32)  # stops to board at in the next round
    is_boarding = np.zeros(stops, np.bool_)
    landed = np.empty(stops, np.int32)  # stops alighted at earlier than before in this round
    is_landed = np.zeros(stops, np.bool_)
    better = np.empty(stops, np.int32)  # the same, in any round of this departure
    is_better = np.zeros(stops, np.bool_)
    # Where that was, as a place of `pattern_stop`, and the position at which the trip was boarded.
    landed_at, landed_from = np.empty(stops, np.int32), np.empty(stops, np.int32)
    better_at, better_from = np.empty(stops, np.int32), np.empty(stops, np.int32)

    for row in range(len(departures)):
        start = np.int32(departures[row])
        deadline = np.int32(start + limit)
        n_boarding = 0
        n_better = 0
        n_changed = 0
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
            earlier_now, used_now, ridden_now = earlier[ride - 1], used[ride - 1], ridden[ride - 1]
            alight_now = alight[ride]
            n_scan = 0
            for b in range(n_boarding):
                s = boarding[b]
                is_boarding[s] = False
                t = np.int32(ready_before[s] + board_seconds)
                last = -beyond
                for x in range(lines.stop_offset[s], lines.stop_offset[s + 1]):
                    if t <= earlier_now[x] and ready_before[s] < deadline:
                        p, i = lines.stop_pattern[x], lines.stop_position[x]
                        length = lines.pattern_offset[p + 1] - lines.pattern_offset[p]
                        first = lines.trip_offset[p]
                        trips = np.int32(lines.trip_offset[p + 1] - first)
                        low, high = np.int32(0), min(trips, used_now[x])
                        if high > 1 and _departure(lines, first + high - 2, i) < t:
                            low = np.int32(high - 1)
                        while low < high:
                            middle = (low + high) >> 1
                            if _departure(lines, first + middle, i) >= t:
                                high = middle
                            else:
                                low = np.int32(middle + 1)
                        trip = low
                        if trip < trips and ridden_now[first + trip] > i:
                            rides_to_scan[n_scan, 0], rides_to_scan[n_scan, 1] = p, trip
                            rides_to_scan[n_scan, 2] = i
                            rides_to_scan[n_scan, 3] = min(np.int32(length - 1), ridden_now[first + trip])
                            n_scan += 1
                            for j in range(ride - 1, rides):
                                if ridden[j, first + trip] <= i:
                                    break
                                for later in range(first + trip, first + trips):
                                    if ridden[j, later] <= i:
                                        break
                                    ridden[j, later] = i
                        while trip > 0 and ridden_now[first + trip - 1] <= i:
                            trip -= 1
                        t_last = _departure(lines, first + trip - 1, i) if trip > 0 else np.int32(-beyond)
                        for j in range(ride - 1, rides):
                            if t_last >= earlier[j, x]:
                                break
                            earlier[j, x], used[j, x] = t_last, trip
                    last = max(last, earlier_now[x])
                last = np.int32(last - board_seconds)
                for j in range(ride - 1, rides):
                    gate[j, s] = min(gate[j, s], last)
            n_landed = 0
            for k in range(n_scan):
                p, trip, on = rides_to_scan[k, 0], rides_to_scan[k, 1], rides_to_scan[k, 2]
                begin, number = lines.pattern_offset[p], lines.trip_offset[p] + trip
                at, begun = lines.trip_pace[number], np.int32(lines.trip_start[number] + alight_seconds)
                until = rides_to_scan[k, 3]
                if trip > 0:
                    until = min(until, ridden_now[number - 1])
                for i in range(on + 1, until + 1):
                    t = np.int32(lines.pace_arrival[at + i] + begun)
                    if t > deadline:
                        break
                    s = lines.pattern_stop[begin + i]
                    if t < alight_now[s] and lines.can_alight[begin + i]:
                        if t < alight[rides, s]:
                            better_at[s], better_from[s] = begin + i, on
                            if not is_better[s]:
                                is_better[s] = True
                                better[n_better] = s
                                n_better += 1
                        for j in range(ride, rides + 1):
                            if t >= alight[j, s]:
                                break
                            alight[j, s] = t
                        landed_at[s], landed_from[s] = begin + i, on
                        if not is_landed[s]:
                            is_landed[s] = True
                            landed[n_landed] = s
                            n_landed += 1
            n_boarding = 0
            for x in range(n_landed):
                s = landed[x]
                is_landed[s] = False
                if ride == rides:
                    continue
                here, on = alight_now[s], landed_from[s]
                gate_now = gate[ride]
                where = landed_at[s] if onward.by_call else s
                for w in range(onward.offset[where], onward.offset[where + 1]):
                    walk = onward.walk[w]
                    if walk >> SINCE > on + 1:
                        break
                    t = np.int32(here + (walk >> SECONDS & _LONGEST))
                    n = walk & _TARGET
                    if t <= gate_now[n] and t <= deadline:
                        gate_now[n] = t - 1
                        ready[ride, n] = t
                        if not is_boarding[n]:
                            is_boarding[n] = True
                            boarding[n_boarding] = n
                            n_boarding += 1
        for x in range(n_better):
            s = better[x]
            is_better[s] = False
            here, on = alight[rides, s], better_from[s]
            where = better_at[s] if egress.by_call else s
            for e in range(egress.offset[where], egress.offset[where + 1]):
                walk = egress.walk[e]
                if walk >> SINCE > on + 1:
                    break
                t = np.int32(here + (walk >> SECONDS & _LONGEST))
                d = walk & _TARGET
                if t < reached[d] and t <= deadline:
                    reached[d] = t
                    if not is_changed[d]:
                        is_changed[d] = True
                        changed[n_changed] = d
                        n_changed += 1
        for x in range(n_changed):
            d = changed[x]
            is_changed[d] = False
            if len(destination) > 0:
                destination[listed], since[listed], taken[listed] = d, row, reached[d] - start
                listed += 1
        for d in range(len(direct) if len(out) > 0 else 0):
            t = reached[d]
            elapsed = np.int32(t - start) if t <= deadline else nowhere
            walked = direct[d]
            out[row, d] = min(elapsed, walked) if walked <= limit else elapsed
    return listed


@compiled
def profile(lines, onward, access_stop, access_seconds, departures, rules, egress, direct):  # type: ignore[no-untyped-def]
    """Return elapsed seconds [departure, destination] from one start; see `sweep`."""
    stops = len(lines.stop_offset) - 1
    alight = np.full((rules.rides + 1, stops), UNREACHED, np.int32)
    ready = np.full((rules.rides, stops), UNREACHED, np.int32)
    out = np.empty((len(departures), len(direct)), np.int32)
    none = nothing_listed()
    sweep(lines, onward, access_stop, access_seconds, departures, rules, egress, direct, alight, ready, out, none)
    return out


@compiled
def sooner_by_row(lines, onward, access_stop, access_seconds, departures, rules, egress, destinations):  # type: ignore[no-untyped-def]
    """Return at which destinations one is sooner than by any later departure: destination, row and elapsed seconds.

    In the order of the rows of departures; by rides alone. See `sweep`.
    """
    stops = len(lines.stop_offset) - 1
    alight = np.full((rules.rides + 1, stops), UNREACHED, np.int32)
    ready = np.full((rules.rides, stops), UNREACHED, np.int32)
    direct = np.full(destinations, UNREACHED, np.int32)
    most = len(departures) * destinations  # so much is asked for, but only what is filled is taken
    sooner = np.empty(most, np.int32), np.empty(most, np.int32), np.empty(most, np.int32)
    out = np.empty((0, destinations), np.int32)
    count = sweep(
        lines, onward, access_stop, access_seconds, departures, rules, egress, direct, alight, ready, out, sooner
    )
    return sooner[0][:count], sooner[1][:count], sooner[2][:count]


@compiled
def nothing_listed():  # type: ignore[no-untyped-def]
    """Return no destinations, rows and seconds."""
    return np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.int32)


@compiled
def labels(lines, onward, access_stop, access_seconds, departure, rules):  # type: ignore[no-untyped-def]
    """Return the labels (`alight`, `ready`) of one departure, with at most so many rides in each row."""
    stops = len(lines.stop_offset) - 1
    alight = np.full((rules.rides + 1, stops), UNREACHED, np.int32)
    ready = np.full((rules.rides, stops), UNREACHED, np.int32)
    nowhere = Walks(False, np.zeros(stops + 1, np.int64), np.empty(0, np.int64))
    departures = np.full(1, departure, np.int32)
    direct = np.empty(0, np.int32)
    out = np.empty((1, 0), np.int32)
    none = nothing_listed()
    sweep(lines, onward, access_stop, access_seconds, departures, rules, nowhere, direct, alight, ready, out, none)
    return alight, ready


@compiled
def percentiles_from_many(lines, onward, access, departures, rules, egress, direct, ranks, begin, end, out):  # type: ignore[no-untyped-def]
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
            onward,
            access.target[near],
            access.seconds[near],
            departures,
            rules,
            egress,
            on_foot,
            alight,
            ready,
            rows,
            nothing_listed(),
        )
        for x in range(direct.offset[o], direct.offset[o + 1]):
            on_foot[direct.target[x]] = UNREACHED
        ranked(rows, ranks, int(UNREACHED), out[o])
