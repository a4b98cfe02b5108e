"""The score's numbers, from `data/scoring/*.toml`: validated, frozen, hashed.

Every key is required and no other is known, so that a misspelt key can't quietly leave a default in place.
Each table states its `source`, in words, for the people who judge the numbers.
"""

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geo.errors import NeedsError
from geo.needs import clock_minute
from geo.tables import CATEGORIES, DIMENSIONS

APPLIES = ("always", "methadone", "other_medication", "childcare")
KINDS = ("gravity", "rival")
DAYS = ("weekday", "any")
BEING = ("leaving", "arriving")
REGION = "region"
"""The value of a reference ratio that stands for the region's own supply-to-demand ratio."""


@dataclass(frozen=True)
class ClassRule:
    """How one class of resource is scored; minutes are door to door, `start` and `end` minutes after midnight."""

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
    half_way_minutes: float
    sd_minutes: float
    limit_minutes: float
    a_ref: float
    source: str


@dataclass(frozen=True)
class MeetingRule:
    """How sessions are scored."""

    weight: float
    half_way_minutes: float
    sd_minutes: float
    limit_minutes: float
    a_ref: float
    coverage_share: float
    leave_after_minutes: float
    source: str


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
    """Weights of weekday, Saturday and Sunday in an average over any day; clock times before `night_ends` are late."""

    weekday: float
    saturday: float
    sunday: float
    night_ends: int
    source: str


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
    """Shares of the confidence, which add to 1."""

    data: float
    age: float
    location: float
    timetable: float
    half_age_days: float
    unknown_age: float
    source: str


@dataclass(frozen=True)
class Parameters:
    """All numbers of the score; `hash` is the SHA-256 of the document in canonical form."""

    name: str
    hash: str
    dimension_weights: Mapping[str, float]
    floor: float
    days: Days
    wheelchair_kph: float
    competition: Competition
    own_home: OwnHomeRule
    meetings: MeetingRule
    sensitivity: Sensitivity
    confidence: ConfidenceRule
    classes: tuple[ClassRule, ...]


