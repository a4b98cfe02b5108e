"""Whose work goes first where several visitors ask at once: what they wait for, in the order asked; the rest after it.

Side by side, all would be ready when the last one is, and maps would take the processor's time from scores.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from geo.processors import processors

ASIDE_SECONDS_EACH, ASIDE_AT_MOST_SECONDS = 0.25, 2.0

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
            _changed.wait_for(lambda: _asked.index(turn) < processors())
        yield
    finally:
        with _changed:
            _asked.remove(turn)
            _changed.notify_all()


def let_others_first() -> None:
    """Wait until nothing is asked for `in_turn`, about as long as that should take; never for ever.

    No longer, for a page answers its visitor's next click only when it is done with this one.
    """
    with _changed:
        _changed.wait_for(lambda: not _asked, min(len(_asked) * ASIDE_SECONDS_EACH, ASIDE_AT_MOST_SECONDS))
