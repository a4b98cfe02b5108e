"""Rasters of heights as they come: in degrees or meters, whole numbers or not, with holes, and what is none."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import rasterio
from rasterio.transform import from_origin

from geo.crs import to_degrees, to_meters
from geo.errors import InputError, SourceError
from geo.travel.travel_times import TravelSettings, travel_times
from sources.networks.elevation import read_elevation
from sources.region import RegionInputs, build_region, open_region

WEST, SOUTH, EAST, NORTH = -84.60, 38.98, -84.50, 39.06


def write(path: Path, heights: np.ndarray, transform: rasterio.Affine, crs: str | None, **options: object) -> Path:
    with rasterio.open(
        path, "w", driver="GTiff", width=heights.shape[1], height=heights.shape[0], count=1,
        dtype=heights.dtype, crs=crs, transform=transform, **options,
    ) as raster:  # fmt: skip
        raster.write(heights, 1)
    return path


def plane_in_degrees(path: Path, **options: object) -> Path:
    """Write 100 m + 1000 m a degree east + 2000 m a degree north, on cells of 0.001°."""
    lon, lat = -84.7 + 0.0005 + 0.001 * np.arange(300), 39.2 - 0.0005 - 0.001 * np.arange(300)
    heights = 100 + 1000 * (lon[None, :] + 84.7) + 2000 * (lat[:, None] - 38.9)
    return write(path, heights.astype("float32"), from_origin(-84.7, 39.2, 0.001, 0.001), "EPSG:4326", **options)


@pytest.mark.parametrize("options", [{}, {"compress": "lzw", "predictor": 3, "tiled": True}, {"compress": "deflate"}])
def test_a_plane_is_read_to_the_centimeter(tmp_path: Path, options: dict[str, object]) -> None:
    elevation = read_elevation(plane_in_degrees(tmp_path / "plane.tif", **options), WEST, SOUTH, EAST, NORTH)
    random = np.random.default_rng(2)
    lon, lat = random.uniform(WEST, EAST, 50), random.uniform(SOUTH, NORTH, 50)
    assert elevation.at(lon, lat) == pytest.approx(100 + 1000 * (lon + 84.7) + 2000 * (lat - 38.9), abs=0.01)
    assert elevation.heights.size < 20_000, "only the region is read"


def test_meters_whole_numbers_and_holes(tmp_path: Path) -> None:
    """UTM, 30 m cells, 1 m higher every cell to the east; -32768 where nothing is known."""
    x, y = to_meters([WEST], [NORTH], "EPSG:32616")
    left, top = x[0] - 3000, y[0] + 3000
    heights = np.tile(np.arange(500, dtype="int16"), (600, 1))
    heights[:, :120] = -32768
    raster = write(tmp_path / "dem.tif", heights, from_origin(left, top, 30, 30), "EPSG:32616", nodata=-32768)
    elevation = read_elevation(raster, WEST, SOUTH, EAST, NORTH)
    far_x, far_y = left + np.array([30 * 60.5, 30 * 200.5, 30 * 300.5]), np.full(3, y[0] - 3000)
    lon, lat = to_degrees(far_x, far_y, "EPSG:32616")
    unknown, low, high = elevation.at(lon, lat)
    assert np.isnan(unknown)
    assert (low, high) == (pytest.approx(200, abs=1), pytest.approx(300, abs=1))


def test_what_is_no_raster_of_this_region(tmp_path: Path) -> None:
    bounds = (WEST, SOUTH, EAST, NORTH)
    with pytest.raises(InputError, match="no file"):
        read_elevation(tmp_path / "none.tif", *bounds)
    text = tmp_path / "text.tif"
    text.write_text("heights: 1, 2, 3")
    with pytest.raises(SourceError, match=r"text\.tif can't be read"):
        read_elevation(text, *bounds)
    cut = tmp_path / "cut.tif"
    cut.write_bytes(plane_in_degrees(tmp_path / "whole.tif").read_bytes()[:2000])
    with pytest.raises(SourceError, match=r"cut\.tif"):
        read_elevation(cut, *bounds)
    with pytest.raises(SourceError, match="no heights of this region"):
        read_elevation(plane_in_degrees(tmp_path / "far.tif"), 10.0, 50.0, 10.1, 50.1)
    nowhere = write(tmp_path / "nowhere.tif", np.ones((9, 9), "float32"), from_origin(0, 9, 1, 1), None)
    with pytest.raises(SourceError, match="where on Earth"):
        read_elevation(nowhere, *bounds)
    empty = np.full((300, 300), -9999, "float32")
    holes = write(tmp_path / "holes.tif", empty, from_origin(-84.7, 39.2, 0.001, 0.001), "EPSG:4326", nodata=-9999)
    with pytest.raises(SourceError, match="no height"):
        read_elevation(holes, *bounds)


def test_a_script_that_calls_itself_a_raster_fetches_nothing(tmp_path: Path) -> None:
    """A virtual raster (XML) could name other files and addresses; only GeoTIFF itself is read."""
    virtual = tmp_path / "virtual.tif"
    virtual.write_text(
        '<VRTDataset rasterXSize="9" rasterYSize="9"><VRTRasterBand dataType="Float32" band="1"><SimpleSource>'
        "<SourceFilename>/vsicurl/http://127.0.0.1:9/x.tif</SourceFilename></SimpleSource></VRTRasterBand></VRTDataset>"
    )
    with pytest.raises(SourceError, match="can't be read"):
        read_elevation(virtual, WEST, SOUTH, EAST, NORTH)


def test_a_region_with_slopes_says_so_and_is_slower_uphill(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One street due north, 2,000 m a degree uphill: 1.8 %."""
    monkeypatch.setenv("RECOVERY_REACH_HOME", str(tmp_path))
    town = tmp_path / "town.osm"
    nodes = "".join(f'<node id="{n + 1}" version="1" lat="{39 + n / 100}" lon="-84.55"/>' for n in range(3))
    refs = "".join(f'<nd ref="{n + 1}"/>' for n in range(3))
    way = f'<way id="9" version="1">{refs}<tag k="highway" v="residential"/></way>'
    town.write_text(f'<osm version="0.6">{nodes}{way}</osm>')
    raster = plane_in_degrees(tmp_path / "plane.tif")
    ends = pd.DataFrame({"id": ["low", "high"], "lon": -84.55, "lat": [39.0, 39.02]})
    minutes = {}
    for name, elevation in (("hilly", raster), ("flat", None)):
        report = build_region(name, RegionInputs(osm=town, elevation=elevation))
        assert report.slopes == (name == "hilly")
        region = open_region(name)
        text = " ".join([*report.lines(), *region.facts.lines()])
        assert ("slopes are not counted" in text) == ("slopes not counted" in text) == (name == "flat")
        assert ("plane.tif" in text) == (name == "hilly")
        times = travel_times(region.network, ends, ends, TravelSettings(mode="walk"))
        pairs = times.set_index(["origin_id", "destination_id"])["minutes"]
        minutes[name] = pairs["low", "high"], pairs["high", "low"]
    slope = 2000 / 111_000
    assert minutes["flat"][0] == minutes["flat"][1]
    assert minutes["hilly"][0] / minutes["flat"][0] == pytest.approx(np.exp(3.5 * slope), rel=1e-3)
    assert minutes["hilly"][1] / minutes["flat"][1] == pytest.approx(np.exp(-3.5 * slope), rel=1e-3)
