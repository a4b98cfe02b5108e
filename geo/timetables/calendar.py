"""Service dates: which date's service stands for each weekday, and which trips run in a day from 04:00 to 02:00."""

import datetime

import numpy as np
from numpy.typing import NDArray

from geo.clock import DAY, SATURDAY
from geo.timetables.feed import EPOCH, Feed

Ints = NDArray[np.int32]


def dates_from(date: datetime.date) -> tuple[datetime.date, ...]:
    """Return the first Monday … Sunday from a date on, by the calendar alone."""
    return tuple(date + datetime.timedelta(days=(weekday - date.weekday()) % 7) for weekday in range(7))


def service_dates(
    date: datetime.date, valid: tuple[datetime.date, datetime.date] | None = None
) -> tuple[datetime.date | None, ...]:
    """Return, for Monday … Sunday, the date whose service stands for that weekday.

    It is the one of `dates_from`; where the timetable ends before it, the last one before `date`; None where the
    timetable (`valid`, first and last date) holds no such weekday within a week of the date.
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


def trips_between(feed: Feed, date: datetime.date, step_free: bool) -> Ints:
    """Return the trips that run from 04:00 of a date until 02:00 of the next: number and day (−1, 0, 1), int32[k, 2].

    Dates on which the same ones run give the same journeys, even if the night before differs.
    """
    begin, end = feed.departure[feed.call_offset[:-1]], feed.arrival[feed.call_offset[1:] - 1]
    service = np.repeat(np.arange(len(feed.service_offset) - 1), np.diff(feed.service_offset))
    parts = []
    for day in (-1, 0, 1):
        number = (date - EPOCH).days + day
        running = np.bincount(service[feed.service_day == number], minlength=len(feed.service_offset) - 1) > 0
        shift = day * DAY * 60
        due = running[feed.trip_service] & (end + shift >= MORNING_MINUTES * 60) & (begin + shift <= NIGHT_MINUTES * 60)
        due &= (feed.trip_wheelchair == 1) | (not step_free)
        trips = np.flatnonzero(due)
        parts.append(np.column_stack([trips, np.full(len(trips), day)]))
    return np.concatenate(parts).astype(np.int32)
