"""People from a spreadsheet: columns matched, a look first, errors by row; all of them or nobody, undone at once."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from layers.escaping import html, joined, plain
from people.entries import history
from people.importing import Preview, preview, read_people, suggest_columns
from people.importing import import_people as save_people
from people.kinds import PERSON
from people.vault import Vault
from screens.caseload import session
from screens.caseload.table import table
from screens.caseload.why_text import why_text
from screens.shared import frame
from screens.shared.uploads import at_hand
from screens.shared.words import Say

WHERE = "import"
MEGABYTES = 1
"""The largest file: of a larger one the server would keep a part on the disk while it reads."""
SHOWN = 40
FIELDS = ("name", "goes_by", "born_on", "phone", "language", "agency_number", "discharge_on", "lives_at", "note")
DATES = tuple(column.name for column in PERSON.columns if column.kind == "date")
_TABLE, _NUMBER = (f"{session.PREFIX}import_{name}" for name in ("table", "number"))


def show(vault: Vault, say: Say) -> None:
    """Ask for a file, then for its columns; show what would be brought in, and bring it in."""
    title, why = say("office_task_import"), say("office_import_why")
    frame.show(html('<h2>{title}</h2><p class="rr-muted">{why}</p>', title=title, why=why), say)
    session.tell(vault, say, WHERE)
    rows: pd.DataFrame | None = st.session_state.get(_TABLE)
    if rows is None:
        st.file_uploader(
            say("office_file"),
            type=["csv", "xlsx"],
            key=_key("file"),
            on_change=session.trying(_read, WHERE),
            max_upload_size=MEGABYTES,
        )
        return
    columns = _columns(rows, say)
    with session.telling(say):
        looked_at = preview(vault, rows, columns)
        _show(looked_at, say)
        st.button(
            say("office_import", count=len(rows)),
            type="primary",
            key=_key("save"),
            disabled=not looked_at.errors.empty,
            on_click=session.trying(_save, WHERE),
            args=(vault, rows, columns),
        )
    st.button(say("office_other_file"), key=_key("other"), on_click=session.trying(_forget, WHERE))


def _read() -> None:
    """Take the people out of the file, and the file out of the server's memory."""
    given = at_hand(_key("file"))
    if given is None:
        return
    content = given.getvalue()
    context = get_script_run_ctx()
    if context is not None:
        context.uploaded_file_mgr.remove_session_files(context.session_id)
    _forget()
    st.session_state[_TABLE] = read_people(content)


def _columns(rows: pd.DataFrame, say: Say) -> dict[str, str]:
    """Ask which column is what; return field → column."""
    frame.show(html("<h3>{title}</h3>", title=say("office_columns")), say)
    suggested, names = suggest_columns(rows), [str(column) for column in rows.columns]
    chosen: dict[str, str] = {}
    boxes = st.columns(3)
    for number, field in enumerate(FIELDS):
        at = names.index(suggested[field]) if field in suggested else None
        column = boxes[number % len(boxes)].selectbox(
            say(f"case_field_{field}"),
            names,
            index=at,
            format_func=plain,
            placeholder=say("office_not_in_file"),
            key=_key(f"column_{field}"),
        )
        if column is not None:
            chosen[field] = column
    return chosen


def _show(looked_at: Preview, say: Say) -> None:
    """Show the rows as they would be brought in, what can't be used, and who has somebody else's name."""
    _list(say("office_errors", count=len(looked_at.errors)), _errors(looked_at.errors, say), say)
    _list(say("office_same_names"), _same_names(looked_at.same_names, say), say)
    if looked_at.unused:
        text = say("office_unused", columns=say.habits.listed([plain(one) for one in looked_at.unused]))
        frame.show(html('<p class="rr-muted">{text}</p>', text=text), say)
    texts = looked_at.rows[list(FIELDS)].astype("string").fillna("")
    there = [field for field in FIELDS if (texts[field] != "").any()]
    heads = [say("office_row"), *(say(f"case_field_{field}") for field in there)]
    wrong = set(looked_at.errors["row"])
    rows = [
        (say("office_row_wrong", row=row) if row in wrong else str(row), *map(plain, values))
        for row, values in zip(looked_at.rows["row"].head(SHOWN), texts[there].to_numpy(), strict=False)
    ]
    frame.show(table(say("office_preview", count=len(looked_at.rows)), heads, rows), say)
    if len(looked_at.rows) > SHOWN:
        frame.show(html("<p>{text}</p>", text=say("office_more_rows", count=len(looked_at.rows) - SHOWN)), say)


def _errors(errors: pd.DataFrame, say: Say) -> list[str]:
    return [
        say("office_error", row=row, column=plain(column), problem=why_text(problem, say))
        for row, column, problem in errors.itertuples(index=False)
    ]


def _same_names(pairs: pd.DataFrame, say: Say) -> list[str]:
    return [
        say("office_same_row", row=row, other=other) if str(other).isdigit() else say("office_same_there", row=row)
        for row, other in pairs.itertuples(index=False)
    ]


def _list(title: str, sentences: list[str], say: Say) -> None:
    if sentences:
        rows = joined(html("<li>{text}</li>", text=text) for text in sentences[:SHOWN])
        rows += (
            html("<li>{text}</li>", text=say("office_more_rows", count=len(sentences) - SHOWN))
            if (len(sentences) > SHOWN)
            else html("")
        )
        note = '<div class="rr-note" role="status"><p><strong>{title}</strong></p><ul>{rows}</ul></div>'
        frame.show(html(note, title=title, rows=rows), say)


def _save(vault: Vault, rows: pd.DataFrame, columns: Mapping[str, str]) -> None:
    ids = save_people(vault, preview(vault, rows, columns))
    _forget()
    change_id = int(history(vault, ids[0])["change_id"].iloc[0])
    session.note_done(WHERE, "office_imported", change_id, count=len(ids))


def _forget() -> None:
    """Forget the file; the fields for another one are others, and empty."""
    st.session_state.pop(_TABLE, None)
    st.session_state[_NUMBER] = st.session_state.get(_NUMBER, 0) + 1


def _key(name: str) -> str:
    return f"{session.PREFIX}import_{name}_{st.session_state.get(_NUMBER, 0)}"
