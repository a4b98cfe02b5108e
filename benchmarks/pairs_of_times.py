"""Two functions timed in turns, and the row of the table they make."""

import statistics
import time
from collections.abc import Callable
from typing import Any, NamedTuple

RUNS = 5
LONG = 10.0
"""Seconds a run may take to be repeated `RUNS` times; of longer ones the median is that of three."""


class Row(NamedTuple):
    """A line of the table; seconds, 0 where there is nothing to measure."""

    task: str
    ours: float
    peer: str = ""
    theirs: float = 0.0
    note: str = ""


def timed(work: Callable[[], Any]) -> float:
    """Return the seconds that work takes once."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def median(work: Callable[[], Any], runs: int = RUNS) -> float:
    """Return the median seconds of several runs, after one to warm up."""
    runs = runs if timed(work) < LONG else 3
    return statistics.median(timed(work) for _ in range(runs))


def in_turns(
    ours: Callable[[], Any], theirs: Callable[[], Any], runs: int = RUNS, *, warm: bool = True, each: int = 1
) -> tuple[float, float]:
    """Return the median seconds of both, run in turns; unless they ran before, after one run each to warm up.

    Each has `each` runs a turn: of work of a few milliseconds, a first run after another's measures the processor's
    memory, which the other has just filled.
    """
    if warm:
        ours()
        theirs()
    turns = [([timed(ours) for _ in range(each)], [timed(theirs) for _ in range(each)]) for _ in range(runs)]
    return statistics.median(s for mine, _ in turns for s in mine), statistics.median(
        s for _, his in turns for s in his
    )
