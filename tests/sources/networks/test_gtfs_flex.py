"""On-demand service (GTFS-Flex): read, named, and never timed; what is beside it on fixed routes stays as it is."""

import datetime
import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import SourceError
from geo.timetables.feed import valid_dates
from screens.shared import on_demand
from screens.shared.queries import ChosenPlace
from screens.shared.words import Say
from sources.networks import gtfs_feeds
from sources.networks.gtfs import read_feeds, read_timetables
from sources.region import RegionInputs, build_region, open_region
from sources.region.model import Region

SQUARE = [[[-84.56, 39.0], [-84.54, 39.0], [-84.54, 39.01], [-84.56, 39.01], [-84.56, 39.0]]]
ZONE = {"type": "Polygon", "coordinates": SQUARE}
INSIDE, OUTSIDE = ChosenPlace(-84.55, 39.005), ChosenPlace(-84.55, 39.015)
CALLS = "trip_id,arrival_time,departure_time,stop_id,location_id,location_group_id,stop_sequence,{}\n".format(
    "start_pickup_drop_off_window,end_pickup_drop_off_window,pickup_type,drop_off_type,pickup_booking_rule_id"
)
RIDE = "d,,,,north,,1,07:00:00,18:00:00,2,1,call\nd,,,,north,,2,07:00:00,18:00:00,1,2,\n"
BUS = "t,08:10:00,08:10:00,A,,,1,,,,,\nt,08:14:00,08:14:00,B,,,2,,,,,\n"
FEED = {
    "agency.txt": "agency_id,agency_name,agency_url,agency_timezone,agency_phone\n"
    "1,Hill Transit,http://example.org,America/New_York,555 0100\n",
    "stops.txt": "stop_id,stop_name,stop_lat,stop_lon\nA,First,39.001,-84.55\nB,Second,39.019,-84.55\n",
    "routes.txt": "route_id,route_long_name,route_type\nr,Hill Line,3\nd,Hill Rides,3\n",
    "trips.txt": "route_id,service_id,trip_id\nr,wk,t\nd,wk,d\n",
    "calendar.txt": "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
    "wk,1,1,1,1,1,0,0,20240301,20510331\n",
    "stop_times.txt": CALLS + BUS + RIDE,
    "locations.geojson": json.dumps(
        {
            "type": "FeatureCollection",
            "features": [{"type": "Feature", "id": "north", "properties": {}, "geometry": ZONE}],
        }
    ),
    "booking_rules.txt": "booking_rule_id,booking_type,prior_notice_last_day,prior_notice_last_time,phone_number\n"
    "call,2,1,16:00:00,555 0199\n",
}
FIXED = {name: FEED[name] for name in ("agency.txt", "stops.txt", "routes.txt", "calendar.txt")} | {
    "trips.txt": "route_id,service_id,trip_id\nr,wk,t\n",
    "stop_times.txt": CALLS + BUS,
}


