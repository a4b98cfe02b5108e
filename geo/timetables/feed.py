"""Timetables as they are published: GTFS tables → compact arrays, every trip of every service of all feeds."""

import datetime
from dataclasses import dataclass, fields
from functools import reduce
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.dates import date_of
from geo.errors import DateError
from geo.phrases import Phrase

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.int8]
Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Texts = npt.NDArray[np.str_]


USUAL, NONE, BY_CALL, BY_DRIVER = range(4)
"""How one gets on or off at a stop, by GTFS's numbers (`pickup_type`, `drop_off_type`)."""


@dataclass(frozen=True)
class Feed:
    """Every trip of every service, from one or several GTFS feeds.

    Stops are in the order of their ids, patterns in the order of their stops, trips in the order of
    their patterns, first departures and ids, so that the order of rows in a file changes nothing.

    Attributes
    ----------
    feed_name, feed_zone : text, one a GTFS feed; its name and IANA time zone
    feed_first_day, feed_last_day : its calendar's first and last day, days since 1970-01-01
    stop_id, stop_name, stop_lon, stop_lat : one a stop; ids carry their feed's name; WGS 84
    stop_station : number of the station that a stop belongs to, -1 = none
    stop_wheelchair : 1 = step-free, 2 = not, 0 = the timetable doesn't say
    service_feed : one a service; the number of its feed
    service_offset, service_day : CSR; the days on which each service runs, ascending
    pattern_offset, pattern_stop : CSR; stops in order
    pattern_pickup, pattern_drop_off : one a stop of a pattern; how one gets on and off there: `USUAL`, `NONE`, or
        after a call to the agency (`BY_CALL`) or a word to the driver (`BY_DRIVER`)
    trip_id, trip_pattern, trip_service, trip_route, trip_headsign, trip_wheelchair : one a trip
    trip_block, trip_shape : one a trip; the vehicle's run that it is part of and the line it follows, -1 = not told
    route_name, route_vehicle : one a route; "25", "bus"
    headsign : the texts that trips refer to
    call_offset, arrival, departure : CSR; seconds after midnight at each stop of each trip, never decreasing
    transfer_from, transfer_to, transfer_seconds : published transfers; -1 seconds = not possible
    seat_from, seat_to, seat_kept : trips that one vehicle runs one after the other; may one stay seated?
    shape_offset, shape_lon, shape_lat : CSR; lines on the ground, WGS 84
    gate_lon, gate_lat : one an entrance of a station, WGS 84
    door_gate, door_stop, door_in, door_out, door_step_free_in, door_step_free_out : ways inside stations between an
        entrance and a stop; seconds in and out, and the same without steps; -1 = no way
    inside_from, inside_to, inside_seconds, inside_step_free : ways inside stations from stop to stop, and without steps
    """

    feed_name: Texts
    feed_zone: Texts
    feed_first_day: Ints
    feed_last_day: Ints
    stop_id: Texts
    stop_name: Texts
    stop_lon: Floats
    stop_lat: Floats
    stop_station: Ints
    stop_wheelchair: Bytes
    service_feed: Ints
    service_offset: Longs
    service_day: Ints
    pattern_offset: Longs
    pattern_stop: Ints
    pattern_pickup: Bytes
    pattern_drop_off: Bytes
    trip_id: Texts
    trip_pattern: Ints
    trip_service: Ints
    trip_route: Ints
    trip_headsign: Ints
    trip_wheelchair: Bytes
    route_name: Texts
    route_vehicle: Texts
    headsign: Texts
    call_offset: Longs
    arrival: Ints
    departure: Ints
    transfer_from: Ints
    transfer_to: Ints
    transfer_seconds: Ints
    trip_block: Ints
    trip_shape: Ints
    seat_from: Ints
    seat_to: Ints
    seat_kept: Flags
    shape_offset: Longs
    shape_lon: Floats
    shape_lat: Floats
    gate_lon: Floats
    gate_lat: Floats
    door_gate: Ints
    door_stop: Ints
    door_in: Ints
    door_out: Ints
    door_step_free_in: Ints
    door_step_free_out: Ints
    inside_from: Ints
    inside_to: Ints
    inside_seconds: Ints
    inside_step_free: Ints


@dataclass(frozen=True)
class Extras:
    """What not every feed tells; each table may be empty.

    Attributes
    ----------
    seats : `from_trip`, `to_trip` (row positions in the table of trips), `kept` (may one stay seated?)
    shapes : `shape_id`, `lon`, `lat`, in the order of the line
    gates : `gate_id`, `lon`, `lat`; ids unique
    doors : `gate`, `stop` (row positions), `seconds_in`, `seconds_out`, `step_free_in`, `step_free_out` (-1 = no way)
    inside : `from_stop`, `to_stop` (row positions), `seconds`, `step_free` (-1 = no way)
    """

    seats: pd.DataFrame
    shapes: pd.DataFrame
    gates: pd.DataFrame
    doors: pd.DataFrame
    inside: pd.DataFrame


