"""Two builds held side by side: feeds, places, what places tell, routes; and the build as far as feeds' words go."""

import datetime
from dataclasses import dataclass
from typing import Any

import pandas as pd

from geo.errors import DateError
from geo.scenarios.over_time import Snapshot, steps_between
from geo.score.parameters import Parameters
from geo.timetables.feed import Feed, check_date
from geo.timetables.route_changes import route_changes, route_days
from sources.formats.store import read_document
from sources.region.changed_values import as_far_as_known, changed_values, in_order
from sources.region.changes import Build, changes
from sources.region.competition_store import read_competition
from sources.region.model import Region
from sources.region.update import build_of

FEED_STATES = ("answered", "failed", "empty", "not_fetched", "less_readable", "new")
"""`failed`: an older copy is used; `not_fetched`: it was in the earlier build alone; `less_readable`: more of its rows
than before can't be read. Of what these four listed, nothing that is gone counts as closed."""
FEED_COLUMNS = ("feed", "role", "state", "reason", "rows_before", "rows_after", "retrieved_before", "retrieved_after")


@dataclass(frozen=True)
class Compared:
    """What two builds of a region tell.

    Attributes
    ----------
    feeds
        A row per feed of either build (FEED_COLUMNS): its state (of `FEED_STATES`), and why.
    places, changed_values, routes
        As `changes.changes`, `changed_values.changed_values` and `geo.timetables.route_changes.route_changes`.
    snapshots, causes
        As `geo.scenarios.over_time.steps_between`; without surfaces.
    dates
        For which the earlier and the later build are asked.
    limits
        What bounds the answer, in sentences.
    """

    feeds: pd.DataFrame
    places: pd.DataFrame
    changed_values: pd.DataFrame
    routes: pd.DataFrame
    snapshots: list[Snapshot]
    causes: list[str]
    dates: tuple[datetime.date, datetime.date]
    limits: tuple[str, ...]


def compare_builds(
    before: Region, after: Region, parameters: Parameters, date: datetime.date | None = None
) -> Compared:
    """Return what differs between two builds; no score is made.

    Parameters
    ----------
    date
        For which both are asked; without it the later one's own, where the timetable of the earlier one holds on it
        too, else each one's own.

    Raises
    ------
    DateError
        A timetable doesn't hold on the date.
    RegionError
        A build can't be read.
    """
    documents = [read_document(one.folder / "region.json") or {} for one in (before, after)]
    tables = [in_order(one.resources, one.sessions) for one in (before, after)]
    then, now = (build_of(document, own[0]) for document, own in zip(documents, tables, strict=True))
    sessions = (tables[0][1], tables[1][1])
    dates, limits = _dates(before, after, date)
    feeds = _feeds(documents, then, now)
    places, values = changes(then, now), changed_values(then, now, sessions)
    buses = feeds[feeds["role"] == "gtfs"]
    running = [route_days(one.network.feed, day) for one, day in zip((before, after), dates, strict=True)]
    routes = route_changes(
        running[0],
        running[1],
        frozenset(buses.loc[buses["state"] != "new", "feed"]),
        frozenset(buses.loc[buses["state"] == "not_fetched", "feed"]),
    )
    is_lost = bool((routes["change"] == "unconfirmed").any())
    if is_lost:
        lost = ", ".join(sorted(set(routes.loc[routes["change"] == "unconfirmed", "feed"])))
        limits.append(
            f"The timetable {lost} isn't in the later build: what its buses do now isn't known, so no change of any "
            "bus counts as known."
        )
    snapshots = [
        Snapshot(one.network, *own, one.zones, day, one.facts.region_hash,
                 read_competition(one.folder, parameters) or {})
        for one, own, day in zip((before, after), tables, dates, strict=True)
    ]  # fmt: skip
    known = as_far_as_known(then, now, sessions)
    steps, causes = steps_between(snapshots[0], snapshots[1], known, is_timetable_lost=is_lost)
    limits += _read_otherwise(documents, places)
    return Compared(feeds, places, values, routes, steps, causes, dates, tuple(limits))


def _dates(
    before: Region, after: Region, date: datetime.date | None
) -> tuple[tuple[datetime.date, datetime.date], list[str]]:
    """Return the dates asked about, and a sentence where they are two."""
    feeds = before.network.feed, after.network.feed
    if date is not None:
        for feed, region in zip(feeds, (before, after), strict=True):
            if not _holds(feed, date):
                valid = region.facts.service_dates
                raise DateError(
                    f"The timetable of the build of {region.facts.built_on} doesn't hold on {date}; it is valid from "
                    f"{valid[0] if valid else '?'} to {valid[1] if valid else '?'}. Give a date on which both hold, or "
                    "none: each is then asked about a usual day of its own."
                )
        return (date, date), []
    own = [one.facts.service_date for one in (before, after)]
    for day in (own[1], own[0]):
        if _holds(feeds[0], day) and _holds(feeds[1], day):
            return (day, day), []
    sentence = (
        f"The two timetables have no usual day in common: the earlier one is asked about {own[0]}, the later one about "
        f"{own[1]}."
    )
    return (own[0], own[1]), [sentence]


def _holds(feed: Feed | None, date: datetime.date) -> bool:
    if feed is None:
        return True
    try:
        check_date(feed, date)
    except DateError:
        return False
    return True


def _feeds(documents: list[dict[str, Any]], before: Build, after: Build) -> pd.DataFrame:
    inputs = [{entry["label"]: entry for entry in document["recipe"]["inputs"]} for document in documents]
    rows = []
    for feed in sorted(inputs[0].keys() | inputs[1].keys()):
        entry, reason = inputs[1].get(feed) or inputs[0][feed], after.feeds.get(feed)
        if feed not in inputs[0]:
            state = "new"
        elif feed not in inputs[1]:
            state = "not_fetched"
        elif reason is not None:
            state = "failed"
        elif after.is_empty(feed, before):
            state = "empty"
        else:
            state = "answered" if after.answered({feed}, before) else "less_readable"
        counts = [build.rows.get(feed) for build in (before, after)]
        dates = [own.get(feed, {}).get("retrieved_on") for own in inputs]
        rows.append((feed, entry["role"], state, reason or "", *counts, *dates))
    table = pd.DataFrame(rows, columns=list(FEED_COLUMNS))
    return table.astype({"rows_before": "Int64", "rows_after": "Int64"})


def _read_otherwise(documents: list[dict[str, Any]], places: pd.DataFrame) -> list[str]:
    """Return a sentence on places that differ although their feed's file is the same, byte for byte."""
    digests = [{entry["label"]: entry["sha256"] for entry in document["recipe"]["inputs"]} for document in documents]
    same = {feed for feed, digest in digests[0].items() if digests[1].get(feed) == digest}
    moving = places[places["change"].isin(["opened", "closed", "moved"]) & places["source"].isin(same)]
    return [
        f"{count} of the places above differ although the file of {feed} is the same, byte for byte: it is read in "
        "another way now (other software, other addresses found), and nothing is known to have changed there."
        for feed, count in moving.groupby("source").size().items()
    ]
