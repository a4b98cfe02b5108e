"""How the columns of zone files are recognized, and zone ids kept as text."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from geo.tables import ZONES, conform
from sources.cleaning.cells import LONGEST_ID
from sources.cleaning.report import Notes, Parsed
from sources.formats.csv_text import plain_name

ID_ALIASES = (
    "zoneid", "geoid20", "geoid", "geoid10", "geoid30", "tabblk2020", "blkidfp", "geoidfq", "id", "cellid", "h3",
)  # fmt: skip
MEASURES: dict[str, tuple[str, ...]] = {
    "population": ("population", "pop20", "pop", "people", "totpop", "poptotal", "totalpop", "p1001n", "b01003001e"),
    "workers": ("workers", "employed"),
    "need": ("need",),
    "jobs": ("jobs", "jobstotal", "totaljobs"),
    "income_usd": ("incomeusd", "medianincome", "medianhouseholdincome", "medinc", "b19013001e"),
    "no_car_percent": ("nocarpercent", "epnoveh"),
    "uninsured_percent": ("uninsuredpercent", "epuninsur"),
    "poverty_percent": ("povertypercent",),
    "under_18_percent": ("under18percent", "epage17"),
    "over_64_percent": ("over64percent", "epage65"),
} | {
    f"people_{race}": (f"people{race}", *theirs)
    for race, theirs in {
        "white": ("p1003n", "b02001002e"),
        "black": ("p1004n", "b02001003e"),
        "native": ("p1005n", "b02001004e"),
        "asian": ("p1006n", "b02001005e"),
        "pacific": ("p1007n", "b02001006e"),
        "other": ("p1008n", "b02001007e"),
        "several": ("p1009n", "b02001008e"),
        "hispanic": ("p2002n", "b03002012e"),
    }.items()
}
"""Our column → the names it goes by, compared by lower-case letters and digits alone."""


def recognize(columns: Iterable[str]) -> dict[str, str]:
    """Return `zone_id` and measures → the file's own column names, where it has them."""
    theirs = {plain_name(column): column for column in columns}
    wanted = {"zone_id": ID_ALIASES, **MEASURES}
    hits = {ours: next((theirs[a] for a in aliases if a in theirs), None) for ours, aliases in wanted.items()}
    return {ours: column for ours, column in hits.items() if column is not None}


def zones_from(frame: pd.DataFrame, notes: Notes, rows_in: int) -> Parsed:
    """Return `zones` of a frame with `row`, `zone_id` (may be empty), `lon`, `lat` and measures, as text or numbers.

    Census jam values (negative, such as -666666666) mean no data, and what is no number (1,234 could be 1.234) is left
    empty, each noted; a zone without a point, or one that
    repeats another, is set aside. A zone without an id goes by its point.
    """
    frame = frame.reset_index(drop=True)
    given = frame[[c.name for c in ZONES.columns if c.kind == "number" and c.name in frame]]
    numbers = given.apply(pd.to_numeric, errors="coerce").astype("float64")
    frame[list(given)] = numbers.where(np.isfinite(numbers))
    on_earth = frame["lon"].between(-180, 180) & frame["lat"].between(-90, 90)
    on_earth &= ~((frame["lon"] == 0) & (frame["lat"] == 0))
    ids = frame["zone_id"].astype("string").str.strip()
    frame["zone_id"] = ids.where(ids.notna() & (ids != ""), point_ids(frame["lon"], frame["lat"]))
    long = on_earth & (frame["zone_id"].str.len() > LONGEST_ID).fillna(False)
    set_aside_rows(frame.loc[long, "row"], "bad_row", f"Its id has over {LONGEST_ID} letters.", notes)
    frame = frame[~long]
    on_earth = on_earth[~long]
    repeats = on_earth & frame["zone_id"].where(on_earth, frame["row"].astype("string") + "\0").duplicated()
    set_aside_rows(frame.loc[~on_earth, "row"], "no_point", "It has no point on Earth.", notes)
    set_aside_rows(frame.loc[repeats, "row"], "duplicate", "Another row has its id or point.", notes)
    kept = frame[on_earth & ~repeats].sort_values("zone_id", kind="stable")
    for column in [name for name in given if name not in ("lon", "lat")]:
        stated = given.loc[kept.index, column].astype("string").str.strip().fillna("") != ""
        unread = kept[column].isna() & stated
        for notes.row in kept.loc[kept[column] < 0, "zone_id"]:
            notes.repaired("no_data_value", f"Its {column} is a code for no data and is left empty.")
        for notes.row, cell in zip(kept.loc[unread, "zone_id"], given.loc[kept.index[unread], column], strict=True):
            notes.repaired("unclear_value", f"Its {column} can't be read and is left empty: {str(cell)[:40]!r}.")
        kept[column] = kept[column].where(kept[column] >= 0)
    return Parsed({"zones": conform(kept, ZONES)}, notes.table(), rows_in)


def point_ids(lon: pd.Series, lat: pd.Series) -> pd.Series:
    """Return ids made of the points of zones that have no id of their own."""
    return lat.map("{:.6f}".format) + "," + lon.map("{:.6f}".format)


def set_aside_rows(rows: Iterable[Any], code: str, reason: str, notes: Notes) -> None:
    """Note many rows as set aside for one reason."""
    notes.entries.extend((str(row), "set_aside", code, reason) for row in rows)
