"""The script that Streamlit runs for each visit: the frame, then the page that was chosen."""

from pathlib import Path

import streamlit as st

from screens.caseload import session
from screens.shared import frame, page_change, visit

HERE = Path(__file__).parent
PAGES = ("start", "participant", "case_manager", "caseload", "funder", "data_health")
LOOK_SECONDS = 20
"""How often an open vault is looked at, to lock one that is left alone."""


@st.fragment(run_every=LOOK_SECONDS)
def lock_when_idle() -> None:
    """Lock a vault that was idle for too long, on whichever page the reader left it."""
    if session.held() is None:
        st.rerun()


say = frame.speaking()
doors = {
    name: st.Page(
        HERE / name / "page.py",
        title=say(f"page_{name}"),
        url_path=name.replace("_", "-"),
        default=name == "start",
    )
    for name in PAGES
}
chosen = st.navigation(list(doors.values()), position="hidden")
page_change.keep_going(doors, chosen)
st.set_page_config(
    page_title=f"{chosen.title} · {say('title')}",
    page_icon=str(HERE / "icon.png"),
    layout="wide",
    menu_items={},
)
frame.header(list(doors.values()), chosen, visit.looked_at())
if session.held() is not None:
    lock_when_idle()
page_change.run(chosen)
