"""The engine of a cluster: Dask distributed hands each unit to some worker. `docs/cluster.md` says how to start one.

What is sent is a unit's plain values, and what comes back is its digest and how long it took: results are files in the
data folder, which all machines share.
"""

import time
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any

from geo.errors import InputError, RegionError
from sources.many_regions.outcomes import EngineSettings, Outcome, outcome_of
from sources.many_regions.units import Unit, run_unit
from sources.region.build import peak_memory_mb

if TYPE_CHECKING:
    from distributed import Client

_AT_ONCE = 4
"""Units that lie at the scheduler for each worker: enough that none waits, few enough that thousands cost nothing."""


def run_on_cluster(units: Iterable[Unit], settings: EngineSettings) -> Iterator[Outcome]:
    """Run units on the workers of a scheduler; see `outcomes.Engine`.

    Raises
    ------
    InputError
        Dask isn't installed, or the scheduler can't be reached, or has no workers.
    RegionError
        The scheduler went away.
    """
    try:
        from distributed import as_completed
    except ModuleNotFoundError:
        raise InputError(
            "The engine dask needs Dask distributed, which isn't installed: `pip install 'recovery-reach[cluster]'`."
        ) from None
    client = _client(settings)
    try:
        left = iter(units)
        running: dict[Any, tuple[Unit, int]] = {}
        done = as_completed(loop=client.loop)

        def submit(unit: Unit, tries: int) -> None:
            future = client.submit(_run, dict(unit.task), key=f"{unit.title} #{tries} {time.time_ns()}", pure=False)
            running[future] = unit, tries
            done.add(future)

        for unit in islice(left, _AT_ONCE * max(1, _threads(client))):
            submit(unit, 1)
        while running:
            future = next(done)
            unit, tries = running.pop(future)
            outcome = _outcome(future, unit, tries, settings)
            if outcome is None:
                submit(unit, tries + 1)
                continue
            for more in islice(left, 1):
                submit(more, 1)
            yield outcome
    finally:
        client.close(timeout=5)


def _run(task: Mapping[str, Any]) -> dict[str, Any]:
    """Run a unit in a worker of the cluster."""
    return run_unit(task) | {"peak_memory_mb": peak_memory_mb()}


def _client(settings: EngineSettings) -> "Client":
    from distributed import Client

    address = settings.scheduler
    try:
        client = Client(address, timeout=settings.wait_seconds, set_as_default=False)
    except (OSError, ValueError, TimeoutError):
        raise InputError(
            f"No scheduler of Dask answers at {address}; start one with `dask scheduler` and give the address that it "
            "prints, like tcp://127.0.0.1:8786."
        ) from None
    try:
        client.wait_for_workers(1, timeout=settings.wait_seconds)
    except TimeoutError:
        client.close(timeout=5)
        raise InputError(
            f"The scheduler at {address} has no worker; start some with `dask worker {address} --nthreads 1`."
        ) from None
    return client


def _threads(client: "Client") -> int:
    return sum(client.nthreads().values())


def _outcome(future: Any, unit: Unit, tries: int, settings: EngineSettings) -> Outcome | None:
    """Return what came of a unit; None where it is to be tried again.

    Raises
    ------
    RegionError
        The scheduler went away.
    """
    from distributed import KilledWorker

    if future.status == "finished":
        return outcome_of(unit, tries, future.result())
    if future.status in ("cancelled", "lost"):  # codespell:ignore
        raise RegionError(
            f"The scheduler at {settings.scheduler} went away; run this again when it is there: what is done is kept."
        )
    problem = future.exception()
    if isinstance(problem, KilledWorker):  # which the scheduler tried on several
        said = "Each worker that had it ended, or was ended for holding more than its --memory-limit."
        return Outcome(unit, tries, problem=said)
    if tries < settings.tries:
        return None
    said = f"Something failed that we did not foresee ({type(problem).__name__}: {problem})"
    return Outcome(unit, tries, problem=f"{said}; tried {tries} times.")
