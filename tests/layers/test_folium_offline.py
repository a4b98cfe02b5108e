"""A rendered map names no host but our own, and nothing that isn't used."""

import re
from pathlib import Path

import folium
import geopandas as gpd
import pandas as pd
import pytest
import shapely

from layers.folium_offline import GeoJson, Map, asset_folders
from layers.map import MapWords, answer_layers, base_map, spoken
from layers.resource_marks import SHOWN

WORDS = MapWords("en", "Map", "In", "Out", "Here", "© OpenStreetMap contributors")
BOUNDS = (-84.7, 38.9, -84.3, 39.2)


@pytest.fixture
def page() -> str:
    chart = base_map(BOUNDS, BOUNDS, "/basemap/demo/0")
    areas = gpd.GeoDataFrame(
        {"minutes": [15.0, 30.0]}, geometry=[shapely.Point(-84.5, 39).buffer(r) for r in (0.01, 0.02)]
    )
    places = pd.DataFrame([dict.fromkeys(SHOWN, "x")]).assign(
        dimension="home", category="food", faint=False, lon=-84.5, lat=39.0
    )
    layers = answer_layers((-84.5, 39.0), areas, {15.0: "15 min", 30.0: "30 min"}, places)
    spoken(WORDS).add_to(layers)
    layers.add_to(chart)
    return str(chart.get_root().render())


def test_the_layers_are_in_the_page_and_no_template(page: str) -> None:
    assert page.count("L.geoJson(") == 4
    chart = Map(location=[39, -84.5])
    GeoJson({"type": "FeatureCollection", "features": [], "name": "{{ 7 * 7 }}"}, style="area").add_to(chart)
    written = chart.get_root().render()
    assert "{{ 7 * 7 }}" in written
    assert "style: Reach.area" in written


def test_no_other_host_is_named(page: str) -> None:
    assert re.findall(r"(?:https?:)?//[\w-]+\.[\w.-]+", page) == []


def test_folium_itself_names_other_hosts() -> None:
    assert re.findall(r"https?://[\w.-]+", folium.Map().get_root().render())


def test_nothing_unused_is_loaded(page: str) -> None:
    files = [re.sub("-[0-9a-f]{12}/", "/", one) for one in re.findall(r'(?:src|href)="([^"]+)"', page)]
    assert files == [
        "/assets/leaflet/leaflet.js",
        "/assets/reach/reach.js",
        "/assets/leaflet/leaflet.css",
        "/assets/reach/reach.css",
    ]


def test_a_changed_file_has_another_address(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from xstatic.pkg import leaflet

    (tmp_path / "leaflet.js").write_text("1")
    monkeypatch.setattr(leaflet, "BASE_DIR", str(tmp_path))
    first, again = (asset_folders.__wrapped__()[0].name for _ in range(2))
    (tmp_path / "leaflet.js").write_text("2")
    assert first == again != asset_folders.__wrapped__()[0].name


def test_every_file_that_is_named_is_there(page: str) -> None:
    folders = {folder.name: folder.path for folder in asset_folders()}
    for url in re.findall(r'(?:src|href)="/assets/([^"]+)"', page):
        name, _, rest = url.partition("/")
        assert (folders[name] / rest).is_file()


def test_pinching_to_zoom_the_page_is_not_forbidden(page: str) -> None:
    assert "user-scalable" not in page
