"""Odd places and odd timetables are defined: islands, stops off the streets, calendars that have not begun."""

import datetime
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from geo.crs import to_degrees
from geo.errors import DateError, SourceError
from geo.streets.build import Streets, StreetSettings
from geo.travel.journeys import explain_journey, in_words
from geo.travel.network import build_network
from geo.travel.travel_times import UNREACHED, TravelSettings, departure_profile, off_streets, travel_times
from sources.networks.gtfs import read_feeds
from sources.region import RegionInputs, build_region, open_region

MONDAY = datetime.date(2024, 3, 4)
NINE = TravelSettings(date=MONDAY, window=(9 * 3600, 9 * 3600 + 60), max_minutes=60, max_walk_minutes=15)

STOPS = "stop_id,stop_name,stop_lat,stop_lon\nA,First,39.001,-84.55\nB,Second,39.019,-84.55\nZ,Far away,39.3,-84.55\n"
CALLS = (
    "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
    "t,09:10:00,09:10:00,A,1\nt,09:14:00,09:14:00,B,2\nt,09:40:00,09:40:00,Z,3\n"
)
DAYS = "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"


def feed_files(**changes: str) -> dict[str, str]:
    files = {
        "agency.txt": "agency_id,agency_name,agency_url,agency_timezone\n1,Bus,http://example.org,America/New_York\n",
        "stops.txt": STOPS,
        "routes.txt": "route_id,route_short_name,route_type\nr,1,3\n",
        "trips.txt": "route_id,service_id,trip_id\nr,wk,t\n",
        "calendar.txt": DAYS + "wk,1,1,1,1,1,1,1,20240301,20240331\n",
        "stop_times.txt": CALLS,
    }
    return files | {name.replace("_txt", ".txt"): text for name, text in changes.items()}


