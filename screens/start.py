"""The start page: choose a region, choose a home, see what support is in reach from there.

Only the fragment below runs again after a click, so that the map keeps its place and the answer is quick. What
was chosen lives in this visit's session and nowhere else; the address bar may hold the region and the language.
"""

import datetime
import threading

import streamlit as st
from streamlit_folium import st_folium

from geo.errors import OutsideRegionError, RecoveryReachError
from geo.tables import CATEGORIES, DIMENSIONS
from layers.map import MapWords, answer_layers, base_map
from screens import answers, page, pieces, places, regions
from screens.answers import MINUTES, Answer, Place
from screens.reasons import reasons
from screens.words import Say

MAP_HEIGHT = 620


def start() -> None:
    """Show the page."""
    say, spoken = page.header()
    names = regions.names()
    if not names:
        page.notice(say("no_region"), say("no_region_hint"), spoken)
        page.footer(say, spoken, ())
        return
    name = _choose_region(names, say)
    region = regions.about(name)
    page.about(region, say, spoken)
    _explore(name, region, spoken)
    page.footer(say, spoken, region.sources)


def _choose_region(names: list[str], say: Say) -> str:
    if len(names) == 1:
        return names[0]
    asked = st.query_params.get("region")
    titles = {name: regions.about(name).title for name in names}
    chosen: str = st.selectbox(
        say("region"),
        names,
        index=names.index(asked) if asked in names else 0,
        format_func=titles.__getitem__,
        key="region",
    )
    if st.session_state.get("shown_region") != chosen:
        st.session_state["shown_region"] = chosen
        st.session_state.pop("place", None)
    return chosen


@st.fragment
def _explore(name: str, about: regions.About, spoken: str) -> None:
    say = page.speaker(spoken)
    region = regions.opened(name)
    _take_click(name)
    places.search(region, say, spoken)
    mode = _choose_mode(about, say)
    place: Place | None = st.session_state.get("place")
    date = answers.date_of_service(about.service, datetime.datetime.now(tz=datetime.UTC).date())
    left, right = st.columns([7, 5], gap="medium")
    answer = None
    with right:
        if place is not None:
            answer = _answer(name, place, mode, date, say, spoken)
        if answer is None:
            page.show(pieces.empty_card(say), spoken)
        else:
            _show_score(answer, place, say, spoken)
    dimension = _choose_dimension(say)
    listed = answers.listing(region, answer.minutes if answer else None, mode, dimension, say)
    with left:
        _show_map(name, about, place if answer else None, answer, listed, say, spoken)
    _show_reasons(region, answer, say, spoken)
    _show_table(region, answer, listed, mode, dimension, say, spoken)


start()
