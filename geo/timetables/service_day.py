"""One service day of a `Feed`, with the days around it, ready for search.

A `Timetable` holds the trips that matter to one date, in local seconds after its midnight: those of days before that
still run, its own, and those of the day after; of more days for who asks about more. Trips are grouped in patterns (the
same stops, in the same order, with the same permissions to board and alight) within which no trip overtakes another:
that is what lets a search take the first trip it can catch. Two trips of one vehicle between which one stays seated are
one more trip, boarded in the first and left in the second (`geo.timetables.in_seat_transfers`).
"""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from geo.timetables.calendar import trips_under_way
from geo.timetables.feed import NONE, Feed, Flags, Ints, Longs, check_date, offsets
from geo.timetables.in_seat_transfers import seated_pairs
from geo.timetables.kernels_paces import paces_of
from geo.units import DAY_SECONDS


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
    trip_start, trip_pace : when each trip departs first, and where its pace begins among those of all
    pace_offset, pace_arrival, pace_departure : CSR, one row a pattern; the times of its trips since their start, one
        pace after the other. Most trips of a line keep one of a few, which stay in the processor's memory
    stop_offset, stop_pattern, stop_position : CSR; where each stop can be boarded (and one can ride on)
    boarding : for each place of `pattern_stop`, its entry in that list; -1 = no boarding there
    trip_number, trip_shift : the feed's trip, and the seconds added to its times
    trip_onward : the feed's trip as which the vehicle goes on, -1 = it ends
    seam : one a pattern; how many of its stops are those of the first trip
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
    trip_start: Ints
    trip_pace: Ints
    pace_offset: Longs
    pace_arrival: Ints
    pace_departure: Ints
    stop_offset: Longs
    stop_pattern: Ints
    stop_position: Ints
    boarding: Ints
    trip_number: Ints
    trip_shift: Ints
    trip_onward: Ints
    seam: Ints


def timetable(
    feed: Feed,
    date: datetime.date,
    *,
    time_zone: str = "",
    step_free: bool = False,
    change_seconds: int = 60,
    stay_seated: bool = False,
    days: tuple[int, int] = (0, 2),
    cut: Flags | None = None,
) -> Timetable:
    """Return the service day of `date`, with the trips of the days around it that are under way in `days`.

    These are the days after the date's midnight with which it begins and ends, by default its own and the next one.
    Times are local in `time_zone` (default: the first feed's), counted as `geo.timetables.calendar` says. With
    `step_free`, only trips and stops that the timetable calls wheelchair accessible remain. One stays seated where the
    change would be too short at less than `change_seconds` (longer ones are changes like any other), and the feed says
    so or, with `stay_seated`, the vehicle's run goes on. Where `cut` (one a stop of the feed's patterns) says so,
    nobody stays on board to the next stop, nor at the last one to the vehicle's next trip.

    Raises
    ------
    DateError
        The date lies outside the calendar; the message names the valid range.
    """
    check_date(feed, date)
    begin, end = (day * DAY_SECONDS for day in days)
    number, shift = trips_under_way(feed, date, begin, end, step_free=step_free, time_zone=time_zone)
    usable = (feed.stop_wheelchair == 1) if step_free else np.ones(len(feed.stop_id), bool)

    first, second = seated_pairs(feed, number, shift, change_seconds, by_run=stay_seated)
    alone = np.full(len(number), -1, np.int32)
    number, onward = np.concatenate([number, number[first]]), np.concatenate([alone, number[second]])
    shift = np.concatenate([shift, shift[first]])
    parts = np.stack([feed.trip_pattern[number], np.where(onward < 0, -1, feed.trip_pattern[onward])], axis=1)
    lines: list[_Line] = []
    kinds, kind = np.unique(parts, axis=0, return_inverse=True)
    order = np.argsort(kind, kind="stable")
    ends = np.cumsum(np.bincount(kind, minlength=len(kinds)))
    for (pattern, after), begin, end in zip(kinds.tolist(), np.append(0, ends), ends, strict=False):
        members = order[begin:end]
        trips = number[members], onward[members], shift[members]
        lines.extend(_lines(feed, pattern, after, *trips, usable, cut))
    return _assemble(date, len(feed.stop_id), lines)


def tells_step_free(feed: Feed) -> bool:
    """Return whether any trip and any stop is said to be for wheelchairs; without, no ride is promised to them."""
    return bool((feed.trip_wheelchair == 1).any() and (feed.stop_wheelchair == 1).any())


def mirrored(day: Timetable) -> Timetable:
    """Return the timetable with time reversed: departing at −t in it is arriving at t.

    A search on it from a place finds, for being there by a given time, the latest departure from everywhere.
    """
    lines = [
        _Line(
            line.stops[::-1], line.can_alight[::-1], line.can_board[::-1],
            -line.departure[::-1, ::-1], -line.arrival[::-1, ::-1], line.number[::-1], line.shift[::-1],
            line.onward[::-1], len(line.stops) - line.seam,
        )
        for line in _each_line(day)
    ]  # fmt: skip
    return _assemble(day.date, day.stops, lines)


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
    onward: Ints
    seam: int


