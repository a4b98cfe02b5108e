"""What the vault holds, kind by kind: every field of every entry, declared once with its type, unit and meaning."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from geo.errors import InputError
from geo.needs.fields import MEDICATIONS
from geo.tables import DIMENSIONS, Column, Table, described
from sources.cleaning.clean import date

SHORT_LIST_STATES = ("asked", "offered", "waiting", "refused", "moved_in")
DOMAINS: Mapping[str, str] = {
    "substance use & sobriety": "health",
    "global psychological health": "health",
    "global physical health": "health",
    "citizenship/community involvement": "community",
    "social support": "community",
    "meaningful activities": "purpose",
    "housing & safety": "home",
    "risk taking": "home",
    "coping & life functioning": "health",
    "recovery experience": "community",
}
"""Domain of each item of the BARC-10, in order → the dimension of the score it goes with (our suggestion)."""
BARC10_COLUMNS: Mapping[str, str] = {name: re.sub(r"[^a-z]+", "_", name) for name in DOMAINS}
"""Domain → its column."""
LONGEST = 20_000
"""Letters of a text, where its column doesn't say otherwise."""

PERSON = Table(
    "person",
    "A person on a caseload.",
    (
        Column("name", "text", "Name", "", True),
        Column("goes_by", "text", "What they like to be called"),
        Column("born_on", "date", "Date of birth"),
        Column("phone", "text", "Telephone number"),
        Column("language", "text", "Language they like to speak, as ISO 639-1 code"),
        Column("agency_number", "text", "The agency's own number for them"),
        Column("discharge_on", "date", "When they leave treatment"),
        Column("lives_at", "text", "Where they live now: a house's resource id, or an address"),
        Column("lives_lon", "number", "Longitude of where they live now", "degrees", minimum=-180, maximum=180),
        Column("lives_lat", "number", "Latitude of where they live now", "degrees", minimum=-90, maximum=90),
        Column("note", "text", "What a colleague who takes over needs to know"),
        Column("manager", "text", "Whose caseload: a user's id", "", True),
        Column("archived_on", "date", "When it was put into the archive; empty on the caseload"),
    ),
)
NEEDS = Table(
    "needs",
    "What a person needs, as a needs file; one a person.",
    (Column("toml", "text", "The needs file", "", True),),
)
CONSENT = Table(
    "consent",
    "A written consent: who may receive what, what for, until when.",
    (
        Column("recipient", "text", "Who may receive it", "", True),
        Column("what", "text", "What of the record", "", True),
        Column("purpose", "text", "What for", "", True),
        Column("given_on", "date", "When it was signed", "", True),
        Column("expires_on", "date", "Last day on which it holds", "", True),
        Column("revoked_on", "date", "Day from which it holds no more"),
        Column("note", "text", "How it was given, where the paper lies"),
    ),
)
DISCLOSURE = Table(
    "disclosure",
    "What was handed out about a person, by a consent; never edited.",
    (
        Column("disclosed_on", "date", "When", "", True),
        Column("recipient", "text", "To whom", "", True),
        Column("what", "text", "What of the record", "", True),
        Column("purpose", "text", "What for", "", True),
        Column("consent_id", "text", "The consent in force", "", True),
        Column("by", "text", "Who handed it out: a user's id", "", True),
    ),
)
SHORT_LIST = Table(
    "short_list",
    "A house on a person's short list.",
    (
        Column("resource_id", "text", "The house", "", True),
        Column("house", "text", "Its name when it was put there", "", True),
        Column("state", "text", "How far it got", "", True, SHORT_LIST_STATES),
        Column("why", "text", "Why refused, or why chosen"),
        Column("on", "date", "Since when it is so", "", True),
    ),
)
HOUSE_CALL = Table(
    "house_call",
    "What a call to a house learned; shared by the agency, about no person.",
    (
        Column("resource_id", "text", "The house", "", True),
        Column("house", "text", "Its name when it was called", "", True),
        Column("called_on", "date", "When", "", True),
        Column("free_beds", "integer", "Free beds they said they have", "beds", minimum=0, maximum=10_000),
        Column("weekly_rent_usd", "number", "Rent they said", "US dollars a week", minimum=0, maximum=10_000),
        Column("accepts_medications", "text", "Medications they accept", "", False, MEDICATIONS, joined=True),
        Column("refuses_medications", "text", "Medications they don't accept", "", False, MEDICATIONS, joined=True),
        Column("ask_again_on", "date", "When to ask again"),
        Column("hold_until", "date", "Last day on which they hold a bed for us"),
        Column("note", "text", "What else they said; no names of people who might live there"),
    ),
)
BARC10 = Table(
    "barc10",
    "Recovery capital by the BARC-10: one answer for each domain, no item's wording.",
    (
        Column("asked_on", "date", "When", "", True),
        Column("asked_by", "text", "Who asked", "", True),
        *(
            Column(column, "integer", f"Answer: {domain}", "1 to 6", True, (), 1, 6)
            for domain, column in BARC10_COLUMNS.items()
        ),
    ),
)
ENGAGEMENT = Table(
    "engagement",
    "Social identity and learning over the last 30 days.",
    (
        Column("asked_on", "date", "When", "", True),
        Column("asked_by", "text", "Who asked", "", True),
        Column("meetings_attended", "integer", "Meetings attended", "in 30 days", minimum=0, maximum=300),
        Column("sponsor_or_mentor", "boolean", "Has a sponsor or mentor"),
        Column(
            "role_models", "integer", "Role models they could name (names aren't kept)", "people", False, (), 0, 100
        ),
        Column("groups", "integer", "Groups they belong to", "groups", minimum=0, maximum=100),
        Column("service_given", "integer", "Times they gave service", "in 30 days", minimum=0, maximum=300),
    ),
)
HOME_SCORE = Table(
    "home_score",
    "The score of where a person lives, as it was on a day.",
    (
        Column("scored_on", "date", "When", "", True),
        Column("lives_at", "text", "Where they lived: a house's resource id, or an address", "", True),
        Column("region", "text", "By which region's data", "", True),
        Column("region_hash", "text", "In which state the data was", "", True),
        Column("total", "number", "Score; empty where too little is known", "0 to 100", minimum=0, maximum=100),
        *(Column(f"d_{name}", "number", f"Its {name} dimension", "0 to 100", False, (), 0, 100) for name in DIMENSIONS),
    ),
)
COMPARISON = Table(
    "comparison",
    "The homes that were last compared for a person, as they were, so that what changed since can be said.",
    (
        Column("compared_on", "date", "When", "", True),
        Column("region", "text", "By which region's data", "", True),
        Column("region_hash", "text", "In which state the data was", "", True),
        Column("needs", "text", "For which needs, as a needs file; empty where there are none"),
        Column("homes", "text", "Each home's name, score, free beds and rent, as CSV", "", True, longest=500_000),
    ),
)
BACKUP = Table(
    "backup",
    "A backup that was made, so that what it still holds can be said.",
    (
        Column("made_at", "text", "When", "", True),
        Column("file", "text", "The file it was written to", "", True),
        Column("people", "integer", "People in it", "people", True, minimum=0),
    ),
)
KINDS: Mapping[str, Table] = {
    table.name: table
    for table in (
        PERSON,
        NEEDS,
        CONSENT,
        DISCLOSURE,
        SHORT_LIST,
        HOUSE_CALL,
        BARC10,
        ENGAGEMENT,
        HOME_SCORE,
        COMPARISON,
        BACKUP,
    )
}
SHARED = ("house_call", "backup")
"""Kinds that are about no person."""
FIXED = ("disclosure", "backup")
"""Kinds that nobody edits, removes or undoes."""
SINGLE: Mapping[str, tuple[str, ...]] = {"needs": (), "comparison": ("region",)}
"""Kinds of which a person has one entry at most, or one for each value of these fields."""


