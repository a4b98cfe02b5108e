"""A week's trips, the last bus home, and the way to a new home over a river, by a ferry whose times nobody knows.

The stops are at 0 m (a) and 1,500 m (b); the ferry goes from 500 to 1,000 m, the bus a long way round.
"""

import datetime

import pandas as pd
import pytest

from geo.crs import to_degrees
from geo.needs.needs import Appointment, Needs, SavedPlace
from geo.plan.last_home import last_rides_home
from geo.plan.way_home import way_home
from geo.plan.week_plan import plan_week
from geo.score.parameters import load_parameters
from geo.score.score import prepare
from geo.travel.network import build_network

WEDNESDAY = datetime.date(2024, 3, 6)
BUSES = [
    f"{name}{hour} daily bus: {one} {hour}:00 {two} {hour}:30"
    for name, one, two in (("t", "a", "b"), ("u", "b", "a"))
    for hour in range(5, 21)
]


@pytest.fixture
def river(lay_streets, toy):
    nodes = {f"n{k}": (500.0 * k, 0.0) for k in range(4)}
    ways = ["n0 n1: highway=residential", "n1 n2: route=ferry duration=00:02", "n2 n3: highway=residential"]
    streets = lay_streets(nodes, ways)
    (west, east), (south, north) = to_degrees([500_000, 501_500], [4_330_000] * 2, streets.crs)
    stops = {"a": {"lon": west, "lat": south}, "b": {"lon": east, "lat": north}}
    network = build_network(streets, toy(BUSES, stops=stops, zone="America/Chicago"), "America/Chicago")
    tables = (pd.DataFrame(columns=["resource_id"]), pd.DataFrame(columns=["resource_id"]))
    support = prepare(network, *tables, pd.DataFrame(columns=["zone_id"]), load_parameters())
    return support, (float(west), float(south)), (float(east), float(north))


def vehicles(journey):
    return [leg.vehicle for leg in journey.legs if leg.vehicle]


def test_the_last_bus_home_is_a_bus_and_no_ferry(river):
    support, home, court = river
    needs = Needs(
        appointments=(Appointment(1, 600, 660, SavedPlace("court", court[1], court[0])),), meetings_per_week=0
    )
    days = plan_week(support, home, needs, WEDNESDAY).days
    last = last_rides_home(support, home, needs, days)[1]
    assert not last.walkable
    assert vehicles(last.journey) == ["bus"]
    assert last.journey.arrival // 60 == 20 * 60 + 30


def test_a_plan_takes_no_ferry(river):
    support, home, court = river
    place = SavedPlace("court", court[1], court[0])
    for begins, is_possible in ((600, True), (20 * 60 + 15, False)):
        needs = Needs(appointments=(Appointment(1, begins, begins + 60, place),), meetings_per_week=0)
        plan = plan_week(support, home, needs, WEDNESDAY)
        assert plan.feasible == is_possible
        trips = [stop.journey for day in plan.days for stop in day.stops if stop.journey is not None]
        assert [vehicles(trip.way) for trip in trips] == [["bus"], ["bus"]] * is_possible


def test_the_way_to_a_new_home_takes_no_ferry(river):
    support, home, court = river
    journey = way_home(support, court, home, Needs(), WEDNESDAY, 10 * 60 + 30)
    assert vehicles(journey) == ["bus"]
    assert journey.arrival // 60 == 11 * 60 + 30
    assert way_home(support, court, home, Needs(), WEDNESDAY, 21 * 60) is None
