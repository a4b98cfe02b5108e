"""Schedules of HSDS → opening hours in OpenStreetMap syntax, and weekly sessions.

A schedule follows RFC 5545 (`freq`, `interval`, `byday`, `dtstart`, `until`, `count`). By HSDS's own guide a second one
with `valid_from` and `valid_to` adds hours to the regular ones
(https://github.com/openreferral/specification/blob/v2.0.1/docs/hsds/schedules.md), so all spans of a day hold together;
but dated ones that lie across the regular hours of their day can only replace them.

Times are the place's own unless they say otherwise. An offset that the place's zone has leaves the clock as it is (the
standard's example is `09:00-05:00` "for 9am EST"); `Z` is UTC, and is put on the zone's standard time, as programs do
that store a time without a date.
"""

import datetime
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from geo.clock import DAY
from geo.opening_hours import DAY_NAMES, Spans
from sources.adapter.source import ParseContext
from sources.cleaning import clean
from sources.cleaning.opening_hours import hours_text, join_rules, osm_hours
from sources.cleaning.report import Notes
from sources.cleaning.weekday_words import days_in_words
from sources.resources.hsds_closures import CLOSED_WORD, date_in_syntax

_FEW_DAYS = 31
_SMALL_HOURS = 300
"""Nothing is said to open before five: a `Z` that would make it so was more likely put behind a local time."""
_TIME = re.compile(
    r"(?:\d{4}-\d\d-\d\dT)?(\d\d?:\d\d(?::\d\d)?(?:\.\d+)?\s*+(?:[aApP]\.?[mM]\.?)?)\s*+(Z|z|[+-]\d\d(?::?\d\d)?)?"
)
_CLOSED = re.compile(rf"(?i)\b{CLOSED_WORD}|\bno service\b")


@dataclass(frozen=True)
class _Schedule:
    """One schedule as read: days (`Mo`, `Mo[2]`), the span (None = closed), and the dates within which it holds."""

    days: tuple[str, ...]
    span: tuple[int, int] | None
    first: datetime.date | None
    last: datetime.date | None


def opening_hours(
    schedules: Sequence[dict[str, Any]],
    notes: Notes,
    context: ParseContext = ParseContext(),  # noqa: B008  frozen
) -> str | None:
    """Return schedules in OpenStreetMap syntax, as `Mo-We,Fr 09:00-12:00,13:00-17:00; Tu[2] 18:00-20:00`.

    Those that ended before the data was retrieved are left out; others that hold for a time say so, as
    `2026 Jan 05-2026 Mar 31 Mo 09:00-12:00`. What can't be written so is left out and noted; where nothing is left, the
    words are read (`description`), if they leave no doubt.
    """
    today = _date(context.retrieved_on)
    read = list(_read(schedules, notes, context))
    holding = [one for one in read if not (today and one.last and one.last < today)]
    if rules := _rules(holding, today):
        return rules
    if read:
        ended = max((one.last for one in read if one.last), default=None)
        if ended and not holding:
            notes.notice("ended_hours", f"Its hours held until {ended}: nothing is known of those of today.")
        return None
    words = [text for schedule in schedules if (text := clean.text(schedule.get("description"), 500))]
    return osm_hours("; ".join(words), notes) if words else None


def weekly_sessions(
    schedules: Sequence[dict[str, Any]],
    context: ParseContext = ParseContext(),  # noqa: B008  frozen
) -> tuple[tuple[int, int, int], ...]:
    """Return the weekly schedules of the day of retrieval as sessions: weekday (0 = Monday), start, end in minutes."""
    today = _date(context.retrieved_on)
    sessions = set()
    for one in _read(schedules, Notes(""), context):
        if one.span is None or (today and ((one.last and one.last < today) or (one.first and one.first > today))):
            continue
        sessions |= {(DAY_NAMES.index(day), *one.span) for day in one.days if "[" not in day}
    return tuple(sorted(sessions))


def _read(schedules: Sequence[dict[str, Any]], notes: Notes, context: ParseContext) -> Iterator[_Schedule]:
    always = _around_the_clock(schedules)
    for schedule in schedules:
        first, last = _dates(schedule)
        if first and last and last < first:
            notes.notice("unclear_hours", f"Its hours would end on {last}, before they begin on {first}.")
            continue
        days = _days(schedule, first, last)
        timed = bool(schedule.get("opens_at") or schedule.get("closes_at"))
        if not days:
            if timed or schedule.get("byday"):
                notes.notice("other_rhythm", f"It has hours in a rhythm that isn't read here: {_told(schedule)}.")
            continue
        if not timed:
            if _CLOSED.search(str(schedule.get("description") or "")) or clean.truth(schedule.get("closed")):
                yield _Schedule(days, None, first, last)
            continue
        span, shift = _span(schedule, context, notes, always=always)
        if span is not None and shift and any("[" in day for day in days):
            span = None
        if span is None:
            notes.notice("unclear_hours", f"Its opening hours leave doubt and are not used: {_told(schedule)}.")
            continue
        moved = tuple(day if "[" in day else DAY_NAMES[(DAY_NAMES.index(day) + shift) % 7] for day in days)
        yield _Schedule(moved, span, first, last)


