"""JSON as its standard has it: what every reader of a feed's JSON goes through."""

import json
import sys
from collections.abc import Callable
from typing import Any

from geo.errors import SourceError

MOST_VALUES = 20_000_000
"""More is no feed, and would fill the memory: an empty list takes two bytes in a file, and over 60 in memory."""


def read_json(raw: bytes, where: str) -> Any:
    """Return the document, refusing what RFC 8259 doesn't allow (and byte order marks, which feeds shouldn't have).

    A whole number of thousands of digits, which Python doesn't read, comes as its text.

    Raises
    ------
    SourceError
        One sentence that names `where` and what is wrong with it; too many values included.
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


def record_of(value: Any) -> dict[str, Any]:
    """Return a record; an empty one of what is none."""
    return value if isinstance(value, dict) else {}


def records_of(value: Any) -> list[dict[str, Any]]:
    """Return the records of a list, and none of what is no list."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _text(raw: bytes, where: str) -> str:
    if raw.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        raise SourceError("{path} starts with a byte order mark; save it as UTF-8 without one.", path=where)
    if sum(map(raw.count, (b",", b"[", b"{"))) > MOST_VALUES:
        raise SourceError("{path} holds over {most:,} values; no feed does.", path=where, most=MOST_VALUES)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as problem:
        sentence = "{path} is not UTF-8 text: byte {byte} can't be read; save it as UTF-8."
        raise SourceError(sentence, path=where, byte=str(problem.start)) from None


def _decode(text: str, where: str, parse_int: Callable[[str], Any] | None = None) -> Any:
    if not text.strip():
        raise SourceError("{path} is empty where JSON was expected.", path=where)
    try:
        return json.loads(text, parse_constant=_refuse_constant, parse_int=parse_int)
    except json.JSONDecodeError as problem:
        raise SourceError(
            "{path} is not valid JSON: {problem} at line {line}, column {column}.",
            path=where, problem=problem.msg, line=str(problem.lineno), column=str(problem.colno),
        ) from None  # fmt: skip
    except RecursionError:
        raise SourceError("{path} is nested too deeply to be a feed.", path=where) from None
    except ValueError as problem:  # an integer of thousands of digits, or a refused constant
        if parse_int is None:
            return _decode(text, where, _whole)
        raise SourceError("{path} is not valid JSON: {problem}.", path=where, problem=str(problem)) from None


def _whole(digits: str) -> int | str:
    return int(digits) if len(digits) < sys.int_info.default_max_str_digits else digits


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")
