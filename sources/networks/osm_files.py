"""OpenStreetMap files: opened, refused where they are none, and handed over as text (OPL, one object a line)."""

import bz2
import gzip
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import osmium
from osmium import io, osm

from geo.errors import SourceError

DAMAGED = (RuntimeError, ValueError, osmium.InvalidLocationError)
"""What osmium raises on a file that can't be read."""

_PROLOGUE_BYTES = 65536
_SMALL_BYTES = 8_000_000
_ESCAPE = re.compile("%([0-9a-f]+)%")
_FIRST_HALF, _LAST_HALF = 0xD800, 0xDFFF
"""Of pairs that stand for one character in UTF-16, and are none alone."""
_PACKINGS: dict[str, Callable[..., Any]] = {".gz": gzip.open, ".bz2": bz2.open}
_GONE = re.compile(
    rb"""<(node|way|relation)\s[^<>]*?\b(?:visible\s*+=\s*+["']false|action\s*+=\s*+["']delete)[^<>]*>"""
)
_NUMBER = {name: re.compile(rb"""\s%s\s*+=\s*+["'](-?\d{1,20})["']""" % name) for name in (b"id", b"version")}


def open_extract(path: Path) -> io.File:
    """Return the extract as an osmium file, refusing what is not one.

    Raises
    ------
    SourceError
        The file is missing, empty, not named like an extract, or XML with a document type (a DTD can hold
        entities that grow without bound or fetch other files).
    """
    kind, unpack = _form(path)
    if kind is None:
        raise SourceError(
            "Expected an extract named .osm.pbf, .osm, .osm.gz or .osm.bz2, or a graph of osmnx named .graphml, but "
            f"got {path.name}."
        )
    if not path.is_file():
        raise SourceError(f"There is no file {path.name} in {path.parent}; check the path.")
    start = prologue(path)
    if not start:
        raise SourceError(f"{path.name} is empty; download the extract again.")
    if kind == "osm":
        if b"<!" in start.replace(b"<!--", b""):
            raise SourceError(
                f"{path.name} has a document type (<!DOCTYPE …>), which OpenStreetMap files never have; not read."
            )
        if b"<osm" not in start:
            raise SourceError(f"Expected OpenStreetMap XML (<osm …>) in {path.name}, but found another kind.")
    file = io.File(str(path), f"{kind}{path.suffix.lower()}" if unpack else kind)
    if _is_history(file, path):
        raise SourceError(
            f"{path.name} is a history file, which holds every version of the map; give an extract of one day "
            "(osmium time-filter makes one)."
        )
    return file


def prologue(path: Path) -> bytes:
    """Return the first bytes of an extract, unpacked.

    Raises
    ------
    SourceError
        It can't be read.
    """
    _, unpack = _form(path)
    try:
        with (unpack or open)(path, "rb") as file:
            return bytes(file.read(_PROLOGUE_BYTES))
    except (OSError, EOFError) as problem:
        raise unreadable(path, problem) from problem


def _form(path: Path) -> tuple[str | None, Callable[..., Any] | None]:
    """Return what an extract is by its name, ``pbf`` or ``osm`` (XML), None for neither, and what unpacks it."""
    unpack = _PACKINGS.get(path.suffix.lower())
    kind = {".pbf": "pbf", ".osm": "osm", ".xml": "osm"}.get(Path(path.stem if unpack else path.name).suffix.lower())
    return (None if unpack and kind == "pbf" else kind), unpack


def _is_history(file: io.File, path: Path) -> bool:
    try:
        with io.Reader(file, osm.NOTHING) as reader:
            return bool(reader.header().has_multiple_object_versions)
    except DAMAGED as problem:
        raise unreadable(path, problem) from problem


