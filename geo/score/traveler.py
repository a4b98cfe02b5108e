"""How a person travels: the street modes of each profile, their pace, and the settings of their searches."""

from collections.abc import Mapping

from geo.needs.needs import Needs
from geo.score.parameters import Parameters
from geo.travel.travel_times import TravelSettings

PROFILE_MODES: Mapping[str, tuple[str, ...]] = {
    "no-car": ("walk",),
    "wheelchair": ("walk",),
    "bicycle": ("walk", "bike"),
    "car": ("walk", "bike", "drive"),
}
"""Street modes of each profile; buses and trains are added wherever there is a timetable."""


def _walk_kph(needs: Needs, parameters: Parameters) -> float:
    """Return the person's walking speed; a wheelchair's own where the needs leave the default."""
    if needs.profile == "wheelchair" and needs.walk_kph == Needs().walk_kph:
        return parameters.wheelchair_kph
    return needs.walk_kph


def travel_settings(needs: Needs, parameters: Parameters, longest_minutes: float) -> TravelSettings:
    """Return how the person travels; the mode is set for each search."""
    return TravelSettings(
        max_minutes=longest_minutes,
        walk_kph=_walk_kph(needs, parameters),
        bike_kph=needs.bike_kph,
        max_walk_minutes=needs.max_walk_minutes,
        wheelchair=needs.profile == "wheelchair",
    )
