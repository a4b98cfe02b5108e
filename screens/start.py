"""The start page: choose a region, choose a home, see what support is in reach from there.

Only the fragment below runs again after a click, so that the map keeps its place and the answer is quick. What
was chosen lives in this visit's session and nowhere else; the address bar may hold the region and the language.
"""

import pandas as pd
import streamlit as st
from streamlit_folium import st_folium

from geo.errors import OutsideRegionError, RecoveryReachError
from geo.tables import CATEGORIES, DIMENSIONS
from layers.map import MapWords, answer_layers, base_map
from layers.safe import html
from screens import answers, page, pieces, places, reasons, regions
from screens.answers import LISTED_AT_MOST, MINUTES, Answer, Place
from screens.words import Say
from sources.region import Region, RegionFacts, list_regions

MAP_HEIGHT = 620


def start() -> None:
    """Show the page."""
    say, spoken, beside = page.header()
    every = list_regions()
    if not every:
        page.notice(say("no_region"), say("no_region_hint"), spoken)
        page.footer(say, spoken, ())
        return
    facts = _choose_region(every, say)
    with beside:
        page.about(facts, say, spoken)
    _explore(facts, spoken)
    page.footer(say, spoken, facts.sources)


def _choose_region(every: list[RegionFacts], say: Say) -> RegionFacts:
    by_name = {facts.name: facts for facts in every}
    if len(every) == 1:
        return every[0]
    names = list(by_name)
    asked = st.query_params.get("region")
    chosen: str = st.selectbox(
        say("region"),
        names,
        index=names.index(asked) if asked in names else 0,
        format_func=lambda name: places.in_label(by_name[name].title),
        key="region",
    )
    if st.session_state.get("shown_region") != chosen:
        st.session_state["shown_region"] = chosen
        st.session_state.pop("place", None)
        st.session_state.pop("focus", None)
    return by_name[chosen]


@st.fragment
def _explore(facts: RegionFacts, spoken: str) -> None:
    say = Say(spoken)
    try:
        region = regions.opened(facts.name)
    except RecoveryReachError as problem:
        page.notice(str(problem), "", spoken)
        return
    _take_click(facts.name)
    places.search(region, say, spoken)
    with st.container(horizontal=True, gap="medium"):
        mode = _choose_mode(facts, say)
        dimension = _choose_dimension(say)
    place: Place | None = st.session_state.get("place")
    left, right = st.columns([7, 5], gap="medium")
    answer = None
    with right:
        if place is not None:
            answer = _answer(region, place, mode, say, spoken)
        if answer is None:
            page.show(pieces.empty_card(say), spoken)
        else:
            _show_score(answer, place, say, spoken)
    listed = answers.listing(region, answer.minutes if answer else None, mode, dimension, say)
    with left:
        _show_map(region, place if answer else None, answer, listed, say, spoken)
        if answer is not None:
            page.show(pieces.travelled(mode, region.facts.service_date, say), spoken)
    _show_reasons(answer, say, spoken)
    _show_table(region, answer, listed, mode, dimension, say, spoken)


def _take_click(name: str) -> None:
    """Make the last click on the map the place that is looked at, once."""
    seen = (st.session_state.get(f"map_{name}") or {}).get("last_clicked")
    if seen and seen != st.session_state.get("click"):
        st.session_state["click"] = seen
        places.choose(Place(float(seen["lng"]), float(seen["lat"])), move=False)


def _choose_mode(facts: RegionFacts, say: Say) -> str:
    modes = ["transit", "walk", "bike"] if facts.service_dates else ["walk", "bike"]
    chosen: str = st.segmented_control(
        say("mode"),
        modes,
        format_func=lambda mode: say(f"mode_{mode}"),
        default=modes[0],
        required=True,
        key="mode",
        wrap=True,
    )
    return chosen


def _choose_dimension(say: Say) -> str | None:
    chosen: str = st.segmented_control(
        say("show"),
        ["all", *DIMENSIONS],
        format_func=say,
        default="all",
        required=True,
        key="dimension",
        wrap=True,
    )
    return None if chosen == "all" else chosen


