"""What may be said of a place in a scenario: each value as RESOURCES holds it, and whether the score looks at it."""

import datetime
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pandas as pd

from geo.clock import read_clock
from geo.errors import InputError, shown
from geo.needs.eligibility import AGE_GROUPS, HOUSES, years_of
from geo.needs.fields import HOUSE_FACTS, MEDICATIONS
from geo.opening_hours import read_hours
from geo.phrases import Phrase
from geo.spelling import closest_names, near_names, plain_words
from geo.tables import RESOURCES, Column

_FIXED = ("resource_id", "lon", "lat", "dimension")
"""Columns with words of their own in a scenario; `dimension` follows the category."""
COLUMNS = {column.name: column for column in RESOURCES.columns if column.name not in _FIXED}
_MOST = 1e6
SESSIONS_EXAMPLE = '[{days = ["mon"], start = "19:00", end = "20:00"}]'
Where = str | Phrase
"""What values are of, for errors."""
READ: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ("category", "attendance", "languages", "payment", "genders", "ages", "children", "wheelchair"), ()
    ),
    **dict.fromkeys(("fellowship", "formats"), ("meeting",)),
    **dict.fromkeys(("beds", "weekly_rent_usd", "certification_level", "accepts_moud", *HOUSE_FACTS), HOUSES),
    **dict.fromkeys(("work_required", "stay_limit_days"), HOUSES),
    "medications": ("opioid_treatment_program", "buprenorphine_prescriber"),
}
"""Columns that the score reads → of which categories; () of all. Most count only for those whose needs ask for them."""
_DESCRIBING = (
    "source", "also_listed_by", "name", "location_precision", "address", "venue", "notes", "phone", "url", "join_url",
    "join_phone", "verified_on", "retrieved_on", "license",
)  # fmt: skip
_WORDS: dict[str, tuple[str, ...]] = {
    "medications": MEDICATIONS,
    "genders": ("women", "men", "nonbinary", "all", "any"),
    "certification_level": ("1", "2", "3", "4"),
    "ages": tuple(AGE_GROUPS),
}
"""Columns of words that are all known."""
_OPEN_WORDS: dict[str, tuple[str, ...]] = {
    "payment": ("medicaid", "medicare", "sliding_scale", "free", "self_pay"),
    "formats": ("open", "closed", "women", "men", "young people", "beginners"),
    "fellowship": (),
}
"""Columns with words beside these and those of the region's own places."""


def as_read(resources: pd.DataFrame) -> pd.DataFrame:
    """Return what the numbers of a score read of places, words in one spelling and order: what is the same counts so.

    Returns
    -------
    DataFrame
        With the index of the resources: `resource_id`, `lon`, `lat`, and the columns of READ, empty where they aren't
        read of a category; beds of all, since parameters may count those of others.
    """
    table = resources[["resource_id", "lon", "lat", *READ]].copy()
    for name, categories in READ.items():
        if categories and name != "beds":
            table[name] = table[name].where(table["category"].isin(categories))
        if name in (*_WORDS, *_OPEN_WORDS, "languages"):
            plain = str.strip if name == "ages" else plain_words  # years keep their dashes
            cells = {cell: _in_one_spelling(cell, plain) for cell in table[name].dropna().unique()}
            table[name] = table[name].map(cells).astype("string")
    return table


def _in_one_spelling(cell: str, plain: Callable[[str], str]) -> str:
    return ";".join(sorted({plain(part).casefold() for part in cell.split(";") if part.strip()})) or cell


def checked_values(values: Mapping[str, object], where: Where, resources: pd.DataFrame) -> dict[str, Any]:
    """Return values as the columns of RESOURCES hold them; lists become text joined by `;`, dates ISO 8601.

    Parameters
    ----------
    values
        By column.
    where
        What they are of, for errors.
    resources
        The RESOURCES table, whose own words are known too.

    Raises
    ------
    InputError
        There is no such column, or a value doesn't fit it; words most like it are offered.
    """
    return {name: _checked(_column(name, where), value, where, resources) for name, value in values.items()}


def unread(values: Iterable[str], category: str) -> list[str]:
    """Return the columns at which the score of a place of this category doesn't look."""
    return [name for name in values if name not in READ or (READ[name] and category not in READ[name])]


def check_read(values: Iterable[str], category: str, where: Where) -> None:
    """Refuse columns at which the score of a place of this category doesn't look: to change them would do nothing.

    Raises
    ------
    InputError
        There is such a column; the sentence says which the score reads.
    """
    names = unread(values := list(values), category)
    if len(names) == len(values) or set(names) - set(_DESCRIBING):
        known = [name for name in READ if not unread([name], category)]
        raise InputError(
            "{where}: the score doesn't look at {names} of a {category}, so that it would change nothing; it reads "
            "{known}.",
            where=where, names=", ".join(names), category=category, known=", ".join(known),
        )  # fmt: skip


