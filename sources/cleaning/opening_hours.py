"""Opening hours as directories write them, as OpenStreetMap syntax; only where the words leave no doubt.

A time needs its half of the day (`9am - 5:30 pm`, `noon`), or a clock of 24 hours (`09:00 - 17:00`); `9 - 5` could
mean either half, so it says nothing. Every part of a text must be understood, or none is.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from geo.clock import DAY
from geo.opening_hours import DAY_NAMES, read_hours
from sources.cleaning import clean
from sources.cleaning.report import Notes
from sources.cleaning.weekday_words import DAYS, days_in_words

Spans = tuple[tuple[int, int], ...]
_CLOCK = r"(?:\d{1,2}(?::\d{2})? ?(?:[ap]\.? ?m\b\.?)|(?:\d{2}|0):\d{2}(?! ?[ap]\.? ?m)|noon|midnight)"
_SPAN = rf"{_CLOCK} ?(?:-|–|—|\bto\b|\buntil\b|\btill\b) ?{_CLOCK}"
_TIMES = rf"(?:{_SPAN}(?: ?(?:,|&|\band\b) ?(?={_CLOCK}))?)+|closed|24 hours(?: a day)?"
_DAYS_FIRST = re.compile(rf"(?P<days>{DAYS}) ?[:,]? ?(?P<times>{_TIMES})")
_TIMES_FIRST = re.compile(rf"(?P<times>{_TIMES}) ?[:,]? ?(?:on )?(?P<days>{DAYS})")
_ALWAYS = re.compile(r"24 ?/ ?7|24 hours(?: a day)?,? *(?:7|seven) days a week|(?:open )?24 hours(?: a day)?")
_HOLIDAYS = r"(?:all )?(?:(?:major|federal|legal|public|state|national|bank|and|&|/) ?){0,8}holidays"
_CLOSED_ON_HOLIDAYS = re.compile(
    rf"[;,.]? ?\(?(?:(?:closed|except|excluding)(?: on| for)? {_HOLIDAYS}|{_HOLIDAYS} ?[:-]? ?closed)\)?"
)
_LONGEST = 500
"""Letters: longer texts tell of more than hours, and a part of one could say something else."""
_SPOKEN = re.compile(r"(?i)\d\s*[ap]\.?m\b|&")
_SYNTAX = re.compile(rf"\b(?:{'|'.join(DAY_NAMES)}|PH|24/7)\b")


def osm_hours(value: Any, notes: Notes) -> str | None:
    """Return opening hours in OpenStreetMap syntax from such, or from words; None, noted, where they leave doubt."""
    text = clean.text(value)
    if text is None:
        return None
    if len(text) <= _LONGEST:
        if read_hours(text) is not None:
            return text
        if hours := hours_in_words(text):
            notes.repaired("hours_in_words", "Its opening hours were written in words; they were put into a syntax.")
            return hours
        if _SYNTAX.search(text) and not _SPOKEN.search(text):
            return text
    notes.notice("unclear_hours", f"Its opening hours leave doubt and are not used: {text[:80]!r}.")
    return None


def hours_in_words(text: str) -> str | None:
    """Return opening hours in OpenStreetMap syntax where every part of a text is understood, else None."""
    plain = clean.single_spaced(text).lower()
    if _ALWAYS.fullmatch(plain.rstrip(" .")):
        return "24/7"
    plain, holidays = _CLOSED_ON_HOLIDAYS.subn(";", plain)
    week: dict[int, Spans] = {}
    for part in re.split(r"[;|]", plain):
        if not (bare := part.strip(" .,")):
            continue
        match = _DAYS_FIRST.fullmatch(bare) or _TIMES_FIRST.fullmatch(bare)
        spans = _spans(match["times"]) if match else None
        if match is None or spans is None:
            return None
        days = days_in_words(match["days"])
        if days is None:
            return None
        for day in days:
            if week.get(day) == () or (spans == () and day in week):
                return None  # closed, and open
            week[day] = tuple(sorted(week.get(day, ()) + spans))
    overlap = any(first[1] > second[0] for spans in week.values() for first, second in pairwise(spans))
    written = None if overlap else in_syntax(week)
    return f"{written}; PH off" if written and holidays else written


def in_syntax(week: Mapping[int, Spans]) -> str | None:
    """Return weekday → spans (minutes after midnight) as `Mo-We,Fr 09:00-12:00,13:00-17:00`.

    Days without any are left out; None where no day has any.
    """
    by_hours: dict[Spans, set[str]] = {}
    for day, spans in week.items():
        if spans:
            by_hours.setdefault(spans, set()).add(DAY_NAMES[day])
    return join_rules({hours_text(spans): days for spans, days in by_hours.items()})


def hours_text(spans: Sequence[tuple[int, int]]) -> str:
    """Return spans as `09:00-12:00,13:00-17:00`; an end past midnight (over 1,440) as that of the next day."""
    ends = ((start, end if end <= DAY else end - DAY) for start, end in spans)
    return ",".join(f"{a // 60:02d}:{a % 60:02d}-{b // 60:02d}:{b % 60:02d}" for a, b in ends)


def join_rules(days_by_hours: Mapping[str, set[str]]) -> str | None:
    """Return hours → days (`Mo`, or `Mo[1]` for the first of a month) as rules, in the order of the week."""
    parts = [f"{_ranges(days)} {hours}" for hours, days in sorted(days_by_hours.items()) if days]
    return "; ".join(sorted(parts, key=lambda part: (DAY_NAMES.index(part[:2]), part))) or None


def _ranges(days: set[str]) -> str:
    """Return `Mo-We,Fr` of plain days, with nth weekdays after them."""
    numbers = sorted(DAY_NAMES.index(day) for day in days if "[" not in day)
    parts, start = [], 0
    for position, number in enumerate(numbers):
        if position + 1 == len(numbers) or numbers[position + 1] != number + 1:
            run = numbers[start : position + 1]
            ends = [DAY_NAMES[run[0]], DAY_NAMES[run[-1]]]
            parts.append("-".join(ends) if len(run) > 2 else ",".join(DAY_NAMES[n] for n in run))
            start = position + 1
    return ",".join([*parts, *sorted(day for day in days if "[" in day)])


def _spans(text: str) -> Spans | None:
    """Return the spans of a day; none where it is closed; None where one ends before it starts or at its start."""
    if text == "closed":
        return ()
    if text.startswith("24 hours"):
        return ((0, DAY),)
    clocks = re.findall(_CLOCK, text)
    spans = []
    for opens, closes in zip(clocks[::2], clocks[1::2], strict=True):
        start, end = _minute(opens), _minute(closes)
        if start is None or end is None:
            return None
        end = DAY if end == 0 else end
        if end <= start:
            return None  # overnight, or a slip: the words don't tell
        spans.append((start, end))
    return tuple(spans)


def _minute(text: str) -> int | None:
    if text in ("noon", "midnight"):
        return 720 if text == "noon" else 0
    match = re.match(r"(\d{1,2})(?::(\d{2}))?", text)
    if match is None:
        return None
    hour, minute = int(match[1]), int(match[2] or 0)
    half = re.search(r"([ap])\.?\s?m", text)
    if minute > 59 or hour > 23 or (half and not 1 <= hour <= 12):
        return None
    return (hour % 12 + (12 if half[1] == "p" else 0) if half else hour) * 60 + minute
