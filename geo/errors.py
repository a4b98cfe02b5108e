"""The errors this software raises on purpose.

Each message is one plain sentence for the person at the keyboard: what was expected, what came,
where, and what to try. The command line prints it and exits with 2; the app shows it on the screen.

    RecoveryReachError
    ├── InputError               a value or file that was given can't be used
    │   ├── OutsideRegionError   a place lies outside the region, or too far from any street
    │   ├── DateError            a date outside the timetable
    │   └── NeedsError           a needs or parameters file with a wrong key or value
    ├── SourceError              a feed can't be fetched or read
    ├── RegionError              a region on disk is missing, damaged or of another version
    ├── LibraryError             a library that this rests on is not as it was
    └── VaultError               the vault is missing, locked, damaged or of another version, or refuses
        ├── PassphraseError      a name, passphrase or recovery code that doesn't open it
        ├── NotAllowedError      what isn't this user's to see or do
        ├── ConsentError         no consent in force for what is to be handed out
        └── EditConflictError    somebody else changed it meanwhile
"""

import math
import string
from typing import Any

_MOST_SHOWN = 120


class RecoveryReachError(ValueError):
    """Base of every error raised on purpose; its text is fit to show to a user.

    Parameters
    ----------
    sentence
        The text; with values, a template that they are put into, by which a screen finds it in other languages. A value
        may be a `geo.phrases.Phrase` or an error, which has a sentence of its own. What is written as Python would
        (`{value!r}`) is cut where it is long.
    """

    def __init__(self, sentence: str, **values: object) -> None:
        super().__init__(_Sentence().format(sentence, **values) if values else sentence)
        self.sentence = sentence
        self.values = values


def shown(value: object) -> str:
    """Return a value as an error shows it, cut where it is long."""
    text = repr(value)
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…"


class _Sentence(string.Formatter):
    def convert_field(self, value: Any, conversion: str | None) -> Any:
        return shown(value) if conversion == "r" else super().convert_field(value, conversion)


class InputError(RecoveryReachError):
    """A value or file that was given can't be used."""


class OutsideRegionError(InputError):
    """A place lies outside the region, or farther from any street than a point may be."""


class DateError(InputError):
    """A date lies outside the timetable's calendar; the message names the valid range."""


class NeedsError(InputError):
    """A needs or parameters file holds a key or value that can't be used."""


class SourceError(RecoveryReachError):
    """A feed can't be fetched, or holds nothing that can be read."""


class RegionError(RecoveryReachError):
    """A region on disk is missing, damaged, or was written by another version."""


class LibraryError(RecoveryReachError):
    """A library that this software rests on is missing, or lacks a part that it had."""


class VaultError(RecoveryReachError):
    """The vault is missing, locked, damaged or of another version, or refuses; no text of it holds what it keeps."""


class PassphraseError(VaultError):
    """A name, passphrase or recovery code doesn't open the vault, or has to wait.

    Parameters
    ----------
    seconds
        How long the next attempt has to wait.
    """

    def __init__(self, sentence: str, seconds: float = 0.0) -> None:
        super().__init__(sentence, seconds=math.ceil(seconds))
        self.seconds = seconds


class NotAllowedError(VaultError):
    """What isn't this user's to see or do."""


class ConsentError(VaultError):
    """No consent is in force for what is to be handed out."""


class EditConflictError(VaultError):
    """Somebody else changed it meanwhile; what was typed is not lost, and not saved."""
