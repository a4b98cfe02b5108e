"""Seed faults into a room's code, and tell how many the tests notice: `make mutants` writes `docs/tests.md`'s table.

    python -m benchmarks.mutants [--only ROOM] [--faults 160] [--seed 1] [--again] [--tests PATH] [--write]

The faults are cosmic-ray's: another operator, a comparison turned, a number one off, `and` for `or`, a loop that never
runs. Which are drawn depends on the text of their lines alone, so code that moves keeps its sample. Each fault is put
into a copy of the project and meets the tests that run through its line, quickest first, up to ten seconds of them; a
test that fails or an import that breaks has noticed it, and so have tests that never end, which are counted apart: by
the processor's time, so that a busy machine notices nothing. Compiled kernels run as plain Python here, by the tests
that mirror them (all of the room, where none do). A missed fault that changes nothing anybody could get is set aside
where `mutants_equal.toml` says why; the table says how many.

What became of each fault is kept in the work folder, as it comes: `--again` goes on with those that were missed or not
met last time (with `--tests` by the tests of these files alone), and `--write` writes the table from all that is kept;
of a room of which nothing is, what the page says stays.
"""

import argparse
import ast
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from operator import attrgetter, itemgetter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "tests.md"
EQUAL = Path(__file__).with_name("mutants_equal.toml")
_PARSERS = (
    "tests/sources/cleaning",
    "tests/sources/resources",
    "tests/sources/adapter",
    "tests/sources/formats",
    "tests/sources/places",
    "tests/sources/zones",
)
ROOMS = {
    "geo/travel": ("tests/geo/travel", "tests/geo/timetables", "tests/geo/streets/test_traffic.py"),
    "geo/score": ("tests/geo/score",),
    "geo/plan": ("tests/geo/plan", "tests/geo/needs"),
    "sources/cleaning": _PARSERS,
    "sources/resources": (*_PARSERS, "tests/sources/region/test_fetch_plan.py"),
}
"""The rooms that faults are seeded into, and where their tests are."""

TESTS_SECONDS = 10.0
"""How long the tests of one fault may take, measured on code without it."""

NO_CHANGE = re.compile(r"(Eq|NotEq)_(Is|IsNot)$|(Is|IsNot)_(Eq|NotEq|Lt|LtE|Gt|GtE)$|RemoveDecorator|Variable|NoOp")
"""Operators whose faults Python mostly can't tell from the code (`is None` and `== None`), or that are not code's."""

NO_RESULT = frozenset({"strict", "frozen", "cache", "nogil"})
"""Arguments that say what may not happen, or how code is compiled: turned, every result stays the same."""


@dataclass(frozen=True)
class Fault:
    """One fault: the code of a file with it, and the line that it changes, before and after."""

    room: str
    path: str
    line: int
    operator: str
    change: str
    code: str

    @property
    def in_kernel(self) -> bool:
        """Whether it lies in compiled code."""
        return Path(self.path).name.startswith("kernels_")


@dataclass(frozen=True)
class Position:
    """Where an operator of cosmic-ray can be put: the n-th occurrence in a file, and its rank in the sample."""

    rank: str
    path: str
    line: int
    operator: str
    occurrence: int


def main() -> None:
    """Seed the faults, meet them with the tests, keep what became of them, and print or write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--faults", type=int, default=160, help="faults to seed a room")
    parser.add_argument("--seed", type=int, default=1, help="which sample")
    parser.add_argument("--only", choices=sorted(ROOMS), action="append", help="this room alone")
    parser.add_argument("--again", action="store_true", help="only the faults that were missed, or not met, last time")
    parser.add_argument("--tests", action="append", default=[], help="meet them with the tests of this path alone")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "mutants", help="its folder")
    parser.add_argument("--write", action="store_true", help="write the table into docs/tests.md")
    arguments = parser.parse_args()
    kept = Kept(arguments.work, arguments.seed)
    copies = [copy_project(arguments.work / f"copy{k}") for k in range(arguments.workers)]
    for room in arguments.only or ([] if arguments.again else sorted(ROOMS)):
        possible = positions(room, arguments.seed)
        lines = len({(position.path, position.line) for position in possible})
        sample = {key(fault): fault for fault in draw(room, possible, arguments.faults)}
        results = {fault: result for fault, result in kept.read(room).items() if arguments.again and fault in sample}
        left = [fault for name, fault in sample.items() if results.get(name, {}).get("outcome", "missed") == "missed"]
        for fault, result in meet(left, copies, arguments.tests or ROOMS[room]):
            results[key(fault)] = result
            kept.write(room, results, lines)
    start, end = "<!-- mutants:start -->\n", "<!-- mutants:end -->"
    before, rest = PAGE.read_text().split(start)
    written, after = rest.split(end)
    table = write_table(kept, written.splitlines())
    print(table)
    if arguments.write:
        PAGE.write_text(before + start + table + end + after)


class Kept:
    """What became of each room's faults, as files in the work folder."""

    def __init__(self, work: Path, seed: int) -> None:
        self.work, self.seed = work, seed

    def path(self, room: str) -> Path:
        """Return a room's file."""
        return self.work / f"{room.replace('/', '-')}-{self.seed}.json"

    def read(self, room: str) -> dict[str, dict[str, Any]]:
        """Return what became of each fault, by its key; empty where none was met yet."""
        path = self.path(room)
        return json.loads(path.read_text())["results"] if path.exists() else {}

    def lines(self, room: str) -> int:
        """Return how many lines of a room a fault can stand in."""
        return int(json.loads(self.path(room).read_text())["lines"])

    def write(self, room: str, results: dict[str, dict[str, Any]], lines: int) -> None:
        """Keep what became of a room's faults."""
        self.path(room).write_text(json.dumps({"lines": lines, "results": results}, indent=1))


