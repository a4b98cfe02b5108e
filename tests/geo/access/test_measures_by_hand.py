"""Access and equity measures against their papers' formulas, written out as plain sums over small tables.

The tables have zeros, ties, pairs that are absent, and trips that take exactly the catchment's minutes.
"""

import math
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from geo.access import decay, measures
from geo.equity import inequality
from geo.errors import InputError

ORIGINS, PLACES = "abcd", "wxyz"
MINUTES = st.sampled_from([0.0, 5.0, 10.0, 15.0, 20.0, 30.0, 30.0001, 45.0, None])
SHAPES = st.sampled_from(
    [
        decay.binary(30),
        decay.stepped([10, 20, 30], [1, 0.68, 0.22]),
        decay.within(decay.logistic(20, 8), 30),
        decay.within(decay.gaussian(12), 30),
        decay.exponential(0.1),
    ]
)


@st.composite
def regions(draw):
    """Return times {(i, j): minutes}, people and supply; absent pairs are out of reach."""
    drawn = {pair: draw(MINUTES) for pair in product(ORIGINS, PLACES)}
    times = {pair: minutes for pair, minutes in drawn.items() if minutes is not None}
    people = {i: draw(st.sampled_from([0, 1, 10, 250])) for i in ORIGINS}
    supply = {j: draw(st.sampled_from([0, 1, 5, 40])) for j in PLACES}
    assume({i for i, _ in times} == set(ORIGINS))
    assume({j for _, j in times} == set(PLACES))
    return times, people, supply


def tabled(times):
    rows = [{"origin_id": i, "destination_id": j, "minutes": t} for (i, j), t in times.items()]
    return measures.pairs(pd.DataFrame(rows))


def ratio(part, whole):
    return part / whole if whole > 0 else 0.0


def given_by(region, shape):
    times, people, supply = region
    f = {pair: float(shape(t)) for pair, t in times.items()}
    get = lambda i, j: f.get((i, j), 0.0)  # noqa: E731
    return tabled(times), pd.Series(people, dtype=float), pd.Series(supply, dtype=float), people, supply, get


@settings(deadline=None)
@given(regions(), SHAPES)
def test_floating_catchments(region, shape):
    pairs, demand, offered, people, supply, f = given_by(region, shape)
    # two-step (Luo & Wang 2003, Luo & Qi 2009): R_j = S_j / Σ_k P_k W_kj; A_i = Σ_j R_j W_ij
    r = {j: ratio(supply[j], sum(people[i] * f(i, j) for i in ORIGINS)) for j in PLACES}
    expected = {i: sum(r[j] * f(i, j) for j in PLACES) for i in ORIGINS}
    assert measures.two_step_fca(pairs, offered, demand, shape).to_dict() == pytest.approx(expected)
    # three-step (Wan et al. 2012): G_ij = W_ij / Σ_k W_ik; R_j = S_j / Σ_k G_kj P_k W_kj; A_i = Σ_j G_ij R_j W_ij
    g = {(i, j): ratio(f(i, j), sum(f(i, k) for k in PLACES)) for i, j in product(ORIGINS, PLACES)}
    r = {j: ratio(supply[j], sum(g[i, j] * people[i] * f(i, j) for i in ORIGINS)) for j in PLACES}
    expected = {i: sum(g[i, j] * r[j] * f(i, j) for j in PLACES) for i in ORIGINS}
    assert measures.three_step_fca(pairs, offered, demand, shape).to_dict() == pytest.approx(expected)
    # balanced (Paez et al. 2019): demand split over places in the first sum, service over origins in the second
    h = {(i, j): ratio(f(i, j), sum(f(k, j) for k in ORIGINS)) for i, j in product(ORIGINS, PLACES)}
    r = {j: ratio(supply[j], sum(people[i] * g[i, j] for i in ORIGINS)) for j in PLACES}
    expected = {i: sum(r[j] * h[i, j] for j in PLACES) for i in ORIGINS}
    assert measures.balanced_fca(pairs, offered, demand, shape).to_dict() == pytest.approx(expected)


