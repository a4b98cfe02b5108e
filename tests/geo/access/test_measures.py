"""Access measures: published cases, closed forms, and what they keep."""

import json
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.access import decay, measures
from geo.errors import InputError

STEPS_30 = decay.stepped([10, 20, 30], [1, 0.68, 0.22])
STEPS_60 = decay.stepped([20, 40, 60], [1, 0.68, 0.22])
WAN = decay.stepped([10, 20, 30, 60], [0.962, 0.704, 0.377, 0.042])
INVERSE = decay.scaled_power(1, -1, 1e-9)


def toy(times, origins="abc", destinations="xyz"):
    """Return pairs from a matrix of minutes, one row per origin."""
    rows = [
        {"origin_id": origins[i], "destination_id": destinations[j], "minutes": t}
        for i, row in enumerate(times)
        for j, t in enumerate(row)
    ]
    return measures.pairs(pd.DataFrame(rows))


@pytest.fixture(scope="module")
def belo(shared):
    folder = shared / "conformance" / "ipea_belo_horizonte"
    return folder, pd.read_csv(folder / "land_use.csv").set_index("id")


def measured(case, folder, land_use):
    p, table = case["params"], pd.read_csv(folder / case["matrix"])
    value, people = land_use[p["opportunity"]], land_use["population"]
    if case["measure"] == "cumulative_cutoff_2costs":
        return measures.cumulative_costs(table, value, p["cutoffs"], "from_id", "to_id")
    table["travel_time"] += p.get("add_to_cost", 0)
    pairs = measures.pairs(table, "from_id", "to_id", "travel_time")
    shape = {
        "binary": lambda: decay.binary(p["cutoff"]),
        "constant": lambda: decay.constant(p["value"]),
        "exponential": lambda: decay.exponential(p["beta"]),
        None: lambda: None,
    }[p.get("decay")]()
    return {
        "2sfca": lambda: measures.two_step_fca(pairs, value, people, shape),
        "bfca": lambda: measures.balanced_fca(pairs, value, people, shape),
        "cumulative_cutoff": lambda: measures.cumulative(pairs, value, p["cutoff"]),
        "cumulative_cutoff_passive": lambda: measures.cumulative(pairs, value, p["cutoff"], passive=True),
        "cumulative_interval": lambda: measures.cumulative_interval(
            pairs, value, p["interval"], p["increment"], p["summary"]
        ),
        "cost_to_closest": lambda: measures.cost_to_closest(pairs, value, p["n"]),
        "gravity": lambda: measures.gravity(pairs, value, shape),
        "spatial_availability": lambda: measures.spatial_availability(pairs, value, people, shape, p["alpha"]),
        "balancing_cost": lambda: measures.balancing_cost(pairs, value, people, p["cost_increment"]),
    }[case["measure"]]()


def test_cases_of_belo_horizonte(belo):
    folder, land_use = belo
    cases = json.loads((folder / "cases.json").read_text())
    assert len(cases) == 25
    for case in cases:
        access = measured(case, folder, land_use)
        if case["params"].get("truncate"):
            access = np.trunc(access)
        expected = pd.Series({key: float(value) for key, value in case["expected"].items()})
        tolerance = case["abs_tol"] + 1e-9
        np.testing.assert_allclose(access[expected.index], expected, rtol=0, atol=tolerance, err_msg=case["case"])


def test_hospital_cases(shared):
    folder = shared / "conformance" / "pysal_hospital"
    tracts = pd.read_csv(folder / "tracts.csv").set_index("geoid")
    doctors, people = tracts["doc"], tracts["pop"]
    by_scenario = {}
    for case in json.loads((folder / "expected.json").read_text()):
        pairs = measures.pairs(pd.read_csv(folder / case["cost"]), "origin", "dest", "cost")
        two, three = measures.two_step_fca, measures.three_step_fca
        results = {
            "sfca2_inverse_cost_max61": two(pairs, doctors, people, decay.within(INVERSE, 61)),
            "sfca3_inverse_cost_max61": three(pairs, doctors, people, INVERSE, 61),
            "sfca2_plain_max30": two(pairs, doctors, people, decay.binary(30)),
            "sfca2_plain_max40": two(pairs, doctors, people, decay.binary(40)),
            "e2sfca_default_10_1_20_068_30_022": two(pairs, doctors, people, STEPS_30),
            "e2sfca_20_1_40_068_60_022": two(pairs, doctors, people, STEPS_60),
            "sfca3_default_steps_10_0962_20_0704_30_0377_60_0042": three(pairs, doctors, people, WAN),
        }
        for name, values in results.items():
            np.testing.assert_allclose(values, list(case[name].values()), rtol=0, atol=1e-9, err_msg=name)
        by_scenario[case["scenario"]] = results["sfca2_inverse_cost_max61"].to_numpy()
    # costs that differ by direction: these orderings catch a demand side that uses the wrong one
    for scenario, signs in ((1, (1, 1, -1)), (2, (-1, -1, 1)), (3, (1, 1, -1))):
        assert (np.sign(by_scenario[scenario] - by_scenario[0]) == signs).all()


