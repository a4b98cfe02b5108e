"""The score of many homes: the same numbers as `score_home`, without the explanations."""

import datetime
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import islice

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.needs.needs import PROFILES, Needs
from geo.points import as_table, with_degrees, with_shapes
from geo.score.aggregation import combine, parts_of
from geo.score.case import Case, make_case
from geo.score.class_access import evaluate, timetable_trips
from geo.score.confidence import confidence
from geo.score.home_times import Shared, home_times, shared_times
from geo.score.parameters import Parameters
from geo.score.support import RegionSupport
from geo.score.traveler import PROFILE_MODES
from geo.streets.snapping import attach
from geo.tables import DIMENSIONS
from geo.travel.network import bounds

_CELLS_AT_ONCE = 32
"""Cells whose street searches run together; bounds the memory."""
_NUMBERS = ("total", *DIMENSIONS, "days_covered", "choice", "confidence")

Floats = NDArray[np.float64]
Progress = Callable[[float], None]


def score_cells(
    support: RegionSupport,
    cells: pd.DataFrame,
    needs: Needs,
    date: datetime.date,
    progress: Progress | None = None,
    today: datetime.date | None = None,
) -> pd.DataFrame:
    """Score many homes for one person on one date, in parallel and bounded memory.

    Parameters
    ----------
    cells
        `id`, `lon`, `lat` (WGS 84), or a GeoDataFrame of points in any CRS; one row per home. See `populated_cells`.
    progress
        Called with the share done, 0–1.
    today
        A timetable that ended before it lowers the confidence.

    Returns
    -------
    DataFrame
        One row per cell, in the order given: `id`, `lon`, `lat`, `total`, `health`, `home`, `purpose`, `community`
        (empty = no data), `days_covered`, `choice`, `confidence`; `class_<name>` of every class, 100·s (0 = there are
        some, but none in reach; empty = no data, or not asked for); `status`: `scored`, or `outside` for a cell too
        far from any street, whose numbers are empty; `profile`, `date`, `parameters_hash`, `region_hash`. A
        GeoDataFrame with the cells' points where the cells were one.

    Raises
    ------
    InputError, DateError, NeedsError
        A column is missing, or a cell is no place on Earth; the date or the needs can't be used.
    OutsideRegionError
        Longitude and latitude are swapped.

    Examples
    --------
    >>> cells = populated_cells(region.zones).head(2)
    >>> surface = score_cells(region.support, cells, Needs(), region.facts.service_date)
    >>> surface["status"].tolist()
    ['scored', 'scored']
    >>> bool(surface["total"].between(0, 100).all())
    True
    """
    return _score(support, cells, needs, date, (needs.profile,), progress, today)


def score_profiles(
    support: RegionSupport,
    cells: pd.DataFrame,
    needs: Needs,
    date: datetime.date,
    progress: Progress | None = None,
    today: datetime.date | None = None,
) -> pd.DataFrame:
    """Score many homes for every profile; like `score_cells` for each, but the timetable is asked once for three."""
    walking = tuple(profile for profile in PROFILES if profile != "wheelchair")
    tables = []
    for done, profiles in enumerate((walking, ("wheelchair",))):

        def tell(share: float, done: int = done) -> None:
            if progress is not None:
                progress((done + share) / 2)

        asked = replace(needs, profile=profiles[0])
        tables.append(_score(support, cells, asked, date, profiles, tell, today))
    return pd.concat(tables, ignore_index=True)


def populated_cells(zones: pd.DataFrame) -> pd.DataFrame:
    """Return the zones where anyone lives as cells: `id`, `lon`, `lat`; all zones if no population is known.

    Examples
    --------
    >>> populated_cells(region.zones).columns.tolist()
    ['id', 'lon', 'lat']
    """
    zones = with_degrees(zones, "zones")
    lived_in = zones["population"].fillna(0) > 0 if zones["population"].notna().any() else zones["lon"].notna()
    cells = zones[lived_in & zones["lon"].notna()].rename(columns={"zone_id": "id"})
    return cells[["id", "lon", "lat"]].sort_values("id", ignore_index=True)


