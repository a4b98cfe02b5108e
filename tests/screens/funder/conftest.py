"""The funder's page without a browser, opened at one of its parts."""

from collections.abc import Callable
from html import unescape
from pathlib import Path

from streamlit.testing.v1 import AppTest

PAGE = str(Path(__file__).parents[3] / "screens" / "funder" / "page.py")
Open = Callable[..., AppTest]


def text_of(page: AppTest) -> str:
    """Return everything that a page shows as markup."""
    return unescape("".join(str(element.proto.body) for element in page.get("html")))


def opener(part: str, language: str = "en") -> Open:
    """Return what opens the page at a part in a language, with its fields as they are kept in the session."""

    def start(**kept: object) -> AppTest:
        page = AppTest.from_file(PAGE, default_timeout=240)
        page.query_params["part"] = part
        page.query_params["language"] = language
        for name, value in kept.items():
            page.session_state[name] = value
        page.run()
        assert not page.exception
        return page

    return start