@settings(deadline=None)
@given(regions(), SHAPES, st.sampled_from([0.0, 0.5, 1.0, 2.0]))
def test_spatial_availability(region, shape, alpha):
    pairs, demand, offered, people, supply, f = given_by(region, shape)
    # Soukhov et al. 2023: V_ij = O_j F^p_i F^c_ij / Σ_i F^p_i F^c_ij, with shares F^p of people and F^c of impedance
    expected = dict.fromkeys(ORIGINS, 0.0)
    for j in PLACES:
        of_people = {i: people[i] ** alpha for i in ORIGINS}
        share_p = {i: ratio(of_people[i], sum(of_people.values())) for i in ORIGINS}
        share_c = {i: ratio(f(i, j), sum(f(k, j) for k in ORIGINS)) for i in ORIGINS}
        whole = sum(share_p[i] * share_c[i] for i in ORIGINS)
        for i in ORIGINS:
            expected[i] += supply[j] * ratio(share_p[i] * share_c[i], whole)
    access = measures.spatial_availability(pairs, offered, demand, shape, alpha)
    assert access.to_dict() == pytest.approx(expected, abs=1e-9)
    reached = {j for j in PLACES if any(people[i] ** alpha * f(i, j) > 0 for i in ORIGINS)}
    assert access.sum() == pytest.approx(sum(supply[j] for j in reached))


@settings(deadline=None)
@given(regions(), SHAPES)
def test_constrained_family(region, shape):
    pairs, demand, offered, people, supply, f = given_by(region, shape)
    # Soukhov et al. 2025: total κ = Σ_j W_j / Σ_i Σ_j W_j f_ij, the same for every pair
    flows = {(i, j): supply[j] * f(i, j) for i, j in product(ORIGINS, PLACES)}
    kappa = ratio(sum(supply.values()), sum(flows.values()))
    expected = {i: sum(kappa * flows[i, j] for j in PLACES) for i in ORIGINS}
    assert measures.total_constrained(pairs, offered, shape).to_dict() == pytest.approx(expected)
    back = {(i, j): people[i] * f(i, j) for i, j in product(ORIGINS, PLACES)}
    kappa = ratio(sum(people.values()), sum(back.values()))
    expected = {j: sum(kappa * back[i, j] for i in ORIGINS) for j in PLACES}
    assert measures.total_constrained(pairs, demand, shape, passive=True).to_dict() == pytest.approx(expected)
    # singly: what is offered at j is shared by Σ_i P_i f_ij; passive: who lives at i is shared by Σ_j W_j f_ij
    expected = {
        i: sum(supply[j] * ratio(people[i] * f(i, j), sum(people[k] * f(k, j) for k in ORIGINS)) for j in PLACES)
        for i in ORIGINS
    }
    assert measures.singly_constrained(pairs, offered, demand, shape).to_dict() == pytest.approx(expected)
    expected = {
        j: sum(people[i] * ratio(supply[j] * f(i, j), sum(supply[k] * f(i, k) for k in PLACES)) for i in ORIGINS)
        for j in PLACES
    }
    access = measures.singly_constrained(pairs, offered, demand, shape, passive=True)
    assert access.to_dict() == pytest.approx(expected)


def test_doubly_constrained_by_hand():
    # O = (3, 1), D = (2, 2), f = ((1, ½), (½, 1)): flows ((x, 3 − x), (2 − x, x − 1)) with the odds ratio of f, which
    # balancing keeps: x (x − 1) / ((3 − x)(2 − x)) = 4, so 3 x² − 19 x + 24 = 0, x = (19 − √73) / 6 = 1.742666
    table = pd.DataFrame(
        [("a", "x", 0.0), ("a", "y", 1.0), ("b", "x", 1.0), ("b", "y", 0.0)],
        columns=["origin_id", "destination_id", "minutes"],
    )
    flows = measures.doubly_constrained(
        measures.pairs(table), pd.Series({"x": 2.0, "y": 2.0}), pd.Series({"a": 3.0, "b": 1.0}), lambda t: 0.5**t
    )
    x = (19 - math.sqrt(73)) / 6
    assert flows["flow"].to_numpy() == pytest.approx([x, 3 - x, 2 - x, x - 1])


