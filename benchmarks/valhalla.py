"""Areas beside Valhalla's, in turns on one machine: Northern Kentucky, by each mode, from twenty places.

Valhalla's wheel (`pip install pyvalhalla`) wants CPython 3.12 or newer. Where this Python is older, or lacks the wheel,
the environment variable `RECOVERY_REACH_VALHALLA` says how to run one that has it, for instance

    RECOVERY_REACH_VALHALLA="chroot /srv/trixie /opt/valhalla/bin/python" recovery-reach bench valhalla --shared DATA

It gets `benchmarks/valhalla_worker.py` by `-c` and files by its standard input, so it need not see this folder.
"""

import base64
import json
import os
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import osmium
import pandas as pd

from benchmarks.pairs_of_times import RUNS, Row
from geo.streets.build import StreetSettings, build_streets
from geo.streets.snapping import attach
from geo.streets.topology import STREET_MODES
from geo.travel.isochrones import isochrones
from geo.travel.network import build_network
from geo.travel.settings import TravelSettings
from sources.networks.gtfs import read_feeds
from sources.networks.osm import read_streets

COMMAND = "RECOVERY_REACH_VALHALLA"
PLACES = 20
MINUTES = (10, 20, 30)
BY_TRANSIT = (30, 60)
DAY = date(2020, 7, 20)
OPTIONS = {
    "walk": ("pedestrian", {"walking_speed": 4.8}),
    "bike": ("bicycle", {"cycling_speed": 15.0}),
    "drive": ("auto", {}),
}
Times = tuple[float, float]
"""Seconds by the clock, and of the processor."""
Ask = Callable[[Any], Any]


def areas_beside_valhalla(shared: Path | None) -> list[Row]:
    """Measure areas on foot, by bicycle, by car and by transit, each beside Valhalla's of the same place."""
    command = _command()
    if shared is None or not (shared / "regions").is_dir():
        raise SystemExit("give --shared with the folder of the shared real data")
    osm, gtfs = (shared / "regions" / "nky" / name for name in ("streets.osm.pbf", "TANK-GTFS.zip"))
    streets = build_streets(read_streets(osm), "EPSG:32616", StreetSettings())
    network = build_network(streets, read_feeds([("tank", gtfs)])[0], "America/New_York")
    places = _places(network, pd.read_csv(osm.with_name("people_grid.csv")))
    window = TravelSettings(date=DAY, window=(7 * 3600, 9 * 3600))
    rows = []
    with _valhalla(command, osm, gtfs) as (ask, version):
        peer = f"Valhalla {version}"
        for mode, (costing, options) in OPTIONS.items():
            task = f"{mode} isochrones {'/'.join(map(str, MINUTES))}, {PLACES} places"
            ours, theirs = _in_turns(
                places,
                lambda home, mode=mode: isochrones(network, home, TravelSettings(mode=mode), MINUTES),
                ask,
                {"costing": costing, "costing_options": {costing: options}, "contours": _contours(MINUTES)},
            )
            rows.append(Row(task, ours[0], peer, theirs[0], _of_processor(ours, theirs)))
        ours, theirs = _in_turns(
            places,
            lambda home: isochrones(network, home, replace(window, max_minutes=max(BY_TRANSIT)), BY_TRANSIT),
            ask,
            {
                "costing": "multimodal", "costing_options": {"pedestrian": OPTIONS["walk"][1]},
                "date_time": {"type": 1, "value": f"{DAY}T08:00"}, "contours": _contours(BY_TRANSIT),
            },
        )  # fmt: skip
    task = f"transit isochrones {'/'.join(map(str, BY_TRANSIT))}, 120 departures, {PLACES} places"
    return [*rows, Row(task, ours[0], f"{peer}, one departure", theirs[0], _of_processor(ours, theirs))]


def _command() -> list[str]:
    """Return how to run a Python that has Valhalla."""
    if os.environ.get(COMMAND):
        return shlex.split(os.environ[COMMAND])
    if find_spec("valhalla") is None:
        raise SystemExit(
            f"no Python with Valhalla's wheel is at hand (it wants CPython 3.12 or newer); name one in {COMMAND}, see "
            "benchmarks/valhalla.py"
        )
    return [sys.executable]


def _places(network: Any, cells: pd.DataFrame) -> list[pd.DataFrame]:
    """Return cells where people live beside streets of every mode, evenly drawn."""
    lon, lat = cells["lon"].to_numpy(), cells["lat"].to_numpy()
    beside = [attach(network.streets, lon, lat, mode) for mode in STREET_MODES]
    near = np.logical_and.reduce([(one.link >= 0) & (one.meters_off < 100) for one in beside])
    chosen = np.random.default_rng(17).choice(np.flatnonzero(near & (cells["people"] > 0)), PLACES, replace=False)
    return [pd.DataFrame({"id": ["home"], "lon": [lon[k]], "lat": [lat[k]]}) for k in chosen]


def _contours(minutes: tuple[int, ...]) -> list[dict[str, int]]:
    return [{"time": each} for each in minutes]


def _in_turns(
    places: list[pd.DataFrame], areas: Callable[[pd.DataFrame], Any], ask: Ask, request: dict[str, Any]
) -> tuple[Times, Times]:
    """Return the median times of both, over all places, after one round to warm up."""
    ours: list[Times] = []
    theirs: list[Times] = []
    for _ in range(RUNS + 1):
        for home in places:
            begun = time.perf_counter(), time.process_time()
            areas(home)
            ours.append((time.perf_counter() - begun[0], time.process_time() - begun[1]))
            where = {"lon": float(home["lon"].iloc[0]), "lat": float(home["lat"].iloc[0])}
            theirs.append(tuple(ask({"locations": [where], "polygons": True, **request})))
    mine, others = (
        tuple(statistics.median(each) for each in zip(*side[PLACES:], strict=True)) for side in (ours, theirs)
    )
    return (mine[0], mine[1]), (others[0], others[1])


def _of_processor(ours: Times, theirs: Times) -> str:
    return f"of the processor {1e3 * ours[1]:.3g} and {1e3 * theirs[1]:.3g} ms, {theirs[1] / ours[1]:.1f}×"


@contextmanager
def _valhalla(command: list[str], osm: Path, gtfs: Path) -> Iterator[tuple[Ask, str]]:
    """Start Valhalla on tiles of its own, and give a function that asks it, and its version."""
    worker = Path(__file__).with_name("valhalla_worker.py").read_text(encoding="utf-8")
    process = subprocess.Popen([*command, "-c", worker], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(question: Any) -> Any:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(question) + "\n")
        process.stdin.flush()
        answer = process.stdout.readline()
        if not answer:
            raise SystemExit("Valhalla ended before it answered; what it said stands above")
        return json.loads(answer)

    try:
        files = {"osm": _in_order(osm), "gtfs": gtfs.read_bytes()}
        version, _ = ask({name: base64.b64encode(content).decode() for name, content in files.items()})
        yield ask, version
    finally:
        process.communicate()


def _in_order(osm: Path) -> bytes:
    """Return an extract with its nodes, ways and relations in the order that Valhalla wants."""
    reader = osmium.MergeInputReader()
    reader.add_file(str(osm))
    with tempfile.TemporaryDirectory() as folder:
        there = Path(folder) / "streets.osm.pbf"
        with osmium.SimpleWriter(str(there)) as writer:
            reader.apply(writer, simplify=False)
        return there.read_bytes()
