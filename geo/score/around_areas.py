"""A region as one person may go about it: without the areas that they stay away from."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.needs.fields import ANYWHERE, RIDE_THROUGH
from geo.needs.needs import Needs
from geo.needs.stay_away import ground, inside
from geo.score.support import Places, RegionSupport, attached_places
from geo.travel.keep_out import flagging, keeping_out
from geo.travel.network import remembered
from geo.travel.transit_search import digest


def around_areas(support: RegionSupport, needs: Needs) -> RegionSupport:
    """Return the region with the ways that a person may take; itself where there is nothing to stay away from.

    Places inside an area are reached by nobody who keeps out of it; who else competes for the others stays as it is.
    """
    if not needs.stay_away:
        return support
    areas = ground(needs.stay_away, support.network.crs)
    if needs.stay_away_trips == ANYWHERE:
        return replace(support, network=flagging(support.network, areas))
    network = keeping_out(support.network, areas, ride_through=needs.stay_away_trips == RIDE_THROUGH)

    def attached(places: Places) -> Places:
        key = ("places of the support", digest(places.lon, places.lat))
        return remembered(network, key, lambda: attached_places(network, places.lon, places.lat))

    return replace(support, network=network, places=attached(support.places), job_places=attached(support.job_places))


def keeps_out(needs: Needs) -> bool:
    """Return whether there are areas that the person's ways keep out of."""
    return bool(needs.stay_away) and needs.stay_away_trips != ANYWHERE


def groups(
    support: RegionSupport, needs: Needs, lon: ArrayLike, lat: ArrayLike
) -> Iterator[tuple[RegionSupport, Needs, NDArray[np.int64]]]:
    """Yield homes (WGS 84) as numbers, those outside all areas and those inside one, with what holds for them.

    From a home inside an area every way enters it: those are told of as they are, with the legs that do.
    """
    within = lies_inside(support, needs, lon, lat)
    for chosen, own in ((~within, needs), (within, replace(needs, stay_away_trips=ANYWHERE))):
        if chosen.any():
            yield around_areas(support, own), own, np.flatnonzero(chosen)


def lies_inside(support: RegionSupport, needs: Needs, lon: ArrayLike, lat: ArrayLike) -> NDArray[np.bool_]:
    """Return which places (WGS 84) lie in an area to stay away from."""
    lons, lats = (np.atleast_1d(np.asarray(axis, dtype=np.float64)) for axis in (lon, lat))
    within = np.zeros(len(lons), np.bool_)
    for area in needs.stay_away:
        within |= inside(area, lons, lats, support.network.crs)
    return within
