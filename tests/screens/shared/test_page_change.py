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
