"""Access measures over a long table of minutes: counting, gravity, and the floating-catchment family.

`pairs` codes a table once; every measure then takes those `Pairs`, opportunities or people as a Series indexed
by id, and returns a Series indexed by id (of origins, unless it says passive). Rules that hold for all:

- a pair that is absent, or whose minutes are infinite, is unreachable;
- an id without a value counts 0, but values that match no id at all are an error;
- the order of rows changes nothing, not even the last bit.

Sources: Hansen 1959 (gravity); Luo & Wang 2003 (2SFCA); Luo & Qi 2009 (E2SFCA); Wan, Zou & Sternberg 2012
(3SFCA); Paez, Higgins & Vivona 2019 (balanced FCA); Saxon & Snow 2020 (RAAM); Soukhov et al. 2023 (spatial
availability); Soukhov et al. 2025 (constrained family, after Wilson 1971); Barboza et al. 2021 (balancing cost).

Examples
--------
Two clinics with 10 beds each; everyone reaches the first, only B's people the second.

>>> minutes = pd.DataFrame({
...     "origin_id": ["A", "B", "B"], "destination_id": ["one", "one", "two"], "minutes": [10, 20, 5],
... })
>>> beds, people = pd.Series({"one": 10, "two": 10}), pd.Series({"A": 100, "B": 100})
>>> cumulative(pairs(minutes), beds, 15).to_dict()
{'A': 10.0, 'B': 10.0}
>>> two_step_fca(pairs(minutes), beds, people, binary(30)).round(3).to_dict()
{'A': 0.05, 'B': 0.15}
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.access import kernels_access as kernels
from geo.access.decay import Boundary, Decay, binary
from geo.access.kernels_equilibrium import equilibrium
from geo.errors import InputError

Floats = NDArray[np.float64]
Values: TypeAlias = pd.Series  # indexed by id
_SPAN_A_ROW = 4
"""Whole numbers are coded by their place between the least and the greatest, if that makes no more than so many places
a row; other ids by a hash."""
ROUNDING = 1e-9
"""Sums that differ by no more than this share are the same: ten tenths are one."""
_GAIN = 1e-9
"""People change place to save more than this, in mean costs."""
SUMMARIES = ("median", "mean", "min", "max")


@dataclass(frozen=True)
class Pairs:
    """A coded table of costs, sorted by origin and then destination.

    `origins`, `destinations`: the ids, ascending. `origin`, `destination`: int32[k] codes; `start`: int64[origins + 1],
    so that the pairs of origin i are start[i]:start[i + 1]. `cost`: float64[k], minutes as a rule.
    """

    origins: pd.Index
    destinations: pd.Index
    start: NDArray[np.int64]
    origin: NDArray[np.int32]
    destination: NDArray[np.int32]
    cost: Floats


def pairs(
    table: pd.DataFrame, origin: str = "origin_id", destination: str = "destination_id", cost: str = "minutes"
) -> Pairs:
    """Code a long table, one row per pair; rows with an infinite cost are left out as unreachable.

    Raises
    ------
    InputError
        A column is missing, a cost is negative or empty, or a pair comes twice.
    """
    _columns(table, origin, destination, cost)
    costs = _costs(table[cost], cost)
    (first, origins), (second, destinations) = _codes(table[origin]), _codes(table[destination])
    if not kernels.ascending(first, second):
        order = kernels.counting_order(second, len(destinations))
        order = order[kernels.counting_order(first[order], len(origins))]
        first, second, costs = first[order], second[order], costs[order]
        doubles = np.flatnonzero((np.diff(first) == 0) & (np.diff(second) == 0))
        if len(doubles):
            a, b = origins[first[doubles[0]]], destinations[second[doubles[0]]]
            raise InputError(f"The pair {a} to {b} comes more than once in the table; keep one mode and percentile.")
    if len(costs) and costs.max() == np.inf:
        rows = np.isfinite(costs)
        first, second, costs = first[rows], second[rows], costs[rows]
    start = np.searchsorted(first, np.arange(len(origins) + 1)).astype(np.int64)
    return Pairs(origins, destinations, start, first, second, costs)


def cost_to_closest(table: Pairs, opportunities: Values, n: float = 1) -> Values:
    """Return the cost by which n opportunities are reached, nearest first; infinite where they never are."""
    if not n > 0:
        raise InputError(f"The number of opportunities to reach must be above 0, not {n}.")
    value = _values(opportunities, table.destinations, "opportunities")
    return _by_origin(table, kernels.closest(table.start, table.destination, table.cost, value, n * (1.0 - ROUNDING)))


def cumulative(
    table: Pairs, opportunities: Values, cutoff: float, boundary: Boundary = "<=", passive: bool = False
) -> Values:
    """Return the opportunities within the cutoff; passive: the people within the cutoff of each destination."""
    return gravity(table, opportunities, binary(cutoff, boundary), passive)


def cumulative_interval(
    table: Pairs,
    opportunities: Values,
    interval: tuple[float, float],
    increment: float = 1,
    summary: Literal["median", "mean", "min", "max"] = "median",
    boundary: Boundary = "<=",
) -> Values:
    """Return a summary of the cumulative counts at every cutoff from one end to the other (Tomasiello 2023)."""
    low, high = interval
    if not (0 <= low <= high and increment > 0):
        raise InputError(f"The interval must ascend from 0 or more by a step above 0, not {interval} by {increment}.")
    if summary not in SUMMARIES:
        raise InputError(f"The summary must be one of {', '.join(SUMMARIES)}, not {summary!r}.")
    edges = low + increment * np.arange(int(np.floor((high - low) / increment + 1e-9)) + 1, dtype=np.float64)
    reached = _reached_by(table, _values(opportunities, table.destinations, "opportunities"), edges, boundary)
    return _by_origin(table, getattr(np, summary)(reached, axis=1))


def cumulative_costs(
    table: pd.DataFrame,
    opportunities: Values,
    cutoffs: Mapping[str, float],
    origin: str = "origin_id",
    destination: str = "destination_id",
) -> Values:
    """Return the opportunities reachable by at least one trip within every cutoff, each destination once.

    The table may hold several trips a pair (fast and dear, slow and cheap); `cutoffs` names its cost columns.

    Raises
    ------
    InputError
        A column is missing, a cost is negative or empty, or an id is.
    """
    _columns(table, origin, destination, *cutoffs)
    allowed = np.ones(len(table), dtype=bool)
    for column, cutoff in cutoffs.items():
        allowed &= _costs(table[column], column) <= cutoff
    reached = table.assign(cost=np.where(allowed, 0.0, np.inf))
    reached = reached.groupby([origin, destination], as_index=False, dropna=False)["cost"].min()
    return gravity(pairs(reached, origin, destination, "cost"), opportunities, binary(0.0))


def gravity(table: Pairs, opportunities: Values, decay: Decay, passive: bool = False) -> Values:
    """Return Σ_j m_j f(t_ij) a row of origins; passive: Σ_i m_i f(t_ij) a row of destinations."""
    weight = decay(table.cost)
    if passive:
        people = _values(opportunities, table.origins, "people")
        return _by_destination(table, _reach_of_destinations(table, weight, people))
    value = _values(opportunities, table.destinations, "opportunities")
    return _by_origin(table, _reach_of_origins(table, weight, value))


def two_step_fca(table: Pairs, supply: Values, demand: Values, decay: Decay) -> Values:
    """Return A_i = Σ_j R_j f(t_ij) with R_j = S_j / Σ_i P_i f(t_ij).

    2SFCA with a binary decay, E2SFCA with a stepped one, its continuous form with any other. Demand uses the
    cost from origin to destination. A place that no demand reaches has no ratio and adds nothing.
    """
    offered, wanted = _values(supply, table.destinations, "supply"), _values(demand, table.origins, "demand")
    weight = decay(table.cost)
    ratio = _ratio(offered, _reach_of_destinations(table, weight, wanted))
    return _by_origin(table, _reach_of_origins(table, weight, ratio))


def three_step_fca(
    table: Pairs, supply: Values, demand: Values, decay: Decay, limit: float = np.inf, boundary: Boundary = "<="
) -> Values:
    """Return the three-step measure: demand first chooses among all places that weigh anything, G_ij = f_ij / Σ_j f_ij.

    R_j = S_j / Σ_i G_ij f_ij P_i; A_i = Σ_j G_ij f_ij R_j (Wan, Zou & Sternberg 2012). Give a decay that ends at the
    catchment's edge (stepped, or `decay.within`) for the paper's choice inside the catchment. `limit` cuts the two
    sums but not the choice, which is what pysal's access does with its max_cost.
    """
    offered, wanted = _values(supply, table.destinations, "supply"), _values(demand, table.origins, "demand")
    weight = decay(table.cost)
    total = _reach_of_origins(table, weight, np.ones(len(table.destinations)))
    chosen = weight * _ratio(weight, total[table.origin]) * binary(limit, boundary)(table.cost)
    ratio = _ratio(offered, _reach_of_destinations(table, chosen, wanted))
    return _by_origin(table, _reach_of_origins(table, chosen, ratio))


def balanced_fca(table: Pairs, supply: Values, demand: Values, decay: Decay) -> Values:
    """Return the balanced measure: weights are shares, so that neither people nor supply are counted twice.

    R_j = S_j / Σ_i P_i w^i_ij with w^i = f_ij / Σ_j f_ij; A_i = Σ_j R_j w^j_ij with w^j = f_ij / Σ_i f_ij (Paez 2019).
    """
    offered, wanted = _values(supply, table.destinations, "supply"), _values(demand, table.origins, "demand")
    weight = decay(table.cost)
    of_origin = _ratio(weight, _reach_of_origins(table, weight, np.ones(len(table.destinations)))[table.origin])
    of_place = _ratio(weight, _reach_of_destinations(table, weight, np.ones(len(table.origins)))[table.destination])
    ratio = _ratio(offered, _reach_of_destinations(table, of_origin, wanted))
    return _by_origin(table, _reach_of_origins(table, of_place, ratio))


def spatial_availability(table: Pairs, supply: Values, demand: Values, decay: Decay, alpha: float = 1.0) -> Values:
    """Return V_i = Σ_j S_j · P_i^α f_ij / Σ_i P_i^α f_ij: every opportunity shared out, none twice.

    Where any of its demand reaches a place the total over origins equals the supply (Soukhov et al. 2023).
    """
    if not 0 <= alpha < np.inf:
        raise InputError(f"alpha must be a number from 0 up, not {alpha}.")
    wanted = _values(demand, table.origins, "demand") ** alpha
    offered = _values(supply, table.destinations, "supply")
    weight = decay(table.cost)
    ratio = _ratio(offered, _reach_of_destinations(table, weight, wanted))
    return _by_origin(table, wanted * _reach_of_origins(table, weight, ratio))


def total_constrained(table: Pairs, amounts: Values, decay: Decay, passive: bool = False) -> Values:
    """Return the region's total shared out in proportion to gravity access (Soukhov et al. 2025).

    Active: `amounts` are opportunities at destinations, shared among origins; passive: people, shared among
    destinations. Only ids in the table count towards the total.
    """
    ids = table.origins if passive else table.destinations
    total = _values(amounts, ids, "amounts").sum()
    access = gravity(table, amounts, decay, passive)
    return access * (total / access.sum() if access.sum() > 0 else 0.0)


def singly_constrained(table: Pairs, supply: Values, demand: Values, decay: Decay, passive: bool = False) -> Values:
    """Return supply shared among origins (equal to `spatial_availability`); passive: demand shared among places."""
    if not passive:
        return spatial_availability(table, supply, demand, decay)
    offered, wanted = _values(supply, table.destinations, "supply"), _values(demand, table.origins, "demand")
    weight = decay(table.cost)
    ratio = _ratio(wanted, _reach_of_origins(table, weight, offered))
    return _by_destination(table, offered * _reach_of_destinations(table, weight, ratio))


@np.errstate(over="ignore", invalid="ignore")  # the factors of flows that cannot be grow without end
def doubly_constrained(
    table: Pairs, supply: Values, demand: Values, decay: Decay, tolerance: float = 1e-10, cycles: int = 10_000
) -> pd.DataFrame:
    """Return Wilson's flows T_ij = A_i O_i B_j D_j f_ij whose sums equal both demand and supply.

    Returns
    -------
    DataFrame
        `origin_id`, `destination_id`, `flow`, `a`, `b` (the balancing factors), one row per pair.

    Raises
    ------
    InputError
        The totals differ, or the pairs allow no flows with these sums.
    """
    offered, wanted = _values(supply, table.destinations, "supply"), _values(demand, table.origins, "demand")
    if abs(offered.sum() - wanted.sum()) > 1e-6 * max(1.0, wanted.sum()):
        raise InputError(
            f"Doubly constrained flows need equal totals, but demand is {wanted.sum():g} and supply {offered.sum():g}."
        )
    weight = decay(table.cost)
    a, b = np.ones(len(wanted)), np.ones(len(offered))
    for _ in range(cycles):
        a = _ratio(np.ones(len(wanted)), _reach_of_origins(table, weight, b * offered))
        b = _ratio(np.ones(len(offered)), _reach_of_destinations(table, weight, a * wanted))
        flow = (a * wanted)[table.origin] * (b * offered)[table.destination] * weight
        short = np.abs(np.bincount(table.origin, flow, len(wanted)) - wanted).sum()
        short += np.abs(np.bincount(table.destination, flow, len(offered)) - offered).sum()
        if short <= tolerance * max(1.0, wanted.sum()):
            return pd.DataFrame(
                {
                    "origin_id": table.origins[table.origin],
                    "destination_id": table.destinations[table.destination],
                    "flow": flow,
                    "a": a[table.origin],
                    "b": b[table.destination],
                }
            )
    raise InputError("These pairs allow no flows that equal demand and supply; check that all can be reached.")


def balancing_cost(
    table: Pairs, opportunities: Values, demand: Values, increment: float = 1, boundary: Boundary = "<="
) -> Values:
    """Return the first cost 0, d, 2d … within which more opportunities than the origin has people are reached.

    0 where nobody lives; infinite where it never happens (Barboza et al. 2021).
    """
    if not 0 < increment < np.inf:
        raise InputError(f"The increment must be a number above 0, not {increment}.")
    value = _values(opportunities, table.destinations, "opportunities")
    people = _values(demand, table.origins, "demand")
    edges: Floats = increment * np.arange(
        int(np.ceil(table.cost.max() / increment + 1e-9)) + 2 if len(table.cost) else 1, dtype=np.float64
    )
    reached = _reached_by(table, value, edges, boundary)
    enough = reached > people[:, None] * (1.0 + ROUNDING)
    costs = np.where(enough.any(axis=1), edges[enough.argmax(axis=1)], np.inf)
    return _by_origin(table, np.where(people == 0, 0.0, costs))


def rational_agents(
    table: Pairs,
    supply: Values,
    demand: Values,
    tau: float = 60,
    rho: float | None = None,
    cycles: int = 10_000,
) -> Values:
    """Return RAAM at its user equilibrium: each origin's t/τ plus congestion (people ÷ ρ·supply).

    Every place that an origin uses costs it the same, and no other costs less, however finely people are cut into
    origins. Lower is better. ρ is the region's demand ÷ supply unless given (Saxon & Snow 2020). People are divisible,
    but for one who is alone in the table and so at one place. Origins where nobody lives get what a newcomer would
    meet; origins that reach no supply are infinite.

    Parameters
    ----------
    cycles
        How many times every origin may take in one more place.

    Raises
    ------
    InputError
        τ or ρ is no number above 0, there is no demand or no supply, or people would still move after the last cycle.
    """
    if not (0 < tau < np.inf and (rho is None or 0 < rho < np.inf)):
        raise InputError(f"tau and rho must be numbers above 0, not {tau} and {rho}.")
    offered, wanted = _values(supply, table.destinations, "supply"), _values(demand, table.origins, "demand")
    if offered.sum() == 0 or wanted.sum() == 0:
        raise InputError("The rational agent model needs some demand and some supply.")
    open_places = offered[table.destination] > 0
    start = np.concatenate(([0], np.cumsum(open_places)))[table.start]
    capacity = offered * (wanted.sum() / offered.sum() if rho is None else rho)
    member, travel = table.destination[open_places], table.cost[open_places] / tau
    divisible = wanted.max() != 1 or wanted.sum() != 1
    scale = wanted.sum() / capacity.sum() + (travel.mean() if len(travel) else 0.0)
    cost, gain = equilibrium(start, member, travel, wanted, capacity, _GAIN * scale, cycles if divisible else 0)
    if divisible and gain > _GAIN * scale:
        raise InputError(f"After {cycles} cycles people would still gain {gain:.2g} by a change of place; allow more.")
    return _by_origin(table, cost)


def _reach_of_origins(table: Pairs, weight: Floats, value: Floats) -> Floats:
    total: Floats = kernels.sums_of_runs(table.start, table.destination, weight, value)
    return total


def _reach_of_destinations(table: Pairs, weight: Floats, value: Floats) -> Floats:
    total: Floats = kernels.weighted_sums(table.destination, table.origin, weight, value, len(table.destinations))
    return total


def _reached_by(table: Pairs, value: Floats, edges: Floats, boundary: Boundary) -> Floats:
    """Return what each origin reaches by each of ascending edges: float64[origins, edges]."""
    step = np.searchsorted(edges, table.cost, "left" if boundary == "<=" else "right")
    shape = (len(table.origins), len(edges) + 1)
    cell = table.origin.astype(np.int64) * shape[1] + step
    newly = np.bincount(cell, value[table.destination], shape[0] * shape[1]).reshape(shape)
    reached: Floats = np.cumsum(newly[:, :-1], axis=1)
    return reached


def _ratio(part: Floats, whole: Floats) -> Floats:
    """Return part / whole, and 0 where the whole is 0."""
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)


def _by_origin(table: Pairs, values: Floats) -> Values:
    return pd.Series(values, index=table.origins)


def _by_destination(table: Pairs, values: Floats) -> Values:
    return pd.Series(values, index=table.destinations)


def _values(values: Values, ids: pd.Index, what: str) -> Floats:
    """Return the values in the order of the ids, 0 where an id has none."""
    if not isinstance(values, pd.Series) or not pd.api.types.is_numeric_dtype(values.dtype):
        raise InputError(f"The {what} must be a numeric Series indexed by id.")
    if not values.index.is_unique:
        raise InputError(f"The {what} have the id {values.index[values.index.duplicated()][0]} more than once.")
    numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
    if not (np.isfinite(numbers) & (numbers >= 0)).all():
        bad = int(np.flatnonzero(~(np.isfinite(numbers) & (numbers >= 0)))[0])
        raise InputError(f"The {what} must be numbers from 0 up, but {values.index[bad]} has {numbers[bad]}.")
    positions = values.index.get_indexer(ids)
    if len(ids) and len(values) and (positions < 0).all():
        raise InputError(f"None of the {what} has an id of the table, such as {ids[0]}; check which column is the id.")
    return np.where(positions >= 0, numbers[positions], 0.0) if len(numbers) else np.zeros(len(ids))


def _columns(table: pd.DataFrame, *names: str) -> None:
    for name in names:
        if name not in table.columns:
            raise InputError(f"The table has no column {name!r}; it has {', '.join(map(str, table.columns))}.")


def _costs(column: pd.Series, name: str) -> Floats:
    try:
        costs: Floats = column.to_numpy(dtype=np.float64, na_value=np.nan)
    except (TypeError, ValueError):
        raise InputError(f"The column {name!r} must hold numbers.") from None
    if not (costs >= 0).all():
        row = int(np.flatnonzero(~(costs >= 0))[0])
        raise InputError(f"The column {name!r} must hold numbers from 0 up, but row {row} has {costs[row]}.")
    return costs


def _codes(column: pd.Series) -> tuple[NDArray[np.int32], pd.Index]:
    """Return codes into the column's distinct ids, which are in ascending order."""
    if column.isna().any():
        raise InputError(f"The column {column.name!r} has empty ids.")
    if isinstance(column.dtype, np.dtype) and column.dtype.kind in "iu" and len(column):
        numbers = column.to_numpy()
        low = numbers.min()
        span = int(numbers.max()) - int(low) + 1
        if span <= _SPAN_A_ROW * len(numbers):
            own_codes, used = kernels.codes_within(numbers, low, span)
            return own_codes, pd.Index((np.flatnonzero(used) + int(low)).astype(numbers.dtype))
    codes, ids = pd.factorize(column)  # sorting the few distinct ids afterwards is faster than sort=True
    index = pd.Index(ids)
    order = index.argsort()
    rank = np.empty(len(order), dtype=np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    return rank[codes], index[order]
