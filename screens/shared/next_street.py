"""The street that is used in place of the nearest one, where that can't be used from a place; in words."""

from dataclasses import dataclass

import numpy.typing as npt

from geo.streets.build import Streets
from geo.streets.snapping import attach, passed_over
from screens.shared.words import Say

_PASSED_OVER = {"covered": "street_covered", "leads_nowhere": "street_leads_nowhere", "across": "street_across"}


@dataclass(frozen=True)
class NextStreet:
    """Why the street nearest to a place isn't used (`PassedOver.reason`), and how far away the one is that is."""

    reason: str
    meters: float

    def in_words(self, say: Say) -> str:
        """Return both as a sentence."""
        return say(_PASSED_OVER[self.reason], distance=say.habits.distance(self.meters))


def next_streets(streets: Streets, lon: npt.ArrayLike, lat: npt.ArrayLike, mode: str) -> list[NextStreet | None]:
    """Return for each place the street that is used in place of the nearest; None where the nearest is, or none is."""
    on = mode if mode in streets.modes else "walk"
    used = attach(streets, lon, lat, on)
    reasons = passed_over(streets, lon, lat, on, used).reason.tolist()
    spots = zip(reasons, used.link.tolist(), used.meters_off.tolist(), strict=True)
    return [NextStreet(reason, meters) if reason and link >= 0 else None for reason, link, meters in spots]