def test_grid_cases(shared):
    folder = shared / "conformance" / "pysal_grid5x5"
    pairs = measures.pairs(pd.read_csv(folder / "cost.csv"), "origin", "dest", "cost")
    expected = json.loads((folder / "expected.json").read_text())
    one = pd.Series(1.0, index=range(1, 26))
    for name, values in {
        "weighted_catchment_gravity_scale60_alpha1_from_test": measures.gravity(pairs, one, decay.scaled_power(60, 1)),
        "sfca2_max1_5": measures.two_step_fca(pairs, one, one, decay.binary(1.5, "<")),
        "e2sfca_1_1_2_068_3_022": measures.two_step_fca(pairs, one, one, decay.stepped([1, 2, 3], [1, 0.68, 0.22])),
    }.items():
        wanted = pd.Series({int(key): value for key, value in expected[name].items()})
        np.testing.assert_allclose(values[wanted.index], wanted, rtol=0, atol=1e-8)
    five, rules = one.loc[[2, 7, 11, 19, 24]], expected["rules"]
    everywhere = measures.two_step_fca(pairs, one, five, decay.constant())
    assert everywhere.loc[five.index].to_numpy() == pytest.approx(rules["demand_5_of_25_no_cutoff_2sfca"])
    near = measures.two_step_fca(pairs, one, five, decay.binary(0.9))
    assert near.loc[five.index].to_numpy() == pytest.approx(rules["demand_5_of_25_cutoff_0_9_2sfca"])
    alone = measures.rational_agents(pairs, one, one.loc[[8]])
    assert alone.loc[8] == pytest.approx(rules["single_demand_raam_equals_sum_supply"])
    halved = measures.gravity(pairs, one, lambda t: 0.5 * decay.binary(0.5)(t))
    assert (halved == rules["weighted_catchment_cutoff_0_5_weight_0_5"]).all()
    assert (measures.gravity(pairs, one, decay.binary(10)) == rules["weighted_catchment_cutoff_10_weight_1"]).all()


def test_spatial_availability_of_the_paper(shared):
    folder = shared / "conformance" / "soukhov2023_spatial_availability"
    land_use = pd.read_csv(folder / "land_use.csv", dtype={"id": str}).set_index("id")
    table = pd.read_csv(folder / "travel_matrix.csv", dtype={"to_id": str})
    pairs = measures.pairs(table, "from_id", "to_id", "travel_time")
    expected = json.loads((folder / "expected.json").read_text())["exact"]
    jobs, people, shape = land_use["jobs"], land_use["population"], decay.exponential(0.1)
    access = measures.spatial_availability(pairs, jobs, people, shape)
    assert access.to_dict() == pytest.approx(expected, rel=1e-9)
    assert access.sum() == pytest.approx(jobs.sum())
    pd.testing.assert_series_equal(access, measures.singly_constrained(pairs, jobs, people, shape))


def test_provider_rules_of_oeps(shared):
    folder = shared / "conformance" / "oeps_county_moud_2020"
    tracts = pd.read_csv(folder / "tract_access_2020.csv.gz", dtype={"GEOID": str})
    expected = pd.read_csv(folder / "expected_county_2020.csv", dtype={"FIPS": str}).set_index("FIPS")
    times = tracts.rename(columns={"GEOID": "origin_id"}).assign(
        destination_id="nearest", minutes=tracts["metTime"].fillna(np.inf)
    )
    within_30 = measures.cumulative(measures.pairs(times), pd.Series({"nearest": 1.0}), 30)
    assert len(within_30) == len(tracts)  # tracts that reach nothing stay, with 0
    by_county = within_30.groupby(within_30.index.str[:5])
    published = expected["MetCtTmDr"].dropna()
    assert (by_county.sum()[published.index] == published).all()
    share = by_county.mean()[published.index]
    assert (share - expected.loc[published.index, "MetTmDrP"]).abs().max() < 0.0101


