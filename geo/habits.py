"""Habits: how people write times, dates, numbers, distances and money, as Unicode's CLDR knows them (by Babel).

Files and machines get ISO dates, 24-hour clocks and meters; what is shown to a person goes through here.
"""

import datetime
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from babel import Locale
from babel.dates import format_date, format_interval, format_skeleton, format_timedelta, get_day_names, get_month_names
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal, format_percent
from babel.units import format_unit

from geo.clock import DAY, Moment
from geo.units import FOOT, KILOMETER, MILE

LEAST_MILES = 0.2
"""Below this, distances are in feet."""
EARLY_MINUTES = 5 * 60
"""Until then the night of the day before is not over: `early Thursday, 2:00 AM`."""
EARLY, LATER = "early {day}, {time}", "{day}, {time}"

_SPANS: tuple[tuple[Literal["year", "month", "week", "day"], float, int], ...] = (
    ("year", 365.25, 365),
    ("month", 365.25 / 12, 30),
    ("week", 7, 7),
    ("day", 1, 1),
)
"""Units of days, the days of one, and those that Babel takes for one."""
_MIDNIGHT = datetime.datetime(2001, 1, 1)  # noqa: DTZ001  only its clock is shown
_SPACES = re.compile("[\N{NARROW NO-BREAK SPACE}\N{NO-BREAK SPACE}\N{THIN SPACE}]")


@dataclass(frozen=True)
class Habits:
    """A reader's habits; the usual ones are those of the United States."""

    locale: str = "en_US"
    twenty_four_hours: bool = False
    metric: bool = False

    @property
    def is_right_to_left(self) -> bool:
        """Return whether the language is written from right to left."""
        return bool(Locale.parse(self.locale).text_direction == "rtl")

    def clock(self, minute: float) -> str:
        """Return a time of day, cut to the minute: `7:00 PM` or `19:00`, also of a minute past midnight."""
        return _clock(self, int(minute) % DAY)

    def hours(self, start: float, end: float) -> str:
        """Return from when until when: `9:00 – 10:30 AM`."""
        return _hours(self, int(start) % DAY, int(end - start + int(start) % DAY))

    def weekday(self, weekday: int, *, short: bool = False) -> str:
        """Return the name of a weekday (0 = Monday) as it stands in a sentence."""
        return str(get_day_names("abbreviated" if short else "wide", locale=self.locale)[weekday])

    def month(self, month: int) -> str:
        """Return the name of a month by itself (1 = January)."""
        return str(get_month_names("wide", "stand-alone", locale=self.locale)[month])

    def date(self, day: datetime.date, *, year: bool = False) -> str:
        """Return a date with its weekday: `Thursday, November 26`, with `year` `Thursday, November 26, 2026`."""
        if year:
            return _plain(format_date(day, "full", locale=self.locale))
        pattern = Locale.parse(self.locale).datetime_skeletons["MMMMEd"].pattern
        return _plain(format_date(day, re.sub("[Ec]+", "EEEE", pattern), locale=self.locale))

    def day_of_year(self, day: datetime.date, *, year: bool = True) -> str:
        """Return a date without its weekday: `November 26, 2026`, or without its year too."""
        if year:
            return _plain(format_date(day, "long", locale=self.locale))
        return _plain(format_skeleton("MMMMd", day, locale=self.locale))

    def short_day(self, day: datetime.date) -> str:
        """Return a date as it stands in a table: `Nov 26, 2026`."""
        return _plain(format_date(day, "medium", locale=self.locale))

    def month_of_year(self, day: datetime.date) -> str:
        """Return the month of a date, short, with its year: `Nov 2026`."""
        return _plain(format_skeleton("yMMM", day, locale=self.locale))

    def number(self, value: float) -> str:
        """Return a number with its thousands set apart and three decimals at most."""
        return _plain(format_decimal(float(value), locale=self.locale))

    def decimal(self, value: float, places: int) -> str:
        """Return a number with just so many decimals: `44.70`."""
        return _plain(format_decimal(float(value), f"#,##0.{places * '0'}", locale=self.locale))

    def distance(self, meters: float) -> str:
        """Return a distance as one says it: `350 feet`, `1.2 miles`, or `110 meters`, `1.9 kilometers`."""
        if self.metric:
            return self._unit(meters, KILOMETER, "kilometer") if meters >= KILOMETER else self._tens(meters, 1, "meter")
        if meters >= LEAST_MILES * MILE:
            return self._unit(meters, MILE, "mile")
        return self._tens(meters, FOOT, "foot")

    def _tens(self, meters: float, one: float, unit: str) -> str:
        return self._unit(max(10, round(meters / one, -1)), 1, unit)

    def _unit(self, meters: float, one: float, unit: str) -> str:
        value = meters / one
        rounded = round(value, 1) if value < 10 else round(value)
        return _plain(format_unit(rounded, f"length-{unit}", locale=self.locale))

    def money(self, dollars: float) -> str:
        """Return an amount of US dollars, with cents only where there are any: `$180`, `$12.50`."""
        pattern = Locale.parse(self.locale).currency_formats["standard"].pattern
        whole = round(dollars, 2) == round(dollars)
        if whole:
            pattern = pattern.replace("0.00", "0")
        return _plain(format_currency(dollars, "USD", pattern, locale=self.locale, currency_digits=not whole))

    def percent(self, share: float, places: int = 0) -> str:
        """Return a share as a percentage with so many decimals at most: `48%`, `0.3%`."""
        pattern = Locale.parse(self.locale).percent_formats[None].pattern
        if places:
            pattern = pattern.replace("0", f"0.{places * '#'}")
        return _plain(format_percent(round(share, 2 + places), pattern, locale=self.locale))

    def listed(self, words: Sequence[str]) -> str:
        """Return words as a list in a sentence: `a, b, and c`."""
        return format_list(list(words), locale=self.locale)

    def ago(self, days: float) -> str:
        """Return how long ago a day was, never longer than it was: `13 days ago`, `2 weeks ago`, `8 months ago`.

        The largest unit counts of which two have passed.
        """
        unit, length, babel_days = next(one for one in _SPANS if days >= 2 * one[1] or one[0] == "day")
        past = -datetime.timedelta(int(days / length) * babel_days)
        return format_timedelta(past, unit, threshold=math.inf, add_direction=True, locale=self.locale)


