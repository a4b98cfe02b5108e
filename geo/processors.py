"""How many processors one process works on: all of the machine's, unless it is told that others share them."""

import os

from geo.errors import InputError

THREADS = "RECOVERY_REACH_THREADS"


def processors() -> int:
    """Return how many threads to work in: what `RECOVERY_REACH_THREADS` says, else the machine's processors.

    Raises
    ------
    InputError
        The variable holds no whole number from 1 on.
    """
    told = os.environ.get(THREADS)
    if told is None:
        return os.cpu_count() or 1
    if not told.isascii() or not told.isdigit() or int(told) < 1:
        raise InputError(f"{THREADS} must be a whole number from 1 on, not {told!r}.")
    return int(told)
