"""Score surfaces kept beside their region: worked out once for a profile and a date, read back at once.

Each lies in `data_folder()/surfaces/<region>/<name>/`: `surface.parquet`, and `surface.json` with what it was made
from and the table's SHA-256. One made of another state of the region, or that is damaged, counts as not there; the
first kind is removed when a new one is kept. A surface holds nothing about people: it may be shared as it is.
"""

import datetime
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from geo.errors import InputError
from geo.needs.needs import PROFILES, Needs
from geo.score import surface
from sources.formats.store import (
    digest_of,
    file_digest,
    put_back,
    read_document,
    read_table,
    remove_folder,
    replacing,
    write_document,
    write_table,
)
from sources.region.ended import seen_on, timetable_ended
from sources.region.folders import data_folder
from sources.region.model import Region

if TYPE_CHECKING:
    from geo.score.support import RegionSupport

_TABLE, _DOCUMENT = "surface.parquet", "surface.json"


def kept_surface(
    region: Region,
    needs: Needs,
    date: datetime.date,
    parameters_hash: str,
    today: datetime.date | None = None,
) -> tuple[pd.DataFrame, dict[str, Any]] | None:
    """Return a surface that was kept, and what it was made from; None if there is none for just this.

    The document has `profile`, `date`, `needs`, `parameters_hash`, `region_hash`, `cells`, `made_on`, `sha256`; and
    `timetable_ended` where its timetable had ended: one that was made before then is not for just this any more.
    """
    folder = _folder(region.facts.name, _made_from(region, needs, date, parameters_hash, today))
    put_back(folder.parent)
    document = read_document(folder / _DOCUMENT)
    if document is None or not (folder / _TABLE).is_file() or file_digest(folder / _TABLE) != document["sha256"]:
        return None
    return read_table(folder / _TABLE), document


def make_surfaces(
    region: Region,
    support: "RegionSupport",
    needs: Needs,
    date: datetime.date,
    profiles: Sequence[str],
    progress: surface.Progress | None = None,
    today: datetime.date | None = None,
) -> None:
    """Score every populated area for each of the profiles, and keep the surfaces; all four cost less than two alone.

    Raises
    ------
    InputError
        The region knows of no area where people live.
    DateError, NeedsError
        The date or the needs can't be used.
    RegionError
        The disk can't be written.
    """
    cells = surface.populated_cells(region.zones)
    if cells.empty:
        raise InputError(
            f"The region {region.facts.name} has no populated areas that could be scored; build it again with --zones."
        )
    seen = seen_on(region.facts, today)
    if set(profiles) == set(PROFILES):
        table = surface.score_profiles(support, cells, needs, date, progress, seen)
    else:
        parts = len(profiles)
        table = pd.concat(
            [
                surface.score_cells(
                    support, cells, replace(needs, profile=profile), date, _part(progress, number, parts), seen
                )
                for number, profile in enumerate(profiles)
            ],
            ignore_index=True,
        )
    for profile in profiles:
        own = table[table["profile"] == profile].reset_index(drop=True)
        keep_surface(region, own, replace(needs, profile=profile), date, support.parameters.hash, today)


def keep_surface(
    region: Region,
    table: pd.DataFrame,
    needs: Needs,
    date: datetime.date,
    parameters_hash: str,
    today: datetime.date | None = None,
) -> None:
    """Keep one surface; those of another state of the region are removed.

    Raises
    ------
    RegionError
        The disk can't be written.
    """
    made_from = _made_from(region, needs, date, parameters_hash, today)
    folder = _folder(region.facts.name, made_from)
    with replacing(folder) as aside:
        write_table(aside / _TABLE, table)
        made_on = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
        about = made_from | {"cells": len(table), "made_on": made_on, "sha256": file_digest(aside / _TABLE)}
        write_document(aside / _DOCUMENT, about)
    for other in sorted(path for path in folder.parent.glob("[!.]*") if path.is_dir()):
        document = read_document(other / _DOCUMENT)
        if document is None or document["region_hash"] != region.facts.region_hash:
            remove_folder(other)


def forget_surfaces(name: str) -> None:
    """Remove all surfaces of a region.

    Raises
    ------
    RegionError
        The disk can't be written.
    """
    folder = data_folder() / "surfaces" / name
    if folder.is_dir():
        remove_folder(folder)


def _made_from(
    region: Region, needs: Needs, date: datetime.date, parameters_hash: str, today: datetime.date | None
) -> dict[str, Any]:
    ended = timetable_ended(region, date, today)
    return {
        "region": region.facts.name,
        "region_hash": region.facts.region_hash,
        "parameters_hash": parameters_hash,
        "profile": needs.profile,
        "needs": asdict(needs),
        "date": date.isoformat(),
        **({} if ended is None else {"timetable_ended": ended.isoformat()}),
    }


def _folder(region: str, made_from: dict[str, Any]) -> Path:
    name = f"{made_from['profile']}-{made_from['date']}-{digest_of(made_from)[:16]}"
    return data_folder() / "surfaces" / region / name


def _part(progress: surface.Progress | None, number: int, parts: int) -> surface.Progress | None:
    return None if progress is None else lambda share: progress((number + share) / parts)
