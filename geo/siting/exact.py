"""The best choice for certain, by HiGHS: mixed-integer programs whose answer comes with a bound.

People in reach: maximal covering (Church & ReVelle 1974), cells that the same candidates reach being one; with
capacities, the flows of people to sites as in the p-median (Hakimi 1964; ReVelle & Swain 1970). Scores are curved, so
they are approached from above by planes: each round asks HiGHS for the best choice by the planes so far, and adds
the planes that are exact there, until what was promised is what is found (Duran & Grossmann 1986; for sets, Nemhauser &
Wolsey 1981). Evenness is a ratio, and is raised by turns (Dinkelbach 1967).
"""

import itertools
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import scipy.sparse
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp

from geo.siting.greedy import Means
from geo.siting.objectives import Access, Evenness, Floats, Ints, MeanScore, Objective, Reached, Served, WorstOff

CLOSED = 1e-6
"""A bound so near a value, of what is to be gained, is it: HiGHS itself holds constraints to so much."""
_GROUPS = 24
"""Cells are bounded by the planes of so many groups of them."""
_MOST_FLOWS = 200_000
"""Pairs of cell and candidate beyond which no program of flows is tried."""
_MOST_SETS = 3000
"""Sets of one site fewer than are asked for; where there are no more, all are tried."""
_RELAXED_ROUNDS = 40
_RELAXED_SHARE = 0.4
"""Rounds, and the share of the time, in which planes are sought without asking for whole sites."""


@dataclass(frozen=True)
class Plane:
    """Bounds from above, one a group of cells: `height` + `slope` @ the share of each candidate that is built."""

    height: Floats
    slope: Floats


@dataclass
class Best:
    """The best choice so far, and what no choice exceeds; `scale`: the size of what is to be gained."""

    objective: Objective
    means: Means
    sites: tuple[int, ...]
    value: float
    bound: float
    deadline: float
    scale: float = field(init=False)

    def __post_init__(self) -> None:
        gain = abs(self.value - self.objective.value(()))
        self.scale = max(min(gain, abs(self.value)), 1e-3 * abs(self.value), 1e-9)

    def offer(self, sites: Sequence[int]) -> None:
        """Take a choice if it may be built and is better than the one before."""
        if self.means.allow(sites):
            value = self.objective.value(sites)
            if value > self.value + 1e-9 * self.scale:
                self.sites, self.value = tuple(sites), value

    def limit(self, bound: float | None) -> None:
        """Take a bound that a program gave, with room for its rounding."""
        if bound is not None and np.isfinite(bound):
            self.bound = min(self.bound, bound + 1e-7 * self.scale)

    @property
    def closed(self) -> bool:
        """Return whether the choice is the best for certain."""
        return self.bound - self.value <= CLOSED * self.scale

    @property
    def seconds_left(self) -> float:
        """Return the seconds until the deadline."""
        return self.deadline - time.monotonic()


def improve(best: Best) -> None:
    """Raise the choice and lower its bound, until they meet or time is over: by trying all sets where they are few."""
    smaller = sum(math.comb(best.objective.candidates, size) for size in range(best.means.sites))
    if smaller <= _MOST_SETS:
        try_all(best)
    else:
        ask_highs(best)


def try_all(best: Best) -> None:
    """Try every set of candidates, until time is over."""
    count = best.objective.candidates
    for size in range(best.means.sites):
        for sites in itertools.combinations(range(count), size):
            if best.seconds_left <= 0:
                return
            more = np.flatnonzero(best.means.affordable(sites, count))
            more = more[more > max(sites, default=-1)]
            if best.means.allow(sites) and len(more):
                values = best.objective.values_with(sites, more)
                best.offer((*sites, int(more[values.argmax()])))
    best.bound = best.value


