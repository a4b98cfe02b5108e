"""Two entries of one person made one: what would result, then the merge, then its undoing."""

import pandas as pd
import streamlit as st

from layers.escaping import html, plain
from people.caseload import MergePreview, preview_merge
from people.caseload import merge as merge_entries
from people.entries import history
from people.vault import Vault
from screens.caseload import session
from screens.caseload.office.choose import everybody, person_box
from screens.caseload.office.import_people import DATES
from screens.caseload.table import table
from screens.shared import frame
from screens.shared.words import Say

WHERE = "merge"
_KEPT, _OTHER = "merge_kept", "merge_other"
_SIDES = ("kept", "other", "result")


def show(vault: Vault, say: Say) -> None:
    """Ask for the two, and show what they would become."""
    title, why = say("office_task_merge"), say("office_merge_why")
    frame.show(html('<h2>{title}</h2><p class="rr-muted">{why}</p>', title=title, why=why), say)
    session.tell(vault, say, WHERE)
    people = everybody(vault)
    left, right = st.columns(2)
    with left:
        kept = person_box(say("office_side_kept"), people, _KEPT, say)
    with right:
        other = person_box(say("office_side_other"), people, _OTHER, say)
    if kept is None or other is None:
        return
    with session.telling(say):
        _show(preview_merge(vault, kept, other), say)
        st.button(
            say("office_merge"),
            type="primary",
            key=f"{session.PREFIX}merge",
            on_click=session.trying(_merge, WHERE),
            args=(vault, kept, other),
        )


def _show(looked_at: MergePreview, say: Say) -> None:
    heads = [say("office_field"), *(say(f"office_side_{side}") for side in _SIDES)]
    rows = [
        (say.or_else(f"case_field_{field}", field), *(_cell(field, value, say) for value in values))
        for field, *values in looked_at.fields[["field", *_SIDES]].itertuples(index=False)
    ]
    frame.show(table(say("office_merge_preview"), heads, rows), say)
    moved = [say("office_moved", kind=say(f"case_kind_{kind}"), count=count) for kind, count in looked_at.moved.items()]
    sentences = [say("office_moves", what=say.habits.listed(moved))] if moved else []
    sentences += [say("office_dropped", kind=say(f"case_kind_{kind}")) for kind in looked_at.dropped]
    for text in sentences:
        frame.show(html("<p>{text}</p>", text=text), say)


def _cell(field: str, value: object, say: Say) -> str:
    if pd.isna(value):
        return ""
    return say.day(str(value)) if field in DATES else plain(value)


def _merge(vault: Vault, kept: str, other: str) -> None:
    merge_entries(vault, kept, other)
    session.empty(*(f"{session.PREFIX}{name}" for name in (_KEPT, _OTHER)))
    session.note_done(WHERE, "office_merged", int(history(vault, kept)["change_id"].iloc[0]))
