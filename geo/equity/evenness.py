"""How evenly one measure of a surface is shared among the people of a region (measures: `geo.equity.inequality`)."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo.equity.gaps import people_counted, ranking
from geo.equity.inequality import concentration_index, gini, palma_ratio, theil_t


@dataclass(frozen=True)
class Evenness:
    """Gini, Theil, Palma and concentration of a measure, weighted by people.

    `mean`: points of an average person; `apart`: by how many points two people picked at random differ on average
    (2 · mean · Gini). `between`: the share of Theil's T that lies between the areas given, 0 to 1, which is
    Σ s·ln(s/p) over areas with s of all points and p of all people (Theil 1967), over T. `ranked_by`:
    `income` or `pay`, None where the zones publish neither; then `palma` and `concentration` are None too.
    """

    mean: float
    gini: float
    apart: float
    theil: float
    between: float
    ranked_by: str | None
    palma: float | None
    concentration: float | None


def evenness(surface: pd.DataFrame, zones: pd.DataFrame, areas: pd.Series, measure: str = "total") -> Evenness | None:
    """Return how evenly a measure is shared out; None where nobody who is counted has a number.

    Parameters
    ----------
    surface, zones, areas
        The surface, the ZONES table and the area ids, one row per cell each, in the same order; cells without an area
        (empty text) are one together.
    measure
        `total`, a dimension, or `class_<name>`.
    """
    values = surface[measure].to_numpy(dtype=np.float64)
    people = people_counted(zones["population"]).to_numpy()
    if not (people[~np.isnan(values)] > 0).any():
        return None
    mean = float(np.average(values[~np.isnan(values)], weights=people[~np.isnan(values)]))
    unevenness, theil = gini(values, people), theil_t(values, people, areas.to_numpy())
    ranked = ranking(zones)
    palma = concentration = None
    if ranked is not None:
        order = ranked[1].to_numpy(dtype=np.float64)
        known = (people > 0) & ~np.isnan(values) & ~np.isnan(order)
        if known.any():
            ratio = palma_ratio(values, people, order)
            palma = None if np.isnan(ratio) else ratio
            concentration = concentration_index(values, people, order, "standard")
    return Evenness(
        mean=mean,
        gini=unevenness,
        apart=2.0 * mean * unevenness,
        theil=theil.total,
        between=theil.between / theil.total if theil.total > 0 else 0.0,
        ranked_by=ranked[0] if ranked is not None and concentration is not None else None,
        palma=palma,
        concentration=concentration,
    )
