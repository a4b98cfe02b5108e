"""Seed faults into a room's code, and tell how many the tests notice: `make mutants` writes `docs/tests.md`'s table.

    python -m benchmarks.mutants [--faults 160] [--seed 1] [--only ROOM] [--write]

The faults are cosmic-ray's: another operator, a comparison turned, a number one off, `and` for `or`, a loop that never
runs. A room's sample is drawn by position, so that a file has its share. Each fault is put into a copy of the project
and meets the tests that run through its line, quickest first, up to half a minute of them; a test that fails, an
import that breaks, or tests that never end have noticed it. A fault that changes nothing anybody could see counts as
missed like any other. Compiled kernels run as plain Python here, by the tests that are quick enough so.
"""

import argparse
import ast
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "tests.md"
_PARSERS = ("tests/sources/cleaning", "tests/sources/resources", "tests/sources/adapter", "tests/sources/formats")
ROOMS = {
    "geo/travel": ("tests/geo/travel", "tests/geo/timetables", "tests/geo/nearby", "tests/geo/test_points.py"),
    "geo/score": ("tests/geo/score", "tests/geo/plan", "tests/test_cli_score.py"),
    "geo/plan": ("tests/geo/plan", "tests/geo/needs"),
    "sources/cleaning": _PARSERS,
    "sources/resources": _PARSERS,
}
"""The rooms that faults are seeded into, and where their tests are."""

TESTS_SECONDS = 30.0
"""How long the tests of one fault may take, measured on code without it."""

NO_CHANGE = re.compile(r"(Eq|NotEq)_(Is|IsNot)$|(Is|IsNot)_(Eq|NotEq|Lt|LtE|Gt|GtE)$|RemoveDecorator|Variable|NoOp")
"""Operators whose faults Python mostly can't tell from the code (`is None` and `== None`), or that are not code's."""


@dataclass(frozen=True)
class Fault:
    """One fault: an operator of cosmic-ray at its n-th occurrence in a file."""

    room: str
    path: str
    line: int
    operator: str
    occurrence: int

    @property
    def in_kernel(self) -> bool:
        """Whether it lies in compiled code."""
        return Path(self.path).name.startswith("kernels_")


def main() -> None:
    """Seed the faults, meet them with the tests, and print or write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--faults", type=int, default=160, help="faults to seed a room")
    parser.add_argument("--seed", type=int, default=1, help="which sample")
    parser.add_argument("--only", choices=sorted(ROOMS), action="append", help="this room alone")
    parser.add_argument("--write", action="store_true", help="write the table into docs/tests.md")
    arguments = parser.parse_args()
    rooms = arguments.only or sorted(ROOMS)
    with tempfile.TemporaryDirectory() as work:
        copies = [copy_project(Path(work) / f"copy{k}") for k in range(2)]
        sample, possible = [], {}
        for room in rooms:
            faults = possible_faults(room)
            possible[room] = len({(f.path, f.line) for f in faults})
            sample += draw(faults, arguments.faults, arguments.seed)
        results = dict(meet(sample, copies))
    table = write_table(rooms, possible, results)
    print(table)
    if arguments.write:
        text = PAGE.read_text()
        start, end = "<!-- mutants:start -->\n", "<!-- mutants:end -->"
        PAGE.write_text(text.split(start)[0] + start + table + end + text.split(end)[1])


def copy_project(folder: Path) -> Path:
    """Return a copy of what git knows of the project, with its compiled code."""
    names = subprocess.run(
        [shutil.which("git") or "git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\n")
    for name in filter(None, names):
        to = folder / name
        to.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).exists():
            shutil.copy2(ROOT / name, to)
    return folder


def possible_faults(room: str) -> list[Fault]:
    """Return every fault that the operators can make in a room's files, but in types and where nothing changes."""
    from cosmic_ray import plugins
    from cosmic_ray.ast import ast_nodes, get_ast

    operators = {}
    for name in plugins.operator_names():
        if not NO_CHANGE.search(name):
            operators[name] = plugins.get_operator(name)()
    faults = []
    for path in sorted((ROOT / room).glob("*.py")):
        source = path.read_text()
        nodes = list(ast_nodes(get_ast(source)))
        types = spans_of_types(source)
        for name, operator in operators.items():
            occurrence = 0
            for node in nodes:
                for start, _ in operator.mutation_positions(node):
                    if not any(first <= start < last for first, last in types):
                        faults.append(Fault(room, str(path.relative_to(ROOT)), start[0], name, occurrence))
                    occurrence += 1
    return faults


Span = tuple[tuple[int, int], tuple[int, int]]


def spans_of_types(source: str) -> list[Span]:
    """Return where a file's annotations and names of types stand: a fault there changes nothing."""
    parts: list[Any] = []
    for node in ast.walk(ast.parse(source)):
        parts += [getattr(node, "annotation", None), getattr(node, "returns", None)]
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id[:1].isupper():
            parts.append(None if node.targets[0].id.isupper() else node.value)
    return [
        ((part.lineno, part.col_offset), (part.end_lineno, part.end_col_offset))
        for part in parts
        if isinstance(part, ast.AST)
    ]


def draw(faults: list[Fault], count: int, seed: int) -> list[Fault]:
    """Return a seeded sample: places first, then one fault of each."""
    places = defaultdict(list)
    for fault in faults:
        kind = fault.operator.split("/")[1].split("_")[0]
        places[fault.path, fault.line, kind].append(fault)
    choose = random.Random(seed)  # noqa: S311
    return [choose.choice(places[key]) for key in choose.sample(sorted(places), min(count, len(places)))]


