"""What changes of a timetable share: rows and services more, and stops by their names."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.errors import InputError
from geo.spelling import near_names
from geo.timetables.feed_tables import FeedTables

Ints = npt.NDArray[np.int64]


def joined(table: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Return a table with more rows, which have its columns at least, of the same types."""
    if not len(rows):
        return table
    return pd.concat([table, rows[table.columns].astype(table.dtypes)], ignore_index=True)


def with_service(tables: FeedTables, name: str, feed: str, days: Iterable[int]) -> FeedTables:
    """Return the tables with a service more of a timetable, which runs on these days (`geo.dates.day_number`)."""
    return replace(
        tables,
        services=joined(tables.services, pd.DataFrame({"service_id": [name], "feed": [feed]})),
        service_days=joined(tables.service_days, pd.DataFrame({"service_id": name, "day": sorted(days)})),
    )


def stops_called(stops: pd.DataFrame, text: str) -> Ints:
    """Return the positions of the stops that have an id or name: platforms on both sides of a street may share one.

    Raises
    ------
    InputError
        There is none; names like it are offered.
    """
    rows = np.flatnonzero((stops["stop_id"] == text) | (stops["name"] == text))
    if not len(rows):
        near = near_names(text, [*stops["name"], *stops["stop_id"]])
        raise InputError("The timetable has no stop {stop!r}{near}", stop=text, near=near)
    return rows