def load_parameters(path: Path | str | None = None) -> Parameters:
    """Load a scoring file: None = the default; a bare name = a file shipped in `data/scoring`; else a path.

    The shipped files lie in `data/scoring` beside `geo` in a checkout, and in `sources/_data/scoring` beside it once
    installed (`pyproject.toml` puts them there).

    Raises
    ------
    NeedsError
        The file is missing or not TOML, or a key is missing, unknown or holds a value that can't be used.
    """
    chosen = Path("default" if path is None else path)
    if not chosen.suffix and len(chosen.parts) == 1:
        chosen = _shipped(chosen.name)
    try:
        document = tomllib.loads(chosen.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise NeedsError(f"There is no scoring file at {chosen}; check the path, or leave it out.") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as problem:
        raise NeedsError(f"The scoring file {chosen} is not readable TOML: {problem}.") from None
    return parameters_from(document, chosen.name)


def parameters_from(document: dict[str, Any], where: str = "the parameters") -> Parameters:
    """Make `Parameters` from plain values, as TOML gives them.

    Raises
    ------
    NeedsError
        Names the key, what was expected and what came.
    """
    top = _Reader(document, where)
    total, travel = top.table("total"), top.table("travel")
    weights = total.table("weights")
    parameters = Parameters(
        name=top.text("name"),
        hash=hashlib.sha256(json.dumps(document, sort_keys=True, default=str).encode()).hexdigest(),
        dimension_weights={dimension: weights.number(dimension) for dimension in DIMENSIONS},
        floor=total.number("floor", above=0, most=100),
        days=_days(top.table("days")),
        wheelchair_kph=travel.number("wheelchair_kph", least=0.5, most=12),
        competition=_competition(top.table("competition")),
        own_home=_own_home(top.table("own_home")),
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


class _Reader:
    """One table of the document, read key by key, so that every error can name its key and no key stays unread."""

    def __init__(self, values: dict[str, Any], where: str) -> None:
        self.values, self.where, self.unread = values, where, set(values)

    def take(self, key: str) -> Any:
        if key not in self.values:
            raise NeedsError(f"{self.where} lacks the key {key!r}.")
        self.unread.discard(key)
        return self.values[key]

    def refuse(self, key: str, expected: str) -> NeedsError:
        return NeedsError(f"{self.where}: {key} must be {expected}, not {self.values[key]!r}.")

    def number(self, key: str, least: float = 0.0, most: float = 1e9, above: float = -1.0) -> float:
        value = self.take(key)
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not (least <= value <= most and value > above):
            lowest = f"above {above:g}" if above >= least else f"from {least:g}"
            raise self.refuse(key, f"a number {lowest} to {most:g}")
        return float(value)

    def ratio(self, key: str) -> float | None:
        if self.values.get(key) == REGION:
            self.take(key)
            return None
        return self.number(key, above=0)

    def text(self, key: str, allowed: tuple[str, ...] = ()) -> str:
        value = self.take(key)
        if not isinstance(value, str) or not value.strip() or (allowed and value not in allowed):
            raise self.refuse(key, f"one of {', '.join(allowed)}" if allowed else "text")
        return value

    def clock(self, key: str) -> int:
        return clock_minute(self.take(key), f"{self.where}: {key}")

    def texts(self, key: str, allowed: tuple[str, ...]) -> tuple[str, ...]:
        value = self.take(key)
        if not isinstance(value, list) or any(item not in allowed for item in value):
            raise self.refuse(key, f"a list of {', '.join(allowed)}")
        return tuple(value)

    def table(self, key: str) -> "_Reader":
        value = self.take(key)
        if not isinstance(value, dict):
            raise self.refuse(key, "a table")
        return _Reader(value, f"{self.where}: {key}")

    def tables(self, key: str) -> list["_Reader"]:
        value = self.take(key)
        if not isinstance(value, list) or not value or not all(isinstance(row, dict) for row in value):
            raise self.refuse(key, "a list of tables")
        return [_Reader(row, f"{self.where}: {key}: {row.get('name', number)}") for number, row in enumerate(value)]

    def finish(self) -> None:
        if self.unread:
            known = ", ".join(sorted(set(self.values) - self.unread))
            raise NeedsError(f"{self.where} has the unknown key {min(self.unread)!r}; known keys are {known}.")


def _class(row: _Reader) -> ClassRule:
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
        half_way_minutes=row.number("half_way_minutes"),
        sd_minutes=row.number("sd_minutes", above=0),
        limit_minutes=row.number("limit_minutes", above=0, most=120),
        a_ref=row.number("a_ref", above=0),
        source=row.text("source"),
    )
    row.finish()
    if rule.end <= rule.start:
        raise NeedsError(f"{row.where}: the window must end after it starts.")
    if not rule.categories and rule.kind != "rival":
        raise NeedsError(f"{row.where}: only a rival class (jobs) may have no categories.")
    return rule


def _meetings(row: _Reader) -> MeetingRule:
    rule = MeetingRule(
        weight=row.number("weight"),
        half_way_minutes=row.number("half_way_minutes"),
        sd_minutes=row.number("sd_minutes", above=0),
        limit_minutes=row.number("limit_minutes", above=0, most=120),
        a_ref=row.number("a_ref", above=0),
        coverage_share=row.number("coverage_share", most=1),
        leave_after_minutes=row.number("leave_after_minutes", most=120),
        source=row.text("source"),
    )
    row.finish()
    return rule


def _own_home(row: _Reader) -> OwnHomeRule:
    rule = OwnHomeRule(
        row.number("weight"), row.number("certified", most=1), row.number("not_certified", most=1), row.text("source")
    )
    row.finish()
    return rule


def _competition(row: _Reader) -> Competition:
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


def _days(row: _Reader) -> Days:
    rule = Days(
        row.number("weekday"), row.number("saturday"), row.number("sunday"), row.clock("night_ends"), row.text("source")
    )
    row.finish()
    if rule.weekday + rule.saturday + rule.sunday <= 0:
        raise NeedsError(f"{row.where}: the weights of the days must not all be 0.")
    return rule


def _sensitivity(row: _Reader) -> Sensitivity:
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


def _confidence(row: _Reader) -> ConfidenceRule:
    rule = ConfidenceRule(
        data=row.number("data", most=1),
        age=row.number("age", most=1),
        location=row.number("location", most=1),
        timetable=row.number("timetable", most=1),
        half_age_days=row.number("half_age_days", above=0),
        unknown_age=row.number("unknown_age", most=1),
        source=row.text("source"),
    )
    row.finish()
    if abs(rule.data + rule.age + rule.location + rule.timetable - 1) > 1e-9:
        raise NeedsError(f"{row.where}: data, age, location and timetable must add up to 1.")
    return rule


def _shipped(name: str) -> Path:
    beside = Path(__file__).resolve().parents[1]
    folders = (beside / "sources" / "_data" / "scoring", beside / "data" / "scoring")
    for folder in folders:
        if (folder / f"{name}.toml").is_file():
            return folder / f"{name}.toml"
    return folders[-1] / f"{name}.toml"
