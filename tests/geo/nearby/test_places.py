"""What is near at an hour: open or not on arrival, sessions of the small hours, other time zones, wishes."""

import datetime
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from geo.clock import DAY
from geo.crs import to_degrees
from geo.nearby.outings import Day, day_between
from geo.nearby.places import (
    Nearby,
    Wishes,
    all_day,
    held_on,
    joined_on,
    nearby,
    open_places,
    outings_on,
    week_of_outings,
    wished,
)
from geo.opening_hours import open_until, read_hours
from geo.tables import CATEGORIES, RESOURCES, SESSIONS, conform
from geo.travel.network import build_network
from geo.travel.travel_times import TravelSettings
from sources.region import open_region

THURSDAY = datetime.date(2026, 11, 26)
ROWS = [
    {"resource_id": "a", "category": "meeting", "fellowship": "AA", "formats": "open;women", "languages": "es"},
    {"resource_id": "b", "category": "meeting", "fellowship": "NA", "formats": "closed", "wheelchair": True},
    {"resource_id": "c", "category": "pharmacy", "opening_hours": "Mo-Fr 08:00-18:00"},
    {"resource_id": "d", "category": "food", "opening_hours": "sunrise-sunset"},
    {"resource_id": "e", "category": "meeting", "attendance": "online", "fellowship": "AA"},
    {"resource_id": "f", "category": "transitional_housing", "location_precision": "hidden"},
    {"resource_id": "g", "category": "meeting", "attendance": "hybrid"},
]
TIMES = [("a", 3, 1140, 1200), ("a", 4, 30, 90), ("b", 3, 100, 160), ("e", 3, 1200, 1260), ("g", 2, 1410, 1470)]


@pytest.fixture
def near() -> Nearby:
    table = pd.DataFrame(ROWS).assign(lon=[1, 1, 2, 3, np.nan, 4, 2], lat=[5, 5, 5, 5, np.nan, 5, 5], name="X")
    table["dimension"] = table["category"].map(CATEGORIES)
    table["location_precision"] = table["location_precision"].fillna("rooftop")
    times = pd.DataFrame(TIMES, columns=["resource_id", "weekday", "start_minute", "end_minute"])
    times["time_zone"] = np.where(times["resource_id"].isin(["e", "g"]), "America/New_York", "America/Denver")
    return nearby(conform(table, RESOURCES).iloc[::-1], conform(times, SESSIONS))


def test_places_are_public_and_counted_once(near: Nearby) -> None:
    assert near.resources["resource_id"].tolist() == ["a", "b", "c", "d", "g"]
    assert near.resources["place"].tolist() == [0, 0, 1, 2, 1]
    assert near.online["resource_id"].tolist() == ["e", "g"]
    assert len(near.points) == 3


def test_the_small_hours_are_the_end_of_the_evening(near: Nearby) -> None:
    thursday = held_on(near.sessions, THURSDAY)
    assert thursday[["row", "start_minute", "end_minute"]].to_numpy().tolist() == [[0, 1140, 1200], [0, 1470, 1530]]
    assert held_on(near.sessions, THURSDAY - datetime.timedelta(days=1))["start_minute"].tolist() == [1410, 1540]
    assert held_on(near.sessions, THURSDAY + datetime.timedelta(days=2)).empty


def test_online_sessions_are_on_our_clock(near: Nearby) -> None:
    joined = joined_on(near.online_sessions, THURSDAY, "America/Denver")  # two hours behind New York
    assert joined[["row", "start_minute", "end_minute"]].to_numpy().tolist() == [[0, 1080, 1140]]
    wednesday = joined_on(near.online_sessions, THURSDAY - datetime.timedelta(days=1), "America/Denver")
    assert wednesday["start_minute"].tolist() == [1290]
    assert joined["zone_known"].tolist() == [True]
    for zone in ("../../etc/passwd", "", "America", "Nowhere/X", pd.NA, None):
        unknown = joined_on(near.online_sessions.assign(time_zone=zone), THURSDAY, "America/Denver")
        assert unknown[["start_minute", "zone_known"]].to_numpy().tolist() == [[1200, False]], zone
    assert joined_on(near.online_sessions.iloc[:0], THURSDAY, "America/Denver").empty


def test_sessions_that_arent_weekly_are_on_their_dates_alone(near: Nearby) -> None:
    fourth = near.sessions.assign(weeks=["4" if start == 1140 else "" for start in near.sessions["start_minute"]])
    weeks = [THURSDAY + datetime.timedelta(weeks=number) for number in range(-1, 5)]  # the 19th of November, the 26th …
    assert [1140 in held_on(fourth, day)["start_minute"].tolist() for day in weeks] == [
        False, True, False, False, False, True,
    ]  # fmt: skip
    # the small hours of a Friday are Thursday's night, but it is Friday's date that counts: the 27th is the fourth
    night = near.sessions.assign(weeks=["4" if start == 30 else "" for start in near.sessions["start_minute"]])
    assert [1470 in held_on(night, day)["start_minute"].tolist() for day in weeks[:3]] == [False, True, False]
    undated = near.sessions.assign(weeks="alternate")
    assert all(1140 in held_on(undated, day)["start_minute"].tolist() for day in weeks)


