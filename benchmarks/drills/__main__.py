"""Run the drills, tell what each did with figures, and fail if anything was lost, torn, silently wrong or unforeseen.

    python -m benchmarks.drills [--only NAME …] [--seconds 600] [--seed 1] [--write]

`make drills`. Each drill goes on for its share of the time, and a little longer on a machine with much else to do.
`--write` runs all three times in a row, and writes their figures into docs/trust.md.
"""

import argparse
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.drills import flips, full_disk, hostile, kills, under_load, writers
from benchmarks.drills.asking import ROOT, ask
from benchmarks.drills.outcome import Outcome, Work

PAGE = ROOT / "docs" / "trust.md"
START, END = "<!-- drills:start -->", "<!-- drills:end -->"
RUNS = 3
DRILLS: dict[str, tuple[Callable[[Work], Outcome], float]] = {
    "kills": (kills.drill, 0.26),
    "flips": (flips.drill, 0.16),
    "full-disk": (full_disk.drill, 0.14),
    "two-writers": (writers.drill, 0.12),
    "load": (under_load.drill, 0.12),
    "hostile": (hostile.drill, 0.20),
}
"""Name → the drill, and its share of the time."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what the arguments ask for; return how many faults there were."""
    parser = argparse.ArgumentParser(prog="drills", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--only", choices=list(DRILLS), action="append", help="this drill alone; may be given again")
    parser.add_argument("--seconds", type=float, default=600.0, help="of all drills together")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", action="store_true", help=f"run {RUNS} times, and write the figures into the docs")
    given = parser.parse_args(arguments)
    names = given.only or list(DRILLS)
    if given.write and given.only:
        parser.error("what is written is the figures of all drills; leave --only out")
    with tempfile.TemporaryDirectory(prefix="drills-") as folder:
        demo = Path(folder) / "demo"
        if {"load", "hostile"} & set(names):
            _say("building the demo county …")
            built = ask(demo, "region", "build", "demo")
            if built.code:
                raise SystemExit(built.errors)
        load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
        runs = []
        for number in range(RUNS if given.write else 1):
            run = Path(folder) / f"run-{number}"
            run.mkdir()
            runs.append({name: _run(name, run / name, demo, given.seconds, given.seed + number) for name in names})
    faults = [fault for run in runs for outcome in run.values() for fault in outcome.faults]
    if given.write and not faults:
        _write(runs, load, given.seconds)
    _say(f"{len(faults)} faults.")
    return len(faults)


def _run(name: str, folder: Path, demo: Path, seconds: float, seed: int) -> Outcome:
    """Run a drill, and tell what it did."""
    folder.mkdir()
    drill, share = DRILLS[name]
    began = time.monotonic()
    try:
        outcome = drill(Work(folder, demo, share * seconds, seed))
    except Exception as problem:  # the others are run too
        outcome = Outcome(faults=[f"the drill itself ended: {type(problem).__name__}: {problem}"])
    _say(f"{name}: {time.monotonic() - began:.0f} s, {len(outcome.faults)} faults")
    for what, count in outcome.figures.items():
        _say(f"  {count:8,}  {what}")
    for fault in outcome.faults:
        _say(f"  FAULT: {fault}")
    return outcome


def _write(runs: list[dict[str, Outcome]], load: float, seconds: float) -> None:
    """Write the figures of runs into the docs."""
    where = (
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; load {load:.1f} at first"
    )
    lines = [
        f"Three runs in a row, {datetime.now(tz=UTC):%Y-%m-%d}, {seconds:g} s each, on {where}.",
        "Nothing was lost, torn, silently wrong or unforeseen.",
        "",
        f"| drill | counted | {' | '.join(f'run {number + 1}' for number in range(len(runs)))} |",
        f"| --- | --- | {' | '.join(['---:'] * len(runs))} |",
    ]
    for name in DRILLS:
        counted = dict.fromkeys(what for run in runs for what in run[name].figures)
        for what in counted:
            told = " | ".join(f"{run[name].figures[what]:,}" for run in runs)
            lines.append(f"| {name.replace('-', ' ')} | {what} | {told} |")
    before, _, rest = PAGE.read_text("utf-8").partition(f"{START}\n")
    after = rest.partition(END)[2]
    PAGE.write_text(f"{before}{START}\n{chr(10).join(lines)}\n{END}{after}", "utf-8")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(min(main(), 1))
