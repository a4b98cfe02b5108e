"""What the screens say: one way to ask, in any language that has a catalog (`screens.shared.catalogs`).

Plain and person-first, about grade 7. "Can't be reached" and "we have no data" are always different sentences.
A test fails when a language lacks a word, two rooms use one name, or a sentence names other values than its sister.
"""

from dataclasses import dataclass
from numbers import Real
from string import Formatter
from textwrap import shorten
from typing import Any

from babel.numbers import format_decimal

from geo.errors import RecoveryReachError
from geo.plurals import Plural
from screens.shared.catalogs import WORDS, context_of, locale_of, translations

LONGEST_REFUSAL = 400
"""Letters: a refused value may be as long as its file."""


class _Filled(Formatter):
    """Fills in values: numbers as the language writes them, all else as it is."""

    def __init__(self, language: str) -> None:
        self.language = language

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, Real) and not format_spec:
            return format_decimal(float(value), locale=locale_of(self.language))
        return str(super().format_field(value, format_spec))


@dataclass(frozen=True)
class Say:
    """Says things in one language."""

    language: str

    def __call__(self, key: str, /, **values: object) -> str:
        """Return the sentence called `key`, with its values filled in; one that counts chooses its form by `count`."""
        return _Filled(self.language).vformat(self._text(key, values.get("count")), (), values)

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

    def or_else(self, key: str, otherwise: str) -> str:
        """Return the words called `key`, or others where the catalog has none."""
        return self(key) if key in WORDS else otherwise

    def why(self, problem: RecoveryReachError) -> str:
        """Return why something was refused; in English where the catalog lacks the sentence."""
        if problem.sentence not in WORDS:
            return str(problem)
        values = dict(problem.values)
        values |= {name: self._named(str(values[name])) for name in ("where", "key") if name in values}
        return shorten(self(problem.sentence, **values), LONGEST_REFUSAL)

    def _named(self, where: str) -> str:
        """Return a place in a file, like `needs.toml: a shift's start`."""
        return ": ".join(self.or_else(part, part) for part in where.split(": "))
