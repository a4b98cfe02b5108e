"""A region made anew as it was asked for: options remembered, what changed told, the way back."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from geo.errors import RegionError
from sources.adapter.public_address import PointsByAddress, PublicAddress
from sources.formats import store
from sources.formats.store import last_kept
from sources.places.place_lookup import Lookup
from sources.region import RegionInputs, build_region, geocode_inputs, list_regions, open_region, remove_region
from sources.region.changes import feed_changes
from sources.region.manage import region_facts
from sources.region.update import (
    add_list,
    build_in,
    last_changes,
    locate_rest,
    plan_update,
    undo_update,
    unlocated,
    update_region,
)
from sources.web.http import Policy
from tests.sources.region.test_manage import osm_xml

LIST = "id,name,lat,lon\n1,Quay Pharmacy,39.081,-84.509\n2,Oak Pharmacy,39.082,-84.508\n"


pytestmark = pytest.mark.usefixtures("own_home")


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "town.osm").write_text(osm_xml(), "utf-8")
    (tmp_path / "pharmacies.csv").write_text(LIST, "utf-8")
    inputs = RegionInputs(osm=tmp_path / "town.osm", resources=(str(tmp_path / "pharmacies.csv"),), title="Quay")
    build_region("quay", inputs)
    return tmp_path


def update(own_home: Path) -> None:
    update_region(plan_update("quay", Lookup(Policy(), own_home / "cache", {}), {}), lambda _share, _text: None)


def is_undone() -> bool:
    changed = last_changes("quay")
    return changed is not None and changed.is_undone


def changes_told() -> list[tuple[str, str]]:
    changed = last_changes("quay")
    assert changed is not None
    return [(row.change, row.name) for row in changed.places.itertuples(index=False)]


def test_an_update_reads_every_file_again_and_tells_what_changed(files: Path, own_home: Path) -> None:
    assert last_changes("quay") is None
    (files / "pharmacies.csv").write_text(LIST.replace("2,Oak", "3,Elm").replace("39.081", "39.083"), "utf-8")
    update(own_home)
    assert changes_told() == [("opened", "Elm Pharmacy"), ("closed", "Oak Pharmacy"), ("moved", "Quay Pharmacy")]
    assert open_region("quay").facts.title == "Quay"
    assert [facts.name for facts in list_regions()] == ["quay"]


def test_undo_goes_back_and_undoing_that_forward_again(files: Path, own_home: Path) -> None:
    first = region_facts("quay").region_hash
    (files / "pharmacies.csv").write_text(LIST + "3,Elm Pharmacy,39.083,-84.507\n", "utf-8")
    update(own_home)
    second = region_facts("quay").region_hash
    assert not is_undone()
    undo_update("quay")
    assert (open_region("quay").facts.region_hash, open_region("quay").rebuilt) == (first, ())
    assert is_undone()
    undo_update("quay")
    assert not is_undone()
    assert open_region("quay").facts.region_hash == second


@pytest.mark.parametrize("renames", [1, 2])
def test_killed_while_it_goes_back_a_whole_region_is_there(
    files: Path, own_home: Path, monkeypatch: pytest.MonkeyPatch, renames: int
) -> None:
    update(own_home)
    left, rename = [renames], Path.rename

    def killed(path: Path, target: Path) -> Path:
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", killed)
    with pytest.raises(KeyboardInterrupt):
        undo_update("quay")
    monkeypatch.setattr(Path, "rename", rename)
    assert open_region("quay").rebuilt == ()
    assert last_kept(own_home / "regions" / "quay") is not None
    assert not list((own_home / "regions").glob(f"{store._LEAVING}*"))


def test_a_file_that_is_gone_is_read_from_the_regions_own_copy_and_called_stale(files: Path, own_home: Path) -> None:
    (files / "pharmacies.csv").unlink()
    (files / "town.osm").unlink()
    update(own_home)
    assert changes_told() == [("stale", "Quay Library"), ("stale", "Oak Pharmacy"), ("stale", "Quay Pharmacy")]
    stale = build_in(own_home / "regions" / "quay").feeds
    assert {label: str(files) in str(reason) for label, reason in stale.items()} == {"osm": True, "pharmacies": True}
    (files / "pharmacies.csv").write_text(LIST, "utf-8")
    (files / "town.osm").write_text(osm_xml(), "utf-8")
    update(own_home)
    assert changes_told() == []
    assert set(build_in(own_home / "regions" / "quay").feeds.values()) == {None}


def test_a_map_that_came_back_without_any_place_closes_none(files: Path, own_home: Path) -> None:
    bare = re.sub(r'<node id="9\d".*?</node>', "", osm_xml())
    (files / "town.osm").write_text(bare, "utf-8")
    update(own_home)
    assert changes_told() == [("unconfirmed", "Quay Library")]


def test_where_its_files_lie_changes_nothing_in_a_region(files: Path, tmp_path: Path) -> None:
    first = region_facts("quay").region_hash
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for name in ("town.osm", "pharmacies.csv"):
        (files / name).rename(elsewhere / name)
    build_region(
        "quay",
        RegionInputs(osm=elsewhere / "town.osm", resources=(str(elsewhere / "pharmacies.csv"),), title="Quay"),
    )
    assert region_facts("quay").region_hash == first


def test_a_list_that_was_added_stays_through_updates_and_gives_way_to_its_mended_self(
    files: Path, own_home: Path, tmp_path: Path
) -> None:
    path = tmp_path / "pantries.csv"
    path.write_text("Pantry Name,lat,lon\nOak Pantry,39.082,-84.507\n", "utf-8")
    mapping = {"category": "food", "columns": {"name": "Pantry Name"}}
    add_list("quay", path, "table", mapping, lambda _share, _text: None)
    assert changes_told() == [("newly_listed", "Oak Pantry")]
    path.unlink()
    update(own_home)
    assert changes_told() == []
    assert "Oak Pantry" in set(open_region("quay").resources["name"])
    path.write_text("Pantry Name,lat,lon\nElm Pantry,39.082,-84.507\n", "utf-8")
    add_list("quay", path, "table", mapping, lambda _share, _text: None)
    assert changes_told() == [("opened", "Elm Pantry"), ("closed", "Oak Pantry")]


def test_a_list_that_is_added_replaces_no_file_of_another_origin(files: Path, own_home: Path, tmp_path: Path) -> None:
    other = tmp_path / "added" / "pharmacies.csv"
    other.parent.mkdir()
    other.write_text("name,lat,lon\nElm Pharmacy,39.083,-84.507\n", "utf-8")
    add_list("quay", other, "table", {"category": "pharmacy"}, lambda _share, _text: None)
    assert changes_told() == [("newly_listed", "Elm Pharmacy")]
    assert {"Quay Pharmacy", "Oak Pharmacy", "Elm Pharmacy"} <= set(open_region("quay").resources["name"])


def test_lists_of_two_years_stay_beside_each_other(files: Path, own_home: Path, tmp_path: Path) -> None:
    for year, name in ((2025, "Oak Pantry"), (2026, "Elm Pantry")):
        path = tmp_path / f"pantries.{year}.csv"
        path.write_text(f"name,lat,lon\n{name},39.082,-84.507\n", "utf-8")
        add_list("quay", path, "table", {"category": "food"}, lambda _share, _text: None)
    assert {"Oak Pantry", "Elm Pantry"} <= set(open_region("quay").resources["name"])


def test_a_list_that_was_added_when_labels_were_cut_at_the_first_dot_gives_way_too(
    files: Path, own_home: Path, tmp_path: Path
) -> None:
    path = tmp_path / "pantries.2025.csv"
    for name in ("Oak Pantry", "Elm Pantry"):
        path.write_text(f"name,lat,lon\n{name},39.082,-84.507\n", "utf-8")
        add_list("quay", path, "table", {"category": "food"}, lambda _share, _text: None)
        document = store.read_document(own_home / "regions" / "quay" / "region.json")
        assert document is not None
        for entry in document["recipe"]["inputs"]:
            entry["label"] = entry["label"].replace("added.pantries.2025", "added.pantries")
        store.write_document(own_home / "regions" / "quay" / "region.json", document)
    assert not {"Oak Pantry"} & set(open_region("quay").resources["name"])


def test_a_region_that_remembers_nothing_still_does_once_a_list_is_added(
    files: Path, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = store.read_document(own_home / "regions" / "quay" / "region.json")
    assert document is not None
    document["recipe"].pop("options")
    store.write_document(own_home / "regions" / "quay" / "region.json", document)
    add_list("quay", files / "pharmacies.csv", "table", {"category": "pharmacy"}, lambda _share, _text: None)
    locate_rest("quay", "census", Policy(), own_home / "cache", lambda _share, _text: None)
    with pytest.raises(RegionError, match="remembered their options"):
        plan_update("quay", Lookup(Policy(), own_home / "cache", {}), {})


def test_a_region_of_before_says_that_it_remembers_nothing(files: Path, own_home: Path) -> None:
    document = store.read_document(own_home / "regions" / "quay" / "region.json")
    assert document is not None
    document["recipe"].pop("options")
    store.write_document(own_home / "regions" / "quay" / "region.json", document)
    with pytest.raises(RegionError, match="remembered their options"):
        plan_update("quay", Lookup(Policy(), own_home / "cache", {}), {})


def test_removing_a_region_removes_the_build_before_too(files: Path, own_home: Path) -> None:
    update(own_home)
    remove_region("quay")
    assert [path.name for path in (own_home / "regions").iterdir()] == [".swap.lock"]


def test_feeds_are_told_by_their_labels(files: Path, own_home: Path) -> None:
    build = build_in(own_home / "regions" / "quay")
    assert feed_changes(build, build) == {"new": (), "gone": (), "failed": ()}
    assert set(build.feeds) == {"osm", "pharmacies"}


def test_addresses_that_the_map_does_not_know_are_located_once_and_by_later_updates_too(
    files: Path, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "name,address,city,zip,lat,lon\nLark,12 Nowhere Lane,Quay,41011,,\nWren,,,,39.081,-84.509\n"
    (files / "pharmacies.csv").write_text(text, "utf-8")
    update(own_home)
    assert [address.street for address in unlocated("quay")] == ["12 Nowhere Lane"]
    asked: list[PublicAddress] = []

    def census(addresses: list[PublicAddress], _policy: Policy, _endpoint: str) -> Iterator[PointsByAddress]:
        asked.extend(addresses)
        yield dict.fromkeys(addresses, (-84.509, 39.081))

    monkeypatch.setitem(geocode_inputs.SERVICES, "census", census)
    locate_rest("quay", "census", Policy(), own_home / "cache", lambda _share, _text: None)
    assert [address.street for address in asked] == ["12 Nowhere Lane"]
    assert "Lark" in set(open_region("quay").resources["name"])
    assert unlocated("quay") == []
    (files / "pharmacies.csv").write_text(text + "Finch,14 Nowhere Lane,Quay,41011,,\n", "utf-8")
    update(own_home)
    assert [address.street for address in asked] == ["12 Nowhere Lane", "14 Nowhere Lane"]
    assert {"Lark", "Finch"} <= set(open_region("quay").resources["name"])