def _told(schedule: dict[str, Any]) -> str:
    keys = ("freq", "interval", "byday", "weekday", "bymonthday", "opens_at", "closes_at")
    return ", ".join(f"{key} {str(schedule[key])[:30]}" for key in keys if schedule.get(key))


def _around_the_clock(schedules: Sequence[dict[str, Any]]) -> bool:
    """Tell whether schedules from midnight to midnight name every day; on some days alone it may mean closed."""
    named = {
        day
        for schedule in schedules
        if [_clock(schedule.get(key))[0] for key in ("opens_at", "closes_at")] == [0, 0]
        for day in _days(schedule, *_dates(schedule))
    }
    return named >= set(DAY_NAMES)


def _span(
    schedule: dict[str, Any], context: ParseContext, notes: Notes, *, always: bool
) -> tuple[tuple[int, int] | None, int]:
    """Return the span on the place's clock, and by how many days that moves it; None where it leaves doubt."""
    (start, offset), (end, other) = (_clock(schedule.get(key)) for key in ("opens_at", "closes_at"))
    if start is None or end is None or (start == end and not (always and start % DAY == 0)):
        return None, 0
    if start == end or (start, end) == (0, DAY - 1):  # 00:00 to 23:59 is how HSDS says "24 hours"
        return (0, DAY), 0
    end += DAY if end < start else 0
    ahead = _minutes_ahead(offset if offset is not None else other, context)
    if not ahead:
        return (start, end), 0
    shift, begin = divmod(start + ahead, DAY)
    if 0 < begin < _SMALL_HOURS:
        return None, 0
    notes.repaired("utc_hours", "Its opening hours were in another time zone; they were put on the place's clock.")
    return (begin, begin + end - start), shift


def _clock(value: Any) -> tuple[int | None, int | None]:
    """Return the minute of a time, and its offset from UTC in minutes; None where it says none."""
    match = _TIME.fullmatch(str(value or "").strip())
    if match is None:
        return None, None
    minute = DAY if match[1].startswith("24:00") else clean.minutes_of_clock(re.sub(r"\.\d+", "", match[1]))
    if match[2] is None or match[2] in "Zz":
        return minute, None if match[2] is None else 0
    sign = -1 if match[2][0] == "-" else 1
    digits = match[2][1:].replace(":", "")
    return minute, sign * (int(digits[:2]) * 60 + int(digits[2:] or 0))


