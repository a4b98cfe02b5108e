"""Links and permissions → the directed graph of one mode, whose states a search moves between.

On foot and by bicycle a state is a junction; in a car it is the start of a directed link, so that arcs can carry
turn delays and leave out forbidden turns. Directed link 2·i runs along link i, 2·i + 1 against it. Where a turn
depends on the links before, a link has further states that know them (`geo.streets.turn_states`), and one where
all meet for who ends there.

Streets for those who start or end there (`ENDS`: private, customers …) are not for passing through. Each of their
states exists twice: *before*, for who started there and has not left, and *after*, for who has come in and stays.
Moving on is before → open street → after, never back. An open street that hangs on the rest only by such
streets (behind a gate) is treated like them.
"""

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geo.streets.kernels_nearest import in_order
from geo.streets.tags import CLOSED, ENDS
from geo.streets.turn_states import remembering

Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]
_CHUNK = 1 << 20
"""Turns whose cost is computed at once: in double precision a whole region's would be its largest tables."""


@dataclass(frozen=True)
class ModeGraph:
    """One mode's directed graph with s states, a arcs, over m links.

    Attributes
    ----------
    indptr, to
        int32[s+1], int32[a]: arcs out of each state, and the state each leads to.
    seconds
        float32[a]: from the tail state to the head state.
    fixed
        float32[a]: the part of `seconds` that doesn't change with walking or cycling speed (ferries, elevators).
    arc_link
        int32[a]: directed link the arc runs along; -1 if it only changes the state.
    back_indptr, back_to, back_arc
        The same arcs turned round; `back_arc` is the arc's position forward.
    link_seconds, link_fixed
        float32[2m]: along a directed link, infinite where the mode may not go.
    leave_state, enter_state
        int32[2m]: state in which one who starts on a directed link leaves along it; state from which one
        who ends on it comes in. -1 where the mode may not go.
    attachable
        bool[m]: points may attach to the link.
    link_pushed
        bool[2m]: a bicycle is pushed along the directed link, at walking speed.
    """

    indptr: Ints
    to: Ints
    seconds: Floats
    fixed: Floats
    arc_link: Ints
    back_indptr: Ints
    back_to: Ints
    back_arc: Ints
    link_seconds: Floats
    link_fixed: Floats
    leave_state: Ints
    enter_state: Ints
    attachable: Bools
    link_pushed: Bools


ARRAYS = tuple(field.name for field in fields(ModeGraph))


@dataclass(frozen=True)
class Passage:
    """What one mode finds on the shared topology of n junctions and m links.

    Attributes
    ----------
    tail, head
        int32[2m]: junctions a directed link starts and ends at.
    access
        int8[2m]: `CLOSED`, `OPEN` or `ENDS`.
    seconds, fixed
        float64[2m]: travel time, and the part of it that doesn't scale with speed.
    barred, gated
        bool[n]: junctions the mode may not pass; junctions it may pass only into or out of streets of its own.
    delay
        float64[2m]: on passing the junction at the directed link's end.
    """

    tail: Ints
    head: Ints
    access: npt.NDArray[np.int8]
    seconds: npt.NDArray[np.float64]
    fixed: npt.NDArray[np.float64]
    barred: Bools
    gated: Bools
    delay: npt.NDArray[np.float64]
    pushed: Bools


@dataclass(frozen=True)
class Turns:
    """What a car pays and may not do at junctions.

    Attributes
    ----------
    heading_out, heading_in
        float64[2m]: direction (radians, anticlockwise from east) at a directed link's start and at its end.
    banned
        int64[k]: forbidden turns, as ``from · 2m + to`` over directed links.
    sequences
        Three or more directed links each that may not follow one another.
    height, bias
        Of the penalty curve, see `turn_delay`.
    """

    heading_out: npt.NDArray[np.float64]
    heading_in: npt.NDArray[np.float64]
    banned: npt.NDArray[np.int64]
    sequences: tuple[tuple[int, ...], ...]
    height: float
    bias: float