AMERICAN = Habits()


def moment_text(moment: Moment, habits: Habits, early: str = EARLY, later: str = LATER) -> str:
    """Return a time of day; of one that lies on a later day, that day too: `early Thursday, 2:00 AM`.

    Parameters
    ----------
    early, later
        The sentences with `day` and `time`, in the language of the habits.
    """
    return _on_its_day(moment, habits.clock(moment.minute), habits, early, later)


def hours_text(start: Moment, end: float, habits: Habits, early: str = EARLY, later: str = LATER) -> str:
    """Return from when until when; of what begins on a later day, that day too: `early Thursday, 12:30 – 1:30 AM`.

    Parameters
    ----------
    end
        A minute of the same count as the start's.
    early, later
        As for `moment_text`.
    """
    return _on_its_day(start, habits.hours(start.minute, end), habits, early, later)


def _on_its_day(moment: Moment, time: str, habits: Habits, early: str, later: str) -> str:
    if not moment.is_later_day:
        return time
    sentence = early if moment.minute % DAY < EARLY_MINUTES else later
    return sentence.format(day=habits.weekday(moment.own_weekday), time=time)


@cache
def _clock(habits: Habits, minute: int) -> str:
    time = _MIDNIGHT + datetime.timedelta(minutes=minute)
    return _plain(format_skeleton("Hm" if habits.twenty_four_hours else "hm", time, locale=habits.locale))


@cache
def _hours(habits: Habits, start: int, end: int) -> str:
    first, last = (_MIDNIGHT + datetime.timedelta(minutes=minute) for minute in (start, end))
    if first.date() != last.date() or habits.twenty_four_hours:
        return f"{_clock(habits, start)} – {_clock(habits, end % DAY)}"
    return _plain(format_interval(first, last, "hm", locale=habits.locale))


def _plain(text: str) -> str:
    """Return a text with ordinary spaces, which terminals, fonts of papers and searches know."""
    return _SPACES.sub(" ", text)
