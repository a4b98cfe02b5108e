"""The script that Streamlit runs for each visit: the frame, then the page that was chosen."""

from pathlib import Path

import streamlit as st

st.set_page_config(page_title="Recovery Reach", page_icon=":material/near_me:", layout="wide", menu_items={})
st.navigation([st.Page(Path(__file__).parent / "start.py", title="Start", default=True)], position="hidden").run()
