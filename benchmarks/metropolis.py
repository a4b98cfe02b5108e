"""A metropolis, timed: an invented city as dense and large as Chicago, built, opened, scored; and how that grows.

    python -m benchmarks.metropolis CITY …              each folder's city, and the growth with their stops
    python -m benchmarks.metropolis CITY … --cells 64   and so many cells of each one's surface

A city is a folder with `metro.osm.pbf`, `metro_gtfs.zip`, lists of places (`*.csv`, `meetings.json`) and `people.csv`,
such as a generator of cities writes. Regions are built in a folder of their own (`--home`), once; each step runs in a
fresh process, so that its memory is its own. Writes the plot of growth where `--plot` says.
"""

import argparse
import json
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

HOMES = 20
APART = ("metro.osm.pbf", "metro_gtfs.zip", "people.csv", "resources")
Measured = dict[str, Any]


def main(arguments: list[str] | None = None) -> None:
    """Measure every city and print the tables."""
    parser = argparse.ArgumentParser(prog="benchmarks.metropolis", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("city", nargs="+", type=Path, help="folder of a city's files")
    parser.add_argument("--cells", type=int, default=0, help="cells of each surface, drawn evenly in blocks")
    parser.add_argument("--home", type=Path, help="folder in which regions are kept; without, they are built anew")
    parser.add_argument("--plot", type=Path, help="PNG of the growth")
    parser.add_argument("--step", choices=sorted(_STEPS), help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.step:
        print(json.dumps(_STEPS[asked.step](asked.city[0], asked.cells)))
        return
    with tempfile.TemporaryDirectory() as temporary:
        os.environ["RECOVERY_REACH_HOME"] = str(asked.home or temporary)
        cities = [_measure(city.resolve(), asked.cells) for city in asked.city]
    print(f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} as it ended\n")
    print("| what | " + " | ".join(f"{one['stops']:,} stops" for one in cities) + " |")
    print("| --- |" + " --- |" * len(cities))
    for name in (name for name in cities[-1] if name not in ("stops", "cpu")):
        print(f"| {name} | " + " | ".join(one.get(name, "") for one in cities) + " |")
    if len(cities) > 1:
        _grow(cities, asked.plot)


def _measure(city: Path, cells: int) -> Measured:
    steps = [_run(name, city, cells) for name in _STEPS]
    return {name: value for step in steps for name, value in step.items()}


def _run(step: str, city: Path, cells: int) -> Measured:
    command = [sys.executable, "-m", "benchmarks.metropolis", str(city), "--step", step, "--cells", str(cells)]
    print(f"{city.name}: {step} …", file=sys.stderr, flush=True)
    done = subprocess.run(command, cwd=Path(__file__).parents[1], capture_output=True, text=True, check=True)
    measured: Measured = json.loads(done.stdout.splitlines()[-1])
    return measured


def _build(city: Path, cells: int) -> Measured:
    """Build the region, unless it is there."""
    del cells
    from sources.region import RegionInputs, build_region, list_regions

    if _name(city) in [facts.name for facts in list_regions()]:
        return {}
    with tempfile.TemporaryDirectory() as folder:
        lists = Path(folder) / "resources"
        lists.mkdir()
        for file in [*city.glob("*.csv"), *city.glob("*.json"), *city.glob("resources/*")]:
            if file.name not in APART:
                shutil.copy(file, lists)
        inputs = RegionInputs(
            osm=city / APART[0], gtfs=(city / APART[1],), resources=(lists,), zones=(city / APART[2],)
        )
        return {"build": _shown(lambda: build_region(_name(city), inputs)), "memory of the build": _memory()}


def _score(city: Path, cells: int) -> Measured:
    """Score homes one after another, twenty together, and some cells."""
    from geo.needs.needs import Needs
    from geo.score.score import score_home, score_homes
    from geo.score.surface import populated_cells, score_cells
    from sources.region import open_region

    kept: dict[str, Any] = {}
    opened = _shown(lambda: kept.update(region=open_region(_name(city))))
    region = kept["region"]
    ready = _shown(lambda: kept.update(support=region.support))
    support, date, every = region.support, region.facts.service_date, populated_cells(region.zones)
    some = every.iloc[np.random.default_rng(5).choice(len(every), HOMES + 7, replace=False)]
    places = list(zip(some["lon"], some["lat"], strict=True))

    def score(place: tuple[float, float]) -> Callable[[], object]:
        return lambda: score_home(support, place, Needs(), date)

    first = _shown(score(places[0]))
    each = [_timed(score(place)) for place in places[1:7]]
    cpu = statistics.median(one[0] for one in each)
    shown = {
        "stops": len(region.network.feed.stop_id),
        "open": opened,
        "prepare for scores, once an opening": ready,
        "first score": first,
        "each further one, median of six": _words(cpu, statistics.median(one[1] for one in each)),
        "twenty homes": _shown(lambda: score_homes(support, some.iloc[7:], Needs(), date)),
        "cpu": cpu,
    }
    if cells:
        drawn = every.iloc[_drawn(every, cells)]
        taken, waited = _timed(lambda: score_cells(support, drawn, Needs(), date))
        shown[f"{cells} cells of a surface"] = _words(taken, waited)
        shown[f"all {len(every):,} cells, by that rate"] = f"{waited / cells * len(every) / 60:,.0f} min"
    return shown | {"memory": _memory()}


def _drawn(every: pd.DataFrame, cells: int) -> NDArray[np.intp]:
    """Return rows of so many cells, in blocks that a surface searches together, evenly over the city."""
    from geo.score.home_times import HOMES_AT_ONCE
    from geo.travel.neighbors import side_by_side

    order = side_by_side(every["lon"].to_numpy(), every["lat"].to_numpy())
    blocks = -(-cells // HOMES_AT_ONCE)
    first = np.linspace(0, len(order) // HOMES_AT_ONCE - 1, blocks).astype(int) * HOMES_AT_ONCE
    return order[(first[:, None] + np.arange(HOMES_AT_ONCE)).ravel()[:cells]]


def _grow(cities: list[Measured], plot: Path | None) -> None:
    """Print how the CPU of one home grows with the stops, and draw it."""
    stops, cpu = (np.array([one[name] for one in cities]) for name in ("stops", "cpu"))
    slope = np.polyfit(np.log(stops), np.log(cpu), 1)[0]
    bound = np.polyfit(np.log(stops), np.log(stops * np.log(stops)), 1)[0]
    print(f"\nOne home grows as stops^{slope:.2f} (n log n there: {bound:.2f}).")
    if plot is None:
        return
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(6, 4), layout="constrained")
    axes.loglog(stops, cpu, marker="o", label="one home")
    axes.loglog(stops, cpu[0] * stops * np.log(stops) / (stops[0] * np.log(stops[0])), "k:", label="n log n")
    axes.set(xlabel="stops", ylabel="seconds of a processor", title="One home in an invented city")
    axes.legend()
    figure.savefig(plot, dpi=120)
    plt.close(figure)


def _name(city: Path) -> str:
    return f"metropolis-{city.name}"


def _timed(run: Callable[[], object]) -> tuple[float, float]:
    """Return CPU and wall seconds."""
    cpu, wall = time.process_time(), time.perf_counter()
    run()
    return time.process_time() - cpu, time.perf_counter() - wall


def _shown(run: Callable[[], object]) -> str:
    return _words(*_timed(run))


def _words(cpu: float, wall: float) -> str:
    return f"{cpu:.2f} s of a processor, {wall:.2f} s by the clock"


def _memory() -> str:
    return f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB"


_STEPS: dict[str, Callable[[Path, int], Measured]] = {"build": _build, "score": _score}


if __name__ == "__main__":
    main()
