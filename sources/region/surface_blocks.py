"""Surfaces that are being made: blocks of areas that are done, so that a run that is cut off loses none of them.

They lie in `data_folder()/surfaces/<region>/.blocks-<key>/<number>/`, written aside and renamed as a region is, until
the last one is there and the surface is put together. The key is the digest of all that the scores rest on, so that
blocks of another build, date or version are never taken for these.
"""

import datetime
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from sources.formats.store import (
    clear_leftovers,
    digest_of,
    file_digest,
    put_document,
    read_document,
    read_table,
    remove_folder,
    replacing,
    write_document,
    write_table,
)

AREAS_AT_ONCE = 4096
"""Areas of a block, unless told otherwise: what is lost when a run is cut off, and held until it is written."""
_GO_ON_FOR = datetime.timedelta(days=7)
_GIVEN_UP_SECONDS = 24 * 3600
_BLOCKS, _BEGUN = ".blocks-", "begun.json"
_TABLE, _DOCUMENT = "block.parquet", "block.json"


@dataclass(frozen=True)
class Blocks:
    """The blocks of a surface: where they lie, how many areas there are, and how many a block has at most."""

    folder: Path
    areas: int
    at_once: int

    @property
    def count(self) -> int:
        """How many blocks there are."""
        return -(-self.areas // self.at_once)

    def rows(self, number: int) -> slice:
        """Return which areas a block has."""
        return slice(number * self.at_once, min((number + 1) * self.at_once, self.areas))


def blocks_in(folder: Path, made_from: Mapping[str, Any], areas: int, at_once: int) -> Blocks:
    """Return the blocks of a surface that is kept in a folder of surfaces, once it is made.

    Parameters
    ----------
    made_from
        All that the scores rest on, as plain values.
    """
    key = digest_of({**made_from, "areas": areas, "at_once": at_once})
    return Blocks(folder / f"{_BLOCKS}{key[:16]}", areas, at_once)


def begin(blocks: Blocks, today: datetime.date) -> datetime.date:
    """Return the day on which a surface was begun, so that a run that goes on the day after scores by the same one.

    One that was begun over a week ago is begun anew: what is said of beds and timetables would be as old. Blocks of
    other surfaces of the region go once nobody has added to them for a day, and so does what killed processes left.

    Raises
    ------
    RegionError
        The disk can't be written.
    """
    base = blocks.folder.parent
    for other in base.glob(f"{_BLOCKS}*") if base.is_dir() else ():
        if other != blocks.folder and _idle_seconds(other) > _GIVEN_UP_SECONDS:
            remove_folder(other)
    begun = begun_on(blocks)
    if begun is None or today - begun > _GO_ON_FOR:
        remove_folder(blocks.folder)
        begun = today
        put_document(blocks.folder / _BEGUN, {"today": begun.isoformat()})
    clear_leftovers(blocks.folder)
    return begun


def begun_on(blocks: Blocks) -> datetime.date | None:
    """Return the day on which a surface was begun; None if it wasn't, or its blocks were removed."""
    known = read_document(blocks.folder / _BEGUN)
    return None if known is None else datetime.date.fromisoformat(known["today"])


def keep_block(blocks: Blocks, number: int, table: pd.DataFrame) -> str:
    """Keep the scores of a block, and return their SHA-256.

    Raises
    ------
    RegionError
        The disk can't be written.
    """
    with replacing(blocks.folder / f"{number:05d}") as aside:
        write_table(aside / _TABLE, table)
        digest = file_digest(aside / _TABLE)
        write_document(aside / _DOCUMENT, {"rows": len(table), "sha256": digest})
    return digest


def is_kept(blocks: Blocks, number: int) -> bool:
    """Tell whether a block is there as it was written."""
    folder = blocks.folder / f"{number:05d}"
    known = read_document(folder / _DOCUMENT)
    return known is not None and (folder / _TABLE).is_file() and file_digest(folder / _TABLE) == known["sha256"]


def missing(blocks: Blocks) -> list[int]:
    """Return the blocks that are still to be made, in order."""
    return [number for number in range(blocks.count) if not is_kept(blocks, number)]


def put_together(blocks: Blocks, profile: str) -> pd.DataFrame:
    """Return the surface of a profile, all of whose blocks are kept: areas in their order.

    Raises
    ------
    FileNotFoundError
        A block isn't there: another process, which made the same surface, put it together and removed them.
    """

    def parts() -> Iterator[pd.DataFrame]:
        for number in range(blocks.count):
            table = read_table(blocks.folder / f"{number:05d}" / _TABLE)
            yield table[table["profile"] == profile]

    return pd.concat(list(parts()), ignore_index=True)


def forget_blocks(blocks: Blocks) -> None:
    """Remove the blocks of a surface that is made.

    Raises
    ------
    RegionError
        The disk can't be written.
    """
    remove_folder(blocks.folder)


def _idle_seconds(folder: Path) -> float:
    try:
        return time.time() - folder.stat().st_mtime
    except FileNotFoundError:  # another process has just removed it
        return 0.0
