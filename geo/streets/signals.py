"""Traffic signals: one wait a crossing, however many nodes it is mapped with."""

import heapq
from typing import Any

import numpy as np
import numpy.typing as npt

from geo.streets.kernels_nearest import in_order

Array = npt.NDArray[Any]
CROSSING_METERS = 50.0
"""A signal so soon after another, along the streets, belongs to the same crossing: the far side of a divided road."""


def waits(tail: Array, head: Array, meters: Array, is_open: Array, faced: Array) -> npt.NDArray[np.bool_]:
    """Return at the ends of which directed links a car waits at a signal: bool[2m].

    Where two roads of two carriageways cross, four nodes are signals and who goes straight on passes two, or more where
    stop lines are mapped too. A car waits at the first, and not at one that it comes to from another within
    `CROSSING_METERS`.

    Parameters
    ----------
    tail, head, meters, is_open
        Of directed links: junctions, length, and whether cars may go along.
    faced
        bool[2m]: there is a signal at the link's end, and it is meant for who comes along the link.
    """
    nodes = int(max(tail.max(initial=0), head.max(initial=0))) + 1
    offset, order = in_order(head.astype(np.int32), nodes)

    def into(node: int, crossing: int) -> list[int]:
        """Return the links into a node, but for those from the crossing itself."""
        links = order[offset[node] : offset[node + 1]]
        return [int(link) for link in links if is_open[link] and tail[link] != crossing]

    def follows_another(link: int) -> bool:
        crossing, reached = int(head[link]), set()
        waiting = [(float(meters[link]), int(tail[link]))]
        while waiting:
            gone, node = heapq.heappop(waiting)
            if gone > CROSSING_METERS or node in reached or node == crossing:
                continue
            reached.add(node)
            for before in into(node, crossing):
                if faced[before]:
                    return True
                heapq.heappush(waiting, (gone + float(meters[before]), int(tail[before])))
        return False

    is_kept = faced & is_open
    near = np.flatnonzero(is_kept & (meters <= CROSSING_METERS))
    is_kept[near] = [not follows_another(int(link)) for link in near]
    return is_kept
