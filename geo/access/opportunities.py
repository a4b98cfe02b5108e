"""What is reached: the sum of a weight column (people, jobs, beds) within a travel time."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.errors import InputError
from geo.phrases import Phrase
from geo.points import as_table, with_shapes
from geo.travel.network import Network, bounds
from geo.travel.travel_times import TravelSettings, seconds_between

LONGEST = 1440
"""Minutes."""
_CHUNK = 128
"""Origins at a time."""
_OWN = ("id", "lat", "lon", "cutoff_minutes", "percentile")


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
        `id`, `lon`, `lat` (WGS 84), or a GeoDataFrame of points in any CRS; see `geo.points.as_table`.
    destinations
        The same, with the weight column.
    weight
        Name of the weight column; empty cells count as 0.
    settings
        How people travel; `max_minutes` is replaced by the largest cutoff.
    cutoffs
        Minutes; t ≤ cutoff is reached.
    progress
        Called with the share done, 0–1.

    Returns
    -------
    DataFrame
        `id`, `lat`, `lon`, `cutoff_minutes`, `percentile` where the settings name several, and the weight column; one
        row an origin, cutoff and percentile, in the origins' order. What is within the limit on so many percent of
        departures counts. A GeoDataFrame with the origins' points where the origins were one.

    Raises
    ------
    InputError
        The weight column is missing, not numeric, negative or infinite, or a cutoff is not positive; or as
        `geo.travel.travel_times.travel_times`.

    Examples
    --------
    >>> home = pd.DataFrame({"id": ["home"], "lon": [-113.42635], "lat": [40.35930]})
    >>> zones = region.zones.rename(columns={"zone_id": "id"})
    >>> jobs = opportunities(region.network, home, zones, "jobs", TravelSettings(mode="walk"), [15, 30])
    >>> jobs.columns.tolist()
    ['id', 'lat', 'lon', 'cutoff_minutes', 'jobs']
    >>> bool(jobs["jobs"][0] <= jobs["jobs"][1])
    True
    """
    if not cutoffs or not all(0 < cutoff <= LONGEST for cutoff in cutoffs):
        raise InputError(f"A cutoff is a number of minutes above 0, up to {LONGEST}, not {list(cutoffs)}.")
    weights = amounts_at(destinations, weight, "destinations")
    given, origins = origins, as_table(origins, "origins", bounds(network))
    destinations = as_table(destinations, "destinations", bounds(network))
    levels = settings.percentiles if settings.varies else ()
    limited = replace(settings, max_minutes=float(max(cutoffs)))
    parts = []
    for first in range(0, len(origins), _CHUNK):
        rows = origins.iloc[first : first + _CHUNK]
        seconds = seconds_between(network, rows, destinations, limited)
        within = [(seconds <= 60 * cutoff).transpose(0, 2, 1) @ weights for cutoff in cutoffs]
        parts.append(np.stack(within, axis=1))
        if progress is not None:
            progress(min(first + _CHUNK, len(origins)) / len(origins))
    sums = np.concatenate(parts) if parts else np.empty((0, len(cutoffs), max(len(levels), 1)))
    each, several = sums[0].size if len(sums) else 0, len(levels) > 1
    table = {
        "id": np.repeat(origins["id"].astype("string").astype(object).to_numpy(), each),
        "lat": np.repeat(origins["lat"].to_numpy(dtype=np.float64), each),
        "lon": np.repeat(origins["lon"].to_numpy(dtype=np.float64), each),
        "cutoff_minutes": np.tile(np.repeat(np.asarray(cutoffs, np.float64), sums.shape[2]), len(sums)),
    }
    if several:
        table["percentile"] = np.tile(np.asarray(levels), len(sums) * len(cutoffs))
    return with_shapes(pd.DataFrame(table | {weight: sums.reshape(-1)}), given, np.repeat(np.arange(len(sums)), each))


def amounts_at(places: pd.DataFrame, weight: str, what: str) -> npt.NDArray[np.float64]:
    """Return the column of amounts at places, checked: float64, empty cells as 0; `what` names the places in errors.

    Raises
    ------
    InputError
        There is no such column, or it holds what is no number, or a negative or infinite one.
    """
    if weight in _OWN:
        raise InputError("The weight can't be the column {column!r}, which the answer has of its own.", column=weight)
    if weight not in places:
        others = [str(name) for name in places.columns if name not in {"id", "lon", "lat"}]
        theirs = Phrase("theirs are {columns}", columns=", ".join(others))
        if not others:
            theirs = Phrase("give them as a table that has it")
        raise InputError(
            "The {what} have no column {column!r} to sum; {theirs}.", what=Phrase(what), column=weight, theirs=theirs
        )
    values = pd.to_numeric(places[weight], errors="coerce").astype("float64").fillna(0.0)
    given = places[weight].notna() & (places[weight].astype("string").str.strip() != "")
    unreadable = given & pd.to_numeric(places[weight], errors="coerce").isna()
    if unreadable.any():
        raise InputError(
            "The column {column!r} must hold numbers; row {row} holds {value!r}.",
            column=weight,
            row=int(unreadable.to_numpy().argmax()) + 1,
            value=places[weight][unreadable].iloc[0],
        )
    if (values < 0).any() or not np.isfinite(values).all():
        raise InputError("The column {column!r} must hold finite numbers of at least 0.", column=weight)
    checked: npt.NDArray[np.float64] = values.to_numpy(np.float64)
    return checked
