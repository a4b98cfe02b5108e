"""Parts of libraries that their authors may change in any release, and on which something of ours rests.

Each is tried before it is relied on, so that a release without it is named at the start, and never found out by a guard
that no longer guards.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.metadata import version

from geo.errors import LibraryError


@dataclass(frozen=True)
class LibraryPart:
    """A part of a library that isn't promised to stay.

    Attributes
    ----------
    library
        The name of its package, as `pip` knows it.
    known_version
        The version that it was last seen to work with; a test holds it to the lock.
    supports
        What of ours rests on it, as the subject of a sentence.
    works
        Tries it; an error counts as no.
    """

    library: str
    known_version: str
    supports: str
    works: Callable[[], bool]


def missing_parts(parts: Iterable[LibraryPart]) -> list[LibraryPart]:
    """Return the parts that are not there, or don't work as they did."""
    return [part for part in parts if not _works(part)]


def check_parts(parts: Iterable[LibraryPart]) -> None:
    """Refuse to go on where a part is not there.

    Raises
    ------
    LibraryError
        A part is not there, or doesn't work as it did; says what rests on it and which version works.
    """
    missing = missing_parts(parts)
    if not missing:
        return
    raise LibraryError("{sentences}", sentences=" ".join(map(describe_missing, missing)))


def describe_missing(part: LibraryPart) -> str:
    """Return what is wrong with a part that is not there, and what mends it."""
    package = part.library
    return (
        f"{part.supports} can't work with {package} {version(package)}; {part.known_version} is known to work: "
        f"pip install '{package}=={part.known_version}'."
    )


def _works(part: LibraryPart) -> bool:
    try:
        return part.works()
    except Exception:
        return False
