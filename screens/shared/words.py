"""What the screens say, in English and Spanish: one catalogue (a file per room in `catalogue/`), one way to ask.

Plain and person-first, about grade 7. "Can't be reached" and "we have no data" are always different sentences.
A test fails when a language lacks a word, two rooms use one name, or a sentence names other values than its sister.
"""

from dataclasses import dataclass
from textwrap import shorten

from geo.errors import RecoveryReachError
from screens.catalogue import (
    case_manager,
    common,
    data_health,
    formats,
    funder,
    needs,
    paper,
    participant,
    pocket,
    refusals,
    sources,
    week,
)

LONGEST_REFUSAL = 400
"""Letters: a refused value may be as long as its file."""

LANGUAGES = {"en": "English", "es": "Español"}

ROOMS = (common, formats, participant, pocket, paper, case_manager, needs, week, funder, data_health, refusals, sources)

WORDS: dict[str, tuple[str, str]] = {key: texts for room in ROOMS for key, texts in room.WORDS.items()}


@dataclass(frozen=True)
class Say:
    """Says things in one language."""

    language: str

    def __call__(self, key: str, /, **values: object) -> str:
        """Return the sentence called `key`, with its values filled in."""
        return WORDS[key][tuple(LANGUAGES).index(self.language)].format(**values)

    def or_else(self, key: str, otherwise: str) -> str:
        """Return the words called `key`, or others where the catalogue has none."""
        return self(key) if key in WORDS else otherwise

    def why(self, problem: RecoveryReachError) -> str:
        """Return why something was refused; in English where the catalogue lacks the sentence."""
        if problem.sentence not in WORDS:
            return str(problem)
        values = dict(problem.values)
        values |= {name: self._named(str(values[name])) for name in ("where", "key") if name in values}
        return shorten(self(problem.sentence, **values), LONGEST_REFUSAL)

    def _named(self, where: str) -> str:
        """Return a place in a file, like `needs.toml: a shift's start`."""
        return ": ".join(self.or_else(part, part) for part in where.split(": "))
