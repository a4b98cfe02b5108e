"""Routes of a timetable by kind of day, and what changed between two timetables: routes, trips a day, last trips.

Each kind of day (`weekday`, `saturday`, `sunday`) is told by a usual date of it, so that a holiday is no change.
"""

import datetime
from collections import Counter

import numpy as np
import pandas as pd

from geo.clock import SATURDAY, SUNDAY
from geo.timetables.calendar import reference_weekday, services_on, trips_by_day
from geo.timetables.feed import Feed, check_date
from geo.units import MINUTE

DAYS = ("weekday", "saturday", "sunday")
KEY = ("feed", "route", "vehicle")
ROUTE_COLUMNS = (*KEY, "day", "date", "trips", "first_minute", "last_minute")
CHANGES = ("new", "gone", "changed", "newly_listed", "unconfirmed")
"""Kinds of changes of a route: `newly_listed` is by a timetable that the earlier build lacked, `unconfirmed` gone with
a timetable that isn't there or that failed."""
CHANGE_COLUMNS = (
    "change", *KEY, "day", "trips_before", "trips_after", "first_minute_before", "first_minute_after",
    "last_minute_before", "last_minute_after", "last_minutes_later",
)  # fmt: skip
_WEEKS = 5
_NUMBERS = ("trips", "first_minute", "last_minute")


def route_days(feed: Feed | None, date: datetime.date) -> pd.DataFrame:
    """Return the trips of each route on a usual weekday, Saturday and Sunday.

    Parameters
    ----------
    date
        In the timetable; its weekday (Monday, if it is one of a weekend) stands for all weekdays. A usual date is the
        first of the next five such days on which as many trips run as on most of them.

    Returns
    -------
    DataFrame
        A row per route and kind of day on which it runs (ROUTE_COLUMNS), by feed, route and day: `date` (ISO) that was
        looked at, `trips`, and the minutes after midnight at which its first and last trip leave their first stop,
        over 1,440 after midnight.

    Raises
    ------
    DateError
        The date lies outside the timetable.
    """
    if feed is None or not len(feed.trip_id):
        return pd.DataFrame(columns=list(ROUTE_COLUMNS))
    valid, counts = check_date(feed, date), trips_by_day(feed)
    leaves = feed.departure[feed.call_offset[:-1]] // MINUTE
    trips = pd.DataFrame(
        {
            "feed": feed.feed_name[feed.service_feed[feed.trip_service]],
            "route": feed.route_name[feed.trip_route],
            "vehicle": feed.route_vehicle[feed.trip_route],
            "minute": leaves.astype(np.int64),
        }
    )
    tables = []
    for day, weekday in zip(DAYS, (reference_weekday(date), SATURDAY, SUNDAY), strict=True):
        usual = _usual_date(counts, date, weekday, valid)
        if usual is not None:
            running = trips[services_on(feed, usual)[feed.trip_service]]
            own = running.groupby(list(KEY), sort=True)["minute"].agg(["size", "min", "max"]).reset_index()
            own = own.set_axis([*KEY, *_NUMBERS], axis=1).assign(day=day, date=usual.isoformat())
            tables.append(own[list(ROUTE_COLUMNS)])
    table = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=list(ROUTE_COLUMNS))
    return _ordered(table)


