"""Every part of a library that the app rests on is there, and its loss is noticed at the start."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import urllib3.connection
from numba.core.caching import IndexDataCacheFile
from streamlit import config
from streamlit.runtime import Runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.websocket_session_manager import WebsocketSessionManager

import app
from geo.errors import LibraryError
from geo.library_parts import missing_parts
from layers import folium_offline
from screens.shared import small_fonts, streamlit_parts
from screens.shared.streamlit_parts import library_parts
from sources.web import http

ROOT = Path(__file__).parents[3]
LOCK = ROOT / "requirements.lock"


def lost() -> list[str]:
    return [part.supports for part in missing_parts(library_parts(app.SETTINGS))]


def test_all_are_there() -> None:
    assert lost() == []


def test_known_versions_are_those_of_the_lock() -> None:
    locked = dict(re.findall(r"^([\w.-]+)==([\w.]+)", LOCK.read_text("utf-8"), re.MULTILINE))
    assert [
        (part.library, part.known_version)
        for part in library_parts(app.SETTINGS)
        if locked[part.library] != part.known_version
    ] == []


def without_door(self: Any) -> None:
    raise ConnectionRefusedError  # as a release would that opens its sockets by another name


@pytest.mark.parametrize(
    ("where", "name", "instead", "sentence"),
    [
        (urllib3.connection.HTTPConnection, "connect", without_door, "The guard that keeps fetches out of private"),
        (urllib3.connection.HTTPSConnection, "connect", without_door, "The guard that keeps fetches out of private"),
        (IndexDataCacheFile, "load", lambda self, key: None, "What keeps damaged loops from being run"),
        (IndexDataCacheFile, "_save_data", lambda self, name, data: None, "What keeps damaged loops from being run"),
        (folium_offline.Map, "default_js", [("leaflet", "https://cdn.example.org/leaflet.js")], "The maps"),
        (config, "_config_options_template", {}, "The settings that keep the app private"),
        (Runtime, "__init__", lambda self: None, "What keeps closed visits few"),
        (WebsocketSessionManager, "__init__", lambda self: None, "What keeps closed visits few"),
        (MemoryUploadedFileManager, "remove_file", lambda self, *_: None, "What bounds the files that visitors send"),
        (streamlit_parts, "get_script_run_ctx", None, "What tells one visit from another"),
        (streamlit_parts.st, "App", SimpleNamespace, "The app's own server"),
        (small_fonts, "addresses", dict, "The fonts of the pages"),
    ],
)
def test_a_release_without_it_is_noticed(
    where: Any, name: str, instead: Any, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(where, name, instead)
    assert [supports for supports in lost() if not supports.startswith(sentence)] == []
    assert lost()


def test_the_app_does_not_start_without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(config, "_main_script_path")
    with pytest.raises(LibraryError, match=r"The app's own server can't work with streamlit .* pip install"):
        app.application()


def test_nothing_is_fetched_without_the_guard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RECOVERY_REACH_OFFLINE", raising=False)
    monkeypatch.setattr(urllib3.connection.HTTPConnection, "connect", without_door)
    http._check_guard.cache_clear()
    try:
        with pytest.raises(LibraryError, match="out of private networks can't work with urllib3"):
            http.fetch("https://example.org/", http.Policy())
    finally:
        http._check_guard.cache_clear()


def test_trying_them_leaves_the_pages_their_own_colors() -> None:
    """Streamlit reads its files once, beside the script that it runs: a question before that would lose ours."""
    asked = "import app; app.application(); print(app.config.get_option('theme.light.primaryColor'))"
    shown = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    ours = tomllib.loads((ROOT / "screens" / ".streamlit" / "config.toml").read_text("utf-8"))
    assert shown.strip() == ours["theme"]["light"]["primaryColor"]
