"""Boxes: what is a place and what is none, and how long their sides are on the ground."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import InputError
from geo.units import METERS_PER_DEGREE
from sources.cleaning.bounds import MOST_KM, Bounds, place_bounds, sides_km, square_km, wider

KM_PER_DEGREE = METERS_PER_DEGREE / 1000


def test_a_point_on_the_edge_lies_in_the_box() -> None:
    box = Bounds(-84.6, 39.0, -84.4, 39.1)
    for lon, lat in ((-84.6, 39.05), (-84.4, 39.05), (-84.5, 39.0), (-84.5, 39.1)):
        assert box.hold(lon, lat)
    for lon, lat in ((-84.61, 39.05), (-84.39, 39.05), (-84.5, 38.99), (-84.5, 39.11)):
        assert not box.hold(lon, lat)


def test_a_radius_is_as_long_on_the_ground_in_every_direction() -> None:
    # at 60° a degree of longitude is half as long as one of latitude
    box = place_bounds("60,10", KM_PER_DEGREE / 4)
    assert (box.south, box.north) == pytest.approx((59.75, 60.25))
    assert (box.west, box.east) == pytest.approx((9.5, 10.5))
    assert sides_km(box) == pytest.approx((KM_PER_DEGREE / 2, KM_PER_DEGREE / 2))
    assert square_km(box) == pytest.approx(KM_PER_DEGREE**2 / 4)


def test_a_box_that_is_given_is_taken_as_it_is() -> None:
    assert place_bounds("-84.7, 38.9, -84.4, 39.1", 5) == Bounds(-84.7, 38.9, -84.4, 39.1)
    assert sides_km(Bounds(0, 59.5, 2, 60.5)) == pytest.approx((KM_PER_DEGREE, KM_PER_DEGREE))


@pytest.mark.parametrize(
    ("text", "radius_km"),
    [
        ("85,180", 5), ("-60,-180", 5), ("39,-84", MOST_KM), ("39,-84", 0.1),
        ("-180,-1,-179,1", 5), ("179,-1,180,1", 5), ("0,84,1,85", 5),
        ("0,-61,1,-60", 5), ("-2.6,-1,2.6,1", 5), ("0,-2.6,1,2.6", 5),
        ("0,80,30,81", 5),  # thirty degrees are 550 km up there
    ],
)  # fmt: skip
def test_places_at_the_limits(text: str, radius_km: float) -> None:
    assert place_bounds(text, radius_km)


@pytest.mark.parametrize(
    ("text", "radius_km", "reason"),
    [
        ("Covington", 5, "is no place"), ("39", 5, "is no place"), ("39,-84,1", 5, "is no place"),
        ("nan,-84", 5, "is no place"), ("39,inf", 5, "is no place"), ("1,2,3,4,5", 5, "is no place"),
        ("39,-84", 0, "radius"), ("39,-84", -1, "radius"), ("39,-84", MOST_KM + 1, "radius"),
        ("85.1,0", 5, "not a place on Earth"), ("-85.1,0", 5, "not a place on Earth"), ("0,180.1", 5, "not a place"),
        ("-84.5086,39.0837", 5, "Antarctica"), ("-60.1,0", 5, "Antarctica"),
        ("0,-61.5,1,-60.1", 5, "Antarctica"),
        ("1,0,1,1", 5, "no box"), ("2,0,1,1", 5, "no box"), ("0,1,1,1", 5, "no box"), ("0,2,1,1", 5, "no box"),
        ("-180.1,0,-179,1", 5, "no box"), ("179,0,180.1,1", 5, "no box"),
        ("0,-85.1,1,-84", 5, "no box"), ("0,84,1,85.1", 5, "no box"),
        ("-2.8,-1,2.8,1", 5, "larger than 600 km"), ("0,-2.8,1,2.8", 5, "larger than 600 km"),
    ],
)  # fmt: skip
def test_what_is_no_place_is_said_with_its_reason(text: str, radius_km: float, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        place_bounds(text, radius_km)


@given(st.floats(-84, 84), st.floats(0, 5000))
def test_a_margin_is_as_wide_on_the_ground_on_every_side(lat: float, meters: float) -> None:
    box = Bounds(10, lat - 0.1, 10.5, lat + 0.1)
    outer = wider(box, meters)
    assert sides_km(outer) == pytest.approx(tuple(side + 2 * meters / 1000 for side in sides_km(box)), abs=1e-6)
    assert (outer.west + outer.east, outer.south + outer.north) == pytest.approx((20.5, 2 * lat))


def test_a_margin_at_a_pole_stays_on_the_map() -> None:
    outer = wider(Bounds(0, 89.8, 1, 90), METERS_PER_DEGREE / 100)
    assert (outer.west, outer.east) == pytest.approx((-0.2, 1.2))
