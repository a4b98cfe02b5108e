"""Weekdays in words: ranges go around the week, and letters that run together are read in its order."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.cleaning.weekday_words import days_in_words, in_english

NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAYS = st.integers(0, 6)


@given(DAYS, DAYS)
def test_a_range_of_days_goes_on_to_its_end(first: int, last: int) -> None:
    days = days_in_words(f"{NAMES[first]} - {NAMES[last]}")
    assert days is not None
    assert (days[0], days[-1], len(days)) == (first, last, (last - first) % 7 + 1)
    assert all((day + 1) % 7 == following for day, following in pairwise(days))


@given(st.lists(DAYS, min_size=1, max_size=9))
def test_a_list_of_days_names_each_once(days: list[int]) -> None:
    assert days_in_words(", ".join(NAMES[day] for day in days)) == list(dict.fromkeys(days))


@given(st.sets(DAYS, min_size=2))
def test_letters_in_the_order_of_the_week(days: set[int]) -> None:
    text = "".join(("M", "Tu", "W", "Th", "F", "Sa", "Su")[day] for day in sorted(days))
    assert days_in_words(text) == (None if text == "MF" else sorted(days))


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("TT", [1, 3]), ("MTWTF", [0, 1, 2, 3, 4]), ("weekends", [5, 6]), ("Weekdays.", [0, 1, 2, 3, 4]),
        ("every Monday mornings", [0]), ("Tuesdays only", [1]), ("WM", None), ("MonTue", None), ("", None),
    ],
)  # fmt: skip
def test_what_leaves_doubt_is_no_day(text: str, days: list[int] | None) -> None:
    assert days_in_words(text) == days


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("Lunes a jueves", "monday - thursday"), ("sábado y domingo", "saturday, sunday"), ("Montag; Mittwoch",
         "monday, wednesday"), ("todos los días", "daily"), ("lundi  au vendredi", "monday - friday"),
    ],
)  # fmt: skip
def test_words_of_other_languages(text: str, english: str) -> None:
    assert in_english(text) == english


@pytest.mark.parametrize("text", ["fr" * 400 + "!", "mon" + ", " * 400 + "x", "mon" + " and" * 400])
def test_a_cell_of_letters_that_may_be_days_is_none_at_once(text: str) -> None:
    """Each pair of letters was one day or two: 40 of them took days."""
    assert days_in_words(in_english(text)) is None
