"""Routes cut, running later, more often or faster: a timetable's tables in, new ones out."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.clock import minutes_text
from geo.dates import day_number, weekdays_of
from geo.errors import InputError
from geo.plurals import Plural
from geo.scenarios.changes import RouteChange, RouteCut, RouteHeadway, RouteLater, RouteSpeed
from geo.scenarios.feed_edits import joined, with_service
from geo.spelling import near_names
from geo.timetables.feed_tables import FeedTables
from geo.units import MINUTE

MOST_TRIPS = 100_000
"""More that a change adds are a slip of the pen."""
_MORE, _CUT = Plural("{count} more trip", "{count} more trips"), Plural("{count} trip", "{count} trips")

Ints = npt.NDArray[np.int64]


LAST_MINUTES = 60
"""Terminals whose last trip is longer before the route's own last one belong to other hours, and don't go on later."""
HEADWAY_MINUTES, HEADWAY_TRIPS = 120, 3
"""A headway is told by the trips in so many minutes up to the last, at least so many of them."""


def change_route(tables: FeedTables, change: RouteChange, date: datetime.date | None = None) -> tuple[FeedTables, str]:
    """Return the tables with a change of a route written into them, and what it does in a sentence.

    With a date, the sentence counts trips on that day beside those of all services.

    Raises
    ------
    InputError
        There is no such route (names like it are offered), several timetables have one of that name, or the change
        can't be made.
    """
    rows = trips_of(tables, change.route)
    match change:
        case RouteCut():
            return _cut(tables, rows, change, date)
        case RouteLater():
            copies, told = _later(tables, rows, change)
            return _with_copies(tables, copies, change.route, date, told)
        case RouteHeadway():
            return _with_copies(tables, list(_between(tables, rows, change)), change.route, date)
        case RouteSpeed():
            return _faster(tables, rows, change)


@dataclass(frozen=True)
class _Run:
    """Trips of a route from one terminal to another on some days: positions, in the order of their departures."""

    trips: Ints
    departures: Ints
    days: Ints


@dataclass(frozen=True)
class _Copy:
    """A trip that runs again so many seconds later on some days."""

    trip: int
    seconds: int
    days: Ints


def trips_of(tables: FeedTables, route: str) -> Ints:
    """Return the positions of a route's trips."""
    trips = tables.trips
    feed = trips["service_id"].map(tables.services.set_index("service_id")["feed"])
    own = trips["route"] == route
    if not own.any():
        own = feed.str.cat(trips["route"], sep=":") == route
    if not own.any():
        names = trips["route"].unique()
        raise InputError(
            "The timetable has no route {route!r}{near} Its routes are {known}.",
            route=route, near=near_names(route, names), known=_some(names),
        )  # fmt: skip
    feeds = sorted(feed[own].unique())
    if len(feeds) > 1:
        raise InputError(
            "{number} timetables have a route {route!r}: say which by one of {names}.",
            number=len(feeds), route=route, names=", ".join(f"{one}:{route}" for one in feeds),
        )  # fmt: skip
    return np.flatnonzero(own)


def _some(names: npt.NDArray[Any]) -> str:
    shown = sorted(map(str, names), key=lambda name: (len(name), name))
    return ", ".join(shown[:20]) + (" …" if len(shown) > 20 else "")


def _first_departures(tables: FeedTables) -> Ints:
    """Return when each trip begins, in seconds after midnight; `calls` are in the order of the trips."""
    first = np.searchsorted(tables.calls["trip"].to_numpy(), np.arange(len(tables.trips)))
    departures: Ints = tables.calls["departure"].to_numpy(np.int64)[first]
    return departures


