"""What visitors hand over is bounded: each file by what its reader takes, all of a visit, and those of all visits."""

import ast
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
import streamlit as st
from streamlit.proto.Common_pb2 import FileURLs
from streamlit.runtime import Runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import DeletedFile, UploadedFile, UploadedFileRec
from streamlit.testing.v1 import AppTest

from screens.caseload.office import import_people
from screens.funder import scenario_part
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


def texts(page: AppTest) -> str:
    return "".join(str(element.proto.body) for element in page.get("html"))


def asking() -> None:
    import streamlit as st

    from screens.shared.uploads import ask_file
    from screens.shared.words import Say

    st.text(repr(ask_file("areas", "Areas", ["csv"], Say("en"))))
    st.button("again")


def test_a_file_lies_in_memory_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server's store and the visit hold the same bytes: a list of 20 MB takes 20, and not 40."""
    record = UploadedFileRec("1", "sites.csv", "text/csv", b"lon,lat\n" * 1000)
    state: dict[str, object] = {"file_site_listed": UploadedFile(record, FileURLs())}
    monkeypatch.setattr(st, "session_state", state)
    uploads._take("site_listed")
    kept = state["site_listed"]
    assert isinstance(kept, uploads.Upload)
    assert kept.content is record.data


def test_a_file_that_made_room_for_others_is_told_and_no_click_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    page = AppTest.from_function(asking, default_timeout=60).run()
    page.file_uploader[0].set_value(("areas.csv", b"a,b", "text/csv"))
    page.run()
    assert page.text[0].value == "Upload(name='areas.csv')"
    monkeypatch.setattr(MemoryUploadedFileManager, "get_files", lambda *_, **__: [])
    page.button[0].click().run()
    assert not page.exception
    assert page.text[0].value == "None"
    assert "no longer has this one. Hand it over again." in texts(page)


@pytest.mark.parametrize("take", [import_people._read, partial(scenario_part._take_file, None, None)])
def test_what_was_read_and_let_go_is_not_read_again(take: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    """The field goes on showing it, so Streamlit tells of a change at the next click."""
    fields = {"file_scenario": DeletedFile("1"), import_people._key("file"): DeletedFile("2")}
    state = dict(fields)
    monkeypatch.setattr(st, "session_state", state)
    take()
    assert state == fields
    assert uploads.gone("file_scenario") == "1"


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


def loading() -> None:
    import streamlit as st

    from screens.case_manager import needs_form
    from screens.shared.words import Say

    needs_form._file(None, None, Say("en"))  # type: ignore[arg-type]
    st.button("again")


def test_a_needs_file_that_is_too_large_stays_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    page = AppTest.from_function(loading, default_timeout=60).run()
    page.file_uploader[0].set_value(("needs.toml", b"#" * 100_001, "application/toml"))
    page.run()
    monkeypatch.setattr(MemoryUploadedFileManager, "get_files", lambda *_, **__: [])
    for _ in range(2):
        assert "It is larger than 100 kB." in texts(page)
        page.button[0].click().run()
        assert not page.exception
