"""Compiled loops of the score, nothing else.

A `seconds` matrix holds int32 travel times, one row a whole minute from `first` on, one column per place;
`UNREACHED` is never.
"""

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geo.travel.kernels_raptor import UNREACHED

Array = NDArray[Any]


@njit(cache=True, nogil=True)
def latest_departures(seconds: Array, first: int, column: Array, minute: Array, earliest: Array) -> Array:
    """Return minutes from the latest whole-minute departure that arrives by `minute` until then: float64[k].

    Infinite if no departure from `earliest` on does. Row r of the matrix leaves at minute first + r.
    """
    minutes_taken = np.full(len(column), np.inf)
    for k in range(len(column)):
        last = min(minute[k], first + seconds.shape[0] - 1)
        for leave in range(last, max(earliest[k], first) - 1, -1):
            trip = seconds[leave - first, column[k]]
            if trip != UNREACHED and leave * 60 + trip <= minute[k] * 60:
                minutes_taken[k] = minute[k] - leave
                break
    return minutes_taken


@njit(cache=True, nogil=True)
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


@njit(cache=True, nogil=True)
def earliest_homes(seconds: Array, first: int, column: Array, minute: Array, latest: Array) -> Array:
    """Return minutes from `minute` until the earliest whole minute one is home, leaving then: float64[k].

    Infinite if not by `latest`. Row r of the matrix is home by minute first + r, and holds the trip's seconds.
    """
    minutes_taken = np.full(len(column), np.inf)
    for k in range(len(column)):
        for home in range(max(minute[k], first), min(latest[k], first + seconds.shape[0] - 1) + 1):
            trip = seconds[home - first, column[k]]
            if trip != UNREACHED and home * 60 - trip >= minute[k] * 60:
                minutes_taken[k] = home - minute[k]
                break
    return minutes_taken


@njit(cache=True, nogil=True)
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


@njit(cache=True, nogil=True)
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


@njit(cache=True, nogil=True)
def window_access(seconds: Array, column: Array, street: Array, weight: Array, share: float, mean: Array) -> None:
    """Add share × the mean over rows of f to mean[choice, m]: the timetable's f or the street's, whichever is more.

    `weight[s]` is f at s whole seconds by timetable; anything beyond its end weighs 0. `street`: f by street,
    float64[choices, members]. A member whose `column` is negative is never reached by timetable, and a matrix without
    rows reaches none.
    """
    rows, limit, choices = seconds.shape[0], len(weight), street.shape[0]
    more = np.zeros(street.shape)
    near = np.flatnonzero(column >= 0)
    for row in range(rows):
        for k in range(len(near)):
            m = near[k]
            trip = seconds[row, column[m]]
            if trip < limit:
                f = weight[trip]
                for c in range(choices):
                    more[c, m] += max(f - street[c, m], 0.0)
    for c in range(choices):
        for m in range(street.shape[1]):
            mean[c, m] += share * (street[c, m] + more[c, m] / max(rows, 1))


@njit(cache=True, nogil=True)
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


@njit(cache=True, nogil=True)
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


@njit(cache=True, nogil=True)
def day_shares(minutes: Array, weekday: Array, half_way: Array, sd: Array, factor: Array) -> Array:
    """Return p_d = 1 − Π (1 − f(t)) for each factor on the half-ways, and Σ f(t) in an eighth column.

    float64[draws, 8]; `minutes`, `weekday`, `half_way` and `sd`: one a session.
    """
    shares = np.empty((len(factor), 8))
    slope = np.pi / (sd * np.sqrt(3.0))
    growth = np.exp(minutes * slope)
    for d in range(len(factor)):
        shares[d, :7] = 1.0
        shares[d, 7] = 0.0
        for k in range(len(minutes)):
            shrink = np.exp(-half_way[k] * factor[d] * slope[k])
            f = (1.0 + shrink) / (1.0 + growth[k] * shrink)
            shares[d, weekday[k]] *= 1.0 - f
            shares[d, 7] += f
        shares[d, :7] = 1.0 - shares[d, :7]
    return shares
