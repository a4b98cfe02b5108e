"""Days and times of meetings as feeds and hand-made sheets write them; only where the words leave no doubt."""

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from geo.clock import DAY
from sources.cleaning import clean
from sources.cleaning.report import Notes, SetAside
from sources.cleaning.weekday_words import days_in_words, in_english

DEFAULT_MINUTES, LONGEST_MINUTES = 60, 720
"""How long a meeting without an end lasts; one that would last longer than the second is taken for a slip."""
LONGEST_AT_MIDNIGHT, SHORTEST_AT_MIDNIGHT = 180, 15
"""A meeting at 00:00 lasts so long at least and at most; else 00:00 stands for a time that nobody filled in."""

_NOON, _MIDNIGHT = r"(?:12(?::00)?\s*)?(?:noon|mediod[ií]a|midi)", r"(?:12(?::00)?\s*)?(?:midnight|medianoche|minuit)"
_CLOCK = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?(?::\d{2}(?:\.0+)?)?\s*(h|([ap])(?:\.?\s*m)?\.?)?")
_ZONE = re.compile(r" ?\(?\b(?P<zone>[ecmp])(?:[sd]?t|astern|entral|ountain|acific)(?: time)?\)?$")
_ZONES = {"e": "America/New_York", "c": "America/Chicago", "m": "America/Denver", "p": "America/Los_Angeles"}
_SPAN = re.compile(r"(?i) ?(?:-|–|—|\bto\b|\buntil\b) ?| a(?:l| las?)? (?=\d)")
_BARE = re.compile(r"(\d|1[0-2])(?:[:.]([0-5]\d))?(?::00)?")
_HALF_DAY = DAY // 2
_ROUND_THE_CLOCK = re.compile(
    r"(?i)\b24\s*+(?:[/x×]\s*+7\b|-?\s*+(?:hours?|hrs?)\b(?!\s++(?:ago|book|club)))|around the clock"
)


@dataclass(frozen=True)
class Hours:
    """Start and length in minutes; `late`: the start is the midnight that ends the day, not the one that begins it."""

    start: int
    minutes: int
    late: bool = False


def weekdays(value: Any, first: int) -> tuple[list[int], list[str]]:
    """Return weekdays (0 = Monday) from a number, its text, names in several languages, or a list; and what is none.

    Parameters
    ----------
    first
        The number that stands for Sunday in the feed.
    """
    parts = value if isinstance(value, list) else [value]
    days, bad = set[int](), []
    for part in parts:
        text = clean.single_spaced(part).strip(" .,[]\"'").lower()
        if not text:
            continue
        if (whole := _days(text, first)) is not None:
            days.update(whole)
            continue
        for piece in re.split(r"[,;/|&+]| (?:and|y|e|et|und) ", text):
            if (named := _days(piece.strip(" \"'"), first)) is not None:
                days.update(named)
            elif piece.strip():
                bad.append(piece.strip())
    return sorted(days), bad


def _days(text: str, first: int) -> list[int] | None:
    number = clean.whole(text)
    if number is not None:
        return [(number - first + 6) % 7] if first <= number <= first + 6 else None
    return days_in_words(in_english(text))


def clock(value: Any) -> int | None:
    """Return the minutes after midnight (24:00 and an end in words: 1440) of a time in any usual spelling, else None.

    `19:00`, `19:00:00`, `7 PM`, `7:00 p.m.`, `19h00`, `1900`, `Noon`, `Midnight`; `7` alone could be either half.
    """
    text = re.sub(r"^\d{4}-\d\d-\d\d[t ]| ?(?:hrs?\.?|uhr|sharp)$", "", clean.single_spaced(value).lower())
    if re.fullmatch(_NOON, text):
        return 720
    if re.fullmatch(_MIDNIGHT, text):
        return 0
    if re.fullmatch(r"24[:.h]?00(?::00)?", text):
        return DAY
    if match := re.fullmatch(r"([01]?\d|2[0-3])([0-5]\d)", text):
        return int(match[1]) * 60 + int(match[2])
    match = _CLOCK.fullmatch(text)
    if match is None or (match[2] is None and match[3] is None):
        return None
    half = f" {match[4]}m" if match[4] else ""
    return clean.minutes_of_clock(f"{match[1]}:{match[2] or '00'}{half}")


def times(start: Any, end: Any, here: str = "UTC") -> tuple[int | None, int | None, str | None]:
    """Return start and end (minutes, None where unread), and the time zone that is named behind the start.

    `here` is the time zone of the list. In Arizona `MST` is its own time all year, which Denver's isn't: the name of a
    standard time, or of none, means the list's own zone where that has this time in winter.

    A span in the start's cell (`7:00 PM - 8:30 PM`) gives both. Where only one of them tells its half of the day
    (`6:30 - 7:30 pm`), the other is the nearest that goes with it.
    """
    text, zone = _without_zone(start, here)
    end, _ = _without_zone(end, here)
    if clock(text) is None and len(span := _SPAN.split(text)) == 2:
        first, last = _span(span[0], span[1] if clock(end) is None else end)
        return first if last is not None else None, last, zone
    return *_span(text, end), zone


