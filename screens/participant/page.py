"""The page to find support near a place, now, tonight and this week, and the way home.

Nothing that is chosen here leaves the session: the address bar holds the region, the language and the view, never a
place, a filter or a time. `Forget` empties the session.
"""

import datetime
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import geopandas as gpd
import streamlit as st
from markupsafe import Markup

from geo.nearby.places import Nearby
from geo.travel.journeys import Journey
from layers.escaping import html
from layers.folium_offline import GeoJson
from layers.journey import journey_layers
from layers.map import answer_layers
from screens.participant import cards, filters, pdf
from screens.participant.filters import LookedFor
from screens.shared import (
    components,
    frame,
    journey_text,
    map_widget,
    near_lists,
    near_me,
    on_demand,
    place_search,
    queries,
    regions,
    visit,
)
from screens.shared.file_names import file_name
from screens.shared.forgetting import forget_beyond_the_session
from screens.shared.guide import guide
from screens.shared.hours import date_in_words
from screens.shared.near_lists import Results, Section, Shown
from screens.shared.near_me import Question
from screens.shared.near_text import moment_in_words
from screens.shared.progress import asked_once
from screens.shared.queries import LISTED_AT_MOST, MINUTES
from screens.shared.words import Say
from sources.region.model import Region

VIEWS = ("now", "tonight", "week")
AT_ONCE = 8
FIRST_HOUR, LAST_HOUR = 6, 23
LEGS = {"there": "near_way_to", "back": "near_way_back", "last": "near_way_last"}
KEPT = ("language", "habits", "shown_region", "map_number")
HOURS_KEPT = 24

Ways = Mapping[str, Journey | None]


def participant(say: Say) -> None:
    """Show the page."""
    region = visit.region(say)
    if region is not None:
        frame.quick_page(region.facts, say)
        guide("participant", say)
        _intro(region, say)
        _explore(region.facts.name)
    frame.footer(say, region.facts.sources if region else ())


def _intro(region: Region, say: Say) -> None:
    title = say("near_title" if "transit" in queries.modes(region) else "near_title_streets")
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key="near_intro"
    ):
        text = html("<h2>{title}</h2><p>{private}</p>", title=title, private=frame.privacy(say, "near_private"))
        frame.show(text, say)
        st.button(say("near_forget"), on_click=_forget, key="near_forget")
    with st.container():  # always there, so that what follows stays where it is
        if st.session_state.pop("near_forgotten", False):
            frame.show(html('<p role="status"><strong>{text}</strong></p>', text=say("near_forgotten")), say)


def _forget() -> None:
    """Empty the session but for the language and the region, and leave nothing of it on the map or elsewhere either."""
    number = st.session_state.get("map_number", 0)
    chosen = {name: st.session_state[name] for name in map(str, st.session_state) if name.startswith("want_")}
    forget_beyond_the_session()
    for name in [name for name in map(str, st.session_state) if name not in KEPT]:
        del st.session_state[name]  # what is kept isn't written: that would take back a choice made meanwhile
    # what the browser still shows in a field is emptied by giving the field a value
    empty: dict[str, bool | list[str]] = {
        name: False if isinstance(value, bool) else [] for name, value in chosen.items()
    }
    st.session_state.update(empty | {"typed": "", "near_other": False, "near_forgotten": True, "map_number": number})
    map_widget.forget()


@st.fragment
def _explore(name: str) -> None:
    say, region, known = frame.speaking(), regions.opened(name), regions.places_nearby(name)
    map_widget.take_click(region)
    place_search.search(region, say, "near_ask")
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom", key="near_how"):
        view = visit.one_of("when", say("near_when"), VIEWS, say, prefix="when_")
        mode = visit.one_of("mode", say("mode"), queries.modes(region), say, prefix="mode_")
        other = st.toggle(say("near_other_time"), key="near_other")
    with st.container():
        moment = filters.when(region, say) if other else near_me.moment(region)
    looked_for = filters.wishes(region, known, say)
    place = visit.place()
    asked = None if place is None else Question(place, mode, moment, looked_for.wishes.step_free)
    with st.container(key="near_answer"):
        left, right = st.columns([7, 5], gap="medium")
    lists: Shown | None = None
    ways: Ways = {}
    with right:
        results = None if asked is None else _results(region, known, asked, view, say)
        if asked is None or results is None:
            frame.show(components.empty_card(say, "near_start_here", "near_start_why"), say)
        else:
            frame.answer(("near", asked, view), say)
            lists, ways = _lists(region, known, asked, view, results, looked_for, say)
            place_search.tell_of_street(region, asked.place, asked.mode, say)
    with left:
        _map(region, asked, lists, ways, say)
    rides = on_demand.sentences(region, None if asked is None else asked.place, say)
    frame.on_demand(rides, say, here=asked is not None)
    if asked is not None and lists is not None:
        _table(lists, asked, say)
        _take_along(region, known, asked, looked_for, say)


