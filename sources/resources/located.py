"""Addresses of public places with the points of a geocoding service: a file that `region.geocode_inputs` writes."""

import csv
import io
from functools import partial
from typing import Any

import pandas as pd

from geo.errors import SourceError
from geo.tables import RESOURCES, SESSIONS, empty
from sources.adapter.public_address import PointsByAddress, PublicAddress
from sources.adapter.source import Locate, ParseContext, Source
from sources.cleaning import clean
from sources.cleaning.report import Notes, Parsed, SetAside
from sources.formats.csv_text import read_csv

COLUMNS = ("street", "town", "postal_code", "lon", "lat", "service")


def parse(raw: bytes, context: ParseContext) -> Parsed:
    """Return the table `located` (street, town, postal_code, lon, lat); addresses without a point are set aside.

    Raises
    ------
    SourceError
        It is no such file.
    """
    rows = read_csv(raw, context.file_name)
    if rows and not set(COLUMNS) <= set(rows[0]):
        raise SourceError(f"{context.file_name} should have the columns {', '.join(COLUMNS)}.")
    notes = Notes(context.source or SOURCE.name)
    points = []
    for number, row in enumerate(rows, 1):
        notes.row = str(number)
        try:
            lon, lat = clean.point(row.get("lat"), row.get("lon"), context.bounds, notes)
        except SetAside as problem:
            notes.set_aside(problem)
            continue
        points.append((row.get("street", ""), row.get("town", ""), row.get("postal_code", ""), lon, lat))
    table = pd.DataFrame(points, columns=["street", "town", "postal_code", "lon", "lat"])
    tables = {"resources": empty(RESOURCES), "sessions": empty(SESSIONS), "located": table}
    return Parsed(tables, notes.table(), len(rows))


def write(points: PointsByAddress, service: str) -> bytes:
    """Return the file of what a service answered, in the order of the addresses."""
    written = io.StringIO()
    rows = csv.writer(written, lineterminator="\n")
    rows.writerow(COLUMNS)
    for address, point in sorted(points.items()):
        lon, lat = point or ("", "")
        rows.writerow((address.street, address.town, address.postal_code, lon, lat, service))
    return written.getvalue().encode()


def locator(table: pd.DataFrame, first: Locate | None) -> Locate:
    """Return what finds an address by `first` (the region's own map), and where that has none, in the table."""
    points = {
        PublicAddress(row.street, row.town, row.postal_code): (float(row.lon), float(row.lat))
        for row in table.itertuples(index=False)
    }
    return partial(_look_up, first, points)


def _look_up(
    first: Locate | None, points: dict[PublicAddress, Any], street: str, town: str, postal_code: str
) -> tuple[float, float] | None:
    own = first(street, town, postal_code) if first else None
    return own or points.get(PublicAddress(street, town, postal_code))


SOURCE = Source(
    name="located",
    title="Addresses of public places, located by a geocoding service",
    publisher="US Census Bureau, or OpenStreetMap contributors (Nominatim)",
    license="Public domain (US Census Bureau), or Open Database License (ODbL) 1.0 (Nominatim)",
    attribution="Addresses located by the US Census Bureau's geocoder or by Nominatim, © OpenStreetMap contributors",
    url="https://geocoding.geo.census.gov/",
    freshness="When the region was built",
    precision="Street addresses",
    kind="resources",
    parse=parse,
    recognizes=lambda _name, head: head.startswith(",".join(COLUMNS).encode()),
    fresh_days=365,
)
