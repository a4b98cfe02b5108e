"""The real app in Debian's Chromium: a server on a free loopback port, and a page that may talk to nobody else."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, Request, sync_playwright

ROOT = Path(__file__).parents[2]
SERVE = "import app; app.serve(None, 0, announce=lambda address: print(address, flush=True))"

ATTACKED = """
import json, sys
from functools import cached_property
from pathlib import Path
from sources.region import Region

attacks = json.loads(Path(sys.argv[1]).read_text())

def attacked(name, columns):
    read = vars(Region)[name].func
    def hostile(self):
        table = read(self).copy()
        return table.assign(**{c: [attacks[k % len(attacks)] for k in range(len(table))] for c in columns})
    changed = cached_property(hostile)
    changed.__set_name__(Region, name)
    setattr(Region, name, changed)

texts = ["fellowship", "formats", "languages", "opening_hours", "ages", "payment", "house_rules"]
attacked("resources", ["name", "address", "venue", "notes", "phone", "url", *texts])
attacked("gazetteer", ["text"])
attacked("basemap", ["name"])
attacked("set_aside", ["reason"])
"""
"""Makes every text of a region an attack, behind the cleaning of the feeds: the screens must hold by themselves."""

EVERY = 12
FEW = f"""
from functools import cached_property
from geo.score.surface import populated_cells
from sources.region import Region

read = vars(Region)["zones"].func
def thinned(region):
    table = read(region)
    kept = set(populated_cells(table)["id"].iloc[::{EVERY}])
    return table[table["zone_id"].isin(kept)].reset_index(drop=True)
few = cached_property(thinned)
few.__set_name__(Region, "zones")
Region.zones = few
"""
"""Lets the app know only every twelfth area: a map of all of them takes minutes to work out."""

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
    "missing our iframe",  # Streamlit's own, where a page is left before its map has come
    "unregistered ComponentInstance",  # so is this one, where a part of a page with a map is left for another
    "allow-scripts and allow-same-origin",  # so does its sandbox; nothing but our own page is in that frame
    "Multiple different fragmentIds",  # two parts of the case manager's page at once: test_quick_clicks sees to it
)


LOOKED_FOR = re.compile(r"http://127\.0\.0\.1:\d+/[a-z-]+/_stcore/(health|host-config)")
"""On a page with an address of its own Streamlit first asks whether the app lies below it; the browser notes a 404."""

REPLACED = re.compile(r"http://127\.0\.0\.1:\d+/(?:[a-z-]+/)?media/\S+")
"""Streamlit looks for the file of each button that hands one out as it draws it; where the next drawing replaces both
in that moment, it notes a 404. Whether a file is handed out, tests see as they take it."""
REPLACED_SAID = "Client Error: Download Button source error - 404"


@dataclass
class Watch:
    """What went wrong on a page so far, as sentences."""

    wrong: list[str] = field(default_factory=list)
    asked_to_leave: int = 0

    def request(self, request: Request) -> None:
        """Keep a request to anything but this machine."""
        if not request.url.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:")):
            self.wrong.append(f"asked another host: {request.url}")

    def dialog(self, dialog: Dialog) -> None:
        """Keep a dialog, but for the browser's own question whether to leave what was typed, which is answered yes."""
        if dialog.type == "beforeunload":
            self.asked_to_leave += 1
            dialog.accept()
        else:
            self.wrong.append(f"dialog: {dialog.message}")
            dialog.dismiss()

    def console(self, message: ConsoleMessage) -> None:
        """Keep errors and warnings of the console."""
        asked = str(message.location.get("url", ""))
        replaced = REPLACED.fullmatch(asked) and "404" in message.text
        if LOOKED_FOR.fullmatch(asked) or replaced or message.text == REPLACED_SAID:
            return
        if message.type in {"error", "warning"} and not any(known in message.text for known in HARMLESS_WARNINGS):
            self.wrong.append(f"console {message.type}: {message.text}")


def chromium() -> str:
    """Return where Debian's Chromium is, or fail with a sentence."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.fail("Chromium is not installed; install Debian's package `chromium` (as .ci/run does) to test the app.")
    return chromium


@pytest.fixture(scope="session")
def serve(home: Path) -> Iterator[Callable[..., str]]:
    """Return what starts the app after some other code and returns its address; all are stopped at the end."""
    running: dict[tuple[str, Path], tuple[subprocess.Popen[str], str]] = {}

    def start(before: str = "", *arguments: str, on: Path = home) -> str:
        if (before, on) not in running:
            process = subprocess.Popen(
                [sys.executable, "-c", f"{before}\n{SERVE}", *arguments],
                cwd=ROOT,
                env=os.environ | {"RECOVERY_REACH_HOME": str(on)},
                stdout=subprocess.PIPE,
                text=True,
            )
            running[before, on] = (process, (process.stdout.readline() if process.stdout else "").strip())
        address = running[before, on][1]
        assert address.startswith("http://127.0.0.1:"), "the server did not start"
        return address

    yield start
    for process, _ in running.values():
        process.terminate()
        process.wait(timeout=20)
        if process.stdout:
            process.stdout.close()


@pytest.fixture(scope="session")
def address(serve: Callable[..., str]) -> str:
    """Return the address of the app on the demo region."""
    return serve()


@pytest.fixture(scope="session")
def few_areas(
    serve: Callable[..., str], home: Path, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> str:
    """Return the address of the app on a few areas of the demo region, of which no map is worked out yet."""
    if os.environ.get("RECOVERY_REACH_SCREENSHOTS"):  # whose readers see all of them
        return str(request.getfixturevalue("address"))
    folder = tmp_path_factory.mktemp("few") / "home"
    return serve(FEW, on=Path(shutil.copytree(home, folder, ignore=shutil.ignore_patterns("surfaces"))))


@pytest.fixture(scope="session")
def attacked(serve: Callable[..., str], shared: Path) -> str:
    """Return the address of the app on a region in which every text is an attack."""
    return serve(ATTACKED, str(shared / "badinputs/synthetic-attacks/html_jinja_markdown.json"))


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
        context.set_default_timeout(60_000)
        contexts.append(context)
        page = context.new_page()
        page.on("request", watch.request)
        page.on("console", watch.console)
        page.on("pageerror", lambda error: watch.wrong.append(f"script error: {error}"))
        page.on("dialog", watch.dialog)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert watch.wrong == []
