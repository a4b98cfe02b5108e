"""Headings as people write them: what each is read as, and that nothing is guessed."""

import pytest

from geo.errors import InputError
from sources.adapter.headings import columns_of, declared, match_headings
from sources.formats.csv_text import plain_name

MESSY = {
    "House Name": "name",
    "Dirección": "address",
    "Phone #": "phone",
    "Weekly fee ($)": "weekly_rent_usd",
    "Beds open": "open_beds",
    "# of beds": "beds",
    "Men/Women": "genders",
    "MAT OK?": "accepts_moud",
    "Código postal": "zip",
}


def test_headings_as_people_name_them_are_read() -> None:
    matched = match_headings([*MESSY, "House color"])
    assert {heading: ours for ours, heading in matched.columns.items()} == MESSY
    assert matched.unmatched == ("House color",)
    assert set(matched.renamed) == set(MESSY.values()) - {"phone"}


@pytest.mark.parametrize("headings", [["Vacancies", "Beds open"], ["Phone", "Phone #"], ["Phone", "Phone"]])
def test_two_headings_for_one_column_are_named_and_neither_is_taken(headings: list[str]) -> None:
    matched = match_headings(["name", *headings])
    assert list(matched.twice.values()) == [tuple(headings)]
    assert list(matched.columns) == ["name"]
    with pytest.raises(InputError, match=f"'{headings[0]}' and '{headings[1]}' both mean"):
        columns_of(["name", *headings], {}, "houses.csv")


def test_a_persons_word_settles_which_of_two_holds() -> None:
    headings = ["name", "Vacancies", "Beds open"]
    assert columns_of(headings, {"columns": {"open_beds": "Beds open"}}, "houses.csv")["open_beds"] == "Beds open"
    assert "open_beds" not in columns_of(headings, {"columns": {"open_beds": ""}}, "houses.csv")


def test_a_heading_that_someone_gave_to_one_column_is_not_read_as_another() -> None:
    assert match_headings(["House", "Vacancies"], {"capacity": "Vacancies"}).columns == {
        "name": "House",
        "capacity": "Vacancies",
    }


def test_a_slip_of_the_pen_is_offered_and_not_read() -> None:
    matched = match_headings(["name", "Adress", "Telphone"])
    assert matched.likely == {"Adress": "address", "Telphone": "phone"}
    assert list(matched.columns) == ["name"]


def test_a_stand_in_is_read_only_where_the_word_itself_is_not_there() -> None:
    assert match_headings(["X", "Y"]).columns == {"lat": "Y", "lon": "X"}
    assert match_headings(["X", "Y", "Latitude", "Longitude"]).columns == {"lat": "Latitude", "lon": "Longitude"}


def test_a_mapping_that_names_no_heading_of_the_list_is_refused() -> None:
    with pytest.raises(InputError, match="'Fee'"):
        columns_of(["name"], {"columns": {"weekly_rent_usd": "Fee"}}, "houses.csv")


@pytest.mark.parametrize(("columns", "near"), [
    ({"open_bed": "Vacancies"}, "'open_bed', which is none of ours. Did you mean 'open_beds'"),
    ({"open_beds": "Vacancy"}, "'Vacancy' as open_beds, which the file doesn't have.*Did you mean 'Vacancies'"),
    ({"qqq": "Vacancies"}, "There are: id, name"),
])  # fmt: skip
def test_a_misspelled_mapping_is_refused_with_what_is_near(columns: dict[str, str], near: str) -> None:
    with pytest.raises(InputError, match=near):
        columns_of(["name", "Vacancies"], {"columns": columns}, "houses.csv")


def test_every_declared_word_is_plain_and_means_one_column() -> None:
    words = [word for table in (declared()["columns"],) for words in table.values() for word in words]
    assert len(words) == len(set(words))
    assert [word for word in words if word != plain_name(word)] == []
    assert set(declared()["stand_ins"]) <= set(declared()["columns"])