@settings(deadline=None)
@given(regions(), st.sampled_from([1.0, 5.0, 7.5]), st.sampled_from(["<=", "<"]))
def test_counting_measures(region, step, boundary):
    times, people, supply = region
    pairs, offered = tabled(times), pd.Series(supply, dtype=float)
    within = (lambda t, edge: t <= edge) if boundary == "<=" else (lambda t, edge: t < edge)

    def reached(i, edge):
        return sum(supply[j] for j in PLACES if (i, j) in times and within(times[i, j], edge))

    for edge in (0, 10, 30):
        access = measures.cumulative(pairs, offered, edge, boundary)
        assert access.to_dict() == {i: reached(i, edge) for i in ORIGINS}
    edges = np.arange(10, 30 + 1e-9, step)
    for name in ("median", "mean", "min", "max"):
        access = measures.cumulative_interval(pairs, offered, (10, 30), step, name, boundary)
        expected = {i: float(getattr(np, name)([reached(i, edge) for edge in edges])) for i in ORIGINS}
        assert access.to_dict() == pytest.approx(expected)
    for i, access in measures.cost_to_closest(pairs, offered, 2).items():
        enough = [t for t in sorted({*times.values()}) if _at(times, supply, i, t) >= 2]
        assert access == (enough[0] if enough else math.inf)
    # Barboza et al. 2021: the first step of cost at which more opportunities than people are reached
    access = measures.balancing_cost(pairs, offered, pd.Series(people, dtype=float), step, boundary)
    for i in ORIGINS:
        edges = [k * step for k in range(100)]
        first = next((edge for edge in edges if reached(i, edge) > people[i]), math.inf)
        assert access[i] == (0 if people[i] == 0 else first)


def _at(times, supply, origin, edge):
    return sum(supply[j] for j in PLACES if times.get((origin, j), math.inf) <= edge)


def test_rational_agents_by_hand():
    # Saxon & Snow 2020: cost = people / (ρ S) + t / τ, ρ = 150 / 3 = 50; a (100 people) is at x and 30 min from y,
    # b (50) is at y and 30 min from x; τ = 60, S = (1, 2). Even for those of a who move: n/50 = (150 − n)/100 + ½,
    # n = 66.67 at x, which costs those of a 1.3333 whether they stay or go, and those of b 0.8333.
    table = pd.DataFrame(
        [("a", "x", 0.0), ("a", "y", 30.0), ("b", "x", 30.0), ("b", "y", 0.0)],
        columns=["origin_id", "destination_id", "minutes"],
    )
    access = measures.rational_agents(
        measures.pairs(table), pd.Series({"x": 1.0, "y": 2.0}), pd.Series({"a": 100.0, "b": 50.0})
    )
    assert access["a"] == pytest.approx(200 / 3 / 50)
    assert access["b"] == pytest.approx((150 - 200 / 3) / 100)
    alone = measures.rational_agents(
        measures.pairs(table[table["origin_id"] == "a"]), pd.Series({"x": 1.0, "y": 0.0}), pd.Series({"a": 30.0})
    )
    assert alone["a"] == pytest.approx(1)  # everyone at x: 30 / (30 · 1)


@pytest.mark.parametrize(("people", "cells"), [(1000, 4), (10, 400), (4, 1000), (1, 4000), (0.4, 10_000)])
def test_rational_agents_are_the_same_however_people_are_cut(people, cells):
    # near: 10 min, room for 400; far: 11 min, room for 3600. n/400 + 10/60 = (4000 − n)/3600 + 11/60 → n = 406
    table = pd.DataFrame(
        [(f"o{cell}", place, minutes) for cell in range(cells) for place, minutes in (("near", 10.0), ("far", 11.0))],
        columns=["origin_id", "destination_id", "minutes"],
    )
    demand = pd.Series(float(people), [f"o{cell}" for cell in range(cells)])
    access = measures.rational_agents(measures.pairs(table), pd.Series({"near": 1.0, "far": 9.0}), demand)
    assert access.to_numpy() == pytest.approx(406 / 400 + 10 / 60, rel=1e-6)


