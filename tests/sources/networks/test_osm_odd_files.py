"""Files that are not what an extract should be: read where that is safe, else refused in one sentence."""

import bz2
import gzip
from pathlib import Path

import numpy as np
import pytest

from geo.crs import local_crs, middle, to_degrees
from geo.errors import SourceError
from geo.streets.build import StreetSettings, build_streets, build_streets_with_notes
from geo.streets.snapping import attach, passed_over
from sources.cleaning.bounds import Bounds
from sources.networks.osm import read_streets
from sources.networks.osm_cut import cut_extract
from sources.networks.osm_features import read_features
from sources.networks.osm_files import opl_tags
from sources.region.stages import agency_zone
from tests.geo.conftest import draw


def drawing(nodes: list[tuple[float, float]], ways: list[str], more: str = "") -> str:
    """Return an extract: nodes 1, 2 … at (lat, lon), ways 100, 101 … as "1 2 3: highway=residential"."""
    text = [f'<node id="{i}" version="1" lat="{lat}" lon="{lon}"/>' for i, (lat, lon) in enumerate(nodes, 1)]
    for i, way in enumerate(ways, 100):
        refs, _, tags = way.partition(": ")
        body = "".join(f'<nd ref="{ref}"/>' for ref in refs.split())
        body += "".join('<tag k="{}" v="{}"/>'.format(*tag.split("=")) for tag in tags.split())
        text.append(f'<way id="{i}" version="1">{body}</way>')
    return '<osm version="0.6">\n' + "\n".join(text) + more + "\n</osm>"


