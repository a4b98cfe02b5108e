"""Damage on the disk: what is whole still opens, and what isn't is named, with what was expected and what to run."""

import json
import shutil
from pathlib import Path

import pytest

from geo.errors import RegionError
from sources.formats.store import file_digest
from sources.places.place_lookup import Lookup
from sources.region import (
    RegionInputs,
    build_region,
    check_region,
    list_regions,
    open_region,
    region_facts,
    unreadable_regions,
)
from sources.region.problems import problem_rows
from sources.region.street_source import street_source
from sources.region.update import add_list, plan_update, update_region
from sources.web.http import Policy
from tests.command_line import called
from tests.sources.region.test_manage import osm_xml

STREETS, LIST = "raw/00/town.osm", "raw/01/pharmacies.csv"


def silent(_share: float, _text: str) -> None:
    """Say nothing."""


def flip(path: Path) -> None:
    """Flip one bit in the middle of a file."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def update(own_home: Path) -> None:
    update_region(plan_update("quay", Lookup(Policy(), own_home / "cache", {}), {}), silent)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a region in it, and the files that it was built from beside."""
    folder = tmp_path_factory.mktemp("built")
    (folder / "town.osm").write_text(osm_xml(), "utf-8")
    (folder / "pharmacies.csv").write_text("id,name,lat,lon\n1,Quay Pharmacy,39.081,-84.509\n2,Far,45,-84\n", "utf-8")
    inputs = RegionInputs(osm=folder / "town.osm", resources=(folder / "pharmacies.csv",), title="Quay")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RECOVERY_REACH_HOME", str(folder / "home"))
        build_region("quay", inputs)
    return folder


@pytest.fixture
def quay(built: Path, own_home: Path) -> Path:
    """Return the folder of a copy of the region that belongs to this test."""
    shutil.copytree(built / "home", own_home)
    return own_home / "regions" / "quay"


@pytest.mark.parametrize("file", [STREETS, LIST])
def test_a_region_whose_parts_are_whole_opens_whatever_became_of_its_raw_files(
    quay: Path, own_home: Path, file: str
) -> None:
    whole = open_region("quay")
    flip(quay / file)
    opened = open_region("quay")
    assert (opened.rebuilt, opened.spoiled) == ((), (file,))
    assert check_region("quay") == [file]
    assert opened.facts == whole.facts
    assert opened.resources.equals(whole.resources)
    update(own_home)
    assert check_region("quay") == []
    assert open_region("quay").facts.region_hash == whole.facts.region_hash


def test_nothing_is_made_of_a_raw_file_that_is_damaged(quay: Path, tmp_path: Path) -> None:
    for file in (STREETS, LIST):
        flip(quay / file)
    opened = open_region("quay")
    assert opened.osm_origin() is None
    with pytest.raises(RegionError, match=rf"own copy of town\.osm \({STREETS}\) is not as it was kept"):
        street_source(opened)
    with pytest.raises(RegionError, match=rf"{LIST}.*expected.*region update quay"):
        problem_rows(opened, "pharmacies", str)
    more = tmp_path / "more.csv"
    more.write_text("id,name,lat,lon\n1,Other,39.081,-84.509\n", "utf-8")
    before = (quay / "region.json").read_bytes()
    with pytest.raises(RegionError, match="is not as it was kept"):
        add_list("quay", more, "table", {"category": "food"}, silent)
    assert (quay / "region.json").read_bytes() == before


def test_a_copy_that_is_damaged_does_not_stand_in_for_a_file_that_is_gone(
    quay: Path, built: Path, own_home: Path, tmp_path: Path
) -> None:
    flip(quay / LIST)
    shutil.move(built / "pharmacies.csv", tmp_path / "away.csv")
    try:
        with pytest.raises(RegionError, match=r"Put the file where it lay and run `recovery-reach region update quay`"):
            update(own_home)
    finally:
        shutil.move(tmp_path / "away.csv", built / "pharmacies.csv")
    update(own_home)
    assert check_region("quay") == []


@pytest.mark.parametrize("part", ["resources.parquet", "region.json"])
def test_a_part_and_a_raw_file_that_are_damaged_both_are_named_with_what_to_run(
    quay: Path, own_home: Path, part: str
) -> None:
    expected = file_digest(quay / STREETS)[:12]
    flip(quay / STREETS)
    flip(quay / part)
    with pytest.raises(RegionError) as told:
        open_region("quay")
    for words in (part, STREETS, f"{expected}… expected", file_digest(quay / STREETS)[:12], "region update quay"):
        assert words in str(told.value)
    assert (quay / "zones.parquet").exists()
    update(own_home)
    assert check_region("quay") == []


def test_a_damaged_region_json_is_told_and_mended(
    quay: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    region_hash = open_region("quay").facts.region_hash
    flip(quay / "region.json")
    assert (list_regions(), unreadable_regions()) == ([], ["quay"])
    with pytest.raises(RegionError, match=r"region\.json.*`recovery-reach region check quay`"):
        region_facts("quay")
    code, output, errors = called(("region", "list"), monkeypatch, capsys)
    assert (code, output) == (0, "")
    assert "No region yet" not in errors
    assert "`recovery-reach region check quay` makes it again" in errors
    code, output, errors = called(("region", "check", "quay"), monkeypatch, capsys)
    assert (code, "Damaged and rebuilt from the raw files: region.json." in errors) == (0, True)
    assert ([facts.region_hash for facts in list_regions()], unreadable_regions()) == ([region_hash], [])
    assert "is whole" in called(("region", "check", "quay"), monkeypatch, capsys)[1]


def test_how_it_was_made_is_written_twice(quay: Path) -> None:
    untouched = (quay / "zones.parquet").stat().st_mtime_ns
    flip(quay / "raw" / "recipe.json")
    assert check_region("quay") == ["raw/recipe.json"]
    assert check_region("quay") == []
    assert (quay / "zones.parquet").stat().st_mtime_ns == untouched, "nothing else needs to be made again"
    flip(quay / "raw" / "recipe.json")
    flip(quay / "region.json")
    with pytest.raises(RegionError, match=r"Neither region\.json nor raw/recipe\.json.*region build quay"):
        open_region("quay")


def test_what_others_lay_beside_raw_files_is_no_damage(quay: Path) -> None:
    (quay / "raw" / ".DS_Store").write_bytes(b"Finder")
    assert check_region("quay") == []


def test_commands_say_that_a_raw_file_is_damaged(
    quay: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    flip(quay / STREETS)
    code, output, errors = called(("region", "check", "quay", "--json"), monkeypatch, capsys)
    assert code == 0
    assert json.loads(output) == {"name": "quay", "damaged": [], "spoiled": [STREETS]}
    assert "`recovery-reach region update quay` fetches or reads them anew" in errors
    assert STREETS in called(("region", "show", "quay"), monkeypatch, capsys)[2]
    assert "is whole" not in called(("region", "check", "quay"), monkeypatch, capsys)[1]
