"""TIGERweb, the Census Bureau's map services: the layers that are asked, and what an answer holds.

Layers of the 2020 census keep their numbers; those of the current year, under `TIGERweb/`, get others as years pass.
"""

from typing import Any

from geo.errors import SourceError

ROOT = "https://tigerweb.geo.census.gov/arcgis/rest/services"
COUNTIES = "Census2020/State_County/MapServer/1"  # of the year of the blocks: Connecticut has other ones since
ZIP_AREAS = "Census2020/PUMA_TAD_TAZ_UGA_ZCTA/MapServer/2"
BLOCKS = "Census2020/Tracts_Blocks/MapServer/2"


def read_areas(document: Any) -> tuple[list[dict[str, Any]], bool]:
    """Return the attributes of the areas of an answer, and whether the layer holds more that it didn't give.

    Raises
    ------
    SourceError
        It has no list of areas: an error (which comes with status 200), or another form.
    """
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list):
        raise SourceError("TIGERweb answers without its list of areas; its form may have changed.")
    attributes = [one.get("attributes") for one in features if isinstance(one, dict)]
    return [row for row in attributes if isinstance(row, dict)], bool(document.get("exceededTransferLimit"))
