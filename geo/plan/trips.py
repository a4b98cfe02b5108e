"""Travel for the week plan: minutes from and to a few places (home, work, the dose …) at every minute of the week.

A day's service is asked from 04:00 until 02:00 of the next; from 02:00 until 04:00 there are only streets. Times are
minutes after the midnight that begins Monday; the week repeats.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.score.service_week import Week
from geo.score.traveler import PROFILE_MODES
from geo.timetables.calendar import DAY, MORNING_MINUTES, NIGHT_MINUTES
from geo.travel.footpaths import whole_seconds
from geo.travel.kernels_raptor import UNREACHED
from geo.travel.network import Network
from geo.travel.travel_times import TravelSettings, arrival_profile, departure_profile, seconds_between
from geo.units import MINUTE

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Leg:
    """The time of one trip in seconds after the midnight that begins Monday; `mode` of the fastest way."""

    leave: int
    arrive: int
    mode: str

    @property
    def seconds(self) -> int:
        """How long it takes."""
        return self.arrive - self.leave


@dataclass(frozen=True)
class Legs:
    """Seconds between one place and all others.

    `leaving`: int32[services, minutes of a day from 04:00, places], leaving at each minute; `arriving`: the same, being
    there by each minute; `out`, `back`: by street mode; `service`: which service each weekday has.
    """

    leaving: Ints
    arriving: Ints
    out: dict[str, Ints]
    back: dict[str, Ints]
    service: NDArray[np.int64]
    known: dict[tuple[int, int, int, bool], Leg | None] = field(default_factory=dict, compare=False, repr=False)

    def last_out(self, place: int, by: int, longest: int) -> Leg | None:
        """Return the trip to a place that leaves at the latest whole minute and is there by a time."""
        return self._once(self._last_out, place, by, longest, outward=True)

    def first_back(self, place: int, after: int, longest: int) -> Leg | None:
        """Return the trip from a place that may leave from a time on and is here by the earliest whole minute."""
        return self._once(self._first_back, place, after, longest, outward=False)

    def _once(
        self, look_up: Callable[[int, int, int], Leg | None], place: int, minute: int, longest: int, *, outward: bool
    ) -> Leg | None:
        """Return a trip that was looked up before, or look it up: changed needs ask for the same ones again."""
        key = (place, minute, longest, outward)
        if key not in self.known:
            self.known[key] = look_up(place, minute, longest)
        return self.known[key]

    def _last_out(self, place: int, by: int, longest: int) -> Leg | None:
        minutes = np.arange(by - longest, by + 1)
        seconds = self._at(self.leaving, place, minutes)
        good = np.flatnonzero((seconds <= longest * MINUTE) & (minutes * MINUTE + seconds <= by * MINUTE))
        if not len(good):
            return None
        leave, took = int(minutes[good[-1]]) * MINUTE, int(seconds[good[-1]])
        return Leg(leave, leave + took, self._mode(self.out, place, took))

    def _first_back(self, place: int, after: int, longest: int) -> Leg | None:
        minutes = np.arange(after, after + longest + 1)
        seconds = self._at(self.arriving, place, minutes)
        good = np.flatnonzero((seconds <= longest * MINUTE) & (minutes * MINUTE - seconds >= after * MINUTE))
        if not len(good):
            return None
        return Leg(after * MINUTE, int(minutes[good[0]]) * MINUTE, self._mode(self.back, place, int(seconds[good[0]])))

    def fastest_out(self, place: int, after: int, by: int, longest: int) -> Leg | None:
        """Return the fastest trip to a place between two times, the earliest of equals."""
        minutes = np.arange(after, by + 1)
        seconds = self._at(self.leaving, place, minutes)
        good = (seconds <= longest * MINUTE) & (minutes * MINUTE + seconds <= by * MINUTE)
        if not good.any():
            return None
        best = int(np.argmin(np.where(good, seconds, UNREACHED)))
        leave, took = int(minutes[best]) * MINUTE, int(seconds[best])
        return Leg(leave, leave + took, self._mode(self.out, place, took))

    def fastest_back(self, place: int, after: int, by: int, longest: int) -> Leg | None:
        """Return the fastest trip from a place between two times, the earliest of equals."""
        minutes = np.arange(after, by + 1)
        seconds = self._at(self.arriving, place, minutes)
        good = (seconds <= longest * MINUTE) & (minutes * MINUTE - seconds >= after * MINUTE)
        if not good.any():
            return None
        best = int(np.argmin(np.where(good, seconds, UNREACHED)))
        arrive, took = int(minutes[best]) * MINUTE, int(seconds[best])
        return Leg(arrive - took, arrive, self._mode(self.back, place, took))

    @cached_property
    def reached(self) -> NDArray[np.bool_]:
        """Return to which places there is any way, and back, at any time."""
        both_ways: NDArray[np.bool_] = (self.leaving != UNREACHED).any((0, 1)) & (self.arriving != UNREACHED).any(
            (0, 1)
        )
        return both_ways

    def _at(self, table: Ints, place: int, minutes: NDArray[np.int64]) -> NDArray[np.int64]:
        day, row = np.divmod(minutes - MORNING_MINUTES, DAY)
        seconds: NDArray[np.int64] = table[self.service[day % 7], row, place].astype(np.int64)
        return seconds

    def _mode(self, streets: dict[str, Ints], place: int, seconds: int) -> str:
        return next((mode for mode, known in streets.items() if known[place] == seconds), "transit")


@dataclass(frozen=True)
class Rides:
    """What the timetable gives between one place and the `wanted` ones, on foot included, as in `Legs`."""

    wanted: tuple[int, ...]
    leaving: Ints
    arriving: Ints


def rides(
    network: Network, week: Week, settings: TravelSettings, lon: Floats, lat: Floats, here: int, wanted: Sequence[int]
) -> Rides:
    """Return the times by timetable between the place numbered `here` and the `wanted` ones, whatever else one has."""
    one, there = (pd.DataFrame({"lon": lon[rows], "lat": lat[rows]}) for rows in ([here], list(wanted)))
    window = (MORNING_MINUTES * MINUTE, NIGHT_MINUTES * MINUTE)

    def table(times: Callable[..., Ints]) -> Ints:
        numbers = sorted(set(week.pattern))
        seconds = np.full((len(numbers), DAY, len(wanted)), UNREACHED, dtype=np.int32)
        for position, number in enumerate(numbers):
            if number >= 0:
                part = times(network, one, there, replace(settings, date=week.dates[number], window=window))
                seconds[position, : len(part)] = part
        return seconds

    return Rides(tuple(wanted), table(departure_profile), table(arrival_profile))


def legs(
    network: Network, week: Week, settings: TravelSettings, profile: str, lon: Floats, lat: Floats, here: int,
    ridden: Rides,
) -> Legs:  # fmt: skip
    """Return the times by any way of a profile between the place numbered `here` and the others of the rides."""
    wanted = list(ridden.wanted)
    one, there = (pd.DataFrame({"lon": lon[rows], "lat": lat[rows]}) for rows in ([here], wanted))
    out = {mode: _street(network, settings, mode, one, there)[0] for mode in PROFILE_MODES[profile]}
    back = {mode: _street(network, settings, mode, there, one)[:, 0] for mode in PROFILE_MODES[profile]}

    def table(fixed: dict[str, Ints], by_bus: Ints) -> Ints:
        filled = np.full((*by_bus.shape[:2], len(lon)), UNREACHED, dtype=np.int32)
        filled[:, :, wanted] = np.minimum(by_bus, np.minimum.reduce(list(fixed.values())))
        return filled

    def widened(fixed: dict[str, Ints]) -> dict[str, Ints]:
        whole = {mode: np.full(len(lon), UNREACHED, dtype=np.int32) for mode in fixed}
        for mode, seconds in fixed.items():
            whole[mode][wanted] = seconds
        return whole

    numbers = sorted(set(week.pattern))
    return Legs(
        table(out, ridden.leaving),
        table(back, ridden.arriving),
        widened(out),
        widened(back),
        np.array([numbers.index(number) for number in week.pattern]),
    )


def _street(
    network: Network, settings: TravelSettings, mode: str, origins: pd.DataFrame, destinations: pd.DataFrame
) -> Ints:
    longest = settings.max_minutes if mode != "walk" else min(settings.max_walk_minutes, settings.max_minutes)
    seconds = seconds_between(network, origins, destinations, replace(settings, mode=mode, max_minutes=longest))
    whole: Ints = np.where(np.isfinite(seconds[:, :, 0]), whole_seconds(seconds[:, :, 0]), UNREACHED).astype(np.int32)
    return whole