def test_constrained_family_keeps_totals():
    # the 3 × 3 example of the accessibility package's documentation
    pairs = toy([[10, 30, 15], [30, 10, 25], [15, 25, 10]], "123", "123")
    people, jobs = (pd.Series(v, index=list("123"), dtype=float) for v in ([4, 10, 6], [160, 150, 180]))
    shape = decay.exponential(0.1)
    for passive, amounts in ((False, jobs), (True, people)):
        assert measures.total_constrained(pairs, amounts, shape, passive).sum() == pytest.approx(amounts.sum())
        access = measures.singly_constrained(pairs, jobs, people, shape, passive)
        assert access.sum() == pytest.approx(amounts.sum())
    seats = pd.Series([7.0, 5.0, 8.0], index=list("123"))
    flows = measures.doubly_constrained(pairs, seats, people, decay.power(3))
    assert flows.groupby("origin_id")["flow"].sum().to_dict() == pytest.approx(people.to_dict())
    assert flows.groupby("destination_id")["flow"].sum().to_dict() == pytest.approx(seats.to_dict())
    # T_ij / (O_i D_j f_ij) splits into a factor of the origin and one of the destination
    core = flows["flow"] / (flows["origin_id"].map(people) * flows["destination_id"].map(seats))
    weight = decay.power(3)(pairs.cost)
    assert (core / weight).to_numpy() == pytest.approx((flows["a"] * flows["b"]).to_numpy())
    with pytest.raises(InputError, match="equal totals"):
        measures.doubly_constrained(pairs, jobs, people, shape)


def test_three_step_by_hand():
    # one origin of 10 people; x at 5 min (weight 1), y at 15 (0.68): shares 1/1.68 and 0.68/1.68
    pairs = toy([[5, 15]], "a", "xy")
    people, supply = pd.Series({"a": 10.0}), pd.Series({"x": 2.0, "y": 3.0})
    # alone, a person's ratio is supply ÷ (10 · G · f), and G · f cancels: access = (2 + 3) / 10
    assert measures.three_step_fca(pairs, supply, people, STEPS_30)["a"] == pytest.approx(0.5)


def test_rational_agents_reach_equilibrium():
    # two places of equal supply, both people 30 min from x and 60 from y; τ = 60, ρ·S = 50 each.
    # Even costs: 0.5 + n/50 = 1 + (100 − n)/50 → n = 62.5 → all in all (0.5 + 1.25) = 1.75, to one person
    pairs = toy([[30, 60]], "a", "xy")
    access = measures.rational_agents(pairs, pd.Series({"x": 1.0, "y": 1.0}), pd.Series({"a": 100.0}))
    assert access["a"] == pytest.approx(1.75)


def test_rational_agents_leave_no_origin_without_a_value(belo):
    folder, land_use = belo
    pairs = measures.pairs(pd.read_csv(folder / "travel_matrix.csv.gz"), "from_id", "to_id", "travel_time")
    access = measures.rational_agents(pairs, land_use["jobs"], land_use["population"])
    assert len(access) == 898
    assert (access > 0).all()
    some = measures.cumulative(pairs, land_use["jobs"], 1e6) > 0
    assert (np.isfinite(access) == some).all()


@given(
    times=st.lists(st.lists(st.integers(0, 90), min_size=4, max_size=4), min_size=2, max_size=5),
    supply=st.lists(st.integers(0, 50), min_size=4, max_size=4),
    data=st.data(),
)
def test_more_supply_never_lowers_and_more_demand_never_raises(times, supply, data):
    origins = "abcde"[: len(times)]
    pairs = toy(times, origins, "wxyz")
    people = pd.Series(
        data.draw(st.lists(st.integers(1, 100), min_size=len(times), max_size=len(times))), list(origins)
    )
    offered = pd.Series(supply, list("wxyz"))
    shape = decay.within(decay.logistic(30, 10), 60)
    place, home = data.draw(st.sampled_from("wxyz")), data.draw(st.sampled_from(origins))
    more, crowd = offered.copy(), people.copy()
    more[place] += 5
    crowd[home] += 50
    base = measures.two_step_fca(pairs, offered, people, shape)
    assert (measures.two_step_fca(pairs, more, people, shape) >= base - 1e-12).all()
    assert (measures.two_step_fca(pairs, offered, crowd, shape) <= base + 1e-12).all()
    assert (measures.gravity(pairs, more, shape) >= measures.gravity(pairs, offered, shape)).all()
    # everything that any demand reaches is shared out: Σ P A = Σ S
    reached = pd.Series(shape(pairs.cost)).groupby(pairs.destination).sum() > 0
    assert (base * people).sum() == pytest.approx(offered.to_numpy()[reached.to_numpy()].sum())


