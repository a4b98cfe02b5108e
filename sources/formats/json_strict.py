"""JSON as its standard has it: what every reader of a feed's JSON goes through."""

import json
from typing import Any

from geo.errors import SourceError


def read_json(raw: bytes, where: str) -> Any:
    """Return the document, refusing what RFC 8259 doesn't allow (and byte order marks, which feeds shouldn't have).

    Raises
    ------
    SourceError
        One sentence that names `where` and what is wrong with it.
    """
    return _decode(_text(raw, where), where)


def read_json_lines(raw: bytes, where: str) -> list[Any]:
    """Return the documents of a file that holds one a line; empty lines are passed over.

    Raises
    ------
    SourceError
        Names the line that isn't JSON.
    """
    lines = _text(raw, where).split("\n")
    return [_decode(line, f"{where}, line {number}") for number, line in enumerate(lines, 1) if line.strip()]


def _text(raw: bytes, where: str) -> str:
    if raw.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        raise SourceError(f"{where} starts with a byte order mark; save it as UTF-8 without one.")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as problem:
        raise SourceError(f"{where} is not UTF-8 text: byte {problem.start} can't be read; save it as UTF-8.") from None


def _decode(text: str, where: str) -> Any:
    if not text.strip():
        raise SourceError(f"{where} is empty where JSON was expected.")
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as problem:
        raise SourceError(
            f"{where} is not valid JSON: {problem.msg} at line {problem.lineno}, column {problem.colno}."
        ) from None
    except RecursionError:
        raise SourceError(f"{where} is nested too deeply to be a feed.") from None
    except ValueError as problem:  # a refused constant, or an integer of thousands of digits
        raise SourceError(f"{where} is not valid JSON: {problem}.") from None


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")
