"""Whether the app serves the person who sits at its machine, or others too: those may look, and change no region."""

import threading
from collections.abc import Iterable

from screens.shared.frame import LOOPBACK_HOSTS

_SHARED = threading.Event()


def serve_to(hosts: Iterable[str]) -> None:
    """Note under which names the app is served."""
    if set(hosts) <= set(LOOPBACK_HOSTS):
        _SHARED.clear()
    else:
        _SHARED.set()


def is_shared() -> bool:
    """Return whether others than the person at this machine may reach the app."""
    return _SHARED.is_set()
