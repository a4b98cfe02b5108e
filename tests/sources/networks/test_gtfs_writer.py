"""A timetable written as GTFS reads back the same; a scenario is what its own files give."""

import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from geo.scenarios.changes import RouteChange, RouteCut, RouteHeadway, RouteLater, RouteSpeed
from geo.scenarios.routes import change_route
from geo.timetables.feed import Feed
from geo.timetables.feed_tables import feed_from_tables, feed_tables
from sources.networks.gtfs import read_feeds
from sources.networks.gtfs_writer import _free_name, write_gtfs
from sources.region import open_region
from tests.geo.timetables.test_feed_tables import assert_same
from tests.sources.networks.test_gtfs import SOUND, zipped

TOWN = SOUND | {
    "stops.txt": (
        "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station,wheelchair_boarding\n"
        "S,Station,39.0,-84.0,1,,\nA,First,39.0,-84.0,0,S,1\nB,Second,39.0,-84.01,0,,2\nC,Third,39.0,-84.04,0,S,\n"
    ),
    "routes.txt": "route_id,route_short_name,route_type\nr,25,3\nq,7,0\n",
    "trips.txt": (
        "route_id,service_id,trip_id,trip_headsign,wheelchair_accessible,block_id,shape_id\n"
        "r,wk,t1,Airport,1,b1,s1\nr,wk,t2,Airport,1,b2,s1\nq,sa,u1,Back,2,b1,\n"
    ),
    "calendar.txt": SOUND["calendar.txt"] + "sa,0,0,0,0,0,1,0,20240301,20240331\n",
    "stop_times.txt": (
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence,pickup_type,drop_off_type\n"
        "t1,08:00:00,08:00:00,A,1,,\nt1,08:10:00,08:11:00,B,2,1,2\nt1,08:40:00,08:40:00,C,3,,\n"
        "t2,09:00:00,09:00:00,A,1,,\nt2,09:10:00,09:11:00,B,2,1,2\nt2,09:40:00,09:40:00,C,3,,\n"
        "u1,25:00:05,25:00:05,C,1,,\nu1,25:10:00,25:10:00,A,2,,\n"
    ),
    "transfers.txt": (
        "from_stop_id,to_stop_id,transfer_type,min_transfer_time,from_trip_id,to_trip_id\n"
        "C,A,3,,,\nB,C,2,300,,\n,,4,,t1,t2\n"
    ),
    "shapes.txt": (
        "shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence\ns1,39,-84,1\ns1,39.01,-84.02,2\ns1,39,-84.04,3\n"
    ),
}


def read(files: dict[str, str], name: str = "town") -> Feed:
    return read_feeds([(name, zipped(dict(files)))])[0]


def test_a_timetable_reads_back_the_same(tmp_path: Path) -> None:
    feed = read_feeds([("town", zipped(dict(TOWN))), ("other/town", zipped(dict(SOUND)))])[0]
    paths = write_gtfs(feed, tmp_path)
    assert [path.name for path in paths] == ["town.zip", "other_town.zip"]
    again, notes = read_feeds([("town", paths[0]), ("other/town", paths[1])])
    assert notes.empty
    assert_same(again, feed)
    with zipfile.ZipFile(paths[0]) as archive:
        assert {member.compress_type for member in archive.infolist()} == {zipfile.ZIP_DEFLATED}
    first = paths[0].read_bytes()
    assert write_gtfs(feed, tmp_path)[0].read_bytes() == first


def test_the_demos_timetable_does_too(demo_region: str, tmp_path: Path) -> None:
    feed = open_region(demo_region).network.feed
    assert feed is not None
    assert_same(read_feeds([("gtfs", write_gtfs(feed, tmp_path)[0])])[0], feed)


def test_feeds_whose_names_make_one_file_name_get_two() -> None:
    assert _free_name("a_b", []) == "a_b.zip"
    assert _free_name("A_b", ["a_b.zip", "a_b-2.zip"]) == "A_b-3.zip"


def trip(name: str, *times: str) -> str:
    """Return rows of stop_times.txt: when a trip is at A, arrives at and leaves B, and is at C."""
    at_a, to_b, from_b, at_c = times
    return f"{name},{at_a},{at_a},A,1,,\n{name},{to_b},{from_b},B,2,1,2\n{name},{at_c},{at_c},C,3,,\n"


def calls(*trips: str) -> dict[str, str]:
    """Return files in which these are the trips of route 25."""
    head, *_, last, final = TOWN["stop_times.txt"].splitlines(keepends=True)
    third = "r,wk,t3,Airport,1,,s1\n" if len(trips) > 2 else ""
    return {"stop_times.txt": "".join([head, *trips, last, final]), "trips.txt": TOWN["trips.txt"] + third}


FIRST = trip("t1", "08:00:00", "08:10:00", "08:11:00", "08:40:00")
SECOND = trip("t2", "09:00:00", "09:10:00", "09:11:00", "09:40:00")


@pytest.mark.parametrize(
    ("change", "files"),
    [
        (
            RouteLater("25", 600, minutes=60),
            calls(FIRST, SECOND, trip("t3", "10:00:00", "10:10:00", "10:11:00", "10:40:00")),
        ),
        (RouteHeadway("25"), calls(FIRST, SECOND, trip("t3", "08:30:00", "08:40:00", "08:41:00", "09:10:00"))),
        (RouteCut("25", days=(0,)), {"calendar.txt": TOWN["calendar.txt"].replace("wk,1", "wk,0")}),
        (
            RouteSpeed("25", 100),
            calls(
                trip("t1", "08:00:00", "08:05:00", "08:06:00", "08:20:30"),
                trip("t2", "09:00:00", "09:05:00", "09:06:00", "09:20:30"),
            ),
        ),
    ],
)
def test_a_scenario_equals_files_with_the_change_written_into_them(
    tmp_path: Path, change: RouteChange, files: dict[str, str]
) -> None:
    scenario = feed_from_tables(change_route(feed_tables(read(TOWN)), change)[0])
    built = read(TOWN | files)
    again = read_feeds([("town", write_gtfs(scenario, tmp_path)[0])])[0]
    named = replace(again, trip_id=np.where(np.isin(again.trip_id, built.trip_id), again.trip_id, "town:t3"))
    assert_same(named, built)
