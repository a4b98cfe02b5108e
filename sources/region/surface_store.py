"""Score surfaces kept beside their region: worked out once for a profile and a date, read back at once.

Each lies in `data_folder()/surfaces/<region>/<name>/`: `surface.parquet`, and `surface.json` with what it was made
from and the table's SHA-256. One made of another state of the region or by another version of the code, or that is
damaged, counts as not there. When a new one is kept, those of another version are removed, and those of other builds
but for the one before, which `sources.region.update.undo_update` may put back. A surface holds nothing about
people: it may be shared as it is.
"""

import datetime
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from geo.dates import local_date
from geo.errors import InputError, RegionError
from geo.needs.needs import PROFILES, Needs
from geo.score import surface
from sources.formats.store import (
    digest_of,
    file_digest,
    last_kept,
    put_back,
    read_document,
    read_table,
    remove_folder,
    replacing,
    take_turns,
    write_document,
    write_table,
)
from sources.region.build_context import code_digest
from sources.region.ended import seen_on, timetable_ended
from sources.region.folders import data_folder, region_folder
from sources.region.model import Region
from sources.region.surface_blocks import (
    AREAS_AT_ONCE,
    Blocks,
    begin,
    begun_on,
    blocks_in,
    forget_blocks,
    keep_block,
    missing,
    put_together,
)

if TYPE_CHECKING:
    from geo.score.support import RegionSupport

_TRIES = 3
_TABLE, _DOCUMENT = "surface.parquet", "surface.json"
_TURN = ".making.lock"


def kept_surface(
    region: Region,
    needs: Needs,
    date: datetime.date,
    parameters_hash: str,
    today: datetime.date | None = None,
    own: Sequence[str] = (),
) -> tuple[pd.DataFrame, dict[str, Any]] | None:
    """Return a surface that was kept, and what it was made from; None if there is none for just this.

    `own` are the beginnings of the ids of its areas, where it isn't of all.

    The document has `profile`, `date`, `needs`, `parameters_hash`, `region_hash`, `code`, `cells`, `made_on`,
    `sha256`; and `timetable_ended` where its timetable had ended: one that was made before then is not for just this
    any more.
    """
    folder = _folder(region.facts.name, _made_from(region, needs, date, parameters_hash, today, own))
    put_back(folder.parent)
    document = read_document(folder / _DOCUMENT)
    if document is None or not (folder / _TABLE).is_file() or file_digest(folder / _TABLE) != document["sha256"]:
        return None
    return read_table(folder / _TABLE), document


def kept_dates(
    region: Region, needs: Needs, parameters_hash: str, today: datetime.date | None = None
) -> list[datetime.date]:
    """Return the dates for which such a surface is kept of the region as it is, in order; none of them is read."""
    base = data_folder() / "surfaces" / region.facts.name
    put_back(base)
    kept = {path: read_document(path / _DOCUMENT) for path in base.glob("[!.]*") if (path / _TABLE).is_file()}
    dates = {path: datetime.date.fromisoformat(document["date"]) for path, document in kept.items() if document}
    return sorted(
        date
        for path, date in dates.items()
        if path == _folder(region.facts.name, _made_from(region, needs, date, parameters_hash, today))
    )


def make_surfaces(
    region: Region,
    support: "RegionSupport",
    needs: Needs,
    date: datetime.date,
    profiles: Sequence[str],
    progress: surface.Progress | None = None,
    today: datetime.date | None = None,
    at_once: int = AREAS_AT_ONCE,
) -> None:
    """Score every populated area for each of the profiles, and keep the surfaces; all four cost less than two alone.

    Blocks of `at_once` areas are kept as they are done: a run that was cut off is gone on with by the next one. One
    process at a time makes surfaces of a region; who waited for one that made just these has them.

    Raises
    ------
    InputError
        The region knows of no area where people live.
    DateError, NeedsError
        The date or the needs can't be used.
    RegionError
        The disk can't be written.
    """
    cells, used = cells_of(region), support.parameters.hash
    blocks = surface_blocks(region, cells, needs, date, profiles, used, today, at_once=at_once)
    with take_turns(blocks.folder.parent / _TURN) as waited:
        asked = (replace(needs, profile=profile) for profile in profiles)
        if waited and all(kept_surface(region, one, date, used, today) for one in asked):
            return
        for _ in range(_TRIES):
            seen = begin(blocks, seen_on(region.facts, today))
            left = missing(blocks)
            if progress is not None:
                progress(1 - len(left) / blocks.count)
            for done, number in enumerate(left, blocks.count - len(left)):
                tell = _part(progress, done, blocks.count)
                table = score_block(support, cells[blocks.rows(number)], needs, date, profiles, tell, seen)
                keep_block(blocks, number, table)
            if keep_blocks(region, blocks, needs, date, profiles, used, today):
                return
    raise RegionError(
        f"The blocks of the surface of {region.facts.name} were removed {_TRIES} times while it was being made; see "
        f"which other process removes them from {blocks.folder.parent}, and run it again."
    )


def cells_of(region: Region, own: Sequence[str] = ()) -> pd.DataFrame:
    """Return the populated areas of a region, as `geo.score.surface.populated_cells`: all, or those of its own.

    Parameters
    ----------
    own
        How the ids of its own areas begin; none: all are.

    Raises
    ------
    InputError
        There is none.
    """
    cells = surface.populated_cells(region.zones)
    if own:
        cells = cells[cells["id"].str.startswith(tuple(own))].reset_index(drop=True)
    if cells.empty:
        which = f" whose ids begin with {' or '.join(own)}" if own else ""
        raise InputError(
            f"The region {region.facts.name} has no populated areas{which} that could be scored; build it again with "
            "--zones."
        )
    return cells


