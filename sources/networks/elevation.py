"""Elevation rasters: GeoTIFF → heights of the ground on a grid of degrees, for the area that is asked for."""

import math
from pathlib import Path

import numpy as np

from geo.errors import InputError, SourceError
from geo.streets.elements import Elevation
from sources.adapter.source import Source

MOST_CELLS = 120_000_000
"""480 MB; a finer raster of a larger area is read more coarsely."""

_HEIGHTS = (-500.0, 9000.0)
"""Meters; land lies between them, and what doesn't is no height."""


def read_elevation(path: Path, west: float, south: float, east: float, north: float) -> Elevation:
    """Return the heights within bounds (WGS 84 degrees), in the raster's own detail.

    Parameters
    ----------
    path
        A GeoTIFF of heights in meters, in any projection that it names; its first band is read, and its *no data* is
        unknown.

    Raises
    ------
    InputError
        The reader of rasters is not installed, or the file is missing.
    SourceError
        The file is no raster, says not where it lies, doesn't reach the bounds, or holds no heights there.
    """
    try:
        import rasterio
        from rasterio.enums import Resampling
        from rasterio.errors import RasterioError
        from rasterio.vrt import WarpedVRT
    except ImportError:
        raise InputError(
            "Reading heights needs rasterio: pip install 'recovery-reach[elevation]', or build without --elevation."
        ) from None
    if not path.is_file():
        raise InputError(f"There is no file at {path}; check the path of the elevation raster.")
    try:
        with rasterio.open(path, driver="GTiff") as raster:
            if raster.crs is None:
                raise SourceError(f"{path.name} doesn't say where on Earth it lies; give a GeoTIFF with a projection.")
            into = {"crs": "EPSG:4326", "resampling": Resampling.bilinear, "nodata": np.nan, "dtype": "float32"}
            with WarpedVRT(raster, **into) as even:
                sides = even.bounds
                if sides.left >= east or sides.right <= west or sides.bottom >= north or sides.top <= south:
                    raise SourceError(f"{path.name} holds no heights of this region; give a raster of the same area.")
                across, down = even.transform.a, -even.transform.e
                first, top = int((west - sides.left) / across) - 2, int((sides.top - north) / down) - 2
                last, bottom = int((east - sides.left) / across) + 3, int((sides.top - south) / down) + 3
                first, top, last, bottom = max(first, 0), max(top, 0), min(last, even.width), min(bottom, even.height)
                coarse = max(1.0, math.sqrt((last - first) * (bottom - top) / MOST_CELLS))
                shape = (max(int((bottom - top) / coarse), 1), max(int((last - first) / coarse), 1))
                heights = even.read(1, window=((top, bottom), (first, last)), out_shape=shape)
    except RasterioError as problem:
        raise SourceError(f"{path.name} can't be read as a GeoTIFF of heights; is it one, and whole?") from problem
    heights = np.where((heights > _HEIGHTS[0]) & (heights < _HEIGHTS[1]), heights, np.nan).astype(np.float32)
    if np.isnan(heights).all():
        raise SourceError(f"{path.name} holds no height in meters within this region; give another raster.")
    step_lon, step_lat = across * (last - first) / shape[1], down * (bottom - top) / shape[0]
    west, north = sides.left + first * across + step_lon / 2, sides.top - top * down - step_lat / 2
    return Elevation(heights, west, north, step_lon, step_lat)


SOURCE = Source(
    name="elevation",
    title="Heights of the ground (GeoTIFF)",
    publisher="Whoever surveyed them, e.g. the USGS 3D Elevation Program",
    license="As the publisher says; those of the USGS are in the public domain",
    attribution="Heights: as the publisher says",
    url="https://www.usgs.gov/3d-elevation-program",
    freshness="Years",
    precision="Cells of some meters",
    kind="network",
    parse=None,
    fresh_days=3650,
)
