"""Nothing that was typed is in any byte of the log, whatever breaks and wherever; kind and place of the error are."""

import asyncio
import gc
import io
import logging
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import streamlit as st
from streamlit import config
from streamlit.error_util import handle_user_script_exception
from streamlit.runtime import Runtime
from streamlit.testing.v1 import AppTest

import app
from geo.errors import InputError
from screens.pocket import answer
from screens.shared import frame, queries
from screens.shared.queries import ChosenPlace
from screens.shared.quiet_log import kind_and_place, quiet_log
from tests.serving import served

ROOT = Path(__file__).parents[3]
TYPED = "253 Dovetail Street"


def with_note() -> Exception:
    problem = ValueError("no such place")
    problem.add_note(TYPED)
    return problem


def behind_another() -> Exception:
    problem = RuntimeError("later")
    problem.__cause__ = KeyError(TYPED)
    return problem


ERRORS: dict[str, Callable[[], Exception]] = {
    "ValueError": lambda: ValueError(f"what is {TYPED}"),
    "KeyError": lambda: KeyError(TYPED),
    "InputError": lambda: InputError("There is no {place}.", place=TYPED),
    "FileNotFoundError": lambda: FileNotFoundError(2, "none", TYPED),
    "UnicodeEncodeError": lambda: UnicodeEncodeError("ascii", TYPED, 0, 3, "no"),
    "ExceptionGroup": lambda: ExceptionGroup(TYPED, [ValueError(TYPED)]),
    "RuntimeError": behind_another,
    "with a note": with_note,
}


def raised(problem: Exception) -> Exception:
    """Return an error as it is when it was raised: with the lines of code that led to it."""
    try:
        raise problem  # noqa: TRY301  it is caught where it is raised
    except Exception as caught:
        return caught


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.BytesIO]:
    """Return every byte that the app writes to its log or its output."""
    written = io.BytesIO()
    stream = io.TextIOWrapper(written, "utf-8", write_through=True)
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(sys, "stdout", stream)
    known = [logging.getLogger(), *(logging.getLogger(name) for name in list(logging.root.manager.loggerDict))]
    handlers = [
        (logger, logging.StreamHandler(stream)) for logger in known if logger is logging.root or not logger.propagate
    ]
    for logger, handler in handlers:
        logger.addHandler(handler)
    for name, value in app.SETTINGS.items():
        config.set_option(name, value)
    with quiet_log():
        yield written
    for logger, handler in handlers:
        logger.removeHandler(handler)
    stream.detach()


def in_a_script(problem: Exception) -> None:
    handle_user_script_exception(problem, frame.show_problem)


def in_the_server(problem: Exception) -> None:
    logging.getLogger("uvicorn.error").error("Exception in ASGI application\n", exc_info=problem)


def in_a_message(problem: Exception) -> None:
    logging.getLogger("streamlit.runtime").warning(problem)
    logging.getLogger("streamlit.runtime").warning("Failed: %s", problem)


def in_a_thread(problem: Exception) -> None:
    def broken() -> None:
        raise problem

    thread = threading.Thread(target=broken)
    thread.start()
    thread.join()


def in_a_task(problem: Exception) -> None:
    async def broken() -> None:
        raise problem

    async def forgotten() -> None:
        task = asyncio.create_task(broken(), name=TYPED)
        await asyncio.sleep(0)
        del task
        gc.collect()

    asyncio.run(forgotten())


def in_a_callback(problem: Exception) -> None:
    def broken(_: str) -> None:
        raise problem

    async def called_back() -> None:
        asyncio.get_running_loop().call_soon(broken, TYPED)
        await asyncio.sleep(0)

    asyncio.run(called_back())


def while_let_go(problem: Exception) -> None:
    class Held:
        def __del__(self) -> None:
            raise problem

    Held()


