"""Where a person means: `lat,lon`, an address or crossing of the region, or a CSV or Parquet table of points."""

import os
import re
from pathlib import Path

import pandas as pd

from geo.errors import InputError, SourceError
from geo.phrases import Phrase
from sources.cleaning import clean
from sources.formats.column_texts import column_texts
from sources.formats.csv_text import EXTRA, read_csv
from sources.places.gazetteer import SURE, find, is_street, is_unambiguous

_PAIR = re.compile(r"\s*([+-]?\d+(?:\.\d+)?)\s*,\s*([+-]?\d+(?:\.\d+)?)\s*")
_LAT_NAMES = ("lat", "latitude", "y")
_LON_NAMES = ("lon", "lng", "long", "longitude", "x")
_ID_NAMES = ("id", "name", "nombre")
_OTHER_FILES = (".geojson", ".json", ".gpkg", ".shp", ".kml", ".xlsx", ".xls", ".txt", ".tsv")


def read_places(texts: list[str], gazetteer: pd.DataFrame) -> pd.DataFrame:
    """Return the points that the texts mean, with every other column that a file holds.

    Parameters
    ----------
    texts
        Each is `lat,lon`, the path of a `.csv` or `.parquet` file with columns for latitude and longitude
        (and `id`, or `name` in its place; rows without one are numbered from 1), or an address, crossing or name of
        the region.
    gazetteer
        The region's gazetteer (geo.tables.GAZETTEER).

    Returns
    -------
    DataFrame
        `id` (text, unique), `lon`, `lat` (WGS 84), and the other columns of the files. ``attrs["set_aside"]`` holds
        a sentence for each file of which rows were left out.

    Raises
    ------
    InputError
        A text means no place; near spellings are offered.
    """
    parts = [_read_place(text, gazetteer) for text in texts]
    sentences = [sentence for part in parts for sentence in part.attrs.pop("set_aside", [])]
    places = pd.concat(parts, ignore_index=True)
    places.attrs["set_aside"] = sentences
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

    Rows without lat or lon are left out; ``attrs["set_aside"]`` says how many, and which is the first.

    Raises
    ------
    InputError
        The file is missing or unreadable, has no coordinates, or a row's are not on Earth.
    """
    table = _table(path)
    lower = _by_name(table, path)
    lat_name = next((lower[name] for name in _LAT_NAMES if name in lower), None)
    lon_name = next((lower[name] for name in _LON_NAMES if name in lower), None)
    if lat_name is None or lon_name is None:
        columns = ", ".join(map(str, table.columns))
        raise InputError("{path} needs columns lat and lon; it has {columns}.", path=str(path), columns=columns)
    ids, id_name = _ids(table, lower)
    lat, lon = (table[name].map(clean.number).astype("float64") for name in (lat_name, lon_name))
    cells = table[[lat_name, lon_name]]
    given = (cells.notna() & (cells.astype("string").apply(lambda one: one.str.strip()) != "")).all(axis=1).to_numpy()
    wrong = ~(lat.abs().le(90) & lon.abs().le(180)).to_numpy() & (given | ~given.any())
    if wrong.any():
        row = int(wrong.argmax())
        raise InputError(
            "{path}, row {row}: {lat},{lon} is not a place on Earth; lat must be within ±90 and lon within ±180.",
            path=str(path),
            row=row + 1,
            lat=str(table[lat_name].iloc[row]),
            lon=str(table[lon_name].iloc[row]),
        )
    sentences = []
    if not given.all():
        first = int((~given).argmax()) + 1
        sentences = [
            Phrase(
                "{number} of {all} rows of {path} are set aside: no lat or lon (first: row {first}).",
                number=int((~given).sum()), all=len(table), path=str(path), first=first,
            )
        ]  # fmt: skip
    others = table.drop(columns=[lat_name, lon_name, *([id_name] if id_name and id_name.lower() == "id" else [])])
    points = pd.DataFrame({"id": ids.to_numpy(dtype=object), "lon": lon.to_numpy(), "lat": lat.to_numpy()})
    points = pd.concat([points, others.reset_index(drop=True)], axis=1)[given].reset_index(drop=True)
    if points["id"].duplicated().any():
        twice = points.loc[points["id"].duplicated(), "id"].iloc[0]
        raise InputError(
            "{path} gives the id {id!r} to two rows; each row needs an id of its own.", path=str(path), id=twice
        )
    points.attrs["set_aside"] = sentences
    return points


def _table(path: Path) -> pd.DataFrame:
    """Return the rows of a file, of which there is at least one; empty cells are missing.

    Raises
    ------
    InputError
        The file is missing, unreadable or empty.
    """
    if not os.path.isfile(path):  # unlike Path.is_file, at ease with names that are too long
        raise InputError("There is no file {path}; check the path, or give a place as lat,lon.", path=str(path))
    try:
        if path.suffix.lower() == ".parquet":
            table = _located(pd.read_parquet(path), path)
        else:
            rows = pd.DataFrame(read_csv(path.read_bytes(), str(path)))
            table = rows.replace("", pd.NA).drop(columns=EXTRA, errors="ignore")
    except SourceError as problem:
        raise InputError(problem.sentence, **problem.values) from None
    except (OSError, ValueError) as problem:
        first_line = str(problem).splitlines()[0]
        sentence = "{path} can't be read as a table of points: {problem}."
        raise InputError(sentence, path=str(path), problem=first_line) from None
    if table.empty:
        raise InputError("{path} holds no row; it needs at least one point.", path=str(path))
    return table


def _by_name(table: pd.DataFrame, path: Path) -> dict[str, str]:
    """Return the table's columns by their names in lower case.

    Raises
    ------
    InputError
        Two columns tell the same coordinate.
    """
    names = [str(name).strip().lower() for name in table.columns]
    for name in (*_LAT_NAMES, *_LON_NAMES, "id"):
        if names.count(name) > 1:
            raise InputError(
                "{path} has {number} columns named {name}; keep the one that is meant.",
                path=str(path), number=names.count(name), name=name,
            )  # fmt: skip
    return dict(zip(names, table.columns, strict=True))


def _ids(table: pd.DataFrame, lower: dict[str, str]) -> tuple[pd.Series, str | None]:
    """Return the rows' ids, and the column they come from: names that are there twice get their row's number."""
    numbers = pd.Series(range(1, len(table) + 1), index=table.index).astype("string")
    column = next((lower[name] for name in _ID_NAMES if name in lower), None)
    if column is None:
        return numbers, None
    ids = column_texts(table[column]).fillna(numbers)
    if "id" not in lower:
        ids = ids.where(~ids.duplicated(keep=False), ids + " (" + numbers + ")")
    return ids, column


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
