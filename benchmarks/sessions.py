"""Ten visitors at once, each in a browser session of its own, on one server and one machine.

    python -m benchmarks.sessions [--visitors 10] [--actions 8] [--think 10] [--together]

Each visitor opens the start page, then again and again looks at another place, with pauses as people make them
(exponential, seeded); with `--together`, all click in the same instant. Measured is what a visitor sees, from the click
until the new score is painted; the browsers share the machine's cores with the server. Prints a Markdown table.
"""

import argparse
import asyncio
import os
import platform
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright

MAP = 'iframe[title="streamlit_folium.st_folium"]'
SERVE = "import app; app.serve(None, 0, announce=lambda address: print(address, flush=True))"
CLICK = """([frame, right, down]) => new Promise((done, fail) => {
    // fired in the map itself: a mouse might hit the mark of a place, which opens its popup instead
    const map = document.querySelector(frame).contentWindow.map, size = map.getSize();
    const card = () => document.querySelector(".rr-card")?.textContent, before = card();
    const start = performance.now();
    const watched = new MutationObserver(() => {
        if (!card() || card() === before) return;
        watched.disconnect();
        requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
    });
    setTimeout(() => fail(new Error("no other card within a minute")), 60_000);
    watched.observe(document.body, { subtree: true, childList: true, characterData: true });
    map.fire("click", { latlng: map.containerPointToLatLng([size.x * right, size.y * down]) });
})"""
"""A click as a page feels it: milliseconds until another card is painted. Watched in the page, for asking it again and
again takes more of the processor than some answers do."""

QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")


def main() -> None:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--visitors", type=int, default=10)
    parser.add_argument("--actions", type=int, default=8, help="places that each visitor looks at")
    parser.add_argument("--think", type=float, default=10.0, help="mean seconds between a visitor's clicks")
    parser.add_argument("--together", action="store_true", help="all click in the same instant, every --think seconds")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ["RECOVERY_REACH_HOME"] = home
        subprocess.run([sys.executable, "-c", "from cli import main; main()", "region", "build", "demo"], check=True)
        server = subprocess.Popen([sys.executable, "-c", SERVE], stdout=subprocess.PIPE, text=True)
        try:
            assert server.stdout is not None
            address = server.stdout.readline().strip()
            waited = asyncio.run(_visits(address, asked))
            megabytes = _peak_megabytes(server.pid)
        finally:
            server.terminate()
            server.wait()
    waited.sort()
    pace = "the clicks of all" if asked.together else "a visitor's"
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    print(f"| {asked.visitors} visitors, {len(waited)} clicks, {asked.think:g} s between {pace} | |\n| --- | --- |")
    print(f"| click to new score, median | {statistics.median(waited):.2f} s |")
    print(f"| 95th percentile | {waited[max(0, round(0.95 * len(waited)) - 1)]:.2f} s |")
    print(f"| slowest | {waited[-1]:.2f} s |")
    print(f"| peak memory of the server | {megabytes:.0f} MB |")


async def _visits(address: str, asked: argparse.Namespace) -> list[float]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(QUIET))
        pages = [await _opened(browser, address) for _ in range(asked.visitors)]
        await asyncio.sleep(10)  # the server's own warming up is over
        visits = await asyncio.gather(*(_visit(page, number, asked) for number, page in enumerate(pages)))
        await browser.close()
    return [seconds for each in visits for seconds in each]


async def _opened(browser: Browser, address: str) -> Page:
    context = await browser.new_context(viewport={"width": 1280, "height": 900})
    page = await context.new_page()
    await page.goto(address)
    await page.frame_locator(MAP).locator("canvas.leaflet-tile-loaded").first.wait_for(timeout=60_000)
    return page


async def _visit(page: Page, number: int, asked: argparse.Namespace) -> list[float]:
    chance = random.Random(number)  # noqa: S311  seeded, so that each run asks the same
    waited = []
    for _ in range(asked.actions):
        together = asked.think - time.monotonic() % asked.think
        await asyncio.sleep(together if asked.together else chance.expovariate(1 / asked.think))
        waited.append(await page.evaluate(CLICK, [MAP, chance.uniform(0.35, 0.55), chance.uniform(0.4, 0.6)]) / 1000)
    return waited


def _peak_megabytes(process: int) -> float:
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


if __name__ == "__main__":
    main()
