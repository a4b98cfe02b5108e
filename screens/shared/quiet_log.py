"""What the log of the app may hold of an error: its kind and where in the code, never its text, which may be typed."""

import logging
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_PLACES = 8
"""So many lines of code are told of an error, the last of them where it broke."""
_BEHIND = 4
"""So many errors behind an error are told."""
_log = logging.getLogger(__name__)


def kind_and_place(problem: BaseException, behind: int = _BEHIND) -> str:
    """Return the kind of an error and the lines of code that led to it, and those of the errors behind it.

    Examples
    --------
    >>> kind_and_place(KeyError("12 Elm Street"))
    'KeyError'
    """
    lines = [
        f"{Path(frame.f_code.co_filename).name}:{line}" for frame, line in traceback.walk_tb(problem.__traceback__)
    ]
    told = type(problem).__name__ + (f" at {' > '.join(lines[-_PLACES:])}" if lines else "")
    inner = [*getattr(problem, "exceptions", ()), problem.__cause__ or problem.__context__]
    causes = [kind_and_place(one, behind - 1) for one in inner if isinstance(one, BaseException) and behind]
    return " from ".join([told, *causes])


@contextmanager
def quiet_log() -> Iterator[None]:
    """Keep what errors say, and details that only developers look for, out of every log while the app is served.

    Streamlit logs each error that it catches with its text and traceback, and so do the server, asyncio and threads;
    the loop that serves its visits prints what it breaks on, and the library of logs what it can't log.
    """
    make_record, of_threads, unraisable = logging.getLogRecordFactory(), threading.excepthook, sys.unraisablehook
    level, raises, print_exception = logging.root.manager.disable, logging.raiseExceptions, traceback.print_exception

    def quiet_record(
        name: str, level: int, path: str, line: int, msg: object, args: Any, exc_info: Any, *more: Any, **named: Any
    ) -> logging.LogRecord:
        problem = exc_info[1] if isinstance(exc_info, tuple) else None
        given = args if isinstance(args, tuple) else (args,) if args else ()
        hidden = [one for one in (problem, msg, *given) if isinstance(one, BaseException)]
        if hidden:  # the message may hold what the error holds, as asyncio's does
            msg, args = "Something failed that we did not foresee: %s", ("; ".join(map(kind_and_place, hidden)),)
        return make_record(name, level, path, line, msg, args, None, *more, **named)

    def quiet_print(
        exc: Any,
        /,
        value: Any = None,
        tb: Any = None,
        limit: Any = None,
        file: Any = None,
        chain: bool = True,
        **how: Any,
    ) -> None:
        problem = exc if isinstance(exc, BaseException) else value
        if problem is None or file in (None, sys.stderr, sys.stdout):
            _tell(problem)
        else:
            print_exception(type(problem), problem, tb or problem.__traceback__, limit, file, chain, **how)

    logging.setLogRecordFactory(quiet_record)
    logging.raiseExceptions = False
    traceback.print_exception = quiet_print  # which `print_exc` goes through
    logging.disable(max(level, logging.DEBUG))
    threading.excepthook = lambda raised: _tell(raised.exc_value)
    sys.unraisablehook = lambda raised: _tell(raised.exc_value)
    try:
        yield
    finally:
        logging.setLogRecordFactory(make_record)
        logging.disable(level)
        logging.raiseExceptions, traceback.print_exception = raises, print_exception
        threading.excepthook, sys.unraisablehook = of_threads, unraisable


def _tell(problem: BaseException | None) -> None:
    if problem is not None and not isinstance(problem, SystemExit):
        _log.error("Something failed that we did not foresee: %s", kind_and_place(problem))
