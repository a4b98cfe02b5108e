"""Many regions: what a cluster costs over one machine and wins with a second worker, and a drill of kills.

`python -m benchmarks.many_regions` builds 50 counties, each a cut of the demo, with the local engine and on a Dask
cluster of this machine with one worker and with two, and prints seconds and CPU seconds of all processes together.
`python -m benchmarks.many_regions --kills 20` kills a worker or the driver (SIGKILL) at 20 random moments of building
and scoring, runs again each time, and compares the digests with those of a run that nobody disturbed. With `--dask`
the driver of a cluster on this machine is killed, whose workers go on.
"""

import argparse
import json
import math
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import psutil

from sources.formats.embedded import embedded

ROOT = Path(__file__).parents[1]
WEST, SOUTH, STEP = -113.47, 40.33, 0.012
_DASK = "distributed.cli.dask_"
_LEFT = (".building-", ".old-", ".leaving-", ".writing-", ".blocks-")
KINDS = ("build", "surface")
_HERE = ("--workers", "2")


def write_list(folder: Path, counties: int) -> Path:
    """Write a list of counties that are boxes of the demo, and return its path."""
    demo, lines = embedded("demo"), ["beyond_km = 0.5"]
    lists = [str(demo / name) for name in ("findtreatment.json", "meeting_guide.json", "recovery_residences.csv")]
    for number in range(counties):
        west, south = WEST + STEP * (number % 8), SOUTH + STEP * (number // 8 % 7)
        files = {"osm": str(demo / "streets.osm.pbf"), "gtfs": [str(demo / "gtfs.zip")], "resources": lists}
        values = files | {"zones": [str(demo / "blocks.geojson")], "bounds": [west, south, west + STEP, south + STEP]}
        lines += [f"[regions.county{number}]", *(f"{key} = {json.dumps(value)}" for key, value in values.items())]
    path = folder / "counties.toml"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def main(arguments: Sequence[str] | None = None) -> None:
    """Run what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--counties", type=int)
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--dask", action="store_true", help="kill who waits for a cluster")
    parser.add_argument("--rounds", type=int, default=1)
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = write_list(folder, asked.counties or (6 if asked.kills else 50))
        if asked.kills:
            calm = calm_runs(folder / "calm", path)
            done = drill(folder, path, calm, asked.kills, asked.seed, dask=asked.dask)
            told = f"{done.hit.total()} of {done.tried} kills hit a run at work {dict(done.hit)}"
            same = "the same digests" if done.same else "OTHER DIGESTS"
            print(f"{told} in {done.rounds} rounds; {same}; {len(done.left)} leftovers {done.left}")
        else:
            compare(folder, path, asked.rounds)
    print(f"\n{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} at the end.", file=sys.stderr)


def compare(folder: Path, path: Path, rounds: int) -> None:
    """Print what building costs with each engine, in turns, and the medians' ratios."""
    (folder / "one").mkdir()
    run("build", write_list(folder / "one", 1), folder / "warm")  # compiles
    print(f"{'engine':24}{'seconds':>10}{'CPU s':>10}{'CPU s of units':>16}")
    engines = (("local, 2 processes", 0), ("Dask, 1 worker", 1), ("Dask, 2 workers", 2))
    told: dict[str, list[tuple[float, float]]] = {title: [] for title, _ in engines}
    every = []
    for turn in range(rounds):
        for title, workers in engines if turn % 2 == 0 else engines[::-1]:
            home = folder / f"{title.replace(' ', '-')}-{turn}"
            home.mkdir()
            if workers == 0:
                seconds, used, made = timed(title, path, home, ["--workers", "2"], [])
            else:
                with cluster(home, workers) as (address, processes):
                    options = ["--engine", "dask", "--scheduler", address]
                    seconds, used, made = timed(title, path, home, options, processes)
            told[title].append((seconds, used))
            every.append(made)
    (_, local), (one, _), (two, dask) = (np.median(told[title], axis=0) for title, _ in engines)
    print(f"\n2 workers {one / two:.2f} times as fast as one; CPU of Dask over local {100 * (dask / local - 1):+.1f} %")
    print("the same digests" if all(made == every[0] for made in every) else "OTHER DIGESTS")


def timed(
    title: str, path: Path, home: Path, options: list[str], processes: list[psutil.Process]
) -> tuple[float, float, dict[str, object]]:
    """Print and return the seconds and CPU seconds of building the list, and the digests."""
    started, before = time.perf_counter(), cpu_seconds(processes)
    rows = run("build", path, home, options)
    seconds, used = time.perf_counter() - started, cpu_seconds(processes) - before
    units = sum(row["cpu_seconds"] for row in rows)
    print(f"{title:24}{seconds:10.1f}{used:10.1f}{units:16.1f}", flush=True)
    return seconds, used, {row["region"]: row["digests"] for row in rows}


def cpu_seconds(processes: list[psutil.Process]) -> float:
    """Return the CPU seconds of all ended children of this process, and of running ones with theirs."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    total = ended.ru_utime + ended.ru_stime
    for process in processes:
        for one in (process, *process.children(recursive=True)):
            times = one.cpu_times()
            total += times.user + times.system
    return total


def run(kind: str, path: Path, home: Path, options: Sequence[str] = ()) -> list[dict[str, object]]:
    """Run `recovery-reach regions` to its end, and return the rows that it tells."""
    done = subprocess.run(
        command(kind, path, options), cwd=ROOT, env=environment(home), stdout=subprocess.PIPE, check=True
    )
    rows: list[dict[str, object]] = json.loads(done.stdout)["regions"]
    return rows


def command(kind: str, path: Path, options: Sequence[str] = ()) -> list[str]:
    """Return the command that builds or scores a list."""
    more = ["--areas-at-once", "100"] if kind == "surface" else []
    return [sys.executable, "-m", "cli", "regions", kind, "--list", str(path), "--json", *more, *options]


def environment(home: Path) -> dict[str, str]:
    """Return the variables of a process that works in a data folder, in one thread."""
    own = {"RECOVERY_REACH_HOME": str(home), "RECOVERY_REACH_THREADS": "1"}
    return {**os.environ, **own, "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False"}


@contextmanager
def cluster(home: Path, workers: int) -> Iterator[tuple[str, list[psutil.Process]]]:
    """Give the address of a scheduler of Dask with workers, and its processes."""
    local = ["--host", "127.0.0.1", "--no-dashboard"]
    with ExitStack() as at_the_end:
        scheduler = [f"{_DASK}scheduler", *local, "--port", "0"]
        first, line = at_the_end.enter_context(started(scheduler, home, r"Scheduler at:\s+tcp"))
        address = re.findall(r"tcp://[\d.:]+", line)[0]
        options = ["--nthreads", "1", "--nworkers", str(workers), "--local-directory", str(home / ".." / "dask")]
        worker = [f"{_DASK}worker", address, *local, *options]
        second, _ = at_the_end.enter_context(started(worker, home, "Starting established|Registered to"))
        time.sleep(5)
        yield address, [psutil.Process(one.pid) for one in (first, second)]


@contextmanager
def started(module: list[str], home: Path, until: str) -> "Iterator[tuple[subprocess.Popen[bytes], str]]":
    """Run a module meanwhile, and give it with the line of its log that says it is ready."""
    log = home / f"{module[0]}.log"
    with log.open("w") as errors:
        process = subprocess.Popen([sys.executable, "-m", *module], cwd=ROOT, env=environment(home), stderr=errors)
    try:
        while not (ready := re.search(f".*(?:{until}).*", log.read_text("utf-8"))):
            if process.poll() is not None:
                raise RuntimeError(f"{module[0]} ended: {log.read_text('utf-8')[-500:]}")
            time.sleep(0.05)
        yield process, ready[0]
    finally:
        process.terminate()
        process.wait()


@dataclass
class Drill:
    """What came of kills: those that hit a run at work, by what was killed; whether digests are those of calm runs."""

    tried: int = 0
    hit: Counter[str] = field(default_factory=Counter)
    rounds: int = 0
    same: bool = True
    left: list[str] = field(default_factory=list)


Calm = dict[str, tuple[dict[object, object], float]]
"""Of each kind of run the digests of what it makes, and its seconds."""


def calm_runs(home: Path, path: Path) -> Calm:
    """Return what each kind of run comes to where nobody disturbs it."""
    calm = {}
    for kind in KINDS:
        began = time.monotonic()
        made = digests(run(kind, path, home, _HERE))
        calm[kind] = made, time.monotonic() - began
    return calm


def drill(
    folder: Path, path: Path, calm: Calm, kills: int, seed: int, *, seconds: float = math.inf, dask: bool = False
) -> Drill:
    """Kill workers and drivers at random moments, again and again until runs end by themselves; return what came.

    It goes on, in a data folder of its own each time, until so many kills were tried, or so much time is over; each
    kind of run is tried once at least. With `dask` a cluster of this machine works, and who waits for it is killed.
    """
    chance, end = random.Random(seed), time.monotonic() + seconds  # noqa: S311  moments to kill at
    done = Drill()
    while not done.rounds or (done.tried < kills and time.monotonic() < end):
        done.rounds += 1
        rough = folder / f"rough-{done.rounds}"
        rough.mkdir()
        with cluster(rough, 2) if dask else nullcontext(("", [])) as (address, _):
            options = ["--engine", "dask", "--scheduler", address] if dask else _HERE
            for kind in KINDS:
                tries = 0
                while tries == 0 or (done.tried < kills and time.monotonic() < end):
                    tries, done.tried = tries + 1, done.tried + 1
                    killed = _killed(command(kind, path, options), rough, calm[kind][1], chance, dask)
                    if not killed:
                        break
                    done.hit[killed] += 1
                done.same &= digests(run(kind, path, rough, options)) == calm[kind][0]
        done.left += [str(one) for one in rough.rglob(".*") if one.name.startswith(_LEFT)]
    return done


def _killed(words: list[str], home: Path, most_seconds: float, chance: random.Random, dask: bool) -> str:
    """Run a command, kill it or a process of its own at some moment, and return what; empty where it had ended."""
    process = subprocess.Popen(words, cwd=ROOT, env=environment(home), stdout=subprocess.DEVNULL)
    time.sleep(chance.uniform(0, most_seconds))
    if process.poll() is not None:
        return ""
    own = psutil.Process(process.pid).children()
    victim = chance.choice(own) if own and chance.random() < 0.5 else None
    (victim or process).kill()
    if victim:
        time.sleep(chance.uniform(0, 5))
        process.kill()
    process.wait()
    psutil.wait_procs(own, timeout=60)
    return "drivers of Dask" if dask else "workers, then drivers" if victim else "drivers"


def digests(rows: list[dict[str, object]]) -> dict[object, object]:
    """Return the digests of every region."""
    return {row["region"]: row["digests"] for row in rows}


if __name__ == "__main__":
    main()
