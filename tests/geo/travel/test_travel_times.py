"""Door to door: one straight street with a bus along it, on paper; then real regions against their raw files.

The street runs east; marks are meters along it. 80 m are a minute on foot.

    home 0 ····· stop A 160 ·········· stop B 2000 ····· clinic 2240 ·········· far 3900
                   the bus: A 8:00 → B 8:10 and A 8:30 → B 8:40; back B 9:00 → A 9:10

Home to clinic: 2 min walk, 1 min to board, the 8:00 bus, 3 min walk: leave 7:57, arrive 8:13.
"""

import datetime
import zipfile
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from geo.crs import local_crs, to_degrees
from geo.errors import DateError, InputError
from geo.streets.build import NODE_KEYS, WAY_KEYS, OsmElements, build_streets
from geo.streets.shortest_paths import street_seconds
from geo.streets.snapping import Attachment, attach
from geo.streets.tags import StreetSettings
from geo.travel.journeys import explain_journey, in_words
from geo.travel.network import Network, build_network
from geo.travel.travel_times import (
    UNREACHED,
    TravelSettings,
    arrival_profile,
    departure_profile,
    make_ready,
    off_streets,
    seconds_between,
    travel_times,
)
from sources.networks.gtfs import read_feeds
from sources.networks.osm import read_streets

MONDAY = datetime.date(2024, 3, 4)
CRS = local_crs(3.0, 41.0)
WEST, SOUTH = 500_000.0, 4_539_000.0  # on the zone's middle meridian: 0.04 % short, under half a second here
EIGHT = 8 * 3600
PLAN = TravelSettings(date=MONDAY, window=(EIGHT - 180, EIGHT), max_minutes=120)
TRIPS = ["out1 daily bus: A 8:00 B 8:10", "out2 daily bus: A 8:30 B 8:40", "back1 daily bus: B 9:00 A 9:10"]


def spot(meters: float, north: float = 0.0) -> tuple[float, float]:
    lon, lat = to_degrees([WEST + meters * 0.9996], [SOUTH + north], CRS)
    return float(lon[0]), float(lat[0])


def points(**marks: float) -> pd.DataFrame:
    lon, lat = zip(*(spot(m) for m in marks.values()), strict=True)
    return pd.DataFrame({"id": list(marks), "lon": lon, "lat": lat})


@pytest.fixture(scope="module")
def street() -> Any:
    marks = np.arange(-1000, 7000, 250)
    lon, lat = zip(*(spot(m) for m in marks), strict=True)
    ids = np.arange(1, len(marks) + 1)
    tags = pd.DataFrame({key: [None] for key in WAY_KEYS}, dtype=object)
    tags["highway"] = "residential"
    no_tags = pd.DataFrame({key: [] for key in NODE_KEYS}, dtype=object)
    no_rules = pd.DataFrame(
        {name: [] for name in ("relation", "kind", "except", "role", "member", "ref")}, dtype=object
    )
    elements = OsmElements(
        ids, np.array(lon), np.array(lat), np.array([1]), tags, np.array([0, len(ids)]), ids,
        np.empty(0, np.int64), no_tags, no_rules,
    )  # fmt: skip
    return build_streets(elements, CRS, StreetSettings())


def town(street: Any, toy: Any, trips: list[str] = TRIPS, **more: Any) -> Network:
    marks = {"A": 160, "B": 2000, "C": 2160, "D": 5000}
    stops = {name: dict(zip(("lon", "lat"), spot(m), strict=True)) for name, m in marks.items()}
    facts = more.pop("facts", {})
    stops = {name: {**place, **facts.get(name, {})} for name, place in stops.items()}
    return build_network(street, toy(trips, stops=stops, **more), "Europe/Madrid")


HOME, CLINIC = points(home=0), points(clinic=2240)


