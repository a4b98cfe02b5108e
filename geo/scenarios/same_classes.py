"""Two surfaces made comparable: a class of which one side has no place at all counts as 0 there, as nothing in reach.

A class without any place is left out of a score, so that its first place would lower the scores of all who are far
from it, and to close its last one would raise them.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.score.case import Case
from geo.score.surface import class_columns, put_together


def with_same_classes(
    before: pd.DataFrame, after: pd.DataFrame, case: Case
) -> tuple[pd.DataFrame, pd.DataFrame, tuple[str, ...]]:
    """Return two surfaces in which the same classes count in each cell, and a sentence on each class made to count.

    Parameters
    ----------
    before, after
        As `geo.score.surface.score_cells` gives them, of the same cells in the same order.
    case
        Of either side: which classes apply, and what they weigh.
    """
    names = class_columns(case.support.parameters)
    scored = (before["status"] == "scored").to_numpy() & (after["status"] == "scored").to_numpy()
    there = [side[list(names)].notna().to_numpy() for side in (before, after)]
    lacking = [there[1 - side] & ~there[side] & scored[:, None] for side in (0, 1)]
    if not lacking[0].any() and not lacking[1].any():
        return before, after, ()
    filled = [_filled(side, lack, list(names), case) for side, lack in zip((before, after), lacking, strict=True)]
    sentences = tuple(
        f"The region has no place of {name} {when}: it counts as 0 there, as nothing in reach, so that both sides are "
        f"made of the same classes; totals {when} are lower for it than scores made alone."
        for lack, when in zip(lacking, ("before", "after"), strict=True)
        for name, lacks in zip(names.values(), lack.any(axis=0), strict=True)
        if lacks
    )
    return filled[0], filled[1], sentences


def _filled(surface: pd.DataFrame, lacking: NDArray[np.bool_], columns: list[str], case: Case) -> pd.DataFrame:
    """Return the surface with 0 where a class lacks, and with its dimensions and total put together again there."""
    filled = surface.copy()
    filled[columns] = np.where(lacking, 0.0, surface[columns].to_numpy(np.float64))
    return put_together(filled, case, np.asarray(lacking.any(axis=1)))
