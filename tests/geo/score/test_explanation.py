"""What is said of a score's limits, by hand."""

from dataclasses import replace

import numpy as np
import pytest

from geo.access import decay
from geo.needs.needs import Needs
from geo.score.aggregation import Part, reweighed
from geo.score.explanation import limits, no_total
from geo.score.parameters import load_parameters
from tests.geo.main_street import ANY_DATA, EVENING, full_region, part, resource, score, session, zone

PARAMETERS = replace(
    load_parameters(), dimension_weights=dict.fromkeys(("health", "home", "purpose", "community"), 1.0)
)


def piece(name, score, weight=1.0, status="scored", dimension="health"):
    return Part(name, name.capitalize(), dimension, weight, status, score, 1.0, score)


def test_the_classes_of_the_weakest_dimension_by_the_points_that_they_lose():
    parts = (
        piece("pharmacy", 0.5, 1), piece("clinic", 0.9, 3), piece("dentist", 0.0, 2, "unreachable"),
        piece("eyes", 0.999, 2),
        piece("hospital", 0.0, 9, "no_data"), piece("food", 1.0, 1, dimension="home"), piece("birth", 1.0, 2),
    )  # fmt: skip
    said = limits(parts, {"health": 62.0, "home": 100.0, "purpose": None, "community": 70.0})
    assert (said["dimension"], said["score"], said["no_data"]) == ("health", 62.0, ["Hospital"])
    assert [one["name"] for one in said["classes"]] == ["dentist", "pharmacy", "clinic", "eyes", "birth"]
    assert [one["points_lost"] for one in said["classes"]] == pytest.approx([20, 5, 3, 0.02, 0])
    assert said["text"] == (
        "Health is the weakest dimension, with 62 of 100; what limits it: Dentist (nothing in reach), "
        "Pharmacy (50 of 100), Clinic (90 of 100)."
    )


def test_of_equal_losses_the_names_are_in_order_and_no_more_than_three_are_said():
    parts = tuple(piece(name, 0.5) for name in ("d", "c", "b", "a"))
    said = limits(parts, {"health": 50.0})
    assert said["text"].endswith("what limits it: A (50 of 100), B (50 of 100), C (50 of 100).")
    assert limits((piece("a", 1.0),), {"health": 100.0})["text"] == "Health is the weakest dimension, with 100 of 100."


def test_why_there_is_no_total():
    parts = (piece("a", 0.5), piece("b", 0, 3, "no_data"), piece("c", 0, 1, "no_data", "home"))
    said = no_total(parts, PARAMETERS)
    assert (said["dimensions"], said["data"]) == (["home"], 0.125)
    assert said["text"] == (
        "No total is given: the region has no data on home, and has data on 12 % of the weight that applies."
    )
    assert "no data on" not in no_total(parts[:2], PARAMETERS)["text"]


def test_without_any_spread_the_band_is_the_total(region):
    still = replace(load_parameters().sensitivity, weight_spread=0.0, half_way_spread=0.0, draws=2)
    support = full_region(region, parameters=replace(load_parameters(), sensitivity=still))
    for profile in ("no-car", "car"):
        scored = score(support, 900, Needs(profile=profile))
        assert scored.sensitivity["p5"] == pytest.approx(scored.total)
        assert scored.sensitivity["p95"] == pytest.approx(scored.total)


def test_the_band_knows_weights_by_their_ratios_alone(region):
    given = load_parameters()
    small = replace(
        given,
        classes=tuple(replace(rule, weight=rule.weight / 1000) for rule in given.classes),
        meetings=replace(given.meetings, weight=given.meetings.weight / 1000),
        dimension_weights={name: weight / 1000 for name, weight in given.dimension_weights.items()},
    )
    bands = [score(full_region(region, parameters=one)).sensitivity for one in (given, small)]
    assert bands[1] == pytest.approx(bands[0])
    assert bands[0]["p5"] < bands[0]["p95"]


def test_one_more_next_door_counts_as_the_median_of_those_that_fit_and_as_one_where_none_does(region):
    """Of 24 beds for 40 people; a house counts as its beds over the people."""
    houses = [resource("recovery_residence", 0, k, beds=beds, genders="women") for k, beds in enumerate((4, 8, 12))]
    support = region(houses, zones=[zone("homes", 0, population=80_000)], trips=EVENING, parameters=ANY_DATA)
    for gender, values, typical in (("women", 24 / 40, 8 / 40), ("men", 0.0, 1.0)):
        scored = score(support, 0, Needs(gender=gender))
        beds = part(scored, "recovery_beds")
        assert beds.access == pytest.approx(values)
        (gain,) = [row for row in scored.gains if row["change"] == "more:recovery_beds"]
        more = 1 - np.exp(-(values + typical) / beds.a_ref)
        parts = [replace(one, score=more, status="scored") if one is beds else one for one in scored.parts]
        assert gain["total"] == pytest.approx(reweighed(parts, ANY_DATA, {})[0])


def test_another_way_to_get_around_gains_what_its_own_score_has_more(region):
    house = resource("recovery_residence", 100, beds=10, certified=True)
    support = full_region(region)
    scored, by_car, by_bicycle = (
        score(support, 100, Needs(profile=profile), home_id=house["resource_id"])
        for profile in ("no-car", "car", "bicycle")
    )
    totals = {row["change"]: row["total"] for row in scored.gains}
    assert (totals["car"], totals["bicycle"]) == pytest.approx((by_car.total, by_bicycle.total))


def test_a_session_s_decay_is_that_of_its_minutes_however_rarely_it_is_held(region):
    weekly, rare = resource("meeting", 1600, 1), resource("meeting", 1600, 2)
    support = region([weekly, rare], [session(weekly, 0, 12, 13), session(rare, 1, 12, 13, weeks="alternate")])
    (one, other) = score(support).as_dict()["meetings"]["sessions"]
    fall = decay.logistic(20, 8)(one["minutes"])
    assert (one["decay"], one["share_of_weeks"]) == (pytest.approx(fall), 1)
    assert (other["decay"], other["share_of_weeks"]) == (pytest.approx(fall), pytest.approx(0.5, abs=0.05))