def junction_graph(passage: Passage, meters: npt.ArrayLike, island_meters: float) -> ModeGraph:
    """Return the graph whose states are junctions (walk, bike)."""
    used = _positions(passage.access != CLOSED)
    tail, head, nodes = _split_nodes(passage, passage.barred | passage.gated)
    ends = _behind_ends(passage, tail, head, nodes)
    tail, head, nodes = _split_nodes(passage, _barred(passage, ends))
    private = np.zeros(nodes, np.bool_)
    private[tail[used[ends[used]]]] = True
    private[head[used[ends[used]]]] = True
    rank = np.cumsum(private, dtype=np.int32) - 1
    before, after = nodes + rank, nodes + int(private.sum()) + rank
    states = nodes + 2 * int(private.sum())

    plain, own = used[~ends[used]], used[ends[used]]
    shared = _positions(private)
    arcs = [
        (tail[plain], head[plain], plain),
        (before[tail[own]], before[head[own]], own),
        (after[tail[own]], after[head[own]], own),
        (before[shared], shared, _no_link(shared)),
        (shared, after[shared], _no_link(shared)),
    ]
    source, target, link = (np.concatenate(column) for column in zip(*arcs, strict=True))
    del arcs
    on_link = link >= 0
    seconds = np.where(on_link, (passage.seconds + passage.delay)[link], 0.0).astype(np.float32)
    fixed = np.where(on_link, (passage.fixed + passage.delay)[link], 0.0).astype(np.float32)
    leave = np.full(len(tail), -1, np.int32)
    enter = leave.copy()
    leave[plain] = enter[plain] = tail[plain]
    leave[own], enter[own] = before[tail[own]], after[tail[own]]
    attachable = _attachable(passage, tail, head, nodes, meters, island_meters)
    return _graph(states, source, target, seconds, fixed, link, passage, leave, enter, attachable)


def link_graph(passage: Passage, turns: Turns, meters: npt.ArrayLike, island_meters: float) -> ModeGraph:
    """Return the graph whose states are directed links, with turn delays and forbidden turns (drive)."""
    used = _positions(passage.access != CLOSED)
    tail, head, nodes = _split_nodes(passage, passage.barred | passage.gated)
    ends = _behind_ends(passage, tail, head, nodes)
    tail, head, nodes = _split_nodes(passage, _barred(passage, ends))
    first, second = _turns(turns, tail, head, used, nodes)

    links = len(tail)
    first, second, base = remembering(first, second, turns.sequences, links)
    along, onto = base[first], base[second]
    open_ = passage.access[base] != CLOSED
    own = _positions(ends[base] & open_)
    after = np.full(len(base), -1, np.int32)
    after[own] = len(base) + np.arange(len(own))
    inside = np.where(after >= 0, after, np.arange(len(base), dtype=np.int32))  # of one who has come in and stays
    known = np.arange(links, len(base), dtype=np.int32)
    shared = np.unique(base[known])
    meeting = np.full(links, -1, np.int32)
    meeting[shared] = len(base) + len(own) + np.arange(len(shared))
    parting = np.concatenate([shared, known])
    seconds = _onward_seconds(passage, turns, along, onto, head, used)
    stay = ends[along] & ends[onto]
    come_in = ~ends[along] & ends[onto]
    arcs = [
        (first, np.where(come_in, after[second], second), along, seconds),
        (after[first[stay]], after[second[stay]], along[stay], seconds[stay]),
        (own, after[own], _no_link(own), np.zeros(len(own), np.float32)),
        (inside[parting], meeting[base[parting]], _no_link(parting), np.zeros(len(parting), np.float32)),
    ]
    source, target, link, cost = (np.concatenate(column) for column in zip(*arcs, strict=True))
    del arcs, first, second, along, onto, seconds, stay, come_in  # large where a region is a state
    leave = np.where(passage.access != CLOSED, np.arange(links, dtype=np.int32), np.int32(-1))
    enter = np.where(leave < 0, -1, np.where(meeting >= 0, meeting, inside[:links]))
    attachable = _attachable(passage, tail, head, nodes, meters, island_meters)
    states = len(base) + len(own) + len(shared)
    return _graph(states, source, target, cost, cost, link, passage, leave, enter, attachable)


