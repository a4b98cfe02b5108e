"""How much a score can be relied on, and why not more."""

from collections.abc import Mapping, Sequence
from typing import Any

from geo.score.aggregation import NO_DATA, Part
from geo.score.data_quality import Records
from geo.score.parameters import Parameters
from geo.tables import DIMENSIONS


def confidence(parameters: Parameters, records: Records, parts: Sequence[Part]) -> dict[str, Any]:
    """Return how much the score can be relied on, 0–1, with reasons."""
    rule = parameters.confidence
    applying = [part for part in parts if part.status != "not_needed"]
    data = _share_with_data(parameters.dimension_weights, applying)
    missing = [f"The region has no data on this: {part.title}." for part in applying if part.status == NO_DATA]
    value = (
        rule.data * data
        + rule.age * records.age
        + rule.location * records.location
        + rule.timetable * records.timetable
    )
    return {
        "value": value,
        "data": data,
        "age": records.age,
        "location": records.location,
        "timetable": records.timetable,
        "reasons": [*missing, *records.reasons],
    }


def _share_with_data(dimension_weights: Mapping[str, float], parts: Sequence[Part]) -> float:
    """Return the share of class weight that has data, each dimension counting by its own weight."""
    with_data = whole = 0.0
    for dimension in DIMENSIONS:
        inside = [part for part in parts if part.dimension == dimension]
        weight = sum(part.weight for part in inside)
        if weight > 0:
            share = sum(part.weight for part in inside if part.counts) / weight
            with_data += dimension_weights[dimension] * share
            whole += dimension_weights[dimension]
    return with_data / whole if whole > 0 else 0.0
