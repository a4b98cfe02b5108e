"""What is drawn of areas: fewer corners and no small holes, but every part, the largest area first."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from layers.isochrones import DRAWN_DEGREES, isochrone_layers

LABELS = {15.0: "15 min", 30.0: "30 min"}
HERE = (-84.5, 39.0)


def drawn(*areas: shapely.Geometry) -> list[shapely.Geometry]:
    minutes = list(LABELS)[: len(areas)]
    shapes, _ = isochrone_layers(gpd.GeoDataFrame({"minutes": minutes}, geometry=list(areas), crs=4326), LABELS)
    return [shapely.geometry.shape(one["geometry"]) for one in shapes.data["features"]]


def test_the_largest_lies_below_and_its_label_at_its_top() -> None:
    near, far = (shapely.Point(HERE).buffer(degrees) for degrees in (0.01, 0.02))
    areas = gpd.GeoDataFrame({"minutes": list(LABELS)}, geometry=[near, far], crs=4326)
    shapes, labels = isochrone_layers(areas, LABELS)
    first, second = (shapely.geometry.shape(one["geometry"]) for one in shapes.data["features"])
    assert first.area > second.area
    assert [one["properties"]["label"] for one in labels.data["features"]] == ["30 min", "15 min"]
    assert labels.data["features"][0]["geometry"]["coordinates"] == [-84.5, 39.02]


def test_corners_are_few_and_near_the_outline() -> None:
    whole = shapely.Point(HERE).buffer(0.01, quad_segs=500)
    (thin,) = drawn(whole)
    assert shapely.get_num_coordinates(thin) < shapely.get_num_coordinates(whole) / 10
    assert shapely.hausdorff_distance(thin, whole) < 2 * DRAWN_DEGREES


@pytest.mark.parametrize("meters", [3, 12, 28, 100])
def test_no_part_is_lost_however_small(meters: float) -> None:
    small = shapely.Point(HERE[0] + 0.1, HERE[1]).buffer(meters / 111_000)
    both = shapely.MultiPolygon([shapely.Point(HERE).buffer(0.01), small])
    (area,) = drawn(both)
    assert len(area.geoms) == 2
    assert np.isclose(area.geoms[1].centroid.x, small.centroid.x, atol=1e-5)


def test_insides_of_blocks_are_not_drawn_but_lakes_are() -> None:
    whole = shapely.Point(HERE).buffer(0.02)
    block, lake = shapely.Point(HERE).buffer(0.001), shapely.Point(HERE[0] + 0.01, HERE[1]).buffer(0.003)
    (area,) = drawn(whole.difference(block).difference(lake))
    (hole,) = area.geoms[0].interiors
    assert shapely.Polygon(hole).intersects(lake)


def test_nothing_in_reach_draws_nothing() -> None:
    empty = gpd.GeoDataFrame({"minutes": [15.0]}, geometry=[shapely.MultiPolygon()], crs=4326)
    assert isochrone_layers(empty, LABELS) == []
