"""A day's outings from one place: what is in reach at a minute, which sessions one can go to, and the last way home.

The place is where the outing starts and ends ("home" below). Minutes count from the midnight that begins the service
day; a day lasts from 04:00 until 04:00, so an evening goes on past 24:00.
"""

import datetime
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.clock import DAY
from geo.timetables.calendar import MORNING_MINUTES, NIGHT_MINUTES, trips_by_day
from geo.timetables.feed import Feed, check_date, valid_stretches
from geo.travel.network import Network
from geo.travel.travel_times import (
    UNREACHED,
    Points,
    TravelSettings,
    arrival_profile,
    departure_profile,
    seconds_between,
)
from geo.units import MINUTE

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
ENDS = DAY + MORNING_MINUTES


@dataclass(frozen=True)
class Day:
    """One service day between home and other places.

    `leaving`, `homeward`: int32[minutes from 04:00, places], seconds on leaving home at each minute, and on being
    home by each; `UNREACHED` = never. `on_foot`: float64[places], minutes home along streets, at any hour: without a
    timetable, and by no ferry; inf = too far. `longest_minutes`: no outing takes longer each way, the waits before its
    bus, its start and its way home included.
    """

    leaving: Ints
    homeward: Ints
    on_foot: Floats
    longest_minutes: float


def service_moment(moment: datetime.datetime) -> tuple[datetime.date, int]:
    """Return the day that a local time belongs to, and the minute in it; before 04:00 it is still the day before."""
    minute = moment.hour * 60 + moment.minute
    if minute < MORNING_MINUTES:
        return moment.date() - datetime.timedelta(days=1), minute + DAY
    return moment.date(), minute


def moment_at(day: datetime.date, minute: float, time_zone: str) -> datetime.datetime:
    """Return a minute of a day, which may lie past midnight, on the clock of a time zone, as IANA names it.

    Examples
    --------
    >>> moment_at(datetime.date(2026, 11, 18), 1470, "America/Denver").isoformat()
    '2026-11-19T00:30:00-07:00'
    """
    midnight = datetime.datetime.combine(day, datetime.time())
    return (midnight + datetime.timedelta(minutes=int(minute))).replace(tzinfo=ZoneInfo(time_zone))


def standing_in(day: datetime.date, usual: datetime.date, feed: Feed | None) -> datetime.date | None:
    """Return the date whose timetable is used for a day, None where nothing runs.

    It is the day itself where the timetable holds on it; else the same weekday on which anything runs, the first from
    the region's usual date on or the last before it.

    Parameters
    ----------
    usual
        The region's own service date.
    feed
        Without a timetable every day is its own.

    Raises
    ------
    DateError
        The timetable doesn't hold on the usual date.
    """
    if feed is None:
        return day
    running = trips_by_day(feed)
    if any(first <= day <= last for first, last in valid_stretches(feed)):
        return day if day in running else None
    first, last = check_date(feed, usual)
    same = [other for other in running if first <= other <= last and other.weekday() == day.weekday()]
    return min(same, key=lambda other: (other < usual, abs(other - usual)), default=None)


def on_foot_only(settings: TravelSettings) -> TravelSettings:
    """Return how one travels on a day without service: on foot, as far as one would walk to a bus."""
    return replace(settings, mode="walk", max_minutes=settings.max_walk_minutes, window=None, arrive_by=None)


def searched_minutes(settings: TravelSettings) -> tuple[float, float]:
    """Return between which minutes of a day trips may be under way that `day_between` finds."""
    return MORNING_MINUTES - settings.max_minutes, ENDS + settings.max_minutes


def day_between(network: Network, home: Points, places: Points, settings: TravelSettings) -> Day:
    """Return a day between home and other places, by one search each way.

    Parameters
    ----------
    home, places
        `lon`, `lat` (WGS 84); home is one place.
    settings
        Mode, speeds and, by transit, the date; without one nothing runs, and one goes on foot as far as one would walk
        to a bus. `max_minutes` limits each trip, its waits included. No trip that is all along streets, and no way
        home on foot, takes a ferry: nobody knows when they go.

    Raises
    ------
    InputError, DateError
        As `geo.travel.travel_times.travel_times`.
    """
    settings = replace(settings, ferries=False)
    streets = on_foot_only(settings) if settings.mode == "transit" else settings
    if settings.date is None:
        settings = streets
    whole = replace(settings, window=(MORNING_MINUTES * MINUTE, ENDS * MINUTE), arrive_by=None)
    back = seconds_between(network, places, home, replace(streets, window=None, arrive_by=None))[:, 0, 0]
    return Day(
        departure_profile(network, home, places, whole),
        arrival_profile(network, home, places, whole),
        back.astype(np.float64) / MINUTE,
        settings.max_minutes,
    )


