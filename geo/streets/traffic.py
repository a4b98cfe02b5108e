"""How traffic slows a car, by hour and kind of road: from `data/traffic/*.toml`, validated, frozen, hashed.

Hours of the week fall into a few *bands* (night, day, rush hours …), within which traffic is taken for the same; a car
takes a band's factor times the free-flow seconds of each kind of road. The traffic of the minute at which one leaves
holds for the whole trip; where only the time of arrival is given, that of the minute before it.
"""

from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from geo.clock import DAY, SATURDAY, WEEK, clock_minute
from geo.errors import NeedsError
from geo.toml_table import TomlTable, digest, read_document

Array = npt.NDArray[Any]
Ints = npt.NDArray[np.int8]
ROADS = {
    "freeway": ("motorway",),
    "arterial": ("trunk", "primary", "secondary", "tertiary"),
    "local": (
        "unclassified", "residential", "living_street", "service", "track", "cycleway", "pedestrian", "footway",
        "steps", "ferry",
    ),
}  # fmt: skip
"""Kinds of road that traffic slows alike, and their classes (`geo.streets.tags.CLASSES`)."""


@dataclass(frozen=True)
class Traffic:
    """A profile of b bands.

    Attributes
    ----------
    bands
        Names.
    factors
        float32[b, kinds]: a car's seconds over those in free flow, by the kinds of `ROADS`.
    week
        int8[10080]: the band of each minute from the midnight that begins Monday.
    usual_minute
        Minute of the day that holds where none is asked for.
    hash
        SHA-256 of the document in canonical form.
    """

    name: str
    bands: tuple[str, ...]
    factors: npt.NDArray[np.float32] = field(compare=False)
    week: Ints = field(compare=False)
    usual_minute: int
    hash: str

    def at(self, weekday: npt.ArrayLike, minute: npt.ArrayLike) -> Ints:
        """Return the band at minutes after the midnight that begins a weekday; they may be before it or past 24:00."""
        bands: Ints = self.week[(np.asarray(weekday, np.int64) * DAY + np.asarray(minute, np.int64)) % WEEK]
        return bands


def load_traffic(path: Path | str | None = None) -> Traffic:
    """Load a profile: None = the default; a bare name = a file shipped in `data/traffic`; else a path.

    Raises
    ------
    NeedsError
        The file is missing or not TOML, or a key is missing, unknown or holds a value that can't be used.
    """
    return traffic_from(*read_document("default" if path is None else path, "traffic"))


@cache
def usual_traffic() -> Traffic:
    """Return the default profile, read once."""
    return load_traffic()


def traffic_from(document: dict[str, Any], where: str = "the traffic profile") -> Traffic:
    """Make a `Traffic` from plain values, as TOML gives them.

    Raises
    ------
    NeedsError
        Names the key, what was expected and what came.
    """
    top = TomlTable(document, where)
    names, factors = [], []
    for row in top.tables("bands"):
        names.append(row.text("name"))
        of_roads = row.table("factors")
        factors.append([of_roads.number(kind, least=0.5, most=5) for kind in ROADS])
        row.text("source")
        for reader in (of_roads, row):
            reader.finish()
    if len(set(names)) < len(names):
        raise NeedsError(f"{where}: two bands have the same name; each needs its own.")
    hours = top.table("hours")
    days = {name: _day(hours.table(name), tuple(names)) for name in ("weekday", "saturday", "sunday")}
    traffic = Traffic(
        name=top.text("name"),
        bands=tuple(names),
        factors=np.array(factors, np.float32),
        week=np.concatenate([days["weekday"]] * SATURDAY + [days["saturday"], days["sunday"]]),
        usual_minute=top.clock("usual"),
        hash=digest(document),
    )
    hours.text("source")
    top.text("source")
    for reader in (hours, top):
        reader.finish()
    return traffic


def traffic_from_arrays(arrays: dict[str, Array]) -> Traffic:
    """Return the profile whose fields were kept as arrays."""
    return Traffic(
        name=str(arrays["name"]),
        bands=tuple(str(name) for name in arrays["bands"]),
        factors=arrays["factors"],
        week=arrays["week"],
        usual_minute=int(arrays["usual_minute"]),
        hash=str(arrays["hash"]),
    )


def stretches(traffic: Traffic, weekday: int, start: int, end: int, *, arriving: bool) -> list[tuple[int, int, int]]:
    """Return the stretches of minutes start … end − 1 of a weekday in which one band holds: band, start, end."""
    bands = traffic.at(weekday, np.arange(start, end) - arriving)
    edges = [0, *(np.flatnonzero(np.diff(bands)) + 1).tolist(), len(bands)]
    return [(int(bands[a]), start + a, start + b) for a, b in pairwise(edges)]


def _day(row: TomlTable, bands: tuple[str, ...]) -> Ints:
    """Return the band of each minute of a day, from the clock times at which they begin."""
    begins = [(clock_minute(key, row.where), bands.index(row.text(key, bands))) for key in row.values]
    begins.sort()
    starts = [minute for minute, _ in begins]
    if not starts or starts[0] != 0 or len(set(starts)) < len(starts):
        raise NeedsError(f"{row.where} must say once which band begins at each clock time, the first at 00:00.")
    row.finish()
    return np.repeat(np.array([band for _, band in begins], np.int8), np.diff([*starts, DAY]))
