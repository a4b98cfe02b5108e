"""The score of many homes: the same numbers as `score_home`, without the explanations."""

import datetime
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

import numpy as np
import pandas as pd

from geo.attach import attach
from geo.case import Case, make_case
from geo.confidence import confidence
from geo.errors import InputError
from geo.evaluate import evaluate, timetable_trips
from geo.home_times import PROFILE_MODES, HomeTimes, home_times
from geo.needs import Needs
from geo.parts import combine, parts_of
from geo.support import Support
from geo.tables import DIMENSIONS

_CELLS_AT_ONCE = 32
"""Cells whose street searches run together; bounds the memory."""

COLUMNS = ("id", "lon", "lat", "total", *DIMENSIONS, "days_covered", "choice", "confidence", "status")


def score_cells(
    support: Support,
    cells: pd.DataFrame,
    needs: Needs,
    date: datetime.date,
    progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:
    """Score many homes for one person on one date, in parallel and bounded memory.

    Parameters
    ----------
    cells
        `id`, `lon`, `lat` (WGS 84), one row a home.
    progress
        Called with (cells done, cells in all).

    Returns
    -------
    DataFrame
        One row a cell, in the order given: `id`, `lon`, `lat`, `total`, `health`, `home`, `purpose`, `community`
        (NaN = no data), `days_covered`, `choice`, `confidence`, and `status`: `scored`, or `outside` for a cell too
        far from any street, whose numbers are empty.

    Raises
    ------
    InputError, DateError, NeedsError
        A column is missing; the date or the needs can't be used.
    """
    for name in ("id", "lon", "lat"):
        if name not in cells.columns:
            raise InputError(f"The cells need the columns id, lon and lat; {name} is missing.")
    case = make_case(support, needs, date)
    lon, lat = (cells[axis].to_numpy(dtype=np.float64) for axis in ("lon", "lat"))
    inside = np.flatnonzero(attach(support.network.streets, lon, lat, "walk").link >= 0)
    values = np.full((len(cells), len(COLUMNS) - 4), np.nan)
    blocks = [inside[first : first + _CELLS_AT_ONCE] for first in range(0, len(inside), _CELLS_AT_ONCE)]
    done = len(cells) - len(inside)
    threads = os.cpu_count() or 1
    with ThreadPoolExecutor(threads) as pool:
        waiting = iter(blocks)
        running = {pool.submit(_score_block, case, lon[b], lat[b]): b for b in islice(waiting, 2 * threads)}
        while running:
            future = next(iter(running))
            block = running.pop(future)
            values[block] = future.result()
            done += len(block)
            for more in islice(waiting, 1):
                running[pool.submit(_score_block, case, lon[more], lat[more])] = more
            if progress is not None:
                progress(done, len(cells))
    status = np.full(len(cells), "outside", dtype=object)
    status[inside] = "scored"
    table = pd.DataFrame(values, columns=list(COLUMNS[3:-1]), index=cells.index).assign(status=status)
    return pd.concat([cells[["id", "lon", "lat"]], table], axis=1)


def _score_block(case: Case, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    modes = PROFILE_MODES[case.needs.profile]
    found: Iterator[HomeTimes] = home_times(case.support, case.needs, case.plan, lon, lat, modes)
    rows, sure = [], None
    for times in found:
        one = evaluate(case, times, timetable_trips(case, times), modes)
        parts = parts_of(case, one, None)
        total, dimensions = combine(parts, case.support.parameters)
        by_dimension = [np.nan if dimensions[name] is None else dimensions[name] for name in DIMENSIONS]
        if sure is None:  # the same for every home: it is about the data
            sure = float(confidence(case, parts)["value"])
        rows.append([total, *by_dimension, one.meetings.days_covered, one.meetings.choice, sure])
    return np.array(rows, dtype=np.float64)
