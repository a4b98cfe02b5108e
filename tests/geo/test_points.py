"""Places in every form that people hold them in, and every mistake that is easy to make with them."""

import datetime

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.access.opportunities import opportunities
from geo.errors import InputError, OutsideRegionError
from geo.needs.candidate_homes import candidates
from geo.needs.needs import Needs
from geo.plan.week_plan import plan_week
from geo.points import as_points, as_table, one_place, with_degrees
from geo.score.compare_homes import compare_homes
from geo.score.score import score_home, score_homes
from geo.score.support import prepare
from geo.score.surface import populated_cells, score_cells
from geo.travel.isochrones import isochrones
from geo.travel.journeys import explain_journey
from geo.travel.travel_times import TravelSettings, off_streets, seconds_between, travel_times
from tests.geo.main_street import WEDNESDAY, along, at, full_region

BOUNDS = (-87.2, 38.9, -86.9, 39.3)
WALK = TravelSettings(mode="walk", max_minutes=120)
CRS = ("EPSG:4326", "EPSG:3857", "EPSG:32616", "EPSG:4269", "OGC:CRS84")


def homes(meters=(0, 900, 2500)):
    lon, lat = along(meters)
    return pd.DataFrame({"id": [f"{m} m" for m in meters], "lon": lon, "lat": lat, "people": 1.0})


def in_crs(table, crs):
    return as_points(table).drop(columns=["lon", "lat"]).to_crs(crs)


@pytest.fixture(scope="module")
def support(region):
    return full_region(region)


def everything(support, table):
    """Return what every public function answers for these places, as plain values."""
    network, needs = support.network, Needs()
    first = table.iloc[[0]]
    homes = compare_homes(support, table, needs, WEDNESDAY).homes
    return {
        "times": travel_times(network, table, table, WALK)["minutes"].tolist(),
        "areas": isochrones(network, table, WALK, [10]).to_crs("EPSG:32616").area.tolist(),
        "reached": opportunities(network, table, table, "people", WALK, [30])["people"].tolist(),
        "surface": score_cells(support, table, needs, WEDNESDAY)["total"].tolist(),
        "scores": [score.total for score in score_homes(support, table, needs, WEDNESDAY)],
        "score": score_home(support, first, needs, WEDNESDAY).total,
        "compared": [home.score.total for home in homes],
        "week": plan_week(support, first, needs, WEDNESDAY).travel_minutes,
        "journey": explain_journey(network, first, table.iloc[[1]], WALK, 8 * 3600).minutes,
        "seconds": seconds_between(network, table, table, WALK).ravel().tolist(),
        "off": off_streets(network, table).tolist(),
    }


@pytest.mark.parametrize("crs", CRS)
def test_every_public_function_takes_geodataframes_of_any_crs(support, crs):
    plain, shaped = everything(support, homes()), everything(support, in_crs(homes(), crs))
    for name, expected in plain.items():
        assert shaped[name] == pytest.approx(expected, rel=1e-6, abs=2e-3), name


