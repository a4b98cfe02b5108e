"""A field for a date: month, day, year, in every language, as the forms of US agencies have it in Spanish too.

CLDR writes short dates of the Spanish of the United States day first (es_US: `d/M/y`), and people read either; so the
field says its order beside it, and all other dates that are shown name the month.
"""

from typing import Any

import streamlit as st

from screens.shared.words import Say

FORMAT = "MM/DD/YYYY"


def date_field(label: str, say: Say, box: Any = st, **options: Any) -> Any:
    """Show a field for a date and return what stands in it; `options` are those of `st.date_input`."""
    return box.date_input(say("date_field", label=label), format=FORMAT, **options)
