"""What any list says of a recovery residence: for whom it is, its beds and rent, its level and rules."""

import re
from collections.abc import Callable
from typing import Any

from sources.cleaning import clean
from sources.cleaning.beds_and_rents import beds_in_all_and_open, weekly_rent
from sources.cleaning.house_words import house_facts
from sources.cleaning.report import Notes

Cell = Callable[[str], Any]
Read = Callable[[str, Callable[[Any], Any]], Any]
HOUSE_COLUMNS = (
    "genders", "children", "certification_level", "certified", "accepts_moud", "house_rules", "curfew",
)  # fmt: skip
_LEVELS = {"1": "1", "2": "2", "3": "3", "4": "4", "i": "1", "ii": "2", "iii": "3", "iv": "4"}
_KINDS = frozenset([
    "sober", "recovery", "oxford", "narr", "certified", "peer", "run", "self", "monitored", "supervised", "house",
    "houses", "home", "homes", "housing", "residence", "residences", "residential", "living", "men", "mens", "man",
    "male", "males", "women", "womens", "woman", "female", "females", "coed", "co", "ed", "mixed", "all", "any",
    "genders", "families", "family", "children", "mothers", "veterans", "for", "with", "and", "only", "level", "type",
    *_LEVELS, "casa", "casas", "de", "para", "hombres", "mujeres", "sobriedad", "recuperación",
])  # fmt: skip
_GENDERS = {
    "women": re.compile(r"\b(?:wom[ae]ns?|females?|ladies|mothers?|f|w)\b"),
    "men": re.compile(r"\b(?:m[ae]ns?|males?|gentlemen|fathers?|m)\b"),
    "all": re.compile(r"\b(?:all|any|any ?one|every ?one|co-?ed|both|mixed)\b"),
}


def is_house_kind(stated: str) -> bool:
    """Tell whether a kind of place in a list of houses' own words is one of houses: `Men's sober living`, `Level II`.

    Every word must be one that lists say of houses, so that neither a church nor a nursing home is one.
    """
    words = [word.removesuffix("'s") for word in re.findall(r"[^\W_]+(?:'s)?", stated.lower().replace("’", "'"))]
    return bool(words) and _KINDS.issuperset(words)


def house_cells(cell: Cell, read: Read, notes: Notes) -> dict[str, Any]:
    """Return columns of RESOURCES that houses alone have, from the cells of a row.

    Parameters
    ----------
    cell
        Returns what a row says in one of our columns.
    read
        Returns that as a cleaning function makes it, noted where it can't.
    """
    return beds_and_rent(cell, notes) | {
        "genders": genders_served(cell("genders"), notes),
        "children": read("children", clean.truth),
        "certification_level": _level(cell("certification_level"), notes),
        "certified": read("certified", clean.truth),
        "accepts_moud": read("accepts_moud", clean.truth),
        "house_rules": clean.text(cell("house_rules")),
        "curfew": _curfew(cell("curfew"), notes),
        **house_facts(cell, notes),
    }


def beds_and_rent(cell: Cell, notes: Notes) -> dict[str, Any]:
    """Return the columns of RESOURCES for beds, open beds, and the rent in US dollars a week."""
    beds, open_beds = beds_in_all_and_open(cell("beds"), cell("open_beds"), notes)
    return {"beds": beds, "open_beds": open_beds, "weekly_rent_usd": weekly_rent(cell("weekly_rent_usd"), notes)}


def genders_served(value: Any, notes: Notes) -> str | None:
    """Return `women`, `men` or `all` of a house's own words; None, counted, where they aren't known."""
    stated = str(value or "").lower()
    genders = [served for served, words in _GENDERS.items() if words.search(stated)]
    if len(genders) > 1 and re.search(r"\b(?:no|not|non|except)\b", stated):
        genders = []
    if not genders and stated.strip():
        notes.unknown("genders served", stated)
    if "women" in genders and "men" in genders:
        return "all"
    return genders[0] if genders else None  # "all men" are men


def _level(value: Any, notes: Notes) -> str | None:
    stated = re.sub(r"^(narr )?(level|lvl)?\s*", "", (clean.text(value, 40) or "").lower())
    if stated and stated not in _LEVELS:
        notes.unknown("certification level", str(value))
    return _LEVELS.get(stated)


def _curfew(value: Any, notes: Notes) -> str | None:
    stated = clean.text(value, 40)
    if stated is None:
        return None
    minute = clean.minutes_of_clock(stated)
    if minute is None:
        notes.repaired("bad_curfew", f"Its curfew is no time as HH:MM and is left empty: {stated!r}.")
        return None
    return f"{minute // 60:02d}:{minute % 60:02d}"
