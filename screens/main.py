"""The script that Streamlit runs for each visit: the frame, then the page that was chosen."""

from pathlib import Path

import streamlit as st

HERE = Path(__file__).parent

st.set_page_config(page_title="Recovery Reach", page_icon=str(HERE / "icon.png"), layout="wide", menu_items={})
st.navigation([st.Page(HERE / "start.py", title="Start", default=True)], position="hidden").run()
