"""The same place from several feeds: found by distance, name and telephone, merged field by field."""

import datetime
import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from rapidfuzz import fuzz
from scipy.spatial import cKDTree

from geo.crs import local_crs, to_meters
from geo.dates import days_since
from geo.tables import RESOURCES, conform
from sources.cleaning import clean
from sources.cleaning.normalize import normalize

NEAR_METERS = 150.0
"""Geocoders differ by about a block."""
SAME_NAME, SAME_NAME_AND_PHONE, SAME_SPOT_METERS = 88.0, 60.0, 30.0
_BRITISH = "centre"  # codespell:ignore
_NOISE = frozenset(
    ["the", "inc", "llc", "ltd", "corp", "co", "pc", "psc", "pllc", "of", "and", "at", "center", _BRITISH]
)
_NUMBER = re.compile(r"\d+|\b[ivx]+\b")
_NEVER = frozenset({"meeting"})
"""Meetings share places and names with others of their own kind; only their feed can tell them apart."""


def merge(resources: pd.DataFrame, trust: Mapping[str, int], today: datetime.date) -> pd.DataFrame:
    """Return the resources with those of different sources that are the same place and service made one row.

    Two rows are the same if they have the same category, lie within 150 m of each other, and either their names
    are alike (rapidfuzz token ratio ≥ 88), or they share a telephone number and their names are somewhat alike
    (≥ 60). Names with different numbers (`House 1`, `House 2`), and rows of which telephone and house number are
    known and both differ, are never the same. The row of the most trusted source (of two equal ones the later
    verified, then the lower id) is kept; each empty field of it is filled from the others in that order, and their
    ids are kept in `also_listed_by`. Free beds, the beds that they are of, and the date on which they were so are one
    word: the latest holds, of which a day that is still to come is none (`geo.dates.days_since`).
    Of one source, only rows on the very same spot with the same telephone and alike names are merged: what else a feed
    lists twice, it means twice. Meetings are never merged.

    Parameters
    ----------
    resources
        Of all sources, RESOURCES columns.
    trust
        Source → rank, higher wins.
    today
        The day of the build.
    """
    order = resources.assign(
        _trust=resources["source"].map(trust).fillna(0), _age=days_since(resources["verified_on"], today)
    ).sort_values(["_trust", "_age", "resource_id"], ascending=[False, True, True], kind="stable")
    ages = np.nan_to_num(order["_age"].to_numpy(), nan=np.inf)
    ranked = order.drop(columns=["_trust", "_age"]).reset_index(drop=True)
    groups = _groups(ranked)
    rows = ranked.to_dict("records")
    merged = []
    for members in groups:
        best = dict(rows[members[0]])
        for other in members[1:]:
            best |= {key: rows[other][key] for key, value in best.items() if pd.isna(value)}
        counted = [member for member in members if not pd.isna(rows[member]["open_beds"])]
        if counted:
            best |= _word_on_beds(rows[min(counted, key=lambda member: ages[member])], best)
        if len(members) > 1:
            best["also_listed_by"] = clean.words(rows[m]["resource_id"] for m in members[1:])
        merged.append(best)
    table = conform(pd.DataFrame(merged, columns=resources.columns), RESOURCES)
    return table.sort_values("resource_id", kind="stable").reset_index(drop=True)


def sessions_of_merged(sessions: pd.DataFrame, merged: pd.DataFrame) -> pd.DataFrame:
    """Return the sessions of merged resources: a row that became part of another brings its own where that has none.

    When a van comes is thus known also where the most trusted list doesn't say it.

    Parameters
    ----------
    sessions
        SESSIONS of all rows, before `merge`.
    merged
        RESOURCES, as `merge` gives them.
    """
    told = set(sessions["resource_id"])
    listed = merged[merged["also_listed_by"].notna() & ~merged["resource_id"].isin(told)]
    moved: dict[str, str] = {}
    for kept, others in zip(listed["resource_id"], listed["also_listed_by"], strict=True):
        first = next((other for other in others.split(";") if other in told), None)
        moved |= {} if first is None else {first: kept}
    ids = sessions["resource_id"].map(lambda own: moved.get(own, own)).astype("string")
    return sessions.assign(resource_id=ids)[ids.isin(merged["resource_id"])].reset_index(drop=True)


