"""Repairs are made only where they are certain, and text can hold nothing but text."""

import json
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.cleaning import clean
from sources.cleaning.report import Notes, SetAside

COVINGTON = clean.Bounds(-84.6, 39.0, -84.4, 39.1)


def point(lat: object, lon: object, bounds: clean.Bounds | None = COVINGTON) -> tuple[tuple[float, float], list[str]]:
    notes = Notes("test", row="1")
    return clean.point(lat, lon, bounds, notes), [entry[2] for entry in notes.entries]


@pytest.mark.parametrize(
    ("lat", "lon", "codes"),
    [
        (39.05, -84.5, []),
        ("39.05", "-84.5", []),
        ("39,05", "-84,5", ["decimal_comma"]),
        (-84.5, 39.05, ["swapped"]),
        (39.05, 84.5, ["sign"]),
        (" 39.05 ", "\u221284.5", []),
        (-39.05, -84.5, ["sign"]),
        (-39.05, 84.5, ["sign"]),
    ],
)
def test_certain_repairs(lat: object, lon: object, codes: list[str]) -> None:
    assert point(lat, lon) == ((-84.5, 39.05), codes)


@pytest.mark.parametrize(
    ("lat", "lon", "code"),
    [
        (None, -84.5, "no_point"),
        ("", "", "no_point"),
        (float("nan"), 1, "no_point"),
        ("north", "-84.5", "not_a_number"),
        ([39], {"x": 1}, "not_a_number"),
        (True, False, "not_a_number"),
        (0, "0.0", "null_island"),
        (944.97, -93, "impossible_point"),
        (45.0, -93.0, "outside_region"),
        (-45.0, 93.0, "outside_region"),
    ],
)
def test_what_is_not_certain_is_set_aside(lat: object, lon: object, code: str) -> None:
    with pytest.raises(SetAside) as problem:
        point(lat, lon)
    assert problem.value.code == code


def test_a_sign_that_may_be_either_is_no_repair() -> None:
    across = clean.Bounds(-84.6, -10, -84.4, 10)
    with pytest.raises(SetAside, match="outside the region"):
        point(5, 84.5, across)


def test_without_bounds_nothing_is_swapped() -> None:
    assert point(90, 180, None)[0] == (180, 90)
    assert point(-90, -180, None)[0] == (-180, -90)
    assert point(39.05, -84.5, None)[0] == (-84.5, 39.05)
    with pytest.raises(SetAside, match="on no map"):
        point(-93.26, 44.97, None)


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_a_point_that_is_kept_lies_in_the_bounds(lat: float, lon: float) -> None:
    try:
        (x, y), _ = point(lat, lon)
    except SetAside:
        return
    assert COVINGTON.hold(x, y)


@given(st.text())
def test_text_holds_no_control_or_direction_marks_and_is_stable(value: str) -> None:
    cleaned = clean.text(value)
    if cleaned is not None:
        assert not any(unicodedata.category(mark) == "Cc" for mark in cleaned)
        assert not set(cleaned) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")
        assert cleaned == cleaned.strip()
        cleaned.encode("utf-8")


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("St. Mary&#8217;s &amp; Paul&amp;#39;s", "St. Mary’s & Paul's"),
        ("<p>Back door</p>", "Back door"),
        ("<script>alert(1)</script>Hall", "Hall"),
        ("&lt;img src=x onerror=alert(1)&gt;Hall", "Hall"),
        ("under 18 < 21 years", "under 18 < 21 years"),
        ("\u202egnp.exe", "gnp.exe"),
        ("A\u0000B", "A B"),
        ("\ud800x", "x"),
        ("N/A", None),
        ("None", None),
        ("null", None),
        ("Nope", "Nope"),
        (float("nan"), None),
        ({"a": 1}, None),
    ],
)
def test_text(raw: object, plain: str | None) -> None:
    assert clean.text(raw) == plain


def test_of_a_long_text_no_more_is_looked_at_than_eight_times_what_is_kept() -> None:
    assert clean.text("<i></i>" * 11 + "end", 10) == "end"
    assert clean.text("<i></i>" * 12 + "end", 10) is None
    assert clean.text("a" * 11, 10) == "a" * 10


def test_attacks_hold_no_tag_after_cleaning(shared: Path) -> None:
    folder = shared / "badinputs" / "synthetic-attacks"
    for attack in json.loads((folder / "html_jinja_markdown.json").read_text("utf-8")):
        cleaned = clean.text(attack) or ""
        assert "<script" not in cleaned
        assert "<img" not in cleaned


@pytest.mark.parametrize(
    "value",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "http://user:pw@example.org/",
        "//example.org/x",
        "http://",
        "not a url",
        "http://[x",
    ],
)
def test_addresses_that_are_not_public_web_pages(value: str) -> None:
    assert clean.url(value) is None


