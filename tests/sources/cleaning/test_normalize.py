"""Names and addresses that are the same however they are written, and the parts of an address."""

import pytest

from sources.cleaning.normalize import house_numbers, normalize, without_unit


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("12 North Main Street", "12 N. Main St"), ("Saint Mary's", "St. Marys"), ("Café Olé", "cafe ole"),
        ("3 First  Avenue", "3 1st Ave"), ("O'Neill-Boulevard", "oneill blvd"),
    ],
)  # fmt: skip
def test_one_place_in_two_spellings(one: str, other: str) -> None:
    assert normalize(one) == normalize(other)


@pytest.mark.parametrize(
    ("address", "street", "unit"),
    [
        ("12 Elm St, Apt 3", "12 Elm St", "Apt 3"), ("12 Elm St #B, Troy", "12 Elm St, Troy", "#B"),
        ("12 Elm St Suite 4-B, 2nd Floor", "12 Elm St", "Suite 4-B, 2nd Floor"), ("12 Elm St", "12 Elm St", ""),
        ("  12 Elm St, Apt 3", "12 Elm St", "Apt 3"), ("Room 5, Town Hall", "Room 5, Town Hall", ""),
    ],
)  # fmt: skip
def test_a_unit_is_told_from_the_street(address: str, street: str, unit: str) -> None:
    assert without_unit(address) == (street, unit)


@pytest.mark.parametrize(
    ("address", "numbered"),
    [
        ("100-102 Elm St", ["100-102 Elm St", "100 Elm St", "102 Elm St"]),
        ("37–12 73rd St", ["37–12 73rd St", "37 73rd St", "12 73rd St"]),
        ("100 Elm St", ["100 Elm St"]), ("100-102 17", ["100-102 17"]),
    ],
)  # fmt: skip
def test_a_range_of_numbers_is_itself_then_its_ends(address: str, numbered: list[str]) -> None:
    assert house_numbers(address) == numbered
