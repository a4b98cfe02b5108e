"""Where a site may be: candidates with a street, outside excluded areas; and areas of those nearly as good."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.access.opportunities import amounts_at
from geo.crs import to_degrees, to_meters
from geo.errors import InputError
from geo.points import as_table
from geo.siting.objectives import Floats, Ints
from geo.travel.network import Network, bounds
from geo.travel.travel_times import off_streets

if TYPE_CHECKING:
    import shapely

OFF_STREETS, EXCLUDED, NO_CAPACITY, NO_COST = "off_streets", "excluded", "no_capacity", "no_cost"
Texts = NDArray[np.str_]
AREA_METERS = 150.0
"""How far around each candidate that is nearly as good the area of them reaches."""


def usable(
    network: Network, candidates: pd.DataFrame, excluded: "shapely.Geometry | None" = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the candidates that a site can be built at, by id, and those set aside, with the reason.

    Parameters
    ----------
    candidates
        `id`, `lon`, `lat` (WGS 84), and any other columns; or a GeoDataFrame of points.
    excluded
        Where no site may be (WGS 84 degrees), its edge included.

    Returns
    -------
    DataFrame, DataFrame
        The candidates, with their other columns; `id` and `reason` (`off_streets`: over 1 km from any street;
        `excluded`).

    Raises
    ------
    InputError
        As `geo.points.as_table`, or two have the same id.
    """
    import shapely

    places = as_table(candidates, "candidates", bounds(network))
    places = places.assign(id=places["id"].astype("string")).sort_values("id", ignore_index=True)
    if (twice := places["id"].duplicated()).any():
        raise InputError(
            "The id {id!r} is given to two candidates; each needs an id of its own.",
            id=str(places["id"][twice].iloc[0]),
        )
    reason = np.where(off_streets(network, places, "walk"), OFF_STREETS, "")
    if excluded is not None:
        inside = shapely.intersects_xy(excluded, places["lon"].to_numpy(), places["lat"].to_numpy())
        reason = np.where((reason == "") & inside, EXCLUDED, reason)
    return split(places, reason)


def split(places: pd.DataFrame, reason: Texts) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the places without a reason to be set aside, and `id`, `reason` of the others."""
    aside = pd.DataFrame({"id": places["id"], "reason": reason})[reason != ""].reset_index(drop=True)
    return places[reason == ""].reset_index(drop=True), aside


def amounts_of(places: pd.DataFrame, what: str | float | None) -> Floats | None:
    """Return an amount of each candidate, of a column or one for all; None where none is asked.

    NaN where the column is blank, or holds a text among numbers.

    Raises
    ------
    InputError
        As `geo.access.opportunities.amounts_at`; a column without any number is no column of amounts.
    """
    if not isinstance(what, str):
        return None if what is None else np.full(len(places), float(what))
    if what in places and (numbers := pd.to_numeric(places[what], errors="coerce")).notna().any():
        return np.where(numbers.isna(), np.nan, amounts_at(places.assign(**{what: numbers}), what, "candidates"))
    amounts = amounts_at(places, what, "candidates")
    blank = places[what].astype("string").str.strip().fillna("") == ""
    return np.where(blank.to_numpy(np.bool_), np.nan, amounts)


def area_of(candidates: pd.DataFrame, rows: Ints, crs: str) -> "shapely.Geometry":
    """Return the area (WGS 84) around some candidates: all that is within `AREA_METERS` of one; `crs`: local meters."""
    import shapely

    lon, lat = (candidates[axis].to_numpy(np.float64)[rows] for axis in ("lon", "lat"))
    area = shapely.union_all(shapely.buffer(shapely.points(*to_meters(lon, lat, crs)), AREA_METERS))
    return shapely.transform(area, lambda xy: np.column_stack(to_degrees(xy[:, 0], xy[:, 1], crs)))