def turn_delay(degrees_left: npt.NDArray[np.float64], height: float, bias: float) -> npt.NDArray[np.float64]:
    """Return the seconds a turn costs a car.

    OSRM's curve (``profiles/car.lua``, ``process_turn``), driving on the right: nearly 0 straight on, about
    2 s to the right and 5 s to the left at 90°, up to `height`.
    """
    left = degrees_left > 0
    steep = np.where(left, 13 * bias, 13 / bias)
    shift = np.where(left, 6.5 / bias, 6.5 * bias)
    cost: npt.NDArray[np.float64] = height / (1 + np.exp(shift - steep * np.abs(degrees_left) / 180))
    return cost


def _positions(chosen: Bools) -> Ints:
    return np.flatnonzero(chosen).astype(np.int32)


def _no_link(states: Ints) -> Ints:
    return np.full(len(states), -1, np.int32)


def _split_nodes(passage: Passage, split: Bools) -> tuple[Ints, Ints, int]:
    """Give every link end at the junctions to split a node of its own, so that nobody passes."""
    tail, head = passage.tail.copy(), passage.head.copy()
    nodes = len(split)
    links = len(tail) // 2
    ends_at = np.concatenate([tail[::2], head[::2]])  # each link's two ends
    apart = np.flatnonzero(split[ends_at])
    renamed = ends_at.copy()
    renamed[apart] = nodes + np.arange(len(apart))
    tail[::2] = head[1::2] = renamed[:links]
    head[::2] = tail[1::2] = renamed[links:]
    return tail, head, nodes + len(apart)


def _barred(passage: Passage, ends: Bools) -> Bools:
    """Return which junctions nobody passes: barriers, and private gates between two open streets."""
    plain = np.flatnonzero((passage.access[::2] != CLOSED) | (passage.access[1::2] != CLOSED))
    plain = plain[~(ends[2 * plain] | ends[2 * plain + 1])]
    meeting = np.bincount(passage.tail[2 * plain], minlength=len(passage.barred))
    meeting += np.bincount(passage.head[2 * plain], minlength=len(passage.barred))
    barred: Bools = passage.barred | (passage.gated & (meeting > 1))
    return barred


def _components(tail: Ints, head: Ints, used: Ints, nodes: int) -> Ints:
    matrix = coo_array((np.ones(len(used), np.int8), (tail[used], head[used])), shape=(nodes, nodes))
    labels: Ints = connected_components(matrix.tocsr(), directed=True, connection="strong")[1]
    return labels


def _behind_ends(passage: Passage, tail: Ints, head: Ints, nodes: int) -> Bools:
    """Return which directed links are not for passing through: tagged so, or reached only over such links."""
    plain = _positions((passage.access != CLOSED) & (passage.access != ENDS))
    ends: Bools = passage.access == ENDS
    if not ends.any() and not passage.gated.any():
        return ends
    labels = _components(tail, head, plain, nodes)
    inside = labels[tail[plain]] == labels[head[plain]]
    if not inside.any():
        return ends
    # weigh components by links, so that the street network wins and not one large junction
    largest = np.bincount(labels[tail[plain[inside]]]).argmax()
    weak = coo_array((np.ones(len(plain), np.int8), (tail[plain], head[plain])), shape=(nodes, nodes))
    weakly = connected_components(weak.tocsr(), directed=False)[1]
    main = weakly[np.flatnonzero(labels == largest)[0]]
    ends[plain[weakly[tail[plain]] != main]] = True
    return ends


