"""A day's outings, on paper: the street and bus of `test_travel`, with a bus back at 9:00 and one at 20:30.

Home to clinic (2,240 m, over 20 minutes on foot): leave 7:57, there 8:13. From the clinic: 3 minutes to B, 1 to
board, the bus at 20:30, A at 20:40, 2 minutes home: leave 20:26, home 20:42.
"""

import datetime
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from geo.crs import to_degrees
from geo.nearby.outings import (
    day_between,
    last_way_home,
    minutes_at,
    next_way_home,
    outings,
    service_moment,
    standing_in,
)
from geo.timetables.service_day import timetable
from geo.travel.journeys import explain_journey
from geo.travel.network import build_network
from geo.travel.travel_times import TravelSettings, arrival_profile, departure_profile, seconds_between
from tests.geo.travel.test_travel_times import HOME, MONDAY, TRIPS, points, street, town  # noqa: F401  street is a fixture

SETTINGS = TravelSettings(date=MONDAY, max_minutes=60)
PLACES = points(clinic=2240, next_door=800, nowhere=60_000)


def sessions(*rows: tuple[int, int, int]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["place", "start_minute", "end_minute"])


@pytest.fixture
def day(street: Any, toy: Any) -> Any:  # noqa: F811
    network = town(street, toy, [*TRIPS, "back2 daily bus: B 20:30 A 20:40"])
    return day_between(network, HOME, PLACES, SETTINGS)


def test_there_and_back_on_paper(day: Any) -> None:
    trips = outings(day, sessions((0, 500, 530), (0, 492, 520), (0, 1140, 1220), (1, 1140, 1440), (2, 600, 660)))
    # The 8:00 bus is there at 8:13 (493): in time for 8:20, not for 8:12.
    assert trips["leave"].tolist()[0] == 477
    assert trips["there"].tolist()[0] == pytest.approx(493, abs=0.1)
    assert np.isnan(trips["leave"][1])
    assert trips["home"].tolist()[0] == 552  # 9:00 from B, at A 9:10, home 9:12
    assert np.isnan(trips["leave"][2])  # no bus out in the evening
    assert np.isnan(outings(day, sessions((0, 570, 600)))["leave"][0])  # an hour and a half early is no outing
    assert trips["home"][2] == 20 * 60 + 42
    assert trips["last_home"][0] == pytest.approx(20 * 60 + 26, abs=0.1)
    assert trips["leave"][3] == 1140 - 10  # 800 m on foot, at any hour
    assert trips["home"][3] == 1450
    assert trips["last_home"][3] == np.inf
    assert trips[["leave", "home"]].loc[4].isna().all()
    assert trips["last_home"][4] == -np.inf


def test_the_last_bus_decides(day: Any) -> None:
    trips = outings(day, sessions((0, 600, 1226), (0, 600, 1227), (0, 600, 1216)), leave_after=10)
    # Free at 20:36, 20:37 and 20:26: only the last is in time for the bus that one leaves for at 20:26.
    assert np.isnan(trips["home"]).tolist() == [True, True, False]


def test_the_next_way_home(day: Any) -> None:
    after = np.array([500.0, 537.0, 1226.0, 1227.0, 1227.0])
    homes, takes = next_way_home(day, np.array([0, 0, 0, 0, 1]), after)
    # The bus at 9:00 is left for at 8:56, that at 20:30 at 20:26, and 800 m are walked at any hour.
    assert homes == pytest.approx([536, 1226, 1226, np.nan, 1227], abs=0.5, nan_ok=True)
    assert (homes[[0, 1, 2, 4]] >= after[[0, 1, 2, 4]] - 1e-9).all()
    assert takes == pytest.approx([16, 16, 16, np.nan, 10], abs=2.5, nan_ok=True)


