"""GTFS shapes → the lines that trips follow on the ground, for drawing."""

import numpy as np
import pandas as pd
import shapely

from sources.cleaning.report import Notes
from sources.networks.gtfs_files import column, note_rows
from sources.networks.gtfs_words import number, whole

FILE = "shapes.txt"
_DEGREES_OFF = 2e-5
"""Points less than two meters off the line through their neighbors are left out."""


def read_shapes(table: pd.DataFrame, trips: pd.DataFrame, notes: Notes) -> pd.DataFrame:
    """Return `shape_id`, `lon`, `lat` of the shapes that trips follow, point by point along each."""
    used = np.unique(trips["shape"].to_numpy(str))
    used = used[used != ""]
    number_of = {str(shape): i for i, shape in enumerate(used)}
    shape = column(table, "shape_id", lambda text: number_of.get(text, -1), np.int64)
    named = column(table, "shape_id", bool, np.bool_)
    lon, lat = (column(table, f"shape_pt_{axis}", number, np.float64) for axis in ("lon", "lat"))
    order = column(table, "shape_pt_sequence", whole, np.int64)
    sound = named & (np.abs(lon) <= 180) & (np.abs(lat) <= 90) & (order >= 0)
    reason = "The point of a line has no id, place on Earth or number in order."
    note_rows(notes, "set_aside", "bad_shape_point", FILE, table.loc[~sound, "line"], reason)
    points = np.flatnonzero(sound & (shape >= 0))
    counts = np.bincount(shape[points], minlength=len(used))
    lacks = trips["shape"].isin(used[counts == 0])
    reason = "The trip's line is not in shapes.txt; it is drawn straight from stop to stop."
    note_rows(notes, "notice", "unknown_shape", "trips.txt", trips.loc[lacks & ~trips["repeats"], "line"], reason)
    points = points[counts[shape[points]] > 1]
    if not len(points):
        return pd.DataFrame({"shape_id": np.empty(0, str), "lon": np.empty(0), "lat": np.empty(0)})
    points = points[np.lexsort((points, order[points], shape[points]))]
    several, line = np.unique(shape[points], return_inverse=True)
    lines = shapely.linestrings(np.stack([lon[points], lat[points]], axis=1), indices=line)
    corners, of = shapely.get_coordinates(shapely.simplify(lines, _DEGREES_OFF), return_index=True)
    return pd.DataFrame({"shape_id": used[several][of], "lon": corners[:, 0], "lat": corners[:, 1]})
