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
    r".*(?:first|middle|last|sur|maiden)names?|(?:home|cell|mobile|personal|private)(?:phone)?numbers?|"
    r"(?:home|cell|mobile|personal|private)phones?|(?:owner|president|chair(?:person)?|secretary|treasurer|sponsor|gsr)s?"
    r"(?:name|phone|cell)|dateofbirth|dob|ssn|socialsecurity.*|venmo|paypal|square|mgr|mgrphone|"
    r"correo(?:electronico)?|encargad[oa]s?|gerentes?|duen[oa]s?|celular(?:personal)?|contacto.*"
)


_PHONES = frozenset({"phones", "phones.csv", "phone.csv"})
"""Lists and tables of telephone numbers, of which some may be those of persons."""
_OF_PLACES = frozenset({"contact:phone", "contact:website"})
"""Tags of OpenStreetMap for a place's own number and page, whatever they are called."""
_NOTES = re.compile(
    r"(?:group|location|meeting|conferenceurl|conferencephone)?notes?|comments?|locationinfo|virtualmeetingadditionalinfo"
)
_MEMBERS = re.compile(rf"{_NOTES.pattern}|phone|mailingaddress")
_GAP = r"\s?[ ./–—-]\s?"
_TEN_DIGITS = rf"(?:\(\d{{3}}\)\s?[.–—-]?\s?|(?<!\d)\d{{3}}{_GAP})\d{{3}}{_GAP}\d{{4}}"
_REACHED_AT = re.compile(
    rf"(?i)[\w.+-]{{1,64}}@[\w-]+(?:\.[\w-]+)+|(?:(?:\+|(?<!\d))1[ .-]*)?{_TEN_DIGITS}(?!\d)"
    r"(?:,?\s*(?:extension|ext|x)\W*\d{1,6}\b)?|"
    r"(?<![\d-])\d{3}-\d{4}(?![\d-])|(?<=\b(?:call|text|cell) )\d{10}(?!\d)"
)
_NAME = r"[A-Z][\w'’-]*\.?"
_PERSON_IN_NOTES = re.compile(
    r"\b(?i:(contact|call|text|ask for|reach|speak (?:to|with)|questions\??|chairperson|chair|secretary|treasurer|gsr))"
    rf"(\s*+[:-]\s++|\s++)(?!(?:In|Line|Number|Zoom|ID|The|Our|Central|Intergroup)\b){_NAME}(?:\s+{_NAME}){{1,2}}"
)
"""A first and last name (or its initial) behind a word that says that a person follows."""


def is_private(name: str) -> bool:
    """Tell whether a field's name says that it holds a person or how to reach one."""
    return name not in _OF_PLACES and _PERSON.fullmatch(plain_name(name)) is not None


def is_of_person(phone: Any) -> bool:
    """Tell whether a record of a telephone number says that it is that of a person to contact, as HSDS does."""
    return isinstance(phone, dict) and any(plain_name(key) == "contactid" and value for key, value in phone.items())


def _of_place(phones: Any) -> Any:
    return [one for one in phones if not is_of_person(one)] if isinstance(phones, list) else phones


def without_contacts(raw: bytes, where: str, clean: Callable[[Any], Any] | None = None) -> bytes:
    """Return a feed of JSON, JSON lines or CSV without the fields that hold persons; the same bytes if it has none.

    `clean` takes them out of a document in place of `without_persons`; where it is `without_members`, notes in a table
    lose them too. What is none of these, or damaged, comes back as it is: its parser will refuse it.

    Raises
    ------
    SourceError
        It is nested too deeply to be looked through.
    """
    clean = clean or without_persons
    first = raw.lstrip()[:1]
    try:
        if first == b"<":
            return raw
        if first not in (b"{", b"["):
            if clean is without_members:
                return without_columns(raw, where, _is_telling_members, _note)
            return without_columns(
                raw, where, is_private, is_unwanted_row=is_of_person if where.lower() in _PHONES else None
            )
        return _json(raw, where, clean)
    except SourceError:
        return raw
    except RecursionError:
        raise SourceError(f"{where} is nested too deeply to be a feed.") from None


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
    """Return a document without the fields that hold persons, and telephones that are theirs, however deep they lie."""
    if isinstance(value, list):
        return [without_persons(one) for one in value]
    if isinstance(value, dict):
        return {
            key: without_persons(_of_place(one) if key.lower() in _PHONES else one)
            for key, one in value.items()
            if not is_private(key)
        }
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
    """Return a note without telephone numbers, e-mail addresses and persons to ask for, which are members'."""
    return _PERSON_IN_NOTES.sub(r"\1\2…", _REACHED_AT.sub("…", text))


def _note(name: str, text: str) -> str:
    """Return a cell; of notes without telephone numbers, e-mail addresses and the persons to ask for."""
    return without_numbers(text) if _NOTES.fullmatch(plain_name(name)) else text


def _is_telling_members(name: str) -> bool:
    return _is_members(name) and not _NOTES.fullmatch(plain_name(name))


def _is_members(name: str) -> bool:
    return is_private(name) or _MEMBERS.fullmatch(plain_name(name)) is not None
