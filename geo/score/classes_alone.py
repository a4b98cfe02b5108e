"""Some classes of places alone, at many homes: for what asks about these and not about whole scores."""

from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.score.case import Case
from geo.score.class_access import ClassAccess, class_accesses
from geo.score.home_times import HOMES_AT_ONCE, home_times, shared_times
from geo.score.parameters import ClassRule
from geo.score.support import RegionSupport, prepare
from geo.score.traveler import PROFILE_MODES
from geo.travel.transit_search import threads

Floats = NDArray[np.float64]


def classes_alone(
    support: RegionSupport,
    rules: Sequence[ClassRule],
    zones: pd.DataFrame,
    places: pd.DataFrame,
    proposed: Collection[str] = (),
) -> RegionSupport:
    """Return a region with some classes of places, which apply to anyone, and no meetings, jobs or other classes.

    Parameters
    ----------
    zones
        The ZONES table: who competes for beds.
    places
        Rows of RESOURCES, all that there are.
    proposed
        As `geo.score.support.prepare`.
    """
    return prepare(
        support.network,
        places,
        support.sessions.iloc[:0],
        zones.assign(jobs=np.nan),
        replace(support.parameters, classes=tuple(replace(rule, applies="always") for rule in rules)),
        support.region_hash,
        proposed=proposed,
    )


def at_homes(
    case: Case, lon: Floats, lat: Floats, numbers: Callable[[Sequence[ClassAccess]], Sequence[float] | Floats]
) -> Iterator[tuple[slice, Floats]]:
    """Yield the rows of some homes and their numbers, float64[homes, numbers], in order and until all are through.

    Parameters
    ----------
    lon, lat
        Homes with a street (WGS 84).
    numbers
        Gives those of one home from its access to each class, as many for each.

    Raises
    ------
    OutsideRegionError
        A home is too far from any street.
    """
    modes = PROFILE_MODES[case.needs.profile]
    shared = shared_times(case.support, case.plan, len(lon))

    def block(rows: slice) -> Floats:
        homes = home_times(case.support, case.needs, case.plan, lon[rows], lat[rows], modes, shared)
        classes = (class_accesses(case, times, [modes]) for times in homes)
        return np.array([numbers([one for (one,) in every]) for every in classes], np.float64)

    blocks = [slice(first, first + HOMES_AT_ONCE) for first in range(0, len(lon), HOMES_AT_ONCE)]
    with ThreadPoolExecutor(threads()) as pool:
        running = [pool.submit(block, rows) for rows in blocks]
        try:
            yield from ((rows, one.result()) for rows, one in zip(blocks, running, strict=True))
        finally:  # who has seen enough waits for no other block
            for one in running:
                one.cancel()