def _runs(tables: FeedTables, rows: Ints, weekdays: tuple[int, ...]) -> Iterator[_Run]:
    """Yield a route's trips by direction and by the days on which the same of its services run.

    A direction is told by the terminals: timetables needn't say it, and short runs have headways of their own.
    """
    calls = tables.calls["trip"].to_numpy()
    first, last = (np.searchsorted(calls, rows, side) for side in ("left", "right"))
    stops, departure = tables.calls["stop"].to_numpy(np.int64), _first_departures(tables)
    terminals = np.stack([stops[first], stops[last - 1]], axis=1)
    days = {str(name): own.to_numpy(np.int64) for name, own in tables.service_days.groupby("service_id")["day"]}
    service = tables.trips["service_id"].to_numpy(str)
    for start, end in np.unique(terminals, axis=0):
        own = rows[(terminals == (start, end)).all(axis=1)]
        running: dict[int, set[str]] = {}
        for name in sorted(set(service[own])):
            for day in days.get(name, np.empty(0, np.int64)).tolist():
                if weekdays_of(day) in weekdays:
                    running.setdefault(day, set()).add(name)
        for names in sorted({tuple(sorted(some)) for some in running.values()}):
            alike = np.array(sorted(day for day, some in running.items() if tuple(sorted(some)) == names), np.int64)
            trips = own[np.isin(service[own], names)]
            trips = trips[np.argsort(departure[trips], kind="stable")]
            yield _Run(trips, departure[trips], alike)


def _later(tables: FeedTables, rows: Ints, change: RouteLater) -> tuple[list[_Copy], str]:
    """Return the trips after the last one of each run, up to the time until which the route is to go on.

    Beside them: how far apart they are, and which terminals don't go on, as the end of a sentence.

    Raises
    ------
    InputError
        A run has too few trips in its last hours to tell a headway.
    """
    runs = list(_runs(tables, rows, change.days))
    latest: dict[int, int] = {}
    for run in runs:
        for day in run.days.tolist():
            latest[day] = max(latest.get(day, 0), int(run.departures[-1]))
    copies, headways, early = list[_Copy](), set[int](), set[str]()
    for run in runs:
        last = int(run.departures[-1])
        if last >= change.until * MINUTE:
            continue
        near = np.array([latest[day] - last <= LAST_MINUTES * MINUTE for day in run.days.tolist()], bool)
        if not near.all():
            early.add("from {} to {}".format(*_ends(tables, run)))
        if near.any():
            headway = _headway(tables, run, change)
            starts = range(last + headway, change.until * MINUTE + 1, headway)
            copies += [_Copy(int(run.trips[-1]), start - last, run.days[near]) for start in starts]
            headways |= {headway} if starts else set()
    apart = [f"{seconds / MINUTE:g}" for seconds in sorted({min(headways), max(headways)})] if headways else []
    told = f", every {' to '.join(apart)} minutes" if apart else ""
    if early:
        some = "; ".join(sorted(early)[:3]) + (" …" if len(early) > 3 else "")
        told += f"; not on all days {some}, where the last trip is over {LAST_MINUTES} minutes before the route's own"
    return copies, told


def _headway(tables: FeedTables, run: _Run, change: RouteLater) -> int:
    """Return how far apart trips after the last of a run are, in seconds."""
    if change.minutes is not None:
        return max(round(change.minutes * MINUTE), MINUTE)
    times = np.unique(run.departures)
    times = times[times >= times[-1] - HEADWAY_MINUTES * MINUTE]
    if len(times) < HEADWAY_TRIPS:
        one, other = _ends(tables, run)
        raise InputError(
            "Route {route}, from {one} to {other}: fewer than {least} trips in the {minutes} minutes up to the last "
            "({last}) tell no headway; say minutes = N, or on which days.",
            route=change.route, one=one, other=other, least=HEADWAY_TRIPS, minutes=HEADWAY_MINUTES,
            last=minutes_text(float(times[-1]) / MINUTE),
        )  # fmt: skip
    return max(MINUTE * round(float(np.median(np.diff(times))) / MINUTE), MINUTE)


def _ends(tables: FeedTables, run: _Run) -> tuple[str, str]:
    """Return from where to where a run goes: names of its first and last stop."""
    stops = tables.calls["stop"].to_numpy()[tables.calls["trip"].to_numpy() == run.trips[-1]]
    names = tables.stops["name"].to_numpy(str)
    return str(names[stops[0]]), str(names[stops[-1]])


def _between(tables: FeedTables, rows: Ints, change: RouteHeadway) -> Iterator[_Copy]:
    """Yield trips, evenly between two that there are, wherever these are too far apart."""
    for run in _runs(tables, rows, change.days):
        inside = (run.departures >= change.start * MINUTE) & (run.departures <= change.end * MINUTE)
        trips, times = run.trips[inside], run.departures[inside]
        for trip, gap in zip(trips, np.diff(times), strict=False):
            parts = 2 if change.minutes is None else int(np.ceil(gap / (change.minutes * MINUTE)))
            for part in range(1, parts):
                seconds = MINUTE * round(gap * part / parts / MINUTE)
                if 0 < seconds < gap:
                    yield _Copy(int(trip), int(seconds), run.days)


