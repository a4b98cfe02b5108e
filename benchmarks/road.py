"""The whole road, timed: build a region, score a home, draw the first map.

    python -m benchmarks.road                  the fictional demo county
    python -m benchmarks.road --shared DATA    and Northern Kentucky from DATA/regions/nky

Prints a Markdown table (median of at least 5, except builds: each is one run in a fresh process).
"""

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

RUNS = 7
MAP = 'iframe[title="streamlit_folium.st_folium"]'
SERVE = "import app; app.serve(None, 0, announce=lambda address: print(address, flush=True))"
DEMO_HOME = (40.3593044, -113.4263479)
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
    from geo.needs.needs import Needs
    from geo.score.score import score_home
    from sources.places.gazetteer import find
    from sources.region import open_region
    from sources.region.model import support_for

    opening = _median(lambda: open_region(name))
    region = open_region(name)
    start = time.perf_counter()
    support = support_for(region, None)
    preparing = time.perf_counter() - start
    lat, lon = place
    date = region.facts.service_date
    score_home(support, (lon, lat), Needs(), date)
    scoring = _median(lambda: score_home(support, (lon, lat), Needs(), date))
    words = ("513 madisn ave", "5th & Finch", "libary")
    finding = _median(lambda: [find(region.gazetteer, text) for text in words]) / len(words)
    return [
        (f"open {name}", f"{1000 * opening:.0f} ms", ""),
        (f"find a place by its name ({name}, {len(region.gazetteer):,} names)", f"{1000 * finding:.0f} ms", ""),
        (f"prepare {name} for scores, once an opening", f"{preparing:.1f} s", ""),
        (f"score of one home, warm ({name})", f"{1000 * scoring:.0f} ms", ""),
    ]


def _first_map() -> list[tuple[str, str, str]]:
    """Time the first map of the demo and a click's new score in Chromium, once the server answers."""
    from playwright.sync_api import sync_playwright

    server = subprocess.Popen([sys.executable, "-c", SERVE], stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        address = server.stdout.readline().strip()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            maps, scores = [], []
            for visit in range(5):
                page = browser.new_page(viewport={"width": 1280, "height": 900})
                start = time.perf_counter()
                page.goto(address)
                page.frame_locator(MAP).locator("canvas.leaflet-tile-loaded").first.wait_for()
                maps.append(time.perf_counter() - start)
                scores.append(_click(page, visit))
                page.close()
            browser.close()
    finally:
        server.terminate()
        server.wait()
    return [
        ("first map after the server is up, first visit", f"{maps[0]:.1f} s", ""),
        ("first map, later visits", f"{statistics.median(maps[1:]):.1f} s", ""),
        ("first click to score, while the app still warms up", f"{scores[0]:.1f} s", ""),
        ("a click to the new score", f"{statistics.median(scores[1:]):.1f} s", ""),
    ]


def _click(page: Any, visit: int) -> float:
    """Click the map, somewhere else each visit, and return the seconds until the score stands there."""
    box = page.locator(MAP).bounding_box()
    start = time.perf_counter()
    page.mouse.click(box["x"] + box["width"] * (0.5 + 0.01 * visit), box["y"] + box["height"] * 0.5)
    page.locator('[data-score="total"]').wait_for(timeout=60_000)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