def test_door_to_door_on_paper(street: Any, toy: Any) -> None:
    network = town(street, toy)
    there = points(clinic=2240, next_door=80, far=3900)
    profile = departure_profile(network, HOME, there, PLAN)
    assert profile[:, 0].tolist() == [16 * 60, 45 * 60, 44 * 60]  # 7:57 catches the 8:00, 7:58 only the 8:30
    assert profile[:, 1].tolist() == [60, 60, 60]
    assert (profile[:, 2] == UNREACHED).all()  # 1,900 m from B: over 20 minutes on foot
    far = departure_profile(network, HOME, there, replace(PLAN, max_walk_minutes=24))
    assert far[0, 2] == pytest.approx(13 * 60 + 1900 / 80 * 60, abs=1)


def test_who_comes_a_moment_late_misses_the_bus(street: Any, toy: Any) -> None:
    """0.4 m are 0.3 s: from beyond home one misses the 8:00, from before it one doesn't."""
    network = town(street, toy)
    assert departure_profile(network, points(beyond=-0.4), CLINIC, PLAN)[0, 0] == 46 * 60
    assert departure_profile(network, points(before=0.4), CLINIC, PLAN)[0, 0] == 16 * 60
    assert departure_profile(network, HOME, points(beyond=2240.4), PLAN)[0, 0] == 16 * 60 + 1
    on_time = replace(PLAN, max_minutes=16)
    assert departure_profile(network, HOME, points(beyond=2240.4), on_time)[0, 0] == UNREACHED


def test_the_longest_walk_is_inclusive_and_holds_for_every_leg(street: Any, toy: Any) -> None:
    network = town(street, toy)
    assert departure_profile(network, HOME, CLINIC, replace(PLAN, max_walk_minutes=2.9))[0, 0] == UNREACHED
    assert departure_profile(network, HOME, CLINIC, replace(PLAN, max_walk_minutes=3.02))[0, 0] == 16 * 60
    near = points(near=80 * 20.5)  # all on foot, over 20 minutes
    quick = replace(PLAN, mode="walk", max_minutes=30)
    assert seconds_between(network, HOME, near, replace(PLAN, window=(10 * 3600, 10 * 3600 + 60)))[0, 0, 0] == np.inf
    assert seconds_between(network, HOME, near, quick)[0, 0, 0] == pytest.approx(20.5 * 60, abs=1)


def test_places_made_ready_give_the_same_times_and_only_for_the_same_walks(street: Any, toy: Any) -> None:
    network = town(street, toy)
    there = points(clinic=2240, next_door=80, home=0, far=3900)
    for backward, profile in ((False, departure_profile), (True, arrival_profile)):
        ready = make_ready(network, there, PLAN, backward=backward)
        plan = PLAN if not backward else replace(PLAN, window=(EIGHT + 660, EIGHT + 780))
        for place in (HOME, CLINIC):
            expected = profile(network, place, there, plan)
            np.testing.assert_array_equal(profile(network, place, ready, plan), expected)
            assert (expected < UNREACHED).any()
        with pytest.raises(InputError, match="other walks"):
            profile(network, HOME, ready, replace(plan, max_walk_minutes=5))
    both = make_ready(network, there, PLAN)
    np.testing.assert_array_equal(
        seconds_between(network, HOME, both, PLAN), seconds_between(network, HOME, there, PLAN)
    )


def test_percentiles_over_the_window(street: Any, toy: Any) -> None:
    network = town(street, toy)
    wide = replace(PLAN, window=(EIGHT - 180, EIGHT + 120), percentiles=(5, 20, 21, 50, 95, 100))
    times = travel_times(network, HOME, CLINIC, wide)
    # Leaving 7:57 … 8:01: 16, 45, 44, 43, 42 minutes.
    assert times["minutes"].tolist() == [16, 16, 42, 43, 45, 45]
    assert times["percentile"].tolist() == [5, 20, 21, 50, 95, 100]
    assert set(times["origin_id"]) == {"home"}
    assert set(times["mode"]) == {"transit"}


