"""A person erased for good: their name typed to confirm it, and the backups that still hold them."""

import streamlit as st

from geo.errors import InputError
from layers.escaping import html
from people.caseload import comparable
from people.erasing import erase_person
from people.vault import Vault, require_supervisor
from screens.case_manager import person
from screens.caseload import session
from screens.caseload.office.choose import everybody, person_box
from screens.shared import frame
from screens.shared.words import Say

WHERE = "erase"
LONGEST = 200
_WHO, _TYPED = "erase_who", f"{session.PREFIX}erase_typed"


def show(vault: Vault, say: Say) -> None:
    """Ask who is erased, and for their name."""
    require_supervisor(vault, "erase a person")
    title, why = say("office_task_erase"), say("office_erase_why")
    frame.show(html('<h2>{title}</h2><p class="rr-note">{why}</p>', title=title, why=why), say)
    session.tell(vault, say, WHERE)
    people = everybody(vault)
    who = person_box(say("office_erase_who"), people, _WHO, say)
    st.text_input(say("office_erase_type"), key=_TYPED, max_chars=LONGEST, autocomplete="off")
    names = dict(zip(people["person_id"], people["name"], strict=True))
    st.button(
        say("office_erase"),
        key=f"{session.PREFIX}erase",
        on_click=session.trying(_erase, WHERE),
        args=(vault, who, names.get(who or "", "")),
    )


def _erase(vault: Vault, who: str | None, name: str) -> None:
    if who is None or comparable(str(st.session_state.get(_TYPED) or "")) != comparable(name):
        raise InputError("Nobody was erased: choose the person, and type their name as it stands in the list.")
    one = person.whose()
    if one is not None and one.person_id == who:
        person.forget()
    backups = erase_person(vault, who)
    session.empty(f"{session.PREFIX}{_WHO}")
    session.empty(_TYPED, value="")
    files = ", ".join(backups["file"].drop_duplicates())
    session.note_done(WHERE, "office_erased_backups" if files else "office_erased", files=files)
