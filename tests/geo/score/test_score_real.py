"""The score's minutes on Northern Kentucky's streets and buses are those that travel times give."""

import datetime
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from geo.needs.needs import Needs
from geo.score.case import make_case
from geo.score.class_access import evaluate
from geo.score.home_times import home_times
from geo.score.parameters import load_parameters
from geo.score.score import prepare, score_home
from geo.score.surface import score_cells
from geo.travel.network import build_network
from geo.travel.travel_times import TravelSettings, arrival_profile, departure_profile, seconds_between
from sources.networks.gtfs import read_feeds
from tests.geo.main_street import ANY_DATA

DATE = datetime.date(2020, 3, 4)
HOMES = pd.DataFrame(
    {
        "id": ["newport", "florence", "covington"],
        "lon": [-84.4905, -84.6261, -84.5086],
        "lat": [39.0900, 38.9987, 39.0737],
    }
)
BUS = TravelSettings(mode="transit", date=DATE, max_minutes=60)


@pytest.fixture(scope="module")
def support(shared, nky):
    folder = shared / "regions" / "nky"
    feed, _ = read_feeds([("tank", folder / "TANK-GTFS.zip")])
    pharmacies = pd.read_csv(folder / "resources" / "pharmacies.csv")
    # meetings are imagined in every pharmacy, so that there are enough of them
    parts = (("pharmacy", "health"), ("meeting", "community"))
    resources = pd.concat(
        [pharmacies[["lon", "lat"]].assign(category=category, dimension=dimension) for category, dimension in parts],
        ignore_index=True,
    )
    ids = [f"nky:{k:03d}" for k in range(len(resources))]
    resources = resources.assign(resource_id=ids, source="nky", name=ids, location_precision="rooftop")
    held = resources.loc[resources["category"] == "meeting", "resource_id"]
    sessions = pd.DataFrame(
        [
            {
                "resource_id": of,
                "weekday": day,
                "start_minute": 17 * 60,
                "end_minute": 18 * 60,
                "time_zone": "America/New_York",
            }
            for of in held
            for day in range(7)
        ]
    )
    grid = pd.read_csv(folder / "people_grid.csv")
    zones = pd.DataFrame(
        {"zone_id": grid.index.astype(str), "lon": grid["lon"], "lat": grid["lat"], "population": grid["people"]}
    )
    return prepare(build_network(nky, feed, "America/New_York"), resources, sessions, zones, load_parameters())


def test_minutes_agree_with_travel_times(support):
    case = make_case(support, Needs(), DATE)
    wednesday = case.sessions.weekday == 2
    at = case.sessions.place[wednesday]
    places = pd.DataFrame({"lon": support.places.lon[at], "lat": support.places.lat[at]})
    by_five = TravelSettings(mode="transit", date=DATE, max_minutes=60, arrive_by=17 * 3600)
    counted = 0
    for row, times in enumerate(
        home_times(support, case.needs, case.plan, HOMES["lon"].to_numpy(), HOMES["lat"].to_numpy())
    ):
        (evaluation,) = evaluate(case, times, [("walk",)])
        home = HOMES.iloc[[row]]
        there = seconds_between(support.network, home, places, by_five)[0, :, 0] / 60
        out = evaluation.there[wednesday]
        reached = np.isfinite(there) & (there < 59)
        # the latest whole minute is at most a minute before the latest moment
        assert ((out[reached] >= there[reached] - 0.02) & (out[reached] <= there[reached] + 1.02)).all()
        leave = 18 * 60 + 10
        window = (leave * 60, (leave + 60) * 60)
        homeward = arrival_profile(
            support.network, home, places, TravelSettings(date=DATE, max_minutes=60, window=window)
        )
        arrival = leave + np.arange(60)[:, None]
        good = arrival * 60 - homeward.astype(np.int64) >= leave * 60
        first = np.where(good.any(axis=0), good.argmax(axis=0), np.inf)
        back = evaluation.back[wednesday]
        known = np.isfinite(first)
        assert ((back[known] <= first[known] + 1e-9) & (back[known] >= first[known] - 1.02)).all()
        counted += int(reached.sum()) + int(known.sum())
    assert counted > 20


def test_a_class_averages_the_departure_profile(support):
    home = HOMES.iloc[[0]]
    pharmacies = support.resources[support.resources["category"] == "pharmacy"]
    rule = next(r for r in support.parameters.classes if r.name == "pharmacy")
    result = score_home(support, home, Needs(), DATE)
    expected = 0.0
    for day, share in ((DATE, 5 / 7), (datetime.date(2020, 3, 7), 1 / 7), (datetime.date(2020, 3, 8), 1 / 7)):
        window = (rule.start * 60, rule.end * 60)
        profile = departure_profile(
            support.network, home, pharmacies, TravelSettings(date=day, max_minutes=60, window=window)
        )
        by = rule.decays["transit"]
        slope = np.pi / (by.sd_minutes * 3**0.5)
        g = lambda t: 1 + np.exp((t - by.half_way_minutes) * slope)  # noqa: B023, E731
        minutes = np.minimum(profile / 60.0, 1e3)
        f = np.where(minutes <= by.limit_minutes, g(0.0) / g(minutes), 0.0)
        expected += share * f.sum(axis=1).mean()
    access = next(p for p in result.parts if p.name == "pharmacy").access
    assert access == pytest.approx(expected, rel=1e-6)
    assert access > 0.5


def test_a_surface_has_the_totals_of_the_scores(support):
    giving = replace(support, parameters=ANY_DATA)
    totals = [score_home(giving, place, Needs(), DATE).total for place in zip(HOMES["lon"], HOMES["lat"], strict=True)]
    assert score_cells(giving, HOMES, Needs(), DATE)["total"].tolist() == totals
    assert all(0 < total < 100 for total in totals)


def test_a_surface_of_real_places(support):
    table = score_cells(support, HOMES, Needs(), DATE)
    for row, (lon, lat) in enumerate(zip(HOMES["lon"], HOMES["lat"], strict=True)):
        one = score_home(support, (lon, lat), Needs(), DATE)
        assert one.total is None  # the region lists no residences, meetings or jobs
        assert (table["health"][row], table["community"][row]) == (
            one.dimensions["health"],
            one.dimensions["community"],
        )
        assert table["days_covered"][row] == one.meetings["days_covered"]
    assert table[["total", "home"]].isna().all(axis=None)
