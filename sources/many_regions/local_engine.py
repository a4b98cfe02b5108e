"""The engine of one machine: some processes, each of which runs one unit after another.

A process that dies takes its one unit with it, which is tried again in a new one. Each watches itself: it ends when it
holds more memory than it may, and when who started it is gone. Units before may have left memory behind, and some
systems tell only the most that a process ever held: so a unit takes too much only if it did in a process of its own.
"""

import multiprocessing
import os
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo.processors import THREADS, processors
from sources.many_regions.outcomes import EngineSettings, Outcome, outcome_of
from sources.many_regions.units import Task, Unit, run_unit
from sources.region.build import peak_memory_mb

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess

_TOO_MUCH = 77
"""The exit code of a process that held more memory than it may."""
_WATCH_SECONDS = 0.1
_MEGABYTE = 1024 * 1024


@dataclass
class _Worker:
    process: "BaseProcess"
    line: Connection
    unit: Unit | None = None
    tries: int = 0
    units: int = 0


def run_here(units: Iterable[Unit], settings: EngineSettings) -> Iterator[Outcome]:
    """Run units in processes on this machine; see `outcomes.Engine`."""
    waiting, left = deque[tuple[Unit, int]](), iter(units)
    workers: list[_Worker] = []
    try:
        while True:
            _give_work(workers, waiting, left, settings)
            busy = [worker for worker in workers if worker.unit is not None]
            if not busy:
                return
            for ready in wait([worker.line for worker in busy]):
                worker = next(one for one in busy if one.line is ready)
                outcome = _outcome(worker, settings)
                if not worker.process.is_alive():
                    workers.remove(worker)
                unit, tries = worker.unit, worker.tries
                worker.unit = None
                if outcome is not None:
                    yield outcome
                elif unit is not None:
                    waiting.append((unit, tries))
    finally:
        for worker in workers:
            _end(worker)


def _give_work(
    workers: list[_Worker], waiting: "deque[tuple[Unit, int]]", left: Iterator[Unit], settings: EngineSettings
) -> None:
    """Let every process have a unit, as long as there are any; start those that aren't there yet."""
    for number in range(settings.workers):
        if number < len(workers) and workers[number].unit is not None:
            continue
        unit, tries = waiting.popleft() if waiting else (next(left, None), 0)
        if unit is None:
            return
        if number >= len(workers):
            workers.append(_started(settings))
        elif tries and workers[number].units:  # what is tried again gets a process that had nothing else
            _end(workers[number])
            workers[number] = _started(settings)
        try:
            _give(workers[number], unit, tries + 1)
        except OSError:  # it died while it had nothing to do
            _end(workers[number])
            workers[number] = _started(settings)
            _give(workers[number], unit, tries + 1)


def _give(worker: _Worker, unit: Unit, tries: int) -> None:
    worker.line.send(dict(unit.task))
    worker.unit, worker.tries, worker.units = unit, tries, worker.units + 1


def _end(worker: _Worker) -> None:
    worker.line.close()
    worker.process.terminate()
    worker.process.join()


def _started(settings: EngineSettings) -> _Worker:
    ours, theirs = multiprocessing.Pipe()
    arguments = (theirs, settings.memory_mb, os.getpid())
    process = multiprocessing.get_context("spawn").Process(target=_work, args=arguments, daemon=True)
    with _environment(THREADS, str(max(1, processors() // settings.workers))):
        process.start()
    theirs.close()
    return _Worker(process, ours)


@contextmanager
def _environment(name: str, value: str) -> Iterator[None]:
    """Set a variable for processes that are started meanwhile."""
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before


def _outcome(worker: _Worker, settings: EngineSettings) -> Outcome | None:
    """Return what came of a worker's unit; None where it is to be tried again."""
    unit = worker.unit
    assert unit is not None  # noqa: S101  only those at work are asked
    try:
        kind, content = worker.line.recv()
    except (EOFError, OSError):
        worker.process.join()
        if worker.process.exitcode == _TOO_MUCH:
            if worker.units > 1:
                return None
            bound = f"{(settings.memory_mb or 0) / 1024:,.1f} GB"
            advice = "give --memory-gb more" if unit.areas == 0 else "give --memory-gb more, or --areas-at-once fewer"
            return Outcome(unit, worker.tries, problem=f"It took more than the {bound} that a process may; {advice}.")
        kind, content = "failed", f"Its process ended (exit code {worker.process.exitcode})"
    if kind == "done":
        return outcome_of(unit, worker.tries, content)
    if worker.tries < settings.tries:
        return None
    return Outcome(unit, worker.tries, problem=f"{content}; tried {worker.tries} times.")


def _work(line: Connection, memory_mb: float | None, parent: int) -> None:
    """Run units as they come, until the line is closed."""
    threading.Thread(target=_watch, args=(memory_mb, parent), daemon=True).start()
    while True:
        try:
            task: Task = line.recv()
        except (EOFError, OSError):
            return
        line.send(_answer(task))


def _answer(task: Task) -> Sequence[Any]:
    try:
        return "done", run_unit(task) | {"peak_memory_mb": peak_memory_mb()}
    except Exception as problem:  # one unit's failure is no other's
        return "failed", f"Something failed that we did not foresee ({type(problem).__name__}: {problem})"


def _watch(memory_mb: float | None, parent: int) -> None:
    """End this process once it holds too much memory, or who started it is gone."""
    while True:
        if os.getppid() != parent:
            os._exit(1)
        if memory_mb is not None and _held_mb() > memory_mb:
            os._exit(_TOO_MUCH)
        time.sleep(_WATCH_SECONDS)


def _held_mb() -> float:
    """Return the memory that this process holds, in MB; where the system tells only the most so far, that."""
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return peak_memory_mb() or 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / _MEGABYTE
