"""Candidates that may be left out of a program: another reaches all that they reach (Church & ReVelle's coverage)."""

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

_MOST_PAIRS = 2_000_000_000
"""Pairs of candidates of a cell, over all cells, beyond which only those that reach the same are compared."""
_AT_ONCE = 256


def undominated(near: scipy.sparse.csr_array) -> NDArray[np.int64]:
    """Return the candidates without those of which another reaches all cells and more; of those alike, the first.

    With them alone the best choice of so many reaches as many people, so long as none costs more than another.

    Parameters
    ----------
    near
        Which cells each candidate reaches, sparse [cells, candidates]: 1 where one does.
    """
    columns = near.T.tocsr().astype(np.float64)
    columns.sort_indices()
    first: dict[bytes, int] = {}
    for number, cells in enumerate(np.split(columns.indices, columns.indptr[1:-1])):
        first.setdefault(cells.tobytes(), number)
    distinct = np.array(list(first.values()), np.int64)
    kept = columns[distinct]
    size = np.diff(kept.indptr)
    if (np.bincount(kept.indices).astype(np.float64) ** 2).sum() > _MOST_PAIRS:
        return distinct
    dominated = (size == 0) & (size.max(initial=0) > 0)
    for start in range(0, len(distinct), _AT_ONCE):
        both = (kept[start : start + _AT_ONCE] @ kept.T).tocoo()
        row, other = both.coords[0] + start, both.coords[1]
        dominated[row[(both.data == size[row]) & (size[other] > size[row])]] = True
    left: NDArray[np.int64] = distinct[~dominated]
    return left
