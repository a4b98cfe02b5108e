"""A file about a person to be kept: made when asked for, in memory, and forgotten when the vault locks."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from geo.errors import RecoveryReachError
from screens.caseload import session
from screens.caseload.why_text import why_text
from screens.shared import frame
from screens.shared.file_names import file_name
from screens.shared.words import Say


@dataclass(frozen=True)
class File:
    """A kind of file: what it holds (how its name begins), its ending and type, and the words of its two buttons."""

    name: str
    ending: str
    mime: str
    make_words: str
    get_words: str

    @property
    def key(self) -> str:
        """Return where a session keeps it, and how its buttons' keys begin."""
        return f"{session.PREFIX}file_{self.name}_{self.ending}"


def keep(file: File, made_on: datetime.date, asked: object, make: Callable[[], bytes | None], say: Say) -> None:
    """Show the button that makes a file, then the one that hands it out; its name tells nothing of a person.

    Parameters
    ----------
    asked
        All that the file depends on: once that is otherwise, it is made anew.
    make
        Returns the content, or None where it was stopped, which the page says then.
    """
    box = st.empty()
    kept: tuple[object, bytes] | None = st.session_state.get(file.key)
    if kept is None or kept[0] != asked:
        if not box.button(say(file.make_words), key=f"{file.key}_make"):
            return
        try:
            content = make()
        except RecoveryReachError as problem:
            frame.notice(why_text(problem, say), "", say)
            return
        if content is None:
            return
        st.session_state[file.key] = kept = (asked, content)
    box.download_button(
        say(file.get_words),
        kept[1],
        file_name(file.name, made_on, asked, file.ending),
        file.mime,
        key=f"{file.key}_get",
        on_click="ignore",
        type="primary",
    )
