"""What lists of meetings have in common: ways in, names, and the weeks in which sessions are held."""

import re
from collections.abc import Sequence
from typing import Any

from sources.cleaning import clean
from sources.cleaning.meeting_weeks import weeks_from_words
from sources.cleaning.redaction import without_numbers
from sources.cleaning.report import Notes, SetAside

NOTES_LIMIT = 600
"""Letters."""

_ADDRESS = re.compile(r"(?i)https?://[^\s\"'<>)]+")
_ROOM = re.compile(
    r"(?i)https?://\S{0,200}?(?:zoom|meet\.google|gotomeet|webex|teams\.(?:microsoft|live)|jit\.si|freeconferencecall|skype|"
    r"discord|whereby|bluejeans)\S{0,200}?/\S|"
    r"\b(?:zoom|meeting|conference|webinar|room|dial[- ]?in|call[- ]?in|access)\s*(?:id|#|no\.?|number|code)\W{0,4}"
    r"(?:…|\d[\d -]{7,}\d)"
)


def has_way_in(fields: Sequence[Any], notes: Sequence[Any]) -> bool:
    """Tell whether a meeting can be joined: a link or number in its fields, or a room's address or id in its notes."""
    stated = [one for value in fields for one in _each(value)]
    return clean.can_join(*stated) or any(_ROOM.search(clean.text(one) or "") for one in notes)


def ways_to_join(attendance: str, links: Any, numbers: Any, remarks: Sequence[Any]) -> dict[str, str | None]:
    """Return where one joins a meeting online, and what one calls: as stated, else a room's address in its notes."""
    if attendance == "in_person":
        return {"join_url": None, "join_phone": None}
    rooms = [room for one in remarks if _ROOM.match(room := _address_in(one))]
    urls = [clean.url(one) or clean.url(_address_in(one)) for one in [*_each(links), *rooms]]
    phones = [clean.phone(one) for one in _each(numbers)]
    return {"join_url": next(filter(None, urls), None), "join_phone": next(filter(None, phones), None)}


def _address_in(text: Any) -> str:
    """Return the first web address in a text."""
    address = _ADDRESS.search(clean.text(text) or "")
    return address[0].rstrip(".,;") if address else ""


def _each(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def with_way_in(attendance: str, way_in: bool, notes: Notes) -> str:
    """Return how a meeting is attended, given whether it says how to join.

    Raises
    ------
    SetAside
        `online_without_link`: nobody can.
    """
    if attendance == "online" and not way_in:
        raise SetAside("online_without_link", "It is online, but gives neither a link nor a telephone number.")
    if attendance == "hybrid" and not way_in:
        notes.repaired("hybrid_without_link", "It says online too, but gives no link; kept as in person.")
        return "in_person"
    return attendance


def named(notes: Notes, usual: str, *given: Any) -> str:
    """Return the first name that is reported (the meeting's, its group's, its place's), else the usual one, noted."""
    names = [clean.name(one) for one in given]
    if names[0] is None:
        notes.repaired("no_name", "It has no name; its group's, its place's or its fellowship's stands for it.")
    return next((name for name in names if name), usual)


def for_visitors(stated: Sequence[Any], notes: Notes) -> str | None:
    """Return what is told to those who come, one after the other, without contacts of members; None without any."""
    texts: list[str] = []
    for one in stated:
        text = without_numbers(clean.text(one) or "")
        if not any(text in other for other in texts):
            texts.append(text)
    whole = clean.text(" ".join(texts))
    if whole is None or len(whole) <= NOTES_LIMIT:
        return whole
    notes.repaired("long_text", f"Its notes are longer than {NOTES_LIMIT:,} letters and are cut there.")
    return whole[:NOTES_LIMIT].rstrip()


def in_weeks(
    sessions: Sequence[tuple[int, int, int]], name: str, texts: Sequence[Any], notes: Notes, stated: str = ""
) -> tuple[tuple[int, int, int, str], ...]:
    """Return sessions with the weeks in which they are held, as name and notes tell; noted where they leave doubt.

    `stated`: a rule that the day's own cell tells.
    """
    if stated:
        notes.notice("not_weekly", "It isn't held every week; it is listed and counted so.")
        return tuple((*session, stated) for session in sessions)
    weeks = weeks_from_words(name, texts, sorted({day for day, _, _ in sessions}))
    if weeks.rules:
        notes.notice("not_weekly", "It isn't held every week; it is listed and counted so.")
    if weeks.unclear:
        notes.notice("unclear_weeks", f"It may not be held every week; it is taken as weekly: {weeks.unclear!r}.")
    return tuple((day, start, end, weeks.rules.get(day, "")) for day, start, end in sessions)
