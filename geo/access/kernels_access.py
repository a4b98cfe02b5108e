"""Compiled loops of the access measures, nothing else.

Pairs are long arrays of int32 codes in canonical order, so every sum is added in the same order and the
result is the same to the last bit, whatever the order of the input's rows.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.compiled import compiled

Array = NDArray[Any]


@compiled
def weighted_sums(group: Array, member: Array, weight: Array, value: Array, groups: int) -> Array:
    """Return, a group, the sum over its pairs of weight × value[member]: float64[groups]."""
    total = np.zeros(groups, dtype=np.float64)
    for k in range(group.shape[0]):
        total[group[k]] += weight[k] * value[member[k]]
    return total


@compiled
def sums_of_runs(start: Array, member: Array, weight: Array, value: Array) -> Array:
    """Return `weighted_sums` of groups whose pairs follow one another: group g has start[g] … start[g + 1] − 1."""
    total = np.zeros(start.shape[0] - 1, dtype=np.float64)
    for g in range(total.shape[0]):
        own = 0.0
        for k in range(start[g], start[g + 1]):
            own += weight[k] * value[member[k]]
        total[g] = own
    return total


@compiled
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


@compiled
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


@compiled
def ascending(first: Array, second: Array) -> bool:
    """Return whether pairs of codes are in order, each once."""
    for k in range(1, first.shape[0]):
        if first[k] < first[k - 1] or (first[k] == first[k - 1] and second[k] <= second[k - 1]):
            return False
    return True


@compiled
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
