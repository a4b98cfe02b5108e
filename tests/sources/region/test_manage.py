"""Regions on disk: whole or not there, the same bytes from the same files, mended where damaged."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xxhash

from geo.errors import DateError, InputError, RegionError, SourceError
from geo.score.parameters import load_parameters
from geo.score.score import prepare
from geo.tables import TABLES, validate
from sources.cleaning.report import BuildReport
from sources.formats import store
from sources.region import RegionInputs, build_region, check_region, list_regions, open_region, remove_region
from sources.region import manage as regions
from sources.region.build import build
from sources.region.competition_store import read_competition

NODES = [(n, 39.08 + 0.002 * (n // 4), -84.51 + 0.002 * (n % 4)) for n in range(16)]


def osm_xml() -> str:
    nodes = [f'<node id="{n + 1}" version="1" lat="{lat:.4f}" lon="{lon:.4f}"/>' for n, lat, lon in NODES]
    library = (
        '<node id="90" version="1" lat="39.0811" lon="-84.5091"><tag k="amenity" v="library"/>'
        '<tag k="name" v="Quay Library"/><tag k="addr:housenumber" v="12"/><tag k="addr:street" v="Oak Street"/></node>'
        '<node id="91" version="1" lat="39.0812" lon="-84.5092"><tag k="amenity" v="pub"/></node>'
    )
    ways, names = [], ("Oak Street", "Elm Street", "Fir Street", "Ash Street")
    for k in range(4):
        for kind, refs in (("row", range(4 * k, 4 * k + 4)), ("column", range(k, 16, 4))):
            name = names[k] if kind == "row" else f"{k + 1}th Avenue"
            members = "".join(f'<nd ref="{ref + 1}"/>' for ref in refs)
            tags = f'<tag k="highway" v="residential"/><tag k="name" v="{name}"/>'
            ways.append(f'<way id="{100 + len(ways)}" version="1">{members}{tags}</way>')
    return f'<osm version="0.6">{"".join(nodes)}{library}{"".join(ways)}</osm>'


pytestmark = pytest.mark.usefixtures("own_home")


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> RegionInputs:
    files = tmp_path_factory.mktemp("files")
    (files / "lists").mkdir()
    (files / "town.osm").write_text(osm_xml(), "utf-8")
    (files / "lists" / "pharmacies.csv").write_text("id,name,lat,lon\n1,Quay Pharmacy,39.081,-84.509\n2,Far,45,-84\n")
    meetings = [
        {
            "name": "Morning Light", "slug": "m1", "day": [1, 2], "time": "07:00", "types": ["O"],
            "formatted_address": "1 Oak Street, Quay, KY 41011, USA", "latitude": 39.082, "longitude": -84.508,
        },
        {"name": "Online", "slug": "m2", "day": 1, "time": "07:00", "types": ["ONL", "TC"], "conference_url": "https://e.org/1"},
    ]  # fmt: skip
    (files / "lists" / "meetings.json").write_text(json.dumps(meetings))
    (files / "people.csv").write_text("lon,lat,people\n-84.509,39.081,50\n-84.508,39.082,7\n-80,39,9\n")
    return RegionInputs(
        osm=files / "town.osm", resources=(files / "lists",), zones=(files / "people.csv",), title="Quay"
    )


@pytest.fixture(scope="module")
def built(inputs: RegionInputs, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, BuildReport]:
    """Return a folder with the region `quay` in it, built once, and the report."""
    own_home = tmp_path_factory.mktemp("built")
    return own_home, build(own_home / "regions" / "quay", inputs)


@pytest.fixture
def quay(built: tuple[Path, BuildReport], own_home: Path) -> str:
    """Put a copy of the region into this test's home and return its hash."""
    shutil.copytree(built[0], own_home)
    return built[1].region_hash


