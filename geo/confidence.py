"""How much a score can be relied on, and why not more."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from geo.case import Case
from geo.parts import NO_DATA, Part
from geo.tables import DIMENSIONS


def confidence(case: Case, parts: Sequence[Part]) -> dict[str, Any]:
    """Return how much the score can be relied on, 0–1, with reasons."""
    support, rule = case.support, case.support.parameters.confidence
    reasons: list[str] = []
    applying = [part for part in parts if part.status != "not_needed"]
    data = _share_with_data(support.parameters.dimension_weights, applying)
    reasons += [f"The region has no data on this: {part.title}." for part in applying if part.status == NO_DATA]
    used = np.unique(np.concatenate([one.rows for one in case.members if one.rule.categories] or [np.zeros(0, int)]))
    meets = support.sessions["row"].to_numpy(dtype=np.int64)[case.session_row]
    resources = support.resources.iloc[np.union1d(used, meets).astype(np.int64)]
    age = _freshness(resources, pd.Timestamp(case.week.date), rule.half_age_days, rule.unknown_age)
    if age < 0.5:
        reasons.append("Most records are old or undated; check before relying on one.")
    exact = float(resources["location_precision"].isin(["rooftop", "street"]).mean()) if len(resources) else 0.0
    if exact < 0.9:
        reasons.append(f"{100 * (1 - exact):.0f} % of the resources have only an approximate position.")
    unplaced = sum(support.unplaced.values())
    if unplaced:
        reasons.append(f"{unplaced} resources publish no position and can't be reached by any route.")
    if support.network.feed is None:
        timetable = 0.0
        reasons.append("The region has no timetable, so only streets were searched.")
    else:
        timetable = sum(d is not None and d >= case.week.date for d in case.week.dates) / 7
        if timetable < 1:
            reasons.append("The timetable ends within a week of the date, so earlier days stand for some weekdays.")
    reasons += [f"{one.rule.title}: {one.note}." for one in case.members if one.note and one.present]
    value = rule.data * data + rule.age * age + rule.location * exact + rule.timetable * timetable
    return {
        "value": value,
        "data": data,
        "age": age,
        "location": exact,
        "timetable": timetable,
        "reasons": reasons,
    }


def _share_with_data(dimension_weights: Mapping[str, float], parts: Sequence[Part]) -> float:
    """Return the share of class weight that has data, each dimension counting by its own weight."""
    found = whole = 0.0
    for dimension in DIMENSIONS:
        inside = [part for part in parts if part.dimension == dimension]
        weight = sum(part.weight for part in inside)
        if weight > 0:
            share = sum(part.weight for part in inside if part.counts) / weight
            found += dimension_weights[dimension] * share
            whole += dimension_weights[dimension]
    return found / whole if whole > 0 else 0.0


def _freshness(resources: pd.DataFrame, date: pd.Timestamp, half_age_days: float, unknown: float) -> float:
    """Return the mean of ½^(age / half age); records without a date count as `unknown`."""
    if not len(resources):
        return unknown
    dated = resources["verified_on"].fillna(resources["retrieved_on"])
    when = pd.to_datetime(dated.astype("object"), format="ISO8601", errors="coerce", utc=True).dt.tz_localize(None)
    days = (date - when).dt.days.to_numpy(dtype=np.float64)
    fresh = np.where(np.isnan(days), unknown, 0.5 ** (np.maximum(days, 0.0) / half_age_days))
    return float(fresh.mean())
