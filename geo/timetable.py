"""Timetables: GTFS tables → compact arrays; one service day, with the days around it.

A `Feed` holds every trip of every service of one or several GTFS feeds. A `Timetable` holds the trips that
matter to one date, in local seconds after its midnight: those of the day before that still run (−24 h), its
own, and those of the day after (+24 h). Trips are grouped in patterns (the same stops, in the same order, with
the same permissions to board and alight) within which no trip overtakes another: that is what lets a search
take the first trip it can catch.
"""

import datetime
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.errors import DateError

DAY_SECONDS = 86_400
EPOCH = datetime.date(1970, 1, 1)

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.int8]
Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Texts = npt.NDArray[np.str_]


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
    pattern_offset, pattern_stop, pattern_board, pattern_alight : CSR; stops in order and what may be done there
    trip_id, trip_pattern, trip_service, trip_route, trip_headsign, trip_wheelchair : one a trip
    route_name, route_vehicle : one a route; "25", "bus"
    headsign : the texts that trips refer to
    call_offset, arrival, departure : CSR; seconds after midnight at each stop of each trip, never decreasing
    transfer_from, transfer_to, transfer_seconds : published transfers; -1 seconds = not possible
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
    pattern_board: Flags
    pattern_alight: Flags
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


@dataclass(frozen=True)
class Timetable:
    """The trips that matter to one date, ready for search; times are local seconds after its midnight.

    Attributes
    ----------
    stops : how many stops there are (numbered as in the feed)
    pattern_offset, pattern_stop, can_board, can_alight : CSR; stops in order and what may be done there
    trip_offset : CSR; each pattern's trips, earliest first, none overtaking another
    time_offset : where each pattern's times begin; trip t, position i of pattern p is at
        `time_offset[p] + (t - trip_offset[p]) * length + i`
    arrival, departure : seconds
    stop_offset, stop_pattern, stop_position : CSR; where each stop can be boarded (and one can ride on)
    boarding : for each place of `pattern_stop`, its entry in that list; -1 = no boarding there
    trip_number, trip_shift : the feed's trip, and the seconds added to its times
    """

    date: datetime.date
    stops: int
    pattern_offset: Longs
    pattern_stop: Ints
    can_board: Flags
    can_alight: Flags
    trip_offset: Longs
    time_offset: Longs
    arrival: Ints
    departure: Ints
    stop_offset: Longs
    stop_pattern: Ints
    stop_position: Ints
    boarding: Ints
    trip_number: Ints
    trip_shift: Ints