def _with_copies(
    tables: FeedTables, copies: list[_Copy], route: str, date: datetime.date | None, told: str = ""
) -> tuple[FeedTables, str]:
    """Return the tables with trips that run again, and a sentence on how many there are and when the last begins.

    `told`: how the sentence ends.
    """
    where = f"Route {route}"
    if not copies:
        return tables, f"{where}: nothing to add; it runs so already{told}."
    if len(copies) > MOST_TRIPS:
        raise InputError(
            "Route {route} would get {number:,} more trips, and {most:,} are the most; ask for fewer.",
            route=route, number=len(copies), most=MOST_TRIPS,
        )  # fmt: skip
    departure, taken = _first_departures(tables), set(tables.trips["trip_id"])
    new, calls, services = list[dict[str, Any]](), list[pd.DataFrame](), dict[tuple[str, bytes], str]()
    indices = tables.calls.groupby("trip", sort=False).indices
    for copy in copies:
        row = {str(name): value for name, value in tables.trips.iloc[copy.trip].items()}
        key = str(row["service_id"]), copy.days.tobytes()
        if key not in services:
            tables, services[key] = _service_on(tables, key[0], copy.days)
        base = trip_id = f"{row['trip_id']}+{minutes_text(copy.seconds / MINUTE)}"
        while trip_id in taken:
            trip_id = f"{base}.{len(taken)}"
        taken.add(trip_id)
        new.append({**row, "trip_id": trip_id, "service_id": services[key], "block": ""})
        own = tables.calls.iloc[indices[copy.trip]]
        later = {column: own[column] + copy.seconds for column in ("arrival", "departure")}
        calls.append(own.assign(trip=len(tables.trips) + len(new) - 1, **later))
    trips, later_calls = pd.DataFrame(new), pd.concat(calls)
    whole = replace(tables, trips=joined(tables.trips, trips), calls=joined(tables.calls, later_calls))
    today = copies if date is None else [copy for copy in copies if day_number(date) in copy.days]
    latest = minutes_text(max(departure[copy.trip] + copy.seconds for copy in today or copies) / MINUTE)
    when = "the last at" if today else "the last on other days at"
    return whole, f"{where}: {on_date(_MORE, len(copies), len(today), date)}, {when} {latest}{told}."


def on_date(words: Plural, total: int, today: int, date: datetime.date | None) -> str:
    """Return a count of trips in words, with that of a date where it is given."""
    if date is None:
        return words.format(count=total)
    return f"{words.format(count=today)} on {date.isoformat()} ({total:,} in all services of the timetable)"


def trips_on(tables: FeedTables, rows: Ints, date: datetime.date | None) -> int:
    """Return how many of these trips run on a date; all of them without one."""
    if date is None:
        return len(rows)
    running = tables.service_days["service_id"][tables.service_days["day"] == day_number(date)]
    return int(tables.trips["service_id"].iloc[rows].isin(running).sum())


def _service_on(tables: FeedTables, like: str, days: Ints) -> tuple[FeedTables, str]:
    """Return a service of the same timetable as another that runs on exactly these days; a new one where none does."""
    feed = tables.services.set_index("service_id")["feed"]
    own = tables.service_days[tables.service_days["service_id"].isin(feed.index[feed == feed[like]])]
    wanted = set(days.tolist())
    sets = {str(name): set(rows.tolist()) for name, rows in own.groupby("service_id")["day"]}
    alike = [name for name, some in sets.items() if some == wanted]
    if alike:
        return tables, like if like in alike else min(alike)
    name = f"{like}~{len(feed)}"
    return with_service(tables, name, str(feed[like]), days.tolist()), name


