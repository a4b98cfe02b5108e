"""The best choice of sites equals brute force; greedy choices and bounds keep what is proven of them."""

import itertools
import time
from collections.abc import Callable

import numpy as np
import pytest
import scipy.sparse
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import OptimizeResult, milp

from geo.equity.inequality import palma_ratio
from geo.errors import InputError
from geo.siting import exact
from geo.siting.choice import NEAR, Choice, gain_curve, near_ties
from geo.siting.exact import Best, _floor, _planes, ask_highs
from geo.siting.greedy import Means, greedy
from geo.siting.objectives import Access, Evenness, MeanScore, Objective, Reached, Served, WorstOff, evenness_of

FEW = settings(max_examples=25)
"""Each example asks HiGHS several times."""
KINDS = ("reached", "served", "mean", "worst", "even")


def drawn(kind: str, seed: int, cells: int = 9, candidates: int = 7) -> Objective:
    """Draw an objective of some kind; numbers are few, so that ties abound."""
    random = np.random.default_rng(seed)
    people = random.integers(0, 6, cells) * 11.0
    people[0] = 11.0
    near = scipy.sparse.csc_array(random.random((cells, candidates)) < random.choice([0.15, 0.4]))
    if kind == "reached":
        return Reached(near, people)
    if kind == "served":
        return Served(near, people, random.integers(0, 5, candidates) * 20.0)
    added = random.integers(0, 4, (cells, candidates)) / 3.0 * (random.random((cells, candidates)) < 0.6)
    there = random.integers(0, 3, cells) / 4.0 * (random.random(cells) < 0.5)
    access = Access(there, added)
    if kind == "mean":
        return MeanScore(access, people)
    if kind == "worst":
        return WorstOff(access, people)
    rich, poor = np.zeros(cells), np.zeros(cells)
    rich[: cells // 3], poor[cells // 3 :] = 1 / (cells // 3), 1 / (cells - cells // 3)
    return Evenness(Access(there + 0.01, added), rich, poor)


def best_choice(objective: Objective, means: Means, seconds: float = 30.0) -> Choice:
    return gain_curve(objective, means, seconds)[-1]


def best_so_far(objective: Objective, means: Means) -> Best:
    """Return where the search begins that HiGHS goes on with: at the greedy choice."""
    path = greedy(objective, means)
    return Best(objective, means, path.sites, objective.value(path.sites), path.bound(means), time.monotonic() + 30)


def brute(objective: Objective, means: Means) -> float:
    """Return the best value of all choices that may be built."""
    sets = (s for k in range(means.sites + 1) for s in itertools.combinations(range(objective.candidates), k))
    return max(objective.value(sites) for sites in sets if means.allow(sites))


@pytest.mark.parametrize("kind", KINDS)
@FEW
@given(seed=st.integers(0, 10_000), sites=st.integers(1, 4), budget=st.sampled_from([None, 0.0, 3.0, 7.0]))
def test_equals_brute_force(kind: str, seed: int, sites: int, budget: float | None) -> None:
    objective = drawn(kind, seed)
    costs = np.random.default_rng(seed).integers(0, 5, objective.candidates).astype(float)
    means = Means(sites, costs, budget)
    choice, optimum = best_choice(objective, means), brute(objective, means)
    assert means.allow(choice.sites)
    assert choice.exact
    assert choice.value == pytest.approx(optimum, rel=1e-9, abs=1e-9)
    assert choice.value == pytest.approx(objective.value(choice.sites), rel=1e-12)
    best = best_so_far(objective, means)
    ask_highs(best)
    assert means.allow(best.sites)
    assert best.closed
    assert best.value == pytest.approx(optimum, rel=3e-6, abs=1e-9)


@pytest.mark.parametrize("kind", ["reached", "served", "mean"])
@FEW
@given(seed=st.integers(0, 10_000), sites=st.integers(1, 5))
def test_greedy_keeps_its_share_and_no_choice_exceeds_the_bound(kind: str, seed: int, sites: int) -> None:
    objective, means = drawn(kind, seed), Means(sites)
    path = greedy(objective, means)
    chosen, bound = path.sites, path.bound(means)
    before, optimum = objective.value(()), brute(objective, means)
    assert objective.value(chosen) - before >= (1 - 1 / np.e) * (optimum - before) - 1e-9
    assert bound >= optimum - 1e-9 * max(optimum, 1)


@pytest.mark.parametrize("kind", KINDS)
@FEW
@given(seed=st.integers(0, 10_000), budget=st.sampled_from([None, 5.0]))
def test_a_bound_without_time_is_still_one(kind: str, seed: int, budget: float | None) -> None:
    objective = drawn(kind, seed)
    costs = np.random.default_rng(seed).integers(1, 5, objective.candidates).astype(float)
    means = Means(3, costs, budget)
    choice, optimum = best_choice(objective, means, seconds=0), brute(objective, means)
    assert choice.value <= optimum + 1e-9 * max(abs(optimum), 1)
    assert choice.bound >= optimum - 3e-6 * max(abs(optimum), 1e-9)


@pytest.mark.parametrize("kind", KINDS)
@given(seed=st.integers(0, 10_000))
def test_values_with_one_more_are_those_of_the_sets(kind: str, seed: int) -> None:
    objective = drawn(kind, seed)
    sites, more = [1, 4], np.array([0, 2, 6])
    direct = [objective.value([*sites, one]) for one in more]
    assert objective.values_with(sites, more) == pytest.approx(direct, abs=1e-9)


@given(seed=st.integers(0, 10_000))
def test_a_site_never_lowers_anyone(seed: int) -> None:
    objective = drawn("mean", seed)
    assert isinstance(objective, MeanScore)
    before = objective.access.scores([0, 3])
    after = objective.access.scores_with([0, 3], np.arange(objective.candidates))
    assert (after >= before[:, None] - 1e-12).all()


@given(seed=st.integers(0, 10_000), share=st.floats(0, 1))
def test_planes_hold_everywhere_and_are_exact_where_they_touch(seed: int, share: float) -> None:
    objective = drawn("mean", seed)
    assert isinstance(objective, MeanScore)
    random = np.random.default_rng(seed)
    whole = (random.random(objective.candidates) < 0.5).astype(float)
    sets = [s for k in range(8) for s in itertools.combinations(range(objective.candidates), k)]
    marks = np.array([[float(j in s) for j in range(objective.candidates)] for s in sets])
    values = np.array([objective.value(s) for s in sets])
    for built in (whole, np.full(objective.candidates, share)):
        above = _planes(objective.access, built, objective.share[None])
        below = _floor(objective.access, built, objective.share)
        assert (above.height[0] + marks @ above.slope[0] >= values - 1e-9).all()
        assert (below.height[0] + marks @ below.slope[0] <= values + 1e-9).all()
    for plane in (
        _planes(objective.access, whole, objective.share[None]),
        _floor(objective.access, whole, objective.share),
    ):
        there = plane.height[0] + whole @ plane.slope[0]
        assert there == pytest.approx(objective.value(np.flatnonzero(whole).tolist()), abs=1e-9)


@given(seed=st.integers(0, 10_000))
def test_candidates_are_dominated_by_those_that_reach_more(seed: int) -> None:
    objective = drawn("reached", seed, cells=4)
    assert isinstance(objective, Reached)
    cells = [frozenset(column.nonzero()[0]) for column in (objective.near.toarray()[objective.people > 0] > 0).T]
    expected = [n for n, one in enumerate(cells) if one not in cells[:n] and not any(one < other for other in cells)]
    assert objective.undominated.tolist() == expected


@given(seed=st.integers(0, 10_000))
def test_capacity_holds_at_every_site_and_cell(seed: int) -> None:
    objective = drawn("served", seed)
    assert isinstance(objective, Served)
    sites = [0, 2, 5]
    value = objective.value(sites)
    near = objective.near.toarray()
    in_reach = objective.people[near[:, sites].any(axis=1)].sum()
    assert value <= min(objective.capacity[sites].sum(), in_reach) + 1e-9
    cuts = [  # the largest flow is the least cut (Ford & Fulkerson 1956)
        objective.capacity[[s for s in sites if s not in kept]].sum()
        + objective.people[near[:, list(kept)].any(axis=1)].sum()
        for k in range(4)
        for kept in itertools.combinations(sites, k)
    ]
    assert value == pytest.approx(min(cuts), abs=1e-9)


@given(seed=st.integers(0, 10_000))
def test_evenness_is_the_palma_ratio_of_the_equity_room(seed: int) -> None:
    random = np.random.default_rng(seed)
    access = Access(random.random(20), random.random((20, 3)))
    people, income = random.integers(0, 9, 20) * 1.0 + 1, random.integers(1, 9, 20) * 1000.0
    try:
        objective = evenness_of(access, people, income)
    except InputError:
        return
    assert -objective.value([1]) == pytest.approx(palma_ratio(access.scores([1]), people, income))


def test_the_worst_off_are_a_tenth_of_people_and_not_of_cells() -> None:
    access = Access(np.array([0.0, 0.0, 1.0]), np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]))
    objective = WorstOff(access, np.array([5.0, 15.0, 80.0]))
    assert objective.lowest(()) == 0.0
    full = 100 * (1 - np.exp(-1))
    assert objective.lowest([0]) == 0.0  # of the 10, all can be those who still have nothing
    assert objective.lowest([1]) == pytest.approx(full / 2)
    assert best_choice(objective, Means(1)).sites == (1,)


