"""Minutes on the streets: from many places to many, on foot, by bicycle or by car.

What a search starts from and what it looks for are both lists of (state, seconds): `departures` are the states one
gets to on leaving a place, `arrivals` those from which one gets to it. Backwards, the two change sides.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from geo.memo import remember
from geo.processors import processors
from geo.streets.build import Streets
from geo.streets.contraction import Below, SearchCore, leading_to, search_core, turned
from geo.streets.kernels_nearest import coming, leaving
from geo.streets.kernels_search import Starts, Targets, put_rows, reached_states, reached_targets
from geo.streets.mode_graph import ModeGraph
from geo.streets.snapping import Attachment
from geo.streets.tags import CLASSES, ROAD_OF_CLASS
from geo.units import DAY_SECONDS

Array = npt.NDArray[Any]
Bands = int | tuple[int, ...] | None
_BUCKETS = 256
_WIDEST_BUCKET_SECONDS = 8.0
_A_PIECE = 16
_ALONE = (0,)
_FERRY = CLASSES.index("ferry")
_NEVER_SECONDS = np.float32(7 * DAY_SECONDS)
"""Beyond any limit; infinity would not be a number any more where a place lies on such a link."""
_SIDE_BY_SIDE = (0, 0, 0, 0)
_MOST_SPEEDS = 12
_PROCESSORS = processors()
_HELPERS = ThreadPoolExecutor(max(1, _PROCESSORS - 1))


@dataclass(frozen=True)
class Reached:
    """What each row reaches: entries ``indptr[i]:indptr[i+1]`` of `index` (ascending) and `seconds`.

    Attributes
    ----------
    indptr, index, seconds
        int64[rows+1], int32, float32; of several bands of traffic float32[…, bands], infinite in those in which the row
        doesn't get there.
    """

    indptr: npt.NDArray[np.int64]
    index: npt.NDArray[np.int32]
    seconds: npt.NDArray[np.float32]


@dataclass(frozen=True)
class Ends:
    """States and seconds at one end of journeys, a CSR over the places.

    Attributes
    ----------
    indptr, state, seconds
        int64[k+1], int32, float32 or, of several bands of traffic, float32[…, bands].
    """

    indptr: npt.NDArray[np.int64]
    state: npt.NDArray[np.int32]
    seconds: npt.NDArray[np.float32]


@dataclass(frozen=True)
class Costs:
    """A mode graph at chosen speeds: what is searched, seconds a arc, a directed link, and a meter off the street.

    Of several bands of traffic, the seconds of arcs and links have a column for each.
    """

    core: SearchCore
    arc: Array
    back_arc: Array
    link: Array
    off: float


@dataclass(frozen=True)
class Goals:
    """Places made ready to be searched for, by `goals`."""

    graph: ModeGraph
    costs: Costs
    targets: Targets
    core: SearchCore
    below: Below
    backwards: bool


def street_seconds(
    streets: Streets,
    origins: Attachment,
    destinations: Attachment,
    mode: str,
    limit_seconds: float,
    walk_kph: float = 4.8,
    bike_kph: float = 15.0,
    by_destination: bool = False,
    traffic: Bands = None,
    ferries: bool = True,
) -> Reached:
    """Return the seconds from origins to destinations along the streets, the walks to and from them counted.

    Parameters
    ----------
    origins, destinations
        From `geo.streets.snapping.attach` with the same mode.
    mode
        ``"walk"``, ``"bike"`` or ``"drive"``.
    limit_seconds
        Inclusive; pairs beyond it are absent.
    walk_kph, bike_kph
        Speeds; the walk to the street is at walking speed in every mode.
    by_destination
        Search backwards, and return a row for each destination with the origins that reach it: the same
        seconds, sooner when destinations are fewer.
    traffic
        The number of a band of `Streets.traffic` that slows a car, or the numbers of several, which are searched in
        one pass; None = it drives at free speed.
    ferries
        Whether the map's ferries are taken, of which nobody knows when they go.

    Returns
    -------
    Reached
        A row for each origin (or destination).
    """
    if by_destination:
        ready = goals(streets, origins, mode, walk_kph, bike_kph, backwards=True, traffic=traffic, ferries=ferries)
        return seconds_to(ready, destinations, limit_seconds)
    ready = goals(streets, destinations, mode, walk_kph, bike_kph, traffic=traffic, ferries=ferries)
    return seconds_to(ready, origins, limit_seconds)


def goals(
    streets: Streets,
    places: Attachment,
    mode: str,
    walk_kph: float = 4.8,
    bike_kph: float = 15.0,
    backwards: bool = False,
    traffic: Bands = None,
    ferries: bool = True,
) -> Goals:
    """Return places made ready to be searched for, or with `backwards` to be searched from; see `street_seconds`."""
    graph, costs = streets.modes[mode], costs_at(streets, mode, walk_kph, bike_kph, traffic, ferries=ferries)
    ends = departures(graph, costs, places) if backwards else arrivals(graph, costs, places)
    along, against = (np.ascontiguousarray(_by_band(costs.link)[sense::2]) for sense in (0, 1))
    targets = Targets(
        *_by_position(ends, costs.core), *_by_link(places, len(streets.link_from)),
        places.fraction, places.meters_off * costs.off,
        *((against, along) if backwards else (along, against)),
    )  # fmt: skip
    below = leading_to(costs.core, costs.core.position[ends.state])
    return Goals(graph, costs, targets, turned(costs.core) if backwards else costs.core, below, backwards)


def seconds_to(there: Goals, places: Attachment, limit_seconds: float) -> Reached:
    """Return a row for each place: the seconds from it to the goals within the limit, or with `backwards` to it."""
    ends = (arrivals if there.backwards else departures)(there.graph, there.costs, places)
    starts = Starts(
        ends.indptr, ends.state, _by_band(ends.seconds), places.link, places.fraction,
        places.meters_off * there.costs.off,
    )  # fmt: skip
    per_bucket, bands = _per_bucket(limit_seconds), (0,) * starts.seconds.shape[1]

    def run(rows: Array, lanes: tuple[int, ...]) -> Any:
        return reached_targets(
            there.core, there.below, starts, rows, lanes, bands, there.targets, float(limit_seconds), per_bucket
        )

    reached = _in_threads(run, ends, there.core)
    return reached if ends.seconds.ndim > 1 else replace(reached, seconds=reached.seconds[:, 0])


def reach(costs: Costs, starts: Ends, limit_seconds: float, backwards: bool = False) -> Reached:
    """Return every state reached from each start within the limit (in no order), and when.

    Parameters
    ----------
    costs
        Of one band of traffic.
    starts
        `departures`; with `backwards`, `arrivals`.
    """
    none = np.empty(0)
    at = Starts(starts.indptr, starts.state, _by_band(starts.seconds), none, none, none)
    core, per_bucket = turned(costs.core) if backwards else costs.core, _per_bucket(limit_seconds)

    def run(rows: Array, lanes: tuple[int, ...]) -> Any:
        return reached_states(core, at, rows, lanes, float(limit_seconds), per_bucket)

    return _in_threads(run, starts, core)


def has_ferries(streets: Streets) -> bool:
    """Return whether the map tells of any ferry."""
    return remember(streets.memo, ("has ferries",), lambda: bool((streets.link_class == _FERRY).any()), _MOST_SPEEDS)


def costs_at(
    streets: Streets,
    mode: str,
    walk_kph: float = 4.8,
    bike_kph: float = 15.0,
    traffic: Bands = None,
    *,
    ferries: bool = True,
) -> Costs:
    """Return a mode's seconds at these speeds, or in a band of traffic by car; made once and kept with the streets."""
    ferries = ferries or not has_ferries(streets)
    graph = streets.modes[mode]
    walk = streets.walk_kph / walk_kph if mode != "drive" else 1.0
    bike = streets.bike_kph / bike_kph if mode == "bike" else 1.0
    band = traffic if mode == "drive" else None

    def seconds(band: int | None) -> tuple[Array, Array]:
        arc, link = graph.seconds, graph.link_seconds
        if band is not None or (walk, bike) != (1.0, 1.0):
            if band is not None:
                scale = np.repeat(streets.traffic.factors[band][ROAD_OF_CLASS[streets.link_class]], 2)
            else:
                scale = np.where(graph.link_pushed | (mode == "walk"), walk, bike).astype(np.float32)
            arc = (arc - graph.fixed) * scale[graph.arc_link] + graph.fixed  # an arc along no link takes no time
            link = (link - graph.link_fixed) * scale + graph.link_fixed
        if not ferries:
            afloat = np.repeat(streets.link_class == _FERRY, 2)
            arc = np.where((graph.arc_link >= 0) & afloat[graph.arc_link], _NEVER_SECONDS, arc)
            link = np.where(afloat & np.isfinite(link), _NEVER_SECONDS, link)
        return arc, link

    def made() -> Costs:
        if isinstance(band, tuple):
            arc, link = (np.stack(each, axis=1) for each in zip(*map(seconds, band), strict=True))
        else:
            arc, link = seconds(band)
        return Costs(search_core(graph.indptr, graph.to, arc), arc, arc[graph.back_arc], link, 3.6 / walk_kph)

    key = ("costs", mode, walk, bike, band, ferries)
    return replace(remember(streets.memo, key, made, _MOST_SPEEDS), off=3.6 / walk_kph)