def _cut(tables: FeedTables, rows: Ints, change: RouteCut, date: datetime.date | None) -> tuple[FeedTables, str]:
    """Return the tables without a route's trips in some hours of some days."""
    departure = _first_departures(tables)[rows]
    rows = rows[(departure >= change.start * MINUTE) & (departure < change.end * MINUTE)]
    kept, service = np.ones(len(tables.trips), bool), tables.trips["service_id"].astype(object)
    is_asked = date is None or date.weekday() in change.days
    touched, today = 0, trips_on(tables, rows, date) if is_asked else 0
    for name in sorted(set(service.iloc[rows])):
        days = tables.service_days["day"][tables.service_days["service_id"] == name].to_numpy(np.int64)
        left = days[~np.isin(weekdays_of(days), change.days)]
        own = rows[(service.iloc[rows] == name).to_numpy()]
        touched += len(own) if len(left) < len(days) else 0
        if not len(left):
            kept[own] = False
        elif len(left) < len(days):
            tables, other = _service_on(tables, str(name), left)
            service.iloc[own] = other
    if not kept.any():
        raise InputError("A scenario can't cut every trip of a timetable; build a region without one instead.")
    changed = replace(tables, trips=tables.trips.assign(service_id=service.to_numpy(str)))
    where = f"Route {change.route}"
    return _only(changed, kept), f"{where}: {on_date(_CUT, touched, today, date)} cut."


def _only(tables: FeedTables, kept: npt.NDArray[np.bool_]) -> FeedTables:
    """Return the tables with some trips, and with the stops, gates and services that these use."""
    trips, calls = tables.trips[kept], tables.calls[kept[tables.calls["trip"].to_numpy()]]
    stops = np.unique(calls["stop"])
    extras = tables.extras
    doors = _among(extras.doors, {"stop": stops})
    gates = np.unique(doors["gate"].to_numpy(np.int64))
    services = tables.services["service_id"].isin(trips["service_id"])
    shapes = extras.shapes[extras.shapes["shape_id"].isin(trips["shape"])]
    return FeedTables(
        feeds=tables.feeds,
        stops=tables.stops.iloc[stops].reset_index(drop=True),
        services=tables.services[services].reset_index(drop=True),
        service_days=tables.service_days[tables.service_days["service_id"].isin(trips["service_id"])],
        trips=trips.reset_index(drop=True),
        calls=_among(calls, {"trip": np.flatnonzero(kept), "stop": stops}).reset_index(drop=True),
        transfers=_among(tables.transfers, {"from_stop": stops, "to_stop": stops}),
        extras=replace(
            extras,
            seats=_among(extras.seats, {"from_trip": np.flatnonzero(kept), "to_trip": np.flatnonzero(kept)}),
            shapes=shapes,
            gates=extras.gates.iloc[gates],
            doors=_among(doors, {"gate": gates}),
            inside=_among(extras.inside, {"from_stop": stops, "to_stop": stops}),
        ),
    )


def _among(table: pd.DataFrame, kept: dict[str, Ints]) -> pd.DataFrame:
    """Return the rows whose columns hold only kept positions, renumbered among these."""
    numbers = {column: pd.Index(rows).get_indexer(pd.Index(table[column])) for column, rows in kept.items()}
    good = np.all([number >= 0 for number in numbers.values()], axis=0)
    return table.assign(**numbers)[good]


def _faster(tables: FeedTables, rows: Ints, change: RouteSpeed) -> tuple[FeedTables, str]:
    """Return the tables with shorter rides between the stops of a route; what a trip begins with stays."""
    calls = tables.calls
    own = np.isin(calls["trip"].to_numpy(), rows)
    arrival, departure = (calls[column].to_numpy(np.int64) for column in ("arrival", "departure"))
    begins = np.r_[True, np.diff(calls["trip"].to_numpy()) != 0]
    ride = np.where(begins, 0, arrival - np.r_[0, departure[:-1]]) / (1.0 + change.percent / 100.0)
    stay = np.where(begins, 0, departure - arrival)
    first = np.flatnonzero(begins)[np.cumsum(begins) - 1]
    rides, stays = np.cumsum(ride), np.cumsum(stay)
    leaves = np.rint(departure[first] + (rides - rides[first]) + (stays - stays[first])).astype(np.int64)
    changed = own & ~begins
    times = {
        "arrival": np.where(changed, leaves - stay, arrival),
        "departure": np.where(changed, leaves, departure),
    }
    kinds = {column: calls[column].dtype for column in times}
    words = f"{abs(change.percent):g}% {'faster' if change.percent > 0 else 'slower'} between stops"
    return replace(tables, calls=calls.assign(**times).astype(kinds)), f"Route {change.route}: {words}."
