"""Homes side by side: each as `score_home` gives it, with its own curfew; nothing asked about is lost."""

import datetime
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from geo.crs import to_degrees
from geo.needs.curfew import NEVER, Curfew
from geo.needs.needs import Needs, SavedPlace, StayAway, needs_from
from geo.score.compare_homes import ComparedHome, best_first, compare_homes
from geo.score.parameters import load_parameters
from geo.score.score import prepare, score_home
from geo.tables import CATEGORIES
from geo.travel.network import build_network
from tests.geo.main_street import ANY_DATA

WEDNESDAY = datetime.date(2024, 3, 6)


def at(meters, north=0.0):
    lon, lat = to_degrees(np.array([500_000.0 + meters]), np.array([4_330_000.0 + north]), "EPSG:32616")
    return float(lon[0]), float(lat[0])


@pytest.fixture(scope="module")
def support(lay_streets):
    """Return a straight street of 4 km with a house at 2,000 m, and meetings at 500 m until 20:00 and 22:00."""
    nodes = {f"n{k}": (500.0 * k, 0.0) for k in range(9)}
    streets = lay_streets(nodes, [" ".join(nodes) + ": highway=residential"])
    rows = [
        {"resource_id": name, "category": category, "lon": at(meters)[0], "lat": at(meters)[1], "certified": True}
        for name, category, meters in (
            ("early", "meeting", 500), ("late", "meeting", 500), ("house", "recovery_residence", 2000),
        )
    ]  # fmt: skip
    resources = pd.DataFrame(rows).assign(source="toy", location_precision="rooftop")
    resources = resources.assign(name=resources["resource_id"], dimension=resources["category"].map(CATEGORIES))
    sessions = pd.DataFrame(
        [
            {"resource_id": "early", "weekday": 0, "start_minute": 1140, "end_minute": 1200, "time_zone": "UTC"},
            {"resource_id": "late", "weekday": 1, "start_minute": 1260, "end_minute": 1320, "time_zone": "UTC"},
        ]
    )
    network = build_network(streets, None, "America/Chicago")
    return prepare(network, resources, sessions, pd.DataFrame({"zone_id": []}), load_parameters())


def homes(**places):
    rows = [
        {"id": name, "lon": at(*where)[0], "lat": at(*where)[1], "resource_id": own, "curfew": curfew}
        for name, (where, own, curfew) in places.items()
    ]
    return pd.DataFrame(rows)


def test_each_home_as_if_asked_alone_best_first(support):
    shares = []
    asked = homes(far=((3900,), None, None), near=((600,), None, None), own=((2000,), "house", None))
    needs = Needs(saved_places=(SavedPlace("court", *reversed(at(600))),))
    comparison = compare_homes(support, asked, needs, WEDNESDAY, shares.append)
    assert {home.home_id for home in comparison.homes} == {"own", "near", "far"}
    assert [home.score.total for home in comparison.homes] == [
        None
    ] * 3  # too little has data: the weakest dimension ranks
    weakest = [home.score.limits["score"] for home in comparison.homes]
    assert weakest == sorted(weakest, reverse=True)
    own = {"own": "house"}
    for home in comparison.homes:
        alone = score_home(support, (home.lon, home.lat), needs, WEDNESDAY, own.get(home.home_id))
        assert home.score.as_dict() == alone.as_dict()
    assert [one.place.name for one in comparison.errands] == ["court"]
    minutes = {home.home_id: home.errands[0] for home in comparison.homes}
    assert minutes["near"] == (pytest.approx(0, abs=0.1), "walk", False)
    assert minutes["own"] == (pytest.approx(17.5, abs=0.1), "walk", False)
    assert minutes["far"] == (np.inf, "walk", False)
    assert shares[-1] == 1


def test_the_highest_total_comes_first(support):
    giving = replace(support, parameters=ANY_DATA)
    asked = homes(far=((3900,), None, None), near=((600,), None, None), own=((2000,), "house", None))
    ranked = compare_homes(giving, asked, Needs(), WEDNESDAY).homes
    totals = [home.score.total for home in ranked]
    assert totals == sorted(totals, reverse=True)
    assert len(set(totals)) == 3
    for home in ranked:
        alone = score_home(giving, (home.lon, home.lat), Needs(), WEDNESDAY, {"own": "house"}.get(home.home_id))
        assert home.score.total == alone.total


def test_best_first_is_by_total_then_the_weakest_dimension_then_the_id(support):
    score = score_home(support, at(600), Needs(), WEDNESDAY)
    lower, low, high = (replace(score, total=None, limits={**score.limits, "score": one}) for one in (10.0, 20.0, 90.0))
    poor, rich = (replace(score, total=one, limits={**score.limits, "score": 5.0}) for one in (1.0, 2.0))
    order = [("d", rich), ("c", poor), ("f", high), ("a", low), ("b", low), ("a", lower), ("a", None), ("b", None)]
    compared = [ComparedHome(name, 0.0, 0.0, Needs(), one, "", (), ()) for name, one in order]
    for mixed in (compared[::-1], compared[3:] + compared[:3]):
        assert sorted(mixed, key=best_first) == compared


