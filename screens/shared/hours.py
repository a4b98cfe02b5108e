"""Opening hours in the reader's language: a whole table of them, and whether a place is open when one gets there."""

import calendar
import datetime
from collections.abc import Sequence
from typing import Any

import numpy as np

from geo.clock import DAY
from geo.opening_hours import EVERY_DAY, FOREVER, Period, Rule, Spans, YearMonthDay, plain_week, read_hours
from screens.shared import journey_text
from screens.shared.near_text import sentence
from screens.shared.words import Say

LEAP_YEAR = 2000
"""Has every day that a rule without a year may name."""


def opening(row: Any, minute: int, say: Say) -> str:
    """Return until when a place is open, or when it opens again; empty where neither is known.

    Parameters
    ----------
    row
        Of `geo.nearby.places.open_places`, with `date`, from whose midnight its minutes count.
    minute
        The minute from which one asks.
    """
    holiday = say(f"holiday_{row.holiday}") if row.holiday else ""
    if row.status == "closed":
        closed = say("near_closed_for", holiday=holiday) if holiday and row.stated else say("near_closed")
        return closed if np.isnan(row.opens) else f"{closed}, {_opens(row, minute, say)}"
    if row.status != "open":
        return ""
    if row.until - minute >= 7 * DAY:  # the most that `geo.opening_hours.open_until` looks ahead
        return say("near_open_always")
    until = say("near_open_until", time=journey_text.second_text(row.until * 60, say, weekday=row.date.weekday()))
    return until if row.stated or not holiday else f"{sentence(until)} {say('near_holiday', holiday=holiday)}"


def _opens(row: Any, minute: int, say: Say) -> str:
    days, first = int(row.opens // DAY), minute // DAY
    time = journey_text.second_text(row.opens % DAY * 60, say)
    if days == first:
        return say("near_opens", time=time)
    day = row.date + datetime.timedelta(days=days)
    name = say.habits.weekday(day.weekday()) if days < first + 7 else date_in_words(day, say)
    return say("near_opens_day", day=name, time=time)


def date_in_words(day: datetime.date, say: Say) -> str:
    """Return `Thursday, November 26`."""
    return say.habits.date(day)


def hours_in_words(text: str, say: Say, today: datetime.date) -> str:
    """Return opening hours in words, days with the same hours together; the text as it is where it can't be read.

    What ended before today is left out; empty where nothing is left.
    """
    hours = read_hours(text)
    if hours is None:
        return text
    now = (today.year, today.month, today.day)
    left = tuple(rule for rule in hours if not rule.ended_before(today))
    texts = [_week(plain_week(left), say)] if any(one.is_plain for one in left) else []
    texts += [_rule(one, now, say) for one in left if not one.is_plain]
    texts += [f"{say('hours_holidays')} {_times(one.spans, say)}" for one in left if one.is_plain and one.holidays]
    return "; ".join(part for part in texts if part)


def _week(week: tuple[Spans, ...], say: Say) -> str:
    if week == (((0, DAY),),) * 7:
        return say("near_open_always")
    texts = [f"{days} {_times(spans, say)}" for days, spans in _runs(week, say) if spans]
    return ", ".join(texts) or say("near_closed")


def _runs(week: Sequence[object], say: Say) -> list[tuple[str, Any]]:
    """Return the runs of days of Monday … Sunday with the same value, in words, each with its value."""
    runs: list[tuple[int, int, object]] = []
    for day, value in enumerate(week):
        if runs and runs[-1][2] == value:
            runs[-1] = (runs[-1][0], day, value)
        else:
            runs.append((day, day, value))
    return [(_days(first, last, say), value) for first, last, value in runs]


def _rule(rule: Rule, now: YearMonthDay, say: Say) -> str:
    """Return a rule that isn't about a plain week: when it holds, and the hours."""
    parts = [", ".join(_period(period, now, say) for period in rule.periods)] if rule.periods else []
    if rule.holidays == "only":
        parts.append(say("hours_holidays"))
    for day in sorted({day for day, _ in rule.nth}):
        which = [say(f"nth_{number}") for one, number in sorted(rule.nth, key=_from_first) if one == day]
        parts.append(say("hours_nth", which=say.habits.listed(which), day=say.habits.weekday(day)))
    if rule.weekdays and rule.weekdays != EVERY_DAY:
        parts += [days for days, held in _runs([day in rule.weekdays for day in range(7)], say) if held]
    return f"{', '.join(parts)} {_times(rule.spans, say)}"


def _from_first(nth: tuple[int, int]) -> tuple[bool, int]:
    return nth[1] < 0, nth[1]


def _period(period: Period, now: YearMonthDay, say: Say) -> str:
    first, last = period
    if first == last:
        return _date(first, say)
    if last[0] == FOREVER:
        return say("hours_from", first=_date(first, say))
    if first[0] and first <= now:
        return say("hours_until", last=_date(last, say))
    if not first[0] and first[2] == 1 and last[2] == calendar.monthrange(LEAP_YEAR, last[1])[1]:
        months = [say.habits.month(one[1]) for one in period]
        return months[0] if first[1] == last[1] else say("hours_months", first=months[0], last=months[1])
    return say("hours_between", first=_date(first, say), last=_date(last, say))


def _date(day: YearMonthDay, say: Say) -> str:
    year, month, number = day
    return say.habits.day_of_year(datetime.date(year or LEAP_YEAR, month, number), year=bool(year))


def _times(spans: Spans, say: Say) -> str:
    return ", ".join(_span(start, end, say) for start, end in spans) or say("near_closed")


def _days(first: int, last: int, say: Say) -> str:
    start, end = (say.habits.weekday(day, short=True) for day in (first, last))
    return start if first == last else f"{start}–{end}"


def _span(start: int, end: int, say: Say) -> str:
    return say("near_all_day") if end - start == DAY else say.habits.hours(start, end)
