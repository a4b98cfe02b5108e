"""The start page: choose a region, choose a home, see what support is in reach from there.

Only the fragment below runs again after a click, so that the map keeps its place and the answer is quick. What
was chosen lives in this visit's session and nowhere else; the address bar may hold the region and the language.
"""

from typing import Any

import pandas as pd
import streamlit as st

from geo.tables import CATEGORIES, DIMENSIONS
from layers.map import answer_layers
from layers.safe import html
from screens import answers, chart, page, pieces, places, reasons, regions, visit
from screens.answers import LISTED_AT_MOST, MINUTES, Place, Reach
from screens.turns import in_turn, let_others_first
from screens.words import Say
from screens.working import asked_once
from sources.region import Region


def start(say: Say) -> None:
    """Show the page."""
    region = visit.region(say)
    if region is not None:
        _explore(region.facts.name)
    page.footer(say, region.facts.sources if region else ())


@st.fragment
def _explore(name: str) -> None:
    say, region = page.speaking(), regions.opened(name)
    chart.take_click(region)
    places.search(region, say)
    with st.container(horizontal=True, gap="medium"):
        mode = visit.one_of("mode", say("mode"), answers.modes(region), say, prefix="mode_")
        dimension = visit.one_of("show", say("show"), ("all", *DIMENSIONS), say)
    place = visit.place()
    wanted = None if dimension == "all" else dimension
    left, right = st.columns([7, 5], gap="medium")
    with right:  # worked out first: it is what was clicked for, and stands on the page while the map is still made
        score = None if place is None else _score(region, place, say)
        if place is None or score is None:
            page.show(pieces.empty_card(say), say)
            _offer_pages(say)
        else:
            _show_score(score, place, say)
    with left:
        slot, below = st.container(), st.container()
        with below:
            reach = None if place is None or score is None else _reach(region, place, mode, say)
        listed = answers.listing(regions.told(region, say.language), reach.trips if reach else None, wanted, say)
        with slot:
            _show_map(region, place if reach else None, reach, listed, say)
            if reach is not None:
                page.show(pieces.travelled(mode, region.facts.service_date, say), say)
    _show_reasons(score, say)
    _show_table(region, reach, listed, mode, wanted, say)


def _offer_pages(say: Say) -> None:
    with st.container(key="who"):
        page.show(html("<h2>{who}</h2>", who=say("who")), say)
        for name in ("participant", "case_manager", "funder"):
            st.page_link(f"{name}.py", label=f"**{say(f'who_{name}')}**  \n{say(f'who_{name}_why')}", width="stretch")


def _score(region: Region, place: Place, say: Say) -> dict[str, Any] | None:
    """Return the score of a place, from this session if it was asked before; say why where there is none."""

    def ask() -> dict[str, Any]:
        support = region.support
        with in_turn():
            return answers.ask_score(region, support, place)

    return asked_once("scored", (region.facts.region_hash, place.lon, place.lat), ask, say)


def _reach(region: Region, place: Place, mode: str, say: Say) -> Reach | None:
    """Return what is in reach of a place, from this session if it was asked before; say why where there is nothing."""

    def ask() -> Reach:
        let_others_first()
        return answers.ask_reach(region, place, mode)

    return asked_once("reached", (region.facts.region_hash, place.lon, place.lat, mode), ask, say)


def _show_map(region: Region, place: Place | None, reach: Reach | None, listed: pd.DataFrame, say: Say) -> None:
    layers = answer_layers(
        place=(place.lon, place.lat) if place else None,
        areas=reach.areas if reach else None,
        labels={limit: say("minutes", minutes=limit) for limit in MINUTES},
        places=listed,
    )
    chart.show(region, layers, say)
    page.show(pieces.legend(listed["category"].unique(), MINUTES if reach else None, say), say)


def _show_score(score: dict[str, Any], place: Place, say: Say) -> None:
    known = any(row["name"] == "meetings" and row["status"] != "no_data" for row in score["classes"])
    page.show(pieces.score_card(score, place.name or say("your_place"), say), say)
    page.show(pieces.week_card(score["meetings"], known, say), say)


def _show_reasons(score: dict[str, Any] | None, say: Say) -> None:
    if score is None:
        return
    parts = [
        (say("helps"), reasons.what_helps(score, say)),
        (say("limits"), reasons.what_limits(score, say)),
        (say("raises"), reasons.what_raises(score, say)),
        (say("unknown"), reasons.what_is_unknown(score, say)),
    ]
    page.show(html("<h2>{title}</h2>{parts}", title=say("why"), parts=pieces.why(parts, say)), say)


def _show_table(
    region: Region, reach: Reach | None, listed: pd.DataFrame, mode: str, dimension: str | None, say: Say
) -> None:
    if reach is None:
        table = pieces.category_table(listed, say("table_idle", count=len(listed)), say)
        page.show(html("<h2>{title}</h2>{table}", title=say("places"), table=table), say)
        return
    within = listed[~listed["faint"].astype(bool)]
    caption = say("table_caption", count=len(within), minutes=MINUTES[-1], out=len(listed) - len(within))
    if len(within) > LISTED_AT_MOST:
        caption = f"{caption} {say('more', count=LISTED_AT_MOST)}"
    table = pieces.places_table(within.head(LISTED_AT_MOST), caption, say)
    page.show(html("<h2>{title}</h2>{table}", title=say("places"), table=table), say)
    wanted = [c for c, d in CATEGORIES.items() if dimension in {None, d}]
    unreachable, unknown = answers.missing_categories(region, listed, wanted)
    missing = [
        *(
            ("low", say("unreachable_by", what=say(c), how=say(f"how_{mode}"), minutes=MINUTES[-1]))
            for c in unreachable
        ),
        *([("nodata", say("no_data_on", what="; ".join(map(say, unknown))))] if unknown else []),
    ]
    if missing:
        title = say("not_in_reach") if unreachable else say("unknown")
        page.show(html("<h2>{title}</h2>{rows}", title=title, rows=pieces.sentences(missing)), say)


start(page.speaking())
