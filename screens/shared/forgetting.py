"""What must be done beside emptying the session where a reader asks to be forgotten, as each page says for itself."""

from collections.abc import Callable

Work = Callable[[], None]
_WORKS: dict[str, Work] = {}


def also_forget(work: Work) -> Work:
    """Let this be done whenever a visit is forgotten, while its session still holds all of it; it is returned."""
    _WORKS[f"{work.__module__}.{work.__qualname__}"] = work
    return work


def forget_beyond_the_session() -> None:
    """Do all of it: what lies in the server's memory under a visit's key, and what is under a lock."""
    for work in _WORKS.values():
        work()