SQUARE = [(39.0, -84.50), (39.0, -84.49), (39.01, -84.49), (39.01, -84.50)]
RING = ["1 2 3 4 1: highway=residential"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("osm_negative_ids.osm", "negative ids"),
        ("osm_no_nodes.osm", "none of their nodes"),
        ("osm_longitude_out_of_range.osm", "wrong format for coordinate"),
        ("osm_history.osm.pbf", "history file"),
    ],
)
def test_what_can_not_be_placed_is_one_sentence(shared: Path, name: str, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        read_streets(shared / "cases" / "files" / name)
    if "history" in name or "longitude" in name:
        with pytest.raises(SourceError, match=message):
            read_features(shared / "cases" / "files" / name)


@pytest.mark.parametrize("place", [(0.0, 0.0), (52.0, 13.0), (39.0, 84.5), (39.0, -80.0)])
def test_a_node_far_from_the_rest_is_set_aside_and_told(tmp_path: Path, place: tuple[float, float]) -> None:
    """0,0; another continent; the longitude without its sign; 390 km off, where no street has so long a piece."""
    path = tmp_path / "town.osm"
    path.write_text(drawing([*SQUARE, place], [*RING, "1 5: highway=service", "2 3 5: highway=service"]))
    elements = read_streets(path)
    assert elements.misplaced.tolist() == [5]
    streets, notes = build_streets_with_notes(elements, "EPSG:32616", StreetSettings())
    assert np.ptp(streets.geometry_x) < 2000
    misplaced = notes[notes["code"] == "misplaced_node"]
    assert dict(zip(misplaced["row"], misplaced["outcome"], strict=True)) == {"101": "set_aside", "102": "notice"}


def test_the_way_to_null_island_of_a_real_file(shared: Path) -> None:
    elements = read_streets(shared / "cases" / "files" / "osm_way_to_null_island.osm")
    assert len(elements.misplaced) == 1
    assert np.ptp(elements.node_lon) < 1


@pytest.mark.parametrize("mark", ['visible="false" version="2"', 'version="1" visible="true" action="delete"'])
def test_what_was_deleted_is_left_out(tmp_path: Path, mark: str) -> None:
    gone = f'\n<way id="101" {mark}><nd ref="1"/><nd ref="3"/></way><node id="6" {mark}/>'
    path = tmp_path / "town.osm"
    path.write_text(drawing(SQUARE, [*RING, "1 3: highway=service amenity=parking"], gone))
    assert read_streets(path).ways.tolist() == [100]
    assert read_features(path).empty
    back = gone + '\n<way id="101" version="3"><nd ref="1"/><nd ref="3"/><tag k="highway" v="path"/></way>'
    path.write_text(drawing(SQUARE, [*RING, "1 3: highway=service"], back))
    assert read_streets(path).ways.tolist() == [100, 101]
    path.write_text(drawing([*SQUARE, (45.0, -84.5)], [*RING, "1 3: highway=service"], gone))
    assert read_streets(cut_extract(path, Bounds(-84.6, 38.9, -84.4, 39.1), tmp_path)).ways.tolist() == [100]


def test_the_newest_of_two_positions_of_a_node_counts(tmp_path: Path) -> None:
    moved = '\n<node id="3" version="2" lat="39.02" lon="-84.48"/>'
    path = tmp_path / "town.osm"
    path.write_text(drawing(SQUARE, RING).replace("\n<way", f"{moved}\n<way"))
    elements = read_streets(path)
    assert elements.node_lat[elements.node_id == 3].tolist() == [39.02]


def test_packed_extracts_are_read(tmp_path: Path) -> None:
    raw = drawing(SQUARE, RING).encode()
    for name, packed in (("town.osm.gz", gzip.compress(raw)), ("TOWN.OSM.BZ2", bz2.compress(raw))):
        (tmp_path / name).write_bytes(packed)
        assert read_streets(tmp_path / name).ways.tolist() == [100]
    (tmp_path / "torn.osm.gz").write_bytes(gzip.compress(raw)[:40])
    (tmp_path / "wrong.osm.bz2").write_bytes(raw)
    (tmp_path / "dtd.osm.gz").write_bytes(gzip.compress(b"<!DOCTYPE osm []>" + raw))
    for name in ("torn.osm.gz", "wrong.osm.bz2", "dtd.osm.gz", "town.pbf.gz", "town.gz"):
        with pytest.raises(SourceError):
            read_streets(tmp_path / name)


def test_on_both_sides_of_180_degrees(shared: Path) -> None:
    elements = read_streets(shared / "cases" / "files" / "antimeridian_fiji.osm.pbf")
    lon, lat = middle(elements.node_lon, elements.node_lat)
    assert local_crs(lon, lat) == "EPSG:32760"
    streets = build_streets(elements, "EPSG:32760", StreetSettings())
    assert np.ptp(streets.node_x) < 300_000
    met = streets.modes["walk"].attachable
    east = to_degrees(streets.node_x[streets.link_from], streets.node_y[streets.link_from], streets.crs)[0] > 0
    assert met[east].mean() > 0.9, "Suva's island"
    assert met[~east].mean() > 0.9, "Taveuni's, which is a network of its own"


def test_clocks_go_by_the_agencies_where_none_is_of_the_middle() -> None:
    feed = draw(["t daily bus: A 8:00 B 8:10"], zone="Pacific/Fiji")
    assert agency_zone(feed, "Etc/GMT") == "Pacific/Fiji"
    assert agency_zone(feed, "Pacific/Fiji") == "Pacific/Fiji"
    assert agency_zone(None, "Etc/GMT") == "Etc/GMT"


def test_rivers_and_tunnels_of_a_file(shared: Path) -> None:
    """A path that leads nowhere beside one home, a tunnel under another, a river before a third."""
    streets = build_streets(
        read_streets(shared / "cases" / "reports" / "osm" / "grid.osm"), local_crs(-86.5, 39.3), StreetSettings()
    )
    meter = 1 / 111195, 1 / (111195 * np.cos(np.radians(39.3)))
    x, y = np.array([(100, 100), (505, 450), (1090, 500), (1145, 500)]).T
    lon, lat = -86.5 + x * meter[1], 39.3 + y * meter[0]
    off = attach(streets, lon, lat, "walk").meters_off
    np.testing.assert_allclose(off, [100, 50, 90, 5], atol=0.6)
    assert passed_over(streets, lon, lat, "walk").reason.tolist() == ["leads_nowhere", "covered", "across", ""]


@pytest.mark.parametrize(
    ("tags", "weight"),
    [
        ("natural=water", 1),
        ("waterway=canal", 1),
        ("waterway=river tunnel=culvert", None),
        ("waterway=stream", None),
        ("railway=rail", 1 / 3),
        ("railway=rail service=yard", 1 / 2),
        ("railway=rail bridge=yes", None),
        ("railway=abandoned", None),
        ("landuse=railway", 1 / 2),
    ],
)
def test_what_nobody_walks_across(tmp_path: Path, tags: str, weight: float | None) -> None:
    path = tmp_path / "town.osm"
    path.write_text(drawing(SQUARE, [*RING, f"1 2 3 1: {tags}"]))
    assert read_streets(path).uncrossable_weight.tolist() == ([] if weight is None else [pytest.approx(weight)])


def test_a_river_cut_at_the_border_and_a_pond(tmp_path: Path) -> None:
    """A river is a relation of which one bank lies in the extract; a pond of 30 m is walked round."""
    pond = [(39.005, -84.495), (39.005, -84.4948), (39.0052, -84.4948)]
    river = (
        '<relation id="900" version="1"><member type="way" ref="101" role="outer"/>'
        '<member type="way" ref="999" role="outer"/><tag k="type" v="multipolygon"/>'
        '<tag k="natural" v="water"/></relation>'
    )
    path = tmp_path / "town.osm"
    path.write_text(drawing([*SQUARE, *pond], [*RING, "1 3: source=survey", "5 6 7 5: natural=water"], river))
    elements = read_streets(path)
    assert elements.uncrossable_weight.tolist() == [1]
    assert elements.uncrossable_lat.tolist() == [39.0, 39.01]


@pytest.mark.parametrize(
    ("written", "read"),
    [("A%20%B", "A B"), ("%e9%t%e9%", "été"), ("%1f68c%", "🚌"), ("x%110000%y", "x\ufffdy"), ("%d800%", "\ufffd"),
     ("%" + "f" * 5000 + "%", "\ufffd"), ("100%", "100%")],
)  # fmt: skip
def test_an_escape_that_is_no_character_does_not_stop_a_file(written: str, read: str) -> None:
    assert opl_tags(f"name={written},other=1", frozenset({"name"})) == {"name": read}
