"""Days and times as people write them, and what is none."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.cleaning import meeting_times
from sources.cleaning.report import Notes, SetAside


@pytest.mark.parametrize(
    ("written", "days"),
    [
        (0, [6]), ("6", [5]), ([1, "3"], [0, 2]), ("1;3", [0, 2]), ("[1, 3]", [0, 2]), ("Mon", [0]), ("Mondays", [0]),
        ("Lunes", [0]), ("miércoles", [2]), ("Sábados", [5]), ("mardi", [1]), ("Montag", [0]), ("Mon & Wed", [0, 2]),
        ("lunes y jueves", [0, 3]), ("Lunes a Viernes", [0, 1, 2, 3, 4]), ("M-F", [0, 1, 2, 3, 4]), ("Tu/Th", [1, 3]),
        ("MWF", [0, 2, 4]), ("TuTh", [1, 3]), ("TTh", [1, 3]), ("MTWThF", [0, 1, 2, 3, 4]), ("MTWTF", [0, 1, 2, 3, 4]),
        ("SaSu", [5, 6]),
        ("Every Monday", [0]), ("Saturday nights", [5]), ("Mondays only", [0]), ("on Fri & Sat", [4, 5]),
        ("Mon-Sunday", list(range(7))), ("Mon, Wed, and Fri", [0, 2, 4]), ("Mon Wed Fri", [0, 2, 4]),
        ("Daily", list(range(7))), ("Todos los días", list(range(7))), ("Fri. and Sat", [4, 5]),
    ],
)  # fmt: skip
def test_days(written: Any, days: list[int]) -> None:
    assert meeting_times.weekdays(written, 0) == (days, [])


@pytest.mark.parametrize(
    "written", [7, "7", -1, 1.5, True, "T", "MF", "WW", "FM", "MonTue", "everydaylight", "someday", {"a": 1}]
)
def test_what_is_no_day_is_told(written: Any) -> None:
    days, bad = meeting_times.weekdays(written, 0)
    assert (days, len(bad)) == ([], 1)


def test_days_of_bmlt_begin_at_1() -> None:
    assert [meeting_times.weekdays(str(number), 1)[0] for number in range(9)] == [
        [], [6], [0], [1], [2], [3], [4], [5], [],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "minute"),
    [
        ("19:00", 1140), ("19:00:00", 1140), ("7 PM", 1140), ("7pm", 1140), ("7:00 p.m.", 1140), ("7:00 p. m.", 1140),
        ("19h00", 1140), ("19h", 1140), ("1900", 1140), (730, 450), ("7.30 pm", 1170), ("Noon", 720), ("12 noon", 720),
        ("Midnight", 0), ("12:00 AM", 0), ("24:00", 1440), ("1899-12-30 19:00:00", 1140), ("19:00 Uhr", 1140),
        ("7", None), ("19", None), ("13:00 PM", None), ("25:00", None), ("12:60", None), ("evening", None), ("", None),
    ],
)  # fmt: skip
def test_times(written: Any, minute: int | None) -> None:
    assert meeting_times.clock(written) == minute


@given(st.integers(0, 23), st.integers(0, 59))
def test_every_minute_is_read_in_each_spelling(hour: int, minute: int) -> None:
    half = f"{(hour + 11) % 12 + 1}:{minute:02d} {'PM' if hour > 11 else 'AM'}"
    for text in (
        f"{hour:02d}:{minute:02d}",
        f"{hour}:{minute:02d}:00",
        half,
        half.replace(" ", "").lower(),
        f"{hour}h{minute:02d}",
    ):
        assert meeting_times.clock(text) == 60 * hour + minute


def test_a_span_or_a_zone_behind_the_start() -> None:
    assert meeting_times.times("7:00 PM - 8:30 PM", "") == (1140, 1230, None)
    assert meeting_times.times("7:00 PM EST", None) == (1140, None, "America/New_York")
    assert meeting_times.times("7:00 PM (EST)", None) == (1140, None, "America/New_York")
    assert meeting_times.times("7-8", None)[0] is None


@pytest.mark.parametrize(
    ("time", "here", "zone"),
    [
        ("7 PM MST", "America/Phoenix", "America/Phoenix"),  # where no summer moves the clock
        ("7 PM Mountain", "America/Phoenix", "America/Phoenix"),
        ("7 PM MDT", "America/Phoenix", "America/Denver"),
        ("7 PM MST", "America/Denver", "America/Denver"),
        ("7 PM PST", "America/Phoenix", "America/Los_Angeles"),
        ("7 PM EST", "America/Indiana/Indianapolis", "America/Indiana/Indianapolis"),
    ],
)
def test_a_standard_time_that_the_list_s_own_place_has_is_its_own(time: str, here: str, zone: str) -> None:
    assert meeting_times.times(time, None, here) == (1140, None, zone)


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("6:30 - 7:30 pm", "", (1110, 1170)), ("6:30", "7:30 pm", (1110, 1170)), ("11:30-1:00 pm", "", (690, 780)),
        ("7-8 pm", "", (1140, 1200)), ("10:30 - noon", "", (630, 720)), ("11 - 12:30 am", "", (1380, 30)),
        ("7:00 a.m. - 8:00 a.m.", "", (420, 480)), ("7:00 a. m. to 8:00 a. m.", "", (420, 480)),
        ("19:00 a 20:30", "", (1140, 1230)), ("7:00 p.m. a 8:00 p.m.", "", (1140, 1200)),
        ("7:00 pm", "8:00", (1140, 1200)), ("11:30 pm - 12:30", "", (1410, 30)), ("06:30", "19:30", (390, 1170)),
        ("9 - 5 pm", "", (540, 1020)),
        ("7p", "8p", (1140, 1200)), ("7:30 PM EDT", "8:30 PM EDT", (1170, 1230)),
        ("12p", "", (720, None)), ("10", "midnight", (1320, 0)),
    ],
)  # fmt: skip
def test_a_half_of_the_day_told_once_holds_for_both(start: str, end: str, minutes: tuple[int, int | None]) -> None:
    assert meeting_times.times(start, end)[:2] == minutes


def lasts(
    start: int, end: int | None, *, by_link: bool = False, always: bool = False
) -> tuple[int, int, bool, list[str]]:
    notes = Notes("x")
    said = end is not None
    when = meeting_times.hours(start, end, notes, by_link=by_link, round_the_clock=always, end_said=said)
    return when.start, when.minutes, when.late, [entry[2] for entry in notes.entries]


def test_an_end_at_midnight_that_nobody_filled_in() -> None:
    assert lasts(1140, 0) == (1140, 60, False, ["end_unfilled"])
    assert lasts(1140, 1440) == (1140, 60, False, ["end_unfilled"])
    assert lasts(1380, 0) == (1380, 60, False, [])
    assert lasts(1350, 1440) == (1350, 90, False, [])


def test_rooms_that_are_open_day_and_night() -> None:
    for end in (0, 1439, 1440):
        assert lasts(0, end, by_link=True) == (0, 1440, False, ["all_day"])
    assert lasts(0, None, by_link=True, always=True) == (0, 1440, False, ["all_day"])
    assert lasts(0, None, by_link=True) == (0, 60, False, ["midnight"])
    assert lasts(0, 15) == (0, 15, False, ["midnight"])
    assert lasts(0, 180) == (0, 180, False, ["midnight"])
    for end in (14, 181):
        with pytest.raises(SetAside, match="unknown time"):
            lasts(0, end)
    with pytest.raises(SetAside, match="unknown time"):
        lasts(0, 1439)
    assert meeting_times.is_round_the_clock("319 Meeting (24/7)")
    assert meeting_times.is_round_the_clock("24 Hour Open Discussion")
    assert not meeting_times.is_round_the_clock("Twenty-Four Hours a Day book")


def test_24_00_is_the_midnight_that_ends_the_day() -> None:
    when = meeting_times.hours(1440, 60, Notes("x"), by_link=False, round_the_clock=False, end_said=True)
    assert meeting_times.on_days([6, 0], when) == [(0, 0, 60), (1, 0, 60)]


@pytest.mark.parametrize(
    ("start", "end", "is_open"),
    [
        ("7:00", "", True), ("7:00 - 8:30", "", True), ("7:00 - 20:30", "", True), ("730", "", True),
        ("7:00", "8:00 pm", False), ("7:00 - 8:30 pm", "", False), ("19:00", "", False), ("7:00 am", "", False),
        ("noon", "", False),
    ],
)  # fmt: skip
def test_which_half_of_the_day_a_hand_made_list_leaves_open(start: str, end: str, is_open: bool) -> None:
    assert meeting_times.is_of_either_half(start, end) == is_open


def test_how_long_a_meeting_may_last() -> None:
    for minutes, by_link, lasting in ((1, False, 1), (720, False, 720), (721, False, 60), (0, False, 60),
                                      (1440, True, 1440), (1441, True, 60)):  # fmt: skip
        notes = Notes("x")
        assert meeting_times.lasting(minutes, notes, by_link=by_link) == lasting
        assert len(notes.entries) == (lasting != minutes)
