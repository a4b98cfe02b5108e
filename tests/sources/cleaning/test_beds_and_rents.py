"""What lists say of beds and rents: each real form is read, and no form as a wrong number."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.cleaning.beds_and_rents import beds_in_all_and_open, weekly_rent
from sources.cleaning.report import Notes

# What is stated of beds in all and of free ones → what is read.
BEDS = [
    ("8", "1", 8, 1), ("8", "0", 8, 0), ("8.0", "2.0", 8, 2), (8, 1, 8, 1), ("8 beds", "2 beds", 8, 2),
    ("eight", "two", 8, 2), ("8", "FULL", 8, 0), ("8", "full!", 8, 0), ("8", "Currently full", 8, 0),
    ("8", "Full - call", 8, 0), ("8", "Full as of 11/1", 8, 0), ("8", "Full, as of 11/1", 8, 0),
    ("8", "none", 8, 0), ("8", "None available", 8, 0), ("8", "no vacancies", 8, 0), ("8", "No beds available", 8, 0),
    ("8", "wait list", 8, 0), ("8", "Waitlist", 8, 0), ("8", "waiting list only", 8, 0), ("8", "0 (full)", 8, 0),
    ("8", "full; wait list", 8, 0), ("", "1 of 8", 8, 1), ("8", "1 of 8", 8, 1), ("8", "1 out of 8 beds", 8, 1),
    ("8", "1/8", 8, 1), ("", "1/8", None, None), ("8", "1/12", 8, None), ("8", "3/12/2026", 8, None),
    ("8", "one bed", 8, 1), ("8", "1 bed available", 8, 1), ("8", "2 open beds", 8, 2), ("8", "2 openings", 8, 2),
    ("8", "3 available", 8, 3), ("8", "2 beds (call)", 8, 2), ("8", "2 beds, call for availability", 8, 2),
    ("8", "call", 8, None), ("8", "Please call!", 8, None), ("8", "TBD", 8, None), ("8", "yes", 8, None),
    ("8", "2 beds, wait list", 8, None), ("8", "8 (full)", 8, None), ("8", "2-3", 8, None),
    ("8", "1 - 2 beds", 8, None),
    ("8", "2+", 8, None), ("8", "-1", 8, None), ("8", "1.5", 8, None), ("8", "not full", 8, None),
    ("8", "2 full beds", 8, None), ("8", "almost full", 8, None), ("8", "9 of 8", 8, None), ("8", "1 of 6", 8, None),
    ("8", "2 men, 1 woman", 8, None), ("8-10", "1", None, 1), ("8", "20261101", 8, None), ("8", "555-0101", 8, None),
    ("8", "8 total", 8, None), ("8", "8 beds in all", 8, None), ("2 open beds", "1", None, 1),
    ("2 openings", "1", None, 1),
    ("8 total", "1", 8, 1), ("8 total beds", "1", 8, 1), ("8 beds in all", "1", 8, 1), ("8", "1 of 8 total beds", 8, 1),
    ("8", "call for wait list", 8, 0), ("8", "Call to get on the waiting list", 8, 0),
    ("8", "2 beds, call for wait list", 8, None), ("8", "call for no wait list", 8, None),
    ("8", "as of 3/1", 8, None), ("8", "2 beds as of 3/1", 8, None), ("8", "2 beds, as of 3/1", 8, None),
    ("8", "2 (as of March 3, 2026)", 8, None), ("8", "2 beds, as of now full", 8, None),
    ("8", "Full (as of 3/1)", 8, 0),
    (None, None, None, None), ("", "n/a", None, None), ("8", "", 8, None),
]  # fmt: skip


@pytest.mark.parametrize(("beds", "stated", "in_all", "free"), BEDS)
def test_beds(beds: object, stated: object, in_all: int | None, free: int | None) -> None:
    notes = Notes("list")
    assert beds_in_all_and_open(beds, stated, notes) == (in_all, free)
    unread = (free is None and stated not in (None, "", "n/a")) + (in_all is None and beds not in (None, ""))
    code = "beds_as_of" if free is None and re.search(r"as of \D*\d", str(stated)) else "unclear_value"
    assert [entry[1:3] for entry in notes.entries] == [("notice", code)] * unread


@pytest.mark.parametrize(
    "stated", ["2 beds as of 3/1", "2 beds, as of 3/1", "2 (as of March 3, 2026)", "2 updated 3/1"]
)
def test_a_count_as_of_a_day_of_its_own_says_where_the_date_belongs(stated: str) -> None:
    notes = Notes("list")
    beds_in_all_and_open("8", stated, notes)
    ((_, _, code, reason),) = notes.entries
    assert code == "beds_as_of"
    assert stated in reason
    assert "verified_on" in reason


WORDS = ("full", "wait list", "call", "of", "beds", "bed", "open", "none", "no", "or", "to", "as of", "men", "about")
MARKS = (" ", ", ", " - ", "-", "/", "+", ".", " (", ") ", "; ", "~", "$")


@given(st.lists(st.one_of(st.integers(0, 40).map(str), st.sampled_from(WORDS), st.sampled_from(MARKS)), max_size=7))
def test_no_number_of_free_beds_is_read_that_isn_t_said(parts: list[str]) -> None:
    text = "".join(parts)
    in_all, free = beds_in_all_and_open("", text, Notes("list"))
    numbers = [int(one) for one in re.findall(r"\d+", text)]
    if free is None:
        assert in_all is None
        return
    assert free in numbers or (free == 0 and re.search("full|wait list|no", text))
    if in_all is not None:
        assert re.search(rf"\b{free}\b.*\bof\b.*\b{in_all}\b", text)
        assert free <= in_all
    else:  # nothing else is counted in the cell, but for the day as of which it holds
        assert {*numbers} - {free} <= {int(one) for one in re.findall(r"\d+", "".join(text.partition("as of")[1:]))} | {
            int(one) for one in re.findall(r"\d+", "".join(text.partition("call")[1:]))
        }


RENTS = [
    ("160", 160), (160, 160), ("$160", 160), ("$160.50", 160.5), ("$1,200", 1200), ("$160/wk", 160),
    ("$160 / week", 160), ("160 per week", 160), ("$160 weekly", 160), ("$160 a week", 160), ("160 pw", 160),
    ("USD 160", 160), ("160 dollars a week", 160), ("Weekly: $160", 160), ("$160/week.", 160), ("$650 / month", 150),
    ("$650/mo", 150), ("650 monthly", 150), ("$1,300 per month", 300), ("$25/day", 175), ("$25 per night", 175),
    ("$320 every two weeks", 160), ("$320 every other week", 160),
    ("$320 fortnightly", 160), ("$320 / fortnight", 160), ("free", 0), ("No rent", 0), ("0", 0),
    ("none", None), ("$150-180/wk", None), ("$150 to $180", None), ("$160 + deposit", None), ("biweekly $320", None),
    ("sliding scale", None), ("call", None), ("varies", None), ("$1.200", None), ("30% of income", None),
    ("-160", None),
    ("$160/wk or $650/mo", None), ("12/15", None), ("", None), (None, None),
]  # fmt: skip


@pytest.mark.parametrize(("stated", "rent"), RENTS)
def test_rents(stated: object, rent: float | None) -> None:
    notes = Notes("list")
    assert weekly_rent(stated, notes) == rent
    outcomes = [entry[1] for entry in notes.entries]
    assert {entry[2] for entry in notes.entries} <= {"rent_by_the_week", "unclear_value"}
    if rent is None:
        assert outcomes == (["notice"] if stated not in ("", None, "none") else [])
    else:
        assert outcomes == (["repaired"] if re.search("mo|day|night|every", str(stated)) else [])


def test_a_rent_goes_by_its_column_where_it_says_nothing_else() -> None:
    assert weekly_rent("650", Notes("list"), "month") == 150
    assert weekly_rent("$160/wk", Notes("list"), "month") == 160


@given(st.integers(1, 3000), st.sampled_from(["$", ""]), st.text("0123456789 $-/+.,~wkmo%", max_size=8))
def test_no_rent_is_read_that_isn_t_said(amount: int, sign: str, rest: str) -> None:
    stated = f"{sign}{amount}{rest}"
    rent = weekly_rent(stated, Notes("list"))
    if rent is not None:
        (said,) = re.findall(r"\d[\d,.]*", stated)
        factor = 12 / 52 if "m" in stated else 1
        assert rent == pytest.approx(float(said.replace(",", "").rstrip(".")) * factor, abs=0.006)
