"""A disk that is full: what was there stays, what can't be written says so in a sentence, and with room all goes on.

Two ways that need no rights: a bound on how large a file may grow (`ulimit -f`), which works anywhere but on Windows;
and, where the system lets a user have file systems of their own (Linux, `unshare`), a small one that fills up.
"""

import random
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import httpx

from benchmarks.drills import town
from benchmarks.drills.asking import ROOT, Answer, asked, environment
from benchmarks.drills.outcome import Outcome, Work
from benchmarks.vault import CHEAP, NAME, PASSPHRASE, place_in
from geo.errors import VaultError
from people.caseload import add_person, caseload
from people.vault import create_vault, lock, open_vault

MEGABYTES = 24
"""Of the small file system; the town takes one, the vault a tenth."""
MOST_PEOPLE, NOTE = 1000, "n" * 4000
OWN = ["unshare", "--map-root-user", "--mount", "sh", "-c"]
MOUNT = 'mount -t tmpfs -o size={megabytes}m,mode=0700 tmpfs "$0" && exec "$@"'


def drill(work: Work) -> Outcome:
    """Fill the disk; nothing that was saved is lost, nothing is torn, nothing is left for good."""
    outcome = Outcome()
    home = work.folder / "bounded"
    chance = random.Random(work.seed)  # noqa: S311  how full is no secret
    files = _prepare(work.folder / "files", home, outcome)
    largest = max(path.stat().st_size for path in home.rglob("*") if path.is_file())
    until = work.until(0.5)
    while not outcome.figures["times that files could not grow"] or time.monotonic() < until:
        outcome.figures["times that files could not grow"] += 1
        bound = int(largest ** chance.uniform(0.3, 1))
        _write_all(home, files, outcome, lambda *words, bound=bound: asked(outcome, home, *words, most_bytes=bound))
    own = work.folder / "small"
    own.mkdir()
    inside = [sys.executable, "-m", "benchmarks.drills.full_disk", str(own), str(work.seconds / 2), str(work.seed)]
    if not _has_own_file_systems(own):
        outcome.figures["small file systems that filled up (none can be had here)"] = 0
        return outcome
    done = subprocess.run(
        [*OWN, MOUNT.format(megabytes=MEGABYTES), str(own), *inside],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    for line in done.stdout.splitlines():
        kind, _, text = line.partition("\t")
        if kind == "fault":
            outcome.expect(False, text)
        else:
            outcome.figures[text] += int(kind)
    outcome.expect(done.returncode == 0, f"the drill within a small file system ended: {done.stderr.strip()[-300:]}")
    return outcome


def fill(own: Path, seconds: float, seed: int) -> Outcome:
    """Fill the small file system that a folder is, again and again, to some kilobytes."""
    outcome, home = Outcome(), own / "home"
    chance, until = random.Random(seed), time.monotonic() + seconds  # noqa: S311  how full is no secret
    files = _prepare(own / "files", home, outcome)
    while not outcome.figures["times that a file system was full"] or time.monotonic() < until:
        outcome.figures["times that a file system was full"] += 1
        _leave(own, chance.randrange(2_000_000))
        _write_all(home, files, outcome, lambda *words: asked(outcome, home, *words))
        (own / "ballast").unlink()
    _leave(own, 0)
    _serve(home, outcome)
    _save_people(own, outcome)
    (own / "ballast").unlink()
    town.made(outcome, home, *town.build_words(files, "more.csv"))
    return outcome


def _prepare(files: Path, home: Path, outcome: Outcome) -> Path:
    town.write_town(files)
    town.made(outcome, home, *town.build_words(files))
    town.made(outcome, home, "surface", town.NAME, "--json")
    return files


def _write_all(home: Path, files: Path, outcome: Outcome, tight: Callable[..., Answer]) -> None:
    """Do all that writes while the disk is full, then look whether what was there is whole, and do it with room."""
    before = town.hash_of(home)
    other = "more.csv" if outcome.figures.total() % 2 else "houses.csv"
    surface = ["surface", town.NAME, "--profile", "bicycle", "--json"]
    reach = ["isochrones", town.NAME, "--from", town.HOME, "--mode", "walk", "--out", str(home / "reach.geojson")]
    for words in (town.build_words(files, other), surface, reach):
        outcome.figures["commands refused in a sentence"] += tight(*words).is_refused
    checked = asked(outcome, home, "region", "check", town.NAME)
    outcome.expect("is whole" in checked.output + checked.errors, f"not whole: {checked.errors.strip()[-200:]}")
    now = town.hash_of(home)
    town.made(outcome, home, *town.build_words(files, other))
    outcome.expect(now in (before, town.hash_of(home)), "a region is neither the earlier one nor the new one")
    town.made(outcome, home, *surface)
    left = town.left_over(home)
    outcome.expect(not left, f"left for good: {', '.join(left)}")
    (home / "reach.geojson").unlink(missing_ok=True)
    shutil.rmtree(home / "surfaces", ignore_errors=True)


def _serve(home: Path, outcome: Outcome) -> None:
    """Start the app with nothing left to write on, and look at a place."""
    with closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    code = f"import app; app.serve('{town.NAME}', {port}, announce=lambda address: print(address, flush=True))"
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, env=environment(home), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as server:
        assert server.stdout is not None
        server.stdout.readline()
        address = f"http://127.0.0.1:{port}/near"
        answer = httpx.post(address, data={"region": town.NAME, "place": town.HOME}, timeout=120)
        server.terminate()
    outcome.expect(answer.is_success and 'id="answer"' in answer.text, f"the app: {answer.status_code}")
    outcome.figures["answers of the app on a full disk"] += 1


def _save_people(own: Path, outcome: Outcome) -> None:
    """Save people until there is no room; those that were said to be saved are there, and more with room again."""
    ballast = own / "ballast"
    ballast.unlink()
    vault, _ = create_vault(place_in(own), NAME, PASSPHRASE, CHEAP)
    saved = 0
    _leave(own, 200_000)
    try:
        while saved < MOST_PEOPLE:
            add_person(vault, {"name": f"Person {saved}", "note": NOTE})
            saved += 1
        outcome.expect(False, "a vault took more than there is room for")
    except VaultError as problem:
        saved += "This was saved" in str(problem)
        outcome.expect("make room" in str(problem).lower(), f"the vault says: {problem}")
    lock(vault)
    ballast.unlink()
    vault = open_vault(place_in(own), NAME, PASSPHRASE, CHEAP)
    held = len(caseload(vault))
    outcome.expect(held == saved, f"{saved} people were said to be saved, {held} are there")
    add_person(vault, {"name": "Person with room"})
    lock(vault)
    outcome.figures["people saved before a vault was full"] += saved
    _leave(own, 0)


def _leave(own: Path, free: int) -> None:
    """Fill a file system but for so many bytes."""
    ballast = own / "ballast"
    ballast.unlink(missing_ok=True)
    wanted = max(0, shutil.disk_usage(own).free - free)
    with ballast.open("wb") as file:
        file.write(bytes(wanted))


def _has_own_file_systems(folder: Path) -> bool:
    if not shutil.which("unshare"):
        return False
    words = [*OWN, MOUNT.format(megabytes=1), str(folder), "true"]
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


if __name__ == "__main__":
    within = fill(Path(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]))
    for what, count in within.figures.items():
        sys.stdout.write(f"{count}\t{what}\n")
    for fault in within.faults:
        sys.stdout.write(f"fault\t{' '.join(fault.split())}\n")
