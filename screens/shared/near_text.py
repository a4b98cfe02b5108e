"""What every list of places and sessions says in the same words: times of day, how far, until when one gets home."""

import datetime
from typing import Any
from urllib.parse import urlencode

import numpy as np

from geo.clock import DAY, Moment
from screens.shared import journey_text
from screens.shared.words import Say

TIGHT_MINUTES = 20
"""With less time than this until the last way home, a list warns."""


def minute_text(minute: float, say: Say, *, up: bool = False, day: datetime.date | None = None) -> str:
    """Return minutes after midnight as a time of day; `day`: the one whose minutes count."""
    return journey_text.second_text(minute * 60, say, up=up, weekday=None if day is None else day.weekday())


def session_hours(row: Any, say: Say) -> str:
    """Return from when until when a session is, with its day where it begins after midnight; see `minute_text`."""
    return say.hours(Moment(int(row.start_minute), row.date.weekday()), row.end_minute)


def weekly_hours(weekday: int, start: int, end: int, say: Say) -> str:
    """Return `Wednesday 7:00 – 8:00 PM`, or `early Thursday, 12:30 – 1:30 AM` for what begins at minute 1470."""
    moment = Moment(start, weekday)
    hours = say.hours(moment, end)
    return hours if moment.is_later_day else say("near_weekly", day=say.habits.weekday(weekday), hours=hours)


def late_start(row: Any, say: Say) -> list[str]:
    """Return `early Thursday, 12:30 AM` for a session of Wednesday's night that begins after midnight, else nothing."""
    start = Moment(int(getattr(row, "start_minute", 0)), row.date.weekday())
    return [say.moment(start)] if start.is_later_day else []


def moment_in_words(day: datetime.date, minute: float, say: Say) -> str:
    """Return a moment by the calendar: `Thursday, November 26, 12:30 AM` for minute 1470 of the Wednesday before."""
    return say("near_at", day=say.habits.date(calendar_date(day, minute)), time=say.habits.clock(minute))


def calendar_date(day: datetime.date, minute: float) -> datetime.date:
    """Return the calendar's date of a minute of a service day, which goes on past midnight."""
    return day + datetime.timedelta(days=int(minute // DAY))


def sentence(text: str) -> str:
    """Return a text with the full stop that ends it; one that ends with `p.m.` has it."""
    return text if text.endswith(".") else f"{text}."


def capitalized(text: str) -> str:
    """Return a list's own words as they stand alone: `ask it basket` as `Ask it basket`."""
    return text[:1].upper() + text[1:]


def how_far(minutes: float, on_foot: float, mode: str, say: Say) -> str:
    """Return how long a trip takes; by bus, one that is as quick on foot is a walk."""
    walked = mode == "transit" and minutes >= on_foot - 0.5
    return say("by_walk" if walked else f"by_{mode}", minutes=max(1, round(minutes)))


def way_home(row: Any, mode: str, say: Say) -> str:
    """Return until when one gets home: a last bus, at any hour, not before a later bus, or no way that was found."""
    if np.isfinite(row.next_home):
        time = minute_text(row.next_home, say, day=row.date)
        if np.isfinite(row.next_minutes):
            return say("near_long_transit", time=time, minutes=round(row.next_minutes))
        return say("near_next_transit", time=time)
    minute = row.last_home
    if np.isinf(minute):
        how = "walk" if mode == "transit" and minute > 0 else mode
        return say("near_last_any" if minute > 0 else "near_last_none", how=say(f"how_{how}"))
    return say("near_last_transit", time=minute_text(minute, say, day=row.date))


def directions(lon: float, lat: float) -> str:
    """Return the page of a map service that leads to a place (WGS 84); it learns the place, not where one starts."""
    return f"https://www.google.com/maps/dir/?{urlencode({'api': 1, 'destination': f'{lat:.6f},{lon:.6f}'})}"


def is_tight(free: float, last: float) -> bool:
    """Tell whether little time is left from the end of a session, or from getting to a place, to the last way home."""
    return bool(np.isfinite(last)) and last - free < TIGHT_MINUTES
