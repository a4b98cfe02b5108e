"""Where new places may be, and where not: every address, a list, places of another class, or shapes from a file."""

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from geo.errors import InputError, SourceError
from geo.phrases import Phrase
from geo.tables import CATEGORIES
from sources.adapter.headings import match_headings
from sources.cleaning.bounds import Bounds
from sources.formats.column_texts import column_texts
from sources.formats.csv_text import EXTRA, read_csv
from sources.places.gazetteer import find, is_unambiguous
from sources.places.user_places import read_points

if TYPE_CHECKING:
    import shapely

ADDRESSES = "addresses"
_TANGLED = "or nearly, more often than can be checked"
_SHAPE_FILES = (".geojson", ".json", ".gpkg", ".zip")
_PLACED = ("lat", "latitude", "y", "geometry")
"""Columns that say where a row lies, as `read_points` reads them."""
_ADDRESS_NAMES = ("address", "street_address", "addr")


def read_candidates(text: str, gazetteer: pd.DataFrame, resources: pd.DataFrame) -> pd.DataFrame:
    """Return the places that a text means: `id` (text, unique), `lon`, `lat` (WGS 84) and a file's other columns.

    Parameters
    ----------
    text
        `addresses`: all of the region; a category of resources: the places of it that are there; or a file: CSV or
        Parquet of points or of addresses (in words that lists have for them, with city and ZIP code if they tell), or
        shapes (GeoJSON, GeoPackage, zipped shapefile), of each of
        which a point inside stands for it.
    gazetteer, resources
        The region's tables. ``attrs["set_aside"]`` holds a sentence for what was left out.

    Raises
    ------
    InputError
        The text is none of these, or the file can't be read.
    """
    if text == ADDRESSES:
        rows = gazetteer[gazetteer["kind"] == "address"]
        if rows.empty:
            raise InputError("The region's map knows no address; give candidates as a file, or a category of places.")
        addresses = rows.rename(columns={"text": "id"})[["id", "lon", "lat"]]
        return _once_each(addresses, Phrase("addresses of the region"))
    if text in CATEGORIES:
        return _of_category(text, resources)
    path = Path(text)
    if path.suffix.lower() in _SHAPE_FILES:
        return _points_inside(path)
    if path.suffix.lower() not in (".csv", ".parquet"):
        raise InputError(
            "Candidates are {addresses}, a file (.csv, .parquet, .geojson, .gpkg, zipped shapefile) or a category of "
            "places ({known}), not {candidates!r}.",
            addresses=ADDRESSES,
            known=", ".join(CATEGORIES),
            candidates=text,
        )
    located = _by_address(path, gazetteer) if path.is_file() else None
    return read_points(path) if located is None else located


def read_areas(path: Path, within: Bounds) -> "shapely.Geometry":
    """Return the areas of a file (WGS 84) as one geometry.

    Raises
    ------
    InputError
        The file can't be read or holds other shapes than areas; one crosses itself; or none lies in the region.
    """
    import shapely

    from sources.formats.outlines import are_tangled

    shapes = _shapes(path, "areas").geometry.to_numpy()
    for number, shape in enumerate(shapes, 1):
        if shape is None or shape.geom_type not in ("Polygon", "MultiPolygon"):
            kind = Phrase("row without a shape") if shape is None else str(shape.geom_type)
            raise InputError(
                "{path}, shape {number} is a {kind}, and no area; draw areas to leave out as polygons.",
                path=str(path), number=number, kind=kind,
            )  # fmt: skip
        if are_tangled(shape)[0] or not shape.is_valid:
            raise _crossing(path, number, shape)
    areas = shapely.union_all(shapes)
    if not areas.intersects(shapely.box(within.west, within.south, within.east, within.north)):
        west, south, east, north = areas.bounds
        raise InputError(
            "No area of {path} lies in the region: they are between longitude {west:.3f} and {east:.3f}, latitude "
            "{south:.3f} and {north:.3f}; check the file's coordinates.",
            path=str(path),
            west=float(west),
            east=float(east),
            south=float(south),
            north=float(north),
        )
    return areas


def _of_category(category: str, resources: pd.DataFrame) -> pd.DataFrame:
    of_category = resources[resources["category"] == category]
    there = of_category["lon"].notna() & of_category["lat"].notna()
    if not there.any():
        raise InputError("The region lists no {category} with a place, so none can be a candidate.", category=category)
    places = of_category[there].rename(columns={"resource_id": "id"})[["id", "lon", "lat", "name"]]
    places = places.reset_index(drop=True)
    if not there.all():
        places.attrs["set_aside"] = [
            Phrase(
                "{number} of {all} places of {category} have no coordinates, and are no candidates.",
                number=int((~there).sum()), all=len(of_category), category=category,
            )
        ]  # fmt: skip
    return places


def _once_each(places: pd.DataFrame, what: Phrase) -> pd.DataFrame:
    """Return the first place of each id; ``attrs["set_aside"]`` says how many more there were."""
    again = places["id"].duplicated()
    once = places[~again].reset_index(drop=True)
    if again.any():
        once.attrs["set_aside"] = [
            Phrase(
                "{number} of {all} {what} are there more than once (first: {first!r}); the first of each is the "
                "candidate.",
                number=int(again.sum()), all=len(places), what=what, first=str(places.loc[again, "id"].iloc[0]),
            )
        ]  # fmt: skip
    return once


def _numbered_where_blank(ids: pd.Series, numbers: pd.Series) -> pd.Series:
    """Return ids, as `read_points` has them: the row's number where one is blank."""
    texts = column_texts(ids).str.strip()
    return texts.mask(texts.isna() | (texts == ""), numbers)


