"""Forget: the visit is emptied, and what stays of it is left alone."""

import pytest
from streamlit.testing.v1 import AppTest

from screens.case_manager import drafts, person
from screens.caseload import session
from screens.shared.words import Say

EN, ES = Say("en"), Say("es")


def page_with_languages() -> None:
    """Show the page under the switch of languages that every page has."""
    import runpy
    from pathlib import Path

    import streamlit as st

    from screens import participant

    st.segmented_control("language", ["en", "es"], default="en", required=True, key="language")
    runpy.run_path(str(Path(participant.__file__).with_name("page.py")))


@pytest.mark.usefixtures("demo_region")
def test_a_language_chosen_while_the_visit_is_emptied_stays() -> None:
    page = AppTest.from_function(page_with_languages, default_timeout=120)
    page.session_state["want_open"] = True
    page.run()
    page.text_input(key="typed").set_value("40.3593, -113.4264")
    page.button(key="near_forget").click().run()
    assert not page.exception
    assert page.session_state["typed"] == ""
    assert page.session_state["want_open"] is False
    language = page.button_group(key="language")
    assert not language.proto.set_value, "a value that the server sets takes back a choice made meanwhile"
    language.set_value("es").run()
    assert ES("near_forget") in {one.label for one in page.button}


@pytest.mark.usefixtures("demo_region")
def test_nothing_that_was_entered_on_other_pages_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    locked: list[object] = []
    monkeypatch.setattr(session, "lock", locked.append)
    drafts.keep("this tab", {f"{person.PREFIX}entered": {"curfew": "22:00"}})
    page = AppTest.from_function(page_with_languages, default_timeout=120)
    page.session_state[person.DRAFT_KEY] = "this tab"
    page.session_state[session._VAULT] = "an open vault"
    page.session_state["map_number"] = 3
    page.run()
    page.button(key="near_forget").click().run()
    assert not page.exception
    assert drafts.kept("this tab") == {}
    assert locked == ["an open vault"]
    assert session._VAULT not in page.session_state
    assert page.session_state["map_number"] == 4
