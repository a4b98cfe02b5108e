"""Two writers at once: of a region, of a list of regions, of a surface, and of one person in the vault."""

import json
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.drills import town
from benchmarks.drills.asking import ROOT, Answer, asked
from benchmarks.drills.outcome import Outcome, Work
from benchmarks.vault import CHEAP, NAME, PASSPHRASE, place_in
from geo.errors import EditConflictError
from people.caseload import add_person, edit_person, read_person
from people.entries import history
from people.trail import verify_trail
from people.vault import create_vault, lock, open_vault

EDITS = 25
PEOPLE_WRITERS = 3


def drill(work: Work) -> Outcome:
    """Write one thing twice at once: one after the other wins, or one is refused; nobody sees half of either."""
    outcome = Outcome()
    files = town.write_town(work.folder / "files")
    hashes = {}
    for houses in ("houses.csv", "more.csv"):
        town.made(outcome, work.folder / houses, *town.build_words(files, houses))
        hashes[houses] = town.hash_of(work.folder / houses)
    outcome.expect(len(set(hashes.values())) == len(hashes), "the two builds don't differ")
    chance, until = random.Random(work.seed), work.until(0.75)  # noqa: S311  when the second begins is no secret
    rounds = 0
    while not rounds or time.monotonic() < until:
        _build_twice(work.folder / f"home-{rounds}", files, set(hashes.values()), chance, outcome)
        rounds += 1
    _edit_at_once(work, outcome)
    return outcome


def _build_twice(home: Path, files: Path, hashes: set[str], chance: random.Random, outcome: Outcome) -> None:
    """Have two processes write each thing, the second some moments after the first, and a third one read it."""
    pause = chance.uniform(0, 2)
    both = [town.build_words(files, houses) for houses in ("houses.csv", "more.csv")]
    answers = _at_once(outcome, home, [*both, ["region", "check", town.NAME]], pause)
    outcome.figures["regions built twice at once, and read meanwhile"] += 1
    outcome.expect(all(answer.code == 0 for answer in answers[:2]), "a build was refused beside another")
    outcome.expect(town.hash_of(home) in hashes, "a region is neither of the two that were built")
    surface = ["surface", town.NAME, "--json"]
    answers = _at_once(outcome, home, [surface, surface], pause / 4)
    told = {answer.output for answer in answers}
    outcome.expect(len(told) == 1 and len(_surfaces(home)) == 1, f"one surface came out in two ways: {told}")
    outcome.figures["surfaces made twice at once"] += 1
    run = ["regions", "build", "--list", str(_list_of_regions(files)), "--json"]
    answers = _at_once(outcome, home, [run, run], pause / 4)
    refused = [answer for answer in answers if answer.is_refused]
    outcome.figures["runs over regions refused beside another"] += len(refused)
    outcome.expect(len(refused) < len(answers), "both of two runs were refused")
    outcome.expect(all("Another run" in answer.errors for answer in refused), "a run was refused without its reason")
    _at_once(outcome, home, [both[0], ["region", "remove", town.NAME]], pause)
    outcome.figures["regions removed while they were built"] += 1
    outcome.expect(town.hash_of(home) in {"", *hashes}, "a region was removed by half")
    checked = asked(outcome, home, "region", "check", "listed")
    outcome.expect("is whole" in checked.output + checked.errors, "a region of a list is not whole")
    left = town.left_over(home)
    outcome.expect(not left, f"left for good: {', '.join(left)}")


def _surfaces(home: Path) -> list[Path]:
    return list((home / "surfaces" / town.NAME).glob("*/surface.parquet"))


def _list_of_regions(files: Path) -> Path:
    path = files / "list.toml"
    lists = 'resources = ["recovery_residences=houses.csv"]\nzones = ["people.csv"]\n'
    path.write_text(f'[regions.listed]\nosm = "town.osm"\ngtfs = ["bus.zip"]\n{lists}', "utf-8")
    return path


def _at_once(outcome: Outcome, home: Path, commands: Sequence[Sequence[str]], pause: float) -> list[Answer]:
    """Run commands side by side, each so long after the one before."""

    def run(number: int) -> Answer:
        time.sleep(number * pause)
        return asked(outcome, home, *commands[number])

    with ThreadPoolExecutor(len(commands)) as pool:
        return list(pool.map(run, range(len(commands))))


def edit_one_person(folder: Path, name: str, person_id: str) -> Counter[str]:
    """Edit one person as often as the others do, looking again whenever somebody was quicker."""
    vault = open_vault(place_in(folder), NAME, PASSPHRASE, CHEAP)
    told: Counter[str] = Counter()
    while told["saved"] < EDITS:
        seen = read_person(vault, person_id)
        try:
            edit_person(vault, person_id, {"note": f"{seen['note']} {name}-{told['saved']}"}, int(seen["version"]))
        except EditConflictError:
            told["refused"] += 1
        else:
            told["saved"] += 1
    lock(vault)
    return told


def _edit_at_once(work: Work, outcome: Outcome) -> None:
    """Have colleagues edit one person's note at once: each adds to what is there, and no addition is lost."""
    vault, _ = create_vault(place_in(work.folder), NAME, PASSPHRASE, CHEAP)
    person_id = add_person(vault, {"name": "Person One", "note": "Note"})
    words = [sys.executable, "-m", "benchmarks.drills.writers", str(work.folder), person_id]
    running = [
        subprocess.Popen([*words, f"w{number}"], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for number in range(PEOPLE_WRITERS)
    ]
    saved = 0
    for process in running:
        output, errors = process.communicate(timeout=300)
        if outcome.expect(process.returncode == 0, f"a writer of the vault ended: {errors.strip()[-300:]}"):
            told = json.loads(output)
            saved += told["saved"]
            outcome.figures["edits told that somebody was quicker"] += told.get("refused", 0)
    note = str(read_person(vault, person_id)["note"]).split()
    outcome.figures["edits of one person at once"] += saved
    outcome.expect(
        len(note) - 1 == len(set(note)) - 1 == saved, f"{saved} edits were saved, the note holds {len(note) - 1}"
    )
    outcome.expect(len(history(vault, person_id)) == saved + 1, "an edit is not in the history")
    outcome.expect(verify_trail(vault).is_whole, "the audit trail is broken")
    lock(vault)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(edit_one_person(Path(sys.argv[1]), sys.argv[3], sys.argv[2])))
