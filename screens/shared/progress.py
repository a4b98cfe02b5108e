"""Work that takes longer than a moment: done once; what is long has a bar, and a way to stop it."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from geo.errors import OutsideRegionError, RecoveryReachError
from screens.shared import frame
from screens.shared.words import Say

Result = TypeVar("Result")
LOOK_SECONDS = 0.1
STOP_AFTER_SECONDS = 2.0
"""The button to stop the work comes this late, so that it doesn't flicker where nobody needs it."""


class StoppedError(Exception):
    """The work was given up; nobody waits for its result any more."""


def run_with_progress(
    name: str, work: Callable[[Callable[..., None]], Result], message: str, say: Say, *, once: bool = False
) -> Result | None:
    """Do some work while a bar shows how far it is; None if it was stopped or can't be done, which the page then says.

    Whatever else interrupts the page (another click, another page, a reload) ends the work too. Work that was stopped
    is done again after `again(name)`, which a button calls.

    Parameters
    ----------
    name
        Tells this work from others of the visit.
    work
        Called with a function to call from time to time, with the share done (0–1) or without; it raises to end the
        work.
    message
        What is being done, in words.
    once
        Whether work that a click ended is not begun again by itself, as if it had been stopped: it changes a region.
    """
    if is_stopped(name):
        frame.notice(say("work_stopped"), "", say)
        st.button(say("work_again"), key=f"again_{name}", on_click=again, args=(name,))
        return None
    box = st.empty()
    stop, share = threading.Event(), [0.0]
    results: list[Result] = []
    problems: list[Exception] = []

    def step(done: float = 0.0) -> None:
        if stop.is_set():
            raise StoppedError
        share[0] = max(share[0], min(done, 1.0))

    def run() -> None:
        try:
            results.append(work(step))
        except StoppedError:
            pass
        except Exception as problem:
            problems.append(problem)

    worker = threading.Thread(target=run, name=name, daemon=True)
    worker.start()
    try:
        _watch(worker, share, box, name, message, say)
    finally:
        stop.set()
        if once and worker.is_alive():
            _stop(name)
    box.empty()
    if not problems:
        return results[0]
    if not isinstance(problems[0], RecoveryReachError):
        raise problems[0]
    frame.notice(say.why(problems[0]), "", say)
    return None


def asked_once(name: str, key: object, ask: Callable[[], Result], say: Say) -> Result | None:
    """Return an answer, from this session if it was the last one asked for; None where there is none, and why.

    Parameters
    ----------
    name
        Tells this kind of question from others of the visit.
    key
        All that the answer depends on.
    """
    kept: dict[object, Result] = st.session_state.setdefault(name, {})
    with st.container():  # always there, so that what follows stays where it is
        if key not in kept:
            try:
                with st.spinner(say("working")):
                    answer = ask()
            except OutsideRegionError:
                frame.notice(say("outside"), say("outside_hint"), say)
                return None
            except RecoveryReachError as problem:
                frame.notice(say.why(problem), "", say)
                return None
            kept.clear()
            kept[key] = answer
    return kept[key]


def again(name: str) -> None:
    """Let work that was stopped be done again."""
    st.session_state.pop(_key(name), None)


def is_stopped(name: str) -> bool:
    """Tell whether work was stopped and waits for `again`."""
    return bool(st.session_state.get(_key(name)))


def _watch(
    worker: threading.Thread,
    share: list[float],
    box: "st.delta_generator.DeltaGenerator",
    name: str,
    message: str,
    say: Say,
) -> None:
    began, bar, offered = time.monotonic(), None, False
    while worker.is_alive():
        worker.join(LOOK_SECONDS)
        waited = time.monotonic() - began
        if bar is None and waited > 3 * LOOK_SECONDS:
            inside = box.container(key=f"working_{name}")
            bar = inside.progress(0.0, text=message)
        if bar is not None:
            bar.progress(share[0], text=message)
            if waited > STOP_AFTER_SECONDS and not offered:
                offered = True
                inside.button(say("stop"), key=f"stop_{name}", on_click=_stop, args=(name,))


def _stop(name: str) -> None:
    st.session_state[_key(name)] = True


def _key(name: str) -> str:
    return f"stopped_{name}"
