"""Finding a home: typed as an address, crossing, place or `latitude, longitude`, with near spellings offered."""

import re
from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from geo.errors import InputError
from layers.escaping import html, plain
from screens.shared import frame
from screens.shared.next_street import next_streets
from screens.shared.queries import ChosenPlace
from screens.shared.words import Say
from sources.places.gazetteer import find, is_unambiguous
from sources.region.model import Region

OFFERED = 5
LIKE = 55
"""Likeness (0–100, as `find` gives it) from which on a place is offered."""

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&])")


def search(region: Region, say: Say, ask: str = "ask") -> None:
    """Show the search box and what came of the last search; what was found goes into the session as `place`.

    `ask` is the name of the question above the box.
    """
    with st.form("search", border=False, enter_to_submit=True):
        box, button = st.columns([6, 1], vertical_alignment="bottom")
        typed = box.text_input(say(ask), placeholder=say("ask_hint"), key="typed", max_chars=200, autocomplete="off")
        asked = button.form_submit_button(say("find"), type="primary", width="stretch")
    if asked:
        _look_up(region, plain(typed))
    frame.show(html('<p class="rr-muted rr-small">{hint}</p>', hint=say("or_click")), say)
    with st.container():  # always there, so that what follows stays where it is and the map isn't loaded anew
        _show_choices(say)


def looked_up(region: Region, text: str) -> tuple[ChosenPlace | None, list[ChosenPlace]]:
    """Return the place that a text means, or None if none surely is and those that it may mean."""
    try:
        matches = find(region.gazetteer, re.sub(r"(?i) y ", " & ", " ".join(text.split())), limit=OFFERED)
    except InputError:  # numbers that are no place on Earth, or nothing but punctuation
        return None, []
    matches = matches[matches["score"] >= LIKE]
    matches = matches.assign(twice=matches["text"].duplicated(keep=False))
    near = [
        ChosenPlace(row.lon, row.lat, plain(row.text) + (f" ({row.lat:.4f}, {row.lon:.4f})" if row.twice else ""))
        for row in matches.itertuples(index=False)
    ]
    return (near[0], []) if is_unambiguous(matches) else (None, near)


def meant_by(region: Region, text: str, known: dict[str, ChosenPlace]) -> tuple[ChosenPlace | None, list[ChosenPlace]]:
    """Return the same of a text that is looked up once; `known`: what texts mean already, which this adds to."""
    if text in known:
        return known[text], []
    meant, near = looked_up(region, text)
    if meant is not None:
        known[text] = meant
    return meant, near


def tell_place(region: Region, key: str, text: str, known: dict[str, ChosenPlace], say: Say) -> ChosenPlace | None:
    """Return the place that the text of a field means; say what was found, or offer near spellings.

    Parameters
    ----------
    key
        Of the field: the name of the one that is chosen goes into it.
    known
        What texts mean already. What is chosen goes in, since a name alone may not lead back to its place.
    """
    meant, near = meant_by(region, text, known)
    if meant is not None:
        frame.show(html('<p class="rr-muted rr-small">{found}</p>', found=say("found_at", name=meant.name)), say)
        return meant
    frame.field_note(" ".join([say("not_found", text=text), *([] if near else [say("not_found_typed_hint")])]), say)
    offer(near, f"{key}_near", partial(_take, key, known), say)
    return None


def _take(key: str, known: dict[str, ChosenPlace], place: ChosenPlace) -> None:
    known[place.name] = place
    st.session_state[key] = place.name


def offer(near: Sequence[ChosenPlace], key: str, take: Callable[[ChosenPlace], None], say: Say) -> None:
    """Offer the places that a text may mean, each as a button that takes it; nothing where there are none."""
    if not near:
        return
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        frame.show(html("<p>{ask}</p>", ask=say("found_many")), say)
        for number, place in enumerate(near):
            st.button(in_label(place.name), key=f"{key}_{number}", on_click=take, args=(place,))


def _look_up(region: Region, text: str) -> None:
    """Put what a text means into the session: one place, or near spellings to choose from."""
    st.session_state["missing"] = None
    st.session_state["choices"] = []
    if not text:
        return
    meant, near = looked_up(region, text)
    if meant is None:
        st.session_state["missing"] = text
    else:
        choose(meant, move=True)
    st.session_state["choices"] = near


def choose(place: ChosenPlace, *, move: bool) -> None:
    """Make a place the one that is looked at; `move` takes the map there."""
    st.session_state["place"] = place
    st.session_state["missing"] = None
    st.session_state["choices"] = []
    if move:
        st.session_state["focus"] = (place.lat, place.lon)
        st.session_state.pop("focus_zoom", None)


def _show_choices(say: Say) -> None:
    missing: str | None = st.session_state.get("missing")
    if missing:
        frame.notice(say("not_found", text=missing), say("not_found_hint"), say)
    offer(st.session_state.get("choices") or [], "choice", partial(choose, move=True), say)


def street_in_words(region: Region, place: ChosenPlace, mode: str, say: Say) -> str:
    """Return why the street nearest to a place was passed over, which changes every time from there; empty if not."""
    (street,) = next_streets(region.network.streets, place.lon, place.lat, mode)
    return "" if street is None else street.in_words(say)


def tell_of_street(region: Region, place: ChosenPlace, mode: str, say: Say) -> None:
    """Show where the street nearest to a place was passed over."""
    text = street_in_words(region, place, mode, say)
    if text:
        frame.show(html('<p class="rr-muted rr-small">{text}</p>', text=text), say)


def in_label(text: str) -> str:
    """Return a text of strangers for a widget's label, which Streamlit reads as Markdown, so that it shows as it is."""
    return _MARKDOWN.sub(r"\\\1", text).replace(":", ":\N{WORD JOINER}")
