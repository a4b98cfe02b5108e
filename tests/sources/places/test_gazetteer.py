"""The region's own geocoder finds what people write, typos included, and quickly."""

import pandas as pd
import pytest

from geo.errors import InputError
from geo.tables import GAZETTEER, conform
from sources.cleaning.normalize import normalize
from sources.places import gazetteer_index
from sources.places.gazetteer import find, is_unambiguous, locate_address
from sources.places.gazetteer_index import index_of

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
    ("Barnes & Noble Bookstore", "place"),
    ("41011", "zip"),
]


@pytest.fixture(scope="module")
def gazetteer() -> pd.DataFrame:
    table = pd.DataFrame(PLACES, columns=["text", "kind"])
    table["search"] = [normalize(text) for text in table["text"]]
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
        ("corner of Pike and Madison", "Madison Avenue & Pike Street"),
        ("the NW corner of Pike & Madison", "Madison Avenue & Pike Street"),
        ("PIKE &&& MADISON", "Madison Avenue & Pike Street"),
        ("Pike/Madison", "Madison Avenue & Pike Street"),
        ("Pike & Madison, Covington, KY 41011", "Madison Avenue & Pike Street"),
        ("513 Madison Ave, Covington, KY 41011", "513 Madison Avenue, Covington, 41011"),
        ("Barnes & Noble", "Barnes & Noble Bookstore"),
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


@pytest.mark.parametrize(
    ("query", "offered"),
    [
        ("a", "A Day's Work Employment Office"),
        ("513", "513 Madison Avenue, Covington, 41011"),
        ("Covington 41011", "513 Madison Avenue, Covington, 41011"),
        ("2514 Madison Avenue", "Madison Avenue"),
        ("2514 Madison Ave, Covington, KY 41011", "Madison Avenue"),
        ("Pike & Madison, Newport, KY", "Madison Avenue & Pike Street"),
        ("513 Madison Avenue, Newport", "513 Madison Avenue, Covington, 41011"),
    ],
)
def test_what_is_not_surely_meant_is_only_offered(gazetteer: pd.DataFrame, query: str, offered: str) -> None:
    gazetteer = pd.concat([gazetteer, placed("A Day's Work Employment Office", "place")], ignore_index=True)
    found = find(gazetteer, query)
    assert not is_unambiguous(found)
    assert found["score"].max() < 85
    assert offered in found["text"].tolist()


def placed(text: str, kind: str, lon: float = -84.5) -> pd.DataFrame:
    row = {"text": text, "search": normalize(text), "kind": kind, "lon": lon, "lat": 39.08}
    return conform(pd.DataFrame([row]), GAZETTEER)


def test_of_several_that_fit_as_well_none_is_taken() -> None:
    """300 m are 0.0035° of longitude here."""
    near = pd.concat([placed("East 5th Street & Main Street", "crossing"), placed("41011", "zip")], ignore_index=True)
    assert is_unambiguous(find(near, "5th & Main"))
    for lon, sure in ((-84.503, True), (-84.51, False)):
        both = pd.concat([near, placed("Main Street & West 5th Street", "crossing", lon)], ignore_index=True)
        assert is_unambiguous(find(both, "5th & Main")) is sure
        assert is_unambiguous(find(both, "East 5th Street & Main Street"))
        twice = pd.concat([near, placed("East 5th Street & Main Street", "crossing", lon)], ignore_index=True)
        assert is_unambiguous(find(twice, "East 5th Street & Main Street")) is sure
        assert len(find(twice, "5th & Main")) == (1 if sure else 2)


def test_a_town_after_the_comma_decides_between_two() -> None:
    towns = [
        placed("Oak Street & Main Street", "crossing", -84.50),
        placed("1 Elm Street, Leftham", "address", -84.501),
        placed("Oak Street & Main Street", "crossing", -84.40),
        placed("1 Elm Street, Rightham, 00302", "address", -84.401),
    ]
    table = pd.concat(towns, ignore_index=True)
    assert not is_unambiguous(find(table, "Oak & Main"))
    for rest, lon in (("Leftham", -84.5), ("Rightham, ZZ", -84.4), ("ZZ 00302", -84.4)):
        found = find(table, f"Oak & Main, {rest}")
        assert (is_unambiguous(found), found["lon"].iloc[0]) == (True, lon)
    assert not is_unambiguous(find(table, "Oak & Main, Elsewhere"))


def test_streets_of_one_name_in_two_towns_are_no_certain_place_for_an_unknown_number() -> None:
    table = pd.concat(
        [
            placed(f"{n} Elm Street, {town}", "address", lon)
            for n in (10, 30)
            for town, lon in (("Leftham", -84.5), ("Rightham", -84.4))
        ],
        ignore_index=True,
    )
    assert not is_unambiguous(find(table, "20 Elm Street"))
    found = find(table, "20 Elm Street, Rightham")
    assert (is_unambiguous(found), found["lon"].iloc[0]) == (True, -84.4)


def test_a_name_in_another_order_is_no_better_than_others() -> None:
    table = pd.concat(
        [placed("Elizabeth Street", "place"), placed("St. Elizabeth Covington", "place", -84.4)], ignore_index=True
    )
    assert not is_unambiguous(find(table, "St Elizabeth"))
    assert is_unambiguous(find(table, "Elizabeth St"))


def test_an_unknown_house_number_is_placed_between_its_neighbors(gazetteer: pd.DataFrame) -> None:
    found = find(gazetteer, "514 madison avenu covington").iloc[0]
    assert found["text"].startswith("about 514 Madison Avenue")
    neighbors = gazetteer.loc[gazetteer["text"].str.contains("Madison Avenue, "), "lon"]
    assert found["lon"] == pytest.approx(neighbors.mean())
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
