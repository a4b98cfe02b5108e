"""The JSON forms of HSDS and its forerunners → one row for each service at a location."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from geo.errors import SourceError

Record = dict[str, Any]
_CONTENTS = ("contents", "services", "service_at_locations", "organizations", "items", "data")


@dataclass(frozen=True)
class Offer:
    """A service at a location with what belongs to both; an empty location means that none is told."""

    own_id: str
    service: Record
    location: Record
    organization: Record
    terms: list[str] = field(default_factory=list)
    schedules: list[Record] = field(default_factory=list)
    phones: list[Any] = field(default_factory=list)
    languages: list[Any] = field(default_factory=list)
    accessibility: list[str] = field(default_factory=list)

    @property
    def address(self) -> list[Any]:
        """Street, city, state and code of the first address, postal boxes last."""
        found = _records(self.location.get("addresses"))
        found = sorted(found, key=lambda a: str(a.get("address_type") or "") == "postal")
        keys = ("address_1", "city", "state_province", "postal_code")
        return [found[0].get(key) for key in keys] if found else []


def offers(document: Any, where: str) -> list[Offer]:
    """Return the offers of a document.

    Raises
    ------
    SourceError
        It is of no known form.
    """
    if isinstance(document, dict):
        if isinstance(document.get("services.csv"), list):
            return list(_tabular(document))
        page = next((document[key] for key in _CONTENTS if _is_page(document, key)), None)
        document = page if page is not None else [document]
    if not isinstance(document, list):
        raise SourceError(f"{where} should hold HSDS records: services, services at locations or organisations.")
    found: list[Offer] = []
    known = 0
    for record in document:
        some = list(_offers_of(record)) if isinstance(record, dict) else None
        known += bool(some)
        found += some or [Offer("", {}, {}, {})]
    if document and not known:
        raise SourceError(f"{where} should hold HSDS records: services, services at locations or organisations.")
    return found


def _is_page(document: Record, key: str) -> bool:
    # an organisation in full has `services` too; it has a name, which a page doesn't
    return isinstance(document.get(key), list) and "name" not in document and "service" not in document


def _offers_of(record: Record) -> Iterator[Offer]:
    locations = _records(record.get("locations"))
    if any("services_attributes" in location for location in locations):
        yield from _ohana(record, locations)
    elif isinstance(record.get("service"), dict):
        yield _offer(record["service"], record, record["service"].get("organization"))
    elif "service_at_locations" in record:
        at = _records(record["service_at_locations"])
        for pair in at or [{}]:
            yield _offer(record, pair, record.get("organization"))
    elif isinstance(record.get("services"), list):
        for service in _records(record["services"]):
            at = _records(service.get("service_at_locations")) or [{"location": place} for place in locations] or [{}]
            for pair in at:
                yield _offer(service, pair, record)
    elif "name" in record and ("status" in record or "organization_id" in record):
        yield _offer(record, {}, record.get("organization"))


def _offer(service: Record, pair: Record, organization: Any) -> Offer:
    """Return the offer of a service and a service-at-location record; what is said closer to the place holds."""
    location = pair["location"] if isinstance(pair.get("location"), dict) else {}
    owner = organization if isinstance(organization, dict) else {}
    nearest = (pair, service, location)
    schedules = next((found for part in nearest if (found := _records(part.get("schedules")))), [])
    terms = []
    for attribute in [a for part in (service, pair, location) for a in _records(part.get("attributes"))]:
        term = attribute.get("taxonomy_term")
        terms += [str(t) for t in (_record(term).get("name"), attribute.get("label"), attribute.get("value")) if t]
    phones = [p.get("number") for part in (pair, location, service, owner) for p in _records(part.get("phones"))]
    languages = [lang.get("code") for part in (service, location) for lang in _records(part.get("languages"))]
    access = [str(a.get("description")) for a in _records(location.get("accessibility")) if a.get("description")]
    ids = (pair.get("id"), service.get("id"), location.get("id"))
    return Offer(
        own_id=next((str(own) for own in ids if own), ""),
        service=service,
        location=location,
        organization=owner,
        terms=terms,
        schedules=schedules,
        phones=[phone for phone in phones if phone],
        languages=[code for code in languages if code],
        accessibility=access,
    )


def _ohana(record: Record, locations: list[Record]) -> Iterator[Offer]:
    for place in locations:
        address = _record(place.get("address_attributes"))
        pair = place.get("coordinates")
        lon, lat = pair if isinstance(pair, list) and len(pair) == 2 else (None, None)
        location = {
            "name": place.get("name"),
            "longitude": lon,
            "latitude": lat,
            "url": next((u for u in place.get("urls") or () if u), None),
            "addresses": [
                {
                    "address_1": address.get("street"),
                    "city": address.get("city"),
                    "state_province": address.get("state"),
                    "postal_code": address.get("zip"),
                }
            ],
        }
        for service in _records(place.get("services_attributes")) or [{}]:
            yield Offer(
                own_id=_digest(place.get("name"), address.get("street"), service.get("keywords")),
                service={"name": place.get("name"), "fees_description": service.get("fees"), "status": "active"},
                location=location,
                organization=record,
                schedules=[{"description": place["hours"]}] if place.get("hours") else [],
                terms=[str(keyword) for keyword in service.get("keywords") or () if keyword],
                phones=[p.get("number") for p in _records(place.get("phones_attributes")) if p.get("number")],
                accessibility=[str(word) for word in place.get("accessibility") or ()],
            )


def _tabular(tables: Record) -> Iterator[Offer]:
    """Yield offers of the tabular form: one list of rows a table, joined by their ids."""

    def rows(name: str) -> list[Record]:
        return _records(tables.get(f"{name}.csv"))

    def belonging(name: str, key: str, own_id: Any) -> list[Record]:
        return [row for row in rows(name) if own_id and row.get(key) == own_id]

    def by_id(name: str) -> dict[Any, Record]:
        return {_key(row["id"]): row for row in rows(name) if _key(row.get("id")) is not None}

    terms, organizations, locations = by_id("taxonomy_terms"), by_id("organizations"), by_id("locations")
    for service in rows("services"):
        own_id = service.get("id")
        attributes = [
            attribute | {"taxonomy_term": terms.get(_key(attribute.get("taxonomy_term_id")))}
            for attribute in belonging("attributes", "link_id", own_id)
        ]
        full = service | {
            "attributes": attributes,
            "schedules": belonging("schedules", "service_id", own_id),
            "phones": belonging("phones", "service_id", own_id),
            "languages": belonging("languages", "service_id", own_id),
        }
        for pair in belonging("service_at_location", "service_id", own_id) or [{}]:
            place = _record(locations.get(_key(pair.get("location_id"))))
            if place:
                place = place | {
                    "addresses": belonging("addresses", "location_id", place.get("id")),
                    "accessibility": belonging("accessibility", "location_id", place.get("id")),
                }
            yield _offer(full, pair | {"location": place}, organizations.get(_key(service.get("organization_id"))))


def _key(identity: Any) -> str | int | float | None:
    """Return an id that rows refer to each other by; a list or an object is none."""
    return identity if isinstance(identity, str | int | float) else None


def _digest(*parts: Any) -> str:
    """Return an id made of the content, for forms without ids."""
    return hashlib.sha256(repr(parts).encode("utf-8", "replace")).hexdigest()[:12]


def _records(value: Any) -> list[Record]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _record(value: Any) -> Record:
    return value if isinstance(value, dict) else {}