def test_the_date_where_an_online_session_comes_from_counts(near: Nearby) -> None:
    early = near.online_sessions.iloc[:1].assign(weekday=6, start_minute=60, end_minute=120, weeks="1")  # 01:00 there
    saturday = datetime.date(2026, 10, 31)  # 23:00 here, the first Sunday of November there
    assert joined_on(early, saturday, "America/Denver")["start_minute"].tolist() == [1380]
    assert joined_on(early, saturday + datetime.timedelta(days=7), "America/Denver").empty


def test_a_room_that_is_always_open_is_on_its_own_day(near: Nearby) -> None:
    room = near.online_sessions.iloc[:1].assign(weekday=3, start_minute=0, end_minute=1440)
    assert all_day(joined_on(room, THURSDAY, "America/Denver")).tolist() == [True]
    assert joined_on(room, THURSDAY - datetime.timedelta(days=1), "America/Denver").empty


def test_open_is_open_on_arrival(near: Nearby) -> None:
    leaving = np.full((1440, 3), 1200, np.int32)
    day = Day(leaving, leaving, np.full(3, np.inf), 60)
    for minute, status, until in (
        (7 * 60 + 40, "open", 1080.0),
        (7 * 60 + 39, "closed", np.nan),
        (1060, "closed", np.nan),
    ):
        places = open_places(near, day, THURSDAY, minute, "us").set_index("row")
        assert places["status"].to_dict() == {2: status, 3: "unknown"}
        assert places["until"][2] == pytest.approx(until, nan_ok=True)
        assert places["holiday"].tolist() == ["thanksgiving"] * 2
        assert not places["stated"].any()
    saturday = open_places(near, day, THURSDAY + datetime.timedelta(days=2), 720, "us")
    assert saturday["status"].tolist() == ["closed", "unknown"]
    assert saturday["opens"][0] == 2 * 1440 + 480  # on Monday at eight
    assert open_places(near, day, THURSDAY, 200, "us").empty


def test_a_place_with_hours_shows_them_even_if_it_holds_a_session(near: Nearby) -> None:
    leaving = np.full((1440, 3), 600, np.int32)
    day = Day(leaving, leaving, np.full(3, np.inf), 60)

    def status(sessions: pd.DataFrame, minute: int = 720) -> dict[int, str]:
        places = open_places(replace(near, sessions=sessions), day, THURSDAY - datetime.timedelta(days=1), minute, "us")
        return dict(zip(places["row"].tolist(), places["status"], strict=True))

    held = near.sessions.iloc[:1]
    assert status(held) == {2: "open", 3: "unknown"}
    assert status(pd.concat([held, held.assign(row=2, place=1), held.assign(row=3, place=2)])) == {2: "open"} | {
        3: "unknown"
    }
    room = pd.concat([held.assign(row=4, place=1, weekday=day, start_minute=0, end_minute=DAY) for day in (2, 3)])
    assert status(room)[4] == "open", "a hybrid room that is open all day"
    assert status(room.assign(weekday=5))[4] == "closed"


@pytest.mark.parametrize(
    ("weeks", "date", "status", "told", "opens"),
    [
        ("4;last", 25, "open", "", np.nan),
        ("1;3", 25, "closed", "", 7 * DAY),
        ("1;3", 18, "open", "", np.nan),
        ("alternate", 18, "unknown", "alternate", np.nan),
        ("monthly", 25, "unknown", "monthly", np.nan),
        ("monthly", 26, "closed", "", np.nan),
    ],
)
def test_a_room_that_is_open_all_day_in_some_weeks_is_listed_on_every_day(
    near: Nearby, weeks: str, date: int, status: str, told: str, opens: float
) -> None:
    leaving = np.full((1440, 3), 600, np.int32)
    room = near.sessions.iloc[:1].assign(row=4, place=1, weekday=2, start_minute=0, end_minute=DAY, weeks=weeks)
    places = open_places(
        replace(near, sessions=room),
        Day(leaving, leaving, np.full(3, np.inf), 60),
        datetime.date(2026, 11, date),
        720,
        "us",
    )
    found = places.set_index("row").loc[4]
    assert (found["status"], found["weeks"], found["weekday"]) == (
        status,
        told,
        datetime.date(2026, 11, date).weekday(),
    )
    assert found["opens"] == pytest.approx(opens, nan_ok=True)


