"""What tests of many regions share: an empty data folder, and two counties whose border goes through a town."""

import datetime
from pathlib import Path

import osmium
import pytest

from tests import small_town

DATE = datetime.date(2026, 11, 25)
BORDER = -84.5075


@pytest.fixture
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty data folder."""
    monkeypatch.setenv("RECOVERY_REACH_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def towns(tmp_path: Path, own_home: Path) -> Path:
    """Return a folder with the files of a town, also cut in two: `west`, `east`."""
    folder = tmp_path / "files"
    folder.mkdir()
    small_town.write_ground(folder)
    small_town.write_bus(folder / "bus.zip")
    small_town.write_list(folder, small_town.HOUSES[:1], "west-houses.csv")
    small_town.write_list(folder, (*small_town.HOUSES[1:], "3,Far House,39.0855,-84.5045,4,"), "east-houses.csv")
    pharmacies = {"west": "1,Quay Pharmacy,39.081,-84.509", "east": "2,Ash Pharmacy,39.0855,-84.5045"}
    people = {
        "west": "211170001001000,-84.509,39.081,500\n211170001001001,-84.508,39.082,300",
        "east": "210150001001000,-84.5045,39.0855,70",
    }
    for side in ("west", "east"):
        (folder / f"{side}-pharmacies.csv").write_text(f"id,name,lat,lon\n{pharmacies[side]}\n", "utf-8")
        (folder / f"{side}-people.csv").write_text(f"id,lon,lat,people\n{people[side]}\n", "utf-8")
        _cut(folder / "town.osm", folder / f"{side}.osm.pbf", side)
    return folder


def _cut(whole: Path, half: Path, side: str) -> None:
    """Write the nodes of one side of the border, and every way that has one, as it is: without the nodes beyond."""
    inside = set()
    with osmium.SimpleWriter(str(half)) as writer:
        for one in osmium.FileProcessor(str(whole)):
            if one.is_node() and (one.location.lon < BORDER) == (side == "west"):
                inside.add(one.id)
                writer.add(one)
            elif one.is_way() and any(node.ref in inside for node in one.nodes):
                writer.add(one)


def side_of(name: str, **more: str) -> str:
    """Return the table of one side in a list of regions."""
    lists = f'resources = ["recovery_residences={name}-houses.csv", "pharmacy={name}-pharmacies.csv"]'
    lines = [f"[regions.{name}]", f'osm = "{name}.osm.pbf"', 'gtfs = ["bus.zip"]', lists]
    lines += [f'zones = ["{name}-people.csv"]', *(f"{key} = {value}" for key, value in more.items())]
    return "\n".join(lines) + "\n"


WHOLE = """[regions.whole]
osm = "town.osm"
gtfs = ["bus.zip"]
resources = [
    "recovery_residences=east-houses.csv", "pharmacy=east-pharmacies.csv",
    "recovery_residences=west-houses.csv", "pharmacy=west-pharmacies.csv",
]
zones = ["east-people.csv", "west-people.csv"]
"""


def list_of_towns(folder: Path, count: int = 3) -> Path:
    """Write a list of regions that are all the whole town, and return its path."""
    path = folder / "towns.toml"
    path.write_text("".join(WHOLE.replace("whole", f"town{number}") for number in range(count)), "utf-8")
    return path