def test_the_house_s_own_curfew_binds(support):
    asked = homes(free=((700,), None, None), strict=((700,), None, "21:00"), shut=((700,), None, "18:00"))
    by_id = {home.home_id: home for home in compare_homes(support, asked, Needs(), WEDNESDAY).homes}
    assert by_id["free"].score.meetings["sessions_counted"] == 2
    assert by_id["strict"].score.meetings["sessions_counted"] == 1
    assert by_id["strict"].needs.curfew.minutes == (21 * 60,) * 7
    assert (by_id["shut"].score, by_id["shut"].problem) == (None, "curfew")


def test_homes_with_the_same_evenings_are_scored_alike_and_each_keeps_its_own_curfew(support):
    asked = homes(free=((700,), None, None), same=((700,), None, "21:00"))
    needs = Needs(curfew=Curfew((21 * 60,) * 7, excused=("work",)))
    free, same = compare_homes(support, asked, needs, WEDNESDAY).homes
    assert free.score.total == same.score.total
    assert (free.needs.curfew.house, same.needs.curfew.house) == (NEVER, (21 * 60,) * 7)
    assert same.needs.curfew.excused == ("work",)


def test_a_home_off_the_streets_or_in_a_place_to_stay_away_from_is_kept_and_said(support):
    asked = homes(lake=((1000, 9000.0), None, None), near=((600,), None, None))
    lon, lat = at(650)
    away = StayAway(lat, lon, 100.0)
    kept = compare_homes(support, asked, Needs(stay_away=(away,)), WEDNESDAY).homes
    assert [(home.home_id, home.problem, home.inside) for home in kept] == [
        ("near", "", (away,)),
        ("lake", "off_streets", ()),
    ]
    assert kept[1].score is None


def test_a_home_whose_every_street_lies_in_an_area_says_so(support):
    """The home stands 60 m beside the street, of which the area covers two kilometers each way."""
    corners = [at(x, y)[::-1] for x, y in ((-1500, -30), (2500, -30), (2500, 30), (-1500, 30))]
    needs = needs_from({"stay_away": [{"polygon": [list(corner) for corner in corners]}]})
    (home,) = compare_homes(support, homes(beside=((500, 60.0), None, None)), needs, WEDNESDAY).homes
    assert (home.problem, home.inside, home.score) == ("enclosed", (), None)
    anywhere = replace(needs, stay_away_trips="anywhere")
    (home,) = compare_homes(support, homes(beside=((500, 60.0), None, None)), anywhere, WEDNESDAY).homes
    assert home.problem == ""


def test_a_home_ranks_as_far_as_a_bed_is_likely_and_an_old_word_lowers_its_confidence(support):
    def saying(open_beds, verified_on):
        said = {"open_beds": pd.array([open_beds], dtype="Int64")[0], "verified_on": verified_on}
        is_house = support.resources["resource_id"] == "house"
        table = support.resources.copy()
        table.loc[is_house, list(said)] = list(said.values())
        return replace(support, resources=table, parameters=ANY_DATA)

    asked = homes(own=((2000,), "house", None), address=((2000,), None, None))
    homes_by_word = {}
    for name, word in (("new", (1, "2024-03-05")), ("old", (1, "2023-06-06")), ("full", (0, "2024-03-05"))):
        compared = {home.home_id: home for home in compare_homes(saying(*word), asked, Needs(), WEDNESDAY).homes}
        homes_by_word[name] = compared["own"]
        assert compared["address"].bed_chance == 1
        assert compared["address"].score.confidence["bed"] is None
    assert homes_by_word["new"].score.total == homes_by_word["old"].score.total == homes_by_word["full"].score.total
    order = sorted(homes_by_word, key=lambda name: best_first(homes_by_word[name]))
    assert order == ["new", "old", "full"]
    new, old = homes_by_word["new"].score.confidence, homes_by_word["old"].score.confidence
    rule = ANY_DATA.confidence
    for sure in (new, old):
        rest = sum(getattr(rule, name) * (sure[name] or 0.0) for name in ("data", "age", "location", "timetable"))
        assert sure["value"] == pytest.approx((1 - rule.bed) * rest + rule.bed * sure["bed"])
    assert old["bed"] < 0.01
    assert new["bed"] > 0.9
    assert any("call first" in reason for reason in old["reasons"])
    assert not any("call first" in reason for reason in new["reasons"])
    later = compare_homes(saying(1, "2024-03-05"), asked, Needs(), WEDNESDAY, today=datetime.date(2025, 3, 5)).homes
    assert next(home for home in later if home.home_id == "own").bed_chance < 0.51
