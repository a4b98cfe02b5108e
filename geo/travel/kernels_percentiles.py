"""The compiled loop that ranks the times of many departures, place by place."""

from typing import Any

import numpy as np
import numpy.typing as npt

from geo.compiled import compiled

Array = npt.NDArray[Any]


@compiled
def ranked(rows: Array, ranks: Array, unreached: int, out: Array) -> None:
    """Fill int32[places, ranks] with the values of ranks, from 0, among int32[departures, places], none negative.

    By halving: the value of a rank is the least that more values than the rank don't exceed. Counting them takes no
    branches, so it is quicker than sorting.
    """
    departures, places = rows.shape
    never = np.int32(unreached)
    own = np.empty(departures, np.int32)
    for j in range(places):
        reached = 0
        least, most = never, np.int32(-1)
        for i in range(departures):
            value = rows[i, j]
            own[i] = value
            reached += value != never
            least = min(least, value)
            most = max(most, value if value != never else np.int32(-1))
        for r in range(len(ranks)):
            if reached <= ranks[r]:
                out[j, r] = never
                continue
            low, high = least, most
            while low < high:
                middle = np.int32(low + ((high - low) >> 1))
                count = 0
                for i in range(departures):
                    count += own[i] <= middle
                if count > ranks[r]:
                    high = middle
                else:
                    low = np.int32(middle + 1)
            out[j, r] = high
