"""A car meets the traffic of the hour, a town's limits, and a crossing's signals once: closed forms on toy streets."""

import datetime
import tomllib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from geo.crs import to_degrees
from geo.errors import NeedsError
from geo.streets.build import CLASSES, Streets, StreetSettings
from geo.streets.shortest_paths import street_seconds
from geo.streets.snapping import attach
from geo.streets.traffic import ROADS, Traffic, load_traffic, stretches, traffic_from
from geo.travel.isochrones import isochrones
from geo.travel.journeys import explain_journey
from geo.travel.network import Network, build_network
from geo.travel.traffic_hours import bands_of, hours_in_words
from geo.travel.travel_times import TravelSettings, arrival_profile, departure_profile, seconds_between, travel_times

Lay = Callable[..., Streets]
Seconds = Callable[..., float]
FREE = StreetSettings(main_network_share=0, turn_seconds=0)
HOUR = 3600
MONDAY, SATURDAY = datetime.date(2024, 3, 4), datetime.date(2024, 3, 9)
DOCUMENT = tomllib.loads((Path(__file__).parents[3] / "data" / "traffic" / "default.toml").read_text("utf-8"))
KINDS = {"freeway": "motorway", "arterial": "primary", "local": "residential"}
AT = {
    "night": [(MONDAY, 2), (MONDAY, 5), (MONDAY, 22), (SATURDAY, 7)],
    "day": [(MONDAY, 6), (MONDAY, 10), (MONDAY, 12), (MONDAY, 19), (SATURDAY, 8), (SATURDAY, 17)],
    "rush": [(MONDAY, 7), (MONDAY, 8), (MONDAY, 16), (MONDAY, 17)],
}


def about(value: float) -> Any:
    return pytest.approx(value, rel=1e-3)


def document(**changes: Any) -> dict[str, Any]:
    return {**DOCUMENT, **changes}


def with_factors(factor: float) -> Traffic:
    bands = [{**band, "factors": dict.fromkeys(ROADS, factor)} for band in DOCUMENT["bands"]]
    return traffic_from(document(bands=bands))


def points(*meters: tuple[float, float]) -> pd.DataFrame:
    east, north = np.array(meters).T
    lon, lat = to_degrees(500_000 + east, 4_330_000 + north, "EPSG:32616")
    return pd.DataFrame({"id": [str(k) for k in range(len(lon))], "lon": lon, "lat": lat})


def road(lay_streets: Lay, kind: str, settings: StreetSettings = FREE) -> Network:
    """Lay 3 km of a kind of road at 36 km/h (10 m/s), with a local street of no length to speak of at either end."""
    nodes = {"A": (-1, 0), "B": (0, 0), "C": (3000, 0), "D": (3001, 0)}
    ways = [f"B C: highway={kind} maxspeed=36 oneway=no"]
    ways += ["A B: highway=residential maxspeed=36", "C D: highway=residential maxspeed=36"]
    return build_network(lay_streets(nodes, ways, settings=settings), None, "America/New_York")


def drive(network: Network, date: datetime.date | None = MONDAY, **when: Any) -> float:
    ends = points((-0.5, 0), (3000.5, 0))
    settings = TravelSettings(mode="drive", date=date, **when)
    return float(seconds_between(network, ends.iloc[:1], ends.iloc[1:], settings)[0, 0, 0])


@pytest.mark.parametrize("kind", list(ROADS))
def test_a_link_of_each_kind_takes_its_factor_at_each_hour(lay_streets: Lay, kind: str) -> None:
    network = road(lay_streets, KINDS[kind])
    factors = {band["name"]: band["factors"][kind] for band in DOCUMENT["bands"]}
    for band, moments in AT.items():
        for date, hour in moments:
            window = (hour * HOUR, hour * HOUR + 60)
            assert drive(network, date, window=window) == about(300 * factors[band]), (band, date, hour)
            assert drive(network, date, arrive_by=hour * HOUR + 60) == about(300 * factors[band])
    assert drive(network) == about(300 * factors["rush"]), "without an hour, the usual one: 8 on a weekday"
    assert drive(network, None, window=(2 * HOUR, 3 * HOUR)) == about(300 * factors["night"]), "no date = a weekday"


