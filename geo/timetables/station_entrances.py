"""Where stops are entered from the street: at their own place, or through the entrances of their station.

A stop that its timetable links to entrances is reached through one of them only, and the way inside the station is part
of the walk. A wheelchair needs a way without steps.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from geo.streets.build import Streets
from geo.streets.snapping import Attachment, attach, subset
from geo.timetables.feed import Feed

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Doors:
    """Ways between gates and stops in one direction, and for some people: entry k leads to or from `stop[k]`."""

    gate: Array
    stop: Array
    seconds: Array


@dataclass(frozen=True)
class Gates:
    """Places on the street from which stops are entered and left.

    Attributes
    ----------
    lon, lat, places
        One a gate: WGS 84, and where it meets the walking streets. The stops without entrances come first, in their
        order, then the entrances.
    inward, outward
        Ways inside; a stop without entrances is its own gate, at no time.
    are_stops
        Every gate is the stop of the same number.
    """

    lon: Array
    lat: Array
    places: Attachment
    inward: Doors
    outward: Doors
    are_stops: bool


def gates_of(streets: Streets, feed: Feed, stops: Attachment, *, step_free: bool = False) -> Gates:
    """Return the gates of all stops, with the ways that are there for everyone or `step_free`."""
    count = len(feed.stop_id)
    open_air = np.setdiff1d(np.arange(count), feed.door_stop)
    entrances = attach(streets, feed.gate_lon, feed.gate_lat, "walk")
    own = subset(stops, open_air)
    places = Attachment(
        np.concatenate([own.link, entrances.link]),
        np.concatenate([own.fraction, entrances.fraction]),
        np.concatenate([own.meters_off, entrances.meters_off]),
    )

    def doors(seconds: Array) -> Doors:
        way = seconds >= 0
        return Doors(
            np.concatenate([np.arange(len(open_air)), len(open_air) + feed.door_gate[way]]),
            np.concatenate([open_air, feed.door_stop[way]]),
            np.concatenate([np.zeros(len(open_air), np.int64), seconds[way]]),
        )

    ways_inside = (feed.door_step_free_in, feed.door_step_free_out) if step_free else (feed.door_in, feed.door_out)
    return Gates(
        lon=np.concatenate([feed.stop_lon[open_air], feed.gate_lon]),
        lat=np.concatenate([feed.stop_lat[open_air], feed.gate_lat]),
        places=places,
        inward=doors(ways_inside[0]),
        outward=doors(ways_inside[1]),
        are_stops=len(open_air) == count and not len(feed.gate_lon),
    )


def never_walked_to(entrances: Gates, stops: int) -> Array:
    """Return bool[stops]: those that no street leads to, through any gate."""
    reached = np.zeros(stops, np.bool_)
    reached[entrances.inward.stop[entrances.places.link[entrances.inward.gate] >= 0]] = True
    return ~reached
