"""How far a region's data can be relied on: freshness, rows lost, imprecise places, timetable dates, what lacks."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from geo.dates import date_there, local_date
from geo.tables import CATEGORIES
from sources.region.model import Region
from sources.registry import SOURCES, source_called
from sources.web.cache import read_copy

SOURCE_COLUMNS = (
    "label", "source", "role", "file", "title", "publisher", "license", "attribution", "url", "freshness", "precision",
    "retrieved_on", "age_days", "fresh_days", "is_old", "stale", "verified_from", "verified_to",
    "rows_in", "kept", "repaired", "set_aside", "resources", "imprecise",
)  # fmt: skip
REASON_COLUMNS = ("label", "outcome", "code", "count", "example")
IMPRECISE_COLUMNS = ("resource_id", "source", "name", "category", "location_precision", "lon", "lat")
LACK_COLUMNS = ("code", "what", "sentence")
RESULT_COLUMNS = ("name", "kind", "publisher", "license", "freshness", "retrieved_on", "rows", "stale")

_IMPRECISE = ("approximate", "hidden")
_OWN = frozenset({"table", "located"})
"""Not feeds of others: a list of one's own, and answers about the other files."""
_MEASURES = {
    "population": "how many people live where",
    "workers": "where workers live",
    "jobs": "where jobs are",
    "need": "how many people need recovery housing where",
}


@dataclass(frozen=True)
class Timetable:
    """The dates for which a region's timetable speaks: `state` is `none`, `not_yet`, `valid` or `ended`."""

    state: str
    first: datetime.date | None
    last: datetime.date | None
    days_left: int | None


@dataclass(frozen=True)
class RegionHealth:
    """What is known of a region's data, as plain tables; `merged` rows were the same place in two feeds.

    `sources` has one row per file (SOURCE_COLUMNS): what and whose it is; `retrieved_on` (ISO date, empty = not
    known), `age_days` since then, `fresh_days` for which such a feed counts as fresh, and `is_old` (empty where the age
    is unknown); `stale` (why the last good copy was used in place of a newer one, else empty); the span of dates on
    which its publisher verified its rows; rows by outcome (kept + repaired + set aside = rows in; empty for
    timetables, whose trips are not rows); how many `resources` of the region go by it, and how many of these are
    `imprecise`. An extract has two rows: its places, and its streets (`osm streets`, whose rows are ways).

    `reasons` has one row for each label, outcome (`repaired`, `set_aside`, `notice`) and code (REASON_COLUMNS), with
    their `count` and one reason in words. `imprecise` lists the resources whose position is not a building's or
    street's (IMPRECISE_COLUMNS; hidden ones without coordinates); `online` counts those that have none because they
    meet online. `lacks` says what the region has no data on (LACK_COLUMNS): codes `timetable`, `category`, `measure`,
    `outlines`, `source`, and what of it.
    """

    name: str
    title: str
    built_on: str
    built_date: datetime.date
    today: datetime.date
    sources: pd.DataFrame
    reasons: pd.DataFrame
    imprecise: pd.DataFrame
    online: int
    merged: int
    timetable: Timetable
    lacks: pd.DataFrame

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        first, last = self.timetable.first, self.timetable.last
        return {
            "name": self.name,
            "title": self.title,
            "built_on": self.built_on,
            "today": self.today.isoformat(),
            "sources": _records(self.sources),
            "reasons": _records(self.reasons),
            "imprecise": _records(self.imprecise),
            "online": self.online,
            "merged": self.merged,
            "timetable": {
                "state": self.timetable.state,
                "first": first.isoformat() if first else None,
                "last": last.isoformat() if last else None,
                "days_left": self.timetable.days_left,
            },
            "lacks": _records(self.lacks),
        }

    def lines(self) -> list[str]:
        """Return the report as lines for people."""
        lines = [f"{self.title} ({self.name}), built {self.built_on}: the state of its data on {self.today}."]
        for row in _records(self.sources):
            lines += [f"  {row['file']} as {row['label']}: {_age(row)}{_outcome(row)}"]
            lines += [f"    stale: {row['stale']}"] if row["stale"] else []
            lines += [
                f"    {r['count']} {r['outcome'].replace('_', ' ')}, {r['code'].replace('_', ' ')}"
                f"{', for example' if r['count'] > 1 else ''}: {r['example']}"
                for r in _records(self.reasons[self.reasons["label"] == row["label"]])
            ]
        lines.append(f"  imprecise places: {len(self.imprecise)}; online only: {self.online}; merged: {self.merged}")
        lines.append(f"  timetable: {_validity(self.timetable)}")
        return [*lines, *(f"  lacks: {sentence}" for sentence in self.lacks["sentence"])]


