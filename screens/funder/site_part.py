"""Where the next one helps most: asked, worked out, shown on the map and in tables, and taken along."""

from collections.abc import Sequence
from functools import partial

import pandas as pd
import streamlit as st
from markupsafe import Markup

from geo.errors import RecoveryReachError
from geo.siting.question import Question
from geo.siting.reach import class_rule, places_there
from geo.tables import CATEGORIES
from layers.escaping import html, joined, plain
from layers.legend import sign
from layers.site_marks import site_layers
from screens.funder import components, questions, site_pieces, site_work
from screens.funder.last_answer import last_answer, want
from screens.funder.parts import needs_toml
from screens.funder.site_fields import SiteQuestion, ask_limits, ask_what, ask_where
from screens.funder.site_work import FILES, SiteAnswer
from screens.shared import frame, map_widget
from screens.shared.file_names import file_name
from screens.shared.place_search import in_label, looked_up, offer
from screens.shared.queries import ChosenPlace
from screens.shared.words import Say
from sources.region.model import Region

PART = "site"
OWN = "site_own"
MOST_OWN = 20


def show(region: Region, whom: questions.Question, say: Say) -> None:
    """Show the part, for people who get around and take what `whom` says, on its day."""
    with st.container(key="rr_asked_beside_map"):
        left, right = st.columns([5, 7], gap="medium")
    with left:
        asked, places = _ask(region, say)
        wanted = (region.facts.name, region.facts.region_hash, whom.needs, whom.date, asked)
        if st.button(say("site_work_out"), type="primary", key="do_site", disabled=asked is None):
            want(PART, wanted)  # as it is now: a field may have changed with the same click
        with st.container(key="rr_beside_map"):  # always there, so that what follows stays where it is
            found = _answer(region, whom, asked, wanted, say)
    with right:
        _show_map(region, whom, asked, places, found, say)
    if found is not None:
        _show_answer(region, found, say)


def _ask(region: Region, say: Say) -> tuple[SiteQuestion | None, pd.DataFrame | None]:
    """Return what is asked, None while it can't be, and the candidates."""
    name, sites, objective, minutes = ask_what(say)
    source, listed = ask_where(region, say)
    places = None
    try:
        if source != "file" or listed is not None:
            places, _ = site_work.candidates(region, source, listed)
        capacity, cost, budget, excluded = ask_limits(places, say)
        question = Question(name, sites, objective, minutes, capacity=capacity, cost=cost, budget=budget)
    except RecoveryReachError as problem:
        frame.notice(say.why(problem), "", say)
        return None, places
    own = () if places is None else _ask_own(region, places, (region.facts.name, source, listed), say)
    return (None if places is None else SiteQuestion(question, source, listed, excluded, own)), places


def _ask_own(region: Region, places: pd.DataFrame, among: object, say: Say) -> tuple[str, ...]:
    """Ask for the reader's own choice: clicked on the map or typed, each the nearest candidate; kept with its list."""
    kept = st.session_state.get(OWN)
    own: list[str] = list(kept[1]) if kept is not None and kept[0] == among else []
    clicked = map_widget.clicked(region)
    if clicked is not None:
        own = _with(own, site_work.nearest(places, clicked.lon, clicked.lat, region.facts.crs))
    with st.expander(say("site_own_title", count=len(own)), expanded=bool(own)):
        frame.show(html('<p class="rr-muted rr-small">{text}</p>', text=say("site_own_help")), say)
        with st.form("site_own_form", border=False, clear_on_submit=True):
            typed = st.text_input(say("site_own_typed"), key="typed_site", max_chars=200, autocomplete="off")
            sent = st.form_submit_button(say("site_own_add"))
        near: list[ChosenPlace] = []
        if sent and plain(typed):
            one, near = _meant(region, places, plain(typed))
            if one is None:
                frame.notice(say("not_found", text=plain(typed)), say("not_found_hint"), say)
            else:
                own = _with(own, one)
        st.session_state[OWN] = (among, tuple(own))
        offer(near, "site_near", partial(_take, region, places), say)
        names = site_pieces.names_of(places).set_axis(places["id"].astype(str))
        for number, one in enumerate(own):
            st.button(
                say("site_own_remove", name=in_label(str(names[one]))),
                key=f"do_own_{number}",
                on_click=_remove,
                args=(one,),
            )
    return tuple(own)


def _with(own: Sequence[str], one: str) -> list[str]:
    return [*own, one] if one not in own and len(own) < MOST_OWN else list(own)


