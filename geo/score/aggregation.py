"""The parts of a score, and how they are put together: A → s → dimension → total."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from geo.errors import InputError
from geo.score.case import Case
from geo.score.class_access import ClassAccess, Evaluation
from geo.score.meetings import meeting_score
from geo.score.parameters import ClassRule, Parameters
from geo.score.support import RegionSupport
from geo.tables import DIMENSIONS

Floats = NDArray[np.float64]
SCORED, UNREACHABLE, NO_DATA, NOT_NEEDED = "scored", "unreachable", "no_data", "not_needed"


@dataclass(frozen=True)
class Part:
    """One class in the score: its weight, access A, and s.

    `status`: scored, unreachable (data, but nothing in reach), no_data (the region has none), or not_needed.
    `a_ref` is None where s isn't 1 − exp(−A/A_ref) (meetings, own home).
    """

    name: str
    title: str
    dimension: str
    weight: float
    status: str
    access: float
    a_ref: float | None
    score: float

    @property
    def counts(self) -> bool:
        """Return whether it enters its dimension."""
        return self.status in (SCORED, UNREACHABLE)


def parts_of(case: Case, evaluation: Evaluation, own: Part | None) -> tuple[Part, ...]:
    """Return every class of the definition, in its order, as a part of the score."""
    parts = [part_of(one) for one in evaluation.classes]
    parts.append(meeting_part(case, evaluation.meetings.days_covered, evaluation.meetings.choice))
    if own is not None:
        parts.append(own)
    return _in_order(case, parts)


def part_names(case: Case) -> list[str]:
    """Return the classes that have an s of their own: those that apply, and the meetings."""
    return [*(one.rule.name for one in case.members), "meetings"]


def scores_of(case: Case, access: Floats, days_covered: Floats, choice: Floats) -> Floats:
    """Return the s of `part_names` of many homes, float64[homes, names]; NaN where the region has no data.

    Parameters
    ----------
    access
        A of each class that applies, float64[homes, classes].
    days_covered, choice
        W and A of the meetings, float64[homes].
    """
    rule, a_ref = case.support.parameters.meetings, np.array([one.rule.a_ref for one in case.members])
    classes = np.where(access > 0, -np.expm1(-access / a_ref), 0.0)
    classes[:, [not one.present for one in case.members]] = np.nan
    meetings = meeting_score(days_covered, choice, rule.coverage_share, rule.a_ref)
    return np.column_stack([classes, meetings if case.meetings_present else np.full(len(meetings), np.nan)])


def combine_all(case: Case, scores: Floats) -> tuple[Floats, Floats]:
    """Return the totals and the dimensions of many homes as `combine` does, NaN for None: float64[homes], [homes, 4].

    Parameters
    ----------
    scores
        The s of `part_names`, float64[homes, names]; NaN where there is no data.
    """
    total, dimensions = np.full(len(scores), np.nan), np.full((len(scores), len(DIMENSIONS)), np.nan)
    lacking = np.isnan(scores)
    for lacks in np.unique(lacking, axis=0):
        rows = (lacking == lacks).all(axis=1)
        parts = parts_with_data(case, ~lacks)
        known = dict(zip(part_names(case), scores[rows].T, strict=True))
        own = np.array([known.get(part.name, np.zeros(int(rows.sum()))) for part in parts])
        total[rows], dimensions[rows] = _combined(parts, own, case.support.parameters)
    return total, dimensions


def parts_with_data(case: Case, has_data: Sequence[bool] | NDArray[np.bool_]) -> tuple[Part, ...]:
    """Return every class as `parts_of` does, of which `part_names` have data or not; access and s are not told."""
    meetings = case.support.parameters.meetings
    known = [(one.rule.name, one.rule.title, one.rule.dimension, one.rule.weight) for one in case.members]
    known.append(("meetings", "Meetings", "community", meetings.weight))
    parts = [
        Part(*one, SCORED if has else NO_DATA, np.nan, None, 0.0) for one, has in zip(known, has_data, strict=True)
    ]
    return _in_order(case, parts)


def _in_order(case: Case, parts: Sequence[Part]) -> tuple[Part, ...]:
    """Return parts and those of classes that aren't needed, in the order of the definition."""
    every = [*parts, *(_part(rule, NOT_NEEDED, 0.0) for rule in case.not_needed)]
    place = {rule.name: number for number, rule in enumerate(case.support.parameters.classes)}
    return tuple(sorted(every, key=lambda p: (DIMENSIONS.index(p.dimension), place.get(p.name, -1))))


def part_of(one: ClassAccess, access: float | None = None) -> Part:
    """Return the part of a class, with its own access or another (to ask what if)."""
    a = one.access if access is None else access
    status = NO_DATA if not one.members.present else SCORED if a > 0 else UNREACHABLE
    return _part(one.members.rule, status, a)


def meeting_part(case: Case, days_covered: float, choice: float) -> Part:
    """Return the part of the meetings."""
    rule = case.support.parameters.meetings
    status = NO_DATA if not case.meetings_present else SCORED if choice > 0 else UNREACHABLE
    score = float(meeting_score(days_covered, choice, rule.coverage_share, rule.a_ref))
    return Part("meetings", "Meetings", "community", rule.weight, status, choice, None, score)


