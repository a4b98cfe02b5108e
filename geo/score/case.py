"""One person's case in one region on one date: what applies and fits, before any home is looked at."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.clock import DAY, day_name
from geo.errors import NeedsError
from geo.habits import AMERICAN
from geo.needs.curfew import Limits
from geo.needs.eligibility import fits, jobs_that_fit, open_to
from geo.needs.needs import Needs
from geo.needs.occurrence import share_of_weeks
from geo.needs.schedule import by_evening, curfew_limits
from geo.score.data_quality import Records, judged
from geo.score.home_times import SearchPlan, plan_searches
from geo.score.meetings import Sessions
from geo.score.parameters import ClassRule
from geo.score.service_week import Week, week_of
from geo.score.support import RegionSupport, limited_decay
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
class Case:
    """Everything about a person and a date that is the same for every home.

    `sessions`: those of meetings that fit, with `session_row` into the support's sessions; `curfew`: minutes of each
    evening, inf without one; `meetings_present`: the region has sessions at all; `online`: weekly sessions one can
    join from home.
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


def make_case(support: RegionSupport, needs: Needs, date: datetime.date, today: datetime.date | None = None) -> Case:
    """Return what applies to this person in this region on this date.

    With `today`, a timetable that ended before it lowers the confidence.

    Raises
    ------
    DateError
        The date is outside the timetable.
    NeedsError
        The curfew is before every meeting that fits, on each day that has any.
    """
    fit, unsure = fits(support.resources, needs)
    week = week_of(support, needs, date)
    applying = [rule for rule in support.parameters.classes if _applies(rule, needs)]
    members = tuple(_members(support, needs, rule, fit, unsure) for rule in applying)
    sessions, row = _sessions(support, fit)
    curfew = curfew_limits(needs)
    leave_after = support.parameters.meetings.leave_after_minutes
    if len(row) and (sessions.end + leave_after > np.array(curfew)[sessions.weekday]).all():
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
        bool(meeting[support.sessions["row"].to_numpy(dtype=np.int64)].any()),
        int((meeting & unsure).sum()),
        round(float(online["sessions"][fits(online, needs)[0]].sum())),
        _records(support, week, members, row, ended_on(support.network.feed, date, today)),
    )


def _before_every_meeting(sessions: Sessions, curfew: Limits) -> str:
    first = int(np.argmin(sessions.end))
    of, end = AMERICAN.clock(curfew[sessions.weekday[first]] % DAY), AMERICAN.clock(float(sessions.end[first]) % DAY)
    on = "" if len(set(curfew)) == 1 else f" on {day_name(int(sessions.weekday[first]))}"
    return (
        f"The curfew of {of}{on} is before every meeting: the earliest that fits ends at {end}{on}; check the "
        "curfew, or leave it out."
    )


def _records(
    support: RegionSupport, week: Week, members: Sequence[Members], session_row: Ints, ended: datetime.date | None
) -> Records:
    """Judge the records of the members and of the meetings."""
    used = [one.rows for one in members if one.rule.categories]
    meets = support.sessions["row"].to_numpy(dtype=np.int64)[session_row]
    rows = np.unique(np.concatenate([*used, meets])).astype(np.int64)
    return judged(
        support.parameters.confidence,
        support.resources.iloc[rows],
        sum(support.unplaced.values()),
        week.date,
        None if support.network.feed is None else week.dates,
        [f"{one.rule.title}: {one.note}." for one in members if one.note and one.present],
        ended,
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
    minutes = np.arange(int(rule.limit_minutes * 60) + 1) / 60.0
    weight = np.array([limited_decay(rule.decays[mode])(minutes) for mode in MODES])
    if rule.categories:
        rows = np.flatnonzero(support.resources["category"].isin(rule.categories).to_numpy(dtype=bool) & fit)
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


def _rival_values(
    support: RegionSupport, needs: Needs, rule: ClassRule, rows: NDArray[np.integer]
) -> tuple[Floats, str]:
    """Return R_j = S_j / (ratio · Σ P_i f(t_ij)) of these rows; the person alone is the least demand there is.

    Jobs of chosen wages or sectors have the same share of the workers as competitors as they are of all jobs; beds
    open to a gender, of the people as they are of all beds.
    """
    rivals = support.rivals[rule.name]
    position = np.searchsorted(rivals.rows, rows)
    supply = rivals.supply[position]
    if rule.categories:
        wanted = rivals.supply[open_to(support.resources.iloc[rivals.rows], needs.gender)]
    else:
        wanted = supply = np.nan_to_num(jobs_that_fit(support.zones, needs))
    share = wanted.sum() / rivals.supply.sum() if rivals.supply.sum() > 0 else 1.0
    if not rivals.known:
        return (supply > 0).astype(np.float64), "no data on who competes, so each place counts as 1"
    return supply / (rivals.ratio * np.maximum(rivals.competitors[position] * share, 1.0)), ""


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