def test_arriving_by(street: Any, toy: Any) -> None:
    network = town(street, toy)
    by = replace(PLAN, window=None, arrive_by=EIGHT + 13 * 60)
    assert travel_times(network, HOME, CLINIC, by)["minutes"].tolist() == [16]
    assert travel_times(network, HOME, CLINIC, replace(by, arrive_by=EIGHT + 42 * 60)).minutes.tolist() == [45]
    assert travel_times(network, HOME, CLINIC, replace(by, arrive_by=EIGHT + 12 * 60)).empty
    window = replace(PLAN, window=(EIGHT + 12 * 60, EIGHT + 15 * 60))
    profile = arrival_profile(network, CLINIC, points(home=0, door=2240), window)
    assert profile[:, 0].tolist() == [UNREACHED, 16 * 60, 17 * 60]
    assert profile[:, 1].tolist() == [0, 0, 0]


@pytest.mark.parametrize(("stated", "minutes"), [(0, 2), (600, 10)], ids=["less than the walk", "more"])
def test_a_published_change_is_no_quicker_than_the_walk(street: Any, toy: Any, stated: int, minutes: int) -> None:
    """160 m lie between B and C: 2 minutes; platforms of one station keep what is published."""
    trips = ["out1 daily bus: A 8:00 B 8:10", *(f"on{m} daily bus: C 8:{m} D 8:{m + 20}" for m in range(10, 30))]
    plan = replace(PLAN, window=(EIGHT - 180, EIGHT - 120))
    apart = town(street, toy, trips, transfers=[("B", "C", stated)])
    end = points(d=5000)
    assert departure_profile(apart, HOME, end, plan)[0, 0] == (13 + minutes + 20) * 60
    facts = {"B": {"station": "S"}, "C": {"station": "S"}}
    one = town(street, toy, trips, transfers=[("B", "C", stated)], facts=facts)
    assert departure_profile(one, HOME, end, plan)[0, 0] == (13 + max(stated // 60, 1) + 20) * 60


def test_trips_of_the_days_around_are_found_by_the_time_asked_about(street: Any, toy: Any) -> None:
    """The same evening asked about as Monday's, as that before Tuesday, and as days after Saturday."""
    network = town(street, toy, ["late1 daily bus: A 23:20 B 23:40", "late2 daily bus: B 23:45 D 24:05"])
    plan = TravelSettings(max_minutes=90)

    def on(day: int) -> dict[str, Any]:
        return {"date": MONDAY + datetime.timedelta(days=day)}

    def by(second: int, day: int) -> Any:
        return seconds_between(network, HOME, points(d=5000), replace(plan, arrive_by=second - day * 86_400, **on(day)))

    def leaving(first: int, day: int) -> Any:
        window = (first - day * 86_400, first - day * 86_400 + 1200)
        return departure_profile(network, HOME, points(b=2000), replace(plan, window=window, **on(day)))

    assert np.isfinite(by(87_000, 0)).all()
    assert all((by(87_000, day) == by(87_000, 0)).all() for day in (-1, 1))
    assert (leaving(82_800, 0) < UNREACHED).any()
    assert all((leaving(82_800, day) == leaving(82_800, 0)).all() for day in (-2, 1))


def test_a_place_and_itself_and_a_place_off_the_streets(street: Any, toy: Any) -> None:
    network = town(street, toy)
    lon, lat = spot(0, north=5000)
    places = pd.concat([HOME, pd.DataFrame({"id": ["hill"], "lon": [lon], "lat": [lat]})])
    for mode in ("transit", "walk", "bike", "drive"):
        times = travel_times(network, places, places, replace(PLAN, mode=mode))
        assert times[["origin_id", "destination_id", "minutes"]].to_numpy().tolist() == [
            ["home", "home", 0],
            ["hill", "hill", 0],
        ]
    assert off_streets(network, places).tolist() == [False, True]


@pytest.mark.parametrize("mode", ["transit", "walk", "drive"])
def test_where_nobody_starts_or_goes_there_is_nothing(street: Any, toy: Any, mode: str) -> None:
    network, plan = town(street, toy), replace(PLAN, mode=mode)
    nowhere = HOME.iloc[:0]
    assert seconds_between(network, HOME, nowhere, plan).shape == (1, 0, 1)
    assert seconds_between(network, nowhere, HOME, plan).shape == (0, 1, 1)
    assert travel_times(network, HOME, nowhere, plan).empty


def test_walking_transfers_and_published_ones(street: Any, toy: Any) -> None:
    """From B one walks 160 m (2 min) to C: the 8:13 to D is caught, the 8:12 is not, a minute being needed to board."""
    trips = [*TRIPS, "x1 daily tram: C 8:12 D 8:20", "x2 daily tram: C 8:13 D 8:21", "x3 daily tram: C 8:20 D 8:28"]
    leave = replace(PLAN, window=(EIGHT - 180, EIGHT - 120))
    goal = points(goal=5000)

    def minutes(**more: Any) -> float:
        return float(departure_profile(town(street, toy, trips, **more), HOME, goal, leave)[0, 0]) / 60

    assert minutes() == 24
    assert minutes(transfers=[("B", "C", 120)]) == 23
    assert minutes(transfers=[("B", "C", 181)]) == 31
    assert departure_profile(town(street, toy, trips, transfers=[("B", "C", -1)]), HOME, goal, leave)[0, 0] == UNREACHED


def test_step_free_only_where_the_timetable_says_so(street: Any, toy: Any) -> None:
    trips = ["r1 daily bus: A 8:00 B 8:10", "r2* daily bus: A 8:30 B 8:40"]
    free = {"A": {"wheelchair": 1}, "B": {"wheelchair": 1}}
    rolling = replace(PLAN, wheelchair=True)
    assert departure_profile(town(street, toy, trips, facts=free), HOME, CLINIC, rolling)[0, 0] == 46 * 60
    half = {"A": {"wheelchair": 1}, "B": {"wheelchair": 2}}
    assert departure_profile(town(street, toy, trips, facts=half), HOME, CLINIC, rolling)[0, 0] == UNREACHED
    assert departure_profile(town(street, toy, trips), HOME, CLINIC, rolling)[0, 0] == UNREACHED


def test_step_free_where_no_trip_is_leaves_walking(street: Any, toy: Any) -> None:
    rolling = replace(PLAN, wheelchair=True)
    near = points(next_door=80, clinic=2240)
    times = travel_times(town(street, toy), HOME, near, rolling)
    assert times[["destination_id", "minutes"]].to_numpy().tolist() == [["next_door", 1.0]]
    times = travel_times(town(street, toy), HOME, near, replace(rolling, window=None, arrive_by=EIGHT))
    assert times[["destination_id", "minutes"]].to_numpy().tolist() == [["next_door", 1.0]]


def test_a_journey_in_words(street: Any, toy: Any) -> None:
    network = town(street, toy)
    journey = explain_journey(network, spot(0), spot(2240), PLAN, EIGHT - 300)
    assert journey is not None
    assert in_words(journey) == [
        "7:57 AM walk 2 min to Stop A",
        "8:00 AM bus o toward to B, 1 stop to Stop B, arrive 8:10 AM",
        "8:10 AM walk 3 min to the destination",
        "8:13 AM there",
    ]
    assert journey.minutes == 18
    late = explain_journey(network, spot(0), spot(2240), replace(PLAN, window=None, arrive_by=EIGHT + 45 * 60))
    assert late is not None
    assert late.departure == EIGHT + 27 * 60
    assert late.arrival == EIGHT + 43 * 60
    assert explain_journey(network, spot(0), spot(3900), PLAN, EIGHT) is None
    assert explain_journey(network, spot(0), spot(0), PLAN, EIGHT).legs == ()  # type: ignore[union-attr]
    ride = explain_journey(network, spot(0), spot(800), replace(PLAN, mode="bike"), EIGHT)
    assert ride is not None
    assert in_words(ride)[0] == "8:00 AM cycle 3 min to the destination"


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ({"mode": "horse"}, "mode"), ({"max_minutes": -1}, "max_minutes"),
        ({"max_minutes": float("nan")}, "max_minutes"),
        ({"walk_kph": 0}, "walk_kph"), ({"rides": 0}, "rides"), ({"rides": 1.5}, "rides"),
        ({"percentiles": (0,)}, "ercentile"),
        ({"percentiles": ()}, "ercentile"), ({"window": (100, 100)}, "window"), ({"arrive_by": 10}, "not both"),
        ({"board_seconds": -1}, "board_seconds"), ({"max_walk_minutes": True}, "max_walk_minutes"),
    ],
)  # fmt: skip
def test_settings_that_cannot_be_meant(wrong: dict[str, Any], word: str) -> None:
    with pytest.raises(InputError, match=word):
        replace(PLAN, **wrong)


