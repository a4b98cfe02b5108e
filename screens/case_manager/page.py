"""The page to compare homes for one person's needs, entered for this visit only.

The form is one part, the answer another: what is typed into the form asks for nothing until "Compare homes" is pressed.
"""

from pathlib import Path

import pandas as pd
import streamlit as st

from geo.errors import VaultError
from geo.needs.needs import Needs
from layers.escaping import html, plain
from layers.home_marks import comparison_layers
from screens.case_manager import captions, comparison, downloads, home_detail, homes, needs_text, person, week
from screens.case_manager.homes import Compared, Home
from screens.case_manager.needs_fields import Form
from screens.case_manager.needs_form import forget_button, needs_form, promise
from screens.shared import address, components, frame, map_widget, place_search, regions, visit
from screens.shared.guide import guide
from screens.shared.place_search import in_label
from screens.shared.progress import again, run_with_progress
from screens.shared.queries import MINUTES, ChosenPlace
from screens.shared.words import Say
from sources.region.model import Region

SIDES = 3
MOST_SIDES = 8
LIST_HEIGHT, SHORT_LIST = 620, 10
SAME_SPOT_DEGREES = 1e-5


def case_manager(say: Say) -> None:
    """Show the page."""
    st.html(Path(__file__).parent / "page.css")
    region = visit.region(say)
    if region is not None:
        name = region.facts.name
        person.keep_to_region(name)
        if person.whose() is None:  # the steps of the guide are done by who comes here from the caseload
            guide("case_manager", say)
        _let_go(say)
        _draft(say)
        if st.session_state.pop(person.FORGOTTEN, False):
            frame.notice(say("needs_forgotten"), "", say)
        _ask(name)
        _answer(name)
    promise = "" if person.whose() is None else say("homes_whose_promise")
    frame.footer(say, region.facts.sources if region else (), promise)


def _let_go(say: Say) -> None:
    """Forget a person of the caseload who is no longer this user's, and say so."""
    kept = person.records()
    if kept is None:
        return
    try:
        kept.check()
    except VaultError as problem:
        person.forget()
        frame.notice(say.why(problem), "", say)


def _draft(say: Say) -> None:
    """Take the key of this tab's draft from a field that only the page's script sees."""
    if st.session_state.get(person.DRAFT_KEY) is None:
        key = st.text_input(say("needs_draft"), key="draft_key", label_visibility="collapsed", max_chars=64)
        if key:
            person.take_draft(key)


@st.fragment
def _ask(name: str) -> None:
    """Show the form, and the button that compares."""
    if person.FORGOTTEN in st.session_state:
        st.rerun()
    say, region = frame.speaking(), regions.opened(name)
    asked = person.asked()
    _show_form(region, asked, say)
    person.keep_draft()
    if person.has_begun():
        frame.show(html("<span data-unsaved></span>"), say)


def _show_form(region: Region, asked: Needs | None, say: Say) -> None:
    if (whose := person.whose()) is not None:
        _of_caseload(whose, asked, say)
        return
    if asked is not None and not person.editing():
        _asked(asked, say)
        return
    with st.container(key="rr_needs"):
        needs = needs_form(Form(region, say))
        promise(say)
    if needs is not None:
        st.session_state[f"{person.PREFIX}needs"] = needs
    if asked is not None and needs is not None and needs != asked:
        frame.show(html('<p class="rr-note" role="status">{text}</p>', text=say("homes_changed")), say)
    st.button(
        say("homes_compare"),
        type="primary",
        key="compare",
        disabled=needs is None,
        on_click=person.want_to_compare,
        width="stretch",
    )
    if person.take_wish_to_compare() and needs is not None:
        person.ask(needs)
        person.edit(open_form=False)
        again("compare")
        st.rerun()


def _asked(asked: Needs, say: Say) -> None:
    """Show what was asked in a line, with the way back to the form."""
    with st.container(key="rr_needs"):
        frame.show(html("<h2>{title}</h2><p>{told}</p>", title=say("needs"), told=needs_text.describe(asked, say)), say)
        with st.container(horizontal=True, gap="small"):
            st.button(say("needs_change"), key="change", on_click=person.edit, kwargs={"open_form": True})
            forget_button(say)
        frame.show(html('<p class="rr-muted rr-small">{text}</p>', text=say("needs_stay")), say)


def _of_caseload(whose: person.Whose, asked: Needs | None, say: Say) -> None:
    """Show for whom of the caseload homes are compared, with the way to their page, where their needs are edited."""
    with st.container(key="rr_needs"):
        told = say("homes_whose_none") if asked is None else needs_text.describe(asked, say)
        title = say("homes_whose", name=plain(whose.name))
        frame.show(html("<h2>{title}</h2><p>{told}</p>", title=title, told=told), say)
        with st.container(key="rr_whose_page"):
            st.page_link(
                "caseload/page.py",
                label=in_label(say("homes_whose_page", name=whose.name)),
                icon=":material/arrow_back:",
                width="content",
                query_params=address.carried(),
            )


