"""`recovery-reach doctor` finds what is missing, old, open or damaged, says what to do, and changes nothing."""

import importlib
import importlib.metadata
import json
import os
import shutil
import webbrowser
from collections import namedtuple
from pathlib import Path
from typing import Any, NoReturn

import pytest
from streamlit import config

from commands import machine_checks
from geo.compiled import LoopsOnDisk
from tests.command_line import called
from tests.small_town import build_town, write_ground, write_list

Disk = namedtuple("Disk", "total used free")


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of the region `quay`, the only one on this machine."""
    monkeypatch.setenv("RECOVERY_REACH_HOME", str(tmp_path))
    write_ground(tmp_path)
    build_town(tmp_path, write_list(tmp_path))
    return tmp_path / "regions" / "quay"


@pytest.fixture
def doctor(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Return what asks the doctor: the exit code and each finding by what it is about."""

    def ask() -> tuple[int, dict[str, dict[str, str]]]:
        code, output, errors = called(("doctor", "--json"), monkeypatch, capsys)
        assert "Traceback" not in errors
        return code, {one["about"]: one for one in json.loads(output)}

    return ask


def test_all_is_well_where_all_is_there(town: Path, doctor: Any) -> None:
    before = {path: path.stat().st_mtime_ns for path in town.rglob("*")}
    code, found = doctor()
    assert code == 0
    assert {one["about"] for one in found.values() if one["state"] == "wrong"} == set()
    assert found["region quay"]["state"] == "well"
    assert found["libraries"]["text"].startswith("All ")
    assert before == {path: path.stat().st_mtime_ns for path in town.rglob("*")}


def test_for_people_it_counts_and_says_what_to_do(
    town: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (town / "resources.parquet").write_bytes(b"PAR1")
    code, output, errors = called(("doctor",), monkeypatch, capsys)
    assert code == 1
    assert "recovery-reach region check quay" in output
    assert errors.strip().endswith("1 wrong.")


def test_what_is_damaged_is_named_and_stays_as_it_is(town: Path, doctor: Any) -> None:
    resources = town / "resources.parquet"
    resources.write_bytes(b"PAR1")
    code, found = doctor()
    assert (code, found["region quay"]["state"]) == (1, "wrong")
    assert "resources" in found["region quay"]["text"]
    assert found["region quay"]["remedy"] == "recovery-reach region check quay"
    assert resources.read_bytes() == b"PAR1"
    recipe = town / "raw" / "recipe.json"
    recipe.write_bytes(b"{")
    assert doctor()[1]["region quay"]["text"] == "Damaged: raw/recipe.json, resources.parquet."
    assert recipe.read_bytes() == b"{"
    (town / "region.json").write_bytes(b"{")
    assert doctor()[1]["region quay"]["text"] == "Damaged: region.json."


def test_a_raw_file_alone_that_is_damaged_is_to_be_had_anew(town: Path, doctor: Any) -> None:
    (streets,) = (town / "raw").rglob("town.osm")
    streets.write_bytes(streets.read_bytes()[:-1])
    found = doctor()[1]["region quay"]
    assert found["text"] == f"Damaged: {streets.relative_to(town).as_posix()}."
    assert found["remedy"] == "recovery-reach region update quay"


def test_a_vault_that_others_can_open_is_named_with_the_command_that_closes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, doctor: Any
) -> None:
    monkeypatch.setenv("RECOVERY_REACH_HOME", str(tmp_path))
    database = tmp_path / "vault" / "people.db"
    database.parent.mkdir(mode=0o700)
    database.touch(0o644)
    database.chmod(0o644)
    code, found = doctor()
    assert code == 1
    assert f"chmod 600 {database}" in found["vault"]["text"]


def test_keys_that_others_can_read_are_named_with_the_command_that_closes_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, doctor: Any
) -> None:
    monkeypatch.setenv("RECOVERY_REACH_HOME", str(tmp_path))
    keys = tmp_path / "keys.toml"
    keys.write_text('careeronestop_user = "me"\n', "utf-8")
    keys.chmod(0o644)
    code, found = doctor()
    assert (code, f"chmod 600 {keys}" in found["accounts"]["text"]) == (1, True)
    keys.chmod(0o600)
    assert doctor()[1]["accounts"]["text"].startswith("Set: 1 value")


def test_a_library_that_is_missing_or_too_new_is_named(doctor: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = ["numpy<2", "no-such-library>=1", "xxhash>=3.5", "no-such-extra ; extra == 'auth'"]
    monkeypatch.setattr(machine_checks, "requires", lambda _: asked)
    code, found = doctor()
    assert code == 1
    numpy = importlib.metadata.version("numpy")
    assert found["libraries"]["text"] == f"numpy is {numpy}, not <2; no-such-library is missing."
    assert "requirements.lock" in found["libraries"]["remedy"]
    assert found["extra auth"]["state"] == "note"
    assert "extra elevation" not in found


def test_every_extra_that_is_not_for_developers_is_looked_at() -> None:
    extras = set(importlib.metadata.metadata("recovery-reach").get_all("Provides-Extra") or ())
    assert set(machine_checks.EXTRAS) == extras - {"bench", "fuzz", "mutants", "test"}


def no_browser(*_: object) -> NoReturn:
    raise webbrowser.Error("could not locate runnable browser")


@pytest.mark.parametrize(
    ("where", "name", "instead", "about", "state", "says"),
    [
        (config, "_main_script_path", None, "library parts", "wrong", "streamlit"),
        (webbrowser, "get", no_browser, "browser", "note", "No browser"),
        (machine_checks, "TIME_ZONE", "Mars/Olympus", "time zones", "wrong", "Mars/Olympus"),
        (machine_checks, "OLD_TIME_ZONES_YEARS", 0, "time zones", "note", "The rules of clocks are those of 20"),
        (machine_checks, "OPEN_FILES", 1 << 62, "open files", "wrong", "files"),
        (shutil, "disk_usage", lambda _: Disk(1e12, 1e12, 1e8), "disk", "note", "0.1 GB are free"),
        (os, "access", lambda *_: False, "disk", "wrong", "can't be written"),
        ("geo.compiled", "loops_on_disk", lambda: LoopsOnDisk(9, (Path("a"),), 0), "compiled loops", "note", "1 of 9"),
        ("geo.compiled", "loops_on_disk", lambda: LoopsOnDisk(0, (), 9), "compiled loops", "note", "No folder"),
        ("layers.fonts", "font_files", lambda: (Path("/none.ttf"),), "fonts", "wrong", "none.ttf"),
    ],
)
def test_each_lack_is_found(
    where: Any, name: str, instead: Any, about: str, state: str, says: str, doctor: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = importlib.import_module(where) if isinstance(where, str) else where
    if instead is None:
        monkeypatch.delattr(place, name)
    else:
        monkeypatch.setattr(place, name, instead)
    code, found = doctor()
    assert found[about]["state"] == state
    assert says in found[about]["text"]
    assert found[about]["remedy"]
    assert code == (1 if state == "wrong" else 0)


def test_a_check_that_fails_keeps_no_other_from_being_made(doctor: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(machine_checks.CHECKS, "fonts", no_browser)
    code, found = doctor()
    assert code == 1
    assert found["fonts"]["text"] == "It can't be checked (Error: could not locate runnable browser)."
    assert found["vault"]
