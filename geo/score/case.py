"""One person's case in one region on one date: what applies and fits, before any home is looked at."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.clock import DAY, day_name
from geo.errors import NeedsError
from geo.habits import AMERICAN
from geo.needs.curfew import Limits
from geo.needs.eligibility import fits_person, for_person, jobs_that_fit, open_to
from geo.needs.needs import Needs
from geo.needs.occurrence import share_of_weeks
from geo.needs.schedule import by_evening, curfew_limits, lasts_all_day
from geo.score.data_quality import Records, judged
from geo.score.home_times import SearchPlan, Window, meeting_places, plan_searches, windows
from geo.score.kernels_score import Classes, Parts
from geo.score.layout import TRANSIT, laid_out
from geo.score.meetings import Sessions
from geo.score.parameters import ClassRule, DecayRule
from geo.score.service_week import Week, week_of
from geo.score.support import RegionSupport, Rivals, limited_decay
from geo.streets.traffic import Traffic, stretches
from geo.tables import MODES
from geo.timetables.ended import ended_on

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]


@dataclass(frozen=True)
class Members:
    """The resources (or zones) of one class that fit.

    `rows`: into the support's resources, or zones for jobs; `column`: their places; `value`: m_j, or the rival
    ratio R_j; `weight[m, s]`: f at s whole seconds by the m-th of `MODES`, 0 beyond its limit; `unsure`: kept although
    something asked about is not known.
    """

    rule: ClassRule
    present: bool
    rows: Ints
    column: Ints
    value: Floats
    weight: Floats
    unsure: int
    note: str


@dataclass(frozen=True)
class WindowInTraffic:
    """A window, and its parts in which one band of traffic holds, each with its share and the number of that band."""

    window: Window
    parts: tuple[tuple[int, Window], ...]


@dataclass(frozen=True)
class Case:
    """Everything about a person and a date that is the same for every home.

    `sessions`: those of meetings that fit, with `session_row` into the support's sessions; `curfew`: minutes of each
    evening, inf without one; `meetings_present`: the region has sessions at all, those for families aside unless a
    fellowship is chosen; `online`: weekly sessions one can join from home.
    """

    support: RegionSupport
    needs: Needs
    week: Week
    plan: SearchPlan
    members: tuple[Members, ...]
    not_needed: tuple[ClassRule, ...]
    sessions: Sessions
    session_row: Ints
    curfew: Limits
    meetings_present: bool
    meetings_unsure: int
    online: int
    records: Records

    @cached_property
    def windows(self) -> tuple[tuple[WindowInTraffic, ...], ...]:
        """Return the windows of each of the `members`."""
        parameters, traffic = self.support.parameters, self.support.network.streets.traffic
        return tuple(
            tuple(_in_traffic(window, traffic) for window in windows(one.rule, self.needs, self.week, parameters))
            for one in self.members
        )

    @cached_property
    def has_traffic(self) -> NDArray[np.bool_]:
        """Return which bands of traffic the windows of each of the `members` meet, bool[members, bands]."""
        met = np.zeros((len(self.members), len(self.support.network.streets.traffic.bands)), np.bool_)
        for number, own in enumerate(self.windows):
            met[number, [band for window in own for band, _ in window.parts]] = True
        return met

    @cached_property
    def layout(self) -> tuple[Classes, Parts]:
        """Return the `members` and their `windows` as the compiled loops take them.

        Their tables are those of `plan.leaving` and then those of `plan.working`.
        """
        classes = laid_out(
            [one.weight for one in self.members],
            [one.column for one in self.members],
            [sum(len(window.parts) for window in own) for own in self.windows],
            [not one.rule.categories for one in self.members],
        )
        return classes, _parts(self.members, self.windows, self.week, self.plan)

    @cached_property
    def session_traffic(self) -> tuple[NDArray[np.int8], NDArray[np.int8]]:
        """Return the bands of traffic that hold for each session on the way there, and on the way back."""
        traffic, sessions = self.support.network.streets.traffic, self.sessions
        free = np.ceil(sessions.end + self.support.parameters.meetings.leave_after_minutes)
        return traffic.at(sessions.weekday, np.floor(sessions.start) - 1), traffic.at(sessions.weekday, free)

    @cached_property
    def meeting_column(self) -> Ints:
        """Return each session's place among the meeting places."""
        return np.searchsorted(meeting_places(self.support), self.sessions.place).astype(np.int32)