def _points_inside(path: Path) -> pd.DataFrame:
    """Return a point inside each shape of a file.

    Raises
    ------
    InputError
        A shape crosses itself, so that it isn't told what is inside.
    """
    import shapely

    from sources.formats.outlines import are_tangled

    shapes = _shapes(path, "candidates")
    outlines = shapes.geometry.to_numpy()
    crossing = are_tangled(outlines)
    if not crossing.any():
        crossing = ~(shapely.is_valid(outlines) | shapely.is_missing(outlines))
    if crossing.any():
        number = int(crossing.argmax())
        raise _crossing(path, number + 1, shapes.geometry.iloc[number])
    there = ~(shapes.geometry.isna() | shapes.geometry.is_empty).to_numpy()
    lower = {str(name).lower(): name for name in shapes.columns}
    column = next((lower[name] for name in ("id", "parcel_id", "apn", "name") if name in lower), None)
    numbers = pd.Series(range(1, len(shapes) + 1), index=shapes.index).astype("string")
    ids = numbers if column is None else _numbered_where_blank(shapes[column], numbers)
    ids = ids.where(~ids.duplicated(keep=False), ids + " (" + numbers + ")")
    inside = shapes.geometry[there].representative_point()
    table = pd.DataFrame(shapes.drop(columns=[shapes.geometry.name, *({"lon", "lat", "id"} & set(shapes.columns))]))
    places = table[there].assign(id=ids[there], lon=inside.x, lat=inside.y).reset_index(drop=True)
    if not there.all():
        places.attrs["set_aside"] = [
            Phrase(
                "{number} of {all} rows of {path} have no shape.",
                number=int((~there).sum()), all=len(shapes), path=str(path),
            )
        ]  # fmt: skip
    return places


def _crossing(path: Path, number: int, shape: "shapely.Geometry") -> InputError:
    import shapely

    from sources.formats.outlines import are_tangled

    reason = _TANGLED if are_tangled(shape)[0] else shapely.is_valid_reason(shape)
    sentence = "{path}, shape {number} crosses itself ({reason}); draw it anew."
    return InputError(sentence, path=str(path), number=number, reason=reason)


def _shapes(path: Path, what: str) -> pd.DataFrame:
    from sources.formats.shapes import read_shapes

    try:
        shapes, _ = read_shapes(path.read_bytes(), str(path), what)
    except OSError:
        raise InputError("There is no file {path} that can be read; check the path.", path=str(path)) from None
    except SourceError as problem:
        raise InputError(problem.sentence, **problem.values) from None
    return shapes


def _cells(path: Path) -> pd.DataFrame:
    if path.suffix.lower() == ".parquet":
        return pd.read_parquet(path)
    return pd.DataFrame(read_csv(path.read_bytes(), str(path))).drop(columns=EXTRA, errors="ignore")


def _by_address(path: Path, gazetteer: pd.DataFrame) -> pd.DataFrame | None:
    """Return the places of a list of addresses that the region's map knows; None where it has coordinates instead."""
    try:
        table = _cells(path)
    except SourceError as problem:
        raise InputError(problem.sentence, **problem.values) from None
    except (OSError, ValueError):
        return None  # `read_points` says what is wrong with it
    lower = {str(name).strip().lower(): name for name in table.columns}
    if table.empty or {*_PLACED} & set(lower):
        return None
    columns = dict(match_headings(map(str, table.columns), wanted=("address", "city", "zip")).columns)
    column = next((lower[name] for name in _ADDRESS_NAMES if name in lower), columns.get("address"))
    if column is None:
        raise InputError(
            "{path} tells no place; its columns are {columns}. Give it columns lat and lon, or a column address, which "
            "the region's map looks up.",
            path=str(path),
            columns=", ".join(map(str, table.columns)),
        )
    parts = table[[column, *(columns[part] for part in ("city", "zip") if part in columns)]].fillna("").astype(str)
    rows, unknown = [], []
    for number, cells in enumerate(parts.itertuples(index=False), 1):
        text = ", ".join(cell.strip() for cell in cells if cell.strip()) if cells[0].strip() else ""
        matches = _found(gazetteer, text)
        if len(matches) and is_unambiguous(matches):
            rows.append((number - 1, matches["lon"].iloc[0], matches["lat"].iloc[0]))
        else:
            unknown.append(Phrase("row {number}: {text!r}", number=number, text=text))
    if not rows:
        raise InputError(
            "The region's map knows no address of {path} for certain (first: {first}). Give it columns lat and lon.",
            path=str(path),
            first=unknown[0],
        )
    position, lon, lat = zip(*rows, strict=True)
    kept = table.iloc[list(position)].reset_index(drop=True)
    numbers = pd.Series([str(row + 1) for row in position], dtype="string")
    ids = _numbered_where_blank(kept[lower["id"]], numbers) if "id" in lower else kept[column]
    places = kept.drop(columns=[lower["id"]] if "id" in lower else []).assign(id=ids, lon=lon, lat=lat)
    places = _once_each(places, Phrase("places of {path}", path=str(path)))
    if unknown:
        left_out = Phrase(
            "{number} of {all} addresses of {path} are not known for certain, and left out (first: {first}).",
            number=len(unknown), all=len(table), path=str(path), first=unknown[0],
        )  # fmt: skip
        places.attrs["set_aside"] = [left_out, *places.attrs.get("set_aside", [])]
    return places


def _found(gazetteer: pd.DataFrame, text: str) -> pd.DataFrame:
    """Return what a cell may mean; nothing of one that holds no address, which is no reason to refuse the others."""
    try:
        return find(gazetteer, text)
    except InputError:
        return gazetteer.iloc[:0]
