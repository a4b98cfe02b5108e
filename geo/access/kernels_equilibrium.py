"""Compiled loops of the user equilibrium: people who each choose the cheapest place, where crowds cost.

Cost of a pair is travel + load ÷ capacity of its place. The pairs in use form a forest of origins and places: in each
of its trees what is used costs the same, so the tree's loads follow from its people, and the flows from the loads.
A pair that is cheaper than what its origin pays joins two trees, or closes a circle in one; a pair that nobody uses any
more is cut. Each step lowers Σ people · travel + Σ load² ÷ 2·capacity (Beckmann, McGuire & Winsten 1956), whose
least is the equilibrium, so no forest comes twice and the end is exact.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo.compiled import compiled

Array = NDArray[Any]
_NOBODY = 1e-12
"""A flow of less than this share of its origin's people is none."""


class Forest(NamedTuple):
    """Pairs in use: nodes are the origins, then the places; a slot holds one pair and lies in the lists of both ends.

    `head`: each node's first entry; `after`, `before`: of each entry, 2·slot at the origin and 2·slot + 1 at the place,
    −1 = none; `pair`, `origin`, `flow`: of each slot; `free`: unused slots, `unused[0]` of them.
    """

    head: Array
    after: Array
    before: Array
    pair: Array
    origin: Array
    flow: Array
    free: Array
    unused: Array


class Tree(NamedTuple):
    """Room for one tree at a time.

    `order`: its nodes, from the root, `size[0]` of them; `via`: each node's slot towards the root, −1 at the root;
    `reached`: of each node, the number of the last tree that held it (this one's is `number[0]`); `height`: its cost
    above the root's; `wanted`: the flow of each slot at which all that is used costs the same.
    """

    order: Array
    via: Array
    reached: Array
    height: Array
    wanted: Array
    size: Array
    number: Array