def departures(graph: ModeGraph, costs: Costs, places: Attachment) -> Ends:
    """Return the states one gets to on leaving each place, both ways along its link, and the seconds there."""
    off = places.meters_off * costs.off
    return _ends(
        [
            leaving(
                places.link, places.fraction, off, link, graph.leave_state, graph.indptr, graph.to, graph.arc_link, arc
            )
            for link, arc in zip(_columns(costs.link), _columns(costs.arc), strict=True)
        ],
        costs,
    )


def arrivals(graph: ModeGraph, costs: Costs, places: Attachment) -> Ends:
    """Return the states from which one gets to each place, both ways along its link, and the seconds from there."""
    off = places.meters_off * costs.off
    return _ends(
        [coming(places.link, places.fraction, off, link, graph.enter_state) for link in _columns(costs.link)], costs
    )


def _ends(by_band: list[Any], costs: Costs) -> Ends:
    """Return the ends of each band of traffic, which are alike but for their seconds, as one."""
    indptr, state, seconds = by_band[0]
    return Ends(indptr, state, seconds if costs.arc.ndim == 1 else np.stack([each[2] for each in by_band], axis=1))


def _by_band(seconds: Array) -> Array:
    """Return seconds with a column for each band of traffic."""
    return seconds[:, None] if seconds.ndim == 1 else seconds


