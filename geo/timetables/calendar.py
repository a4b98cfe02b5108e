"""Service dates: which date's service stands for each weekday, and which trips are under way at which hours of a date.

A trip's times count from noon of its service day less twelve hours, as GTFS has it: from midnight, but for the days on
which the clocks change. So do the seconds of a date; trips of the days around it are put on its count by the time that
really passes between the two noons, each feed's in its own time zone.
"""

import datetime
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from geo.clock import DAY, SATURDAY
from geo.dates import date_of, day_number
from geo.timetables.feed import Feed, Flags
from geo.units import DAY_SECONDS, MINUTE

Ints = NDArray[np.int32]


def dates_from(date: datetime.date) -> tuple[datetime.date, ...]:
    """Return the first Monday … Sunday from a date on, by the calendar alone."""
    return tuple(date + datetime.timedelta(days=(weekday - date.weekday()) % 7) for weekday in range(7))


def service_dates(
    date: datetime.date, valid: tuple[datetime.date, datetime.date] | None = None
) -> tuple[datetime.date | None, ...]:
    """Return, for Monday … Sunday, the date whose service stands for that weekday.

    It is the one of `dates_from`; where the timetable ends before it, the last one before `date`; None where the
    timetable holds no such weekday within a week of the date.

    Parameters
    ----------
    valid
        First and last date of the timetable: of the one stretch (`geo.timetables.feed.check_date`) that holds `date`,
        for no timetable holds between two stretches.
    """
    dates: list[datetime.date | None] = []
    for ahead in dates_from(date):
        choices = (ahead, ahead - datetime.timedelta(days=7))
        dates.append(next((day for day in choices if valid is None or valid[0] <= day <= valid[1]), None))
    return tuple(dates)


def reference_weekday(date: datetime.date) -> int:
    """Return the weekday whose service stands for "a weekday": the date's own, or Monday if it is a weekend day."""
    return date.weekday() if date.weekday() < SATURDAY else 0


MORNING_MINUTES, NIGHT_MINUTES = 4 * 60, DAY + 2 * 60
"""The day in which journeys are looked for: from 04:00 until 02:00 of the next."""


def service_minute(minute: int) -> int:
    """Return a clock time as a minute of the day of service: before 04:00 it is of the night after, 00:30 is 24:30."""
    return minute + DAY if minute < MORNING_MINUTES else minute


def service_hours(start: int, end: int) -> tuple[int, int]:
    """Return from when until when, of the day of service: 01:00 to 03:00 is of its night, 01:00 to 12:00 its morning.

    Parameters
    ----------
    start, end
        Clock times, in minutes after midnight.

    Examples
    --------
    >>> service_hours(22 * 60, 30), service_hours(60, 3 * 60), service_hours(60, 12 * 60)
    ((1320, 1470), (1500, 1620), (60, 720))
    """
    last = service_minute(end)
    return (service_minute(start) if last >= DAY else start), last


def trips_between(
    feed: Feed, date: datetime.date, step_free: bool, minutes: tuple[float, float] = (MORNING_MINUTES, NIGHT_MINUTES)
) -> Ints:
    """Return the trips under way between two minutes of a date: number, and seconds to add to its times, int32[k, 2].

    Dates on which the same ones are give the same journeys between these minutes, even if other hours differ.
    """
    begin, end = minutes
    return np.column_stack(trips_under_way(feed, date, begin * MINUTE, end * MINUTE, step_free=step_free))


def trips_under_way(
    feed: Feed, date: datetime.date, begin: float, end: float, *, step_free: bool = False, time_zone: str = ""
) -> tuple[Ints, Ints]:
    """Return the trips, of any service day, that are under way between two moments of a date, both included.

    Parameters
    ----------
    begin, end
        Seconds of the date, in `time_zone` (default: the first feed's that has one).
    step_free
        Only trips that the timetable calls wheelchair accessible.

    Returns
    -------
    number, shift
        int32[k]: the feed's trips, and the seconds to add to their times; by service day, then number.
    """
    starts, ends = feed.departure[feed.call_offset[:-1]], feed.arrival[feed.call_offset[1:] - 1]
    longest = int(feed.arrival.max(initial=0)) // DAY_SECONDS
    numbers, shifts = [np.empty(0, np.int32)], [np.empty(0, np.int32)]
    # a day more at either end: a feed of another time zone may be most of a day ahead or behind
    for day in range(int(begin // DAY_SECONDS) - longest - 1, int(end // DAY_SECONDS) + 2):
        service_day = date + datetime.timedelta(days=day)
        shift = _shifts(feed, date, service_day, time_zone)[feed.service_feed][feed.trip_service]
        due = services_on(feed, service_day)[feed.trip_service] & (ends + shift >= begin) & (starts + shift <= end)
        due &= (feed.trip_wheelchair == 1) | (not step_free)
        numbers.append(np.flatnonzero(due).astype(np.int32))
        shifts.append(shift[due])
    return np.concatenate(numbers), np.concatenate(shifts)


def services_on(feed: Feed, date: datetime.date) -> Flags:
    """Return, for each service, whether it runs on a date."""
    service = np.repeat(np.arange(len(feed.service_feed)), np.diff(feed.service_offset))
    running = np.zeros(len(feed.service_feed), bool)
    running[service[feed.service_day == day_number(date)]] = True
    return running


def trips_by_day(feed: Feed) -> dict[datetime.date, int]:
    """Return how many trips run on each day on which any does, earliest first."""
    trips = np.bincount(feed.trip_service, minlength=len(feed.service_feed))
    each = np.repeat(trips, np.diff(feed.service_offset))
    days, number = np.unique(feed.service_day, return_inverse=True)
    counts = np.bincount(number, weights=each, minlength=len(days)).astype(int)
    by_day = zip(days.tolist(), counts.tolist(), strict=True)
    return {date_of(day): count for day, count in by_day if count}


def _shifts(feed: Feed, date: datetime.date, service_day: datetime.date, time_zone: str) -> Ints:
    """Return the seconds to add to each feed's times of a service day; a feed without a zone is local."""
    zones = [str(zone) for zone in feed.feed_zone]
    here = time_zone or next((zone for zone in zones if zone), "UTC")

    def noon(day: datetime.date, zone: str) -> float:
        return datetime.datetime.combine(day, datetime.time(12), ZoneInfo(zone or here)).timestamp()

    return np.array([noon(service_day, zone) - noon(date, here) for zone in zones], np.int32)
