"""The whole road, timed: build a region, score a home, draw the first map.

    python -m benchmarks.road                  the fictional demo county
    python -m benchmarks.road --shared DATA    and Northern Kentucky from DATA/regions/nky

Prints a Markdown table (median of at least 5, except builds: each is one run in a fresh process).
"""

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

RUNS = 7
DEMO_HOME = (40.3614, -113.4312)
NKY_HOME = (39.0837, -84.5086)

_BUILD = """
import json, resource, sys, time
start = time.perf_counter()
from cli import app
try:
    app(sys.argv[1:], standalone_mode=False)
finally:
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps([time.perf_counter() - start, used]), file=sys.stderr)
"""


def main() -> None:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--shared", type=Path, help="folder of the shared real data")
    shared = parser.parse_args().shared
    rows: list[tuple[str, str, str]] = []
    with tempfile.TemporaryDirectory() as home:
        os.environ["RECOVERY_REACH_HOME"] = home
        rows += [("demo county built from raw files", *_build(["region", "build", "demo"]))]
        if shared is not None:
            folder = shared / "regions" / "nky"
            arguments = [
                "region",
                "build",
                "nky",
                "--osm",
                folder / "streets.osm.pbf",
                "--gtfs",
                folder / "TANK-GTFS.zip",
            ]
            arguments += ["--resources", folder / "resources", "--zones", folder / "people_grid.csv"]
            rows += [("Northern Kentucky built from raw files", *_build(list(map(str, arguments))))]
        rows += _scores("demo", DEMO_HOME)
        if shared is not None:
            rows += _scores("nky", NKY_HOME)
        rows += _first_map()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    print("| what | measured | memory |\n| --- | --- | --- |")
    for row in rows:
        print("| " + " | ".join(row) + " |")


def _build(arguments: list[str]) -> tuple[str, str]:
    done = subprocess.run([sys.executable, "-c", _BUILD, *arguments], capture_output=True, text=True, check=True)
    seconds, megabytes = done.stderr.strip().splitlines()[-1].strip("[]").split(",")
    return f"{float(seconds):.1f} s", f"{float(megabytes):.0f} MB"


def _median(run: Callable[[], object]) -> float:
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def _scores(name: str, place: tuple[float, float]) -> list[tuple[str, str, str]]:
    from geo.needs import Needs
    from geo.score import score_home
    from sources.region import open_region, support_for

    opening = _median(lambda: open_region(name))
    region = open_region(name)
    start = time.perf_counter()
    support = support_for(region, None)
    preparing = time.perf_counter() - start
    lat, lon = place
    date = region.facts.service_date
    score_home(support, lon, lat, Needs(), date)
    scoring = _median(lambda: score_home(support, lon, lat, Needs(), date))
    return [
        (f"open {name}", f"{1000 * opening:.0f} ms", ""),
        (f"prepare {name} for scores, once an opening", f"{preparing:.1f} s", ""),
        (f"score of one home, warm ({name})", f"{1000 * scoring:.0f} ms", ""),
    ]


def _first_map() -> list[tuple[str, str, str]]:
    """Time the first map of the demo in a browser, from the moment that the server answers."""
    from playwright.sync_api import sync_playwright

    from tests.browser.conftest import CHROMIUM_FLAGS, running_app

    times = []
    with running_app() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM_FLAGS)
        for _ in range(5):
            page = browser.new_page()
            start = time.perf_counter()
            page.goto(address)
            page.frame_locator("iframe").locator("canvas").first.wait_for()
            times.append(time.perf_counter() - start)
            page.close()
        browser.close()
    return [
        ("first map after the server is up, first visit", f"{times[0]:.1f} s", ""),
        ("first map, later visits", f"{statistics.median(times[1:]):.1f} s", ""),
    ]


if __name__ == "__main__":
    main()
