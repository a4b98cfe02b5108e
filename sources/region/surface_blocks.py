"""Surfaces that are being made: blocks of areas that are done, so that a run that is cut off loses none of them.

They lie in `data_folder()/surfaces/<region>/.blocks-<key>/<number>/`, written aside and renamed as a region is, until
the last one is there and the surface is put together. The key is the digest of all that the scores rest on, so that
blocks of another build, date or version are never taken for these.
"""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from geo.errors import RegionError
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

    Blocks of other surfaces of the region, and what killed processes left, are removed.

    Raises
    ------
    RegionError
        The disk can't be written.
    """
    base = blocks.folder.parent
    for other in base.glob(f"{_BLOCKS}*") if base.is_dir() else ():
        if other != blocks.folder:
            remove_folder(other)
    known = read_document(blocks.folder / _BEGUN)
    if known is None:
        known = {"today": today.isoformat()}
        put_document(blocks.folder / _BEGUN, known)
    clear_leftovers(blocks.folder)
    return datetime.date.fromisoformat(known["today"])


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
    RegionError
        Another process, which made other surfaces of the region, removed them.
    """

    def parts() -> Iterator[pd.DataFrame]:
        for number in range(blocks.count):
            try:
                table = read_table(blocks.folder / f"{number:05d}" / _TABLE)
            except OSError:
                raise RegionError(
                    f"Another process made surfaces of {blocks.folder.parent.name} meanwhile, and removed what was "
                    "done of these; run this again."
                ) from None
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
