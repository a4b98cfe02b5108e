"""Oxford House: the vacancy table, from a page or CSV that was saved, or fetched where its operator allows it.

No recorded bytes were at hand. Columns go by their headings, in the forms that public readers of the table name
(see docs/data-sources.md); the names and numbers of a house's contact persons are never read.
"""

import csv
import io
from dataclasses import replace
from functools import partial
from typing import Any

from geo.errors import InputError, SourceError
from sources.adapter import paging
from sources.adapter.resource_rows import ResourceRow, look_up, read_rows, refuse_confidential
from sources.adapter.source import FetchContext, ParseContext, Source
from sources.cleaning import clean
from sources.cleaning.beds_and_rents import beds_in_all_and_open
from sources.cleaning.report import Notes, Parsed, SetAside
from sources.formats.csv_text import plain_name, read_csv
from sources.formats.html_tables import read_page_tables
from sources.web import http
from sources.web.http import Fetched

_HEADINGS = {
    "name": ("housename", "house", "name", "oxfordhouse", "nameofhouse"),
    "address": ("address", "streetaddress", "houseaddress", "street"),
    "city": ("city", "town", "housecity"),
    "state": ("state", "st", "housestate"),
    "zip": ("zip", "zipcode", "postalcode"),
    "lat": ("lat", "latitude"),
    "lon": ("lon", "lng", "longitude"),
    "gender": ("gender", "sex", "housetype", "mw", "type"),
    "phone": ("phone", "housephone", "phonenumber", "housephonenumber"),
    "beds": ("capacity", "beds", "totalbeds", "numberofbeds", "cap"),
    "open_beds": ("vacancies", "vacancy", "openbeds", "openings", "vac", "numberofvacancies"),
    "verified_on": ("verifiedon", "updated", "lastupdated", "asof", "dateupdated", "lastupdate"),
}
"""Our column → headings that mean it, as `plain_name` writes them. What isn't here (managers, contacts) isn't read."""
BY_CHARTER = {"peer_run": True, "house_meetings": True, "stay_limit_days": 0}
"""What holds of every Oxford House: run democratically by its residents, who meet weekly, without a limit on the stay
(Jason et al. 2006; the Oxford House Manual)."""
_NEEDED = ("name", "address", "city", "state")
_SERVED = {"M": ("men", None), "W": ("women", None), "F": ("women", None), "C": ("all", None)} | {
    "MC": ("men", True),
    "WC": ("women", True),
    "WCH": ("women", True),
}
_WORDS = {"men": "M", "male": "M", "women": "W", "female": "W", "menwithchildren": "MC", "womenwithchildren": "WC"} | {
    "menchildren": "MC",
    "womenchildren": "WC",
    "mens": "M",
    "womens": "W",
}


def fetch(context: FetchContext) -> dict[str, Fetched]:
    """Return the table of a page as CSV, without the names and numbers of contact persons.

    Raises
    ------
    InputError
        The operator's consent was not declared, or no address was given.
    SourceError
        It can't be fetched, or holds no such table.
    """
    if not context.operator_consents:
        raise InputError(
            "Oxford House's table is fetched only where its operator allows it: ask Oxford House, then say so with "
            "--operator-consents, or save the page and give it to `region build --resources oxford_house=F`."
        )
    address = paging.own_address(context, "Oxford House", "the page that its operator allows to be fetched")
    answer = http.fetch(address, context.policy)
    content = strip(answer.content, "Oxford House's page")
    return {"oxford_house.csv": replace(answer, content=content, etag=None, last_modified=None)}


def strip(raw: bytes, where: str) -> bytes:
    """Return the table of a page or CSV as CSV with our columns alone, so without managers; other bytes as they are.

    Raises
    ------
    SourceError
        There is no such table.
    """
    columns = list(_HEADINGS)
    written = io.StringIO()
    writer = csv.DictWriter(written, columns, lineterminator="\n")
    writer.writeheader()
    for row in _rows(raw, where):
        writer.writerow({column: row.get(column, "") for column in columns})
    return written.getvalue().encode()


