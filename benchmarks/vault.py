"""The vault: how long it takes, and writers killed in the middle of their work.

    python -m benchmarks.vault                       unlock, a caseload of 500, 10,000 audit rows verified
    python -m benchmarks.vault drill [--batches N]   four writers, killed again and again until N are saved

A writer saves batches of three entries and reports each one once it is saved. After all kills (SIGKILL) no batch is
torn, none that was reported is lost, and the audit trail is whole. The people in it are invented.
"""

import argparse
import contextlib
import datetime as dt
import itertools
import multiprocessing.connection
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from people import audit
from people.caseload import caseload
from people.consent import add_consent
from people.folders import VaultPlace
from people.importing import import_people, preview, read_people
from people.notebook import add_call, house_calls
from people.settings import VaultSettings
from people.short_list import put_on_short_list
from people.vault import create_vault, lock, open_vault, reading, record, writing

NAME, PASSPHRASE = "Example Ana", "correct horse kettle staple"
CHEAP = VaultSettings(memory_kib=8, passes=1, lanes=1, first_wait_seconds=0.0)
"""A passphrase that is quick to check: the drill is about the database."""
IN_A_BATCH = 3
PROJECT = Path(__file__).parents[1]


Timing = tuple[float, float]
"""Seconds until it was done, and seconds of the processor's, which other programs don't lengthen."""


@dataclass(frozen=True)
class Drill:
    """What was there after the last kill."""

    kills: int
    reported: int
    saved: int
    torn: int
    lost: int
    trail_is_whole: bool


def place_in(folder: Path) -> VaultPlace:
    """Return where a vault for this lies in a folder."""
    return VaultPlace(folder / "vault" / "people.db", folder / "keys")


def write_batches(folder: Path, name: str) -> None:
    """Save batches of house calls until killed, and print the name of each once it is saved."""
    vault = open_vault(place_in(folder), NAME, PASSPHRASE, CHEAP)
    for number in itertools.count():
        batch = f"{name}-{number}"
        with writing(vault):
            for _ in range(IN_A_BATCH):
                add_call(vault, {"resource_id": batch, "house": "Example House", "called_on": "2026-11-20"})
        print(batch, flush=True)


def drill(folder: Path, batches: int, writers: int = 4, seed: int = 1) -> Drill:
    """Run writers and kill them at random moments until they have reported so many batches; return what is there.

    Raises
    ------
    RuntimeError
        No writer saved a batch within a minute, or one ended by itself.

    """
    chance, reported, kills = random.Random(seed), set[str](), 0  # noqa: S311  when to kill is no secret
    made, _ = create_vault(place_in(folder), NAME, PASSPHRASE, CHEAP)
    lock(made)
    while len(reported) < batches:
        names = [f"{kills + number}" for number in range(writers)]
        reported |= _batches_before_the_kill(folder, names, chance.uniform(0.0, 0.2))
        kills += writers
    vault = open_vault(place_in(folder), NAME, PASSPHRASE, CHEAP)
    counts = Counter(house_calls(vault)["resource_id"])
    with reading(vault) as connection:
        verdict = audit.verify(connection, vault.secret, vault.place)
    lock(vault)
    torn = sum(count != IN_A_BATCH for count in counts.values())
    return Drill(kills, len(reported), len(counts), torn, len(reported - set(counts)), verdict.is_whole)


def _batches_before_the_kill(folder: Path, names: list[str], seconds: float) -> set[str]:
    """Start one writer a name, kill them all so many seconds after the first batch, and return what they reported."""
    command = [sys.executable, "-m", "benchmarks.vault", "write", "--folder", str(folder), "--name"]
    with contextlib.ExitStack() as at_the_end:
        running = []
        for name in names:
            writer = subprocess.Popen([*command, name], stdout=subprocess.PIPE, text=True, cwd=PROJECT)
            at_the_end.enter_context(writer)
            at_the_end.callback(writer.kill)
            running.append(writer)
        if not multiprocessing.connection.wait([writer.stdout for writer in running], timeout=60):
            raise RuntimeError("No writer saved a batch within a minute.")
        time.sleep(seconds)
        for writer in running:
            writer.kill()
        outputs = [writer.communicate(timeout=60)[0] for writer in running]
        if ended := [writer.returncode for writer in running if writer.returncode != -signal.SIGKILL]:
            raise RuntimeError(f"Writers ended before they were killed, with exit codes {ended}.")
    # A kill may cut off the last line: what has no line end was not reported.
    return {line.strip() for output in outputs for line in output.splitlines(keepends=True) if line.endswith("\n")}


def timings(folder: Path) -> list[tuple[str, Timing, float]]:
    """Return what was measured: what, how long (medians of five), and the limit in seconds set for it."""
    place = place_in(folder)
    vault, _ = create_vault(place, NAME, PASSPHRASE)
    rows = "".join(f"Person {number},2026-12-{number % 28 + 1:02d}\n" for number in range(500))
    table = read_people(f"Name,Discharge date\n{rows}".encode())
    people = import_people(vault, preview(vault, table, {"name": "Name", "discharge_on": "Discharge date"}))
    consent = {"recipient": "Example Court", "what": "plan", "purpose": "housing", "given_on": "2026-11-01"}
    with writing(vault):
        for number, person_id in enumerate(people):
            add_consent(vault, person_id, consent | {"expires_on": f"2026-12-{number % 28 + 1:02d}"})
            put_on_short_list(vault, person_id, f"x:{number % 40}", f"Example House {number % 40}")
        for _ in range(10_000):
            record(vault, "view", person_id=people[0])
    lock(vault)
    unlock = _median(lambda: lock(open_vault(place, NAME, PASSPHRASE)))
    vault = open_vault(place, NAME, PASSPHRASE)
    try:
        listed = _median(lambda: caseload(vault, dt.date(2026, 11, 29)))
        with reading(vault) as connection:
            count = connection.execute("SELECT count(*) FROM audit").fetchone()[0]
            verified = _median(lambda: audit.verify(connection, vault.secret, place))
    finally:
        lock(vault)
    return [
        (f"unlock, every page checked ({place.database.stat().st_size / 1e6:.0f} MB)", unlock, 0.5),
        ("caseload of 500 with what is due", listed, 1.0),
        (f"{count:,} audit rows verified", verified, 1.0),
    ]


def _median(work: Callable[[], object]) -> Timing:
    seconds = []
    for _ in range(5):
        start, used = time.perf_counter(), time.process_time()
        work()
        seconds.append((time.perf_counter() - start, time.process_time() - used))
    waited, used = (statistics.median(column) for column in zip(*seconds, strict=True))
    return waited, used


def main() -> None:
    """Run what was asked for and print it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("what", nargs="?", choices=("timings", "drill", "write"), default="timings")
    parser.add_argument("--batches", type=int, default=1000)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--name", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.what == "write":
        write_batches(asked.folder, asked.name)
    with tempfile.TemporaryDirectory() as folder:
        if asked.what == "drill":
            print(drill(Path(folder), asked.batches))
            return
        print("| what | measured | of the processor | limit |\n| --- | --- | --- | --- |")
        for what, (waited, used), limit in timings(Path(folder)):
            print(f"| {what} | {waited:.2f} s | {used:.2f} s | {limit:g} s |")


if __name__ == "__main__":
    main()