def make_feed(
    feeds: pd.DataFrame,
    stops: pd.DataFrame,
    services: pd.DataFrame,
    service_days: pd.DataFrame,
    trips: pd.DataFrame,
    calls: pd.DataFrame,
    transfers: pd.DataFrame,
) -> Feed:
    """Make a `Feed` from clean tables.

    Parameters
    ----------
    feeds : `feed`, `time_zone`, `first_day`, `last_day` (days since 1970-01-01); in the caller's order
    stops : `stop_id`, `name`, `lon`, `lat`, `station` (text, "" = none), `wheelchair` (0, 1, 2); ids unique
    services : `service_id`, `feed`; ids unique
    service_days : `service_id`, `day`
    trips : `trip_id`, `service_id`, `route`, `vehicle` ("bus" …), `headsign`, `wheelchair`; ids unique
    calls : `trip` and `stop` (row positions in the tables above), `sequence`, `arrival`, `departure` (seconds,
        never decreasing along a trip), `board`, `alight` (may passengers?); at least two a trip
    transfers : `from_stop`, `to_stop` (row positions), `seconds` (-1 = not possible)
    """
    stops, stop_rank = _sorted(stops, "stop_id")
    services, _ = _sorted(services, "service_id")
    service_number = pd.Index(services["service_id"])
    days = pd.DataFrame(
        {
            "service": service_number.get_indexer(pd.Index(service_days["service_id"])),
            "day": service_days["day"].to_numpy(),
        }
    ).drop_duplicates()
    days = days[days["service"] >= 0].sort_values(["service", "day"])

    calls = calls.sort_values(["trip", "sequence"], kind="stable")
    call_stop = stop_rank[calls["stop"].to_numpy(np.int64)].astype(np.int32)
    lengths = np.bincount(calls["trip"].to_numpy(np.int64), minlength=len(trips))
    starts = _offsets(lengths)
    signature = np.stack(
        [call_stop, calls["board"].to_numpy(np.int32) * 2 + calls["alight"].to_numpy(np.int32)], axis=1
    ).astype(np.int32)
    keys = [signature[starts[t] : starts[t + 1]].tobytes() for t in range(len(trips))]
    distinct = sorted(set(keys), key=lambda key: np.frombuffer(key, np.int32).tolist())
    pattern_number = {key: number for number, key in enumerate(distinct)}
    trip_pattern = np.array([pattern_number[key] for key in keys], np.int32)
    signatures = [np.frombuffer(key, np.int32).reshape(-1, 2) for key in distinct]
    joined = np.concatenate(signatures) if signatures else np.empty((0, 2), np.int32)

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
    transfers = pd.DataFrame(
        {
            "from": stop_rank[transfers["from_stop"].to_numpy(np.int64)],
            "to": stop_rank[transfers["to_stop"].to_numpy(np.int64)],
            "seconds": transfers["seconds"].to_numpy(np.int32),
        }
    ).sort_values(["from", "to", "seconds"])
    transfers = transfers.drop_duplicates(["from", "to"])
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
        service_offset=_offsets(np.bincount(days["service"], minlength=len(services))),
        service_day=days["day"].to_numpy(np.int32),
        pattern_offset=_offsets(np.array([len(s) for s in signatures], np.int64)),
        pattern_stop=joined[:, 0].copy(),
        pattern_board=joined[:, 1] >= 2,
        pattern_alight=joined[:, 1] % 2 == 1,
        trip_id=trip_id[order],
        trip_pattern=trip_pattern[order],
        trip_service=service_number.get_indexer(pd.Index(trips["service_id"]))[order].astype(np.int32),
        trip_route=trip_route.astype(np.int32)[order],
        trip_headsign=trip_headsign.astype(np.int32)[order],
        trip_wheelchair=trips["wheelchair"].to_numpy(np.int8)[order],
        route_name=routes[:, 0],
        route_vehicle=routes[:, 1],
        headsign=headsigns,
        call_offset=_offsets(lengths[order]),
        arrival=arrival[moved],
        departure=departure[moved],
        transfer_from=transfers["from"].to_numpy(np.int32),
        transfer_to=transfers["to"].to_numpy(np.int32),
        transfer_seconds=transfers["seconds"].to_numpy(np.int32),
    )


