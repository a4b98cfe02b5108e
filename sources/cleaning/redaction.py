"""Contacts of persons, taken out of a feed before a region keeps its bytes: they are not stored, not even raw.

A field goes by its name. Telephone numbers and pages of places stay; whoever answers there is theirs to say. In lists
of meetings, telephone numbers and e-mail addresses in notes are those of members, and go too.
"""

import json
import re
from collections.abc import Callable
from typing import Any

from geo.errors import SourceError
from sources.formats.csv_text import plain_name, without_columns
from sources.formats.json_strict import read_json, read_json_lines

_PERSON = re.compile(
    r".*email.*|(?:public|site|primary|program|main|admin|executive|intake)?contacts?(?!s?(?:type|url|page|website)$).*|"
    r"authorizedofficial.*|basicauthorized.*|author(?:name|email)?s?|(?:site|house|program|case)?managers?(?:name|phone)?|"
    r"(?:executive|program|medical)?directors?(?:name|phone)?|veteranrep.*|businessrep.*|caseworkers?|staffnames?|"
    r"(?:first|middle|last|sur)names?|dateofbirth|dob|ssn|socialsecurity.*|venmo|paypal|square|mgr|mgrphone"
)


_NOTES = re.compile(r"(?:group|location|meeting)?notes?|comments?|locationinfo")
_MEMBERS = re.compile(rf"{_NOTES.pattern}|phone|mailingaddress")
_REACHED_AT = re.compile(
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?:\+?\b1[ .-]?)?(?:\(\d{3}\)|\b\d{3})[ .-]{1,2}\d{3}[ .-]\d{4}\b"
)


def is_private(name: str) -> bool:
    """Tell whether a field's name says that it holds a person or how to reach one."""
    return _PERSON.fullmatch(plain_name(name)) is not None


def without_contacts(raw: bytes, where: str, clean: Callable[[Any], Any] | None = None) -> bytes:
    """Return a feed of JSON, JSON lines or CSV without the fields that hold persons; the same bytes if it has none.

    `clean` takes them out of a document in place of `without_persons`; where it is `without_members`, notes in a table
    lose them too. What is none of these, or damaged, comes back as it is: its parser will refuse it.
    """
    clean = clean or without_persons
    first = raw.lstrip()[:1]
    try:
        if first == b"<":
            return raw
        if first not in (b"{", b"["):
            if clean is without_members:
                return without_columns(raw, where, _is_telling_members, _note)
            return without_columns(raw, where, is_private)
        return _json(raw, where, clean)
    except SourceError:
        return raw


def _json(raw: bytes, where: str, clean: Callable[[Any], Any]) -> bytes:
    try:
        documents, is_lines = [read_json(raw, where)], False
    except SourceError:
        documents, is_lines = read_json_lines(raw, where), True
    kept = [clean(document) for document in documents]
    if kept == documents:
        return raw
    lines = [json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in kept]
    return ("\n".join(lines) + ("\n" if is_lines else "")).encode("utf-8", "surrogatepass")


def without_persons(value: Any) -> Any:
    """Return a document without the fields that hold persons, however deep they lie."""
    if isinstance(value, list):
        return [without_persons(one) for one in value]
    if isinstance(value, dict):
        return {key: without_persons(one) for key, one in value.items() if not is_private(key)}
    return value


def without_members(rows: Any) -> Any:
    """Return meetings without contacts of members: persons, a group's telephone, and what notes tell of either."""
    kept = without_persons(rows)
    meetings = kept if isinstance(kept, list) else kept.get("meetings") if isinstance(kept, dict) else None
    for row in meetings if isinstance(meetings, list) else ():
        for name in [name for name in row if _is_members(name)] if isinstance(row, dict) else ():
            if isinstance(row[name], str) and _NOTES.fullmatch(plain_name(name)):
                row[name] = _note(name, row[name])
            else:
                del row[name]
    return kept


def without_numbers(text: str) -> str:
    """Return a note without telephone numbers and e-mail addresses, which are those of members."""
    return _REACHED_AT.sub("…", text)


def _note(name: str, text: str) -> str:
    """Return a cell; of notes without telephone numbers and e-mail addresses."""
    return without_numbers(text) if _NOTES.fullmatch(plain_name(name)) else text


def _is_telling_members(name: str) -> bool:
    return _is_members(name) and not _NOTES.fullmatch(plain_name(name))


def _is_members(name: str) -> bool:
    return is_private(name) or _MEMBERS.fullmatch(plain_name(name)) is not None