def make_case(support: RegionSupport, needs: Needs, date: datetime.date, today: datetime.date | None = None) -> Case:
    """Return what applies to this person in this region (of `geo.score.around_areas.groups`) on this date.

    With `today`, a timetable that ended before it lowers the confidence, and records age until then.

    Raises
    ------
    DateError
        The date is outside the timetable.
    NeedsError
        The curfew is before every meeting that fits, on each day that has any.
    """
    fit, unsure = fits_person(support.resources, needs)
    week = week_of(support, needs, date)
    applying = [rule for rule in support.parameters.classes if _applies(rule, needs)]
    members = tuple(_members(support, needs, rule, fit, unsure) for rule in applying)
    sessions, row = _sessions(support, fit)
    curfew = curfew_limits(needs)
    leave_after = support.parameters.meetings.leave_after_minutes
    too_late = sessions.end + leave_after > np.array(curfew)[sessions.weekday]
    if len(row) and (too_late & ~lasts_all_day(sessions.start, sessions.end)).all():
        raise NeedsError(_before_every_meeting(sessions, curfew))
    meeting = (support.resources["category"] == "meeting").to_numpy(dtype=bool)
    online = support.online[support.online["category"] == "meeting"]
    return Case(
        support,
        needs,
        week,
        plan_searches(support, needs, week, applying, sessions),
        members,
        tuple(rule for rule in support.parameters.classes if not _applies(rule, needs)),
        sessions,
        row,
        curfew,
        bool((meeting & for_person(support.resources, needs))[support.sessions["row"].to_numpy(dtype=np.int64)].any()),
        int((meeting & unsure).sum()),
        round(float(online["sessions"][fits_person(online, needs)[0]].sum())),
        _records(support, week, members, row, ended_on(support.network.feed, date, today), today),
    )


def _in_traffic(window: Window, traffic: Traffic) -> WindowInTraffic:
    parts = stretches(traffic, window.weekday, window.start, window.end, arriving=window.arriving)
    minutes = window.end - window.start
    return WindowInTraffic(
        window,
        tuple(
            (band, replace(window, start=start, end=end, share=window.share * (end - start) / minutes))
            for band, start, end in parts
        ),
    )


def _parts(
    members: Sequence[Members], windows: Sequence[Sequence[WindowInTraffic]], week: Week, plan: SearchPlan
) -> Parts:
    """Return the parts of all windows, numbering tables as those of `plan.leaving` and then those of `plan.working`."""
    rows = []
    for one, own in zip(members, windows, strict=True):
        wanted, before = (plan.leaving, 0) if one.rule.categories else (plan.working, len(plan.leaving))
        earlier = int(one.rule.decays[TRANSIT].limit_minutes)
        for asked in own:
            window, number = asked.window, week.pattern[asked.window.weekday]
            is_known = number in wanted
            table = before + [*wanted].index(number) if is_known else -1
            for band, part in asked.parts:
                last = part.end if window.arriving or not is_known else min(part.end, wanted[number][1])
                minutes = max(last - part.start, 0) if is_known else 0
                arriving = window.arriving, window.start - earlier, window.end
                rows.append((table, band, part.start, minutes, part.share, *arriving))
    types = (np.int64, np.int64, np.int64, np.int64, np.float64, np.bool_, np.int64, np.int64)
    columns = zip(*rows, strict=True) if rows else ((),) * len(types)
    return Parts(*(np.array(column, kind) for column, kind in zip(columns, types, strict=True)))


def _before_every_meeting(sessions: Sessions, curfew: Limits) -> str:
    first = int(np.argmin(sessions.end))
    of, end = AMERICAN.clock(curfew[sessions.weekday[first]] % DAY), AMERICAN.clock(float(sessions.end[first]) % DAY)
    on = "" if len(set(curfew)) == 1 else f" on {day_name(int(sessions.weekday[first]))}"
    return (
        f"The curfew of {of}{on} is before every meeting: the earliest that fits ends at {end}{on}; check the "
        "curfew, or leave it out."
    )


def _records(
    support: RegionSupport,
    week: Week,
    members: Sequence[Members],
    session_row: Ints,
    ended: datetime.date | None,
    today: datetime.date | None,
) -> Records:
    """Judge the records of the members and of the meetings."""
    used = [one.rows for one in members if one.rule.categories]
    meets = support.sessions["row"].to_numpy(dtype=np.int64)[session_row]
    rows = np.unique(np.concatenate([*used, meets])).astype(np.int64)
    return judged(
        support.parameters.confidence,
        support.resources[["verified_on", "retrieved_on", "location_precision"]].iloc[rows],
        sum(support.unplaced.values()),
        week.date,
        None if support.network.feed is None else week.dates,
        [f"{one.rule.title}: {one.note}." for one in members if one.note and one.present],
        ended,
        today,
    )