def ask_highs(best: Best) -> None:
    """Raise the choice and lower its bound by HiGHS, until they meet or time is over."""
    objective = best.objective
    if isinstance(objective, Reached):
        _covering(best, objective)
    elif isinstance(objective, Served):
        _flows(best, objective)
    elif isinstance(objective, MeanScore):
        shares = _grouped(objective.access, objective.share)
        _by_planes(best, lambda built: _planes(objective.access, built, shares), len(shares))
    elif isinstance(objective, WorstOff):
        worst = objective
        _by_planes(best, lambda built: _planes(worst.access, built, worst.weights(_at(worst.access, built))[None]), 1)
    elif isinstance(objective, Evenness):
        _by_turns(best, objective)


def _means_rows(means: Means, candidates: int, more: int) -> list[LinearConstraint]:
    """Return what may be built as rows over the candidates and `more` other variables."""
    rows = [LinearConstraint(np.concatenate([np.ones(candidates), np.zeros(more)])[None], ub=means.sites)]
    if means.budget is not None and means.costs is not None:
        rows.append(LinearConstraint(np.concatenate([means.costs, np.zeros(more)])[None], ub=means.budget))
    return rows


def _sites(result: OptimizeResult, candidates: int) -> tuple[int, ...]:
    return tuple(np.flatnonzero(result.x[:candidates] > 0.5).tolist())


def _covering(best: Best, objective: Reached) -> None:
    """Solve maximal covering; cells in reach of the same candidates are one row, and dominated candidates left out."""
    lived_in = objective.people > 0
    kept = objective.undominated if best.means.budget is None else np.arange(objective.candidates)
    near, people = objective.near[:, kept].tocsr()[lived_in], objective.people[lived_in]
    near.sort_indices()
    numbers: dict[bytes, int] = {}
    which = [numbers.setdefault(row.tobytes(), len(numbers)) for row in np.split(near.indices, near.indptr[1:-1])]
    rows = near[np.unique(which, return_index=True)[1]]
    mass = np.bincount(which, people)
    count, cells = len(kept), len(mass)
    covered = scipy.sparse.hstack([-rows.astype(np.float64), scipy.sparse.eye_array(cells)], format="csr")
    result = milp(
        np.concatenate([np.zeros(count), -mass]),
        integrality=np.concatenate([np.ones(count), np.zeros(cells)]),
        bounds=Bounds(0, 1),
        constraints=[LinearConstraint(covered, ub=0.0), *_means_rows(best.means, count, cells)],
        options={"time_limit": max(best.seconds_left, 0.1), "mip_rel_gap": CLOSED / 10},
    )
    _take(best, result, kept)


def _flows(best: Best, objective: Served) -> None:
    """Solve covering with capacities: how many people of each cell go to each site in reach."""
    near = objective.near.tocoo()
    cell, site = near.coords[0], near.coords[1]
    keep = objective.people[cell] > 0
    cell, site = cell[keep], site[keep]
    count, flows = objective.candidates, len(cell)
    if not 0 < flows <= _MOST_FLOWS:
        return
    each, one, own = np.arange(flows), np.ones(flows), np.arange(count)
    most = np.minimum(objective.people[cell], objective.capacity[site])
    opened = _rows(np.tile(each, 2), np.concatenate([site, count + each]), np.concatenate([-most, one]), count + flows)
    taken = _rows(cell, count + each, one, count + flows, len(objective.people))
    used = _rows(
        np.concatenate([site, own]),
        np.concatenate([count + each, own]),
        np.concatenate([one, -objective.capacity]),
        count + flows,
        count,
    )
    result = milp(
        np.concatenate([np.zeros(count), -one]),
        integrality=np.concatenate([np.ones(count), np.zeros(flows)]),
        bounds=Bounds(0, np.concatenate([np.ones(count), most])),
        constraints=[
            LinearConstraint(opened, ub=0.0),
            LinearConstraint(taken, ub=objective.people),
            LinearConstraint(used, ub=0.0),
            *_means_rows(best.means, count, flows),
        ],
        options={"time_limit": max(best.seconds_left, 0.1), "mip_rel_gap": CLOSED / 10},
    )
    _take(best, result, own)


def _rows(row: Ints, column: Ints, value: Floats, columns: int, rows: int | None = None) -> scipy.sparse.csr_array:
    """Return a sparse table of these entries, of as many rows as they have unless given."""
    return scipy.sparse.csr_array(
        (value, (row, column)), (int(row.max(initial=-1)) + 1 if rows is None else rows, columns)
    )


