"""How and when people travel: the settings of one question about travel times."""

import datetime
from dataclasses import dataclass

import numpy as np

from geo.errors import InputError
from geo.tables import MODES
from geo.units import DAY_SECONDS


@dataclass(frozen=True)
class TravelSettings:
    """How and when people travel; times of day are seconds after midnight of the service day.

    Attributes
    ----------
    mode
        "transit", "walk", "bike" or "drive".
    max_minutes
        Minutes of the longest trip, its waits included.
    walk_kph, bike_kph
        Kilometers an hour; the bicycle is pushed at walking speed.
    max_walk_minutes
        Minutes of the longest leg on foot of a trip by transit.
    board_seconds
        Seconds that boarding takes, after every walk and change.
    rides
        Vehicles of one trip at most.
    wheelchair
        By transit: only vehicles, stops and ways inside stations that are said to be step-free.
    stay_seated
        One stays on board where the vehicle's run (`block_id`) goes on at once as another trip, and not only where the
        timetable says so.
    date
        The service day; a trip by transit needs one, and traffic goes by its weekday (Monday without).
    window
        First departure and the end of all, seconds from a day before the date to three days after it: the departures
        at every whole minute in [start, end).
    arrive_by
        In place of a window: the second by which one is there, within the same days.
    percentiles
        Of minutes over a window, whole numbers from 1 to 100.
    traffic
        The number of a band of `Streets.traffic`, in place of that of the hours asked about.
    ferries
        Whether one takes the map's ferries, of which nobody knows when they go; those of a timetable are vehicles.

    Raises
    ------
    InputError
        A value that can't be meant; one sentence names it.
    """

    mode: str = "transit"
    max_minutes: float = 60
    walk_kph: float = 4.8
    bike_kph: float = 15.0
    max_walk_minutes: float = 20
    board_seconds: int = 60
    rides: int = 4
    wheelchair: bool = False
    stay_seated: bool = False
    date: datetime.date | None = None
    window: tuple[int, int] | None = None
    arrive_by: int | None = None
    percentiles: tuple[int, ...] = (50,)
    traffic: int | None = None
    ferries: bool = True

    @property
    def varies(self) -> bool:
        """Tell whether minutes depend on the departure, and are percentiles over a window of them."""
        return self.mode in ("drive", "transit") and self.window is not None

    def __post_init__(self) -> None:
        if self.mode not in MODES:
            raise InputError(f"The mode must be one of {', '.join(MODES)}, not {self.mode!r}.")
        for name, (low, high) in _RANGES.items():
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int | float | np.number) or not low <= value <= high:
                raise InputError(f"{name} must be a number from {low:g} to {high:g}, not {value!r}.")
        for name in ("rides", "board_seconds"):
            if int(getattr(self, name)) != getattr(self, name):
                raise InputError(f"{name} must be a whole number, not {getattr(self, name)!r}.")
        if self.window is not None and self.arrive_by is not None:
            raise InputError("Give a window of departures or a time to arrive by, not both.")
        if self.window is not None and not -DAY_SECONDS <= self.window[0] < self.window[1] <= 3 * DAY_SECONDS:
            raise InputError(f"A window must start before it ends, within the day or next to it, not {self.window!r}.")
        if self.window is not None and self.window[1] - self.window[0] > 2 * DAY_SECONDS:
            raise InputError("A window may be two days long at most; ask for less.")
        if self.arrive_by is not None and not -DAY_SECONDS <= self.arrive_by <= 3 * DAY_SECONDS:
            raise InputError(f"The time to arrive by must lie within the day or next to it, not {self.arrive_by!r} s.")
        if not self.percentiles or any(not 0 < p <= 100 or p != int(p) for p in self.percentiles):
            raise InputError(f"Percentiles must be whole numbers from 1 to 100, not {self.percentiles!r}.")


_RANGES: dict[str, tuple[float, float]] = {
    "max_minutes": (0, 1440),
    "walk_kph": (0.5, 12),
    "bike_kph": (3, 45),
    "max_walk_minutes": (0, 120),
    "board_seconds": (0, 3600),
    "rides": (1, 8),
}