def meet(sample: list[Fault], copies: list[Path]) -> Iterator[tuple[Fault, dict[str, Any]]]:
    """Yield what became of each fault: those in compiled code meet tests that run it as plain Python."""
    for compiled in (True, False):
        faults = [fault for fault in sample if fault.in_kernel is not compiled]
        if faults:
            yield from meet_by(faults, [Worker(copy, compiled=compiled) for copy in copies])


def meet_by(faults: list[Fault], workers: list["Worker"]) -> Iterator[tuple[Fault, dict[str, Any]]]:
    """Yield what became of each fault, shared out among workers."""
    where = sorted({where for fault in faults for where in ROOMS[fault.room]})
    print(f"{len(faults)} faults; measuring what the tests of {', '.join(where)} run through", file=sys.stderr)
    covered = measure(where, sorted({fault.room for fault in faults}), workers)
    free = list(workers)

    def run(fault: Fault) -> tuple[Fault, dict[str, Any]]:
        worker = free.pop()
        try:
            return fault, worker.ask({"fault": asdict(fault), "tests": tests_through(fault, covered)})
        finally:
            free.append(worker)

    with ThreadPoolExecutor(len(workers)) as pool:
        for count, (fault, result) in enumerate(pool.map(run, faults), 1):
            print(f"{count}/{len(faults)} {fault.path}:{fault.line} {result['outcome']}", file=sys.stderr, flush=True)
            yield fault, result


def measure(where: list[str], rooms: list[str], workers: list["Worker"]) -> dict[str, Any]:
    """Return which tests run through which line of the rooms, and each test's seconds; the files are shared out."""
    files = sorted(str(path.relative_to(ROOT)) for part in where for path in test_files(ROOT / part))
    parts = [files[k :: len(workers)] for k in range(len(workers))]
    with ThreadPoolExecutor(len(workers)) as pool:
        answers = list(pool.map(lambda worker, part: worker.ask({"measure": part, "rooms": rooms}), workers, parts))
    lines: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for answer in answers:
        for path, tests in answer["lines"].items():
            for line, names in tests.items():
                lines[path][line] += names
    for name in sorted(name for answer in answers for name in answer["failed"]):
        print(f"left out, for it fails or is slow without any fault: {name}", file=sys.stderr)
    return {"lines": lines, "seconds": {name: s for answer in answers for name, s in answer["seconds"].items()}}


def test_files(path: Path) -> list[Path]:
    """Return the test files of a folder, or the file itself."""
    return [path] if path.is_file() else sorted(path.rglob("test_*.py"))


def tests_through(fault: Fault, covered: dict[str, Any]) -> list[str]:
    """Return the tests that run through a fault's line, quickest first, as many as there is time for."""
    lines = covered["lines"].get(fault.path, {})
    names = lines.get(str(fault.line))
    if names is None:  # a line of a statement that began above, or one that runs as the file is imported
        before = [int(line) for line in lines if int(line) < fault.line]
        names = lines[str(max(before))] if before else []
    if "" in names:
        names = sorted({name for others in lines.values() for name in others if name})
    tests: dict[str, float] = {}
    for name in names:
        if name.endswith("::setup"):
            module = name.removesuffix("setup")
            tests |= {test: seconds for test, seconds in covered["seconds"].items() if test.startswith(module)}
        elif name in covered["seconds"]:
            tests[name] = covered["seconds"][name]
    chosen, spent = [], 0.0
    for test in sorted(tests, key=lambda test: (tests[test], test)):
        spent += tests[test]
        if chosen and spent > TESTS_SECONDS:
            break
        chosen.append(test)
    return chosen


class Worker:
    """A process with the libraries imported that forks a child for each task, in a copy of the project."""

    def __init__(self, copy: Path, *, compiled: bool) -> None:
        environment = os.environ | {
            "PYTHONDONTWRITEBYTECODE": "1",
            "RECOVERY_REACH_SHARED": os.environ.get("RECOVERY_REACH_SHARED", str(ROOT.parent / "shared" / "data")),
        }
        if not compiled:
            environment["NUMBA_DISABLE_JIT"] = "1"
        self.process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("mutants_worker.py"))],
            cwd=copy, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def ask(self, task: dict[str, Any]) -> Any:
        """Return the answer to a task."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(task) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


def write_table(rooms: list[str], possible: dict[str, int], results: dict[Fault, dict[str, Any]]) -> str:
    """Return the shares noticed as a table, and what was missed below it."""
    lines = [
        "| room | lines that a fault can stand in | faults seeded | noticed | share |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for room in rooms:
        outcomes = [result["outcome"] for fault, result in results.items() if fault.room == room]
        noticed = sum(outcome != "missed" for outcome in outcomes)
        share = f"{noticed / len(outcomes):.0%}" if outcomes else ""
        lines.append(f"| `{room}` | {possible[room]:,} | {len(outcomes)} | {noticed} | {share} |")
    lines += ["", "Missed:", ""]
    for fault, result in sorted(results.items(), key=lambda pair: (pair[0].path, pair[0].line)):
        if result["outcome"] == "missed":
            lines.append(f"- `{fault.path}:{fault.line}` {result['tests']} tests: `{result['change']}`")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
