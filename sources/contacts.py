"""Contacts of persons, taken out of a feed before a region keeps its bytes: they are not stored, not even raw.

A field goes by its name. Telephone numbers and pages of places stay; whoever answers there is theirs to say.
"""

import json
import re
from typing import Any

from geo.errors import SourceError
from sources.csvtext import plain_name, without_columns
from sources.jsontext import read_json, read_json_lines

_PERSON = re.compile(
    r".*email.*|(?:public|site|primary|program|main|admin|executive|intake)?contacts?(?!s?(?:type|url|page|website)$).*|"
    r"authorizedofficial.*|basicauthorized.*|author(?:name|email)?s?|(?:site|house|program|case)?managers?(?:name|phone)?|"
    r"(?:executive|program|medical)?directors?(?:name|phone)?|veteranrep.*|businessrep.*|caseworkers?|staffnames?|"
    r"(?:first|middle|last|sur)names?|dateofbirth|dob|ssn|socialsecurity.*|venmo|paypal|square|mgr|mgrphone"
)


def is_private(name: str) -> bool:
    """Tell whether a field's name says that it holds a person or how to reach one."""
    return _PERSON.fullmatch(plain_name(name)) is not None


def without_contacts(raw: bytes, where: str) -> bytes:
    """Return a feed of JSON, JSON lines or CSV without the fields that hold persons; the same bytes if it has none.

    What is none of these, or damaged, comes back as it is: its parser will refuse it.
    """
    first = raw.lstrip()[:1]
    try:
        if first == b"<":
            return raw
        if first not in (b"{", b"["):
            return without_columns(raw, where, is_private)
        return _json(raw, where)
    except SourceError:
        return raw


def _json(raw: bytes, where: str) -> bytes:
    try:
        documents, is_lines = [read_json(raw, where)], False
    except SourceError:
        documents, is_lines = read_json_lines(raw, where), True
    kept = [without_persons(document) for document in documents]
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