def region_health(region: Region, today: datetime.date | None = None) -> RegionHealth:
    """Return the state of a region's data on a day (its own today without one), from what it keeps alone."""
    day = today or local_date(region.facts.time_zone)
    facts, resources = region.facts, region.resources
    online = resources["attendance"].eq("online").fillna(False)
    imprecise = resources[resources["location_precision"].isin(_IMPRECISE) & ~online]
    hidden = imprecise["location_precision"] == "hidden"
    imprecise = imprecise.assign(**{axis: imprecise[axis].mask(hidden) for axis in ("lon", "lat")})
    rows = [_source_row(entry, resources, imprecise, day) for entry in facts.sources]
    rows += [_streets_row(row, region) for row in rows if row["role"] == "osm"]
    return RegionHealth(
        name=facts.name,
        title=facts.title,
        built_on=facts.built_on,
        built_date=date_there(facts.built_on, facts.time_zone),
        today=day,
        sources=_typed(pd.DataFrame(rows, columns=list(SOURCE_COLUMNS))),
        reasons=_reasons(region.set_aside),
        imprecise=imprecise[list(IMPRECISE_COLUMNS)].reset_index(drop=True),
        online=int(online.sum()),
        merged=int(facts.totals.get("merged", 0)),
        timetable=_timetable(facts.service_dates, facts.last_day, day),
        lacks=_lacks(region),
    )


def last_results(cache: Path) -> pd.DataFrame:
    """Return each source with what its last fetch gave (RESULT_COLUMNS): a row for each copy that is kept.

    A source of which there is no copy has one row, retrieved "never"; `stale` is empty where the copy is the newest.
    """
    copies: dict[str, list[tuple[str, int, str]]] = {}
    for folder in sorted(path for path in cache.glob("*-*") if path.is_dir()):
        copy = read_copy(folder)
        if copy is not None and copy.documents:
            when = max(document.retrieved_on for document in copy.documents.values())
            copies.setdefault(folder.name.rpartition("-")[0], []).append((when, copy.rows, copy.stale or ""))
    rows = [
        (source.name, source.kind, source.publisher, source.license, source.freshness, *result)
        for source in SOURCES
        for result in copies.get(source.name, [("never", 0, "")])
    ]
    return pd.DataFrame(rows, columns=list(RESULT_COLUMNS))


def _source_row(
    entry: Mapping[str, Any], resources: pd.DataFrame, imprecise: pd.DataFrame, day: datetime.date
) -> dict[str, Any]:
    own = resources[resources["source"] == entry["label"]]
    outcome = entry.get("outcome", {})
    retrieved_on = entry.get("retrieved_on") or _latest(own["retrieved_on"])
    # of UTC, which in the American evening is the next day
    age = max((day - datetime.date.fromisoformat(retrieved_on)).days, 0) if retrieved_on else None
    source = source_called(entry["source"])
    fresh = source.fresh_days if source else None
    row = {name: entry.get(name) for name in SOURCE_COLUMNS} | {
        name: outcome.get(name) for name in ("rows_in", "kept", "repaired", "set_aside")
    }
    return row | {
        "retrieved_on": retrieved_on,
        "age_days": age,
        "fresh_days": fresh,
        "is_old": None if age is None or fresh is None else age > fresh,
        "verified_from": own["verified_on"].dropna().min() if own["verified_on"].notna().any() else None,
        "verified_to": _latest(own["verified_on"]),
        "resources": len(own),
        "imprecise": int((imprecise["source"] == entry["label"]).sum()),
    }


