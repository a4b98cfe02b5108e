"""Minutes from homes to the places a person must get to: work, court, any saved place, each at its own hour."""

import datetime
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.clock import DAY
from geo.needs.needs import Needs, SavedPlace
from geo.needs.schedule import curfew_limits_for
from geo.score.around_areas import groups, keeps_out
from geo.score.service_week import Week, week_of
from geo.score.support import RegionSupport
from geo.score.traveler import PROFILE_MODES, travel_settings
from geo.timetables.calendar import MORNING_MINUTES, dates_from
from geo.travel.footpaths import whole_seconds
from geo.travel.journeys import EASIER_SECONDS, Journey, LonLat, Slack, explain_journey
from geo.travel.kernels_raptor import UNREACHED
from geo.travel.traffic_hours import hours_in_words
from geo.travel.travel_times import TravelSettings, seconds_between
from geo.units import MINUTE

LONGEST_MINUTES = 120
MORNING = (8 * 3600, 9 * 3600)
"""Departures whose median is reported where no time of arrival is known."""
STAY_MINUTES = 60
WORK = "work"
_EASIER = Slack(later=EASIER_SECONDS)


@dataclass(frozen=True)
class Errand:
    """A place to get to.

    `weekday`, `arrive_by` and `leave_at` (minutes after midnight) are those of the first time one must be there; None
    where it can be at any time.
    """

    kind: str
    place: SavedPlace
    weekday: int | None = None
    arrive_by: int | None = None
    leave_at: int | None = None


class Reach(NamedTuple):
    """How an errand is reached from a home: `minutes` (inf = not within two hours) by `mode`.

    `only_through_areas`: it is out of reach only because ways keep out of the person's areas.
    """

    minutes: float
    mode: str
    only_through_areas: bool = False


def errands(needs: Needs) -> tuple[Errand, ...]:
    """Return where the person must get to: work at its most usual start, appointments, then other saved places."""
    wanted = []
    if needs.work_place is not None:
        hours = Counter((shift.start_minute, shift.end_minute) for shift in needs.shifts)
        start, end = min(hours, key=lambda one: (-hours[one], one), default=(None, None))
        days = (shift.weekday for shift in needs.shifts if (shift.start_minute, shift.end_minute) == (start, end))
        wanted.append(Errand(WORK, needs.work_place, min(days, default=None), start, end))
    known: set[SavedPlace] = set()
    for one in sorted(needs.appointments, key=lambda one: (one.weekday, one.start_minute)):
        if one.place not in known:
            known.add(one.place)
            wanted.append(Errand("appointment", one.place, one.weekday, one.start_minute, one.end_minute))
    return (*wanted, *(Errand("saved", place) for place in needs.saved_places if place not in known))


def minutes_to(
    support: RegionSupport, homes: pd.DataFrame, wanted: tuple[Errand, ...], needs: Needs, date: datetime.date
) -> pd.DataFrame:
    """Return minutes and mode of the fastest way from each home to each errand, in time for it.

    Parameters
    ----------
    homes
        `id`, `lon`, `lat` (WGS 84).
    date
        A date of the timetable; its week's services stand for Monday to Sunday.

    Returns
    -------
    DataFrame
        `home_id`, `errand` (its number), and `minutes`, `mode`, `only_through_areas` of `Reach`; one row per pair. By
        transit
        these are the minutes from the latest departure in time until the hour; where no hour is known, the median over
        departures from 8 to 9. By car, in the traffic of these hours.
    """
    week, tables = week_of(support, needs, date), []
    for number, one in enumerate(wanted):
        there = pd.DataFrame({"id": ["there"], "lon": [one.place.lon], "lat": [one.place.lat]})
        ways = _ways(support, one, needs, week)
        seconds = np.full((len(homes), len(ways)), np.inf, np.float32)
        for near, _, rows in groups(support, needs, homes["lon"], homes["lat"]):
            seconds[rows] = _seconds(near, homes.iloc[rows], there, ways)
        best = whole_seconds(seconds).argmin(axis=1)  # on a tie the streets, first: transit may be a walk alone
        far = np.flatnonzero(~np.isfinite(seconds).any(axis=1))
        through = np.zeros(len(homes), np.bool_)
        if keeps_out(needs) and len(far):
            through[far] = np.isfinite(_seconds(support, homes.iloc[far], there, ways)).any(axis=1)
        minutes = seconds.min(axis=1).astype(np.float64) / MINUTE
        reach = dict(zip(Reach._fields, (minutes, np.array([*ways])[best], through), strict=True))
        tables.append(pd.DataFrame({"home_id": homes["id"].to_numpy(), "errand": number, **reach}))
    columns = ["home_id", "errand", *Reach._fields]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=columns)