@pytest.mark.parametrize("kind", KINDS)
def test_a_curve_never_falls_and_ends_at_the_choice(kind: str) -> None:
    objective = drawn(kind, 5)
    curve = gain_curve(objective, Means(4))
    values = [choice.value for choice in curve]
    assert values == sorted(values)
    assert [len(choice.sites) <= number + 1 for number, choice in enumerate(curve)] == [True] * 4
    assert values[-1] == pytest.approx(best_choice(objective, Means(4)).value)


@pytest.mark.parametrize("kind", KINDS)
@FEW
@given(seed=st.integers(0, 10_000))
def test_near_ties_are_all_that_lose_little(kind: str, seed: int) -> None:
    objective, means = drawn(kind, seed), Means(2)
    choice = best_choice(objective, means)
    least = choice.value - NEAR * (choice.value - choice.before)
    for site, ties in zip(choice.sites, near_ties(objective, means, choice), strict=True):
        others = [one for one in choice.sites if one != site]
        direct = [
            one
            for one in range(objective.candidates)
            if one == site or (one not in others and objective.value([*others, one]) >= least)
        ]
        assert ties.tolist() == direct


def test_few_candidates_of_many_cells_are_settled() -> None:
    """HiGHS would be asked nearly as often as there are choices, so all are tried."""
    random = np.random.default_rng(4)
    access = Access(2 + random.random(600), random.random((600, 8)))
    assert best_choice(MeanScore(access, random.integers(11, 90, 600) * 1.0), Means(3), seconds=10).exact


