"""The process that `benchmarks.mutants` asks: everything imported once, a forked child for each task.

A line of JSON in, a line of JSON out: `{"measure": test files, "rooms": …}` gives which tests run through which line
and their seconds; `{"path", "code", "tests", "seconds"}` gives what became of a fault. Runs in a copy of the project. A
child imports anew only the file with the fault and what imports it.
"""

import ast
import gc
import importlib.util
import io
import json
import os
import py_compile
import resource
import signal
import sys
import time
import warnings
from collections import defaultdict
from contextlib import redirect_stdout, suppress
from pathlib import Path
from typing import Any

SLOW_TEST_SECONDS = 6.0
"""A kernel's test that takes longer as plain Python is left out."""

HANGS_SECONDS, HANGS_TIMES = 60, 4
"""Tests that take so much longer than without the fault never end: of the processor, as are all seconds here."""


IMPORTERS: dict[str, set[str]] = defaultdict(set)
"""Which of the project's modules import each one."""


def main() -> None:
    """Answer tasks until there are no more."""
    sys.path[0] = str(Path.cwd())
    importlib.import_module("pytest")
    for path in Path.cwd().rglob("*.py"):  # by content, so that a file with a fault is compiled anew
        compiled = Path(importlib.util.cache_from_source(str(path)))
        if not compiled.exists() or compiled.stat().st_mtime < path.stat().st_mtime:
            py_compile.compile(str(path), invalidation_mode=py_compile.PycInvalidationMode.CHECKED_HASH)
    for line in sys.stdin:
        task = json.loads(line)
        if "measure" in task:
            answer = in_a_child(measure, task)
            make_ready(answer.pop("modules"), answer.pop("compiled"))
        else:
            path = Path(task["path"])
            sound = path.read_text()
            path.write_text(task["code"])
            answer = in_a_child(meet, task)
            path.write_text(sound)
        print(json.dumps(answer), flush=True)


def make_ready(modules: list[str], compiled: list[list[str]]) -> None:
    """Import what the tests imported, and load the kernels that they used, so that no child has to."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in modules:
            if (Path.cwd() / name.partition(".")[0]).is_dir():
                importlib.import_module(name)
            else:
                with suppress(Exception):  # a library may hold parts that only it itself can import
                    importlib.import_module(name)
        for module, name, signature in compiled:
            with suppress(Exception):  # not every type can be read again from what it is called
                getattr(sys.modules[module], name).compile(signature)
    note_importers()
    gc.collect()
    gc.freeze()


def note_importers() -> None:
    """Note which of the project's modules import which."""
    for name, module in sys.modules.items():
        if is_own(module) and (file := module.__file__):
            for node in ast.walk(ast.parse(Path(file).read_text())):
                if isinstance(node, ast.ImportFrom) and node.module:
                    for imported in (node.module, *(f"{node.module}.{one.name}" for one in node.names)):
                        IMPORTERS[imported].add(name)
                elif isinstance(node, ast.Import):
                    for one in node.names:
                        IMPORTERS[one.name].add(name)


def forget(path: Path) -> None:
    """Take a file, and all that import it, out of what is imported."""
    gone, left = set[str](), [".".join(path.with_suffix("").parts)]
    while left:
        name = left.pop()
        if name not in gone:
            gone.add(name)
            left += IMPORTERS[name]
    for name in gone & set(sys.modules):
        package, _, last = name.rpartition(".")
        del sys.modules[name]
        if package in sys.modules and hasattr(sys.modules[package], last):
            delattr(sys.modules[package], last)


def is_own(module: Any) -> bool:
    """Tell whether a module is one of the project's."""
    return (getattr(module, "__file__", None) or "").startswith(f"{Path.cwd()}{os.sep}")


