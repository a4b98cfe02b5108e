"""Whose work goes first where several visitors ask at once: what they wait for, in the order asked; the rest after it.

Side by side, all would be ready when the last one is, and maps would take the processor's time from scores.
"""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

AT_ONCE = os.cpu_count() or 1
ASIDE_AT_MOST_SECONDS = 2.0
LOOK_SECONDS = 0.1

_changed = threading.Condition()
_asked: list[object] = []


@contextmanager
def in_turn() -> Iterator[None]:
    """Do what a visitor waits for: as many at once as there are processors, before all that can wait."""
    turn = object()
    with _changed:
        _asked.append(turn)
    try:
        with _changed:
            _changed.wait_for(lambda: _asked.index(turn) < AT_ONCE)
        yield
    finally:
        with _changed:
            _asked.remove(turn)
            _changed.notify_all()


def let_others_first(look: Callable[[], object] = lambda: None) -> None:
    """Wait until nothing is asked for `in_turn`; what can wait does so for a moment, never for ever.

    Parameters
    ----------
    look
        Called from time to time; it raises to end the wait. A page that looks at its session is interrupted there
        by the visitor's next click.
    """
    until = time.monotonic() + ASIDE_AT_MOST_SECONDS
    with _changed:
        while _asked and time.monotonic() < until:
            _changed.wait(LOOK_SECONDS)
            look()
