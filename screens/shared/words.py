"""What the screens say: one way to ask, in any language that has a catalog (`screens.shared.catalogs`).

Plain and person-first, about grade 7. "Can't be reached" and "we have no data" are always different sentences.
A test fails when a language lacks a word, two rooms use one name, or a sentence names other values than its sister.
"""

import datetime
import re
from dataclasses import dataclass
from numbers import Real
from string import Formatter
from textwrap import shorten
from typing import Any

from geo.clock import Moment
from geo.errors import RecoveryReachError
from geo.habits import Habits, hours_text, moment_text
from geo.phrases import Phrase
from geo.plurals import Plural
from screens.shared.catalogs import WORDS, context_of, locale_of, translations

_TWO_STOPS = re.compile(r"(\bm\.)\.(?!\.)")
"""A sentence that ends with `p.m.` has its full stop."""
_ONE_O_CLOCK = re.compile(r"\b([Ll])as (?=0?1:[0-5]\d\b)")
"""In Spanish one o'clock alone is singular: `a la 1:05 p.m.`, `a las 2:05 p.m.`"""

LONGEST_REFUSAL = 400
"""Letters: a refused value may be as long as its file."""


class _Filled(Formatter):
    """Fills in values: numbers and dates as the reader writes them, all else as it is."""

    def __init__(self, habits: Habits) -> None:
        self.habits = habits

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, Real) and not format_spec:
            return self.habits.number(float(value))
        if isinstance(value, datetime.date) and not format_spec:
            return self.habits.day_of_year(value)
        return str(super().format_field(value, format_spec))


@dataclass(frozen=True)
class Say:
    """Says things in one language, with a reader's habits of writing times and distances."""

    language: str
    twenty_four_hours: bool = False
    metric: bool = False

    @property
    def habits(self) -> Habits:
        """Return how times, dates, numbers and distances are written."""
        return Habits(str(locale_of(self.language)), self.twenty_four_hours, self.metric)

    def __call__(self, key: str, /, **values: object) -> str:
        """Return the sentence called `key`, with its values filled in; one that counts chooses its form by `count`."""
        text = _Filled(self.habits).vformat(self._text(key, values.get("count")), (), values)
        if self.language == "es":
            text = _ONE_O_CLOCK.sub(r"\1a ", text)
        return _TWO_STOPS.sub(r"\1", text)

    def _text(self, key: str, count: object) -> str:
        text, context = WORDS[key], context_of(key)
        language = translations(self.language)
        if isinstance(text, Plural):
            if not isinstance(count, (int, float)):
                raise TypeError(f"{key} counts something: it needs a number called count, not {count!r}.")
            # A language's rule is about whole numbers; 1.5 is several in each of them.
            number = int(count) if count == int(count) else 2
            return language.npgettext(str(context), text.one, text.other, number)
        return language.gettext(text) if context is None else language.pgettext(context, text)

    def moment(self, moment: Moment) -> str:
        """Return a time of day, with its day where that isn't the one it is counted from."""
        return moment_text(moment, self.habits, *self._day_sentences())

    def hours(self, start: Moment, end: float) -> str:
        """Return from when until when, with the day on which it begins where that isn't the one it is counted from."""
        return hours_text(start, end, self.habits, *self._day_sentences())

    def _day_sentences(self) -> tuple[str, str]:
        return self._text("clock_early", None), self._text("clock_later", None)

    def day(self, date: datetime.date | str) -> str:
        """Return a date (also as ISO text, of which a time of day is cut) with its year: `November 26, 2026`."""
        day = datetime.date.fromisoformat(date[:10]) if isinstance(date, str) else date
        return self.habits.day_of_year(day)

    def or_else(self, key: str, otherwise: str) -> str:
        """Return the words called `key`, or others where the catalog has none."""
        return self(key) if key in WORDS else otherwise

    def why(self, problem: RecoveryReachError | Phrase) -> str:
        """Return why something was refused or left out; in English where the catalog lacks the sentence."""
        return shorten(self._told(problem), LONGEST_REFUSAL) if _is_known(problem) else str(problem)

    def _told(self, part: RecoveryReachError | Phrase) -> str:
        """Return a sentence, or a part of one, with its values told alike; in English where the catalog lacks it."""
        if not _is_known(part):
            return str(part)
        values = {
            name: self._told(value) if isinstance(value, RecoveryReachError | Phrase)
            else self._named(str(value)) if name in ("where", "key") else value
            for name, value in part.values.items()
        }  # fmt: skip
        return self(part.sentence, **values)

    def _named(self, where: str) -> str:
        """Return a place in a file, like `needs.toml: a shift's start`."""
        return ": ".join(self.or_else(part, part) for part in where.split(": "))


def _is_known(part: RecoveryReachError | Phrase) -> bool:
    """Return whether a sentence, or a part of one, is in the catalogs: by itself, and not by a name that is like it."""
    return WORDS.get(part.sentence) == part.sentence