def test_built_opened_listed_and_removed(built: tuple[Path, BuildReport], quay: str) -> None:
    report = built[1]
    by_label = {source.label: source.counts for source in report.sources}
    assert by_label["pharmacies"] is not None
    assert (by_label["pharmacies"].rows_in, by_label["pharmacies"].kept, by_label["pharmacies"].set_aside) == (2, 1, 1)
    opened = open_region("quay")
    assert opened.facts.title == "Quay"
    assert opened.facts.time_zone == "America/New_York"
    assert opened.facts.region_hash == report.region_hash
    assert opened.facts.service_dates is None
    for name in ("resources", "sessions", "zones", "exposure", "openings", "gazetteer", "set_aside"):
        table = next(table for table in TABLES if table.name == name)
        validate(getattr(opened, name), table)
    assert set(opened.resources["source"]) == {"meeting_guide", "pharmacies", "osm"}
    assert opened.resources["attendance"].tolist().count("online") == 1
    assert len(opened.sessions) == 3
    assert opened.zones["population"].sum() == 57
    assert opened.exposure["category"].tolist() == ["alcohol"]
    assert "12 Oak Street" in opened.gazetteer["text"].tolist()
    assert (opened.gazetteer["kind"] == "crossing").sum() == 16
    assert len(opened.basemap) == 2
    assert opened.network.feed is None
    assert opened.network.streets.link_meters.sum() > 3000
    assert [facts.name for facts in list_regions()] == ["quay"]
    assert any("Quay" in line for line in [*report.lines(), *opened.facts.lines()])
    json.dumps([report.as_dict(), opened.facts.as_dict()], allow_nan=False)
    remove_region("quay")
    assert list_regions() == []
    with pytest.raises(RegionError, match="no region called 'quay'"):
        open_region("quay")


def test_the_same_files_give_the_same_digests(inputs: RegionInputs, own_home: Path, quay: str) -> None:
    assert build_region("two", inputs).region_hash == quay
    digests = [
        json.loads((own_home / "regions" / name / "region.json").read_text())["files"] for name in ("quay", "two")
    ]
    assert digests[0] == digests[1]
    assert build_region("two", RegionInputs(**{**vars(inputs), "zones": ()})).region_hash != quay


