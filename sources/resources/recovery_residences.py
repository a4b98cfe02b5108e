"""Recovery residences: a CSV with a documented header that any NARR affiliate or state list can fill."""

from collections.abc import Callable
from functools import partial
from typing import Any

from geo.errors import SourceError
from geo.tables import PRECISIONS
from sources.adapter.headings import columns_of, match_headings
from sources.adapter.resource_rows import ResourceRow, point_or_address, read_cell, read_rows
from sources.adapter.source import ParseContext, Source
from sources.cleaning import clean
from sources.cleaning.opening_hours import osm_hours
from sources.cleaning.report import Notes, Parsed, SetAside
from sources.formats.csv_text import read_table
from sources.resources.houses import house_cells, is_house_kind
from sources.resources.table import category_of

HEADER = (
    "id", "name", "address", "city", "state", "zip", "lat", "lon", "location_precision", "operator", "beds",
    "open_beds", "genders", "children", "weekly_rent_usd", "certification_level", "certified", "accepts_moud",
    "house_rules", "curfew", "peer_run", "shared_meals", "house_meetings", "activities", "work_required", "stay_limit",
    "phone", "call_hours", "url", "verified_on",
)  # fmt: skip
"""The documented columns; `name` and a place (`lat` and `lon`, or an address) are needed."""
ALSO = {"beds": ("capacity",)}
"""Our column → headings that stand in for it in a list of houses; the others are in `data/mappings/table.toml`."""
_TELLING = ("open_beds", "weekly_rent_usd", "certification_level", "accepts_moud", "house_rules", "curfew")


def parse(raw: bytes, context: ParseContext) -> Parsed:
    """Return the residences as `resources`.

    A house whose precision is `hidden`, or whose address is confidential, is never mapped. Headings may be in words
    of the list's own (`sources.adapter.headings`); `context.mapping` may say under `columns` which is which. A house
    without coordinates goes where the region knows its street address. A row of another category is set aside,
    and so is one of a category that isn't known, and not what houses are called.

    Raises
    ------
    SourceError
        A needed column is missing.
    InputError
        Two columns mean the same, or the mapping names one that isn't there.
    """
    headings, rows = read_table(raw, context.file_name)
    wanted = (*HEADER, "category")
    columns = columns_of(headings, context.mapping, context.file_name, ALSO, wanted)
    missing = [column for column in ("name", "lat", "lon") if column not in columns]
    if "address" in columns and columns.keys() & {"city", "zip"}:
        missing = [column for column in missing if column == "name"]
    if rows and missing:
        raise SourceError(
            f"{context.file_name} lacks the column {missing[0]}; such a list has: {', '.join(HEADER)}. "
            "In place of lat and lon, an address with city or zip will do."
        )
    return read_rows(SOURCE.name, rows, partial(_read, columns=columns, context=context), context)


def _read(row: dict[str, Any], notes: Notes, columns: dict[str, str], context: ParseContext) -> ResourceRow:
    def cell(column: str) -> Any:
        return row.get(columns[column]) if column in columns else None

    def read(column: str, how: Callable[[Any], Any]) -> Any:
        return read_cell(column, cell(column), how, notes)

    stated = clean.text(cell("category"), 100) or ""
    kind = category_of(str(context.mapping.get("categories", {}).get(stated, stated)))
    if kind not in (None, "recovery_residence"):
        raise SetAside("other_kind", f"It is a place of another kind in a list of recovery residences: {stated!r}.")
    if kind is None and stated and not is_house_kind(stated):
        notes.unknown("category", stated)
        raise SetAside("no_category", f"What kind of place it is isn't known here: {stated!r}.")
    name = clean.text(cell("name"))
    if name is None:
        raise SetAside("no_name", "It has no name.")
    precision = (clean.text(cell("location_precision")) or "").lower()
    parts = [clean.text(cell(column)) for column in ("address", "city", "state", "zip")]
    address = ", ".join(part for part in parts if part) or None
    if precision == "hidden":
        raise SetAside("confidential", "Its address is not public.")
    if precision not in PRECISIONS:
        precision = "rooftop" if parts[0] else "approximate"
    street, town, _, code = parts if precision in ("rooftop", "street") else [None] * 4
    lon, lat, looked_up = point_or_address(
        cell("lat"), cell("lon"), (street, town, code), (name, address), context, notes
    )
    words = house_cells(cell, read, notes)
    cells = {
        "resource_id": clean.text(cell("id")),
        "name": name,
        "category": "recovery_residence",
        "lon": lon,
        "lat": lat,
        "location_precision": "street" if looked_up else precision,
        "address": address,
        "phone": read("phone", clean.phone),
        "call_hours": osm_hours(cell("call_hours"), notes),
        "url": read("url", clean.url),
        **words,
        "capacity": words["beds"],
        "attendance": "in_person",
        "verified_on": read("verified_on", clean.date),
        "license": SOURCE.license,
    }
    return ResourceRow(cells)


def _recognizes(file_name: str, head: bytes) -> bool:
    """Tell whether it is a table with three columns of houses, or a weekly rent and one more, and no other places."""
    if not file_name.lower().endswith((".csv", ".tsv")):
        return False
    try:
        names, rows = read_table(head, file_name)
        headings = match_headings(names, also=ALSO)
    except SourceError:
        return False
    if kind := headings.columns.get("category"):
        kinds = {category_of(row.get(kind, "")) for row in rows}
        if kinds - {None, "recovery_residence"}:
            return False
    telling = [ours for ours in _TELLING if ours in headings.columns or ours in headings.twice]
    return len(telling) >= (2 if "weekly_rent_usd" in telling else 3)


SOURCE = Source(
    name="recovery_residences",
    title="Recovery residences",
    publisher="A NARR affiliate, a state, or the operator",
    license="As its publisher says",
    attribution="Recovery residences: the certifying affiliate",
    url="https://narronline.org/",
    freshness="As verified by the publisher",
    precision="As published: some houses give a neighborhood only",
    kind="resources",
    parse=parse,
    recognizes=_recognizes,
    trust=90,
    fresh_days=30,
)
