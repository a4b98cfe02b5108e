"""The trips behind a score: there and back, at the very minutes that the score counted.

Of a class's resource it is the typical trip, the one of the median minute of the window: it takes the minutes that
the explanation shows. Of a meeting it is the latest trip that is in time, the first way home after it, and the last way
home of that day.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from geo.clock import DAY, WEEK, day_name
from geo.errors import InputError
from geo.habits import AMERICAN
from geo.needs.fields import ANYWHERE
from geo.needs.needs import Needs
from geo.score.around_areas import groups, keeps_out
from geo.score.case import make_case
from geo.score.class_access import ClassAccess
from geo.score.explanation import SHOWN, label
from geo.score.home_access import HomeAccess, of_each_home
from geo.score.layout import TRANSIT
from geo.score.support import RegionSupport
from geo.score.typical_trips import last_way_home, typical_trip
from geo.tables import MODES
from geo.timetables.calendar import dates_from
from geo.travel.journeys import (
    AT_ONCE,
    EASIER_SECONDS,
    Journey,
    LonLat,
    Slack,
    clock_text,
    explain_journey,
    in_words,
    waiting_from,
)
from geo.travel.kernels_raptor import UNREACHED
from geo.units import MINUTE

STAY_MINUTES = 60
"""How long one stays at a resource before the way back is looked for; the score asks for no way back from it."""


@dataclass(frozen=True)
class RoundTrip:
    """A trip from home to a resource and back on a weekday's service, seconds after midnight of that day.

    Attributes
    ----------
    minutes_there, minutes_back
        As the score counts them: with the wait until a meeting starts, and until the whole minute one is home. None
        where there is no way. The score counts no way back from a resource that is no meeting: None.
    there, back
        None where there is no way (within the longest trip). To a resource it is the fastest, which takes the minutes
        that the score counts; to a meeting the easiest that is in time of those within ten minutes of the soonest. The
        way back is the easiest of those that are home within ten minutes of the soonest, and by curfew if that is.
    last_home
        Of a meeting: the easiest of the ways home that leave within ten minutes of the last of the day; None where one
        can walk or ride home at any time, or there is none.
    """

    resource_id: str
    name: str
    weekday: int
    date: datetime.date | None
    minutes_there: float | None
    minutes_back: float | None
    there: Journey | None
    back: Journey | None
    last_home: Journey | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return plain values (JSON)."""
        return {
            "day": day_name(self.weekday),
            "timetable_of": None if self.date is None else self.date.isoformat(),
            "minutes_there": self.minutes_there,
            "minutes_back": self.minutes_back,
            "there": _as_dict(self.there),
            "back": _as_dict(self.back),
            "last_home": _as_dict(self.last_home),
        }


def look_around(support: RegionSupport, lon: float, lat: float, needs: Needs, date: datetime.date) -> HomeAccess:
    """Return what a home has access to: one search, from which the trips to any number of resources follow.

    Raises
    ------
    OutsideRegionError, DateError, NeedsError
        As `score_home`.
    """
    place = np.array([lon], dtype=float), np.array([lat], dtype=float)
    ((near, own, _),) = groups(support, needs, *place)
    (home,) = of_each_home(make_case(near, own, date), *place, lambda _, home: home)
    return home


def only_through_areas(home: HomeAccess, support: RegionSupport, date: datetime.date) -> frozenset[str]:
    """Return the classes that are out of reach only because ways keep out of the person's areas."""
    needs = replace(home.case.needs, stay_away_trips=ANYWHERE)
    far = {one.members.rule.name for one in home.evaluation.classes if not (one.mean * one.members.value > 0).any()}
    if not (far and keeps_out(home.case.needs)):
        return frozenset()
    free = look_around(support, home.lon, home.lat, needs, date).evaluation.classes
    return frozenset(one.members.rule.name for one in free if (one.mean * one.members.value > 0).any()) & far


def journeys_to(home: HomeAccess, resource_id: str, stay_minutes: int = STAY_MINUTES) -> RoundTrip:
    """Return the typical trip to a resource (or a zone's jobs, by its `zone_id`), and the way back after a stay.

    Where half of the window's minutes lead to nothing, the fastest trip of the window stands for it.

    Raises
    ------
    InputError
        The resource is in no class that the score counts for this person; for a meeting, ask `journeys_to_session`.
    """
    for one in home.evaluation.classes:
        for member in _members(home, one, resource_id):
            return _to_member(home, one, member, stay_minutes)
    raise InputError(
        f"{resource_id} is none of the resources that count for this person: it may not fit the needs, be no place, "
        "or be a meeting, whose sessions are asked for each by itself."
    )


