"""What a week may hold: shifts and appointments at their times, doses and meetings to choose from.

Times are minutes after the midnight that begins Monday. Places are numbered; 0 is home.
"""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.clock import DAY, WEEK, weekday_at
from geo.countries import country_of
from geo.needs.eligibility import fits_person, holding
from geo.needs.needs import Needs
from geo.needs.occurrence import is_dated, occurs
from geo.needs.schedule import WORKDAYS, lasts_all_day
from geo.opening_hours import Hours, Spans, read_hours, says_of_holiday, spans_on
from geo.plan.model import PlanSettings
from geo.public_holidays import public_holiday
from geo.score.around_areas import lies_inside
from geo.score.service_week import Week
from geo.score.support import RegionSupport
from geo.timetables.calendar import MORNING_MINUTES, dates_from

Floats = NDArray[np.float64]


def _midnight(minute: int) -> int:
    """Return the midnight that begins the day to which a minute belongs."""
    return (minute - MORNING_MINUTES) // DAY * DAY


@dataclass(frozen=True)
class Event:
    """Something that happens at a place from `start` to `end`; one may leave from `free` on.

    `preferred`: how many of the person's wishes (fellowship, format) the place is known to meet. `carried`: the last
    week's Sunday night shift, which this week begins with. `weeks`: as in `geo.needs.occurrence`. The small hours
    belong to the evening before, so a week of events starts on Monday at 04:00.
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
    weeks: str = ""

    @property
    def midnight(self) -> int:
        """Midnight that begins the day to which it belongs."""
        return _midnight(self.start)

    @property
    def weekday(self) -> int:
        """Weekday to which it belongs."""
        return weekday_at(0, self.midnight)


@dataclass(frozen=True)
class Holiday:
    """A public holiday on which a dose may be due (`name`: of `geo.public_holidays`), and whether a program is closed.

    Where it isn't `closed`, its hours don't say what holds on holidays. Closed means closed all day on that date, where
    on that weekday a dose is had in other weeks: a program that is open at other hours than the person's isn't.
    """

    weekday: int
    name: str
    closed: bool


@dataclass(frozen=True)
class Agenda:
    """All that a week may hold, in order of time; `lon`, `lat` of each numbered place; rules on what is chosen.

    `work`: the number of the place of work, 0 where it isn't known. `dose_days`: on which a dose must be had; empty =
    on any `doses` days. `meetings`: how many to look for, at most; `sessions_that_fit`: at set hours, in this week or
    another; `held_all_day`: how many meetings besides have no hour to be planned at. `holidays`, `open_days`: of each
    program, by its resource: the holidays of the week, and on how many days of another week a dose can be had.
    `programs_only_inside`: programs fit, but each of them lies in an area to stay away from.
    """

    lon: Floats
    lat: Floats
    work: int
    events: tuple[Event, ...]
    doses: int
    dose_days: tuple[int, ...]
    meetings: int
    sessions_that_fit: int
    held_all_day: int
    holidays: Mapping[str, tuple[Holiday, ...]] = field(default_factory=dict)
    open_days: Mapping[str, int] = field(default_factory=dict)
    programs_only_inside: bool = False


def agenda(support: RegionSupport, lon: float, lat: float, needs: Needs, settings: PlanSettings, week: Week) -> Agenda:
    """Return what a week of a person who lives at a place may hold.

    Opening hours, holidays and the weeks of sessions go by the week's own dates, whatever timetable stands in for them.
    """
    dates = dates_from(week.date)
    places = {(lon, lat): 0}

    def number(place: tuple[float, float]) -> int:
        return places.setdefault(place, len(places))

    work = number((needs.work_place.lon, needs.work_place.lat)) if needs.work_place and needs.shifts else 0
    events = _work(needs, work)
    for visit in needs.appointments:
        start, end = _minutes(visit.weekday, visit.start_minute, visit.end_minute)
        at = number((visit.place.lon, visit.place.lat))
        events.append(Event("appointment", visit.place.name, at, start, end, end))
    fit, _ = fits_person(support.resources, needs)
    within = lies_inside(support, needs, support.resources["lon"], support.resources["lat"])
    is_inside = within[fit & _is_program(support.resources)]
    fit &= ~within
    doses, programs = 0, []
    if "methadone" in needs.medications:
        doses = len(needs.dose_days) or needs.doses_per_week or WORKDAYS
        programs = _programs(support, needs, fit, dates)
        events += _doses(programs, needs, settings, number)
    sessions, that_fit, held_all_day = _sessions(support, needs, fit, number, dates)
    events += sessions
    wanted = 7 if needs.meetings_per_week is None else needs.meetings_per_week
    points = np.array(list(places), dtype=np.float64)
    lons, lats = points[:, 0].copy(), points[:, 1].copy()
    holidays = {one.resource_id: one.holidays for one in programs}
    open_days = {one.resource_id: one.open_days for one in programs}
    ordered = _in_order(events)
    asked = (doses, needs.dose_days, wanted, that_fit, held_all_day)
    only_inside = bool(len(is_inside)) and bool(is_inside.all())
    return Agenda(lons, lats, work, ordered, *asked, holidays, open_days, only_inside)


def _is_program(resources: pd.DataFrame) -> NDArray[np.bool_]:
    is_program: NDArray[np.bool_] = (resources["category"] == "opioid_treatment_program").to_numpy(dtype=bool)
    return is_program


def doses_due(whole: Agenda, program: str | None) -> tuple[int, tuple[int, ...]]:
    """Return how many doses are had at a program in this week, and on which days; empty = on any.

    On a holiday on which it is closed the dose is taken at home: 42 CFR 8.12(i)(1) lets a program give it ahead.
    """
    closed = {one.weekday for one in whole.holidays.get(program or "", ()) if one.closed}
    if whole.dose_days:
        days = tuple(day for day in whole.dose_days if day not in closed)
        return len(days), days
    usual = whole.open_days.get(program or "", whole.doses)
    return min(whole.doses, usual - len(closed) + max(0, whole.doses - usual)), ()


def with_shifts(known: Agenda, needs: Needs) -> Agenda:
    """Return the agenda with the shifts of changed needs that are otherwise the same but for curfew and ways."""
    events = [one for one in known.events if one.kind != "work"]
    return replace(known, events=_in_order([*events, *_work(needs, known.work)]))


def _work(needs: Needs, at: int) -> list[Event]:
    """Return the shifts; one that passes the week's end also at its beginning."""
    events = []
    for shift in needs.shifts:
        start, end = _minutes(shift.weekday, shift.start_minute, shift.end_minute)
        events.append(Event("work", "work", at, start, end, end))
        if end > WEEK:
            events.append(Event("work", "work", at, start - WEEK, end - WEEK, end - WEEK, carried=True))
    return events