@pytest.mark.parametrize("parts", [("network", "resources.parquet"), ("region.json",), ("raw/recipe.json",)])
def test_any_flipped_bit_is_found_and_mended(own_home: Path, quay: str, parts: tuple[str, ...]) -> None:
    for part in parts:
        target = own_home / "regions" / "quay" / part
        path = sorted(target.iterdir())[0] if target.is_dir() else target
        damaged = bytearray(path.read_bytes())
        damaged[len(damaged) // 2] ^= 1
        path.write_bytes(damaged)
    opened = open_region("quay")
    assert opened.rebuilt == parts
    assert opened.facts.region_hash == quay
    assert check_region("quay") == []


def test_a_missing_or_foreign_file_is_found(own_home: Path, quay: str) -> None:
    folder = own_home / "regions" / "quay"
    (folder / "zones.parquet").unlink()
    (folder / "stray.txt").write_text("x")
    os.truncate(folder / "outlines.parquet", (folder / "outlines.parquet").stat().st_size - 1)
    assert check_region("quay") == ["outlines.parquet", "stray.txt", "zones.parquet"]
    assert not (folder / "stray.txt").exists()


def test_a_region_of_an_earlier_format_is_listed_and_made_anew(own_home: Path, quay: str) -> None:
    path = own_home / "regions" / "quay" / "region.json"
    document = store.read_document(path)
    assert document is not None
    earlier = {name: value for name, value in document.items() if name not in {"last_day", "checksum"}}
    store.write_document(path, earlier | {"format": store.FORMAT - 1})
    assert [facts.name for facts in list_regions()] == ["quay"]
    assert open_region("quay").facts.region_hash == quay
    again = store.read_document(path)
    assert again is not None
    assert again | {"built_on": document["built_on"]} == document  # the minute may have passed


@pytest.mark.parametrize("at", [0, 131_071, 131_072, 262_143, 262_144, 300_000])
def test_a_checksum_sees_every_piece_of_a_file(tmp_path: Path, at: int) -> None:
    content = bytearray(np.random.default_rng(1).bytes(300_001))
    whole, changed = tmp_path / "whole", tmp_path / "changed"
    whole.write_bytes(content)
    content[at] ^= 16
    changed.write_bytes(content)
    assert store.file_checksum(whole) != store.file_checksum(changed)
    content[at] ^= 16
    changed.write_bytes(content)
    assert store.file_checksum(whole) == store.file_checksum(changed) == xxhash.xxh3_128_hexdigest(bytes(content))


def test_a_failed_build_leaves_the_old_region(inputs: RegionInputs, own_home: Path, quay: str) -> None:
    bad = inputs.osm.with_name("bad.csv")
    bad.write_text("a,b\n1,2\n")
    with pytest.raises(SourceError, match=r"bad\.csv"):
        build_region("quay", RegionInputs(**{**vars(inputs), "resources": (f"food={bad}",)}))
    assert open_region("quay").facts.region_hash == quay
    assert {path.name for path in (own_home / "regions").iterdir()} == {"quay", ".swap.lock"}


BUILD = """
import sys
from dataclasses import replace
from pathlib import Path
from sources.region import RegionInputs, build_region
def progress(share, text):
    if share >= float(sys.argv[3]):
        print("now", flush=True)
        import time
        time.sleep(60)
build_region("quay", RegionInputs(osm=Path(sys.argv[1]), zones=(Path(sys.argv[2]),)), progress)
"""


def test_killed_at_any_moment_the_old_region_stays(inputs: RegionInputs, own_home: Path, quay: str) -> None:
    command = [sys.executable, "-c", BUILD, str(inputs.osm), str(inputs.zones[0]), "0.75"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[3])
    assert process.stdout is not None
    assert process.stdout.readline() == b"now\n"
    assert len(list((own_home / "regions").glob(".building-*/"))) == 1
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert open_region("quay").facts.region_hash == quay
    build_region("quay", inputs)
    assert {path.name for path in (own_home / "regions").iterdir()} == {"quay", ".last-quay", ".swap.lock"}


def test_a_kill_between_the_two_renames_is_put_back(own_home: Path, quay: str) -> None:
    (own_home / "regions" / "quay").rename(own_home / "regions" / ".old-quay")
    assert open_region("quay").facts.region_hash == quay


def test_two_writers_leave_one_whole_region(inputs: RegionInputs) -> None:
    problems: list[Exception] = []

    def write() -> None:
        try:
            build_region("quay", inputs)
        except Exception as problem:
            problems.append(problem)

    threads = [threading.Thread(target=write) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert check_region("quay") == []


def test_a_full_disk_is_said_and_leaves_nothing(
    inputs: RegionInputs, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object, **_kwargs: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pd.DataFrame, "to_parquet", full)
    with pytest.raises(RegionError, match="No space left"):
        build_region("quay", inputs)
    assert {path.name for path in (own_home / "regions").iterdir()} == {".swap.lock"}


@pytest.mark.parametrize("name", ["", "../x", "a/b", ".hidden", "con", "LPT1", "a" * 65, "a b", "ä"])
def test_names_that_no_disk_would_take(inputs: RegionInputs, name: str) -> None:
    with pytest.raises(InputError, match="can't be a region's name"):
        build_region(name, inputs)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"osm": Path("nowhere.osm.pbf")}, "There is no file at"),
        ({"gtfs": (Path("nowhere.zip"),)}, "There is no file at"),
        ({"resources": ("food=nowhere.csv",)}, "There is no file at"),
        ({"resources": ("nonsense={people}",)}, "neither a source"),
        ({"resources": ("{people}",)}, "not recognized"),
        ({"zones": (Path("nowhere.csv"),)}, "There is no file at"),
        ({"resources": ("meeting_guide={people}",)}, "not valid JSON"),
    ],
)
def test_what_is_wrong_is_one_sentence(inputs: RegionInputs, change: dict[str, object], sentence: str) -> None:
    people = str(inputs.zones[0])
    given = {
        key: tuple(v.replace("{people}", people) if isinstance(v, str) else v for v in value)
        if isinstance(value, tuple)
        else value
        for key, value in change.items()
    }
    with pytest.raises((InputError, SourceError), match=sentence) as problem:
        build_region("quay", RegionInputs(**{**vars(inputs), **given}))
    assert "\n" not in str(problem.value)


