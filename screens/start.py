"""The start page: choose a region, choose a home, see what support is in reach from there.

Only the fragment below runs again after a click, so that the map keeps its place and the answer is quick. What
was chosen lives in this visit's session and nowhere else; the address bar may hold the region and the language.
"""

import pandas as pd
import streamlit as st

from geo.tables import CATEGORIES, DIMENSIONS
from layers.map import answer_layers
from layers.safe import html
from screens import answers, chart, page, pieces, places, reasons, regions, visit
from screens.answers import LISTED_AT_MOST, MINUTES, Answer, Place
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
    left, right = st.columns([7, 5], gap="medium")
    answer = None
    with right:
        if place is not None:
            answer = _answer(region, place, mode, say)
        if answer is None:
            page.show(pieces.empty_card(say), say)
            _offer_pages(say)
        else:
            _show_score(answer, place, say)
    wanted = None if dimension == "all" else dimension
    listed = answers.listing(region, answer.trips if answer else None, wanted, say)
    with left:
        _show_map(region, place if answer else None, answer, listed, say)
        if answer is not None:
            page.show(pieces.travelled(mode, region.facts.service_date, say), say)
    _show_reasons(answer, say)
    _show_table(region, answer, listed, mode, wanted, say)


def _offer_pages(say: Say) -> None:
    with st.container(key="who"):
        page.show(html("<h2>{who}</h2>", who=say("who")), say)
        for name in ("participant", "case_manager", "funder"):
            st.page_link(f"{name}.py", label=f"**{say(f'who_{name}')}**  \n{say(f'who_{name}_why')}", width="stretch")


def _answer(region: Region, place: Place, mode: str, say: Say) -> Answer | None:
    """Return the answer for a place, from this session if it was asked before; say why where there is none."""
    key = (region.facts.region_hash, place.lon, place.lat, mode)
    return asked_once("answers", key, lambda: answers.ask(region, regions.support(region.facts.name), place, mode), say)


def _show_map(region: Region, place: Place | None, answer: Answer | None, listed: pd.DataFrame, say: Say) -> None:
    layers = answer_layers(
        place=(place.lon, place.lat) if place else None,
        areas=answer.areas if answer else None,
        labels={limit: say("minutes", minutes=limit) for limit in MINUTES},
        places=listed,
    )
    chart.show(region, layers, say)
    page.show(pieces.legend(listed["category"].unique(), MINUTES if answer else None, say), say)


def _show_score(answer: Answer, place: Place, say: Say) -> None:
    score = answer.score
    known = any(row["name"] == "meetings" and row["status"] != "no_data" for row in score["classes"])
    page.show(pieces.score_card(score, place.name or say("your_place"), say), say)
    page.show(pieces.week_card(score["meetings"], known, say), say)


def _show_reasons(answer: Answer | None, say: Say) -> None:
    if answer is None:
        return
    parts = [
        (say("helps"), reasons.what_helps(answer.score, say)),
        (say("limits"), reasons.what_limits(answer.score, say)),
        (say("raises"), reasons.what_raises(answer.score, say)),
        (say("unknown"), reasons.what_is_unknown(answer.score, say)),
    ]
    page.show(html("<h2>{title}</h2>{parts}", title=say("why"), parts=pieces.why(parts, say)), say)


def _show_table(
    region: Region, answer: Answer | None, listed: pd.DataFrame, mode: str, dimension: str | None, say: Say
) -> None:
    if answer is None:
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
