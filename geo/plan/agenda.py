"""What a week may hold: shifts and appointments at their times, doses and meetings to choose from.

Times are minutes after the midnight that begins Monday. Places are numbered; 0 is home.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.needs.eligibility import fits
from geo.needs.needs import Needs
from geo.needs.stay_away import inside
from geo.opening_hours import weekly_hours
from geo.plan.model import PlanSettings
from geo.score.support import RegionSupport
from geo.timetables.calendar import DAY, WEEK

Floats = NDArray[np.float64]
WORKDAYS = 6
"""Doses a week where the needs don't say: a program may send the dose of one weekend day home (42 CFR 8.12(i))."""


@dataclass(frozen=True)
class Event:
    """Something that happens at a place from `start` to `end`; one may leave from `free` on.

    `preferred`: how many of the person's wishes (fellowship, format) the place is known to meet. `carried`: the last
    week's Sunday night shift, which this week begins with.
    """

    kind: str
    name: str
    place: int
    start: int
    end: int
    free: int
    resource_id: str | None = None
    preferred: int = 0
    carried: bool = False

    @property
    def weekday(self) -> int:
        """Weekday on which it starts."""
        return self.start // DAY % 7


@dataclass(frozen=True)
class Agenda:
    """All that a week may hold, in order of time; `lon`, `lat` of each numbered place; rules on what is chosen.

    `work`: the number of the place of work, 0 where it isn't known. `dose_days`: on which a dose must be had; empty =
    on any `doses` days. `meetings`: how many to look for, at most.
    """

    lon: Floats
    lat: Floats
    work: int
    events: tuple[Event, ...]
    doses: int
    dose_days: tuple[int, ...]
    meetings: int
    sessions_that_fit: int


def agenda(support: RegionSupport, lon: float, lat: float, needs: Needs, settings: PlanSettings) -> Agenda:
    """Return what the week of a person who lives at a place may hold."""
    places = {(lon, lat): 0}

    def number(place: tuple[float, float]) -> int:
        return places.setdefault(place, len(places))

    work = number((needs.work_place.lon, needs.work_place.lat)) if needs.work_place and needs.shifts else 0
    events = _work(needs, work)
    for visit in needs.appointments:
        start, end = (visit.weekday * DAY + minute for minute in (visit.start_minute, visit.end_minute))
        at = number((visit.place.lon, visit.place.lat))
        events.append(Event("appointment", visit.place.name, at, start, end, end))
    fit, _ = fits(support.resources, needs)
    fit &= ~_kept_away(support, needs)
    doses = 0
    if "methadone" in needs.medications:
        doses = len(needs.dose_days) or needs.doses_per_week or WORKDAYS
        events += _doses(support, needs, settings, fit, number)
    sessions, that_fit = _sessions(support, needs, fit, number)
    events += sessions
    wanted = 7 if needs.meetings_per_week is None else needs.meetings_per_week
    points = np.array(list(places), dtype=np.float64)
    lons, lats = points[:, 0].copy(), points[:, 1].copy()
    return Agenda(lons, lats, work, _in_order(events), doses, needs.dose_days, wanted, that_fit)


def with_shifts(known: Agenda, needs: Needs) -> Agenda:
    """Return the agenda with the shifts of changed needs that are otherwise the same but for curfew and ways."""
    events = [one for one in known.events if one.kind != "work"]
    return replace(known, events=_in_order([*events, *_work(needs, known.work)]))


def _work(needs: Needs, at: int) -> list[Event]:
    """Return the shifts; one that passes the week's end also at its beginning."""
    events = []
    for shift in needs.shifts:
        start, end = (shift.weekday * DAY + minute for minute in (shift.start_minute, shift.end_minute))
        events.append(Event("work", "work", at, start, end, end))
        if end > WEEK:
            events.append(Event("work", "work", at, start - WEEK, end - WEEK, end - WEEK, carried=True))
    return events


