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

from geo.clock import DAY
from geo.needs.needs import Needs
from geo.score.parameters import Parameters
from geo.score.service_week import Week
from geo.score.traveler import PROFILE_MODES, travel_settings
from geo.streets.traffic import Traffic
from geo.timetables.calendar import MORNING_MINUTES, NIGHT_MINUTES
from geo.travel.footpaths import whole_seconds
from geo.travel.kernels_raptor import UNREACHED
from geo.travel.network import Network
from geo.travel.travel_times import TravelSettings, arrival_profile, departure_profile, seconds_between
from geo.units import MINUTE

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]


def sure_travel(needs: Needs, parameters: Parameters, longest_minutes: float) -> TravelSettings:
    """Return how the person of a plan travels: by no ferry of the map's, since nobody knows when they go."""
    return replace(travel_settings(needs, parameters, longest_minutes), ferries=False)


@dataclass(frozen=True)
class Leg:
    """The time of one trip in seconds after the midnight that begins Monday; `mode` of the fastest way.

    `service_day`: the day in whose timetable it was found, 0 = Monday, −1 = the Sunday before; for a trip that was
    asked by its arrival, the day of the arrival. `traffic`: the band of `Streets.traffic` that a car meets.
    """

    leave: int
    arrive: int
    mode: str
    service_day: int
    traffic: int | None = None

    @property
    def seconds(self) -> int:
        """How long it takes."""
        return self.arrive - self.leave


def no_trip(minute: int) -> Leg:
    """Return the trip of a person who is there already, at a minute of the week."""
    return Leg(minute * MINUTE, minute * MINUTE, "", _service_day(minute))


def _service_day(minute: int) -> int:
    return (minute - MORNING_MINUTES) // DAY


