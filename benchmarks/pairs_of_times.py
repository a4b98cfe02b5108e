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
    ours: Callable[[], Any], theirs: Callable[[], Any], runs: int = RUNS, *, warm: bool = True
) -> tuple[float, float]:
    """Return the median seconds of both, run in turns; unless they ran before, after one run each to warm up."""
    if warm:
        ours()
        theirs()
    pairs = [(timed(ours), timed(theirs)) for _ in range(runs)]
    return statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs)
