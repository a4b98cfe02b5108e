"""What is near a place at an hour: places that are open, sessions of the day, and what one can join from anywhere.

Minutes are those of `geo.nearby.outings`: after the midnight that begins the service day, which lasts from 04:00
to 04:00.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.clock import DAY, WEEK
from geo.nearby.outings import Day, day_between, minutes_at, outings, searched_minutes
from geo.needs.eligibility import fits
from geo.needs.needs import Needs
from geo.needs.occurrence import is_dated, occurs, parts_of
from geo.needs.schedule import lasts_all_day
from geo.opening_hours import DAY_NAMES, open_until, opens_next, read_hours, says_of_holiday, spans_on
from geo.public_holidays import public_holiday
from geo.tables import SESSIONS, conform
from geo.timetables.calendar import MORNING_MINUTES, trips_between
from geo.travel.network import Network
from geo.travel.travel_times import Points, TravelSettings

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Nearby:
    """A region's places and sessions, in the order of their ids, ready to be asked about.

    Attributes
    ----------
    resources
        The resources that have a public place, with `place`, their row in `points`.
    points
        `lon`, `lat`: the distinct places.
    sessions
        The sessions held there: `row` of their resource, its `place`, `weekday`, `start_minute`, `end_minute`, `weeks`.
    online, online_sessions
        Resources one can join from anywhere, and their sessions (`row`, and `time_zone`).
    """

    resources: pd.DataFrame
    points: pd.DataFrame
    sessions: pd.DataFrame
    online: pd.DataFrame
    online_sessions: pd.DataFrame


@dataclass(frozen=True)
class Wishes:
    """What a person looks for; empty asks for nothing. All `formats` must be held, any one of the others."""

    kinds: tuple[str, ...] = ()
    fellowships: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    step_free: bool = False


def shown_resources(resources: pd.DataFrame) -> pd.DataFrame:
    """Return the resources that have a public place: not those online only, nor those whose place is kept hidden."""
    placed = resources["lon"].notna() & resources["lat"].notna()
    public = ~resources["location_precision"].eq("hidden").fillna(False)
    online = resources["attendance"].eq("online").fillna(False)
    return resources[placed & public & ~online]


def nearby(resources: pd.DataFrame, sessions: pd.DataFrame) -> Nearby:
    """Make a region's RESOURCES and SESSIONS ready to be asked about."""
    here = shown_resources(resources).sort_values("resource_id", ignore_index=True)
    points = here[["lon", "lat"]].drop_duplicates(ignore_index=True)
    place = here[["lon", "lat"]].merge(points.reset_index(names="place"), on=["lon", "lat"], how="left")["place"]
    here = here.assign(place=place.to_numpy(dtype=np.int64))
    sessions = conform(sessions, SESSIONS)
    remote = resources["attendance"].isin(["online", "hybrid"])
    online = resources[remote].sort_values("resource_id", ignore_index=True)
    held = _of(sessions, here)
    return Nearby(here, points, held.assign(place=here["place"].to_numpy()[held["row"]]), online, _of(sessions, online))


def wished(resources: pd.DataFrame, wishes: Wishes) -> tuple[Flags, Flags]:
    """Return which resources are as wished for, and which may be: what they would need isn't stated."""
    fit, unsure = fits(
        resources,
        Needs(
            profile="wheelchair" if wishes.step_free else "no-car",
            fellowships=wishes.fellowships,
            languages=wishes.languages,
        ),
    )
    for word in wishes.formats:
        holds, unstated = fits(resources, Needs(formats=(word,)))
        fit, unsure = fit & holds, unsure | unstated
    if wishes.kinds:
        fit = fit & resources["category"].isin(wishes.kinds).to_numpy(dtype=bool)
    return fit & ~unsure, fit & unsure


def held_on(sessions: pd.DataFrame, day: datetime.date) -> pd.DataFrame:
    """Return the sessions of a service day, by start; those of the small hours are the evening's last ones.

    Sessions that are not weekly are held on their own dates alone; where it isn't known in which weeks, on each.
    """
    early = (sessions["start_minute"] < MORNING_MINUTES) & ~all_day(sessions)
    evening = sessions[~early & _is_held(sessions, day)]
    night = sessions[early & _is_held(sessions, day + datetime.timedelta(days=1))]
    night = night.assign(start_minute=night["start_minute"] + DAY, end_minute=night["end_minute"] + DAY)
    return pd.concat([evening, night]).sort_values(["start_minute", "end_minute", "row"], ignore_index=True)


def all_day(sessions: pd.DataFrame) -> pd.Series:
    """Return which sessions last a whole day: rooms that are always open."""
    return pd.Series(lasts_all_day(sessions["start_minute"], sessions["end_minute"]), index=sessions.index)


