"""Local meters and back: UTM, so that distances on the plane are within 0.1 % of those on the ground."""

from functools import lru_cache

import numpy as np
import numpy.typing as npt
from pyproj import Transformer

from geo.errors import InputError

FloatArray = npt.NDArray[np.float64]


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


def to_degrees(x: npt.ArrayLike, y: npt.ArrayLike, crs: str) -> tuple[FloatArray, FloatArray]:
    """Return WGS 84 lon, lat (degrees, float64) of local meters."""
    lon, lat = _transformer(crs).transform(np.asarray(x, np.float64), np.asarray(y, np.float64), direction="INVERSE")
    return np.asarray(lon, np.float64), np.asarray(lat, np.float64)


@lru_cache(maxsize=16)  # building one takes 20 ms; pyproj keeps a copy for each thread
def _transformer(crs: str) -> Transformer:
    return Transformer.from_crs("EPSG:4326", crs, always_xy=True)
