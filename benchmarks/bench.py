"""The speed table of travel times: each task beside its peer in one run.

    python -m benchmarks.bench                       what needs no data: the growth with a generated network
    python -m benchmarks.bench --shared DATA         every row, on DATA/regions/nky and DATA/regions/poa
    python -m benchmarks.bench NAME --shared DATA    one row

Every row runs in a process of its own, so that its peak memory is its own; ours and the peer take turns in it.
Writes a table between the markers of `docs/benchmarks.md`, and the plot of growth beside it. The row `valhalla` needs a
Python that has Valhalla's wheel (`benchmarks.valhalla`), and says so where there is none.
"""

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import measures
from benchmarks.pairs_of_times import Row

PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"
START, END = "<!-- bench:start -->", "<!-- bench:end -->"


def main(arguments: list[str] | None = None) -> None:
    """Run the rows asked for and write the table."""
    parser = argparse.ArgumentParser(prog="recovery-reach bench", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("name", nargs="?", choices=sorted(measures.ROWS), metavar="NAME", help=", ".join(measures.ROWS))
    parser.add_argument("--shared", type=Path, help="folder of the shared real data")
    parser.add_argument("--row", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.row is not None:
        rows = measures.ROWS[asked.name](asked.shared)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        asked.row.write_text(json.dumps([[*row, memory] for row in rows]))
        return
    names = [asked.name] if asked.name else list(measures.ROWS)
    if asked.shared is None:
        names = [name for name in names if name in measures.WITHOUT_DATA]
        if not names:
            raise SystemExit(f"{asked.name} needs real data; give --shared FOLDER.")
    lines = [line for name in names for line in _one(name, asked.shared)]
    if asked.name:
        print("\n".join([*_heading(), *lines]))
    else:
        _write([*_heading(), *lines])


def _one(name: str, shared: Path | None) -> list[str]:
    """Run a row in a fresh process and return its lines of the table."""
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "row.json"
        command = [sys.executable, "-m", "benchmarks.bench", name, "--row", str(result)]
        command += ["--shared", str(shared)] if shared else []
        print(f"{name} …", flush=True)
        done = subprocess.run(command, cwd=Path(__file__).parents[1], capture_output=True, text=True, check=False)
        if done.returncode:
            why = (done.stderr.strip().splitlines() or ["no word"])[-1]
            return [f"| {name} | not measured: {why} | | | | |"]
        rows = json.loads(result.read_text())
    return [_line(Row(*row[:-1]), row[-1]) for row in rows]


def _line(row: Row, memory: float) -> str:
    peer = f"{row.peer}: {_time(row.theirs)}" if row.theirs else row.peer
    ratio = f"{row.theirs / row.ours:.1f}×" if row.theirs else ""
    ours = _time(row.ours) if row.ours else ""
    return f"| {row.task} | {ours} | {peer} | {ratio} | {row.note} | {memory:.0f} MB |"


def _time(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds >= 1 else f"{seconds * 1e3:.3g} ms"


def _heading() -> list[str]:
    load = f"; load {os.getloadavg()[0]:.1f} as it began" if hasattr(os, "getloadavg") else ""
    where = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}{load}"
    return [
        f"Measured {datetime.now(tz=UTC):%Y-%m-%d} on {where}. Medians; ours and the peer took turns in one process.",
        "",
        "| task | ours | peer | ratio | notes | peak memory, both |",
        "| --- | --- | --- | --- | --- | --- |",
    ]


def _write(lines: list[str]) -> None:
    page = PAGE.read_text(encoding="utf-8") if PAGE.exists() else f"# Benchmarks\n\n{START}\n{END}\n"
    before, _, rest = page.partition(START)
    after = rest.partition(END)[2]
    PAGE.write_text(f"{before}{START}\n{chr(10).join(lines)}\n{END}{after}", encoding="utf-8")
    print(PAGE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