def test_what_is_missing_is_said(street: Any, toy: Any) -> None:
    network = town(street, toy)
    with pytest.raises(InputError, match="no timetable"):
        travel_times(build_network(street, None, "UTC"), HOME, CLINIC, PLAN)
    with pytest.raises(InputError, match="date"):
        travel_times(network, HOME, CLINIC, replace(PLAN, date=None))
    with pytest.raises(InputError, match="window"):
        travel_times(network, HOME, CLINIC, replace(PLAN, window=None))
    with pytest.raises(DateError, match="2024-03-01 to 2024-03-14"):
        travel_times(network, HOME, CLINIC, replace(PLAN, date=datetime.date(2025, 1, 1)))
    with pytest.raises(InputError, match="lat is missing"):
        travel_times(network, HOME.drop(columns="lat"), CLINIC, PLAN)
    with pytest.raises(InputError, match="Row 1 of the destinations"):
        travel_times(network, HOME, CLINIC.assign(lon=500.0), PLAN)


@pytest.fixture(scope="module")
def covington(shared: Path) -> Network:
    folder = shared / "regions" / "nky"
    streets = build_streets(read_streets(folder / "streets.osm.pbf"), local_crs(-84.5, 39.05), StreetSettings())
    return build_network(streets, read_feeds([("tank", folder / "TANK-GTFS.zip")])[0], "America/New_York")


