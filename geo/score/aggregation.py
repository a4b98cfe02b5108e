"""The parts of a score, and how they are put together: A → s → dimension → total."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from geo.errors import InputError
from geo.score.case import Case
from geo.score.class_access import ClassAccess, Evaluation
from geo.score.meetings import meeting_score
from geo.score.parameters import ClassRule, Parameters
from geo.score.support import RegionSupport
from geo.tables import DIMENSIONS

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
    parts += [_part(rule, NOT_NEEDED, 0.0) for rule in case.not_needed]
    place = {rule.name: number for number, rule in enumerate(case.support.parameters.classes)}
    return tuple(sorted(parts, key=lambda p: (DIMENSIONS.index(p.dimension), place.get(p.name, -1))))


def part_of(one: ClassAccess, access: float | None = None) -> Part:
    """Return the part of a class, with its own access or another (to ask what if)."""
    a = one.access if access is None else access
    status = NO_DATA if not one.members.present else SCORED if a > 0 else UNREACHABLE
    return _part(one.members.rule, status, a)


def meeting_part(case: Case, days_covered: float, choice: float) -> Part:
    """Return the part of the meetings."""
    rule = case.support.parameters.meetings
    status = NO_DATA if not case.meetings_present else SCORED if choice > 0 else UNREACHABLE
    score = meeting_score(days_covered, choice, rule.coverage_share, rule.a_ref)
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
    dimensions: dict[str, float | None] = {}
    for dimension in DIMENSIONS:
        inside = [part for part in parts if part.dimension == dimension and part.counts and part.weight > 0]
        weight = sum(part.weight for part in inside)
        value = 100.0 * sum(part.weight * part.score for part in inside) / weight if inside else None
        dimensions[dimension] = None if value is None else max(value, parameters.floor)
    known = [(parameters.dimension_weights[name], value) for name, value in dimensions.items() if value is not None]
    whole = sum(weight for weight, _ in known)
    if not whole > 0:
        raise InputError(
            "The region has no data on any class that applies, so nothing can be scored; add resources to it."
        )
    if not gives_total(parts, parameters):
        return None, dimensions
    return float(np.exp(sum(weight * np.log(value) for weight, value in known) / whole)), dimensions


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