@dataclass(frozen=True)
class Legs:
    """Seconds between one place and all others.

    `leaving`: int32[services, minutes of a day from 04:00, places], leaving at each minute; `arriving`: the same, being
    there by each minute; `out`, `back`: by street mode, int32[bands of traffic, places]; `service`: which service each
    weekday has, where a car's traffic is part of a service.
    """

    leaving: Ints
    arriving: Ints
    out: dict[str, Ints]
    back: dict[str, Ints]
    service: NDArray[np.int64]
    traffic: Traffic
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
        return self._outward(place, int(minutes[good[-1]]), int(seconds[good[-1]]))

    def _first_back(self, place: int, after: int, longest: int) -> Leg | None:
        minutes = np.arange(after, after + longest + 1)
        seconds = self._at(self.arriving, place, minutes)
        good = np.flatnonzero((seconds <= longest * MINUTE) & (minutes * MINUTE - seconds >= after * MINUTE))
        if not len(good):
            return None
        return self._homeward(place, after * MINUTE, int(minutes[good[0]]), int(seconds[good[0]]))

    def fastest_out(self, place: int, after: int, by: int, longest: int) -> Leg | None:
        """Return the fastest trip to a place between two times, the earliest of equals."""
        minutes = np.arange(after, by + 1)
        seconds = self._at(self.leaving, place, minutes)
        good = (seconds <= longest * MINUTE) & (minutes * MINUTE + seconds <= by * MINUTE)
        if not good.any():
            return None
        best = int(np.argmin(np.where(good, seconds, UNREACHED)))
        return self._outward(place, int(minutes[best]), int(seconds[best]))

    def fastest_back(self, place: int, after: int, by: int, longest: int) -> Leg | None:
        """Return the fastest trip from a place between two times, the earliest of equals."""
        minutes = np.arange(after, by + 1)
        seconds = self._at(self.arriving, place, minutes)
        good = (seconds <= longest * MINUTE) & (minutes * MINUTE - seconds >= after * MINUTE)
        if not good.any():
            return None
        best = int(np.argmin(np.where(good, seconds, UNREACHED)))
        home, took = int(minutes[best]), int(seconds[best])
        return self._homeward(place, home * MINUTE - took, home, took)

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

    def _outward(self, place: int, minute: int, took: int) -> Leg:
        """Return the trip that leaves at a minute of the week and takes so many seconds."""
        leave = minute * MINUTE
        return Leg(leave, leave + took, *self._way(self.out, place, took, minute, minute))

    def _homeward(self, place: int, leave: int, minute: int, took: int) -> Leg:
        """Return the trip that may begin at a second, takes so many, and is here by a minute of the week."""
        return Leg(leave, minute * MINUTE, *self._way(self.back, place, took, minute, minute - 1))

    def _way(
        self, streets: dict[str, Ints], place: int, took: int, asked: int, driven: int
    ) -> tuple[str, int, int | None]:
        """Return mode, service day and traffic of a trip looked up at one minute, in the traffic of another."""
        band = int(self.traffic.at(0, driven))
        mode = next((mode for mode, known in streets.items() if known[band, place] == took), "transit")
        return mode, _service_day(asked), band if mode == "drive" else None


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
    modes, traffic = PROFILE_MODES[profile], network.streets.traffic
    out = {mode: _street(network, settings, mode, one, there)[:, 0] for mode in modes}
    back = {mode: _street(network, settings, mode, there, one)[:, :, 0] for mode in modes}
    numbers = sorted(set(week.pattern))
    minutes = MORNING_MINUTES + np.arange(DAY)
    from_before = np.arange(MORNING_MINUTES - 1, MORNING_MINUTES + DAY)
    hours = [traffic.at(day, from_before).tobytes() if "drive" in modes else b"" for day in range(7)]
    services = list(dict.fromkeys(zip(week.pattern, hours, strict=True)))
    service = np.array([services.index(one) for one in zip(week.pattern, hours, strict=True)])
    of_service = [(int(np.argmax(service == k)), numbers.index(number)) for k, (number, _) in enumerate(services)]

    def table(streets: dict[str, Ints], by_bus: Ints, shift: int) -> Ints:
        fastest = np.minimum.reduce(list(streets.values()))
        filled = np.full((len(services), DAY, len(lon)), UNREACHED, dtype=np.int32)
        for k, (weekday, number) in enumerate(of_service):
            filled[k][:, wanted] = np.minimum(by_bus[number], fastest[traffic.at(weekday, minutes - shift)])
        return filled

    def widened(streets: dict[str, Ints]) -> dict[str, Ints]:
        whole = {
            mode: np.full((len(seconds), len(lon)), UNREACHED, dtype=np.int32) for mode, seconds in streets.items()
        }
        for mode, seconds in streets.items():
            whole[mode][:, wanted] = seconds
        return whole

    tables = table(out, ridden.leaving, 0), table(back, ridden.arriving, 1)
    return Legs(*tables, widened(out), widened(back), service, traffic)


def _street(
    network: Network, settings: TravelSettings, mode: str, origins: pd.DataFrame, destinations: pd.DataFrame
) -> Ints:
    """Return whole seconds in each band of traffic, int32[bands, origins, destinations]; alike but for a car."""
    bands = len(network.streets.traffic.bands)
    if mode == "drive":
        each = [replace(settings, traffic=band) for band in range(bands)]
        return np.stack([_whole(network, one, mode, origins, destinations) for one in each])
    whole = _whole(network, settings, mode, origins, destinations)
    return np.broadcast_to(whole, (bands, *whole.shape))


def _whole(
    network: Network, settings: TravelSettings, mode: str, origins: pd.DataFrame, destinations: pd.DataFrame
) -> Ints:
    longest = settings.max_minutes if mode != "walk" else min(settings.max_walk_minutes, settings.max_minutes)
    seconds = seconds_between(network, origins, destinations, replace(settings, mode=mode, max_minutes=longest))
    whole: Ints = np.where(np.isfinite(seconds[:, :, 0]), whole_seconds(seconds[:, :, 0]), UNREACHED).astype(np.int32)
    return whole