def _word_on_beds(latest: Mapping[str, Any], best: Mapping[str, Any]) -> dict[str, Any]:
    """Return the free beds of the row that was verified last among those that give any, its beds in all and its date.

    A number of free beds says nothing without the day on which it held, so all come from one row: an undated one
    holds only where none is dated, and the most trusted of two equal ones does. Where it doesn't say of how many beds
    they are free, those of another row stand, and no more than these are free.
    """
    word = {name: latest[name] for name in ("open_beds", "verified_on")}
    if not pd.isna(latest["beds"]):
        return word | {name: latest[name] for name in ("beds", "capacity") if not pd.isna(latest[name])}
    return word if pd.isna(best["beds"]) else word | {"open_beds": min(latest["open_beds"], best["beds"])}


def _groups(ranked: pd.DataFrame) -> list[list[int]]:
    """Return row numbers by place, the best row of each first.

    Chains are cut: two places of one source don't become one because a third row resembles both.
    """
    group_of = list(range(len(ranked)))
    members: dict[int, list[int]] = {row: [row] for row in group_of}
    records: list[dict[str, Any]] = ranked[["source", "category", "name", "phone", "address"]].to_dict("records")
    names = [_plain(str(record["name"])) for record in records]
    phones = [clean.digits(None if pd.isna(r["phone"]) else str(r["phone"])) for r in records]
    for first, second, meters in _near_pairs(ranked, np.array(phones, dtype=str)):
        one, two = records[first], records[second]
        same_source = one["source"] == two["source"]
        if _apart(one, two, phones[first], phones[second]):
            continue
        if not _same(names[first], names[second], phones[first], phones[second], meters):
            continue
        a, b = sorted((group_of[first], group_of[second]))
        shared = {records[m]["source"] for m in members[a]} & {records[m]["source"] for m in members[b]}
        if a == b or (shared and not same_source):
            continue
        members[a] = sorted(members[a] + members.pop(b))
        for row in members[a]:
            group_of[row] = a
    return [members[row] for row in sorted(members)]


def _near_pairs(ranked: pd.DataFrame, phones: npt.NDArray[np.str_]) -> list[tuple[int, int, float]]:
    """Return pairs of rows that may be one place, with their distance, nearest first.

    They are of one category and within reach of each other; of one source they lie on one spot and share a telephone.
    """
    placed = np.flatnonzero(ranked["lon"].notna() & ranked["lat"].notna())
    if len(placed) < 2:
        return []
    lon, lat = ranked["lon"].to_numpy()[placed], ranked["lat"].to_numpy()[placed]
    spots = np.column_stack(to_meters(lon, lat, local_crs(float(np.median(lon)), float(np.median(lat)))))
    sources, categories = (ranked[name].to_numpy()[placed] for name in ("source", "category"))
    near = [np.empty((0, 3))]
    for category in sorted({*categories} - _NEVER):
        here = np.flatnonzero(categories == category)
        pairs = here[cKDTree(spots[here]).query_pairs(NEAR_METERS, output_type="ndarray")]
        first, second = placed[pairs.min(axis=1)], placed[pairs.max(axis=1)]
        meters = np.hypot(*(spots[pairs[:, 0]] - spots[pairs[:, 1]]).T)
        one_call = (meters <= 1) & (phones[first] != "") & (phones[first] == phones[second])
        kept = one_call | (sources[pairs[:, 0]] != sources[pairs[:, 1]])
        near.append(np.column_stack([first, second, meters])[kept])
    every = np.concatenate(near)
    order = np.lexsort((every[:, 1], every[:, 0], np.round(every[:, 2], 3)))
    return [(int(first), int(second), float(meters)) for first, second, meters in every[order]]


def _same(name: str, other: str, phone: str, other_phone: str, meters: float) -> bool:
    alike = fuzz.token_sort_ratio(name, other)
    if alike >= SAME_NAME:
        return True
    if phone and phone == other_phone and alike >= SAME_NAME_AND_PHONE:
        return True
    # at one and the same spot, a name that holds the other one whole ("X" and "X – Main Office") is enough
    return meters <= SAME_SPOT_METERS and min(len(name), len(other)) >= 6 and fuzz.token_set_ratio(name, other) == 100


def _apart(one: Mapping[str, Any], two: Mapping[str, Any], phone: str, other_phone: str) -> bool:
    """Tell whether what two rows say can't be of one place, however alike their names."""
    numbers, others = (set(_NUMBER.findall(str(row["name"]).lower())) for row in (one, two))
    if numbers and others and numbers != others:
        return True
    house, other = (re.findall(r"^\d+", str(row["address"])) for row in (one, two))
    return bool(house and other and phone and other_phone) and house != other and phone != other_phone


def _plain(name: str) -> str:
    return " ".join(word for word in normalize(name).split() if word not in _NOISE)
