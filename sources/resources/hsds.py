"""HSDS 3.0 (Open Referral, 211s): community services, in each of the JSON forms in which directories publish them."""

import re
import tomllib
from functools import cache, partial
from typing import Any

from sources.adapter.resource_rows import ResourceRow, point_or_address, read_rows, refuse_confidential
from sources.adapter.source import ParseContext, Source
from sources.cleaning import clean
from sources.cleaning.cells import cut_row
from sources.cleaning.redaction import without_contacts
from sources.cleaning.report import Notes, Parsed, SetAside
from sources.formats.embedded import embedded
from sources.formats.json_strict import read_json, read_json_lines
from sources.resources.hsds_closures import closure
from sources.resources.hsds_forms import Offer, offers
from sources.resources.hsds_schedules import opening_hours, weekly_sessions
from sources.resources.hsds_tables import is_archive, is_tables, read_archive, table_offers, without_persons

_MOBILE = re.compile(
    r"(?i)\bmobile\b(?! (?:phone|crisis|app|market))|\b(?:medication|outreach|food|shower|clinic) (?:van|bus|truck)\b"
)
"""A unit that comes to a place: its schedule are sessions there."""


_STEP_FREE = r"(?:wheelchair|step-free|\bramp\b)"
_NOT = r"\b(?:no|not|non|none|never|without|lacks?|limited|partial(?:ly)?|un|isn['’]?t|aren['’]?t)\b"
_NOT_STEP_FREE = re.compile(
    rf"{_NOT}[^.;]{{0,30}}{_STEP_FREE}|{_STEP_FREE}[^.;]{{0,30}}(?:{_NOT}|inaccessib|unavailab)"
)
_FREE_OF_ELSE = re.compile(r"\b(?:toll|drug|smoke|alcohol|hassle|not|isn['’]?t)[ -]free\b")


def parse(raw: bytes, context: ParseContext) -> Parsed:
    """Return every service at every location as `resources`; one such pair is a row in.

    Understood are services, services at locations and organizations in full, alone, in lists or in pages
    (`contents`); tables, as a zip archive of CSV files or as one JSON object; and one organization a line, as Ohana
    directories export. Names that HSDS 1 and 2 had for tables and fields are known too. A place without coordinates
    goes where the region knows its street address.
    The category comes from taxonomy terms and keywords, else from the service's name, by
    `data/mappings/hsds.toml`; a service of another kind is set aside. The schedule of a mobile unit becomes weekly
    sessions at its place. Places that are confidential, or whose terms
    say domestic violence shelter, are never mapped.

    Raises
    ------
    SourceError
        The bytes are none of these forms.
    """
    document = _document(raw, context.file_name)
    notes = Notes(context.source or SOURCE.name, row=context.file_name)
    cut_row(document, notes.notice)  # here, for records of it are in many rows
    rows = table_offers(document) if is_tables(document) else offers(document, context.file_name)
    return read_rows(SOURCE.name, ({"offer": row} for row in rows), partial(_read, context=context), context, notes)


def strip(raw: bytes, where: str) -> bytes:
    """Return a directory's bytes without contacts of persons.

    Raises
    ------
    SourceError
        It is a zip archive that can't be read.
    """
    return without_persons(raw, where) if is_archive(raw) else without_contacts(raw, where)


def _document(raw: bytes, where: str) -> Any:
    if is_archive(raw):
        return read_archive(raw, where)
    first, _, rest = raw.lstrip().partition(b"\n")
    if first[:1] == b"{" and first.rstrip()[-1:] == b"}" and rest.lstrip()[:1] == b"{":
        return read_json_lines(raw, where)
    return read_json(raw, where)


