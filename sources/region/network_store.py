"""A network as plain arrays and back, for the files of a region."""

from dataclasses import fields
from typing import Any

import numpy as np
import numpy.typing as npt

from geo.streets.build import streets_from_arrays, streets_to_arrays
from geo.streets.shortest_paths import Reached
from geo.streets.snapping import Attachment
from geo.timetables.feed import feed_from_arrays, feed_to_arrays
from geo.travel.network import Network

Array = npt.NDArray[Any]


def network_to_arrays(network: Network) -> dict[str, Array]:
    """Return every array of a network under `part.name`."""
    arrays = _named("streets", streets_to_arrays(network.streets))
    if network.feed is not None:
        arrays |= _named("feed", feed_to_arrays(network.feed))
    for part in ("stops", "transfers"):
        held = getattr(network, part)
        if held is not None:
            arrays |= _named(part, {field.name: getattr(held, field.name) for field in fields(held)})
    return arrays | {"time_zone": np.asarray(network.time_zone), "crs": np.asarray(network.crs)}


def network_from_arrays(arrays: dict[str, Array]) -> Network:
    """Return the network of `network_to_arrays`."""
    feed, stops, transfers = (_part(arrays, name) for name in ("feed", "stops", "transfers"))
    return Network(
        streets=streets_from_arrays(_part(arrays, "streets")),
        feed=feed_from_arrays(feed) if feed else None,
        stops=Attachment(**stops) if stops else None,
        transfers=Reached(**transfers) if transfers else None,
        crs=str(arrays["crs"]),
        time_zone=str(arrays["time_zone"]),
    )


def _named(part: str, arrays: dict[str, Array]) -> dict[str, Array]:
    return {f"{part}.{name}": array for name, array in arrays.items()}


def _part(arrays: dict[str, Array], part: str) -> dict[str, Array]:
    return {key.removeprefix(f"{part}."): array for key, array in arrays.items() if key.startswith(f"{part}.")}
