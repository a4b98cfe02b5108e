"""Streamlit pages, one file per kind of user."""
