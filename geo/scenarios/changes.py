"""What a scenario may change: places that support recovery, how buses run, and where one can walk."""

from collections.abc import Mapping
from dataclasses import dataclass

from geo.clock import DAY

EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)
END_OF_DAY = 2 * DAY


@dataclass(frozen=True)
class PlaceAdded:
    """A new place.

    `values`: columns of RESOURCES; `sessions`: each a row of SESSIONS without its `resource_id`.
    """

    resource_id: str
    lon: float
    lat: float
    values: Mapping[str, object]
    sessions: tuple[Mapping[str, object], ...] = ()


@dataclass(frozen=True)
class PlaceMoved:
    """A place elsewhere; `place` is its `resource_id` or, where no other has it, its name."""

    place: str
    lon: float
    lat: float


@dataclass(frozen=True)
class PlaceClosed:
    """A place that is no more, named as by `PlaceMoved`."""

    place: str


@dataclass(frozen=True)
class PlaceChanged:
    """A place with other beds, or other people whom it takes; or a meeting with other hours.

    `values`: columns of RESOURCES; `sessions`: those that a meeting holds instead of its own, as of `PlaceAdded`; None
    where they stay.
    """

    place: str
    values: Mapping[str, object]
    sessions: tuple[Mapping[str, object], ...] | None = None


@dataclass(frozen=True)
class RouteCut:
    """A route whose trips that begin from `start` until before `end` (minutes after midnight) run no more.

    Attributes
    ----------
    route
        Its name as riders know it; `FEED:NAME` where several timetables have one of that name.
    days
        0 = Monday …; of the days by which the timetable counts, so that a trip at 25:00 is one of the day before.
    """

    route: str
    days: tuple[int, ...] = EVERY_DAY
    start: int = 0
    end: int = END_OF_DAY


@dataclass(frozen=True)
class RouteLater:
    """A route that goes on after its last trip, at its last headway or every `minutes`, until `until` at the latest.

    `until` is in minutes after midnight of the day of service, and may be over 1,440; see `RouteCut` for the rest.
    """

    route: str
    until: int
    days: tuple[int, ...] = EVERY_DAY
    minutes: float | None = None


@dataclass(frozen=True)
class RouteHeadway:
    """A route with more trips between those that there are: at most `minutes` apart, or twice as often without.

    Only between trips that begin from `start` until `end`; see `RouteCut` for the rest. No trip is taken away.
    """

    route: str
    minutes: float | None = None
    days: tuple[int, ...] = EVERY_DAY
    start: int = 0
    end: int = END_OF_DAY


@dataclass(frozen=True)
class RouteSpeed:
    """A route whose vehicles are `percent` faster between stops (priority lanes), below 0 slower; they stop as long."""

    route: str
    percent: float


@dataclass(frozen=True)
class LineAdded:
    """A new bus line, there and back.

    Attributes
    ----------
    stops
        In order: points (lon, lat; WGS 84), or ids or names of stops that are there.
    kph, dwell_seconds
        How fast it drives between stops, along the streets; and how long it stays at each.
    headway_minutes, start, end
        A trip begins at both ends from `start` (minutes after midnight) at every headway, until `end` at the latest.
    days
        As `RouteCut`.
    """

    name: str
    stops: tuple[tuple[float, float] | str, ...]
    kph: float
    headway_minutes: float
    start: int
    end: int
    dwell_seconds: float = 20.0
    days: tuple[int, ...] = EVERY_DAY


@dataclass(frozen=True)
class StopAdded:
    """A stop more of a route, `between` two stops (ids or names) that follow each other in its trips.

    `stop`: a point (lon, lat; WGS 84), or the id or name of a stop that is there; see `RouteCut` for `route`.
    """

    route: str
    stop: tuple[float, float] | str
    between: tuple[str, str]
    dwell_seconds: float = 20.0


@dataclass(frozen=True)
class PathAdded:
    """A new footpath, or a bridge for people on foot, from point to point (lon, lat; WGS 84).

    It begins and ends on the street nearest to its first and its last point.
    """

    points: tuple[tuple[float, float], ...]
    name: str = ""


PlaceChange = PlaceAdded | PlaceMoved | PlaceClosed | PlaceChanged
RouteChange = RouteCut | RouteLater | RouteHeadway | RouteSpeed
Change = PlaceChange | RouteChange | StopAdded | LineAdded | PathAdded


@dataclass(frozen=True)
class Scenario:
    """What would be different, in the order in which it is written into a region.

    `cost_usd`: what it costs, in US dollars; None where that isn't said.
    """

    title: str
    changes: tuple[Change, ...]
    note: str = ""
    cost_usd: float | None = None
