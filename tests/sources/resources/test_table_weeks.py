"""A table's own cells for day and time: other languages, other spellings, and which weeks."""

import pytest

from sources.adapter.source import ParseContext
from sources.resources import table


@pytest.mark.parametrize(
    ("day", "start", "end", "sessions"),
    [
        ("2nd & 4th Sundays", "7 PM", "8 PM", [(6, 1140, 1200, "2;4")]),
        ("Every other Friday", "19:00", "", [(4, 1140, 1200, "alternate")]),
        ("last Tuesday of the month", "Noon", "1 pm", [(1, 720, 780, "last")]),
        ("Lunes y jueves", "19h00", "20h00", [(0, 1140, 1200, ""), (3, 1140, 1200, "")]),
        ("Friday", "11 pm", "24:00", [(4, 1380, 1440, "")]),
        ("Monday", "24:00", "1:00 am", [(1, 0, 60, "")]),  # the midnight that ends Monday: Monday evening's small hours
        ("Monday", "24:00", "", [(1, 0, 60, "")]),
        ("Monday", "00:30", "1:30", [(0, 30, 90, "")]),
        ("Monday", "6:30 - 7:30 pm", "", [(0, 1110, 1170, "")]),
        ("MWF", "7 a.m.", "8 a.m.", [(0, 420, 480, ""), (2, 420, 480, ""), (4, 420, 480, "")]),
        ("Every Monday", "7p", "8p", [(0, 1140, 1200, "")]),
        ("Monday", "00:00", "", []),
        ("Monday", "7:00", "8:00", []),
    ],
)
def test_sessions(day: str, start: str, end: str, sessions: list[tuple[int, int, int, str]]) -> None:
    raw = f"name,lat,lon,day,start,end\nLamp,39.9,-83.8,{day},{start},{end}\n"
    held = table.parse(raw.encode(), ParseContext("list.csv", category="meeting")).tables["sessions"]
    columns = ["weekday", "start_minute", "end_minute", "weeks"]
    assert list(held[columns].fillna("").itertuples(index=False, name=None)) == sessions
