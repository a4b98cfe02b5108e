"""How soon the pocket page is there on a slow telephone line: `python -m benchmarks.pocket [full]`, on the demo region.

Chromium is slowed down to 400 kbit/s and 400 ms by its own tools. With `full`, the participant's page in Streamlit is
timed too. Times are the medians of `RUNS`, after one run that isn't counted; bytes are those on the line.
"""

import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

RUNS = 5
ADDRESS = "253 Dovetail Street"
SLOW = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
SERVE = "import app; app.serve(None, 0, announce=lambda address: print(address, flush=True))"
ROOT = Path(__file__).parents[1]


def main() -> None:
    """Print a table of seconds and bytes."""
    server = subprocess.Popen([sys.executable, "-c", SERVE], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        address = server.stdout.readline().strip()
        with sync_playwright() as playwright:
            chromium = shutil.which("chromium")
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
            print("| page | crisis line, s | form, s | answer, s | kB in all |")
            print("| --- | --- | --- | --- | --- |")
            tell("pocket page", [pocket(browser, address) for _ in range(RUNS + 1)][1:])
            if "full" in sys.argv[1:]:
                tell("full app, participant's page", [full(browser, address)])
            browser.close()
    finally:
        server.terminate()
        server.wait(timeout=20)


def tell(name: str, runs: list[tuple[float, float, float, int]]) -> None:
    """Print a row of medians."""
    crisis, form, answer, size = (statistics.median(one) for one in zip(*runs, strict=True))
    print(f"| {name} | {crisis:.1f} | {form:.1f} | {answer:.1f} | {size / 1000:.0f} |")


def pocket(browser: Browser, address: str) -> tuple[float, float, float, int]:
    """Return seconds until the crisis line, until the form, from the question to its answer, and bytes."""
    page, size = slow_page(browser, java_script_enabled=False)
    began = time.monotonic()
    page.goto(f"{address}near", wait_until="commit")
    crisis = seconds_until(page, '.crisis a[href="tel:988"]', began)
    form = seconds_until(page, ".go", began)
    page.wait_for_load_state()
    page.fill("#from", ADDRESS)
    began = time.monotonic()
    page.click(".go", no_wait_after=True)
    answer = seconds_until(page, "#answer nav", began)
    page.wait_for_load_state()
    page.context.close()
    return crisis, form, answer, size()


def full(browser: Browser, address: str) -> tuple[float, float, float, int]:
    """Return the same of the participant's page."""
    page, size = slow_page(browser)
    began = time.monotonic()
    page.goto(f"{address}participant", wait_until="commit")
    crisis = seconds_until(page, 'a[href="tel:988"]', began)
    form = seconds_until(page, ".stTextInput input", began)
    page.fill(".stTextInput input", ADDRESS)
    began = time.monotonic()
    page.keyboard.press("Enter")
    answer = seconds_until(page, ".rr-near", began)
    page.context.close()
    return crisis, form, answer, size()


def slow_page(browser: Browser, **options: bool) -> tuple[Page, Callable[[], int]]:
    """Return a page on a slow line, and what tells how many bytes have come."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, **options)  # type: ignore[arg-type]
    context.set_default_timeout(300_000)
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", SLOW)
    came: list[float] = []
    line.on("Network.loadingFinished", lambda event: came.append(event["encodedDataLength"]))
    return page, lambda: int(sum(came))


def seconds_until(page: Page, selector: str, began: float) -> float:
    """Return the seconds until something is seen."""
    page.locator(selector).first.wait_for()
    return time.monotonic() - began


if __name__ == "__main__":
    main()
