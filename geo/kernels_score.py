"""Compiled loops of the score, nothing else.

A `seconds` matrix holds int32 travel times, one row a whole minute from `first` on, one column a place;
`UNREACHED` is never.
"""

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

UNREACHED = np.int32(2**31 - 1)
Array = NDArray[Any]


@njit(cache=True, nogil=True)
def latest_departures(seconds: Array, first: int, column: Array, minute: Array, earliest: Array) -> Array:
    """Return minutes from the latest whole-minute departure that arrives by `minute` until then: float64[k].

    Infinite if no departure from `earliest` on does. Row r of the matrix leaves at minute first + r.
    """
    found = np.full(len(column), np.inf)
    for k in range(len(column)):
        last = min(minute[k], first + seconds.shape[0] - 1)
        for leave in range(last, max(earliest[k], first) - 1, -1):
            trip = seconds[leave - first, column[k]]
            if trip != UNREACHED and leave * 60 + trip <= minute[k] * 60:
                found[k] = minute[k] - leave
                break
    return found


@njit(cache=True, nogil=True)
def until_arrivals(seconds: Array, first: int, column: Array, start: int, end: int) -> Array:
    """Return, for each minute of arrival start … end − 1, seconds from the latest whole-minute departure until then.

    int32[minutes, k]; row r of the matrix leaves at minute first + r.
    """
    latest = np.full((end - start, len(column)), -1, dtype=np.int32)  # rows that arrive by then
    for row in range(seconds.shape[0]):
        for k in range(len(column)):
            trip = seconds[row, column[k]]
            if trip != UNREACHED:
                minute = max(first + row + (trip + 59) // 60, start)
                if minute < end:
                    latest[minute - start, k] = row
    for minute in range(start, end):
        for k in range(len(column)):
            if minute > start and latest[minute - 1 - start, k] > latest[minute - start, k]:
                latest[minute - start, k] = latest[minute - 1 - start, k]
    until = np.empty(latest.shape, dtype=np.int32)
    for minute in range(start, end):
        for k in range(len(column)):
            row = latest[minute - start, k]
            until[minute - start, k] = (minute - first - row) * 60 if row >= 0 else UNREACHED
    return until


@njit(cache=True, nogil=True)
def earliest_homes(seconds: Array, first: int, column: Array, minute: Array, latest: Array) -> Array:
    """Return minutes from `minute` until the earliest whole minute one is home, leaving then: float64[k].

    Infinite if not by `latest`. Row r of the matrix is home by minute first + r, and holds the trip's seconds.
    """
    found = np.full(len(column), np.inf)
    for k in range(len(column)):
        for home in range(max(minute[k], first), min(latest[k], first + seconds.shape[0] - 1) + 1):
            trip = seconds[home - first, column[k]]
            if trip != UNREACHED and home * 60 - trip >= minute[k] * 60:
                found[k] = home - minute[k]
                break
    return found


@njit(cache=True, nogil=True)
def last_way_home(seconds: Array, first: int) -> Array:
    """Return each place's latest minute from which one still gets home: float64[places], -inf if never."""
    found = np.full(seconds.shape[1], -np.inf)
    for row in range(seconds.shape[0]):
        for place in range(seconds.shape[1]):
            trip = seconds[row, place]
            if trip != UNREACHED:
                found[place] = max(found[place], (first + row) - trip / 60.0)
    return found


@njit(cache=True, nogil=True)
def window_access(seconds: Array, column: Array, fixed: Array, weight: Array, share: float, mean: Array) -> None:
    """Add share × the mean over rows of f(t) to mean[m], t the shorter of the matrix's and the fixed seconds.

    `weight[s]` is f at s whole seconds; anything beyond its end weighs 0. A matrix without rows counts as one row
    of `UNREACHED`.
    """
    rows, limit = seconds.shape[0], len(weight)
    each = share / max(rows, 1)
    for m in range(len(column)):
        constant = weight[int(fixed[m])] if fixed[m] < limit else 0.0
        total = 0.0 if rows else constant
        for row in range(rows):
            trip = seconds[row, column[m]]
            total += max(weight[trip], constant) if trip < limit else constant
        mean[m] += each * total


@njit(cache=True, nogil=True)
def window_histogram(seconds: Array, column: Array, fixed: Array, value: Array, share: float, histogram: Array) -> None:
    """Add share × value[m] ÷ rows to the histogram at the shorter of the matrix's and the fixed seconds."""
    rows, limit = seconds.shape[0], len(histogram)
    each = share / max(rows, 1)
    for m in range(len(column)):
        if value[m] == 0.0:
            continue
        if rows == 0 and fixed[m] < limit:
            histogram[int(fixed[m])] += each * value[m]
        for row in range(rows):
            trip = min(float(seconds[row, column[m]]), fixed[m])
            if trip < limit:
                histogram[int(trip)] += each * value[m]


@njit(cache=True, nogil=True)
def logistic_sums(minutes: Array, value: Array, half_way: Array, sd: float) -> Array:
    """Return Σ value · g(0)/g(t) for each half-way: float64[draws]; see `geo.decay.logistic`."""
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
def day_shares(minutes: Array, weekday: Array, half_way: Array, sd: float) -> Array:
    """Return p_d = 1 − Π (1 − f(t)) for each half-way, and Σ f(t) in an eighth column: float64[draws, 8]."""
    slope = np.pi / (sd * np.sqrt(3.0))
    found = np.empty((len(half_way), 8))
    growth = np.exp(minutes * slope)
    for d in range(len(half_way)):
        shrink = np.exp(-half_way[d] * slope)
        found[d, :7] = 1.0
        found[d, 7] = 0.0
        for k in range(len(minutes)):
            f = (1.0 + shrink) / (1.0 + growth[k] * shrink)
            found[d, weekday[k]] *= 1.0 - f
            found[d, 7] += f
        found[d, :7] = 1.0 - found[d, :7]
    return found
