"""Any CSV or GeoJSON: an agency's own list of places, its columns recognized by their names."""

import re
from collections.abc import Callable, Sequence
from functools import cache, lru_cache, partial
from typing import Any

from geo.clock import DAY
from geo.errors import InputError, SourceError
from geo.tables import CATEGORIES, PRECISIONS
from sources.adapter.headings import columns_of, declared
from sources.adapter.resource_rows import ResourceRow, point_or_address, read_cell, read_rows, refuse_confidential
from sources.adapter.source import ParseContext, Source
from sources.cleaning import clean, meeting_times
from sources.cleaning.meeting_weeks import day_and_weeks
from sources.cleaning.opening_hours import osm_hours
from sources.cleaning.report import Notes, Parsed, SetAside
from sources.cleaning.weekday_words import days_in_words, in_english
from sources.formats.csv_text import plain_name, read_headings, read_table
from sources.formats.json_strict import read_json
from sources.formats.outlines import valid_outlines
from sources.resources.houses import HOUSE_COLUMNS, beds_and_rent, house_cells, is_house_kind

_GEOMETRY = "\0geometry"
_KEY = re.compile(r'"([^"]{1,60})"\s*:')
_TEXT_COLUMNS = ("venue", "notes", "house_rules", "certification_level", "curfew", "genders", "ages")
_LIST_COLUMNS = ("formats", "languages", "medications", "payment")
_TRUTH_COLUMNS = ("children", "wheelchair", "certified", "accepts_moud")


def parse(raw: bytes, context: ParseContext) -> Parsed:
    """Return the places of a CSV or GeoJSON file as `resources`.

    `context.category` holds for every row without a category of its own. `context.mapping` (the TOML file
    beside the table) may name `columns` (ours = theirs), translate `categories` (theirs = ours), and state
    `title`, `publisher`, `license`. A row without a name goes by its address, else by its category. A column
    that holds both coordinates is read in either order where only one of them is possible. Rows without
    coordinates are placed where the region knows their address. Columns `day`, `start` and `end` make a row a weekly
    session of its place; rows that differ in these alone are one place.

    Raises
    ------
    SourceError
        The file is neither, or no column holds coordinates.
    InputError
        The mapping is none, or names a column that isn't there.
    """
    where = context.file_name
    headings, rows = _headings_and_rows(raw, where)
    columns = columns_of(headings, context.mapping, where)
    placed = {"lat", "lon"} <= set(columns) or "latlon" in columns or {"address", "zip"} <= set(columns)
    if rows and not _is_json(raw, where) and not placed:
        names = ", ".join(name[:30] for name in list(rows[0])[:12])
        raise SourceError(
            f"{where} has no columns for latitude and longitude (its columns: {names}); "
            "name them lat and lon (or address and zip), or say in a mapping file beside it which they are."
        )
    return read_rows("table", rows, partial(_read, columns=columns, context=context), context)


def list_rows(raw: bytes, where: str) -> list[Any]:
    """Return the rows of a CSV or GeoJSON file, each as its cells by heading.

    Raises
    ------
    SourceError
        The file is neither.
    """
    return _headings_and_rows(raw, where)[1]


def list_headings(raw: bytes, where: str) -> list[str]:
    """Return the headings of a CSV or GeoJSON file.

    Raises
    ------
    SourceError
        The file is neither.
    """
    return _headings_and_rows(raw, where)[0]


def _headings_and_rows(raw: bytes, where: str) -> tuple[list[str], list[Any]]:
    if not _is_json(raw, where):
        headings, table = read_table(raw, where)
        return headings, [*table]
    rows = _geojson_rows(read_json(raw, where), where)
    return _properties(rows), rows


def _is_json(raw: bytes, where: str) -> bool:
    return raw.lstrip()[:1] in (b"{", b"[") or where.lower().endswith((".json", ".geojson"))