def _streets_row(extract: Mapping[str, Any], region: Region) -> dict[str, Any]:
    """Return the row of an extract's ways, which the build counts apart from its places."""
    label = f"{extract['label']} streets"
    notes, ways = region.set_aside, int(region.facts.totals["ways"])
    aside = int(((notes["source"] == label) & (notes["outcome"] == "set_aside")).sum())
    counts = {"rows_in": ways, "kept": ways - aside, "repaired": 0, "set_aside": aside}
    return {**extract, "label": label, "source": "streets", **counts, "resources": 0, "imprecise": 0}


def _latest(dates: pd.Series) -> str | None:
    known = dates.dropna()
    return str(known.max()) if len(known) else None


def _typed(table: pd.DataFrame) -> pd.DataFrame:
    whole = ("age_days", "fresh_days", "rows_in", "kept", "repaired", "set_aside", "resources", "imprecise")
    kinds = dict.fromkeys(whole, "Int64") | {"is_old": "boolean"}
    return table.astype({name: kinds.get(name, "string") for name in SOURCE_COLUMNS})


def _reasons(notes: pd.DataFrame) -> pd.DataFrame:
    """Return the notes counted by label, outcome and code, most first in each label."""
    groups = notes.groupby(["source", "outcome", "code"], sort=True)["reason"].agg(["size", "first"]).reset_index()
    groups = groups.set_axis(list(REASON_COLUMNS), axis=1)
    return groups.sort_values(["label", "count", "code"], ascending=[True, False, True], ignore_index=True)


def _timetable(
    dates: tuple[datetime.date, datetime.date] | None, last_day: datetime.date | None, day: datetime.date
) -> Timetable:
    """Return how the timetables stand on a day: until `last_day`, when the first of those in use ends."""
    if dates is None:
        return Timetable("none", None, None, None)
    first, last = dates[0], last_day or dates[1]
    state = "not_yet" if day < first else "ended" if day > last else "valid"
    return Timetable(state, first, last, (last - day).days)


def _lacks(region: Region) -> pd.DataFrame:
    """Return what the region has no data on: a row each, codes and words."""
    lacks: list[tuple[str, str, str]] = []
    if region.facts.service_dates is None:
        lacks.append(("timetable", "", "There is no timetable: nothing is known of public transport."))
    there = set(region.resources["category"])
    lacks += [
        ("category", category, f"No {category.replace('_', ' ')} is listed.")
        for category in CATEGORIES
        if category not in there
    ]
    lacks += [
        ("measure", measure, f"Nothing tells {words}.")
        for measure, words in _MEASURES.items()
        if region.zones[measure].isna().all()
    ]
    if region.outlines.empty:
        lacks.append(("outlines", "", "Its areas are points without outlines."))
    used = {entry["source"] for entry in region.facts.sources}
    lacks += [
        ("source", source.name, f"{source.title} was not used.")
        for source in SOURCES
        if source.kind == "resources" and source.name not in _OWN | used
    ]
    return pd.DataFrame(lacks, columns=list(LACK_COLUMNS), dtype="string")


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = table.astype(object).where(table.notna(), None).to_dict("records")
    return rows


def _age(row: Mapping[str, Any]) -> str:
    if row["retrieved_on"] is None:
        return "retrieved on an unknown day"
    old = f" (old: fresh for {row['fresh_days']} days)" if row["is_old"] else ""
    return f"retrieved {row['retrieved_on']}, {row['age_days']} days ago{old}"


def _outcome(row: Mapping[str, Any]) -> str:
    if row["rows_in"] is None:
        return ""
    kept, repaired, aside = row["kept"], row["repaired"], row["set_aside"]
    return f"; {row['rows_in']} rows in = {kept} kept + {repaired} repaired + {aside} set aside"


def _validity(timetable: Timetable) -> str:
    if timetable.state == "none":
        return "none"
    words = {"not_yet": "not valid yet", "valid": f"valid, {timetable.days_left} days left", "ended": "ended"}
    return f"{timetable.first} to {timetable.last}: {words[timetable.state]}"
