"""Scenario files (TOML) → `Scenario`; a key or value that can't be used is one sentence, with the key that is meant."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from geo.clock import DAY, DAYS, end_after
from geo.errors import InputError
from geo.phrases import Phrase
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
from geo.scenarios.place_values import COLUMNS, SESSIONS_EXAMPLE
from geo.spelling import near_names
from geo.timetables.calendar import MORNING_MINUTES, service_hours, service_minute
from geo.toml_table import A_TIME, TomlTable, parse_toml

MOST_BYTES = 1_000_000
MOST_CHANGES = 1000
MOST_POINTS = 200
_WHEN = ("days", "from", "until")


def scenario_from_toml(content: bytes, where: str = "the scenario") -> Scenario:
    r"""Read the content of a scenario file: see docs/scenarios.md for its keys.

    Changes are in this order, whatever their order in the file: places close, move, change and open; routes are cut,
    run later, more often, faster, and with more stops; paths are laid, and lines begin.

    Raises
    ------
    InputError
        It is too large or not TOML in UTF-8, or a key or value can't be used; the message names it.

    Examples
    --------
    >>> scenario_from_toml(b'title = "Later"\n[[route.later]]\nroute = "1"\nuntil = "23:00"').changes
    (RouteLater(route='1', until=1380, days=(0, 1, 2, 3, 4, 5, 6), minutes=None),)
    """
    if len(content) > MOST_BYTES:
        raise InputError(
            "{where} is too large: a scenario has {most:,} bytes at most; is it the right file?",
            where=where,
            most=MOST_BYTES,
        )
    try:
        document = parse_toml(content, MOST_BYTES)
    except InputError as problem:
        raise InputError("{where} is not readable TOML: {problem}.", where=where, problem=problem) from None
    _check_keys(document, ("title", "note", "cost_usd", *_KINDS), where)
    changes: list[Change] = []
    for topic, kinds in _KINDS.items():
        tables = document.get(topic, {})
        if not isinstance(tables, dict):
            raise InputError(
                "{where}: changes of a {topic} are written as [[{topic}.{kind}]].",
                where=where, topic=topic, kind=next(iter(kinds)),
            )  # fmt: skip
        _check_keys(tables, kinds, f"{where}, {topic}")
        for kind, read in kinds.items():
            changes += [read(_Row(row, f"{where}, {topic}.{kind}")) for row in _rows(tables, topic, kind, where)]
    if len(changes) > MOST_CHANGES:
        raise InputError(
            "{where} has {number:,} changes, and {most:,} are the most; split it.",
            where=where, number=len(changes), most=MOST_CHANGES,
        )  # fmt: skip
    top = _Row(document, where)
    cost = top.number("cost_usd", 0, 1e12) if "cost_usd" in document else None
    return Scenario(top.text("title"), tuple(changes), top.text("note") if "note" in document else "", cost)


def _rows(tables: Mapping[str, Any], topic: str, kind: str, where: str) -> list[dict[str, Any]]:
    rows = tables.get(kind, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise InputError(
            "{where}: write each {topic}.{kind} as a table of its own, [[{topic}.{kind}]].",
            where=where, topic=topic, kind=kind,
        )  # fmt: skip
    return rows


def _check_keys(values: Mapping[str, Any], known: Iterable[str], where: str) -> None:
    known = list(known)
    for key in values:
        if key not in known:
            raise InputError(
                "{where} has the unknown key {name!r}{near} Keys are {known}.",
                where=where,
                name=key,
                near=near_names(key, known),
                known=", ".join(known[:12]) + (" …" if len(known) > 12 else ""),
            )


class _Row(TomlTable):
    """One table of the file, read key by key."""

    def place(self) -> tuple[float, float]:
        return self.number("lon", -180, 180), self.number("lat", -90, 90)

    def points(self, key: str) -> tuple[tuple[float, float], ...]:
        expected = Phrase("a list of 2 to {most} points like [-113.43, 40.36], longitude first", most=MOST_POINTS)
        value = self.take(key, expected)
        if not isinstance(value, list) or not 2 <= len(value) <= MOST_POINTS:
            raise self.refuse(key, expected)
        return tuple(self.pair(one, key, expected) for one in value)

    def stops(self, key: str) -> tuple[tuple[float, float] | str, ...]:
        expected = Phrase(
            "a list of 2 to {most} stops: their ids or names, or points like [-113.43, 40.36]", most=MOST_POINTS
        )
        value = self.take(key, expected)
        if not isinstance(value, list) or not 2 <= len(value) <= MOST_POINTS:
            raise self.refuse(key, expected)
        return tuple(one if isinstance(one, str) else self.pair(one, key, expected) for one in value)

    def pair(self, value: object, key: str, expected: Phrase) -> tuple[float, float]:
        if not isinstance(value, list) or len(value) != 2:
            raise self.refuse(key, expected)
        return _Row({"lon": value[0], "lat": value[1]}, f"{self.where}, {key}").place()

    def days(self) -> tuple[int, ...]:
        if "days" not in self.values:
            return EVERY_DAY
        value = self.values["days"]
        names = [str(name).casefold() for name in value] if isinstance(value, list) else []
        numbers = {number for name in names for number, day in enumerate(DAYS) if name in (day, day[:3])}
        if not names or len(numbers) != len(set(names)):
            raise self.refuse("days", Phrase("a list of {allowed}", allowed=", ".join(day[:3] for day in DAYS)))
        return tuple(sorted(numbers))

    def hours(self) -> tuple[int, int]:
        """Return from when until when, of a day of service: both before 4 in the morning are of the night after."""
        start, end = self.clock("from") if "from" in self.values else 0, END_OF_DAY
        if "until" not in self.values and 0 < start < MORNING_MINUTES:
            raise InputError(
                "{where}: from is before 04:00, the night after the day; say until when too.", where=self.where
            )
        if "until" in self.values:
            hours = service_hours(start, self.clock("until"))
            start, end = hours if "from" in self.values else (0, hours[1])
        if end <= start:
            raise self.refuse("until", Phrase("later than from"))
        return start, end


def _added(row: _Row) -> PlaceAdded:
    _check_keys(row.values, ("id", "lon", "lat", "sessions", *COLUMNS), row.where)
    lon, lat = row.place()
    given = {key: value for key, value in row.values.items() if key in COLUMNS}
    return PlaceAdded(row.text("id"), lon, lat, given, _sessions(row))


def _sessions(row: _Row) -> tuple[dict[str, object], ...]:
    rows = row.values.get("sessions", [])
    if not isinstance(rows, list) or not all(isinstance(one, dict) for one in rows):
        raise row.refuse("sessions", Phrase("a list like {example}", example=SESSIONS_EXAMPLE))
    return tuple(one for values in rows for one in _session(_Row(values, f"{row.where}, sessions")))


def _session(row: _Row) -> list[dict[str, object]]:
    _check_keys(row.values, ("days", "start", "end"), row.where)
    start, end = row.clock("start"), row.clock("end")
    times = {"start_minute": start, "end_minute": end_after(start, end)}
    return [{"weekday": day, **times} for day in row.days()]


def _moved(row: _Row) -> PlaceMoved:
    _check_keys(row.values, ("place", "lon", "lat"), row.where)
    return PlaceMoved(row.text("place"), *row.place())


def _closed(row: _Row) -> PlaceClosed:
    _check_keys(row.values, ("place",), row.where)
    return PlaceClosed(row.text("place"))


def _changed(row: _Row) -> PlaceChanged:
    _check_keys(row.values, ("place", "sessions", *COLUMNS), row.where)
    values = {key: value for key, value in row.values.items() if key in COLUMNS}
    sessions = _sessions(row) if "sessions" in row.values else None
    if not values and sessions is None:
        raise InputError(
            "{where} changes nothing: give a column of the place, such as beds or genders.", where=row.where
        )
    return PlaceChanged(row.text("place"), values, sessions)


def _cut(row: _Row) -> RouteCut:
    _check_keys(row.values, ("route", *_WHEN), row.where)
    return RouteCut(row.text("route"), row.days(), *row.hours())


def _later(row: _Row) -> RouteLater:
    _check_keys(row.values, ("route", "until", "days", "minutes"), row.where)
    minutes = row.number("minutes", 1, DAY) if "minutes" in row.values else None
    return RouteLater(row.text("route"), service_minute(row.clock("until")), row.days(), minutes)


def _headway(row: _Row) -> RouteHeadway:
    _check_keys(row.values, ("route", "minutes", "halved", *_WHEN), row.where)
    halved = row.values.get("halved", False)
    if not isinstance(halved, bool):
        raise row.refuse("halved", Phrase("true or false"))
    if halved == ("minutes" in row.values):
        raise InputError("{where} needs either minutes = N or halved = true.", where=row.where)
    return RouteHeadway(row.text("route"), None if halved else row.number("minutes", 1, DAY), row.days(), *row.hours())


def _speed(row: _Row) -> RouteSpeed:
    _check_keys(row.values, ("route", "percent"), row.where)
    return RouteSpeed(row.text("route"), row.number("percent", -80, 300))


def _stop(row: _Row) -> StopAdded:
    _check_keys(row.values, ("route", "at", "between", "dwell_seconds"), row.where)
    at, between = row.values.get("at"), row.take("between", Phrase("the names of two stops"))
    if not isinstance(between, list) or len(between) != 2 or not all(isinstance(one, str) for one in between):
        raise row.refuse("between", Phrase("the names or ids of two stops that follow each other"))
    expected = Phrase("a point like [-113.43, 40.36], or the id or name of a stop")
    row.take("at", expected)
    dwell = row.number("dwell_seconds", 0, 600) if "dwell_seconds" in row.values else StopAdded.dwell_seconds
    place = at if isinstance(at, str) else row.pair(at, "at", expected)
    return StopAdded(row.text("route"), place, (between[0], between[1]), dwell)


def _path(row: _Row) -> PathAdded:
    _check_keys(row.values, ("points", "name"), row.where)
    return PathAdded(row.points("points"), row.text("name") if "name" in row.values else "")


def _line(row: _Row) -> LineAdded:
    known = ("name", "stops", "kph", "dwell_seconds", "headway_minutes", "from", "until", "days")
    _check_keys(row.values, known, row.where)
    for key in ("from", "until"):
        row.take(key, A_TIME)
    start, end = row.hours()
    dwell = row.number("dwell_seconds", 0, 600) if "dwell_seconds" in row.values else LineAdded.dwell_seconds
    kph, headway = row.number("kph", 3, 120), row.number("headway_minutes", 1, DAY)
    return LineAdded(row.text("name"), row.stops("stops"), kph, headway, start, end, dwell, row.days())


_KINDS: dict[str, dict[str, Callable[[_Row], Change]]] = {
    "place": {"close": _closed, "move": _moved, "change": _changed, "add": _added},
    "route": {"cut": _cut, "later": _later, "headway": _headway, "speed": _speed, "stop": _stop},
    "path": {"add": _path},
    "line": {"add": _line},
}
