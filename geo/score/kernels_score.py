"""Compiled loops of the score, nothing else.

A `seconds` matrix holds int32 travel times, one row a whole minute from `first` on, one column per place;
`UNREACHED` is never. The same in steps: `geo.travel.kernels_steps.Steps`.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo.compiled import compiled
from geo.travel.kernels_raptor import UNREACHED
from geo.travel.kernels_steps import Steps

Array = NDArray[Any]


class Tables(NamedTuple):
    """One home's steps to all places, table after table.

    `place`: of each table's first place in `offset`; `last`: the minute of each table's first row; no trip takes more
    than `limit` seconds.
    """

    offset: Array
    since: Array
    seconds: Array
    place: Array
    last: Array
    limit: int


class Classes(NamedTuple):
    """The classes of a case, one after the other: their members and their parts of windows (CSR), and f.

    `is_jobs`: whether its places are those of jobs; `column`: each member's place; `length`: so many whole seconds have
    an f. `by_timetable` holds f from `worth[class]` on, ordered by the seconds after a whole minute, then by minutes,
    of which there are `slot[class]`: what follows minute upon minute lies side by side. `greatest`: the greatest f from
    there on. `by_mode` holds f of each street mode, by seconds, from `mode[class]` on.
    """

    member: Array
    part: Array
    is_jobs: Array
    column: Array
    length: Array
    worth: Array
    slot: Array
    by_timetable: Array
    greatest: Array
    mode: Array
    by_mode: Array


class Parts(NamedTuple):
    """Parts of windows: minutes from `start` on, as many as there are `rows` of, and their `share` of a mean.

    `table`: the number of their table; `traffic`: the band that holds. `is_arriving`: minutes are those of arrivals,
    after departures from `earliest` until before `latest`. Without rows the timetable says nothing of them.
    """

    table: Array
    traffic: Array
    start: Array
    rows: Array
    share: Array
    is_arriving: Array
    earliest: Array
    latest: Array


@compiled
def latest_departures(steps: Steps, last: int, limit: int, column: Array, minute: Array, earliest: Array) -> Array:
    """Return minutes from the latest whole-minute departure that arrives by `minute` until then: float64[k].

    Infinite if no departure from `earliest` on does. Row r of the steps leaves at minute last − r; no trip takes more
    than `limit` seconds.
    """
    minutes_taken = np.full(len(column), np.inf)
    for k in range(len(column)):
        begin, end = steps.offset[column[k]], steps.offset[column[k] + 1]
        first = max(last - minute[k], 0)
        for x in range(begin, end):
            row = max(np.int64(steps.since[x]), first)
            if last - row < earliest[k]:
                break
            if x + 1 < end and steps.since[x + 1] <= row:
                continue
            trip = steps.seconds[x] + 60 * (row - steps.since[x])
            if trip <= limit and (last - row) * 60 + trip <= minute[k] * 60:
                minutes_taken[k] = minute[k] - (last - row)
                break
    return minutes_taken


@compiled
def until_arrivals(seconds: Array, first: int, column: Array, start: int, end: int) -> Array:
    """Return, for each minute of arrival start … end − 1, seconds from the latest whole-minute departure until then.

    int32[minutes, k]; row r of the matrix leaves at minute first + r.
    """
    until = np.full((end - start, len(column)), UNREACHED, dtype=np.int32)
    known = np.full(len(column), end, dtype=np.int64)  # from this minute on, a later departure is known
    for row in range(seconds.shape[0] - 1, -1, -1):
        for k in range(len(column)):
            trip = seconds[row, column[k]]
            if trip != UNREACHED:
                there = max(first + row + (trip + 59) // 60, start)
                for minute in range(there, known[k]):
                    until[minute - start, k] = (minute - first - row) * 60
                known[k] = min(known[k], there)
    return until


@compiled
def earliest_homes(steps: Steps, first: int, limit: int, column: Array, minute: Array, latest: Array) -> Array:
    """Return minutes from `minute` until the earliest whole minute one is home, leaving then: float64[k].

    Infinite if not by `latest`. Row r of the steps is home by minute first + r, and holds the trip's seconds, none more
    than `limit`.
    """
    minutes_taken = np.full(len(column), np.inf)
    for k in range(len(column)):
        begin, end = steps.offset[column[k]], steps.offset[column[k] + 1]
        for x in range(begin, end):
            row = max(np.int64(steps.since[x]), minute[k] - first)
            if first + row > latest[k]:
                break
            if x + 1 < end and steps.since[x + 1] <= row:
                continue
            trip = steps.seconds[x] + 60 * (row - steps.since[x])
            if trip <= limit and (first + row) * 60 - trip >= minute[k] * 60:
                minutes_taken[k] = first + row - minute[k]
                break
    return minutes_taken


@compiled
def last_departures(seconds: Array, first: int) -> tuple[Array, Array]:
    """Return each place's latest minute from which one still gets home (-inf if never), and the row that tells it.

    float64[places], int64[places]; row r of the matrix is home by minute first + r, and holds the trip's seconds.
    """
    latest, by = np.full(seconds.shape[1], -np.inf), np.full(seconds.shape[1], -1)
    for row in range(seconds.shape[0]):
        for place in range(seconds.shape[1]):
            trip = seconds[row, place]
            if trip != UNREACHED and (first + row) - trip / 60.0 > latest[place]:
                latest[place], by[place] = (first + row) - trip / 60.0, row
    return latest, by


@compiled
def by_street(seconds: Array, column: Array, weight: Array, chosen: Array) -> tuple[Array, Array, Array]:
    """Return the best of the chosen street modes: f and the mode's number [choices, members], and its seconds.

    Parameters
    ----------
    seconds
        float64[modes, places], whole; infinite where a mode doesn't get there.
    column
        The place of each member.
    weight
        float64[modes, seconds]: f at so many whole seconds; anything beyond its end weighs 0.
    chosen
        bool[choices, modes]. Of modes that weigh the same, the faster one; then the first.
    """
    shape = (chosen.shape[0], len(column))
    value, mode = np.zeros(shape), np.zeros(shape, dtype=np.int8)
    fastest = np.full(shape, np.inf)
    for c in range(shape[0]):
        for way in range(chosen.shape[1]):
            if chosen[c, way]:
                for m in range(shape[1]):
                    trip = seconds[way, column[m]]
                    f = weight[way, int(trip)] if trip < weight.shape[1] else 0.0
                    if f > value[c, m] or (f == value[c, m] and trip < fastest[c, m]):
                        value[c, m], mode[c, m], fastest[c, m] = f, way, trip
    return value, mode, fastest


@compiled
def by_street_in_traffic(
    out: Array, jobs: Array, classes: Classes, has_traffic: Array, chosen: Array
) -> tuple[Array, Array, Array]:
    """Return `by_street` of all members, [bands, choices, members] each; 0 and infinite in bands that a class hasn't.

    Parameters
    ----------
    out, jobs
        Whole seconds to places, and to jobs: float64[modes, bands, places].
    has_traffic
        bool[classes, bands]: which bands a class's windows meet.
    """
    shape = (out.shape[1], chosen.shape[0], len(classes.column))
    value, mode, fastest = np.zeros(shape), np.zeros(shape, np.int8), np.full(shape, np.inf)
    for one in range(len(classes.length)):
        rows, modes = slice(classes.member[one], classes.member[one + 1]), chosen.shape[1]
        weight = classes.by_mode[classes.mode[one] : classes.mode[one] + modes * classes.length[one]]
        for band in range(shape[0]):
            if has_traffic[one, band]:
                seconds = jobs[:, band] if classes.is_jobs[one] else out[:, band]
                value[band][:, rows], mode[band][:, rows], fastest[band][:, rows] = by_street(
                    seconds, classes.column[rows], weight.reshape(modes, classes.length[one]), chosen
                )
    return value, mode, fastest


@compiled
def class_means(tables: Tables, classes: Classes, parts: Parts, street: Array) -> Array:
    """Return the mean f of each member over its class's windows: the timetable's or the street's, whichever is more.

    Parameters
    ----------
    tables
        The seconds of one home.
    street
        f by street: float64[bands of traffic, choices, members].

    Returns
    -------
    float64[choices, members]
        Summed in the order of the minutes, whatever the steps.
    """
    choices = street.shape[1]
    mean, more = np.zeros(street.shape[1:]), np.zeros(choices)
    offset, since_of, seconds_of = tables.offset, tables.since, tables.seconds
    for one in range(len(classes.length)):
        slots, worth = classes.slot[one], classes.worth[one]
        longest = min(np.int64(tables.limit), classes.length[one] - 1)
        for p in range(classes.part[one], classes.part[one + 1]):
            rows, band, share = parts.rows[p], parts.traffic[p], parts.share[p]
            start, after = parts.start[p], parts.start[p] + rows
            table = parts.table[p] if rows > 0 else 0
            place, last = tables.place[table], np.int64(0)
            if rows > 0:
                last = tables.last[table]
            lowest, highest = last - (after - 1), last - start  # rows of the steps
            if parts.is_arriving[p]:
                lowest, highest = last - (parts.latest[p] - 1), last - parts.earliest[p]
            for m in range(classes.member[one], classes.member[one + 1]):
                more[:] = 0.0
                begin, end = np.int64(0), np.int64(0)
                if rows > 0:
                    begin, end = offset[place + classes.column[m]], offset[place + classes.column[m] + 1]
                for x in range(end - 1, begin - 1, -1):  # from the earliest departures to the latest
                    since = np.int64(since_of[x])
                    if since > highest:
                        continue
                    row = max(since, lowest)
                    if x + 1 < end and since_of[x + 1] <= row:
                        break
                    seconds = np.int64(seconds_of[x])
                    if parts.is_arriving[p]:
                        leave, taken = last - row, seconds + 60 * (row - since)
                        there = max(leave + (taken + 59) // 60, start)
                        if there >= after:
                            break
                        if taken > tables.limit:
                            continue
                        until = min(after, leave + longest // 60 + 1)
                        if x > begin and since > lowest:  # who leaves later is there later
                            row = max(np.int64(since_of[x - 1]), lowest)
                            taken = seconds_of[x - 1] + 60 * (row - since_of[x - 1])
                            if taken <= tables.limit:
                                until = min(until, last - row + (taken + 59) // 60)
                        step, low, high = 1, worth + there - leave, worth + until - leave - 1
                    else:
                        stop = min(highest, since + (longest - seconds) // 60)
                        if x + 1 < end:
                            stop = min(stop, np.int64(since_of[x + 1]) - 1)
                        phase = worth + (seconds % 60) * slots + seconds // 60 - since
                        step, low, high = -1, phase + row, phase + stop
                    if low > high:
                        continue
                    best = classes.greatest[low]
                    for c in range(choices):
                        by_street = street[band, c, m]
                        if best > by_street:
                            total = more[c]
                            for k in range(high - low + 1):
                                f = classes.by_timetable[low + k if step > 0 else high - k]
                                if f > by_street:
                                    total += f - by_street
                            more[c] = total
                for c in range(choices):
                    mean[c, m] += share * (street[band, c, m] + more[c] / max(rows, 1))
    return mean


@compiled
def better_of_each(ridden: Array, weight: Array, by_street: float, f_by_street: float) -> Array:
    """Return each minute's seconds by the way that weighs more, by timetable or by street; of equals the faster."""
    better = np.full(len(ridden), by_street)
    for row in range(len(ridden)):
        trip = ridden[row]
        f = weight[trip] if trip < len(weight) else 0.0
        if trip != UNREACHED and (f > f_by_street or (f == f_by_street and trip < by_street)):
            better[row] = trip
    return better


