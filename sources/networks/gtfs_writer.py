"""A timetable written out as GTFS, one zip archive for each of its feeds, for planners to check in their own tools."""

import itertools
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from geo.dates import date_of
from geo.timetables.feed import Feed
from geo.timetables.feed_tables import FeedTables, feed_tables
from sources.formats.zip_archive import pack

_ROUTE_TYPES = {"tram": 0, "subway": 1, "train": 2, "bus": 3, "ferry": 4, "gondola": 6, "funicular": 7, "coach": 200}
_STAY_SEATED, _GET_OFF = 4, 5


def write_gtfs(feed: Feed, folder: Path) -> list[Path]:
    """Write the archives of `gtfs_archives` into a folder that is there, and return their paths."""
    paths = []
    for name, content in gtfs_archives(feed).items():
        paths.append(folder / name)
        paths[-1].write_bytes(content)
    return paths


def gtfs_archives(feed: Feed) -> dict[str, bytes]:
    """Return each feed of a timetable that has any trip as a zip archive, by its file's name, `NAME.zip`.

    Written are stops, stations, routes, trips with their times, services day by day (`calendar_dates.txt`), transfers,
    blocks and lines on the ground. Ways inside stations, fares and on-demand service are not.
    """
    tables, archives = feed_tables(feed), dict[str, bytes]()
    running = set(feed.service_feed[feed.trip_service].tolist())
    for number, (name, zone) in enumerate(zip(feed.feed_name.tolist(), feed.feed_zone.tolist(), strict=True)):
        if number not in running:
            continue
        files = {
            file: table.to_csv(index=False, lineterminator="\n").encode("utf-8")
            for file, table in gtfs_files(tables, name, zone).items()
        }
        own = _free_name("".join(c if c.isalnum() or c in "-_." else "_" for c in name), archives)
        archives[own] = pack(files)
    return archives


def _free_name(name: str, taken: Iterable[str]) -> str:
    """Return a file's name, numbered on where another feed has it, whatever its case."""
    names = {one.casefold() for one in taken}
    numbered = (f"{name}-{number}.zip" for number in itertools.count(2))
    return next(one for one in itertools.chain([f"{name}.zip"], numbered) if one.casefold() not in names)


def gtfs_files(tables: FeedTables, feed: str, time_zone: str) -> dict[str, pd.DataFrame]:
    """Return the files of one feed, without those that would be empty; ids are without its name."""
    services = tables.services[tables.services["feed"] == feed]
    runs = tables.trips["service_id"].isin(services["service_id"]).to_numpy()
    trips, calls = tables.trips[runs], tables.calls[runs[tables.calls["trip"].to_numpy()]]
    used = np.unique(calls["stop"])
    stops = tables.stops.iloc[used]
    ids = {"trip": _own_ids(tables.trips["trip_id"], feed), "stop": _own_ids(tables.stops["stop_id"], feed)}
    routes = tables.trips[["route", "vehicle"]].drop_duplicates().sort_values(["route", "vehicle"], ignore_index=True)
    route_ids = routes["route"].where(
        ~routes["route"].duplicated(keep=False), routes["route"] + " " + routes["vehicle"]
    )
    trip_routes = trips.merge(routes.assign(route_id=route_ids), on=["route", "vehicle"], how="left")["route_id"]
    shapes = tables.extras.shapes[tables.extras.shapes["shape_id"].isin(trips["shape"])]
    days = tables.service_days[tables.service_days["service_id"].isin(services["service_id"])]
    files = {
        "agency.txt": pd.DataFrame(
            {"agency_name": [feed], "agency_url": ["https://example.org"], "agency_timezone": [time_zone]}
        ),
        "stops.txt": pd.concat([_stations(stops), _stops(stops, ids["stop"])], ignore_index=True),
        "routes.txt": pd.DataFrame(
            {
                "route_id": route_ids,
                "route_short_name": routes["route"],
                "route_type": routes["vehicle"].map(_ROUTE_TYPES).fillna(_ROUTE_TYPES["bus"]).astype(int),
            }
        )[lambda table: table["route_id"].isin(trip_routes)],
        "trips.txt": pd.DataFrame(
            {
                "route_id": trip_routes.to_numpy(),
                "service_id": trips["service_id"].to_numpy(),
                "trip_id": ids["trip"][trips.index],
                "trip_headsign": trips["headsign"].to_numpy(),
                "wheelchair_accessible": trips["wheelchair"].to_numpy(),
                "block_id": trips["block"].to_numpy(),
                "shape_id": trips["shape"].to_numpy(),
            }
        ),
        "stop_times.txt": _stop_times(calls, ids["trip"], ids["stop"]),
        "calendar_dates.txt": pd.DataFrame(
            {
                "service_id": days["service_id"],
                "date": [f"{date_of(day):%Y%m%d}" for day in days["day"].tolist()],
                "exception_type": 1,
            }
        ),
        "transfers.txt": _transfers(tables, runs, used, ids["trip"], ids["stop"]),
        "shapes.txt": pd.DataFrame(
            {
                "shape_id": shapes["shape_id"],
                "shape_pt_lat": shapes["lat"],
                "shape_pt_lon": shapes["lon"],
                "shape_pt_sequence": shapes.groupby("shape_id").cumcount(),
            }
        ),
    }
    return {name: table for name, table in files.items() if len(table)}


