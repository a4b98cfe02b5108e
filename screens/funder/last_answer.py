"""The last answer of a part of the page: worked out when asked for, kept while the next question is put together."""

from collections.abc import Callable
from typing import Protocol, TypeVar

import streamlit as st

from layers.escaping import html
from screens.shared import frame, progress
from screens.shared.words import Say


class RegionAnswer(Protocol):
    """An answer that tells the hash of the region that it was made of."""

    @property
    def made_of(self) -> str:
        """Return the region's hash."""


Answer = TypeVar("Answer", bound=RegionAnswer)
Step = Callable[[float], None]


def last_answer(
    part: str,
    wanted: object,
    region_hash: str,
    work_out: Callable[[Step], Answer] | None,
    working: str,
    say: Say,
    *,
    when_new: Callable[[Answer], None],
) -> Answer | None:
    """Return the last answer to a part's question, after saying where the fields ask for another one by now.

    Parameters
    ----------
    part
        Its name in the session.
    wanted
        What the fields ask now; it is worked out once `want` was called with it.
    work_out, working
        Works it out, beside the page, None where the fields can't be used; and what is said meanwhile.
    when_new
        Called with an answer that has just been worked out.
    """
    kept: tuple[object, Answer] | None = st.session_state.get(f"{part}_found")
    is_new = kept is None or kept[0] != wanted
    if work_out is not None and is_new and st.session_state.get(f"{part}_wanted") == wanted:
        found = progress.run_with_progress(f"{part}_work", work_out, working, say)
        if found is None:
            if not progress.is_stopped(f"{part}_work"):
                st.session_state.pop(f"{part}_wanted", None)
            return None
        kept = (wanted, found)
        st.session_state[f"{part}_found"] = kept
        when_new(found)
    if kept is None or kept[1].made_of != region_hash:
        return None
    frame.answer((part, kept[0]), say)
    if kept[0] != wanted:
        frame.show(html('<div class="rr-note" role="note"><p>{text}</p></div>', text=say("site_changed")), say)
    return kept[1]


def want(part: str, wanted: object) -> None:
    """Ask for an answer, as the fields are now."""
    st.session_state[f"{part}_wanted"] = wanted
    progress.again(f"{part}_work")
