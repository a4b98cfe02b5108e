"""Neighboring starts searched together: the same steps as a search from each, for less work.

It pays where starts have most of the stops in their walks in common; `side_by_side` brings such starts together.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from geo.travel.kernels_neighbors import (
    LANES,
    MOST_NUMBERS,
    MOST_POSITIONS,
    MOST_SECONDS,
    MOST_TAKEN,
    MOST_TRIPS,
    Room,
    calls_between,
    coming_departures,
    steps_of,
    together,
)
from geo.travel.kernels_raptor import SECONDS, SINCE, Links, Walks
from geo.travel.kernels_steps import Steps
from geo.travel.transit_search import Search
from geo.units import MINUTE

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_SHARED = 6.0
"""Searched together are starts of which a stop in reach on foot is, in the mean, in reach of so many."""
_VECTORS, _PIECES, _STEPS_A_PLACE = 1 << 15, 1 << 16, 256
_GROW = 4


@dataclass(frozen=True)
class Calls:
    """The calls of a day that searches together go through.

    `begin`: the first second; `calls`, `coming`, `third`: see `geo.travel.kernels_neighbors`.
    """

    begin: int
    calls: Longs
    coming: Ints
    third: Ints


@dataclass(frozen=True)
class Together:
    """What a search from several starts led to: the steps of each, still packed."""

    counts: Longs
    packed: Longs
    places: int
    minutes: int

    def steps(self, start: int) -> Steps:
        """Return the steps of one start, in rows of departures a minute apart, the latest first."""
        steps: Steps = steps_of(self.packed[start, : self.counts[start]], self.places, self.minutes)
        return steps


def calls_of(search: Search, first: int, minutes: int) -> Calls | None:
    """Return the calls for departures from second `first` on, so many, a minute apart.

    None where numbers are too large, and where going through calls by time could miss one: where a trip departs before
    it arrives, or a change may take no time at all.
    """
    day, rules = search.day, search.rules
    seconds = MINUTE * (minutes - 1) + rules.limit
    small = (
        len(day.trip_number) < MOST_TRIPS
        and int(np.diff(day.pattern_offset).max(initial=0)) < MOST_POSITIONS
        and seconds < MOST_SECONDS
        and rules.limit < MOST_TAKEN
        and minutes < MOST_NUMBERS - 1
    )
    if not small or rules.board_seconds + rules.alight_seconds < 1:
        return None
    calls, in_order = calls_between(search.lines, first, first + seconds)
    if not in_order:
        return None
    calls.sort()
    return Calls(first, calls, *coming_departures(search.lines, calls, first))


def are_neighbors(access: Links) -> bool:
    """Tell whether starts, by their walks to stops, are near enough to one another to be searched together."""
    return len(access.target) > 0 and len(access.target) >= _SHARED * len(np.unique(access.target))


def search_together(search: Search, day: Calls, egress: Walks, places: int, access: Links, minutes: int) -> Together:
    """Search from at most `LANES` starts.

    Parameters
    ----------
    day
        `calls_of` the search for these minutes.
    egress
        Walks from stops to so many `places`.
    access
        The walks from each start to stops.
    """
    rules = search.rules
    longest = max(_longest(search.onward), _longest(egress)) + rules.board_seconds + rules.alight_seconds
    span, room = 1 << int(longest + 2).bit_length(), Room(_VECTORS, _PIECES, places * min(minutes, _STEPS_A_PLACE))
    while True:
        counts, packed = together(
            search.lines, (day.calls, day.coming, day.third), day.begin, search.onward, egress, places, access,
            day.begin, minutes, rules, span, room,
        )  # fmt: skip
        if counts[0] >= 0:
            return Together(counts, packed, places, minutes)
        room = Room(*(_GROW * size for size in room))


def side_by_side(lon: Floats, lat: Floats) -> npt.NDArray[np.intp]:
    """Return the rows of places (WGS 84) in an order in which each `LANES` in turn are close together.

    Places are halved across their wider extent until no half has more, with whole groups on one side.
    """
    if not len(lon):
        return np.arange(0)
    x, y = lon * np.cos(np.radians(lat.mean())), lat
    groups, waiting = [], [np.arange(len(lon))]
    while waiting:
        rows = waiting.pop()
        if len(rows) <= LANES:
            groups.append(rows)
            continue
        axis, other = (x, y) if np.ptp(x[rows]) >= np.ptp(y[rows]) else (y, x)
        ordered = rows[np.lexsort((rows, other[rows], axis[rows]))]
        middle = -(-len(rows) // (2 * LANES)) * LANES
        waiting += [ordered[middle:], ordered[:middle]]
    return np.concatenate(groups)


def _longest(walks: Walks) -> int:
    seconds: Any = walks.walk >> SECONDS & ((1 << (SINCE - SECONDS)) - 1)
    return int(seconds.max(initial=0))
