"""Feeds written by hand on one straight street: staying seated, ways inside stations, lines on the ground.

Places are meters east along the street; walking takes 0.75 s a meter.
"""

import datetime
import io
import zipfile
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import shapely

from geo.crs import to_degrees
from geo.streets.build import Streets
from geo.timetables.feed import Feed, feed_from_arrays, feed_to_arrays
from geo.timetables.service_day import tells_step_free, timetable
from geo.timetables.shapes import places_along, ride_line, stretches
from geo.travel.isochrones import isochrones
from geo.travel.journeys import explain_journey, in_words, journey_legs
from geo.travel.keep_out import keeping_out
from geo.travel.network import Network, build_network
from geo.travel.travel_times import UNREACHED, TravelSettings, arrival_profile, departure_profile
from screens.shared.journey_text import sentences
from screens.shared.words import Say
from sources.networks.gtfs import read_feeds

MONDAY = datetime.date(2024, 3, 4)
EIGHT = 8 * 3600
TOLD = TravelSettings(date=MONDAY, window=(EIGHT - 120, EIGHT - 60), max_minutes=60, max_walk_minutes=10)
AT_EIGHT = replace(TOLD, stay_seated=True)
STOPS = {"A": 0, "B": 4000, "C": 8000, "D": 12_000}


def spot(x: float, y: float = 0.0) -> tuple[float, float]:
    lon, lat = to_degrees([500_000 + x], [4_330_000 + y], "EPSG:32616")
    return round(float(lon[0]), 7), round(float(lat[0]), 7)


def point(x: float, y: float = 0.0) -> pd.DataFrame:
    lon, lat = spot(x, y)
    return pd.DataFrame({"id": ["p"], "lon": [lon], "lat": [lat]})


def disc(x: float, y: float, meters: float) -> shapely.Geometry:
    return shapely.Point(500_000 + x, 4_330_000 + y).buffer(meters)


def stops_txt(extra: str = "", columns: str = "") -> str:
    rows = [f"{name},{name} Street,{spot(x)[1]},{spot(x)[0]}" + "," * columns.count(",") for name, x in STOPS.items()]
    return f"stop_id,stop_name,stop_lat,stop_lon{columns}\n" + "\n".join(rows) + "\n" + extra


def call_rows(trips: dict[str, str]) -> str:
    """Return stop_times.txt of trips such as "A 8:00 B 8:10"."""
    rows = ["trip_id,arrival_time,departure_time,stop_id,stop_sequence"]
    for trip, text in trips.items():
        words = text.split()
        rows += [f"{trip},{t}:00,{t}:00,{s},{i}" for i, (s, t) in enumerate(zip(words[::2], words[1::2], strict=True))]
    return "\n".join(rows) + "\n"