REAL = TravelSettings(date=datetime.date(2020, 7, 20), window=(7 * 3600, 9 * 3600), percentiles=(5, 25, 50, 75, 95))


@pytest.fixture(scope="module")
def places(shared: Path) -> pd.DataFrame:
    grid = pd.read_csv(shared / "regions" / "nky" / "people_grid.csv")
    return grid.assign(id=grid.index.astype(str)).sample(60, random_state=4)


def test_real_times_are_never_slower_than_walking_and_percentiles_are_ordered(
    covington: Network, places: pd.DataFrame
) -> None:
    transit = seconds_between(covington, places.iloc[:10], places, REAL)
    assert np.isfinite(transit).mean() > 0.1
    assert (transit[:, :, 1:] >= transit[:, :, :-1]).all()
    walk = seconds_between(covington, places.iloc[:10], places, replace(REAL, mode="walk", max_minutes=20))
    assert (transit <= np.ceil(walk)).all(), "walks within a trip are whole seconds, rounded up"


def test_real_profiles_agree_both_ways(covington: Network, places: pd.DataFrame) -> None:
    """Being there by the very time of a departure's arrival, one need not have left before that departure."""
    home, there = places.iloc[[3]], places.iloc[20:40]
    for minute in (7 * 60, 7 * 60 + 31, 8 * 60 + 17):
        at = replace(REAL, window=(minute * 60, minute * 60 + 60))
        forward = departure_profile(covington, home, there, at)[0]
        for k in np.flatnonzero(forward != UNREACHED):
            arrival = minute * 60 + int(forward[k])
            back = arrival_profile(covington, there.iloc[[k]], home, replace(at, window=(arrival, arrival + 60)))[0, 0]
            assert back <= forward[k]
            again = departure_profile(
                covington, home, there.iloc[[k]], replace(at, window=(arrival - int(back), arrival - int(back) + 60))
            )[0, 0]
            assert arrival - back + again <= arrival


