"""Writers of the vault, runs over many regions and drivers of a cluster, killed (SIGKILL) at random moments."""

import time

from benchmarks import many_regions, vault
from benchmarks.drills.outcome import Outcome, Work

VAULT_SHARE = 0.3
BATCHES = 40
COUNTIES = 2
MANY = 10_000
"""The time is over long before."""


def drill(work: Work) -> Outcome:
    """Kill writers and runs; nothing that was reported is lost, nothing is torn, and what is made is the same."""
    outcome = Outcome()
    _kill_writers(work, outcome)
    end = work.until(1 - VAULT_SHARE)
    path = many_regions.write_list(work.folder, COUNTIES)
    calm = many_regions.calm_runs(work.folder / "calm", path)
    for name, left in (("local", 2), ("dask", 1)):
        folder = work.folder / name
        folder.mkdir()
        share = (end - time.monotonic()) / left
        done = many_regions.drill(folder, path, calm, MANY, work.seed, seconds=share, dask=name == "dask")
        outcome.figures.update({f"runs over regions, killed: {who}": count for who, count in done.hit.items()})
        outcome.expect(done.hit.total() > 0, f"{name}: no kill hit a run at work")
        outcome.expect(done.same, f"{name}: a region or surface differs from that of a run that nobody disturbed")
        outcome.expect(not done.left, f"{name}: left for good: {', '.join(done.left)}")
    return outcome


def _kill_writers(work: Work, outcome: Outcome) -> None:
    until, number = work.until(VAULT_SHARE), 0
    while not number or time.monotonic() < until:
        done = vault.drill(work.folder / f"vault-{number}", BATCHES, seed=1000 * work.seed + number)
        number += 1
        outcome.figures["writers of the vault, killed"] += done.kills
        outcome.figures["batches that they reported saved"] += done.reported
        outcome.expect(done.torn == 0, f"{done.torn} batches are torn")
        outcome.expect(done.lost == 0, f"{done.lost} batches that were reported are lost")
        outcome.expect(done.trail_is_whole, "the audit trail is broken")
