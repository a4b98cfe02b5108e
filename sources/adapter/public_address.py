"""A public address that a geocoding service is asked for, and what it answers."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class PublicAddress:
    """An address that a feed publishes for a place of support; only `sources.region.geocode_inputs` makes these."""

    street: str
    town: str
    postal_code: str


PointsByAddress = dict[PublicAddress, tuple[float, float] | None]
"""Address → (lon, lat), or None where the service is not certain of one place."""
