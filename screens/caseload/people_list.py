"""The list of people: what is due for whom, one to be opened, one to be added."""

import pandas as pd
import streamlit as st
from markupsafe import Markup

from geo.errors import InputError
from layers.escaping import html, joined, plain
from people.caseload import add_person, caseload, due
from people.vault import Vault
from screens.caseload import session
from screens.caseload.due_text import due_list, due_text
from screens.shared import frame
from screens.shared.date_field import date_field
from screens.shared.option_labels import told_apart
from screens.shared.place_search import in_label
from screens.shared.words import Say

MOST_DUE = 12
"""People who stand at the top with what is due; the others are in the list."""
LONGEST = 200
_FIELDS = ("name", "agency_number", "discharge_on")


def people_list(vault: Vault, say: Say) -> None:
    """Show the people of this user, those for whom something is due first."""
    archived = st.toggle(say("case_archived"), key=f"{session.PREFIX}archived")
    what = due(vault)
    people = caseload(vault, archived=archived, what=what)
    if people.empty:
        key = "case_no_archived" if archived else "case_no_people"
        frame.show(html('<p class="rr-lead">{text}</p>', text=say(key)), say)
    else:
        if not archived:
            _due(people, what, say)
        _choose(people, say)
        frame.show(_table(people, what, say), say)
    if not archived:
        _add(vault, say)


def labels(people: pd.DataFrame) -> dict[str, str]:
    """Return how each person is called; those of one name by their number or date of birth too, else counted."""
    more = people["agency_number"].fillna(people["born_on"]).fillna("")
    ids = people["person_id"]
    names, known = (dict(zip(ids, map(plain, texts), strict=True)) for texts in (people["name"], more))
    return told_apart(names, known)


def _due(people: pd.DataFrame, what: pd.DataFrame, say: Say) -> None:
    first = what["person_id"].drop_duplicates().head(MOST_DUE)
    named = labels(people)
    if first.empty:
        return
    frame.show(html("<h2>{title}</h2>", title=say("case_due")), say)
    for person_id in first:
        with st.container(border=True, key=f"{session.PREFIX}due_{person_id}"):
            name, button = st.columns([5, 1], vertical_alignment="center")
            with name:
                rows = due_list(what[what["person_id"] == person_id], say)
                frame.show(html("<h3>{name}</h3>{rows}", name=named[person_id], rows=rows), say)
            button.button(
                say("case_open"),
                key=f"{session.PREFIX}open_{person_id}",
                on_click=session.open_person,
                args=(person_id,),
                width="stretch",
                help=in_label(say("case_open_who", name=named[person_id])),
            )


def _choose(people: pd.DataFrame, say: Say) -> None:
    named = labels(people)
    key = f"{session.PREFIX}chosen"
    st.selectbox(
        say("case_choose"),
        list(named),
        index=None,
        format_func=named.__getitem__,
        placeholder=say("case_choose_hint"),
        key=key,
        on_change=lambda: session.open_person(st.session_state[key]),
    )


def _table(people: pd.DataFrame, what: pd.DataFrame, say: Say) -> Markup:
    named, first = labels(people), what.drop_duplicates("person_id").set_index("person_id").to_dict("index")
    rows = joined(
        html(
            '<tr><th scope="row">{name}</th><td data-label="{due}">{first}</td></tr>',
            name=named[person_id],
            due=say("case_due"),
            first=due_text(first[person_id], say) if person_id in first else "",
        )
        for person_id in people["person_id"]
    )
    return html(
        '<div class="rr-table-box rr-scroll" tabindex="0" role="region" aria-label="{label}"><table class="rr-stack">'
        '<caption>{caption}</caption><thead><tr><th scope="col">{name}</th><th scope="col">{due}</th></tr></thead>'
        "<tbody>{rows}</tbody></table></div>",
        label=say("page_caseload"),
        caption=say("case_people", count=len(people)),
        name=say("case_field_name"),
        due=say("case_due_next"),
        rows=rows,
    )


def _add(vault: Vault, say: Say) -> None:
    with st.form("case_add", enter_to_submit=True):
        frame.show(html("<h2>{title}</h2>", title=say("case_add")), say)
        name, number, day = st.columns(3)
        name.text_input(say("case_field_name"), key=_key("name"), max_chars=LONGEST, autocomplete="off")
        number.text_input(
            say("case_field_agency_number"), key=_key("agency_number"), max_chars=LONGEST, autocomplete="off"
        )
        date_field(say("case_field_discharge_on"), say, day, value=None, key=_key("discharge_on"))
        st.form_submit_button(say("case_add"), type="primary", on_click=session.trying(_added), args=(vault,))


def _added(vault: Vault) -> None:
    if not str(st.session_state.get(_key("name")) or "").strip():
        raise InputError("Write the person's name.")
    person_id = add_person(vault, {field: st.session_state.get(_key(field)) for field in _FIELDS})
    for field in _FIELDS:
        del st.session_state[_key(field)]
    session.open_person(person_id)


def _key(field: str) -> str:
    return f"{session.PREFIX}add_{field}"