@compiled
def window_histogram(
    seconds: Array, column: Array, street: Array, at: Array, weight: Array, value: Array, share: float, total: Array
) -> None:
    """Add share × value[m] ÷ rows to `total[0]` at the timetable's seconds, or to `total` laid flat, at `at[m]`.

    `street[m]` is f by street; the way that counts is the one with the greater f.
    """
    rows, limit, flat = seconds.shape[0], len(weight), total.reshape(-1)
    each = share / max(rows, 1)
    for m in range(len(column)):
        if value[m] == 0.0:
            continue
        if (rows == 0 or column[m] < 0) and street[m] > 0.0:
            flat[at[m]] += each * max(rows, 1) * value[m]
        for row in range(rows if column[m] >= 0 else 0):
            trip = seconds[row, column[m]]
            if trip < limit and weight[trip] > street[m]:
                total[0, trip] += each * value[m]
            elif street[m] > 0.0:
                flat[at[m]] += each * value[m]


@compiled
def logistic_sums(minutes: Array, value: Array, half_way: Array, sd: float) -> Array:
    """Return Σ value · g(0)/g(t) for each half-way: float64[draws]; see `geo.access.decay.logistic`."""
    slope = np.pi / (sd * np.sqrt(3.0))
    total = np.zeros(len(half_way))
    growth = np.exp(minutes * slope)
    for d in range(len(half_way)):
        shrink = np.exp(-half_way[d] * slope)
        added = 0.0
        for k in range(len(minutes)):
            added += value[k] / (1.0 + growth[k] * shrink)
        total[d] = added * (1.0 + shrink)
    return total


@compiled
def day_shares(minutes: Array, weekday: Array, share: Array, half_way: Array, sd: Array, factor: Array) -> Array:
    """Return p_d = 1 − Π (1 − share·f(t)) for each factor on the half-ways, and Σ share·f(t) in an eighth column.

    float64[draws, 8]; `minutes`, `weekday`, `share`, `half_way` and `sd`: one a session.
    """
    shares = np.empty((len(factor), 8))
    slope = np.pi / (sd * np.sqrt(3.0))
    growth = np.exp(minutes * slope)
    for d in range(len(factor)):
        shares[d, :7] = 1.0
        shares[d, 7] = 0.0
        for k in range(len(minutes)):
            shrink = np.exp(-half_way[k] * factor[d] * slope[k])
            f = share[k] * (1.0 + shrink) / (1.0 + growth[k] * shrink)
            shares[d, weekday[k]] *= 1.0 - f
            shares[d, 7] += f
        shares[d, :7] = 1.0 - shares[d, :7]
    return shares
