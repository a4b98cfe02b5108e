"""The comparison to take along: as a table, and on paper."""

import streamlit as st

from layers.export import quoted
from layers.safe import html
from screens import compare, page, person
from screens.homes import Compared
from screens.words import Say


def downloads(compared: Compared, say: Say) -> None:
    """Show what can be kept of a comparison."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="rr_keep"):
        table = quoted(compare.as_table(compared, say))
        content = table.to_csv(index=False, lineterminator="\n").encode("utf-8")
        key = f"{person.PREFIX}csv"
        st.download_button(say("homes_csv"), content, "homes.csv", "text/csv", key=key, on_click="ignore")
        page.show(html('<p class="rr-muted rr-small">{text}</p>', text=say("homes_print")), say)
