"""The score of one home: total, four dimensions, classes, meetings, and why.

Definition and worked examples: docs/score.md. It is a planning aid, not a clinical instrument.
"""

import datetime
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from geo.case import make_case
from geo.crs import to_metres
from geo.evaluate import evaluate, timetable_trips
from geo.explain_score import explained
from geo.home_times import PROFILE_MODES, home_times
from geo.needs import Needs
from geo.parts import Part, combine, own_home_part, parts_of, reweighed
from geo.support import Support, prepare

__all__ = ["Score", "Support", "prepare", "reweighed", "score_home"]

DIGITS = 6


@dataclass(frozen=True)
class Score:
    """A home's score; `as_dict` is what `score --json` prints."""

    total: float
    dimensions: Mapping[str, float | None]
    parts: tuple[Part, ...]
    classes: tuple[Mapping[str, Any], ...]
    meetings: Mapping[str, Any]
    limits: Mapping[str, Any]
    sensitivity: Mapping[str, Any]
    confidence: Mapping[str, Any]
    gains: tuple[Mapping[str, Any], ...]
    flags: tuple[str, ...]
    profile: str
    date: str
    parameters: str
    parameters_hash: str
    region_hash: str

    def as_dict(self) -> dict[str, Any]:
        """Return plain values (JSON), numbers rounded to 6 digits after the point."""
        document = asdict(self)
        del document["parts"]
        rounded: dict[str, Any] = _rounded(document)
        return rounded


def score_home(
    support: Support, lon: float, lat: float, needs: Needs, date: datetime.date, home_id: str | None = None
) -> Score:
    """Score one home for one person on one date.

    Parameters
    ----------
    support
        A region, from `prepare`.
    lon, lat
        The home, WGS 84 degrees.
    needs
        What the person needs.
    date
        A date of the timetable; its week's services stand for weekdays, Saturday and Sunday.
    home_id
        The `resource_id` of the home, if it is itself a listed recovery residence.

    Raises
    ------
    OutsideRegionError
        The home is too far from any street.
    DateError
        The date is outside the timetable.
    NeedsError, InputError
        The curfew is before every meeting; `home_id` is no recovery residence; the region has no data at all.
    """
    case = make_case(support, needs, date)
    (times,) = home_times(support, needs, case.plan, np.array([lon], dtype=float), np.array([lat], dtype=float))
    own = own_home_part(support, home_id)
    trips = timetable_trips(case, times)
    found = evaluate(case, times, trips, PROFILE_MODES[needs.profile])
    parts = parts_of(case, found, own)
    total, dimensions = combine(parts, support.parameters)
    classes, meetings, limits, sensitivity, confidence, gains = explained(
        case, times, trips, found, parts, total, dimensions
    )
    return Score(
        total,
        dimensions,
        parts,
        classes,
        meetings,
        limits,
        sensitivity,
        confidence,
        gains,
        flags(support, needs, lon, lat),
        needs.profile,
        date.isoformat(),
        support.parameters.name,
        support.parameters.hash,
        support.region_hash,
    )


def flags(support: Support, needs: Needs, lon: float, lat: float) -> tuple[str, ...]:
    """Return what a reader must be told about the home itself: it lies in an area to stay away from."""
    found = []
    x, y = to_metres(np.array([lon]), np.array([lat]), support.network.crs)
    for area in needs.stay_away:
        ax, ay = to_metres(np.array([area.lon]), np.array([area.lat]), support.network.crs)
        if float(np.hypot(x[0] - ax[0], y[0] - ay[0])) <= area.metres:
            found.append(
                f"This home lies within {area.metres:g} m of {area.lat:.5f}, {area.lon:.5f}, a place to stay away from."
            )
    return tuple(found)


def _rounded(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(item) for item in value]
    if isinstance(value, float | np.floating):
        return round(float(value), DIGITS) if np.isfinite(value) else None
    if isinstance(value, np.integer):
        return int(value)
    return value
