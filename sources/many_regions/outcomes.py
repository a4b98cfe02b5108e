"""What came of units, and the settings of how they are run."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sources.many_regions.units import Unit


@dataclass(frozen=True)
class EngineSettings:
    """How units are run.

    `workers`: processes on this machine. `memory_mb`: the most that each may hold, None for no bound. `tries`: how
    often a unit is run at most. `scheduler`: the address of Dask's. `wait_seconds`: how long to wait for it, and for
    its first worker.
    """

    workers: int = 1
    memory_mb: float | None = None
    tries: int = 3
    scheduler: str | None = None
    wait_seconds: float = 30.0


@dataclass(frozen=True)
class Outcome:
    """What came of a unit: its result, as `units.run_unit` gives it, or the problem in a sentence."""

    unit: Unit
    tries: int
    result: Mapping[str, Any] | None = None
    problem: str | None = None


Engine = Callable[[Iterable[Unit], EngineSettings], Iterator[Outcome]]
"""Runs units, and yields what came of each."""


def outcome_of(unit: Unit, tries: int, result: Mapping[str, Any]) -> Outcome:
    """Return the outcome of a unit that was run to its end."""
    if "refused" in result:
        return Outcome(unit, tries, problem=str(result["refused"]))
    return Outcome(unit, tries, result)
