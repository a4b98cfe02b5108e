"""One change of a scenario, field by field: each form gives the change, or says what it still lacks."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import streamlit as st

from geo.clock import end_after
from geo.crs import to_meters
from geo.needs.eligibility import HOUSES
from geo.needs.fields import MEDICATIONS
from geo.scenarios.changes import (
    END_OF_DAY,
    Change,
    LineAdded,
    PathAdded,
    PlaceAdded,
    PlaceClosed,
    PlaceMoved,
    RouteCut,
    RouteHeadway,
    RouteLater,
    RouteSpeed,
    StopAdded,
)
from geo.tables import CATEGORIES
from geo.timetables.calendar import service_hours, service_minute
from layers.escaping import html, plain
from screens.funder import scenario_draft
from screens.funder.parts import ask_days, ask_time, keep_option
from screens.funder.place_fields import PRESCRIBING, ask_changed_place, ask_place
from screens.funder.scenario_draft import Timetable
from screens.shared import frame
from screens.shared.place_search import in_label, looked_up, offer
from screens.shared.queries import ChosenPlace
from screens.shared.words import Say
from sources.region.model import Region

KIND, POINTS = "if_kind", "if_points"
MOST_POINTS = 50
STOP_METERS = 60.0
"""A click so near a stop means that stop."""


@dataclass(frozen=True)
class Point:
    """A point that was clicked or typed; `stop_id` where it is a stop that is there, and what it is called."""

    lon: float
    lat: float
    name: str = ""
    stop_id: str = ""

    @property
    def stop(self) -> tuple[float, float] | str:
        """Return the point as a stop of a scenario."""
        return self.stop_id or (self.lon, self.lat)


def points() -> tuple[Point, ...]:
    """Return the points chosen for the change that is put together, in order."""
    return tuple(st.session_state.get(POINTS, ()))


def forget_points() -> None:
    """Forget the points: another change is put together."""
    st.session_state.pop(POINTS, None)


def take_point(region: Region, lon: float, lat: float, name: str = "") -> None:
    """Add a point that was clicked or found; of a bus line or stop, a stop that is there where one is near."""
    kind = st.session_state.get(KIND)
    point = Point(lon, lat, name)
    if kind in ("line", "stop"):
        stops = scenario_draft.timetable(region).stops
        if len(stops):
            x, y = to_meters(stops["lon"].to_numpy(np.float64), stops["lat"].to_numpy(np.float64), region.facts.crs)
            at_x, at_y = to_meters([lon], [lat], region.facts.crs)
            meters = np.hypot(x - at_x, y - at_y)
            near = stops.iloc[int(meters.argmin())]
            if meters.min() <= STOP_METERS:
                point = Point(float(near["lon"]), float(near["lat"]), str(near["name"]), str(near["stop_id"]))
    chosen = points() if kind in ("line", "path") else ()
    st.session_state[POINTS] = (*chosen, point)[:MOST_POINTS]


def kinds(timetable: Timetable) -> list[str]:
    """Return the kinds of changes that a region can have."""
    of_buses = ["later", "headway", "cut", "speed", "stop"] if timetable.routes else []
    of_lines = ["line"] if timetable.routes else []
    return ["place_add", "place_close", "place_move", "place_change", *of_buses, *of_lines, "path"]


def ask(region: Region, kind: str, say: Say) -> Change | str:
    """Ask for one change of a kind; a text says what is still to be given."""
    return _FORMS[kind](region, say)


def ask_points(region: Region, kind: str, say: Say) -> None:
    """Ask for points by typing them, and show those that were chosen."""
    if kind not in ("place_add", "place_move", "stop", "line", "path"):
        return
    with st.form("if_point_form", border=False, clear_on_submit=True):
        box, button = st.columns([3, 1], vertical_alignment="bottom")
        typed = box.text_input(say(f"if_point_{kind}"), key="typed_if", max_chars=200, autocomplete="off")
        sent = button.form_submit_button(say("if_point_add"), width="stretch")
    if sent and plain(typed):
        place, near = looked_up(region, plain(typed))
        if place is None:
            frame.notice(say("not_found", text=plain(typed)), say("not_found_hint"), say)
            offer(near, "if_near", partial(_take_place, region), say)
        else:
            _take_place(region, place)
    chosen = points()
    if chosen:
        names = [point.name or f"{point.lat:.5f}, {point.lon:.5f}" for point in chosen]
        text = say("if_points", points="; ".join(f"{number}. {name}" for number, name in enumerate(names, 1)))
        frame.show(html('<p data-if="points">{text}</p>', text=text), say)
        with st.container(horizontal=True, gap="small"):
            st.button(say("if_point_back"), key="do_point_back", on_click=_drop_last)
    else:
        frame.show(html('<p class="rr-muted rr-small">{text}</p>', text=say("if_points_none")), say)


def _take_place(region: Region, place: ChosenPlace) -> None:
    take_point(region, place.lon, place.lat, place.name)


def _drop_last() -> None:
    st.session_state[POINTS] = points()[:-1]


def _add_place(region: Region, say: Say) -> Change | str:
    options = list(CATEGORIES)
    keep_option("if_category", options)
    category: str = st.selectbox(
        say("if_category"), options, format_func=say, key="if_category", persist_state="session"
    )
    name = st.text_input(
        say("if_name"), key="if_place_name", persist_state="session", max_chars=100, autocomplete="off"
    )
    values: dict[str, object] = {"category": category}
    if plain(name):
        values["name"] = plain(name)
    sessions: list[dict[str, object]] = []
    if category in HOUSES:
        st.session_state.setdefault("if_beds", 8)
        values["beds"] = int(st.number_input(say("if_beds"), 1, 500, step=1, key="if_beds", persist_state="session"))
    if category in PRESCRIBING:
        chosen = st.multiselect(
            say("if_takes_medications"),
            MEDICATIONS,
            format_func=lambda one: say(f"medications_{one}"),
            key="if_medications",
            persist_state="session",
        )
        if chosen:
            values["medications"] = list(chosen)
    if category == "meeting":
        days = ask_days("if_days", say)
        start, end = ask_time("if_meets", say, 19 * 60), ask_time("if_meets_until", say, 20 * 60)
        sessions = [{"weekday": day, "start_minute": start, "end_minute": end_after(start, end)} for day in days]
    at = points()
    if not at:
        return say("if_lacks_point")
    identity = scenario_draft.new_id(region)
    return PlaceAdded(identity, at[-1].lon, at[-1].lat, values, tuple(sessions))


def _close_place(region: Region, say: Say) -> Change | str:
    chosen = ask_place(region, say)
    return PlaceClosed(chosen) if chosen else say("if_lacks_place")


def _move_place(region: Region, say: Say) -> Change | str:
    chosen, at = ask_place(region, say), points()
    if not chosen:
        return say("if_lacks_place")
    return PlaceMoved(chosen, at[-1].lon, at[-1].lat) if at else say("if_lacks_point")


def _cut(region: Region, say: Say) -> Change | str:
    route = _route(region, say)
    days = ask_days("if_days", say)
    start, end = _hours(say)
    if not days:
        return say("if_lacks_days")
    return RouteCut(route, days, start, end) if end > start else say("if_lacks_hours")


def _later(region: Region, say: Say) -> Change | str:
    route = _route(region, say)
    until = ask_time("if_until", say, 23 * 60)
    minutes = st.number_input(
        say("if_minutes_apart"), 1.0, 240.0, value=None, step=5.0, key="if_minutes", persist_state="session"
    )
    days = ask_days("if_days", say)
    if not days:
        return say("if_lacks_days")
    return RouteLater(route, service_minute(until), days, minutes)


def _headway(region: Region, say: Say) -> Change | str:
    route = _route(region, say)
    options = ["halved", "minutes"]
    keep_option("if_often", options)
    often = st.segmented_control(
        say("if_often"),
        options,
        format_func=lambda one: say(f"if_often_{one}"),
        required=True,
        key="if_often",
        persist_state="session",
    )
    minutes = None
    if often == "minutes":
        st.session_state.setdefault("if_headway", 15.0)
        minutes = float(
            st.number_input(say("if_headway"), 1.0, 240.0, step=5.0, key="if_headway", persist_state="session")
        )
    days = ask_days("if_days", say)
    start, end = _hours(say)
    if not days:
        return say("if_lacks_days")
    return RouteHeadway(route, minutes, days, start, end) if end > start else say("if_lacks_hours")


def _speed(region: Region, say: Say) -> Change | str:
    route = _route(region, say)
    st.session_state.setdefault("if_percent", 20.0)
    percent = float(
        st.number_input(say("if_percent"), -50.0, 100.0, step=5.0, key="if_percent", persist_state="session")
    )
    return RouteSpeed(route, percent)


def _stop(region: Region, say: Say) -> Change | str:
    route = _route(region, say)
    pairs = list(scenario_draft.timetable(region).pairs.get(route, ()))
    if not pairs:
        return say("if_lacks_point")
    keep_option("if_between", pairs)
    between: tuple[str, str] = st.selectbox(
        say("if_between"),
        pairs,
        format_func=lambda pair: f"{plain(pair[0])} – {plain(pair[1])}",
        key="if_between",
        persist_state="session",
    )
    at = points()
    return StopAdded(route, at[-1].stop, between) if at else say("if_lacks_point")


def _line(region: Region, say: Say) -> Change | str:  # noqa: ARG001  every form has a region
    name = st.text_input(
        say("if_line_name"), key="if_line_name", persist_state="session", max_chars=60, autocomplete="off"
    )
    left, right = st.columns(2, gap="small")
    st.session_state.setdefault("if_kph", 25.0)
    st.session_state.setdefault("if_line_headway", 20.0)
    with left:
        kph = float(st.number_input(say("if_kph"), 3.0, 120.0, step=5.0, key="if_kph", persist_state="session"))
        start = ask_time("if_line_from", say, 6 * 60)
    with right:
        headway = float(
            st.number_input(say("if_headway"), 1.0, 240.0, step=5.0, key="if_line_headway", persist_state="session")
        )
        end = ask_time("if_line_until", say, 22 * 60)
    days, at = ask_days("if_days", say), points()
    if not plain(name):
        return say("if_lacks_name")
    if len(at) < 2:
        return say("if_lacks_stops")
    if not days:
        return say("if_lacks_days")
    first, last = service_hours(start, end)
    if last <= first:
        return say("if_lacks_hours")
    return LineAdded(plain(name), tuple(point.stop for point in at), kph, headway, first, last, days=days)


def _path(region: Region, say: Say) -> Change | str:  # noqa: ARG001  every form has a region
    name = st.text_input(say("if_name"), key="if_path_name", persist_state="session", max_chars=60, autocomplete="off")
    at = points()
    if len(at) < 2:
        return say("if_lacks_ends")
    return PathAdded(tuple((point.lon, point.lat) for point in at), plain(name))


def _route(region: Region, say: Say) -> str:
    routes = scenario_draft.timetable(region).routes
    keep_option("if_route", routes)
    chosen: str = st.selectbox(
        say("if_route"), routes, format_func=lambda name: in_label(plain(name)), key="if_route", persist_state="session"
    )
    return chosen


def _hours(say: Say) -> tuple[int, int]:
    """Ask for a part of the day of service; the whole of it unless asked to."""
    if not st.checkbox(say("if_hours"), key="if_hours", persist_state="session"):
        return 0, END_OF_DAY
    left, right = st.columns(2, gap="small")
    with left:
        start = ask_time("if_from", say, 18 * 60)
    with right:
        end = ask_time("if_to", say, 23 * 60)
    return service_hours(start, end)


_FORMS: dict[str, Callable[[Region, Say], Change | str]] = {
    "place_add": _add_place,
    "place_close": _close_place,
    "place_move": _move_place,
    "place_change": ask_changed_place,
    "later": _later,
    "headway": _headway,
    "cut": _cut,
    "speed": _speed,
    "stop": _stop,
    "line": _line,
    "path": _path,
}
