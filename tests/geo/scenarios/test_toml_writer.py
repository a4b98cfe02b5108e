"""Scenario files written: read back they are the same scenario."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from geo.clock import DAY
from geo.scenarios.changes import (
    END_OF_DAY,
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
from geo.scenarios.toml_reader import scenario_from_toml
from geo.scenarios.toml_writer import in_file_order, scenario_toml
from geo.timetables.calendar import service_hours, service_minute

NAMES = st.text(min_size=1, max_size=12).filter(lambda text: bool(text.strip()) and "\r" not in text)
POINTS = st.tuples(st.floats(-180, 180), st.floats(-90, 90))
DAYS = st.lists(st.integers(0, 6), min_size=1, unique=True).map(lambda days: tuple(sorted(days)))
CLOCK = st.integers(0, DAY - 1)
NIGHT = CLOCK.map(service_minute)
HOURS = st.one_of(
    st.just((0, END_OF_DAY)),
    st.tuples(CLOCK, CLOCK).map(lambda hours: service_hours(*hours)).filter(lambda hours: hours[0] < hours[1]),
)
SESSIONS = st.lists(
    st.builds(
        lambda day, start, length: {"weekday": day, "start_minute": start, "end_minute": start + length},
        st.integers(0, 6),
        st.integers(0, DAY - 1),
        st.integers(1, DAY),
    ),
    max_size=3,
).map(tuple)
DWELL = st.sampled_from([20.0, 0.0, 45.5])


def when(build: Any, **fields: Any) -> Any:
    return st.builds(lambda hours, **rest: build(start=hours[0], end=hours[1], **rest), HOURS, days=DAYS, **fields)


CHANGES = st.lists(
    st.one_of(
        st.builds(PlaceClosed, NAMES),
        st.builds(lambda place, at: PlaceMoved(place, *at), NAMES, POINTS),
        st.builds(PlaceChanged, NAMES, st.fixed_dictionaries({"beds": st.integers(1, 99)}), st.none() | SESSIONS),
        st.builds(
            lambda name, at, sessions: PlaceAdded(name, *at, {"category": "meeting", "languages": ["en"]}, sessions),
            NAMES,
            POINTS,
            SESSIONS,
        ),
        when(RouteCut, route=NAMES),
        st.builds(RouteLater, NAMES, NIGHT, DAYS, st.none() | st.floats(1, DAY)),
        when(RouteHeadway, route=NAMES, minutes=st.none() | st.floats(1, DAY)),
        st.builds(RouteSpeed, NAMES, st.floats(-80, 300)),
        st.builds(StopAdded, NAMES, NAMES | POINTS, st.tuples(NAMES, NAMES), DWELL),
        st.builds(PathAdded, st.lists(POINTS, min_size=2, max_size=4).map(tuple), NAMES | st.just("")),
        when(
            LineAdded,
            name=NAMES,
            stops=st.lists(NAMES | POINTS, min_size=2, max_size=4).map(tuple),
            kph=st.floats(3, 120),
            headway_minutes=st.floats(1, DAY),
            dwell_seconds=DWELL,
        ).filter(lambda line: line.end != END_OF_DAY),
    ),
    max_size=6,
)


@given(NAMES, CHANGES, NAMES | st.just(""), st.none() | st.floats(0, 1e12))
def test_what_is_written_is_read_back(title: str, changes: list[Any], note: str, cost: float | None) -> None:
    scenario = Scenario(title, in_file_order(changes), note, cost)
    assert scenario_from_toml(scenario_toml(scenario).encode("utf-8")) == scenario


def test_every_day_and_the_usual_halt_need_no_words() -> None:
    text = scenario_toml(Scenario("Cut", (RouteCut("8"), RouteLater("1", DAY + 30, EVERY_DAY, 15.0))))
    assert text == (
        'title = "Cut"\n\n[[route.cut]]\nroute = "8"\n\n[[route.later]]\nroute = "1"\nuntil = "00:30"\nminutes = 15.0\n'
    )