def minutes_at(day: Day, minute: int) -> Floats:
    """Return the minutes to each place on leaving home at a minute of the day; inf = not within the longest trip."""
    row = minute - MORNING_MINUTES
    if not 0 <= row < len(day.leaving):
        return np.full(day.leaving.shape[1], np.inf)
    seconds = day.leaving[row]
    return np.where(seconds == UNREACHED, np.inf, seconds / MINUTE)


def last_way_home(day: Day, places: NDArray[np.integer]) -> Floats:
    """Return the last minute at which one may leave some of the places (columns) and get home by 02:00.

    inf where one can walk (or cycle) home at any hour, by no ferry; -inf where no trip home is short enough all day.
    """
    asked, where = np.unique(places, return_inverse=True)
    rows = NIGHT_MINUTES - MORNING_MINUTES + 1
    home_by = MINUTE * (MORNING_MINUTES + np.arange(rows, dtype=np.int32))[:, None]
    never = home_by[-1, 0] - UNREACHED
    leave = (home_by - day.homeward[:rows, asked]).max(axis=0, initial=never)
    last = np.where(leave > never, leave / MINUTE, -np.inf)
    return np.where(np.isfinite(day.on_foot[asked]), np.inf, last)[where]


def next_way_home(day: Day, places: NDArray[np.integer], after: Floats) -> tuple[Floats, Floats]:
    """Return the first minute, at each of some places (columns) not before its `after`, at which a trip home starts.

    And how many minutes it takes. NaN where no trip home of the day that is short enough starts then or later.
    """
    home_by = MORNING_MINUTES + np.arange(len(day.homeward))[:, None]
    seconds = day.homeward[:, places]
    leaves = home_by - np.where(seconds == UNREACHED, np.inf, seconds / MINUTE)
    later = np.where(leaves >= after, leaves, np.inf)
    first = later.argmin(axis=0)
    starts, column = later.min(axis=0), np.arange(len(places))
    known = np.isfinite(starts)
    return np.where(known, starts, np.nan), np.where(known, seconds[first, column] / MINUTE, np.nan)


def outings(day: Day, sessions: pd.DataFrame, now: int = MORNING_MINUTES, leave_after: float = 0.0) -> pd.DataFrame:
    """Return for each session whether and when one can go to it from home, and get home again.

    Parameters
    ----------
    sessions
        `place` (column of the day's tables), `start_minute`, `end_minute`.
    now
        One leaves home at this minute or later.
    leave_after
        Minutes that pass after the end before one leaves.

    Returns
    -------
    DataFrame
        In the order of the sessions and with their index: `leave`, the last whole minute at which to leave home and
        be there by the start, and `there`, when that arrives; `free`, when one leaves the session; `home`, the first
        whole minute by which one is home after it; `last_home`, as `last_way_home`, but never before `free`: then it is
        the way to that `home`, or -inf without any; `on_foot`, minutes home without a timetable. What can't be is NaN.
    """
    place = sessions["place"].to_numpy(dtype=np.int64)
    start = sessions["start_minute"].to_numpy(dtype=np.float64)
    free = sessions["end_minute"].to_numpy(dtype=np.float64) + leave_after
    minutes = MORNING_MINUTES + np.arange(len(day.leaving))[:, None]
    out, back = day.leaving[:, place], day.homeward[:, place]
    arrives = minutes + np.where(out == UNREACHED, np.inf, out / MINUTE)
    in_time = (arrives <= start) & (minutes >= np.maximum(now, start - day.longest_minutes))
    last = len(minutes) - 1 - in_time[::-1].argmax(axis=0)
    going = in_time.any(axis=0)
    leaves = minutes - np.where(back == UNREACHED, np.inf, back / MINUTE)
    can_return = (leaves >= free) & (minutes <= free + day.longest_minutes)
    first = can_return.argmax(axis=0)
    column = np.arange(len(place))
    on_foot, last_home = day.on_foot[place], last_way_home(day, place)
    home = np.where(can_return.any(axis=0), MORNING_MINUTES + first, np.ceil(free + on_foot))
    by_then = np.where(can_return.any(axis=0), leaves[first, column], -np.inf)
    return pd.DataFrame(
        {
            "leave": np.where(going, MORNING_MINUTES + last, np.nan),
            "there": np.where(going, arrives[last, column], np.nan),
            "free": free,
            "home": np.where(np.isfinite(home), home, np.nan),
            "last_home": np.where(last_home < free, by_then, last_home),
            "on_foot": on_foot,
        },
        index=sessions.index,
    )
