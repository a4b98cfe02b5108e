"""What the browser tests do on every screen: open it, click, wait, look, take its picture."""

import io
import os
import re
from collections.abc import Callable, Iterable
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Frame, FrameLocator, Locator, Page, expect

from screens.shared.catalogs import WORDS
from screens.shared.words import Say

ROOT = Path(__file__).parents[2]
MAP = 'iframe[title="streamlit_folium.st_folium"]'
DOWNTOWN = (0.5, 0.5)
EN, ES = Say("en"), Say("es")

NewPage = Callable[..., Page]

ALLOWED_BY_AXE: dict[str, str] = {}
"""Rule → why a serious finding of it may stay."""

expect.set_options(timeout=60_000)


def english_on(page: Page, named: Iterable[str] = ()) -> list[str]:
    """Return the names of messages that a Spanish page shows in English, apart from what things call themselves."""
    shown = page.inner_text('[data-testid="stMain"]')
    for name in named:
        shown = shown.replace(name, "")
    plain = {key: text for key, text in WORDS.items() if isinstance(text, str) and "{" not in text and len(text) > 12}
    return [key for key, text in plain.items() if text != ES(key) and text in shown]


def opened(page: Page, address: str, path: str = "") -> FrameLocator:
    """Open a page of the app (`participant?language=es`) and wait for the first piece of its basemap."""
    page.goto(address + path)
    frame = page.frame_locator(MAP)
    frame.locator("canvas.leaflet-tile-loaded").first.wait_for()
    return frame


def click_map(page: Page, where: tuple[float, float] = DOWNTOWN) -> None:
    frame = page.locator(MAP)
    frame.scroll_into_view_if_needed()
    box = frame.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] * where[0], box["y"] + box["height"] * where[1])


def total(page: Page) -> Locator:
    return page.locator('[data-score="total"]')


def scored(page: Page) -> int:
    """Return the score once it is there; on a fresh machine the kernels are compiled first, which takes a minute."""
    expect(total(page)).to_have_text(re.compile(r"^\d+$"), timeout=240_000)
    return int(total(page).inner_text())


def settled(page: Page) -> None:
    """Wait until nothing on the page is from before: what is being made anew is pale meanwhile."""
    expect(page.locator('[data-stale="true"]')).to_have_count(0)
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)
    opaque = """() => [...document.querySelectorAll(".stElementContainer")]
        .every((element) => getComputedStyle(element).opacity === "1")"""
    page.wait_for_function(opaque)


def scrolls_sideways(page: Page) -> bool:
    script = """() => [document.documentElement, ...document.querySelectorAll('[data-testid="stMain"]')]
        .some((box) => box.scrollWidth > box.clientWidth)"""
    return bool(page.evaluate(script))


def shot(page: Page, name: str) -> None:
    """Take a picture for the documentation, where asked to (the tests leave nothing behind otherwise)."""
    if os.environ.get("RECOVERY_REACH_SCREENSHOTS"):
        folder = ROOT / "docs" / "screens"
        folder.mkdir(parents=True, exist_ok=True)
        page.wait_for_timeout(1200)
        picture = Image.open(io.BytesIO(page.screenshot()))
        picture.convert("RGB").quantize(256).save(folder / f"{name}.png", optimize=True)  # a third of the size


def map_frame(page: Page) -> Frame:
    """Return the frame that the map lives in."""
    return next(frame for frame in page.frames if "streamlit_folium" in frame.url)


def serious_findings(page: Page) -> list[str]:
    """Return what axe finds serious or critical on a page and in its map, as sentences."""
    violations = list(Axe().run(page).response["violations"])
    if page.locator(MAP).count():
        violations += Axe().run(map_frame(page)).response["violations"]
    return [
        f"{finding['id']}: {finding['help']}: {finding['nodes'][0]['html'][:160]}"
        for finding in violations
        if finding["impact"] in {"serious", "critical"} and finding["id"] not in ALLOWED_BY_AXE
    ]
