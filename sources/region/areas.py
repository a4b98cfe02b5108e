"""Kinds of areas by which a region can be told of, and the area of each of its cells."""

from typing import TYPE_CHECKING

from geo.equity.areas import LEVELS, area_ids, levels, named_places, zip_points
from geo.errors import InputError
from geo.score.surface import populated_cells

if TYPE_CHECKING:
    import pandas as pd

    from sources.region.model import Region

GRID = "grid"
"""Squares, which every region has, also where `level_names` doesn't offer them."""


def level_names(region: "Region") -> tuple[str, ...]:
    """Return the kinds of areas that a region can be looked at by, as `geo.equity.areas.levels`."""
    cells = populated_cells(region.zones)
    return levels(cells["id"].tolist(), named_places(region.basemap), zip_points(region.gazetteer))


def level_of(region: "Region", text: str | None, or_else: str = "") -> str:
    """Return the kind of areas that a text names, the region's first without one.

    Parameters
    ----------
    or_else
        What else may be given, for the error.

    Raises
    ------
    InputError
        The region has no such areas, or there are none.
    """
    there = level_names(region)
    if text is None:
        return there[0]
    if text in (*there, GRID):
        return text
    known = ", ".join(dict.fromkeys((*there, GRID))) + (f", or {or_else}" if or_else else "")
    if text in LEVELS:
        raise InputError(f"The region's areas don't tell their {text}; it has {known}.")
    raise InputError(f"Areas are one of {known}, not {text!r}.")


def areas_of(region: "Region", level: str, cells: "pd.DataFrame") -> "pd.Series":
    """Return the area of each cell (`id`, `lon`, `lat`) at a level of `level_of`, as `geo.equity.areas.area_ids`."""
    return area_ids(cells, level, zip_points(region.gazetteer) if level == "zip" else named_places(region.basemap))