def test_arriving_at_the_full_hour_one_drove_before_it(lay_streets: Lay) -> None:
    network = road(lay_streets, "primary")
    assert drive(network, arrive_by=9 * HOUR) == drive(network, window=(8 * HOUR, 8 * HOUR + 60))
    assert drive(network, arrive_by=18 * HOUR) == drive(network, window=(17 * HOUR, 17 * HOUR + 60))
    assert drive(network, arrive_by=7 * HOUR) == drive(network, window=(6 * HOUR, 6 * HOUR + 60))
    ends = [(float(row.lon), float(row.lat)) for row in points((-0.5, 0), (3000.5, 0)).itertuples()]
    by_nine = explain_journey(network, *ends, TravelSettings(mode="drive", date=MONDAY, arrive_by=9 * HOUR + 60))
    assert by_nine is not None
    assert by_nine.arrival <= 9 * HOUR + 60, "in the traffic that it was counted with"


def test_a_window_over_two_bands_gives_percentiles_over_its_departures(lay_streets: Lay) -> None:
    """Of 06:30–07:15, 30 departures are by day and 15 in the rush: the 66th percentile is the slowest by day."""
    network, ends = road(lay_streets, "primary"), points((-0.5, 0), (3000.5, 0))
    window = (6 * HOUR + 1800, 7 * HOUR + 900)
    settings = TravelSettings(mode="drive", date=MONDAY, window=window, percentiles=(5, 66, 67, 95))
    table = travel_times(network, ends.iloc[:1], ends.iloc[1:], settings)
    assert table["percentile"].tolist() == [5, 66, 67, 95]
    day, rush = (300 * band["factors"]["arterial"] / 60 for band in DOCUMENT["bands"][1:])
    assert table["minutes"].tolist() == [about(day), about(day), about(rush), about(rush)]
    leaving = departure_profile(network, ends.iloc[:1], ends.iloc[1:], settings)[:, 0]
    being = arrival_profile(network, ends.iloc[1:], ends.iloc[:1], settings)[:, 0]
    assert leaving.tolist() == pytest.approx([342] * 30 + [399] * 15, abs=1)
    assert being.tolist() == pytest.approx([342] * 31 + [399] * 14, abs=1), "being there by 7:00 one drove before"


def test_an_isochrone_shrinks_in_the_rush(lay_streets: Lay) -> None:
    network = road(lay_streets, "primary")
    areas = {
        hour: isochrones(
            network,
            points((-0.5, 0)),
            TravelSettings(mode="drive", date=MONDAY, window=(hour * HOUR, (hour + 1) * HOUR)),
            (2,),
        ).geometry[0]
        for hour in (2, 8)
    }
    reach = {hour: area.bounds[2] for hour, area in areas.items()}
    expected = to_degrees([500_000 + 1200 / 1.03, 500_000 + 1200 / 1.33], [4_330_000, 4_330_000], "EPSG:32616")[0]
    meter = 1 / 86_000
    assert areas[8].within(areas[2].buffer(1e-6))
    assert [reach[2], reach[8]] == pytest.approx(list(expected), abs=25 * meter)


def test_factor_one_is_free_flow_on_any_streets(nky: Streets) -> None:
    lon, lat = np.array([-84.5086, -84.4963, -84.6266, -84.6008]), np.array([39.0837, 39.0914, 38.9989, 39.0167])
    ends = attach(nky, lon, lat, "drive")

    def matrix(streets: Streets, band: int | None) -> NDArray[np.float32]:
        return street_seconds(streets, ends, ends, "drive", 7200.0, traffic=band).seconds

    free = matrix(nky, None)
    even = replace(nky, traffic=with_factors(1.0), memo={})
    assert matrix(even, 0) == pytest.approx(free, abs=0.01)
    night, day, rush = (matrix(nky, band) for band in range(3))
    assert (free <= night + 0.01).all()
    assert (night < day + 0.01).all()
    assert (day < rush + 0.01).all()
    assert 1.1 < np.median(rush[rush > 0] / night[rush > 0]) < 1.3


@given(st.sampled_from(list(ROADS)), st.integers(0, 6), st.integers(0, 1439), st.integers(0, 1439))
def test_no_hour_is_faster_than_the_night(kind: str, weekday: int, minute: int, other: int) -> None:
    traffic = load_traffic()
    column = list(ROADS).index(kind)
    night = traffic.factors[traffic.bands.index("night"), column]
    for moment in (minute, other):
        assert traffic.factors[int(traffic.at(weekday, moment)), column] >= night >= 1
    assert traffic.at(weekday, minute + 1440) == traffic.at(weekday + 1, minute), "the hours after midnight"
    assert traffic.at(weekday, minute - 1440) == traffic.at(weekday - 1, minute)


