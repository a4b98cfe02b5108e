"""Bits flipped on the disk: in a region's parts and raw files, surfaces, kept builds, copies of what was fetched, the
vault with its keys, and compiled loops.
"""  # noqa: D205  the list of what is flipped doesn't fit on one line

import datetime
import json
import random
import shutil
import time
from pathlib import Path
from typing import Any

from benchmarks.drills import town
from benchmarks.drills.asking import asked, data_folder
from benchmarks.drills.outcome import Outcome, Work
from benchmarks.mutants import copy_project
from benchmarks.vault import CHEAP, NAME, PASSPHRASE, place_in
from geo.errors import RecoveryReachError, RegionError, VaultError
from geo.needs.needs import Needs
from geo.score.parameters import load_parameters
from geo.score.score import score_home
from people.caseload import add_person, caseload
from people.folders import VaultPlace
from people.vault import create_vault, lock, open_vault
from sources.region import open_region
from sources.region.damage import DOCUMENT, RECIPE
from sources.region.kept_builds import earlier_build
from sources.region.surface_store import kept_surface
from sources.web.cache import Copy, read_copy, write_copy
from sources.web.http import Fetched

SHARES = {"regions": 0.35, "vault": 0.2, "copies": 0.05, "loops": 0.4}
LOOPS_AT_ONCE = 2
HOME = (-84.509, 39.081)


def drill(work: Work) -> Outcome:
    """Flip bits; each is noticed and mended, or refused in a sentence, and no answer is another one."""
    outcome, chance = Outcome(), random.Random(work.seed)  # noqa: S311  which bit is no secret
    home = work.folder / "home"
    files = town.write_town(work.folder / "files")
    for words in (town.build_words(files), ["surface", town.NAME, "--json"], town.build_words(files, "more.csv")):
        town.made(outcome, home, *words)
    town.made(outcome, home, "surface", town.NAME, "--json")
    with data_folder(home):
        _flip_regions(work, home, chance, outcome)
    _flip_vault(work, chance, outcome)
    _flip_copies(work, chance, outcome)
    _flip_loops(work, home, chance, outcome)
    return outcome


def flip(path: Path, chance: random.Random) -> None:
    """Flip one bit of a file."""
    content = bytearray(path.read_bytes())
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    path.write_bytes(content)


def _flip_regions(work: Work, home: Path, chance: random.Random, outcome: Outcome) -> None:
    """Flip one to three bits, and ask as pages do: nothing is lost but where two copies of one thing are damaged."""
    whole = work.folder / "whole"
    shutil.copytree(home, whole)
    calm, until = _answers(), work.until(SHARES["regions"])
    rounds = 0
    while not rounds or time.monotonic() < until:
        rounds += 1
        kinds = _kinds(home)
        flipped = sorted({chance.choice(kinds[chance.choice(list(kinds))]) for _ in range(chance.randint(1, 3))})
        for path in flipped:
            flip(path, chance)
        _look(home, flipped, calm, outcome)
        outcome.figures["bits of region files"] += len(flipped)
        shutil.rmtree(home)
        shutil.copytree(whole, home)


def _kinds(home: Path) -> dict[str, list[Path]]:
    """Return the files of a data folder by what becomes of their damage: each kind is met as often."""
    region = home / "regions" / town.NAME
    kinds: dict[str, list[Path]] = {"parts": [], "raw": [], "documents": [], "others": []}
    for path in _files(home):
        if path.name.endswith(".lock"):
            continue
        name = path.relative_to(region).as_posix() if path.is_relative_to(region) else ""
        documents, raw = name in (DOCUMENT, RECIPE), name.startswith("raw/")
        kinds["others" if not name else "documents" if documents else "raw" if raw else "parts"].append(path)
    return kinds


def _look(home: Path, flipped: list[Path], calm: dict[str, Any], outcome: Outcome) -> None:
    """Open a region some of whose files were changed, and hold what it says against what is true."""
    folder = home / "regions" / town.NAME
    ours = {path.relative_to(folder).as_posix() for path in flipped if path.is_relative_to(folder)}
    raw = {name for name in ours if name.startswith("raw/")} - {RECIPE}
    names = ", ".join(path.relative_to(home).as_posix() for path in flipped)
    try:
        opened = open_region(town.NAME)
    except RegionError as problem:
        both = bool(raw and ours - raw - {RECIPE}) or {DOCUMENT, RECIPE} <= ours
        outcome.expect(both, f"refused though it could be made again: {names}: {problem}")
        outcome.figures["regions refused in a sentence: a part and what it is made from"] += 1
        return
    except Exception as problem:  # what a drill is for
        outcome.expect(False, f"unforeseen: {names}: {type(problem).__name__}: {problem}")
        return
    noticed = bool(opened.rebuilt or opened.spoiled)
    outcome.expect(noticed or not ours, f"not noticed: {names}")
    outcome.figures["regions mended as they were opened"] += bool(opened.rebuilt)
    outcome.figures["regions opened whose raw files alone were damaged"] += bool(opened.spoiled and not opened.rebuilt)
    try:
        told = _answers()
    except Exception as problem:
        outcome.expect(False, f"unforeseen: {names}: {type(problem).__name__}: {problem}")
        return
    for what, answer in told.items():
        same = answer == calm[what] or (answer is None and what not in ("region", "score"))
        outcome.expect(same, f"silently wrong: {what}: {names}")


