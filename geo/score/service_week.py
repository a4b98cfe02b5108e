"""Which services stand for the weekdays of a date, and which weekdays share one search."""

import datetime
from dataclasses import dataclass

from geo.clock import DAY
from geo.needs.needs import Needs
from geo.score.support import RegionSupport
from geo.timetables.calendar import (
    MORNING_MINUTES,
    NIGHT_MINUTES,
    reference_weekday,
    service_dates,
    trips_between,
)
from geo.timetables.feed import check_date


@dataclass(frozen=True)
class Week:
    """Which date's service stands for each weekday, and which weekdays share one search.

    `date`: the first day of the week itself, by which hours and holidays go. `dates`: Monday … Sunday, None = the
    timetable doesn't hold it. `pattern`: equal number = same trips at the hours that the person rides, -1 = none.
    """

    date: datetime.date
    dates: tuple[datetime.date | None, ...]
    pattern: tuple[int, ...]
    reference: int


def week_of(support: RegionSupport, needs: Needs, date: datetime.date) -> Week:
    """Return the week of services that stands for a date; for a wheelchair, of the step-free ones.

    Raises
    ------
    DateError
        The date is outside the timetable.
    """
    feed = support.network.feed
    if feed is None:
        return Week(date, service_dates(date), (-1,) * 7, reference_weekday(date))
    dates, step_free = service_dates(date, check_date(feed, date)), needs.profile == "wheelchair"
    minutes = MORNING_MINUTES, _ridden_until(needs)
    trips = [b"" if day is None else trips_between(feed, day, step_free, minutes).tobytes() for day in dates]
    number = {text: weekday for weekday, text in reversed(list(enumerate(trips)))}
    return Week(date, dates, tuple(number[t] if t else -1 for t in trips), reference_weekday(date))


def _ridden_until(needs: Needs) -> int:
    """Return until which minute of a day buses may be ridden: nobody leaves after 02:00, but some aren't there yet.

    Only who is due in the small hours rides later ones. For everybody else, days that differ by these alone are one
    search.
    """
    due = [one.start_minute for one in needs.shifts] + [one.start_minute for one in needs.appointments]
    return DAY + MORNING_MINUTES if any(minute < MORNING_MINUTES for minute in due) else NIGHT_MINUTES