def own_home_part(support: RegionSupport, home_id: str | None) -> Part | None:
    """Return the credit of a home that is a recovery residence; None if the place scored is none.

    Raises
    ------
    InputError
        The id is unknown, or no recovery residence.
    """
    if home_id is None:
        return None
    rule, row = support.parameters.own_home, support.resources[support.resources["resource_id"] == home_id]
    if row.empty or row["category"].iloc[0] != "recovery_residence":
        raise InputError(
            f"{home_id} is no recovery residence of this region; give the resource_id of one, or leave it out."
        )
    credit = rule.certified if bool(row["certified"].fillna(False).iloc[0]) else rule.not_certified
    return Part("own_home", "This home is a recovery residence", "home", rule.weight, SCORED, credit, None, credit)


def combine(parts: Sequence[Part], parameters: Parameters) -> tuple[float | None, dict[str, float | None]]:
    """Return the total and the four dimensions: D = 100·Σws/Σw, at least the floor; the total their geometric mean.

    A dimension without any class that counts is None and drops out of the mean. The total is None where too little of
    what applies has data: see `gives_total`.

    Raises
    ------
    InputError
        Nothing counts at all.
    """
    total, values = _combined(parts, np.array([[part.score] for part in parts]).reshape(-1, 1), parameters)
    dimensions = {
        name: None if np.isnan(value) else float(value) for name, value in zip(DIMENSIONS, values[0], strict=True)
    }
    return float(total[0]) if gives_total(parts, parameters) else None, dimensions


def _combined(parts: Sequence[Part], scores: Floats, parameters: Parameters) -> tuple[Floats, Floats]:
    """Return the totals and dimensions of homes with these parts, NaN = none: float64[homes], float64[homes, 4].

    Parameters
    ----------
    scores
        s of the parts, float64[parts, homes]; of those that don't count, anything.
    """
    homes = scores.shape[1]
    dimensions = np.full((homes, len(DIMENSIONS)), np.nan)
    log_total, whole = np.zeros(homes), 0.0
    for number, dimension in enumerate(DIMENSIONS):
        inside = [
            (part.weight, own)
            for part, own in zip(parts, scores, strict=True)
            if part.dimension == dimension and part.counts and part.weight > 0
        ]
        if not inside:
            continue
        whole_weight = sum(weight for weight, _ in inside)
        value = 100.0 * sum((weight * own for weight, own in inside), np.zeros(homes)) / whole_weight
        dimensions[:, number] = np.maximum(value, parameters.floor)
        importance = parameters.dimension_weights[dimension]
        log_total += importance * np.log(dimensions[:, number])
        whole += importance
    if not whole > 0:
        raise InputError(
            "The region has no data on any class that applies, so nothing can be scored; add resources to it."
        )
    total = np.exp(log_total / whole) if gives_total(parts, parameters) else np.full(homes, np.nan)
    return total, dimensions


def gives_total(parts: Sequence[Part], parameters: Parameters) -> bool:
    """Return whether classes with data hold enough of the weight that applies, and every needed dimension has some."""
    if any(name in parameters.needed for name in dimensions_without_data(parts, parameters)):
        return False
    return share_with_data(parts, parameters) >= parameters.least_data_share


def dimensions_without_data(parts: Sequence[Part], parameters: Parameters) -> tuple[str, ...]:
    """Return the dimensions of which classes apply, but none has data."""
    return tuple(name for name, share in _shares(parts, parameters).items() if share == 0)


def share_with_data(parts: Sequence[Part], parameters: Parameters) -> float:
    """Return the share of the weight that applies which has data, 0–1, each dimension counting by its own weight."""
    shares = _shares(parts, parameters)
    whole = sum(parameters.dimension_weights[name] for name in shares)
    known = sum(parameters.dimension_weights[name] * share for name, share in shares.items())
    return known / whole if whole > 0 else 0.0


def _shares(parts: Sequence[Part], parameters: Parameters) -> dict[str, float]:
    """Return the share of class weight that has data, of each dimension that matters and has classes that apply."""
    shares = {}
    for dimension in DIMENSIONS:
        inside = [part for part in parts if part.dimension == dimension and part.status != NOT_NEEDED]
        weight = sum(part.weight for part in inside)
        if weight > 0 and parameters.dimension_weights[dimension] > 0:
            shares[dimension] = sum(part.weight for part in inside if part.counts) / weight
    return shares


def reweighed(
    parts: Sequence[Part], parameters: Parameters, weights: Mapping[str, float]
) -> tuple[float | None, dict[str, float | None]]:
    """Return total and dimensions with other weights of classes or dimensions, by name; nothing is searched anew.

    The total is None where `combine` gives none with these weights.

    Raises
    ------
    InputError
        A name is no class or dimension, a weight is negative, or nothing counts any more.
    """
    known = {part.name for part in parts} | set(DIMENSIONS)
    for name, weight in weights.items():
        if name not in known:
            raise InputError(f"There is no class or dimension {name!r}; known are {', '.join(sorted(known))}.")
        if not 0 <= weight < np.inf:
            raise InputError(f"The weight of {name} must be a number from 0 up, not {weight}.")
    again = [replace(part, weight=weights.get(part.name, part.weight)) for part in parts]
    importance = {name: weights.get(name, weight) for name, weight in parameters.dimension_weights.items()}
    return combine(again, replace(parameters, dimension_weights=importance))


def weakest(dimensions: Mapping[str, float | None]) -> str:
    """Return the name of the lowest dimension."""
    return min((name for name in dimensions if dimensions[name] is not None), key=lambda name: dimensions[name] or 0.0)


def _part(rule: ClassRule, status: str, access: float) -> Part:
    score = float(-np.expm1(-access / rule.a_ref)) if status == SCORED else 0.0
    return Part(rule.name, rule.title, rule.dimension, rule.weight, status, access, rule.a_ref, score)
