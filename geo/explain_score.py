"""What comes with every score: reasons, limits, the sensitivity band, confidence, and what would raise it."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo import kernels_score as kernels
from geo.case import Case
from geo.confidence import confidence
from geo.evaluate import ClassAccess, Evaluation, Trips, evaluate, histogram, session_coverage
from geo.home_times import PROFILE_MODES, HomeTimes, meeting_places
from geo.meetings import Coverage
from geo.parts import NO_DATA, SCORED, Part, combine, meeting_part, part_of, parts_of, weakest
from geo.schedule import clock, day_name
from geo.tables import DIMENSIONS

Floats = NDArray[np.float64]
Parts = tuple[Part, ...]
Labels = tuple[NDArray[Any], ...]
SHOWN = 5
"""Resources shown a class; the rest are summed."""
LATE_BUS = 23 * 60


def explained(
    case: Case,
    times: HomeTimes,
    trips: Trips,
    found: Evaluation,
    parts: Parts,
    total: float,
    dimensions: Mapping[str, float | None],
) -> tuple[Any, ...]:
    """Return classes, meetings, limits, sensitivity, confidence and gains of a score."""
    return (
        classes(case, times, found, parts),
        meetings(case, times, found),
        limits(parts, dimensions),
        sensitivity(case, found, parts),
        confidence(case, parts),
        gains(case, times, trips, found, parts, total),
    )


def classes(case: Case, times: HomeTimes, found: Evaluation, parts: Parts) -> tuple[dict[str, Any], ...]:
    """Return every class with its numbers, its nearest and its most valuable resources."""
    by_name = {one.members.rule.name: one for one in found.classes}
    labels = _labels(case)
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
            row |= _resources(
                times, found.modes, by_name[part.name], labels[bool(by_name[part.name].members.rule.categories)]
            )
        rows.append(row)
    return tuple(rows)


def _resources(times: HomeTimes, modes: Sequence[str], one: ClassAccess, labels: Labels) -> dict[str, Any]:
    """Return the nearest and the most valuable members; `elsewhere` is the value of those not shown as valuable."""
    value = one.members.value * one.mean
    reached = np.flatnonzero(value > 0)
    best = reached[np.lexsort((reached, -value[reached]))][:SHOWN]
    # the nearest are looked for among those with the highest mean f, which falls with the minutes
    near = reached[np.lexsort((reached, -one.mean[reached]))][:SHOWN]
    shown = {
        int(k): _resource(times, modes, one, labels, int(k)) for k in dict.fromkeys([*best.tolist(), *near.tolist()])
    }
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


def _resource(times: HomeTimes, modes: Sequence[str], one: ClassAccess, labels: Labels, k: int) -> dict[str, Any]:
    """Return one member: typical minutes (the weighted median over its window), the mode that gives them, its value."""
    seconds, weights = [], []
    for part in one.stretches:
        rows = part.seconds.shape[0]
        column = part.seconds[:, part.column[k]] if rows else np.array([kernels.UNREACHED])
        seconds.append(np.minimum(np.where(column == kernels.UNREACHED, np.inf, column), one.fixed[k]))
        weights.append(np.full(len(column), part.share / len(column)))
    typical = _weighted_median(np.concatenate(seconds), np.concatenate(weights))
    street = times.out if one.members.rule.categories else times.jobs
    column = one.members.column[k]
    by_street = {mode: float(np.rint(street[mode][column])) for mode in modes}
    mode = next((m for m in sorted(by_street, key=lambda m: by_street[m]) if by_street[m] <= typical), "transit")
    row = one.members.rows[k]
    return {
        "id": str(labels[0][row]),
        "name": str(labels[1][row]),
        "minutes": typical / 60 if np.isfinite(typical) else None,
        "mode": mode if np.isfinite(typical) else "transit",
        "decay": float(one.mean[k]),
        "weight": float(one.members.value[k]),
        "value": float(one.members.value[k] * one.mean[k]),
    }


def _labels(case: Case) -> dict[bool, Labels]:
    """Return ids and names of resources (True) and of job zones (False); arrays, for tables are slow cell by cell."""
    resources, zones = case.support.resources, case.support.zones["zone_id"].to_numpy(dtype=object)
    named = np.array([f"Jobs in {zone}" for zone in zones], dtype=object)
    return {True: tuple(resources[c].to_numpy(dtype=object) for c in ("resource_id", "name")), False: (zones, named)}


def _weighted_median(values: Floats, weights: Floats) -> float:
    order = np.argsort(values, kind="stable")
    upto = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(upto, upto[-1] / 2 - 1e-12)])


def meetings(case: Case, times: HomeTimes, found: Evaluation) -> dict[str, Any]:
    """Return the week of meetings: days, every session that counts with its minutes, and the last way home."""
    covered, (ids, names) = found.meetings, _labels(case)[True]
    held_by = case.support.sessions["row"].to_numpy(dtype=np.int64)[case.session_row]
    counted = np.flatnonzero(covered.counts)
    counted = counted[np.lexsort((counted, case.sessions.start[counted], case.sessions.weekday[counted]))]
    rows = [
        {
            "day": day_name(int(case.sessions.weekday[k])),
            "start": clock(case.sessions.start[k]),
            "end": clock(case.sessions.end[k]),
            "id": str(ids[held_by[k]]),
            "name": str(names[held_by[k]]),
            "minutes_there": float(found.there[k]),
            "minutes_back": float(found.back[k]),
            "minutes": float(covered.minutes[k]),
            "decay": float(covered.value[k]),
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
        "last_way_home": last_ways_home(case, times, found),
    }


def last_ways_home(case: Case, times: HomeTimes, found: Evaluation) -> dict[str, Any]:
    """Return, a day, the latest clock time at which a meeting place still has a way home, and which place.

    Of the places where a session that fits is held, those from which one can walk or ride home at any time don't count.
    """
    meets = meeting_places(case.support)
    always = (
        np.isfinite(np.min([times.back[mode] for mode in found.modes], axis=0)) if len(meets) else np.zeros(0, bool)
    )
    ways: dict[str, Any] = {}
    for weekday in range(7):
        way = None
        held = np.unique(case.sessions.place[case.sessions.weekday == weekday])
        column = np.searchsorted(meets, held)
        number = times.week.pattern[weekday]
        if number in times.homeward and len(held):
            table = times.homeward[number]
            last = np.where(always[column], -np.inf, kernels.last_way_home(table.seconds, table.first)[column])
            best = int(np.argmax(last))
            if np.isfinite(last[best]):
                way = {"time": clock(last[best]), "from": _name_of_place(case, int(held[best]))}
        ways[day_name(weekday)] = way
    return ways


def _name_of_place(case: Case, place: int) -> str:
    rows = np.flatnonzero(case.support.resource_place == place)
    meeting = case.support.resources["category"].iloc[rows] == "meeting"
    return str(case.support.resources["name"].iloc[rows][meeting.to_numpy(dtype=bool)].iloc[0])


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


def sensitivity(case: Case, found: Evaluation, parts: Parts) -> dict[str, Any]:
    """Return the band of totals when weights and half-ways are drawn anew, from the stored minutes."""
    rule, parameters = case.support.parameters.sensitivity, case.support.parameters
    random = np.random.default_rng(rule.seed)
    by_name = {one.members.rule.name: one for one in found.classes}
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
        scores = [_redrawn(case, found, by_name.get(p.name), p, half_ways[p.name]) for p in inside]
        summed = np.sum([weights[p.name] * s for p, s in zip(inside, scores, strict=True)], axis=0)
        weight = np.sum([weights[p.name] for p in inside], axis=0)
        value = np.maximum(100 * summed / np.maximum(weight, 1e-12), parameters.floor)
        log_total += importance[dimension] * np.log(value)
        whole += importance[dimension]
    totals = np.exp(log_total / whole)
    low, high = np.percentile(totals, [rule.low_percentile, rule.high_percentile], method="inverted_cdf")
    return {"p5": float(low), "p95": float(high), "draws": rule.draws, "seed": rule.seed}


def _redrawn(case: Case, found: Evaluation, one: ClassAccess | None, part: Part, factor: Floats) -> Floats:
    """Return a part's s for each factor on its half-way."""
    if one is not None:
        rule = one.members.rule
        minutes, value = histogram(one)
        access = kernels.logistic_sums(minutes, value, rule.half_way_minutes * factor, rule.sd_minutes)
        redrawn: Floats = -np.expm1(-access / rule.a_ref)
        return redrawn
    if part.name == "meetings":
        meeting, covered = case.support.parameters.meetings, found.meetings
        days = kernels.day_shares(
            covered.minutes[covered.counts],
            case.sessions.weekday[covered.counts],
            meeting.half_way_minutes * factor,
            meeting.sd_minutes,
        )
        share, choice = meeting.coverage_share, -np.expm1(-days[:, 7] / meeting.a_ref)
        again: Floats = share * days[:, :7].sum(axis=1) / 7 + (1 - share) * choice
        return again
    return np.full(len(factor), part.score)


