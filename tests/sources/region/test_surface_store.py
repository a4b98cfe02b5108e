"""Surfaces kept beside a region: found again for just what they were made from, and gone with it."""

import datetime
import sys
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import cli
from geo.errors import InputError
from geo.needs.needs import PROFILES, Needs
from geo.score.surface import populated_cells, score_cells
from sources.formats.store import read_document
from sources.region import RegionInputs, build_region, open_region, remove_region, surface_store
from sources.region.folders import data_folder
from sources.region.model import Region
from sources.region.surface_store import kept_dates, kept_surface, make_surfaces
from tests.sources.region.test_manage import osm_xml

DATE = datetime.date(2026, 11, 25)


@pytest.fixture
def files(tmp_path: Path, own_home: Path) -> Path:
    (tmp_path / "town.osm").write_text(osm_xml(), "utf-8")
    (tmp_path / "pharmacies.csv").write_text("id,name,lat,lon\n1,Quay Pharmacy,39.081,-84.509\n")
    (tmp_path / "people.csv").write_text("lon,lat,people\n-84.509,39.081,50\n-84.508,39.082,7\n")
    return tmp_path


def built(files: Path) -> Region:
    build_region(
        "quay",
        RegionInputs(osm=files / "town.osm", resources=(files / "pharmacies.csv",), zones=(files / "people.csv",)),
    )
    return open_region("quay")


def test_a_surface_is_kept_for_just_what_it_was_made_from(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    region = built(files)
    support, used = region.support, region.support.parameters.hash
    assert kept_surface(region, Needs(), DATE, used) is None
    shares_done: list[float] = []
    make_surfaces(region, support, Needs(), DATE, PROFILES, shares_done.append)
    assert shares_done[-1] == 1
    for profile in PROFILES:
        needs = replace(Needs(), profile=profile)
        kept = kept_surface(region, needs, DATE, used)
        assert kept is not None
        table, about = kept
        expected = score_cells(support, populated_cells(region.zones), needs, DATE)
        pd.testing.assert_frame_equal(table, expected, check_dtype=False)
        assert (about["profile"], about["cells"], about["region_hash"]) == (profile, 2, region.facts.region_hash)
    assert kept_surface(region, Needs(), DATE + datetime.timedelta(days=1), used) is None
    with monkeypatch.context() as patch:  # asked at each click: no table is read for it
        patch.setattr(surface_store, "file_digest", None)
        assert kept_dates(region, Needs(), used) == [DATE]
    assert kept_dates(region, Needs(medications=("methadone",)), used) == []
    assert kept_surface(region, Needs(medications=("methadone",)), DATE, used) is None
    assert kept_surface(region, Needs(), DATE, "other parameters") is None
    make_surfaces(region, support, Needs(), DATE, ["no-car"])  # again: the same place, and no harm
    table_path = next((data_folder() / "surfaces" / "quay").glob("no-car-*/surface.parquet"))
    damaged = bytearray(table_path.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    table_path.write_bytes(damaged)
    assert kept_surface(region, Needs(), DATE, used) is None
    assert kept_surface(region, Needs(profile="car"), DATE, used) is not None


def test_areas_without_a_score_are_told(
    files: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with (files / "people.csv").open("a") as people:
        people.write("-84.4935,39.0945,9\n")  # within the margin, at its corner
    built(files)
    monkeypatch.setattr(sys, "argv", ["recovery-reach", "surface", "quay", "--all"])
    with pytest.raises(SystemExit, match="0"):
        cli.main()
    assert "\n1 areas lie over 1 km from any street" in capsys.readouterr().err


def test_a_region_without_people_has_no_surface(files: Path) -> None:
    build_region("quay", RegionInputs(osm=files / "town.osm", resources=(files / "pharmacies.csv",)))
    region = open_region("quay")
    with pytest.raises(InputError, match=r"quay has no populated areas .* --zones"):
        make_surfaces(region, region.support, Needs(), DATE, ["no-car"])


def test_another_state_of_the_region_has_surfaces_of_its_own(files: Path) -> None:
    region = built(files)
    make_surfaces(region, region.support, Needs(), DATE, ["no-car", "car"])
    (files / "pharmacies.csv").write_text("id,name,lat,lon\n1,Quay Pharmacy,39.0825,-84.508\n")
    again = built(files)
    assert again.facts.region_hash != region.facts.region_hash
    assert kept_surface(again, Needs(), DATE, again.support.parameters.hash) is None
    make_surfaces(again, again.support, Needs(), DATE, ["no-car"])
    folder = data_folder() / "surfaces" / "quay"
    assert kept_surface(region, Needs(), DATE, again.support.parameters.hash) is not None  # an undo finds it
    (files / "pharmacies.csv").write_text("id,name,lat,lon\n1,Quay Pharmacy,39.0835,-84.508\n")
    third = built(files)
    make_surfaces(third, third.support, Needs(), DATE, ["no-car"])
    hashes = {read_document(path / "surface.json")["region_hash"] for path in folder.glob("[!.]*")}
    assert hashes == {again.facts.region_hash, third.facts.region_hash}
    remove_region("quay")
    assert not folder.exists()


def test_another_version_of_the_code_has_surfaces_of_its_own(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    region = built(files)
    used = region.support.parameters.hash
    make_surfaces(region, region.support, Needs(), DATE, ["no-car", "car"])
    monkeypatch.setattr(surface_store, "code_digest", lambda: "another version")
    assert kept_surface(region, Needs(), DATE, used) is None
    assert kept_dates(region, Needs(), used) == []
    make_surfaces(region, region.support, Needs(), DATE, ["no-car"])
    assert len([one for one in (data_folder() / "surfaces" / "quay").iterdir() if one.is_dir()]) == 1
    assert kept_surface(region, Needs(), DATE, used) is not None
