"""Points → places along street edges."""

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.crs import to_meters
from geo.errors import OutsideRegionError
from geo.phrases import Phrase
from geo.streets.build import Streets
from geo.streets.kernels_nearest import nearest

MAX_METERS = 1000.0
"""What is farther from any street is off the region's streets."""
_SAME_METERS = 0.5
_STREETS = {
    "walk": Phrase("any street"),
    "bike": Phrase("any street for bicycles"),
    "drive": Phrase("any street for cars"),
}
_THE_HOME = Phrase("The home")
PASSED_OVER = {
    "covered": "in a tunnel or under a roof",
    "leads_nowhere": "on a piece of the network that leads nowhere",
    "across": "beyond water or a railway yard",
}
"""Why a nearer street was passed over → where it lies, in words."""


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


@dataclass(frozen=True)
class PassedOver:
    """Nearer streets that k points were not attached to.

    Attributes
    ----------
    link
        int32[k]: the nearest street that the mode may use; -1 where the point is attached to it.
    meters_off
        float64[k]: from the point straight to it.
    reason
        text[k]: ``"covered"`` (a tunnel, under a roof, indoors), ``"leads_nowhere"`` (no way from the main network to
        it and back), ``"across"`` (beyond water or a railway yard); empty where there is none.
    """

    link: npt.NDArray[np.int32]
    meters_off: npt.NDArray[np.float64]
    reason: npt.NDArray[np.str_]


def attach(
    streets: Streets, lon: npt.ArrayLike, lat: npt.ArrayLike, mode: str, max_meters: float = MAX_METERS
) -> Attachment:
    """Attach points to the nearest street edge that a mode may use, at the nearest place along it.

    Motorways, ferries and covered ways are not attached to, nor is what leads nowhere
    (`StreetSettings.main_network_share`), nor a street beyond water or a railway yard (`geo.streets.uncrossable`) where
    another is within `max_meters`. See `passed_over`. What lies on closed ground (`Streets.closed`), or has no streets
    but those behind it, is attached to nothing.

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
    chosen = _nearest(streets, x, y, streets.modes[mode].attachable, max_meters, around=True)
    return chosen if streets.closed is None else _off_closed_ground(streets, x, y, chosen)


def passed_over(
    streets: Streets, lon: npt.ArrayLike, lat: npt.ArrayLike, mode: str, attachment: Attachment | None = None
) -> PassedOver:
    """Return the nearer streets that `attach` passed over; it is asked for the attachment if that is not given."""
    chosen = attachment or attach(streets, lon, lat, mode)
    graph = streets.modes[mode]
    x, y = to_meters(np.atleast_1d(lon), np.atleast_1d(lat), streets.crs)
    nearer = _nearest(streets, x, y, graph.attachable | graph.passed_over, MAX_METERS, around=False)
    is_passed = (nearer.link >= 0) & (nearer.meters_off < chosen.meters_off - _SAME_METERS)
    link = np.where(is_passed, nearer.link, -1).astype(np.int32)
    reason = np.where(
        streets.link_covered[link], "covered", np.where(graph.passed_over[link], "leads_nowhere", "across")
    )
    return PassedOver(link, np.where(is_passed, nearer.meters_off, np.inf), np.where(is_passed, reason, ""))


def _nearest(
    streets: Streets,
    x: npt.NDArray[np.float64],
    y: npt.NDArray[np.float64],
    usable: npt.NDArray[np.bool_],
    max_meters: float,
    *,
    around: bool,
) -> Attachment:
    """Return the nearest usable links, around what is uncrossable or straight across it."""
    grid, lines = streets.grid, streets.uncrossable
    segment = lines.segment if around else lines.segment[:0]
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
        usable,
        max_meters,
        (lines.x, lines.y, lines.weight, lines.frame, lines.offset, segment),
    )
    return Attachment(link, fraction, distance)


def _off_closed_ground(
    streets: Streets, x: npt.NDArray[np.float64], y: npt.NDArray[np.float64], chosen: Attachment
) -> Attachment:
    """Return the attachment without the places whose straight walk to the street enters closed ground."""
    import shapely

    known = chosen.link >= 0
    ways = np.stack([np.column_stack([x, y]), np.column_stack(place(streets, chosen))], axis=1)[known]
    barred = np.zeros(len(known), np.bool_)
    barred[known] = shapely.intersects(streets.closed, shapely.linestrings(ways))
    return Attachment(
        np.where(barred, -1, chosen.link).astype(np.int32),
        np.where(barred, 0.0, chosen.fraction),
        np.where(barred, np.inf, chosen.meters_off),
    )


def too_far(
    streets: Streets,
    lon: float,
    lat: float,
    what: str | Phrase = _THE_HOME,
    mode: str = "walk",
    max_meters: float = MAX_METERS,
) -> OutsideRegionError:
    """Return the error for a place that is too far from any street of a mode: `attach` attaches it to none."""
    distance = f"{max_meters / 1000:g} km" if max_meters >= 1000 else f"{max_meters:g} m"
    values = {"what": what, "lat": lat, "lon": lon, "distance": distance, "streets": _STREETS[mode]}
    if streets.closed is not None:
        return OutsideRegionError(
            "{what} at {lat:.5f}, {lon:.5f} is over {distance} from {streets} that keeps out of the areas to stay away "
            "from; check these areas.",
            **values,
        )
    advice = if_swapped(streets, lon, lat) or Phrase("check the coordinates, or choose another region.")
    if passed_over(streets, lon, lat, mode).meters_off[0] <= max_meters:
        return OutsideRegionError(
            "{what} at {lat:.5f}, {lon:.5f} is over {distance} from {streets} that leads anywhere, though nearer ones "
            "are mapped; {advice}",
            **values, advice=advice,
        )  # fmt: skip
    return OutsideRegionError(
        "{what} at {lat:.5f}, {lon:.5f} is over {distance} from {streets} in the region; {advice}",
        **values, advice=advice,
    )  # fmt: skip


def passed_over_text(streets: Streets, places: pd.DataFrame, mode: str, what: str) -> str:
    """Return a sentence on nearer streets that places (`id`, `lon`, `lat`) were not attached to; empty if none."""
    chosen = attach(streets, places["lon"], places["lat"], mode)
    nearer = passed_over(streets, places["lon"], places["lat"], mode, chosen)
    rows = np.flatnonzero(nearer.link >= 0)
    if not len(rows):
        return ""
    if len(rows) > 1:
        counts = {words: int((nearer.reason == reason).sum()) for reason, words in PASSED_OVER.items()}
        why = ", ".join(f"{count} {words}" for words, count in counts.items() if count)
        return (
            f"{len(rows)} of {len(places)} {what}: the street nearest to each can't be used from there ({why}); the "
            "next one is."
        )
    row = int(rows[0])
    name = street_name(streets, int(nearer.link[row]))
    sentence = f"{places['id'].iloc[row]}: the nearest street ({name}{nearer.meters_off[row]:.0f} m) "
    sentence += f"lies {PASSED_OVER[str(nearer.reason[row])]}"
    if chosen.link[row] < 0:
        return f"{sentence}, and no other is within 1 km."
    used = street_name(streets, int(chosen.link[row]))
    return f"{sentence}; the next one is used ({used}{chosen.meters_off[row]:.0f} m)."


def street_name(streets: Streets, link: int) -> str:
    """Return a street's name with a comma behind it; empty where it has none."""
    name = int(streets.link_name[link])
    return f"{streets.names[name]}, " if name >= 0 else ""