EXTRAS = {
    "seats": ("from_trip", "to_trip", "kept"),
    "shapes": ("shape_id", "lon", "lat"),
    "gates": ("gate_id", "lon", "lat"),
    "doors": ("gate", "stop", "seconds_in", "seconds_out", "step_free_in", "step_free_out"),
    "inside": ("from_stop", "to_stop", "seconds", "step_free"),
}


def no_extras() -> Extras:
    """Return the tables without rows."""
    return Extras(**{name: pd.DataFrame(columns=list(columns)) for name, columns in EXTRAS.items()})


def make_feed(
    feeds: pd.DataFrame,
    stops: pd.DataFrame,
    services: pd.DataFrame,
    service_days: pd.DataFrame,
    trips: pd.DataFrame,
    calls: pd.DataFrame,
    transfers: pd.DataFrame,
    extras: Extras | None = None,
) -> Feed:
    """Make a `Feed` from clean tables.

    Parameters
    ----------
    feeds : `feed`, `time_zone`, `first_day`, `last_day` (days since 1970-01-01); in the caller's order
    stops : `stop_id`, `name`, `lon`, `lat`, `station` (text, "" = none), `wheelchair` (0, 1, 2); ids unique
    services : `service_id`, `feed`; ids unique
    service_days : `service_id`, `day`
    trips : `trip_id`, `service_id`, `route`, `vehicle` ("bus" …), `headsign`, `wheelchair`; ids unique;
        and, where told, `block` and `shape` (text, "" = none)
    calls : `trip` and `stop` (row positions in the tables above), `sequence`, `arrival`, `departure` (seconds,
        never decreasing along a trip), `pickup`, `drop_off` (`USUAL` …); at least two a trip
    transfers : `from_stop`, `to_stop` (row positions), `seconds` (-1 = not possible)
    """
    stops, stop_rank = _sorted(stops, "stop_id")
    services, _ = _sorted(services, "service_id")
    service_number = pd.Index(services["service_id"])
    days = _days(service_number, service_days)
    calls = calls.sort_values(["trip", "sequence"], kind="stable")
    call_stop = stop_rank[calls["stop"].to_numpy(np.int64)].astype(np.int32)
    lengths = np.bincount(calls["trip"].to_numpy(np.int64), minlength=len(trips))
    starts = offsets(lengths)
    allowed = calls["pickup"].to_numpy(np.int32) * 4 + calls["drop_off"].to_numpy(np.int32)
    pattern_offset, pattern_calls, trip_pattern = _patterns(call_stop, allowed, starts)
    arrival, departure = calls["arrival"].to_numpy(np.int32), calls["departure"].to_numpy(np.int32)
    first_departure = departure[starts[:-1]] if len(trips) else np.empty(0, np.int32)
    trip_id = trips["trip_id"].to_numpy(str)
    order = np.lexsort((trip_id, first_departure, trip_pattern))
    moved = _ranges(starts[:-1][order], lengths[order])
    routes, trip_route = np.unique(
        np.stack([trips["route"].to_numpy(str), trips["vehicle"].to_numpy(str)], axis=1), axis=0, return_inverse=True
    )
    headsigns, trip_headsign = np.unique(trips["headsign"].to_numpy(str), return_inverse=True)
    stations = stops["station"].to_numpy(str)
    names = np.unique(stations[stations != ""])
    transfers = _transfers(transfers, stop_rank)
    trip_rank = np.empty(len(order), np.int64)
    trip_rank[order] = np.arange(len(order))
    _, trip_block = _numbered(trips, "block")
    shapes, trip_shape = _numbered(trips, "shape")
    return Feed(
        feed_name=feeds["feed"].to_numpy(str),
        feed_zone=feeds["time_zone"].to_numpy(str),
        feed_first_day=feeds["first_day"].to_numpy(np.int32),
        feed_last_day=feeds["last_day"].to_numpy(np.int32),
        stop_id=stops["stop_id"].to_numpy(str),
        stop_name=stops["name"].to_numpy(str),
        stop_lon=stops["lon"].to_numpy(np.float64),
        stop_lat=stops["lat"].to_numpy(np.float64),
        stop_station=np.where(stations == "", -1, np.searchsorted(names, stations)).astype(np.int32),
        stop_wheelchair=stops["wheelchair"].to_numpy(np.int8),
        service_feed=pd.Index(feeds["feed"]).get_indexer(pd.Index(services["feed"])).astype(np.int32),
        service_offset=offsets(np.bincount(days["service"], minlength=len(services))),
        service_day=days["day"].to_numpy(np.int32),
        pattern_offset=pattern_offset,
        pattern_stop=pattern_calls[:, 0].copy(),
        pattern_pickup=(pattern_calls[:, 1] // 4).astype(np.int8),
        pattern_drop_off=(pattern_calls[:, 1] % 4).astype(np.int8),
        trip_id=trip_id[order],
        trip_pattern=trip_pattern[order],
        trip_service=service_number.get_indexer(pd.Index(trips["service_id"]))[order].astype(np.int32),
        trip_route=trip_route.astype(np.int32)[order],
        trip_headsign=trip_headsign.astype(np.int32)[order],
        trip_wheelchair=trips["wheelchair"].to_numpy(np.int8)[order],
        route_name=routes[:, 0],
        route_vehicle=routes[:, 1],
        headsign=headsigns,
        call_offset=offsets(lengths[order]),
        arrival=arrival[moved],
        departure=departure[moved],
        transfer_from=transfers["from"].to_numpy(np.int32),
        transfer_to=transfers["to"].to_numpy(np.int32),
        transfer_seconds=transfers["seconds"].to_numpy(np.int32),
        trip_block=trip_block[order],
        trip_shape=trip_shape[order],
        **_extras(extras or no_extras(), stop_rank, trip_rank, shapes),
    )


def _days(service_number: pd.Index, service_days: pd.DataFrame) -> pd.DataFrame:
    """Return the days of each service that there is, as `service` (its number) and `day`, in order and once each."""
    number = service_number.get_indexer(pd.Index(service_days["service_id"]))
    days = pd.DataFrame({"service": number, "day": service_days["day"].to_numpy()}).drop_duplicates()
    return days[days["service"] >= 0].sort_values(["service", "day"])


def _patterns(call_stop: Ints, allowed: Ints, starts: Longs) -> tuple[Longs, Ints, Ints]:
    """Return the distinct sequences of (stop, what passengers may do there): offsets, rows, and each trip's own.

    `starts`: where each trip's calls begin, and where the last one's end.
    """
    signature = np.stack([call_stop, allowed], axis=1).astype(np.int32)
    keys = [signature[begin:end].tobytes() for begin, end in pairwise(starts)]
    distinct = sorted(set(keys), key=lambda key: np.frombuffer(key, np.int32).tolist())
    number_of = {key: number for number, key in enumerate(distinct)}
    rows = [np.frombuffer(key, np.int32).reshape(-1, 2) for key in distinct]
    joined = np.concatenate(rows) if rows else np.empty((0, 2), np.int32)
    offset = offsets(np.array([len(one) for one in rows], np.int64))
    return offset, joined, np.array([number_of[key] for key in keys], np.int32)


def _transfers(transfers: pd.DataFrame, stop_rank: Longs) -> pd.DataFrame:
    """Return transfers between stops as ranked, one a pair: one that forbids (-1), else the quickest."""
    ranked = pd.DataFrame(
        {
            "from": stop_rank[transfers["from_stop"].to_numpy(np.int64)],
            "to": stop_rank[transfers["to_stop"].to_numpy(np.int64)],
            "seconds": transfers["seconds"].to_numpy(np.int32),
        }
    )
    return ranked.sort_values(["from", "to", "seconds"]).drop_duplicates(["from", "to"])


def _extras(extras: Extras, stop_rank: Longs, trip_rank: Longs, shapes: Texts) -> dict[str, Any]:
    """Return the arrays of what not every feed tells, in canonical order."""

    def numbers(table: pd.DataFrame, name: str, rank: Longs | None = None) -> Ints:
        column: Longs = table[name].to_numpy(np.int64)
        chosen: Longs = column if rank is None else rank[column]
        return chosen.astype(np.int32)

    gates, gate_rank = _sorted(extras.gates, "gate_id")
    points = extras.shapes.assign(shape=pd.Index(shapes).get_indexer(pd.Index(extras.shapes["shape_id"].astype(str))))
    points = points[points["shape"] >= 0].sort_values("shape", kind="stable")
    seats = extras.seats.drop_duplicates(["from_trip", "to_trip"])
    seats = pd.DataFrame(
        {
            "seat_from": numbers(seats, "from_trip", trip_rank),
            "seat_to": numbers(seats, "to_trip", trip_rank),
            "seat_kept": seats["kept"].to_numpy(np.bool_),
        }
    ).sort_values(["seat_from", "seat_to"])
    doors = pd.DataFrame(
        {
            "door_gate": numbers(extras.doors, "gate", gate_rank),
            "door_stop": numbers(extras.doors, "stop", stop_rank),
            "door_in": numbers(extras.doors, "seconds_in"),
            "door_out": numbers(extras.doors, "seconds_out"),
            "door_step_free_in": numbers(extras.doors, "step_free_in"),
            "door_step_free_out": numbers(extras.doors, "step_free_out"),
        }
    ).sort_values(["door_gate", "door_stop"])
    inside = pd.DataFrame(
        {
            "inside_from": numbers(extras.inside, "from_stop", stop_rank),
            "inside_to": numbers(extras.inside, "to_stop", stop_rank),
            "inside_seconds": numbers(extras.inside, "seconds"),
            "inside_step_free": numbers(extras.inside, "step_free"),
        }
    ).sort_values(["inside_from", "inside_to"])
    return {
        **{str(name): table[name].to_numpy() for table in (seats, doors, inside) for name in table},
        "shape_offset": offsets(np.bincount(points["shape"].to_numpy(np.int64), minlength=len(shapes))),
        "shape_lon": points["lon"].to_numpy(np.float64),
        "shape_lat": points["lat"].to_numpy(np.float64),
        "gate_lon": gates["lon"].to_numpy(np.float64),
        "gate_lat": gates["lat"].to_numpy(np.float64),
    }


def _numbered(trips: pd.DataFrame, name: str) -> tuple[Texts, Ints]:
    """Return the distinct texts of a column that may be absent, and each row's number among them, -1 = none."""
    values = trips[name].to_numpy(str) if name in trips else np.full(len(trips), "")
    known = np.unique(values[values != ""])
    return known, np.where(values == "", -1, np.searchsorted(known, values)).astype(np.int32)


def valid_stretches(feed: Feed) -> list[tuple[datetime.date, datetime.date]]:
    """Return the first and last date of each stretch on which every feed is valid (or any, if no date suits all)."""
    days = [(int(feed.feed_first_day.max()), int(feed.feed_last_day.min()))]
    if days[0][0] > days[0][1]:
        own = sorted(zip(feed.feed_first_day.tolist(), feed.feed_last_day.tolist(), strict=True))
        days = own[:1]
        for first, last in own[1:]:
            if first <= days[-1][1] + 1:
                days[-1] = days[-1][0], max(days[-1][1], last)
            else:
                days.append((first, last))
    return [(date_of(first), date_of(last)) for first, last in days]


def valid_dates(feed: Feed) -> tuple[datetime.date, datetime.date]:
    """Return the first and last date of the timetable; dates between two stretches are refused by `check_date`."""
    stretches = valid_stretches(feed)
    return stretches[0][0], stretches[-1][1]


def check_date(feed: Feed, date: datetime.date) -> tuple[datetime.date, datetime.date]:
    """Return the first and last date of the stretch that holds a date.

    Raises
    ------
    DateError
        The date is outside the calendar; the sentence names the valid range.
    """
    stretches = valid_stretches(feed)
    for first, last in stretches:
        if first <= date <= last:
            return first, last
    valid = [Phrase("from {first} to {last}", first=first, last=last) for first, last in stretches]
    raise DateError(
        "The timetable is valid {valid}, and {date} is outside of that; choose a date inside, or build the region with "
        "a newer timetable.",
        valid=reduce(lambda one, other: Phrase("{one} and {other}", one=one, other=other), valid),
        date=date,
    )


def feed_to_arrays(feed: Feed) -> dict[str, npt.NDArray[np.generic]]:
    """Return the feed as plain arrays by name, fit for `numpy.savez` (no pickle)."""
    return {field.name: getattr(feed, field.name) for field in fields(Feed)}


def feed_from_arrays(arrays: dict[str, npt.NDArray[np.generic]]) -> Feed:
    """Return the feed that `feed_to_arrays` took apart."""
    return Feed(**{field.name: arrays[field.name] for field in fields(Feed)})  # type: ignore[arg-type]


def _sorted(table: pd.DataFrame, key: str) -> tuple[pd.DataFrame, Longs]:
    """Return the table in the order of its text key, and each old row's new position."""
    order = np.argsort(table[key].to_numpy(str), kind="stable")
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return table.iloc[order].reset_index(drop=True), rank


def offsets(counts: npt.NDArray[np.integer]) -> Longs:
    """Return where each of so many things begins, and where the last ends."""
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)


def _ranges(starts: Longs, lengths: Longs) -> Longs:
    """Return the positions of all ranges, one after the other."""
    ends = np.cumsum(lengths)
    return np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - lengths - starts, lengths)
