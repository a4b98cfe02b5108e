"""Opening hours in OpenStreetMap syntax, as far as they say a plain week."""

import re
from functools import lru_cache

DAY_NAMES = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_DAY = "|".join(DAY_NAMES)
_RULE = re.compile(rf"(?:(?P<days>(?:{_DAY})(?:\s*[-,]\s*(?:{_DAY}))*)\s*:?\s+)?(?P<times>.+)")
_SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")

_DAY_MINUTES = 1440

Spans = tuple[tuple[int, int], ...]


@lru_cache(4096)
def weekly_hours(text: str) -> tuple[Spans, ...] | None:
    """Return the spans (minutes after midnight) of Monday … Sunday; an end may pass midnight (over 1440).

    None where the text says more than a plain week (months, sunrise, comments) or nothing: then nothing is known. Rules
    for public and school holidays are left out. As in the syntax, a later rule replaces an earlier one's days.
    """
    week: dict[int, Spans] = {}
    rules = [rule.strip() for rule in text.split(";") if rule.strip()]
    for rule in rules:
        if rule.startswith(("PH", "SH")):
            continue
        if rule == "24/7":
            week |= dict.fromkeys(range(7), ((0, 1440),))
            continue
        match = _RULE.fullmatch(rule)
        spans = _spans(match["times"]) if match else None
        if match is None or spans is None:
            return None
        week |= dict.fromkeys(_days(match["days"]) if match["days"] else range(7), spans)
    return tuple(week.get(day, ()) for day in range(7)) if week else None


def _days(text: str) -> list[int]:
    """Return the weekdays of "Mo-We,Sa"; a range may pass Sunday."""
    days: list[int] = []
    for part in re.sub(r"\s", "", text).split(","):
        ends = [DAY_NAMES.index(name) for name in part.split("-")]
        days += [(ends[0] + k) % 7 for k in range((ends[-1] - ends[0]) % 7 + 1)]
    return days


def _spans(text: str) -> Spans | None:
    if text in ("off", "closed"):
        return ()
    spans = []
    for part in text.split(","):
        match = _SPAN.fullmatch(part.strip())
        if match is None:
            return None
        start, end = int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])
        spans.append((start, end if end > start else end + 1440))
    return tuple(spans)


def open_until(week: tuple[Spans, ...], weekday: int, minute: int) -> int | None:
    """Return the minute until which a place is open, or None where it is closed at that minute.

    Parameters
    ----------
    week
        As `weekly_hours` gives it.
    weekday, minute
        0 = Monday; minutes after its midnight, which may exceed 1440, as may the answer. Spans that touch are one:
        a place that never closes is open for the week that follows.
    """
    first = weekday + minute // _DAY_MINUTES
    spans = sorted(
        (start + day * _DAY_MINUTES, end + day * _DAY_MINUTES)
        for day in range(first - 1, first + 8)
        for start, end in week[day % 7]
    )
    now, until = weekday * _DAY_MINUTES + minute, None
    for start, end in spans:
        if start <= (now if until is None else until) < end:
            until = end
    return None if until is None else min(until, now + 7 * _DAY_MINUTES) - weekday * _DAY_MINUTES
