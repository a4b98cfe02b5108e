"""Runs over a list: finished units are passed over, failures are told and stay alone, and a kill loses nothing."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

from geo.errors import RegionError
from sources.formats.store import read_document, try_lock
from sources.many_regions.local_engine import run_here
from sources.many_regions.outcomes import EngineSettings, Outcome
from sources.many_regions.region_list import read_region_list
from sources.many_regions.runs import Row, Run, build_listed, score_listed
from sources.many_regions.units import Unit, folder_of_runs, note_of_build
from sources.region import open_region, remove_region
from sources.region.folders import region_folder
from tests.sources.many_regions.conftest import DATE, list_of_towns

ONE = EngineSettings(workers=1)
ROOT = Path(__file__).parents[3]


def build(path: Path) -> Run:
    return build_listed(read_region_list(path), run_here, ONE)


def score(path: Path, at_once: int = 2) -> Run:
    return score_listed(read_region_list(path), ["no-car"], run_here, ONE, date=DATE, at_once=at_once)


def rows(run: Run) -> dict[str, Row]:
    return {row.region: row for row in run.rows}


def leftovers(home: Path) -> list[str]:
    names = (".building-", ".old-", ".leaving-", ".writing-", ".blocks-")
    return [str(path) for path in home.rglob(".*") if path.name.startswith(names)]


def test_what_is_finished_is_passed_over_and_what_changed_made_anew(towns: Path, own_home: Path) -> None:
    path = list_of_towns(towns, 2)
    first = rows(build(path))
    assert {row.status for row in first.values()} == {"finished"}
    assert first["town0"].digests == {"region": open_region("town0").facts.region_hash}
    assert first["town0"].peak_memory_mb is not None
    scored = score(path)
    assert {(row.status, row.units) for row in scored.rows} == {("finished", 2)}
    assert not leftovers(own_home)
    document = read_document(scored.manifest)
    assert document is not None
    assert document["regions"]["town1"]["digests"] == rows(scored)["town1"].digests
    assert document["versions"]["python"] == sys.version.split()[0]
    again = rows(build(path))
    assert {(row.status, row.units) for row in again.values()} == {("was there", 0)}
    assert again["town0"].digests == first["town0"].digests
    assert {row.status for row in score(path).rows} == {"was there"}
    remove_region("town1")
    path.write_text(path.read_text("utf-8").replace("[regions.town0]", "[regions.town0]\ntitle = 'Zero'"), "utf-8")
    assert {name: row.status for name, row in rows(build(path)).items()} == {"town0": "finished", "town1": "finished"}
    before_build = path.read_text("utf-8")
    path.write_text(before_build.replace("'Zero'", "'Naught'"), "utf-8")
    assert "isn't built from what the list says now" in str(rows(score(path))["town0"].notice)
    path.write_text(before_build, "utf-8")
    changed = rows(score(path))
    assert changed["town0"].notice is None
    assert changed["town1"].digests == rows(scored)["town1"].digests  # the same files give the same bytes
    assert changed["town0"].status == "was there"


def test_a_run_that_is_cut_off_says_what_is_not_yet_done(towns: Path) -> None:
    path = list_of_towns(towns, 2)

    def cut_off(units: Sequence[Unit], settings: EngineSettings) -> Iterator[Outcome]:
        yield next(iter(run_here(units[:1], settings)))
        raise KeyboardInterrupt

    for run in (build_listed, partial(score_listed, profiles=["no-car"], date=DATE, at_once=2)):
        with pytest.raises(KeyboardInterrupt):
            run(read_region_list(path), engine=cut_off, settings=ONE)
        manifest = max(folder_of_runs().glob("*.json"), key=lambda file: file.stat().st_mtime_ns)
        document = read_document(manifest)
        assert document is not None
        states = [row["status"] for row in document["regions"].values()]
        assert states == (["finished", "not yet"] if run is build_listed else ["not yet", "not yet"])
        build(path)


def test_a_damaged_region_is_made_again_before_it_is_scored(towns: Path) -> None:
    path = list_of_towns(towns, 1)
    built = rows(build(path))
    facts = region_folder("town0") / "region.json"
    facts.write_bytes(facts.read_bytes()[:-1])
    assert {row.status for row in score(path).rows} == {"finished"}
    assert {"region": open_region("town0").facts.region_hash} == built["town0"].digests


def test_a_failure_is_told_and_stays_alone(towns: Path) -> None:
    path = list_of_towns(towns, 1)
    (towns / "broken.osm.pbf").write_bytes(b"no extract")
    more = "[regions.broken]\nosm = 'broken.osm.pbf'\n[regions.missing]\nosm = 'nowhere.osm.pbf'\n[regions.empty]\n"
    path.write_text(more + path.read_text("utf-8"), "utf-8")
    built = rows(build(path))
    assert built["town0"].status == "finished"
    assert "broken.osm.pbf can't be read as an OpenStreetMap extract" in str(built["broken"].problem)
    assert (built["broken"].status, built["broken"].tries) == ("failed", 1)  # it would fail again
    assert built["missing"].problem == f"There is no file at {towns / 'nowhere.osm.pbf'}; check the path."
    assert "A region needs streets" in str(built["empty"].problem)
    scored = rows(score(path))
    assert scored["town0"].status == "finished"
    assert "There is no region called 'broken' (there is: town0)" in str(scored["broken"].problem)


def test_only_one_run_is_at_work_in_a_data_folder(towns: Path) -> None:
    path = list_of_towns(towns, 1)
    folder_of_runs().mkdir(parents=True)
    with try_lock(folder_of_runs() / ".run.lock") as free:
        assert free
        with pytest.raises(RegionError, match="Another run over many regions is at work"):
            build(path)


def test_a_data_folder_that_cannot_be_written_is_told(towns: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECOVERY_REACH_HOME", str(towns / "town.osm" / "home"))
    with pytest.raises(RegionError, match=r"can't be written to .* \(Not a directory\)"):
        build(list_of_towns(towns, 1))


def test_a_file_that_may_not_be_read_is_told(towns: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(path: Path) -> str:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("sources.many_regions.neighbors.file_checksum", forbidden)
    (row,) = build(list_of_towns(towns, 1)).rows
    assert "can't be read (Permission denied); check the path in the list, and its permissions" in str(row.problem)


def test_a_full_disk_is_told(towns: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("sources.formats.store.write_document", full)
    with pytest.raises(RegionError, match=r"No space left on device\); is the disk full"):
        build(list_of_towns(towns, 1))


def test_a_note_of_another_build_counts_for_nothing(towns: Path) -> None:
    path = list_of_towns(towns, 1)
    build(path)
    note = note_of_build("town0")
    note.write_bytes(note.read_bytes()[:-9])
    assert build(path).counts() == {"finished": 1}
    (towns / "west-pharmacies.csv").write_text("id,name,lat,lon\n1,Quay Pharmacy,39.0815,-84.509\n", "utf-8")
    assert build(path).counts() == {"finished": 1}


def test_killed_at_any_moment_and_run_again_gives_the_same(towns: Path, own_home: Path, tmp_path: Path) -> None:
    path = list_of_towns(towns, 3)
    wholes = [{row.region: row.digests for row in run.rows} for run in (build(path), score(path, 1))]
    home = tmp_path / "killed"
    chance = random.Random(17)  # noqa: S311  moments to kill at
    base = [sys.executable, "-m", "cli", "regions"]
    options = ["--list", str(path), "--workers", "2"]
    steps = [[*base, "build", *options]]
    steps += [[*base, "surface", *options, "--date", DATE.isoformat(), "--areas-at-once", "1"]]
    environment = os.environ | {"RECOVERY_REACH_HOME": str(home)}
    for command, whole in zip(steps, wholes, strict=True):
        hits = 0
        for victim in ("worker", "driver"):
            started = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=-3)
            children = Path(f"/proc/{started.pid}/task/{started.pid}/children")
            while started.poll() is None and not children.read_text("utf-8"):
                time.sleep(0.05)  # until it has workers
            time.sleep(3 * chance.random())
            hits += started.poll() is None
            at_work = [int(pid) for pid in children.read_text("utf-8").split()] if children.exists() else []
            with suppress(ProcessLookupError):  # it may just have ended
                os.kill(chance.choice(at_work) if victim == "worker" and at_work else started.pid, signal.SIGKILL)
            started.wait()
            for pid in at_work:  # who lost their driver end by themselves
                deadline = time.monotonic() + 30
                while Path(f"/proc/{pid}/exe").exists() and time.monotonic() < deadline:
                    time.sleep(0.05)
        done = subprocess.run([*command, "--json"], cwd=ROOT, env=environment, capture_output=True, check=True)
        assert {row["region"]: row["digests"] for row in json.loads(done.stdout)["regions"]} == whole
        assert hits, "each run had ended before it was killed"
    assert not leftovers(home)
