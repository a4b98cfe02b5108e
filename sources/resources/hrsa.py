"""HRSA: federally funded health centers and look-alikes, from the service delivery site file."""

from functools import partial
from typing import Any

from geo.errors import SourceError
from sources.adapter import paging
from sources.adapter.resource_rows import ResourceRow, point_or_address, read_rows
from sources.adapter.source import FetchContext, ParseContext, Source
from sources.cleaning import clean
from sources.cleaning.report import Notes, Parsed, SetAside
from sources.formats.csv_text import read_csv
from sources.web.http import Fetched

ENDPOINT = "https://data.hrsa.gov/DataDownload/DD_Files/Health_Center_Service_Delivery_and_LookAlike_Sites.csv"

_ADDRESS = ("Site Address", "Site City", "Site State Abbreviation", "Site Postal Code")
_X, _Y = "Geocoding Artifact Address Primary X Coordinate", "Geocoding Artifact Address Primary Y Coordinate"


def fetch(context: FetchContext) -> dict[str, Fetched]:
    """Return the site file of the whole country (14 MB), if it is newer than the copy at hand.

    Raises
    ------
    SourceError
        It can't be fetched.
    """
    return {"hrsa.csv": paging.fetch_data(context.endpoint or ENDPOINT, context, "hrsa.csv")}


def parse(raw: bytes, context: ParseContext) -> Parsed:
    """Return the sites that see patients as `resources` (primary care); X is the longitude.

    Set aside: sites that aren't active, that only administer, and mobile vans, which have no place of their own.

    Raises
    ------
    SourceError
        It is not the site file.
    """
    rows = read_csv(raw, context.file_name)
    if rows and not {"Site Name", _X, _Y} <= set(rows[0]):
        raise SourceError(f"{context.file_name} is not HRSA's site file: it lacks the columns Site Name and {_X}.")
    return read_rows(SOURCE.name, rows, partial(_read, context=context), context)


def _read(row: dict[str, Any], notes: Notes, context: ParseContext) -> ResourceRow:
    name = clean.text(row.get("Site Name"))
    if name is None:
        raise SetAside("no_name", "It has no name.")
    status = (clean.text(row.get("Site Status Description")) or "").lower()
    if status != "active":
        raise SetAside("inactive", f"Its status is {status or 'not told'}.")
    kind = (clean.text(row.get("Health Center Type Description")) or "").lower()
    if kind and "service delivery" not in kind:
        raise SetAside("administrative", "It administers only; no patients are seen there.")
    if "mobile" in (clean.text(row.get("Health Center Location Type Description")) or "").lower():
        raise SetAside("mobile", "It is a mobile van without a place of its own.")
    street, town, state, code = (clean.text(row.get(key)) for key in _ADDRESS)
    address = ", ".join(part for part in (street, town, state, code) if part) or None
    given, about = (row.get(_Y), row.get(_X)), (name, address)
    lon, lat, looked_up = point_or_address(*given, (street, town, code), about, context, notes)
    cells = {
        "resource_id": clean.text(row.get("BPHC Assigned Number")),
        "name": name,
        "category": "primary_care",
        "lon": lon,
        "lat": lat,
        "location_precision": "street" if looked_up else "rooftop",
        "address": address,
        "phone": clean.phone(row.get("Site Telephone Number")),
        "url": clean.url(row.get("Site Web Address")),
        # Section 330 of the Public Health Service Act binds every such site to a sliding fee
        "payment": "sliding_scale",
        "attendance": "in_person",
        "license": SOURCE.license,
    }
    return ResourceRow(cells)


def _recognizes(_file_name: str, head: bytes) -> bool:
    return b"Site Name" in head[:4000] and b"Geocoding Artifact Address" in head[:8000]


SOURCE = Source(
    name="hrsa",
    title="Health center service delivery sites",
    publisher="Health Resources and Services Administration (HRSA)",
    license="Public domain (US federal government)",
    attribution="Health centers: HRSA Data Warehouse",
    url="https://data.hrsa.gov/data/download",
    freshness="Daily",
    precision="Buildings",
    kind="resources",
    parse=parse,
    recognizes=_recognizes,
    trust=90,
    fetch=fetch,
    endpoint=ENDPOINT,
    is_whole=True,
)
