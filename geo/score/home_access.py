"""What one home, or each of several, has access to: its seconds, and what they add up to for the person."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from geo.processors import processors
from geo.score.case import Case
from geo.score.class_access import Evaluation, evaluate
from geo.score.home_times import HomeTimes, home_times
from geo.score.traveler import PROFILE_MODES

T = TypeVar("T")
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class HomeAccess:
    """One home (WGS 84): its seconds, what they add up to for the person, and `others`: with other profiles' ways."""

    lon: float
    lat: float
    case: Case
    times: HomeTimes
    evaluation: Evaluation
    others: Mapping[str, Evaluation]


def _home_access(case: Case, lon: float, lat: float, times: HomeTimes) -> HomeAccess:
    """Return what one home's seconds add up to, with the person's own ways, and with a bicycle or a car more."""
    own = PROFILE_MODES[case.needs.profile]
    more = [
        profile
        for profile in ("bicycle", "car")
        if case.needs.profile != "wheelchair" and not set(PROFILE_MODES[profile]) <= set(own)
    ]
    evaluation, *others = evaluate(case, times, [own, *(PROFILE_MODES[profile] for profile in more)])
    return HomeAccess(lon, lat, case, times, evaluation, dict(zip(more, others, strict=True)))


def of_each_home(case: Case, lon: Floats, lat: Floats, view: Callable[[int, HomeAccess], T]) -> list[T]:
    """Return what `view` makes of each home, given its number and what it has access to; homes side by side.

    Homes are split into one block a processor. The street searches of a block run together; while one home is looked
    at, another block's timetable is searched.

    Parameters
    ----------
    lon, lat
        The homes, WGS 84.

    Raises
    ------
    OutsideRegionError
        A home is too far from any street.
    """

    def run(rows: NDArray[np.intp]) -> list[T]:
        every = home_times(case.support, case.needs, case.plan, lon[rows], lat[rows])
        return [
            view(int(k), _home_access(case, float(lon[k]), float(lat[k]), times))
            for k, times in zip(rows, every, strict=True)
        ]

    blocks = np.array_split(np.arange(len(lon)), max(1, min(processors(), len(lon))))
    if len(blocks) == 1:
        return run(blocks[0])
    with ThreadPoolExecutor(len(blocks)) as pool:
        return [one for results in pool.map(run, blocks) for one in results]