def _columns(seconds: Array) -> list[Array]:
    return [seconds] if seconds.ndim == 1 else [np.ascontiguousarray(column) for column in seconds.T]


def _per_bucket(limit_seconds: float) -> float:
    return max(_BUCKETS / max(limit_seconds, 1.0), 1.0 / _WIDEST_BUCKET_SECONDS)


def _by_position(ends: Ends, core: SearchCore) -> tuple[Array, Array, Array]:
    row = np.repeat(np.arange(len(ends.indptr) - 1, dtype=np.int32), np.diff(ends.indptr))
    position = core.position[ends.state]
    order = np.argsort(position, kind="stable")
    indptr = np.concatenate([[0], np.cumsum(np.bincount(position, minlength=len(core.position)))]).astype(np.int64)
    return indptr, row[order], _by_band(ends.seconds)[order]


def _by_link(places: Attachment, links: int) -> tuple[Array, Array]:
    order = np.argsort(places.link, kind="stable").astype(np.int32)
    order = order[places.link[order] >= 0]
    counts = np.bincount(places.link[order], minlength=links)
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64), order


def _in_threads(run: Callable[[Array, tuple[int, ...]], Any], starts: Ends, core: SearchCore) -> Reached:
    """Search from every start, those near each other side by side, in as many threads as there are processors."""
    count = len(starts.indptr) - 1
    if count < len(_SIDE_BY_SIDE):
        return Reached(*run(np.arange(count), _ALONE))
    near = np.argsort(np.append(core.position[starts.state], 0)[starts.indptr[:-1]], kind="stable")
    lanes = len(_SIDE_BY_SIDE)
    piece = max(_A_PIECE, (count // (4 * _PROCESSORS * lanes) + 1) * lanes)
    pieces = iter([near[first : first + piece] for first in range(0, count, piece)])

    def work() -> list[Any]:
        return [(rows, run(rows, _SIDE_BY_SIDE)) for rows in pieces]

    others = [_HELPERS.submit(work) for _ in range(_PROCESSORS - 1 if count > piece else 0)]
    parts = work()
    for other in others:
        if not other.cancel():  # which hasn't begun by now has nothing left to do
            parts += other.result()
    indptr = np.zeros(count + 1, np.int64)
    for rows, part in parts:
        indptr[rows + 1] = np.diff(part[0])
    np.cumsum(indptr, out=indptr)
    wide = parts[0][1][2].shape[1:]
    whole = Reached(indptr, np.empty(indptr[-1], np.int32), np.empty((indptr[-1], *wide), np.float32))
    for rows, part in parts:
        put_rows(rows, part, (whole.indptr, whole.index, whole.seconds))
    return whole
