"""What may leave the caseload about many people: points moved for good, and counts from which no few can be told.

A point moved anew for each map averages back to the home; one moved for good doesn't. The move is made of a key and
of the place, not of the person: eight people in one house move alike, or their points would average back to it.
Distances follow the people around (donut masking: Hampton et al. 2010, doi:10.1093/aje/kwq248).
"""

import hmac
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.crs import local_crs, middle, to_degrees, to_meters
from geo.equity.gaps import LEAST
from people.entries import entries_of_caseload
from people.kinds import PERSON
from people.vault import Vault, record, writing

Floats = NDArray[np.float64]
_PLACE_DEGREES = 4
"""Decimals by which a place is told from another: about 10 m, so that an address found anew moves alike."""


@dataclass(frozen=True)
class DisplacementSettings:
    """How far points move: beyond the nearest `least_people`, within the nearest `most_people`, in these bounds."""

    least_people: float = 50.0
    most_people: float = 500.0
    least_meters: float = 100.0
    most_meters: float = 5000.0


USUAL = DisplacementSettings()


def displaced(
    points: pd.DataFrame, zones: pd.DataFrame, key: bytes, settings: DisplacementSettings = USUAL
) -> pd.DataFrame:
    """Return points moved for good: the same place goes to the same place every time.

    Parameters
    ----------
    points
        `lon`, `lat` (WGS 84), and whatever else.
    zones
        The ZONES table: how many people live around.
    key
        Secret; who has it can move the points back.
    """
    if points.empty:
        return points.copy()
    lon, lat = (points[axis].to_numpy(dtype=np.float64) for axis in ("lon", "lat"))
    crs = local_crs(*middle(lon, lat))
    x, y = to_meters(lon, lat, crs)
    near, far = _ring(x, y, zones, crs, settings)
    angle, share = _drawn(lon, lat, key)
    meters = np.sqrt(near**2 + share * (far**2 - near**2))
    moved_lon, moved_lat = to_degrees(x + meters * np.cos(angle), y + meters * np.sin(angle), crs)
    return points.assign(lon=moved_lon, lat=moved_lat)


def displaced_caseload(vault: Vault, zones: pd.DataFrame, settings: DisplacementSettings = USUAL) -> pd.DataFrame:
    """Return where this user's people live, moved for good and in no order: `lon`, `lat`, nothing else; an export."""
    people = entries_of_caseload(vault, PERSON.name)
    homes = people.rename(columns={"lives_lon": "lon", "lives_lat": "lat"})[["lon", "lat"]].dropna()
    with writing(vault):
        record(vault, "export", subject="displaced points")
    moved = displaced(homes, zones, vault.secret.derive("displacement"), settings)
    return moved.sort_values(["lon", "lat"], ignore_index=True)


def suppressed(counts: pd.Series) -> pd.Series:
    """Return counts of one list with those under `LEAST` empty, and others too where they could be worked out.

    Known total and shown counts give the sum of the empty ones away: one more is emptied, the smallest, while there
    is only one, they make less than `LEAST` together, or all must be `LEAST` - 1. Counts of 0 are shown. It
    holds for one list and its total; lists that cross (by area and by month) are not for this.
    """
    shown = counts.astype("Int64")
    small = shown.between(1, LEAST - 1)
    hidden = small.copy()
    while hidden.any() and not hidden.eq(shown > 0).all():
        whole = int(shown[hidden].sum())
        if hidden.sum() > 1 and whole >= LEAST and not (hidden.equals(small) and whole == (LEAST - 1) * hidden.sum()):
            break
        hidden[shown[~hidden & (shown > 0)].idxmin()] = True
    return shown.mask(hidden)


def _ring(x: Floats, y: Floats, zones: pd.DataFrame, crs: str, settings: DisplacementSettings) -> tuple[Floats, Floats]:
    """Return how far each point moves at least and at most, in meters, by the people who live around."""
    zone_x, zone_y = to_meters(zones["lon"].to_numpy(), zones["lat"].to_numpy(), crs)
    people = zones["population"].fillna(0.0).to_numpy(dtype=np.float64)
    near, far = np.full(len(x), settings.least_meters), np.full(len(x), settings.most_meters)
    for at in range(len(x)):
        meters = np.hypot(zone_x - x[at], zone_y - y[at])
        order = np.argsort(meters)
        within = np.cumsum(people[order])
        for bounds, wanted in ((near, settings.least_people), (far, settings.most_people)):
            first = int(np.searchsorted(within, wanted))
            bounds[at] = meters[order[first]] if first < len(order) else settings.most_meters
    near = np.clip(near, settings.least_meters, settings.most_meters / 2)
    return near, np.clip(far, 2 * near, settings.most_meters)


def _drawn(lon: Floats, lat: Floats, key: bytes) -> tuple[Floats, Floats]:
    """Return an angle and a share (0–1) of each place, drawn by the key."""
    drawn = [
        hmac.digest(key, f"{one:.{_PLACE_DEGREES}f},{other:.{_PLACE_DEGREES}f}".encode(), "sha256")
        for one, other in zip(lon, lat, strict=True)
    ]
    numbers = np.frombuffer(b"".join(drawn), dtype=">u8").reshape(len(drawn), 4) / 2.0**64
    return 2 * np.pi * numbers[:, 0], numbers[:, 1]
