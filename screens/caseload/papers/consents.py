"""Consents: who may receive what, what for, until when; given, in force, ended, revoked."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from geo.errors import InputError
from layers.escaping import html, plain
from people.consent import add_consent, consents, revoke_consent
from people.entries import history
from people.vault import Vault, today
from screens.caseload import session
from screens.shared import frame
from screens.shared.date_field import date_field
from screens.shared.words import Say

WHERE = "consents"
LONGEST = 1000
_TEXTS = ("recipient", "what", "purpose")
_DATES = ("given_on", "expires_on")
_FIELDS = (*_TEXTS, *_DATES, "note")


def show(vault: Vault, person_id: str, say: Say) -> None:
    """Show each consent and whether it holds, with a button that revokes it, and the form for a new one."""
    title, why = say("papers_consents"), say("papers_consents_why")
    frame.show(html('<h2>{title}</h2><p class="rr-muted">{why}</p>', title=title, why=why), say)
    session.tell(vault, say, WHERE)
    given = consents(vault, person_id).sort_values("given_on", ascending=False, kind="stable")
    if given.empty:
        frame.show(html('<p class="rr-lead">{text}</p>', text=say("papers_no_consent")), say)
    for row in given.to_dict("records"):
        _consent(vault, row, say)
    frame.show(html("<h3>{title}</h3>", title=say("papers_add_consent")), say)
    ask_consent(vault, person_id, WHERE, say)


def state_text(row: Mapping[Any, Any], on: dt.date, say: Say) -> str:
    """Return whether a consent holds on a date, in words."""
    if row["in_force"]:
        return say("papers_in_force", day=say.day(row["expires_on"]))
    if not pd.isna(row["revoked_on"]) and row["revoked_on"] <= on.isoformat():
        return say("papers_revoked", day=say.day(row["revoked_on"]))
    if row["given_on"] > on.isoformat():
        return say("papers_not_yet", day=say.day(row["given_on"]), end=say.day(row["expires_on"]))
    return say("papers_ended", day=say.day(row["expires_on"]))


def _consent(vault: Vault, row: Mapping[Any, Any], say: Say) -> None:
    state = state_text(row, today(vault), say)
    with st.container(border=True, key=_key(f"card_{row['entry_id']}")):
        text, button = st.columns([5, 1], vertical_alignment="center")
        with text:
            frame.show(
                html(
                    '<h3>{recipient}</h3><p class="{kind}"><strong>{state}</strong></p><p>{scope}<br>'
                    '<span class="rr-muted rr-small">{given} {note}</span></p>',
                    recipient=plain(row["recipient"]),
                    kind="rr-ok" if row["in_force"] else "rr-low",
                    state=state,
                    scope=say("papers_scope", what=plain(row["what"]), purpose=plain(row["purpose"])),
                    given=say("papers_given", day=say.day(row["given_on"])),
                    note="" if pd.isna(row["note"]) else plain(row["note"]),
                ),
                say,
            )
        if pd.isna(row["revoked_on"]) and row["expires_on"] >= today(vault).isoformat():
            button.button(
                say("papers_revoke"),
                key=_key(f"revoke_{row['entry_id']}"),
                on_click=session.trying(_revoke, WHERE),
                args=(vault, row["entry_id"], row["person_id"]),
                width="stretch",
            )


def ask_consent(vault: Vault, person_id: str, where: str, say: Say) -> None:
    """Ask for a written consent; what comes of it is told `where` (`session.tell`)."""
    with st.form(_key("form"), enter_to_submit=False, border=False):
        for name in _TEXTS:
            label, help_text = say(f"papers_{name}"), say(f"papers_{name}_help")
            st.text_input(label, key=_key(name), max_chars=LONGEST, autocomplete="off", help=help_text)
        for column, name in zip(st.columns(2), _DATES, strict=True):
            date_field(
                say(f"papers_{name}"), say, column, value=None, min_value="1990-01-01", max_value="2100-12-31",
                key=_key(name),
            )  # fmt: skip
        st.text_input(say("papers_note"), key=_key("note"), max_chars=LONGEST, autocomplete="off")
        st.form_submit_button(
            say("papers_add_consent"), on_click=session.trying(_add, where), args=(vault, person_id, where)
        )


def _add(vault: Vault, person_id: str, where: str) -> None:
    values = {name: st.session_state.get(_key(name)) for name in _FIELDS}
    if not all(str(values[name] or "").strip() for name in (*_TEXTS, *_DATES)):
        raise InputError("A consent says who may receive what, what for, when it was signed and until when it holds.")
    add_consent(vault, person_id, values)
    session.empty(*(_key(name) for name in (*_TEXTS, "note")), value="")
    session.empty(*map(_key, _DATES))
    session.note_done(where, "papers_consent_added", _latest(vault, person_id))


def _revoke(vault: Vault, consent_id: str, person_id: str) -> None:
    revoke_consent(vault, consent_id)
    session.note_done(WHERE, "papers_consent_revoked", _latest(vault, person_id))


def _latest(vault: Vault, person_id: str) -> int:
    return int(history(vault, person_id)["change_id"].iloc[0])


def _key(name: str) -> str:
    return f"{session.PREFIX}consent_{name}"
