"""The compiled loops of searches from all stops at once, and nothing else.

What boarding a trip leads to is asked backward, ride by ride: one gets to wherever it stops later on, from there on
foot to the places, or on with one ride fewer. So a round needs only the one before, and every stop shares the work of
all others (RAPTOR's rounds, Delling, Pajor and Werneck 2015, turned around and held as one row of arrivals at all
places). Which trips one may change to depends on no place, so it is worked out once (Witt 2015, "Trip-based public
transit routing"). All times are int32 seconds; `UNREACHED` is never.

A *boarding* is a trip at a stop where one may board it, within the time that matters; `boarding_row`, one a time of the
timetable, numbers them; -1 = none.
"""

import numpy as np

from geo.compiled import compiled
from geo.travel.kernels_raptor import UNREACHED

_POSITIONS = np.int64(1) << 20
"""More than there are patterns, than any has stops, and than a walk has seconds."""
NEVER = 2**16 - 1


@compiled
def changes(lines, transfers, change, rules, boarding_row, soonest, horizon, p):  # type: ignore[no-untyped-def]
    """Return CSR over the times of a pattern: the boardings that are worth changing to there.

    Of each pattern the first trip that can be caught at each of its stops, but for those that a stop before offers too:
    boarded there, it leads to all that it leads to later. Nobody is on board before the soonest second, and nobody
    alights after the horizon.
    """
    stop = lines.pattern_offset[p]
    length = lines.pattern_offset[p + 1] - stop
    first, end = lines.time_offset[p], lines.time_offset[p + 1]
    offset, count = np.zeros(end - first + 1, np.int64), 0
    rows = np.empty(1 << 12, np.int32)
    options, option_offset = options_at(lines, transfers, change, p)
    caught = np.zeros(len(options), np.int64)  # the trip before takes nearly the same ones
    for x in range(end - first):
        offset[x] = count
        i = x % length
        t = np.int64(lines.arrival[first + x]) + rules.alight_seconds
        if option_offset[i] == option_offset[i + 1] or t < soonest or t > horizon:
            continue
        number = option_offset[i + 1] - option_offset[i]
        if count + number > len(rows):
            rows = np.concatenate((rows, np.empty(len(rows) + number, np.int32)))
        pattern, earliest = np.int64(-1), _POSITIONS
        for k in range(option_offset[i], option_offset[i + 1]):
            one = options[k]
            q, j, wait = one // (_POSITIONS * _POSITIONS), one // _POSITIONS % _POSITIONS, one % _POSITIONS
            if t + wait > horizon:
                continue
            at, stride = lines.time_offset[q] + j, lines.pattern_offset[q + 1] - lines.pattern_offset[q]
            trips, leaves = lines.trip_offset[q + 1] - lines.trip_offset[q], t + wait + rules.board_seconds
            trip = caught[k]
            while trip > 0 and lines.departure[at + (trip - 1) * stride] >= leaves:
                trip -= 1
            while trip < trips and lines.departure[at + trip * stride] < leaves:
                trip += 1
            caught[k] = trip
            if trip == trips or lines.departure[at + trip * stride] > t + rules.limit:
                continue
            if q == p and trip == x // length:  # to stay on board is as good
                continue
            if q != pattern:
                pattern, earliest = q, _POSITIONS
            if trip < earliest:
                earliest = trip
                row = boarding_row[at + trip * stride]
                if row >= 0:
                    rows[count] = row
                    count += 1
    offset[end - first] = count
    return offset, rows[:count].copy()


@compiled
def options_at(lines, transfers, change, p):  # type: ignore[no-untyped-def]
    """Return where one may change to, CSR over the positions of a pattern: none at the first, nor where none alights.

    An option is a number: another pattern, a position of it, and the seconds on the way there, in that order.
    """
    stop = lines.pattern_offset[p]
    length = lines.pattern_offset[p + 1] - stop
    offset, count = np.zeros(length + 1, np.int64), 0
    options = np.empty(1 << 8, np.int64)
    for i in range(length):
        offset[i] = count
        if i == 0 or not lines.can_alight[stop + i]:
            continue
        s = lines.pattern_stop[stop + i]
        if change[s] >= 0:
            options, count = with_options(lines, s, np.int64(change[s]), options, count)
        for w in range(transfers.offset[s], transfers.offset[s + 1]):
            options, count = with_options(lines, transfers.target[w], np.int64(transfers.seconds[w]), options, count)
        options[offset[i] : count] = np.sort(options[offset[i] : count])
    offset[length] = count
    return options[:count].copy(), offset