def _minutes(weekday: int, start: int, end: int) -> tuple[int, int]:
    """Return start and end in the week; Monday's small hours are Sunday's last, so they come after all the others."""
    late = WEEK if weekday == 0 and start < MORNING_MINUTES else 0
    return weekday * DAY + start + late, weekday * DAY + end + late


def _in_order(events: Sequence[Event]) -> tuple[Event, ...]:
    return tuple(sorted(events, key=lambda one: (one.start, one.end, one.kind, one.name, one.resource_id or "")))


@dataclass(frozen=True)
class _Program:
    """Where a dose can be had, and when: the spans of Monday … Sunday."""

    resource_id: str
    name: str
    lon: float
    lat: float
    spans: tuple[Spans, ...]
    holidays: tuple[Holiday, ...]
    open_days: int


def _programs(
    support: RegionSupport, needs: Needs, fit: NDArray[np.bool_], dates: Sequence[datetime.date]
) -> list[_Program]:
    """Return the programs that fit, on the dates of this week."""
    table, country = support.resources, country_of(support.network.time_zone)
    rows = np.flatnonzero(_is_program(table) & fit)
    programs = []
    for one in table.iloc[rows].itertuples():
        hours = read_hours(one.opening_hours) if isinstance(one.opening_hours, str) else None
        opened = [None if hours is None else spans_on(hours, date, country) for date in dates]
        usual = _usual_spans(support, needs, hours, dates)
        spans = tuple(_dose_spans(support, needs, day) for day in opened)
        holidays = []
        for weekday, date in enumerate(dates):
            name = public_holiday(date, country)
            if name is None or (needs.dose_days and weekday not in needs.dose_days):
                continue
            closed = opened[weekday] == () and bool(usual[weekday])
            if closed or (spans[weekday] and not (hours and says_of_holiday(hours, date))):
                holidays.append(Holiday(weekday, name, closed))
        own = (str(one.resource_id), str(one.name), float(one.lon), float(one.lat))
        programs.append(_Program(*own, spans, tuple(holidays), sum(bool(day) for day in usual)))
    return programs