def test_days_share_a_search_only_with_the_same_nights(lay_streets: Any, toy: Any) -> None:
    """A bus home at 02:15 after Friday alone, by which nobody gets home after Monday."""
    nodes = {f"n{k}": (500.0 * k, 0.0) for k in range(25)}
    streets = lay_streets(nodes, [" ".join(nodes) + ": highway=residential"])
    lon, lat = to_degrees([500_000, 509_000], [4_330_000] * 2, streets.crs)
    stops = {name: {"lon": lon[k], "lat": lat[k]} for k, name in enumerate("AC")}
    feed = toy(
        ["out1 daily bus: A 23:00 C 23:20", "back1 daily bus: C 12:00 A 12:20", "night1 friday bus: C 26:15 A 26:30"],
        stops=stops,
        services={"friday": [4]},
    )
    monday = datetime.date(2024, 3, 4)
    friday, next_monday = monday + datetime.timedelta(days=4), monday + datetime.timedelta(days=7)
    row = {
        "resource_id": "r",
        "category": "meeting",
        "lon": lon[1],
        "lat": lat[1],
        "name": "X",
        "dimension": "community",
    }
    held = {"resource_id": "r", "weekday": [0, 4], "start_minute": DAY - 10, "end_minute": DAY + 90}
    there = nearby(
        conform(pd.DataFrame([row | {"location_precision": "rooftop"}]), RESOURCES),
        conform(pd.DataFrame(held | {"time_zone": "Europe/Madrid"}), SESSIONS),
    )
    home = pd.DataFrame({"lon": lon[:1], "lat": lat[:1]})
    network, settings = build_network(streets, feed, "Europe/Madrid"), TravelSettings(max_minutes=90)
    week = week_of_outings(network, there, home, settings, [(day, day) for day in (friday, next_monday)])
    assert week["home"].tolist()[0] == 26 * 60 + 30
    assert np.isnan(week["home"][1])
    nothing = week_of_outings(network, there, home, settings, [(friday, None)])
    assert nothing["leave"].isna().all()


def test_a_week_is_its_days_one_by_one(demo_region: str) -> None:
    region = open_region(demo_region)
    own = nearby(region.resources, region.sessions)
    home, settings = own.points.iloc[[40]], TravelSettings(max_minutes=60)
    days = [(date, date) for date in (THURSDAY + datetime.timedelta(days=k) for k in range(7))]
    week = week_of_outings(region.network, own, home, settings, days, leave_after=5)
    assert len(week) == len(own.sessions)
    assert week["leave"].notna().sum() > 50
    for date in (days[0][0], days[3][0]):  # a Thursday and a Sunday
        day = day_between(region.network, home, own.points, replace(settings, date=date))
        alone = outings_on(own, day, date, leave_after=5)
        pd.testing.assert_frame_equal(
            week[week["date"] == date].drop(columns="date").reset_index(drop=True), alone, check_dtype=False
        )


def test_wishes_keep_apart_what_is_known_and_what_is_not_stated(near: Nearby) -> None:
    def ids(wishes: Wishes) -> tuple[list[str], list[str]]:
        return tuple(near.resources["resource_id"][flags].tolist() for flags in wished(near.resources, wishes))  # type: ignore[return-value]

    assert ids(Wishes()) == (["a", "b", "c", "d", "g"], [])
    assert ids(Wishes(kinds=("meeting",), fellowships=("AA",))) == (["a"], ["g"])
    assert ids(Wishes(kinds=("meeting",), formats=("open", "women"))) == (["a"], ["g"])
    assert ids(Wishes(kinds=("meeting",), formats=("open", "closed"))) == ([], ["g"])
    assert ids(Wishes(languages=("es",))) == (["a"], ["b", "c", "d", "g"])
    assert ids(Wishes(step_free=True)) == (["b"], ["a", "c", "d", "g"])


@pytest.mark.parametrize(
    ("hours", "weekday", "minute", "until"),
    [
        ("Mo-Fr 08:00-18:00; Sa 09:00-13:00", 0, 480, 1080),
        ("Mo-Fr 08:00-18:00; Sa 09:00-13:00", 0, 1080, None),
        ("Mo-Fr 08:00-18:00; Sa 09:00-13:00", 6, 1440 + 500, 1440 + 1080),
        ("Fr-Su 20:00-02:00", 4, 1500, 1560),
        ("Fr-Su 20:00-02:00", 0, 60, 120),
        ("Fr-Su 20:00-02:00", 4, 60, None),
        ("Mo-Su 00:00-24:00; Su off", 5, 600, 1440),
        ("24/7", 3, 100, 100 + 7 * 1440),
    ],
)
def test_open_until(hours: str, weekday: int, minute: int, until: int | None) -> None:
    read = read_hours(hours)
    assert read is not None
    monday = datetime.date(2026, 1, 5)
    assert open_until(read, monday + datetime.timedelta(days=weekday), minute, "us") == until
