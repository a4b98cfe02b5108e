"""The trips behind a score take the minutes that the score counted."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from geo.errors import InputError
from geo.needs.curfew import every_evening
from geo.needs.needs import Needs, Shift
from geo.score.score import prepare
from geo.score.trips_behind_score import journeys_to, journeys_to_session, look_around
from geo.travel.network import build_network
from tests.geo.main_street import (
    ALL_DAY,
    ANY_DATA,
    EVENING,
    PATIENT,
    WEDNESDAY,
    at,
    full_region,
    resource,
    score,
    session,
    zone,
)  # fmt: skip


def around(support, meters=0, needs=PATIENT):
    return look_around(support, *at(meters), needs, WEDNESDAY)


def test_a_meeting_there_and_back_and_the_last_way_home_by_hand(region):
    # out 18:29, bus 18:30, at the stop 18:40 and 75 s on foot; free 20:10, bus 20:30 (leave 20:27:45), home 20:40
    meeting = resource("meeting", 6100)
    support = region([meeting], [session(meeting, 2, 19, 20)], trips=[*EVENING, "home daily bus: b 20:30 a 20:40"])
    trip = journeys_to_session(around(support, needs=Needs()), meeting["resource_id"], 2, 19 * 60)
    assert (trip.minutes_there, trip.minutes_back, trip.date) == (31, 30, WEDNESDAY)
    assert [leg.mode for leg in trip.there.legs] == ["walk", "transit", "walk"]
    assert trip.there.departure == (18 * 60 + 29) * 60
    assert trip.there.arrival == pytest.approx((18 * 60 + 41) * 60 + 15, abs=2)
    assert (trip.back.departure, trip.back.arrival) == ((20 * 60 + 10) * 60, (20 * 60 + 40) * 60)
    assert trip.back.legs[0].start == pytest.approx((20 * 60 + 27) * 60 + 45, abs=2)
    assert trip.last_home == replace(trip.back, departure=trip.last_home.departure)
    document = json.loads(json.dumps(trip.as_dict()))
    assert document["back"]["leave"] == "20:27"
    assert document["there"]["lines"][1].startswith("6:30 PM bus g toward to b, 1 stop to Stop b")
    assert document["back"]["lines"][-1] == "8:40 PM there"


def test_no_way_home_is_told_beside_the_way_there(region):
    meeting = resource("meeting", 6100)
    support = region([meeting], [session(meeting, 2, 19, 20)], trips=[*EVENING, "home daily bus: b 19:40 a 19:50"])
    trip = journeys_to_session(around(support, needs=Needs()), meeting["resource_id"], 2, 19 * 60)
    assert (trip.minutes_there, trip.minutes_back, trip.back) == (31, None, None)
    assert trip.there is not None
    assert trip.last_home.arrival == (19 * 60 + 50) * 60


def test_the_way_home_is_found_however_long_one_waits_for_it(region):
    """Free at 20:10, home at 21:38: longer than any trip of the score may take, but not the trip itself."""
    meeting = resource("meeting", 6100)
    support = region([meeting], [session(meeting, 2, 19, 20)], trips=[*EVENING, "home daily bus: b 21:30 a 21:38"])
    trip = journeys_to_session(around(support, needs=Needs()), meeting["resource_id"], 2, 19 * 60)
    assert trip.minutes_back == 88
    assert (trip.back.departure, trip.back.arrival) == ((20 * 60 + 10) * 60, (21 * 60 + 38) * 60)
    for home_at, minutes in (("21:40", 90), ("21:41", None)):
        support = region(
            [meeting], [session(meeting, 2, 19, 20)], trips=[*EVENING, f"home daily bus: b 21:32 a {home_at}"]
        )
        trip = journeys_to_session(around(support, needs=Needs()), meeting["resource_id"], 2, 19 * 60)
        assert trip.minutes_back == minutes, "no longer than twice the longest way to a meeting"


def test_one_who_can_walk_home_has_no_last_way(region):
    meeting = resource("meeting", 1600)
    support = region([meeting], [session(meeting, 2, 19, 20)], trips=EVENING)
    trip = journeys_to_session(around(support), meeting["resource_id"], 2, 19 * 60)
    assert trip.minutes_there == trip.minutes_back == pytest.approx(20, abs=0.05)
    assert trip.there.departure == pytest.approx((18 * 60 + 40) * 60, abs=3)
    assert trip.last_home is None


@pytest.mark.parametrize("profile", ["no-car", "bicycle", "car"])
@pytest.mark.parametrize("meters", [0, 2500])
def test_every_trip_takes_the_minutes_that_the_score_shows(region, profile, meters):
    support, needs = full_region(region), Needs(profile=profile)
    explained = score(support, meters, needs, journeys=True).as_dict()
    plain = score(support, meters, needs).as_dict()
    shown = 0
    for row in explained["classes"]:
        for one in row.pop("most_valuable", []) + row.get("nearest", []):
            trip = one["journey"]
            assert trip["minutes_there"] == one["minutes"]
            waits = row["name"] == "jobs" and one["mode"] == "transit"  # until the minute at which one must be there
            assert trip["there"]["minutes"] <= one["minutes"] + 0.02
            assert waits or trip["there"]["minutes"] == pytest.approx(one["minutes"], abs=0.02)
            assert set(trip["there"]["modes"]) - {one["mode"]} <= {"walk"}
            shown += 1
    assert shown > 1
    for one in explained["meetings"]["sessions"]:
        trip = one["journey"]
        assert (trip["minutes_there"], trip["minutes_back"]) == (one["minutes_there"], one["minutes_back"])
        assert trip["there"]["minutes"] <= one["minutes_there"] + 0.02
        assert one["minutes_back"] - 1 < trip["back"]["minutes"] <= one["minutes_back"] + 0.02
        assert trip["there"]["arrive"] <= one["start"]
    for one in explained["meetings"].pop("sessions"):
        assert {key: one[key] for key in one if key != "journey"} in plain["meetings"]["sessions"]
    assert explained["total"] == plain["total"]


def test_the_dose_is_reached_in_time(region):
    support = region([resource("opioid_treatment_program", 6000), resource("food", 0)], trips=ALL_DAY)
    trip = journeys_to(
        around(support, needs=Needs(medications=("methadone",))), "toy:opioid_treatment_program-6000-0", stay_minutes=10
    )
    # arriving 06:00 to 09:59, buses at :08, :23, …; the median wait is 7 min: 8 on the bus, 1 to board
    assert trip.minutes_there == 16
    assert trip.there.minutes == 9
    assert trip.back is None  # no bus runs back, and it is too far to walk


def test_jobs_are_reached_for_the_shift(region):
    zones = [zone("homes", 0, workers=100), zone("work", 6000, jobs=100)]
    support = region(zones=zones, trips=ALL_DAY)
    trip = journeys_to(around(support, needs=Needs(shifts=(Shift(2, 9 * 60, 17 * 60),))), "work")
    assert trip.minutes_there == 16
    assert trip.there.arrival == (8 * 60 + 53) * 60
    assert trip.weekday == 2


def test_what_is_not_counted_is_refused_in_a_sentence(region):
    meeting = resource("meeting", 400)
    support = region([meeting, resource("pharmacy", 400)], [session(meeting, 2, 19, 20)], trips=EVENING)
    home = around(support)
    for call, words in (
        (lambda: journeys_to(home, meeting["resource_id"]), "asked for each by itself"),
        (lambda: journeys_to(home, "toy:nothing"), "none of the resources that count"),
        (lambda: journeys_to_session(home, meeting["resource_id"], 3, 19 * 60), "no session on Thursday at 7:00 PM"),
    ):
        with pytest.raises(InputError, match=words) as caught:
            call()
        assert "\n" not in str(caught.value)


def test_a_place_that_is_rarely_reached_has_the_fastest_trip_of_the_window(region):
    support = region([resource("substance_use_clinic", 6000)], trips=["noon daily bus: a 12:00 b 12:08"])
    explained = score(support, 0, Needs(), journeys=True).as_dict()
    (row,) = next(r for r in explained["classes"] if r["name"] == "substance_use_clinic")["nearest"]
    assert row["minutes"] is None
    assert row["journey"]["there"]["lines"][0].startswith("11:59")
    assert row["journey"]["minutes_there"] == 9
    assert np.isfinite(row["value"])


@pytest.fixture(scope="module")
def changing(lay_streets, toy):
    """Return a network whose quick ways between a and b change at c, and whose easier ones take nine minutes more."""
    nodes = {f"n{k}": (500.0 * k, 0.0) for k in range(17)}
    streets = lay_streets(nodes, [" ".join(nodes) + ": highway=residential"])
    places = {name: at(meters) for name, meters in (("a", 0), ("b", 6000), ("c", 3000))}
    stops = {name: {"lon": lon, "lat": lat} for name, (lon, lat) in places.items()}
    trips = [
        "t1 daily bus: a 18:30 c 18:34", "t2 daily bus: c 18:36 b 18:40", "t3 daily bus: a 18:30 b 18:49",
        "u1 daily bus: b 20:30 c 20:34", "u2 daily bus: c 20:36 a 20:40", "u3 daily bus: b 20:31 a 20:49",
        "v1 daily bus: a 9:30 b 9:40", "w1 daily bus: b 11:00 c 11:04", "w2 daily bus: c 11:06 a 11:10",
        "w3 daily bus: b 11:01 a 11:19",
    ]  # fmt: skip
    return build_network(streets, toy(trips, stops=stops, zone="America/Chicago"), "America/Chicago")


@pytest.mark.parametrize(
    ("start", "curfew", "arrivals"),
    [(19 * 60, None, (49, 49)), (18 * 60 + 45, None, (40, 49)), (19 * 60, 20 * 60 + 45, (49, 40))],
)
def test_ways_to_a_meeting_and_home_are_the_easiest_that_are_in_time(changing, start, curfew, arrivals):
    meeting = resource("meeting", 6000)
    tables = [meeting], [session(meeting, 2, start / 60, 20)], [zone("west", 0)]
    support = prepare(changing, *map(pd.DataFrame, tables), ANY_DATA)
    needs = Needs(curfew=None if curfew is None else every_evening(curfew))
    trip = journeys_to_session(around(support, needs=needs), meeting["resource_id"], 2, start)
    for way, hour, minute in zip((trip.there, trip.back), (18, 20), arrivals, strict=True):
        assert way.arrival == (hour * 60 + minute) * 60
        quick = way if minute == 40 else way.quicker
        assert quick.arrival == (hour * 60 + 40) * 60
        assert quick.departure == way.departure, "the wait is part of both"
        assert len([leg for leg in quick.legs if leg.vehicle]) == 2


def test_where_a_session_doesn_t_count_each_way_is_the_fastest_there_is(changing):
    """Too late for the curfew: there by bus in seven minutes, and no bus back, but twelve minutes by bicycle."""
    meeting = resource("meeting", 3000)
    held = [session(meeting, 2, 12, 13), session(meeting, 2, 18.6, 20.75)]
    support = prepare(changing, *map(pd.DataFrame, ([meeting], held, [zone("west", 0)])), ANY_DATA)
    needs = Needs(profile="bicycle", curfew=every_evening(20 * 60 + 50))
    trip = journeys_to_session(around(support, needs=needs), meeting["resource_id"], 2, 18 * 60 + 36)
    assert trip.minutes_there == 7
    assert [leg.mode for leg in trip.there.legs if leg.vehicle] == ["transit"]
    assert [leg.mode for leg in trip.back.legs] == ["bike"]
    assert trip.back.minutes == pytest.approx(trip.minutes_back, abs=0.02)


def test_the_way_back_from_a_resource_is_the_easiest(changing):
    tables = pd.DataFrame([resource("substance_use_clinic", 6000)]), pd.DataFrame(columns=["resource_id"])
    support = prepare(changing, *tables, pd.DataFrame([zone("west", 0)]), ANY_DATA)
    trip = journeys_to(around(support, needs=Needs()), "toy:substance_use_clinic-6000-0")
    assert trip.there.arrival == (9 * 60 + 40) * 60
    assert trip.back.arrival == (11 * 60 + 19) * 60
    assert trip.back.quicker.arrival == (11 * 60 + 10) * 60


def test_an_easier_way_home_may_set_out_before_the_quickest(lay_streets, toy):
    nodes = {f"n{k}": (500.0 * k, 0.0) for k in range(17)}
    streets = lay_streets(nodes, [" ".join(nodes) + ": highway=residential"])
    stops = {
        name: dict(zip(("lon", "lat"), at(meters), strict=True))
        for name, meters in zip("acb", (0, 3000, 6000), strict=True)
    }
    trips = [
        *EVENING,
        "u1 daily bus: b 20:30 c 20:34",
        "u2 daily bus: c 20:36 a 20:40",
        "u3 daily bus: b 20:20 a 20:45",
    ]
    network = build_network(streets, toy(trips, stops=stops, zone="America/Chicago"), "America/Chicago")
    meeting = resource("meeting", 6000)
    tables = [meeting], [session(meeting, 2, 19, 20)], [zone("west", 0)]
    home = around(prepare(network, *map(pd.DataFrame, tables), ANY_DATA), needs=Needs())
    trip = journeys_to_session(home, meeting["resource_id"], 2, 19 * 60)
    assert trip.minutes_back == 30
    assert [leg.start for leg in trip.back.legs if leg.vehicle] == [(20 * 60 + 20) * 60]
    assert trip.back.arrival == (20 * 60 + 45) * 60
    assert trip.back.quicker.arrival == (20 * 60 + 40) * 60