@st.fragment
def _answer(name: str) -> None:
    """Show the homes: the map, the ranking, the one that is looked at, and its week."""
    # Pressed at the very moment when the map said something: only this part was run.
    if person.wants_to_compare() or person.FORGOTTEN in st.session_state:
        st.rerun()
    say, region = frame.speaking(), regions.opened(name)
    with st.container(key="rr_add"):
        _add_homes(region, say)
    asked, kept = person.asked(), person.records()
    person.keep_draft()
    with st.container():  # always there, so that what follows stays where it is and the map isn't loaded anew
        compared = None if asked is None else _compared(region, asked, say)
        if compared is not None:
            frame.answer(("compare", asked), say)
            _summary(compared, say)
            if kept is not None:
                kept.changes(compared, say)
    home = None if compared is None else _chosen(region, compared)
    _map_and_ranking(region, compared, home, say)
    if compared is None:
        return
    if home is not None and kept is not None:
        kept.choice(home, say)
    sides, why, days = st.tabs([say("tab_sides"), say("tab_why"), say("tab_week")], key=f"{person.PREFIX}tabs")
    with sides:
        _tables(region, compared, home, say)
    if home is None or not home.score:
        return
    with why:
        home_detail.look(regions.support(name), compared, home, say)
    with days:
        plan = week.week(region, regions.support(name), home, say)
        if plan is not None:
            downloads.weekly(region, home, plan, say)


def _add_homes(region: Region, say: Say) -> None:
    """Show the field for further addresses, and those that were added."""
    title, which = say("homes_title"), say("homes_which")
    frame.show(html('<h2>{title}</h2><p class="rr-muted rr-small">{which}</p>', title=title, which=which), say)
    with st.form("add_home", border=False, clear_on_submit=True):
        box, button = st.columns([6, 1], vertical_alignment="bottom")
        typed = box.text_input(
            say("homes_add_label"),
            placeholder=say("ask_hint"),
            key=f"{person.PREFIX}add",
            max_chars=200,
            autocomplete="off",
        )
        if button.form_submit_button(say("homes_add"), width="stretch") and typed:
            _add_typed(region, typed, say)
    clicked = map_widget.clicked(region)
    if clicked is not None:
        _take(clicked)
    if added := person.added(say):
        with st.container(horizontal=True, gap="small"):
            for number, place in enumerate(added):
                label = in_label(say("homes_remove", name=place.name))
                st.button(label, key=f"{person.PREFIX}drop_{number}", on_click=person.drop, args=(place,))


def _add_typed(region: Region, typed: str, say: Say) -> None:
    meant, near = place_search.looked_up(region, typed)
    if meant is not None:
        person.add(meant)
        return
    frame.notice(say("not_found", text=typed), say("not_found_hint"), say)
    place_search.offer(near, f"{person.PREFIX}near", person.add, say)


def _take(clicked: ChosenPlace) -> None:
    """Look at the home that was clicked, or add the spot as one."""
    last: Compared | None = st.session_state.get(f"{person.PREFIX}last")
    for home in last.homes if last else ():
        if max(abs(home.asked.lon - clicked.lon), abs(home.asked.lat - clicked.lat)) < SAME_SPOT_DEGREES:
            person.look_at(home.asked.home_id)
            return
    person.add(clicked)


def _compared(region: Region, asked: Needs, say: Say) -> Compared | None:
    """Return the comparison, worked out anew only for what is new; None where it was stopped or can't be."""
    added, kept = person.added(say), person.records()
    resources = None if kept is None else kept.houses(region.resources, asked)
    state = (region.facts.region_hash, _calls(resources))
    key = (state, asked, added)
    last: tuple[object, Compared] | None = st.session_state.get(f"{person.PREFIX}compared")
    if last is not None and last[0] == key:
        return last[1]
    with st.spinner(say("working")):
        support = regions.support(region.facts.name)
    known = person.known((state, asked))
    result = run_with_progress(
        "compare",
        lambda step: homes.compare(region, support, asked, added, known, step, resources),
        say("homes_working"),
        say,
    )
    if result is None:
        return None
    st.session_state[f"{person.PREFIX}compared"] = (key, result)
    st.session_state[f"{person.PREFIX}last"] = result
    return result