def _applies(rule: ClassRule, needs: Needs) -> bool:
    return {
        "always": True,
        "methadone": "methadone" in needs.medications,
        "other_medication": bool(set(needs.medications) - {"methadone"}),
        "childcare": needs.childcare,
    }[rule.applies]


def _members(
    support: RegionSupport, needs: Needs, rule: ClassRule, fit: NDArray[np.bool_], unsure: NDArray[np.bool_]
) -> Members:
    """Return the class's members that fit, with their value."""
    weight = np.array([_weight(rule.decays[mode], int(rule.limit_minutes * 60)) for mode in MODES])
    if rule.categories:
        rows = np.flatnonzero(support.is_of(rule.categories) & fit)
        column, unknown = support.resource_place[rows], int(unsure[rows].sum())
    else:
        rows = np.arange(len(support.zones))
        column, unknown = rows.astype(np.int32), 0
    value, note = np.ones(len(rows)), ""
    if rule.kind == "rival":
        value, note = _rival_values(support, needs, rule, rows)
        rows, column, value = rows[value > 0], column[value > 0], value[value > 0]
    present = rule.name in support.present
    return Members(rule, present, rows.astype(np.int32), column.astype(np.int32), value, weight, unknown, note)


@lru_cache
def _weight(decay: DecayRule, longest: int) -> Floats:
    """Return f at whole seconds up to the longest."""
    return limited_decay(decay)(np.arange(longest + 1) / 60.0)


def _rival_values(
    support: RegionSupport, needs: Needs, rule: ClassRule, rows: NDArray[np.integer]
) -> tuple[Floats, str]:
    """Return R_j = S_j / (ratio · Σ P_i f(t_ij)) of these rows; the person alone is the least demand there is.

    Jobs of chosen wages or sectors have the same share of the workers as competitors as they are of all jobs; beds
    open to a gender, of the people as they are of all beds that are built. A place that is only proposed is valued as
    if it alone were built more.
    """
    rivals = support.rivals[rule.name]
    position = np.searchsorted(rivals.rows, rows)
    supply = rivals.supply[position]
    if rule.categories:
        share = _open_share(support, needs, rivals)[position]
    else:
        supply = np.nan_to_num(jobs_that_fit(support.zones, needs))
        whole = rivals.supply.sum()
        share = np.full(len(rows), supply.sum() / whole if whole > 0 else 1.0)
    if not rivals.known:
        return (supply > 0).astype(np.float64), "no data on who competes, so each place counts as 1"
    return supply / (rivals.ratio * np.maximum(rivals.competitors[position] * share, 1.0)), ""


def _open_share(support: RegionSupport, needs: Needs, rivals: Rivals) -> Floats:
    """Return what share of beds is open to the person's gender, for each house; see `_rival_values`."""
    built = rivals.built["supply"].to_numpy(np.float64)
    was_open = np.where(open_to(rivals.built, needs.gender), built, 0.0)
    own = np.where(rivals.there, 0.0, rivals.supply)
    own_open = np.where(open_to(support.resources.iloc[rivals.rows], needs.gender), own, 0.0)
    if not rivals.there.all():
        before = pd.Index(rivals.built["resource_id"]).get_indexer(pd.Index(support.resource_id[rivals.rows]))
        known = ~rivals.there & (before >= 0)  # a house that is changed replaces what it was
        own[known] -= built[before[known]]
        own_open[known] -= was_open[before[known]]
    whole = built.sum() + own
    share: Floats = np.divide(was_open.sum() + own_open, whole, out=np.ones(len(own)), where=whole > 0)
    return share


def _sessions(support: RegionSupport, fit: NDArray[np.bool_]) -> tuple[Sessions, Ints]:
    """Return the sessions of meetings that fit, in canonical order, and their rows."""
    table = support.sessions
    resource = table["row"].to_numpy(dtype=np.int64)
    meeting = (support.resources["category"] == "meeting").to_numpy(dtype=bool)
    chosen = np.flatnonzero((meeting & fit)[resource]) if len(table) else np.empty(0, dtype=np.int64)
    start, end = (table[name].to_numpy(dtype=np.float64)[chosen] for name in ("start_minute", "end_minute"))
    weekday = table["weekday"].to_numpy(dtype=np.int64)[chosen]
    weekday, start, end = by_evening(weekday, start, end)
    place = support.resource_place[resource[chosen]]
    share = table["weeks"].fillna("").map(share_of_weeks).to_numpy(dtype=np.float64)[chosen]
    return Sessions(place, weekday.astype(np.int8), start, end, share), chosen.astype(np.int32)
