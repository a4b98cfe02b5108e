"""What is written for a mark that an output's encoding lacks: `–` as `-`, `→` as `->`, `Š` as `S`; `?` for the rest."""

import codecs
import re
import unicodedata

SUBSTITUTES = "recovery-reach-substitutes"
"""The name of this way with what can't be encoded, as `open(errors=…)` and `str.encode` take it."""

_WRITTEN = {
    "→": "->", "←": "<-", "↗": "^", "≤": "<=", "≥": ">=", "≈": "~", "≠": "!=", "−": "-", "⁄": "/", "×": "x", "÷": "/",
    "±": "+/-", "√": "sqrt", "∝": "~", "·": "-", "•": "*", "░": ".", "█": "#", "°": " deg", "№": "No.", "©": "(c)",
    "®": "(R)", "€": "EUR", "£": "GBP", "¢": "c", "§": "S.", "¿": "?", "¡": "!", "‚": "'", "„": '"', "‘": "'", "’": "'",
    "‹": "'", "›": "'", "´": "'", "ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "þ": "th", "Þ": "Th",
}  # fmt: skip
_BY_CATEGORY = {"Pd": "-", "Pi": '"', "Pf": '"', "Zs": " ", "Cf": "", "Mn": "", "Me": ""}
_LETTER = re.compile(r"(?:LATIN|GREEK) (SMALL|CAPITAL) LETTER (\w+)")


def substitute(mark: str) -> str:
    """Return what stands for a mark in ASCII.

    Examples
    --------
    >>> "".join(map(substitute, "Łódź → 3 km²…"))
    'Lodz -> 3 km2...'
    """
    if mark.isascii():
        return mark
    if mark in _WRITTEN:
        return _WRITTEN[mark]
    category = unicodedata.category(mark)
    if category in _BY_CATEGORY:
        return _BY_CATEGORY[category]
    apart = unicodedata.normalize("NFKD", mark)
    if apart != mark:
        return "".join(map(substitute, apart))
    letter = _LETTER.match(unicodedata.name(mark, ""))
    if letter is None:
        return "?"
    return letter[2].lower() if letter[1] == "SMALL" else letter[2].capitalize()


def _substitutes(problem: UnicodeError) -> tuple[str, int]:
    if not isinstance(problem, UnicodeEncodeError):
        raise problem
    return "".join(map(substitute, problem.object[problem.start : problem.end])), problem.end


codecs.register_error(SUBSTITUTES, _substitutes)
