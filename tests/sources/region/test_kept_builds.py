"""Builds that are kept: recorded as they are replaced, found by a day, bounded, whole, and gone with their region."""

import datetime
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from geo.errors import InputError, RegionError
from sources.formats.store import FORMAT, read_document, write_document
from sources.region import build_records, list_regions, remove_region
from sources.region.build_records import recorded
from sources.region.folders import data_folder, region_folder
from sources.region.kept_builds import earlier_build, other_build
from sources.region.update import undo_update
from tests.small_town import HOUSES, build_town, write_ground, write_list

pytestmark = pytest.mark.usefixtures("own_home")


@pytest.fixture
def town(tmp_path: Path) -> Path:
    write_ground(tmp_path)
    return tmp_path


def build(town: Path, beds: int, day: str) -> str:
    """Build the town with a house of so many beds, as if at 02:00 UTC of a day; return its hash."""
    region = build_town(town, write_list(town, [f"1,Lark House,39.081,-84.509,{beds},", *HOUSES[1:]]))
    path = region.folder / "region.json"
    document = read_document(path)
    assert document is not None
    write_document(path, document | {"built_on": f"{day} 02:00 UTC"})
    return region.facts.region_hash


def beds(since: str | None = None) -> int:
    kept = earlier_build("quay", None if since is None else datetime.date.fromisoformat(since))
    return int(kept.region.resources.set_index("name")["beds"]["Lark House"])


def test_the_newest_build_by_a_day_is_found(town: Path) -> None:
    build(town, 1, "2026-01-01")
    with pytest.raises(RegionError, match="before this one is kept, so there is nothing to hold it against"):
        earlier_build("quay")
    hashes = [build(town, number, f"2026-0{number}-10") for number in (2, 3, 4)]
    assert [document["region_hash"] for _, document in recorded("quay")][1:] == hashes[:2]
    assert beds() == 3
    assert (beds("2026-12-31"), beds("2026-03-09"), beds("2026-02-08")) == (3, 3, 1)
    assert beds("2026-03-08") == 2  # 02:00 UTC of the 10th is the evening of the 9th in Kentucky
    with pytest.raises(RegionError, match=r"2025-01-01 or before is kept\. Kept are those of 2025-12-31, 2026-02-09"):
        earlier_build("quay", datetime.date(2025, 1, 1))
    assert earlier_build("quay").region.facts.name == "quay"


def test_the_same_build_again_is_recorded_once_and_what_is_alike_costs_nothing(town: Path) -> None:
    for day in ("2026-01-01", "2026-01-02", "2026-01-03"):
        build(town, 5, day)
    ((record, _),) = recorded("quay")
    assert not (record / "raw").exists()
    shared = record / "network" / "streets.node_x.npy"
    assert shared.stat().st_ino == (region_folder("quay") / "network" / "streets.node_x.npy").stat().st_ino


def test_records_are_bounded_by_number_and_by_size(town: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build_records, "MOST_RECORDS", 2)
    hashes = [build(town, number, f"2026-01-0{number}") for number in range(1, 6)]
    assert [document["region_hash"] for _, document in recorded("quay")] == hashes[2:4]
    monkeypatch.setattr(build_records, "MOST_BYTES", 1)
    hashes.append(build(town, 6, "2026-01-06"))
    assert [document["region_hash"] for _, document in recorded("quay")] == hashes[4:5]
    remove_region("quay")
    assert not (data_folder() / "builds" / "quay").exists()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda record: (record / "region.json").write_text("{"),
        lambda record: write_document(record / "region.json", {"format": FORMAT - 1}),
        lambda record: (record / "zones.parquet").unlink(),
    ],
)
def test_beyond_the_bounds_records_that_cannot_be_read_go_first(
    town: Path, monkeypatch: pytest.MonkeyPatch, spoil: Callable[[Path], object]
) -> None:
    monkeypatch.setattr(build_records, "MOST_RECORDS", 2)
    hashes = [build(town, number, f"2026-01-0{number}") for number in range(1, 4)]
    newest = [path for path, _ in recorded("quay")][-1]
    spoil(newest)
    hashes.append(build(town, 4, "2026-01-04"))
    assert [document["region_hash"] for _, document in recorded("quay")] == [hashes[0], hashes[2]]
    assert not newest.exists()


def left() -> list[str]:
    """Return what the data folder holds of the town, whatever it is called now."""
    return sorted(str(path.relative_to(data_folder())) for path in data_folder().glob("*/*quay*"))


def test_a_removal_that_is_cut_off_can_be_asked_for_again(town: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut_off(_: str) -> bool:
        raise KeyboardInterrupt

    for number in (1, 2):
        build(town, number, f"2026-01-0{number}")
    with monkeypatch.context() as patch:
        patch.setattr(build_records, "forget_builds", cut_off)
        with pytest.raises(KeyboardInterrupt):
            remove_region("quay")
    assert [facts.name for facts in list_regions()] == ["quay"]
    remove_region("quay")
    assert left() == []
    with pytest.raises(RegionError, match="no region called 'quay'"):
        remove_region("quay")


def test_what_a_removal_left_behind_is_cleared(town: Path) -> None:
    for number in (1, 2):
        build(town, number, f"2026-01-0{number}")
    (data_folder() / "builds" / ".building-quay-x1y2" / "quay").mkdir(parents=True)
    shutil.rmtree(region_folder("quay"))
    assert len(left()) == 3, "the build before, its record, and half a record"
    remove_region("quay")
    assert left() == []


def test_after_going_back_the_later_build_is_held_against_and_is_no_earlier_one(town: Path) -> None:
    build(town, 1, "2026-01-01")
    build(town, 2, "2026-02-01")
    undo_update("quay")
    kept = earlier_build("quay")
    assert (kept.is_later, beds()) == (True, 2)
    with pytest.raises(RegionError, match="None is kept at all"):
        earlier_build("quay", datetime.date(2026, 12, 31))


def test_a_damaged_build_is_refused(town: Path) -> None:
    build(town, 1, "2026-01-01")
    build(town, 2, "2026-02-01")
    kept = earlier_build("quay").region.folder
    (kept / "zones.parquet").unlink()
    with pytest.raises(RegionError, match="of 2026-01-01 02:00 UTC is damaged"):
        earlier_build("quay")


def test_another_region_or_a_copy_of_a_folder(town: Path, tmp_path: Path) -> None:
    build(town, 1, "2026-01-01")
    shutil.copytree(region_folder("quay"), tmp_path / "backup")
    build(town, 2, "2026-02-01")
    assert other_build("quay").is_ours
    copy = other_build(str(tmp_path / "backup"))
    assert not copy.is_ours
    assert copy.region.resources["beds"].max() == 6
    before = sorted(path.name for path in tmp_path.iterdir())
    for spoil, words in (
        (lambda folder: (folder / "resources.parquet").write_bytes(b"PAR1"), "is damaged"),
        (lambda folder: write_document(folder / "region.json", {"format": FORMAT, "title": "Quay"}), "is damaged"),
        (lambda folder: write_document(folder / "region.json", {"format": 3}), r"another version .*format 3, not"),
        (lambda folder: (folder / "region.json").write_text(json.dumps({"files": {"../../x": "1"}})), "no readable"),
        (shutil.rmtree, "neither a region called"),
    ):
        spoil(tmp_path / "backup")
        with pytest.raises(InputError, match=words):
            other_build(str(tmp_path / "backup"))
    assert sorted(path.name for path in tmp_path.iterdir()) == [name for name in before if name != "backup"]
    for name in ("", "..", ".last-quay", "no/such"):
        with pytest.raises((InputError, RegionError)):
            other_build(name)
