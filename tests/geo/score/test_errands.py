"""Minutes to work, court and saved places by hand: one straight street, a bus along it, walking 0.75 s a meter."""

import numpy as np
import pandas as pd
import pytest

from geo.needs.candidate_homes import candidates, house_curfew
from geo.needs.curfew import evening_minute, every_evening
from geo.needs.needs import Appointment, Needs, Shift
from geo.score.errands import Errand, errands, minutes_to, round_trip
from geo.tables import RESOURCES, conform
from tests.geo.main_street import WEDNESDAY, resource, spot


@pytest.fixture(scope="module")
def support(region):
    trips = [f"t{h}{m} daily bus: a {h}:{m:02d} b {h}:{m + 8:02d}" for h in range(5, 21) for m in (0, 15, 30, 45)]
    return region(trips=trips)


def homes(*meters):
    places = [spot(str(one), one) for one in meters]
    return pd.DataFrame(
        {"id": [p.name for p in places], "lon": [p.lon for p in places], "lat": [p.lat for p in places]}
    )


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
    assert minutes.loc[("0", 0)].tolist() == [16, "transit"]
    assert minutes.loc[("800", 0)].tolist() == [26, "transit"]
    assert minutes.loc[("0", 1)].tolist() == [pytest.approx(5, abs=0.1), "walk"]
    assert minutes.loc[("800", 1)].tolist() == [pytest.approx(5, abs=0.1), "walk"]
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
    assert (curfew and set(curfew.minutes)) == (None if expected is None else {evening_minute(expected)})