def gains(
    case: Case, times: HomeTimes, trips: Trips, found: Evaluation, parts: Parts, total: float
) -> tuple[dict[str, Any], ...]:
    """Return what would raise the score, the greatest gain first: each change by itself."""
    own = next((part for part in parts if part.name == "own_home"), None)
    changes: list[tuple[str, str, float]] = []
    for one in found.classes:
        if one.members.present:
            typical = float(np.median(one.members.value)) if len(one.members.value) else 1.0
            more = part_of(one, one.access + typical)
            text = f"One more next door: {one.members.rule.title}"
            changes.append((f"more:{one.members.rule.name}", text, _with(case, parts, more)))
    if case.meetings_present:
        emptiest = min(found.meetings.per_day)
        more = meeting_part(case, found.meetings.days_covered + 1 - emptiest, found.meetings.choice + 1)
        day = day_name(found.meetings.per_day.index(emptiest))
        changes.append(("more:meetings", f"One more meeting next door, on {day}", _with(case, parts, more)))
        later = _late_bus(case, found)
        more = meeting_part(case, later.days_covered, later.choice)
        changes.append(("late_bus", "A bus home until 23:00", _with(case, parts, more)))
    for profile, text in (("bicycle", "A bicycle"), ("car", "A car")):
        modes = PROFILE_MODES[profile]
        if case.needs.profile != "wheelchair" and not set(modes) <= set(found.modes):
            again = parts_of(case, evaluate(case, times, trips, modes), own)
            changes.append((profile, text, combine(again, case.support.parameters)[0]))
    rows = [{"change": key, "text": text, "total": new, "gain": new - total} for key, text, new in changes]
    return tuple(sorted(rows, key=lambda row: (-float(row["gain"]), str(row["change"]))))


def _with(case: Case, parts: Parts, changed: Part) -> float:
    """Return the total with one part changed."""
    again = [changed if part.name == changed.name else part for part in parts]
    return combine(again, case.support.parameters)[0]


def _late_bus(case: Case, found: Evaluation) -> Coverage:
    """Return the coverage if every way that leads there also led back until 23:00, in the same time."""
    leave = case.sessions.end + case.support.parameters.meetings.leave_after_minutes
    back = np.where(leave <= LATE_BUS, np.minimum(found.back, found.there), found.back)
    return session_coverage(case, found.there, back)
