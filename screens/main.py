"""The script that Streamlit runs for each visit: the frame, then the page that was chosen."""

from pathlib import Path

import streamlit as st

from screens.shared import frame, visit

HERE = Path(__file__).parent
PAGES = ("start", "participant", "case_manager", "funder", "data_health")

say = frame.speaking()
doors = [
    st.Page(
        HERE / name / "page.py",
        title=say(f"page_{name}"),
        url_path=name.replace("_", "-"),
        default=name == "start",
    )
    for name in PAGES
]
chosen = st.navigation(doors, position="hidden")
st.set_page_config(
    page_title=f"{chosen.title} · {say('title')}",
    page_icon=str(HERE / "icon.png"),
    layout="wide",
    menu_items={},
)
frame.header(doors, chosen, visit.country())
chosen.run()
