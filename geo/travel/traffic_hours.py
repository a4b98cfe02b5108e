"""Whose traffic holds for a car at the times that are asked about."""

import numpy as np
import numpy.typing as npt

from geo.clock import day_name, minutes_text, window_text
from geo.streets.traffic import Traffic
from geo.travel.settings import TravelSettings
from geo.units import MINUTE

Ints = npt.NDArray[np.int8]


def bands_of(traffic: Traffic, settings: TravelSettings) -> Ints:
    """Return the band that holds for a car at each departure that is asked about; one without a window of them."""
    weekday = 0 if settings.date is None else settings.date.weekday()
    if settings.traffic is not None:
        return np.array([settings.traffic], np.int8)
    if settings.window is not None:
        return traffic.at(weekday, np.arange(*settings.window, MINUTE) // MINUTE)
    if settings.arrive_by is not None:
        return traffic.at(weekday, [(settings.arrive_by - 1) // MINUTE])
    return traffic.at(weekday, [traffic.usual_minute])


def hours_in_words(traffic: Traffic, settings: TravelSettings) -> str:
    """Return which hours, and whose traffic, hold for a car: "Monday 07:00-09:00, rush"."""
    day = day_name(0 if settings.date is None else settings.date.weekday())
    if settings.window is not None:
        when = window_text(settings.window)
    elif settings.arrive_by is not None:
        when = f"by {minutes_text(settings.arrive_by / MINUTE)}"
    else:
        when = minutes_text(traffic.usual_minute)
    bands = bands_of(traffic, settings)
    return f"{day} {when}, {' and '.join(traffic.bands[band] for band in dict.fromkeys(bands.tolist()))}"