def test_real_journeys_add_up(covington: Network, places: pd.DataFrame) -> None:
    home = (-84.5086, 39.0837)
    here = pd.DataFrame({"lon": [home[0]], "lat": [home[1]]})
    at = replace(REAL, window=(8 * 3600, 8 * 3600 + 60))
    profile = departure_profile(covington, here, places, at)[0]
    explained = 0
    for k in np.flatnonzero(profile != UNREACHED):
        journey = explain_journey(covington, home, (places["lon"].iloc[k], places["lat"].iloc[k]), at, 8 * 3600)
        assert journey is not None
        assert journey.arrival - journey.departure == profile[k]
        assert journey.departure <= journey.legs[0].start
        assert journey.legs[-1].end == journey.arrival
        for one, following in zip(journey.legs, journey.legs[1:], strict=False):
            assert one.end + (60 if following.vehicle and not following.seated else 0) <= following.start
            assert one.line[-1] == following.line[0]
        explained += len(journey.legs) > 1
    assert explained >= 5


def test_real_rides_are_in_the_raw_file(covington: Network, places: pd.DataFrame, shared: Path) -> None:
    """Every ride of a journey is a trip of stop_times.txt that calls at both stops at these times."""
    with zipfile.ZipFile(shared / "regions" / "nky" / "TANK-GTFS.zip") as archive:
        raw = {name: pd.read_csv(archive.open(f"{name}.txt"), dtype=str) for name in ("stop_times", "stops", "trips")}
    calls = raw["stop_times"].merge(raw["stops"][["stop_id", "stop_name"]])
    calls = calls.merge(raw["trips"][["trip_id", "service_id", "route_id"]])
    calls = calls[calls["service_id"] == "Weekday"]
    home = (-84.5086, 39.0837)
    at = replace(REAL, window=(8 * 3600, 8 * 3600 + 60))
    rides = 0
    for lon, lat in places[["lon", "lat"]].to_numpy()[:40]:
        if off_streets(covington, pd.DataFrame({"lon": [lon], "lat": [lat]}))[0]:
            continue
        journey = explain_journey(covington, home, (lon, lat), at, 8 * 3600)
        for leg in journey.legs if journey else ():
            if leg.vehicle:
                rides += 1
                times = [f"{t // 3600:02d}:{t // 60 % 60:02d}:{t % 60:02d}" for t in (leg.start, leg.end)]
                here = (calls["stop_name"] == leg.from_name) & (calls["departure_time"] == times[0])
                boarded = calls[here & (calls["route_id"] == leg.route)]
                left = calls[(calls["stop_name"] == leg.to_name) & (calls["arrival_time"] == times[1])]
                assert set(boarded["trip_id"]) & set(left["trip_id"])
    assert rides >= 5


