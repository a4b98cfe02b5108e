"""Scenarios, timed on the demo: one place more, one route changed; the region's own surface is known, as it is kept.

python -m benchmarks.scenarios
"""

import os
import sys
import time

from geo.needs.needs import Needs
from geo.scenarios.changes import Change, PlaceAdded, RouteCut, RouteHeadway, RouteLater, Scenario
from geo.scenarios.what_if import WhatIf, what_if
from geo.scenarios.world import World
from geo.score.surface import populated_cells, score_cells
from sources.region import build_demo, list_regions, open_region

CHANGES: dict[str, Change] = {
    "one pharmacy more": PlaceAdded("new", -113.42635, 40.35930, {"category": "pharmacy"}),
    "one recovery residence more": PlaceAdded(
        "new", -113.42635, 40.35930, {"category": "recovery_residence", "beds": 8}
    ),
    "route 1 until 23:30": RouteLater("1", 23 * 60 + 30),
    "route 8 on Sundays until 23:30": RouteLater("8", 23 * 60 + 30, days=(6,), minutes=30),
    "route 8 twice as often, all week": RouteHeadway("8"),
    "route 8 cut": RouteCut("8"),
}


def main() -> None:
    """Time everything and print the table."""
    if "demo" not in [facts.name for facts in list_regions()]:
        build_demo()
    region = open_region("demo")
    support, zones, date = region.support, region.zones, region.facts.service_date
    world = World(region.network, region.resources, region.sessions)
    cells = populated_cells(zones)
    score_cells(support, cells.head(64), Needs(), date)  # compiles
    print("| task | seconds | processor seconds |\n| --- | --- | --- |")
    start, busy = time.perf_counter(), time.process_time()
    surface = score_cells(support, cells, Needs(), date)
    print(f"| the surface as it is | {time.perf_counter() - start:.1f} | {time.process_time() - busy:.1f} |")
    for name, change in CHANGES.items():
        start, busy = time.perf_counter(), time.process_time()
        what_if(
            support, world, zones, [Scenario(name, (change,))], Needs(), date, WhatIf(),
            lambda table: table["id"].astype("string").str[:11], surface=surface,
        )  # fmt: skip
        print(f"| {name} | {time.perf_counter() - start:.1f} | {time.process_time() - busy:.1f} |")
    print(f"\n{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} at the end.", file=sys.stderr)


if __name__ == "__main__":
    main()