def places_of_homes(
    support: RegionSupport, homes: pd.DataFrame, needs: Needs, date: datetime.date
) -> list[list[dict[str, Any]]]:
    """Return for each home (`id`, `lon`, `lat`) the minutes to the person's own places, as plain values.

    Each place: `kind` (work, appointment, saved), `name`, `minutes` (None = not within two hours) and `mode`; by car
    the hours whose `traffic` holds; `only_through_areas` where areas to stay away from are why it is out of reach.
    """
    wanted, week = errands(needs), week_of(support, needs, date)
    table = minutes_to(support, homes, wanted, needs, date)
    rows: list[list[dict[str, Any]]] = [[] for _ in range(len(homes))]
    for position, row in enumerate(table.itertuples()):
        one = wanted[int(row.errand)]
        minutes = round(float(row.minutes), 2) if np.isfinite(row.minutes) else None
        mode = None if minutes is None else str(row.mode)
        place = {"kind": one.kind, "name": one.place.name, "minutes": minutes, "mode": mode}
        if row.only_through_areas:
            place["only_through_areas"] = True
        if mode == "drive":
            how = _ways(support, one, needs, week)[mode]
            place["traffic"] = hours_in_words(support.network.streets.traffic, how)
        rows[position % len(homes)].append(place)
    return rows


def round_trip(
    support: RegionSupport, lon: float, lat: float, one: Errand, needs: Needs, date: datetime.date
) -> tuple[Journey | None, Journey | None]:
    """Return the trip from a home (WGS 84) to an errand, and home again; None where there is no way in two hours.

    It is the latest trip that is in time, and the soonest on leaving afterwards; where the errand can be at any time,
    the soonest on leaving at 8, and back after an hour. Of ways nearly as fast, each is the easiest; the one home, of
    those that keep the curfew where the soonest does.
    """
    home, there = (lon, lat), (one.place.lon, one.place.lat)
    ((support, needs, _),) = groups(support, needs, lon, lat)
    week = week_of(support, needs, date)
    ways = [replace(way, window=None, arrive_by=None) for way in _ways(support, one, needs, week).values()]
    if one.arrive_by is None:
        outward = _first_there(support, home, there, ways, MORNING[0])
    else:
        timely = [replace(way, arrive_by=one.arrive_by * MINUTE) for way in ways]
        journeys = [explain_journey(support.network, home, there, way, slack=_EASIER) for way in timely]
        outward = max((trip for trip in journeys if trip is not None), key=lambda trip: trip.departure, default=None)
    if outward is None:
        return None, None
    leave = outward.arrival + STAY_MINUTES * MINUTE if one.leave_at is None else one.leave_at * MINUTE
    weekday = week.reference if one.weekday is None else one.weekday
    slack = replace(_EASIER, there_by=_curfew_after(needs, one, weekday, leave))
    return outward, _first_there(support, there, home, ways, leave, slack)


def _curfew_after(needs: Needs, one: Errand, weekday: int, leave: int) -> int:
    """Return by which second of a weekday one is home who leaves an errand at a second; `UNREACHED` = no curfew."""
    days = (leave // MINUTE - MORNING_MINUTES) // DAY  # the small hours belong to the evening before
    minute = curfew_limits_for(needs, one.kind, one.place.name)[(weekday + days) % 7]
    return int(UNREACHED) if np.isinf(minute) else int(minute + days * DAY) * MINUTE


def _seconds(
    support: RegionSupport, homes: pd.DataFrame, there: pd.DataFrame, ways: Mapping[str, TravelSettings]
) -> NDArray[np.float32]:
    """Return the seconds from homes to one place, float32[homes, ways]."""
    return np.column_stack([seconds_between(support.network, homes, there, way)[:, 0, 0] for way in ways.values()])


def _first_there(
    support: RegionSupport,
    here: LonLat,
    there: LonLat,
    ways: Sequence[TravelSettings],
    departure: int,
    slack: Slack = _EASIER,
) -> Journey | None:
    """Return the trip by the mode that is the soonest there."""
    journeys = [explain_journey(support.network, here, there, way, departure, slack=slack) for way in ways]
    trips = (trip for trip in journeys if trip is not None)
    return min(trips, key=lambda trip: (trip.quicker or trip).arrival, default=None)


def _ways(support: RegionSupport, one: Errand, needs: Needs, week: Week) -> dict[str, TravelSettings]:
    """Return how the errand may be done, by mode."""
    settings = travel_settings(needs, support.parameters, LONGEST_MINUTES)
    on_foot = replace(settings, mode="walk", max_minutes=min(needs.max_walk_minutes, LONGEST_MINUTES))
    weekday = week.reference if one.weekday is None else one.weekday
    timed = replace(settings, date=dates_from(week.date)[weekday])
    if one.arrive_by is None:
        timed = replace(timed, window=MORNING)
    else:
        timed = replace(timed, arrive_by=one.arrive_by * MINUTE)
    ways = {mode: replace(timed, mode=mode) for mode in PROFILE_MODES[needs.profile]} | {"walk": on_foot}
    service = week.dates[weekday]
    if support.network.feed is None or service is None:
        return ways
    return ways | {"transit": replace(timed, date=service)}
