"""Places as people hold them: tables with `id`, `lon`, `lat`, GeoDataFrames of any CRS, single points.

Every public function that takes places reads them here, so all of them accept the same forms and refuse the same
mistakes in the same words.
"""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.errors import InputError, OutsideRegionError
from geo.phrases import Phrase

if TYPE_CHECKING:
    import geopandas as gpd
    import shapely

Bounds: TypeAlias = tuple[float, float, float, float]
"""West, south, east, north (WGS 84 degrees)."""
OnePlace: TypeAlias = "tuple[float, float] | shapely.Point | pd.DataFrame"
"""One place: (lon, lat), a shapely Point of the two, or a table or GeoDataFrame of one row."""
Floats = npt.NDArray[np.float64]

WGS84 = "EPSG:4326"
_SWAP_DEGREES = 1.0
"""Coordinates farther than this from the network that lie nearer with longitude and latitude exchanged are swapped."""


def as_table(points: pd.DataFrame, what: str = "places", bounds: Bounds | None = None) -> pd.DataFrame:
    """Return places as a table with `id`, `lon`, `lat` (WGS 84, float64) and every other column given, checked.

    Parameters
    ----------
    points
        A table with `id`, `lon`, `lat` (WGS 84); or a GeoDataFrame of points in any CRS, whose geometry counts and
        not its columns `lon` and `lat`, and whose index is the ids where it has no column `id`. Outlines are refused:
        which point stands for an area is for the caller to choose, e.g. with `representative_point()`.
    what
        What the places are, in the plural, for errors.
    bounds
        Where the network lies, so that swapped coordinates are noticed.

    Raises
    ------
    InputError
        It is no table, lacks a column or a CRS, holds other shapes than points, or a row is no place on Earth with
        an id.
    OutsideRegionError
        Longitude and latitude are swapped.
    """
    if not isinstance(points, pd.DataFrame):
        raise InputError(
            "The {what} must be a table with the columns id, lon and lat, or a GeoDataFrame of points, not a {kind}.",
            what=Phrase(what),
            kind=type(points).__name__,
        )
    table = with_degrees(points, what)
    if "id" not in table and _is_geographic(points):
        table = table.assign(id=[_label(one) for one in points.index])
    for name in ("id", "lon", "lat"):
        if name not in table:
            raise InputError(
                "The {what} need the columns id, lon and lat; {name} is missing.{advice}",
                what=Phrase(what), name=name, advice=_advice(table),
            )  # fmt: skip
    lon, lat = (
        pd.to_numeric(table[axis], errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
        for axis in ("lon", "lat")
    )
    _refuse_swapped(lon, lat, lambda row: Phrase("row {row} of the {what}", row=row, what=Phrase(what)), bounds)
    wrong = np.flatnonzero(~_on_earth(lon, lat) | table["id"].isna().to_numpy(dtype=bool))
    if len(wrong):
        row = table.iloc[wrong[0]]
        raise InputError(
            "Row {row} of the {what} is no place on Earth with an id: id {id!r}, lat {lat!r}, lon {lon!r}.",
            row=int(wrong[0]) + 1,
            what=Phrase(what),
            id=row["id"],
            lat=row["lat"],
            lon=row["lon"],
        )
    return table.assign(lon=lon, lat=lat).reset_index(drop=True)


def with_degrees(points: pd.DataFrame, what: str = "places") -> pd.DataFrame:
    """Return a GeoDataFrame as a plain table with `lon` and `lat` (WGS 84; empty where it has no point).

    Other tables are returned as they are.

    Raises
    ------
    InputError
        The GeoDataFrame has no CRS, or holds other shapes than points.
    """
    if not _is_geographic(points):
        return points
    import shapely

    if points.crs is None:
        raise InputError(
            "The {what} are a GeoDataFrame without a CRS; say what its coordinates are, e.g. with set_crs('EPSG:4326') "
            "if they are degrees.",
            what=Phrase(what),
        )
    shapes = points.geometry.to_crs(WGS84).to_numpy()
    kinds = shapely.GeometryType
    single = (shapely.get_type_id(shapes) == kinds.MULTIPOINT) & (shapely.get_num_geometries(shapes) == 1)
    shapes = np.where(single, shapely.get_geometry(shapes, 0), shapes)  # many file formats know no other points
    shapes = np.where(shapely.is_empty(shapes), None, shapes)
    other = np.flatnonzero(~np.isin(shapely.get_type_id(shapes), (kinds.MISSING, kinds.POINT)))
    if len(other):
        raise InputError(
            "The {what} must be points; row {row} is a {shape}. To let a point inside stand for each shape, use "
            "points.set_geometry(points.representative_point()).",
            what=Phrase(what),
            row=int(other[0]) + 1,
            shape=shapes[other[0]].geom_type,
        )
    plain = pd.DataFrame(points.drop(columns=points.active_geometry_name))
    return plain.assign(lon=shapely.get_x(shapes), lat=shapely.get_y(shapes))


def one_place(place: OnePlace, what: str = "place", bounds: Bounds | None = None) -> tuple[float, float]:
    """Return the longitude and latitude (WGS 84) of one place.

    Parameters
    ----------
    place
        (lon, lat), a shapely Point of the two, or a table or GeoDataFrame of one row, as `as_table` takes it.
    what
        What the place is, for errors.
    bounds
        Where the network lies, so that swapped coordinates are noticed.

    Raises
    ------
    InputError
        It is no place on Earth, or more than one.
    OutsideRegionError
        Longitude and latitude are swapped.
    """
    if isinstance(place, pd.DataFrame):
        table = as_table(place if "id" in place or _is_geographic(place) else place.assign(id=what), what, bounds)
        if len(table) != 1:
            raise InputError("The {what} must be one place, not {number}.", what=Phrase(what), number=len(table))
        return float(table["lon"].iloc[0]), float(table["lat"].iloc[0])
    import shapely

    try:
        lon, lat = (float(axis) for axis in ((place.x, place.y) if isinstance(place, shapely.Point) else place))
    except (TypeError, ValueError, shapely.errors.GEOSException) as problem:
        raise InputError(
            "The {what} must be a place: (lon, lat), a Point of the two, or a table of one row, not {place!r}.",
            what=Phrase(what),
            place=place,
        ) from problem
    _refuse_swapped(np.array([lon]), np.array([lat]), lambda _: Phrase("the {what}", what=Phrase(what)), bounds)
    if not _on_earth(lon, lat):
        sentence = "The {what} is no place on Earth: lon {lon:g}, lat {lat:g}."
        raise InputError(sentence, what=Phrase(what), lon=lon, lat=lat)
    return lon, lat


def as_points(table: pd.DataFrame) -> "gpd.GeoDataFrame":
    """Return a table with `lon` and `lat` (WGS 84) as a GeoDataFrame of points (EPSG:4326).

    Examples
    --------
    >>> as_points(region.resources).crs.to_string()
    'EPSG:4326'
    """
    import geopandas as gpd

    return gpd.GeoDataFrame(table, geometry=gpd.points_from_xy(table["lon"], table["lat"]), crs=WGS84)


def with_shapes(table: pd.DataFrame, points: pd.DataFrame, row: npt.NDArray[np.integer[Any]]) -> pd.DataFrame:
    """Return the table with the geometry of its places, in their own CRS, where they were given as a GeoDataFrame.

    Parameters
    ----------
    row
        Position among `points` of each row of the table.
    """
    if not _is_geographic(points):
        return table
    import geopandas as gpd

    return gpd.GeoDataFrame(table, geometry=points.geometry.to_numpy()[row], crs=points.crs)


def _is_geographic(points: pd.DataFrame) -> bool:
    """Return whether a table is a GeoDataFrame with a geometry; without importing geopandas, which takes a while."""
    geopandas = sys.modules.get("geopandas")
    return (
        geopandas is not None and isinstance(points, geopandas.GeoDataFrame) and points.active_geometry_name is not None
    )


def _label(index: object) -> str:
    """Return a row's index as an id: `node 123` for osmnx's ("node", 123)."""
    return " ".join(map(str, index)) if isinstance(index, tuple) else str(index)


def _advice(table: pd.DataFrame) -> Phrase:
    """Return what to try where a column is missing."""
    if "geometry" in table:
        return Phrase(" Give a table that holds geometries as a GeoDataFrame with its CRS.")
    if not len(table.columns):
        return Phrase("")
    return Phrase(" The columns given are {columns}.", columns=", ".join(map(str, table.columns)))


def _on_earth(lon: npt.ArrayLike, lat: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    return np.asarray((np.abs(lon) <= 180) & (np.abs(lat) <= 90))


def _refuse_swapped(lon: Floats, lat: Floats, where: Callable[[int], Phrase], bounds: Bounds | None) -> None:
    """Raise an error for the first place that is far from the network, and near with its coordinates exchanged.

    Parameters
    ----------
    where
        What to call the place of a number, which begins with 1.
    """
    if bounds is None:
        return
    wrong = np.flatnonzero(~_near(lon, lat, bounds) & _near(lat, lon, bounds))
    if len(wrong):
        x, y = lon[wrong[0]], lat[wrong[0]]
        west, south, east, north = bounds
        raise OutsideRegionError(
            "Latitude and longitude are swapped in {whose}: did you mean lon {y:.5f}, lat {x:.5f}, not lon {x:.5f}, "
            "lat {y:.5f}? This network lies between longitude {west:.2f} and {east:.2f} and between latitude "
            "{south:.2f} and {north:.2f}.",
            whose=where(int(wrong[0]) + 1),
            x=x,
            y=y,
            west=west,
            east=east,
            south=south,
            north=north,
        )


def _near(lon: Floats, lat: Floats, bounds: Bounds) -> npt.NDArray[np.bool_]:
    west, south, east, north = bounds
    return np.asarray(
        (lon >= west - _SWAP_DEGREES)
        & (lon <= east + _SWAP_DEGREES)
        & (lat >= south - _SWAP_DEGREES)
        & (lat <= north + _SWAP_DEGREES)
    )
