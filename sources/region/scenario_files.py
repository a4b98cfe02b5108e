"""Scenario files of a user: read, and refused where they can't be used in a region."""

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from geo.errors import InputError
from geo.phrases import Phrase
from geo.scenarios.changes import PlaceAdded, PlaceMoved, Scenario
from geo.scenarios.toml_reader import MOST_BYTES, scenario_from_toml
from sources.region.water import reject_if_in_water

if TYPE_CHECKING:
    import geopandas as gpd


def read_scenario(path: Path | str, basemap: "gpd.GeoDataFrame | None" = None) -> Scenario:
    """Read a scenario file (TOML); see docs/scenarios.md.

    Parameters
    ----------
    basemap
        The region's, in whose water no new place may lie.

    Raises
    ------
    InputError
        The file is missing, too large or not TOML, or a key or value can't be used.
    OutsideRegionError
        A place would lie in water.
    """
    try:
        with Path(path).open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise InputError("There is no scenario file at {path}; check the path.", path=str(path)) from None
    except OSError as problem:
        sentence = "The scenario file {path} can't be read: {problem}."
        raise InputError(sentence, path=str(path), problem=problem.strerror) from None
    scenario = scenario_from_toml(content, str(path))
    if basemap is not None:
        check_not_in_water(scenario, basemap)
    return scenario


def check_not_in_water(scenario: Scenario, basemap: "gpd.GeoDataFrame") -> None:
    """Refuse a scenario of which a place would lie in the region's water.

    Raises
    ------
    OutsideRegionError
        A place would.
    """
    built = [change for change in scenario.changes if isinstance(change, PlaceAdded | PlaceMoved)]
    points = {"lon": [one.lon for one in built], "lat": [one.lat for one in built]}
    reject_if_in_water(basemap, pd.DataFrame(points), Phrase("The new place"))
