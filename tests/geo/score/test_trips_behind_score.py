"""The trips behind a score take the minutes that the score counted."""

import json
from dataclasses import replace

import numpy as np
import pytest

from geo.errors import InputError
from geo.needs.needs import Needs, Shift
from geo.score.trips_behind_score import journeys_to, journeys_to_session, look_around
from tests.geo.main_street import (
    ALL_DAY,
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
