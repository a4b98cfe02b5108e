"""HSDS as tables joined by their ids: a zip archive or folder of CSV files, or one JSON object that holds them."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from geo.errors import SourceError
from sources.cleaning.redaction import without_contacts
from sources.formats.csv_text import read_csv
from sources.formats.json_strict import record_of, records_of
from sources.formats.zip_archive import pack, unzip
from sources.resources.hsds_forms import Offer, Record, offer_of

_NAMES = {
    "services": ("services", "service"),
    "organizations": ("organizations", "organization"),
    "locations": ("locations", "location"),
    "service_at_location": ("service_at_location", "service_at_locations", "services_at_location"),
    "addresses": ("addresses", "address", "physical_addresses"),
    "schedules": ("schedules", "schedule", "regular_schedules"),
    "holiday_schedules": ("holiday_schedules", "holiday_schedule"),
    "phones": ("phones", "phone"),
    "languages": ("languages", "language"),
    "accessibility": ("accessibility", "accessibility_for_disabilities"),
    "attributes": ("attributes", "attribute", "services_taxonomy", "service_taxonomies", "service_taxonomy"),
    "taxonomy_terms": ("taxonomy_terms", "taxonomy_term", "taxonomy"),
}
"""Tables as HSDS 3.0 calls them → what its drafts and the versions before it do."""
_OWNERS = ("service_id", "service_at_location_id")
_LINKS = ("link_id", "service_id")
_TERM_IDS = ("taxonomy_term_id", "taxonomy_id")
_ZIP = b"PK\x03\x04"


def is_archive(raw: bytes) -> bool:
    """Tell whether bytes are a zip archive."""
    return raw[:4] == _ZIP


def is_tables(document: Any) -> bool:
    """Tell whether a document holds tables by their file's name."""
    return isinstance(document, dict) and any(
        isinstance(document.get(f"{name}.csv"), list) for name in _NAMES["services"]
    )


def read_archive(raw: bytes, where: str) -> Record:
    """Return the tables of a zip archive of CSV files by their file's name.

    Raises
    ------
    SourceError
        It is no archive that can be read, or holds no table of services.
    """
    files = {PurePosixPath(path).name.lower(): content for path, content in unzip(raw, where).items()}
    tables = {name: read_csv(content, f"{name} of {where}") for name, content in files.items() if _is_read(name)}
    if not is_tables(tables):
        raise SourceError(
            f"{where} should hold HSDS tables: services.csv, locations.csv, service_at_location.csv and others."
        )
    return tables


def without_persons(raw: bytes, where: str) -> bytes:
    """Return an archive of the tables that are read, without contacts of persons.

    Raises
    ------
    SourceError
        It is no archive that can be read.
    """
    files = {PurePosixPath(path).name.lower(): content for path, content in unzip(raw, where).items()}
    return pack({name: without_contacts(content, name) for name, content in files.items() if _is_read(name)})


def _is_read(file_name: str) -> bool:
    stem, _, end = file_name.rpartition(".")
    return end == "csv" and any(stem in names for names in _NAMES.values())


def table_offers(tables: Record) -> Iterator[Offer]:
    """Yield every service at every location; a service without one has an empty location."""
    details = {
        name: next((records_of(tables[f"{one}.csv"]) for one in others if f"{one}.csv" in tables), [])
        for name, others in _NAMES.items()
    }
    attributes = _grouped(details["attributes"], *_LINKS)
    kinds = ("schedules", "holiday_schedules")
    of_service = {name: _grouped(details[name], "service_id") for name in (*kinds, "phones", "languages")}
    of_place = {name: _grouped(details[name], "location_id") for name in ("addresses", "accessibility", "phones")}
    for name in kinds:  # of a place, whatever the service
        of_place[name] = _grouped([one for one in details[name] if _first(one, _OWNERS) is None], "location_id")
    by_pair = _grouped(details["schedules"], "service_at_location_id")
    pairs = _grouped(details["service_at_location"], "service_id")
    terms, organizations, locations = (
        _by_id(details[name]) for name in ("taxonomy_terms", "organizations", "locations")
    )
    for service in details["services"]:
        own_id = _key(service.get("id"))
        full = service | {name: grouped[own_id] for name, grouped in of_service.items() if own_id in grouped}
        full["attributes"] = [
            one | {"taxonomy_term": terms.get(_first(one, _TERM_IDS))} for one in attributes.get(own_id, ())
        ]
        for pair in pairs.get(own_id) or [{}]:
            place_id = _key(pair.get("location_id"))
            place = record_of(locations.get(place_id))
            if place:
                place = place | {name: grouped.get(place_id, []) for name, grouped in of_place.items()}
            here = [one for one in full.get("schedules", ()) if _key(one.get("location_id")) in (None, place_id)]
            schedules = by_pair.get(_key(pair.get("id"))) or here
            owner = organizations.get(_key(service.get("organization_id")))
            yield offer_of(full | {"schedules": schedules}, pair | {"location": place}, owner)


def _grouped(rows: list[Record], *keys: str) -> dict[Any, list[Record]]:
    """Return the rows by the first of some columns that holds an id."""
    groups: dict[Any, list[Record]] = defaultdict(list)
    for row in rows:
        if (identity := _first(row, keys)) is not None:
            groups[identity].append(row)
    return dict(groups)


def _by_id(rows: list[Record]) -> dict[Any, Record]:
    return {identity: row for row in rows if (identity := _key(row.get("id"))) is not None}


def _first(row: Record, keys: tuple[str, ...]) -> str | int | float | None:
    return next((identity for key in keys if (identity := _key(row.get(key))) is not None), None)


def _key(identity: Any) -> str | int | float | None:
    """Return an id that rows refer to each other by; a list, an object or nothing is none."""
    return identity if isinstance(identity, str | int | float) and identity != "" else None