def unread_sentence(values: Iterable[str], category: str) -> str:
    """Return a sentence on what is said of a new place at which the score doesn't look, or nothing."""
    names = [name for name in unread(values, category) if name not in _DESCRIBING]
    return f" The score doesn't look at its {', '.join(names)}." if names else ""


def _column(name: str, where: Where) -> Column:
    if name not in COLUMNS:
        near = near_names(name, COLUMNS)
        raise InputError(
            "{where} names {name!r}, which is no column of a place{near}", where=where, name=name, near=near
        )
    return COLUMNS[name]


def _checked(column: Column, value: object, where: Where, resources: pd.DataFrame) -> Any:
    if isinstance(value, list | tuple) and column.kind == "text":
        value = ";".join(sorted(map(str, value)))
    if column.kind == "date" and type(value) is datetime.date:
        value = value.isoformat()
    amount = float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
    number = amount is not None and (column.minimum or 0) <= amount <= _MOST
    fits = {
        "boolean": isinstance(value, bool),
        "number": number,
        "integer": amount is not None and number and amount.is_integer(),
        "date": isinstance(value, str) and _is_date(value),
    }.get(column.kind, isinstance(value, str) and bool(value.strip()))
    if not fits or (column.allowed and value not in column.allowed):
        raise _refusal(where, column.name, _expected(column), value)
    return _checked_text(column.name, value, where, resources) if isinstance(value, str) else value


def _refusal(where: Where, name: str, expected: Phrase, value: object) -> InputError:
    sentence = "{where}: {name} must be {expected}, not {value}."
    return InputError(sentence, where=where, name=name, expected=expected, value=shown(value))


def _expected(column: Column) -> Phrase:
    if column.allowed:
        return Phrase("one of {allowed}", allowed=", ".join(column.allowed))
    kinds = {
        "boolean": Phrase("true or false"),
        "integer": Phrase("a whole number from 0 to a million"),
        "number": Phrase("a number from 0 to a million"),
        "date": Phrase("a date like 2026-05-31"),
    }
    return kinds.get(column.kind, Phrase("text"))


def _is_date(text: str) -> bool:
    try:
        return datetime.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _checked_text(name: str, value: str, where: Where, resources: pd.DataFrame) -> str:
    """Return a text in which each word is known, and hours can be read."""
    if name in ("opening_hours", "call_hours") and read_hours(value) is None:
        raise _refusal(where, name, Phrase("like {example}", example="'Mo-Fr 09:00-17:00; Sa 10:00-14:00'"), value)
    if name == "curfew" and read_clock(value) is None:
        raise _refusal(where, name, Phrase("a clock time like 22:30"), value)
    if name not in (*_WORDS, *_OPEN_WORDS, "languages"):
        return value
    words = sorted({word.strip() for word in value.split(";") if word.strip()})
    for word in words:
        _check_word(name, word, where, resources)
    folded = words if name == "fellowship" else [word.casefold() for word in words]
    return ";".join(sorted(folded))


def _check_word(name: str, word: str, where: Where, resources: pd.DataFrame) -> None:
    own = resources[name].dropna().astype(str).unique() if name in resources else ()
    listed = {part.strip().casefold() for cell in own for part in cell.split(";") if part.strip()}
    if name == "languages":
        if not (len(word) == 2 and word.isascii() and word.isalpha()):
            raise InputError(
                "{where}: languages are codes of two letters like en or es (ISO 639-1), not {value}.",
                where=where, value=shown(word),
            )  # fmt: skip
        return
    known = [*_WORDS.get(name, _OPEN_WORDS.get(name, ()))]
    if word.casefold() in known or (name == "ages" and years_of(word.casefold()) is not None):
        return
    if name in _WORDS:
        sentence = "{where}: {name} can't hold {value}{near} Words are {known}."
        if name == "ages":
            sentence = "{where}: {name} can't hold {value}{near} Words are {known}, or years like 18-25 or 18+."
        near = near_names(word, known)
        raise InputError(sentence, where=where, name=name, value=shown(word), near=near, known=", ".join(known))
    if word.casefold() not in listed:
        like = [*known, *sorted(listed)]
        if closest_names(word, like):
            raise InputError(
                "{where}: no place of the region has {value} among its {name}{near}",
                where=where, value=shown(word), name=name, near=near_names(word, like),
            )  # fmt: skip
