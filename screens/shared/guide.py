"""What a page is for, in three sentences, on a first visit."""

import streamlit as st

from layers.escaping import html, joined
from screens.shared import frame
from screens.shared.words import Say

SENTENCES = 3


def guide(page: str, say: Say) -> None:
    """Say what a page is for, until the reader says that it is known.

    That is kept in the session alone: what a browser keeps would tell others on it that somebody looked.
    """
    if st.session_state.get(_known(page)):
        return
    rows = joined(html("<li>{text}</li>", text=say(f"guide_{page}_{number + 1}")) for number in range(SENTENCES))
    with st.container(key=f"rr_guide_{page}", horizontal=True, vertical_alignment="center"):
        frame.show(html('<h2>{title}</h2><ol class="rr-guide">{rows}</ol>', title=say("guide"), rows=rows), say)
        st.button(say("guide_done"), key=f"guide_{page}", on_click=_know, args=(page,))


def _known(page: str) -> str:
    return f"guided_{page}"


def _know(page: str) -> None:
    st.session_state[_known(page)] = True
