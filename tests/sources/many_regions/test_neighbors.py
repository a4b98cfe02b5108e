"""Nothing ends at a county line: two halves with their neighbor score as the whole does, to the last digit."""

from pathlib import Path

import osmium
import pandas as pd
import pytest

from geo.errors import InputError
from geo.needs.needs import PROFILES, Needs
from geo.score.parameters import load_parameters
from sources.many_regions.local_engine import run_here
from sources.many_regions.neighbors import box_of, gather
from sources.many_regions.outcomes import EngineSettings
from sources.many_regions.region_list import read_region_list
from sources.many_regions.runs import build_listed, score_listed
from sources.region import open_region
from sources.region.surface_store import kept_surface
from tests.sources.many_regions.conftest import DATE, WHOLE, side_of

ONE = EngineSettings(workers=1)


def surfaces(path: Path, name: str) -> dict[str, pd.DataFrame]:
    own, region = read_region_list(path).regions[name].areas, open_region(name)
    used = load_parameters().hash
    kept = {one: kept_surface(region, Needs(profile=one), DATE, used, own=own) for one in PROFILES}
    return {one: surface[0].set_index("id") for one, surface in kept.items() if surface is not None}


def test_two_halves_score_as_the_whole_to_the_last_digit(towns: Path) -> None:
    halves = [
        side_of("west", areas='["21117"]', neighbors='["east"]'),
        side_of("east", areas='["21015"]', neighbors='["west"]'),
    ]
    alone = side_of("east").replace("[regions.east]", "[regions.alone]")
    path = towns / "list.toml"
    path.write_text("".join([*halves, WHOLE, alone]), "utf-8")
    regions = read_region_list(path)
    assert [row.problem for row in build_listed(regions, run_here, ONE).rows] == [None] * 4
    assert [row.problem for row in score_listed(regions, PROFILES, run_here, ONE, date=DATE).rows] == [None] * 4
    west, east, whole, by_itself = (surfaces(path, name) for name in ("west", "east", "whole", "alone"))
    assert list(whole) == list(PROFILES)
    for profile, expected in whole.items():
        assert list(west[profile].index) == ["211170001001000", "211170001001001"]
        both = pd.concat([east[profile], west[profile]])
        assert (both["status"] == "scored").all()
        assert (both[["class_recovery_beds", "class_pharmacy"]] > 0).all(axis=None)
        ours = both.drop(columns="region_hash")
        pd.testing.assert_frame_equal(ours, expected.drop(columns="region_hash").loc[both.index], check_exact=True)
    lacking = by_itself["no-car"].loc["210150001001000"]
    classes = [name for name in whole["no-car"] if name.startswith("class_")]
    assert (lacking[classes] < whole["no-car"].loc["210150001001000", classes]).any()  # what a border would hide


def test_extracts_of_neighbors_are_joined_each_object_once(towns: Path, tmp_path: Path) -> None:
    files = {
        "osm": [str(towns / "east.osm.pbf"), str(towns / "west.osm.pbf")],
        "gtfs": [],
        "resources": [],
        "zones": [],
    }
    inputs = gather({"files": files, "bounds": None, "elevation": None, "date": None, "title": None}, tmp_path)

    def objects(extract: Path | None) -> list[tuple[str, int]]:
        return [(one.type_str(), one.id) for one in osmium.FileProcessor(str(extract))]

    assert objects(inputs.osm) == objects(towns / "town.osm")


def test_streets_are_cut_so_far_beyond_the_regions_own_box(towns: Path, tmp_path: Path) -> None:
    path = towns / "list.toml"
    bounds = "[-84.5101, 39.0799, -84.5099, 39.0801]"  # around the first corner; the next one is 173 m away
    path.write_text(f"beyond_km = 0.1\n[regions.corner]\nosm = 'town.osm'\nbounds = {bounds}\n", "utf-8")
    regions = read_region_list(path)
    box = box_of(regions.regions["corner"], regions.beyond_km)
    assert box is not None
    assert box[0] == pytest.approx(-84.5101 - 0.1 / 86.4, abs=1e-5)
    files = {"osm": [str(towns / "town.osm")], "gtfs": [], "resources": [], "zones": []}
    task = {"files": files, "bounds": box, "elevation": None, "date": None, "title": None}
    cut = gather(task, tmp_path).osm
    assert cut is not None
    assert cut != towns / "town.osm"
    ways = [one.id for one in osmium.FileProcessor(str(cut)) if one.is_way()]
    assert ways == [100, 101]  # the row and the column that meet there, whole
    with pytest.raises(InputError, match="has nothing in this place"):
        gather(task | {"bounds": [10.0, 50.0, 10.1, 50.1]}, tmp_path)
