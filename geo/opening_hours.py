"""Opening hours in OpenStreetMap syntax: which days their rules hold on, and when a place is open on a date.

Read are weekdays, the nth of a month (`Tu[2]`), public holidays (`PH`), months and dates (`Dec 24-26`, `2026 Mar 01+`),
`off`, and several spans a day. Not read are sunrise, open ends, comments and fallbacks: then nothing is known.
"""

import calendar
import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from geo.clock import DAY, end_after
from geo.public_holidays import public_holiday

DAY_NAMES = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
EVERY_DAY = frozenset(range(7))
_DAY = "|".join(DAY_NAMES)
_MONTH = "|".join(MONTH_NAMES)
_ITEM = rf"(?:(?:{_DAY})\[[-\d, ]+\]|(?:{_DAY})(?: ?- ?(?:{_DAY}))?|PH|SH)"
_DATE = rf"(?:\d{{4}} )?(?:{_MONTH})(?: \d{{1,2}}(?!\d|:\d))?"
_PERIOD = rf"(?:{_DATE}(?: ?- ?(?:{_DATE}|\d{{1,2}}(?!\d|:\d))|\+)?|\d{{4}}(?: ?- ?\d{{4}}|\+)?(?!\d|:\d))"
_RULE = re.compile(
    rf"(?:(?P<periods>{_PERIOD}(?: ?, ?(?:{_PERIOD}|\d{{1,2}}(?!\d|:\d)))*) ?:? )?"
    rf"(?:(?P<only>(?:PH|SH)(?: ?, ?(?:PH|SH))*) ?:? )?"
    rf"(?:(?P<days>{_ITEM}(?: ?, ?{_ITEM})*) ?:? )?(?P<times>.+)",
    re.IGNORECASE | re.DOTALL,
)
_SPAN = re.compile(r"(\d{1,2}):(\d{2}) ?[-–—] ?(\d{1,2}):(\d{2})")
_ONE_DATE = re.compile(rf"(?:(\d{{4}}) )?({_MONTH})?(?: ?(\d{{1,2}}))?", re.IGNORECASE)
_NEXT_RULE = re.compile(rf"(?<=:\d\d|off|sed) ?, ?(?=(?:{_DAY}|PH|SH|{_MONTH}|\d{{4}}\s)\b)", re.IGNORECASE)
_HOLIDAYS_ONLY = re.compile(r"(?:PH|SH)\b", re.IGNORECASE)
_LONGEST_LOOK = 92
"""Days ahead that are looked through for the next opening: a monthly one, missed once or twice, lies within."""

_FEW_DAYS = 14

Spans = tuple[tuple[int, int], ...]
YearMonthDay = tuple[int, int, int]
Period = tuple[YearMonthDay, YearMonthDay]
"""First and last day; the year is 0 where it holds every year, and `FOREVER` where it has no end."""
FOREVER = 9999


