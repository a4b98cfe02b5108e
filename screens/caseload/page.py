"""The page of the caseload: an encrypted vault opened by its user, the people in it, and one person's page."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from geo.errors import RecoveryReachError
from layers.escaping import html
from people.caseload import read_person
from people.vault import Vault
from screens.caseload import history_part, houses_part, needs_part, person_page, progress_part, session
from screens.caseload.along.part import along_part
from screens.caseload.door import code_is_shown, door
from screens.caseload.office.part import office
from screens.caseload.papers.part import papers_part
from screens.caseload.people_list import people_list
from screens.caseload.sign_in_door import is_signed_in, sign_out_button
from screens.shared import frame, regions, visit
from screens.shared.words import Say
from sources.region.model import Region


def page(say: Say) -> None:
    """Show the page."""
    st.html(Path(__file__).parent / "page.css")
    session.tell_problem(say)
    vault, region = session.held(), None
    if vault is None:
        if is_signed_in(say):
            door(say)
            sign_out_button(say)
    elif not code_is_shown(say):
        _bar(vault, say)
        with session.telling(say):
            region = _inside(vault, say)
        if session.opened_person() is not None:  # whose page is long: the button above is out of sight by then
            _lock_button("case_lock_below", say)
    frame.footer(say, region.facts.sources if region else (), promise=say("case_promise"))


def _bar(vault: Vault, say: Say) -> None:
    """Show who has the vault open, and the button that locks it."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        minutes = round(vault.settings.idle_minutes)
        frame.show(html("<p>{text}</p>", text=say("case_who", name=vault.user.name, minutes=minutes)), say)
        _lock_button("case_lock", say)
        sign_out_button(say)


def _lock_button(key: str, say: Say) -> None:
    st.button(say("case_lock"), key=key, icon=":material/lock:", on_click=session.lock_now)


def _inside(vault: Vault, say: Say) -> Region | None:
    person_id = session.opened_person()
    if person_id is None:
        _list_or_office(vault, say)
        return None
    try:
        record = read_person(vault, person_id)
    except RecoveryReachError:
        person_page.back_button(say)
        raise
    part = person_page.head(vault, record, say)
    if part == "record":
        person_page.record_part(vault, record, say)
    elif part == "papers":
        papers_part(vault, person_id, say)
    elif part == "history":
        history_part.history_part(vault, person_id, say)
    else:
        region = visit.region(say)
        if region is not None:
            _part_of_region(part, region.facts.name)
        return region
    return None


def _list_or_office(vault: Vault, say: Say) -> None:
    views = {"people": people_list, "office": office}
    chosen = st.segmented_control(
        say("case_views"),
        list(views),
        format_func=lambda view: say(f"case_view_{view}"),
        default="people",
        required=True,
        key=f"{session.PREFIX}view",
        label_visibility="collapsed",
    )
    views[chosen](vault, say)


@st.fragment
def _part_of_region(part: str, region: str) -> None:
    """Show a part of the person's page that needs a region; what is done in it draws nothing else anew."""
    vault, person_id, say = session.held(), session.opened_person(), frame.speaking()
    if vault is None or person_id is None:
        st.rerun()
    session.tell_problem(say)
    with session.telling(say):
        record = read_person(vault, person_id)
        session.arrive(part, say)
        _PARTS[part](vault, record, regions.opened(region), say)


_PARTS: Mapping[str, Callable[[Vault, Mapping[str, Any], Region, Say], None]] = {
    "needs": needs_part.needs_part,
    "houses": houses_part.houses_part,
    "along": along_part,
    "progress": progress_part.progress_part,
}


page(frame.speaking())
