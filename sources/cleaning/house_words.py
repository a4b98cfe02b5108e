"""What lists say of life in a house, in their own words: who runs it, what is shared and asked for, how long one stays.

A yes is taken for one only where it is clear: `optional`, `TBD` and `ask the manager` are neither yes nor no.
"""

import re
import tomllib
from collections.abc import Callable
from functools import cache
from typing import Any

from geo.needs.fields import HOUSE_FACTS
from sources.cleaning import clean
from sources.cleaning.report import Notes
from sources.cleaning.stated import COUNT, counted, note_unread, plain
from sources.formats.embedded import embedded

_NUMBERED = re.compile(r"\d+(?:st|nd|rd|th|x|am|pm|hrs?)?")
_DOUBT = re.compile(
    r"\?|\b(?:not?|but|except|unless|only|if|when|until|optional|some|sometimes|occasional(?:ly)?|maybe|varies|depends|"
    r"ask|call|tb[ad]|pending|planned|soon|pero|opcional)\b"
)
_OF_IT = (
    r"(?:,? (?:shared|communal|common|family|group|house|resident|formal|regular|scheduled|organized|set|weekly|"
    r"meals?|meetings?|activit(?:y|ies)|work|jobs?|employment|school|requirements?|required|needed|held|offered|provided|"
    r"available|at (?:this time|the moment|present)|currently|right now|is|are|or|and|comidas?|reuni[oó]n(?:es)?|"
    r"actividad(?:es)?|trabajo|compartidas?|requerido|obligatorio))*"
)
_NO = re.compile(
    rf"(?:no|none|never|nothing|without|no hay|ningun[oa]){_OF_IT}|"
    r"(?:it |work |this )?(?:is |are )?(?:no|not|isn't|aren't) (?:required|needed|necessary|mandatory|held|offered|"
    rf"provided|included|shared|available|obligatorio|requerido){_OF_IT}|"
    r"not (?:peer|resident|self)[ -]?(?:run|led|managed)"
)
_FIRST_WORD = re.compile(r"(?P<word>yes|s[ií]|no|none)\b ?[,;:(–—/-]")
_SAYS_PEERS = re.compile(r"(?:self|peer|resident|democratic\w*|house members?)[ -]?(?:run|managed|governed|led)?")
_SAYS_STAFF = re.compile(r"(?:staff|manager|operator|owner|house manager)[ -]?(?:run|managed|led)?")
_STAY = re.compile(
    rf"(?:up to |max(?:imum)?(?: of)? )?{COUNT} ?(?P<unit>days?|weeks?|wks?|months?|mos?|years?|yrs?)?"
    r"(?: max(?:imum)?)?"
)
_NO_LIMIT = re.compile(
    r"(?:no|none|without)(?: (?:limit|maximum|max|time limit))?|unlimited|open[ -]?ended|indefinite(?:ly)?"
)
_UNIT_DAYS = {"d": 1, "w": 7, "m": 365 / 12, "y": 365}


def house_facts(cell: Callable[[str], Any], notes: Notes) -> dict[str, bool | int | None]:
    """Return HOUSE_FACTS, `work_required` and `stay_limit_days` of a house's own words.

    None, noted, stands for what can't be read, or is neither a clear yes nor a clear no.

    Parameters
    ----------
    cell
        Returns what a row says of a column; None where it has none. `peer_run` may also say who runs the house, and the
        others what is held or asked for ("Sunday dinner", "20 hours a week") or isn't ("no shared meals", "not
        required"); `stay_limit` is days, weeks, months, years, or that there is no limit.
    """
    facts: dict[str, bool | int | None] = {
        name: _is_so(name, cell(name), notes) for name in (*HOUSE_FACTS, "work_required")
    }
    return facts | {"stay_limit_days": _stay_limit(cell("stay_limit"), notes)}


def _is_so(name: str, cell: Any, notes: Notes) -> bool | None:
    so, stated = clean.truth(cell), plain(cell).replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    if so is None and stated:
        so = _peers_run_it(stated) if name == "peer_run" else _is_held(name, stated)
        if so is None:
            note_unread(name, cell, notes)
    return so


def _peers_run_it(stated: str) -> bool | None:
    if _SAYS_PEERS.fullmatch(stated) or stated in _words()["yes"]:
        return True
    return False if _SAYS_STAFF.fullmatch(stated) or _NO.fullmatch(stated) else None


def _is_held(name: str, stated: str) -> bool | None:
    """Return what a cell that says something clearly says of what is held in a house, or asked for; else None."""
    if _NO.fullmatch(stated) or (name == "work_required" and stated in ("optional", "voluntary", "opcional")):
        return False
    first = _FIRST_WORD.match(stated)
    if first is not None:
        return None if _DOUBT.search(stated, first.end()) else first["word"] not in ("no", "none")
    words = {word for word in re.split(r"[\s,;:.()/&+–—-]+", stated) if word and not _NUMBERED.fullmatch(word)}
    known = _words()
    telling = known["yes"] | known["asked"] | known[name]
    if name != "work_required":
        telling |= known["held"]
    return True if words & telling and words <= telling | known["beside"] else None


@cache
def _words() -> dict[str, frozenset[str]]:
    """Return the words of `data/mappings/house_words.toml`, which says what each kind of them does."""
    declared = tomllib.loads(embedded("mappings", "house_words.toml").read_text(encoding="utf-8"))
    return {kind: frozenset(words) for kind, words in declared.items()}


def _stay_limit(cell: Any, notes: Notes) -> int | None:
    stated = plain(cell)
    if _NO_LIMIT.fullmatch(stated):
        return 0
    match = _STAY.fullmatch(stated)
    if match is None:
        note_unread("stay_limit", cell, notes)
        return None
    return round(counted(match["count"]) * _UNIT_DAYS[(match["unit"] or "days")[0]])