def key(fault: Fault) -> str:
    """Return what a fault is known by while lines move."""
    return f"{fault.path} {fault.operator} {fault.change}"


def copy_project(folder: Path) -> Path:
    """Bring a copy of what git knows of the project up to date, with its compiled kernels; return its folder."""
    names = subprocess.run(
        [shutil.which("git") or "git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\n")
    wanted = {name for name in names if (ROOT / name).is_file()}
    kernels = {str(path.relative_to(ROOT)) for path in ROOT.glob("geo/**/__pycache__/*.nb[ic]")}
    for path in [*folder.glob("*/**/*.py"), *folder.glob("*.py")]:
        if str(path.relative_to(folder)) not in wanted:
            path.unlink()
    for name in sorted(wanted) + sorted(kernels):
        source, to = ROOT / name, folder / name
        to.parent.mkdir(parents=True, exist_ok=True)
        if not to.exists() or (name in wanted and to.read_bytes() != source.read_bytes()):
            shutil.copy2(source, to)
    return folder


def positions(room: str, seed: int) -> list[Position]:
    """Return every fault that the operators can make in a room's files, but where nothing changes; ranked by a seed."""
    from cosmic_ray import plugins
    from cosmic_ray.ast import ast_nodes, get_ast

    operators = {}
    for name in plugins.operator_names():
        if not NO_CHANGE.search(name):
            operators[name] = plugins.get_operator(name)()
    possible = []
    for path in sorted((ROOT / room).glob("*.py")):
        source = path.read_text()
        lines, again = source.split("\n"), Counter[str]()
        nodes = list(ast_nodes(get_ast(source)))
        without = spans_without_result(source)
        for name, operator in operators.items():
            occurrence = 0
            for node in nodes:
                for start, _ in operator.mutation_positions(node):
                    is_marker = re.match(r"[*/],", lines[start[0] - 1][start[1] :])  # of arguments by position, by name
                    if not is_marker and not any(first <= start < last for first, last in without):
                        what = f"{seed} {path.name} {name} {lines[start[0] - 1].strip()}"
                        again[what] += 1
                        rank = hashlib.sha256(f"{what} {again[what]}".encode()).hexdigest()
                        possible.append(Position(rank, str(path.relative_to(ROOT)), start[0], name, occurrence))
                    occurrence += 1
    return possible


Span = tuple[tuple[int, int], tuple[int, int]]


def spans_without_result(source: str) -> list[Span]:
    """Return where a file's annotations, names of types, imports for types and such arguments stand."""
    parts: list[Any] = []
    for node in ast.walk(ast.parse(source)):
        parts += [getattr(node, "annotation", None), getattr(node, "returns", None)]
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id[:1].isupper():
            parts.append(None if node.targets[0].id.isupper() else node.value)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            parts.append(node)
        if isinstance(node, ast.keyword) and node.arg in NO_RESULT:
            parts.append(node.value)
    return [
        ((part.lineno, part.col_offset), (part.end_lineno, part.end_col_offset))
        for part in parts
        if isinstance(part, ast.AST)
    ]


def draw(room: str, possible: list[Position], count: int) -> list[Fault]:
    """Return a sample: of the places of each kind the first by rank, one fault each; what isn't Python is no fault."""
    from cosmic_ray import plugins
    from cosmic_ray.mutating import mutate_code

    places = defaultdict(list)
    for position in possible:
        kind = position.operator.split("/")[1].split("_")[0]
        places[position.path, position.line, kind].append(position)
    sample: list[Fault] = []
    rank = attrgetter("rank")
    for first in sorted((min(place, key=rank) for place in places.values()), key=rank):
        if len(sample) == count:
            break
        before = (ROOT / first.path).read_text()
        after = mutate_code(before, plugins.get_operator(first.operator)(), first.occurrence)
        try:
            same = ast.dump(ast.parse(after)) == ast.dump(ast.parse(before))
        except SyntaxError:
            continue
        if not same:
            sample.append(
                Fault(room, first.path, first.line, first.operator.split("/")[1], change(before, after), after)
            )
    return sample


def change(before: str, after: str) -> str:
    """Return the first line that differs, before and after."""
    for old, new in zip(before.splitlines(), after.splitlines(), strict=False):
        if old != new:
            return f"{old.strip()} → {new.strip()}"
    return ""


def meet(sample: list[Fault], copies: list[Path], where: list[str]) -> Iterator[tuple[Fault, dict[str, Any]]]:
    """Yield what became of each fault: those in compiled code meet tests that run it as plain Python."""
    faults = [fault for fault in sample if not fault.in_kernel]
    if faults:
        yield from meet_by(faults, [Worker(copy, compiled=True) for copy in copies], where)
    kernels = defaultdict(list)
    for fault in sample:
        if fault.in_kernel:
            kernels[f"tests/{Path(fault.path).with_name(f'test_{Path(fault.path).name}')}"].append(fault)
    mirrored = [test for test in kernels if (ROOT / test).exists()]
    for tests, own in ((mirrored, True), (where, False)):
        faults = [fault for test, some in kernels.items() if (test in mirrored) is own for fault in some]
        if faults:
            yield from meet_by(faults, [Worker(copy, compiled=False) for copy in copies], tests)


def meet_by(faults: list[Fault], workers: list["Worker"], where: list[str]) -> Iterator[tuple[Fault, dict[str, Any]]]:
    """Yield what became of each fault, shared out among workers."""
    print(f"{len(faults)} faults; measuring what the tests of {', '.join(where)} run through", file=sys.stderr)
    covered = measure(where, sorted({fault.room for fault in faults}), workers)
    free = list(workers)

    def run(fault: Fault) -> tuple[Fault, dict[str, Any]]:
        worker = free.pop()
        tests, seconds = tests_through(fault, covered)
        try:
            answer = worker.ask({"path": fault.path, "code": fault.code, "tests": tests, "seconds": seconds})
        finally:
            free.append(worker)
        return fault, answer | {"path": fault.path, "line": fault.line, "change": fault.change}

    with ThreadPoolExecutor(len(workers)) as pool:
        for count, (fault, result) in enumerate(pool.map(run, faults), 1):
            outcome = f"{result['outcome']} {fault.change if result['outcome'] == 'missed' else ''}"
            print(f"{count}/{len(faults)} {fault.path}:{fault.line} {outcome}", file=sys.stderr, flush=True)
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


def tests_through(fault: Fault, covered: dict[str, Any]) -> tuple[list[str], float]:
    """Return the tests that run through a fault's line, quickest first while there is time, and their seconds."""
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
        if chosen and spent + tests[test] > TESTS_SECONDS:
            break
        spent += tests[test]
        chosen.append(test)
    return chosen, spent


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


def write_table(kept: Kept, written: list[str]) -> str:
    """Return the shares noticed as a table, then what was missed; of rooms not kept, the lines as written."""
    equal = {(fault["path"], fault["change"]) for fault in tomllib.loads(EQUAL.read_text())["fault"]}
    lines = [
        "| room | lines that a fault can stand in | seeded | set aside | noticed | of these by never ending | share |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    missed = []
    for room in ROOMS:
        results = sorted(kept.read(room).values(), key=itemgetter("path", "line"))
        if not results:
            lines += [line for line in written if line.startswith(f"| `{room}` ")]
            missed += [line for line in written if line.startswith(f"- `{room}/")]
            continue
        aside = [r for r in results if r["outcome"] == "missed" and (r["path"], r["change"]) in equal]
        missed += [f"- `{r['path']}`: `{r['change']}`" for r in results if r["outcome"] == "missed" and r not in aside]
        noticed = sum(result["outcome"] != "missed" for result in results)
        endless = sum(result["outcome"] == "hangs" for result in results)
        share = f"{noticed / (len(results) - len(aside)):.0%}"
        lines.append(
            f"| `{room}` | {kept.lines(room):,} | {len(results)} | {len(aside)} | {noticed} | {endless} | {share} |"
        )
    return "\n".join([*lines, "", "Missed:", "", *missed]) + "\n"


if __name__ == "__main__":
    main()
