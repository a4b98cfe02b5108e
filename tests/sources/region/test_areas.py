"""Kinds of areas of a region: told by one function, the same for each command and page."""

from types import SimpleNamespace

import pytest

from geo.errors import InputError
from geo.score.surface import populated_cells
from sources.region import open_region
from sources.region.areas import areas_of, level_names, level_of
from sources.region.model import Region


@pytest.fixture
def demo(demo_region: str) -> Region:
    return open_region(demo_region)


def test_each_level_gives_each_cell_an_area(demo: Region) -> None:
    cells = populated_cells(demo.zones)
    assert level_names(demo) == ("place", "tract", "block_group", "county", "zip")
    for level in (*level_names(demo), "grid"):
        assert level_of(demo, level) == level
        named = areas_of(demo, level, cells)
        assert (len(named), named.notna().all()) == (len(cells), True)
    assert areas_of(demo, "zip", cells).str.fullmatch(r"\d{5}").all()
    assert level_of(demo, None) == "place"


def test_what_a_region_does_not_tell_is_refused(demo: Region) -> None:
    with pytest.raises(InputError, match=r"Areas are one of place, .*, zip, grid, not 'parish'\."):
        level_of(demo, "parish")
    with pytest.raises(InputError, match="grid, or a file of polygons, not 'parish'"):
        level_of(demo, "parish", "a file of polygons")
    squares = SimpleNamespace(
        zones=demo.zones.assign(zone_id=[f"x{number}" for number in range(len(demo.zones))]),
        basemap=demo.basemap,
        gazetteer=demo.gazetteer,
    )
    with pytest.raises(InputError, match="don't tell their tract; it has place, zip, grid"):
        level_of(squares, "tract")
