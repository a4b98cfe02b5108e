"""Points that other rows, or the address itself, speak against are called approximate, and nothing is lost."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.adapter.suspect_points import doubt_points, outside_state, postal_code
from sources.cleaning.report import Notes


def place(
    row: int, lon: float | None, lat: float | None, address: str | None, precision: str = "rooftop"
) -> dict[str, Any]:
    return {"row": str(row), "lon": lon, "lat": lat, "address": address, "location_precision": precision}


def doubted(*places: dict[str, Any]) -> tuple[list[str], list[tuple[str, str]]]:
    notes = Notes("x")
    doubt_points(list(places), notes)
    return [one["location_precision"] for one in places], [(row, code) for row, _, code, _ in notes.entries]


def test_a_point_far_from_its_codes_other_places() -> None:
    def near(count: int) -> list[dict[str, Any]]:
        return [place(n, -84.5 + n / 100, 39.0, f"{n} Main St, Covington, KY 41011") for n in range(count)]

    def far() -> dict[str, Any]:
        return place(9, -84.5, 39.4, "9 Main St, Covington, KY 41011-1234, USA")

    assert doubted(*near(4), far()) == (["rooftop"] * 4 + ["approximate"], [("9", "far_from_its_code")])
    assert doubted(*near(2), far()) == (["rooftop"] * 3, [])  # of three, who could say which is wrong


def test_a_point_outside_its_codes_state() -> None:
    assert doubted(place(1, -84.5, 39.0, "1 Main St, Far, CA 90210")) == (["approximate"], [("1", "far_from_its_code")])
    assert doubted(place(1, -84.5, 39.0, "1 Main St, Newport, KY 41071")) == (["rooftop"], [])
    assert doubted(place(1, None, None, "1 Main St, Far, CA 90210", "hidden")) == (["hidden"], [])
    assert doubted(place(1, -84.5, 39.0, "1 Main St, Far, CA 90210", "approximate")) == (["approximate"], [])


@pytest.mark.parametrize(
    ("code", "lon", "lat", "state"),
    [
        ("41011", -84.5, 39.0, None), ("20001", -77.0, 38.9, None), ("20001", -84.5, 39.0, "DC"),
        ("10001", -74.0, 40.7, None), ("00501", -73.0, 40.8, None), ("99501", -149.9, 61.2, None),
        ("96801", -157.8, 21.3, None), ("96801", -77.0, 38.9, "HI"), ("00000", 0.0, 0.0, None),
        ("10115", 13.4, 52.5, None),
    ],
)  # fmt: skip
def test_states_of_codes(code: str, lon: float, lat: float, state: str | None) -> None:
    assert outside_state(code, lon, lat) == state


def test_every_code_of_a_prefix_has_one_state_or_none() -> None:
    here = [(-77.0, 38.9), (-120.0, 44.0)]  # no state holds both
    states = [
        next((state for lon, lat in here if (state := outside_state(f"{prefix:03d}01", lon, lat))), None)
        for prefix in range(1000)
    ]
    assert len({state for state in states if state}) == 52  # the states, DC and Puerto Rico
    assert sum(state is not None for state in states) > 850


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("1 Main St, Covington, KY 41011", "41011"), ("x, 41011-1234", "41011"), ("x, 41011, USA", "41011"),
        (None, None),
        ("12345 Main St", None), ("x, 123456", None), ("Rua D, 91020-050", None),
    ],
)  # fmt: skip
def test_codes_at_the_end(address: str | None, code: str | None) -> None:
    assert postal_code(address) == code


@given(
    st.lists(
        st.tuples(
            st.floats(-180, 180),
            st.floats(-90, 90),
            st.sampled_from(["1 A, 41011", "2 A, 41011", "x, 90210", None, "q"]),
        ),
        max_size=20,
    )
)
def test_no_place_vanishes_and_each_is_noted_once(points: list[tuple[float, float, str | None]]) -> None:
    places = [place(n, lon, lat, address) for n, (lon, lat, address) in enumerate(points)]
    precisions, noted = doubted(*places)
    assert len(precisions) == len(points)
    assert sorted(row for row, _ in noted) == sorted(str(n) for n, p in enumerate(precisions) if p == "approximate")