def test_a_ratio_without_any_bound_claims_none() -> None:
    choice = best_choice(drawn("even", 3), Means(3), seconds=0)
    assert not choice.exact
    assert np.isnan(choice.gap)


def test_a_ratio_to_nothing_is_refused() -> None:
    objective = drawn("even", 3)
    assert isinstance(objective, Evenness)
    with pytest.raises(InputError, match="The poorest four tenths have nothing of this class in reach"):
        Evenness(Access(np.zeros(9), objective.access.added), objective.rich, objective.poor)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(4))
def test_no_more_is_claimed_than_highs_has_proven(kind: str, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def hurried(*problem: object, **more: object) -> OptimizeResult:
        """Answer as HiGHS does whose time is over: with a choice that may be built, and with a bound far above."""
        result = milp(*problem, **more)
        result.status = 1
        if result.mip_dual_bound is not None:
            result.mip_dual_bound -= 1e3
        return result

    monkeypatch.setattr(exact, "milp", hurried)
    objective = drawn(kind, seed)
    best = best_so_far(objective, Means(2))
    best.bound, best.deadline = np.inf, time.monotonic() + 0.3
    ask_highs(best)
    assert not best.closed


@pytest.mark.parametrize("kind", ["mean", "worst"])
def test_planes_are_drawn_once_a_round(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    counts = {"planes": 0, "rounds": 0}

    def counted(name: str) -> Callable[..., object]:
        function = {"planes": exact._planes, "rounds": exact.milp}[name]

        def run(*values: object, **more: object) -> object:
            counts[name] += 1
            return function(*values, **more)

        return run

    monkeypatch.setattr(exact, "_planes", counted("planes"))
    monkeypatch.setattr(exact, "milp", counted("rounds"))
    best = best_so_far(drawn(kind, 4), Means(3))
    best.bound = np.inf
    ask_highs(best)
    assert best.closed
    assert 1 < counts["planes"] <= counts["rounds"] + 1


@pytest.mark.parametrize("kind", ["reached", "worst", "even"])
def test_no_choice_of_the_user_is_better_than_the_best(kind: str) -> None:
    """Without time only greedy choices are known; one's own may be better, and then is where the search begins."""
    better = 0
    for seed in range(25):
        objective, means = drawn(kind, seed), Means(3)
        sets = itertools.combinations(range(objective.candidates), 3)
        own = max(sets, key=objective.value)
        better += objective.value(own) > best_choice(objective, means, seconds=0).value * (1 + 1e-9)
        curve = gain_curve(objective, means, seconds=0, own=own)
        assert curve[-1].value >= objective.value(own) - 1e-9 * abs(curve[-1].value)
        assert all(len(choice.sites) <= count for count, choice in enumerate(curve, 1))
    assert better


def test_of_equal_candidates_the_first_is_chosen() -> None:
    near = scipy.sparse.csc_array(np.array([[False, True, True, False], [True, False, False, True]]))
    assert best_choice(Reached(near, np.array([20.0, 20.0])), Means(2)).sites == (0, 1)