def _answer(region: Region, place: Place, mode: str, say: Say, spoken: str) -> Answer | None:
    """Return the answer for a place, from this session if it was asked before; say why where there is none."""
    kept: dict[object, Answer] = st.session_state.setdefault("answers", {})
    key = (region.facts.region_hash, place.lon, place.lat, mode)
    if key not in kept:
        try:
            with st.spinner(say("working")):
                found = answers.ask(region, regions.support(region.facts.name), place, mode)
        except OutsideRegionError:
            page.notice(say("outside"), say("outside_hint"), spoken)
            return None
        kept.clear()
        kept[key] = found
    return kept[key]


def _show_map(
    region: Region, place: Place | None, answer: Answer | None, listed: pd.DataFrame, say: Say, spoken: str
) -> None:
    name, sides = region.facts.name, region.facts.bounds
    chart = base_map(
        bounds=(sides.west, sides.south, sides.east, sides.north),
        view=answers.view(region),
        basemap_url=f"/basemap/{name}/{regions.land(name).digest}",
        attribution=say("fictional_map") if region.facts.fictional else say("osm"),
        words=MapWords(**{key: say(key) for key in ("map", "zoom_in", "zoom_out", "from_here")}),
        language=spoken,
        dark=st.context.theme.type == "dark",
    )
    layers = answer_layers(
        place=(place.lon, place.lat) if place else None,
        areas=answer.areas if answer else None,
        labels={limit: say("minutes", minutes=limit) for limit in MINUTES},
        places=listed,
    )
    focus = st.session_state.get("focus")
    st_folium(
        chart,
        key=f"map_{name}",
        height=MAP_HEIGHT,
        use_container_width=True,
        returned_objects=["last_clicked"],
        feature_group_to_add=layers,
        center=focus,
        zoom=14 if focus else None,
    )
    page.show(pieces.legend(listed["category"].unique(), MINUTES if answer else None, say), spoken)


def _show_score(answer: Answer, place: Place, say: Say, spoken: str) -> None:
    score = answer.score
    known = any(row["name"] == "meetings" and row["status"] != "no_data" for row in score["classes"])
    page.show(pieces.score_card(score, place.name or say("your_place"), say), spoken)
    page.show(pieces.week_card(score["meetings"], known, say), spoken)


def _show_reasons(answer: Answer | None, say: Say, spoken: str) -> None:
    if answer is None:
        return
    parts = [
        (say("helps"), reasons.what_helps(answer.score, say)),
        (say("limits"), reasons.what_limits(answer.score, say)),
        (say("raises"), reasons.what_raises(answer.score, say)),
        (say("unknown"), reasons.what_is_unknown(answer.score, say)),
    ]
    page.show(html("<h2>{title}</h2>{parts}", title=say("why"), parts=pieces.why(parts, say)), spoken)


def _show_table(
    region: Region, answer: Answer | None, listed: pd.DataFrame, mode: str, dimension: str | None, say: Say, spoken: str
) -> None:
    if answer is None:
        table = pieces.category_table(listed, say("table_idle", count=len(listed)), say)
        page.show(html("<h2>{title}</h2>{table}", title=say("places"), table=table), spoken)
        return
    within = listed[~listed["faint"].astype(bool)]
    caption = say("table_caption", count=len(within), minutes=MINUTES[-1], out=len(listed) - len(within))
    if len(within) > LISTED_AT_MOST:
        caption = f"{caption} {say('more', count=LISTED_AT_MOST)}"
    table = pieces.places_table(within.head(LISTED_AT_MOST), caption, say)
    page.show(html("<h2>{title}</h2>{table}", title=say("places"), table=table), spoken)
    wanted = [c for c, d in CATEGORIES.items() if dimension in {None, d}]
    unreachable, unknown = answers.missing_categories(region, listed, wanted)
    missing = [
        *(
            ("low", say("unreachable_by", what=say(c), how=say(f"how_{mode}"), minutes=MINUTES[-1]))
            for c in unreachable
        ),
        *(("nodata", say("no_data_on", what=say(c))) for c in unknown),
    ]
    if missing:
        page.show(html("<h2>{title}</h2>{rows}", title=say("not_in_reach"), rows=pieces.sentences(missing)), spoken)


start()