def joined_on(online_sessions: pd.DataFrame, day: datetime.date, time_zone: str) -> pd.DataFrame:
    """Return the online sessions of a service day, by start, on the clock of the region's time zone.

    `days_ahead`: how many days the date here is ahead of the one on which it starts where it comes from.
    `zone_known`: whether there is a time zone as it names it; without, its time is as told, wherever that holds.
    """
    zones = online_sessions["time_zone"].astype("object")
    ahead = {name: _minutes_ahead(name, time_zone, day) for name in zones.unique()}
    known = zones.map(lambda name: ahead[name] is not None).astype(bool)
    start = online_sessions["weekday"] * DAY + online_sessions["start_minute"]
    moved = start + zones.map(lambda name: ahead[name] or 0).astype("int64")
    start = moved.mask(all_day(online_sessions), start) % WEEK
    days_ahead = (moved // DAY - online_sessions["weekday"]).mask(all_day(online_sessions), 0)
    length = online_sessions["end_minute"] - online_sessions["start_minute"]
    local = online_sessions.assign(weekday=start // DAY, start_minute=start % DAY, end_minute=start % DAY + length)
    return held_on(local.assign(days_ahead=days_ahead, zone_known=known), day)


def outings_on(
    near: Nearby, day: Day, date: datetime.date, now: int = MORNING_MINUTES, leave_after: float = 0
) -> pd.DataFrame:
    """Return a date's sessions (`held_on`) with their `outings`; `place` as in `near.points`."""
    held = held_on(near.sessions, date)
    return held.join(outings(day, held, now, leave_after))


def week_of_outings(
    network: Network,
    near: Nearby,
    home: Points,
    settings: TravelSettings,
    days: Sequence[tuple[datetime.date, datetime.date | None]],
    leave_after: float = 0,
) -> pd.DataFrame:
    """Return the outings of several days, each with its `date`; days with the same trips are searched once.

    Parameters
    ----------
    days
        Each day, and the date whose timetable is used for it; None where nothing runs.
    """
    own, place = np.unique(near.sessions["place"], return_inverse=True)
    near = replace(near, points=near.points.take(own), sessions=near.sessions.assign(place=place))
    feed = network.feed if settings.mode == "transit" else None
    searched: dict[bytes, Day] = {}
    parts = []
    for day, service in days:
        pattern = b""
        if feed is not None and service is not None:
            pattern = trips_between(feed, service, settings.wheelchair, searched_minutes(settings)).tobytes()
        if pattern not in searched:
            searched[pattern] = day_between(network, home, near.points, replace(settings, date=service))
        parts.append(outings_on(near, searched[pattern], day, leave_after=leave_after).assign(date=day))
    table = pd.concat(parts, ignore_index=True)
    return table.assign(place=own[table["place"].to_numpy(dtype=np.int64)])


def open_places(near: Nearby, day: Day, date: datetime.date, minute: int, country: str) -> pd.DataFrame:
    """Return the places in reach on leaving at a minute of the day, as `places_within`."""
    return places_within(near, minutes_at(day, minute), date, minute, country)


def places_within(near: Nearby, minutes_to: Floats, date: datetime.date, minute: int, country: str) -> pd.DataFrame:
    """Return the places in reach that keep hours: whether they are open when one gets there, and until when.

    A place that holds sessions alone keeps none, but for a room that is open all day.

    Parameters
    ----------
    minutes_to
        float64[points]: from leaving until one is there, infinite where one never is.
    country
        Whose public holidays hold; see `geo.countries`.

    Returns
    -------
    DataFrame
        Nearest first: `row` in `near.resources`; `minutes` on leaving at the minute; `status`, "open", "closed" or
        "unknown" (no hours, none that can be read, or none for this date); `until`, the minute at which it closes, NaN
        unless open; `opens`, the minute of the date's count at which a closed one opens next, NaN where unknown;
        `holiday`, the public holiday on which one gets there, else empty, and whether the hours are `stated` for it;
        `weekday`, on which one gets there, and `weeks`, where a room is open all of that day in some weeks, and nobody
        says in which ("unknown" then); else empty.
    """
    minutes = minutes_to[near.resources["place"].to_numpy()]
    rows = np.flatnonzero(np.isfinite(minutes) & keep_hours(near))
    hours = _hours(near).take(rows)
    opened = [
        _opened(text, date, int(np.ceil(minute + minutes[row])), country) for row, text in zip(rows, hours, strict=True)
    ]
    columns = ["status", "until", "opens", "holiday", "stated"]
    hours_then = pd.DataFrame(opened, columns=columns).astype({"until": "float64", "opens": "float64"})
    table = pd.DataFrame({"row": rows, "minutes": minutes[rows]}).join(hours_then)
    there = date.weekday() + (np.ceil(minute + table["minutes"]) // DAY).astype("int64")
    table = _in_some_weeks(near, table.assign(weekday=there % 7, weeks=""))
    return table.sort_values(["minutes", "row"], kind="stable", ignore_index=True)


def _in_some_weeks(near: Nearby, table: pd.DataFrame) -> pd.DataFrame:
    """Return places with what is known of rooms that are open all day in some weeks, where nobody says in which."""
    rooms = _rooms(near).query("~dated").drop_duplicates(["row", "weekday"])
    rooms = rooms[near.resources["opening_hours"].isna().to_numpy()[rooms["row"]]]
    theirs = table["row"].isin(rooms["row"]) & (table["status"] != "open")
    keys = pd.MultiIndex.from_frame(table[["row", "weekday"]])
    weeks = rooms.set_index(["row", "weekday"])["weeks"].reindex(keys).set_axis(table.index)
    maybe = theirs & weeks.notna()
    return table.assign(
        status=table["status"].mask(maybe, "unknown").mask(theirs & ~maybe, "closed"),
        opens=table["opens"].mask(theirs),
        weeks=weeks.where(maybe, ""),
    )


def keep_hours(near: Nearby) -> Flags:
    """Return which resources keep hours beside any sessions: not those that are there for their sessions alone."""
    meets = np.isin(np.arange(len(near.resources)), near.sessions["row"])
    stated = _hours(near).notna().to_numpy(dtype=bool)
    meeting = near.resources["category"].eq("meeting").to_numpy(dtype=bool)
    rooms = np.isin(np.arange(len(near.resources)), _rooms(near)["row"])
    kept: Flags = rooms | (~meeting & (~meets | stated))
    return kept


def _rooms(near: Nearby) -> pd.DataFrame:
    """Return the sessions that last all day, and whether they are `dated`: whether it is known in which weeks."""
    rooms = near.sessions[all_day(near.sessions)]
    return rooms.assign(dated=rooms["weeks"].map(is_dated).astype(bool))


def _hours(near: Nearby) -> pd.Series:
    """Return the opening hours of each resource; without any, those of a room that is open all day."""
    rooms = _rooms(near).query("dated").sort_values("weekday", kind="stable")
    hours = {row: "; ".join(map(_all_of, own["weekday"], own["weeks"])) for row, own in rooms.groupby("row")}
    return near.resources["opening_hours"].fillna(pd.Series(hours, dtype="string"))


def _all_of(weekday: int, weeks: str) -> str:
    """Return the whole of a weekday as opening hours: `Tu[1,-1] 00:00-24:00` of its first and last in a month."""
    which = ",".join("-1" if part == "last" else part for part in parts_of(weeks))
    return f"{DAY_NAMES[weekday]}{f'[{which}]' if which else ''} 00:00-24:00"


def _opened(text: object, date: datetime.date, minute: int, country: str) -> tuple[str, float, float, str, bool]:
    """Return status, until, opens, holiday and stated of one place at a minute of the date; see `places_within`."""
    there = date + datetime.timedelta(days=minute // DAY)
    holiday = public_holiday(there, country) or ""
    hours = read_hours(text) if isinstance(text, str) else None
    if hours is None:
        return "unknown", np.nan, np.nan, holiday, False
    until = open_until(hours, date, minute, country)
    stated = bool(holiday) and says_of_holiday(hours, there)
    if until is not None:
        return "open", float(until), np.nan, holiday, stated
    if spans_on(hours, there, country) is None:
        return "unknown", np.nan, np.nan, holiday, stated
    opens = opens_next(hours, date, minute, country)
    return "closed", np.nan, np.nan if opens is None else float(opens), holiday, stated


def _minutes_ahead(zone: object, local: str, day: datetime.date) -> int | None:
    """Return how far the local clock is ahead of another zone's at noon; None for a zone that there isn't."""
    noon = datetime.datetime.combine(day, datetime.time(12))
    try:
        there, here = (noon.replace(tzinfo=ZoneInfo(name)) for name in (str(zone), local))
    except (ZoneInfoNotFoundError, ValueError, OSError):  # a folder of the zones' files is a name too
        return None
    return round((there - here).total_seconds() / 60)


def _is_held(sessions: pd.DataFrame, date: datetime.date) -> pd.Series:
    """Return which sessions are held on a date: of its weekday, and of its week in the month."""
    held = sessions["weekday"] == date.weekday()
    for number in np.flatnonzero(held & (sessions["weeks"] != "")):
        ahead = int(sessions["days_ahead"].iloc[number]) if "days_ahead" in sessions else 0
        held.iloc[number] = occurs(sessions["weeks"].iloc[number], date - datetime.timedelta(days=ahead))
    return held


def _of(sessions: pd.DataFrame, resources: pd.DataFrame) -> pd.DataFrame:
    """Return the sessions of these resources, with their row."""
    row = pd.Index(resources["resource_id"]).get_indexer(pd.Index(sessions["resource_id"]))
    columns = ["weekday", "start_minute", "end_minute", "time_zone", "weeks"]
    held = sessions.assign(row=row, weeks=sessions["weeks"].fillna(""))[row >= 0][["row", *columns]]
    return held.astype(dict.fromkeys(columns[:3], "int64")).reset_index(drop=True)
