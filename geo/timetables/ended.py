"""A timetable that ended before today: its times are shown beside a sentence that says so, and are trusted less."""

import datetime
from zoneinfo import ZoneInfo

from geo.habits import AMERICAN
from geo.timetables.feed import Feed, valid_stretches

SENTENCE = (
    "The bus timetable ended on {end}, so bus times may have changed: check with the transit agency before you rely on "
    "them."
)


def ended_on(feed: Feed | None, date: datetime.date, today: datetime.date | None) -> datetime.date | None:
    """Return the last day of the timetable that stands for a date, if that lies before today; else None.

    Without a timetable, or without a today to hold it against, it is None too.
    """
    if feed is None or today is None:
        return None
    last = next((last for first, last in valid_stretches(feed) if first <= date <= last), None)
    return last if last is not None and last < today else None


def ended_sentence(end: datetime.date | None) -> str | None:
    """Return the sentence on a timetable that ended, None for one that didn't."""
    return None if end is None else SENTENCE.format(end=AMERICAN.day_of_year(end))


def local_date(time_zone: str) -> datetime.date:
    """Return the date that it is in a time zone, by the machine's clock."""
    return datetime.datetime.now(tz=ZoneInfo(time_zone)).date()


def calendar_ended(
    service_dates: tuple[datetime.date, datetime.date] | None, time_zone: str, today: datetime.date | None = None
) -> datetime.date | None:
    """Return the last day of a calendar, if that has passed."""
    if service_dates is None or service_dates[1] >= (today or local_date(time_zone)):
        return None
    return service_dates[1]