def test_the_day_falls_into_stretches_of_one_band() -> None:
    traffic = load_traffic()
    assert stretches(traffic, 0, 360, 600, arriving=False) == [(1, 360, 420), (2, 420, 540), (1, 540, 600)]
    assert stretches(traffic, 0, 420, 540, arriving=True) == [(1, 420, 421), (2, 421, 540)]
    assert stretches(traffic, 5, 480, 1200, arriving=False) == [(1, 480, 1200)]
    settings = TravelSettings(mode="drive", date=SATURDAY, window=(26 * HOUR, 27 * HOUR))
    assert set(bands_of(traffic, settings).tolist()) == {0}
    assert hours_in_words(traffic, replace(settings, date=MONDAY, window=(7 * HOUR, 10 * HOUR))) == (
        "Monday 07:00-10:00, rush and day"
    )
    assert hours_in_words(traffic, TravelSettings(mode="drive", date=MONDAY, arrive_by=9 * HOUR)) == (
        "Monday by 09:00, rush"
    )
    assert hours_in_words(traffic, TravelSettings(mode="drive")) == "Monday 08:00, rush"


def test_every_class_of_street_is_of_one_kind_of_road() -> None:
    assert sorted(name for names in ROADS.values() for name in names) == sorted(CLASSES)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"more": 1}, "unknown key 'more'"),
        ({"usual": "mornings"}, "clock time"),
        ({"bands": []}, "a list of tables"),
        ({"bands": [*DOCUMENT["bands"], DOCUMENT["bands"][0]]}, "the same name"),
        ({"bands": [{**DOCUMENT["bands"][0], "factors": {"freeway": 1, "arterial": 1}}]}, "lacks the key 'local'"),
        ({"bands": [{**DOCUMENT["bands"][0], "factors": dict.fromkeys(ROADS, 0.1)}]}, "a number from 0.5 to 5"),
        ({"hours": {**DOCUMENT["hours"], "sunday": {"06:00": "day"}}}, "the first at 00:00"),
        ({"hours": {**DOCUMENT["hours"], "sunday": {"00:00": "day", "0:00": "night"}}}, "once"),
        ({"hours": {**DOCUMENT["hours"], "sunday": {"00:00": "siesta"}}}, "one of night, day, rush"),
        ({"hours": {**DOCUMENT["hours"], "sunday": {"25:00": "day"}}}, "clock time"),
    ],
)
def test_a_profile_that_cannot_be_meant_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(NeedsError, match=message):
        traffic_from(document(**changes))


SIX = 6
DIVIDED = {
    "W": (-300, 0), "w": (-10, 0), "e": (10, 0), "E": (300, 0),
    "w2": (-10, 20), "e2": (10, 20), "W2": (-300, 20), "E2": (300, 20),
    "s": (-10, -300), "n": (-10, 300), "s2": (10, -300), "n2": (10, 300),
}  # fmt: skip
"""Two roads of two carriageways each, 20 m apart, that cross at four nodes."""
CARRIAGEWAYS = [
    "W w e E: highway=primary oneway=yes maxspeed=36",
    "E2 e2 w2 W2: highway=primary oneway=yes maxspeed=36",
    "n w2 w s: highway=secondary oneway=yes maxspeed=36",
    "s2 e e2 n2: highway=secondary oneway=yes maxspeed=36",
    *(f"{one} {one}2: highway=residential" for one in "WEsn"),
]


def test_signals_are_waited_at_once_a_crossing(lay_streets: Lay, seconds: Seconds) -> None:
    four = dict.fromkeys(("w", "e", "w2", "e2"), "highway=traffic_signals")
    for at, waits in (({}, 0), ({"w": "highway=traffic_signals"}, 1), (four, 1)):
        streets = lay_streets(DIVIDED, CARRIAGEWAYS, at=at, settings=FREE)
        assert seconds(streets, (-200, 0), (200, 0), "drive") == about(40 + SIX * waits)
        assert seconds(streets, (200, 20), (-200, 20), "drive") == about(40 + SIX * bool(len(at) == 4))
        assert seconds(streets, (10, -200), (10, 200), "drive") == about(40 + SIX * bool(len(at) == 4))
    left = lay_streets(DIVIDED, CARRIAGEWAYS, at=four, settings=FREE)
    assert seconds(left, (-200, 0), (10, 200), "drive") == about(41 + SIX), "a left turn passes two of the four"