def test_addresses_of_web_pages() -> None:
    assert clean.url("https://example.org/a?b=c") == "https://example.org/a?b=c"
    assert clean.url("www.example.org") == "http://www.example.org"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1,234.50", None),
        ("-12", -12.0),
        ("12,5", 12.5),
        ("1e3", 1000.0),
        ("1e999", None),
        ("0x10", None),
        (10**400, None),
    ],
)
def test_number(value: object, expected: float | None) -> None:
    assert clean.number(value) == expected


@pytest.mark.parametrize(("text", "day"), [
    ("March 3, 2026", "2026-03-03"), ("Mar. 3 2026", "2026-03-03"), ("3 Mar 2026", "2026-03-03"),
    ("Sept 3rd, 2026", "2026-09-03"), ("3-Mar-2026", "2026-03-03"), ("3 de marzo de 2026", "2026-03-03"),
    ("15 ene. 2026", "2026-01-15"), ("MAY 1, 2026 by phone", "2026-05-01"), ("2026-3-3", "2026-03-03"),
    ("February 30, 2026", None), ("Smarch 3, 2026", None), ("March 2026", None), ("3 Mar 26", None), ("soon", None),
    ("13/13/2026", None), (None, None), (20260303, None),
])  # fmt: skip
def test_dates_as_people_write_them(text: object, day: str | None) -> None:
    assert clean.date(text) == day


def test_small_things() -> None:
    assert clean.amount("$1,234.50") == 1234.5
    assert (clean.amount("0"), clean.amount("-5"), clean.amount("$1.200")) == (0, None, None)
    assert clean.minutes_of_clock("7:05") == 425
    assert clean.minutes_of_clock("24:00") is None
    assert clean.minutes_of_clock("7pm") is None
    assert clean.date("8/29/2021") == "2021-08-29"
    assert clean.date("2023-08-29 15:56:59") == "2023-08-29"
    assert clean.date("2023-02-30") is None
    assert clean.digits("+1 (859) 655-6100 x12") == "8596556100"
    assert clean.phone("call Ann") is None
    assert clean.phone("866-HOPE-4-MEN") == "866-467-3463"
    assert clean.phone("1 (800) 662-HELP") == "800-662-4357"
    assert clean.phone("(215) 922-6400 ext. 112 or ext.102") == "(215) 922-6400 ext. 112 or ext.102"
    assert clean.phone("800 people") is None
    assert clean.phone("859.555.0100 or 859.555.0199, ask for Ann") == "859.555.0100"
    assert clean.phone("(859) 555-0100 / TTY 711") == "(859) 555-0100"
    assert clean.phone("Fax 859-555-0100") is None
    assert clean.words(["b", "a", None, "a", "c;d"]) == "a;b;c,d"
    assert clean.is_confidential("Address confidential")
    assert clean.is_confidential("Haven, a domestic violence shelter")
    assert not clean.is_confidential("Confidence Clinic", None)
    for words in ("Shelter for victims of domestic abuse", "DV shelter", "Location is withheld", "Address unlisted"):
        assert clean.is_confidential(words), words
    for words in ("Family Violence Counseling", "Animal Shelter", "New location", "Substance Abuse Clinic"):
        assert not clean.is_confidential(words), words


def test_a_number_of_thousands_of_digits_is_none_and_takes_no_time() -> None:
    assert [clean.number(text) for text in ("1" * 40_000 + "!", "1" * 40_000, "39." + "0" * 40)] == [None, None, 39.0]


@pytest.mark.parametrize("reference", ["&#" + "1" * 5000 + ";", "&#x" + "f" * 5000 + ";", "&#" + "9" * 4301])
def test_a_reference_to_no_letter_is_no_error(reference: str) -> None:
    assert clean.text(f"A {reference} B") == "A B"


def test_references_with_zeros_before_them_are_letters() -> None:
    assert clean.text("&#0000000065;&#x00000042;") == "AB"


@given(
    st.lists(
        st.sampled_from(
            ["<script>", "</script>", "<style", "a=b>", "</style", ">", "</SCRIPT", ">", "<script", "<", ">", "a", "b"]
        )
    )
)
def test_scripts_go_from_their_tag_to_the_next_that_closes_it(pieces: list[str]) -> None:
    """As a pattern says it that takes quadratic time."""
    text = "".join(pieces)
    whole = re.compile(r"<(script|style)\b[^<>]*>.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
    assert clean._without_scripts(text) == whole.sub(" ", text)


@pytest.mark.parametrize(
    ("text", "count"), [("1,000", 1000), (" 12,345 ", 12_345), ("1,234,567", 1_234_567), ("3.0", 3), ("1,50", None)]
)
def test_a_count_of_thousands_is_no_fraction(text: str, count: int | None) -> None:
    assert clean.whole(text) == count