def in_a_child(work: Any, task: dict[str, Any]) -> Any:
    """Return what the work answers in a forked child; a child that is gone or never ends has noticed the fault."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        if work is meet:
            limit = HANGS_SECONDS + int(HANGS_TIMES * task["seconds"])
            resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
            signal.alarm(10 * limit)  # where it waits for what never comes
        with os.fdopen(writer, "w") as pipe:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, 1)
            if work is meet:
                os.dup2(nowhere, 2)
            with redirect_stdout(io.StringIO()):
                answer = work(task)
            json.dump(answer, pipe)
            pipe.flush()
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        text = pipe.read()
    _, status = os.waitpid(child, 0)
    if text:
        return json.loads(text)
    late = os.WIFSIGNALED(status) and os.WTERMSIG(status) in {signal.SIGXCPU, signal.SIGKILL, signal.SIGALRM}
    return {"outcome": "hangs" if late else "noticed", "tests": len(task["tests"])}


class Measurer:
    """Notes which test runs through which line, and how long each takes with its fixtures."""

    def __init__(self, rooms: list[str]) -> None:
        import coverage

        self.coverage = coverage.Coverage(data_file=None, include=[f"{room}/*.py" for room in rooms])
        self.seconds: dict[str, float] = {}
        self.start = 0.0
        self.failed: set[str] = set()

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Note a test that fails without any fault."""
        if not report.passed:
            self.failed.add(report.nodeid)

    def pytest_runtest_setup(self, item: Any) -> None:
        """Count what fixtures run through for all tests of the file, for the next test may share them."""
        self.coverage.switch_context(item.nodeid.partition("::")[0] + "::setup")
        self.start = time.process_time()
        signal.setitimer(signal.ITIMER_VIRTUAL, SLOW_TEST_SECONDS * 4)

    def pytest_runtest_call(self, item: Any) -> None:
        """Count what the test runs through."""
        self.coverage.switch_context(item.nodeid)
        signal.setitimer(signal.ITIMER_VIRTUAL, SLOW_TEST_SECONDS)

    def pytest_runtest_teardown(self, item: Any) -> None:
        """Stop the clock."""
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        self.seconds[item.nodeid] = time.process_time() - self.start


def too_slow(*_: object) -> None:
    """Fail the test that runs."""
    raise TimeoutError("too slow for the measurement")


def measure(task: dict[str, Any]) -> dict[str, Any]:
    """Return which tests run through which line of the rooms, their seconds, what they import and which kernels."""
    import pytest

    signal.signal(signal.SIGVTALRM, too_slow if os.environ.get("NUMBA_DISABLE_JIT") else signal.SIG_IGN)
    measurer = Measurer(task["rooms"])
    measurer.coverage.start()
    pytest.main([*arguments(), *task["measure"]], plugins=[measurer])
    measurer.coverage.stop()
    data = measurer.coverage.get_data()
    lines: dict[str, dict[int, list[str]]] = defaultdict(dict)
    for path in data.measured_files():
        contexts = data.contexts_by_lineno(path)
        lines[str(Path(path).relative_to(Path.cwd()))] = {line: sorted(names) for line, names in contexts.items()}
    seconds = {name: spent for name, spent in measurer.seconds.items() if name not in measurer.failed}
    modules = [
        name
        for name, module in sys.modules.items()
        if ("site-packages" in (getattr(module, "__file__", None) or "") or is_own(module))
        and not name.startswith(("_pytest", "coverage", "tests"))
    ]
    compiled = [
        (module, name, str(signature))
        for module in modules
        for name, value in vars(sys.modules[module]).items()
        if ".kernels_" in module and getattr(value, "__module__", "") == module
        for signature in getattr(value, "signatures", ())
    ]
    failed = sorted(measurer.failed)
    return {"lines": lines, "seconds": seconds, "failed": failed, "modules": modules, "compiled": compiled}


def meet(task: dict[str, Any]) -> dict[str, Any]:
    """Return what became of a fault that stands in its file."""
    import pytest

    start = time.process_time()
    forget(Path(task["path"]))
    status = pytest.main([*arguments(), "-x", *task["tests"]]) if task["tests"] else 0
    return {
        "outcome": "missed" if status == 0 else "noticed",
        "tests": len(task["tests"]),
        "seconds": round(time.process_time() - start, 1),
    }


def arguments() -> list[str]:
    """Return how pytest is called for a task."""
    marks = "not shared and not browser" if os.environ.get("NUMBA_DISABLE_JIT") else "not browser"
    return ["-q", "--assert=plain", "-p", "no:cacheprovider", "-p", "no:xdist", "--no-header", "-m", marks]


if __name__ == "__main__":
    main()