def test_stop_lines_and_crosswalks_are_no_crossings_of_their_own(lay_streets: Lay, seconds: Seconds) -> None:
    """Signals at the stop lines of both directions, 12 m from the crossing; a driveway 20 m before the first."""
    nodes = {
        "A": (-300, 0), "d": (-32, 0), "d2": (-32, 30), "l": (-12, 0), "X": (0, 0), "r": (12, 0), "B": (300, 0),
        "S": (0, -300), "N": (0, 300),
    }  # fmt: skip
    ways = ["A d l X r B: highway=primary maxspeed=36", "S X N: highway=residential", "d d2: highway=residential"]
    for at in ({}, {"l": "highway=traffic_signals", "r": "highway=traffic_signals"}):
        streets = lay_streets(nodes, ways, at=at, settings=FREE)
        assert seconds(streets, (-200, 0), (200, 0), "drive") == about(40 + SIX * bool(at))
        assert seconds(streets, (200, 0), (-200, 0), "drive") == about(40 + SIX * bool(at))
    apart = {"A": (0, 0), "P": (200, 0), "Q": (300, 0), "B": (500, 0), "p": (200, 90), "q": (300, 90)}
    ways = ["A P Q B: highway=primary maxspeed=36", "P p: highway=residential", "Q q: highway=residential"]
    two = lay_streets(apart, ways, at=dict.fromkeys("PQ", "highway=traffic_signals"), settings=FREE)
    assert seconds(two, (50, 0), (450, 0), "drive") == about(40 + 2 * SIX), "two crossings, a block apart"


def grid(side: int, every: float) -> tuple[dict[str, tuple[float, float]], list[str]]:
    """Return residential streets in squares around a main road without a limit, along y = 0."""
    nodes = {f"{i}_{j}": (i * every, j * every) for i in range(-side, side + 1) for j in range(-side, side + 1)}
    lines = range(-side, side + 1)
    ways = [" ".join(f"{i}_{j}" for i in lines) + ": highway=residential" for j in lines if j]
    ways += [" ".join(f"{i}_{j}" for j in lines) + ": highway=residential" for i in lines]
    return nodes, [*ways, " ".join(f"{i}_0" for i in lines) + ": highway=primary"]


def test_speeds_of_a_town_hold_in_a_town(lay_streets: Lay, seconds: Seconds) -> None:
    """Streets 200 m apart are 10 km a square kilometer, 1,000 m apart 2; a tagged limit holds in both."""
    for every, side, kph in ((200, 6, 57), (1000, 2, 75)):
        nodes, ways = grid(side, every)
        assert seconds(lay_streets(nodes, ways, settings=FREE), (-450, 0), (450, 0), "drive") == about(900 * 3.6 / kph)
        ways[-1] += " maxspeed=48"
        assert seconds(lay_streets(nodes, ways, settings=FREE), (-450, 0), (450, 0), "drive") == about(900 * 3.6 / 48)


def test_downtown_washington_is_a_town(shared: Path) -> None:
    from sources.networks.osm import read_streets

    streets = read_streets(shared / "regions" / "dc" / "dc_nw_arlington.osm.pbf")
    built = lay_real(streets)
    graph = built.modes["drive"]
    middle = (built.geometry_offset[:-1] + built.geometry_offset[1:]) // 2
    lon, lat = to_degrees(built.geometry_x[middle], built.geometry_y[middle], built.crs)
    downtown = (np.abs(lon + 77.037) < 0.012) & (np.abs(lat - 38.902) < 0.007)
    primary = downtown & (built.link_class == CLASSES.index("primary")) & np.isfinite(graph.link_seconds[::2])
    assert primary.sum() > 50
    kph = 3.6 * built.link_meters[primary] / graph.link_seconds[::2][primary]
    assert np.median(kph) <= 57
    assert kph.max() < 60


def lay_real(elements: Any) -> Streets:
    from geo.streets.build import build_streets

    return build_streets(elements, "EPSG:32618", StreetSettings())
