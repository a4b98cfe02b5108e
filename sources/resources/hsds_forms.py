"""The nested forms of HSDS and its forerunners → one row for each service at a location."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from geo.errors import SourceError
from sources.adapter.resource_rows import content_id
from sources.cleaning.redaction import is_of_person
from sources.formats.json_strict import record_of, records_of

Record = dict[str, Any]
_SCHEDULES = ("schedules", "regular_schedules", "regular_schedule")
_HOLIDAYS = ("holiday_schedules", "holiday_schedule")
_TERMS = ("attributes", "service_taxonomies", "service_taxonomys", "service_taxonomy")
"""What HSDS 3.0 and the versions before it call them."""
_CONTENTS = ("contents", "services", "service_at_locations", "organizations", "items", "data")


@dataclass(frozen=True)
class Offer:
    """A service at a location with what belongs to both; an empty location means that none is known."""

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
        addresses = records_of(self.location.get("addresses")) or records_of(self.location.get("physical_addresses"))
        addresses = sorted(addresses, key=lambda a: str(a.get("address_type") or "") == "postal")
        keys = ("address_1", "city", "state_province", "postal_code")
        return [addresses[0].get(key) for key in keys] if addresses else []


def offers(document: Any, where: str) -> list[Offer]:
    """Return the offers of a document.

    Raises
    ------
    SourceError
        It is of no known form.
    """
    if isinstance(document, dict):
        page = next((document[key] for key in _CONTENTS if _is_page(document, key)), None)
        document = page if page is not None else [document]
    if not isinstance(document, list):
        raise SourceError(f"{where} should hold HSDS records: services, services at locations or organizations.")
    offered: list[Offer] = []
    known = 0
    for record in document:
        some = list(_offers_of(record)) if isinstance(record, dict) else None
        known += bool(some)
        offered += some or [Offer("", {}, {}, {})]
    if document and not known:
        raise SourceError(f"{where} should hold HSDS records: services, services at locations or organizations.")
    return offered


def _is_page(document: Record, key: str) -> bool:
    # an organization in full has `services` too; it has a name, which a page doesn't
    return isinstance(document.get(key), list) and "name" not in document and "service" not in document


def _offers_of(record: Record) -> Iterator[Offer]:
    locations = records_of(record.get("locations"))
    if any("services_attributes" in location for location in locations):
        yield from _ohana(record, locations)
    elif isinstance(record.get("service"), dict):
        yield offer_of(record["service"], record, record["service"].get("organization"))
    elif "service_at_locations" in record:
        at = records_of(record["service_at_locations"])
        for pair in at or [{}]:
            yield offer_of(record, pair, record.get("organization"))
    elif isinstance(record.get("services"), list):
        for service in records_of(record["services"]):
            at = records_of(service.get("service_at_locations")) or [{"location": place} for place in locations] or [{}]
            for pair in at:
                yield offer_of(service, pair, record)
    elif "name" in record and ("status" in record or "organization_id" in record):
        yield offer_of(record, {}, record.get("organization"))


def offer_of(service: Record, pair: Record, organization: Any) -> Offer:
    """Return the offer of a service and a service-at-location record; what is said closer to the place holds."""
    location = pair["location"] if isinstance(pair.get("location"), dict) else {}
    owner = organization if isinstance(organization, dict) else {}
    nearest = (pair, service, location)
    schedules = next((rows for part in nearest for key in _SCHEDULES if (rows := records_of(part.get(key)))), [])
    holidays = next((rows for part in nearest for key in _HOLIDAYS if (rows := _dated(part.get(key)))), [])
    terms = []
    for attribute in [a for part in (service, pair, location) for key in _TERMS for a in records_of(part.get(key))]:
        term = record_of(attribute.get("taxonomy_term")) or record_of(attribute.get("taxonomy"))
        terms += [str(t) for t in (term.get("name"), attribute.get("label"), attribute.get("value")) if t]
    numbers = [phone for part in (pair, location, service, owner) for phone in records_of(part.get("phones"))]
    languages = [lang.get("code") for part in (service, location) for lang in records_of(part.get("languages"))]
    access = [str(a.get("description")) for a in records_of(location.get("accessibility")) if a.get("description")]
    ids = (pair.get("id"), service.get("id"), location.get("id"))
    return Offer(
        own_id=next((str(own) for own in ids if own), ""),
        service=service,
        location=location,
        organization=owner,
        terms=terms,
        schedules=[*schedules, *holidays],
        phones=[phone["number"] for phone in numbers if phone.get("number") and not is_of_person(phone)],
        languages=[code for code in languages if code],
        accessibility=access,
    )


def _dated(holidays: Any) -> list[Record]:
    """Return the holiday schedules of HSDS 1 as HSDS 3.0 writes them."""
    return [
        one | {"valid_from": one.get("start_date"), "valid_to": one.get("end_date") or one.get("start_date")}
        for one in records_of(holidays)
        if one.get("start_date")
    ]


def _ohana(record: Record, locations: list[Record]) -> Iterator[Offer]:
    for place in locations:
        address = record_of(place.get("address_attributes"))
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
        for service in records_of(place.get("services_attributes")) or [{}]:
            yield Offer(
                own_id=content_id(place.get("name"), address.get("street"), service.get("keywords")),
                service={"name": place.get("name"), "fees_description": service.get("fees"), "status": "active"},
                location=location,
                organization=record,
                schedules=[{"description": place["hours"]}] if place.get("hours") else [],
                terms=[str(keyword) for keyword in service.get("keywords") or () if keyword],
                phones=[p.get("number") for p in records_of(place.get("phones_attributes")) if p.get("number")],
                accessibility=[str(word) for word in place.get("accessibility") or ()],
            )
