"""What the address bar holds: the region, the language, the habits and settings of a view; never a place."""

import streamlit as st

OF_EVERY_PAGE = ("region", "language", "habits")
"""What a link from one page to another carries along."""


def remember(name: str, chosen: str, usual: str = "") -> None:
    """Let the address hold what was chosen, unless it is the usual.

    Only what is new is written: a page that is left while it is still drawn would write over the next one's address.
    """
    wanted = chosen if chosen != usual else None
    if st.query_params.get(name) == wanted:
        return
    if wanted is None:
        del st.query_params[name]
    else:
        st.query_params[name] = wanted


def carried(region: str | None = None) -> dict[str, str]:
    """Return what a link to another page carries along; with a region, that one, which the address may still lack."""
    known = {name: st.query_params[name] for name in OF_EVERY_PAGE if name in st.query_params}
    return known | ({} if region is None else {"region": region})