def _take(best: Best, result: OptimizeResult, candidates: Ints) -> None:
    """Take what a program that holds the objective itself has found among some candidates."""
    if result.mip_dual_bound is not None:
        best.limit(-result.mip_dual_bound)
    if result.x is not None:
        best.offer(candidates[list(_sites(result, len(candidates)))].tolist())


def _by_planes(best: Best, planes: Callable[[Floats], Plane], groups: int) -> None:
    """Raise a choice by planes from above: without whole sites first, which is quick, then with them."""
    count, scale = best.objective.candidates, best.scale
    program = _Program(best.means, count, groups, scale)
    plane = planes(np.zeros(count))
    started, relaxed, known = best.seconds_left, True, set[tuple[int, ...]]()
    for number in range(10_000):
        program.add(plane)
        relaxed = relaxed and number < _RELAXED_ROUNDS and best.seconds_left > (1 - _RELAXED_SHARE) * started
        if best.seconds_left <= 0 or best.closed:
            return
        result = program.solve(best.seconds_left, whole=not relaxed)
        if result.x is None:
            return
        best.limit(result.bound)
        built = result.x[:count] if relaxed else np.round(result.x[:count])
        plane = planes(built)
        if relaxed:
            sure = float((plane.height + plane.slope @ built).sum())
            relaxed = result.bound - sure > 1e-4 * scale
            continue
        sites = tuple(np.flatnonzero(built).tolist())
        best.offer(sites)
        if sites in known and result.optimal:  # the planes are exact there, so nothing is better
            best.bound = best.value
            return
        known.add(sites)


@dataclass(frozen=True)
class _Answer:
    x: Floats | None
    bound: float
    optimal: bool


class _Program:
    """The choice by the planes so far: whole sites, and a value of each group that lies under every plane."""

    def __init__(self, means: Means, candidates: int, groups: int, scale: float) -> None:
        self.rows = _means_rows(means, candidates, groups)
        self.candidates, self.groups, self.scale = candidates, groups, scale
        self.slopes: list[Floats] = []
        self.heights: list[Floats] = []

    def add(self, plane: Plane) -> None:
        """Add planes from above, one a group."""
        self.slopes.append(np.hstack([-plane.slope / self.scale, np.eye(self.groups)]))
        self.heights.append(plane.height / self.scale)

    def solve(self, seconds: float, *, whole: bool) -> _Answer:
        """Return the best by the planes, and what no choice exceeds."""
        under = LinearConstraint(np.vstack(self.slopes), ub=np.concatenate(self.heights))
        free = np.full(self.groups, np.inf)
        result = milp(
            np.concatenate([np.zeros(self.candidates), -np.ones(self.groups)]),
            integrality=np.concatenate([np.full(self.candidates, int(whole)), np.zeros(self.groups)]),
            bounds=Bounds(
                np.concatenate([np.zeros(self.candidates), -free]), np.concatenate([np.ones(self.candidates), free])
            ),
            constraints=[under, *self.rows],
            options={"time_limit": max(seconds, 0.1), "mip_rel_gap": CLOSED / 10},
        )
        bound = result.mip_dual_bound if whole else (result.fun if result.status == 0 else None)
        return _Answer(result.x, np.inf if bound is None else -bound * self.scale, result.status == 0)


def _grouped(access: Access, shares: Floats) -> Floats:
    """Return groups' shares of the people, float64[groups, cells]: of cells whose best candidates are near in order."""
    order = np.argsort(access.added.argmax(axis=1), kind="stable")
    order = order[shares[order] > 0]
    groups = np.zeros((max(1, min(_GROUPS, len(order))), len(shares)))
    for number, cells in enumerate(np.array_split(order, len(groups))):
        groups[number, cells] = shares[cells]
    return groups


def _at(access: Access, built: Floats) -> Floats:
    """Return the scores where a share of each candidate is built."""
    return 100.0 * -np.expm1(-(access.there + access.added @ built))


