"""Names as one compares them, however they are written, and those most like a text."""

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable

from geo.phrases import Phrase

_GAPS = re.compile("[-\u2010-\u2015\u2212\ufe63\uff0d&+_]")
_ABBREVIATION = re.compile(r"(?<!\w)(?:[A-Za-z](?:\.[A-Za-z])+\.?|(?:[A-Za-z]\. ?){2,})(?!\w)")


def plain_words(text: str) -> str:
    """Return a text without accents and marks that aren't seen, hyphens and `&` as spaces, `A.A.` as `AA`.

    Whether letters are capitals stays, but for abbreviations with periods, which are in capitals.

    Examples
    --------
    >>> plain_words("Al\u2011Anon, 12 & 12, a.a. Recuperaci\u00f3n")
    'Al Anon, 12 12, AA Recuperacion'
    """
    apart = unicodedata.normalize("NFKD", text)
    seen = "".join(mark for mark in apart if not unicodedata.combining(mark) and unicodedata.category(mark) != "Cf")
    short = _ABBREVIATION.sub(_capitals, seen)
    return " ".join(_GAPS.sub(" ", short).split())


def name_key(text: str) -> str:
    """Return what all spellings of a name come to: its plain words in lower case, without the spaces between.

    Examples
    --------
    >>> {name_key(name) for name in ("Al-Anon", "AL ANON", "AlAnon")}
    {'alanon'}
    """
    return plain_words(text).casefold().replace(" ", "")


def closest_names(
    text: str, names: Iterable[str], plain: Callable[[str], str] = str.casefold, alike: float = 0.6
) -> list[str]:
    """Return up to three names that are most like a text, most alike first.

    Parameters
    ----------
    plain
        How both are written before they are compared.
    alike
        The least share of letters that they have in common, 0–1.

    Examples
    --------
    >>> closest_names("Elm Hose", ["Clinic", "Elm House"])
    ['Elm House']
    """
    known = {plain(name): name for name in reversed(list(names))}
    return [known[one] for one in difflib.get_close_matches(plain(text), known, n=3, cutoff=alike)]


def near_names(text: str, names: Iterable[str]) -> Phrase:
    """Return "; did you mean A or B?" with the names most like a text, as the end of a sentence; "." where none is.

    Examples
    --------
    >>> str(near_names("Elm Hose", ["Elm House", "Clinic"]))
    '; did you mean Elm House?'
    """
    match closest_names(text, names):
        case [one]:
            return Phrase("; did you mean {one}?", one=one)
        case [one, other]:
            return Phrase("; did you mean {one} or {other}?", one=one, other=other)
        case [one, other, third]:
            return Phrase("; did you mean {one} or {other} or {third}?", one=one, other=other, third=third)
        case _:
            return Phrase(".")


def _capitals(match: re.Match[str]) -> str:
    space = " " if match.group().endswith(" ") else ""
    return re.sub(r"[. ]", "", match.group()).upper() + space
