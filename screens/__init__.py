"""Streamlit pages, one file a kind of user."""