def _lines(
    feed: Feed, pattern: int, after: int, number: Ints, onward: Ints, shift: Ints, usable: Flags, cut: Flags | None
) -> Iterator[_Line]:
    """Yield a pattern's trips, or those that go on as another pattern's, in lines within which none overtakes.

    Where one may not stay on board throughout, each stretch within which one may is a line of its own, with all stops.
    """
    stops, board, alight = _stops_of(feed, pattern)
    arrival, departure = _times_of(feed, number, len(stops))
    seam = len(stops)
    if after >= 0:
        more_stops, _, more_alight = _stops_of(feed, after)
        more_arrival, more_departure = _times_of(feed, onward, len(more_stops))
        arrival, departure = np.hstack([arrival, more_arrival]), np.hstack([departure, more_departure])
        stops = np.concatenate([stops, more_stops])
        board = np.concatenate([board, np.zeros(len(more_stops), np.bool_)])
        alight = np.concatenate([np.zeros(seam, np.bool_), more_alight])
        board[seam - 1] = False  # who boards there boards the second trip
        alight[seam] &= stops[seam] != stops[seam - 1]
    arrival, departure = arrival + shift[:, None], departure + shift[:, None]
    order = np.argsort(departure[:, 0])
    if (np.diff(departure[order, 0]) == 0).any():  # then by all that follows
        keys = np.concatenate([onward[:, None], number[:, None], arrival[:, ::-1], departure[:, ::-1]], axis=1)
        order = np.lexsort(keys.T)
    arrival, departure = arrival[order], departure[order]
    for rows in _without_overtaking(np.concatenate([arrival, departure], axis=1)):
        chosen = order[rows]
        for here in _aboard(feed, pattern, after, cut):
            yield _Line(
                stops, board & usable[stops] & here, alight & usable[stops] & here,
                arrival[rows], departure[rows], number[chosen], shift[chosen], onward[chosen], seam,
            )  # fmt: skip


def _aboard(feed: Feed, pattern: int, after: int, cut: Flags | None) -> Iterator[Flags | np.bool_]:
    """Yield the stretches of a pattern, and of the one after it, within which one may stay on board."""
    own = (slice(feed.pattern_offset[one], feed.pattern_offset[one + 1]) for one in (pattern, after) if one >= 0)
    gone = np.concatenate([cut[one] for one in own])[:-1] if cut is not None else np.empty(0, np.bool_)
    if not gone.any():
        yield np.bool_(True)
        return
    stretch = np.append(0, np.cumsum(gone))
    for number in range(int(stretch[-1]) + 1):
        yield stretch == number


def _stops_of(feed: Feed, pattern: int) -> tuple[Ints, Flags, Flags]:
    here = slice(feed.pattern_offset[pattern], feed.pattern_offset[pattern + 1])
    return feed.pattern_stop[here], feed.pattern_pickup[here] != NONE, feed.pattern_drop_off[here] != NONE


def _times_of(feed: Feed, number: Ints, stops: int) -> tuple[Ints, Ints]:
    calls = feed.call_offset[number][:, None] + np.arange(stops)
    return feed.arrival[calls], feed.departure[calls]


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
    pattern_offset = offsets(lengths)
    pattern_stop = _joined([line.stops for line in lines], np.int32)
    can_board = _joined([line.can_board for line in lines], np.bool_)
    pattern = np.repeat(np.arange(len(lines)), lengths)
    position = np.arange(len(pattern_stop)) - pattern_offset[:-1][pattern]
    boardable = np.flatnonzero(can_board & (position < lengths[pattern] - 1))
    boardable = boardable[np.argsort(pattern_stop[boardable], kind="stable")]
    boarding = np.full(len(pattern_stop), -1, np.int32)
    boarding[boardable] = np.arange(len(boardable))
    arrival = _joined([line.arrival.ravel() for line in lines], np.int32)
    departure = _joined([line.departure.ravel() for line in lines], np.int32)
    trip_offset, time_offset = offsets(trips), offsets(lengths * trips)
    start, pace, pace_offset, pace_arrival, pace_departure = paces_of(
        pattern_offset, trip_offset, time_offset, arrival, departure
    )
    return Timetable(
        date=date,
        stops=stops,
        pattern_offset=pattern_offset,
        pattern_stop=pattern_stop,
        can_board=can_board,
        can_alight=_joined([line.can_alight for line in lines], np.bool_),
        trip_offset=trip_offset,
        time_offset=time_offset,
        arrival=arrival,
        departure=departure,
        trip_start=start,
        trip_pace=pace,
        pace_offset=pace_offset,
        pace_arrival=pace_arrival,
        pace_departure=pace_departure,
        stop_offset=offsets(np.bincount(pattern_stop[boardable], minlength=stops)),
        stop_pattern=pattern[boardable].astype(np.int32),
        stop_position=position[boardable].astype(np.int32),
        boarding=boarding,
        trip_number=_joined([line.number for line in lines], np.int32),
        trip_shift=_joined([line.shift for line in lines], np.int32),
        trip_onward=_joined([line.onward for line in lines], np.int32),
        seam=np.array([line.seam for line in lines], np.int32),
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
            day.trip_number[trips], day.trip_shift[trips], day.trip_onward[trips], int(day.seam[p]),
        )  # fmt: skip


def _joined(arrays: Sequence[npt.NDArray[Any]], dtype: npt.DTypeLike) -> npt.NDArray[Any]:
    return np.concatenate(arrays).astype(dtype, copy=False) if arrays else np.empty(0, dtype)