def zipped(path: Path, **changes: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in feed_files(**changes).items():
            archive.writestr(name, text)
    return path


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an extract: one street due north, 2.2 km."""
    monkeypatch.setenv("RECOVERY_REACH_HOME", str(tmp_path / "home"))
    nodes = "".join(f'<node id="{n + 1}" version="1" lat="{39 + n / 100}" lon="-84.55"/>' for n in range(3))
    refs = "".join(f'<nd ref="{n + 1}"/>' for n in range(3))
    path = tmp_path / "town.osm"
    path.write_text(
        f'<osm version="0.6">{nodes}<way id="9" version="1">{refs}<tag k="highway" v="residential"/></way></osm>'
    )
    return path


def places(*points: tuple[float, float]) -> pd.DataFrame:
    return pd.DataFrame([(str(i), lon, lat) for i, (lat, lon) in enumerate(points)], columns=["id", "lon", "lat"])


def test_stops_off_the_streets_are_passed_and_told(town: Path, tmp_path: Path) -> None:
    report = build_region("town", RegionInputs(osm=town, gtfs=(zipped(tmp_path / "bus.zip"),)))
    assert "1 notice stop_off_streets" in " ".join(report.lines())
    network = open_region("town").network
    ends = places((39.0, -84.55), (39.02, -84.55), (39.3, -84.55))
    assert off_streets(network, ends).tolist() == [False, False, True]
    times = travel_times(network, ends, ends, NINE)
    assert ("0", "1") in set(zip(times["origin_id"], times["destination_id"], strict=True))
    assert "2" not in set(times["origin_id"]) - {"2"}
    assert set(times.loc[times["origin_id"] == "2", "destination_id"]) <= {"2"}, "a place and itself"


def test_a_timetable_of_another_place_is_told(town: Path, tmp_path: Path) -> None:
    elsewhere = STOPS.replace("39.0", "52.0")
    report = build_region("town", RegionInputs(osm=town, gtfs=(zipped(tmp_path / "bus.zip", stops_txt=elsewhere),)))
    text = " ".join(report.lines())
    assert "3 notice stop_off_streets" in text
    assert "1 notice timetable_elsewhere" in text
    ends = places((39.0, -84.55), (39.004, -84.55))
    times = travel_times(open_region("town").network, ends, ends, NINE)
    assert times["minutes"].max() == pytest.approx(444 / 80, abs=0.1), "on foot"


def test_a_timetable_that_has_not_begun(town: Path, tmp_path: Path) -> None:
    """Its own dates serve; today's is refused with the dates that would do."""
    future = DAYS + "wk,1,1,1,1,1,1,1,20510301,20510331\n"
    report = build_region("town", RegionInputs(osm=town, gtfs=(zipped(tmp_path / "bus.zip", calendar_txt=future),)))
    assert report.service_dates is not None
    assert list(report.service_dates) == ["2051-03-01", "2051-03-31"]
    region = open_region("town")
    assert region.facts.service_date.year == 2051
    ends = places((39.0, -84.55), (39.02, -84.55))
    with pytest.raises(DateError, match="2051-03-01 to 2051-03-31"):
        travel_times(region.network, ends, ends, NINE)


@pytest.mark.parametrize("name", ["stops_txt", "trips_txt", "stop_times_txt", "calendar_txt"])
def test_an_empty_timetable_is_one_sentence(town: Path, tmp_path: Path, name: str) -> None:
    empty = {name: feed_files()[name.replace("_txt", ".txt")].splitlines()[0] + "\n"}
    with pytest.raises(SourceError, match="bus") as said:
        build_region("town", RegionInputs(osm=town, gtfs=(zipped(tmp_path / "bus.zip", **empty),)))
    assert "\n" not in str(said.value)


def test_a_stop_listed_twice_and_two_stops_at_one_place(tmp_path: Path) -> None:
    """Of one id the first row holds; two ids at one place are two stops, and changing between them takes no walk."""
    twice = STOPS + "A,Again,45,10\nA2,First,39.001,-84.55\n"
    more = CALLS + "u,09:20:00,09:20:00,A2,1\nu,09:30:00,09:30:00,B,2\n"
    trips = "route_id,service_id,trip_id\nr,wk,t\nr,wk,u\n"
    files = {"stops_txt": twice, "stop_times_txt": more, "trips_txt": trips}
    feed, notes = read_feeds([("bus", zipped(tmp_path / "bus.zip", **files))])
    assert notes[["row", "code"]].to_numpy().tolist() == [["stops.txt:5", "repeated_id"]]
    assert len(feed.stop_id) == 4
    assert feed.stop_lat[0] == feed.stop_lat[1] == 39.001


def test_a_time_that_is_none(tmp_path: Path) -> None:
    calls = CALLS.replace("09:14:00,09:14:00", "25:61:00,25:61:00")
    feed, notes = read_feeds([("bus", zipped(tmp_path / "bus.zip", stop_times_txt=calls))])
    assert notes["code"].tolist() == ["bad_time"]
    assert (np.diff(feed.arrival) > 0).all()


def test_islands_of_streets_are_never_reached_from_one_another(lay_streets: Callable[..., Streets]) -> None:
    """Two towns of 12 km of streets each, 500 m apart, and a scrap of 200 m, to which nothing attaches."""
    nodes = {"A": (0, 0), "B": (12000, 0), "C": (0, 500), "D": (12000, 500), "E": (0, 900), "F": (200, 900)}
    ways = ["A B: highway=residential", "C D: highway=residential", "E F: highway=residential"]
    streets = lay_streets(nodes, ways, settings=StreetSettings())
    network = build_network(streets, None, "America/New_York")
    lon, lat = to_degrees([500_100] * 3, [4_330_000, 4_330_500, 4_330_900], streets.crs)
    points = pd.DataFrame({"id": ["south", "north", "scrap"], "lon": lon, "lat": lat})
    times = travel_times(network, points, points, TravelSettings(mode="walk", max_minutes=200))
    pairs = set(zip(times["origin_id"], times["destination_id"], strict=True))
    assert ("south", "north") not in pairs
    assert ("north", "scrap") in pairs, "the scrap's place is walked to from the street that goes somewhere"
    north = times.set_index(["origin_id", "destination_id"])["minutes"]
    assert north["north", "scrap"] == pytest.approx(400 / 80, abs=0.05)


def test_a_journey_to_where_one_is(town: Path, tmp_path: Path) -> None:
    build_region("town", RegionInputs(osm=town, gtfs=(zipped(tmp_path / "bus.zip"),)))
    network = open_region("town").network
    here = (-84.55, 39.0)
    journey = explain_journey(network, here, here, NINE, 9 * 3600)
    assert journey is not None
    assert (journey.minutes, journey.legs, in_words(journey)) == (0, (), ["9:00 AM there"])
    assert departure_profile(network, places((39.0, -84.55)), places((39.0, -84.55)), NINE)[0, 0] == 0
    assert departure_profile(network, places((39.0, -84.55)), places((39.2, -84.55)), NINE)[0, 0] == UNREACHED
