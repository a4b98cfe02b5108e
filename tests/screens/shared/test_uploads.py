"""What visitors hand over is bounded: each file by what its reader takes, all of a visit, and those of all visits."""

import ast
from pathlib import Path

import pytest
from streamlit.runtime import Runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec
from streamlit.testing.v1 import AppTest

from screens.shared import uploads
from tests.serving import served

ROOT = Path(__file__).parents[3]


def send(store: MemoryUploadedFileManager, visit: str, name: str, size: int = 1) -> None:
    store.add_file(session_id=visit, file=UploadedFileRec(name, name, "text/plain", bytes(size)))


def kept(store: MemoryUploadedFileManager, visit: str) -> list[str]:
    return list(store.file_storage[visit])


def test_the_server_keeps_the_last_files_of_a_visit(demo_region: str) -> None:
    with served(demo_region):
        store = Runtime.instance().uploaded_file_mgr
        assert isinstance(store, MemoryUploadedFileManager)
        for number in range(100):
            send(store, "one", str(number))
        assert kept(store, "one") == [str(number) for number in range(100 - uploads.VISIT_FILES, 100)]
        assert store._file_count == store._total_bytes == uploads.VISIT_FILES


def test_no_visit_and_not_all_together_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "VISIT_BYTES", 50)
    monkeypatch.setattr(uploads, "ALL_BYTES", 120)
    store = MemoryUploadedFileManager("/upload")
    uploads.bound_uploads(store)
    for visit in ("a", "b", "c"):
        for number in range(3):
            send(store, visit, f"{visit}{number}", 20)
    assert [kept(store, visit) for visit in "abc"] == [["a1", "a2"], ["b1", "b2"], ["c1", "c2"]]
    send(store, "d", "d0", 20)
    assert [kept(store, visit) for visit in "abcd"] == [["a2"], ["b1", "b2"], ["c1", "c2"], ["d0"]]
    send(store, "e", "e0", 1000)
    assert kept(store, "e") == []


def test_every_part_that_asks_for_a_file_says_how_large_it_may_be() -> None:
    calls = [
        node
        for path in (ROOT / "screens").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("file_uploader")
    ]
    assert len(calls) == 5
    assert all("max_upload_size" in {word.arg for word in call.keywords} for call in calls)


def script() -> None:
    import streamlit as st

    from screens.case_manager import needs_form, person
    from screens.shared.words import Say

    given = st.file_uploader("file", key=f"{person.PREFIX}{person.version()}_file")
    if given is not None:
        needs_form._load(given, Say("en"))


@pytest.mark.parametrize("content", [b"weekly_budget_usd = 150", b"#" * 100_001])
def test_a_needs_file_is_out_of_memory_once_it_was_read(content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    stores, add = [], MemoryUploadedFileManager.add_file

    def noted(store: MemoryUploadedFileManager, *file: object, **named: object) -> None:
        stores.append(store)
        add(store, *file, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(MemoryUploadedFileManager, "add_file", noted)
    page = AppTest.from_function(script, default_timeout=60).run()
    page.file_uploader[0].set_value(("needs.toml", content, "application/toml"))
    page.run()
    assert not page.exception
    assert stores
    assert not any(files for store in stores for files in store.file_storage.values())
