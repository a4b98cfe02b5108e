"""Areas to stay away from: which places lie in one, and the ground that they cover."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.crs import to_degrees, to_meters
from geo.needs.needs import StayAway

if TYPE_CHECKING:
    import shapely

_SIDES = 128


def inside(area: StayAway, lon: ArrayLike, lat: ArrayLike, crs: str) -> NDArray[np.bool_]:
    """Return which places (WGS 84) lie on the ground of an area, its edge included; `crs`: local meters."""
    import shapely

    x, y = to_meters(np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64), crs)
    within: NDArray[np.bool_] = shapely.intersects_xy(ground([area], crs), x, y)
    return within


def ground(areas: Sequence[StayAway], crs: str) -> "shapely.Geometry":
    """Return what areas cover, in local meters; a disc as a polygon of 128 sides around it, at most 0.03 % wider."""
    import shapely

    def shape(area: StayAway) -> "shapely.Geometry":
        if area.outline:
            return _polygon(area, crs)
        center = shapely.Point(*to_meters([area.lon], [area.lat], crs))
        return center.buffer(area.meters / np.cos(np.pi / _SIDES), quad_segs=_SIDES // 4)

    return shapely.union_all([shape(area) for area in areas])


def outlines(areas: Sequence[StayAway], crs: str) -> "list[shapely.Geometry]":
    """Return each area's outline in WGS 84 degrees (lon, lat), for a map."""
    import shapely

    def degrees(corners: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(to_degrees(corners[:, 0], corners[:, 1], crs))

    return [shapely.transform(ground([area], crs), degrees) for area in areas]


def _polygon(area: StayAway, crs: str) -> "shapely.Geometry":
    import shapely

    lats, lons = zip(*area.outline, strict=True)
    polygon = shapely.Polygon(np.column_stack(to_meters(np.array(lons), np.array(lats), crs)))
    # which is valid but for roundings; the usual method takes minutes where very many of its edges cross
    return shapely.make_valid(polygon, method="structure", keep_collapsed=False)