@compiled
def with_options(lines, stop, wait, options, count):  # type: ignore[no-untyped-def]
    """Return the options and their number with all patterns that stop there, so many seconds away."""
    for x in range(lines.stop_offset[stop], lines.stop_offset[stop + 1]):
        if count == len(options):
            options = np.concatenate((options, np.empty(count, np.int64)))
        q, j = np.int64(lines.stop_pattern[x]), np.int64(lines.stop_position[x])
        options[count] = (q * _POSITIONS + j) * _POSITIONS + wait
        count += 1
    return options, count


@compiled
def from_boardings(lines, rules, egress, boarding_row, boardings, offset, rows, horizon, begin, end):  # type: ignore[no-untyped-def]
    """Return int32[boardings, places]: the earliest arrivals at the places begin … end − 1.

    Parameters
    ----------
    lines : Lines; rules : Rules; egress : Links from stops to places
    boarding_row, boardings : see above, and how many there are
    offset, rows : the boardings that are worth changing to, CSR over all times of the timetable; see `changes`
    """
    width = end - begin
    place, walk = np.empty(len(egress.target), np.int32), np.empty(len(egress.target), np.int32)
    walks = np.zeros(len(egress.offset), np.int64)  # those to these places alone
    for s in range(len(egress.offset) - 1):
        kept = walks[s]
        for e in range(egress.offset[s], egress.offset[s + 1]):
            if begin <= egress.target[e] < end:
                place[kept], walk[kept] = egress.target[e] - begin, egress.seconds[e]
                kept += 1
        walks[s + 1] = kept
    nearest = np.empty(width, np.int32)
    before, now = np.empty((0, width), np.int32), np.full((boardings, width), UNREACHED, np.int32)
    for ride in range(rules.rides):
        if ride == 1:
            before, now = now, now.copy()
        elif ride > 1:
            before, now = now, before
        for p in range(len(lines.pattern_offset) - 1):
            stop = lines.pattern_offset[p]
            length = lines.pattern_offset[p + 1] - stop
            for trip in range(lines.trip_offset[p + 1] - lines.trip_offset[p]):
                at = lines.time_offset[p] + trip * length
                nearest[:] = UNREACHED
                for i in range(length - 1, -1, -1):
                    row = boarding_row[at + i]
                    if row >= 0:
                        now[row] = nearest
                    t = lines.arrival[at + i] + rules.alight_seconds
                    if not lines.can_alight[stop + i] or t > horizon:
                        continue
                    s = lines.pattern_stop[stop + i]
                    for e in range(walks[s], walks[s + 1]):
                        nearest[place[e]] = min(nearest[place[e]], t + walk[e])
                    if ride > 0:
                        for k in range(offset[at + i], offset[at + i + 1]):
                            onward = before[rows[k]]
                            for d in range(width):
                                nearest[d] = min(nearest[d], onward[d])
    return now


@compiled
def at_stops(boarded, departure_row, offset, arrival):  # type: ignore[no-untyped-def]
    """Fill `arrival[departure, place]`, CSR over the stops, with the best of what one may board then or later.

    `departure_row`: the row of each boarding's departure.
    """
    arrival[:] = UNREACHED
    for row in range(len(departure_row)):
        k = departure_row[row]
        for d in range(arrival.shape[1]):
            arrival[k, d] = min(arrival[k, d], boarded[row, d])
    for s in range(len(offset) - 1):
        for k in range(offset[s + 1] - 2, offset[s] - 1, -1):
            for d in range(arrival.shape[1]):
                arrival[k, d] = min(arrival[k, d], arrival[k + 1, d])


@compiled
def since_ready(arrival, ready, kept, taken):  # type: ignore[no-untyped-def]
    """Fill `taken[row, place]` with the seconds from being ready until the arrival, for the departures `kept`."""
    for row in range(len(kept)):
        for d in range(arrival.shape[1]):
            taken[row, d] = min(np.int64(arrival[kept[row], d]) - ready[kept[row]], NEVER)
