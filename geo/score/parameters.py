"""The score's numbers, from `data/scoring/*.toml`: validated, frozen, hashed.

Every key is required and no other is known, so that a misspelt key can't quietly leave a default in place.
Each table states its `source`, in words, for the people who judge the numbers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geo.clock import SATURDAY, SUNDAY
from geo.errors import NeedsError
from geo.needs.free_beds import FreeBedRule
from geo.tables import CATEGORIES, DIMENSIONS, MODES
from geo.toml_table import TomlTable, digest, read_document

APPLIES = ("always", "methadone", "other_medication", "childcare")
KINDS = ("gravity", "rival")
DAYS = ("weekday", "any")
BEING = ("leaving", "arriving")


@dataclass(frozen=True)
class DecayRule:
    """How a resource's worth falls with the minutes of one way of traveling, door to door."""

    half_way_minutes: float
    sd_minutes: float
    limit_minutes: float


@dataclass(frozen=True)
class ClassRule:
    """How one class of resource is scored; `start` and `end` are minutes after midnight, `decays` by mode."""

    name: str
    title: str
    dimension: str
    categories: tuple[str, ...]
    kind: str
    applies: str
    weight: float
    days: str
    start: int
    end: int
    being: str
    decays: Mapping[str, DecayRule]
    a_ref: float
    source: str

    @property
    def limit_minutes(self) -> float:
        """Return the longest limit of any mode."""
        return max(decay.limit_minutes for decay in self.decays.values())


@dataclass(frozen=True)
class MeetingRule:
    """How sessions are scored; `decays` by mode, of the mean of the way there and the way back."""

    weight: float
    decays: Mapping[str, DecayRule]
    a_ref: float
    coverage_share: float
    leave_after_minutes: float
    source: str

    @property
    def limit_minutes(self) -> float:
        """Return the longest limit of any mode."""
        return max(decay.limit_minutes for decay in self.decays.values())


@dataclass(frozen=True)
class OwnHomeRule:
    """The credit of a home that is itself a recovery residence."""

    weight: float
    certified: float
    not_certified: float
    source: str


@dataclass(frozen=True)
class Competition:
    """Who competes for beds and jobs, and which supply-to-demand ratios count as 1 (None = the region's own)."""

    demand_mode: str
    unknown_beds: float
    workers_per_resident: float
    jobs_per_worker: float | None
    beds_per_need: float | None
    beds_per_resident: float | None
    source: str


@dataclass(frozen=True)
class Days:
    """Weights of weekday, Saturday and Sunday in an average over any day."""

    weekday: float
    saturday: float
    sunday: float
    source: str

    def shares(self, weekday: int) -> list[tuple[int, float]]:
        """Return which weekdays an average over any day is made of, and their shares; `weekday` stands for five."""
        total = self.weekday + self.saturday + self.sunday
        weights = ((weekday, self.weekday), (SATURDAY, self.saturday), (SUNDAY, self.sunday))
        return [(day, weight / total) for day, weight in weights if weight > 0]


@dataclass(frozen=True)
class Sensitivity:
    """Draws of the sensitivity band."""

    draws: int
    seed: int
    weight_spread: float
    half_way_spread: float
    low_percentile: float
    high_percentile: float
    source: str


@dataclass(frozen=True)
class ConfidenceRule:
    """Shares of the confidence, which add to 1; `bed` is what a listed residence's own has in place of that share."""

    data: float
    age: float
    location: float
    timetable: float
    bed: float
    half_age_days: float
    unknown_age: float
    source: str


@dataclass(frozen=True)
class Parameters:
    """All numbers of the score; `hash` is the SHA-256 of the document in canonical form.

    No total is given where classes with data hold less than `least_data_share` of the weight that applies, or where a
    `needed` dimension has none.
    """

    name: str
    hash: str
    dimension_weights: Mapping[str, float]
    floor: float
    least_data_share: float
    needed: tuple[str, ...]
    days: Days
    wheelchair_kph: float
    competition: Competition
    own_home: OwnHomeRule
    free_beds: FreeBedRule
    meetings: MeetingRule
    sensitivity: Sensitivity
    confidence: ConfidenceRule
    classes: tuple[ClassRule, ...]


def load_parameters(path: Path | str | None = None) -> Parameters:
    """Load a scoring file: None = the default; a bare name = a file shipped in `data/scoring`; else a path.

    Raises
    ------
    NeedsError
        The file is missing or not TOML, or a key is missing, unknown or holds a value that can't be used.

    Examples
    --------
    >>> list(load_parameters().dimension_weights)
    ['health', 'home', 'purpose', 'community']
    """
    return parameters_from(*read_document("default" if path is None else path, "scoring"))


