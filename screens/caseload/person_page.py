"""One person: what is due, their needs, their record, and every edit of it, to be taken back."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from geo.errors import InputError
from layers.escaping import html, joined, plain
from people.caseload import archive, due, edit_person, unarchive
from people.vault import Vault
from screens.caseload import needs_part, session
from screens.caseload.due_text import due_list
from screens.shared import frame
from screens.shared.date_field import date_field
from screens.shared.words import Say

PARTS = ("needs", "houses", "along", "progress", "papers", "record", "history")
FIELDS = (("name", "goes_by"), ("phone", "agency_number"), ("born_on", "discharge_on"))
NAMES = (*(name for pair in FIELDS for name in pair), "note")
DATES = ("born_on", "discharge_on")
LONGEST, LONGEST_NOTE = 200, 4000
_SEEN = f"{session.PREFIX}record_seen"


def head(vault: Vault, record: Mapping[str, Any], say: Say) -> str:
    """Show who this is and what is due, with the way back; return the part of the page that was chosen."""
    session.arrive(session.TOP, say)
    with st.container(horizontal=True, gap="small"):
        back_button(say)
        archived = record["archived_on"] is not None
        st.button(
            say("case_unarchive" if archived else "case_archive"),
            key=f"{session.PREFIX}archive",
            on_click=session.trying(unarchive if archived else archive),
            args=(vault, record["person_id"]),
        )
    what = due(vault, person_id=record["person_id"])
    name = plain(record["name"])
    goes_by = plain(record["goes_by"] or "")
    shown = html("<h2>{name}</h2>", name=say("case_goes_by", name=name, called=goes_by) if goes_by else name)
    if archived:
        shown += html('<p class="rr-note">{text}</p>', text=say("case_in_archive", day=say.day(record["archived_on"])))
    frame.show(shown + due_list(what, say), say)
    st.session_state.setdefault(session.PART, PARTS[0])
    chosen: str | None = st.segmented_control(
        say("case_parts"),
        PARTS,
        format_func=lambda part: say(f"case_part_{part}"),
        required=True,
        key=session.PART,
        label_visibility="collapsed",
        wrap=True,
    )
    return chosen or PARTS[0]


def back_button(say: Say) -> None:
    """Show the way back to the list."""
    st.button(say("case_back"), key=f"{session.PREFIX}back", icon=":material/arrow_back:", on_click=_back)


def record_part(vault: Vault, record: Mapping[str, Any], say: Say) -> None:
    """Show the fields of a person, to be edited; what a colleague saved meanwhile is shown, and isn't overwritten."""
    seen = _seen(record)
    if record["version"] != seen["version"]:
        _tell_of_colleague(seen, record, say)
    with st.form("case_record"):
        for pair in FIELDS:
            for column, name in zip(st.columns(2), pair, strict=True):
                with column:
                    _field(name, seen[name], _key(seen, name), say)
        label, key = say("case_field_note"), _key(seen, "note")
        st.text_area(label, value=seen["note"] or "", key=key, max_chars=LONGEST_NOTE)
        st.form_submit_button(
            say("case_save"), type="primary", on_click=session.trying(_save), args=(vault, record, seen)
        )


def _seen(record: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the record that the form was filled with: it keeps what is typed until that is saved or let go of."""
    seen: Mapping[str, Any] | None = st.session_state.get(_SEEN)
    if seen is None or seen["person_id"] != record["person_id"] or _key(seen, "name") not in st.session_state:
        st.session_state[_SEEN] = seen = dict(record)
    return seen


def _key(seen: Mapping[str, Any], name: str) -> str:
    return f"{session.PREFIX}field_{seen['person_id']}_{seen['version']}_{name}"


def _tell_of_colleague(seen: Mapping[str, Any], record: Mapping[str, Any], say: Say) -> None:
    """Say what a colleague saved while this form was open, and offer to see it instead of what was typed."""
    rows = joined(
        html("<li>{field}: {value}</li>", field=say(f"case_field_{name}"), value=_shown(name, record[name], say))
        for name in NAMES
        if record[name] != seen[name]
    )
    text = say("case_colleague_saved")
    frame.show(html('<div class="rr-note" role="status"><p>{text}</p><ul>{rows}</ul></div>', text=text, rows=rows), say)
    st.button(say("case_reload"), key="case_reload", on_click=_read_again)


def _shown(name: str, value: str | None, say: Say) -> str:
    if value is None:
        return say("case_emptied")
    return say.day(value) if name in DATES else plain(value)


def _field(field: str, value: str | None, key: str, say: Say) -> None:
    label = say(f"case_field_{field}")
    if field in DATES:
        date_field(label, say, value=value, min_value="1900-01-01", max_value="2100-12-31", key=key)
    else:
        st.text_input(label, value=value or "", key=key, max_chars=LONGEST, autocomplete="off")


def _save(vault: Vault, record: Mapping[str, Any], seen: Mapping[str, Any]) -> None:
    """Save the fields that were changed here; the others stay as a colleague may have saved them."""
    typed = {name: st.session_state.get(_key(seen, name)) for name in NAMES}
    if not str(typed["name"] or "").strip():
        raise InputError("Write the person's name.")
    changed = {name: value for name, value in typed.items() if str(value or "") != (seen[name] or "")}
    edit_person(vault, record["person_id"], changed, record["version"])
    _read_again()


def _read_again() -> None:
    st.session_state.pop(_SEEN, None)


def _back() -> None:
    needs_part.read_again()
    _read_again()
    session.open_person(None)
    st.session_state.pop(session.PART, None)