def locations(path: Path) -> Any:
    """Return the handler that keeps the places of an extract's nodes, and tells them to its ways."""
    # of a node that is there twice, one index keeps the later, the other, which takes less memory, either
    kind = "sparse_mem_map" if path.stat().st_size < _SMALL_BYTES else "flex_mem"
    handler = osmium.NodeLocationsForWays(osmium.index.create_map(kind))
    handler.ignore_errors()  # a node beyond the extract's border has no location; the way is cut there
    return handler


def unreadable(path: Path, problem: Exception) -> SourceError:
    """Return the error that says a file is damaged."""
    return SourceError(f"{path.name} can't be read as an OpenStreetMap extract ({problem}); download it again.")


def copy_objects(file: io.File, kinds: Any, handlers: list[Any], target: Path | None) -> None:
    """Pass the objects of some kinds through the handlers and write what is left as OPL text."""
    with io.Reader(file, kinds) as reader:
        if target is None:
            osmium.apply(reader, *handlers)
            return
        form = io.File(str(target), "opl,locations_on_ways=true,add_metadata=version")
        with osmium.SimpleWriter(form) as writer:
            osmium.apply(reader, *handlers, writer)


def opl_lines(path: Path) -> Iterator[list[str]]:
    """Yield each object of an OPL file as its fields."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield line.rstrip("\n").split(" ")


def object_fields(parts: list[str]) -> dict[str, str]:
    """Return the fields of an OPL line by their letter."""
    return {part[0]: part[1:] for part in parts[1:] if part}


def opl_tags(text: str, wanted: frozenset[str]) -> dict[str, str]:
    """Return the wanted tags of an OPL ``T`` field."""
    tags = {}
    for pair in text.split(","):
        key, _, value = pair.partition("=")
        if key in wanted:
            tags[key] = _ESCAPE.sub(_character, value) if "%" in value else value
    return tags


def _character(code: re.Match[str]) -> str:
    """Return the character of an escape; what is none (beyond Unicode, half of a pair) reads as one that is lost."""
    number = int(code[1], 16)
    is_character = number <= sys.maxunicode and not _FIRST_HALF <= number <= _LAST_HALF
    return chr(number) if is_character else "\N{REPLACEMENT CHARACTER}"


def newest(
    ids: Sequence[int], versions: Sequence[int], kind: str, gone: Mapping[tuple[str, int], int]
) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Return the positions of every id's newest version, by ascending id; without what was `deleted` since."""
    order = np.lexsort((versions, ids))
    sorted_ids = np.asarray(ids, np.int64)[order]
    last = np.append(sorted_ids[1:] != sorted_ids[:-1], True) if len(ids) else np.empty(0, bool)
    chosen: np.ndarray[Any, np.dtype[np.int64]] = order[last]
    if gone:
        there = [versions[i] > gone.get((kind, ids[i]), -1) for i in chosen]
        chosen = chosen[np.array(there, np.bool_)]
    return chosen


def deleted(path: Path) -> dict[tuple[str, int], int]:
    """Return the version in which objects of an XML file (``n``, ``w`` or ``r`` and id) were deleted.

    They are marked ``visible="false"``, or by an editor ``action="delete"``, and may stand beside older versions.
    """
    kind, unpack = _form(path)
    gone: dict[tuple[str, int], int] = {}
    if kind == "pbf":
        return gone
    with (unpack or open)(path, "rb") as file:
        for line in file:
            if b"false" not in line and b"delete" not in line:
                continue
            for tag in _GONE.finditer(line):
                number = {name: match[1] for name, form in _NUMBER.items() if (match := form.search(tag[0]))}
                if b"id" in number:
                    gone[tag[1][:1].decode(), int(number[b"id"])] = int(number.get(b"version", 0))
    return gone


def line_of(refs: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return lon, lat of the located nodes of an OPL ``N`` field; 0, 0 is no place."""
    pairs = (ref.partition("x")[2].partition("y") for ref in refs.split(","))
    return np.array([(float(x), float(y)) for x, _, y in pairs if x and (x, y) != ("0", "0")]).reshape(-1, 2)
