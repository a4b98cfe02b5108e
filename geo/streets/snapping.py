"""Points → places along street edges."""

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from geo.crs import to_meters
from geo.errors import OutsideRegionError
from geo.streets.build import Streets
from geo.streets.kernels_nearest import nearest


@dataclass(frozen=True)
class Attachment:
    """Where k points meet the streets of a mode.

    Attributes
    ----------
    link
        int32[k]: -1 = farther from any usable street than allowed.
    fraction
        float64[k]: place along the link, 0 at `Streets.link_from`, 1 at `Streets.link_to`.
    meters_off
        float64[k]: from the point straight to that place; walked, whatever the mode.
    """

    link: npt.NDArray[np.int32]
    fraction: npt.NDArray[np.float64]
    meters_off: npt.NDArray[np.float64]


def attach(
    streets: Streets, lon: npt.ArrayLike, lat: npt.ArrayLike, mode: str, max_meters: float = 1000.0
) -> Attachment:
    """Attach points to the nearest street edge that a mode may use, at the nearest place along it.

    Motorways and ferries are not attached to, nor are islands (`StreetSettings.smallest_island_meters`).

    Parameters
    ----------
    lon, lat
        WGS 84 degrees, [k].
    mode
        ``"walk"``, ``"bike"`` or ``"drive"``.
    max_meters
        Points farther than this from any such edge get link -1 and an infinite distance.
    """
    x, y = to_meters(np.atleast_1d(lon), np.atleast_1d(lat), streets.crs)
    grid = streets.grid
    link, fraction, distance = nearest(
        x,
        y,
        streets.geometry_x,
        streets.geometry_y,
        grid.frame,
        grid.offset,
        grid.segment,
        grid.point_link,
        streets.geometry_offset,
        grid.measure,
        streets.modes[mode].attachable,
        max_meters,
    )
    return Attachment(link, fraction, distance)


def too_far(streets: Streets, lon: float, lat: float, what: str = "The home") -> OutsideRegionError:
    """Return the error for a place that is too far from any street."""
    advice = if_swapped(streets, lon, lat) or "check the coordinates, or choose another region."
    return OutsideRegionError(f"{what} at {lat:.5f}, {lon:.5f} is over 1 km from any street of the region; {advice}")


def if_swapped(streets: Streets, lon: float, lat: float) -> str:
    """Return the place that is meant if its two numbers were swapped, as a question; empty if that is no better."""
    if abs(lon) > 90 or attach(streets, lat, lon, "walk").link[0] < 0:
        return ""
    return f"latitude comes first: did you mean {lon:.5f},{lat:.5f}?"


def subset(attachment: Attachment, rows: npt.NDArray[Any]) -> Attachment:
    """Return some rows of an attachment."""
    return Attachment(attachment.link[rows], attachment.fraction[rows], attachment.meters_off[rows])


def joined(*attachments: Attachment) -> Attachment:
    """Return the rows of several attachments, one after the other."""
    return Attachment(
        *(np.concatenate([getattr(one, field.name) for one in attachments]) for field in fields(Attachment))
    )


def place(streets: Streets, attachment: Attachment) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return x, y (local meters) where points meet their links; NaN for those that don't."""
    measure = streets.grid.measure
    known = np.maximum(attachment.link, 0)
    first, last = streets.geometry_offset[known], streets.geometry_offset[known + 1] - 1
    start, meters = _extent(streets, attachment.link)
    at = start + attachment.fraction * meters
    p = np.clip(np.searchsorted(measure, at, side="right") - 1, first, np.maximum(last - 1, first))
    length = measure[p + 1] - measure[p]
    t = np.divide(at - measure[p], length, out=np.zeros(len(p)), where=length > 0)
    x = streets.geometry_x[p] + t * (streets.geometry_x[p + 1] - streets.geometry_x[p])
    y = streets.geometry_y[p] + t * (streets.geometry_y[p + 1] - streets.geometry_y[p])
    return np.where(attachment.link >= 0, x, np.nan), np.where(attachment.link >= 0, y, np.nan)


def _extent(streets: Streets, link: npt.NDArray[np.int32]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return where each link starts on the measure of all lines, and its length on the plane."""
    known = np.maximum(link, 0)
    start = streets.grid.measure[streets.geometry_offset[known]]
    return start, streets.grid.measure[streets.geometry_offset[known + 1] - 1] - start
