"""Areas to stay away from: which places lie in one."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.crs import to_meters
from geo.needs.needs import StayAway


def inside(area: StayAway, lon: ArrayLike, lat: ArrayLike, crs: str) -> NDArray[np.bool_]:
    """Return which places (WGS 84) lie in an area, its edge included; `crs`: local meters."""
    x, y = to_meters(np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64), crs)
    if area.outline:
        import shapely

        lats, lons = zip(*area.outline, strict=True)
        corners = np.column_stack(to_meters(np.array(lons), np.array(lats), crs))
        within: NDArray[np.bool_] = shapely.intersects_xy(shapely.make_valid(shapely.Polygon(corners)), x, y)
        return within
    ax, ay = to_meters(np.array([area.lon]), np.array([area.lat]), crs)
    near: NDArray[np.bool_] = np.hypot(x - ax[0], y - ay[0]) <= area.meters
    return near