def _dose_spans(support: RegionSupport, needs: Needs, opened: Spans | None) -> Spans:
    """Return when a dose can be had on a day: in the person's window, while the program is open.

    Where the hours are not known, in the window of the score's class.
    """
    if opened is None:
        usual = ((rule.start, rule.end) for rule in support.parameters.classes if rule.applies == "methadone")
        return (needs.dose_window or next(usual, (360, 600)),)
    low, high = needs.dose_window or (0, DAY)
    within = ((max(start, low), min(end, high)) for start, end in opened)
    return tuple((start, end) for start, end in within if start < end)


def _usual_spans(
    support: RegionSupport, needs: Needs, hours: Hours | None, dates: Sequence[datetime.date]
) -> tuple[Spans, ...]:
    """Return when a dose can be had on these days of other weeks: a week before, else a week after, holidays aside."""
    week = datetime.timedelta(days=7)

    def on(date: datetime.date) -> Spans:
        return _dose_spans(support, needs, None if hours is None else spans_on(hours, date, country=""))

    return tuple(on(date - week) or on(date + week) for date in dates)


def _doses(
    programs: Sequence[_Program], needs: Needs, settings: PlanSettings, number: Callable[..., int]
) -> list[Event]:
    """Return the times at which a dose may be had at each program."""
    doses = []
    for one in programs:
        at = number((one.lon, one.lat))
        for weekday, spans in enumerate(one.spans):
            for start, end in spans:
                for minute in range(start, end - settings.dose_minutes + 1, settings.dose_step_minutes):
                    begin, done = _minutes(weekday, minute, minute + settings.dose_minutes)
                    dose = Event("dose", one.name, at, begin, done, done, one.resource_id)
                    if not needs.dose_days or dose.weekday in needs.dose_days:
                        doses.append(dose)
    return doses


def _sessions(
    support: RegionSupport,
    needs: Needs,
    fit: NDArray[np.bool_],
    number: Callable[..., int],
    dates: Sequence[datetime.date],
) -> tuple[list[Event], int, int]:
    """Return the sessions at set hours that are surely held in this week, how many fit, and how many meetings besides.

    These last all day, so that there is no hour to be there at.
    """
    table = support.resources
    meeting = (table["category"] == "meeting").to_numpy(dtype=bool) & fit
    sessions = support.sessions[meeting[support.sessions["row"].to_numpy(dtype=np.int64)]]
    all_day = lasts_all_day(*(sessions[name].to_numpy(dtype=np.int64) for name in ("start_minute", "end_minute")))
    liked = _liked(table, needs)
    leave_after = int(support.parameters.meetings.leave_after_minutes)
    columns = {name: table[name].to_list() for name in ("name", "lon", "lat", "resource_id")}
    events, that_fit = [], 0
    for one in sessions[~all_day & (sessions["end_minute"] > sessions["start_minute"])].itertuples():
        row, that_fit = int(one.row), that_fit + 1
        start, end = _minutes(int(one.weekday), int(one.start_minute), int(one.end_minute))
        weeks = one.weeks if isinstance(one.weeks, str) else ""
        if not (is_dated(weeks) and occurs(weeks, _date_of(start, dates))):
            continue
        at = number((columns["lon"][row], columns["lat"][row]))
        name, own = str(columns["name"][row]), str(columns["resource_id"][row])
        events.append(Event("meeting", name, at, start, end, end + leave_after, own, int(liked[row]), weeks=weeks))
    return events, that_fit, sessions["row"][all_day].nunique()


def _date_of(minute: int, dates: Sequence[datetime.date]) -> datetime.date:
    """Return the calendar's date at a minute of the week: in the small hours, the one after that of the evening."""
    midnight = _midnight(minute)
    return dates[weekday_at(0, midnight)] + datetime.timedelta(days=(minute - midnight) // DAY)


def _liked(table: pd.DataFrame, needs: Needs) -> NDArray[np.int64]:
    """Return how many of the wishes (a fellowship, a format) each resource is known to meet."""
    total = np.zeros(len(table), dtype=np.int64)
    for column, words in (("fellowship", needs.fellowships), ("formats", needs.formats)):
        total += holding(table[column], words)
    return total
