"""Local meters and back: UTM, so that distances on the plane are within 0.1 % of those on the ground."""

from functools import lru_cache

import numpy as np
import numpy.typing as npt
from pyproj import Transformer

from geo.errors import InputError

FloatArray = npt.NDArray[np.float64]
_EARTH_METERS = 6_371_000.0


def local_crs(lon: float, lat: float) -> str:
    """Return the UTM zone of a place.

    Parameters
    ----------
    lon, lat
        WGS 84 degrees; |lat| ≤ 84, where UTM is defined.

    Returns
    -------
    str
        An EPSG code, e.g. ``"EPSG:32616"``.

    Raises
    ------
    InputError
        The coordinates are not a place UTM covers.
    """
    if not (-180 <= lon <= 180 and -80 <= lat <= 84):
        raise InputError(
            f"A region's center must be longitude −180…180, latitude −80…84, not {lon:g}, {lat:g}; are the two swapped?"
        )
    zone = min(int((lon + 180) // 6) + 1, 60)
    return f"EPSG:{(32600 if lat >= 0 else 32700) + zone}"


def to_meters(lon: npt.ArrayLike, lat: npt.ArrayLike, crs: str) -> tuple[FloatArray, FloatArray]:
    """Return local x, y (meters, float64) of WGS 84 degrees."""
    x, y = _transformer(crs).transform(np.asarray(lon, np.float64), np.asarray(lat, np.float64))
    return np.asarray(x, np.float64), np.asarray(y, np.float64)


def line_meters(lon: npt.ArrayLike, lat: npt.ArrayLike, crs: str) -> float:
    """Return how long the line through points (WGS 84) is, in meters of a local CRS."""
    x, y = to_meters(lon, lat, crs)
    return float(np.hypot(np.diff(x), np.diff(y)).sum())


def to_degrees(x: npt.ArrayLike, y: npt.ArrayLike, crs: str) -> tuple[FloatArray, FloatArray]:
    """Return WGS 84 lon, lat (degrees, float64) of local meters."""
    lon, lat = _transformer(crs).transform(np.asarray(x, np.float64), np.asarray(y, np.float64), direction="INVERSE")
    return np.asarray(lon, np.float64), np.asarray(lat, np.float64)


def middle(lon: FloatArray, lat: FloatArray) -> tuple[float, float]:
    """Return where the middle one of places lies (degrees); places on both sides of 180° are near each other."""
    x, y, z = np.median(_on_sphere(lon, lat), axis=1)
    return float(np.degrees(np.arctan2(y, x))), float(np.degrees(np.arctan2(z, np.hypot(x, y))))


def apart_meters(lon: FloatArray, lat: FloatArray, other_lon: npt.ArrayLike, other_lat: npt.ArrayLike) -> FloatArray:
    """Return the straight distance through the Earth, taken as a sphere, between places (degrees) and others."""
    others = _on_sphere(np.asarray(other_lon, np.float64), np.asarray(other_lat, np.float64))
    apart = (_on_sphere(lon, lat).T - others.T).T
    return np.asarray(_EARTH_METERS * np.sqrt((apart**2).sum(axis=0)), np.float64)


def _on_sphere(lon: FloatArray, lat: FloatArray) -> FloatArray:
    u, v = np.radians(lon), np.radians(lat)
    return np.stack([np.cos(v) * np.cos(u), np.cos(v) * np.sin(u), np.sin(v)])


@lru_cache(maxsize=16)  # building one takes 20 ms; pyproj keeps a copy for each thread
def _transformer(crs: str) -> Transformer:
    return Transformer.from_crs("EPSG:4326", crs, always_xy=True)
