"""The funder's page on the whole demo, in a real browser: from the click until the answer is painted.

    python -m benchmarks.funder_page

The surface as it is, is kept, as on a page that somebody has opened before. The browser shares the machine's cores
with the server. Each question is asked `REPEATS` times but for those that are worked out once. Prints a Markdown table.
"""

import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, sync_playwright

from geo.needs.needs import Needs
from screens.shared.words import Say
from sources.region import build_demo, open_region
from sources.region.surface_store import make_surfaces

SERVE = "import app; app.serve(None, 0, announce=lambda address: print(address, flush=True))"
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")
EN = Say("en")
REPEATS = 6
HEADLINE, TABLE = '[data-gap="headline"]', 'table[data-table="areas"]'
CHANGED = "([where, before]) => { const now = document.querySelector(where)?.innerText; return now && now !== before; }"
RUNNING = '[data-testid="stApp"][data-test-script-state="running"]'
"""While the page is being drawn by the server."""


def main() -> None:
    """Run the benchmark and print its table."""
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        os.environ["RECOVERY_REACH_HOME"] = home
        build_demo()
        region = open_region("demo")
        make_surfaces(region, region.support, Needs(), region.facts.service_date, ("no-car",), lambda _: None)
        with _served() as address:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(QUIET))
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            rows = [*_gaps(page, address), *_sites(page, address), *_what_if(page, address)]
            browser.close()
    print(f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the end\n")
    print("| question | seconds, median | slowest |\n| --- | --- | --- |")
    for name, seconds in rows:
        print(f"| {name} | {statistics.median(seconds):.2f} | {max(seconds):.2f} |")


@contextmanager
def _served() -> Iterator[str]:
    server = subprocess.Popen([sys.executable, "-c", SERVE], stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        yield server.stdout.readline().strip()
    finally:
        server.terminate()
        server.wait()


def _timed(page: Page, act: Callable[[], object], where: str) -> float:
    """Return the seconds from an act until a part of the page says something else, painted."""
    page.locator(RUNNING).wait_for(state="detached")
    shown = page.locator(where)
    before = shown.inner_text() if shown.count() else ""
    start = time.perf_counter()
    act()
    page.wait_for_function(CHANGED, arg=[where, before], timeout=180_000)
    return time.perf_counter() - start


def _choose(page: Page, label: str, option: str) -> Callable[[], None]:
    """Open a field's list and return what chooses from it."""
    page.locator(RUNNING).wait_for(state="detached")
    box = page.get_by_role("combobox", name=label)
    box.click()
    box.fill(option)
    return page.get_by_role("option", name=option).first.click


def _gaps(page: Page, address: str) -> list[tuple[str, list[float]]]:
    """Time what is answered from the kept surface."""
    page.goto(f"{address}funder?region=demo")
    page.locator(HEADLINE).wait_for(timeout=180_000)
    names = [EN(f"class_{name}") for name in ("pharmacy", "recovery_beds", "primary_care")]
    measures = [_timed(page, _choose(page, EN("gap_measure"), names[at % 3]), HEADLINE) for at in range(REPEATS)]
    slider = page.get_by_role("slider", name=EN("gap_below"))
    keys = ("ArrowRight", "ArrowLeft")
    below = [_timed(page, lambda key=keys[at % 2]: slider.press(key), HEADLINE) for at in range(REPEATS)]
    kinds = [EN(f"gap_level_{name}") for name in ("tract", "place")]
    levels = [
        _timed(page, page.get_by_role("radio", name=kinds[at % 2], exact=True).click, TABLE) for at in range(REPEATS)
    ]
    return [("another measure", measures), ("another threshold", below), ("other areas", levels)]


def _sites(page: Page, address: str) -> list[tuple[str, list[float]]]:
    page.goto(f"{address}funder?region=demo&part=sites")
    button, where = page.get_by_role("button", name=EN("site_work_out")), '[data-site="headline"]'
    button.wait_for()
    return [("one methadone program more, at any address", [_timed(page, button.click, where)])]


def _what_if(page: Page, address: str) -> list[tuple[str, list[float]]]:
    """Time a place that closes, and a route that runs more often, each with the map and all tables."""
    page.goto(f"{address}funder?region=demo&part=what_if")
    button, where = page.get_by_role("button", name=EN("if_work_out")), '[data-if="headline"]'
    button.wait_for()
    rows = []
    _choose(page, EN("if_kind"), EN("if_kind_place_close"))()
    _choose(page, EN("if_place"), "pharmacy")()
    _add(page, 1)
    rows.append(("a pharmacy closes", [_timed(page, button.click, where)]))
    page.get_by_role("button", name=EN("if_clear")).click()
    page.locator('[data-if="change"]').wait_for(state="detached")
    _choose(page, EN("if_kind"), EN("if_kind_headway"))()
    _add(page, 1)
    rows.append(("a route runs twice as often, all week", [_timed(page, button.click, where)]))
    return rows


def _add(page: Page, count: int) -> None:
    page.locator(RUNNING).wait_for(state="detached")
    page.get_by_role("button", name=EN("if_add")).click()
    page.locator('[data-if="change"]').nth(count - 1).wait_for()


if __name__ == "__main__":
    main()
