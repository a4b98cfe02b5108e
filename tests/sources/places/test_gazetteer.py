"""The region's own geocoder finds what people write, typos included, and quickly."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from geo.errors import InputError
from geo.tables import GAZETTEER, RESOURCES, conform
from sources.cleaning.normalize import normalize, without_unit
from sources.networks.osm_features import FEATURE_TAGS
from sources.places import gazetteer_index
from sources.places.gazetteer import build_gazetteer, find, is_unambiguous, locate_address
from sources.places.gazetteer_index import index_of
from tests.geo.conftest import lay

FEATURES = ["kind", "osm_type", "osm_id", *FEATURE_TAGS.split(), "lon", "lat"]

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
        matches = find(gazetteer, query)
        assert matches.empty or matches["score"].iloc[0] < 85, query


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
    matches = find(gazetteer, query)
    assert not is_unambiguous(matches)
    assert matches["score"].max() < 85
    assert offered in matches["text"].tolist()


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
        matches = find(table, f"Oak & Main, {rest}")
        assert (is_unambiguous(matches), matches["lon"].iloc[0]) == (True, lon)
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
    matches = find(table, "20 Elm Street, Rightham")
    assert (is_unambiguous(matches), matches["lon"].iloc[0]) == (True, -84.4)


def test_a_name_in_another_order_is_no_better_than_others() -> None:
    table = pd.concat(
        [placed("Elizabeth Street", "place"), placed("St. Elizabeth Covington", "place", -84.4)], ignore_index=True
    )
    assert not is_unambiguous(find(table, "St Elizabeth"))
    assert is_unambiguous(find(table, "Elizabeth St"))


def test_an_unknown_house_number_is_placed_between_its_neighbors(gazetteer: pd.DataFrame) -> None:
    place = find(gazetteer, "514 madison avenu covington").iloc[0]
    assert place["text"].startswith("about 514 Madison Avenue")
    neighbors = gazetteer.loc[gazetteer["text"].str.contains("Madison Avenue, "), "lon"]
    assert place["lon"] == pytest.approx(neighbors.mean())
    assert 85 <= place["score"] < 100


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


@pytest.mark.parametrize(
    ("query", "street", "unit"),
    [
        ("513 Madison Ave Apt 4", "513 Madison Avenue, Covington, 41011", "Apt 4"),
        ("513 Madison Ave, Apt. #4B, Covington, KY 41011", "513 Madison Avenue, Covington, 41011", "Apt. #4B"),
        ("513 madison avenue unit C", "513 Madison Avenue, Covington, 41011", "unit C"),
        ("1500 James Simpson Jr Way Ste 200, Covington", "1500 James Simpson Jr Way, Covington, 41011", "Ste 200"),
        ("1500 James Simpson Jr Way #12", "1500 James Simpson Jr Way, Covington, 41011", "#12"),
        ("515 Madison Ave, 2nd Floor", "515 Madison Avenue, Covington, 41011", "2nd Floor"),
        ("515 Madison Ave, piso 2", "515 Madison Avenue, Covington, 41011", "piso 2"),
    ],
)
def test_a_unit_is_left_out_and_said_to_be(gazetteer: pd.DataFrame, query: str, street: str, unit: str) -> None:
    matches = find(gazetteer, query)
    assert matches["text"].iloc[0] == f"{street} (without {unit})"
    assert is_unambiguous(matches)
    assert locate_address(gazetteer, query.partition(",")[0], "COVINGTON", "41011") is not None


@pytest.mark.parametrize("query", ["513-515 Madison Ave", "513 - 515 Madison Ave", "513–515 Madison Ave Unit 2"])
def test_a_range_of_house_numbers_finds_its_first(gazetteer: pd.DataFrame, query: str) -> None:
    matches = find(gazetteer, query)
    assert matches["text"].iloc[0].startswith("513 Madison Avenue, Covington")
    assert is_unambiguous(matches)


@pytest.mark.parametrize("text", ["12 Lot Street", "7 Suite Dreams Way", "8 Main St, Tampa, FL 33602", "Unit 4 Cafe"])
def test_no_unit_is_seen_where_there_is_none(text: str) -> None:
    assert without_unit(text) == (text, "")


def test_roads_are_known_by_their_numbers() -> None:
    nodes = {"A": (0, 0), "B": (500, 0), "C": (1000, 0), "D": (500, 500), "E": (1000, 500), "F": (1500, 0)}
    ways = [
        "A B: highway=primary name=Dixie_Highway ref=US_25;US_42",
        "B C F: highway=primary ref=KY_18",
        "B D: highway=residential name=Turfway_Road",
        "C E: highway=residential name=Oak_Street",
    ]
    streets = lay(nodes, ways)
    streets = replace(
        streets,
        names=np.array([name.replace("_", " ") for name in streets.names]),
        refs=np.array([ref.replace("_", " ") for ref in streets.refs]),
    )
    table = build_gazetteer(pd.DataFrame(columns=FEATURES), streets, conform(pd.DataFrame(), RESOURCES))
    crossings = set(table.loc[table["kind"] == "crossing", "text"])
    assert crossings == {
        "Dixie Highway & KY 18", "KY 18 & US 25", "KY 18 & US 42", "Dixie Highway & Turfway Road",
        "Turfway Road & US 25", "Turfway Road & US 42", "KY 18 & Turfway Road", "KY 18 & Oak Street",
    }  # fmt: skip
    for query, answer in (("US 25 & Turfway Road", "Turfway Road & US 25"), ("KY-18 at Oak St", "KY 18 & Oak Street")):
        matches = find(table, query)
        assert matches["text"].iloc[0] == answer
        assert is_unambiguous(matches)
    assert find(table, "KY-18")["text"].iloc[0] == "KY 18"
