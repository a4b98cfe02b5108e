"""Alerts of HSDS that tell of closing: whether the whole service is closed, from which date, and until which."""

import datetime
import re
from collections.abc import Sequence

from geo.opening_hours import MONTH_NAMES
from sources.cleaning import clean
from sources.cleaning.report import Notes, SetAside

CLOSED_WORD = r"closed\b(?![\s-](?:caption|meeting|group|door|circuit|discussion|loop))"
"""*Closed* as a place is, and not as in closed captions or a closed meeting."""

_FOR_NOW = r"(?:temporarily|currently|indefinitely|permanently|now)"
_CLOSED = re.compile(
    rf"(?i)\b{_FOR_NOW} (?:{CLOSED_WORD}|suspended)|\bhas (?:permanently )?closed\b|"
    rf"\b(?:{CLOSED_WORD}|suspended) (?:temporarily|indefinitely|permanently|until|till|through|for now|due to|from|"
    r"as of|effective|starting|beginning|since)|\bno longer (?:in operation|operating)\b|"
    r"\b(?:service|program|agency|pantry|clinic|shelter|site|facility|center)s?\b[^.;]{0,30}\b"
    rf"(?:{_FOR_NOW} (?:unavailable|not available)|no longer (?:offered|available))"
)
_REOPENED = re.compile(
    r"(?i)\b(?:no longer|not) closed\b|\b(?:has|have|is|are|now) (?:re-?opened|open again|resumed)\b"
)
_A_PART = re.compile(
    r"(?i)\b(?:lobby|lobbies|parking|lot|elevator|entrance|wait ?list|waiting list|street|road|line|website|bathroom|"
    r"restroom|dining room|office|walk-ins?|holidays?|weekends?|mondays?|tuesdays?|wednesdays?|thursdays?|fridays?|"
    r"saturdays?|sundays?|new (?:clients?|patients?|applicants?|applications?|intakes?|referrals?)|lunch(?:time)?|"
    r"daily|(?:each|every) day)\b|\b(?:from|until|till) (?:noon|\d{1,2}(?::\d\d)? ?[ap]\.?m)\b"
)
"""What may be closed while the service goes on, or is closed for a day or for hours of it."""
_WEEKDAY = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,? )?"
_DATE = (
    r"(?P<date>\d{4}-\d\d-\d\d|\d\d?/\d\d?/\d{4}|"
    rf"(?P<month>{'|'.join(MONTH_NAMES)})[a-z]{{0,9}}\.? (?P<day>\d\d?)(?:st|nd|rd|th)?,? (?P<year>\d{{4}}))"
)
_WITH_WEEKDAY = re.compile(rf"(?i){_WEEKDAY}{_DATE}")
_CLOSED_ON_A_DATE = re.compile(rf"(?i)\b(?:{CLOSED_WORD}|suspended) {_WEEKDAY}{_DATE}")
_CLOSED_AT = re.compile(rf"(?i)\b(?:{CLOSED_WORD}|suspended) \d")
"""With a number alone: hours (`closed 12-1 for lunch`), or days of some year (`closed 12/25 and 1/1`)."""
_UNTIL = re.compile(
    r"(?i)(?:\b(?P<first_open>until|till?|re-?open(?:s|ing|ed)?|resum(?:es?|ing)|open again)|"
    rf"\b(?:through|thru|to)|[-–—])(?: at least)?(?: (?:on|in|by))?:? *{_WEEKDAY}{_DATE}"
)
_FROM = re.compile(
    r"(?i)\b(?:(?P<that_day>(?:(?:closed|suspended) )?on)|from|starting|beginning|effective|as of|since|closed|"
    rf"suspended)(?: on)?:? {_WEEKDAY}{_DATE}"
)
_ON_A_DAY = re.compile(
    rf"(?i)\bon {_WEEKDAY}(?:{'|'.join(MONTH_NAMES)})[a-z]{{0,9}}\.? \d\d?(?:st|nd|rd|th)?\b"
    r"(?!,? \d{4})(?!.*\b(?:until|till?|through|thru|to|re-?open|resum))"
)
"""A day of a year that isn't said (`closed on July 4`), which may have passed."""
_FOR_GOOD = re.compile(r"(?i)permanently|indefinitely")
_LONG_AGO = datetime.date(2000, 1, 1)
"""Since when a place is closed, where it isn't known when its record was retrieved."""


def closure(texts: Sequence[str], retrieved_on: str | None, notes: Notes) -> str | None:
    """Return the rule (OpenStreetMap syntax) of a place that is closed for a time; None where nothing says so.

    Only a date that *until*, *through* or *reopens* introduces ends a closing, and only one that *from*, *as of* or
    *on* introduces begins it.

    Parameters
    ----------
    texts
        A service's name and alerts.

    Raises
    ------
    SetAside
        It is closed until further notice.
    """
    today = _day(retrieved_on) or _LONG_AGO
    for text in (one for one in texts if not _REOPENED.search(one)):
        sentences = re.split(r"(?<=[.!;])\s+", text)
        for number, sentence in enumerate(sentences):
            is_closed = _CLOSED.search(sentence) or _CLOSED_ON_A_DATE.search(sentence)
            if not is_closed and not _CLOSED_AT.search(sentence):
                continue
            is_one_day = _ON_A_DAY.search(sentence) and not _FOR_GOOD.search(sentence)
            if not is_closed or is_one_day or _A_PART.search(_WITH_WEEKDAY.sub("", sentence)):
                notes.notice("alert", f"Its alert speaks of closing, and its hours are kept: {sentence[:120]!r}.")
                continue
            if rule := _rule(sentence, " ".join(sentences[number:]), today):
                return rule
    return None


def _rule(sentence: str, onward: str, today: datetime.date) -> str | None:
    begins, ends = _FROM.search(sentence), _UNTIL.search(onward)
    first = (_date_of(begins) if begins else None) or today
    if ends and (end := _date_of(ends)):
        last = end - datetime.timedelta(days=1) if ends["first_open"] else end
        return None if last < today else f"{_period(max(first, today), max(first, last))} off"
    if begins is None or first <= today:
        raise SetAside("closed", f"Its alert says that it is closed: {sentence[:120]!r}.")
    is_one_day = begins["that_day"] and not _FOR_GOOD.search(sentence)
    return f"{date_in_syntax(first)}{'' if is_one_day else '+'} off"


def _date_of(match: re.Match[str]) -> datetime.date | None:
    if match["month"] is None:
        return _day(match["date"])
    return _day(f"{match['year']}-{MONTH_NAMES.index(match['month'].capitalize()) + 1:02d}-{int(match['day']):02d}")


def _day(text: str | None) -> datetime.date | None:
    iso = clean.date(text)
    return datetime.date.fromisoformat(iso) if iso else None


def _period(first: datetime.date, last: datetime.date) -> str:
    return date_in_syntax(first) if first == last else f"{date_in_syntax(first)}-{date_in_syntax(last)}"


def date_in_syntax(day: datetime.date) -> str:
    """Return a date in OpenStreetMap syntax, as `2026 Jan 05`."""
    return f"{day.year:04d} {MONTH_NAMES[day.month - 1]} {day.day:02d}"
