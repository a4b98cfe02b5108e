"""Minutes to work, court and saved places by hand: one straight street, a bus along it, walking 0.75 s a meter."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from geo.needs.candidate_homes import candidates, house_curfew
from geo.needs.curfew import every_evening
from geo.needs.needs import Appointment, Needs, Shift, StayAway
from geo.score.errands import Errand, errands, minutes_to, places_of_homes, round_trip
from geo.score.parameters import load_parameters
from geo.score.score import prepare
from geo.tables import RESOURCES, conform
from geo.timetables.calendar import service_minute
from geo.travel.network import build_network
from tests.geo.main_street import WEDNESDAY, at, resource, spot


@pytest.fixture(scope="module")
def support(region):
    trips = [f"t{h}{m} daily bus: a {h}:{m:02d} b {h}:{m + 8:02d}" for h in range(5, 21) for m in (0, 15, 30, 45)]
    return region(trips=trips)


def homes(*meters):
    places = [spot(str(one), one) for one in meters]
    return pd.DataFrame(
        {"id": [p.name for p in places], "lon": [p.lon for p in places], "lat": [p.lat for p in places]}
    )


def test_work_is_at_its_most_usual_hours_and_of_equals_the_earliest():
    day, late, early = (9 * 60, 17 * 60), (12 * 60, 20 * 60), (5 * 60, 13 * 60)
    for hours, weekday, usual in (
        ((early, day, late, day, late, late), 2, late),
        ((late, day, late, day, early), 1, day),
        ((late,), 0, late),
        ((), None, (None, None)),
    ):
        shifts = tuple(Shift(weekday, *one) for weekday, one in enumerate(hours))
        (work,) = errands(Needs(shifts=shifts, work_place=spot("work", 6200)))
        assert (work.weekday, work.arrive_by, work.leave_at) == (weekday, *usual)


def test_each_place_at_its_own_hour(support):
    needs = Needs(
        shifts=(Shift(1, 540, 1020), Shift(0, 540, 1020), Shift(5, 720, 900)),
        work_place=spot("work", 6200),
        appointments=(Appointment(4, 600, 630, spot("court", 400)), Appointment(2, 660, 690, spot("court", 400))),
        saved_places=(spot("court", 400), spot("library", 6000)),
    )
    wanted = errands(needs)
    assert [(one.kind, one.place.name, one.weekday, one.arrive_by) for one in wanted] == [
        ("work", "work", 0, 540),
        ("appointment", "court", 2, 660),
        ("saved", "library", None, None),
    ]
    minutes = minutes_to(support, homes(0, 800), wanted, needs, WEDNESDAY).set_index(["home_id", "errand"])
    # to work by 9:00: at the stop at 8:44, bus 8:45-8:53, then 200 m in 2.5 minutes; 800 m away 10 minutes earlier
    assert minutes.loc[("0", 0)].tolist() == [16, "transit", False]
    assert minutes.loc[("800", 0)].tolist() == [26, "transit", False]
    assert minutes.loc[("0", 1)].tolist() == [pytest.approx(5, abs=0.1), "walk", False]
    assert minutes.loc[("800", 1)].tolist() == [pytest.approx(5, abs=0.1), "walk", False]
    assert 9 <= minutes.loc[("0", 2), "minutes"] <= 24
    home = homes(0).iloc[0]
    out, back = round_trip(support, home["lon"], home["lat"], wanted[0], needs, WEDNESDAY)
    assert [leg.vehicle for leg in out.legs] == ["", "bus", ""]
    assert out.legs[0].start <= 8 * 3600 + 44 * 60
    assert out.arrival == pytest.approx(8 * 3600 + 55.5 * 60, abs=2)
    assert back is None  # no bus runs that way, and on foot it is over an hour
    out, back = round_trip(support, home["lon"], home["lat"], wanted[1], needs, WEDNESDAY)
    assert (out.arrival, back.departure) == (pytest.approx(11 * 3600, abs=60), 690 * 60)
    out, back = round_trip(support, home["lon"], home["lat"], wanted[2], needs, WEDNESDAY)
    assert (out.departure, back) == (8 * 3600, None)
    assert len(minutes_to(support, homes(0), (), needs, WEDNESDAY)) == 0


def test_out_of_reach_is_infinite_and_a_bicycle_helps(support):
    far = (Errand("saved", spot("far", 7900), 6, 5 * 60),)
    on_foot = minutes_to(support, homes(0), far, Needs(), WEDNESDAY)
    assert on_foot["minutes"].tolist() == [np.inf]
    cycling = minutes_to(support, homes(0), far, Needs(profile="bicycle"), WEDNESDAY)
    assert cycling["mode"].tolist() == ["bike"]
    assert 25 < cycling["minutes"].iloc[0] < 40


def test_what_only_an_area_puts_out_of_reach_is_told_apart_from_what_is_too_far(support):
    """The bus from 0 to 6,000 m passes an area at 3,000 m; 7,900 m are too far either way."""
    away = Needs(stay_away=(StayAway(*at(3000)[::-1], 100),), saved_places=(spot("court", 6100), spot("far", 7900)))
    wanted = errands(away)
    for trips, mode in (("around", "walk"), ("ride_through", "transit")):
        minutes = minutes_to(support, homes(0), wanted, replace(away, stay_away_trips=trips), WEDNESDAY)
        assert minutes["mode"].tolist() == [mode, "walk"]
        assert minutes["only_through_areas"].tolist() == [trips == "around", False]
        assert np.isinf(minutes["minutes"]).tolist() == [trips == "around", True]
    (places,) = places_of_homes(support, homes(0), away, WEDNESDAY)
    assert [place.get("only_through_areas", False) for place in places] == [True, False]
    assert round_trip(support, *at(0), wanted[0], away, WEDNESDAY) == (None, None)
    out, _ = round_trip(support, *at(0), wanted[0], replace(away, stay_away_trips="anywhere"), WEDNESDAY)
    assert [leg.enters for leg in out.legs] == ["", "passes", ""]
    inside = replace(away, stay_away=(StayAway(*at(0)[::-1], 100),))
    out, _ = round_trip(support, *at(0), wanted[0], inside, WEDNESDAY)
    assert [leg.enters for leg in out.legs] == ["passes", "stops", ""], "from a home inside every way begins there"


@pytest.fixture(scope="module")
def changing(lay_streets, toy):
    """Return a region with a quick way home that changes at c, and an easier one that is home nine minutes later."""
    nodes = {f"n{k}": (500.0 * k, 0.0) for k in range(17)}
    streets = lay_streets(nodes, [" ".join(nodes) + ": highway=residential"])
    places = {name: at(meters) for name, meters in (("a", 0), ("b", 6000), ("c", 3000))}
    stops = {name: {"lon": lon, "lat": lat} for name, (lon, lat) in places.items()}
    trips = [
        "one daily bus: b 20:30 c 20:34", "two daily bus: c 20:36 a 20:40", "three daily bus: b 20:31 a 20:49",
        "morning daily bus: a 8:00 b 8:10",
    ]  # fmt: skip
    network = build_network(streets, toy(trips, stops=stops, zone="America/Chicago"), "America/Chicago")
    tables = (pd.DataFrame(columns=[name]) for name in ("resource_id", "resource_id", "zone_id"))
    return prepare(network, *tables, load_parameters())


@pytest.mark.parametrize(
    ("curfew", "arrival"),
    [
        (None, 49),
        (every_evening(20 * 60 + 45), 40),
        (every_evening(20 * 60 + 35), 40),  # broken by the soonest too: no later than that
        (every_evening(20 * 60 + 50), 49),
        (replace(every_evening(20 * 60 + 45), excused=("class",)), 49),
        (replace(every_evening(20 * 60 + 50), minutes=(*[20 * 60 + 50] * 2, 20 * 60 + 45, *[20 * 60 + 50] * 4)), 40),
        (replace(every_evening(20 * 60 + 45), minutes=(*[20 * 60 + 45] * 2, 20 * 60 + 50, *[20 * 60 + 45] * 4)), 49),
    ],
)
def test_the_easiest_way_home_keeps_the_curfew(changing, curfew, arrival):
    one = Errand("appointment", spot("class", 6000), 2, 9 * 60, 20 * 60 + 20)
    _, back = round_trip(changing, *at(0), one, Needs(curfew=curfew), WEDNESDAY)
    assert back.arrival == (20 * 60 + arrival) * 60


def test_the_mode_of_the_soonest_is_shown_by_its_easiest_way(changing):
    """By bicycle one is home at 8:44 PM: later than by two buses, sooner than by the easier one."""
    one = Errand("appointment", spot("class", 6000), 2, 9 * 60, 20 * 60 + 20)
    _, back = round_trip(changing, *at(0), one, Needs(profile="bicycle"), WEDNESDAY)
    assert (back.arrival, back.quicker.arrival) == ((20 * 60 + 49) * 60, (20 * 60 + 40) * 60)


def test_candidates_have_a_bed_and_fit_and_the_others_say_why_not():
    table = conform(
        pd.DataFrame(
            {
                "resource_id": ["a", "b", "c", "d", "e"],
                "category": ["recovery_residence"] * 4 + ["pharmacy"],
                "lon": -87.0,
                "lat": 39.0,
                "location_precision": ["rooftop", "rooftop", "hidden", "rooftop", "rooftop"],
                "genders": ["women", "men", "women", None, None],
                "open_beds": [2, 0, 1, None, None],
                "weekly_rent_usd": [120.0, 200.0, 100.0, 100.0, None],
            }
        ),
        RESOURCES,
    )
    houses = candidates(table, Needs(gender="women", weekly_budget_usd=150)).set_index("resource_id")
    assert houses["reasons"].to_dict() == {
        "a": (),
        "b": ("genders", "weekly_rent_usd", "open_beds"),
        "c": ("location_precision",),
        "d": (),
    }
    assert houses["unknown"].to_dict() == {"a": (), "b": (), "c": (), "d": ("genders", "open_beds")}


def test_a_curfew_that_can_t_be_read_is_named(region):
    stated = {"22:00": False, "24:00": False, "10 pm on weekdays": True, "25:61": True, "": False, None: False}
    houses = [resource("recovery_residence", 100, n, curfew=text, beds=6) for n, text in enumerate(stated)]
    unknown = candidates(region(houses).resources, Needs())["unknown"]
    assert ["curfew" in names for names in unknown] == list(stated.values())


@pytest.mark.parametrize(
    ("own", "house", "expected"),
    [
        (None, None, None),
        (None, "22:00", 1320),
        (1260, "22:00", 1260),
        (1380, "22:00", 1320),
        (1380, "01:00", 1380),
        (60, "23:30", 1410),
        (None, "at night", None),
        (1320, "25:61", 1320),
        (None, pd.NA, None),
    ],
)
def test_the_earlier_curfew_binds(own, house, expected):
    curfew = house_curfew(Needs(curfew=None if own is None else every_evening(own)), house)
    assert (curfew and set(curfew.minutes)) == (None if expected is None else {service_minute(expected)})