@cache
def _known_categories() -> dict[str, str]:
    return {plain_name(name): name for name in CATEGORIES} | declared()["categories"]


@lru_cache(maxsize=4096)
def category_of(word: str) -> str | None:
    """Return the category that a word means: a category's own name or a declared alias of it."""
    known, plain = _known_categories(), plain_name(word)
    return next((known[form] for form in (plain, f"{plain}s", plain.removesuffix("s")) if form in known), None)


def _properties(rows: list[Any]) -> list[str]:
    """Return the names of the properties that the first features have."""
    names: dict[str, str] = {}
    for row in rows[:200]:
        for name in row if isinstance(row, dict) else ():
            names.setdefault(plain_name(name), name)
    names.pop(plain_name(_GEOMETRY), None)
    return list(names.values())


def _read(row: dict[str, Any], notes: Notes, columns: dict[str, str], context: ParseContext) -> ResourceRow:
    def cell(ours: str) -> Any:
        return row.get(columns[ours]) if ours in columns else None

    def read(ours: str, how: Callable[[Any], Any]) -> Any:
        return read_cell(ours, cell(ours), how, notes)

    category = _category(cell("category"), context, notes)
    street = clean.text(cell("address"))
    parts = [street, *(clean.text(cell(part)) for part in ("city", "state", "zip"))]
    address = ", ".join(part for part in parts if part) or None
    precision = str(cell("location_precision") or "").strip().lower()
    names = () if category == "meeting" else (cell("name"), cell("name2"))
    about = (*names, cell("category"), address)
    refuse_confidential(*about)
    lon = lat = None
    by_address = False
    if precision == "hidden":
        address = None
    else:
        lon, lat, by_address = _position(row, columns, (street, parts[1], parts[3]), about, context, notes)
    name = _name(cell, address, category, notes)
    own_id = clean.text(cell("id"))
    values: dict[str, Any] = {
        "resource_id": own_id,
        "name": name,
        "category": category,
        "lon": lon,
        "lat": lat,
        "location_precision": _precision(precision, by_address),
        "address": address,
        "phone": read("phone", clean.phone),
        "url": read("url", clean.url),
        "attendance": "in_person",
        "verified_on": read("verified_on", clean.date),
        "license": context.mapping.get("license"),
    }
    of_houses = HOUSE_COLUMNS if category == "recovery_residence" else ()
    texts, truths = (
        [ours for ours in kind if ours in columns and ours not in of_houses] for kind in (_TEXT_COLUMNS, _TRUTH_COLUMNS)
    )
    values |= {ours: clean.text(cell(ours)) for ours in texts}
    values["fellowship"] = clean.name(cell("fellowship"))
    values |= {ours: clean.words(str(cell(ours) or "").split(";")) for ours in _LIST_COLUMNS if ours in columns}
    values |= {ours: read(ours, clean.truth) for ours in truths}
    values["capacity"] = read("capacity", clean.amount)
    values |= house_cells(cell, read, notes) if of_houses else beds_and_rent(cell, notes)
    values |= {ours: osm_hours(cell(ours), notes) for ours in ("opening_hours", "call_hours")}
    return ResourceRow(values, *(_sessions(cell, category, context.time_zone, notes) if "day" in columns else ()))


def _precision(stated: str, by_address: bool) -> str:
    """Return how exact a point is: as the list says of its own, but no more than a street where the region found it."""
    usual = "street" if by_address else "rooftop"
    return usual if stated not in PRECISIONS or (by_address and stated == "rooftop") else stated