def parameters_from(document: dict[str, Any], where: str = "the parameters") -> Parameters:
    """Make `Parameters` from plain values, as TOML gives them.

    Raises
    ------
    NeedsError
        Names the key, what was expected and what came.
    """
    top = TomlTable(document, where)
    total, travel = top.table("total"), top.table("travel")
    weights = total.table("weights")
    parameters = Parameters(
        name=top.text("name"),
        hash=digest(document),
        dimension_weights={dimension: weights.number(dimension) for dimension in DIMENSIONS},
        floor=total.number("floor", above=0, most=100),
        least_data_share=total.number("least_data_share", most=1),
        needed=total.texts("needed", DIMENSIONS),
        days=_days(top.table("days")),
        wheelchair_kph=travel.number("wheelchair_kph", least=0.5, most=12),
        competition=_competition(top.table("competition")),
        own_home=_own_home(top.table("own_home")),
        free_beds=_free_beds(top.table("free_beds")),
        meetings=_meetings(top.table("meetings")),
        sensitivity=_sensitivity(top.table("sensitivity")),
        confidence=_confidence(top.table("confidence")),
        classes=tuple(_class(row) for row in top.tables("classes")),
    )
    for reader in (total, travel):
        reader.text("source")
    for reader in (weights, total, travel, top):
        reader.finish()
    if sum(parameters.dimension_weights.values()) <= 0:
        raise NeedsError(f"{where}: total.weights must not all be 0.")
    names = [rule.name for rule in parameters.classes]
    for name in names:
        if names.count(name) > 1 or name in ("meetings", "own_home"):
            raise NeedsError(f"{where}: the class {name!r} is declared more than once.")
    return parameters


def _class(row: TomlTable) -> ClassRule:
    rule = ClassRule(
        name=row.text("name"),
        title=row.text("title"),
        dimension=row.text("dimension", DIMENSIONS),
        categories=row.texts("categories", tuple(CATEGORIES)),
        kind=row.text("kind", KINDS),
        applies=row.text("applies", APPLIES),
        weight=row.number("weight"),
        days=row.text("days", DAYS),
        start=row.clock("start"),
        end=row.clock("end"),
        being=row.text("being", BEING),
        decays=_decays(row),
        a_ref=row.number("a_ref", above=0),
        source=row.text("source"),
    )
    row.finish()
    if rule.end <= rule.start:
        raise NeedsError(f"{row.where}: the window must end after it starts.")
    if not rule.categories and rule.kind != "rival":
        raise NeedsError(f"{row.where}: only a rival class (jobs) may have no categories.")
    return rule


def _meetings(row: TomlTable) -> MeetingRule:
    rule = MeetingRule(
        weight=row.number("weight"),
        decays=_decays(row),
        a_ref=row.number("a_ref", above=0),
        coverage_share=row.number("coverage_share", most=1),
        leave_after_minutes=row.number("leave_after_minutes", most=120),
        source=row.text("source"),
    )
    row.finish()
    return rule


def _decays(row: TomlTable) -> dict[str, DecayRule]:
    half_way, sd = row.by_mode("half_way_minutes"), row.by_mode("sd_minutes", above=0)
    limit = row.by_mode("limit_minutes", above=0, most=120)
    return {mode: DecayRule(half_way[mode], sd[mode], limit[mode]) for mode in MODES}


def _own_home(row: TomlTable) -> OwnHomeRule:
    rule = OwnHomeRule(
        row.number("weight"), row.number("certified", most=1), row.number("not_certified", most=1), row.text("source")
    )
    row.finish()
    return rule


def _free_beds(row: TomlTable) -> FreeBedRule:
    rule = FreeBedRule(
        half_life_days=row.number("half_life_days", above=0),
        unknown_chance=row.number("unknown_chance", most=1),
        source=row.text("source"),
    )
    row.finish()
    return rule


def _competition(row: TomlTable) -> Competition:
    rule = Competition(
        demand_mode=row.text("demand_mode", ("walk", "bike", "drive")),
        unknown_beds=row.number("unknown_beds", above=0),
        workers_per_resident=row.number("workers_per_resident", above=0, most=1),
        jobs_per_worker=row.ratio("jobs_per_worker"),
        beds_per_need=row.ratio("beds_per_need"),
        beds_per_resident=row.ratio("beds_per_resident"),
        source=row.text("source"),
    )
    row.finish()
    return rule


def _days(row: TomlTable) -> Days:
    rule = Days(row.number("weekday"), row.number("saturday"), row.number("sunday"), row.text("source"))
    row.finish()
    if rule.weekday + rule.saturday + rule.sunday <= 0:
        raise NeedsError(f"{row.where}: the weights of the days must not all be 0.")
    return rule


def _sensitivity(row: TomlTable) -> Sensitivity:
    rule = Sensitivity(
        draws=int(row.number("draws", least=1, most=10_000)),
        seed=int(row.number("seed")),
        weight_spread=row.number("weight_spread", most=0.99),
        half_way_spread=row.number("half_way_spread", most=0.99),
        low_percentile=row.number("low_percentile", most=100),
        high_percentile=row.number("high_percentile", most=100),
        source=row.text("source"),
    )
    row.finish()
    return rule


def _confidence(row: TomlTable) -> ConfidenceRule:
    rule = ConfidenceRule(
        data=row.number("data", most=1),
        age=row.number("age", most=1),
        location=row.number("location", most=1),
        timetable=row.number("timetable", most=1),
        bed=row.number("bed", most=1),
        half_age_days=row.number("half_age_days", above=0),
        unknown_age=row.number("unknown_age", most=1),
        source=row.text("source"),
    )
    row.finish()
    if abs(rule.data + rule.age + rule.location + rule.timetable - 1) > 1e-9:
        raise NeedsError(f"{row.where}: data, age, location and timetable must add up to 1.")
    return rule