def only_one(kind: str, fields: Mapping[str, Any]) -> tuple[Any, ...] | None:
    """Return what no two entries of a person may have in common; None where there may be any number."""
    return (kind, *(fields.get(name) for name in SINGLE[kind])) if kind in SINGLE else None


def dictionary() -> str:
    """Return every kind and its fields as Markdown; `docs/vault-fields.md` holds it."""
    head = "Made from `people/kinds.py` by `make docs`; don't edit it by hand. Nothing else is kept of a person."
    lines = ["# What the vault holds", "", head, *(line for table in KINDS.values() for line in described(table))]
    return "\n".join(lines) + "\n"


def checked(kind: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of an entry, those that are empty left out, dates as ISO 8601 text.

    Raises
    ------
    InputError
        Names the field and what was expected, never the value: it may be about a person.
    """
    table = KINDS[kind]
    unknown = sorted(set(values) - set(table.names))
    if unknown:
        raise InputError(
            "A {kind} has no field {field}; it has {fields}.",
            kind=kind, field=unknown[0], fields=", ".join(table.names),
        )  # fmt: skip
    kept = {column.name: _checked(column, values.get(column.name)) for column in table.columns}
    return {name: value for name, value in kept.items() if value is not None}


def _checked(column: Column, value: object) -> Any:
    if isinstance(value, str):
        value = value.strip().replace("\x00", "")
    if value is None or value == "" or value != value:  # noqa: PLR0124  NaN differs from itself
        if column.required:
            raise InputError("{field} can't be empty.", field=column.name)
        return None
    read = _READERS[column.kind](value)
    if read is None or not _is_allowed(column, read):
        raise InputError("{field} must be {expected}.", field=column.name, expected=_expected(column))
    return read


def _is_allowed(column: Column, value: Any) -> bool:
    if column.allowed:
        return all(one in column.allowed for one in (value.split(";") if column.joined else (value,)))
    if column.kind == "text":
        return len(value) <= _most_letters(column)
    low, high = column.minimum, column.maximum
    return (low is None or value >= low) and (high is None or value <= high)


def _expected(column: Column) -> str:
    if column.allowed:
        return f"{'some' if column.joined else 'one'} of {', '.join(column.allowed)}"
    if column.minimum is not None:
        end = f" to {column.maximum:g}" if column.maximum is not None else " or more"
        return f"{_NOUNS[column.kind]} from {column.minimum:g}{end}"
    return f"text of up to {_most_letters(column)} letters" if column.kind == "text" else _NOUNS[column.kind]


def _most_letters(column: Column) -> int:
    return LONGEST if column.longest is None else column.longest


_NOUNS = {
    "number": "a number",
    "integer": "a whole number",
    "boolean": "yes or no",
    "date": "a date like 2026-11-23",
}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _number(value: object) -> float | None:
    if isinstance(value, bool):
        return None
    try:
        return float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None


def _whole(value: object) -> int | None:
    number = _number(value)
    return int(number) if number is not None and abs(number) < 1e9 and number == int(number) else None


def _boolean(value: object) -> bool | None:
    return _YES_NO.get(str(value).lower())


_YES_NO = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


def _date(value: object) -> str | None:
    """Return an ISO date; of a date with words or another date behind it nothing, for they may take it back."""
    text = str(value) if isinstance(value, (str, dt.date)) else ""
    return date(text) if _ONE_DATE.fullmatch(text) else None


_ONE_DATE = re.compile(r"\d{1,4}[-/]\d{1,2}[-/]\d{1,4}(?:[T ]\d{1,2}:\d{2}[\d:.]*(?: ?Z|[+-]\d{2}:?\d{2})?)?")
"""With the time of day that other systems write behind it."""
_READERS: Mapping[str, Any] = {
    "text": _text, "number": _number, "integer": _whole, "boolean": _boolean, "date": _date,
}  # fmt: skip
