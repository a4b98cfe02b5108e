"""Gaps: closed forms, and that no difference of published counts gives a small one back."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.equity import areas, gaps
from geo.equity.evenness import evenness
from geo.errors import InputError
from geo.score.parameters import load_parameters
from geo.tables import DIMENSIONS

PARAMETERS = load_parameters()
CLASSES = [*(rule.name for rule in PARAMETERS.classes), "meetings"]
NO_PLACES = pd.DataFrame({"name": [], "lon": [], "lat": []})


def surface(total, **columns):
    """Return a surface on which every dimension and class is as good as the total, but for the columns given."""
    table = pd.DataFrame({"total": np.asarray(total, dtype=float)})
    for name in (*DIMENSIONS, *(f"class_{c}" for c in CLASSES)):
        table[name] = table["total"]
    return table.assign(**columns)


def test_people_below_are_counted_by_area_and_the_worst_comes_first():
    table = surface([10, 50, 30, 90, np.nan], community=[80, 20, 1, 95, np.nan], class_meetings=[90, 10, 0, 99, np.nan])
    people, where = pd.Series([100, 20, 40, 60, 11]), pd.Series(["a", "a", "b", "b", "b"])
    areas = gaps.gaps_by_area(table, people, where, PARAMETERS, "total", 40).set_index("area_id")
    assert areas.index.tolist() == ["a", "b"]
    assert areas["people"].tolist() == [120, 100]
    assert areas["people_below"].tolist() == [100, 40]
    assert areas["percent_below"].tolist() == pytest.approx([100 / 1.2, 40])
    assert areas["mean"].tolist() == pytest.approx([2000 / 120, (1200 + 5400) / 100])
    assert areas["people_unscored"].tolist() == [0, 11]
    assert areas.loc["b", ["dimension", "class_name"]].tolist() == ["community", "meetings"]
    whole = gaps.gap_of_all(table, people, PARAMETERS, "total", 40)
    assert (whole["people"], whole["people_below"], whole["people_unscored"]) == (220, 140, 11)
    by_class = gaps.gaps_by_area(table, people, where, PARAMETERS, "class_meetings", 40).set_index("area_id")
    assert by_class["people_none"].tolist() == [40, 0]
    assert set(by_class["class_name"]) == {"meetings"}


def test_the_middle_of_an_area_is_that_of_its_people():
    cells = pd.DataFrame({"lon": [-84.0, -83.0, -80.0], "lat": [39.0, 40.0, 41.0]})
    middles = gaps.centers(cells, pd.Series([33, 11, 5]), pd.Series(["a", "a", "b"]), ["b", "a"])
    assert middles["area_id"].tolist() == ["a"]  # of b nobody is counted
    assert middles[["lon", "lat"]].to_numpy().tolist() == [[-83.75, 39.25]]


def test_without_any_number_there_is_nothing_to_say():
    table, people = surface([np.nan, np.nan]), pd.Series([50, 50])
    assert gaps.gap_of_all(table, people, PARAMETERS)["people_unscored"] == 100
    assert gaps.gap_of_all(table, pd.Series([5, 0]), PARAMETERS) == {}
    assert evenness(table, pd.DataFrame({"population": people}), pd.Series(["a", "b"])) is None


def test_what_holds_back_is_the_class_that_loses_most_points_of_the_weakest_dimension():
    table = surface([50.0], health=[20.0], class_pharmacy=[0.0], class_substance_use_clinic=[30.0])
    weights = {rule.name: rule.weight for rule in PARAMETERS.classes if rule.dimension == "health"}
    lost = {name: weight * (100 - table[f"class_{name}"][0]) for name, weight in weights.items()}
    held_back = gaps.limits(table, PARAMETERS)
    assert held_back["dimension"].tolist() == ["health"]
    assert held_back["class_name"].tolist() == [max(lost, key=lost.__getitem__)]
    assert gaps.limits(table, PARAMETERS, "home")["dimension"].tolist() == ["home"]
    assert gaps.limits(table, PARAMETERS, "class_jobs").to_numpy().tolist() == [["purpose", "jobs"]]


def test_no_data_is_not_the_same_as_nothing_in_reach():
    table = surface([50, 50, 50], class_jobs=[0.0, np.nan, 3.0], home=[1.0, np.nan, 20.0])
    for measure in ("class_jobs", "home"):
        assert gaps.nothing_in_reach(table, measure, PARAMETERS).tolist() == [True, False, False]
    assert not gaps.nothing_in_reach(surface([1.0]), "total", PARAMETERS).any()


CELLS = st.lists(
    st.tuples(
        st.one_of(st.integers(0, 12), st.integers(0, 400)),  # residents: many cells with few
        st.sampled_from([5.0, 15.0, 35.0, 55.0, 95.0, np.nan]),
        st.sampled_from([5.0, 35.0, 55.0]),
        st.sampled_from("ab"),
        st.sampled_from("xyz"),
    ),
    min_size=2,
    max_size=6,
)


@settings(max_examples=25, deadline=None)
@given(CELLS)
def test_no_difference_of_published_counts_gives_a_small_count_back(cells):
    """Whoever has every table, of two measures and two kinds of areas at any threshold, solves for any set of cells."""
    people, total, health, coarse, fine = (pd.Series(list(column)) for column in zip(*cells, strict=True))
    table = surface(total, health=health.to_numpy())
    believed, published = [], []
    for where, measure, threshold in itertools.product((coarse, fine), ("total", "health"), (10, 40)):
        rows = gaps.gaps_by_area(table, people, where, PARAMETERS, measure, threshold).set_index("area_id")
        scored, below = table[measure].notna(), table[measure] < threshold
        for area in rows.index:
            for column, meant in (("people", scored), ("people_below", below), ("people_unscored", ~scored)):
                believed.append(((where == area) & meant).to_numpy(dtype=float))
                published.append(float(rows.loc[area, column]))
    for low, measure in itertools.product((0, 5), ("total", "health")):
        step = gaps.spread(table, people, measure).iloc[low]
        believed.append(((table[measure] >= step["low"]) & (table[measure] < step["high"])).to_numpy(dtype=float))
        published.append(float(step["people"]))
    known, numbers = np.array(believed), np.array(published)
    for chosen in itertools.product((0.0, 1.0), repeat=len(cells)):
        way = np.linalg.lstsq(known.T, np.array(chosen), rcond=None)[0]
        if np.allclose(known.T @ way, chosen, atol=1e-8):
            derived = float(way @ numbers)
            assert derived < 0.5 or derived > gaps.LEAST - 0.5


def test_people_left_out_of_counts_are_told_as_a_share():
    assert gaps.share_left_out(pd.Series([5, 95, np.nan])) == pytest.approx(0.05)
    assert gaps.share_left_out(pd.Series([np.nan])) == 0


def zones(**columns):
    table = pd.DataFrame(columns)
    return table if "population" in table else table.assign(population=1000.0)


def test_groups_are_told_in_whole_percents_and_only_where_they_are_large():
    table = surface([20, 80])
    who = zones(
        workers_low_wage=[900, 600], workers_mid_wage=[0, 0], workers_high_wage=[500, 1500],
        people_white=[1000, 1000], people_black=[1000, 99], no_car_percent=[50.0, 62.0],
    )  # fmt: skip
    groups = gaps.left_out(table, who, "total", 40).set_index(["kind", "group"])
    assert groups.loc[("pay", "low_wage")].tolist() == ["workers", 1500, 60, 44]
    assert groups.loc[("pay", "high_wage"), "percent_below"] == 25
    assert groups.loc[("pay", "mid_wage"), "size"] == 0
    assert groups.loc[("race", "black"), "size"] == 1100
    assert np.isnan(groups.loc[("race", "black"), "percent_below"])  # 1,099 people: a percent would be under 11
    assert groups.loc[("car", "no_car"), ["size", "percent_below"]].tolist() == [1100, 45]
    assert gaps.left_out(table, zones(), "total", 40).empty


def test_fifths_by_income_are_of_people_not_of_areas():
    table = surface([10, 20, 60, 80, 90])
    groups = gaps.left_out(table, zones(income_usd=[10, 20, 30, 40, 50.0], population=[2000] * 5), "total", 40)
    assert groups["group"].tolist() == list(gaps.FIFTHS)
    assert groups["size"].tolist() == [2000] * 5
    assert groups["percent_below"].tolist() == [100, 100, 0, 0, 0]


def test_evenness_in_closed_form():
    table = surface([20, 60])
    shared = evenness(table, zones(income_usd=[10.0, 90.0], population=[100, 100]), pd.Series(["a", "b"]))
    assert (shared.mean, shared.gini, shared.apart, shared.between) == pytest.approx((40, 0.25, 20, 1))
    assert shared.ranked_by == "income"
    assert shared.concentration == pytest.approx(0.25)
    by_pay = zones(workers_low_wage=[50, 0], workers_mid_wage=[0, 0], workers_high_wage=[0, 50])
    assert evenness(table, by_pay, pd.Series(["a", "b"])).ranked_by == "pay"
    alike = evenness(surface([30, 30]), zones(population=[50, 50]), pd.Series(["a", "b"]))
    assert (alike.gini, alike.apart, alike.between, alike.ranked_by) == (0, 0, 0, None)


def test_what_of_theil_lies_between_areas_is_as_theil_defines_it():
    """T = Σ share·(y/μ)·ln(y/μ); between areas, of which s of all points and p of all people are: Σ s·ln(s/p)."""
    points, people, where = [10.0, 30.0, 60.0, 0.0, 90.0], [100, 100, 200, 50, 5], ["a", "a", "b", "", ""]
    shared = evenness(surface(points), zones(population=people), pd.Series(where))
    whole, everyone = 10 * 100 + 30 * 100 + 60 * 200, 450  # the last has too few people to be counted
    mean = whole / everyone
    theil = sum(n / everyone * y / mean * np.log(y / mean) for y, n in ((10, 100), (30, 100), (60, 200)))
    between = sum(s / whole * np.log((s / whole) / (p / everyone)) for s, p in ((4000, 200), (12000, 200)))
    assert (shared.theil, shared.between) == pytest.approx((theil, between / theil))


def test_areas_by_geoid_by_name_and_by_square():
    cells = pd.DataFrame({"id": ["210370501001000", "210370502002001"], "lon": [-84.5, -84.4], "lat": [39.0, 39.1]})
    assert areas.levels(cells["id"].tolist(), NO_PLACES) == ("tract", "block_group", "county")
    assert areas.area_ids(cells, "tract", NO_PLACES).tolist() == ["21037050100", "21037050200"]
    assert areas.area_ids(cells, "county", NO_PLACES).tolist() == ["21037", "21037"]
    places = pd.DataFrame({"name": ["West", "East"], "lon": [-84.51, -84.41], "lat": [39.0, 39.1]})
    assert areas.levels(["a", "b"], places) == ("place",)
    assert areas.area_ids(cells, "place", places).tolist() == ["West", "East"]
    assert areas.levels(["a", "b"], NO_PLACES) == ("grid",)
    assert areas.area_ids(cells, "grid", NO_PLACES).tolist() == ["A6", "E1"]
    assert areas.levels(["210370501001000", "39.1,-84.5"], NO_PLACES) == ("grid",)
    with pytest.raises(InputError, match="grid"):
        areas.area_ids(cells, "place", NO_PLACES)


@given(st.integers(0, 800), st.integers(0, 800))
def test_squares_have_names_of_their_own(a, b):
    assert (areas._letters(a) == areas._letters(b)) == (a == b)


def test_what_holds_an_area_back_is_a_class_of_the_dimension_that_it_stands_under():
    """Most cells lack jobs, but Health holds most back, each for a class of its own: `Health: Jobs` named neither."""
    of = {rule.name: rule.dimension for rule in PARAMETERS.classes}
    health = [name for name, dimension in of.items() if dimension == "health"][:3]
    jobs = next(name for name, dimension in of.items() if dimension == "purpose")
    cells = surface([10.0] * 5, health=[5.0, 5.0, 5.0, 50.0, 50.0], purpose=[50.0, 50.0, 50.0, 5.0, 5.0])
    for at, name in enumerate((*health, jobs, jobs)):
        cells.loc[at, f"class_{name}"] = 0.0
    (row,) = gaps.gaps_by_area(cells, pd.Series([100.0] * 5), pd.Series(["a"] * 5), PARAMETERS).to_dict("records")
    assert (row["dimension"], of[row["class_name"]]) == ("health", "health")
