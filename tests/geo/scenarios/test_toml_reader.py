"""Scenario files: what they hold, and one sentence for what can't be used."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import InputError
from geo.scenarios.changes import (
    EVERY_DAY,
    LineAdded,
    PathAdded,
    PlaceAdded,
    PlaceChanged,
    PlaceClosed,
    PlaceMoved,
    RouteCut,
    RouteHeadway,
    RouteLater,
    RouteSpeed,
    Scenario,
    StopAdded,
)
from geo.scenarios.toml_reader import MOST_BYTES, scenario_from_toml

WHOLE = """
title = "Evenings"
note = "Council, May"
cost_usd = 120000

[[route.speed]]
route = "1"
percent = 15
[[route.headway]]
route = "8"
minutes = 15
from = "07:00"
until = "19:00"
[[route.headway]]
route = "9"
halved = true
[[route.later]]
route = "1"
until = "00:30"
days = ["mon", "Friday"]
[[route.cut]]
route = "7"
[[place.add]]
id = "new"
name = "New clinic"
category = "pharmacy"
lon = -113.4
lat = 40.3
sessions = [{days = ["sun"], start = "23:00", end = "00:30"}]
[[place.change]]
place = "Elm House"
beds = 12
[[place.move]]
place = "Food"
lon = -113.5
lat = 40.4
[[place.close]]
place = "Old"
[[route.stop]]
route = "1"
at = "Mill Road"
between = ["A", "B"]
[[path.add]]
name = "Bridge"
points = [[-113.4, 40.3], [-113.41, 40.3]]
[[line.add]]
name = "X"
stops = [[-113.4, 40.3], "5th & Finch"]
kph = 25
headway_minutes = 20
from = "06:00"
until = "01:00"
"""


def test_a_whole_file() -> None:
    times = {"weekday": 6, "start_minute": 1380, "end_minute": 1470}
    assert scenario_from_toml(WHOLE.encode()) == Scenario(
        "Evenings",
        (
            PlaceClosed("Old"),
            PlaceMoved("Food", -113.5, 40.4),
            PlaceChanged("Elm House", {"beds": 12}),
            PlaceAdded("new", -113.4, 40.3, {"name": "New clinic", "category": "pharmacy"}, (times,)),
            RouteCut("7"),
            RouteLater("1", 1470, (0, 4)),
            RouteHeadway("8", 15.0, EVERY_DAY, 420, 1140),
            RouteHeadway("9"),
            RouteSpeed("1", 15.0),
            StopAdded("1", "Mill Road", ("A", "B")),
            PathAdded(((-113.4, 40.3), (-113.41, 40.3)), "Bridge"),
            LineAdded("X", ((-113.4, 40.3), "5th & Finch"), 25.0, 20.0, 360, 1500),
        ),
        "Council, May",
        120000.0,
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("title = ", "not readable TOML"),
        ("[[route.cut]]\nroute = '1'", "lacks the key 'title'"),
        ("title = 'x'\ncost = 3", "unknown key 'cost'; did you mean cost_usd"),
        ("title = 'x'\n[[routes.cut]]\nroute = '1'", "did you mean route"),
        ("title = 'x'\n[[route.latter]]\nroute = '1'", "did you mean later?"),
        ("title = 'x'\n[route.cut]\nroute = '1'", "[[route.cut]]"),
        ("title = 'x'\nroute = 3", "[[route.cut]]"),
        ("title = 'x'\n[[route.cut]]\nrout = '1'", "did you mean route"),
        ("title = 'x'\n[[route.cut]]\nroute = 1", "must be text"),
        ("title = 'x'\n[[route.later]]\nroute = '1'", "lacks the key 'until'"),
        ("title = 'x'\n[[route.later]]\nroute = '1'\nuntil = 'late'", "clock time"),
        ("title = 'x'\n[[route.later]]\nroute = '1'\nuntil = '23:00'\ndays = ['someday']", "a list of mon"),
        ("title = 'x'\n[[route.later]]\nroute = '1'\nuntil = '23:00'\ndays = []", "a list of mon"),
        ("title = 'x'\n[[route.headway]]\nroute = '1'", "either minutes"),
        ("title = 'x'\n[[route.headway]]\nroute = '1'\nminutes = 0", "from 1 to"),
        ("title = 'x'\n[[route.headway]]\nroute = '1'\nminutes = nan", "from 1 to"),
        ("title = 'x'\n[[route.cut]]\nroute = '1'\nfrom = '20:00'\nuntil = '19:00'", "later than from"),
        ("title = 'x'\n[[route.speed]]\nroute = '1'\npercent = -100", "from -80"),
        ("title = 'x'\n[[place.add]]\nid = 'a'\nlat = 3", "lacks the key 'lon'"),
        ("title = 'x'\n[[place.add]]\nid = 'a'\nlat = 3\nlon = 4\nbed = 3", "did you mean beds"),
        ("title = 'x'\n[[place.add]]\nid = 'a'\nlat = 3\nlon = 4\nsessions = 3", "sessions must be a list"),
        ("title = 'x'\n[[place.change]]\nplace = 'a'", "changes nothing"),
        ("title = 'x'\n[[place.change]]\nplace = 'a'\nsessions = 'late'", "sessions must be a list"),
        ("title = 'x'\n[[path.add]]\npoints = [[1, 2]]", "2 to 200 points"),
        ("title = 'x'\n[[path.add]]\npoints = [[1, 2], [3]]", "2 to 200 points"),
        ("title = 'x'\n[[path.add]]\npoints = [[1, 2], [3, 'x']]", "lat must be a number"),
        ("title = 'x'\n[[path.add]]\npoints = [[1, 2], [3, 95]]", "lat must be a number"),
        ("title = 'x'\n[[route.stop]]\nroute = '1'\nat = 'B'\nbetween = ['A']", "names or ids of two stops"),
        ("title = 'x'\n[[route.stop]]\nroute = '1'\nat = 3\nbetween = ['A', 'B']", "a point like"),
        ("title = 'x'\n[[line.add]]\nstops = [[1, 2], 3]", "lacks the key 'from'"),
        ("title = 'x'\n[[line.add]]\nfrom = '07:00'\nuntil = '06:00'", "later than from"),
        ("title = 'x'\n[[line.add]]\nfrom = '07:00'\nuntil = '08:00'\nkph = 500", "from 3 to 120"),
        ("title = 'x'\ncost_usd = -1", "from 0 to"),
        ("title = 'x'\n[[route.cut]]\nroute = '1'\nfrom = '02:00'\nuntil = '01:00'", "later than from"),
        ("title = 'x'\n[[route.cut]]\nroute = '1'\nfrom = '02:00'", "say until when"),
        (f"title = 'x'\ncost_usd = {'9' * 5000}", "not readable TOML"),
        (f"title = 'x'\ncost_usd = {'9' * 4000}", "from 0 to"),
        (f"title = 'x'\ncost_usd = 0x{'f' * 5000}", "thousands of digits"),
        ("title = 'x'\n[[place.change]]\nplace = 'a'\ndimension = 'home'", "unknown key 'dimension'"),
        (f"title = '{'x' * 3000}'", "up to 2,000 letters"),
        ("title = 'x'\n" + "[[route.cut]]\nroute = '1'\n" * 1001, "1,000 are the most"),
    ],
)
def test_what_cannot_be_used_is_one_sentence(text: str, words: str) -> None:
    with pytest.raises(InputError) as refused:
        scenario_from_toml(text.encode(), "late.toml")
    assert words in str(refused.value)
    assert str(refused.value).startswith("late.toml")


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("01:00", "03:00", (1500, 1620)),
        ("22:00", "03:00", (1320, 1620)),
        ("00:00", "12:00", (0, 720)),
        ("20:00", "22:00", (1200, 1320)),
    ],
)
def test_hours_before_four_are_of_the_night_after(start: str, end: str, minutes: tuple[int, int]) -> None:
    times = f"from = '{start}'\nuntil = '{end}'"
    file = f"""title = 'x'
[[route.cut]]
route = '1'
{times}
[[line.add]]
name = 'X'
stops = ['A', 'B']
kph = 20
headway_minutes = 10
{times}
"""
    cut, line = scenario_from_toml(file.encode()).changes
    assert isinstance(cut, RouteCut)
    assert isinstance(line, LineAdded)
    assert (cut.start, cut.end) == (line.start, line.end) == minutes


def test_too_large_and_other_encodings() -> None:
    with pytest.raises(InputError, match="too large"):
        scenario_from_toml(b"#" * (MOST_BYTES + 1))
    with pytest.raises(InputError, match="not readable TOML"):
        scenario_from_toml("title = 'é'".encode("latin-1"))


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    with contextlib.suppress(InputError):
        scenario_from_toml(content)
