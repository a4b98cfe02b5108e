"""Social services in the form of HSDS 3.0: food, peer support, work, school, childcare, harm reduction."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from sources.demo import chance
from sources.demo.frontage import Frontage
from sources.demo.invented import NAMES, phone
from sources.demo.places import Addresses, by_supply
from sources.demo.plan import NOTE, STATE


@dataclass(frozen=True)
class _Service:
    """A kind of social service: its taxonomy term, how many, its name and hours."""

    term: str
    count: int
    name: str
    description: str
    hours: tuple[tuple[str, str, str], ...]
    power: float = 0.8


_OFFICE = (("MO,TU,WE,TH,FR", "09:00", "17:00"),)
_SERVICES = (
    _Service("Food Pantry", 11, "{} Food Pantry", "Groceries free of charge.", (("TU,TH", "10:00", "14:00"), ("SA",
        "09:00", "12:00"))),
    _Service("Soup Kitchen", 4, "{} Kitchen Table", "A hot meal, no questions asked.", (("MO,TU,WE,TH,FR,SA,SU",
        "11:30", "13:30"),)),
    _Service("Clothing", 4, "{} Clothing Closet", "Clothes and household goods.", (("WE,SA", "10:00", "15:00"),)),
    _Service("Recovery Community Center", 4, "{} Recovery Community Center",
        "A place to be, with classes and coaching.", (("MO,TU,WE,TH,FR", "09:00", "21:00"), ("SA,SU", "10:00",
        "18:00"))),
    _Service("Peer Support", 8, "{} Peer Coaching", "Recovery coaches with lived experience.", (("MO,TU,WE,TH,FR",
        "10:00", "19:00"),)),
    _Service("Job Search and Placement", 6, "{} Job Center", "Résumé help, training and job leads.", _OFFICE),
    _Service("Adult Education", 6, "{} Learning Center", "GED classes and computer basics.", (("MO,TU,WE,TH", "09:00",
        "20:00"),)),
    _Service("Child Care", 10, "{} Child Care", "Child care on a sliding scale.", (("MO,TU,WE,TH,FR", "06:30",
        "18:00"),), 0.4),
    _Service("Harm Reduction", 4, "{} Harm Reduction", "Naloxone, test strips and syringe services.", (("MO,WE,FR",
        "12:00", "18:00"),), 1.3),
    _Service("Volunteer Opportunities", 6, "{} Volunteers", "Help others for a few hours a week.", _OFFICE),
    _Service("Transitional Housing", 3, "{} Transitional Housing", "Rooms for up to two years.", _OFFICE),
    _Service("Domestic Violence Shelter", 2, "{} Safe House", "Emergency shelter. The address is confidential.",
        (("MO,TU,WE,TH,FR,SA,SU", "00:00", "23:59"),)),
)  # fmt: skip


def hsds(addresses: Addresses) -> list[dict[str, Any]]:
    """Return services in the full form of HSDS 3.0, each with its places and hours."""
    rng = chance.stream("social services")
    words = chance.shuffled(rng, NAMES) * 4
    rows: list[dict[str, Any]] = []
    for kind in _SERVICES:
        for at in addresses.many(rng, kind.count, by_supply(kind.power, 3)):
            rows.append(_hsds_row(len(rows) + 1, kind, words[len(rows)], at, rng))
    return rows


def _hsds_row(number: int, kind: _Service, word: str, at: Frontage, rng: np.random.Generator) -> dict[str, Any]:
    def key(part: str) -> str:
        """Return an identifier in UUID form."""
        return f"00000000-0000-4000-8000-{('slotpa'.index(part)):02d}{number:010d}"

    lon, lat = at.lonlat
    secret = kind.term == "Domestic Violence Shelter"
    name = f"{kind.name.format(word)} (fictional)"
    organization = f"{word} Services (fictional)"
    schedules = [
        {"id": f"{key('t')[:-2]}{k:02d}", "freq": "WEEKLY", "interval": 1, "wkst": "MO", "byday": days,
            "opens_at": f"{opens}:00", "closes_at": f"{closes}:00",
         "timezone": -7, "dtstart": "2026-01-01"}
        for k, (days, opens, closes) in enumerate(kind.hours)
    ]  # fmt: skip
    location = {
        "id": key("l"),
        "location_type": "physical",
        "name": "Confidential location" if secret else name,
        "description": "Confidential: never publish this address." if secret else NOTE,
        "latitude": lat,
        "longitude": lon,
        "addresses": [
            {"id": key("a"), "address_1": "Address confidential" if secret else at.address, "city": at.city,
                "state_province": STATE,
             "postal_code": at.postcode, "country": "US", "address_type": "physical"}
        ],
        "accessibility": [{"id": key("p"), "description": "Step-free entrance"}] if chance.chance(rng, 0.6) else [],
        "languages": [{"id": key("t"), "name": "Spanish", "code": "es"}] if chance.chance(rng, 0.3) else [],
    }  # fmt: skip
    return {
        "id": key("s"),
        "name": name,
        "description": f"{kind.description} {NOTE}",
        "url": f"https://services.example.org/{number}",
        "status": "inactive" if number == 9 else "active",
        "fees_description": "Sliding scale" if "Child" in kind.term else "Free",
        "eligibility_description": "Open to all",
        "minimum_age": 18 if kind.term in ("Peer Support", "Harm Reduction", "Transitional Housing") else None,
        "alert": "Address confidential; call first." if secret else None,
        "last_modified": f"2025-{7 + number % 6:02d}-15T12:00:00Z",
        "phones": [{"id": key("p"), "number": phone(number + 20), "type": "voice"}],
        "schedules": schedules,
        "languages": [{"id": key("l"), "name": "English", "code": "en"}],
        "attributes": [
            {"id": key("t"), "link_entity": "service", "taxonomy_term": {"id": key("t"),
                "code": kind.term.upper().replace(" ", "-"), "name": kind.term, "taxonomy": "Open Eligibility"}}
        ],
        "organization": {"id": key("o"), "name": organization, "description": NOTE, "website": "https://services.example.org"},
        "service_at_locations": [{"id": key("o"), "description": "", "schedules": schedules, "location": location}],
    }  # fmt: skip