def surface_blocks(
    region: Region,
    cells: pd.DataFrame,
    needs: Needs,
    date: datetime.date,
    profiles: Sequence[str],
    parameters_hash: str,
    today: datetime.date | None = None,
    own: Sequence[str] = (),
    at_once: int = AREAS_AT_ONCE,
) -> Blocks:
    """Return the blocks in which the surfaces of some profiles are made."""
    asked = [_made_from(region, replace(needs, profile=one), date, parameters_hash, today, own) for one in profiles]
    return blocks_in(data_folder() / "surfaces" / region.facts.name, {"surfaces": asked}, len(cells), at_once)


def score_block(
    support: "RegionSupport",
    cells: pd.DataFrame,
    needs: Needs,
    date: datetime.date,
    profiles: Sequence[str],
    progress: surface.Progress | None = None,
    today: datetime.date | None = None,
) -> pd.DataFrame:
    """Return the scores of some areas for each of the profiles, as `geo.score.surface.score_cells`.

    Raises
    ------
    DateError, NeedsError
        The date or the needs can't be used.
    """
    cells = cells.reset_index(drop=True)
    if set(profiles) == set(PROFILES):
        return surface.score_profiles(support, cells, needs, date, progress, today)
    asked = [replace(needs, profile=profile) for profile in profiles]
    tables = [
        surface.score_cells(support, cells, one, date, _part(progress, number, len(asked)), today)
        for number, one in enumerate(asked)
    ]
    return pd.concat(tables, ignore_index=True)


def keep_blocks(
    region: Region,
    blocks: Blocks,
    needs: Needs,
    date: datetime.date,
    profiles: Sequence[str],
    parameters_hash: str,
    today: datetime.date | None = None,
    own: Sequence[str] = (),
) -> bool:
    """Keep the surfaces whose blocks are all made, and remove the blocks.

    Returns
    -------
    bool
        Whether the surfaces are kept now, by this process or by another one that made the same; without that, blocks
        are missing and are to be made again.

    Raises
    ------
    RegionError
        The disk can't be written.
    """
    asked = [replace(needs, profile=profile) for profile in profiles]
    try:
        made_on = None if region.facts.fictional else begun_on(blocks)  # a fictional one is always seen on its own date
        for one in asked:
            table = put_together(blocks, one.profile)
            keep_surface(region, table, one, date, parameters_hash, today, own, made_on)
    except FileNotFoundError:
        if not all(kept_surface(region, one, date, parameters_hash, today, own) for one in asked):
            return False
    forget_blocks(blocks)
    return True


def keep_surface(
    region: Region,
    table: pd.DataFrame,
    needs: Needs,
    date: datetime.date,
    parameters_hash: str,
    today: datetime.date | None = None,
    own: Sequence[str] = (),
    made_on: datetime.date | None = None,
) -> None:
    """Keep one surface; those of another version, and of builds before the last but one, are removed.

    Parameters
    ----------
    made_on
        The day as of which it was scored; today without.

    Raises
    ------
    RegionError
        The disk can't be written.
    """
    made_from = _made_from(region, needs, date, parameters_hash, today, own)
    folder = _folder(region.facts.name, made_from)
    with replacing(folder) as aside:
        write_table(aside / _TABLE, table)
        made_on = made_on or local_date(region.facts.time_zone)
        about = made_from | {"cells": len(table), "made_on": made_on.isoformat(), "sha256": file_digest(aside / _TABLE)}
        write_document(aside / _DOCUMENT, about)
    here = region_folder(region.facts.name)
    builds = [read_document(one / "region.json") for one in (here, last_kept(here)) if one is not None]
    at_hand = {region.facts.region_hash, *(build["region_hash"] for build in builds if build is not None)}
    for other in sorted(path for path in folder.parent.glob("[!.]*") if path.is_dir()):
        document = read_document(other / _DOCUMENT)
        if document is None or document.get("code") != made_from["code"] or document["region_hash"] not in at_hand:
            remove_folder(other)


def forget_surfaces(name: str) -> bool:
    """Remove all surfaces of a region, and return whether there were any.

    Raises
    ------
    RegionError
        The disk can't be written.
    """
    return remove_folder(data_folder() / "surfaces" / name)


def _made_from(
    region: Region,
    needs: Needs,
    date: datetime.date,
    parameters_hash: str,
    today: datetime.date | None,
    own: Sequence[str] = (),
) -> dict[str, Any]:
    ended = timetable_ended(region, date, today)
    return {
        "region": region.facts.name,
        "region_hash": region.facts.region_hash,
        "parameters_hash": parameters_hash,
        "code": code_digest(),
        "profile": needs.profile,
        "needs": asdict(needs),
        "date": date.isoformat(),
        **({} if ended is None else {"timetable_ended": ended.isoformat()}),
        **({"own": sorted(own)} if own else {}),
    }


def _folder(region: str, made_from: dict[str, Any]) -> Path:
    name = f"{made_from['profile']}-{made_from['date']}-{digest_of(made_from)[:16]}"
    return data_folder() / "surfaces" / region / name


def _part(progress: surface.Progress | None, number: int, parts: int) -> surface.Progress | None:
    return None if progress is None else lambda share: progress((number + share) / parts)