@pytest.mark.parametrize(
    "ask",
    [
        lambda s, t: travel_times(s.network, t, homes(), WALK),
        lambda s, t: travel_times(s.network, homes(), t, WALK),
        lambda s, t: isochrones(s.network, t, WALK, [10]),
        lambda s, t: opportunities(s.network, t, homes(), "people", WALK, [30]),
        lambda s, t: opportunities(s.network, homes(), t, "people", WALK, [30]),
        lambda s, t: score_cells(s, t, Needs(), WEDNESDAY),
        lambda s, t: score_homes(s, t, Needs(), WEDNESDAY),
        lambda s, t: score_home(s, t.iloc[[0]], Needs(), WEDNESDAY),
        lambda s, t: compare_homes(s, t, Needs(), WEDNESDAY),
        lambda s, t: plan_week(s, t.iloc[[0]], Needs(), WEDNESDAY),
        lambda s, t: explain_journey(s.network, t.iloc[[0]], at(0), WALK, 0),
        lambda s, t: explain_journey(s.network, at(0), t.iloc[[0]], WALK, 0),
    ],
)
def test_every_public_function_names_swapped_coordinates_missing_crs_and_outlines(support, ask):
    table = homes()
    swapped = table.rename(columns={"lon": "lat", "lat": "lon"})
    for wrong, error, words in (
        (swapped, OutsideRegionError, "Latitude and longitude are swapped.*mean lon -87"),
        (in_crs(swapped, "EPSG:4326"), OutsideRegionError, "Latitude and longitude are swapped"),
        (in_crs(table, "EPSG:32616").set_crs(None, allow_override=True), InputError, "without a CRS.*set_crs"),
        (
            in_crs(table, "EPSG:32616").buffer(9).to_frame("geometry").assign(id=1, people=1),
            InputError,
            "Polygon.*repr",
        ),
        (table.assign(lat=[39.1, None, np.inf][::-1]), InputError, "no place on Earth"),
        (table.drop(columns="lon"), InputError, "id, lon and lat; lon is missing"),
    ):
        with pytest.raises(error, match=words):
            ask(support, wrong)


def test_results_have_the_shapes_of_the_places_given(support):
    shaped = in_crs(homes(), "EPSG:3857")
    surface = score_cells(support, shaped, Needs(), WEDNESDAY)
    reached = opportunities(support.network, shaped, homes(), "people", WALK, [5, 30])
    for result in (surface, reached):
        assert isinstance(result, gpd.GeoDataFrame)
        assert result.crs == shaped.crs
        by_id = dict(zip(shaped["id"], shaped.geometry, strict=True))
        assert all(by_id[one] == point for one, point in zip(result["id"], result.geometry, strict=True))
    assert type(score_cells(support, homes(), Needs(), WEDNESDAY)) is pd.DataFrame


def test_resources_and_zones_may_be_geodataframes(support):
    zones = pd.DataFrame({"zone_id": ["a"], "lon": [at(300)[0]], "lat": [at(300)[1]], "population": [5], "jobs": [3]})
    shaped = [in_crs(table, "EPSG:32616") for table in (support.resources, zones)]
    again = prepare(support.network, shaped[0], support.sessions, shaped[1], support.parameters)
    assert again.places.lon == pytest.approx(support.places.lon)
    assert again.job_places.lon == pytest.approx([at(300)[0]])
    assert populated_cells(shaped[1])["lon"].tolist() == pytest.approx([at(300)[0]])
    assert (
        candidates(shaped[0], Needs())["reasons"].tolist() == candidates(support.resources, Needs())["reasons"].tolist()
    )


def test_a_resource_without_a_point_stays_a_resource():
    shapes = gpd.GeoDataFrame({"resource_id": ["a", "b"]}, geometry=[None, shapely.Point(-87, 39)], crs=4326)
    table = with_degrees(shapes)
    assert table["lon"].isna().tolist() == [True, False]
    assert type(table) is pd.DataFrame


def test_the_geometry_counts_and_the_index_is_the_id_where_there_is_none():
    points = gpd.GeoDataFrame(
        {"lon": [0.0, 0.0], "lat": [0.0, 0.0], "kind": ["x", "y"]},
        geometry=[shapely.Point(-87, 39), shapely.MultiPoint([(-87, 39.1)])],
        index=pd.MultiIndex.from_tuples([("node", 7), ("way", 8)]),
        crs=4326,
    )
    assert as_table(points).to_dict("list") == {
        "lon": [-87.0, -87.0], "lat": [39.0, 39.1], "kind": ["x", "y"], "id": ["node 7", "way 8"],
    }  # fmt: skip


def test_places_given_are_left_as_they_are():
    table, shaped = homes(), in_crs(homes(), "EPSG:3857")
    before = table.copy(), shaped.copy()
    as_table(table.assign(lon=table["lon"].astype(str)))
    as_table(table)
    as_table(shaped)
    pd.testing.assert_frame_equal(table, before[0])
    pd.testing.assert_frame_equal(shaped, before[1])