def _attachable(
    passage: Passage,
    tail: Ints,
    head: Ints,
    nodes: int,
    meters: npt.ArrayLike,
    island_meters: float,
) -> Bools:
    """Return which links lie on a part of the network, large enough, where one can go and come back."""
    used = _positions(passage.access != CLOSED)
    labels = _components(tail, head, used, nodes)
    inside = (passage.access != CLOSED) & (labels[tail] == labels[head])
    either = inside[::2] | inside[1::2]
    length = np.asarray(meters, np.float64)
    size = np.bincount(labels[tail[::2]][either], weights=length[either], minlength=labels.max(initial=0) + 1)
    attachable: Bools = either & (size[labels[tail[::2]]] >= island_meters)
    return attachable


def _turns(turns: Turns, tail: Ints, head: Ints, used: Ints, nodes: int) -> tuple[Ints, Ints]:
    """Return the allowed pairs of directed links; turning back only where nothing else goes on."""
    offset, order = in_order(tail[used], nodes)
    start = offset[head[used]]
    fan = offset[head[used] + 1] - start
    first = np.repeat(used, fan)
    at = np.repeat(start - (np.cumsum(fan, dtype=np.int32) - fan), fan)
    at += np.arange(len(at), dtype=np.int32)
    second = used[order][at]
    del at
    keep = np.ones(len(first), np.bool_)
    restricted = np.zeros(len(tail), np.bool_)
    restricted[turns.banned // len(tail)] = True
    few = np.flatnonzero(restricted[first])
    keep[few] = ~np.isin(first[few] * np.int64(len(tail)) + second[few], turns.banned)
    back = second == (first ^ 1)
    onward = np.zeros(len(tail), np.bool_)
    onward[first[keep & ~back]] = True
    keep &= ~back | ~onward[first]
    return first[keep], second[keep]


def _onward_seconds(passage: Passage, turns: Turns, first: Ints, second: Ints, head: Ints, used: Ints) -> Floats:
    """Return the seconds along each first link, past its junction and into the second; no turn is paid at a bend."""
    end = head[used]
    is_new = np.ones(len(used), np.bool_)  # a loop ends twice at its junction
    is_new[1:] = (used[1:] // 2 != used[:-1] // 2) | (end[1:] != end[:-1])
    links_at = np.bincount(end[is_new], minlength=int(head.max(initial=0)) + 1)
    seconds = np.empty(len(first), np.float32)
    for start in range(0, len(first), _CHUNK):
        one, two = first[start : start + _CHUNK], second[start : start + _CHUNK]
        angle = turns.heading_out[two] - turns.heading_in[one]
        degrees = np.degrees((angle + np.pi) % (2 * np.pi) - np.pi)
        is_back = two == (one ^ 1)
        cost = turn_delay(np.where(is_back, 180.0, degrees), turns.height, turns.bias)
        turn = np.where((links_at[head[one]] > 2) | is_back, cost, 0.0)
        seconds[start : start + _CHUNK] = passage.seconds[one] + passage.delay[one] + turn
    return seconds


def _graph(
    states: int,
    source: Ints,
    target: Ints,
    seconds: Floats,
    fixed: Floats,
    link: Ints,
    passage: Passage,
    leave: Ints,
    enter: Ints,
    attachable: Bools,
) -> ModeGraph:
    """Return the graph with its arcs by tail, head and link, and turned round by head and tail."""
    order = in_order(link + 1, len(passage.access) + 1)[1]
    order = order[in_order(target[order], states)[1]]
    indptr, last = in_order(source[order], states)
    order = order[last]
    del last
    source, target = source[order], target[order]
    back_indptr, back = in_order(target, states)
    open_link = passage.access != CLOSED
    return ModeGraph(
        indptr=indptr,
        to=target,
        seconds=seconds[order],
        fixed=fixed[order],
        arc_link=link[order],
        back_indptr=back_indptr,
        back_to=source[back],
        back_arc=back,
        link_seconds=np.where(open_link, passage.seconds, np.inf).astype(np.float32),
        link_fixed=np.where(open_link, passage.fixed, 0).astype(np.float32),
        leave_state=leave,
        enter_state=enter,
        attachable=attachable,
        link_pushed=passage.pushed,
    )
