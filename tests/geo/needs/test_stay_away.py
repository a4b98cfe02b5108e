"""Which places lie in an area is one question with one answer: on the ground that ways keep out of."""

import numpy as np
import pytest
import shapely

from geo.crs import to_degrees
from geo.errors import NeedsError
from geo.needs.needs import MOST_AREAS, MOST_CORNERS, StayAway, needs_from, needs_from_toml
from geo.needs.stay_away import ground, inside
from tests.growth import MOST, growth

CRS = "EPSG:32616"


def test_a_place_lies_in_an_area_where_its_ground_is() -> None:
    """At the corners of the polygon the ground of a disc of 50 km is 15 m wider than the disc."""
    area = StayAway(39.0, -87.0, 50_000)
    covered = ground([area], CRS)
    x, y = shapely.get_coordinates(covered)[:-1].T
    middle = covered.centroid
    for share, expected in ((0.99999, True), (1.00001, False)):
        lon, lat = to_degrees(middle.x + share * (x - middle.x), middle.y + share * (y - middle.y), CRS)
        assert inside(area, lon, lat, CRS).tolist() == [expected] * len(lon)
    turned = np.pi / 128 + np.arctan2(y - middle.y, x - middle.x)
    for meters, expected in ((49_999, True), (50_001, False)):
        lon, lat = to_degrees(middle.x + meters * np.cos(turned), middle.y + meters * np.sin(turned), CRS)
        assert inside(area, lon, lat, CRS).tolist() == [expected] * len(lon)


def around(corners: int) -> list[list[float]]:
    """Return the corners of a star, in order around its middle."""
    turns = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    far = np.where(np.arange(corners) % 2, 0.1, 0.2)
    return np.column_stack([39 + far * np.sin(turns), -84 + far * np.cos(turns)]).round(5).tolist()


def test_areas_and_corners_are_bounded() -> None:
    circle = {"lat": 39.0, "lon": -84.0, "meters": 100}
    assert len(needs_from({"stay_away": [circle] * MOST_AREAS}).stay_away) == 50
    with pytest.raises(NeedsError, match="stay_away has 51 areas, and 50 are the most; put some together"):
        needs_from({"stay_away": [circle] * (MOST_AREAS + 1)})
    assert len(needs_from({"stay_away": [{"polygon": around(MOST_CORNERS)}]}).stay_away[0].outline) == 500
    with pytest.raises(NeedsError, match="has 502 corners, and 500 are the most; leave some out"):
        needs_from({"stay_away": [{"polygon": around(MOST_CORNERS + 2)}]})


def test_a_polygon_that_crosses_itself_everywhere_is_refused_in_time() -> None:
    chance = np.random.default_rng(1)

    def drawn(corners: int) -> bytes:
        points = chance.uniform((39, -84.5), (39.1, -84.4), (corners, 2)).round(3).tolist()
        return f"stay_away = [{{polygon = {points}}}]".encode()

    def read(needs: bytes) -> None:
        with pytest.raises(NeedsError, match="crosses itself"):
            needs_from_toml(needs)

    assert growth(read, MOST_CORNERS // 4, drawn) < MOST
