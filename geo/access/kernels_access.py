"""Compiled loops of the access measures, nothing else.

Pairs are long arrays of int32 codes in canonical order, so every sum is added in the same order and the
result is the same to the last bit, whatever the order of the input's rows.
"""

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

Array = NDArray[Any]


@njit(cache=True, nogil=True)
def weighted_sums(group: Array, member: Array, weight: Array, value: Array, groups: int) -> Array:
    """Return, a group, the sum over its pairs of weight × value[member]: float64[groups]."""
    total = np.zeros(groups, dtype=np.float64)
    for k in range(group.shape[0]):
        total[group[k]] += weight[k] * value[member[k]]
    return total


@njit(cache=True, nogil=True)
def sums_of_runs(start: Array, member: Array, weight: Array, value: Array) -> Array:
    """Return `weighted_sums` of groups whose pairs follow one another: group g has start[g] … start[g + 1] − 1."""
    total = np.zeros(start.shape[0] - 1, dtype=np.float64)
    for g in range(total.shape[0]):
        own = 0.0
        for k in range(start[g], start[g + 1]):
            own += weight[k] * value[member[k]]
        total[g] = own
    return total


@njit(cache=True, nogil=True)
def counting_order(group: Array, groups: int) -> Array:
    """Return the stable order that sorts codes 0 … groups − 1: int64[k], in linear time."""
    place = np.zeros(groups + 1, dtype=np.int64)
    for code in group:
        place[code + 1] += 1
    for code in range(groups):
        place[code + 1] += place[code]
    order = np.empty(group.shape[0], dtype=np.int64)
    for k in range(group.shape[0]):
        order[place[group[k]]] = k
        place[group[k]] += 1
    return order


@njit(cache=True, nogil=True)
def codes_within(values: Array, low: Any, span: int) -> Any:
    """Return int32 codes of whole numbers low … low + span − 1 among those that occur, and bool[span]: which do."""
    used = np.zeros(span, dtype=np.bool_)
    for value in values:
        used[value - low] = True
    rank = (np.cumsum(used) - 1).astype(np.int32)
    codes = np.empty(values.shape[0], dtype=np.int32)
    for k in range(values.shape[0]):
        codes[k] = rank[values[k] - low]
    return codes, used


@njit(cache=True, nogil=True)
def ascending(first: Array, second: Array) -> bool:
    """Return whether pairs of codes are in order, each once."""
    for k in range(1, first.shape[0]):
        if first[k] < first[k - 1] or (first[k] == first[k - 1] and second[k] <= second[k - 1]):
            return False
    return True


@njit(cache=True, nogil=True)
def closest(start: Array, member: Array, cost: Array, value: Array, wanted: float) -> Array:
    """Return, an origin, the cost by which `wanted` opportunities are reached, nearest first.

    Pairs of origin i are start[i]:start[i + 1]. Infinite where fewer can be reached at all.
    """
    origins = start.shape[0] - 1
    costs_of = np.full(origins, np.inf)
    for i in range(origins):
        offering = np.array([k for k in range(start[i], start[i + 1]) if value[member[k]] > 0])
        reached = 0.0
        for k in offering[np.argsort(cost[offering])]:
            reached += value[member[k]]
            if reached >= wanted:
                costs_of[i] = cost[k]
                break
    return costs_of


@njit(cache=True, nogil=True)
def rational_agents(
    start: Array,
    member: Array,
    travel: Array,
    demand: Array,
    capacity: Array,
    cycles: int,
    first_step: float,
    least_step: float,
    half_life: float,
    cautious: int,
) -> Array:
    """Return each origin's mean cost (travel/τ + congestion) once no one gains much by changing place.

    People are indivisible and start at their nearest place. In each cycle every origin moves some from its
    costliest to its cheapest place, at most to where both cost the same, and at most a share that halves every
    `half_life` cycles (Saxon & Snow 2019, as run by pysal's access). `first_step` ≥ 1 is a number of people, below
    1 a share of the origin's.
    """
    origins, places = start.shape[0] - 1, capacity.shape[0]
    assigned = np.zeros(travel.shape[0])
    load = np.zeros(places)
    for i in range(origins):
        if start[i + 1] > start[i]:
            k = start[i] + np.argmin(travel[start[i] : start[i + 1]])
            assigned[k] = demand[i]
            load[member[k]] += demand[i]
    best, worst, shift = np.zeros(origins, np.int64), np.zeros(origins, np.int64), np.zeros(origins)
    arriving = np.zeros(places)
    for cycle in range(cycles):
        fraction = 0.5 ** (cycle / half_life)
        for i in range(origins):
            shift[i] = 0.0
            low, high = np.inf, -np.inf
            for k in range(start[i], start[i + 1]):
                cost = travel[k] + load[member[k]] / capacity[member[k]]
                if cost < low:
                    low, best[i] = cost, k
                if assigned[k] > 0 and cost > high:
                    high, worst[i] = cost, k
            if np.isinf(low) or np.isinf(high) or best[i] == worst[i]:
                continue
            near, far = capacity[member[best[i]]], capacity[member[worst[i]]]
            both = assigned[best[i]] + assigned[worst[i]]
            others_near = load[member[best[i]]] - assigned[best[i]]
            others_far = load[member[worst[i]]] - assigned[worst[i]]
            even = (near * far / (near + far)) * (
                travel[worst[i]] - travel[best[i]] + (both + others_far) / far - others_near / near
            )
            step = max(first_step * fraction, least_step) * demand[i]
            if first_step >= 1.0:
                step = max(np.round(first_step * fraction), least_step)
            shift[i] = np.trunc(min(even - assigned[best[i]], assigned[worst[i]], step))
        if cycle < cautious:  # nobody mobs an attractive place in the first cycles
            arriving[:] = 0.0
            for i in range(origins):
                if shift[i] != 0:
                    arriving[member[best[i]]] += shift[i] / capacity[member[best[i]]]
            for i in range(origins):
                if shift[i] != 0:
                    shift[i] = np.round(shift[i] / max(arriving[member[best[i]]], 1.0))
        for i in range(origins):
            if shift[i] != 0:
                assigned[best[i]] += shift[i]
                assigned[worst[i]] -= shift[i]
                load[member[best[i]]] += shift[i]
                load[member[worst[i]]] -= shift[i]
    mean = np.empty(origins)
    for i in range(origins):
        total, people = 0.0, 0.0
        for k in range(start[i], start[i + 1]):
            total += (travel[k] + load[member[k]] / capacity[member[k]]) * assigned[k]
            people += assigned[k]
        if people > 0:
            mean[i] = total / people
        else:  # nobody lives here: what a newcomer would meet
            mean[i] = np.inf
            for k in range(start[i], start[i + 1]):
                mean[i] = min(mean[i], travel[k] + load[member[k]] / capacity[member[k]])
    return mean
