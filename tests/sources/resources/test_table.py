"""An agency's own list at its edges: both coordinates in one column, two names, wrong mappings."""

import json

import pytest

from geo.errors import InputError
from sources.adapter.source import ParseContext
from sources.resources import findtreatment, table
from tests.sources.resources.test_services import facility


@pytest.mark.parametrize(
    ("pair", "lon", "lat"),
    [
        ("39.1, -94.5", -94.5, 39.1), ("-94.5, 39.1", -94.5, 39.1), ("(39.1;-94.5)", -94.5, 39.1),
        ("-94.5,90", -94.5, 90), ("-84.5,39.1", 39.1, -84.5),
    ],
)  # fmt: skip
def test_both_coordinates_in_one_column_are_turned_only_where_one_order_is_possible(
    pair: str, lon: float, lat: float
) -> None:
    raw = f'name;category;latlon\nQuay;food;"{pair}"\n'.encode()
    resources = table.parse(raw, ParseContext("own.csv")).tables["resources"]
    assert resources[["lon", "lat"]].to_numpy().tolist() == [[lon, lat]]


def test_the_first_unknown_key_of_a_mapping_is_named() -> None:
    context = ParseContext("own.csv", mapping={"zeta": 1, "alpha": 2})
    with pytest.raises(InputError, match="unknown key 'alpha'"):
        table.parse(b"name,category,lat,lon\nQuay,food,39,-84\n", context)


@pytest.mark.parametrize(("second", "name"), [("Beta", "Alpha – Beta"), ("Aaron", "Alpha – Aaron"), ("ALPHA", "Alpha")])
def test_a_program_is_called_by_both_of_its_names(second: str, name: str) -> None:
    rows = [facility(("TC", "Substance use treatment"), name1="Alpha", name2=second)]
    parsed = findtreatment.parse(json.dumps({"rows": rows}).encode(), ParseContext("f.json"))
    assert parsed.tables["resources"]["name"].tolist() == [name]


@pytest.mark.parametrize("precision", ["rooftop", "street", "approximate"])
def test_a_place_has_the_precision_that_its_list_says(precision: str) -> None:
    raw = f"name,category,lat,lon,location_precision\nQuay,food,39,-84,{precision}\n".encode()
    resources = table.parse(raw, ParseContext("own.csv")).tables["resources"]
    assert resources[["lon", "location_precision"]].to_numpy().tolist() == [[-84, precision]]


def test_a_row_of_two_names_has_both() -> None:
    raw = b"name,name2,category,lat,lon\nAlpha,Beta,food,39,-84\nAlpha,ALPHA,food,38,-84\n"
    resources = table.parse(raw, ParseContext("own.csv")).tables["resources"]
    assert sorted(resources["name"]) == ["Alpha", "Alpha \u2013 Beta"]
