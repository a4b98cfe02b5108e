"""Going to another page when a button is pressed, also where the page that is left says something at that moment.

What a page's map or clock sends names that page. Streamlit puts it together with the change that is under way, and
runs the page that is left once more: the press would have done nothing.
"""

from collections.abc import Mapping

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from screens.shared import frame

_GOING = "going"


def go_to(name: str) -> None:
    """Leave for the answer on a page (the name of its folder), and don't come back until it was there."""
    frame.bring_to_answer()
    st.session_state[_GOING] = name
    st.switch_page(f"{name}/page.py")


def keep_going(doors: Mapping[str, StreamlitPage], chosen: StreamlitPage) -> None:
    """Leave again for the page that a press asked for, where another one is run instead."""
    going = st.session_state.get(_GOING)
    if going is not None and doors[going] is not chosen:
        st.switch_page(doors[going])


def run(page: StreamlitPage) -> None:
    """Run a page: once it is shown whole, or broke, what is asked for next is another."""
    try:
        page.run()
    except Exception:
        st.session_state.pop(_GOING, None)
        raise
    st.session_state.pop(_GOING, None)
