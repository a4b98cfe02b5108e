"""What a region keeps of each build that another one replaced, so that later ones can be held against it.

A record is a folder `builds/<region>/<when>-<hash>/` of the data folder: region.json, the network, who competes, and
the tables of places, sessions and zones; not the raw files, and nothing else that the map shows. Files that another
build has too are the same on the disk, and cost nothing. The newest `MOST_RECORDS` are kept, of `MOST_BYTES` in all.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sources.formats.store import (
    FORMAT,
    copy_file,
    file_checksum,
    put_back,
    read_document,
    remove_folder,
    replacing,
)
from sources.region.folders import data_folder

MOST_RECORDS = 24
MOST_BYTES = 500_000_000
_DOCUMENT = "region.json"
_PARTS = ("network/", "competition/")
_TABLES = frozenset({"resources.parquet", "sessions.parquet", "zones.parquet"})


def record_build(folder: Path) -> None:
    """Keep a record of the build in a region's folder, before another takes its place; too many are thinned out.

    One of another format, and one that is the same as the newest that is recorded, are passed over.

    Raises
    ------
    RegionError
        The disk can't be written.
    """
    document = read_document(folder / _DOCUMENT)
    if document is None or document.get("format") != FORMAT or not is_whole(folder, document):
        return
    before = list(recorded(folder.name))
    if before and before[-1][1]["region_hash"] == document["region_hash"]:
        return
    minute = "".join(mark for mark in document["built_on"] if mark.isdigit())
    written = (folder / _DOCUMENT).stat().st_mtime_ns  # of two builds in one minute, the earlier one comes first
    with replacing(_base(folder.name) / f"{minute}-{written:020d}-{document['region_hash'][:12]}") as aside:
        for path in (_DOCUMENT, *_recorded_files(document)):
            take(folder / path, aside / path)
    _thin(folder.name)


def recorded(name: str) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Give the records of a region of this version's format, oldest first: folder and region.json's facts."""
    base = _base(name)
    put_back(base)
    for path in sorted(base.glob("[!.]*")):
        document = read_document(path / _DOCUMENT)
        if document is not None and document.get("format") == FORMAT:
            yield path, document


def is_whole(folder: Path, document: dict[str, Any]) -> bool:
    """Return whether every file that a record has is there as it was written."""
    return all(
        (folder / path).is_file() and file_checksum(folder / path) == document["files"][path]
        for path in _recorded_files(document)
    )


def forget_builds(name: str) -> bool:
    """Remove all records of a region, and return whether there were any.

    Raises
    ------
    RegionError
        The disk can't be written.
    """
    return remove_folder(_base(name))


def take(source: Path, target: Path) -> None:
    """Give a file a second name; files of regions are never written to, only replaced."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:
        copy_file(source, target)


def _base(name: str) -> Path:
    return data_folder() / "builds" / name


def _recorded_files(document: dict[str, Any]) -> list[str]:
    return sorted(path for path in document["files"] if path.startswith(_PARTS) or path in _TABLES)


def _thin(name: str) -> None:
    """Remove records that can't be read, then the oldest, until no more than the most are left; the newest one stays.

    They are looked at only as far as their documents and the names of their files go.
    """
    records = sorted(_base(name).glob("[!.]*"), key=lambda path: (_is_readable(path), path.name))
    sizes = [
        {(one.stat().st_dev, one.stat().st_ino): one.stat().st_size for one in path.rglob("*") if one.is_file()}
        for path in records
    ]
    for number, path in enumerate(records[:-1]):
        left: dict[tuple[int, int], int] = {}
        for files in sizes[number:]:
            left |= files
        if len(records) - number <= MOST_RECORDS and sum(left.values()) <= MOST_BYTES:
            return
        remove_folder(path)


def _is_readable(path: Path) -> bool:
    document = read_document(path / _DOCUMENT)
    if document is None or document.get("format") != FORMAT:
        return False
    return all((path / file).is_file() for file in _recorded_files(document))
