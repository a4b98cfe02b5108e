"""A region built again: only what changed is made anew, and the result is that of a build from nothing."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from sources.region import RegionInputs, build_context, build_region, open_region
from sources.region.inputs import InputFile
from tests.sources.networks.test_gtfs import SOUND, zipped
from tests.sources.region.test_manage import osm_xml

EVERYTHING = {
    "streets",
    "timetables and their links to streets",
    "map",
    "places of support",
    "people and jobs",
    "who competes",
}


pytestmark = pytest.mark.usefixtures("own_home")


@pytest.fixture
def inputs(tmp_path: Path) -> RegionInputs:
    (tmp_path / "town.osm").write_text(osm_xml(), "utf-8")
    (tmp_path / "pharmacies.csv").write_text("id,name,lat,lon\n1,Quay Pharmacy,39.081,-84.509\n2,Far,45,-84\n")
    (tmp_path / "people.csv").write_text("lon,lat,people\n-84.509,39.081,50\n-84.508,39.082,-666666666\n-80,39,9\n")
    stops = (
        "stop_id,stop_name,stop_lat,stop_lon\nA,First,39.081,-84.509\nB,Second,39.083,-84.507\nC,Third,39.085,-84.505\n"
    )
    (tmp_path / "gtfs.zip").write_bytes(zipped(SOUND | {"stops.txt": stops}))
    return RegionInputs(
        osm=tmp_path / "town.osm",
        gtfs=(tmp_path / "gtfs.zip",),
        resources=(tmp_path / "pharmacies.csv",),
        zones=(tmp_path / "people.csv",),
    )


def edited(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


CHANGES: dict[str, tuple[Callable[[RegionInputs], RegionInputs], set[str]]] = {
    "nothing": (lambda inputs: inputs, set()),
    "a list": (
        lambda inputs: replace(inputs, resources=(f"food={inputs.resources[0]}",)),
        {"places of support", "who competes"},
    ),
    "the people": (lambda inputs: replace(inputs, zones=()), {"people and jobs", "who competes"}),
    "the timetable": (
        lambda inputs: replace(inputs, gtfs=()),
        {"timetables and their links to streets", "who competes"},
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_only_what_changed_is_made_anew(inputs: RegionInputs, own_home: Path, change: str) -> None:
    alter, parts = CHANGES[change]
    first = build_region("quay", inputs)
    assert first.redone is None
    changed = alter(inputs)
    again = build_region("quay", changed)
    assert set(again.redone or ()) == parts
    fresh = build_region("fresh", replace(changed, title="quay"))
    assert again.region_hash == fresh.region_hash
    assert [source.as_dict() for source in again.sources] == [source.as_dict() for source in fresh.sources]
    known = [
        json.loads((own_home / "regions" / name / "region.json").read_text())["files"] for name in ("quay", "fresh")
    ]
    for files in known:
        del files["raw/recipe.json"]  # it remembers the options too, of which the regions' hashes know nothing
    assert known[0] == known[1]
    assert open_region("quay").rebuilt == ()
    text = "\n".join(again.lines())
    assert ("nothing has changed" in text) == (not parts)


def test_new_streets_change_everything(inputs: RegionInputs) -> None:
    build_region("quay", inputs)
    assert inputs.osm
    edited(inputs.osm, "Quay Library", "Harbour Library")
    assert set(build_region("quay", inputs).redone or ()) == EVERYTHING


def test_other_code_makes_everything_anew(inputs: RegionInputs, monkeypatch: pytest.MonkeyPatch) -> None:
    build_region("quay", inputs)
    monkeypatch.setattr(build_context, "code_digest", lambda: "another version")
    assert set(build_region("quay", inputs).redone or ()) == EVERYTHING


def test_a_damaged_part_is_never_kept(inputs: RegionInputs, own_home: Path) -> None:
    first = build_region("quay", inputs)
    folder = own_home / "regions" / "quay"
    for name in ("zones.parquet", "network/streets.node_x.npy"):
        whole = (folder / name).read_bytes()
        (folder / name).write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    again = build_region("quay", inputs)
    assert {"streets", "people and jobs"} <= set(again.redone or ())
    assert "map" not in (again.redone or ())
    assert again.region_hash == first.region_hash
    (folder / "set_aside.parquet").write_bytes(b"")
    assert build_region("quay", inputs).redone is None


def test_bytes_keep_the_day_on_which_they_came_and_say_when_they_were_asked_for(
    inputs: RegionInputs, own_home: Path
) -> None:
    list_path = Path(inputs.resources[0])
    fetched = InputFile(list_path, "resources", "table", "pharmacy", "pharmacy", {}, "2026-11-01", "feeds.example")
    bare = replace(inputs, gtfs=(), resources=(), fetched=(fetched,))
    first = build_region("quay", bare)
    later = replace(fetched, retrieved_on="2026-11-20", stale="feeds.example answers with 500.")
    again = build_region("quay", replace(bare, fetched=(later,)))
    assert again.redone == ()
    assert again.region_hash == first.region_hash
    (source,) = [one for one in open_region("quay").facts.sources if one["label"] == "pharmacy"]
    assert (source["retrieved_on"], source["checked_on"], source["stale"], source["asked_of"]) == (
        "2026-11-01",
        "2026-11-20",
        "feeds.example answers with 500.",
        "feeds.example",
    )
    assert "feeds.example answers with 500" in "\n".join(again.lines())
    assert set(open_region("quay").resources["retrieved_on"].dropna()) == {"2026-11-01"}
    edited(list_path, "Quay Pharmacy", "Quay Chemist")
    build_region("quay", replace(bare, fetched=(later,)))
    assert set(open_region("quay").resources["retrieved_on"].dropna()) == {"2026-11-20"}
