"""The score, timed on the demo county: one home, twenty, moved weights, whole surfaces, a week plan, and how it grows.

    python -m benchmarks.scoring             everything but the whole surface, about a minute
    python -m benchmarks.scoring --surface   the whole surface of every profile too

CPU is that of all threads; on idle processors the wait is about that by their number for surfaces and many homes.
"""

import argparse
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from geo.needs.curfew import every_evening
from geo.needs.needs import Needs, SavedPlace, Shift
from geo.plan.week_plan import plan_week
from geo.score.score import prepare, reweighed, score_home, score_homes
from geo.score.support import RegionSupport
from geo.score.surface import populated_cells, score_cells, score_profiles
from sources.demo import DEMO_HOME
from sources.region import build_demo, list_regions, open_region
from sources.region.model import Region

HOMES = 20
CELLS = (150, 300, 600, 1200)
COPIES = (1, 2, 4, 8)
WORKER = Needs(
    medications=("methadone",),
    curfew=every_evening(22 * 60),
    meetings_per_week=5,
    shifts=tuple(Shift(day, 11 * 60, 17 * 60) for day in range(5)),
    work_place=SavedPlace("work", 40.3607, -113.41),
)
EARLY = replace(WORKER, curfew=every_evening(16 * 60 + 30))


def main(arguments: list[str] | None = None) -> None:
    """Time everything and print the table."""
    parser = argparse.ArgumentParser(prog="benchmarks.scoring", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--surface", action="store_true", help="the whole surface of every profile too")
    asked = parser.parse_args(arguments)
    if "demo" not in [facts.name for facts in list_regions()]:
        build_demo()
    region = open_region("demo")
    support, date, (lat, lon) = region.support, region.facts.service_date, DEMO_HOME
    cells = populated_cells(region.zones)
    some = cells.iloc[np.linspace(0, len(cells) - 1, HOMES).astype(int)]
    score = score_home(support, (lon, lat), Needs(), date)
    score_homes(support, some, Needs(), date)
    names = [part.name for part in score.parts if part.counts]
    rows = [
        ("one home, warm", lambda: score_home(support, (lon, lat), Needs(), date), 7),
        (f"{HOMES} candidate homes", lambda: score_homes(support, some, Needs(), date), 3),
        ("weights moved", lambda: reweighed(score.parts, support.parameters, {names[0]: 3, "home": 2}), 7),
        ("a week plan that can be", lambda: plan_week(support, (lon, lat), WORKER, date), 3),
        ("a week plan that can't be, and what would help", lambda: plan_week(support, (lon, lat), EARLY, date), 3),
    ]
    print("| task | CPU | wall |\n| --- | --- | --- |")
    for task, run, times in rows:
        show(task, *timed(run, times))
    if asked.surface:
        show("surface, every profile", *timed(lambda: score_profiles(support, cells, Needs(), date), 1))
        print(f"| peak memory | {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB | |")
    grow("cells", CELLS, lambda count: partly(support, cells.iloc[:count], date))
    grow("resources", COPIES, lambda copies: more(region, support, copies, date))
    print(f"\n{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} at the end.", file=sys.stderr)


def timed(run: Callable[[], Any], times: int) -> tuple[float, float]:
    """Return the median CPU and wall seconds."""
    cpu, wall = [], []
    for _ in range(times):
        began = time.process_time(), time.perf_counter()
        run()
        cpu.append(time.process_time() - began[0])
        wall.append(time.perf_counter() - began[1])
    return statistics.median(cpu), statistics.median(wall)


def show(task: str, cpu: float, wall: float | None = None) -> None:
    """Print a row of the table."""
    print(f"| {task} | {1000 * cpu:,.4g} ms | {'' if wall is None else f'{1000 * wall:,.4g} ms'} |", flush=True)


def grow(what: str, sizes: tuple[int, ...], run: Callable[[int], tuple[str, float]]) -> None:
    """Time growing sizes, and fit the exponent of growth."""
    measured = []
    for size in sizes:
        label, cpu = run(size)
        measured.append(cpu)
        show(f"{what}: {label}", cpu)
    exponent = np.polyfit(np.log(sizes), np.log(measured), 1)[0]
    print(f"| growth with {what} | n^{exponent:.2f} | |")


def partly(support: RegionSupport, cells: pd.DataFrame, date: Any) -> tuple[str, float]:
    """Return the CPU of a surface of some cells."""
    return f"{len(cells)}", timed(lambda: score_cells(support, cells, Needs(), date), 1)[0]


def more(region: Region, support: RegionSupport, copies: int, date: Any) -> tuple[str, float]:
    """Return the CPU of one home's score where every resource and its sessions come so often, some meters apart."""
    random = np.random.default_rng(1)
    tables: dict[str, list[pd.DataFrame]] = {"resources": [], "sessions": []}
    for copy in range(copies):
        for name, table in (("resources", region.resources), ("sessions", region.sessions)):
            again = table.assign(resource_id=table["resource_id"] + f"#{copy}")
            if name == "resources":
                for axis in ("lon", "lat"):
                    again[axis] = again[axis] + random.normal(0, 0.003, len(again)) * (copy > 0)
            tables[name].append(again)
    grown = prepare(
        region.network,
        pd.concat(tables["resources"], ignore_index=True),
        pd.concat(tables["sessions"], ignore_index=True),
        region.zones,
        support.parameters,
        region_hash="grown",
    )
    lat, lon = DEMO_HOME
    score_home(grown, (lon, lat), Needs(), date)
    return f"{len(grown.resources)}", timed(lambda: score_home(grown, (lon, lat), Needs(), date), 5)[0]


if __name__ == "__main__":
    main()
