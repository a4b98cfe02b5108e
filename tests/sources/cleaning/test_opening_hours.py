"""Opening hours in words become OpenStreetMap syntax where they leave no doubt, and nothing where they do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.opening_hours import weekly_hours
from sources.cleaning.opening_hours import hours_in_words, in_syntax, osm_hours
from sources.cleaning.report import Notes


@pytest.mark.parametrize(
    ("words", "syntax"),
    [
        ("7:00 am - 6:00 pm, Monday - Friday", "Mo-Fr 07:00-18:00"),
        ("Mon 9:00am - 4:30pm; Tue 9:00am - 4:30pm; Sat 10am-noon;", "Mo,Tu 09:00-16:30; Sa 10:00-12:00"),
        ("Mon-Fri: 8 a.m. to 5 p.m.", "Mo-Fr 08:00-17:00"),
        ("Tues, Thurs & Sat 1pm–3pm", "Tu,Th,Sa 13:00-15:00"),
        ("Mondays 9am-12pm and 1pm-5pm", "Mo 09:00-12:00,13:00-17:00"),
        ("Mon 9am-12pm; Mon 1pm-5pm", "Mo 09:00-12:00,13:00-17:00"),
        ("09:00 - 17:00 weekdays", "Mo-Fr 09:00-17:00"),
        ("Fri through Sun 6pm - midnight", "Fr-Su 18:00-24:00"),
        ("Daily 24 hours", "Mo-Su 00:00-24:00"),
        ("24 hours a day, 7 days a week", "24/7"),
        ("24 hours", "24/7"),
        ("M-F 8:00 AM - 5:00 PM", "Mo-Fr 08:00-17:00"),
        ("Sat-Mon 10:00am - 2:00pm", "Mo,Sa,Su 10:00-14:00"),
        ("Mon-Sat 9am-5pm; Sunday: closed", "Mo-Sa 09:00-17:00"),
        ("Mon-Fri 12:30 AM - 12:45 PM", "Mo-Fr 00:30-12:45"),
        ("MWF 9am - 5pm; TuTh 10am - 2pm", "Mo,We,Fr 09:00-17:00; Tu,Th 10:00-14:00"),
    ],
)
def test_words_that_are_certain(words: str, syntax: str) -> None:
    assert hours_in_words(words) == syntax
    assert weekly_hours(syntax) is not None


@pytest.mark.parametrize(
    "words",
    [
        "Mon 9-5; Tue 9-5", "Mon 9:00 - 5:00", "Mon 3-9pm", "Mon; Tue; Wed", "Mon 9am-5pm; call first",
        "Tues-Sat: 10-6pm Recovery & peer support", "by appointment", "Mon 7:00", "Mon 5pm-9am", "Mon 13pm-2pm",
        "Mon 9am-9am", "Mon 9am-5pm; Mon closed", "Mon 9am-12pm; Mon 11am-2pm", "9am-5pm", "", "closed",
        "Mon 25:00-26:00", "1st Monday 9am-5pm", "MF 9am-5pm",
        "Mon 20:00-24:30", "Mon 24:00-25:00", "Mon-Fri 9:75am - 10am",
    ],
)  # fmt: skip
def test_words_that_leave_doubt(words: str) -> None:
    assert hours_in_words(words) is None


def test_a_cell_keeps_syntax_and_notes_what_it_drops() -> None:
    notes = Notes("x")
    assert osm_hours("Mo-Fr 09:00-17:00; PH off", notes) == "Mo-Fr 09:00-17:00; PH off"
    assert osm_hours("Mo-Fr sunrise-17:00", notes) == "Mo-Fr sunrise-17:00"
    assert osm_hours(None, notes) is None
    assert not notes.entries
    assert osm_hours("Mon 8am-5pm", notes) == "Mo 08:00-17:00"
    assert osm_hours("Mon 8-5", notes) is None
    assert [entry[2] for entry in notes.entries] == ["hours_in_words", "unclear_hours"]


week = st.dictionaries(
    st.integers(0, 6), st.tuples(st.integers(0, 719), st.integers(720, 1439)).map(lambda span: (span,)), max_size=7
)


@given(week)
def test_a_week_survives_the_syntax(days: dict[int, tuple[tuple[int, int], ...]]) -> None:
    text = in_syntax(days)
    spans = weekly_hours(text) if text else None
    assert (spans or ((),) * 7) == tuple(days.get(day, ()) for day in range(7))


@given(
    st.text(max_size=60)
    | st.from_regex(
        r"(mon|tue|fri|mwf|tuth|m|w|f|th|r|su){1,3}(-(fri|sun))?:? \d{1,2}(:\d\d)?( ?[ap]m)? ?- ?\d{1,2} ?[ap]m"
    )
)
def test_no_text_crashes_and_what_comes_is_syntax(text: str) -> None:
    syntax = hours_in_words(text)
    assert syntax is None or weekly_hours(syntax) is not None
