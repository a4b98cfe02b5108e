"""How many visits one server bears: the files that the system lets it open, and how long closed visits are kept."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable

from streamlit.runtime import Runtime
from streamlit.runtime.session_manager import SessionInfo, SessionStorage

FILES = 4096
"""Each visit takes three files and a connection, and macOS lets a program open 256 unless it asks for more."""
MOST_KEPT = 24
KEPT_SECONDS = 120.0
"""How long a visit whose connection broke can be taken up again."""
_LOOK_SECONDS = 20.0


def raise_file_limit(wanted: int = FILES) -> None:
    """Let this process open so many files, or as many as the system lets it; nothing where it has no such limit."""
    try:
        import resource
    except ImportError:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


class ClosedVisits(SessionStorage):
    """The last few visits whose connection ended; each that goes is shut down at once, which gives its files back.

    Streamlit keeps 128 of them, and looks whether they are too old only when another one comes.
    """

    def __init__(
        self, most: int = MOST_KEPT, seconds: float = KEPT_SECONDS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most, self._seconds, self._clock = most, seconds, clock
        self._kept: dict[str, tuple[float, SessionInfo]] = {}

    def get(self, session_id: str) -> SessionInfo | None:
        """Return a visit that is still kept."""
        self.let_go()
        return self._kept[session_id][1] if session_id in self._kept else None

    def save(self, session_info: SessionInfo) -> None:
        """Keep a visit, and let the oldest go where there are too many."""
        self.delete(session_info.session.id)
        self._kept[session_info.session.id] = (self._clock(), session_info)
        self.let_go()

    def delete(self, session_id: str) -> None:
        """Keep a visit no longer: it goes on, or was shut down."""
        self._kept.pop(session_id, None)

    def list(self) -> list[SessionInfo]:
        """Return every visit that is kept."""
        return [info for _, info in self._kept.values()]

    def let_go(self) -> None:
        """Shut down visits that are too many or too old."""
        too_old = self._clock() - self._seconds
        while self._kept:
            oldest = next(iter(self._kept))
            since, info = self._kept[oldest]
            if len(self._kept) <= self._most and since > too_old:
                return
            del self._kept[oldest]
            info.session.shutdown()


@contextlib.asynccontextmanager
async def few_closed_visits(runtime: Runtime) -> AsyncIterator[None]:
    """Keep few closed visits of a server that runs, and those not for long."""
    kept = ClosedVisits()
    runtime._session_mgr._session_storage = kept  # type: ignore[attr-defined]

    async def look() -> None:
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            kept.let_go()

    looking = asyncio.create_task(look())
    try:
        yield
    finally:
        looking.cancel()