def seated_by_hand(trips: pd.DataFrame, rows: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return stops and times of all that follows where a bus goes on at once as another route."""
    joined = {}
    for _, run in trips[trips["block_id"].notna()].groupby("block_id"):
        in_order = sorted(run[["trip_id", "route_id"]].to_numpy().tolist(), key=lambda own: rows[own[0]][2][0])
        for (one, route), (two, other) in pairwise(in_order):
            (stops, arrives, leaves), (more, more_arrives, more_leaves) = rows[one], rows[two]
            if route != other and stops[-1] == more[0] and 0 <= more_leaves[0] - arrives[-1] < 60:
                both = [stops, more], [arrives, more_arrives], [leaves, more_leaves]
                joined[f"{one}+{two}"] = np.stack([np.concatenate(pair) for pair in both])
    return joined


@pytest.mark.parametrize("stay_seated", [False, True])
def test_real_times_equal_a_search_by_brute_force(
    covington: Network, places: pd.DataFrame, shared: Path, stay_seated: bool
) -> None:
    """Every weekday trip of the raw files, in four rounds, without any of the software's timetable or search."""
    with zipfile.ZipFile(shared / "regions" / "nky" / "TANK-GTFS.zip") as archive:
        calls, stops, trips = (
            pd.read_csv(archive.open(f"{name}.txt"), dtype=str) for name in ("stop_times", "stops", "trips")
        )
    calls = calls[calls["trip_id"].isin(trips.loc[trips["service_id"] == "Weekday", "trip_id"])]
    for name in ("arrival_time", "departure_time"):
        calls[name] = calls[name].str.split(":", expand=True).astype(int).to_numpy() @ [3600, 60, 1]
    calls["stop"] = calls["stop_id"].map({stop: i for i, stop in enumerate(stops["stop_id"])})
    calls["stop_sequence"] = calls["stop_sequence"].astype(int)
    columns = ["stop", "arrival_time", "departure_time"]
    by_trip = calls.sort_values(["trip_id", "stop_sequence"]).groupby("trip_id")
    rows = {str(trip): t[columns].to_numpy().T for trip, t in by_trip}
    if stay_seated:
        rows |= seated_by_hand(trips[trips["trip_id"].isin(rows)], rows)
    lon, lat = stops["stop_lon"].astype(float), stops["stop_lat"].astype(float)
    at = [attach(covington.streets, x, y, "walk") for x, y in ((lon, lat), (places["lon"], places["lat"]))]
    home = pd.DataFrame({"lon": [-84.5086], "lat": [39.0837]})
    from_home = attach(covington.streets, home["lon"], home["lat"], "walk")

    def on_foot(a: Attachment, b: Attachment) -> Any:
        reached = street_seconds(covington.streets, a, b, "walk", 1200)
        seconds = np.full((len(a.link), len(b.link)), np.inf)
        seconds[np.repeat(np.arange(len(a.link)), np.diff(reached.indptr)), reached.index] = np.ceil(
            reached.seconds - 0.01
        )
        return seconds

    between = on_foot(at[0], at[0])
    np.fill_diagonal(between, 0)
    to_places, direct, access = on_foot(at[0], at[1]), on_foot(from_home, at[1])[0], on_foot(from_home, at[0])[0]
    settings = replace(REAL, stay_seated=stay_seated)
    for departure in (7 * 3600, 8 * 3600 + 17 * 60):
        ready, best = departure + access, np.full(len(stops), np.inf)
        for _ in range(4):
            alighted = np.full(len(stops), np.inf)
            for stop, arrives, leaves in rows.values():
                caught = np.flatnonzero(ready[stop] + 60 <= leaves)
                if len(caught):
                    np.minimum.at(alighted, stop[caught[0] + 1 :], arrives[caught[0] + 1 :])
            best = np.minimum(best, alighted)
            ready = (alighted[:, None] + between).min(axis=0)
        slow = np.minimum((best[:, None] + to_places).min(axis=0) - departure, direct)
        slow[slow > 3600] = np.inf
        fast = departure_profile(covington, home, places, replace(settings, window=(departure, departure + 60)))[0]
        assert np.where(fast == UNREACHED, np.inf, fast).tolist() == slow.tolist()
        assert np.isfinite(slow).sum() >= 10


def test_staying_seated_makes_nobody_slower_and_holds_both_ways(covington: Network, places: pd.DataFrame) -> None:
    """Some arrive sooner; and who must be there by a time leaves in the minute that the search from home names."""
    hour = replace(REAL, window=(7 * 3600, 9 * 3600), max_minutes=90)
    staying = replace(hour, stay_seated=True)
    home = pd.DataFrame({"lon": [-84.4963], "lat": [39.0914]})
    seated, changing = (departure_profile(covington, home, places, asked) for asked in (staying, hour))
    assert (seated <= changing).all()
    sooner = np.flatnonzero((seated < changing).any(axis=0))
    assert len(sooner), "the 8 goes on as the 25"
    place = places.iloc[[int(sooner[0])]]
    there = arrival_profile(covington, place, home, staying)[:, 0].astype(np.int64)
    minutes = np.arange(*hour.window, 60)
    arrives = np.where(seated[:, sooner[0]] == UNREACHED, 10**9, minutes + seated[:, sooner[0]].astype(np.int64))
    for by, elapsed in zip(minutes.tolist(), there.tolist(), strict=True):
        in_time = minutes[arrives <= by]
        if len(in_time) and elapsed != UNREACHED:
            assert in_time[-1] <= by - elapsed < in_time[-1] + 60