def feed_of(trips: dict[str, str], trip_rows: str, **files: str) -> tuple[Feed, pd.DataFrame]:
    """Return the feed of trips; `trip_rows` are the lines of trips.txt: route_id,trip_id,block_id,shape_id."""
    days = "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
    texts = {
        "agency.txt": "agency_id,agency_name,agency_url,agency_timezone\n1,Bus,http://example.org,America/New_York\n",
        "stops.txt": stops_txt(),
        "routes.txt": "route_id,route_short_name,route_type\nr,1,3\ns,2,3\n",
        "trips.txt": "service_id,trip_headsign,route_id,trip_id,block_id,shape_id\n"
        + "".join(f"wk,East,{row}\n" for row in trip_rows.split()),
        "calendar.txt": days + "wk,1,1,1,1,1,1,1,20240301,20240331\n",
        "stop_times.txt": call_rows(trips),
        **{name.replace("_txt", ".txt"): text for name, text in files.items()},
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in texts.items():
            archive.writestr(name, content)
    feed, notes = read_feeds([("town", buffer.getvalue())])
    return feed, notes[notes["code"] != "unused_stop"]


@pytest.fixture(scope="module")
def street(lay_streets: Callable[..., Streets]) -> Streets:
    nodes = {f"n{x}": (float(x), 0.0) for x in range(-1000, 14_000, 500)}
    return lay_streets(nodes, [" ".join(nodes) + ": highway=residential"])


def network_of(street: Streets, feed: Feed) -> Network:
    return build_network(street, feed, "America/New_York")


def seconds(network: Network, start: float, end: float, settings: TravelSettings = AT_EIGHT) -> int:
    """Return the seconds on leaving at 7:58, and check that the search from the other end agrees."""
    elapsed = int(departure_profile(network, point(start), point(end), settings)[0, 0])
    if elapsed != UNREACHED:
        by = settings.window[0] + elapsed
        back = replace(settings, window=(by, by + 60))
        assert arrival_profile(network, point(end), point(start), back)[0, 0] <= elapsed
    return elapsed


TWO = {"one": "A 8:00 B 8:10", "two": "B 8:10 C 8:20"}


def test_one_stays_seated_where_the_vehicle_goes_on_at_once(street: Streets) -> None:
    feed, notes = feed_of(TWO, "r,one,bus7, s,two,bus7,")
    assert notes.empty
    network = network_of(street, feed)
    assert seconds(network, 0, 8000) == 22 * 60
    assert seconds(network, 0, 8000, replace(AT_EIGHT, rides=1)) == 22 * 60, "it is one ride"
    assert seconds(network, 0, 8000, TOLD) == UNREACHED, "that riders may stay isn't said"
    apart = network_of(street, feed_of(TWO, "r,one,bus7, s,two,bus8,")[0])
    assert seconds(apart, 0, 8000) == UNREACHED, "another vehicle leaves while one alights"
    journey = explain_journey(network, spot(0), spot(8000), AT_EIGHT, EIGHT - 120)
    assert journey is not None
    rides = [leg for leg in journey.legs if leg.vehicle]
    assert [(leg.route, leg.from_name, leg.to_name, leg.seated) for leg in rides] == [
        ("1", "A Street", "B Street", False),
        ("2", "B Street", "C Street", True),
    ]
    assert [leg.stops for leg in rides] == [1, 1]
    assert "8:10 AM stay on board, now bus 2 toward East, 1 stop to C Street, arrive 8:20 AM" in in_words(journey)


def test_nobody_boards_or_alights_where_one_trip_becomes_the_next(street: Streets) -> None:
    """From B one takes the second trip, and not the last stop of the first; to B one rides the first alone."""
    network = network_of(street, feed_of(TWO, "r,one,bus7, s,two,bus7,")[0])
    for start, end in ((4040, 8000), (0, 4040)):
        journey = explain_journey(network, spot(start), spot(end), AT_EIGHT, EIGHT - 120)
        assert journey is not None
        assert [(leg.stops, leg.seated) for leg in journey.legs if leg.vehicle] == [(1, False)]
        assert len(journey_legs(journey)) == len(journey.legs)


def test_a_vehicle_that_one_stays_on_to_where_it_stops_next_has_a_line(street: Streets) -> None:
    head = "from_stop_id,to_stop_id,from_trip_id,to_trip_id,transfer_type\n"
    elsewhere = {"one": "A 8:00 B 8:10", "two": "D 8:10 C 8:20"}
    network = network_of(street, feed_of(elsewhere, "r,one,, s,two,,", transfers_txt=head + ",,one,two,4\n")[0])
    journey = explain_journey(network, spot(0), spot(12_000), AT_EIGHT, EIGHT - 120)
    assert journey is not None
    assert [leg.stops for leg in journey.legs if leg.vehicle] == [1, 0]
    assert journey_legs(journey).geom_type.tolist() == ["LineString"] * len(journey.legs)


def test_nobody_stays_seated_on_a_vehicle_that_crosses_an_area_to_its_next_trip(street: Streets) -> None:
    """From B it runs empty-handed on to D, through an area on the way that neither of its trips comes near."""
    head = "from_stop_id,to_stop_id,from_trip_id,to_trip_id,transfer_type\n"
    trips = {"one": "A 8:00 B 8:10", "two": "D 8:10 E 8:20"}
    stops = stops_txt(f"E,E Street,{spot(12_800)[1]},{spot(12_800)[0]}\n")
    feed, _ = feed_of(trips, "r,one,, s,two,,", stops_txt=stops, transfers_txt=head + ",,one,two,4\n")
    network = network_of(street, feed)
    for ground, expected in ((disc(6000, 0, 50), UNREACHED), (disc(6000, 300, 50), 22 * 60)):
        assert seconds(keeping_out(network, ground), 0, 12_800) == expected
        assert seconds(keeping_out(network, ground, ride_through=True), 0, 12_800) == 22 * 60


def test_what_has_to_be_arranged_is_told_on_the_leg(street: Streets) -> None:
    rows = "trip_id,arrival_time,departure_time,stop_id,stop_sequence,pickup_type,drop_off_type\n"
    calls = rows + "one,8:00:00,8:00:00,A,1,2,1\none,8:10:00,8:10:00,B,2,3,3\none,8:20:00,8:20:00,C,3,1,2\n"
    network = network_of(street, feed_of({}, "r,one,,", stop_times_txt=calls)[0])
    for start, end, arranged in (
        (0, 4000, ("call", "driver")),
        (0, 8000, ("call", "call")),
        (4000, 8000, ("driver", "call")),
    ):
        journey = explain_journey(network, spot(start), spot(end), AT_EIGHT, EIGHT - 120)
        assert journey is not None
        (ride,) = (leg for leg in journey.legs if leg.vehicle)
        assert (ride.pickup, ride.drop_off) == arranged
    words = in_words(journey)
    assert words[1].endswith("; tell the driver that you want to get on; call ahead to be let off there")
    for language, sentence in (("en", "Tell the driver"), ("es", "Avise al conductor")):
        assert sentence in sentences(journey, Say(language))[1]


def test_where_there_is_time_to_change_it_is_a_change(street: Streets) -> None:
    feed, _ = feed_of({"one": "A 8:00 B 8:10", "two": "B 8:15 C 8:25"}, "r,one,bus7, s,two,bus7,")
    network = network_of(street, feed)
    assert seconds(network, 0, 8000) == 27 * 60
    assert seconds(network, 0, 8000, replace(AT_EIGHT, rides=1)) == UNREACHED
    patient = replace(AT_EIGHT, board_seconds=600)
    assert seconds(network, 0, 8000, replace(patient, rides=1, window=(EIGHT - 600, EIGHT - 540))) == 35 * 60


def test_a_change_of_exactly_the_seconds_to_board_counts(street: Streets) -> None:
    """Who arrives at 08:10 catches the bus of 08:11 with 60 s to change, and not with 61."""
    network = network_of(street, feed_of({"one": "A 8:00 B 8:10", "two": "B 8:11 C 8:21"}, "r,one,, s,two,,")[0])
    early = replace(AT_EIGHT, window=(EIGHT - 120, EIGHT - 60))
    assert seconds(network, 0, 8000, early) == 23 * 60
    assert seconds(network, 0, 8000, replace(early, board_seconds=61)) == UNREACHED
    first = replace(AT_EIGHT, window=(EIGHT - 60, EIGHT))
    assert seconds(network, 0, 4000, first) == 11 * 60, "a minute before the bus leaves is soon enough"
    assert seconds(network, 0, 4000, replace(first, board_seconds=61)) == UNREACHED


@pytest.mark.parametrize(
    ("trips", "rows", "runs_on"),
    [
        (TWO, "r,one,v, r,two,v,", False),
        ({"one": "A 8:00 B 8:05 A 8:10", "two": "A 8:10 C 8:20 A 8:30"}, "r,one,v, r,two,v,", True),
        ({"one": "A 8:00 B 8:10", "two": "D 8:10 C 8:20"}, "r,one,v, s,two,v,", False),
        ({"one": "A 8:00 B 8:10", "two": "B 8:09 C 8:20"}, "r,one,v, s,two,v,", False),
        ({"one": "A 8:00 B 8:10", "mid": "B 8:10 D 8:11", "two": "B 8:12 C 8:20"}, "r,one,v, s,mid,v, s,two,v,", True),
    ],
    ids=["goes on as its own route", "laps", "elsewhere", "before it arrives", "a third trip lies between: a change"],
)
def test_runs_of_a_vehicle(street: Streets, trips: dict[str, str], rows: str, runs_on: bool) -> None:
    network = network_of(street, feed_of(trips, rows)[0])
    start = 4000 if "A 8:10" in trips["one"] else 0
    settings = replace(AT_EIGHT, window=(EIGHT, EIGHT + 60)) if start else AT_EIGHT
    assert (int(departure_profile(network, point(start), point(8000), settings)[0, 0]) != UNREACHED) == runs_on


def test_transfers_say_trip_by_trip(street: Streets) -> None:
    head = "from_stop_id,to_stop_id,from_trip_id,to_trip_id,transfer_type\n"
    elsewhere = {"one": "A 8:00 B 8:10", "two": "D 8:10 C 8:20"}
    seated = network_of(street, feed_of(elsewhere, "r,one,, s,two,,", transfers_txt=head + ",,one,two,4\n")[0])
    assert seconds(seated, 0, 8000, TOLD) == 22 * 60, "the vehicle moves on with its passengers"
    feed, notes = feed_of(TWO, "r,one,v, s,two,v,", transfers_txt=head + ",,one,two,5\n")
    assert notes.empty
    assert seconds(network_of(street, feed), 0, 8000) == UNREACHED, "everyone must get off"
    _, notes = feed_of(TWO, "r,one,v, s,two,v,", transfers_txt=head + ",,one,three,4\n,,one,one,4\n")
    assert notes[["row", "code"]].to_numpy().tolist() == [
        ["transfers.txt:2", "bad_transfer"],
        ["transfers.txt:3", "bad_transfer"],
    ]


def test_trips_of_other_days_are_not_gone_on_with(street: Streets) -> None:
    """The evening trip ends at 24:00 where the next day's first one begins at 0:00, by the same number of a run."""
    feed, _ = feed_of({"late": "A 23:50 B 24:00", "early": "B 0:00 C 0:10"}, "r,late,v, s,early,v,")
    assert (timetable(feed, MONDAY, stay_seated=True).trip_onward < 0).all()


STATION = (
    "S,Hall,{y},{x},1,,1\nP,Platform,{y},{x},0,S,\nE1,West door,{y},{west},2,S,\nE2,East door,{y},{east},2,S,\n"
    "N,Mezzanine,,,3,S,\n"
)
WAYS = (
    "pathway_id,from_stop_id,to_stop_id,pathway_mode,is_bidirectional,traversal_time,length\n"
    "w1,E1,N,1,1,60,\nw2,N,P,4,0,30,\nw3,P,N,4,0,90,\nw4,E2,P,5,1,,\n"
)


def underground(**files: str) -> tuple[Feed, pd.DataFrame]:
    """Return a station at 4,000 m, with doors 200 m west and 400 m east of it."""
    (west, y), (east, _), (x, _) = spot(3800), spot(4400), spot(4000)
    columns = ",location_type,parent_station,wheelchair_boarding"
    stops = stops_txt(STATION.format(x=x, y=y, west=west, east=east), columns)
    more = {"stops_txt": stops, "pathways_txt": WAYS, **files}
    return feed_of({"one": "A 8:00 P 8:10 C 8:20"}, "r,one,,", **more)


def test_a_platform_is_reached_by_its_doors(street: Streets) -> None:
    """Out to the west 90 + 60 s; by the elevator to the east 300 s for its 400 m; the street above is no door."""
    feed, notes = underground()
    assert set(notes["code"]) <= {"unused_stop"}
    assert feed.gate_lon.tolist() == [spot(3800)[0], spot(4400)[0]]
    ways = dict(zip(feed.door_gate.tolist(), zip(feed.door_in, feed.door_out, strict=True), strict=True))
    assert ways[0] == (90, 150)
    assert ways[1] == pytest.approx((300, 300), abs=1)
    network = network_of(street, feed)
    assert seconds(network, 0, 3800) == 12 * 60 + 150
    assert seconds(network, 0, 4000) == 12 * 60 + 150 + 151, "back over the street, 200.08 m on the ground"
    assert seconds(network, 0, 4400) == pytest.approx(12 * 60 + 300, abs=1)
    onward = replace(AT_EIGHT, window=(EIGHT + 180, EIGHT + 240))
    assert departure_profile(network, point(3800), point(8000), onward)[0, 0] == 17 * 60
    in_time = replace(AT_EIGHT, window=(EIGHT + 450, EIGHT + 451))
    assert departure_profile(network, point(3800), point(8000), in_time)[0, 0] == 12 * 60 + 30, "90 s in, 60 s to board"
    late = replace(AT_EIGHT, window=(EIGHT + 451, EIGHT + 452))
    assert departure_profile(network, point(3800), point(8000), late)[0, 0] == UNREACHED
    assert seconds(network, 0, 3800, replace(AT_EIGHT, max_walk_minutes=2.4)) == UNREACHED, "the way out is a walk"


def test_a_journey_goes_through_the_doors(street: Streets) -> None:
    network = network_of(street, underground()[0])
    journey = explain_journey(network, spot(0), spot(3700), AT_EIGHT, EIGHT - 120)
    assert journey is not None
    assert journey.arrival - journey.departure == seconds(network, 0, 3700)
    way_out = journey.legs[-1]
    assert way_out.line[0] == pytest.approx(spot(4000), abs=1e-5), "from the platform"
    assert min(abs(lon - spot(3800)[0]) for lon, _ in way_out.line) < 1e-6, "by the west door"
    assert journey.arrival - way_out.start == 150 + 76, "100.04 m on the ground"


def test_a_wheelchair_changes_by_no_stairs_even_if_a_time_is_published(street: Streets) -> None:
    """Two platforms, stairs between them; one has a door without steps, and no time is promised over the stairs."""
    (x, y), (east, _) = spot(4000), spot(4010)
    columns = ",location_type,parent_station,wheelchair_boarding"
    rows = f"S,Hall,{y},{x},1,,1\nP,One,{y},{x},0,S,1\nQ,Two,{y},{east},0,S,1\nE,Door,{y},{x},2,S,1\n"
    trips = "route_id,service_id,trip_id,wheelchair_accessible\nr,wk,one,1\ns,wk,two,1\n"
    files = {
        "stops_txt": stops_txt(rows, columns).replace(",,,\n", ",0,,1\n"),
        "trips_txt": trips,
        "transfers_txt": "from_stop_id,to_stop_id,transfer_type,min_transfer_time\nP,Q,2,120\n",
    }
    ways = "pathway_id,from_stop_id,to_stop_id,pathway_mode,is_bidirectional,traversal_time\nw,E,P,1,1,30\n"
    for between, promised in (("s,P,Q,2,1,60\n", False), ("s,P,Q,1,1,60\n", True)):
        feed, _ = feed_of({"one": "A 8:00 P 8:10", "two": "Q 8:20 C 8:30"}, "", **files, pathways_txt=ways + between)
        network = network_of(street, feed)
        assert seconds(network, 0, 8000) == 32 * 60
        assert (seconds(network, 0, 8000, replace(AT_EIGHT, wheelchair=True)) == 32 * 60) == promised


def test_a_wheelchair_goes_where_there_are_no_steps(street: Streets) -> None:
    """Only the elevator is step-free; the trip and the other stops say that they are."""
    trips = "route_id,service_id,trip_id,wheelchair_accessible\nr,wk,one,1\n"
    (west, y), (east, _), (x, _) = spot(3800), spot(4400), spot(4000)
    columns = ",location_type,parent_station,wheelchair_boarding"
    plain = stops_txt(STATION.format(x=x, y=y, west=west, east=east), columns).replace(",,,\n", ",0,,1\n")
    settings = replace(AT_EIGHT, wheelchair=True)
    network = network_of(street, underground(stops_txt=plain, trips_txt=trips)[0])
    assert seconds(network, 0, 4400, settings) == pytest.approx(12 * 60 + 300, abs=1)
    back = seconds(network, 0, 3800, replace(settings, max_walk_minutes=20))
    assert back == pytest.approx(12 * 60 + 300 + 450, abs=2), "from the east door back along the street"
    assert seconds(network, 0, 3800) == 12 * 60 + 150
    assert tells_step_free(underground(stops_txt=plain, trips_txt=trips)[0])
    assert not tells_step_free(underground(stops_txt=plain)[0]), "its trips say nothing"
    closed = plain.replace(f"{east},2,S,", f"{east},2,S,2")
    shut = network_of(street, underground(stops_txt=closed, trips_txt=trips)[0])
    assert seconds(shut, 0, 4400, settings) == UNREACHED, "an entrance with steps before it"
    assert seconds(shut, 0, 4400) == pytest.approx(12 * 60 + 300, abs=1)


def test_step_free_is_inherited_from_the_parent() -> None:
    """A platform that says nothing has its station's word; one that speaks keeps its own; no parent, nothing known."""
    head = "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station,wheelchair_boarding\n"
    y, x = spot(0)[1], spot(0)[0]
    rows = f"S,Hall,{y},{x},1,,1\nT,Yard,{y},{x},1,,2\n" + "".join(
        f"{name},{name},{y},{x},0,{parent},{own}\n"
        for name, parent, own in (
            ("A", "S", ""), ("B", "S", "0"), ("C", "S", "2"), ("D", "T", ""), ("E", "T", "1"), ("F", "", ""),
        )
    )  # fmt: skip
    feed, _ = feed_of({"one": "A 8:00 B 8:01 C 8:02 D 8:03 E 8:04 F 8:05"}, "r,one,,", stops_txt=head + rows)
    assert dict(zip(feed.stop_name.tolist(), feed.stop_wheelchair.tolist(), strict=True)) == {
        "A": 1, "B": 1, "C": 2, "D": 2, "E": 1, "F": 0,
    }  # fmt: skip


def test_areas_begin_at_the_doors(street: Streets) -> None:
    """Three minutes after the train: 30 s beyond the west door, not yet at the east door, nothing over the platform."""
    network = network_of(street, underground()[0])
    home = point(0)
    settings = replace(AT_EIGHT, max_minutes=15)
    area = isochrones(network, home, settings, (15,)).geometry[0]
    inside = {x: bool(area.contains(shapely.Point(*spot(x)))) for x in (3800, 3780, 3700, 4000, 4400)}
    assert inside == {3800: True, 3780: True, 3700: False, 4000: False, 4400: False}


def test_broken_ways_are_set_aside(street: Streets) -> None:
    broken = WAYS + "w5,E1,nowhere,1,1,5,\nw6,E1,N,9,1,5,\nw7,E1,N,x,1,5,\nw8,N,P,1,1,-5,nan\n"
    feed, notes = underground(pathways_txt=broken)
    assert notes.loc[notes["code"] == "bad_pathway", "row"].tolist() == [
        "pathways.txt:6",
        "pathways.txt:7",
        "pathways.txt:8",
    ]
    assert (feed.door_in >= -1).all()
    _, notes = underground(pathways_txt="pathway_id,from_stop_id\nw,E1\n")
    assert "missing_column" in set(notes["code"])


def test_a_feed_with_everything_comes_back_from_its_arrays() -> None:
    shapes = "shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence\nx,39,-87,1\nx,39.1,-87,2\n"
    feed, _ = underground(shapes_txt=shapes)
    back = feed_from_arrays(feed_to_arrays(feed))
    for name, array in feed_to_arrays(feed).items():
        assert np.array_equal(getattr(back, name), array), name


def shape_of(*corners: tuple[float, float]) -> str:
    rows = [f"x,{spot(*c)[1]},{spot(*c)[0]},{10 * i}" for i, c in enumerate(corners)]
    return "shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence\n" + "\n".join(reversed(rows)) + "\n"


def test_rides_follow_their_line(street: Streets) -> None:
    """By a detour 500 m to the north between B and C; from A to B straight."""
    shape = shape_of((0, 0), (5000, 0), (5000, 500), (7000, 500), (7000, 0), (12_000, 0))
    feed, notes = feed_of({"one": "A 8:00 B 8:10 C 8:20 D 8:30"}, "r,one,,x", shapes_txt=shape)
    assert notes.empty
    assert {round(lat, 3) for _, lat in ride_line(feed, 0, 0, 1)} == {round(spot(0)[1], 3)}
    line = ride_line(feed, 0, 1, 2)
    assert (line[0], line[-1]) == (spot(4000), spot(8000))
    corners = [spot(5000), spot(5000, 500), spot(7000, 500), spot(7000)]
    assert np.allclose([p for p in line if abs(p[0] - spot(6000)[0]) < 0.015], corners, atol=3e-5)
    journey = explain_journey(network_of(street, feed), spot(0), spot(8000), AT_EIGHT, EIGHT - 120)
    assert journey is not None
    assert max(lat for leg in journey.legs for _, lat in leg.line) == pytest.approx(spot(0, 500)[1], abs=3e-5)


def test_nobody_rides_where_the_line_to_a_stop_off_its_shape_enters_an_area(street: Streets) -> None:
    """The shape runs 250 m north of the stops; the area lies between the two, and on neither."""
    shape = shape_of((-100, 250), (12_000, 250))
    network = network_of(street, feed_of({"one": "A 8:00 B 8:10 C 8:20"}, "r,one,,x", shapes_txt=shape)[0])
    for x, expected in ((4000, UNREACHED), (2000, 12 * 60)):
        kept = keeping_out(network, disc(x, 125, 40))
        assert seconds(kept, 0, 4000) == expected
    kept = keeping_out(network, disc(2000, 250, 40))
    assert seconds(kept, 0, 4000) == UNREACHED, "on the shape"


def test_stretches_hold_whatever_of_a_ride_may_be_drawn() -> None:
    feed, _ = feed_of({"one": "A 8:00 B 8:10 C 8:20"}, "r,one,,")
    assert stretches(feed, 0) == [[spot(0), spot(4000)], [spot(4000), spot(8000)]]
    for north, drawn_both_ways in ((250, False), (400, True)):
        shape = shape_of((-100, north), (12_000, north))
        feed, _ = feed_of({"one": "A 8:00 B 8:10 C 8:20"}, "r,one,,x", shapes_txt=shape)
        lines = stretches(feed, 0)
        expected = [spot(0), spot(0, north), spot(4000, north), spot(4000), *[spot(0)] * drawn_both_ways]
        assert np.allclose(lines[0], expected, atol=3e-5)
        assert len(lines) == 2
    bend = shape_of((0, 0), (3000, 0), (3000, 290), (5000, 290), (5000, 0), (12_000, 0))
    feed, _ = feed_of({"one": "A 8:00 B 8:10 C 8:20"}, "r,one,,x", shapes_txt=bend)
    drawn = shapely.union_all([shapely.LineString(line) for line in stretches(feed, 0)]).buffer(1e-6)
    for board, alight in ((0, 1), (0, 2), (1, 2)):
        assert drawn.contains(shapely.LineString(ride_line(feed, 0, board, alight)))


def test_a_line_that_is_not_the_trips_is_not_drawn() -> None:
    far = shape_of((0, 3000), (12_000, 3000))
    feed, _ = feed_of({"one": "A 8:00 B 8:10 C 8:20"}, "r,one,,x", shapes_txt=far)
    assert ride_line(feed, 0, 0, 2) == [spot(0), spot(4000), spot(8000)]
    feed, notes = feed_of({"one": "A 8:00 B 8:10"}, "r,one,,y", shapes_txt=far)
    assert notes["code"].tolist() == ["unknown_shape"]
    assert ride_line(feed, 0, 0, 1) == [spot(0), spot(4000)]
    bad = far + "x,north,-87,50\n,39,-87,60\nx,39,-87,-1\nx,99,-87,70\n"
    feed, notes = feed_of({"one": "A 8:00 B 8:10"}, "r,one,,x", shapes_txt=bad)
    assert notes["code"].tolist() == ["bad_shape_point"] * 4
    assert len(feed.shape_lon) == 2


def test_stops_lie_along_a_line_that_crosses_itself() -> None:
    """Out and back on one street: the third stop, at the same place as the first, lies on the way back."""
    line = np.array([[0.0, 0], [1000, 0], [0, 0]])
    at, off = places_along(line, np.array([[200.0, 5], [990, 0], [200, 5], [0, 0]]))
    assert at == pytest.approx([0.2, 0.99, 1.8, 2.0], abs=0.03)
    assert off == pytest.approx([5, 0, 5, 0], abs=1e-6)