def _sessions(
    cell: Any, category: str, here: str, notes: Notes
) -> tuple[tuple[tuple[int, int, int, str], ...], str | None]:
    """Return the sessions of a row with `day`, `start` and `end`: a meeting, or a van at its place; and their zone."""
    days, start, end = (clean.text(cell(part)) or "" for part in ("day", "start", "end"))
    meets = category == "meeting"
    if not days:
        if meets:
            notes.notice("no_day", "It has no weekday, so it counts as a meeting on no day.")
        return (), None
    day, weeks = day_and_weeks(days)
    weekdays = days_in_words(in_english(day))
    hours, zone = _hours(start, end, here, notes, meets=meets)
    if not weekdays or hours is None:
        stated = f"{days} {start} - {end}"[:60]
        notes.notice("unclear_session", f"When it is there can't be told: {stated!r}; write Monday, 9:00 am, 1:00 pm.")
        return (), None
    return tuple((*session, weeks) for session in meeting_times.on_days(weekdays, hours)), zone


def _hours(
    start: str, end: str, here: str, notes: Notes, *, meets: bool
) -> tuple[meeting_times.Hours | None, str | None]:
    """Return the hours of a meeting, or of a van, which must have an end, and the time zone that they name."""
    first, last, zone = meeting_times.times(start, end, here)
    if first is None or (end and last is None) or meeting_times.is_of_either_half(start, end):
        return None, None
    if meets:
        try:
            said = {"by_link": False, "round_the_clock": False, "end_said": bool(end)}
            return meeting_times.hours(first, last, notes, **said), zone
        except SetAside:
            return None, None
    minutes = 0 if last is None else (last - first) % DAY
    is_clear = 0 < minutes <= meeting_times.LONGEST_MINUTES
    return (meeting_times.Hours(first % DAY, minutes, first == DAY) if is_clear else None), zone


def _category(cell: Any, context: ParseContext, notes: Notes) -> str:
    stated = clean.text(cell, 100)
    if stated is not None:
        translated = context.mapping.get("categories", {}).get(stated)
        if category := category_of(str(translated or stated)):
            return category
    if given := context.category or context.mapping.get("category"):
        category = category_of(str(given))
        if category is None:
            raise InputError(f"{given!r} is no category; known are {', '.join(CATEGORIES)}.")
        if stated is None or category != "recovery_residence" or is_house_kind(stated):
            return category
    if stated is not None:
        notes.unknown("category", stated)
    raise SetAside("no_category", f"What kind of support it is isn't known here: {stated!r}.")


def _name(cell: Any, address: str | None, category: str, notes: Notes) -> str:
    first, second = clean.name(cell("name")), clean.text(cell("name2"))
    if first:
        return f"{first} – {second}" if second and second.lower() != first.lower() else first
    if second:
        return second
    notes.repaired("no_name", "It has no name; it goes by its address or kind.")
    return address or category.replace("_", " ").capitalize()


def _position(
    row: dict[str, Any],
    columns: dict[str, str],
    address: tuple[str | None, str | None, str | None],
    about: Sequence[Any],
    context: ParseContext,
    notes: Notes,
) -> tuple[float, float, bool]:
    """Return (lon, lat), and whether they were found by address."""
    if _GEOMETRY in row and row[_GEOMETRY] is not None:
        return (*_geometry_point(row[_GEOMETRY], context, notes), False)
    if "latlon" not in columns or {"lat", "lon"} <= set(columns):
        lat, lon = (row.get(columns[name]) if name in columns else None for name in ("lat", "lon"))
        return point_or_address(lat, lon, address, about, context, notes)
    pair = str(row.get(columns["latlon"]) or "").strip("() ").replace(";", ",").split(",")
    if len(pair) != 2:
        return point_or_address(None, None, address, about, context, notes)
    first, second = (clean.number(part) for part in pair)
    if first is not None and second is not None and abs(first) > 90 >= abs(second):
        return (*clean.point(second, first, context.bounds, notes), False)
    return (*clean.point(first, second, context.bounds, notes), False)


