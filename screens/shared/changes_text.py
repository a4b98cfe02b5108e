"""What a build changed, as sentences: by kind of change and of support, with names; the same on screen and terminal."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from geo.dates import date_there
from geo.tables import CATEGORIES
from layers.escaping import plain
from screens.shared.words import Say
from sources.region.changes import CHANGES
from sources.region.update import Changes

NAMES_AT_MOST = 6
_TONES = {"opened": "ok", "newly_listed": "ok", "closed": "low", "moved": "ok"}


def changes_lines(changed: Changes, time_zone: str, say: Say) -> list[str]:
    """Return what changed as lines, under one that says since when."""
    return [
        since(changed, time_zone, say),
        *(f"  {text}" for _, text in change_sentences(changed, say)),
    ]


def since(changed: Changes, time_zone: str, say: Say) -> str:
    """Return the words before what changed: since which build, or against which later one after going back.

    `time_zone`: the region's, as IANA names it.
    """
    built = say.day(date_there(changed.before_built_on, time_zone))
    return say("changed_undone" if changed.is_undone else "changed_since", built=built)


def change_sentences(changed: Changes, say: Say) -> list[tuple[str, str]]:
    """Return what changed as sentences with their tones (`ok`, `low`, `nodata`); one that says so where nothing did."""
    rows = [*_feeds(changed, say), *place_sentences(changed.places, say)]
    return rows or [("ok", say("changed_nothing"))]


def _feeds(changed: Changes, say: Say) -> Iterator[tuple[str, str]]:
    for kind, tone in (("failed", "nodata"), ("gone", "nodata"), ("new", "ok")):
        if feeds := changed.feeds[kind]:
            yield tone, say(f"changed_feeds_{kind}", names=say.habits.listed([plain(feed) for feed in feeds]))


def place_sentences(places: pd.DataFrame, say: Say) -> Iterator[tuple[str, str]]:
    """Yield what opened, closed or moved (`sources.region.changes.changes`), as sentences with their tones."""
    for change in CHANGES:
        for category in CATEGORIES:
            rows = places[(places["change"] == change) & (places["category"] == category)]
            if len(rows):
                text = say(f"changed_{change}", count=len(rows), kind=say(category), names=_names(rows, say))
                yield _TONES.get(change, "nodata"), text


def named(row: dict[Any, Any], say: Say) -> str:
    """Return what a place is called; where others are called so too, with its address; how far it moved."""
    told = [] if pd.isna(row["address"]) else [plain(row["address"])]
    told += [] if pd.isna(row.get("meters")) else [say.habits.distance(row["meters"])]
    return f"{plain(row['name'])} ({'; '.join(told)})" if told else plain(row["name"])


def _names(rows: pd.DataFrame, say: Say) -> str:
    names = [named(row, say) for row in rows.head(NAMES_AT_MOST).to_dict("records")]
    more = len(rows) - len(names)
    return say("changed_more", names=", ".join(names), count=more) if more else say.habits.listed(names)