def _answers() -> dict[str, Any]:
    """Return what the town tells; None for a surface, or an earlier build, that can't be used."""
    region = open_region(town.NAME)
    date = region.facts.service_date
    surface = kept_surface(region, Needs(), date, load_parameters().hash, datetime.date(2026, 12, 1))
    try:
        earlier: Any = earlier_build(town.NAME).region.resources.to_json()
    except RecoveryReachError:
        earlier = None
    return {
        "region": (region.facts.region_hash, region.resources.to_json()),
        "score": score_home(region.support, HOME, Needs(), date).as_dict(),
        "surface": surface and surface[0].to_json(),
        "earlier": earlier,
    }


def _flip_vault(work: Work, chance: random.Random, outcome: Outcome) -> None:
    """Flip one bit of a vault as a killed process leaves it: it is refused in a sentence, or holds everything."""
    place = place_in(work.folder)
    vault, _ = create_vault(place, NAME, PASSPHRASE, CHEAP)
    people = sorted(add_person(vault, {"name": f"Person {number}"}) for number in range(4))
    whole = {path: path.read_bytes() for path in _files(place.database.parent, place.keys)}
    lock(vault)
    until, rounds = work.until(SHARES["vault"]), 0
    paths = [path for path, content in whole.items() if content and path.suffix != ".lock"]
    while not rounds or time.monotonic() < until:
        rounds += 1
        for path in _files(place.database.parent, place.keys):
            path.unlink()
        for path, content in whole.items():
            path.write_bytes(content)
            path.chmod(0o600)
        path = chance.choice(paths)
        flip(path, chance)
        outcome.figures["bits of vaults and their keys"] += 1
        outcome.figures["vaults refused in a sentence"] += not _opens(place, people, path.name, outcome)


def _opens(place: VaultPlace, people: list[str], name: str, outcome: Outcome) -> bool:
    """Return whether a vault opens; what it then holds must be everything."""
    try:
        vault = open_vault(place, NAME, PASSPHRASE, CHEAP)
    except VaultError as problem:
        return not outcome.expect(bool(str(problem).strip()), f"{name}: refused without a word")
    except Exception as problem:
        return outcome.expect(False, f"unforeseen: {name}: {type(problem).__name__}: {problem}")
    held = sorted(caseload(vault)["person_id"])
    lock(vault)
    outcome.expect(held == people, f"a vault lost people silently, after a bit of {name}")
    return True


def _flip_copies(work: Work, chance: random.Random, outcome: Outcome) -> None:
    """Flip one bit of what was fetched last: it is fetched anew, or is what it was."""
    folder = work.folder / "copy"
    content = "\n".join(f"{number},Example House {number}" for number in range(500)).encode()
    copy = Copy({"list.csv": Fetched(content, "2026-11-30", "https://example.org/list.csv", None, None)}, 500)
    until, rounds = work.until(SHARES["copies"]), 0
    while not rounds or time.monotonic() < until:
        rounds += 1
        write_copy(folder, "table", {"endpoint": "https://example.org/list.csv"}, copy)
        path = chance.choice(_files(folder))
        flip(path, chance)
        try:
            read = read_copy(folder)
        except Exception as problem:
            outcome.expect(False, f"unforeseen: {path.name} of a copy: {type(problem).__name__}: {problem}")
            continue
        outcome.figures["bits of fetched copies"] += 1
        outcome.expect(read is None, f"a damaged copy was used: {path.name}")


def _flip_loops(work: Work, home: Path, chance: random.Random, outcome: Outcome) -> None:
    """Flip bits of compiled loops in a copy of the project: the score stays, and no process ends by a signal."""
    copy = copy_project(work.folder / "project")
    calm = asked(outcome, home, *town.score_words(), cwd=copy).output
    until, rounds = work.until(SHARES["loops"]), 0
    while not rounds or time.monotonic() < until:
        rounds += 1
        flipped = chance.sample(sorted(copy.glob("geo/**/__pycache__/*.nb[ic]")), LOOPS_AT_ONCE)
        for path in flipped:
            flip(path, chance)
        outcome.figures["bits of compiled loops"] += len(flipped)
        if rounds == 1:
            _ask_doctor(home, copy, outcome)
        answer = asked(outcome, home, *town.score_words(), cwd=copy)
        outcome.expect(answer.output == calm, f"a score is another one after bits of {[path.name for path in flipped]}")
        outcome.figures["compiled loops noticed and compiled again"] += answer.errors.count("not as it was written")


def _ask_doctor(home: Path, copy: Path, outcome: Outcome) -> None:
    answer = asked(outcome, home, "doctor", "--json", cwd=copy, foreseen=(0, 1))
    found = {one["about"]: one["text"] for one in json.loads(answer.output)}
    outcome.expect("not as they were written" in found["compiled loops"], f"the doctor: {found['compiled loops']}")


def _files(*folders: Path) -> list[Path]:
    return sorted(path for folder in folders for path in folder.rglob("*") if path.is_file() and path.stat().st_size)