@compiled
def equilibrium(
    start: Array, member: Array, travel: Array, demand: Array, capacity: Array, tolerance: float, cycles: int
) -> Any:
    """Return what each origin pays at equilibrium, and the most that anyone would still gain by a change of place.

    Pairs of origin i are start[i]:start[i + 1]. A pair is taken in where an origin gains more than `tolerance`, one an
    origin in each cycle. Without any cycle each origin is wholly where that costs it least. Where nobody lives it is
    what a newcomer would pay; infinite without pairs.
    """
    origins, places = start.shape[0] - 1, capacity.shape[0]
    nodes = origins + places
    forest = Forest(
        np.full(nodes, -1), np.full(2 * nodes + 2, -1), np.full(2 * nodes + 2, -1), np.zeros(nodes + 1, np.int64),
        np.zeros(nodes + 1, np.int64), np.zeros(nodes + 1), np.arange(nodes + 1), np.array([nodes + 1]),
    )  # fmt: skip
    tree = Tree(
        np.zeros(nodes, np.int64), np.zeros(nodes, np.int64), np.zeros(nodes, np.int64), np.zeros(nodes),
        np.zeros(nodes + 2), np.zeros(1, np.int64), np.zeros(1, np.int64),
    )  # fmt: skip
    cost, price = np.full(origins, np.inf), np.zeros(places)
    for i in range(origins):
        if demand[i] > 0 and start[i + 1] > start[i]:
            best, least = -1, np.inf
            for k in range(start[i], start[i + 1]):
                here = travel[k] + price[member[k]] + demand[i] / capacity[member[k]]
                if here < least:
                    best, least = k, here
            _join(forest, i, origins + member[best], best, demand[i])
            price[member[best]] += demand[i] / capacity[member[best]]
    for i in range(origins):
        if forest.head[i] >= 0:
            k = forest.pair[forest.head[i] // 2]
            cost[i] = travel[k] + price[member[k]]
    quiet = 0
    for visit in range(cycles * origins):
        i = visit % origins
        k, least = _cheapest(start, member, travel, price, i)
        quiet += 1
        if forest.head[i] >= 0 and least < cost[i] - tolerance:
            _take_in(forest, tree, member, travel, demand, capacity, i, k, cost, price)
            quiet = 0
        if quiet == origins:
            break
    gain = 0.0
    for i in range(origins):
        least = _cheapest(start, member, travel, price, i)[1]
        if forest.head[i] >= 0:
            gain = max(gain, cost[i] - least)
        else:
            cost[i] = least
    return cost, gain


@compiled
def _cheapest(start: Array, member: Array, travel: Array, price: Array, i: int) -> Any:
    """Return the pair by which origin i meets the least cost, and that cost; −1 and infinite without pairs."""
    best, least = -1, np.inf
    for k in range(start[i], start[i + 1]):
        here = travel[k] + price[member[k]]
        if here < least:
            best, least = k, here
    return best, least


@compiled
def _take_in(
    forest: Forest, tree: Tree, member: Array, travel: Array, demand: Array, capacity: Array, i: int, k: int,
    cost: Array, price: Array,
) -> None:  # fmt: skip
    """Bring pair k of origin i into use, and even out every tree that this changes."""
    place = demand.shape[0] + member[k]
    waiting = [i]
    _grow(forest, tree, member, travel, demand.shape[0], i)
    if tree.reached[place] == tree.number[0]:
        _join(forest, i, place, k, _turn(forest, tree, i, place, member, demand, waiting))
    else:
        _join(forest, i, place, k, 0.0)
    while len(waiting) > 0:
        _even_out(forest, tree, member, travel, demand, capacity, waiting.pop(), waiting, cost, price)


@compiled
def _turn(forest: Forest, tree: Tree, i: int, place: int, member: Array, demand: Array, waiting: Any) -> float:
    """Return how many people can move round the circle that a new pair closes, and move them off the rest of it.

    Along the way from the place back to the origin every other pair loses them, and those between gain them. Loads stay
    as they were, so all can move whom the emptiest losing pair has; it is cut.
    """
    moved, losing, node = np.inf, True, place
    while node != i:
        slot = tree.via[node]
        if losing:
            moved = min(moved, forest.flow[slot])
        losing, node = not losing, _other_end(forest, member, demand.shape[0], slot, node)
    losing, node = True, place
    while node != i:
        slot = tree.via[node]
        forest.flow[slot] += -moved if losing else moved
        losing, node = not losing, _other_end(forest, member, demand.shape[0], slot, node)
    waiting.extend(_cut_unused(forest, tree, member, demand))
    return moved


@compiled
def _even_out(
    forest: Forest, tree: Tree, member: Array, travel: Array, demand: Array, capacity: Array, root: int, waiting: Any,
    cost: Array, price: Array,
) -> None:  # fmt: skip
    """Move a tree's people to where all that is used costs the same, or as far as no flow falls below nothing.

    Where one would, it is cut, and what comes apart waits to be evened out in turn.
    """
    origins, size = demand.shape[0], _grow(forest, tree, member, travel, demand.shape[0], root)
    people, room, lifted = 0.0, 0.0, 0.0
    for node in tree.order[:size]:
        if node < origins:
            people += demand[node]
        else:
            room += capacity[node - origins]
            lifted += capacity[node - origins] * tree.height[node]
    level = (people - lifted) / room
    for node in tree.order[:size]:
        tree.wanted[tree.via[node]] = 0.0
    share = 1.0
    for at in range(size - 1, 0, -1):  # from the leaves: what a node doesn't pass on goes towards the root
        node = tree.order[at]
        slot = tree.via[node]
        own = demand[node] if node < origins else capacity[node - origins] * (level + tree.height[node])
        tree.wanted[slot] = own - tree.wanted[slot]
        up = tree.via[_other_end(forest, member, origins, slot, node)]
        tree.wanted[up] += tree.wanted[slot]
        if tree.wanted[slot] < 0:
            share = min(share, forest.flow[slot] / (forest.flow[slot] - tree.wanted[slot]))
    for node in tree.order[1:size]:
        slot = tree.via[node]
        forest.flow[slot] += share * (tree.wanted[slot] - forest.flow[slot])
    if share == 1.0:
        for node in tree.order[:size]:
            if node < origins:
                cost[node] = level + tree.height[node]
            else:
                price[node - origins] = level + tree.height[node]
    ends = _cut_unused(forest, tree, member, demand)
    if share < 1.0:
        waiting.extend(ends)


@compiled
def _cut_unused(forest: Forest, tree: Tree, member: Array, demand: Array) -> Any:
    """Take the pairs of a tree that nobody uses out of the forest, and return their ends."""
    ends = [0 for _ in range(0)]
    for node in tree.order[1 : tree.size[0]]:
        slot = tree.via[node]
        i = forest.origin[slot]
        if forest.flow[slot] <= _NOBODY * demand[i]:
            place = demand.shape[0] + member[forest.pair[slot]]
            _leave(forest, i, 2 * slot)
            _leave(forest, place, 2 * slot + 1)
            forest.free[forest.unused[0]] = slot
            forest.unused[0] += 1
            ends.append(i)
            ends.append(place)
    return ends


@compiled
def _grow(forest: Forest, tree: Tree, member: Array, travel: Array, origins: int, root: int) -> int:
    """Fill the tree that holds a node, with that as its root, and return how many nodes it has."""
    tree.number[0] += 1
    tree.order[0], tree.via[root], tree.height[root], tree.reached[root] = root, -1, 0.0, tree.number[0]
    size, at = 1, 0
    while at < size:
        node = tree.order[at]
        at += 1
        entry = forest.head[node]
        while entry >= 0:
            slot = entry // 2
            other = _other_end(forest, member, origins, slot, node)
            if tree.reached[other] != tree.number[0]:
                length = travel[forest.pair[slot]]
                tree.height[other] = tree.height[node] + (length if node >= origins else -length)
                tree.reached[other], tree.via[other] = tree.number[0], slot
                tree.order[size] = other
                size += 1
            entry = forest.after[entry]
    tree.size[0] = size
    return size


@compiled
def _other_end(forest: Forest, member: Array, origins: int, slot: int, node: int) -> Any:
    return origins + member[forest.pair[slot]] if node < origins else forest.origin[slot]


@compiled
def _join(forest: Forest, i: int, place: int, k: int, flow: float) -> None:
    """Bring a pair into the forest."""
    forest.unused[0] -= 1
    slot = forest.free[forest.unused[0]]
    forest.pair[slot], forest.origin[slot], forest.flow[slot] = k, i, flow
    for node, entry in ((i, 2 * slot), (place, 2 * slot + 1)):
        first = forest.head[node]
        forest.after[entry], forest.before[entry], forest.head[node] = first, -1, entry
        if first >= 0:
            forest.before[first] = entry


@compiled
def _leave(forest: Forest, node: int, entry: int) -> None:
    """Take an entry out of a node's list."""
    before, after = forest.before[entry], forest.after[entry]
    if before >= 0:
        forest.after[before] = after
    else:
        forest.head[node] = after
    if after >= 0:
        forest.before[after] = before