def _own_ids(ids: pd.Series, feed: str) -> np.ndarray[tuple[int], np.dtype[np.str_]]:
    return np.array([text.removeprefix(f"{feed}:") for text in ids.tolist()], dtype=str)


def _stops(stops: pd.DataFrame, ids: np.ndarray[tuple[int], np.dtype[np.str_]]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "stop_id": ids[stops.index],
            "stop_name": stops["name"],
            "stop_lat": stops["lat"],
            "stop_lon": stops["lon"],
            "location_type": 0,
            "parent_station": [f"station {name}" if name else "" for name in stops["station"]],
            "wheelchair_boarding": stops["wheelchair"],
        }
    )


def _stations(stops: pd.DataFrame) -> pd.DataFrame:
    """Return the stations in the middle of their stops: where else they are isn't known any more."""
    by_station = stops[stops["station"] != ""].groupby("station")
    middle = by_station[["lon", "lat"]].mean()
    return pd.DataFrame(
        {
            "stop_id": [f"station {name}" for name in middle.index],
            "stop_name": by_station["name"].first().to_numpy(),
            "stop_lat": middle["lat"].to_numpy(),
            "stop_lon": middle["lon"].to_numpy(),
            "location_type": 1,
            "parent_station": "",
            "wheelchair_boarding": 0,
        }
    )


def _stop_times(
    calls: pd.DataFrame,
    trip_ids: np.ndarray[tuple[int], np.dtype[np.str_]],
    stop_ids: np.ndarray[tuple[int], np.dtype[np.str_]],
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "trip_id": trip_ids[calls["trip"].to_numpy()],
            "arrival_time": [gtfs_time(seconds) for seconds in calls["arrival"].tolist()],
            "departure_time": [gtfs_time(seconds) for seconds in calls["departure"].tolist()],
            "stop_id": stop_ids[calls["stop"].to_numpy()],
            "stop_sequence": calls["sequence"].to_numpy(),
            "pickup_type": calls["pickup"].to_numpy(),
            "drop_off_type": calls["drop_off"].to_numpy(),
        }
    )


def _transfers(
    tables: FeedTables,
    runs: np.ndarray[tuple[int], np.dtype[np.bool_]],
    used: np.ndarray[tuple[int], np.dtype[np.int64]],
    trip_ids: np.ndarray[tuple[int], np.dtype[np.str_]],
    stop_ids: np.ndarray[tuple[int], np.dtype[np.str_]],
) -> pd.DataFrame:
    """Return changes between stops, and trips that one vehicle runs one after the other."""
    walks, seats = tables.transfers, tables.extras.seats
    walks = walks[walks["from_stop"].isin(used) & walks["to_stop"].isin(used)]
    ends = {name: seats[name].to_numpy(np.int64) for name in ("from_trip", "to_trip")}
    own = runs[ends["from_trip"]] & runs[ends["to_trip"]]
    between = pd.DataFrame(
        {
            "from_stop_id": stop_ids[walks["from_stop"].to_numpy(np.int64)],
            "to_stop_id": stop_ids[walks["to_stop"].to_numpy(np.int64)],
            "transfer_type": np.where(walks["seconds"] < 0, 3, 2),
            "min_transfer_time": walks["seconds"].clip(lower=0).to_numpy(),
            "from_trip_id": "",
            "to_trip_id": "",
        }
    )
    seated = pd.DataFrame(
        {
            "from_stop_id": "",
            "to_stop_id": "",
            "transfer_type": np.where(seats["kept"][own], _STAY_SEATED, _GET_OFF),
            "min_transfer_time": "",
            "from_trip_id": trip_ids[ends["from_trip"][own]],
            "to_trip_id": trip_ids[ends["to_trip"][own]],
        }
    )
    return pd.concat([between, seated], ignore_index=True)


def gtfs_time(seconds: int) -> str:
    """Return seconds after midnight as HH:MM:SS, past 24 hours where the service day goes on."""
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
