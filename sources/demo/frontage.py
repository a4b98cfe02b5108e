"""Addresses along the streets: every place in the county that something can stand at."""

import math
from dataclasses import dataclass

import shapely

from sources.demo.blocks import district_of
from sources.demo.plan import DISTRICTS, GROUNDS, HALF_HEIGHT, HALF_WIDTH, TOWNS, URBAN, to_lonlat
from sources.demo.streets import GRID, Way

SPACING = 52.0
_WITH_ADDRESSES = ("primary", "secondary", "tertiary", "residential", "unclassified")


@dataclass(frozen=True)
class Frontage:
    """An address: its place (meters and degrees), street, number, and the number of its district (-1 = country)."""

    x: float
    y: float
    street: str
    number: int
    highway: str
    district: int

    @property
    def lonlat(self) -> tuple[float, float]:
        """Return longitude and latitude."""
        return to_lonlat(self.x, self.y)

    @property
    def address(self) -> str:
        """Return number and street."""
        return f"{self.number} {self.street}"

    @property
    def city(self) -> str:
        """Return the town it belongs to."""
        return DISTRICTS[self.district].city if self.district >= 0 else "Tallowmere County"

    @property
    def area(self) -> str:
        """Return the name of its district."""
        return DISTRICTS[self.district].name if self.district >= 0 else "Rural"

    @property
    def postcode(self) -> str:
        """Return its ZIP code; the prefix 003 is assigned to no place."""
        return DISTRICTS[self.district].postcode if self.district >= 0 else "00320"


def frontages(ways: list[Way]) -> list[Frontage]:
    """Return addresses about every 52 m along named streets, on alternate sides, numbered along each street."""
    town = shapely.union_all([URBAN, *TOWNS])
    shapely.prepare(town)
    count: dict[str, int] = {}
    fronts: list[Frontage] = []
    for way in ways:
        name = way.tags.get("name")
        if name is None or way.highway not in _WITH_ADDRESSES or "bridge" in way.tags:
            continue
        for x, y, side in _beside(way):
            if abs(x) > HALF_WIDTH or abs(y) > HALF_HEIGHT:
                continue
            if any(abs(x - g.x) < 0.8 * g.half_width and abs(y - g.y) < 0.8 * g.half_height for g in GROUNDS):
                continue
            count[name] = count.get(name, 49) + 1
            district = district_of(x, y) if shapely.contains_xy(town, x, y) else -1
            fronts.append(Frontage(x, y, name, 2 * count[name] + side, way.highway, district))
    return fronts


def _beside(way: Way) -> list[tuple[float, float, int]]:
    spacing = SPACING if way.highway != "unclassified" else 9 * SPACING
    away = 24.0 if way.highway in ("primary", "secondary") else 15.0
    traveled, following, side = 0.0, spacing / 2, 0
    fronts = []
    for (x0, y0), (x1, y1) in zip(way.places, way.places[1:], strict=False):
        length = math.dist((x0, y0), (x1, y1)) * GRID
        while length > 0 and traveled + length > following:
            share = (following - traveled) / length
            sign = 1 if side else -1
            across = (-(y1 - y0) * GRID / length * sign * away, (x1 - x0) * GRID / length * sign * away)
            x, y = (x0 + share * (x1 - x0)) * GRID, (y0 + share * (y1 - y0)) * GRID
            fronts.append((round(x + across[0], 1), round(y + across[1], 1), side))
            following += spacing
            side = 1 - side
        traveled += length
    return fronts