def test_the_last_way_home_is_never_before_one_is_free(street: Any, toy: Any) -> None:  # noqa: F811
    """A bus at 25:50 brings one home after 2:00, so that it isn't the last that is told of unless one needs it."""
    network = town(street, toy, [*TRIPS, "back2 daily bus: B 20:30 A 20:40", "night daily bus: B 25:50 A 26:00"])
    night = day_between(network, HOME, PLACES, SETTINGS)
    rows = outings(night, sessions((0, 500, 1200), (0, 500, 1530), (0, 500, 1550), (1, 500, 1675)))
    assert rows["last_home"].tolist() == pytest.approx([1226, 1546, -np.inf, np.inf], abs=0.1)
    assert rows["home"].tolist() == pytest.approx([1242, 1562, np.nan, 1685], nan_ok=True)


def test_now_rules_out_what_has_to_be_left_for_earlier(day: Any) -> None:
    assert outings(day, sessions((0, 500, 530)), now=477)["leave"][0] == 477
    assert np.isnan(outings(day, sessions((0, 500, 530)), now=478)["leave"][0])


def test_minutes_at_a_minute_are_those_of_leaving_then(day: Any) -> None:
    assert minutes_at(day, 477)[0] == pytest.approx(16, abs=0.1)
    assert minutes_at(day, 477)[1] == pytest.approx(10, abs=0.1)
    assert np.isinf(minutes_at(day, 12 * 60)[0])
    assert np.isinf(minutes_at(day, 3 * 60)).all()  # belongs to the day before


def test_by_street_one_gets_home_at_any_hour(street: Any) -> None:  # noqa: F811
    network = build_network(street, None, "Europe/Madrid")
    walked = day_between(network, HOME, PLACES, TravelSettings(mode="walk", max_minutes=45))
    trips = outings(walked, sessions((0, 1200, 1260)))
    assert trips["leave"][0] == 1200 - 28
    assert trips["home"][0] == 1260 + 28
    assert last_way_home(walked, np.array([0, 1, 2])).tolist() == [np.inf, np.inf, -np.inf]


