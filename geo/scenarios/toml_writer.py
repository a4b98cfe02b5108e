"""`Scenario` → the scenario file (TOML) that it can be read from again."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from geo.clock import DAY, DAYS, minutes_text
from geo.scenarios.changes import (
    END_OF_DAY,
    EVERY_DAY,
    Change,
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


def in_file_order(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Return changes in the order in which they are made: that of `scenario_from_toml`, else as they are."""
    order = list(_WRITERS)
    return tuple(sorted(changes, key=lambda change: order.index(type(change))))


def scenario_toml(scenario: Scenario) -> str:
    r"""Return a scenario as the text of its file; read back it is the same, its changes in the order of the file.

    Examples
    --------
    >>> print(scenario_toml(Scenario("Later", (RouteLater("1", 1380),))))
    title = "Later"
    <BLANKLINE>
    [[route.later]]
    route = "1"
    until = "23:00"
    <BLANKLINE>
    """
    import tomli_w

    head: dict[str, Any] = {"title": scenario.title}
    if scenario.note:
        head["note"] = scenario.note
    if scenario.cost_usd is not None:
        head["cost_usd"] = scenario.cost_usd
    parts = [tomli_w.dumps(head)]
    for change in in_file_order(scenario.changes):
        name, write = _WRITERS[type(change)]
        row = write(change)
        sessions = row.pop("sessions") if row.get("sessions") else []
        parts.append(f"[[{name}]]\n{tomli_w.dumps(row)}")
        parts += [f"[[{name}.sessions]]\n{tomli_w.dumps(session)}" for session in sessions]
    return "\n".join(parts)


def _closed(change: PlaceClosed) -> dict[str, Any]:
    return {"place": change.place}


def _moved(change: PlaceMoved) -> dict[str, Any]:
    return {"place": change.place, "lon": change.lon, "lat": change.lat}


def _changed(change: PlaceChanged) -> dict[str, Any]:
    row = {"place": change.place, **change.values}
    return row if change.sessions is None else row | {"sessions": [_session(one) for one in change.sessions]}


def _added(change: PlaceAdded) -> dict[str, Any]:
    row = {"id": change.resource_id, "lon": change.lon, "lat": change.lat, **change.values}
    return row | ({"sessions": [_session(one) for one in change.sessions]} if change.sessions else {})


def _session(session: Mapping[str, Any]) -> dict[str, Any]:
    times = {"start": session["start_minute"], "end": session["end_minute"] % DAY}
    return {"days": [DAYS[session["weekday"]][:3]]} | {name: minutes_text(minute) for name, minute in times.items()}


def _cut(change: RouteCut) -> dict[str, Any]:
    return {"route": change.route, **_when(change)}


def _later(change: RouteLater) -> dict[str, Any]:
    row = {"route": change.route, "until": _clock(change.until), **_days(change.days)}
    return row | ({} if change.minutes is None else {"minutes": change.minutes})


def _headway(change: RouteHeadway) -> dict[str, Any]:
    often = {"halved": True} if change.minutes is None else {"minutes": change.minutes}
    return {"route": change.route, **often, **_when(change)}


def _speed(change: RouteSpeed) -> dict[str, Any]:
    return {"route": change.route, "percent": change.percent}


def _stop(change: StopAdded) -> dict[str, Any]:
    at = change.stop if isinstance(change.stop, str) else list(change.stop)
    dwell = {} if change.dwell_seconds == StopAdded.dwell_seconds else {"dwell_seconds": change.dwell_seconds}
    return {"route": change.route, "at": at, "between": list(change.between), **dwell}


def _path(change: PathAdded) -> dict[str, Any]:
    return {"points": [list(point) for point in change.points]} | ({"name": change.name} if change.name else {})


def _line(change: LineAdded) -> dict[str, Any]:
    return {
        "name": change.name,
        "stops": [stop if isinstance(stop, str) else list(stop) for stop in change.stops],
        "kph": change.kph,
        "headway_minutes": change.headway_minutes,
        "from": _clock(change.start),
        "until": _clock(change.end),
        **({} if change.dwell_seconds == LineAdded.dwell_seconds else {"dwell_seconds": change.dwell_seconds}),
        **_days(change.days),
    }


def _when(change: RouteCut | RouteHeadway) -> dict[str, Any]:
    row = _days(change.days)
    row |= {"from": _clock(change.start)} if change.start else {}
    return row | ({"until": _clock(change.end)} if change.end != END_OF_DAY else {})


def _days(days: tuple[int, ...]) -> dict[str, Any]:
    return {} if days == EVERY_DAY else {"days": [DAYS[day][:3] for day in days]}


def _clock(minute: int) -> str:
    """Return a time of the day of service as the file has it: the night after midnight as 00:30."""
    return minutes_text(minute % DAY)


_WRITERS: dict[type, tuple[str, Callable[[Any], dict[str, Any]]]] = {
    PlaceClosed: ("place.close", _closed),
    PlaceMoved: ("place.move", _moved),
    PlaceChanged: ("place.change", _changed),
    PlaceAdded: ("place.add", _added),
    RouteCut: ("route.cut", _cut),
    RouteLater: ("route.later", _later),
    RouteHeadway: ("route.headway", _headway),
    RouteSpeed: ("route.speed", _speed),
    StopAdded: ("route.stop", _stop),
    PathAdded: ("path.add", _path),
    LineAdded: ("line.add", _line),
}
"""Kind of change → its table in the file, in the order in which changes are made."""
