"""What the screens say, in English and Spanish: one catalogue (a file a room in `catalogue/`), one way to ask.

Plain and person-first, about grade 7. "Can't be reached" and "we have no data" are always different sentences.
A test fails when a language lacks a word, two rooms use one name, or a sentence names other values than its sister.
"""

from dataclasses import dataclass

from screens.catalogue import case_manager, common, data_health, formats, funder, needs, paper, participant, week

LANGUAGES = {"en": "English", "es": "Español"}

ROOMS = (common, formats, participant, paper, case_manager, needs, week, funder, data_health)

WORDS: dict[str, tuple[str, str]] = {key: texts for room in ROOMS for key, texts in room.WORDS.items()}


@dataclass(frozen=True)
class Say:
    """Says things in one language."""

    language: str

    def __call__(self, key: str, **values: object) -> str:
        """Return the sentence called `key`, with its values filled in."""
        return WORDS[key][tuple(LANGUAGES).index(self.language)].format(**values)

    def or_else(self, key: str, otherwise: str) -> str:
        """Return the words called `key`, or others where the catalogue has none."""
        return self(key) if key in WORDS else otherwise
