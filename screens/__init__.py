"""Streamlit pages, one folder per page."""