@dataclass(frozen=True)
class Rule:
    """When a place is open on some days; none of `spans` = closed on them.

    It holds on its `weekdays`, on its `nth` weekdays (weekday, which of a month; negative from its end), and, as
    `holidays` says, also on public holidays, or only on those of its weekdays; within `periods`, if it has any.
    `adds`: its spans come on top of those of the rules before it, instead of replacing them.
    """

    spans: Spans
    weekdays: frozenset[int] = EVERY_DAY
    nth: frozenset[tuple[int, int]] = frozenset()
    holidays: Literal["", "also", "only"] = ""
    periods: tuple[Period, ...] = ()
    adds: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether it holds on weekdays, in every week."""
        return not self.periods and not self.nth and self.holidays != "only"

    @property
    def names_dates(self) -> bool:
        """Whether it is about certain dates: two weeks at most in a row, or days on which it is closed throughout."""
        return bool(self.periods) and (not self.spans or all(_days_of(one) <= _FEW_DAYS for one in self.periods))

    def runs_on(self, day: datetime.date) -> bool:
        """Tell whether a date lies in the times of the year, and the years, in which it holds."""
        return not self.periods or any(_within(day, period) for period in self.periods)

    def ended_before(self, day: datetime.date) -> bool:
        """Tell whether it never holds again from a date on."""
        today = (day.year, day.month, day.day)
        return bool(self.periods) and all(first[0] and last < today for first, last in self.periods)

    def holds_on(self, day: datetime.date, is_holiday: bool) -> bool:
        """Tell whether it says anything of a date."""
        if not self.runs_on(day):
            return False
        left = calendar.monthrange(day.year, day.month)[1] - day.day
        among = day.weekday() in self.weekdays or bool(
            self.nth & {(day.weekday(), (day.day - 1) // 7 + 1), (day.weekday(), -(left // 7 + 1))}
        )
        return (is_holiday and among) if self.holidays == "only" else among or (is_holiday and self.holidays == "also")


Hours = tuple[Rule, ...]


@lru_cache(4096)
def read_hours(text: str) -> Hours | None:
    """Return the rules of a text, or None where one of them can't be read, or none is about more than holidays.

    Rules for school holidays, and any for public holidays that can't be read, are left out.
    """
    rules: list[Rule] = []
    plain = " ".join(text.split())  # so that no pattern meets more than one space
    for part in (part.strip() for part in plain.split(";") if part.strip()):
        for number, one in enumerate(_NEXT_RULE.split(part)):
            rule = _rule(one.strip(), adds=number > 0)
            if rule is not None:
                rules.append(rule)
            elif not _HOLIDAYS_ONLY.match(one.strip()):
                return None
    return tuple(rules) if any(rule.holidays != "only" for rule in rules) else None


@lru_cache(4096)
def weekly_hours(text: str) -> tuple[Spans, ...] | None:
    """Return the spans (minutes after midnight) of Monday … Sunday; an end may pass midnight (over 1440).

    None where the text says more than a plain week and holidays (months, the nth weekday of a month), or nothing.
    """
    hours = read_hours(text)
    if hours is None or any(rule.periods or rule.nth for rule in hours):
        return None
    return plain_week(hours)


def plain_week(hours: Hours) -> tuple[Spans, ...]:
    """Return the spans of Monday … Sunday by the rules that hold in every week, but for holidays."""
    plain = [rule for rule in hours if rule.is_plain]
    return tuple(_together(rule for rule in plain if weekday in rule.weekdays) for weekday in range(7))


def spans_on(hours: Hours, day: datetime.date, country: str) -> Spans | None:
    """Return the spans of a date; none where it is closed all day; None where the rules end before it, or begin later.

    As in the syntax, a later rule replaces what earlier ones say of a day, and a day that none names is closed; but
    on a public holiday, rules that name holidays hold, wherever they stand (`PH off; Jun-Aug Mo-Fr 08:00-17:00`), and
    beside them only those that name its date.

    Parameters
    ----------
    country
        Whose public holidays hold; see `geo.public_holidays`.
    """
    is_holiday = public_holiday(day, country) is not None
    holding = [rule for rule in hours if rule.holds_on(day, is_holiday)]
    if is_holiday and any(rule.holidays for rule in holding):
        holding = [rule for rule in holding if rule.holidays or rule.names_dates]
    known = any(rule.holidays != "only" and (rule.runs_on(day) or not _is_dated(rule)) for rule in hours)
    return _together(holding) if holding or known else None


def says_of_holiday(hours: Hours, day: datetime.date) -> bool:
    """Tell whether the rules say of a public holiday what holds on it: by naming holidays, or its date.

    The hours of a season say no more of it than those of the whole year.
    """
    named = any(rule.holidays and rule.runs_on(day) for rule in hours)
    return named or any(rule.names_dates and rule.holds_on(day, False) for rule in hours)


def open_until(hours: Hours, day: datetime.date, minute: int, country: str) -> int | None:
    """Return the minute until which a place is open, or None where it is closed, or nothing known, at that minute.

    Parameters
    ----------
    minute
        After the midnight that begins the day; it may exceed 1440, as may the answer. Spans that touch are one: a place
        that never closes is open for the week that follows.
    """
    until = None
    for start, end in _from(hours, day, minute, 8, country):
        if start <= (minute if until is None else until) < end:
            until = end
    return None if until is None else min(until, minute + 7 * DAY)


def opens_next(hours: Hours, day: datetime.date, minute: int, country: str) -> int | None:
    """Return the minute at which a place that is closed opens next, counted as in `open_until`; None where unknown."""
    return next((start for start, _ in _from(hours, day, minute, _LONGEST_LOOK, country) if start > minute), None)


def _from(hours: Hours, day: datetime.date, minute: int, days: int, country: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of the day before a minute, and of some days from then on, in minutes of the day asked about."""
    first = minute // DAY
    for ahead in range(first - 1, first + days):
        midnight = ahead * DAY
        for start, end in sorted(spans_on(hours, day + datetime.timedelta(days=ahead), country) or ()):
            yield start + midnight, end + midnight


def _together(rules: Iterator[Rule] | Sequence[Rule]) -> Spans:
    spans: Spans = ()
    for rule in rules:
        spans = tuple(sorted({*spans, *rule.spans})) if rule.adds else rule.spans
    return spans


def _is_dated(rule: Rule) -> bool:
    """Tell whether a rule holds in certain years only."""
    return bool(rule.periods) and all(first[0] for first, _ in rule.periods)


