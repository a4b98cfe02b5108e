"""Whose work goes first where several visitors ask at once: what they wait for, in the order asked; the rest after it.

Side by side, all would be ready when the last one is, and maps would take the processor's time from scores.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

ASIDE_AT_MOST_SECONDS = 2.0

_changed = threading.Condition()
_asked: set[object] = set()
_processors = threading.Semaphore(os.cpu_count() or 1)


@contextmanager
def in_turn() -> Iterator[None]:
    """Do what a visitor waits for: as many at once as there are processors, before all that can wait."""
    turn = object()
    with _changed:
        _asked.add(turn)
    try:
        with _processors:
            yield
    finally:
        with _changed:
            _asked.remove(turn)
            _changed.notify_all()


def let_others_first() -> None:
    """Wait until nothing is asked for `in_turn`; what can wait does so for a moment, never for ever."""
    with _changed:
        _changed.wait_for(lambda: not _asked, ASIDE_AT_MOST_SECONDS)
