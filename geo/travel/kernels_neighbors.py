"""The compiled loops of searches from neighboring starts together, and nothing else.

Neighbors catch nearly the same vehicles, and differ in when they must leave for them. So all of a day's calls are gone
through once, in the order of time, and what is kept of a trip or stop is, for each of the starts side by side, the
latest departure with which one is there by then: the turned-around label of profile searches that scan connections
(Dibbelt, Pajor, Strasser and Wagner 2018, "Connection scan algorithm"), with the walks of `geo.travel.kernels_raptor`.

A departure is told by its *number*: 1 is the earliest minute, 0 = none. Numbers are int16, one a *lane*, so that one
instruction of the processor compares sixteen starts.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from geo.compiled import compiled
from geo.travel.kernels_raptor import SECONDS, SINCE
from geo.travel.kernels_steps import Steps

LANES = 16
"""Starts that are searched together."""

Longs = npt.NDArray[np.int64]

_TARGET, _LONGEST = (1 << SECONDS) - 1, (1 << (SINCE - SECONDS)) - 1
_ARRIVES, _BOTH, _DEPARTS = 0, 1, 2
_KIND, _TRIP, _POSITION, _TIME = 2, 24, 16, 21
"""The bits of a call's parts, the last first: in ascending order calls are sorted by their time, and of one second so
that who arrives there can still depart, and that no trip of a pattern departs before one ahead of it."""
MOST_TRIPS, MOST_POSITIONS, MOST_SECONDS = 1 << _TRIP, 1 << _POSITION, 1 << _TIME
_TAKEN, _NUMBER = 18, 15
MOST_TAKEN, MOST_NUMBERS = 1 << _TAKEN, 1 << _NUMBER
_VECTOR, _PIECE = (1 << 32) - 1, 7
NEVER = np.int32(2**31 - 1)


class Room(NamedTuple):
    """How much there is room for: vectors in use at one time, pieces of lists at one time, steps of one start."""

    vectors: int
    pieces: int
    steps: int


@compiled
def calls_between(lines, begin, end):  # type: ignore[no-untyped-def]
    """Return the calls of all trips from second `begin` until `end`, each one number, and whether all are in order.

    Where a trip waits, its arrival and departure are calls apart. They are out of order where a trip departs before it
    arrives, as a vehicle may that goes on as another trip.
    """
    count, in_order = 0, True
    calls = np.empty(2 * len(lines.arrival), np.int64)
    for p in range(len(lines.pattern_offset) - 1):
        place = lines.pattern_offset[p]
        length = lines.pattern_offset[p + 1] - place
        at = lines.time_offset[p]
        for trip in range(lines.trip_offset[p], lines.trip_offset[p + 1]):
            for i in range(length):
                arrives, departs = lines.arrival[at + i], lines.departure[at + i]
                in_order &= arrives <= departs and (i == 0 or lines.departure[at + i - 1] <= arrives)
                lands = i > 0 and lines.can_alight[place + i] and begin <= arrives <= end
                boards = lines.boarding[place + i] >= 0 and begin <= departs <= end
                here = np.int64(i) << (_TRIP + _KIND) | np.int64(trip) << _KIND
                if lands and boards and arrives == departs:
                    calls[count] = np.int64(arrives - begin) << (_POSITION + _TRIP + _KIND) | here | _BOTH
                    count += 1
                    continue
                if lands:
                    calls[count] = np.int64(arrives - begin) << (_POSITION + _TRIP + _KIND) | here | _ARRIVES
                    count += 1
                if boards:
                    calls[count] = np.int64(departs - begin) << (_POSITION + _TRIP + _KIND) | here | _DEPARTS
                    count += 1
            at += length
    return calls[:count].copy(), in_order


@compiled
def coming_departures(lines, calls, begin):  # type: ignore[no-untyped-def]
    """Return of each stop its first two departures, and of each call that departs the third, itself the first."""
    pattern_begin = pattern_begins(lines)
    stops = len(lines.stop_offset) - 1
    coming = np.full((stops, 2), NEVER, np.int32)
    third = np.full(len(calls), NEVER, np.int32)
    for x in range(len(calls) - 1, -1, -1):
        call = calls[x]
        if call & ((1 << _KIND) - 1) != _ARRIVES:
            position = call >> (_TRIP + _KIND) & ((1 << _POSITION) - 1)
            s = lines.pattern_stop[pattern_begin[call >> _KIND & ((1 << _TRIP) - 1)] + position]
            third[x] = coming[s, 1]
            coming[s, 1] = coming[s, 0]
            coming[s, 0] = begin + (call >> (_POSITION + _TRIP + _KIND))
    return coming, third


@compiled
def pattern_begins(lines):  # type: ignore[no-untyped-def]
    """Return where the stops of each trip's pattern begin."""
    begins = np.empty(lines.trip_offset[-1], np.int64)
    for p in range(len(lines.pattern_offset) - 1):
        begins[lines.trip_offset[p] : lines.trip_offset[p + 1]] = lines.pattern_offset[p]
    return begins


