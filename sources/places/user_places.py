"""Where a person means: `lat,lon`, an address or crossing of the region, or a CSV or Parquet table of points."""

import os
import re
from pathlib import Path

import pandas as pd

from geo.errors import InputError, SourceError
from sources.cleaning import clean
from sources.formats.csv_text import EXTRA, read_csv
from sources.places.gazetteer import SURE, find, is_street, is_unambiguous

_PAIR = re.compile(r"\s*([+-]?\d+(?:\.\d+)?)\s*,\s*([+-]?\d+(?:\.\d+)?)\s*")
_LAT_NAMES = ("lat", "latitude", "y")
_LON_NAMES = ("lon", "lng", "long", "longitude", "x")
_OTHER_FILES = (".geojson", ".json", ".gpkg", ".shp", ".kml", ".xlsx", ".xls", ".txt", ".tsv")


def read_places(texts: list[str], gazetteer: pd.DataFrame) -> pd.DataFrame:
    """Return the points that the texts mean, with every other column that a file holds.

    Parameters
    ----------
    texts
        Each is `lat,lon`, the path of a `.csv` or `.parquet` file with columns for latitude and longitude
        (and `id`; rows without one are numbered from 1), or an address, crossing or name of the region.
    gazetteer
        The region's gazetteer (geo.tables.GAZETTEER).

    Returns
    -------
    DataFrame
        `id` (text, unique), `lon`, `lat` (WGS 84), and the other columns of the files.

    Raises
    ------
    InputError
        A text means no place; near spellings are offered.
    """
    parts = [_read_place(text, gazetteer) for text in texts]
    places = pd.concat(parts, ignore_index=True)
    if places["id"].duplicated().any():
        twice = places.loc[places["id"].duplicated(), "id"].iloc[0]
        raise InputError(f"The id {twice!r} is given to two places; each place needs an id of its own.")
    return places


def _read_place(text: str, gazetteer: pd.DataFrame) -> pd.DataFrame:
    pair = _PAIR.fullmatch(text)
    if pair:
        lat, lon = float(pair[1]), float(pair[2])
        if not (abs(lat) <= 90 and abs(lon) <= 180):
            raise InputError(f"{text!r} is not a place on Earth; give latitude first, like 39.0837,-84.5086.")
        return pd.DataFrame({"id": [text.strip()], "lon": [lon], "lat": [lat]})
    if text.lower().endswith((".csv", ".parquet")):
        return read_points(Path(text))
    if text.lower().endswith(_OTHER_FILES):
        raise InputError(
            f"Places are read from .csv and .parquet files, and {text} is neither; save it as one of them."
        )
    matches = find(gazetteer, text)
    near = "; ".join(f"{row.text} at {row.lat:.5f},{row.lon:.5f}" for row in matches.head(4).itertuples())
    if matches.empty or matches["score"].iloc[0] < SURE:
        near = near or "nothing near it"
        raise InputError(
            f"No place in the region is called {text!r} for certain (nearest: {near}); try another spelling or lat,lon."
        )
    if not is_unambiguous(matches):
        raise InputError(f"{text!r} may mean several places: {near}; give more of the name, or lat,lon.")
    best = matches.iloc[0]
    if best["kind"] == "zip" or (best["kind"] == "place" and is_street(gazetteer, best["text"])):
        raise InputError(
            f"{best['text']!r} is more than one spot; give an address, a crossing, or lat,lon "
            f"(its middle is {best['lat']:.5f},{best['lon']:.5f})."
        )
    return pd.DataFrame({"id": [best["text"]], "lon": [best["lon"]], "lat": [best["lat"]]})


def read_points(path: Path) -> pd.DataFrame:
    """Return the points of a CSV, Parquet or GeoParquet file: `id`, `lon`, `lat` and its other columns.

    Raises
    ------
    InputError
        The file is missing or unreadable, has no coordinates, or a row's are not on Earth.
    """
    if not os.path.isfile(path):  # unlike Path.is_file, at ease with names that are too long
        raise InputError(f"There is no file {path}; check the path, or give a place as lat,lon.")
    try:
        if path.suffix.lower() == ".parquet":
            table = _located(pd.read_parquet(path), path)
        else:
            table = (
                pd.DataFrame(read_csv(path.read_bytes(), str(path)))
                .replace("", pd.NA)
                .drop(columns=EXTRA, errors="ignore")
            )
    except SourceError as problem:
        raise InputError(str(problem)) from None
    except (OSError, ValueError) as problem:
        first_line = str(problem).splitlines()[0]
        raise InputError(f"{path} can't be read as a table of points: {first_line}.") from None
    if table.empty:
        raise InputError(f"{path} holds no row; it needs at least one point.")
    lower = {str(name).strip().lower(): name for name in table.columns}
    lat_name = next((lower[name] for name in _LAT_NAMES if name in lower), None)
    lon_name = next((lower[name] for name in _LON_NAMES if name in lower), None)
    if lat_name is None or lon_name is None:
        raise InputError(f"{path} needs columns lat and lon; it has {', '.join(map(str, table.columns))}.")
    lat, lon = (table[name].map(clean.number).astype("float64") for name in (lat_name, lon_name))
    wrong = ~(lat.abs().le(90) & lon.abs().le(180))
    if wrong.any():
        row = int(wrong.to_numpy().argmax())
        raise InputError(
            f"{path}, row {row + 1}: {table[lat_name].iloc[row]},{table[lon_name].iloc[row]} is not a place on "
            "Earth; lat must be within ±90 and lon within ±180."
        )
    ids = pd.Series(range(1, len(table) + 1)).astype("string")
    if "id" in lower:
        ids = table[lower["id"]].astype("string").fillna(ids)
    others = table.drop(columns=[lat_name, lon_name, *([lower["id"]] if "id" in lower else [])])
    points = pd.DataFrame(
        {"id": ids.to_numpy(dtype=object), "lon": lon.to_numpy("float64"), "lat": lat.to_numpy("float64")}
    )
    if points["id"].duplicated().any():
        twice = points.loc[points["id"].duplicated(), "id"].iloc[0]
        raise InputError(f"{path} gives the id {twice!r} to two rows; each row needs an id of its own.")
    return pd.concat([points, others.reset_index(drop=True)], axis=1)


def _located(table: pd.DataFrame, path: Path) -> pd.DataFrame:
    """Return a Parquet table with `lon` and `lat` in place of its geometry, if it has one."""
    import pyarrow.parquet

    if b"geo" not in (pyarrow.parquet.read_schema(path).metadata or {}):
        return table
    import geopandas as gpd

    points = gpd.read_parquet(path)
    shapes = points.geometry if points.crs is None else points.geometry.to_crs("EPSG:4326")
    inside = shapes.representative_point()  # a point is its own
    plain = pd.DataFrame(points.drop(columns=[points.geometry.name, *({"lon", "lat"} & set(points.columns))]))
    return plain.assign(lon=inside.x.to_numpy(), lat=inside.y.to_numpy())
