"""How much a score can be relied on, and why not more."""

from collections.abc import Sequence
from typing import Any

from geo.needs.free_beds import BedWord
from geo.score.aggregation import NO_DATA, Part, share_with_data
from geo.score.data_quality import Records
from geo.score.parameters import Parameters


def confidence(
    parameters: Parameters, records: Records, parts: Sequence[Part], bed: BedWord | None = None
) -> dict[str, Any]:
    """Return how much the score can be relied on, 0–1, with reasons; `age` and `location` are None without records.

    Parameters
    ----------
    bed
        The word on free beds of a home that is a listed residence; None for any other.
    """
    rule = parameters.confidence
    applying = [part for part in parts if part.status != "not_needed"]
    data = share_with_data(parts, parameters)
    missing = [f"The region has no data on this: {part.title}." for part in applying if part.status == NO_DATA]
    value = (
        rule.data * data
        + rule.age * (records.age or 0.0)
        + rule.location * (records.location or 0.0)
        + rule.timetable * records.timetable
    )
    old_word = []
    if bed is not None:
        value = (1 - rule.bed) * value + rule.bed * bed.worth
        if not bed.is_current:
            old_word = ["What the house said of its free beds is old, undated or nothing: call first."]
    return {
        "value": value,
        "data": data,
        "age": records.age,
        "location": records.location,
        "timetable": records.timetable,
        "bed": None if bed is None else bed.worth,
        "timetable_ended": None if records.timetable_ended is None else records.timetable_ended.isoformat(),
        "reasons": [*old_word, *missing, *records.reasons],
    }