def class_columns(parameters: Parameters) -> dict[str, str]:
    """Return the surface's column of every class → its name."""
    return {f"class_{name}": name for name in (*(rule.name for rule in parameters.classes), "meetings")}


def _score(
    support: RegionSupport,
    cells: pd.DataFrame,
    needs: Needs,
    date: datetime.date,
    profiles: Sequence[str],
    progress: Progress | None,
    today: datetime.date | None,
) -> pd.DataFrame:
    given, cells = cells, as_table(cells, "cells", bounds(support.network))
    case = make_case(support, needs, date, today)
    lon, lat = (cells[axis].to_numpy(dtype=np.float64) for axis in ("lon", "lat"))
    inside = np.flatnonzero(attach(support.network.streets, lon, lat, "walk").link >= 0)
    columns = [*_NUMBERS, *class_columns(support.parameters)]
    values = np.full((len(profiles), len(cells), len(columns)), np.nan)
    shared = shared_times(support, case.plan, len(inside))
    blocks = iter([inside[first : first + _CELLS_AT_ONCE] for first in range(0, len(inside), _CELLS_AT_ONCE)])
    done, threads = len(cells) - len(inside), os.cpu_count() or 1
    with ThreadPoolExecutor(threads) as pool:
        running = {pool.submit(_block, case, lon[b], lat[b], profiles, shared): b for b in islice(blocks, 2 * threads)}
        while running:
            future = next(iter(running))  # the oldest: results are few, so waiting for it in turn costs nothing
            block = running.pop(future)
            values[:, block] = future.result()
            done += len(block)
            for more in islice(blocks, 1):
                running[pool.submit(_block, case, lon[more], lat[more], profiles, shared)] = more
            if progress is not None:
                progress(done / len(cells))
    status = np.full(len(cells), "outside", dtype=object)
    status[inside] = "scored"
    facts = {
        "date": date.isoformat(),
        "parameters_hash": support.parameters.hash,
        "region_hash": support.region_hash,
    }
    tables = [
        pd.concat([cells[["id", "lon", "lat"]], pd.DataFrame(numbers, columns=columns, index=cells.index)], axis=1)
        .assign(status=status, profile=profile, **facts)
        .reset_index(drop=True)
        for profile, numbers in zip(profiles, values, strict=True)
    ]
    return with_shapes(pd.concat(tables, ignore_index=True), given, np.tile(np.arange(len(cells)), len(profiles)))


def _block(case: Case, lon: Floats, lat: Floats, profiles: Sequence[str], shared: Shared) -> Floats:
    """Return the numbers of some homes: float64[profiles, homes, numbers]."""
    every = tuple(dict.fromkeys(mode for profile in profiles for mode in PROFILE_MODES[profile]))
    classes = class_columns(case.support.parameters).values()
    values = np.empty((len(profiles), len(lon), len(_NUMBERS) + len(classes)))
    for home, times in enumerate(home_times(case.support, case.needs, case.plan, lon, lat, every, shared)):
        trips = timetable_trips(case, times)
        for number, evaluations in enumerate(
            evaluate(case, times, trips, [PROFILE_MODES[profile] for profile in profiles])
        ):
            parts = parts_of(case, evaluations, None)
            total, dimensions = combine(parts, case.support.parameters)
            sure = float(confidence(case.support.parameters, case.records, parts)["value"])
            by_dimension = [np.nan if value is None else value for value in dimensions.values()]
            by_class = {part.name: 100.0 * part.score for part in parts if part.counts}
            meetings = evaluations.meetings.days_covered, evaluations.meetings.choice
            values[number, home] = total, *by_dimension, *meetings, sure, *(by_class.get(c, np.nan) for c in classes)
    return values