def test_a_mapping_beside_a_list_and_a_category_before_it(inputs: RegionInputs) -> None:
    own = inputs.osm.with_name("own.csv")
    own.write_text("What,lat,lon\nQuay Pantry,39.083,-84.507\n")
    own.with_suffix(".toml").write_text(
        'category = "food"\ntitle = "Own list"\nlicence = "CC0"\n[columns]\nname = "What"\n'
    )
    build_region("quay", RegionInputs(**{**vars(inputs), "resources": (own, f"supportive_services={own}")}))
    opened = open_region("quay")
    assert set(opened.resources.loc[opened.resources["name"] == "Quay Pantry", "category"]) == {"food", "peer_support"}
    assert [s["title"] for s in opened.facts.sources if s["label"] == "own"] == ["Own list"]


def test_arrays_and_tables_hold_no_pickle(own_home: Path) -> None:
    own_home.mkdir()
    with pytest.raises(ValueError, match="pickle"):
        store.write_arrays(own_home / "a", {"x": pd.Series(["a", None], dtype=object).to_numpy()})


def test_the_data_folder(monkeypatch: pytest.MonkeyPatch, own_home: Path) -> None:
    assert regions.data_folder() == own_home
    monkeypatch.delenv("RECOVERY_REACH_HOME")
    assert regions.data_folder().name == "recovery-reach"


def test_northern_kentucky(shared: Path) -> None:
    folder = shared / "regions" / "nky"
    inputs = RegionInputs(
        osm=folder / "streets.osm.pbf",
        gtfs=(folder / "TANK-GTFS.zip",),
        resources=(folder / "resources",),
        zones=(folder / "people_grid.csv", folder / "block-groups"),
    )
    report = build_region("nky", inputs)
    rows = {source.label: source.counts.rows_in for source in report.sources if source.counts}
    assert sum(rows[path.stem] for path in (folder / "resources").glob("*.csv")) == 259
    assert sum(report.seconds.values()) < 60
    opened = open_region("nky")
    first, last = opened.facts.service_dates or (None, None)
    assert (str(first), str(last)) == ("2019-10-31", "2020-08-27")
    assert opened.facts.service_date.weekday() == 2
    with pytest.raises(DateError, match="2020-08-27"):
        build_region("nky", RegionInputs(**{**vars(inputs), "date": opened.facts.service_date.replace(year=2031)}))


def test_the_demo() -> None:
    report = regions.build_demo()
    opened = open_region("demo")
    assert opened.facts.fictional
    assert {"meeting", "opioid_treatment_program", "recovery_residence", "food"} <= set(opened.resources["category"])
    assert opened.zones["jobs"].sum() > 0
    assert {source.label for source in report.sources} >= {
        "bmlt",
        "hrsa",
        "hsds",
        "findtreatment",
        "recovery_residences",
    }
    assert not opened.resources["address"].str.contains("onfidential", na=False).any()


def test_who_competes_is_kept_and_counted_anew_where_it_is_not(own_home: Path, quay: str) -> None:
    regions.build_demo()
    opened = open_region("demo")
    parameters = load_parameters()
    kept = read_competition(opened.folder, parameters)
    assert kept is not None
    assert read_competition(opened.folder, replace(parameters, hash="another")) is None
    again = prepare(opened.network, opened.resources, opened.sessions, opened.zones, parameters).rivals
    assert {name: one.competitors.tolist() for name, one in again.items()} == {n: a.tolist() for n, a in kept.items()}
    assert min(values.max() for values in kept.values()) > 0

    folder = own_home / "regions" / "quay"  # as it was built before they were kept
    shutil.rmtree(folder / "competition")
    document = store.read_document(folder / "region.json") or {}
    document["files"] = {p: d for p, d in document["files"].items() if not p.startswith("competition/")}
    store.write_document(folder / "region.json", document)
    older = open_region("quay")
    assert older.rebuilt == ()
    assert older.support.rivals.keys() == kept.keys()