@settings(max_examples=100, deadline=None)
@given(
    minutes=st.dictionaries(
        st.tuples(st.integers(0, 5), st.integers(0, 5)), st.integers(0, 12).map(lambda n: 5.0 * n), min_size=1
    ),
    people=st.lists(st.sampled_from([0.0, 0.3, 1.0, 2.0, 50.0, 400.0]), min_size=6, max_size=6),
    supply=st.lists(st.sampled_from([0.0, 0.5, 1.0, 3.0, 20.0]), min_size=6, max_size=6),
    tau=st.sampled_from([5.0, 60.0, 1000.0]),
)
def test_rational_agents_are_at_their_user_equilibrium(minutes, people, supply, tau):
    offered = {j: supply[j] for _, j in minutes}
    wanted = {i: people[i] for i, _ in minutes if any(supply[j] > 0 for o, j in minutes if o == i)}
    assume(sum(offered.values()) > 0 and sum(wanted.values()) > 0 and max(wanted.values()) != 1)
    table = pd.DataFrame(
        [(i, j, t) for (i, j), t in minutes.items()], columns=["origin_id", "destination_id", "minutes"]
    )
    rho = 2.0
    access = measures.rational_agents(measures.pairs(table), pd.Series(offered), pd.Series(people), tau=tau, rho=rho)
    # Wardrop: with the costs known, each place's congestion is the most that any cost leaves beside its trip, and
    # flows over pairs that cost exactly that much must fill all places with all people
    open_pairs = {(i, j): t / tau for (i, j), t in minutes.items() if supply[j] > 0}
    crowd = {j: max(0.0, *(access[i] - t for (i, k), t in open_pairs.items() if k == j and people[i] > 0), 0.0)
             for _, j in open_pairs}  # fmt: skip
    for (i, j), t in open_pairs.items():
        assert people[i] > 0 or access[i] <= t + crowd[j] + 1e-7
    tight = [(i, j) for (i, j), t in open_pairs.items() if people[i] > 0 and abs(t + crowd[j] - access[i]) < 1e-7]
    at, into = list(wanted), list(crowd)
    sums = np.array([[float(i == o) for i, _ in tight] for o in at] + [[float(j == p) for _, j in tight] for p in into])
    right = [wanted[o] for o in at] + [rho * supply[p] * crowd[p] for p in into]
    if not tight:
        assert not any(right)
        return
    short = linprog(
        np.r_[np.zeros(len(tight)), np.ones(2 * len(right))],
        A_eq=np.hstack([sums, np.eye(len(right)), -np.eye(len(right))]),
        b_eq=right,
    )
    assert short.fun < 1e-5 * sum(wanted.values())


def test_fractions_that_add_up_to_one_are_one():
    tenths = measures.pairs(pd.DataFrame({"origin_id": "a", "destination_id": range(10), "minutes": np.arange(10.0)}))
    supply = pd.Series(0.1, range(10))
    assert measures.cost_to_closest(tenths, supply, 1)["a"] == 9
    # three tenths are not more than 0.3 people need
    assert measures.balancing_cost(tenths, supply, pd.Series({"a": 0.3}))["a"] == 3


def test_tables_without_rows_and_people_without_places():
    empty = measures.pairs(pd.DataFrame({"origin_id": [], "destination_id": [], "minutes": []}))
    one, shape = pd.Series({"x": 1.0}), decay.binary(30)
    for access in (
        measures.gravity(empty, one, shape),
        measures.two_step_fca(empty, one, one, shape),
        measures.three_step_fca(empty, one, one, shape),
        measures.balanced_fca(empty, one, one, shape),
        measures.spatial_availability(empty, one, one, shape),
        measures.total_constrained(empty, one, shape),
        measures.singly_constrained(empty, one, one, shape),
        measures.cost_to_closest(empty, one),
        measures.balancing_cost(empty, one, one),
        measures.cumulative_interval(empty, one, (0, 30)),
        measures.doubly_constrained(empty, one, one, shape),
    ):
        assert len(access) == 0
    # a has people but reaches nothing; x is reached by nobody
    table = pd.DataFrame({"origin_id": ["a", "b"], "destination_id": ["x", "y"], "minutes": [math.inf, 10.0]})
    pairs, people, supply = measures.pairs(table), pd.Series({"a": 5.0, "b": 10.0}), pd.Series({"x": 7.0, "y": 4.0})
    for measure in (measures.two_step_fca, measures.three_step_fca, measures.balanced_fca):
        assert measure(pairs, supply, people, shape).to_dict() == {"a": 0, "b": pytest.approx(0.4)}
    assert measures.spatial_availability(pairs, supply, people, shape).to_dict() == {"a": 0, "b": 4}
    assert measures.balancing_cost(pairs, supply, people / 5).to_dict() == {"a": math.inf, "b": 10}
    assert measures.rational_agents(pairs, supply, people).to_dict()["a"] == math.inf