def _minutes_ahead(offset: int | None, context: ParseContext) -> int:
    """Return how far the place's clock is ahead of times with an offset; 0 where the offset is one of its own."""
    if offset is None or context.time_zone == "UTC":
        return 0
    try:
        zone = ZoneInfo(context.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        return 0
    year = (_date(context.retrieved_on) or datetime.date(2026, 1, 1)).year
    there = [datetime.datetime(year, month, 15, 12, tzinfo=zone).utcoffset() for month in (1, 7)]
    own = [round(one.total_seconds() / 60) for one in there if one is not None]
    return 0 if offset in own else min(own) - offset


def _dates(schedule: dict[str, Any]) -> tuple[datetime.date | None, datetime.date | None]:
    """Return the first and last date on which a schedule holds, where it says so."""
    first = max(filter(None, (_date(schedule.get(key)) for key in ("valid_from", "dtstart"))), default=None)
    ends = [_date(schedule.get(key)) for key in ("valid_to", "until")]
    count, begins = clean.whole(schedule.get("count")), _date(schedule.get("dtstart"))
    if count and count < 1000 and begins:
        each = len(_named_days(schedule)) or 1
        ends.append(begins + datetime.timedelta(weeks=math.ceil(count / each)) - datetime.timedelta(days=1))
    last = min(filter(None, ends), default=None)
    return first, last


def _date(value: Any) -> datetime.date | None:
    """Return the date of an ISO date or time, or of RFC 5545's `20261128T000000Z`."""
    text = re.sub(r"^(\d{4})(\d\d)(\d\d)(?=T|$)", r"\1-\2-\3", str(value or "").strip())
    iso = clean.date(text)
    return datetime.date.fromisoformat(iso) if iso else None


def _days(schedule: dict[str, Any], first: datetime.date | None, last: datetime.date | None) -> tuple[str, ...]:
    """Return the days of a schedule that comes again every week or month, as `Mo` or `Mo[2]`; none of other rhythms."""
    frequency = str(schedule.get("freq") or "WEEKLY").upper()
    odd = any(schedule.get(key) for key in ("bymonthday", "byyearday", "byweekno"))
    is_every = str(schedule.get("interval") or 1) in ("1", "1.0")
    named = _named_days(schedule)
    if frequency not in ("WEEKLY", "MONTHLY", "DAILY") or not is_every or (odd and not named):
        return ()
    if named or frequency == "MONTHLY":
        return named
    is_short = first and last and (last - first).days < _FEW_DAYS
    if frequency == "DAILY" or is_short:
        return DAY_NAMES
    begins = _date(schedule.get("dtstart"))  # without `byday`, that of the first time (RFC 5545, 3.3.10)
    return (DAY_NAMES[begins.weekday()],) if begins else ()


def _named_days(schedule: dict[str, Any]) -> tuple[str, ...]:
    """Return the days of `byday` (`MO,2TU`), or of the `weekday` of HSDS 1: a name, or 1 for Monday to 7 for Sunday."""
    value = schedule.get("byday") or schedule.get("weekday") or ""
    days: list[str] = []
    for word in map(str, value) if isinstance(value, list) else str(value).split(","):
        bare = word.strip()
        nth = re.fullmatch(r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)", bare.upper())
        if nth:
            name = nth[2].capitalize()
            days.append(name if nth[1] is None else f"{name}[{int(nth[1])}]")
        elif re.fullmatch(r"[1-7]", bare):
            days.append(DAY_NAMES[int(bare) - 1])
        else:
            days += [DAY_NAMES[number] for number in days_in_words(bare) or ()]
    return tuple(dict.fromkeys(days))


def _rules(schedules: Iterable[_Schedule], today: datetime.date | None) -> str | None:
    """Return schedules as rules: the regular ones, then the dated ones, the longest first, so that short ones hold."""
    groups: dict[tuple[datetime.date | None, datetime.date | None], list[_Schedule]] = {}
    for one in schedules:
        started = one.first is None or (today is not None and one.first <= today)
        key = (None, None) if started and one.last is None else (one.first, one.last)
        groups.setdefault(key, []).append(one)
    base = _week(groups.pop((None, None), []))
    rules = [text] if (text := _joined({day: spans for day, spans in base.items() if spans or "[" in day})) else []
    for first, last in sorted(groups, key=lambda key: _length(*key), reverse=True):
        week = _week(groups[first, last])
        over = {day: _over(spans, base.get(day) or base.get(day[:2], ())) for day, spans in week.items()}
        period = _period(first, last, today)
        rules += [f"{period} {rule}" for rule in (_joined(over) or "").split("; ") if rule]
    return "; ".join(rules) or None


def _length(first: datetime.date | None, last: datetime.date | None) -> int:
    return ((last or datetime.date.max) - (first or datetime.date.min)).days


def _week(schedules: Sequence[_Schedule]) -> dict[str, Spans]:
    """Return the spans of each day, those that meet being one; none where it is closed."""
    week: dict[str, Spans] = {}
    closed = {day for one in schedules if one.span is None for day in one.days}
    for day in dict.fromkeys(day for one in schedules for day in one.days):
        spans = [one.span for one in schedules if one.span and {day, day[:2]} & set(one.days)]
        week[day] = () if day in closed else _merged(spans)
    return week


def _merged(spans: Iterable[tuple[int, int]]) -> Spans:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def _over(spans: Spans, regular: Spans) -> Spans:
    """Return the spans of a day with hours of its own: added to the regular ones, unless they lie across them."""
    across = any(start < end and begin < until for begin, end in regular for start, until in spans)
    return spans if across or not spans else _merged((*spans, *regular))


def _joined(week: dict[str, Spans]) -> str | None:
    by_hours: dict[str, set[str]] = {}
    for day, spans in week.items():
        by_hours.setdefault(hours_text(spans) or "off", set()).add(day)
    return join_rules(by_hours)


def _period(first: datetime.date | None, last: datetime.date | None, today: datetime.date | None) -> str:
    """Return dates as `2024 Nov 28`, `2026 Mar 01+` or `2026 Jan 05-2026 Mar 31`."""
    if last is None:
        return f"{date_in_syntax(first or datetime.date.min)}+"
    first = first or (today if today and today <= last else datetime.date(last.year, 1, 1))
    return date_in_syntax(last) if first == last else f"{date_in_syntax(first)}-{date_in_syntax(last)}"
