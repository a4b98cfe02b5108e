"""What the app rests on of Streamlit and others, though it isn't promised to stay: all of it is tried at the start."""

import inspect
import logging
from collections.abc import Mapping

import streamlit as st
from streamlit import config
from streamlit.runtime import Runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext
from streamlit.runtime.uploaded_file_manager import UploadedFileRec
from streamlit.runtime.websocket_session_manager import WebsocketSessionManager

from geo import compiled
from geo.library_parts import LibraryPart
from layers import folium_offline
from screens.shared import small_fonts
from sources.web import http

STREAMLIT = "1.67.0"


def library_parts(settings: Mapping[str, object]) -> tuple[LibraryPart, ...]:
    """Return every part that the app rests on.

    Parameters
    ----------
    settings
        The options of Streamlit that the app sets.
    """
    return (
        *compiled.LIBRARY_PARTS,
        *http.LIBRARY_PARTS,
        *folium_offline.LIBRARY_PARTS,
        LibraryPart("streamlit", STREAMLIT, "The settings that keep the app private", lambda: _has_options(settings)),
        LibraryPart("streamlit", STREAMLIT, "The app's own server", _runs_our_script),
        LibraryPart("streamlit", STREAMLIT, "What keeps closed visits few", _keeps_visits_where_we_look),
        LibraryPart("streamlit", STREAMLIT, "What bounds the files that visitors send", _keeps_files_where_we_look),
        LibraryPart("streamlit", STREAMLIT, "What tells one visit from another", _knows_visits),
        LibraryPart("streamlit", STREAMLIT, "What keeps typed words out of the log", _logs_by_the_library),
        LibraryPart("streamlit", STREAMLIT, "The fonts of the pages", _brings_fonts),
    )


def _has_options(settings: Mapping[str, object]) -> bool:
    """Return whether Streamlit knows the options; asked for one, it would read its files before it knows of ours."""
    return settings.keys() <= config._config_options_template.keys()


def _runs_our_script() -> bool:
    return hasattr(config, "_main_script_path") and {"lifespan", "routes", "middleware", "on_script_error"} <= set(
        inspect.signature(st.App).parameters
    )


def _keeps_visits_where_we_look() -> bool:
    return (
        "_session_mgr" in Runtime.__init__.__code__.co_names
        and "_session_storage" in WebsocketSessionManager.__init__.__code__.co_names
    )


def _keeps_files_where_we_look() -> bool:
    store = MemoryUploadedFileManager("")
    store.add_file(session_id="a", file=UploadedFileRec("b", "b", "", b""))
    kept = list(store.file_storage["a"]) == ["b"]
    store.remove_file("a", "b")
    return kept and not store.file_storage["a"] and hasattr(Runtime, "uploaded_file_mgr")


def _knows_visits() -> bool:
    return callable(get_script_run_ctx) and "session_id" in inspect.signature(ScriptRunContext).parameters


def _logs_by_the_library() -> bool:
    return isinstance(st.logger.get_logger("streamlit.recovery_reach"), logging.Logger)


def _brings_fonts() -> bool:
    return len(small_fonts.addresses()) == 2
