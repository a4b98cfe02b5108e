"""What a region's streets are built from: an extract of OpenStreetMap, and heights where a raster of them was given."""

from pathlib import Path

from geo.errors import RegionError
from geo.scenarios.paths import StreetSource
from geo.streets.tags import StreetSettings
from sources.cleaning.bounds import Bounds
from sources.formats.store import read_document
from sources.networks.elevation import read_elevation
from sources.networks.osm import read_streets
from sources.region.damage import check_own_copy
from sources.region.model import Region


def street_settings(elevation: Path | None, bounds: Bounds) -> StreetSettings:
    """Return how streets within bounds are built, with the heights of a raster if there is one.

    Raises
    ------
    InputError, SourceError
        As `sources.networks.elevation.read_elevation`.
    """
    if elevation is None:
        return StreetSettings()
    return StreetSettings(elevation=read_elevation(elevation, bounds.west, bounds.south, bounds.east, bounds.north))


def street_source(region: Region) -> StreetSource:
    """Return what a region's streets were built from: its own copies.

    Raises
    ------
    RegionError
        The copies are gone or damaged.
    """
    recipe = read_document(region.folder / "raw" / "recipe.json") or {"inputs": []}
    files = {
        one["role"]: region.folder / one["file"] for one in recipe["inputs"] if one["role"] in ("osm", "elevation")
    }
    if not ("osm" in files and all(path.is_file() for path in files.values())):
        raise RegionError(
            "The region {name} has no copy of the streets that it was built from; build it again.",
            name=region.facts.name,
        )
    for path in files.values():
        check_own_copy(region.folder, path)
    return StreetSource(read_streets(files["osm"]), street_settings(files.get("elevation"), region.facts.bounds))
