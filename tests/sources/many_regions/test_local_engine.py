"""Processes of this machine: one that dies costs one unit, which is tried again; memory is bounded."""

import multiprocessing
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from geo.errors import InputError
from sources.many_regions import local_engine
from sources.many_regions.engines import engine_called
from sources.many_regions.local_engine import run_here
from sources.many_regions.outcomes import EngineSettings
from sources.many_regions.region_list import read_region_list
from sources.many_regions.runs import build_listed
from sources.many_regions.units import Unit, mark_run
from tests.sources.many_regions.conftest import list_of_towns


def unforeseen(common: Any, number: int) -> Unit:
    return Unit(f"unit {number}", f"r{number}", 0, {**common, "kind": "no such kind"})


def test_a_process_that_dies_costs_one_unit_which_is_tried_again(towns: Path) -> None:
    killed, others = [], set(multiprocessing.active_children())

    def engine(units: Any, settings: EngineSettings) -> Iterator[Any]:
        outcomes = run_here(units, settings)
        yield next(outcomes)
        (worker,) = set(multiprocessing.active_children()) - others  # it has the next unit by now, or is about to
        killed.append(worker.pid)
        assert worker.pid is not None
        os.kill(worker.pid, signal.SIGKILL)
        yield from outcomes

    run = build_listed(read_region_list(list_of_towns(towns, 3)), engine, EngineSettings(workers=1))
    assert run.counts() == {"finished": 3}
    assert killed
    assert sum(row.tries for row in run.rows) in (3, 4)
    assert set(multiprocessing.active_children()) <= others


def test_tries_are_bounded_each_in_a_process_of_its_own_and_others_go_on(
    own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started, start = [], local_engine._started
    monkeypatch.setattr(local_engine, "_started", lambda settings: started.append(start(settings)) or started[-1])
    units = [unforeseen(mark_run("x"), number) for number in range(2)]
    outcomes = list(run_here(iter(units), EngineSettings(workers=1, tries=2)))
    assert [(one.unit.title, one.tries) for one in outcomes] == [("unit 0", 2), ("unit 1", 2)]
    for one in outcomes:
        assert one.problem == ("Something failed that we did not foresee (KeyError: 'no such kind'); tried 2 times.")
    assert [worker.units for worker in started] == [1, 2, 1]  # unit 0; again, then unit 1; that one again
    assert not any(worker.process.is_alive() for worker in started)


def test_a_process_that_holds_too_much_is_ended_and_says_what_to_do(towns: Path) -> None:
    run = build_listed(read_region_list(list_of_towns(towns, 1)), run_here, EngineSettings(workers=1, memory_mb=90))
    assert run.rows[0].problem == "It took more than the 0.1 GB that a process may; give --memory-gb more."
    assert run.rows[0].tries == 1  # it would take as much again


@pytest.mark.parametrize(("units", "tries", "is_told"), [(1, 1, True), (2, 1, False), (2, 3, False), (1, 4, True)])
def test_memory_that_units_before_left_behind_is_not_held_against_one(units: int, tries: int, is_told: bool) -> None:
    ours, theirs = multiprocessing.Pipe()
    theirs.close()
    ended: Any = SimpleNamespace(exitcode=local_engine._TOO_MUCH, join=lambda: None)
    worker = local_engine._Worker(ended, ours, Unit("unit", "r", 0, {}), tries, units)
    outcome = local_engine._outcome(worker, EngineSettings(memory_mb=90, tries=3))
    assert (outcome is not None) == is_told


@pytest.mark.parametrize(
    ("name", "scheduler", "said"),
    [
        ("spark", None, "An engine is local or dask, not 'spark'"),
        ("dask", None, "The engine dask needs --scheduler"),
        ("local", "tcp://127.0.0.1:1", "--scheduler is for --engine dask"),
    ],
)
def test_engines_that_cannot_be_are_refused(name: str, scheduler: str | None, said: str) -> None:
    with pytest.raises(InputError, match=said):
        engine_called(name, EngineSettings(scheduler=scheduler))
