"""The list of regions: read with its paths, and refused in words that name the region and the key."""

from pathlib import Path

import pytest

from geo.errors import InputError
from sources.cleaning.bounds import Bounds
from sources.many_regions.region_list import read_region_list

KENTON = "[regions.kenton]\nosm = 'ky.osm.pbf'\n"


def written(folder: Path, text: str) -> Path:
    path = folder / "counties.toml"
    path.write_text(text, "utf-8")
    return path


def test_a_list_is_read_with_paths_beside_it(tmp_path: Path) -> None:
    (tmp_path / "a=b.csv").touch()
    more = "resources = ['lists', 'pharmacy=p.csv', 'a=b.csv']\ngtfs = ['/far/bus.zip']\nzones = ['blocks.csv']\n"
    more += "bounds = [-84.7, 38, -84, 39.2]\nareas = ['21117']\ndate = 2026-11-25\nneighbors = ['boone']\n"
    listed = read_region_list(written(tmp_path, f"beyond_km = 40\n{KENTON}{more}[regions.boone]\n"))
    kenton = listed.regions["kenton"]
    assert (listed.beyond_km, list(listed.regions)) == (40.0, ["kenton", "boone"])
    assert kenton.osm == str(tmp_path / "ky.osm.pbf")
    assert kenton.resources == (str(tmp_path / "lists"), f"pharmacy={tmp_path / 'p.csv'}", str(tmp_path / "a=b.csv"))
    assert kenton.gtfs == ("/far/bus.zip",)
    assert kenton.bounds == Bounds(-84.7, 38.0, -84.0, 39.2)
    assert (kenton.areas, kenton.neighbors, str(kenton.date)) == (("21117",), ("boone",), "2026-11-25")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("regions = 3", "lists no region; each is a table like"),
        ("[regions]\n", "lists no region"),
        ("[regions.kenton\n", "not readable TOML"),
        ("beyond_km = -1\n" + KENTON, "beyond_km must be a number from 0 to 300, not -1"),
        ("beyond_km = true\n" + KENTON, "beyond_km must be a number"),
        (KENTON + "osmm = 'x'\n", r"region kenton: 'osmm' is no key .* Did you mean 'osm'"),
        ("[region.kenton]\n", "'region' is no key of a list of regions. Did you mean 'regions'"),
        (KENTON + "neighbors = ['bone']\n[regions.boone]\n", "'bone' as a neighbor.*Did you mean 'boone'"),
        (KENTON + "neighbors = ['kenton']\n[regions.boone]\n", "which is no other region"),
        (KENTON + "gtfs = 'bus.zip'\n", "region kenton: gtfs must be a list of texts, not 'bus.zip'"),
        (KENTON + "zones = [3]\n", "zones must be a text, not 3"),
        (KENTON + "date = 'soon'\n", "date must be like 2026-11-25, not 'soon'"),
        (KENTON + "bounds = [1, 2, 0, 3]\n", r"bounds must be \[west, south, east, north\] in degrees"),
        (KENTON + "bounds = [true, 2, 3, 4]\n", "bounds must be"),
        ("[regions]\nkenton = 'ky.osm.pbf'\n", "expected a table with its files"),
        ("[regions.'a b']\n", "'a b' can't be a region's name"),
        ("[regions.con]\n", "can't be a region's name"),
    ],
)
def test_what_is_wrong_with_a_list_is_told(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InputError, match=f"(?s){said}"):
        read_region_list(written(tmp_path, text))


def test_a_list_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no list of regions at .*nowhere\.toml; check the path"):
        read_region_list(tmp_path / "nowhere.toml")
    with pytest.raises(InputError, match="can't be read"):
        read_region_list(tmp_path)