def parse(raw: bytes, context: ParseContext) -> Parsed:
    """Return the houses as `resources`: at their coordinates, else where the region knows their addresses.

    A house without a street address is set aside. Every house of the table is chartered by Oxford House.

    Raises
    ------
    SourceError
        There is no table with headings for name, address, city and state.
    """
    rows = _rows(raw, context.file_name)
    return read_rows(SOURCE.name, rows, partial(_read, context=context), context)


def _rows(raw: bytes, where: str) -> list[dict[str, str]]:
    """Return the rows of the table by our columns; of several tables on a page, those with the needed headings."""
    if raw[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        tables = read_page_tables(raw, where)
    else:
        records = read_csv(raw, where)
        tables = [[list(records[0]), *(list(record.values()) for record in records)]] if records else []
    houses: list[dict[str, str]] = []
    known = False
    for table in tables:
        columns = _columns(table[0]) if table else {}
        if set(_NEEDED) <= columns.keys():
            known = True
            houses += [{ours: row[at] for ours, at in columns.items() if at < len(row)} for row in table[1:]]
    if not known:
        raise SourceError(
            f"{where} holds no table with the headings {', '.join(_NEEDED)}. The site's list of vacancies has no "
            "addresses; save its report of all houses with their addresses."
        )
    return houses


def _columns(header: list[str]) -> dict[str, int]:
    """Return our column → its place in the header, by the first heading that means it."""
    plain = [plain_name(heading) for heading in header]
    return {
        ours: plain.index(name)
        for ours, names in _HEADINGS.items()
        if (name := next((name for name in names if name in plain), None)) is not None
    }


def _read(row: dict[str, Any], notes: Notes, context: ParseContext) -> ResourceRow:
    name = clean.text(row.get("name"))
    if name is None:
        raise SetAside("no_name", "It has no name.")
    street, city, state = (clean.text(row.get(key)) for key in ("address", "city", "state"))
    code = (clean.text(row.get("zip"), 20) or "")[:5]
    if street is None or city is None:
        raise SetAside("no_address", "It has no street address.")
    refuse_confidential(name, street)
    if clean.text(row.get("lat")) and clean.text(row.get("lon")):
        lon, lat = clean.point(row["lat"], row["lon"], context.bounds, notes)
    else:
        lon, lat = look_up(street, city, code, (name,), context, notes)
    beds, open_beds = beds_in_all_and_open(row.get("beds"), row.get("open_beds"), notes)
    genders, children = _served(row.get("gender"), notes)
    cells = {
        "name": name if "oxford" in name.lower() else f"Oxford House {name}",
        "category": "recovery_residence",
        "lon": lon,
        "lat": lat,
        "location_precision": "street",
        "address": ", ".join(part for part in (street, city, state, code) if part),
        "phone": clean.phone(row.get("phone")),
        "genders": genders,
        "children": children,
        "beds": beds,
        "open_beds": open_beds,
        "capacity": beds,
        "certified": True,
        **BY_CHARTER,
        "attendance": "in_person",
        "verified_on": clean.date(row.get("verified_on")),
        "license": SOURCE.license,
    }
    return ResourceRow(cells)


def _served(value: Any, notes: Notes) -> tuple[str | None, bool | None]:
    """Return genders and children of the table's codes: M, W, and with a C where children live there too."""
    stated = clean.text(value, 40)
    if stated is None:
        return None, None
    code = _WORDS.get(plain_name(stated), plain_name(stated).upper())
    if code not in _SERVED:
        notes.unknown("house type", stated)
        return None, None
    return _SERVED[code]


def _recognizes(file_name: str, head: bytes) -> bool:
    return (
        "oxford" in file_name.lower() and file_name.lower().endswith((".html", ".htm", ".aspx", ".csv")) and bool(head)
    )


SOURCE = Source(
    name="oxford_house",
    title="Oxford House vacancies",
    publisher="Oxford House, Inc.",
    license="Oxford House's own; fetched only with the operator's consent",
    attribution="Oxford Houses: Oxford House, Inc.",
    url="https://www.oxfordvacancies.com/",
    freshness="As houses report vacancies",
    precision="Street addresses, placed by the region's own map",
    kind="resources",
    parse=parse,
    recognizes=_recognizes,
    trust=85,
    fetch=fetch,
    fresh_days=7,
    strip=strip,
)
