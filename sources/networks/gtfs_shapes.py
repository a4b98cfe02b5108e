"""GTFS shapes → the lines that trips follow on the ground, for drawing."""

import numpy as np
import pandas as pd
import shapely

from sources.networks.gtfs_files import column, note_rows, texts
from sources.networks.gtfs_words import number, whole
from sources.report import Notes

FILE = "shapes.txt"
_DEGREES_OFF = 2e-5
"""Points less than two metres off the line through their neighbours are left out."""


def read_shapes(table: pd.DataFrame, trips: pd.DataFrame, notes: Notes) -> pd.DataFrame:
    """Return `shape_id`, `lon`, `lat` of the shapes that trips follow, point by point along each."""
    points = pd.DataFrame(
        {
            "shape_id": texts(table, "shape_id"),
            "lon": column(table, "shape_pt_lon", number, np.float64),
            "lat": column(table, "shape_pt_lat", number, np.float64),
            "order": column(table, "shape_pt_sequence", whole, np.int64),
            "line": table["line"].to_numpy(),
        }
    )
    sound = points["lon"].between(-180, 180) & points["lat"].between(-90, 90) & (points["order"] >= 0)
    sound &= points["shape_id"] != ""
    reason = "The point of a line has no id, place on Earth or number in order."
    note_rows(notes, "set_aside", "bad_shape_point", FILE, points.loc[~sound, "line"], reason)
    lacks = (trips["shape"] != "") & ~trips["shape"].isin(points.loc[sound, "shape_id"])
    reason = "The trip's line is not in shapes.txt; it is drawn straight from stop to stop."
    note_rows(notes, "notice", "unknown_shape", "trips.txt", trips.loc[lacks & ~trips["repeats"], "line"], reason)
    points = points[sound & points["shape_id"].isin(trips["shape"])]
    points = points.sort_values(["shape_id", "order", "line"], ignore_index=True)
    if points.empty:
        return points[["shape_id", "lon", "lat"]]
    codes, names = pd.factorize(points["shape_id"])
    several = np.flatnonzero(np.bincount(codes) > 1)
    kept = points[np.isin(codes, several)]
    lines = shapely.linestrings(
        kept[["lon", "lat"]].to_numpy(), indices=np.unique(codes[kept.index], return_inverse=True)[1]
    )
    corners, of = shapely.get_coordinates(shapely.simplify(lines, _DEGREES_OFF), return_index=True)
    return pd.DataFrame({"shape_id": np.asarray(names)[several][of], "lon": corners[:, 0], "lat": corners[:, 1]})