@compiled
def together(lines, day, begin, onward, egress, places, access, first, minutes, rules, span, room):  # type: ignore[no-untyped-def]
    """Return how many steps each start has, and the steps packed, by time; where there was too little room, -1.

    Parameters
    ----------
    lines : Lines
    day : `calls_between` begin and a limit after the last departure, ascending, and their `coming_departures`
    onward : Walks to stops where one may board next; egress : Walks to so many `places`
    access : Links from at most `LANES` starts to stops
    first, minutes : second of the earliest departure, and how many there are, a minute apart
    rules : Rules; alighting and boarding take a second at least
    span : a power of two, more than any walk takes with what is added for alighting and boarding
    room : Room
    """
    calls, first_two, third = day
    stops, rides = len(lines.stop_offset) - 1, rules.rides
    levels, rests = rides * LANES, (rides - 1) * LANES
    board_seconds, alight_seconds, limit = rules.board_seconds, rules.alight_seconds, rules.limit
    none = np.int16(0)
    trips = lines.trip_offset[-1]
    pattern_begin = pattern_begins(lines)
    # Latest departures, by the rides had and by start: of who alighted at a stop, is on board of a trip, may board at a
    # stop (after one ride or more) its next departure or the one after it, and is at a place.
    alighted = np.zeros((stops, levels), np.int16)
    aboard = np.zeros((trips, levels), np.int16)
    boarding, boarding_later = np.zeros((stops, rests), np.int16), np.zeros((stops, rests), np.int16)
    there = np.zeros((places, LANES), np.int16)
    coming = first_two.copy()
    latest, boarded_at = np.zeros(trips, np.int16), np.zeros(trips, np.int32)
    # Who departs with a trip takes along all that is known at its stop; trips after it are no use until more is.
    known, taken_along = np.zeros(stops, np.int32), np.zeros(len(lines.pattern_stop), np.int32)
    near = np.full(stops, -1, np.int32)
    count = 0
    for k in range(len(access.target)):
        if near[access.target[k]] < 0:
            near[access.target[k]] = count
            count += 1
    walked = np.full((count, LANES), 2**30, np.int32)
    for lane in range(len(access.offset) - 1):
        for k in range(access.offset[lane], access.offset[lane + 1]):
            walked[near[access.target[k]], lane] = access.seconds[k]
    # Vectors of departures are kept until the last of their walks has ended. Walks under way are lists, one a second,
    # in pieces: a target and a vector each. How a list grows is written out twice: a function for it would take a fifth
    # more time, since each call counts who holds the arrays.
    vectors, until = np.empty((room.vectors, levels), np.int16), np.full(room.vectors, np.int64(begin) - 1)
    pieces = np.empty((room.pieces, _PIECE), np.int64)
    following = np.arange(1, room.pieces + 1).astype(np.int32)
    free, vacant = np.int32(0), 0
    lists, filled = np.full((span, 2), -1, np.int32), np.full((span, 2), _PIECE, np.int32)
    steps, counts = np.empty((LANES, room.steps), np.int64), np.zeros(LANES, np.int64)
    lane_now = np.zeros(LANES, np.int16)
    now = np.zeros(levels, np.int16)
    enough = True
    clock = np.int64(begin) - 1
    for x in range(len(calls) + 1):
        call = calls[x] if x < len(calls) else np.int64(0)
        second = begin + (call >> (_POSITION + _TRIP + _KIND)) if x < len(calls) else clock + span
        while clock < second:
            clock += 1
            bucket = clock & (span - 1)
            one, size = lists[bucket, 0], filled[bucket, 0]
            lists[bucket, 0], filled[bucket, 0] = -1, _PIECE
            while one >= 0:
                for e in range(size):
                    n, v = pieces[one, e] >> 32, pieces[one, e] & _VECTOR
                    more = none
                    for k in range(rests):
                        more = max(more, np.int16(vectors[v, k] > boarding[n, k]))
                        boarding[n, k] = max(boarding[n, k], vectors[v, k])
                        boarding_later[n, k] = max(boarding_later[n, k], vectors[v, k])
                    known[n] += more
                size = _PIECE
                after = following[one]
                following[one], free = free, one
                one = after
            one, size = lists[bucket, 1], filled[bucket, 1]
            lists[bucket, 1], filled[bucket, 1] = -1, _PIECE
            arrived = clock - 1  # who alights at a place is there in the same second, whose lists are through by then
            dead = max(0, -(-(arrived - limit - first) // 60))
            while one >= 0:
                for e in range(size):
                    d, v = pieces[one, e] >> 32, pieces[one, e] & _VECTOR
                    more = none
                    for lane in range(LANES):
                        more = max(more, np.int16(vectors[v, rests + lane] > there[d, lane]))
                    if more == 0:
                        continue
                    for lane in range(LANES):
                        number = vectors[v, rests + lane]
                        if number > there[d, lane] and number > dead:
                            there[d, lane] = number
                            if counts[lane] == room.steps:
                                enough = False
                            else:
                                elapsed = arrived - first - 60 * (np.int64(number) - 1)
                                steps[lane, counts[lane]] = (
                                    d << (_NUMBER + _TAKEN) | np.int64(number) << _TAKEN | elapsed
                                )
                                counts[lane] += 1
                size = _PIECE
                after = following[one]
                following[one], free = free, one
                one = after
            if not enough:
                break
        if not enough or x == len(calls):
            break
        kind = call & ((1 << _KIND) - 1)
        trip = call >> _KIND & ((1 << _TRIP) - 1)
        position = call >> (_TRIP + _KIND) & ((1 << _POSITION) - 1)
        place = pattern_begin[trip] + position
        s = lines.pattern_stop[place]
        dead = max(0, -(-(second + alight_seconds - limit - first) // 60))
        if kind != _DEPARTS and latest[trip] > dead:
            more, last = none, none
            for k in range(levels):
                number = aboard[trip, k] if aboard[trip, k] > alighted[s, k] else none
                now[k] = number
                alighted[s, k] = max(alighted[s, k], number)
            for k in range(rests):
                more = max(more, now[k])
            for k in range(rests, levels):
                last = max(last, now[k])
            if max(more, last) > dead:
                if until[vacant] >= clock:
                    enough = False
                    break
                longest = np.int64(second)
                for k in range(levels):
                    vectors[vacant, k] = now[k]
                on = boarded_at[trip]
                if more > dead:
                    where = place if onward.by_call else np.int64(s)
                    for w in range(onward.offset[where], onward.offset[where + 1]):
                        walk = onward.walk[w]
                        if walk >> SINCE > on + 1:
                            break
                        n = walk & _TARGET
                        t = second + alight_seconds + (walk >> SECONDS & _LONGEST)
                        if more <= -(-(t - limit - first) // 60):
                            continue
                        t += board_seconds
                        gain = none
                        if t <= coming[n, 0]:
                            for k in range(rests):
                                gain = max(gain, np.int16(now[k] > boarding[n, k]))
                                boarding[n, k] = max(boarding[n, k], now[k])
                                boarding_later[n, k] = max(boarding_later[n, k], now[k])
                            known[n] += gain
                            continue
                        for k in range(rests):
                            gain = max(gain, np.int16(now[k] > boarding_later[n, k]))
                        if gain == 0:
                            continue
                        if t <= coming[n, 1]:
                            for k in range(rests):
                                boarding_later[n, k] = max(boarding_later[n, k], now[k])
                            continue
                        bucket = t & (span - 1)
                        if filled[bucket, 0] == _PIECE:
                            if free == room.pieces:
                                enough = False
                                break
                            one = free
                            free = following[one]
                            following[one], lists[bucket, 0], filled[bucket, 0] = lists[bucket, 0], one, 0
                        pieces[lists[bucket, 0], filled[bucket, 0]] = n << 32 | vacant
                        filled[bucket, 0] += 1
                        longest = max(longest, t)
                if last > dead:
                    where = place if egress.by_call else np.int64(s)
                    for w in range(egress.offset[where], egress.offset[where + 1]):
                        walk = egress.walk[w]
                        if walk >> SINCE > on + 1:
                            break
                        d = walk & _TARGET
                        gain = none
                        for lane in range(LANES):
                            gain = max(gain, np.int16(now[rests + lane] > there[d, lane]))
                        t = second + alight_seconds + (walk >> SECONDS & _LONGEST)
                        if gain == 0 or last <= -(-(t - limit - first) // 60):
                            continue
                        bucket = t + 1 & (span - 1)
                        if filled[bucket, 1] == _PIECE:
                            if free == room.pieces:
                                enough = False
                                break
                            one = free
                            free = following[one]
                            following[one], lists[bucket, 1], filled[bucket, 1] = lists[bucket, 1], one, 0
                        pieces[lists[bucket, 1], filled[bucket, 1]] = d << 32 | vacant
                        filled[bucket, 1] += 1
                        longest = max(longest, t + 1)
                until[vacant] = longest
                vacant = vacant + 1 if vacant + 1 < room.vectors else 0
        if kind == _ARRIVES:
            continue
        if near[s] >= 0 or known[s] != taken_along[place]:
            taken_along[place] = known[s]
            lane_now[:] = 0
            if near[s] >= 0:
                for lane in range(LANES):
                    number = (second - board_seconds - walked[near[s], lane] - first) // 60 + 1
                    lane_now[lane] = min(max(number, 0), minutes)
            more, most = none, latest[trip]
            for k in range(LANES):
                more = max(more, np.int16(lane_now[k] > aboard[trip, k]))
                aboard[trip, k] = max(aboard[trip, k], lane_now[k])
                most = max(most, lane_now[k])
            for level in range(0, rests, LANES):
                for k in range(LANES):
                    lane_now[k] = max(lane_now[k], boarding[s, level + k])
                    more = max(more, np.int16(lane_now[k] > aboard[trip, level + LANES + k]))
                    aboard[trip, level + LANES + k] = max(aboard[trip, level + LANES + k], lane_now[k])
                    most = max(most, lane_now[k])
            if more > 0:
                latest[trip], boarded_at[trip] = most, position
        coming[s, 0], coming[s, 1] = coming[s, 1], third[x]
        gain = none
        for k in range(rests):
            gain = max(gain, np.int16(boarding_later[s, k] > boarding[s, k]))
            boarding[s, k] = max(boarding[s, k], boarding_later[s, k])
        known[s] += gain
    if not enough:
        counts[:] = -1
    return counts, steps


@compiled
def steps_of(packed, places, minutes):  # type: ignore[no-untyped-def]
    """Return one start's packed steps, by time, as Steps."""
    offset = np.zeros(places + 1, np.int64)
    arrived = np.full(places, np.int64(2**62))
    count = len(packed)
    kept = np.empty(count, np.bool_)
    for k in range(count - 1, -1, -1):
        d = packed[k] >> (_NUMBER + _TAKEN)
        arrives = (packed[k] & (MOST_TAKEN - 1)) + 60 * (packed[k] >> _TAKEN & (MOST_NUMBERS - 1))
        kept[k] = arrives < arrived[d]
        if kept[k]:
            arrived[d] = arrives
            offset[d + 1] += 1
    for d in range(places):
        offset[d + 1] += offset[d]
    at = offset.copy()
    steps = Steps(offset, np.empty(offset[-1], np.int32), np.empty(offset[-1], np.int32))
    for k in range(count - 1, -1, -1):
        if kept[k]:
            d = packed[k] >> (_NUMBER + _TAKEN)
            steps.since[at[d]] = minutes - (packed[k] >> _TAKEN & (MOST_NUMBERS - 1))
            steps.seconds[at[d]] = packed[k] & (MOST_TAKEN - 1)
            at[d] += 1
    return steps
