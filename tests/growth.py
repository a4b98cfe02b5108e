"""Whether work grows with its input no faster than the input does, told by the processor's time, not by the clock's."""

import time
from collections.abc import Callable
from typing import Any

FLOOR_SECONDS = 0.03
"""What takes less is too short to tell from chance, and too short to matter."""
MOST = 10.0
"""Four times the input takes four times as long where work is linear, sixteen times where it is quadratic."""

_TRIES = 3
"""A busy machine makes a run look longer, never shorter: what seems to grow is measured again."""


def seconds(
    work: Callable[[], Any],
    most_runs: int = _TRIES,
    enough: float = FLOOR_SECONDS,
    clock: Callable[[], float] = time.thread_time,
) -> float:
    """Return the least processor time of so many runs, or of the first that is short enough."""
    best = float("inf")
    for _ in range(most_runs):
        began = clock()
        work()
        best = min(best, clock() - began)
        if best < enough:
            break
    return best


def growth(
    work: Callable[[Any], Any],
    size: int,
    made: Callable[[int], Any] = lambda size: size,
    clock: Callable[[], float] = time.thread_time,
) -> float:
    """Return how many times longer work on four times `size` takes; 1 where that takes next to no time.

    Parameters
    ----------
    work
        Does it on an input.
    made
        Makes the input of some size, which takes none of the time that is told; the size itself by default.
    clock
        Tells the processor's time: this thread's, or `time.process_time` where a library has threads of its own.
    """
    less, more = made(size), made(4 * size)
    small = large = float("inf")
    for _ in range(_TRIES):
        large = min(large, seconds(lambda: work(more), 1, clock=clock))
        if large < FLOOR_SECONDS:
            return 1.0
        small = min(small, seconds(lambda: work(less), 1, clock=clock))
        if large <= MOST * small:
            break
    return large / small