def _take(region: Region, places: pd.DataFrame, place: ChosenPlace) -> None:
    among, own = st.session_state[OWN]
    one = site_work.nearest(places, place.lon, place.lat, region.facts.crs)
    st.session_state[OWN] = (among, tuple(_with(own, one)))


def _remove(one: str) -> None:
    among, own = st.session_state[OWN]
    st.session_state[OWN] = (among, tuple(other for other in own if other != one))


def _meant(region: Region, places: pd.DataFrame, text: str) -> tuple[str | None, list[ChosenPlace]]:
    """Return the candidate that a text means: by its id or name, else the one nearest to the place of that name.

    None where that place isn't known for certain; then the places that may be meant.
    """
    for column in (places["id"].astype(str), site_pieces.names_of(places)):
        same = (column.str.casefold() == text.casefold()).to_numpy().nonzero()[0]
        if len(same):
            return str(places["id"].iloc[int(same[0])]), []
    place, near = looked_up(region, text)
    return None if place is None else site_work.nearest(places, place.lon, place.lat, region.facts.crs), near


def _answer(
    region: Region, whom: questions.Question, asked: SiteQuestion | None, wanted: object, say: Say
) -> SiteAnswer | None:
    found = last_answer(
        PART,
        wanted,
        region.facts.region_hash,
        None if asked is None else partial(site_work.work_out, region, asked, whom.needs, whom.date),
        say("site_working"),
        say,
        when_new=lambda new: map_widget.look_around(new.answer.sites()),
    )
    if found is not None:
        frame.show(site_pieces.headline(found, say), say)
    return found


def _show_map(
    region: Region,
    whom: questions.Question,
    asked: SiteQuestion | None,
    places: pd.DataFrame | None,
    found: SiteAnswer | None,
    say: Say,
) -> None:
    rule = class_rule(questions.parameters(), st.session_state["site_class"])
    known = places_there(region.resources, rule, whom.needs)
    rows = region.resources.set_index("resource_id").loc[known["id"]]
    there = rows[["lon", "lat", "dimension", "category"]].assign(name="", kind="", reach="", address="", faint=False)
    own = pd.DataFrame({"lon": [], "lat": []})
    if asked is not None and places is not None and asked.own:
        own = places[places["id"].astype(str).isin(asked.own)][["lon", "lat"]]
    answer = None if found is None else found.answer
    map_widget.show(region, site_layers(there, answer, own, region.facts.crs, say("site_yours")), say)
    frame.show(_legend(sorted(set(there["category"])), say, answered=answer is not None), say)


def _legend(categories: Sequence[str], say: Say, *, answered: bool) -> Markup:
    rows = [
        html("<li>{sign}{name}</li>", sign=sign(CATEGORIES[one], one), name=say("site_legend_there", name=say(one)))
        for one in categories
    ]
    if answered:
        rows.append(html('<li><span class="rr-badge">1</span>{text}</li>', text=say("site_legend_best")))
        rows.append(
            html(
                '<li><span class="rr-swatch" style="--v:28" aria-hidden="true"></span>{text}</li>',
                text=say("site_legend_area"),
            )
        )
    return html(
        '<ul class="rr-legend">{rows}</ul><p class="rr-muted rr-small">{hint}</p>',
        rows=joined(rows),
        hint=say("site_map_hint"),
    )


def _show_answer(region: Region, found: SiteAnswer, say: Say) -> None:
    left, right = st.columns([7, 5], gap="medium")
    with left:
        if found.answer.best.sites:
            frame.show(site_pieces.sites_table(found, say), say)
        if len(found.answer.curve) > 1:
            frame.show(site_pieces.curve_table(found, say), say)
    with right:
        if found.answer.own is not None:
            frame.show(site_pieces.own_card(found, say), say)
        frame.show(site_pieces.left_out(found, say), say)
        frame.show(site_pieces.unknown(say), say)
    _take_along(region, found, say)


def _take_along(region: Region, found: SiteAnswer, say: Say) -> None:
    frame.show(html("<h2>{title}</h2><p>{lead}</p>", title=say("gap_downloads"), lead=say("site_downloads")), say)
    kind = f"{region.facts.name}-sites-{found.asked.question.class_name.replace('_', '-')}"
    with st.container(horizontal=True, gap="small"):
        for ending, media in FILES.items():
            st.download_button(
                say(f"site_get_{ending}"),
                partial(site_work.file, region, found, ending),
                file_name=file_name(kind, found.date, (found.made_of, found.asked, found.needs), ending),
                mime=media,
                on_click="ignore",
                key=f"do_get_site_{ending}",
            )
    command = site_work.command(region.facts.name, found)
    frame.show(components.command("site", command, needs_toml(found.needs), say), say)