def _geojson_rows(document: Any, where: str) -> list[Any]:
    """Return a flat row a feature: its properties, and its geometry under a key no property can have."""
    kind = document.get("type") if isinstance(document, dict) else None
    if kind == "FeatureCollection" and isinstance(document.get("features"), list):
        features = document["features"]
    elif kind == "Feature":
        features = [document]
    elif isinstance(kind, str) and ("coordinates" in document or "geometries" in document):
        features = [{"type": "Feature", "properties": {}, "geometry": document}]
    elif isinstance(document, list) and all(isinstance(row, dict) for row in document):
        return document
    else:
        raise SourceError(f"{where} is no GeoJSON: a FeatureCollection with a list of features was expected.")
    rows: list[Any] = []
    for feature in features:
        if not isinstance(feature, dict) or feature.get("type") != "Feature":
            rows.append(None)
            continue
        properties = feature.get("properties")
        row = dict(properties) if isinstance(properties, dict) else {}
        own_id = feature.get("id")
        if "id" not in row and isinstance(own_id, str | int):
            row["id"] = own_id
        rows.append(row | {_GEOMETRY: feature.get("geometry")})
    return rows


def _geometry_point(geometry: Any, context: ParseContext, notes: Notes) -> tuple[float, float]:
    """Return a point that stands for the geometry, which is repaired where it only closes or crosses itself badly."""
    import numpy as np
    import shapely
    import shapely.geometry
    from shapely.errors import ShapelyError

    if geometry is None:
        raise SetAside("no_point", "It has no geometry.")
    if isinstance(geometry, dict) and geometry.get("type") == "Point":
        coordinates = geometry.get("coordinates")
        if not isinstance(coordinates, list) or len(coordinates) < 2:
            raise SetAside("bad_geometry", "Its point has no two coordinates.")
        if any(not isinstance(c, int | float) or isinstance(c, bool) for c in coordinates[:2]):
            raise SetAside("not_a_number", "The coordinates of its point are not numbers.")
        return clean.point(coordinates[1], coordinates[0], context.bounds, notes)
    try:
        with np.errstate(all="ignore"):  # huge or missing coordinates are found below
            shape = shapely.force_2d(shapely.geometry.shape(geometry))
            if not np.isfinite(shapely.get_coordinates(shape)).all():
                raise SetAside("not_a_number", "The coordinates of its outline are not all numbers.")
            crossed = not shape.is_valid
            shape = valid_outlines(shape)[0]
            if shape is None:
                raise SetAside("bad_geometry", "Its outline crosses itself thousands of times; draw it anew.")
            inside = shape.representative_point()
        if crossed:
            notes.repaired("bad_geometry", "Its outline crossed itself; a valid one was made of it.")
    except (ValueError, TypeError, AttributeError, LookupError, ArithmeticError, RecursionError, ShapelyError):
        raise SetAside("bad_geometry", "Its geometry is not what GeoJSON allows.") from None
    if inside.is_empty:
        raise SetAside("no_point", "Its geometry is empty.")
    return clean.point(inside.y, inside.x, context.bounds, notes)


def _recognizes(file_name: str, head: bytes) -> bool:
    """Tell whether it is a table whose name says a category, or that has a column which does."""
    is_csv = file_name.lower().endswith((".csv", ".tsv"))
    if not (is_csv or file_name.lower().endswith((".geojson", ".json"))):
        return False
    if category_of(file_name.rsplit(".", 1)[0]) is not None:
        return True
    try:
        names = read_headings(head, file_name) if is_csv else _KEY.findall(head.decode("utf-8", "replace"))
    except SourceError:
        return False
    known, headings = declared()["columns"], {plain_name(name) for name in names}
    placed = all(headings & set(known[column]) for column in ("lat", "lon")) if is_csv else "coordinates" in headings
    return placed and bool(headings & set(known["category"]))


SOURCE = Source(
    name="table",
    title="A list of your own (CSV or GeoJSON)",
    publisher="Whoever made the file",
    license="As its publisher says",
    attribution="Own list",
    url="",
    freshness="As given",
    precision="As given",
    kind="resources",
    parse=parse,
    recognizes=_recognizes,
    trust=70,
    fresh_days=180,
)
