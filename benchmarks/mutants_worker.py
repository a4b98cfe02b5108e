"""The process that `benchmarks.mutants` asks: libraries imported once, a forked child for each task.

A line of JSON in, a line of JSON out: `{"measure": test files, "rooms": …}` gives which tests run through which line
and their seconds; `{"fault": …, "tests": …}` gives what became of a fault. Runs in a copy of the project.
"""

import io
import json
import os
import resource
import signal
import sys
import time
from collections import defaultdict
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

SLOW_TEST_SECONDS = 25.0
"""A kernel's test that takes longer as plain Python is left out."""

HANGS_SECONDS = 120
"""Of the processor, so that a busy machine is no fault; so are all seconds here."""


def main() -> None:
    """Answer tasks until there are no more."""
    import geopandas  # noqa: F401
    import numba  # noqa: F401
    import osmium  # noqa: F401
    import pandera.pandas  # noqa: F401
    import pyarrow.parquet  # noqa: F401
    import pytest  # noqa: F401
    import requests  # noqa: F401
    import scipy.optimize  # noqa: F401

    sys.path.insert(0, str(Path.cwd()))
    for line in sys.stdin:
        task = json.loads(line)
        if "measure" in task:
            answer = in_a_child(measure, task)
        else:
            path = Path(task["fault"]["path"])
            sound = path.read_text()
            answer = in_a_child(meet, task)
            path.write_text(sound)
        print(json.dumps(answer), flush=True)


def in_a_child(work: Any, task: dict[str, Any]) -> Any:
    """Return what the work answers in a forked child; a child that is gone or never ends has noticed the fault."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        if work is meet:
            resource.setrlimit(resource.RLIMIT_CPU, (HANGS_SECONDS, HANGS_SECONDS))
            signal.alarm(8 * HANGS_SECONDS)  # where it waits for what never comes
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
    os.waitpid(child, 0)
    return json.loads(text) if text else {"outcome": "hangs"}


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
    """Return which tests run through which line of the rooms, and each test's seconds."""
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
    return {"lines": lines, "seconds": seconds, "failed": sorted(measurer.failed)}


def meet(task: dict[str, Any]) -> dict[str, Any]:
    """Return what became of a fault that is put into its file; the parent takes it out again."""
    import pytest
    from cosmic_ray import plugins
    from cosmic_ray.mutating import apply_mutation

    fault, start = task["fault"], time.perf_counter()
    operator = plugins.get_operator(fault["operator"])()
    before, after = apply_mutation(Path(fault["path"]), operator, fault["occurrence"])
    status = pytest.main([*arguments(), "-x", *task["tests"]]) if task["tests"] else 0
    return {
        "outcome": "missed" if status == 0 else "noticed",
        "change": change(before, after),
        "tests": len(task["tests"]),
        "seconds": round(time.perf_counter() - start, 1),
    }


def change(before: str, after: str) -> str:
    """Return the first line that differs, before and after."""
    for old, new in zip(before.splitlines(), after.splitlines(), strict=False):
        if old != new:
            return f"{old.strip()} → {new.strip()}"
    return ""


def arguments() -> list[str]:
    """Return how pytest is called for a task."""
    marks = "not shared and not browser" if os.environ.get("NUMBA_DISABLE_JIT") else "not browser"
    early = "ignore::pytest.PytestAssertRewriteWarning"  # libraries that are imported once, before pytest begins
    return ["-q", "-W", early, "-p", "no:cacheprovider", "-p", "no:xdist", "--no-header", "-m", marks]


if __name__ == "__main__":
    main()