def _results(region: Region, known: Nearby, asked: Question, view: str, say: Say) -> Results | None:
    """Return what a view holds, from this session if it was asked before; say why where there is nothing to ask."""

    def ask() -> Results:
        near_me.check_place(region, asked)
        return near_lists.ask(region, known, asked, view)

    return asked_once("near_found", (region.facts.region_hash, asked, view), ask, say)


def _lists(
    region: Region, known: Nearby, asked: Question, view: str, results: Results, looked_for: LookedFor, say: Say
) -> tuple[Shown, Ways]:
    """Show what was found as lists of cards; return it, and the ways to and from the one that was chosen."""
    day = _day(results, known, asked, looked_for, say) if view == "week" else None
    lists = near_lists.shown(
        results, known, asked, view, looked_for.wishes, say,
        day=day, open_only=looked_for.open_only, unsure_too=looked_for.unsure_too,
    )  # fmt: skip
    _moment(region, asked, day, say)
    frame.show(components.meaning(("leave", "last_way"), say), say)
    chosen = st.session_state.get("near_chosen")
    ways: Ways = {}
    for section in lists.sections:
        ways = _section(region, section, asked, chosen, say) or ways
    for text in lists.left_out:
        frame.show(html('<p class="rr-muted">{text}</p>', text=text), say)
    return lists, ways


def _day(results: Results, known: Nearby, asked: Question, looked_for: LookedFor, say: Say) -> datetime.date:
    """Show the days of the week with how many sessions each holds, and return the one that is chosen."""
    days = [asked.when.day + datetime.timedelta(days=number) for number in range(filters.DAYS_AHEAD)]
    held = near_lists.counts(results, known, looked_for.wishes, looked_for.unsure_too, say)
    chosen: datetime.date = st.segmented_control(
        say("near_week_day"),
        days,
        format_func=lambda day: f"{say.habits.weekday(day.weekday(), short=True)} {day.day} · {held.get(day, 0)}",
        default=days[0],
        required=True,
        key=f"near_week_{days[0]}",
        wrap=True,
    )
    return chosen


def _moment(region: Region, asked: Question, day: datetime.date | None, say: Say) -> None:
    """Show the day and time that the lists are for, and whose timetable stands in where the day has none."""
    when = asked.when if day is None else near_me.on_day(region, day, asked.when.minute)
    text = date_in_words(when.day, say) if day else moment_in_words(when.day, when.minute, say)
    frame.show(html('<p class="rr-moment" data-news><strong>{text}</strong></p>', text=text), say)
    if asked.mode == "transit":
        for sentence in near_lists.timetable_limits(region, [when.day], say):
            frame.notice(sentence, "", say)


def _section(region: Region, section: Section, asked: Question, chosen: str | None, say: Say) -> Ways | None:
    """Show one list of cards, the first few at once; return the ways of the card that was chosen, if it is here."""
    frame.show(html("<h3>{title}</h3>", title=section.title), say)
    if section.rows.empty:
        frame.show(html("<p>{text}</p>", text=section.none), say)
    at_once = st.session_state.get(f"near_more_{section.name}", AT_ONCE)
    ways = None
    for number, row in enumerate(section.rows.head(at_once).itertuples(index=False)):
        name = f"{section.name}_{number}"
        with st.container(key=f"nearcard_{name}"):
            frame.show(_card(section, row, asked, say), say)
            if section.kind == "online":
                continue
            own = _key(section, row)
            label = say("near_way_hide") if own == chosen else say("near_way")
            st.button(label, key=f"near_way_{name}", on_click=_choose, args=(own,))
            if own == chosen:
                ways = _ways(region, asked, section, row, say)
    left = len(section.rows) - at_once
    if left > 0:
        st.button(
            say("near_more", count=min(left, 2 * AT_ONCE)),
            key=f"near_more_button_{section.name}",
            on_click=_more,
            args=(section.name, at_once),
        )
    return ways


def _card(section: Section, row: Any, asked: Question, say: Say) -> Markup:
    if section.kind == "online":
        return cards.online_card(row, say)
    if section.kind == "place":
        return cards.place_card(row, asked.mode, asked.when.minute, say)
    return cards.session_card(row, asked.mode, say)


def _key(section: Section, row: Any) -> str:
    return f"{row.resource_id} {row.date} {row.start_minute}" if section.kind == "session" else str(row.resource_id)


def _choose(own: str) -> None:
    """Choose a card, or none where it was chosen already."""
    same = st.session_state.get("near_chosen") == own
    st.session_state["near_chosen"] = None if same else own
    st.session_state["near_fit"] = not same
    st.session_state.pop("near_leg", None)


def _more(name: str, at_once: int) -> None:
    st.session_state[f"near_more_{name}"] = at_once + 2 * AT_ONCE


