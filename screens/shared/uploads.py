"""Files that a reader hands over: kept for the visit, in memory, also while another part or page is shown.

How large one may be says the part that asks for it, in whole megabytes, which the browser holds it to; the server takes
no larger file than any part asks for, and keeps so many of a visit and of all, whatever is sent to it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import DeletedFile, UploadedFile, UploadedFileRec

from layers.escaping import html, plain
from screens.shared import frame
from screens.shared.place_search import in_label
from screens.shared.words import Say

MOST_MEGABYTES = 20
"""Of one file: lists of places, and outlines; what reads others asks for less."""
VISIT_FILES, VISIT_BYTES = 12, 60_000_000
"""Of a visit: a page asks for three files at most."""
ALL_BYTES = 400_000_000


@dataclass(frozen=True)
class Upload:
    """A file as it was handed over: its name, without any folder, and its content."""

    name: str
    content: bytes = field(repr=False)


def ask_file(
    name: str, label: str, endings: Sequence[str], say: Say, most_megabytes: int = MOST_MEGABYTES
) -> Upload | None:
    """Ask for a file and return the one that was handed over last; it stays until it is taken away.

    `name` is where the visit keeps it.
    """
    st.file_uploader(
        label, type=list(endings), key=_field(name), on_change=_take, args=(name,), max_upload_size=most_megabytes
    )
    tell_gone(_field(name), say)
    kept: Upload | None = st.session_state.get(name)
    if kept is not None and st.session_state.get(_field(name)) is None:  # handed over before another page was shown
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            frame.show(html("<p>{text}</p>", text=say("file_kept", name=plain(kept.name))), say)
            st.button(
                say("file_take_away", name=in_label(kept.name)), key=f"do_away_{name}", on_click=_drop, args=(name,)
            )
    return kept


def at_hand(key: str) -> UploadedFile | None:
    """Return the file in a field; None where there is none, or the server let it go."""
    file = st.session_state.get(key)
    return file if isinstance(file, UploadedFile) else None


def gone(key: str) -> str:
    """Return the id of a file that a field still shows though the server let it go; empty where there is none."""
    file = st.session_state.get(key)
    return file.file_id if isinstance(file, DeletedFile) else ""


def tell_gone(key: str, say: Say) -> None:
    """Say under a field that the server let its file go."""
    if gone(key):
        frame.field_note(say("file_gone"), say)


def let_go(file: UploadedFile) -> None:
    """Take a file out of the server's memory, once it was read or is none that can be."""
    context = get_script_run_ctx()
    if context is not None and isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
        context.uploaded_file_mgr.remove_file(context.session_id, file.file_id)


def bound_uploads(store: MemoryUploadedFileManager) -> None:
    """Have the server's store of files drop the oldest of a visit that sends too many, or too much.

    Where all visits together have too much, who holds most loses the oldest, which may be another one than who sends;
    `tell_gone` says so beside the field.
    """
    add = store.add_file

    def add_bounded(session_id: str, file: UploadedFileRec) -> None:
        add(session_id, file)
        kept = store.file_storage
        while len(kept[session_id]) > VISIT_FILES or _size(kept[session_id]) > VISIT_BYTES:
            store.remove_file(session_id, next(iter(kept[session_id])))
        while sum(map(_size, list(kept.values()))) > ALL_BYTES:
            largest = max(list(kept), key=lambda visit: _size(kept[visit]))
            store.remove_file(largest, next(iter(kept[largest])))

    store.add_file = add_bounded  # type: ignore[method-assign]


def _size(files: Mapping[str, UploadedFileRec]) -> int:
    return sum(len(file.data) for file in list(files.values()))


def _take(name: str) -> None:
    file = at_hand(_field(name))
    if file is None:
        _drop(name)
    else:
        st.session_state[name] = Upload(Path(file.name).name, file.getvalue())


def _drop(name: str) -> None:
    st.session_state.pop(name, None)


def _field(name: str) -> str:
    return f"file_{name}"