@pytest.mark.parametrize(
    ("points", "words"),
    [
        ([(1, 2)], "must be a table .* not a list"),
        (pd.DataFrame({"id": [1], "geometry": [shapely.Point(0, 0)]}), "as a GeoDataFrame with its CRS"),
        (pd.DataFrame({"id": [1], "latitude": [1.0], "longitude": [1.0]}), "given are id, latitude, longitude"),
        (gpd.GeoDataFrame({"id": [1]}), "lon is missing"),
        (gpd.GeoDataFrame({"id": [1]}, geometry=[shapely.Point()], crs=4326), "Row 1 .* no place on Earth"),
        (gpd.GeoDataFrame({"id": [1]}, geometry=[None], crs=4326), "Row 1 .* no place on Earth"),
        (gpd.GeoDataFrame({"id": [1]}, geometry=[shapely.Point(5e5, 4e6)], crs=4326), "Row 1 .* no place on Earth"),
        (gpd.GeoDataFrame({"id": [pd.NA]}, geometry=[shapely.Point(1, 1)], crs=4326), "Row 1 .* with an id"),
        (gpd.GeoDataFrame({"id": [1]}, geometry=[shapely.LineString([(0, 0), (1, 1)])], crs=4326), "a LineString"),
        (gpd.GeoDataFrame({"id": [1]}, geometry=[shapely.MultiPoint([(0, 0), (1, 1)])], crs=4326), "a MultiPoint"),
    ],
)
def test_what_is_no_table_of_places_is_said_in_a_sentence(points, words):
    with pytest.raises(InputError, match=words):
        as_table(points)


@pytest.mark.parametrize("place", [at(0), list(at(0)), np.array(at(0)), shapely.Point(*at(0)), homes().iloc[[0]]])
def test_one_place_comes_in_many_forms(place):
    assert one_place(place, bounds=BOUNDS) == pytest.approx(at(0))
    table = pd.DataFrame({"lon": [at(0)[0]], "lat": [at(0)[1]]})
    assert one_place(table) == pytest.approx(at(0))


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (-87.0, "must be a place"),
        ("5th & Finch", "must be a place"),
        ((-87.0,), "must be a place"),
        ((-87.0, 39.1, 200.0), "must be a place"),
        (shapely.Point(), "must be a place|no place on Earth"),
        ((-87.0, float("nan")), "no place on Earth"),
        ((-187.0, 39.1), "no place on Earth"),
        ((39.1, -87.0), "swapped in the home: did you mean lon -87.00000, lat 39.10000"),
        ((37.8, -122.4), "no place on Earth"),  # San Francisco swapped, and not this network's
        (homes(), "one place, not 3"),
        (homes().iloc[[]], "one place, not 0"),
    ],
)
def test_what_is_not_one_place_is_said_in_a_sentence(place, words):
    with pytest.raises(InputError, match=words):
        one_place(place, "home", BOUNDS)


def test_a_swapped_place_whose_latitude_is_beyond_the_pole_is_still_named_as_swapped():
    with pytest.raises(OutsideRegionError, match=r"did you mean lon -122\.40000, lat 37\.80000"):
        one_place((37.8, -122.4), bounds=(-122.6, 37.6, -122.2, 37.9))


@given(st.floats(-180, 180), st.floats(-80, 80), st.floats(-0.9, 0.9), st.floats(-0.9, 0.9))
def test_a_place_near_the_network_is_never_called_swapped(lon, lat, east, north):
    bounds = (lon - 0.2, lat - 0.2, lon + 0.2, lat + 0.2)
    place = (min(180.0, max(-180.0, lon + east)), lat + north)
    assert one_place(place, bounds=bounds) == place


def test_a_network_that_is_not_told_apart_from_its_mirror_image_says_nothing():
    cairo = (30.8, 29.8, 31.6, 30.3)
    assert one_place((29.9, 31.0), bounds=cairo) == (29.9, 31.0)


def test_dates_and_settings_are_still_checked_after_the_places(support):
    with pytest.raises(InputError):
        score_home(support, at(0), Needs(), datetime.date(2031, 1, 1))
