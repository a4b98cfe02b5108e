"""A cluster on this machine: a scheduler and two workers, started as people start them; loopback alone."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from geo.errors import InputError, RegionError
from sources.many_regions.dask_engine import _outcome, run_on_cluster
from sources.many_regions.local_engine import run_here
from sources.many_regions.outcomes import EngineSettings
from sources.many_regions.region_list import read_region_list
from sources.many_regions.runs import build_listed, score_listed
from sources.many_regions.units import Unit, mark_run
from tests.sources.many_regions.conftest import DATE, list_of_towns

ROOT = Path(__file__).parents[3]


@contextmanager
def started(command: list[str], home: Path, until: str) -> Iterator[str]:
    """Run a program of Dask meanwhile, and give the line of its log that says it is ready."""
    environment = os.environ | {"RECOVERY_REACH_HOME": str(home), "RECOVERY_REACH_THREADS": "1"}
    program = [sys.executable, "-m", "distributed.cli." + command[0], *command[1:]]
    log = home / f"{command[0]}.log"
    with log.open("w", encoding="utf-8") as written:
        process = subprocess.Popen(program, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=written)
    deadline = time.monotonic() + 120
    try:
        while not (ready := re.search(f".*(?:{until}).*", log.read_text("utf-8"))):
            assert process.poll() is None, log.read_text("utf-8")
            assert time.monotonic() < deadline, log.read_text("utf-8")
            time.sleep(0.05)
        yield ready[0]
    finally:
        process.terminate()
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@pytest.fixture
def cluster(own_home: Path, tmp_path: Path) -> Iterator[str]:
    """Return the address of a scheduler with one worker, which its nanny starts anew when it dies."""
    own_home.mkdir()
    local = ["--host", "127.0.0.1", "--no-dashboard"]
    options = ["--nthreads", "1", "--nworkers", "2", "--local-directory", str(tmp_path / "dask")]
    with started(["dask_scheduler", *local, "--port", "0"], own_home, r"Scheduler at:\s+tcp") as line:
        address = re.findall(r"tcp://[\d.:]+", line)[0]
        with started(["dask_worker", address, *local, *options], own_home, r"Registered to|Starting established"):
            yield address


def test_a_cluster_gives_the_same_bytes_also_when_a_worker_is_killed(
    towns: Path, own_home: Path, tmp_path: Path, cluster: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    regions = read_region_list(list_of_towns(towns, 2))
    here, there = EngineSettings(workers=1), EngineSettings(scheduler=cluster)
    killed: list[int] = []

    def killing(units: Any, settings: EngineSettings) -> Iterator[Any]:
        for outcome in run_on_cluster(units, settings):
            if not killed:
                killed.append(_worker_at(cluster))
                os.kill(killed[0], signal.SIGKILL)
            yield outcome

    built = build_listed(regions, killing, there)
    assert [row.problem for row in built.rows] == [None] * 2
    assert killed
    scored = score_listed(regions, ["no-car"], run_on_cluster, there, date=DATE, at_once=2)
    assert {(row.status, row.units) for row in scored.rows} == {("finished", 2)}
    unforeseen = Unit("odd", "odd", 0, {**mark_run("a"), "kind": "no such kind"})
    (odd,) = run_on_cluster([unforeseen], EngineSettings(scheduler=cluster, tries=2))
    assert (odd.tries, odd.problem) == (
        2,
        "Something failed that we did not foresee (KeyError: 'no such kind'); tried 2 times.",
    )
    monkeypatch.setenv("RECOVERY_REACH_HOME", str(tmp_path / "elsewhere"))  # which the workers don't see
    lost = build_listed(regions, run_on_cluster, there)
    assert all("doesn't see the data folder" in str(row.problem) for row in lost.rows)
    local = build_listed(regions, run_here, here), score_listed(regions, ["no-car"], run_here, here, date=DATE)
    assert [row.digests for row in local[0].rows] == [row.digests for row in built.rows]
    assert [row.digests for row in local[1].rows] == [row.digests for row in scored.rows]


def _worker_at(address: str) -> int:
    """Return the process of a worker."""
    from distributed import Client

    with Client(address, set_as_default=False) as client:
        pids = client.run(os.getpid)
    return int(next(iter(pids.values())))


def test_a_scheduler_that_is_not_there_or_has_no_worker_is_told(own_home: Path) -> None:
    unit = Unit("odd", "odd", 0, {})
    with pytest.raises(InputError, match=r"No scheduler of Dask answers at tcp://127.0.0.1:1; start one with"):
        list(run_on_cluster([unit], EngineSettings(scheduler="tcp://127.0.0.1:1", wait_seconds=1)))
    with pytest.raises(InputError, match="No scheduler of Dask answers at nonsense"):
        list(run_on_cluster([unit], EngineSettings(scheduler="nonsense://", wait_seconds=1)))
    own_home.mkdir()
    local = ["--host", "127.0.0.1", "--no-dashboard", "--port", "0"]
    with started(["dask_scheduler", *local], own_home, r"Scheduler at:\s+tcp") as line:
        address = re.findall(r"tcp://[\d.:]+", line)[0]
        with pytest.raises(InputError, match=f"The scheduler at {address} has no worker; start some with `dask worker"):
            list(run_on_cluster([unit], EngineSettings(scheduler=address, wait_seconds=5)))


def test_dask_that_is_not_installed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError, match=r"pip install 'recovery-reach\[cluster\]'"):
        list(run_on_cluster([], EngineSettings(scheduler="tcp://127.0.0.1:1")))


@pytest.mark.parametrize(
    ("status", "problem", "tries", "said"),
    [
        ("error", "killed", 1, "Each worker that had it ended, or was ended for holding more than its --memory-limit."),
        ("error", ValueError("odd"), 3, "Something failed that we did not foresee (ValueError: odd); tried 3 times."),
        ("error", ValueError("odd"), 2, None),
        ("finished", {"refused": "No streets."}, 1, "No streets."),
    ],
)
def test_what_came_of_a_unit(status: str, problem: Any, tries: int, said: str | None) -> None:
    from distributed import KilledWorker

    raised = KilledWorker("unit", None, 4) if problem == "killed" else problem
    future = SimpleNamespace(status=status, exception=lambda: raised, result=lambda: problem)
    outcome = _outcome(future, Unit("odd", "odd", 0, {}), tries, EngineSettings())
    assert (outcome and outcome.problem) == said


def test_a_scheduler_that_went_away_is_told() -> None:
    future = SimpleNamespace(status="cancelled")  # codespell:ignore
    with pytest.raises(RegionError, match=r"scheduler at tcp://10.0.0.1:8786 went away; .* what is done is kept"):
        _outcome(future, Unit("odd", "odd", 0, {}), 1, EngineSettings(scheduler="tcp://10.0.0.1:8786"))
