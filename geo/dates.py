"""Dates as numbers of days: how many days ago records are from, and days of service since 1970-01-01."""

import datetime
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pandas as pd

_EPOCH = datetime.date(1970, 1, 1)


def day_number(date: datetime.date) -> int:
    """Return a date as days since 1970-01-01, as days of service are counted.

    Examples
    --------
    >>> day_number(datetime.date(2024, 3, 6))
    19788
    """
    return (date - _EPOCH).days


def date_of(day: int) -> datetime.date:
    """Return the date of a day since 1970-01-01: `day_number` back.

    Examples
    --------
    >>> date_of(19788).isoformat()
    '2024-03-06'
    """
    return _EPOCH + datetime.timedelta(day)


def local_date(time_zone: str) -> datetime.date:
    """Return the date that it is in a time zone, by the machine's clock; without one, in the machine's own."""
    return datetime.datetime.now(tz=datetime.UTC).astimezone(ZoneInfo(time_zone) if time_zone else None).date()


def date_there(moment: str, time_zone: str) -> datetime.date:
    """Return the date in a time zone at a moment that begins as UTC's `YYYY-MM-DD HH:MM`.

    Examples
    --------
    >>> date_there("2026-12-02 01:10 UTC", "America/New_York").isoformat()
    '2026-12-01'
    """
    return moment_there(moment, time_zone).date()


def moment_there(moment: str, time_zone: str) -> datetime.datetime:
    """Return the moment of `date_there` in a time zone, with its time of day."""
    written = datetime.datetime.strptime(moment[:16], "%Y-%m-%d %H:%M").replace(tzinfo=datetime.UTC)
    return written.astimezone(ZoneInfo(time_zone))


def weekdays_of(days: npt.ArrayLike) -> npt.NDArray[np.integer]:
    """Return the weekdays (0 = Monday) of days since 1970-01-01, of the same shape.

    Examples
    --------
    >>> weekdays_of([0, 4, 19788]).tolist()
    [3, 0, 2]
    """
    weekdays: npt.NDArray[np.integer] = (np.asarray(days) + _EPOCH.weekday()) % 7
    return weekdays


def days_since(dates: pd.Series, today: datetime.date) -> npt.NDArray[np.float64]:
    """Return the days from ISO dates until today, float64[rows]; NaN where there is none.

    A date that is still to come (a slip of the pen) is none; tomorrow's is today's where the publisher is.

    Examples
    --------
    >>> days_since(pd.Series(["2024-03-01", "2024-03-05", "2042-03-01", None]), datetime.date(2024, 3, 4)).tolist()
    [3.0, 0.0, nan, nan]
    """
    row, distinct = pd.factorize(dates.astype("object"))  # many rows, few dates
    when = pd.to_datetime(distinct, format="ISO8601", errors="coerce", utc=True).tz_localize(None)
    days = np.append((pd.Timestamp(today) - when.normalize()).days.to_numpy(dtype=np.float64), np.nan)[row]
    return np.where(days < -1, np.nan, np.maximum(days, 0.0))
