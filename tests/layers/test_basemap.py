"""The basemap: what is drawn, where it lies in a tile, and names that two tiles draw alike."""

import json
from pathlib import Path
from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo.crs import to_meters
from geo.streets.tags import CLASSES
from layers.basemap import TILE_PIXELS, UNIT, Basemap, at_zoom, build_basemap, tile, to_pixels

LON, LAT = -84.5, 39.05


@pytest.fixture(scope="module")
def land() -> Basemap:
    """Return one long street in two links, a nameless path, a lake in a park with an island, and a town."""
    lon = np.array([LON - 0.02, LON, LON, LON + 0.02, LON, LON])
    lat = np.array([LAT, LAT, LAT, LAT, LAT, LAT + 0.01])
    x, y = to_meters(lon, lat, "EPSG:32616")
    street, path = CLASSES.index("residential"), CLASSES.index("footway")
    streets = SimpleNamespace(
        crs="EPSG:32616",
        geometry_offset=np.array([0, 2, 4, 6]),
        geometry_x=x,
        geometry_y=y,
        link_name=np.array([0, 0, -1]),
        names=np.array(["Elm Street"]),
        link_class=np.array([street, street, path]),
    )
    park = shapely.box(LON - 0.01, LAT - 0.01, LON + 0.01, LAT - 0.002)
    lake = shapely.box(LON - 0.005, LAT - 0.008, LON, LAT - 0.004).difference(
        shapely.box(LON - 0.003, LAT - 0.007, LON - 0.002, LAT - 0.006)
    )
    features = gpd.GeoDataFrame(
        {
            "kind": ["park", "water", "place", "water", "boundary"],
            "name": ["Oak\x00 Park", None, "Anytown", None, None],
            "place": [None, None, "town", None, None],
            "landuse": None,
            "natural": [None, "water", None, "coastline", None],
            "lon": LON,
            "lat": LAT,
        },
        geometry=[park, lake, None, shapely.LineString([(LON, LAT), (LON, LAT + 0.1)]), park],
        crs="EPSG:4326",
    )
    return build_basemap(streets, features)  # type: ignore[arg-type]


def of(zoom: int, lon: float = LON, lat: float = LAT) -> tuple[int, int]:
    """Return the tile that holds a place."""
    x, y = to_pixels(np.array([lon]), np.array([lat]))
    return int(x[0] * 2**zoom // TILE_PIXELS), int(y[0] * 2**zoom // TILE_PIXELS)


def test_the_middle_of_the_world_is_in_the_middle() -> None:
    assert [float(v[0]) for v in to_pixels(np.array([0.0]), np.array([0.0]))] == pytest.approx([128, 128])


def test_links_of_one_name_become_one_line_and_the_rest_is_told_apart(land: Basemap) -> None:
    assert sorted(zip(land.line_kind, land.line_name, strict=True)) == [("4", "Elm Street"), ("6", "")]
    assert sorted(land.area_kind) == ["green", "water"]
    assert "Oak\N{REPLACEMENT CHARACTER} Park" in land.area_name
    assert list(land.place_name) == ["Anytown"]


def test_a_tile_holds_steps_that_lead_where_the_street_lies(land: Basemap) -> None:
    zoom = 14
    x, y = of(zoom)
    content = json.loads(tile(at_zoom(land, zoom), x, y))
    (flat,) = content["lines"]["4"]
    corners = np.cumsum(np.array(flat).reshape(-1, 2), axis=0) / UNIT
    _, north = to_pixels(np.array([LON]), np.array([LAT]))
    assert corners[:, 1] == pytest.approx(float(north[0]) * 2**zoom - y * TILE_PIXELS, abs=0.5)
    rings = content["areas"]["water"]
    assert len(rings) == 2
    turned = [shapely.LinearRing(np.cumsum(np.array(ring).reshape(-1, 2), axis=0)).is_ccw for ring in rings]
    assert turned[0] != turned[1]


def test_paths_wait_for_a_close_look_and_far_tiles_are_empty(land: Basemap) -> None:
    assert set(at_zoom(land, 12).line_kind) == {"4"}
    assert set(at_zoom(land, 14).line_kind) == {"4", "6"}
    assert json.loads(tile(at_zoom(land, 14), 0, 0)) == {"unit": UNIT, "lines": {}, "areas": {}, "labels": []}


def test_names_lie_alike_on_both_sides_of_an_edge(land: Basemap) -> None:
    for zoom in range(15, 19):
        drawing = at_zoom(land, zoom)
        tiles = {(int(n.x // TILE_PIXELS) + dx, int(n.y // TILE_PIXELS)) for n in drawing.labels for dx in (-1, 0, 1)}
        placed = set()
        for x, y in tiles:
            for label in json.loads(tile(drawing, x, y))["labels"]:
                placed.add((label[0] + x * TILE_PIXELS * UNIT, label[1] + y * TILE_PIXELS * UNIT, label[5]))
        assert len(placed) == len(drawing.labels)
        assert "Elm Street" in {text for *_, text in placed}


def test_no_name_covers_another(land: Basemap) -> None:
    labels = [n for n in at_zoom(land, 17).labels if n.text == "Elm Street"]
    positions = sorted(n.x for n in labels)
    assert len(labels) > 1
    assert min(np.diff(positions)) > 100


def test_only_the_safe_door_makes_texts_for_maps() -> None:
    root = Path(__file__).parents[2]
    code = "".join(p.read_text() for folder in ("layers", "screens") for p in (root / folder).rglob("*.py"))
    for door in (
        "folium.Popup",
        "folium.Tooltip",
        "folium.Marker",
        "folium.GeoJson(",
        "GeoJsonPopup",
        "GeoJsonTooltip",
        "DivIcon(",
        "ColorMap(",
    ):
        assert door not in code
    assert "unsafe_allow_html" not in code
    assert "st.markdown" not in code
