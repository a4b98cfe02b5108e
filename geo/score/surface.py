"""The score of many homes: the same numbers as `score_home`, without the explanations."""

import datetime
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from itertools import islice

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.needs.needs import PROFILES, Needs
from geo.points import as_table, with_degrees, with_shapes
from geo.processors import processors
from geo.score.aggregation import combine_all, part_names, parts_with_data, scores_of
from geo.score.around_areas import groups
from geo.score.case import Case, make_case
from geo.score.class_access import evaluate
from geo.score.confidence import confidence
from geo.score.home_times import HOMES_AT_ONCE, Shared, home_times, shared_times
from geo.score.parameters import Parameters
from geo.score.support import RegionSupport
from geo.score.traveler import PROFILE_MODES
from geo.streets.snapping import attach
from geo.tables import DIMENSIONS
from geo.travel.neighbors import side_by_side
from geo.travel.network import bounds

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
        some, but none in reach; empty = no data, or not asked for); `status`: `scored`; or, with empty numbers,
        `outside` for a cell too far from any street, and `enclosed` where areas to stay away from lie before every
        street; `profile`, `date`, `parameters_hash`, `region_hash`. A GeoDataFrame with the cells' points where the
        cells were one. A cell inside an area to stay away from is scored by ways that may enter it, as a home there is.

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


def put_together(surface: pd.DataFrame, case: Case, rows: NDArray[np.bool_]) -> pd.DataFrame:
    """Return the surface with dimensions and totals of some rows, bool[cells], made of the numbers of their classes.

    Parameters
    ----------
    case
        Which classes apply, and what they weigh.
    """
    whole, names = surface.copy(), class_columns(case.support.parameters)
    if rows.any():
        numbers = surface.loc[rows, list(names)].rename(columns=names)[part_names(case)]
        total, dimensions = combine_all(case, numbers.to_numpy(np.float64) / 100.0)
        whole.loc[rows, ["total", *DIMENSIONS]] = np.column_stack([total, dimensions])
    return whole


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
    lon, lat = (cells[axis].to_numpy(dtype=np.float64) for axis in ("lon", "lat"))
    status = np.where(_on_streets(support, lon, lat), "enclosed", "outside").astype(object)
    blocks: list[tuple[Case, Shared, NDArray[np.int64]]] = []
    for near, own, rows in groups(support, needs, lon, lat):
        case = make_case(near, own, date, today)
        reachable = rows[_on_streets(near, lon[rows], lat[rows])]
        status[reachable] = "scored"
        shared = shared_times(near, case.plan, len(reachable))
        close = reachable[side_by_side(lon[reachable], lat[reachable])]
        starts = range(0, len(reachable), HOMES_AT_ONCE)
        blocks += [(case, shared, close[first : first + HOMES_AT_ONCE]) for first in starts]
    columns = [*_NUMBERS, *class_columns(support.parameters)]
    values = np.full((len(profiles), len(cells), len(columns)), np.nan)
    done, threads, waiting = int((status != "scored").sum()), processors(), iter(blocks)
    with ThreadPoolExecutor(threads) as pool:

        def started(count: int) -> dict[Future[Floats], NDArray[np.int64]]:
            return {
                pool.submit(_block, case, lon[block], lat[block], profiles, shared): block
                for case, shared, block in islice(waiting, count)
            }

        running = started(2 * threads)
        while running:
            future = next(iter(running))  # the oldest: results are few, so waiting for it in turn costs nothing
            block = running.pop(future)
            values[:, block] = future.result()
            done += len(block)
            running |= started(1)
            if progress is not None:
                progress(done / len(cells))
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


def _on_streets(support: RegionSupport, lon: Floats, lat: Floats) -> NDArray[np.bool_]:
    on_streets: NDArray[np.bool_] = attach(support.network.streets, lon, lat, "walk").link >= 0
    return on_streets


def _block(case: Case, lon: Floats, lat: Floats, profiles: Sequence[str], shared: Shared) -> Floats:
    """Return the numbers of some homes: float64[profiles, homes, numbers]."""
    every = tuple(dict.fromkeys(mode for profile in profiles for mode in PROFILE_MODES[profile]))
    access = np.empty((len(profiles), len(lon), len(case.members)))
    meetings = np.empty((len(profiles), len(lon), 2))
    choices = [PROFILE_MODES[profile] for profile in profiles]
    for home, times in enumerate(home_times(case.support, case.needs, case.plan, lon, lat, every, shared)):
        for number, one in enumerate(evaluate(case, times, choices)):
            access[number, home] = [own.access for own in one.classes]
            meetings[number, home] = one.meetings.days_covered, one.meetings.choice
    return np.array([_numbers(case, *one) for one in zip(access, meetings, strict=True)])


def _numbers(case: Case, access: Floats, meetings: Floats) -> Floats:
    """Return the surface's numbers of homes from their access to classes and meetings: float64[homes, numbers]."""
    scores = scores_of(case, access, *meetings.T)
    total, dimensions = combine_all(case, scores)
    parts = parts_with_data(case, [*(one.present for one in case.members), case.meetings_present])
    sure = confidence(case.support.parameters, case.records, parts)["value"]
    known = dict(zip(part_names(case), 100.0 * scores.T, strict=True))
    none = np.full(len(access), np.nan)
    by_class = [known.get(name, none) for name in class_columns(case.support.parameters).values()]
    return np.column_stack([total, dimensions, meetings, np.full(len(access), sure), *by_class])