# ── equity ────────────────────────────────────────────────────────────────────────────────────────────────────────

AREAS = st.lists(
    st.tuples(st.sampled_from([0, 1, 2, 5, 5, 80]), st.integers(0, 12), st.sampled_from([100, 200, 200, 900, 1500])),
    min_size=2,
    max_size=8,
)


@settings(max_examples=200, deadline=None)
@given(AREAS)
def test_equity_measures_are_those_of_the_single_people(areas):
    assume(sum(people for _, people, _ in areas) > 1)
    values, people, income = (np.array(column, dtype=float) for column in zip(*areas, strict=True))
    each = np.repeat(values, people.astype(int))
    earned = np.repeat(income, people.astype(int))
    mean = each.mean()
    # Gini: half the relative mean difference
    expected = np.abs(each[:, None] - each[None, :]).mean() / (2 * mean) if mean > 0 else 0.0
    assert inequality.gini(values, people) == pytest.approx(expected, abs=1e-12)
    # concentration (Kakwani et al. 1997): 2 cov(a, R) / μ, R the fractional rank by income, its mean for equal incomes
    rank = np.array([(earned < one).mean() + (earned == one).mean() / 2 for one in earned])
    expected = 2 * ((each - mean) * (rank - rank.mean())).mean() / mean if mean > 0 else 0.0
    measure = inequality.concentration_index(values, people, income, "standard")
    assert measure == pytest.approx(expected, abs=1e-12)
    # Erreygers 2009: 4 μ C / (max − min)
    spread = each.max() - each.min()
    expected = 4 * mean / spread * expected if spread > 0 else 0.0
    assert inequality.concentration_index(values, people, income) == pytest.approx(expected, abs=1e-12)
    # Theil 1967: mean of (a/μ) ln (a/μ); between: the same of the groups' means; within: weighted by share of access
    if mean > 0:
        x = each / mean
        logs = np.where(x > 0, x * np.log(np.where(x > 0, x, 1)), 0.0)
        parts = inequality.theil_t(values, people, income)
        assert parts.total == pytest.approx(logs.mean(), abs=1e-12)
        between = within = 0.0
        for one in np.unique(earned):
            own = each[earned == one]
            share = own.sum() / each.sum()
            if own.mean() > 0:
                y = own / own.mean()
                between += share * np.log(own.mean() / mean)
                within += share * np.where(y > 0, y * np.log(np.where(y > 0, y, 1)), 0.0).mean()
        assert (parts.between, parts.within) == pytest.approx((between, within), abs=1e-12)
    # Foster, Greer & Thorbecke 1984: who has no more than z is poor
    for z in (1, 5, 7):
        gaps = np.where(each <= z, (z - each) / z, 0.0)
        expected = ((each <= z).mean(), gaps.mean(), (gaps**2).mean())
        assert inequality.poverty(values, people, z) == pytest.approx(expected)
        strictly = inequality.poverty(values, people, z, boundary="<")
        assert strictly == pytest.approx(((each < z).mean(), gaps.mean(), (gaps**2).mean()))
        dear = np.where(each >= z, (each - z) / z, 0.0)
        expected = ((each >= z).mean(), dear.mean(), (dear**2).mean())
        assert inequality.poverty(values, people, z, below=False) == pytest.approx(expected)
    # Palma: the richest tenth over the poorest two fifths, by income
    limits = np.quantile(earned, [0.4, 0.9], method="inverted_cdf")
    poor, rich = earned <= limits[0], earned > limits[1]
    measure = inequality.palma_ratio(values, people, income)
    if not rich.any():
        assert math.isnan(measure)
    elif each[poor].mean() > 0:
        assert measure == pytest.approx(each[rich].mean() / each[poor].mean())
    else:
        assert math.isinf(measure) if each[rich].mean() > 0 else math.isnan(measure)


def test_an_empty_id_is_refused_by_costs_too():
    table = pd.DataFrame({"origin_id": ["A", None], "destination_id": ["x", "x"], "minutes": [1.0, 1.0]})
    with pytest.raises(InputError, match="origin_id"):
        measures.cumulative_costs(table, pd.Series({"x": 1}), {"minutes": 5})
