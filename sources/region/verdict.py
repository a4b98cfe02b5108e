"""What a region's data is good enough for, and what to check before relying on it; from its health alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from geo.tables import CATEGORIES, DIMENSIONS
from sources.region.health import RegionHealth

ENDS_SOON_DAYS = 30
MANY_SET_ASIDE = 0.05
MANY_IMPRECISE = 0.1


@dataclass(frozen=True)
class Check:
    """One thing to look at: its code, and the details that a sentence on it names."""

    code: str
    details: Mapping[str, Any]


@dataclass(frozen=True)
class Verdict:
    """What the data is good enough for, and what to check, gravest first.

    `good`: of `near` (what is in reach on foot and by bicycle), `bus`, `meetings`, `score` and `gaps`. Codes of
    `check`: `no_timetable`, `ended`, `not_yet`, `ends_soon`, `no_dimension`, `no_meetings`, `no_people`, `stale`,
    `old`, `undated`, `set_aside`, `imprecise`, `no_category`.
    """

    good: tuple[str, ...]
    check: tuple[Check, ...]


def verdict(health: RegionHealth, sessions: int) -> Verdict:
    """Return what a region's data is good enough for; `sessions` is how many weekly sessions it has."""
    lacking = {code: set(rows["what"]) for code, rows in health.lacks.groupby("code")}
    missing = lacking.get("category", set())
    empty = [d for d in DIMENSIONS if all(c in missing for c, own in CATEGORIES.items() if own == d)]
    if "jobs" not in lacking.get("measure", set()):
        empty = [dimension for dimension in empty if dimension != "purpose"]
    people = "population" not in lacking.get("measure", set())
    listed = int(health.sources["resources"].fillna(0).sum()) > 0
    good = [
        *(["near"] if listed else []),
        *(["bus"] if health.timetable.state == "valid" else []),
        *(["meetings"] if sessions else []),
        *(["score"] if listed and not empty else []),
        *(["gaps"] if listed and people else []),
    ]
    check = [*_timetable(health), *(Check("no_dimension", {"name": dimension}) for dimension in empty)]
    if not sessions:
        check.append(Check("no_meetings", {}))
    if not people:
        check.append(Check("no_people", {}))
    check += _sources(health)
    exact = int(health.sources["resources"].fillna(0).sum())
    if exact and len(health.imprecise) > MANY_IMPRECISE * exact:
        check.append(Check("imprecise", {"count": len(health.imprecise)}))
    single = sorted(c for c in missing if CATEGORIES[c] not in empty)
    if single:
        check.append(Check("no_category", {"names": tuple(single)}))
    return Verdict(tuple(good), tuple(check))


def _timetable(health: RegionHealth) -> list[Check]:
    timetable = health.timetable
    if timetable.state == "none":
        return [Check("no_timetable", {})]
    if timetable.state == "ended":
        return [Check("ended", {"end": timetable.last})]
    if timetable.state == "not_yet":
        return [Check("not_yet", {"start": timetable.first})]
    if timetable.days_left is not None and timetable.days_left < ENDS_SOON_DAYS:
        return [Check("ends_soon", {"end": timetable.last, "days": timetable.days_left})]
    return []


def _sources(health: RegionHealth) -> list[Check]:
    """Return what is stale, old, undated or lost (but for rows of other places), each with the files it concerns."""
    checks = []
    table = health.sources
    rows = table["rows_in"].fillna(0).astype("float64")
    aside = health.reasons[(health.reasons["outcome"] == "set_aside") & (health.reasons["code"] != "outside_region")]
    unusable = table["label"].map(aside.groupby("label")["count"].sum()).fillna(0).astype("float64")
    lost = unusable > MANY_SET_ASIDE * rows
    for code, which in (
        ("stale", table["stale"].fillna("") != ""),
        ("old", table["is_old"].fillna(False).astype(bool)),
        ("set_aside", lost & (rows > 0)),
        ("undated", table["retrieved_on"].isna() & (table["resources"].fillna(0) > 0)),
    ):
        if which.any():
            checks.append(Check(code, {"names": tuple(sorted(set(table.loc[which, "file"])))}))
    return checks