def route_changes(
    before: pd.DataFrame, after: pd.DataFrame, known: frozenset[str] | None = None, lost: frozenset[str] = frozenset()
) -> pd.DataFrame:
    """Return what differs between two timetables, a row per route and kind of day.

    Parameters
    ----------
    before, after
        From `route_days`. A route whose timetable has another name is the same where its own name is that of one route
        alone on either side.
    known
        Timetables that the earlier build had; a route of any other is `newly_listed`, not `new`. All, without.
    lost
        Timetables that weren't read this time; a route of theirs that isn't there is `unconfirmed`, not `gone`.

    Returns
    -------
    DataFrame
        CHANGE_COLUMNS: `change` (of `CHANGES`; a route that only stops running on Sundays has `changed`, with 0 trips
        after), trips and minutes on either side (empty where none runs), and `last_minutes_later` (below 0: earlier).
    """
    after = after.assign(**_matched(before, after))
    both = before.merge(after, on=[*KEY, "day"], how="outer", suffixes=("_before", "_after"))
    there = {name: set(side[list(KEY)].itertuples(index=False, name=None)) for name, side in
             (("before", before), ("after", after))}  # fmt: skip
    rows = []
    for row in both.to_dict("records"):
        key = tuple(row[name] for name in KEY)
        if key not in there["before"]:
            change = "new" if known is None or key[0] in known else "newly_listed"
        elif key not in there["after"]:
            change = "unconfirmed" if key[0] in lost else "gone"
        else:
            change = "changed"
        sides = {name: (row[f"{name}_before"], row[f"{name}_after"]) for name in _NUMBERS}
        if change == "changed" and all(one == other for one, other in sides.values()):
            continue
        values = {f"{name}_{side}": value for name, pair in sides.items()
                  for side, value in zip(("before", "after"), pair, strict=True)}  # fmt: skip
        last = sides["last_minute"]
        rows.append({**row, "change": change, **values, "last_minutes_later": last[1] - last[0]})
    table = pd.DataFrame(rows, columns=list(CHANGE_COLUMNS))
    table = table.assign(**{f"trips_{side}": table[f"trips_{side}"].fillna(0) for side in ("before", "after")})
    numbers = [name for name in CHANGE_COLUMNS if name not in ("change", *KEY, "day")]
    return _ordered(table.astype(dict.fromkeys(numbers, "Int64")))


def _usual_date(
    counts: dict[datetime.date, int], date: datetime.date, weekday: int, valid: tuple[datetime.date, datetime.date]
) -> datetime.date | None:
    """Return the first of the next such weekdays with the commonest number of trips; None where none is valid."""
    first = date + datetime.timedelta((weekday - date.weekday()) % 7)
    weeks = range(-1, _WEEKS) if first > valid[1] else range(_WEEKS)
    days = [first + datetime.timedelta(weeks=week) for week in weeks]
    days = [day for day in days if valid[0] <= day <= valid[1]]
    if not days:
        return None
    often = Counter(counts.get(day, 0) for day in days)
    most = max(often.values())
    return next(day for day in days if often[counts.get(day, 0)] == most)


def _matched(before: pd.DataFrame, after: pd.DataFrame) -> dict[str, pd.Series]:
    """Return the timetable of each later route, by its name of before where its route is one of that name alone."""
    known, now = (side[list(KEY)].drop_duplicates() for side in (before, after))
    old, new = (
        one.merge(other, on=list(KEY), how="left", indicator=True).query("_merge == 'left_only'")[list(KEY)]
        for one, other in ((known, now), (now, known))
    )
    pair = ["route", "vehicle"]
    old, new = (side[~side.duplicated(pair, keep=False)] for side in (old, new))
    same = new.merge(old, on=pair, suffixes=("", "_before"))
    names = {(row.feed, row.route, row.vehicle): row.feed_before for row in same.itertuples(index=False)}
    keys = after[list(KEY)].itertuples(index=False, name=None)
    return {"feed": pd.Series([names.get(key, key[0]) for key in keys], index=after.index, dtype=object)}


def _ordered(table: pd.DataFrame) -> pd.DataFrame:
    """Return rows by change, timetable, route (numbers as numbers) and kind of day."""
    number = pd.to_numeric(table["route"].astype(str).str.extract(r"^(\d{1,9})", expand=False), errors="coerce")
    rank = table.assign(number=number.fillna(np.inf), rank=table["day"].map(DAYS.index))
    if "change" in table:
        rank["kind"] = table["change"].map(CHANGES.index)
    order = [*(["kind"] if "change" in table else []), "feed", "number", "route", "vehicle", "rank"]
    return table.loc[rank.sort_values(order, kind="stable").index].reset_index(drop=True)
