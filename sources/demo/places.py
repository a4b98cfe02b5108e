"""What stands beside the streets: shops, schools, churches, pharmacies and the rest, and who is well served."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sources.demo import chance
from sources.demo.frontage import Frontage
from sources.demo.plan import NOTE

# How much support a district has for its size: Copperwell and the east bank have gaps, which a score should show.
SERVED = {
    "Old Landing": 5.0, "Foundry Ward": 2.4, "Weavers Row": 2.2, "Chandlers Hill": 1.8, "Creekside": 1.2,
    "Northgate": 1.0, "Wickett Heights": 1.0, "Birchmantle": 0.5, "Hollow Pines": 0.3, "Linden Park": 1.0,
    "Hazelgrove": 0.5, "Copperwell": 0.06, "Granger Flats": 1.6, "Sorrel Fields": 0.25, "Southport": 0.7,
    "Lower Landing": 0.4, "Farbank": 0.7, "Ferry Hill": 0.25, "Kiln Quarter": 0.3, "Quarryside": 0.25,
    "Saltbrook": 0.25, "Railyard": 0.3, "Levee Works": 0.2, "Drumfold": 0.6, "Pellorchard": 0.35, "Rural": 0.02,
}  # fmt: skip
Weight = Callable[[str, str], float]
"""The weight of an address by its district's name and its street's highway value."""

_MAIN = ("primary", "secondary", "tertiary")


@dataclass(frozen=True)
class Address:
    """Something at an address: what kind, its name and its OSM tags."""

    kind: str
    name: str
    at: Frontage
    tags: dict[str, str]


@dataclass(frozen=True)
class Kind:
    """A kind of place: its OSM tags, how many, on which streets, how much it follows what is well served, its names."""

    tags: dict[str, str]
    count: int
    main_street: float  # weight of main streets against side streets
    served: float  # power of the district's supply
    names: tuple[str, ...]


_WORDS = (
    "Alder", "Beacon", "Bellflower", "Bramble", "Candle", "Cobble", "Curlew", "Damson", "Ember", "Fennel", "Gable",
    "Hazel", "Juniper", "Kettle", "Lantern", "Marigold", "Nettle", "Osier", "Pippin", "Quince", "Rowan", "Sandpiper",
    "Tansy", "Umber", "Verbena", "Wren", "Yarrow", "Zinnia",
)  # fmt: skip
_HOURS = ("Mo-Sa 08:00-20:00", "Mo-Fr 08:00-18:00; Sa 09:00-13:00", "Mo-Su 08:00-22:00", "24/7")
KINDS = {
    "school": Kind({"amenity": "school"}, 46, 0.3, 0, ("{} Elementary School", "{} Middle School", "{} High School")),
    "childcare": Kind({"amenity": "childcare"}, 40, 1, 0.3, ("{} Day Nursery", "Little {} Childcare")),
    "library": Kind({"amenity": "library", "opening_hours": "Mo-Th 09:00-20:00; Fr-Sa 09:00-17:00"}, 8, 3, 0.4,
        ("{} Branch Library",)),
    "worship": Kind({"amenity": "place_of_worship", "religion": "christian"}, 104, 1.5, 0.45, ("{} Street Church",
        "Church of the {}", "{} Chapel")),
    "pharmacy": Kind({"amenity": "pharmacy"}, 27, 8, 0.5, ("{} Pharmacy", "{} Drug Store")),
    "supermarket": Kind({"shop": "supermarket"}, 24, 8, 0.3, ("{} Market", "{} Foods")),
    "convenience": Kind({"shop": "convenience"}, 64, 4, 0.3, ("{} Corner Shop", "{} Mini Mart")),
    "community": Kind({"amenity": "community_centre"}, 17, 2, 0.6, ("{} Community Center", "{} Hall")),
    "food_bank": Kind({"amenity": "social_facility", "social_facility": "food_bank"}, 12, 2, 0.8,
        ("{} Food Pantry",)),
    "bar": Kind({"amenity": "bar"}, 48, 4, 0.7, ("{} Tavern", "The {} Bar")),
    "pub": Kind({"amenity": "pub"}, 16, 3, 0.6, ("The {} Arms",)),
    "alcohol": Kind({"shop": "alcohol"}, 26, 6, 0.2, ("{} Liquor",)),
    "doctors": Kind({"amenity": "doctors"}, 18, 4, 0.7, ("{} Family Practice",)),
    "employment": Kind({"office": "employment_agency"}, 6, 6, 0.8, ("{} Staffing",)),
    "cafe": Kind({"amenity": "cafe"}, 42, 4, 0.6, ("{} Coffee", "Cafe {}")),
    "restaurant": Kind({"amenity": "restaurant"}, 70, 5, 0.5, ("{} Kitchen", "{} Diner")),
    "laundry": Kind({"shop": "laundry"}, 16, 4, 0.3, ("{} Laundromat",)),
    "fuel": Kind({"amenity": "fuel"}, 30, 8, 0.1, ("{} Gas",)),
    "sports": Kind({"leisure": "sports_centre"}, 12, 2, 0.3, ("{} Recreation Center",)),
    "bank": Kind({"amenity": "bank"}, 18, 8, 0.7, ("{} Savings",)),
    "thrift": Kind({"shop": "charity"}, 8, 4, 0.6, ("{} Thrift Shop",)),
}  # fmt: skip
_LANDMARKS = (
    ("hospital", "Osprenna General Hospital", (-900, 1250), {"amenity": "hospital", "emergency": "yes"}),
    ("hospital", "Beltline Medical Center", (-6000, 250), {"amenity": "hospital", "emergency": "yes"}),
    ("college", "Tallowmere Community College", (-2800, -2600), {"amenity": "college"}),
    ("courthouse", "Tallowmere County Courthouse", (150, 100), {"amenity": "courthouse"}),
    ("townhall", "Quillhaven City Hall", (320, -80), {"amenity": "townhall"}),
    ("bus_station", "Quillhaven Transit Center", (-250, 20), {"amenity": "bus_station"}),
    ("police", "Quillhaven Police Headquarters", (-100, -250), {"amenity": "police"}),
    ("library", "Quillhaven Central Library", (60, 330), {"amenity": "library",
        "opening_hours": "Mo-Sa 09:00-21:00; Su 12:00-18:00"}),
    ("worship", "Drumfold Meeting House", (-11250, 8050), {"amenity": "place_of_worship", "religion": "christian"}),
    ("community", "Drumfold Grange Hall", (-11350, 7950), {"amenity": "community_centre"}),
    ("community", "Pellorchard Grange Hall", (10600, -7550), {"amenity": "community_centre"}),
)  # fmt: skip


class Addresses:
    """Addresses still free, drawn in proportion to weights; each is given out once."""

    def __init__(self, frontages: list[Frontage]) -> None:
        self.frontages = frontages
        self._free = np.ones(len(frontages), dtype=bool)
        kinds = [(f.area, f.highway) for f in frontages]
        self._streets = sorted(set(kinds))
        place = {kind: number for number, kind in enumerate(self._streets)}
        self._street = np.array([place[kind] for kind in kinds])
        self._x = np.array([f.x for f in frontages])
        self._y = np.array([f.y for f in frontages])

    def many(self, rng: np.random.Generator, count: int, weight: Weight) -> list[Frontage]:
        """Return several free addresses, drawn by weight."""
        by_street = np.array([weight(area, highway) for area, highway in self._streets])
        weights = by_street[self._street] * self._free
        addresses = []
        for _ in range(count):
            marks = np.cumsum(weights)
            number = int(np.searchsorted(marks, float(rng.random()) * float(marks[-1]), side="right"))
            weights[number] = 0.0
            addresses.append(self._take(number))
        return addresses

    def near(self, x: float, y: float) -> Frontage:
        """Return the free address nearest to a place (meters)."""
        away = np.hypot(self._x - x, self._y - y) + np.where(self._free, 0, np.inf)
        return self._take(int(np.argmin(away)))

    def _take(self, number: int) -> Frontage:
        self._free[number] = False
        return self.frontages[number]


def by_supply(power: float = 1.0, main_street: float = 1.0) -> Weight:
    """Return a weight that follows how well districts are supplied."""

    def weight(area: str, highway: str) -> float:
        supply = math.pow(SERVED[area], power) if area != "Rural" else SERVED["Rural"]
        return supply * (main_street if highway in _MAIN else 1.0)

    return weight


def places(addresses: Addresses) -> list[Address]:
    """Return the places of the county, landmarks first."""
    placed = []
    for kind, name, (x, y), tags in _LANDMARKS:
        placed.append(_place(kind, name, addresses.near(x, y), tags))
    for kind, facts in KINDS.items():
        rng = chance.stream(f"places {kind}")
        words = chance.shuffled(rng, _WORDS) * 4
        sites = addresses.many(rng, facts.count, by_supply(facts.served, facts.main_street))
        for k, at in enumerate(sites):
            name = facts.names[k % len(facts.names)].format(words[k // len(facts.names)])
            tags = dict(facts.tags)
            if facts.main_street >= 3 and "opening_hours" not in tags and k % 3:
                tags["opening_hours"] = (
                    _HOURS[k % 4] if kind in ("pharmacy", "supermarket", "convenience", "fuel") else _HOURS[k % 2]
                )
            if k % 2:
                tags["wheelchair"] = ("yes", "limited", "no")[k // 2 % 3]
            placed.append(_place(kind, name, at, tags))
    return placed


def _place(kind: str, name: str, at: Frontage, tags: dict[str, str]) -> Address:
    address = {
        "addr:housenumber": str(at.number),
        "addr:street": at.street,
        "addr:city": at.city,
        "addr:postcode": at.postcode,
    }
    return Address(kind, name, at, tags | {"name": name} | address | {"note": NOTE})