def test_order_of_rows_changes_no_bit(belo):
    folder, land_use = belo
    table = pd.read_csv(folder / "tm_o2.csv")
    shuffled = table.sample(frac=1, random_state=1)
    shape = decay.gaussian(20)
    one, other = (measures.pairs(t, "from_id", "to_id", "travel_time") for t in (table, shuffled))
    for measure in (measures.two_step_fca, measures.balanced_fca, measures.three_step_fca):
        first = measure(one, land_use["jobs"], land_use["population"], shape)
        pd.testing.assert_series_equal(
            first, measure(other, land_use["jobs"], land_use["population"], shape), check_exact=True
        )


def test_unreachable_stays_in_the_result():
    pairs = toy([[5, math.inf], [math.inf, math.inf]], "ab", "xy")
    one = pd.Series({"x": 1.0, "y": 1.0})
    assert measures.cumulative(pairs, one, 30).to_dict() == {"a": 1, "b": 0}
    assert measures.cost_to_closest(pairs, one).to_dict() == {"a": 5, "b": math.inf}
    assert measures.cost_to_closest(pairs, one, 2).to_dict() == {"a": math.inf, "b": math.inf}
    assert measures.balancing_cost(pairs, one * 3, pd.Series({"a": 2, "b": 1})).to_dict() == {"a": 5, "b": math.inf}


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda _p, _s: measures.pairs(pd.DataFrame({"origin_id": ["a"]})), "no column 'destination_id'"),
        (lambda _p, _s: toy([[1, -2]]), "from 0 up"),
        (lambda _p, _s: toy([[1, math.nan]]), "from 0 up"),
        (lambda _p, _s: toy([[1], [2]], "aa", "x"), "more than once"),
        (lambda p, s: measures.gravity(p, -s, decay.binary(5)), "from 0 up"),
        (
            lambda p, s: measures.gravity(p, s.rename({"x": "q", "y": "r"}), decay.binary(5)),
            "None of the opportunities",
        ),
        (lambda p, s: measures.gravity(p, s.astype(str), decay.binary(5)), "numeric Series"),
        (lambda p, s: measures.gravity(p, pd.concat([s, s]), decay.binary(5)), "more than once"),
        (lambda p, s: measures.cumulative(p, s, 5, "=="), "boundary"),
        (lambda p, s: measures.cumulative_interval(p, s, (50, 40)), "ascend"),
        (lambda p, s: measures.cost_to_closest(p, s, 0), "above 0"),
        (lambda p, s: measures.rational_agents(p, s, s.rename({"x": "a", "y": "b"}), tau=0), "tau"),
        (
            lambda p, s: measures.spatial_availability(p, s, s.rename({"x": "a", "y": "b"}), decay.binary(5), -1),
            "alpha",
        ),
    ],
)
def test_errors_are_one_sentence(call, words):
    pairs, supply = toy([[1, 2], [3, 4]], "ab", "xy"), pd.Series({"x": 1.0, "y": 2.0})
    with pytest.raises(InputError, match=words) as caught:
        call(pairs, supply)
    assert "\n" not in str(caught.value)


@given(
    ids=st.lists(st.integers(-(2**62), 2**62) | st.integers(-9, 9), min_size=1, max_size=12, unique=True),
    dtype=st.sampled_from(["int64", "Int64", "object"]),
    seed=st.integers(0, 99),
)
def test_ids_of_any_kind_are_coded_in_ascending_order(ids, dtype, seed):
    """Whole numbers near and far apart, negative ones, and the same kept as objects."""
    random = np.random.default_rng(seed)
    every = [(a, b) for a in ids for b in ids]
    chosen = random.permutation(len(every))[: random.integers(1, len(every) + 1)]
    table = pd.DataFrame([every[k] for k in chosen], columns=["origin_id", "destination_id"]).astype(dtype)
    pairs = measures.pairs(table.assign(minutes=chosen.astype(float)))
    assert pairs.origins.tolist() == sorted({every[k][0] for k in chosen})
    assert pairs.destinations.tolist() == sorted({every[k][1] for k in chosen})
    coded = list(zip(pairs.origins[pairs.origin], pairs.destinations[pairs.destination], pairs.cost, strict=True))
    assert coded == sorted((*every[k], float(k)) for k in chosen)
