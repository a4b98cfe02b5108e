"""The site of `docs/` in a browser that can reach nobody: pages, search, both widths; nothing is asked elsewhere."""

import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


class Quiet(SimpleHTTPRequestHandler):
    """Hands out a folder without a line for each request."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def site_address(site: Path) -> Iterator[str]:
    """Return the address of the built site, handed out on loopback."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


PAGES = ("index", "your-county", "participant", "case-manager", "commands", "library-reference", "how-to-source")


@pytest.mark.parametrize(("width", "height"), [(1280, 900), (390, 844)], ids=["desktop", "phone"])
def test_pages_are_read_and_nothing_is_wider_than_the_window(
    site_address: str, new_page: Callable[..., Page], width: int, height: int
) -> None:
    page = new_page(width, height)
    for name in PAGES:
        page.goto(f"{site_address}/{name}.html")
        expect(page.locator("article h1")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        broken = "[...document.images].filter(one => one.complete && !one.naturalWidth).map(one => one.src)"
        assert page.evaluate(broken) == []


def test_search_finds_a_command(site_address: str, new_page: Callable[..., Page]) -> None:
    page = new_page()
    page.goto(f"{site_address}/index.html")
    page.get_by_placeholder("Search").click()
    expect(page.locator(".md-search-result__meta")).to_have_text("Type to start searching")  # its index is read
    page.get_by_placeholder("Search").press_sequentially("isochrones")
    page.locator(".md-search-result__link").first.click()
    expect(page.locator("article")).to_contain_text("isochrones")
