"""What is reached: the sum of a weight column (people, jobs, beds) within a travel time."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from geo.errors import InputError
from geo.network import Network
from geo.travel import TravelSettings, travel_times


def opportunities(
    network: Network,
    origins: pd.DataFrame,
    destinations: pd.DataFrame,
    weight: str,
    settings: TravelSettings,
    cutoffs: Sequence[float],
    progress: Callable[[float], None] | None = None,
) -> pd.DataFrame:
    """Sum a weight column over the destinations reached from each origin.

    Parameters
    ----------
    network
        Streets and timetable.
    origins
        Columns `id`, `lon`, `lat` (WGS 84).
    destinations
        Columns `id`, `lon`, `lat` (WGS 84) and the weight column.
    weight
        Name of the weight column; empty cells count as 0.
    settings
        How people travel; `max_minutes` is replaced by the largest cutoff, and of its percentiles only the
        first is used.
    cutoffs
        Minutes; t ≤ cutoff is reached.
    progress
        Called with the share done, 0–1.

    Returns
    -------
    DataFrame
        `id`, `lat`, `lon`, `cutoff_minutes` and the weight column; one row an origin and cutoff, in the origins' order.

    Raises
    ------
    InputError
        The weight column is missing, not numeric, negative or infinite, or a cutoff is not positive.
    """
    weights = _weights(destinations, weight)
    if not cutoffs or min(cutoffs) <= 0:
        raise InputError(f"A cutoff is a number of minutes above 0, not {list(cutoffs)}; try --cutoff 60.")
    limited = replace(settings, max_minutes=float(max(cutoffs)), percentiles=settings.percentiles[:1])
    minutes = travel_times(network, origins, destinations, limited, progress)
    origin_ids = origins["id"].astype("string").astype(object)
    frames = []
    for cutoff in cutoffs:
        reached = minutes.loc[minutes["minutes"] <= cutoff, ["origin_id", "destination_id"]]
        summed = weights.reindex(reached["destination_id"]).groupby(reached["origin_id"].to_numpy()).sum()
        frames.append(
            pd.DataFrame(
                {
                    "id": origin_ids.to_numpy(),
                    "lat": origins["lat"].to_numpy(dtype=np.float64),
                    "lon": origins["lon"].to_numpy(dtype=np.float64),
                    "cutoff_minutes": float(cutoff),
                    weight: summed.reindex(origin_ids).fillna(0.0).to_numpy(),
                }
            )
        )
    return pd.concat(frames).sort_index(kind="stable").reset_index(drop=True)


def _weights(destinations: pd.DataFrame, weight: str) -> pd.Series:
    """Return the weights by destination id, checked."""
    if weight not in destinations:
        numeric = [str(name) for name in destinations.columns if name not in {"id", "lon", "lat"}]
        raise InputError(f"The destinations have no column {weight!r}; theirs are {', '.join(numeric) or 'none'}.")
    values = pd.to_numeric(destinations[weight], errors="coerce").astype("float64").fillna(0.0)
    given = destinations[weight].notna() & (destinations[weight].astype("string").str.strip() != "")
    unreadable = given & pd.to_numeric(destinations[weight], errors="coerce").isna()
    if unreadable.any():
        raise InputError(
            f"The column {weight!r} must hold numbers; row {int(unreadable.to_numpy().argmax()) + 1} holds "
            f"{destinations[weight][unreadable].iloc[0]!r}."
        )
    if (values < 0).any() or not np.isfinite(values).all():
        raise InputError(f"The column {weight!r} must hold finite numbers of at least 0.")
    return pd.Series(values.to_numpy(), index=destinations["id"].astype("string").astype(object))
