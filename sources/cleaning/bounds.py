"""Boxes in degrees: as people write them, how large they are, and wider by some meters."""

import math
from dataclasses import dataclass

from geo.errors import InputError
from geo.units import METERS_PER_DEGREE


@dataclass(frozen=True)
class Bounds:
    """An extent in degrees (WGS 84)."""

    west: float
    south: float
    east: float
    north: float

    def hold(self, lon: float, lat: float) -> bool:
        """Tell whether the point lies inside or on the edge."""
        return self.west <= lon <= self.east and self.south <= lat <= self.north


MOST_KM = 300.0
NOBODY_BELOW = -60.0
"""Degrees of latitude below which there is no street; where most boxes and places of the US lie with axes swapped."""


def place_bounds(text: str, radius_km: float) -> Bounds:
    """Return the bounds of `lat,lon` with a radius, or of `west,south,east,north`.

    Raises
    ------
    InputError
        It is neither, is no place on Earth, or larger than 300 km either way.
    """
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) not in (2, 4) or not all(map(math.isfinite, numbers)):
        raise InputError(f"{text!r} is no place: give lat,lon like 39.0837,-84.5086, or west,south,east,north.")
    if len(numbers) == 2:
        lat, lon = numbers
        if not 0 < radius_km <= MOST_KM:
            raise InputError(f"A radius must lie between 0 and {MOST_KM:g} km, not {radius_km:g}.")
        if abs(lat) > 85 or abs(lon) > 180:
            raise InputError(f"{text!r} is not a place on Earth; give latitude first, like 39.0837,-84.5086.")
        if lat < NOBODY_BELOW:
            raise InputError(f"{text!r} lies in Antarctica; give latitude first, like 39.0837,-84.5086.")
        high = radius_km * 1000 / METERS_PER_DEGREE
        wide = high / math.cos(math.radians(lat))
        return Bounds(lon - wide, lat - high, lon + wide, lat + high)
    west, south, east, north = numbers
    if not (-180 <= west < east <= 180 and -85 <= south < north <= 85):
        raise InputError(f"{text!r} is no box in degrees; give west,south,east,north like -84.7,38.9,-84.4,39.1.")
    if north < NOBODY_BELOW:
        raise InputError(f"The box {text!r} lies in Antarctica; give west,south,east,north like -84.7,38.9,-84.4,39.1.")
    wide_km = (east - west) * math.cos(math.radians((south + north) / 2)) * METERS_PER_DEGREE / 1000
    if max(wide_km, (north - south) * METERS_PER_DEGREE / 1000) > 2 * MOST_KM:
        raise InputError(f"The box {text!r} is larger than {2 * MOST_KM:g} km; ask for a smaller one.")
    return Bounds(west, south, east, north)


def wider(box: Bounds, meters: float) -> Bounds:
    """Return the box with a margin on every side."""
    high = meters / METERS_PER_DEGREE
    wide = high / max(math.cos(math.radians((box.south + box.north) / 2)), 0.05)
    return Bounds(box.west - wide, box.south - high, box.east + wide, box.north + high)


def sides_km(box: Bounds) -> tuple[float, float]:
    """Return how far a box reaches from west to east, at its middle, and from south to north."""
    a_degree = METERS_PER_DEGREE / 1000
    middle = math.cos(math.radians((box.south + box.north) / 2))
    return (box.east - box.west) * middle * a_degree, (box.north - box.south) * a_degree


def square_km(box: Bounds) -> float:
    """Return the area of a box."""
    wide, high = sides_km(box)
    return wide * high