def timetable(feed: Feed, date: datetime.date, *, time_zone: str = "", step_free: bool = False) -> Timetable:
    """Return the service day of `date`, with the trips of the day before (−24 h) and the day after (+24 h).

    Times are local in `time_zone` (default: the first feed's); feeds of another zone are shifted by the
    difference that holds at noon. With `step_free`, only trips and stops that the timetable calls wheelchair
    accessible remain.

    Raises
    ------
    DateError
        The date lies outside the calendar; the message names the valid range.
    """
    check_date(feed, date)
    shifts = _zone_shifts(feed, date, time_zone)[feed.service_feed]
    numbers, seconds = [], []
    longest = max(int(feed.arrival.max(initial=0)) // DAY_SECONDS, 1)
    for day in range(-longest, 2):
        running = _running(feed, _day_number(date) + day)
        shift = (shifts + day * DAY_SECONDS).astype(np.int32)
        wanted = running[feed.trip_service]
        if day < 0 and len(wanted):
            wanted &= feed.arrival[feed.call_offset[1:] - 1] + shift[feed.trip_service] >= 0
        if step_free:
            wanted &= feed.trip_wheelchair == 1
        chosen = np.flatnonzero(wanted)
        numbers.append(chosen)
        seconds.append(shift[feed.trip_service[chosen]])
    number, shift = np.concatenate(numbers).astype(np.int32), np.concatenate(seconds).astype(np.int32)
    usable = (feed.stop_wheelchair == 1) if step_free else np.ones(len(feed.stop_id), bool)

    lines: list[_Line] = []
    order = np.argsort(feed.trip_pattern[number], kind="stable")
    patterns, begins = np.unique(feed.trip_pattern[number][order], return_index=True)
    for pattern, begin, end in zip(patterns, begins, np.append(begins, len(order))[1:], strict=True):
        members = order[begin:end]
        lines.extend(_lines(feed, int(pattern), number[members], shift[members], usable))
    return _assemble(date, len(feed.stop_id), lines)


def mirrored(day: Timetable) -> Timetable:
    """Return the timetable with time reversed: departing at −t in it is arriving at t.

    A search on it from a place finds, for being there by a given time, the latest departure from everywhere.
    """
    lines = [
        _Line(
            line.stops[::-1], line.can_alight[::-1], line.can_board[::-1],
            -line.departure[::-1, ::-1], -line.arrival[::-1, ::-1], line.number[::-1], line.shift[::-1],
        )
        for line in _each_line(day)
    ]  # fmt: skip
    return _assemble(day.date, day.stops, lines)


def service_pattern(feed: Feed, date: datetime.date) -> str:
    """Return a text that is equal for dates on which the same trips run (the day before's late ones included).

    Raises
    ------
    DateError
        The date lies outside the calendar.
    """
    day = timetable(feed, date)
    digest = hashlib.sha256()
    for name in ("pattern_offset", "pattern_stop", "can_board", "can_alight", "trip_offset", "arrival", "departure"):
        digest.update(np.ascontiguousarray(getattr(day, name)).tobytes())
    for numbers in (feed.trip_route, feed.trip_headsign):
        digest.update(np.ascontiguousarray(numbers[day.trip_number]).tobytes())
    return digest.hexdigest()[:32]


def valid_dates(feed: Feed) -> tuple[datetime.date, datetime.date]:
    """Return the first and last date on which every one of the feeds is valid (or any, if no date suits all)."""
    first, last = int(feed.feed_first_day.max()), int(feed.feed_last_day.min())
    if first > last:
        first, last = int(feed.feed_first_day.min()), int(feed.feed_last_day.max())
    return EPOCH + datetime.timedelta(first), EPOCH + datetime.timedelta(last)


def check_date(feed: Feed, date: datetime.date) -> None:
    """Raise `DateError`, naming the valid range, for a date outside the calendar."""
    first, last = valid_dates(feed)
    if not first <= date <= last:
        raise DateError(
            f"The timetable is valid from {first} to {last}, and {date} is outside of that; "
            "choose a date inside, or build the region with a newer timetable."
        )


def feed_to_arrays(feed: Feed) -> dict[str, npt.NDArray[np.generic]]:
    """Return the feed as plain arrays by name, fit for `numpy.savez` (no pickle)."""
    return {field.name: getattr(feed, field.name) for field in fields(Feed)}


def feed_from_arrays(arrays: dict[str, npt.NDArray[np.generic]]) -> Feed:
    """Return the feed that `feed_to_arrays` took apart."""
    return Feed(**{field.name: arrays[field.name] for field in fields(Feed)})  # type: ignore[arg-type]


@dataclass(frozen=True)
class _Line:
    """One pattern of one day; times are [trips, stops], trips ascending."""

    stops: Ints
    can_board: Flags
    can_alight: Flags
    arrival: Ints
    departure: Ints
    number: Ints
    shift: Ints


def _lines(feed: Feed, pattern: int, number: Ints, shift: Ints, usable: Flags) -> Iterator[_Line]:
    """Yield a pattern's trips in lines within which none overtakes another."""
    here = slice(feed.pattern_offset[pattern], feed.pattern_offset[pattern + 1])
    stops = feed.pattern_stop[here]
    calls = feed.call_offset[number][:, None] + np.arange(len(stops))
    arrival, departure = feed.arrival[calls] + shift[:, None], feed.departure[calls] + shift[:, None]
    keys = np.concatenate([number[:, None], arrival[:, ::-1], departure[:, ::-1]], axis=1)
    order = np.lexsort(keys.T)
    arrival, departure = arrival[order], departure[order]
    for rows in _without_overtaking(np.concatenate([arrival, departure], axis=1)):
        chosen = order[rows]
        yield _Line(
            stops, feed.pattern_board[here] & usable[stops], feed.pattern_alight[here] & usable[stops],
            arrival[rows], departure[rows], number[chosen], shift[chosen],
        )  # fmt: skip


def _without_overtaking(times: Ints) -> list[Longs]:
    """Part rows (sorted) into as few groups as first fit gives, each ascending in every column."""
    if (times[1:] >= times[:-1]).all():
        return [np.arange(len(times))]
    groups: list[list[int]] = []
    for row, values in enumerate(times):
        for group in groups:
            if (times[group[-1]] <= values).all():
                group.append(row)
                break
        else:
            groups.append([row])
    return [np.array(group) for group in groups]


def _assemble(date: datetime.date, stops: int, lines: list[_Line]) -> Timetable:
    lengths = np.array([len(line.stops) for line in lines], np.int64)
    trips = np.array([len(line.number) for line in lines], np.int64)
    pattern_offset = _offsets(lengths)
    pattern_stop = _joined([line.stops for line in lines], np.int32)
    can_board = _joined([line.can_board for line in lines], np.bool_)
    pattern = np.repeat(np.arange(len(lines)), lengths)
    position = np.arange(len(pattern_stop)) - pattern_offset[:-1][pattern]
    boardable = np.flatnonzero(can_board & (position < lengths[pattern] - 1))
    boardable = boardable[np.argsort(pattern_stop[boardable], kind="stable")]
    boarding = np.full(len(pattern_stop), -1, np.int32)
    boarding[boardable] = np.arange(len(boardable))
    return Timetable(
        date=date,
        stops=stops,
        pattern_offset=pattern_offset,
        pattern_stop=pattern_stop,
        can_board=can_board,
        can_alight=_joined([line.can_alight for line in lines], np.bool_),
        trip_offset=_offsets(trips),
        time_offset=_offsets(lengths * trips),
        arrival=_joined([line.arrival.ravel() for line in lines], np.int32),
        departure=_joined([line.departure.ravel() for line in lines], np.int32),
        stop_offset=_offsets(np.bincount(pattern_stop[boardable], minlength=stops)),
        stop_pattern=pattern[boardable].astype(np.int32),
        stop_position=position[boardable].astype(np.int32),
        boarding=boarding,
        trip_number=_joined([line.number for line in lines], np.int32),
        trip_shift=_joined([line.shift for line in lines], np.int32),
    )


def _each_line(day: Timetable) -> Iterator[_Line]:
    for p in range(len(day.pattern_offset) - 1):
        here = slice(day.pattern_offset[p], day.pattern_offset[p + 1])
        trips = slice(day.trip_offset[p], day.trip_offset[p + 1])
        times = slice(day.time_offset[p], day.time_offset[p + 1])
        shape = (trips.stop - trips.start, here.stop - here.start)
        yield _Line(
            day.pattern_stop[here], day.can_board[here], day.can_alight[here],
            day.arrival[times].reshape(shape), day.departure[times].reshape(shape),
            day.trip_number[trips], day.trip_shift[trips],
        )  # fmt: skip


def _running(feed: Feed, day: int) -> Flags:
    """Return, for each service, whether it runs on a day."""
    service = np.repeat(np.arange(len(feed.service_feed)), np.diff(feed.service_offset))
    running = np.zeros(len(feed.service_feed), bool)
    running[service[feed.service_day == day]] = True
    return running


def _zone_shifts(feed: Feed, date: datetime.date, time_zone: str) -> Ints:
    """Return the seconds to add to each feed's times to have local ones; a feed without a zone is local."""
    noon = datetime.datetime.combine(date, datetime.time(12))
    zones = [str(zone) for zone in feed.feed_zone]
    here = time_zone or next((zone for zone in zones if zone), "")
    offsets = [
        (noon.replace(tzinfo=ZoneInfo(zone or here or "UTC")).utcoffset() or datetime.timedelta()).total_seconds()
        for zone in (here, *zones)
    ]
    return np.array([offsets[0] - offset for offset in offsets[1:]], np.int32)


def _day_number(date: datetime.date) -> int:
    return (date - EPOCH).days


def _sorted(table: pd.DataFrame, key: str) -> tuple[pd.DataFrame, Longs]:
    """Return the table in the order of its text key, and each old row's new position."""
    order = np.argsort(table[key].to_numpy(str), kind="stable")
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return table.iloc[order].reset_index(drop=True), rank


def _offsets(counts: npt.NDArray[np.integer]) -> Longs:
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)


def _ranges(starts: Longs, lengths: Longs) -> Longs:
    """Return the positions of all ranges, one after the other."""
    ends = np.cumsum(lengths)
    return np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - lengths - starts, lengths)


def _joined(arrays: Sequence[npt.NDArray[Any]], dtype: npt.DTypeLike) -> npt.NDArray[Any]:
    return np.concatenate(arrays).astype(dtype) if arrays else np.empty(0, dtype)
