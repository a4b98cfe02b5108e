"""A timetable's tables, taken out of its arrays: what `make_feed` takes, so that changes can be written into them."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.timetables.feed import Extras, Feed, make_feed

Ints = npt.NDArray[np.integer]


@dataclass(frozen=True)
class FeedTables:
    """The tables of `geo.timetables.feed.make_feed`, by the same names; all have rows numbered from 0.

    Stations, services, blocks, shapes and gates of a `Feed` have numbers and no names: these stand here as text, padded
    so that their order is that of the numbers.
    """

    feeds: pd.DataFrame
    stops: pd.DataFrame
    services: pd.DataFrame
    service_days: pd.DataFrame
    trips: pd.DataFrame
    calls: pd.DataFrame
    transfers: pd.DataFrame
    extras: Extras


def feed_tables(feed: Feed) -> FeedTables:
    """Return the tables of a timetable; `make_feed` of them gives the same timetable, array by array.

    Examples
    --------
    >>> tables = feed_tables(region.network.feed)
    >>> len(tables.trips) == len(region.network.feed.trip_id)
    True
    """
    calls_of_trip = np.diff(feed.call_offset)
    trip = np.repeat(np.arange(len(calls_of_trip)), calls_of_trip)
    sequence = np.arange(len(trip)) - np.repeat(feed.call_offset[:-1], calls_of_trip)
    at = feed.pattern_offset[feed.trip_pattern[trip]] + sequence
    service = np.repeat(np.arange(len(feed.service_feed)), np.diff(feed.service_offset))
    services = _texts(np.arange(len(feed.service_feed)))
    shape = np.repeat(np.arange(len(feed.shape_offset) - 1), np.diff(feed.shape_offset))
    return FeedTables(
        feeds=pd.DataFrame(
            {
                "feed": feed.feed_name,
                "time_zone": feed.feed_zone,
                "first_day": feed.feed_first_day,
                "last_day": feed.feed_last_day,
            }
        ),
        stops=pd.DataFrame(
            {
                "stop_id": feed.stop_id,
                "name": feed.stop_name,
                "lon": feed.stop_lon,
                "lat": feed.stop_lat,
                "station": _texts(feed.stop_station),
                "wheelchair": feed.stop_wheelchair,
            }
        ),
        services=pd.DataFrame({"service_id": services, "feed": feed.feed_name[feed.service_feed]}),
        service_days=pd.DataFrame({"service_id": services[service], "day": feed.service_day}),
        trips=pd.DataFrame(
            {
                "trip_id": feed.trip_id,
                "service_id": services[feed.trip_service],
                "route": feed.route_name[feed.trip_route],
                "vehicle": feed.route_vehicle[feed.trip_route],
                "headsign": feed.headsign[feed.trip_headsign],
                "wheelchair": feed.trip_wheelchair,
                "block": _texts(feed.trip_block),
                "shape": _texts(feed.trip_shape),
            }
        ),
        calls=pd.DataFrame(
            {
                "trip": trip,
                "stop": feed.pattern_stop[at],
                "sequence": sequence,
                "arrival": feed.arrival,
                "departure": feed.departure,
                "pickup": feed.pattern_pickup[at],
                "drop_off": feed.pattern_drop_off[at],
            }
        ),
        transfers=pd.DataFrame(
            {"from_stop": feed.transfer_from, "to_stop": feed.transfer_to, "seconds": feed.transfer_seconds}
        ),
        extras=Extras(
            seats=pd.DataFrame({"from_trip": feed.seat_from, "to_trip": feed.seat_to, "kept": feed.seat_kept}),
            shapes=pd.DataFrame({"shape_id": _texts(shape), "lon": feed.shape_lon, "lat": feed.shape_lat}),
            gates=pd.DataFrame(
                {"gate_id": _texts(np.arange(len(feed.gate_lon))), "lon": feed.gate_lon, "lat": feed.gate_lat}
            ),
            doors=pd.DataFrame(
                {
                    "gate": feed.door_gate,
                    "stop": feed.door_stop,
                    "seconds_in": feed.door_in,
                    "seconds_out": feed.door_out,
                    "step_free_in": feed.door_step_free_in,
                    "step_free_out": feed.door_step_free_out,
                }
            ),
            inside=pd.DataFrame(
                {
                    "from_stop": feed.inside_from,
                    "to_stop": feed.inside_to,
                    "seconds": feed.inside_seconds,
                    "step_free": feed.inside_step_free,
                }
            ),
        ),
    )


def feed_from_tables(tables: FeedTables) -> Feed:
    """Return the timetable of these tables."""
    return make_feed(
        tables.feeds, tables.stops, tables.services, tables.service_days, tables.trips, tables.calls,
        tables.transfers, tables.extras,
    )  # fmt: skip


def _texts(numbers: Ints) -> npt.NDArray[np.str_]:
    """Return numbers as text in the same order; empty for -1."""
    return np.array([f"{number:09d}" if number >= 0 else "" for number in numbers.tolist()], dtype=str)
