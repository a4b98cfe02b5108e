"""What changed between two builds of a region: places opened, closed, moved; and what only a failed feed hides.

Pure functions of tables: nothing is read here. A place that is gone counts as closed only by the word of every feed
that listed it; where one of them failed, came back empty, was left out, or has more rows than before that can't be
read, nobody knows.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from geo.units import METERS_PER_DEGREE
from sources.cleaning.normalize import normalize

CHANGES = ("opened", "newly_listed", "closed", "unconfirmed", "moved", "stale")
"""Kinds of changes: `newly_listed` is by a feed that the earlier build lacked, `unconfirmed` gone with a feed that
failed, came back empty, was left out, or has more rows than before that can't be read, `stale` still there but by an
older copy of a feed that failed."""
MOVED_METERS = 50.0
"""A place counts as moved from here on: geocoders differ by less within a plot."""
RESOURCE_COLUMNS = ("resource_id", "also_listed_by", "source", "category", "name", "address", "lon", "lat")
COLUMNS = ("change", "category", "name", "address", "resource_id", "source", "meters")


@dataclass(frozen=True)
class Build:
    """What is compared of a build: columns of RESOURCES, and feed → why an older copy is used (None: it answered).

    `unread` is feed → how many of its rows were set aside, `rows` feed → how many it had; feeds without rows of their
    own (streets, timetables) are in neither.
    """

    resources: pd.DataFrame
    feeds: Mapping[str, str | None]
    unread: Mapping[str, int] = field(default_factory=dict)
    rows: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def ids(self) -> list[list[str]]:
        """Return `ids_of` its places, read once."""
        return ids_of(self.resources)

    @cached_property
    def shares_name(self) -> list[bool]:
        """Return of each place whether another one of its category has its name too."""
        return list(self.resources.duplicated(["category", "name"], keep=False))

    def told_apart_by(self, at: int) -> str | None:
        """Return a place's address where another one of its category has its name too; None else, or without one."""
        if not self.shares_name[at] or "address" not in self.resources:
            return None
        address = self.resources["address"].iloc[at]
        return None if pd.isna(address) else str(address)

    def answered(self, feeds: set[str], before: "Build") -> bool:
        """Return whether each of these feeds is in the build as of now, with no more unread rows than in one before.

        A feed that had rows before and has none now didn't answer: all that it listed doesn't close in one day.
        """
        return all(
            feed in self.feeds
            and self.feeds[feed] is None
            and self.unread.get(feed, 0) <= before.unread.get(feed, 0)
            and not self.is_empty(feed, before)
            for feed in feeds
        )

    def is_empty(self, feed: str, before: "Build") -> bool:
        """Return whether a feed has no row, and had some in a build before."""
        return self.rows.get(feed) == 0 and before.rows.get(feed, 0) > 0


def changes(before: Build, after: Build) -> pd.DataFrame:
    """Return what changed, a row a place and change, by kind of change, category and name.

    Returns
    -------
    DataFrame
        `change` (one of `CHANGES`), `category`, `name`, `address` (empty but where others have that name too),
        `resource_id`, `source` (its feed), and `meters` between the two positions (NaN where it wasn't moved). A place
        that its feed gave a new id is the same where its category and name are those of one place alone in either
        build. Two places that became one, or one that became two, are listed all along: of them none opened or closed.
    """
    pairs = same_places(before, after)
    rows: list[dict[str, Any]] = []
    for old, new in pairs:
        meters = _meters(before.resources, after.resources, old, new)
        if meters >= MOVED_METERS:
            rows.append(_row("moved", after, new, meters))
    known = {new for _, new in pairs}
    come = {new for new, is_there in enumerate(listed_in(after, before)) if not is_there} - known
    for new in range(len(after.resources)):
        listed_by = feeds_of(after, new)
        if new in come:
            rows.append(_row("opened" if listed_by & set(before.feeds) else "newly_listed", after, new))
        elif all(after.feeds.get(feed) is not None for feed in listed_by):
            rows.append(_row("stale", after, new))
    kept = {old for old, _ in pairs}
    for old, is_there in enumerate(listed_in(before, after)):
        if old not in kept and not is_there:
            certain = after.answered(feeds_of(before, old), before)
            rows.append(_row("closed" if certain else "unconfirmed", before, old))
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    order = table.assign(rank=table["change"].map(CHANGES.index)).sort_values(
        ["rank", "category", "name", "resource_id"], kind="stable"
    )
    return order.drop(columns="rank").reset_index(drop=True)