@pytest.mark.parametrize("minute", [0, 239, 240, 1439])
def test_a_night_belongs_to_the_day_before(minute: int) -> None:
    moment = datetime.datetime(2024, 3, 4, minute // 60, minute % 60, tzinfo=datetime.UTC)
    day, later = service_moment(moment)
    assert 240 <= later < 1680
    begins = datetime.datetime.combine(day, datetime.time(tzinfo=datetime.UTC))
    assert begins + datetime.timedelta(minutes=later) == moment


def test_a_day_that_the_timetable_lacks_is_stood_in_for_by_its_weekday(toy: Any) -> None:
    """A timetable of two weeks, in which no bus runs on Sundays and on the second Tuesday."""
    days = [day for day in range(14) if day not in (6, 8, 13)]
    feed = toy(["r1 wk bus: A 8:00 B 8:10"], services={"wk": days, "daily": []}, valid=(0, 13))
    usual = MONDAY + datetime.timedelta(days=9)

    def used(day: int) -> int | None:
        date = standing_in(MONDAY + datetime.timedelta(days=day), usual, feed)
        return None if date is None else (date - MONDAY).days

    assert [used(day) for day in (0, 3, 8)] == [0, 3, None]
    assert [used(day) for day in (700, 701, 702, 705, 706)] == [7, 1, 9, 12, None]
    assert standing_in(MONDAY, usual, None) == MONDAY


def test_between_two_timetables_the_weekday_of_the_usual_one_stands_in(toy: Any) -> None:
    feed = toy(["r1 wk bus: A 8:00 B 8:10"], services={"wk": range(60), "daily": []})
    base = int(feed.feed_first_day[0]) + 3
    apart = replace(
        feed,
        feed_name=np.array(["a", "b"]),
        feed_zone=np.array(["", ""]),
        feed_first_day=np.array([base, base + 40], np.int32),
        feed_last_day=np.array([base + 6, base + 59], np.int32),
    )
    usual = MONDAY + datetime.timedelta(days=44)
    for day in (20, 80):
        date = standing_in(MONDAY + datetime.timedelta(days=day), usual, apart)
        assert date is not None
        assert date.weekday() == day % 7
        assert 40 <= (date - MONDAY).days <= 59
        timetable(apart, date)


def test_on_a_day_without_service_one_walks(street: Any, toy: Any) -> None:  # noqa: F811
    network = town(street, toy)
    day = day_between(network, HOME, PLACES, replace(SETTINGS, date=None))
    trips = outings(day, sessions((0, 600, 660), (1, 600, 660)))
    assert np.isnan(trips["leave"][0])
    assert trips["leave"][1] == 590
    assert last_way_home(day, np.array([0, 1])).tolist() == [-np.inf, np.inf]


def test_nobody_walks_home_over_a_ferry_at_any_hour(lay_streets: Any, toy: Any) -> None:
    """Ten minutes over the river, by a ferry of which the map tells the duration and not when it goes."""
    nodes = {name: (float(x), 0.0) for name, x in zip("abcd", (0, 500, 1000, 1500), strict=True)}
    ways = ["a b: highway=residential", "b c: route=ferry duration=00:02", "c d: highway=residential"]
    streets = lay_streets(nodes, ways)
    lon, lat = to_degrees([500_250, 501_250], [4_330_000] * 2, streets.crs)
    home, there = (pd.DataFrame({"lon": [lon[k]], "lat": [lat[k]]}) for k in (0, 1))
    walk = TravelSettings(mode="walk", max_minutes=45)
    assert np.isfinite(seconds_between(build_network(streets, None, "Europe/Madrid"), home, there, walk)).all()
    stops = {"A": {"lon": lon[0], "lat": lat[0]}, "B": {"lon": lon[1], "lat": lat[1]}}
    feed = toy(["out1 daily bus: A 9:00 B 9:05", "back1 daily bus: B 20:00 A 20:05"], stops=stops)
    network = build_network(streets, feed, "Europe/Madrid")
    for settings, last in ((walk, -np.inf), (replace(SETTINGS, mode="transit"), 20 * 60 - 1)):
        day = day_between(network, home, there, settings)
        assert np.isinf(day.on_foot[0])
        assert last_way_home(day, np.array([0]))[0] == pytest.approx(last, abs=0.1)
    path = explain_journey(network, home, there, replace(walk, ferries=False), 9 * 3600)
    assert path is None


def test_the_same_as_one_question_at_a_time_in_the_demo(demo_region: str) -> None:
    from sources.region import open_region

    region = open_region(demo_region)
    placed = region.resources[region.resources["lon"].notna()]
    places = placed[["lon", "lat"]].drop_duplicates().iloc[::12].reset_index(drop=True)
    home = placed[["lon", "lat"]].iloc[[700]].reset_index(drop=True)
    settings = TravelSettings(date=region.facts.service_date, max_minutes=60)
    whole = day_between(region.network, home, places, settings)
    columns = np.arange(len(places))
    held = pd.DataFrame({"place": columns, "start_minute": 19 * 60, "end_minute": 20 * 60 + 15})
    trips = outings(whole, held, now=17 * 60, leave_after=10)
    evening = TravelSettings(date=settings.date, max_minutes=60, window=(17 * 3600, 27 * 3600))
    out, back = (one(region.network, home, places, evening) for one in (departure_profile, arrival_profile))
    for k in range(len(places)):
        leave = [m for m in range(18 * 60, 19 * 60 + 1) if m * 60 + int(out[m - 17 * 60, k]) <= 19 * 3600]
        assert trips["leave"][k] == leave[-1] if leave else np.isnan(trips["leave"][k])
        by = [m for m in range(17 * 60, 20 * 60 + 25 + 61) if m * 60 - int(back[m - 17 * 60, k]) >= (20 * 60 + 25) * 60]
        assert trips["home"][k] == by[0] if by else np.isnan(trips["home"][k])
    assert trips["leave"].notna().sum() > 5
