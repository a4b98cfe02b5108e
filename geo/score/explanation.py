"""What comes with every score: reasons, limits, the sensitivity band, confidence, and what would raise it."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from geo.clock import day_name, minutes_text
from geo.habits import AMERICAN
from geo.needs.free_beds import BedWord
from geo.score import kernels_score as kernels
from geo.score.aggregation import (
    NO_DATA,
    SCORED,
    Part,
    combine,
    dimensions_without_data,
    meeting_part,
    part_of,
    parts_of,
    share_with_data,
    weakest,
)
from geo.score.case import Case
from geo.score.class_access import ClassAccess, Evaluation, best_worth, histogram, worths
from geo.score.confidence import confidence
from geo.score.home_access import HomeAccess
from geo.score.layout import TRANSIT
from geo.score.meetings import Coverage, coverage
from geo.score.parameters import DecayRule, Parameters
from geo.score.typical_trips import TypicalTrip, last_way_home, typical_trip
from geo.tables import DIMENSIONS, MODES
from geo.timetables.ended import ended_sentence

Floats = NDArray[np.float64]
Parts = tuple[Part, ...]
SHOWN = 5
"""Resources shown a class; the rest are summed."""
LATE_BUS = 23 * 60


def explained(
    home: HomeAccess,
    parts: Parts,
    total: float | None,
    dimensions: Mapping[str, float | None],
    bed: BedWord | None = None,
) -> dict[str, Any]:
    """Return classes, meetings, limits, sensitivity, confidence, gains and rules of a score.

    Without a total, `no_total` says why, the band is empty, and nothing is said to raise it. `bed`: as
    `geo.score.confidence.confidence` takes it.
    """
    return {
        "no_total": no_total(parts, home.case.support.parameters) if total is None else None,
        "classes": classes(home, parts),
        "meetings": meetings(home),
        "limits": limits(parts, dimensions) | {"timetable": ended_sentence(home.case.records.timetable_ended)},
        "sensitivity": sensitivity(home.case, home.evaluation, parts, total),
        "confidence": confidence(home.case.support.parameters, home.case.records, parts, bed),
        "gains": () if total is None else gains(home, parts, total),
        "rules": rules(home.case.support.parameters),
    }


def no_total(parts: Parts, parameters: Parameters) -> dict[str, Any]:
    """Return why no total is given: the `dimensions` without data, the share of the weight that has `data`, `text`."""
    without, share = dimensions_without_data(parts, parameters), share_with_data(parts, parameters)
    lacking = f"has no data on {', '.join(without)}, and " if without else ""
    text = f"No total is given: the region {lacking}has data on {100 * share:.0f} % of the weight that applies."
    return {"dimensions": list(without), "data": share, "text": text}


def rules(parameters: Parameters) -> dict[str, Any]:
    """Return the numbers, beside those of each class, with which a total is put together from its parts."""
    meeting = parameters.meetings
    return {
        "floor": parameters.floor,
        "least_data_share": parameters.least_data_share,
        "needed": list(parameters.needed),
        "dimension_weights": dict(parameters.dimension_weights),
        "meetings": {"coverage_share": meeting.coverage_share, "a_ref": meeting.a_ref},
        "half_ways": {rule.name: _by_mode(rule.decays) for rule in parameters.classes}
        | {"meetings": _by_mode(meeting.decays)},
    }


def _by_mode(decays: Mapping[str, DecayRule]) -> dict[str, dict[str, float]]:
    return {mode: asdict(decay) for mode, decay in decays.items()}


def classes(home: HomeAccess, parts: Parts) -> tuple[dict[str, Any], ...]:
    """Return every class with its numbers, its nearest and its most valuable resources."""
    by_name = {one.members.rule.name: one for one in home.evaluation.classes}
    whole = {d: sum(p.weight for p in parts if p.counts and p.dimension == d) for d in DIMENSIONS}
    rows = []
    for part in parts:
        row: dict[str, Any] = {
            "name": part.name,
            "title": part.title,
            "dimension": part.dimension,
            "weight": part.weight,
            "status": part.status,
            "access": part.access,
            "a_ref": part.a_ref,
            "score": part.score if part.counts else None,
            "points": 100 * part.weight * part.score / whole[part.dimension] if part.counts else None,
        }
        if part.name in by_name:
            row |= _resources(home.case, by_name[part.name])
        rows.append(row)
    return tuple(rows)


def _resources(case: Case, one: ClassAccess) -> dict[str, Any]:
    """Return the nearest and the most valuable members; `elsewhere` is the value of those not shown as valuable."""
    value = one.members.value * one.mean
    reached = np.flatnonzero(value > 0)
    best = reached[np.lexsort((reached, -value[reached]))][:SHOWN]
    # the nearest are looked for among those with the highest mean f, which falls with the minutes
    near = reached[np.lexsort((reached, -one.mean[reached]))][:SHOWN]
    shown = {k: _resource(case, one, k) for k in dict.fromkeys([*best.tolist(), *near.tolist()])}
    nearest = sorted((shown[int(k)] for k in near), key=lambda r: (r["minutes"] is None, r["minutes"] or 0.0, r["id"]))
    return {
        "in_region": len(one.members.rows),
        "in_reach": len(reached),
        "attributes_unknown": one.members.unsure,
        "note": one.members.note,
        "nearest": nearest[:3],
        "most_valuable": [shown[int(k)] for k in best],
        "elsewhere": float(value.sum() - value[best].sum()),
    }


def _resource(case: Case, one: ClassAccess, member: int) -> dict[str, Any]:
    """Return one member: the minutes and mode of its typical trip, and its value."""
    trip, (identity, name) = typical_trip(one, member), label(case, one, member)
    return {
        "id": identity,
        "name": name,
        "minutes": trip.seconds / 60 if trip.usual else None,
        "mode": trip.mode,
        **(_by_car(case, trip) if trip.mode == "drive" else {}),
        "decay": float(one.mean[member]),
        "weight": float(one.members.value[member]),
        "value": float(one.members.value[member] * one.mean[member]),
    }


def _by_car(case: Case, trip: TypicalTrip) -> dict[str, str]:
    """Return the time of day, and whose traffic, that the minutes by car hold for."""
    return {
        "day": day_name(trip.window.weekday),
        "at": minutes_text(trip.minute),
        "traffic": case.support.network.streets.traffic.bands[trip.traffic],
    }


def label(case: Case, one: ClassAccess, member: int) -> tuple[str, str]:
    """Return the id and the name of a member: of a resource, or of a zone with jobs."""
    row = one.members.rows[member]
    if one.members.rule.categories:
        return str(case.support.resource_id[row]), str(case.support.resource_name[row])
    return str(case.support.zone_id[row]), f"Jobs in {case.support.zone_id[row]}"


def meetings(home: HomeAccess) -> dict[str, Any]:
    """Return the week of meetings: days, every session that counts with its minutes, and the last way home."""
    case, evaluation, covered = home.case, home.evaluation, home.evaluation.meetings
    ids, names = case.support.resource_id, case.support.resource_name
    held_by = case.support.sessions["row"].to_numpy(dtype=np.int64)[case.session_row]
    weeks = case.support.sessions["weeks"].fillna("").to_numpy(dtype=object)[case.session_row]
    bands, (going, coming) = case.support.network.streets.traffic.bands, case.session_traffic
    counted = np.flatnonzero(covered.counts)
    counted = counted[np.lexsort((counted, case.sessions.start[counted], case.sessions.weekday[counted]))]
    rows = [
        {
            "day": day_name(int(case.sessions.weekday[k])),
            "start": minutes_text(case.sessions.start[k]),
            "end": minutes_text(case.sessions.end[k]),
            "id": str(ids[held_by[k]]),
            "name": str(names[held_by[k]]),
            "minutes_there": float(evaluation.there[k]),
            "minutes_back": float(evaluation.back[k]),
            "minutes": float(covered.minutes[k]),
            "mode": MODES[evaluation.way[k]],
            **({"traffic": [bands[going[k]], bands[coming[k]]]} if MODES[evaluation.way[k]] == "drive" else {}),
            "decay": float(covered.value[k] / case.sessions.share[k]),
            "weeks": weeks[k],
            "share_of_weeks": float(case.sessions.share[k]),
        }
        for k in counted
    ]
    return {
        "days_covered": covered.days_covered,
        "coverage": {day_name(day): share for day, share in enumerate(covered.per_day)},
        "days_without": list(covered.days_without),
        "choice": covered.choice,
        "sessions_that_fit": len(case.session_row),
        "sessions_counted": len(rows),
        "attributes_unknown": case.meetings_unsure,
        "sessions": rows,
        "online_count": case.online,
        "last_way_home": last_ways_home(home),
    }


def last_ways_home(home: HomeAccess) -> dict[str, Any]:
    """Return, a day, the latest clock time at which a meeting place still has a way home, and which place."""
    by_day = {day_name(weekday): last_way_home(home, weekday) for weekday in range(7)}
    return {
        day: None if last is None else {"time": minutes_text(last.minute), "from": last.name}
        for day, last in by_day.items()
    }


def limits(parts: Parts, dimensions: Mapping[str, float | None]) -> dict[str, Any]:
    """Return the weakest dimension and what it loses by class, in numbers and in words."""
    name = weakest(dimensions)
    inside = [part for part in parts if part.dimension == name and part.counts]
    whole = sum(part.weight for part in inside)
    lost = sorted(((100 * p.weight * (1 - p.score) / whole, p) for p in inside), key=lambda x: (-x[0], x[1].name))
    worst = [part for points, part in lost if points > 1][:3]
    words = ", ".join(
        f"{part.title} ({'nothing in reach' if part.status != SCORED else f'{100 * part.score:.0f} of 100'})"
        for part in worst
    )
    text = f"{name.capitalize()} is the weakest dimension, with {dimensions[name]:.0f} of 100"
    missing = [part.title for part in parts if part.status == NO_DATA]
    return {
        "dimension": name,
        "score": dimensions[name],
        "classes": [{"name": part.name, "status": part.status, "points_lost": points} for points, part in lost],
        "text": f"{text}; what limits it: {words}." if words else f"{text}.",
        "no_data": missing,
    }


def sensitivity(case: Case, evaluation: Evaluation, parts: Parts, total: float | None) -> dict[str, Any]:
    """Return the band of totals when weights and half-ways are drawn anew, from the stored minutes; empty without."""
    rule, parameters = case.support.parameters.sensitivity, case.support.parameters
    if total is None:
        return {"p5": None, "p95": None, "draws": rule.draws, "seed": rule.seed}
    random = np.random.default_rng(rule.seed)
    by_name = {one.members.rule.name: one for one in evaluation.classes}
    counted = sorted((part for part in parts if part.counts), key=lambda part: part.name)
    spread_w, spread_c = rule.weight_spread, rule.half_way_spread
    weights = {p.name: p.weight * random.uniform(1 - spread_w, 1 + spread_w, rule.draws) for p in counted}
    half_ways = {p.name: random.uniform(1 - spread_c, 1 + spread_c, rule.draws) for p in counted}
    importance = {
        d: parameters.dimension_weights[d] * random.uniform(1 - spread_w, 1 + spread_w, rule.draws) for d in DIMENSIONS
    }
    log_total, whole = np.zeros(rule.draws), np.zeros(rule.draws)
    for dimension in DIMENSIONS:
        inside = [part for part in counted if part.dimension == dimension]
        if not inside:
            continue
        scores = [_redrawn(case, evaluation, by_name.get(p.name), p, half_ways[p.name]) for p in inside]
        summed = np.sum([weights[p.name] * s for p, s in zip(inside, scores, strict=True)], axis=0)
        weight = np.sum([weights[p.name] for p in inside], axis=0)
        value = np.maximum(100 * summed / np.maximum(weight, 1e-12), parameters.floor)
        log_total += importance[dimension] * np.log(value)
        whole += importance[dimension]
    totals = np.exp(log_total / whole)
    low, high = np.percentile(totals, [rule.low_percentile, rule.high_percentile], method="inverted_cdf")
    return {"p5": float(low), "p95": float(high), "draws": rule.draws, "seed": rule.seed}


def _redrawn(case: Case, evaluation: Evaluation, one: ClassAccess | None, part: Part, factor: Floats) -> Floats:
    """Return a part's s for each factor on its half-ways; each trip stays by the way that it is made."""
    if one is not None:
        access = np.zeros(len(factor))
        for decay, minutes, value in histogram(one):
            access += kernels.logistic_sums(minutes, value, decay.half_way_minutes * factor, decay.sd_minutes)
        redrawn: Floats = -np.expm1(-access / one.members.rule.a_ref)
        return redrawn
    if part.name == "meetings":
        rule, covered = case.support.parameters.meetings, evaluation.meetings
        mode = evaluation.way[covered.counts]
        days = kernels.day_shares(
            covered.minutes[covered.counts],
            case.sessions.weekday[covered.counts],
            case.sessions.share[covered.counts],
            np.array([rule.decays[name].half_way_minutes for name in MODES])[mode],
            np.array([rule.decays[name].sd_minutes for name in MODES])[mode],
            factor,
        )
        share, choice = rule.coverage_share, -np.expm1(-days[:, 7] / rule.a_ref)
        again: Floats = share * days[:, :7].sum(axis=1) / 7 + (1 - share) * choice
        return again
    return np.full(len(factor), part.score)


