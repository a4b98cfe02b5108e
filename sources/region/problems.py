"""Rows of a person's own lists that can't be used as they are: each as it was, with what is wrong and what to do."""

import re
from collections.abc import Callable, Mapping

import pandas as pd

from geo.errors import RegionError
from sources.cleaning.clean import is_confidential
from sources.formats.csv_text import EXTRA
from sources.formats.store import read_document
from sources.region.damage import check_own_copy
from sources.region.inputs import OWN_LISTS
from sources.region.model import Region
from sources.resources.table import list_rows

ADDED = ("row", "problem", "what to do")
"""Columns before those of the list; read again with it, they are passed over."""
CONFIDENTIAL = "confidential"
_NEGATIVE = re.compile(r"-\d{1,15}(?:\.\d{1,15})?")
_ORDER = ("set_aside", "notice")


def listed_problems(region: Region) -> list[str]:
    """Return the labels of a region's own lists of which some row has a problem."""
    notes = region.set_aside[region.set_aside["outcome"].isin(_ORDER) & (region.set_aside["code"] != CONFIDENTIAL)]
    return [label for label in _own_lists(region) if (notes["source"] == label).any()]


def problem_rows(region: Region, label: str, advise: Callable[[str], str]) -> pd.DataFrame:
    """Return the rows of a list that were set aside, then those of which something couldn't be read, a row once.

    Parameters
    ----------
    label
        Of the list.
    advise
        What to do about a code of SET_ASIDE, in words.

    Returns
    -------
    DataFrame
        `ADDED`, then the list's own columns as text. A row with several problems tells them all. What a region doesn't
        keep of a list (contacts of persons) isn't in it, nor is any row whose place is confidential.

    Raises
    ------
    RegionError
        The region has no list of its own with that label, or its copy of it is damaged.
    """
    file = _own_lists(region).get(label)
    if file is None:
        names = ", ".join(_own_lists(region)) or "none"
        raise RegionError(
            "The region {name!r} has no list of your own called {label!r}; it has: {names}.",
            name=region.facts.name,
            label=label,
            names=names,
        )
    check_own_copy(region.folder, region.folder / file)
    rows = list_rows((region.folder / file).read_bytes(), file)
    notes = region.set_aside[(region.set_aside["source"] == label) & region.set_aside["outcome"].isin(_ORDER)]
    hidden = set(notes.loc[notes["code"] == CONFIDENTIAL, "row"])
    hidden |= {str(number) for number, row in enumerate(rows, 1) if _is_hidden(row)}
    notes = notes[~notes["row"].isin(hidden)]
    notes = notes.assign(at=pd.to_numeric(notes["row"], errors="coerce"))
    notes = notes[notes["at"].between(1, len(rows))].drop_duplicates(["at", "code", "reason"])
    notes = notes.assign(order=notes["outcome"].map(_ORDER.index)).sort_values(["order", "at"], kind="stable")
    problems = []
    for at, own in notes.groupby("at", sort=False):
        row = rows[int(at) - 1]
        cells = {str(name): _cell(cell) for name, cell in (row or {}).items() if not str(name).startswith("\0")}
        problem, advice = (
            " ".join(dict.fromkeys(map(str, texts))) for texts in (own["reason"], own["code"].map(advise))
        )
        problems.append(dict(zip(ADDED, (str(int(at)), problem, advice), strict=True)) | cells)
    headings = dict.fromkeys(name for row in rows if row for name in row if name != EXTRA and not name.startswith("\0"))
    return pd.DataFrame(problems, columns=[*ADDED, *(name for name in headings if name not in ADDED)])


def _is_hidden(row: Mapping[str, object] | None) -> bool:
    """Tell whether a row says that its place isn't public, whatever else is wrong with it and was noticed first."""
    cells = [str(cell) for cell in (row or {}).values() if isinstance(cell, str)]
    return any(cell.strip().lower() == "hidden" for cell in cells) or is_confidential(*cells)


def _cell(cell: object) -> object:
    """Return a cell as it was; a number below 0 as a number, since text that begins with - may act as a formula."""
    return float(cell) if isinstance(cell, str) and _NEGATIVE.fullmatch(cell.strip()) else cell


def _own_lists(region: Region) -> dict[str, str]:
    """Return label → path inside the region of its own lists."""
    document = read_document(region.folder / "region.json") or {"recipe": {"inputs": []}}
    return {
        entry["label"]: entry["file"]
        for entry in document["recipe"]["inputs"]
        if entry["role"] == "resources" and entry["source"] in OWN_LISTS
    }
