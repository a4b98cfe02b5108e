"""Every edit of a person's record, newest first, each to be taken back."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from geo.needs.fields import BY_NAME
from geo.toml_table import parse_toml
from layers.escaping import html, plain
from people.entries import history, undo
from people.users import list_users
from people.vault import Vault
from screens.caseload import needs_part, session
from screens.catalogue.caseload import WORDS
from screens.shared import frame
from screens.shared.words import Say

SHOWN = 30
"""Edits, newest first."""


def history_part(vault: Vault, person_id: str, say: Say) -> None:
    """Show what was changed, when and by whom, with a button that takes it back."""
    edits = history(vault, person_id)
    names = list_users(vault).set_index("user_id")["name"]
    beginnings = set(edits.loc[[_is_a_beginning(edit) for edit in edits.to_dict("records")], "batch"])
    edits = edits.drop_duplicates("batch")
    frame.show(html("<p>{text}</p>", text=say("case_history", count=len(edits))), say)
    for edit in edits.head(SHOWN).to_dict("records"):
        with st.container(border=True, key=f"{session.PREFIX}edit_{edit['change_id']}"):
            told, button = st.columns([5, 1], vertical_alignment="center")
            with told:
                frame.show(
                    html(
                        '<p><strong>{what}</strong><br><span class="rr-muted rr-small">{when}, {who}</span></p>',
                        what=edit_text(edit, say),
                        when=when_text(edit["at"], say),
                        who=plain(names.get(edit["by"], "")),
                    ),
                    say,
                )
            if edit["batch"] not in beginnings:
                button.button(
                    say("case_undo"),
                    key=f"{session.PREFIX}undo_{edit['change_id']}",
                    on_click=session.trying(_undo),
                    args=(vault, edit["change_id"]),
                    width="stretch",
                )


def _is_a_beginning(edit: Mapping[str, Any]) -> bool:
    """Return whether a person came onto the caseload by an edit.

    Undoing it would take the page away with its own undo, and with an import everybody else who came by it.
    """
    return bool(edit["kind"] == "person" and edit["after"].get("removed") is False)


def edit_text(edit: Mapping[str, Any], say: Say) -> str:
    """Return what an edit did, and to which fields, in words."""
    what = say("case_edit", what=say(f"case_what_{edit['what']}"), kind=say(f"case_kind_{edit['kind']}"))
    fields = _fields(edit["before"], edit["after"], say)
    return say("case_edit_fields", what=what, fields=", ".join(fields)) if fields else what


def _fields(before: Mapping[str, Any], after: Mapping[str, Any], say: Say) -> list[str]:
    names = [name for name in after if f"case_field_{name}" in WORDS]
    fields = [say(f"case_field_{name}") for name in names]
    if "toml" in after:
        one, other = (parse_toml((side.get("toml") or "").encode()) for side in (before, after))
        keys = [key for key in BY_NAME if one.get(key) != other.get(key)]
        fields += [say(f"need_{key}") for key in keys]
    return fields


def _undo(vault: Vault, change_id: int) -> None:
    undo(vault, change_id)
    needs_part.read_again()


def when_text(at: Any, say: Say) -> str:
    """Return a moment as the day and the time of day here."""
    moment = dt.datetime.fromisoformat(str(pd.Timestamp(at).isoformat())).astimezone()
    return f"{say.day(moment.date())}, {say.habits.clock(moment.hour * 60 + moment.minute)}"