def feed_changes(before: Build, after: Build) -> dict[str, tuple[str, ...]]:
    """Return which feeds are `new`, which are `gone`, and which `failed`, so that an older copy of them is used."""
    return {
        "new": tuple(sorted(set(after.feeds) - set(before.feeds))),
        "gone": tuple(sorted(set(before.feeds) - set(after.feeds))),
        "failed": tuple(sorted(feed for feed, stale in after.feeds.items() if stale is not None)),
    }


def feeds_of(build: Build, at: int) -> set[str]:
    """Return the feeds that list a place: those of its own id and of the ids that were merged into it."""
    return {one.partition(":")[0] for one in build.ids[at]}


def same_places(before: Build, after: Build) -> list[tuple[int, int]]:
    """Return the positions, before and after, of what is the same place: by an id, else by a name that is its alone.

    One that has no id of the other build goes by its category and name, where these are those of one such place alone.
    """
    by_id = {one: at for at, ids in enumerate(before.ids) for one in ids}
    pairs: dict[int, int] = {}
    for new, ids in enumerate(after.ids):
        old = next((by_id[one] for one in ids if one in by_id), None)
        if old is not None and old not in pairs:
            pairs[old] = new
    gone, come = (
        _named_once(build.resources, [at for at, is_there in enumerate(listed_in(build, other)) if not is_there])
        for build, other in ((before, after), (after, before))
    )
    pairs |= {gone[name]: come[name] for name in gone.keys() & come.keys()}
    return sorted(pairs.items())


def listed_in(build: Build, other: Build) -> list[bool]:
    """Return of each place whether another build has any of its ids, be it merged into another place's."""
    known = {one for ids in other.ids for one in ids}
    return [not known.isdisjoint(ids) for ids in build.ids]


def _named_once(table: pd.DataFrame, positions: list[int]) -> dict[tuple[str, str], int]:
    names = {at: (str(table["category"].iloc[at]), normalize(str(table["name"].iloc[at]))) for at in positions}
    often = Counter(names.values())
    return {name: at for at, name in names.items() if often[name] == 1}


def ids_of(resources: pd.DataFrame) -> list[list[str]]:
    """Return each place's own id, and those that were merged into it."""
    own = [[str(one)] for one in resources["resource_id"].tolist()]
    if "also_listed_by" not in resources:
        return own
    also = [one.split(";") if isinstance(one, str) and one else [] for one in resources["also_listed_by"].tolist()]
    return [ids + [one.strip() for one in others] for ids, others in zip(own, also, strict=True)]


def _meters(before: pd.DataFrame, after: pd.DataFrame, old: int, new: int) -> float:
    """Return how far apart two positions are on a flat map; 0 where either place has none."""
    lon, lat = (np.array([before[axis].iloc[old], after[axis].iloc[new]], dtype=np.float64) for axis in ("lon", "lat"))
    if np.isnan([*lon, *lat]).any():
        return 0.0
    east = np.diff(lon)[0] * np.cos(np.radians(lat.mean()))
    return float(np.hypot(east, np.diff(lat)[0]) * METERS_PER_DEGREE)


def _row(change: str, build: Build, at: int, meters: float = float("nan")) -> dict[str, Any]:
    place = build.resources.iloc[at]
    return {
        "change": change,
        "category": place["category"],
        "name": place["name"],
        "address": build.told_apart_by(at),
        "resource_id": place["resource_id"],
        "source": place["source"],
        "meters": meters,
    }
