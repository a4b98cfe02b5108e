"""Classes laid out one after the other, as the compiled loops of the score take them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.score.kernels_score import Classes
from geo.streets.topology import STREET_MODES
from geo.tables import MODES

TRANSIT = "transit"
BY_TIMETABLE = MODES.index(TRANSIT)

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]


def laid_out(
    weights: Sequence[Floats], columns: Sequence[Ints], parts: Sequence[int], are_jobs: Sequence[bool]
) -> Classes:
    """Return classes one after the other.

    Parameters
    ----------
    weights
        Of each class, f at whole seconds by each of `MODES`: float64[modes, seconds].
    columns
        Of each class, the places of its members.
    parts
        Of each class, the number of parts of its windows.
    are_jobs
        Of each class, whether its places are those of jobs.
    """
    lengths = np.array([weight.shape[1] for weight in weights], np.int64)
    slots = -(-lengths // 60)
    by_timetable = [weight[BY_TIMETABLE] for weight in weights]
    return Classes(
        member=_from_0([len(column) for column in columns]),
        part=_from_0(parts),
        is_jobs=np.array(are_jobs, np.bool_),
        column=np.concatenate([np.empty(0, np.int32), *columns]),
        length=lengths,
        worth=_from_0(60 * slots),
        slot=slots,
        by_timetable=_joined([_by_minutes(weight) for weight in by_timetable]),
        greatest=_joined([_by_minutes(np.maximum.accumulate(weight[::-1])[::-1]) for weight in by_timetable]),
        mode=_from_0(len(STREET_MODES) * lengths),
        by_mode=_joined([weight[: len(STREET_MODES)].reshape(-1) for weight in weights]),
    )


def _by_minutes(weight: Floats) -> Floats:
    """Return f ordered by the seconds after a whole minute, then by minutes; 0 beyond its end."""
    whole = np.zeros(60 * -(-len(weight) // 60))
    whole[: len(weight)] = weight
    return whole.reshape(-1, 60).T.reshape(-1)


def _from_0(counts: ArrayLike) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)


def _joined(arrays: Sequence[Floats]) -> Floats:
    return np.concatenate([np.empty(0), *arrays])
