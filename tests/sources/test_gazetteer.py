"""The region's own geocoder finds what people write, typos included, and quickly."""

import pandas as pd
import pytest

from geo.errors import InputError
from geo.tables import GAZETTEER, conform
from sources import gazetteer_index
from sources.gazetteer import find, locate_address
from sources.gazetteer_index import index_of
from sources.wording import normalise

PLACES = [
    ("1500 James Simpson Jr Way, Covington, 41011", "address"),
    ("513 Madison Avenue, Covington, 41011", "address"),
    ("515 Madison Avenue, Covington, 41011", "address"),
    ("East 5th Street & Main Street", "crossing"),
    ("5th Avenue & Oak Street", "crossing"),
    ("Madison Avenue & Pike Street", "crossing"),
    ("Kenton County Public Library", "place"),
    ("Madison Avenue", "place"),
    ("St. Elizabeth Covington", "place"),
    ("41011", "zip"),
]


@pytest.fixture(scope="module")
def gazetteer() -> pd.DataFrame:
    table = pd.DataFrame(PLACES, columns=["text", "kind"])
    table["search"] = [normalise(text) for text in table["text"]]
    table["lon"], table["lat"] = -84.5 + table.index * 0.001, 39.08
    return conform(table, GAZETTEER)


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ("513 Madison Ave", "513 Madison Avenue, Covington, 41011"),
        ("515 madisn avenue, covington", "515 Madison Avenue, Covington, 41011"),
        ("1500 James Simpson Junior Way", "1500 James Simpson Jr Way, Covington, 41011"),
        ("5th & Main", "East 5th Street & Main Street"),
        ("Main St and 5th", "East 5th Street & Main Street"),
        ("main st @ fifth street", "East 5th Street & Main Street"),
        ("Pike at Madison", "Madison Avenue & Pike Street"),
        ("kenton libary", "Kenton County Public Library"),
        ("Saint Elizabeth", "St. Elizabeth Covington"),
        ("Madison Avenue", "Madison Avenue"),
        ("41011", "41011"),
    ],
)
def test_what_people_write_is_found(gazetteer: pd.DataFrame, query: str, answer: str) -> None:
    best = find(gazetteer, query).iloc[0]
    assert best["text"] == answer
    assert best["score"] >= 85


def test_a_wrong_house_number_or_ordinal_is_no_hit(gazetteer: pd.DataFrame) -> None:
    for query in ("2514 Madison Avenue", "6th & Main", "99999", "514 Maple Avenue"):
        found = find(gazetteer, query)
        assert found.empty or found["score"].iloc[0] < 85, query


def test_an_unknown_house_number_is_placed_between_its_neighbours(gazetteer: pd.DataFrame) -> None:
    found = find(gazetteer, "514 madison avenu covington").iloc[0]
    assert found["text"].startswith("about 514 Madison Avenue")
    neighbours = gazetteer.loc[gazetteer["text"].str.contains("Madison Avenue, "), "lon"]
    assert found["lon"] == pytest.approx(neighbours.mean())
    assert 85 <= found["score"] < 100


def test_coordinates_are_taken_as_they_are(gazetteer: pd.DataFrame) -> None:
    row = find(gazetteer, " 39.0837, -84.5086 ").iloc[0]
    assert (row["lat"], row["lon"], row["score"]) == (39.0837, -84.5086, 100)
    with pytest.raises(InputError, match="latitude first"):
        find(gazetteer, "-184.5,39.08")


@pytest.mark.parametrize("query", ["", "  ", "&", "!?"])
def test_nothing_was_asked(gazetteer: pd.DataFrame, query: str) -> None:
    with pytest.raises(InputError, match="Give an address"):
        find(gazetteer, query)


def test_nothing_is_known() -> None:
    assert find(conform(pd.DataFrame(), GAZETTEER), "Main Street").empty


def test_an_address_is_placed_only_where_there_is_no_doubt(gazetteer: pd.DataFrame) -> None:
    here = gazetteer.set_index("text")
    house = here.loc["513 Madison Avenue, Covington, 41011"]
    assert locate_address(gazetteer, "513 MADISON AVE", "COVINGTON", "41011") == (house["lon"], house["lat"])
    for street, town, code in (
        ("513 MADISON AVE", "COVINGTON", "99999"),
        ("513 MADISON AVE", "FARAWAY", "41011"),
        ("900 MADISON AVE", "COVINGTON", "41011"),
        ("MADISON AVE", "COVINGTON", "41011"),
        ("PO BOX 513", "COVINGTON", "41011"),
        ("", "", "41011"),
    ):
        assert locate_address(gazetteer, street, town, code) is None, street


def test_an_address_without_town_is_placed_unless_two_are_apart(gazetteer: pd.DataFrame) -> None:
    def located(*lons: float) -> tuple[float, float] | None:
        rows = [
            {"text": "7 Elm Street", "search": "7 elm st", "kind": "address", "lon": lon, "lat": 39.08} for lon in lons
        ]
        table = pd.concat([gazetteer, conform(pd.DataFrame(rows), GAZETTEER)], ignore_index=True)
        return locate_address(table, "7 ELM STREET", "COVINGTON", "41011")

    assert located(-84.49) == (-84.49, 39.08)
    assert located(-84.49, -84.4901) == (-84.49, 39.08)
    assert located(-84.49, -84.48) is None
    assert located(-84.3) is None


def test_every_entry_is_found_by_its_own_text_and_with_two_letters_swapped(gazetteer: pd.DataFrame) -> None:
    for text, search in zip(gazetteer["text"], gazetteer["search"], strict=True):
        assert find(gazetteer, text)["search"].iloc[0] == search
        at = next((n for n in range(1, len(text) - 2) if text[n : n + 2].isalpha() and text[n] != text[n + 1]), None)
        if at is not None and len(text) > 8:
            swapped = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
            assert search in find(gazetteer, swapped)["search"].tolist(), swapped


def test_the_index_goes_with_its_gazetteer(gazetteer: pd.DataFrame) -> None:
    copy = gazetteer.copy()
    index = index_of(copy)
    assert index_of(copy) is index
    assert index_of(gazetteer) is not index
    gone = id(copy)
    del copy
    assert gone not in gazetteer_index._KEPT
