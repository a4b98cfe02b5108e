"""The real app in Debian's Chromium: a server on a free loopback port, and a page that may talk to nobody else."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

from sources.region import RegionInputs, build_demo, build_region

ROOT = Path(__file__).parents[2]
SERVE = "import app, sys; app.serve(sys.argv[1] or None, 0, announce=lambda address: print(address, flush=True))"

QUIET = (
    "--no-sandbox",
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)

HARMLESS_WARNINGS = (
    "Unrecognized feature:",  # Streamlit's iframe asks for permissions that this Chromium doesn't know
    "allow-scripts and allow-same-origin",  # so does its sandbox; nothing but our own page is in that frame
)


@dataclass
class Watch:
    """What went wrong on a page so far, as sentences."""

    wrong: list[str] = field(default_factory=list)

    def request(self, request: Request) -> None:
        """Keep a request to anything but this machine."""
        if not request.url.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:")):
            self.wrong.append(f"asked another host: {request.url}")

    def console(self, message: ConsoleMessage) -> None:
        """Keep errors and warnings of the console."""
        if message.type in {"error", "warning"} and not any(known in message.text for known in HARMLESS_WARNINGS):
            self.wrong.append(f"console {message.type}: {message.text}")


def chromium() -> str:
    """Return where Debian's Chromium is, or fail with a sentence."""
    found = shutil.which("chromium")
    if found is None:
        pytest.fail("Chromium is not installed; install Debian's package `chromium` (as .ci/run does) to test the app.")
    return found


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder with the demo region in it."""
    folder = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RECOVERY_REACH_HOME", str(folder))
        build_demo()
    return folder


@pytest.fixture(scope="session")
def hostile_home(tmp_path_factory: pytest.TempPathFactory, shared: Path) -> Path:
    """Return a data folder with a region whose resources are named by an attacker."""
    import json

    import pandas as pd

    folder = tmp_path_factory.mktemp("hostile")
    attacks = json.loads((shared / "badinputs/synthetic-attacks/html_jinja_markdown.json").read_text())
    names = [attack for attack in attacks if "\x00" not in attack] + ["A\x00B"]
    rows = pd.DataFrame({"name": names, "address": names, "url": names, "phone": names, "category": "pharmacy"})
    rows["lat"], rows["lon"] = 40.3641, [-113.457 + 0.0004 * k for k in range(len(rows))]
    feed = folder / "attacks.csv"
    rows.to_csv(feed, index=False)
    demo = ROOT / "data" / "demo"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RECOVERY_REACH_HOME", str(folder))
        inputs = RegionInputs(
            osm=demo / "streets.osm.pbf",
            resources=(feed, demo / "hsds.json"),
            title="{{7*7}} <b>County</b>",
            fictional=True,
        )
        build_region("hostile", inputs)
    return folder


@pytest.fixture(scope="session")
def serve() -> Iterator[Callable[[Path], str]]:
    """Return what starts the app on a data folder and returns its address; all are stopped at the end."""
    running: dict[Path, tuple[subprocess.Popen[str], str]] = {}

    def start(home: Path) -> str:
        if home not in running:
            process = subprocess.Popen(
                [sys.executable, "-c", SERVE, ""],
                cwd=ROOT,
                env=os.environ | {"RECOVERY_REACH_HOME": str(home)},
                stdout=subprocess.PIPE,
                text=True,
            )
            running[home] = (process, (process.stdout.readline() if process.stdout else "").strip())
        address = running[home][1]
        assert address.startswith("http://127.0.0.1:"), "the server did not start"
        return address

    yield start
    for process, _ in running.values():
        process.terminate()
        process.wait(timeout=20)
        if process.stdout:
            process.stdout.close()


@pytest.fixture(scope="session")
def address(serve: Callable[[Path], str], home: Path) -> str:
    """Return the address of the app on the demo region."""
    return serve(home)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return a Chromium that can resolve no name at all."""
    with sync_playwright() as playwright:
        rules = "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"
        opened = playwright.chromium.launch(executable_path=chromium(), args=[*QUIET, rules])
        yield opened
        opened.close()


@pytest.fixture
def watch() -> Watch:
    """Return what keeps account of a test's page."""
    return Watch()


@pytest.fixture
def new_page(browser: Browser, watch: Watch) -> Iterator[Callable[..., Page]]:
    """Return what opens a page (`width`, `height`, any option of a browser context), watched until the test ends."""
    contexts = []

    def opened(width: int = 1280, height: int = 900, **options: object) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)  # type: ignore[arg-type]
        context.set_default_timeout(30_000)
        contexts.append(context)
        page = context.new_page()
        page.on("request", watch.request)
        page.on("console", watch.console)
        page.on("pageerror", lambda error: watch.wrong.append(f"script error: {error}"))
        page.on("dialog", lambda dialog: (watch.wrong.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert watch.wrong == []