def if_swapped(streets: Streets, lon: float, lat: float) -> Phrase | None:
    """Return the place that is meant if its two numbers were swapped, as a question; None if that is no better."""
    if abs(lon) > 90 or attach(streets, lat, lon, "walk").link[0] < 0:
        return None
    return Phrase("latitude comes first: did you mean {first:.5f},{second:.5f}?", first=lon, second=lat)


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
    p, t = segments(streets, attachment)
    x = streets.geometry_x[p] + t * (streets.geometry_x[p + 1] - streets.geometry_x[p])
    y = streets.geometry_y[p] + t * (streets.geometry_y[p + 1] - streets.geometry_y[p])
    return np.where(attachment.link >= 0, x, np.nan), np.where(attachment.link >= 0, y, np.nan)


def segments(streets: Streets, attachment: Attachment) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Return on which segment of their link points lie (the position of its first point), and how far along, 0–1.

    Of points that are attached to nothing it means nothing.
    """
    measure = streets.grid.measure
    known = np.maximum(attachment.link, 0)
    first, last = streets.geometry_offset[known], streets.geometry_offset[known + 1] - 1
    start, meters = _extent(streets, attachment.link)
    at = start + attachment.fraction * meters
    p = np.clip(np.searchsorted(measure, at, side="right") - 1, first, np.maximum(last - 1, first))
    length = measure[p + 1] - measure[p]
    return p, np.divide(at - measure[p], length, out=np.zeros(len(p)), where=length > 0)


def _extent(streets: Streets, link: npt.NDArray[np.int32]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return where each link starts on the measure of all lines, and its length on the plane."""
    known = np.maximum(link, 0)
    start = streets.grid.measure[streets.geometry_offset[known]]
    return start, streets.grid.measure[streets.geometry_offset[known + 1] - 1] - start
