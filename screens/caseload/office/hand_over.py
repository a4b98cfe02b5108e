"""People handed over to a colleague: by who has them, or by a supervisor, one, some or a whole caseload."""

from collections.abc import Sequence

import streamlit as st

from geo.errors import InputError
from layers.escaping import html
from people.caseload import assign_all
from people.entries import history
from people.vault import Vault
from screens.caseload import session
from screens.caseload.office.choose import colleagues, everybody, named_box
from screens.caseload.people_list import labels
from screens.shared import frame
from screens.shared.words import Say

WHERE = "hand_over"
_FROM, _WHO, _ALL, _TO = (f"hand_{name}" for name in ("from", "who", "all", "to"))


def show(vault: Vault, say: Say) -> None:
    """Ask who goes to whom."""
    title, why = say("office_task_hand_over"), say("office_hand_over_why")
    frame.show(html('<h2>{title}</h2><p class="rr-muted">{why}</p>', title=title, why=why), say)
    session.tell(vault, say, WHERE)
    people, chosen = everybody(vault), []
    if vault.user.is_supervisor:
        owner = named_box(say("office_from"), colleagues(vault, removed=True), _FROM, say)
        people = people if owner is None else people[people["manager"] == owner]
    named = labels(people)
    whole = st.checkbox(say("office_everybody", count=len(named)), key=f"{session.PREFIX}{_ALL}")
    if whole:
        chosen = list(named)
    else:
        chosen = st.multiselect(
            say("office_who"),
            list(named),
            format_func=named.__getitem__,
            placeholder=say("case_choose_hint"),
            key=f"{session.PREFIX}{_WHO}",
        )
    to = named_box(say("office_to"), colleagues(vault), _TO, say)
    st.button(
        say("office_hand_over"),
        type="primary",
        key=f"{session.PREFIX}hand_over",
        on_click=session.trying(_hand_over, WHERE),
        args=(vault, tuple(chosen), to),
    )


def _hand_over(vault: Vault, people: Sequence[str], to: str | None) -> None:
    if not people or to is None:
        raise InputError("Choose who is handed over, and to whom.")
    assign_all(vault, people, to)
    session.empty(f"{session.PREFIX}{_WHO}", value=[])
    session.empty(f"{session.PREFIX}{_ALL}", value=False)
    session.empty(f"{session.PREFIX}{_TO}")
    is_seen = vault.user.is_supervisor  # who handed their own over has no right to undo it
    change_id = int(history(vault, people[0])["change_id"].iloc[0]) if is_seen else None
    session.note_done(WHERE, "office_handed_over", change_id, count=len(people))
