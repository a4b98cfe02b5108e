"""OSM ways → junctions and links: chains of segments between two junctions become one link.

A link is uniform: one name, one class, one set of permissions and speeds. It ends where any of these changes,
where streets meet, and at nodes that stop or delay someone.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from geo.compiled import compiled
from geo.streets.kernels_nearest import in_order

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Segments:
    """The straight pieces between consecutive nodes of ways.

    Attributes
    ----------
    start, end
        Positions of nodes, along the way.
    way
        Position of the way.
    group
        Equal for segments of the same kind and name.
    symmetric
        By segment: nothing depends on its direction.
    """

    start: Ints
    end: Ints
    way: Ints
    group: Longs
    symmetric: Bools


@dataclass(frozen=True)
class Chains:
    """Links as sequences of segments: link i holds entries ``offset[i]:offset[i+1]`` of the other arrays.

    Attributes
    ----------
    segment
        Positions of segments, from the link's first junction to its last.
    against
        The segment's way runs against the link.
    """

    offset: Ints
    segment: Ints
    against: Bools


def contract(segments: Segments, nodes: int, forced: Bools) -> Chains:
    """Return the links, in the order of their first junction.

    Parameters
    ----------
    segments
        Sorted by way and position along it.
    nodes
        How many nodes there are.
    forced
        bool[nodes]: nodes at which a link ends whatever meets there.
    """
    count = len(segments.start)
    indptr, incident = in_order(np.concatenate([segments.start, segments.end]), nodes)
    incident[incident >= count] -= count
    junction = forced | (np.diff(indptr) != 2) & (np.diff(indptr) > 0)
    two = np.flatnonzero(~junction & (np.diff(indptr) == 2))
    first, second = incident[indptr[two]], incident[indptr[two] + 1]
    same_group = segments.group[first] == segments.group[second]
    head_to_tail = (segments.end[first] == two) != (segments.end[second] == two)
    uniform = same_group & (segments.symmetric[first] | head_to_tail) & (first != second)
    junction[two[~uniform]] = True
    offset, chain, against = _trace(indptr, incident, segments.start, segments.end, junction)
    return Chains(offset, chain, against)


@compiled
def _trace(indptr: Ints, incident: Ints, start: Ints, end: Ints, junction: Bools) -> Any:
    count = len(start)
    used = np.zeros(count, np.bool_)
    chain = np.empty(count, np.int32)
    against = np.empty(count, np.bool_)
    offset = np.empty(count + 1, np.int32)
    offset[0] = 0
    links = 0
    filled = 0
    for cycles in range(2):  # chains between junctions; then the rings that touch none
        for node in range(len(junction)):
            if cycles == 0 and not junction[node]:
                continue
            for k in range(indptr[node], indptr[node + 1]):
                segment = incident[k]
                if used[segment]:
                    continue
                here = node
                while True:
                    used[segment] = True
                    chain[filled] = segment
                    against[filled] = start[segment] != here
                    filled += 1
                    here = start[segment] if end[segment] == here else end[segment]
                    if junction[here] or here == node:
                        break
                    a, b = incident[indptr[here]], incident[indptr[here] + 1]
                    segment = b if a == segment else a
                links += 1
                offset[links] = filled
    return offset[: links + 1], chain[:filled], against[:filled]