def _calls(resources: pd.DataFrame | None) -> tuple[object, ...]:
    """Return what calls learned that is newer than what is published, so that a new call asks for a new answer."""
    if resources is None:
        return ()
    columns = ["resource_id", *homes.CALLED, *(f"{name}_heard_on" for name in homes.CALLED)]
    called = resources.loc[resources[columns[-len(homes.CALLED) :]].notna().any(axis=1), columns]
    return tuple(called.astype("string").fillna("").itertuples(index=False, name=None))


def _summary(compared: Compared, say: Say) -> None:
    if not compared.listed:
        frame.notice(say("homes_nodata"), "", say)
    elif not compared.homes:
        frame.notice(say("homes_none"), "", say)
    for note in homes.notes(compared, say):
        frame.show(html('<p class="rr-note" data-note="homes">{text}</p>', text=note), say)


def _chosen(region: Region, compared: Compared) -> Home | None:
    """Return the home that is looked at: the one chosen, else the best; the map goes to the homes of a new answer."""
    if not compared.homes:
        return None
    if st.session_state.get(f"{person.PREFIX}seen") != (shown := tuple(home.asked.home_id for home in compared.homes)):
        st.session_state[f"{person.PREFIX}seen"] = shown
        sides = region.facts.bounds
        near = [
            home.asked
            for home in compared.homes
            if sides.west <= home.asked.lon <= sides.east and sides.south <= home.asked.lat <= sides.north
        ]
        if near:
            map_widget.look_at([home.lon for home in near], [home.lat for home in near])
    by_id = {home.asked.home_id: home for home in compared.homes}
    return by_id.get(person.looked_at() or "", compared.homes[0])


def _map_and_ranking(region: Region, compared: Compared | None, home: Home | None, say: Say) -> None:
    left, right = st.columns([7, 5], gap="medium")
    with right:
        if person.asked() is None:
            frame.show(components.empty_card(say, "homes_empty", "homes_empty_why"), say)
        elif compared is not None and home is not None:
            home = _choose(compared, home, say)
    with left:
        seen, marks = home_detail.View(None, (), html("")), pd.DataFrame(columns=["chosen"])
        with st.container():
            if compared is not None and home is not None and home.score:
                seen = home_detail.view(region, regions.support(region.facts.name), compared, home, say)
        if compared is not None:
            marks = comparison.marks(compared, home.asked.home_id if home else None, say)
        labels = {float(limit): say("minutes", minutes=limit) for limit in MINUTES}
        map_widget.show(region, comparison_layers(marks, seen.areas, labels, seen.journey), say)
        frame.show(seen.text, say)


def _choose(compared: Compared, home: Home, say: Say) -> Home:
    """Show the ranked homes to choose from; return the one that is looked at."""
    every = {one.asked.home_id: one for one in compared.homes}
    key = f"{person.PREFIX}look"
    st.session_state[key] = home.asked.home_id
    with st.container(height=LIST_HEIGHT if len(every) > SHORT_LIST else "content", key="rr_ranked"):
        frame.show(html('<p class="rr-muted rr-small">{order}</p>', order=say("homes_ranked")), say)
        chosen = st.radio(
            say("homes_look"),
            list(every),
            format_func=lambda identity: captions.in_list(every[identity], say),
            captions=[captions.caption(one, compared, say) for one in compared.homes],
            key=key,
            on_change=lambda: person.look_at(st.session_state[key]),
        )
    return every[chosen]


def _tables(region: Region, compared: Compared, home: Home | None, say: Say) -> None:
    shown: list[Home] = []
    if compared.homes:
        frame.show(html("<h2>{title}</h2>", title=say("homes_shortlist")), say)
        every = {one.asked.home_id: one for one in compared.homes}
        key = f"{person.PREFIX}sides"
        kept = [one for one in st.session_state.get(key, ()) if one in every]
        st.session_state[key] = kept or list(every)[:SIDES]
        sides = st.multiselect(
            say("homes_choose"),
            list(every),
            format_func=lambda identity: f"{every[identity].number}. {every[identity].name}",
            max_selections=MOST_SIDES,
            key=key,
        )
        shown = [one for one in compared.homes if one.asked.home_id in sides]
        if shown:
            frame.show(comparison.side_by_side(shown, compared, say), say)
        frame.show(html("<h2>{title}</h2>", title=say("homes_all")), say)
        frame.show(comparison.ranking(compared, home.asked.home_id if home else None, say), say)
        frame.show(
            html('<p class="rr-muted rr-small">{text}</p>', text=f"{say('homes_ranked')} {say('minutes_told')}"), say
        )
        numbers = ("total", "band", "confidence", "dimension", "days", "minutes", "bed", "lacks")
        frame.show(components.meaning(numbers, say), say)
    frame.show(comparison.left_out(compared, say), say)
    downloads.comparison(region, compared, shown, home, say)


case_manager(frame.speaking())