def _planes(access: Access, built: Floats, shares: Floats) -> Plane:
    """Return planes over the shares' sums of scores, exact where whole sites are built.

    Each cell has the lowest, there, of three that hold everywhere: the tangent; what each site adds to nothing; and
    what each adds to those built more than half.
    """
    some = built > 0.5
    scores = _at(access, built)
    tangent = 100.0 - scores
    none = 100.0 * np.exp(-access.there)
    with_some = none * np.exp(-access.added[:, some].sum(axis=1))
    by_none = 100.0 - none + none * (access.filled @ built)
    by_some = 100.0 - with_some + with_some * (access.filled[:, ~some] @ built[~some])
    lowest = np.argmin([by_some, by_none, scores], axis=0)
    of_some, of_none, of_tangent = (np.where(lowest == one, shares, 0.0) for one in range(3))
    slope = (of_none * none) @ access.filled + (of_tangent * tangent) @ access.added
    slope[:, ~some] += (of_some * with_some) @ access.filled[:, ~some]
    height = (
        of_some @ (100.0 - with_some)
        + of_none @ (100.0 - none)
        + of_tangent @ (scores - tangent * (access.added @ built))
    )
    return Plane(height, slope)


def _by_turns(best: Best, objective: Evenness) -> None:
    """Lower the Palma ratio: with the best one so far, ask who beats it, until nobody does.

    The poorest's mean is bounded from above by planes. The richest's, which is to stay low, is bounded from below by
    what sites add in turn, each to those before it (Edmonds 1970): exact for sets that come first in the order.
    """
    access, count = objective.access, objective.candidates
    shares = objective.poor[None]
    start = np.zeros(count)
    poor, rich = [_planes(access, start, shares)], [_floor(access, start, objective.rich)]
    least_poor, known = objective.parts(())[1], set[tuple[int, ...]]()
    if best.value == 0.0:  # the richest have nothing
        best.bound = best.value
    while best.seconds_left > 0 and not best.closed:
        ratio = -best.value
        slopes = np.vstack(
            [np.hstack([-one.slope[0], [1.0, 0.0]]) for one in poor]
            + [np.hstack([one.slope[0], [0.0, -1.0]]) for one in rich]
        )
        heights = np.array([one.height[0] for one in poor] + [-one.height[0] for one in rich])
        result = milp(
            np.concatenate([np.zeros(count), [-1.0, 1.0 / max(ratio, 1e-9)]]),
            integrality=np.concatenate([np.ones(count), [0, 0]]),
            bounds=Bounds(np.zeros(count + 2), np.concatenate([np.ones(count), [100.0, 100.0]])),
            constraints=[LinearConstraint(slopes, ub=heights), *_means_rows(best.means, count, 2)],
            options={"time_limit": max(best.seconds_left, 0.1), "mip_rel_gap": CLOSED / 10},
        )
        if result.x is None or result.mip_dual_bound is None:
            return
        left = max(-result.mip_dual_bound, 0.0) + 1e-7  # poor − rich / ratio, of any choice at most
        best.limit(-ratio * max(1.0 - left / least_poor, 0.0))
        sites = _sites(result, count)
        best.offer(sites)
        if sites in known and -best.value == ratio and result.status == 0:  # all is exact there: it is no better
            best.bound = best.value
            return
        known.add(sites)
        built = np.zeros(count)
        built[list(sites)] = 1.0
        poor.append(_planes(access, built, shares))
        rich.append(_floor(access, built, objective.rich))


def _floor(access: Access, built: Floats, share: Floats) -> Plane:
    """Return a plane under the share's sum of scores, exact where those built most are built alone."""
    cells = np.flatnonzero(share > 0)
    order = np.argsort(-built, kind="stable")
    none = 100.0 * np.exp(-access.there[cells])
    lacking = none[:, None] * np.exp(-np.cumsum(access.added[np.ix_(cells, order)], axis=1))
    means = share[cells] @ (100.0 - np.hstack([none[:, None], lacking]))
    slope = np.empty((1, len(built)))
    slope[0, order] = np.diff(means)
    return Plane(means[:1], slope)
