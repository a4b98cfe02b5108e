"""What the cells of GTFS files mean: numbers, dates, vehicles; and rows with one id each."""

import datetime
import re
from typing import Any

import pandas as pd

from geo.dates import day_number
from sources.cleaning.report import Notes
from sources.networks.gtfs_files import note_rows

STATION, ENTRANCE, NODE, BOARDING_AREA = 1, 2, 3, 4
"""Kinds of stops (`location_type`) at which no vehicle calls, or only a part of it."""

INVALID = -2

FIRST_DAY, LAST_DAY = (day_number(datetime.date(*day)) for day in ((2000, 1, 1), (2060, 12, 31)))
"""Days since 1970-01-01; calendars that claim to hold for ever hold from the first to the last of these."""

_VEHICLES = {
    0: "tram", 1: "subway", 2: "train", 3: "bus", 4: "ferry", 5: "tram", 6: "gondola",
    7: "funicular", 11: "bus", 12: "train",
}  # fmt: skip
_EXTENDED = {
    1: "train", 2: "coach", 4: "subway", 7: "bus", 8: "bus", 9: "tram", 10: "ferry", 12: "ferry",
    13: "gondola", 14: "funicular",
}  # fmt: skip


def unique(table: pd.DataFrame, key: str, file: str, notes: Notes) -> pd.DataFrame:
    """Return the rows with an id, the first of each."""
    empty = table[key] == ""
    note_rows(notes, "set_aside", "no_id", file, table.loc[empty, "line"], f"The row has no {key}.")
    repeated = ~empty & table[key].duplicated()
    reason = f"The {key} is listed before; that row holds."
    note_rows(notes, "set_aside", "repeated_id", file, table.loc[repeated, "line"], reason)
    return table[~empty & ~repeated].reset_index(drop=True)


def number(text: str) -> float:
    """Return a number, NaN for what is none."""
    try:
        return float(text)
    except ValueError:
        return float("nan")


def whole(text: str) -> int:
    """Return a whole number; 0 for an empty text (GTFS's default everywhere), -2 for anything else."""
    if not text:
        return 0
    return int(text) if re.fullmatch(r"\d{1,9}", text) else INVALID


def wheelchair(text: str) -> int:
    """Return 1 = step-free, 2 = not, 0 = not told."""
    return {"1": 1, "2": 2}.get(text, 0)


def vehicle(text: str) -> str:
    """Return the vehicle of a route type, plain or extended."""
    kind = whole(text)
    return _VEHICLES.get(kind) or _EXTENDED.get(kind // 100, "bus")


def date_number(text: str) -> int:
    """Return a date YYYYMMDD as days since 1970-01-01 (a day beyond FIRST_DAY … LAST_DAY for any beyond), or -1."""
    if not re.fullmatch(r"\d{8}", text):
        return -1
    try:
        day: Any = datetime.date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return -1
    return min(max(day_number(day), FIRST_DAY - 1), LAST_DAY + 1)