def _within(day: datetime.date, period: Period) -> bool:
    (first, last), today = period, (day.year, day.month, day.day)
    if first[0]:
        return first <= today <= last
    today = (0, *today[1:])
    return first <= today <= last if first <= last else today >= first or today <= last


def _days_of(period: Period) -> int:
    """Return how many days a period lasts."""
    first, last = (datetime.date(year or 2000, month, day) for year, month, day in period)
    return (last - first).days + 1 + (366 if last < first else 0)


def _rule(text: str, adds: bool) -> Rule | None:
    """Return one rule, or None where it isn't understood, or holds only in school holidays."""
    stated = _RULE.fullmatch(text)
    spans = _spans(stated["times"]) if stated else None
    periods = _periods(stated["periods"] or "") if stated else None
    days = _days(stated["days"] or "") if stated else None
    if stated is None or spans is None or periods is None or days is None:
        return None
    weekdays, nth, holidays = days
    only = (stated["only"] or "").upper()
    if (only and "PH" not in only) or (stated["days"] and not (weekdays or nth or holidays)):
        return None
    if only or (holidays and not (weekdays or nth)):
        return Rule(spans, weekdays or (frozenset() if nth else EVERY_DAY), nth, "only", periods, adds)
    every = EVERY_DAY if not stated["days"] else weekdays
    return Rule(spans, every, nth, "also" if holidays else "", periods, adds)


def _days(text: str) -> tuple[frozenset[int], frozenset[tuple[int, int]], bool] | None:
    """Return the weekdays and nth weekdays of "Mo-We,Sa[1,3],PH", and whether public holidays are among them."""
    weekdays: set[int] = set()
    nth: set[tuple[int, int]] = set()
    for day, numbers, last in re.findall(rf"({_DAY})(?:\[([-\d, ]*)\]| ?- ?({_DAY}))?", text, re.IGNORECASE):
        number = _weekday(day)
        if numbers:
            which = _numbers(numbers)
            if which is None:
                return None
            nth |= {(number, one) for one in which}
        else:
            weekdays |= {(number + k) % 7 for k in range((_weekday(last or day) - number) % 7 + 1)}
    return frozenset(weekdays), frozenset(nth), "PH" in text.upper()


def _weekday(name: str) -> int:
    return DAY_NAMES.index(name.capitalize())


def _numbers(text: str) -> set[int] | None:
    """Return the numbers of "1,3", "1-2" or "-1"; None unless each is one of five, or of the last three."""
    numbers: set[int] = set()
    for part in re.sub(r"\s", "", text).split(","):
        ends = re.fullmatch(r"(-[1-3]|[1-5])(?:-([1-5]))?", part)
        if ends is None or (ends[2] and not 0 < int(ends[1]) < int(ends[2])):
            return None
        numbers |= set(range(int(ends[1]), int(ends[2] or ends[1]) + 1))
    return numbers


def _periods(text: str) -> tuple[Period, ...] | None:
    """Return the periods of "Dec 24-26,Jan 1", "Nov-Mar" or "2026 Mar 01+"; None where one is no date."""
    periods: list[Period] = []
    for part in text.split(",") if text else ():
        ends = [end.strip() for end in part.rstrip("+ ").split("-")]
        first = _date(ends[0], periods[-1][1] if periods else None, is_last=False)
        last = None if first is None else _date(ends[-1], first, is_last=True)
        if first is None or last is None or (first[0] and last < first) or ("+" in part and not first[0]):
            return None
        periods.append((first, (FOREVER, 12, 31) if "+" in part else last))
    return tuple(periods)


def _date(text: str, before: YearMonthDay | None, *, is_last: bool) -> YearMonthDay | None:
    """Return a date whose year, or month too, may have been said before; of a month or year its first or last day."""
    if re.fullmatch(r"\d{4}", text):
        return (int(text), 12, 31) if is_last else (int(text), 1, 1)
    parts = _ONE_DATE.fullmatch(text)
    if parts is None or (parts[2] is None and before is None):
        return None
    year = int(parts[1]) if parts[1] else before[0] if before else 0
    month = MONTH_NAMES.index(parts[2].capitalize()) + 1 if parts[2] else before[1] if before else 1
    longest = calendar.monthrange(year or 2000, month)[1]
    day = int(parts[3]) if parts[3] else longest if is_last else 1
    return (year, month, day) if 1 <= day <= longest else None


def _spans(text: str) -> Spans | None:
    if text.lower() in ("off", "closed", "24/7"):
        return ((0, DAY),) if text == "24/7" else ()
    spans = []
    for part in text.split(","):
        match = _SPAN.fullmatch(part.strip())
        if match is None:
            return None
        start, end = int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])
        if max(int(match[2]), int(match[4])) > 59 or start >= DAY or end > 2 * DAY:
            return None
        spans.append((start, end_after(start, end)))
    return tuple(spans)
