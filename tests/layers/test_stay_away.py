"""Areas to stay away from on the map: one outline and one word an area."""

import shapely

from geo.needs.needs import StayAway
from geo.needs.stay_away import outlines
from layers.stay_away import away_layers


def test_one_outline_and_one_word_an_area() -> None:
    disc = StayAway(40.36, -113.43, 300.0)
    corners = StayAway(40.37, -113.4, 900.0, ((40.37, -113.41), (40.38, -113.4), (40.365, -113.39)))
    drawn = outlines([disc, corners], "EPSG:32612")
    assert all(
        shape.contains(shapely.Point(one.lon, one.lat)) for shape, one in zip(drawn, (disc, corners), strict=True)
    )
    shapes, words = away_layers(drawn, "Stay <away>")
    assert len(shapes.data["features"]) == 2
    assert [one["properties"]["label"] for one in words.data["features"]] == ["Stay &#60;away&#62;"] * 2
    assert away_layers([], "Stay away") == []
