"""The start page: choose a region, choose a home, see what support is in reach from there.

Only the fragment below runs again after a click, so that the map keeps its place and the answer is quick. What
was chosen lives in this visit's session and nowhere else; the address bar may hold the region and the language.
"""

from typing import Any

import pandas as pd
import streamlit as st

from geo.tables import CATEGORIES, DIMENSIONS
from layers.escaping import html
from layers.map import answer_layers
from screens.shared import (
    address,
    components,
    frame,
    map_widget,
    on_demand,
    place_search,
    queries,
    reasons,
    regions,
    visit,
)
from screens.shared.priority import in_turn, let_others_first
from screens.shared.progress import asked_once
from screens.shared.queries import LISTED_AT_MOST, MINUTES, ChosenPlace, Reach
from screens.shared.words import Say
from sources.region.model import Region


def start(say: Say) -> None:
    """Show the page."""
    region = visit.region(say)
    if region is not None:
        frame.quick_page(region.facts, say)
        _explore(region.facts.name)
    frame.footer(say, region.facts.sources if region else ())


@st.fragment
def _explore(name: str) -> None:
    say, region = frame.speaking(), regions.opened(name)
    map_widget.take_click(region)
    place_search.search(region, say)
    with st.container(horizontal=True, gap="medium"):
        mode = visit.one_of("mode", say("mode"), queries.modes(region), say, prefix="mode_")
        dimension = visit.one_of("show", say("show"), ("all", *DIMENSIONS), say)
    place = visit.place()
    wanted = None if dimension == "all" else dimension
    left, right = st.columns([7, 5], gap="medium")
    with right:  # worked out first: it is what was clicked for, and stands on the page while the map is still made
        score = None if place is None else _score(region, place, say)
        if place is None or score is None:
            frame.show(components.empty_card(say), say)
            _offer_pages(say)
        else:
            _show_score(score, place, say)
            place_search.tell_of_street(region, place, "walk", say)
    with left:
        slot, below = st.container(), st.container()
        with below:
            reach = None if place is None or score is None else _reach(region, place, mode, say)
        listed = queries.listing(regions.described(region, say), reach, wanted, say)
        with slot:
            _show_map(region, place if reach else None, reach, listed, say)
            if reach is not None:
                frame.show(components.travelled(mode, region.facts.service_date, say), say)
                frame.show(components.meaning(("minutes",), say), say)
            frame.on_demand(on_demand.sentences(region, place, say), say, here=place is not None)
    _show_reasons(score, say)
    _show_table(region, reach, listed, mode, wanted, say)


def _offer_pages(say: Say) -> None:
    with st.container(key="who"):
        frame.show(html("<h2>{who}</h2>", who=say("who")), say)
        for name in ("participant", "case_manager", "funder"):
            label = f"**{say(f'who_{name}')}**  \n{say(f'who_{name}_why')}"
            st.page_link(f"{name}/page.py", label=label, width="stretch", query_params=address.carried())


def _score(region: Region, place: ChosenPlace, say: Say) -> dict[str, Any] | None:
    """Return the score of a place, from this session if it was asked before; say why where there is none."""

    def ask() -> dict[str, Any]:
        support = region.support
        with in_turn():
            return queries.ask_score(region, support, place)

    return asked_once("scored", (region.facts.region_hash, place.lon, place.lat), ask, say)


def _reach(region: Region, place: ChosenPlace, mode: str, say: Say) -> Reach | None:
    """Return what is in reach of a place, from this session if it was asked before; say why where there is nothing."""

    def ask() -> Reach:
        let_others_first()
        return queries.ask_reach(region, place, mode)

    return asked_once("reached", (region.facts.region_hash, place.lon, place.lat, mode), ask, say)


def _show_map(region: Region, place: ChosenPlace | None, reach: Reach | None, listed: pd.DataFrame, say: Say) -> None:
    layers = answer_layers(
        place=(place.lon, place.lat) if place else None,
        areas=reach.areas if reach else None,
        labels={limit: say("minutes", minutes=limit) for limit in MINUTES},
        places=listed,
    )
    map_widget.show(region, layers, say)
    frame.show(components.legend(listed["category"].unique(), MINUTES if reach else None, say), say)


def _show_score(score: dict[str, Any], place: ChosenPlace, say: Say) -> None:
    frame.answer(("start", place.lon, place.lat), say)
    known = any(row["name"] == "meetings" and row["status"] != "no_data" for row in score["classes"])
    frame.show(components.score_card(score, place.name or say("your_place"), say), say)
    frame.show(components.week_card(score["meetings"], known, say), say)


def _show_reasons(score: dict[str, Any] | None, say: Say) -> None:
    if score is None:
        return
    parts = [
        (say("helps"), reasons.what_helps(score, say)),
        (say("limits"), reasons.what_limits(score, say)),
        (say("raises"), reasons.what_raises(score, say)),
        (say("unknown"), reasons.what_is_unknown(score, say)),
    ]
    frame.show(html("<h2>{title}</h2>{parts}", title=say("why"), parts=components.why(parts, say)), say)


def _show_table(
    region: Region, reach: Reach | None, listed: pd.DataFrame, mode: str, dimension: str | None, say: Say
) -> None:
    if reach is None:
        table = components.category_table(listed, say("table_idle", count=len(listed)), say)
        frame.show(html("<h2>{title}</h2>{table}", title=say("places"), table=table), say)
        return
    within = listed[~listed["faint"].astype(bool)]
    caption = say("table_caption", count=len(within), minutes=MINUTES[-1], out=len(listed) - len(within))
    if len(within) > LISTED_AT_MOST:
        caption = f"{caption} {say('more', count=LISTED_AT_MOST)}"
    table = components.places_table(within.head(LISTED_AT_MOST), caption, say)
    frame.show(html("<h2>{title}</h2>{table}", title=say("places"), table=table), say)
    wanted = [c for c, d in CATEGORIES.items() if dimension in {None, d}]
    unreachable, unknown = queries.missing_categories(region, listed, wanted)
    missing = [
        *(
            ("low", f"{say('unreachable_by', what=say(c), how=say(f'how_{mode}'), minutes=MINUTES[-1])} {walk}".strip())
            for c in unreachable
            for walk in [_longer_walk(listed.loc[listed["category"] == c, "on_foot"].min(), say)]
        ),
        *([("nodata", say("no_data_on", what="; ".join(map(say, unknown))))] if unknown else []),
    ]
    if missing:
        title = say("not_in_reach") if unreachable else say("unknown")
        frame.show(html("<h2>{title}</h2>{rows}", title=title, rows=components.sentences(missing)), say)


def _longer_walk(minutes: float, say: Say) -> str:
    """Return the sentence on a place that only a longer walk reaches; nothing where there is none."""
    return "" if pd.isna(minutes) else say("unreachable_walk", minutes=max(1, round(minutes)))


start(frame.speaking())
