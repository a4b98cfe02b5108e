"""The funder's files: each made only when it is asked for, all with the same account of themselves."""

from collections.abc import Callable

import streamlit as st

from layers.escaping import html
from screens.funder import components, files
from screens.funder.questions import GapReport
from screens.shared import frame
from screens.shared.words import Say


def show(asked: GapReport, say: Say) -> None:
    """Offer the files, and tell how the numbers are made."""
    frame.show(html("<h2>{title}</h2><p>{lead}</p>", title=say("gap_downloads"), lead=say("gap_downloads_lead")), say)
    makers: dict[str, Callable[[], bytes]] = files.makers(asked, say)
    with st.container(horizontal=True, gap="small", key="gap_downloads"):
        for kind, make in makers.items():
            st.download_button(
                say(f"gap_get_{kind}"),
                make,
                file_name=files.file_name(asked, kind),
                mime=files.TYPES[kind][1],
                on_click="ignore",
                key=f"gap_get_{kind}",
            )
    frame.show(components.method(files.account(asked, say), say), say)