def _without_zone(time: Any, here: str) -> tuple[str, str | None]:
    """Return a time without the time zone that is named behind it, and that zone."""
    text = clean.single_spaced(time)
    match = _ZONE.search(text.lower())
    if match is None:
        return text, None
    zone = _ZONES[match["zone"]]
    is_daylight_time = f"{match['zone']}dt" in match[0]
    is_own = not is_daylight_time and _winter_offset(zone) == _winter_offset(here)
    return text[: match.start()], here if is_own else zone


@cache
def _winter_offset(zone: str) -> datetime.timedelta | None:
    return datetime.datetime(2026, 1, 15, tzinfo=ZoneInfo(zone)).utcoffset()


def _span(start: Any, end: Any) -> tuple[int | None, int | None]:
    first, last = clock(start), clock(end)
    if last is not None and _tells_half(end) and (bare := _bare_minute(start)) is not None:
        return (last - ((last - bare) % _HALF_DAY or _HALF_DAY)) % DAY, last
    if first is not None and _tells_half(start) and (bare := _bare_minute(end)) is not None:
        return first, (first + ((bare - first) % _HALF_DAY or _HALF_DAY)) % DAY
    return first, last


def _bare_minute(time: Any) -> int | None:
    """Return the minute of a time from 1 to 12 o'clock that may be of either half of the day, as `6:30` or `7`."""
    match = _BARE.fullmatch(str("" if time is None else time).strip())
    return None if match is None else int(match[1]) % 12 * 60 + int(match[2] or 0)


def _tells_half(time: Any) -> bool:
    return re.search(rf"\d\s*[ap](?:\.?\s*m|\b)|{_NOON}|{_MIDNIGHT}", str(time).lower()) is not None


def is_of_either_half(start: str, end: str) -> bool:
    """Tell whether a hand-made list leaves open which half of the day it means: `7:00`, without a half in its end."""
    span = _SPAN.split(start.strip())
    return re.fullmatch(r"\d[:.]?\d{2}(?::\d{2})?", span[0]) is not None and not _tells_half(f"{start} {end}")


def is_round_the_clock(*texts: Any) -> bool:
    """Tell whether a name says that a room is open day and night."""
    return any(_ROUND_THE_CLOCK.search(str(one)) for one in texts if one)


def hours(start: int, end: int | None, notes: Notes, *, by_link: bool, round_the_clock: bool, end_said: bool) -> Hours:
    """Return when a meeting starts and how long it lasts.

    Parameters
    ----------
    start, end
        Minutes after midnight, up to 1440; None: not stated, or (`end_said`) not understood.
    by_link
        It can be joined from anywhere: then a room may be open all day, and midnight sends nobody out.
    round_the_clock
        Its name says that it is open day and night.

    Raises
    ------
    SetAside
        `no_time`: 00:00 that stands for an unknown time.
    """
    if end is None:
        if end_said:
            notes.repaired("bad_end", "Its end time can't be read; an hour is assumed.")
        return hours_lasting(start, None, notes, by_link=by_link, round_the_clock=round_the_clock)
    minutes: int | None = (end - start) % DAY
    if start % DAY == 0 and end in (0, DAY - 1, DAY):
        minutes = DAY
    elif end % DAY == 0 and (end - start) % DAY > LONGEST_AT_MIDNIGHT:
        notes.repaired(
            "end_unfilled", "Its end is 00:00, hours after its start, which nobody filled in: an hour is assumed."
        )
        minutes = None
    return hours_lasting(start, minutes, notes, by_link=by_link, round_the_clock=round_the_clock)


def hours_lasting(start: int, minutes: int | None, notes: Notes, *, by_link: bool, round_the_clock: bool) -> Hours:
    """Return when a meeting starts and how long it lasts, from its length: None where it isn't known.

    Raises
    ------
    SetAside
        As `hours`.
    """
    late, start = start == DAY, start % DAY
    if by_link and (minutes == DAY or (round_the_clock and not minutes)):
        notes.notice("all_day", "It is open day and night, so it is kept as all day.")
        return Hours(0, DAY)
    if start == 0:
        is_plausible = minutes is not None and SHORTEST_AT_MIDNIGHT <= minutes <= LONGEST_AT_MIDNIGHT
        if not is_plausible and not by_link and not late:
            raise SetAside("no_time", "Its time is 00:00 without a plausible end, which stands for an unknown time.")
        notes.notice("midnight", "It is said to start at midnight; worth asking its publisher.")
    return Hours(start, DEFAULT_MINUTES if minutes is None else lasting(minutes, notes, by_link=by_link), late)


def lasting(minutes: int, notes: Notes, *, by_link: bool) -> int:
    """Return how long a meeting lasts; where it would be no time or over 12 hours (by link: a day), an hour, noted."""
    if 0 < minutes <= (DAY if by_link else LONGEST_MINUTES):
        return minutes
    notes.repaired("bad_end", "It would last no time or over 12 hours; an hour is assumed.")
    return DEFAULT_MINUTES


def on_days(days: Sequence[int], when: Hours) -> list[tuple[int, int, int]]:
    """Return weekday, start and end of each day's session."""
    return [((day + when.late) % 7, when.start, when.start + when.minutes) for day in days]