def packed(files: dict[str, str]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return content.getvalue()


def zones_of(**changes: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    files = FEED | {
        name.replace("_txt", ".txt").replace("_geojson", ".geojson"): text for name, text in changes.items()
    }
    _, zones, notes = read_timetables([("hill", packed(files))])
    return zones, notes


def test_the_zone_with_its_hours_and_how_to_book() -> None:
    zones, notes = zones_of()
    (zone,) = zones.drop(columns="geometry").to_dict("records")
    assert zone == {
        "zone_id": "hill:north",
        "name": "Hill Rides",
        "agency": "Hill Transit",
        "opening_hours": "Mo,Tu,We,Th,Fr 07:00-18:00",
        "pickup": True,
        "booking": "days_ahead",
        "notice_minutes": -1,
        "notice_days": 1,
        "notice_time": "16:00",
        "phone": "555 0199",
        "url": "http://example.org",
        "message": "",
        "last_day": "2051-03-31",
    }
    assert zones["geometry"].iloc[0].bounds == (-84.56, 39.0, -84.54, 39.01)
    assert notes[["row", "outcome", "code"]].to_numpy().tolist() == [["zone north", "notice", "on_demand"]]


def test_a_window_after_midnight_is_the_next_days() -> None:
    zones, _ = zones_of(
        calendar_txt=FEED["calendar.txt"].replace("1,1,1,1,1,0,0", "0,0,0,0,1,0,0"),
        stop_times_txt=CALLS + BUS + RIDE.replace("07:00:00,18:00:00", "25:00:00,27:00:00"),
    )
    assert zones["opening_hours"].tolist() == ["Sa 01:00-03:00"]


def test_a_zone_that_runs_on_does_not_keep_the_buses_valid() -> None:
    days = FEED["calendar.txt"].replace("wk,1,1,1,1,1,0,0,20240301,20510331", "wk,1,1,1,1,1,0,0,20240301,20240329")
    files = FEED | {
        "calendar.txt": days + "rides,1,1,1,1,1,0,0,20240301,20510331\n",
        "trips.txt": "route_id,service_id,trip_id\nr,wk,t\nd,rides,d\n",
    }
    feed, zones, _ = read_timetables([("hill", packed(files))])
    assert feed is not None
    assert valid_dates(feed)[1] == datetime.date(2024, 3, 29)
    assert zones["last_day"].tolist() == ["2051-03-31"]


def test_the_day_that_it_ends_goes_by_its_own_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """What ends on Friday still holds on the Friday evening of its town, when in Greenwich it is Saturday."""
    days = FIXED["calendar.txt"].replace("20510331", "20240329")
    asked = []

    def date_in(zone: str) -> datetime.date:
        asked.append(zone)
        return datetime.date(2024, 3, 29 if zone == "America/New_York" else 30)

    monkeypatch.setattr(gtfs_feeds, "local_date", date_in)
    assert gtfs_feeds.tally(packed(FIXED | {"calendar.txt": days}), "hill.zip") == 1
    assert asked == ["America/New_York"]


def test_fixed_routes_beside_it_are_those_without_it() -> None:
    """No row of the zone is called an unknown stop, and no trip of it one without times."""
    mixed, _, _ = read_timetables([("hill", packed(FEED))])
    alone, notes = read_feeds([("hill", packed(FIXED))])
    assert notes.empty
    assert mixed is not None
    assert mixed.trip_id.tolist() == alone.trip_id.tolist() == ["hill:t"]
    assert mixed.arrival.tolist() == alone.arrival.tolist()
    assert mixed.stop_id.tolist() == alone.stop_id.tolist()


def test_a_bus_that_leaves_its_route_for_a_zone_keeps_its_stops() -> None:
    calls = CALLS + BUS.replace("B,,,2", "B,,,3") + "t,,,,north,,2,08:10:00,08:14:00,2,2,call\n"
    feed, zones, notes = read_timetables([("hill", packed(FEED | {"stop_times.txt": calls}))])
    assert feed is not None
    assert feed.arrival.tolist() == [29_400, 29_640]
    assert zones["name"].tolist() == ["Hill Line"]
    assert set(notes["code"]) == {"on_demand", "no_stop_times"}, "of trip d, which now has no rows"


@pytest.mark.parametrize("without", [(), ("stops.txt",), ("booking_rules.txt",)])
def test_a_feed_of_nothing_else_has_no_fixed_routes(without: tuple[str, ...]) -> None:
    files = {name: text for name, text in FEED.items() if name not in without} | {"stop_times.txt": CALLS + RIDE}
    feed, zones, notes = read_timetables([("hill", packed(files))])
    assert feed is None
    assert zones["zone_id"].tolist() == ["hill:north"]
    assert notes["code"].tolist() == ["on_demand"]
    assert zones["phone"].iloc[0] == ("555 0100" if without == ("booking_rules.txt",) else "555 0199")
    with pytest.raises(SourceError, match="on-demand service alone"):
        read_feeds([("hill", packed(files))])
    assert gtfs_feeds.tally(packed(files), "hill.zip") == 1


def test_drafts_name_zones_in_other_ways() -> None:
    """A zone's id as a stop's, `dropoff` in one word; a group that lists its stops; stops with windows."""
    head = "trip_id,stop_id,stop_sequence,start_pickup_dropoff_window,end_pickup_dropoff_window\n"
    zones, notes = zones_of(stop_times_txt=head + "d,north,1,09:00:00,26:00:00\nd,north,2,09:00:00,26:00:00\n")
    assert zones["opening_hours"].tolist() == ["Mo,Tu,We,Th,Fr 09:00-02:00"]
    assert "unknown_stop" not in set(notes["code"])
    zones, _ = zones_of(stop_times_txt=head + "d,A,1,09:00:00,10:00:00\nd,B,2,09:00:00,10:00:00\n")
    assert zones["zone_id"].tolist() == ["hill:A", "hill:B"]
    zones, _ = zones_of(
        stop_times_txt=CALLS + RIDE.replace("north,", ",both"),
        location_groups_txt="location_group_id,location_group_name\nboth,Both ends\n",
        location_group_stops_txt="location_group_id,stop_id\nboth,A\nboth,B\n",
    )
    assert zones["name"].tolist() == ["Both ends"]
    west, south, east, north = zones["geometry"].iloc[0].bounds
    assert (south, north) == pytest.approx((39.001 - 400 / 111_195, 39.019 + 400 / 111_195), abs=1e-6)
    assert (west + east) / 2 == pytest.approx(-84.55)


@pytest.mark.parametrize(
    ("geometry", "code"),
    [
        ({"type": "Point", "coordinates": [-84.55, 39.0]}, "bad_zone"),
        ({"type": "Polygon", "coordinates": [[[-84, 391], [-85, 391], [-85, 392], [-84, 391]]]}, "bad_zone"),
        ({"type": "Polygon", "coordinates": "none"}, "bad_zone"),
        (None, "bad_zone"),
    ],
)
def test_a_zone_that_is_none_is_set_aside_and_the_buses_stay(geometry: object, code: str) -> None:
    document = {"type": "FeatureCollection", "features": [{"id": "north", "geometry": geometry}]}
    feed, zones, notes = read_timetables([("hill", packed(FEED | {"locations.geojson": json.dumps(document)}))])
    assert feed is not None
    assert zones.empty
    aside = notes[notes["outcome"] == "set_aside"]
    assert set(aside["code"]) == {code, "unknown_zone"}


@settings(max_examples=30)
@given(st.binary(max_size=200) | st.text('{}[]":,featuresidgeometry0123', max_size=80).map(str.encode))
def test_noise_for_zones_never_loses_the_buses(noise: bytes) -> None:
    content = io.BytesIO(packed({name: text for name, text in FEED.items() if name != "locations.geojson"}))
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr("locations.geojson", noise)
    feed, zones, notes = read_timetables([("hill", content.getvalue())])
    assert feed is not None
    assert feed.trip_id.tolist() == ["hill:t"]
    assert zones.empty
    assert "unknown_zone" in set(notes["code"])


@pytest.fixture
def region(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Region:
    """Return a region of one street with nothing but rides on demand, in its southern half."""
    monkeypatch.setenv("RECOVERY_REACH_HOME", str(tmp_path / "home"))
    nodes = "".join(f'<node id="{n + 1}" version="1" lat="{39 + n / 100}" lon="-84.55"/>' for n in range(3))
    refs = "".join(f'<nd ref="{n + 1}"/>' for n in range(3))
    (tmp_path / "town.osm").write_text(
        f'<osm version="0.6">{nodes}<way id="9" version="1">{refs}<tag k="highway" v="residential"/></way></osm>'
    )
    (tmp_path / "hill.zip").write_bytes(packed(FEED | {"stop_times.txt": CALLS + RIDE}))
    report = build_region("hill", RegionInputs(osm=tmp_path / "town.osm", gtfs=(tmp_path / "hill.zip",)))
    assert "1 notice on_demand" in " ".join(report.lines())
    return open_region("hill")


def test_a_region_is_built_without_fixed_routes(region: Region) -> None:
    assert region.facts.service_dates is None
    assert region.network.feed is None
    assert region.facts.totals["on_demand"] == 1
    assert region.on_demand.crs == "EPSG:4326"


def test_it_is_told_in_words_where_it_is(region: Region) -> None:
    english = "Hill Rides (Hill Transit): Mon–Fri 7:00 AM – 6:00 PM; book a day ahead, by 4:00 PM; call 555 0199."
    spanish = (
        "Hill Rides (Hill Transit): lun–vie 7:00 a.m. – 6:00 p.m.; reserve un día antes, hasta las 4:00 p.m.; "
        "llame al 555 0199."
    )
    assert on_demand.sentences(region, INSIDE, Say("en")) == [english]
    assert on_demand.sentences(region, None, Say("en")) == [english]
    assert on_demand.sentences(region, OUTSIDE, Say("en")) == []
    assert on_demand.sentences(region, INSIDE, Say("es")) == [spanish]
    zone = next(region.on_demand.itertuples(index=False))._replace(booking="", phone="", url="", message="")
    told = on_demand._line(zone, datetime.date(2026, 12, 1), Say("es"))
    assert told == "Hill Rides (Hill Transit): lun–vie 7:00 a.m. – 6:00 p.m."


def test_a_zone_whose_calendar_is_over_says_so(region: Region, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sources.region.ended.local_date", lambda _zone: datetime.date(2051, 4, 1))
    (sentence,) = on_demand.sentences(region, INSIDE, Say("en"))
    assert sentence.endswith("listed until March 31, 2051 only.")


def test_a_zone_of_another_place_is_left_out_and_told(tmp_path: Path, region: Region) -> None:
    elsewhere = FEED["locations.geojson"].replace("39.0", "52.0")
    (tmp_path / "far.zip").write_bytes(packed(FEED | {"stop_times.txt": CALLS + RIDE, "locations.geojson": elsewhere}))
    report = build_region("far", RegionInputs(osm=tmp_path / "town.osm", gtfs=(tmp_path / "far.zip",)))
    assert "1 set_aside zone_elsewhere" in " ".join(report.lines())
    assert open_region("far").on_demand.empty


def test_feed_text_in_a_zones_name_is_text(region: Region) -> None:
    zones = region.on_demand.assign(name="<b>{{7*7}}</b>\x1b[31m")
    vars(region)["on_demand"] = zones
    (sentence,) = on_demand.sentences(replace(region), INSIDE, Say("en")) or [""]
    assert "\x1b" not in sentence