def _ways(region: Region, asked: Question, section: Section, row: Any, say: Say) -> Ways:
    """Show the ways to a place and home again, and which of them is on the map; return them."""
    if section.kind == "session":
        asked = replace(asked, when=near_me.on_day(region, row.date, asked.when.minute))
    with st.spinner(say("working")):
        ways = near_me.ways(region, asked, row, say)
    if st.session_state.get("near_leg") not in ways:  # another way of traveling has no last one
        st.session_state.pop("near_leg", None)
    drawn = st.segmented_control(
        say("near_way_map"), list(ways), format_func=lambda leg: say(LEGS[leg]), default="there", required=True,
        key="near_leg", on_change=_fit,
    )  # fmt: skip
    cards_of_ways = [cards.way(say(LEGS[leg]), ways[leg], asked.mode, asked.when.day.weekday(), say) for leg in ways]
    frame.show(cards.ways(cards_of_ways), say)
    return {drawn: ways[drawn]}


def _fit() -> None:
    st.session_state["near_fit"] = True


def _map(region: Region, asked: Question | None, lists: Shown | None, ways: Ways, say: Say) -> None:
    """Show the map: what is in the lists, how far one gets, and the way that was chosen."""
    slot, below = st.container(), st.container()  # the map's place stays, so that it isn't loaded anew
    if asked is None or lists is None:
        marks = queries.listing(regions.described(region, say), None, None, say)
        layers = answer_layers(None, None, {}, marks)
    else:
        marks = near_lists.marks(lists, asked, say)
        with below:
            areas = _areas(region, asked, _hour(asked, say), say)
        labels: dict[float, str] = {limit: say("minutes", minutes=limit) for limit in MINUTES}
        layers = answer_layers((asked.place.lon, asked.place.lat), areas, labels, marks, _drawn(ways, say))
    with slot:
        map_widget.show(region, layers, say)
    with below:
        minutes = MINUTES if asked and lists else None
        frame.show(components.legend(marks["category"].unique(), minutes, say, faint=False), say)


def _drawn(ways: Ways, say: Say) -> list[GeoJson]:
    """Return the way that was chosen as lines, and take the map there once."""
    journey = next((way for way in ways.values() if way is not None), None)
    if journey is None or not journey.legs:
        return []
    if st.session_state.pop("near_fit", False):
        lon, lat = zip(*(point for leg in journey.legs for point in leg.line), strict=True)
        map_widget.look_at(lon, lat)
    return journey_layers(journey, *journey_text.labels(journey, say))


def _hour(asked: Question, say: Say) -> int:
    """Show the slider of hours to leave at, where they differ, and return the hour."""
    usual = min(max(asked.when.minute // 60, FIRST_HOUR), LAST_HOUR)
    if asked.mode != "transit":
        text = say("near_hour_same", how=say(f"how_{asked.mode}"))
        frame.show(html('<p class="rr-muted">{text}</p>', text=text), say)
        return usual
    hours = list(range(FIRST_HOUR, LAST_HOUR + 1))
    hour: int = st.select_slider(
        say("near_hour"),
        hours,
        value=usual,
        format_func=lambda hour: say.habits.clock(60 * hour),
        key=f"near_hour_{usual}",
    )
    return hour


def _areas(region: Region, asked: Question, hour: int, say: Say) -> gpd.GeoDataFrame:
    """Return the areas of an hour, from this session if they were asked before."""
    kept: dict[object, gpd.GeoDataFrame] = st.session_state.setdefault("near_areas", {})
    when = replace(asked.when, minute=0)
    key = (region.facts.region_hash, replace(asked, when=when), hour)
    if key not in kept:
        with st.spinner(say("working")):
            areas = near_me.areas(region, asked, hour)
        for oldest in list(kept)[: len(kept) - HOURS_KEPT]:
            del kept[oldest]
        kept[key] = areas
    return kept[key]


def _table(lists: Shown, asked: Question, say: Say) -> None:
    """Show everything on the map once more, as a table."""
    rows = near_lists.as_table(lists, asked, say).head(LISTED_AT_MOST)
    frame.show(cards.table(rows, say("near_table"), (say("near_when_column"), say("near_home_column")), say), say)


def _take_along(region: Region, known: Nearby, asked: Question, looked_for: LookedFor, say: Say) -> None:
    """Offer the paper: made when asked for, kept in this session until something else is asked."""
    key = (region.facts.region_hash, asked.place, asked.mode, asked.when.day, looked_for.wishes, say.language)
    with st.container(key="near_take"):
        frame.show(html("<h2>{title}</h2><p>{why}</p>", title=say("near_take"), why=say("near_take_why")), say)
        if st.button(say("near_make_pdf"), key="near_make_pdf"):
            bar = st.progress(0.0, text=say("near_making"))
            land = regions.land(region.facts.name)
            made = pdf.paper(
                region, known, land, asked, looked_for.wishes, say,
                progress=lambda share: bar.progress(share, text=say("near_making")),
            )  # fmt: skip
            bar.empty()
            st.session_state["near_paper"] = (key, made)
        kept = st.session_state.get("near_paper")
        if kept is not None and kept[0] == key:
            st.download_button(
                say("near_get_pdf"), kept[1], file_name("near", near_me.today(region), key, "pdf"), "application/pdf",
                key="near_get_pdf", on_click="ignore", type="primary",
            )  # fmt: skip


participant(frame.speaking())
