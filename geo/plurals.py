"""Sentences that count something, in English: what they say of one, and of any other number."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Plural:
    """A sentence with a value called `count`; translations choose their form of it by the same value."""

    one: str
    other: str

    def format(self, **values: Any) -> str:
        """Return the sentence with its values filled in, like `str.format`."""
        return (self.one if values["count"] == 1 else self.other).format(**values)
