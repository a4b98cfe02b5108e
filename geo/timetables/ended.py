"""A timetable that ended before today: its times are shown beside a sentence that says so, and are trusted less."""

import datetime

from geo.dates import date_of, day_number, local_date
from geo.habits import AMERICAN
from geo.timetables.feed import Feed

SENTENCE = (
    "The bus timetable ended on {end}, so bus times may have changed: check with the transit agency before you rely on "
    "them."
)


def ended_on(feed: Feed | None, date: datetime.date, today: datetime.date | None) -> datetime.date | None:
    """Return the last day of the timetable that stands for a date, if that lies before today; else None.

    Of several timetables that hold on the date, it is the one that ends first. Without a timetable, or without a today
    to hold it against, it is None too.
    """
    last = last_day(feed, date)
    return last if last is not None and today is not None and last < today else None


def last_day(feed: Feed | None, date: datetime.date) -> datetime.date | None:
    """Return the last day on which every timetable that holds on a date still does; None where none holds on it."""
    if feed is None:
        return None
    number = day_number(date)
    ends = feed.feed_last_day[(feed.feed_first_day <= number) & (number <= feed.feed_last_day)]
    return date_of(int(ends.min())) if len(ends) else None


def ended_sentence(end: datetime.date | None) -> str | None:
    """Return the sentence on a timetable that ended, None for one that didn't."""
    return None if end is None else SENTENCE.format(end=AMERICAN.day_of_year(end))


def has_ended(last: datetime.date | None, time_zone: str) -> datetime.date | None:
    """Return the last day of a timetable, if that has passed in a time zone."""
    return None if last is None or last >= local_date(time_zone) else last
