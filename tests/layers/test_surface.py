"""Surfaces: each cell where it lies and in its own shade, as shapes and as a picture; files with their account."""

import io
import re
import zipfile

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from layers.basemap import to_pixels
from layers.export import zipped_tables
from layers.legend import NO_NUMBER, NONE_IN_REACH, SHADES, surface_colors
from layers.surface import MOST_SHAPES, cell_at, cell_shapes, colored, picture, shades, surface_layers
from layers.surface_files import geopackage, geoparquet

NO_OUTLINES = gpd.GeoDataFrame({"zone_id": pd.Series(dtype="string")}, geometry=[], crs=4326)
ATTACK = "={{7*7}}<img src=x onerror=alert(1)>\x00"
ABOUT = [("Region", ATTACK), ("Method", "As told")]


def lattice(wide, high, step=0.002):
    lon, lat = np.meshgrid(-84.5 + step * np.arange(wide), 39 + step * np.arange(high))
    return pd.DataFrame({"id": [f"c{n}" for n in range(lon.size)], "lon": lon.ravel(), "lat": lat.ravel()})


@given(st.lists(st.one_of(st.floats(0, 100), st.just(float("nan"))), min_size=1))
def test_every_value_has_one_shade(values):
    numbers = np.array(values)
    shaded = shades(numbers, numbers == 0)
    for value, shade in zip(values, shaded.tolist(), strict=True):
        if np.isnan(value):
            assert shade == NO_NUMBER
        elif value == 0:
            assert shade == NONE_IN_REACH
        else:
            assert shade == min(int(value // 20), SHADES - 1)


@pytest.mark.parametrize("dark", [False, True])
def test_steps_differ_in_lightness_and_the_least_stands_out_most(dark):
    weights = {1: 0.2126, 3: 0.7152, 5: 0.0722}  # relative luminance, IEC 61966-2-1
    light = [sum(int(c[k : k + 2], 16) * w for k, w in weights.items()) for c in surface_colors(dark).steps]
    steps = np.diff(light)
    assert (np.sign(steps) == (-1 if dark else 1)).all()
    assert np.abs(steps).min() > 20


COLOR_BLIND = {
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
"""What eyes without one kind of cone see of linear red, green and blue: Machado, Oliveira and Fernandes (2009)."""


@pytest.mark.parametrize("eye", COLOR_BLIND)
@pytest.mark.parametrize("dark", [False, True])
def test_neighboring_steps_are_told_apart_by_every_eye(dark, eye):
    rgb = np.array([[int(c[k : k + 2], 16) / 255 for k in (1, 3, 5)] for c in surface_colors(dark).steps])
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(linear @ np.array(COLOR_BLIND[eye]).T, 0, 1)
    xyz = seen @ np.array([[0.4124, 0.2126, 0.0193], [0.3576, 0.7152, 0.1192], [0.1805, 0.0722, 0.9505]])
    f = np.cbrt(xyz / np.array([0.9505, 1.0, 1.089]))
    lab = np.column_stack([116 * f[:, 1] - 16, 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])])
    assert np.linalg.norm(np.diff(lab, axis=0), axis=1).min() > 10


def test_outlines_are_used_and_points_become_squares_that_touch():
    cells = lattice(4, 3)
    shapes = cell_shapes(cells, NO_OUTLINES)
    assert shapely.area(shapes.geometry.to_numpy()) == pytest.approx(0.002**2, rel=1e-3)
    assert shapely.union_all(shapes.geometry.to_numpy()).area == pytest.approx(12 * 0.002**2, rel=1e-3)
    outlines = gpd.GeoDataFrame({"zone_id": ["c5"]}, geometry=[shapely.box(-84.6, 39, -84.59, 39.01)], crs=4326)
    mixed = cell_shapes(cells, outlines)
    assert mixed.geometry.iloc[5].bounds == (-84.6, 39, -84.59, 39.01)
    assert mixed["id"].tolist() == cells["id"].tolist()
    alone = cell_shapes(cells.head(1), NO_OUTLINES)
    assert alone.geometry.iloc[0].area > 0


def test_a_click_finds_its_cell_and_nothing_else():
    cells = lattice(5, 5)
    shapes = cell_shapes(cells, NO_OUTLINES)
    for position in (0, 7, 24):
        assert cell_at(shapes, cells["lon"][position] + 0.0009, cells["lat"][position] - 0.0009) == position
    assert cell_at(shapes, -84.6, 39.1) is None


def test_the_picture_shows_each_cell_where_it_lies():
    cells = lattice(20, 15)
    shapes = cell_shapes(cells, NO_OUTLINES)
    shade = np.arange(len(cells)) % (NO_NUMBER + 1)
    pixels, (west, south, east, north) = picture(shapes, shade, 800)
    x, y = to_pixels(cells["lon"].to_numpy(), cells["lat"].to_numpy())
    left, right = to_pixels(np.array([west, east]), np.array([south, north]))
    column = ((x - left[0]) / (left[1] - left[0]) * pixels.shape[1]).astype(int)
    row = ((y - right[1]) / (right[0] - right[1]) * pixels.shape[0]).astype(int)
    assert (pixels[row, column] == shade + 1).all()
    painted, _ = colored(shapes, np.full(len(cells), 2), 400, 1)
    assert tuple(painted[200, 200][:3]) == tuple(bytes.fromhex(surface_colors(False).steps[2][1:]))
    ring = shapely.box(0, 0, 3, 3) - shapely.box(1, 1, 2, 2)
    hollow = gpd.GeoDataFrame({"id": ["a"]}, geometry=[ring], crs=4326)
    hole, _ = picture(hollow, np.array([1]), 300)
    assert (hole[150, 150], hole[40, 40]) == (0, 2)


def test_few_cells_are_shapes_and_many_a_picture_with_the_chosen_one_outlined():
    for wide, expected in ((10, "GeoJson"), (MOST_SHAPES // 50 + 1, "ImageOverlay")):
        cells = lattice(wide, 50)
        shapes = cell_shapes(cells, NO_OUTLINES)
        numbered = pd.DataFrame({"lon": [-84.5], "lat": [39.0], "label": ["1"]})
        group = surface_layers(shapes, np.zeros(len(cells), dtype=int), False, chosen=3, numbered=numbered)
        kinds = [type(layer).__name__ for layer in group._children.values()]
        assert kinds == [expected, "GeoJson", "GeoJson"]
    picture_url = next(iter(group._children.values())).url
    assert picture_url.startswith("data:image/png;base64,")


def test_files_hold_their_account_and_text_stays_text(tmp_path):
    cells = cell_shapes(lattice(2, 2).assign(total=[1.5, np.nan, 3, 4]), NO_OUTLINES)
    areas = pd.DataFrame({"name": [ATTACK, "x"], "people": [11.0, 12.0]})
    (tmp_path / "a.gpkg").write_bytes(geopackage(cells, {"areas": areas}, ABOUT))
    again = gpd.read_file(tmp_path / "a.gpkg", layer="surface")
    assert again["total"].tolist() == pytest.approx([1.5, np.nan, 3, 4], nan_ok=True)
    about = gpd.read_file(tmp_path / "a.gpkg", layer="about")
    assert about["text"].tolist() == ["={{7*7}}<img src=x onerror=alert(1)>\N{REPLACEMENT CHARACTER}", "As told"]
    (tmp_path / "a.parquet").write_bytes(geoparquet(cells, ABOUT))
    assert gpd.read_parquet(tmp_path / "a.parquet").crs == cells.crs
    assert b"Method: As told" in pq.read_schema(tmp_path / "a.parquet").metadata[b"recovery_reach"]
    packed = zipfile.ZipFile(io.BytesIO(zipped_tables({"areas": areas}, ABOUT)))
    assert "Method: As told" in packed.read("README.txt").decode()
    rows = pd.read_csv(packed.open("areas.csv"))
    assert rows["name"][0].startswith("'={{7*7}}")
    assert rows["people"].tolist() == [11, 12]
    assert zipped_tables({"areas": areas}, ABOUT) == zipped_tables({"areas": areas}, ABOUT)


def test_a_printed_surface_says_how_it_was_made(demo_region):
    from layers.basemap import build_basemap
    from layers.printed_surface import Words, printed_surface
    from sources.region import open_region

    region = open_region(demo_region)
    cells = region.zones.rename(columns={"zone_id": "id"})[["id", "lon", "lat"]].iloc[::40]
    shapes = cell_shapes(cells, region.outlines)
    words = Words("$x^2$ {{7*7}} \\frac", ["a", "b", "c", "d", "e"], "none", "no number")
    land = build_basemap(region.network.streets, region.basemap)
    png = printed_surface(land, shapes, np.arange(len(cells)) % 7, words, [("Source", "$a_b$ \u202e ODbL")])
    image = Image.open(io.BytesIO(png))
    assert re.fullmatch(r"Source: \$a_b\$ .* ODbL", image.text["Description"])
    assert image.size[0] > 1000
    assert len(np.unique(np.asarray(image.convert("L")))) > 50