def _read(row: dict[str, Any], notes: Notes, context: ParseContext) -> ResourceRow:
    offer: Offer = row["offer"]
    name = clean.text(offer.service.get("name")) or clean.text(offer.location.get("name"))
    if name is None:
        raise SetAside("no_name", "It has no name.")
    status = (clean.text(offer.service.get("status"), 40) or "active").lower()
    if status not in ("active", "temporarily open"):
        raise SetAside("inactive", f"Its status is {status}.")
    about = [name, offer.location.get("name"), offer.service.get("alert"), *offer.terms, *offer.address]
    refuse_confidential(*about)
    category = _category(name, offer.terms)
    alerts = (clean.text(part.get("alert"), 500) for part in (offer.service, offer.location, offer.organization))
    closed = closure([name, *filter(None, alerts)], context.retrieved_on, notes)
    if str(offer.location.get("location_type") or "physical") == "virtual":
        raise SetAside("virtual", "It is offered by telephone or online only.")
    street, town, _, code = (clean.text(value) for value in offer.address or [None] * 4)
    given = (offer.location.get("latitude"), offer.location.get("longitude"))
    lon, lat, looked_up = point_or_address(*given, (street, town, code), about, context, notes)
    contact = [offer.service.get("url"), offer.location.get("url"), offer.organization.get("website")]
    phones = [phone for number in offer.phones if (phone := clean.phone(str(number).strip('"')))]
    cells = {
        "resource_id": offer.own_id,
        "name": name,
        "category": category,
        "lon": lon,
        "lat": lat,
        "location_precision": "street" if looked_up else "rooftop" if street else "approximate",
        "address": ", ".join(part for value in offer.address if (part := clean.text(value))) or None,
        "phone": phones[0] if phones else None,
        "url": next((url for value in contact if (url := clean.url(value))), None),
        "languages": clean.words(str(code)[:3].lower() for code in offer.languages),
        "ages": _ages(offer.service),
        "wheelchair": _wheelchair(offer.accessibility),
        "payment": _payment(offer.service),
        "opening_hours": "; ".join(rule for rule in (opening_hours(offer.schedules, notes, context), closed) if rule)
        or None,
        "attendance": "in_person",
        "verified_on": clean.date(offer.service.get("assured_date")) or clean.date(offer.service.get("last_modified")),
        "license": SOURCE.license,
    }
    is_mobile = any(_MOBILE.search(str(text)) for text in (name, offer.location.get("name"), *offer.terms))
    return ResourceRow(cells, weekly_sessions(offer.schedules, context) if is_mobile else ())


@cache
def _phrases() -> list[tuple[re.Pattern[str], str]]:
    table = tomllib.loads(embedded("mappings", "hsds.toml").read_text(encoding="utf-8"))
    return [
        (re.compile(rf"\b(?:{'|'.join(map(re.escape, rule['any']))})\b"), rule["category"]) for rule in table["phrases"]
    ]


def _category(name: str, terms: list[str]) -> str:
    for texts in (terms, [name]):
        plain = [re.sub(r"[^a-z0-9-]+", " ", str(text).lower()) for text in texts]
        for pattern, category in _phrases():
            if any(pattern.search(text) for text in plain):
                if category:
                    return category
                break
    shown = clean.text("; ".join(terms), 120)
    raise SetAside("no_category", f"It is no kind of support that is mapped here: {shown!r}.")


def _ages(service: dict[str, Any]) -> str | None:
    low, high = clean.whole(service.get("minimum_age")), clean.whole(service.get("maximum_age"))
    if low is None and high is None:
        return None
    return f"{low if low is not None else 0}-{high}" if high is not None else f"{low}+"


def _wheelchair(texts: list[str]) -> bool | None:
    """Return True where a place says that it is step-free; None where it doesn't, or takes a part of it back."""
    plain = "; ".join(str(text) for text in texts).lower()
    return True if re.search(_STEP_FREE, plain) and not _NOT_STEP_FREE.search(plain) else None


def _payment(service: dict[str, Any]) -> str | None:
    text = f"{service.get('fees_description') or ''} {service.get('fees') or ''}".lower()
    text = _FREE_OF_ELSE.sub(" ", text)
    patterns = {
        "free": r"\bfree\b|no (?:fee|cost|charge)",
        "sliding_scale": r"sliding",
        "medicaid": r"medicaid|medi-cal",
    }
    return clean.words(word for word, pattern in patterns.items() if re.search(pattern, text))


def _recognizes(file_name: str, head: bytes) -> bool:
    if is_archive(head):
        return any(name in head for name in (b"services.csv", b"service.csv", b"service_at_location", b"accessibility"))
    if not file_name.lower().endswith((".json", ".jsonl")):
        return False
    telling = (b'"service_at_locations"', b'"services_attributes"', b'"organizations.csv"', b'"address_attributes"')
    return any(key in head for key in telling) or (b'"schedules"' in head and b'"organization' in head)


SOURCE = Source(
    name="hsds",
    title="Community services (HSDS 3.0 / 211)",
    publisher="A 211 or another Open Referral directory",
    license="As its publisher says",
    attribution="Community services: the publishing directory (Open Referral HSDS)",
    url="https://docs.openreferral.org/",
    freshness="As verified by the directory",
    precision="Buildings",
    kind="resources",
    parse=parse,
    recognizes=_recognizes,
    trust=70,
    fresh_days=180,
    strip=strip,
)
