"""`recovery-reach regions`: a list built and scored, and one sentence for what can't be."""

import json
from pathlib import Path

import pytest

from tests import small_town
from tests.command_line import called

LIST = """[regions.quay]
osm = "town.osm"
gtfs = ["bus.zip"]
resources = ["recovery_residences=houses.csv"]
zones = ["people.csv"]
"""


@pytest.fixture
def listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RECOVERY_REACH_HOME", str(tmp_path / "home"))
    small_town.write_ground(tmp_path)
    small_town.write_bus(tmp_path / "bus.zip")
    small_town.write_list(tmp_path)
    (tmp_path / "list.toml").write_text(LIST, "utf-8")
    return tmp_path / "list.toml"


def test_a_list_is_built_and_scored(
    listed: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ("--list", str(listed), "--workers", "1", "--memory-gb", "4")
    code, output, errors = called(("regions", "build", *options), monkeypatch, capsys)
    assert (code, "quay" in output, "finished" in output) == (0, True, True)
    assert "The manifest is " in errors
    surface = ("regions", "surface", *options, "--areas-at-once", "2", "--date", "2026-11-25", "--json")
    code, output, _ = called(surface, monkeypatch, capsys)
    (row,) = json.loads(output)["regions"]
    assert (code, row["status"], row["units"], list(row["digests"])) == (0, "finished", 2, ["no-car"])
    with listed.open("a") as file:
        file.write("[regions.nowhere]\nosm = 'nowhere.osm.pbf'\n")
    code, output, errors = called(surface, monkeypatch, capsys)
    assert code == 2
    assert [row["status"] for row in json.loads(output)["regions"]] == ["was there", "failed"]
    assert "1 of 2 regions failed, the first, nowhere: There is no region called 'nowhere' (there is: quay)" in errors
    assert "run this again when that is mended" in errors


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("build", "--list", "nowhere.toml"), "There is no list of regions at nowhere.toml"),
        (("surface", "--list", "LIST", "--all", "--profile", "car"), "Give --all or --profile, not both."),
        (("surface", "--list", "LIST", "--profile", "rocket"), "rocket"),
        (("build", "--list", "LIST", "--engine", "spark"), "An engine is local or dask"),
        (("build", "--list", "LIST", "--engine", "dask"), "needs --scheduler"),
        (("build", "--list", "LIST", "--engine", "dask", "--workers", "2"), "are for the local engine"),
    ],
)
def test_what_cannot_be_is_one_sentence(
    words: tuple[str, ...],
    said: str,
    listed: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    told = tuple(str(listed) if word == "LIST" else word for word in words)
    code, output, errors = called(("regions", *told), monkeypatch, capsys)
    assert (code, output) == (2, "")
    assert said in errors
