"""What is asked of a person from time to time: the BARC-10 by domain, and how they took part in the last 30 days."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from geo.errors import InputError
from layers.escaping import html, plain
from people.entries import edit_entry, remove_entry
from people.kinds import BARC10_COLUMNS
from people.progress import DOMAINS, add_barc10, add_engagement, edit_barc10
from people.vault import Vault, today
from screens.caseload import session
from screens.caseload.progress_picture import COUNTS, Story, domain_name
from screens.shared import frame
from screens.shared.date_field import date_field
from screens.shared.words import Say

ANSWERS = (1, 2, 3, 4, 5, 6)
SHOWN = 12
"""Entries, newest first; all of them are in the picture."""
_EDITED = f"{session.PREFIX}progress_edited"
Row = Mapping[str, Any]


def forms(vault: Vault, person_id: str, story: Story, say: Say) -> None:
    """Show both forms; the one of an entry that is edited holds it, and is open."""
    edited = _edited(story)
    with st.expander(say("progress_ask_barc10"), expanded=story.is_empty or "total" in edited):
        _ask_barc10(vault, person_id, edited if "total" in edited else {}, say)
    with st.expander(say("progress_ask_engagement"), expanded="groups" in edited):
        _ask_engagement(vault, person_id, edited if "groups" in edited else {}, say)


def _edited(story: Story) -> Row:
    """Return the entry that is edited; empty where none is, or it was taken away meanwhile."""
    entry_id = st.session_state.get(_EDITED)
    for table in (story.capital, story.engagement):
        for row in table[table["entry_id"] == entry_id].to_dict("records"):
            return {str(name): None if pd.isna(value) else value for name, value in row.items()}
    return {}


def _ask_barc10(vault: Vault, person_id: str, entry: Row, say: Say) -> None:
    with st.form("case_barc10", enter_to_submit=False, border=False):
        frame.show(html('<p class="rr-muted rr-small">{why}</p>', why=say("progress_barc10_how")), say)
        _who_and_when(vault, "barc10", entry, say)
        for pair in zip(*[iter(DOMAINS)] * 2, strict=True):
            for column, domain in zip(st.columns(2, gap="medium"), pair, strict=True):
                column.segmented_control(
                    domain_name(domain, say),
                    ANSWERS,
                    default=entry.get(domain),
                    key=_key(BARC10_COLUMNS[domain], entry),
                    width="stretch",
                )
        _save_button(_save_barc10, vault, person_id, entry, say)
    _leave_button(entry, say)


def _ask_engagement(vault: Vault, person_id: str, entry: Row, say: Say) -> None:
    with st.form("case_engagement", enter_to_submit=False, border=False):
        frame.show(html('<p class="rr-muted rr-small">{why}</p>', why=say("progress_engagement_how")), say)
        _who_and_when(vault, "engagement", entry, say)
        most = {"meetings_attended": 300, "groups": 100, "role_models": 100, "service_given": 300}
        for pair in (COUNTS[:2], COUNTS[2:]):
            for column, name in zip(st.columns(2, gap="medium"), pair, strict=True):
                column.number_input(
                    say(f"progress_{name}"), 0, most[name], value=entry.get(name), step=1, placeholder="",
                    key=_key(name, entry),
                )  # fmt: skip
        st.segmented_control(
            say("progress_sponsor"),
            (True, False),
            format_func=lambda one: say("progress_yes" if one else "progress_no"),
            default=entry.get("sponsor_or_mentor"),
            key=_key("sponsor_or_mentor", entry),
        )
        _save_button(_save_engagement, vault, person_id, entry, say)
    _leave_button(entry, say)


def _who_and_when(vault: Vault, form: str, entry: Row, say: Say) -> None:
    when, who = st.columns(2, gap="medium")
    now = today(vault)
    day = dt.date.fromisoformat(entry["asked_on"]) if entry else now
    date_field(
        say("progress_asked_on"), say, when, value=day, min_value="1900-01-01", max_value=max(day, now),
        key=_key(f"{form}_on", entry),
    )  # fmt: skip
    by = entry.get("asked_by", vault.user.name)
    who.text_input(say("progress_asked_by"), value=by, max_chars=200, autocomplete="off", key=_key(f"{form}_by", entry))


def _save_button(save: Any, vault: Vault, person_id: str, entry: Row, say: Say) -> None:
    label = say("progress_save_change" if entry else "case_save")
    st.form_submit_button(label, type="primary", on_click=session.trying(save), args=(vault, person_id, entry))


def _leave_button(entry: Row, say: Say) -> None:
    if entry:
        st.button(say("progress_leave"), key=f"{session.PREFIX}progress_leave", on_click=_edit, args=(None,))


def _save_barc10(vault: Vault, person_id: str, entry: Row) -> None:
    answers = {domain: st.session_state.get(_key(column, entry)) for domain, column in BARC10_COLUMNS.items()}
    given = {domain: int(answer) for domain, answer in answers.items() if answer is not None}
    asked = _asked("barc10", entry)
    if entry:
        edit_barc10(vault, entry["entry_id"], **asked, answers=given, seen=entry["version"])
    else:
        add_barc10(vault, person_id, **asked, answers=given)
    _empty(entry, *BARC10_COLUMNS.values())


def _save_engagement(vault: Vault, person_id: str, entry: Row) -> None:
    names = (*COUNTS, "sponsor_or_mentor")
    values = {name: st.session_state.get(_key(name, entry)) for name in names}
    if all(value is None for value in values.values()):
        raise InputError("Enter at least one answer on the last 30 days.")
    asked = _asked("engagement", entry)
    if entry:
        edit_entry(vault, entry["entry_id"], values | asked, entry["version"])
    else:
        add_engagement(vault, person_id, values | asked)
    _empty(entry, *names)


def _asked(form: str, entry: Row) -> dict[str, str]:
    """Return when it was asked, and by whom."""
    day, by = (st.session_state.get(_key(f"{form}_{name}", entry)) for name in ("on", "by"))
    if not isinstance(day, dt.date):
        raise InputError("Say on which day it was asked.")
    return {"asked_on": day.isoformat(), "asked_by": str(by or "").strip()}


def entries(vault: Vault, story: Story, say: Say) -> None:
    """Show what was kept, newest first, each to be changed or taken away."""
    kept = [
        *((row["asked_on"], say("progress_kept_barc10", total=row["total"]), row["asked_by"], row["entry_id"], True)
          for row in story.capital.to_dict("records")),
        *((row["asked_on"], say("progress_kept_engagement"), row["asked_by"], row["entry_id"], True)
          for row in story.engagement.to_dict("records")),
        *((row["scored_on"], _score_text(row, say), "", row["entry_id"], False)
          for row in story.homes.to_dict("records")),
    ]  # fmt: skip
    if not kept:
        return
    with st.expander(say("progress_kept", count=len(kept))):
        for day, what, by, entry_id, is_editable in sorted(kept, reverse=True)[:SHOWN]:
            with st.container(
                horizontal=True, vertical_alignment="center", key=f"{session.PREFIX}progress_entry_{entry_id}"
            ):
                told = say("progress_by", day=say.day(day), who=plain(by)) if by else say.day(day)
                frame.show(
                    html(
                        '<p><strong>{what}</strong><br><span class="rr-muted rr-small">{told}</span></p>',
                        what=what,
                        told=told,
                    ),
                    say,
                )
                if is_editable:
                    key = f"{session.PREFIX}progress_edit_{entry_id}"
                    st.button(say("progress_change"), key=key, on_click=_edit, args=(entry_id,))
                st.button(
                    say("case_call_away"),
                    key=f"{session.PREFIX}progress_away_{entry_id}",
                    on_click=session.trying(remove_entry),
                    args=(vault, entry_id),
                )


def _score_text(row: Row, say: Say) -> str:
    if pd.isna(row["total"]):
        return say("progress_kept_no_total")
    return say("progress_kept_score", total=round(row["total"]))


def _edit(entry_id: str | None) -> None:
    st.session_state[_EDITED] = entry_id


def _empty(entry: Row, *names: str) -> None:
    """Forget what was typed, now that it is kept; day and colleague are likely those of the next one too."""
    _edit(None)
    session.empty(*(_key(name, entry) for name in names))


def _key(name: str, entry: Row) -> str:
    """Return a field's key; that of an entry is another one after each edit, so that it shows what is kept."""
    which = f"{entry['entry_id']}_{entry['version']}" if entry else "new"
    return f"{session.PREFIX}progress_{which}_{name}"
