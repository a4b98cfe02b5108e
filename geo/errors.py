"""The errors this software raises on purpose.

Each message is one plain sentence for the person at the keyboard: what was expected, what came,
where, and what to try. The command line prints it and exits with 2; the app shows it on the screen.

    RecoveryReachError
    ├── InputError               a value or file that was given can't be used
    │   ├── OutsideRegionError   a place lies outside the region, or too far from any street
    │   ├── DateError            a date outside the timetable
    │   └── NeedsError           a needs or parameters file with a wrong key or value
    ├── SourceError              a feed can't be fetched or read
    └── RegionError              a region on disk is missing, damaged or of another version
"""


class RecoveryReachError(ValueError):
    """Base of every error raised on purpose; its text is fit to show to a user.

    Parameters
    ----------
    sentence
        The text; with values, a template that they are put into, by which a screen finds it in other languages.
    """

    def __init__(self, sentence: str, **values: object) -> None:
        super().__init__(sentence.format(**values) if values else sentence)
        self.sentence = sentence
        self.values = values


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
