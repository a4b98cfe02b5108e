"""The way along the streets from one place to another, as a line for the map."""

from typing import Any

import numpy as np
import numpy.typing as npt

from geo.crs import to_degrees
from geo.streets.build import Streets
from geo.streets.shortest_paths import Costs, arrivals, costs_at, departures, reach
from geo.streets.snapping import Attachment, place

Floats = npt.NDArray[np.float64]


def street_path(
    streets: Streets, origin: Attachment, destination: Attachment, mode: str, limit_seconds: float,
    walk_kph: float = 4.8, bike_kph: float = 15.0, traffic: int | None = None, *, ferries: bool = True,
) -> tuple[Floats, Floats] | None:  # fmt: skip
    """Return lon, lat (WGS 84) of a fastest way between two attached places, from street to street; None = no way.

    Parameters
    ----------
    origin, destination
        One place each, from `geo.streets.snapping.attach` with the same mode.
    limit_seconds
        How long the way may take.
    traffic
        The number of a band of `Streets.traffic` that slows a car; None = it drives at free speed.
    ferries
        Whether the map's ferries are taken.
    """
    if origin.link[0] < 0 or destination.link[0] < 0:
        return None
    graph, costs = streets.modes[mode], costs_at(streets, mode, walk_kph, bike_kph, traffic, ferries=ferries)
    leaving, arriving = departures(graph, costs, origin), arrivals(graph, costs, destination)
    reached = reach(costs, leaving, limit_seconds)
    seconds = dict(zip(reached.index.tolist(), reached.seconds.tolist(), strict=True))
    ends = [
        (seconds[s] + t, s)
        for s, t in zip(arriving.state.tolist(), arriving.seconds.tolist(), strict=True)
        if s in seconds
    ]
    total, state = min(ends, default=(np.inf, -1))
    straight = _along_one_link(costs, origin, destination)
    if straight <= total:
        if straight > limit_seconds:
            return None
        fractions = float(origin.fraction[0]), float(destination.fraction[0])
        return _degrees(streets, [_part(streets, int(origin.link[0]), *fractions)])
    starts = dict(zip(leaving.state.tolist(), leaving.seconds.tolist(), strict=True))
    links, first = _trace(graph, costs, seconds, starts, state)
    lines = [_from_place(streets, origin, first, graph)]
    lines += [_part(streets, link // 2, *((0.0, 1.0) if link % 2 == 0 else (1.0, 0.0))) for link in links]
    lines.append(_to_place(streets, destination, state, graph))
    return _degrees(streets, lines)


def _trace(
    graph: Any, costs: Costs, seconds: dict[int, float], starts: dict[int, float], state: int
) -> tuple[list[int], int]:
    """Return the directed links ridden between the first state and the last, and the first state."""
    links: list[int] = []
    seen = {state}
    while starts.get(state, np.inf) > seconds[state] + 1e-3:
        arcs = range(graph.back_indptr[state], graph.back_indptr[state + 1])
        steps = [(seconds[int(graph.back_to[a])] + float(costs.back_arc[a]), a) for a in arcs
                 if int(graph.back_to[a]) in seconds and int(graph.back_to[a]) not in seen]  # fmt: skip
        if not steps:
            break
        arc = min(steps)[1]
        if graph.arc_link[graph.back_arc[arc]] >= 0:
            links.append(int(graph.arc_link[graph.back_arc[arc]]))
        state = int(graph.back_to[arc])
        seen.add(state)
    return links[::-1], state


def _along_one_link(costs: Costs, origin: Attachment, destination: Attachment) -> float:
    """Return the seconds straight along the link that both places are on; infinite if they are on two."""
    if origin.link[0] != destination.link[0]:
        return float(np.inf)
    share = float(destination.fraction[0] - origin.fraction[0])
    seconds = float(costs.link[2 * int(origin.link[0]) + (0 if share >= 0 else 1)])
    if not np.isfinite(seconds):
        return float(np.inf)
    return abs(share) * seconds + float(origin.meters_off[0] + destination.meters_off[0]) * costs.off


def _from_place(streets: Streets, origin: Attachment, state: int, graph: Any) -> Floats:
    """Return the line from a place to the end of its link by which one gets to a state."""
    link, fraction = int(origin.link[0]), float(origin.fraction[0])
    for sense, end in ((0, 1.0), (1, 0.0)):
        tail = graph.leave_state[2 * link + sense]
        arcs = range(graph.indptr[tail], graph.indptr[tail + 1]) if tail >= 0 else ()
        if any(graph.arc_link[a] == 2 * link + sense and graph.to[a] == state for a in arcs):
            return _part(streets, link, fraction, end)
    return np.empty((0, 2))


def _to_place(streets: Streets, destination: Attachment, state: int, graph: Any) -> Floats:
    link, fraction = int(destination.link[0]), float(destination.fraction[0])
    start = 0.0 if graph.enter_state[2 * link] == state else 1.0
    return _part(streets, link, start, fraction)


def _part(streets: Streets, link: int, start: float, end: float) -> Floats:
    """Return the points of a link's line from one fraction of its length to another, local meters."""
    first, last = int(streets.geometry_offset[link]), int(streets.geometry_offset[link + 1])
    measure = streets.grid.measure[first:last] - streets.grid.measure[first]
    low, high = sorted((start, end))
    inside = (measure > low * measure[-1]) & (measure < high * measure[-1])
    both = Attachment(np.array([link, link], np.int32), np.array([low, high]), np.zeros(2))
    x, y = place(streets, both)
    points = np.stack([streets.geometry_x[first:last][inside], streets.geometry_y[first:last][inside]], axis=1)
    line: Floats = np.concatenate([[[x[0], y[0]]], points, [[x[1], y[1]]]])
    return line if start <= end else line[::-1]


def _degrees(streets: Streets, lines: list[Floats]) -> tuple[Floats, Floats]:
    points = np.concatenate(lines)
    keep = np.ones(len(points), bool)
    keep[1:] = (np.abs(np.diff(points, axis=0)) > 0.01).any(axis=1)
    return to_degrees(points[keep, 0], points[keep, 1], streets.crs)
