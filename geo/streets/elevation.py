"""Heights of the ground, and what slopes do to people on foot and on bicycles.

On foot: Tobler's hiking function, speed ∝ exp(−3.5 · |slope + 0.05|) (W. Tobler, "Three presentations on geographical
analysis and modeling", NCGIA Technical Report 93-1, 1993), in proportion to the speed on the flat.

Riding: each percent uphill takes 6.5 % off the speed on the flat, down to a quarter of it, at which one may as well
push; each percent downhill adds 4 %, up to 20 %, where one brakes. That downhill gives less than uphill takes is what
riders with GPS showed (Parkin and Rotheram, "Design speeds and acceleration characteristics of bicycle traffic",
Transport Policy 17, 2010: 25 km/h at 3 % downhill against 22 on the flat); the figures are ours.

A slope over `STEEPEST` is taken for an error of the raster: no street is steeper, and a flight of steps is walked no
slower than at that slope (about 1.4 km/h up and 2.0 down for one who walks 4.8 on the flat).
"""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array, diags_array
from scipy.sparse.linalg import spsolve

from geo.streets.elements import Elevation

if TYPE_CHECKING:
    from geo.streets.topology import Topology

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

STEEPEST = 0.35
"""Rise over run of the steepest streets there are."""

_BEST_SLOPE, _WALK_DECAY = -0.05, 3.5
_UPHILL, _DOWNHILL, _SLOWEST, _FASTEST = 6.5, 4.0, 0.25, 1.2
_PIECE_METERS = 30.0
"""Long straight streets are looked at in pieces of at most this length, so that a hill between their ends counts."""


def walking_effort(slope: Floats) -> Floats:
    """Return how many times as long as on the flat a slope (rise over run) takes on foot."""
    capped = np.clip(slope, -STEEPEST, STEEPEST)
    effort: Floats = np.exp(_WALK_DECAY * (np.abs(capped - _BEST_SLOPE) - abs(_BEST_SLOPE)))
    return effort


def riding_effort(slope: Floats) -> Floats:
    """Return how many times as long as on the flat a slope (rise over run) takes on a bicycle."""
    speed = 1 - np.where(slope > 0, _UPHILL, _DOWNHILL) * slope
    effort: Floats = 1 / np.clip(speed, _SLOWEST, _FASTEST)
    return effort


def climbs(
    topology: "Topology", lon: Floats, lat: Floats, off_ground: Bools, elevation: Elevation
) -> tuple[Floats, Floats, Bools]:
    """Return what the slopes of each directed link amount to, as factors on its seconds.

    Parameters
    ----------
    lon, lat
        WGS 84 degrees of all OSM nodes, of which `topology.points` holds positions.
    off_ground
        bool[ways]: bridges and tunnels, which run evenly between their ends whatever the ground does.

    Returns
    -------
    walking, riding
        float64[2m].
    unknown
        bool[nodes]: nodes of streets without a height; what touches them is flat.
    """
    starts = np.delete(np.arange(len(topology.points)), topology.point_offset[1:] - 1)
    a, b = topology.points[starts], topology.points[starts + 1]
    over = off_ground[topology.way_of_step]
    ground = elevation.at(lon, lat)
    unknown = np.zeros(len(lon), np.bool_)
    unknown[topology.points] = np.isnan(ground[topology.points])
    height = _bridged(ground, a, b, over, topology.step_meters)

    pieces = np.where(over, 1, np.maximum(np.ceil(topology.step_meters / _PIECE_METERS), 1)).astype(np.int64)
    step = np.repeat(np.arange(len(a)), pieces)
    within = np.arange(len(step)) - np.repeat(np.cumsum(pieces) - pieces, pieces)

    def heights_at(share: Floats) -> Floats:
        """Return the height at a share of each piece's step; at the ends that of the nodes."""
        heights = elevation.at(lon[a][step] * (1 - share) + lon[b][step] * share,
                             lat[a][step] * (1 - share) + lat[b][step] * share)  # fmt: skip
        return np.where(share <= 0, height[a][step], np.where(share >= 1, height[b][step], heights))

    meters = (topology.step_meters / pieces)[step]
    rise = heights_at((within + 1) / pieces[step]) - heights_at(within / pieces[step])
    slope = np.divide(rise, meters, out=np.zeros(len(step)), where=(meters > 0) & np.isfinite(rise))
    link = np.repeat(np.arange(len(topology.link_from)), np.diff(topology.point_offset) - 1)[step]

    def along_and_against(effort: Floats, back: Floats) -> Floats:
        sums = [np.bincount(link, weights=meters * e, minlength=len(topology.link_from)) for e in (effort, back)]
        factor = [np.divide(s, topology.meters, out=np.ones(len(s)), where=topology.meters > 0) for s in sums]
        return np.stack(factor, axis=1).reshape(-1)

    walking = along_and_against(walking_effort(slope), walking_effort(-slope))
    return walking, along_and_against(riding_effort(slope), riding_effort(-slope)), unknown


def _bridged(ground: Floats, a: npt.NDArray[np.int64], b: npt.NDArray[np.int64], over: Bools, meters: Floats) -> Floats:
    """Return the nodes' heights: on bridges and in tunnels spread evenly between where they meet the ground.

    Each node that only bridges touch lies at the mean of its neighbors, weighed by nearness (a harmonic function).
    """
    on_ground = np.zeros(len(ground), np.bool_)
    on_ground[a[~over]] = on_ground[b[~over]] = True
    ends = np.zeros(len(ground), np.int64)
    np.add.at(ends, np.concatenate([a[over], b[over]]), 1)
    on_ground |= ends == 1  # a bridge that ends at the extract's border
    loose = np.flatnonzero((ends > 0) & ~on_ground)
    if not len(loose):
        return ground
    number = np.full(len(ground), -1)
    number[loose] = np.arange(len(loose))
    here, there = np.concatenate([a[over], b[over]]), np.concatenate([b[over], a[over]])
    near = 1 / np.maximum(np.tile(meters[over], 2), 0.01)
    mine = number[here] >= 0
    here, there, near = here[mine], there[mine], near[mine]
    free = number[there] >= 0
    sums = np.bincount(number[here], weights=near, minlength=len(loose)) + 1e-9
    known = np.bincount(number[here[~free]], weights=(near * ground[there])[~free], minlength=len(loose))
    pull = coo_array((near[free], (number[here[free]], number[there[free]])), shape=(len(loose), len(loose)))
    # the last term holds what touches no ground at all (a ring of bridges) to the raster
    height = ground.copy()
    height[loose] = spsolve((diags_array(sums) - pull).tocsc(), known + 1e-9 * np.nan_to_num(ground[loose]))
    return height
