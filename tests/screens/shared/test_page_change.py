"""Going to another page by a button: what the page that is left says meanwhile doesn't lead back to it."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

MAIN = Path(__file__).parents[3] / "screens" / "main.py"


def has_data_health(page: AppTest) -> bool:
    assert not page.exception
    return any('data-health="update"' in str(element.proto.body) for element in page.get("html"))


@pytest.mark.usefixtures("demo_region")
def test_a_page_that_is_run_instead_leads_on_once() -> None:
    page = AppTest.from_file(str(MAIN), default_timeout=120)
    assert not has_data_health(page.run())
    page.session_state["going"] = "data_health"  # as a press leaves it whose change of page was overtaken
    assert has_data_health(page.run())
    assert "going" not in page.session_state


def test_a_page_that_breaks_holds_nobody() -> None:
    def break_off() -> None:
        import streamlit as st

        from screens.shared import page_change

        class Broken:
            def run(self) -> None:
                raise ValueError("the page")

        st.session_state["going"] = "data_health"
        page_change.run(Broken())  # type: ignore[arg-type]

    page = AppTest.from_function(break_off).run()
    assert page.exception
    assert "going" not in page.session_state
