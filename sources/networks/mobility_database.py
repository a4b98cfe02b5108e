"""The Mobility Database's catalogue: which transit agencies publish a timetable, where, and how it is fetched."""

from typing import Any

import pandas as pd

from geo.errors import SourceError
from sources.adapter import paging
from sources.adapter.source import FetchContext, ParseContext, Source
from sources.cleaning import clean
from sources.cleaning.report import Notes, Parsed, SetAside
from sources.formats.csv_text import read_csv
from sources.web.http import Fetched

ENDPOINT = "https://files.mobilitydatabase.org/feeds_v2.csv"
_BOX = "location.bounding_box."
_NAMES = {
    "feed_id": ("id", "mdb_source_id"),
    "kind": ("data_type",),
    "provider": ("provider",),
    "name": ("name",),
    "status": ("status",),
    "direct": ("urls.direct_download", "direct_download"),
    "latest": ("urls.latest", "latest"),
    "needs_key": ("urls.authentication_type", "auth"),
    "license": ("urls.license", "license"),
    "west": (f"{_BOX}minimum_longitude", "min_lon"),
    "south": (f"{_BOX}minimum_latitude", "min_lat"),
    "east": (f"{_BOX}maximum_longitude", "max_lon"),
    "north": (f"{_BOX}maximum_latitude", "max_lat"),
}
"""Ours → theirs, in the present catalogue and in the one before it."""

_COLUMNS = [
    "feed_id",
    "provider",
    "status",
    "url",
    "latest_url",
    "needs_key",
    "license",
    "west",
    "south",
    "east",
    "north",
]
_GONE = {"deprecated": "Another feed has taken its place.", "development": "It is for development only."}


def fetch(context: FetchContext) -> dict[str, Fetched]:
    """Return the whole catalogue, if it is newer than the copy at hand.

    Raises
    ------
    SourceError
        It can't be fetched.
    """
    name = "mobility_database.csv"
    return {name: paging.fetch_data(context.endpoint or ENDPOINT, context, name)}


def parse(raw: bytes, context: ParseContext) -> Parsed:
    """Return `feeds`: the timetables whose box meets the region, smallest box first.

    Deprecated feeds, feeds of other kinds, and such without box or address are set aside. Those that need a key, or
    have long not been renewed (`inactive`), stay, and a notice says so.

    Raises
    ------
    SourceError
        It is not the catalogue.
    """
    rows = read_csv(raw, context.file_name)
    if rows and not all(any(theirs in rows[0] for theirs in _NAMES[ours]) for ours in ("feed_id", "provider", "west")):
        raise SourceError(f"{context.file_name} is not the Mobility Database's catalogue: it lacks its columns.")
    notes = Notes(context.source or SOURCE.name)
    feeds = []
    for number, row in enumerate(rows, 1):
        notes.row = str(number)
        try:
            feeds.append(_read(row, notes, context))
        except SetAside as problem:
            notes.set_aside(problem)
    table = pd.DataFrame(feeds, columns=_COLUMNS)
    size = (table["east"] - table["west"]) * (table["north"] - table["south"])
    table = table.assign(size=size).sort_values(["size", "feed_id"], kind="stable").drop(columns="size")
    return Parsed({"feeds": table.reset_index(drop=True)}, notes.table(), len(rows))


def _read(row: dict[str, str], notes: Notes, context: ParseContext) -> dict[str, Any]:
    cells = {ours: next((row[name] for name in names if name in row), "") for ours, names in _NAMES.items()}
    if cells["kind"] not in ("", "gtfs"):
        raise SetAside("not_a_timetable", f"It is no timetable: {clean.text(cells['kind'], 40)}.")
    status = cells["status"].strip().lower()
    if status in _GONE:
        raise SetAside(status, _GONE[status])
    west, south, east, north = (clean.number(cells[side]) for side in ("west", "south", "east", "north"))
    if west is None or south is None or east is None or north is None or west > east or south > north:
        raise SetAside("no_box", "The catalogue doesn't tell where it is.")
    here = context.bounds
    if here and (west > here.east or east < here.west or south > here.north or north < here.south):
        raise SetAside("outside_region", "Its box doesn't meet the region.")
    url, latest = clean.url(cells["direct"]), clean.url(cells["latest"])
    if url is None and latest is None:
        raise SetAside("no_address", "The catalogue holds no address to fetch it from.")
    needs_key = cells["needs_key"].strip() not in ("", "0")
    provider = clean.text(cells["provider"], 200) or "Unnamed"
    if needs_key:
        notes.notice("needs_key", f"{provider} gives its own copy only with a key.")
    if status == "inactive":
        notes.notice("inactive", f"{provider} has not renewed its timetable for long.")
    return {
        "feed_id": clean.text(cells["feed_id"], 60),
        "provider": provider,
        "status": status or "active",
        "url": url,
        "latest_url": latest,
        "needs_key": needs_key,
        "license": clean.url(cells["license"]),
        "west": west,
        "south": south,
        "east": east,
        "north": north,
    }


SOURCE = Source(
    name="mobility_database",
    title="Mobility Database: catalogue of timetables",
    publisher="MobilityData",
    license="Catalogue: CC0; each timetable as its agency says",
    attribution="Timetables found with the Mobility Database",
    url="https://mobilitydatabase.org/",
    freshness="Daily",
    precision="Bounding boxes of timetables",
    kind="catalogue",
    parse=parse,
    fetch=fetch,
    endpoint=ENDPOINT,
    is_whole=True,
)