def gains(home: HomeAccess, parts: Parts, total: float) -> tuple[dict[str, Any], ...]:
    """Return what would raise the score, the greatest gain first: each change by itself."""
    case, evaluation = home.case, home.evaluation
    own = next((part for part in parts if part.name == "own_home"), None)
    changes: list[tuple[str, str, float]] = []
    for one in evaluation.classes:
        if one.members.present:
            typical = float(np.median(one.members.value)) if len(one.members.value) else 1.0
            more = part_of(one, one.access + typical)
            text = f"One more next door: {one.members.rule.title}"
            changes.append((f"more:{one.members.rule.name}", text, _with(case, parts, more)))
    if case.meetings_present:
        emptiest = min(evaluation.meetings.per_day)
        more = meeting_part(case, evaluation.meetings.days_covered + 1 - emptiest, evaluation.meetings.choice + 1)
        day = day_name(evaluation.meetings.per_day.index(emptiest))
        changes.append(("more:meetings", f"One more meeting next door, on {day}", _with(case, parts, more)))
        later = _late_bus(case, evaluation)
        more = meeting_part(case, later.days_covered, later.choice)
        changes.append(("late_bus", f"A bus home until {AMERICAN.clock(LATE_BUS)}", _with(case, parts, more)))
    for profile, other in home.others.items():
        changes.append((profile, f"A {profile}", _total(case, parts_of(case, other, own))))
    rows = [{"change": key, "text": text, "total": new, "gain": new - total} for key, text, new in changes]
    return tuple(sorted(rows, key=lambda row: (-float(row["gain"]), str(row["change"]))))


def _with(case: Case, parts: Parts, changed: Part) -> float:
    """Return the total with one part changed."""
    return _total(case, tuple(changed if part.name == changed.name else part for part in parts))


def _total(case: Case, parts: Parts) -> float:
    """Return the total of parts of which as much has data as of those it is compared with."""
    return cast("float", combine(parts, case.support.parameters)[0])


def _late_bus(case: Case, evaluation: Evaluation) -> Coverage:
    """Return the coverage if every way by bus also led back until 23:00, in the same time."""
    leave = case.sessions.end + case.support.parameters.meetings.leave_after_minutes
    there, back = evaluation.ways[TRANSIT]
    ways = {**evaluation.ways, TRANSIT: (there, np.where(leave <= LATE_BUS, np.minimum(back, there), back))}
    return coverage(case.sessions, *best_worth(worths(case, ways), evaluation.modes)[1:])