def journeys_to_session(home: HomeAccess, resource_id: str, weekday: int, start_minute: int) -> RoundTrip:
    """Return the trips to a session of a meeting and home again, whether it counts or not.

    Parameters
    ----------
    weekday, start_minute
        0 = Monday, minutes after midnight; they name the session. One in the small hours may be called the evening
        before's: Monday 00:30, or Sunday 24:30.

    Raises
    ------
    InputError
        The meeting has no such session, or does not fit the person.
    """
    case, sessions = home.case, home.case.sessions
    held_by = case.support.resource_id[case.support.sessions["row"].to_numpy(dtype=np.int64)[case.session_row]]
    minute, asked = (
        sessions.weekday.astype(np.int64) * DAY + sessions.start.astype(np.int64),
        weekday * DAY + start_minute,
    )
    rows = np.flatnonzero((held_by == resource_id) & ((minute - asked) % WEEK == 0))
    if not len(rows):
        raise InputError(
            f"{resource_id} holds no session on {day_name(weekday)} at {AMERICAN.clock(start_minute)} that fits "
            "this person; check the day and the time."
        )
    return _to_session(home, int(rows[0]))


def journeys_in_classes(home: HomeAccess, rows: Sequence[Mapping[str, Any]]) -> tuple[dict[str, Any], ...]:
    """Return the explained classes of a score with the trips to the resources that they show."""
    by_name = {one.members.rule.name: one for one in home.evaluation.classes}

    def with_trip(one: ClassAccess, shown: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        explained = []
        for row in shown:
            (member, *_) = _members(home, one, row["id"])
            explained.append({**row, "journey": _to_member(home, one, member, STAY_MINUTES).as_dict()})
        return explained

    return tuple(
        dict(row)
        | {key: with_trip(by_name[row["name"]], row[key]) for key in ("nearest", "most_valuable") if key in row}
        for row in rows
    )


def journeys_in_meetings(home: HomeAccess, meetings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the explained week of meetings with trips there, back, and the last way home of each day.

    Of each day the sessions that count most have theirs; the others' can be asked for, see `journeys_to_session`.
    """
    week, evaluation = home.case.sessions, home.evaluation.meetings
    counted = np.flatnonzero(evaluation.counts)
    order = counted[np.lexsort((counted, week.start[counted], week.weekday[counted]))]
    best = [order[week.weekday[order] == day] for day in range(7)]
    trips_of = {int(k) for day in best for k in day[np.argsort(-evaluation.value[day], kind="stable")][:SHOWN]}
    rows = [
        {**row, "journey": _to_session(home, int(k)).as_dict()} if int(k) in trips_of else dict(row)
        for row, k in zip(meetings["sessions"], order, strict=True)
    ]
    last = {
        day: None if way is None else {**way, "journey": _as_dict(_last_home(home, weekday, None))}
        for weekday, (day, way) in enumerate(meetings["last_way_home"].items())
    }
    return {**meetings, "sessions": rows, "last_way_home": last}


def _members(home: HomeAccess, one: ClassAccess, resource_id: str) -> list[int]:
    """Return the member of a class that has this id, if any."""
    support = home.case.support
    ids = support.resource_id if one.members.rule.categories else support.zone_id
    return [int(row) for row in np.flatnonzero(ids[one.members.rows] == resource_id)[:1]]


def _to_member(home: HomeAccess, one: ClassAccess, member: int, stay_minutes: int) -> RoundTrip:
    case, rule = home.case, one.members.rule
    trip, (identity, name) = typical_trip(one, member), label(case, one, member)
    window, traffic = trip.window, trip.traffic
    day = case.week.dates[window.weekday]
    if not np.isfinite(trip.seconds):
        return RoundTrip(identity, name, window.weekday, day, None, None, None, None)
    moment = trip.minute * MINUTE
    leave = moment - int(trip.seconds) if window.arriving else moment
    places = case.support.places if rule.categories else case.support.job_places
    at = one.members.column[member]
    place = (float(places.lon[at]), float(places.lat[at]))
    there = _trip(home, window.weekday, trip.mode, place, leave, name, traffic=traffic)
    back = None
    if there is not None:
        free = -(-max(there.arrival, moment if window.arriving else 0) // MINUTE) + stay_minutes
        slack = _homeward_slack(home, window.weekday)
        back = _trip(home, window.weekday, trip.mode, place, free * MINUTE, name, homeward=True, slack=slack)
    return RoundTrip(identity, name, window.weekday, day, trip.seconds / MINUTE, None, there, back)


def _to_session(home: HomeAccess, number: int) -> RoundTrip:
    case, sessions = home.case, home.case.sessions
    weekday, at = int(sessions.weekday[number]), int(sessions.place[number])
    row = int(case.support.sessions["row"].iloc[int(case.session_row[number])])
    identity, name = str(case.support.resource_id[row]), str(case.support.resource_name[row])
    place = (float(case.support.places.lon[at]), float(case.support.places.lat[at]))
    there_minutes, back_minutes = float(home.evaluation.there[number]), float(home.evaluation.back[number])
    there = back = None
    if np.isfinite(there_minutes):
        leave = round((np.floor(sessions.start[number]) - there_minutes) * MINUTE)
        traffic = int(case.session_traffic[0][number])
        slack = Slack(later=EASIER_SECONDS, there_by=int(np.floor(sessions.start[number])) * MINUTE)
        there = _trip(home, weekday, _way(home, number, 0), place, leave, name, traffic=traffic, slack=slack)
    if np.isfinite(back_minutes):
        free = int(np.ceil(sessions.end[number] + case.support.parameters.meetings.leave_after_minutes))
        longest = int(case.plan.settings.max_minutes * MINUTE)
        leave = max(free * MINUTE, round((free + back_minutes) * MINUTE) - longest)  # who waits longer finds it still
        slack = _homeward_slack(home, weekday)
        back = _trip(home, weekday, _way(home, number, 1), place, leave, name, homeward=True, slack=slack)
        back = None if back is None else waiting_from(back, free * MINUTE)
    return RoundTrip(
        identity,
        name,
        weekday,
        case.week.dates[weekday],
        there_minutes if there is not None else None,
        back_minutes if back is not None else None,
        there,
        back,
        _last_home(home, weekday, at),
    )


def _homeward_slack(home: HomeAccess, weekday: int) -> Slack:
    """Return what one gives for an easier way home: within the curfew."""
    by = home.case.curfew[weekday] * MINUTE
    return Slack(later=EASIER_SECONDS, there_by=int(by) if np.isfinite(by) else int(UNREACHED))


def _way(home: HomeAccess, number: int, direction: int) -> str:
    """Return the mode of a session's trip there (0) or back (1)."""
    if home.evaluation.meetings.counts[number]:
        return MODES[home.evaluation.way[number]]
    own = [way for way in MODES if way in (*home.evaluation.modes, TRANSIT)]
    return min(own, key=lambda way: float(home.evaluation.ways[way][direction][number]))


def _last_home(home: HomeAccess, weekday: int, place: int | None) -> Journey | None:
    """Return the last way home of a weekday, from one place or from any where meetings are held."""
    last = last_way_home(home, weekday, place)
    if last is None:
        return None
    places = home.case.support.places
    at = (float(places.lon[last.place]), float(places.lat[last.place]))
    slack = Slack(earlier=EASIER_SECONDS)
    return _trip(home, weekday, TRANSIT, at, round(last.minute * MINUTE), last.name, homeward=True, slack=slack)


def _trip(
    home: HomeAccess, weekday: int, mode: str, place: LonLat, departure: int, name: str, *, homeward: bool = False,
    traffic: int | None = None, slack: Slack = AT_ONCE,
) -> Journey | None:  # fmt: skip
    """Return the trip between home and a place, on leaving at a second of a weekday's service.

    A car meets the band of `traffic` that the score counted; without one, that of its departure.
    """
    week = home.case.week
    number = week.pattern[weekday]
    date = week.dates[number] if mode == TRANSIT else dates_from(week.date)[weekday]
    settings = replace(home.case.plan.settings, mode=mode, date=date, traffic=traffic)
    ends, names = ((home.lon, home.lat), place), ("home", name)
    if homeward:
        ends, names = ends[::-1], names[::-1]
    return explain_journey(home.case.support.network, *ends, settings, departure, *names, slack)


def _as_dict(journey: Journey | None) -> dict[str, Any] | None:
    """Return a journey as plain values: when, how long, its modes, a line per leg in words, a quicker one if any."""
    if journey is None:
        return None
    ridden = list(dict.fromkeys(leg.mode for leg in journey.legs))
    return {
        "leave": clock_text(journey.leaves),
        "arrive": clock_text(journey.arrival, up=True),
        "minutes": journey.minutes,
        "modes": ridden,
        "lines": in_words(journey),
        **({} if journey.quicker is None else {"quicker": _as_dict(journey.quicker)}),
    }