def _in_order(events: Sequence[Event]) -> tuple[Event, ...]:
    return tuple(sorted(events, key=lambda one: (one.start, one.end, one.kind, one.name, one.resource_id or "")))


def dose_spans(support: RegionSupport, needs: Needs, hours: str | None) -> tuple[tuple[tuple[int, int], ...], ...]:
    """Return when a dose can be had, for Monday … Sunday: in the person's window, while the program is open.

    Where the hours are not known, in the window of the score's class.
    """
    known = weekly_hours(hours) if hours else None
    usual = next(
        ((rule.start, rule.end) for rule in support.parameters.classes if rule.applies == "methadone"), (360, 600)
    )
    low, high = needs.dose_window or ((0, DAY) if known else usual)
    week = known or (((low, high),),) * 7
    return tuple(
        tuple((max(start, low), min(end, high)) for start, end in day if max(start, low) < min(end, high))
        for day in week
    )


def _doses(
    support: RegionSupport, needs: Needs, settings: PlanSettings, fit: NDArray[np.bool_], number: Callable[..., int]
) -> list[Event]:
    """Return the times at which a dose may be had at each program that fits."""
    table = support.resources
    rows = np.flatnonzero((table["category"] == "opioid_treatment_program").to_numpy(dtype=bool) & fit)
    doses = []
    for one in table.iloc[rows].itertuples():
        hours = one.opening_hours if isinstance(one.opening_hours, str) else None
        for weekday, spans in enumerate(dose_spans(support, needs, hours)):
            if needs.dose_days and weekday not in needs.dose_days:
                continue
            for start, end in spans:
                for minute in range(start, end - settings.dose_minutes + 1, settings.dose_step_minutes):
                    begin = weekday * DAY + minute
                    done = begin + settings.dose_minutes
                    at = number((one.lon, one.lat))
                    doses.append(Event("dose", str(one.name), at, begin, done, done, str(one.resource_id)))
    return doses


def _sessions(
    support: RegionSupport, needs: Needs, fit: NDArray[np.bool_], number: Callable[..., int]
) -> tuple[list[Event], int]:
    """Return the weekly sessions of meetings that fit."""
    table = support.resources
    meeting = (table["category"] == "meeting").to_numpy(dtype=bool) & fit
    held = support.sessions[meeting[support.sessions["row"].to_numpy(dtype=np.int64)]]
    liked = _liked(table, needs)
    leave_after = int(support.parameters.meetings.leave_after_minutes)
    columns = {name: table[name].to_list() for name in ("name", "lon", "lat", "resource_id")}
    events = []
    for one in held.itertuples():
        row = int(one.row)
        start, end = (int(one.weekday) * DAY + int(minute) for minute in (one.start_minute, one.end_minute))
        at = number((columns["lon"][row], columns["lat"][row]))
        name, own = str(columns["name"][row]), str(columns["resource_id"][row])
        if end > start:
            events.append(Event("meeting", name, at, start, end, end + leave_after, own, int(liked[row])))
    return events, len(events)


def _liked(table: pd.DataFrame, needs: Needs) -> NDArray[np.int64]:
    """Return how many of the wishes (a fellowship, a format) each resource is known to meet."""
    total = np.zeros(len(table), dtype=np.int64)
    for column, words in (("fellowship", needs.fellowships), ("formats", needs.formats)):
        wanted = {word.strip().casefold() for word in words}
        cells = table[column].fillna("").str.casefold()
        total += np.array([any(part.strip() in wanted for part in cell.split(";")) for cell in cells], dtype=np.int64)
    return total


def _kept_away(support: RegionSupport, needs: Needs) -> NDArray[np.bool_]:
    """Return which resources lie in an area to stay away from."""
    lon, lat = (support.resources[axis].to_numpy(dtype=np.float64) for axis in ("lon", "lat"))
    away = np.zeros(len(lon), dtype=bool)
    for area in needs.stay_away:
        away |= inside(area, lon, lat, support.network.crs)
    return away