def in_the_loop_of_visits(problem: Exception, region: str) -> None:
    def broken() -> bool:
        raise problem

    with suppress(type(problem)), served(region):
        of_loop = Runtime.instance()._get_async_objs()
        of_loop.must_stop.is_set = broken  # type: ignore[method-assign]
        of_loop.eventloop.call_soon_threadsafe(of_loop.has_connection.set)
        until = time.monotonic() + 10
        while not of_loop.stopped.done() and time.monotonic() < until:
            time.sleep(0.01)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize(
    "meet", [in_a_script, in_the_server, in_a_message, in_a_thread, in_a_task, in_a_callback, while_let_go]
)
def test_what_an_error_says_is_in_no_byte_of_the_log(
    log: io.BytesIO, meet: Callable[[Exception], None], error: str
) -> None:
    problem = raised(ERRORS[error]())
    meet(problem)
    assert TYPED.encode() not in log.getvalue()
    assert b"Dovetail" not in log.getvalue()
    assert f"{type(problem).__name__} at ".encode() in log.getvalue()
    assert b"test_quiet_log.py:" in log.getvalue()


def test_a_page_that_breaks_on_what_was_typed(
    log: io.BytesIO, demo_region: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError(TYPED)

    st.cache_resource.clear()
    monkeypatch.setattr(queries, "ask_score", broken)
    page = AppTest.from_file(str(ROOT / "screens" / "main.py"), default_timeout=60)
    page.session_state["place"] = ChosenPlace(-113.4327, 40.3483, TYPED)
    page.session_state["shown_region"] = demo_region
    page.run()
    assert page.exception
    assert b"KeyError at " in log.getvalue()
    assert b"Dovetail" not in log.getvalue()


def test_a_quick_page_that_breaks_on_what_was_typed(
    log: io.BytesIO, demo_region: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise KeyError(TYPED)

    monkeypatch.setattr(answer, "lists", broken)
    with served(demo_region) as asking:
        asking.post("/near", data={"from": TYPED, "view": "tonight", "mode": "walk", "language": "en"})
    assert b"KeyError at " in log.getvalue()
    assert b"Dovetail" not in log.getvalue()


@pytest.mark.parametrize("error", ["KeyError", "ExceptionGroup"])
def test_a_loop_of_visits_that_breaks_on_what_was_typed(log: io.BytesIO, demo_region: str, error: str) -> None:
    problem = raised(ERRORS[error]())
    in_the_loop_of_visits(problem, demo_region)
    assert f"{type(problem).__name__} at ".encode() in log.getvalue()
    assert b"Dovetail" not in log.getvalue()


def test_a_traceback_that_somebody_prints(log: io.BytesIO) -> None:
    try:
        raise KeyError(TYPED)  # noqa: TRY301  it is caught where it is raised
    except KeyError as problem:
        traceback.print_exc()
        traceback.print_exception(problem)
        traceback.print_exception(type(problem), problem, problem.__traceback__, file=sys.stderr)
        kept = io.StringIO()
        traceback.print_exc(file=kept)
    assert log.getvalue().count(b"KeyError at test_quiet_log.py:") == 3
    assert b"Dovetail" not in log.getvalue()
    assert TYPED in kept.getvalue()


def test_a_line_that_cannot_be_logged(log: io.BytesIO) -> None:
    logging.getLogger("streamlit.runtime").error("%d visits", TYPED)
    assert b"Dovetail" not in log.getvalue()


def test_details_for_developers_are_never_written(log: io.BytesIO) -> None:
    logger = logging.getLogger("streamlit.runtime")
    logger.setLevel(logging.DEBUG)
    logger.debug("Received %s", TYPED)
    assert log.getvalue() == b""


def test_what_is_behind_an_error_is_told_without_end(log: io.BytesIO) -> None:
    first, second = ValueError("a"), KeyError("b")
    first.__cause__, second.__cause__ = second, first
    assert kind_and_place(first) == "ValueError from KeyError from ValueError from KeyError from ValueError"
