"""What OpenStreetMap's tags mean for a person on foot, on a bicycle and in a car.

Who may walk may get off and push a bicycle: along footways, through pedestrian streets, against a one-way street on
its pavement, where ``bicycle=no`` or ``dismount`` forbids riding. Not up steps, nor through buildings, stations and
lifts, nor onto a ferry that takes no bicycles.

Meanings follow the OpenStreetMap wiki (Key:access, Key:highway, Key:oneway, Key:barrier, Tag:route=ferry);
where routers differ, what OSRM's and Valhalla's default profiles agree on.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

from geo.streets.elements import Elevation

Tags = Mapping[str, str]

CLOSED, OPEN, ENDS = 0, 1, 2
"""Access of a mode: none; any; only by those who start or end there (private, destination, customers …)."""

ACCESS_KEYS = {
    "walk": ("access", "foot"),
    "bike": ("access", "vehicle", "bicycle"),
    "drive": ("access", "vehicle", "motor_vehicle", "motorcar"),
}
"""Access keys of each mode, the more specific one later: it wins."""

WAY_KEYS = (
    "access", "bicycle", "bridge", "cycleway", "cycleway:both", "cycleway:left", "cycleway:right", "duration", "foot",
    "highway", "junction", "maxspeed", "maxspeed:backward", "maxspeed:forward", "motor_vehicle", "motorcar",
    "motorroad", "name", "oneway", "oneway:bicycle", "oneway:foot", "route", "service", "tunnel",
    "vehicle",
)  # fmt: skip
NODE_KEYS = (
    "access", "barrier", "bicycle", "crossing", "direction", "foot", "highway", "motor_vehicle", "motorcar",
    "railway", "traffic_signals:direction", "vehicle",
)  # fmt: skip
RESTRICTION_KEYS = ("except", "restriction", "restriction:motorcar")

CLASSES = (
    "motorway", "trunk", "primary", "secondary", "tertiary", "unclassified", "residential", "living_street",
    "service", "track", "cycleway", "pedestrian", "footway", "steps", "ferry",
)  # fmt: skip
"""`Streets.link_class` is a position in this list: from the widest line on a map to the thinnest."""

_CLASS_OF = {name: CLASSES.index(name) for name in CLASSES} | {
    "road": CLASSES.index("unclassified"),
    "yes": CLASSES.index("unclassified"),
    "busway": CLASSES.index("service"),
    "path": CLASSES.index("footway"),
    "bridleway": CLASSES.index("footway"),
    "corridor": CLASSES.index("footway"),
    "platform": CLASSES.index("footway"),
    "elevator": CLASSES.index("footway"),
}
_NOT_ON_FOOT = frozenset({"motorway", "busway"})
_NOT_BY_BIKE = _NOT_ON_FOOT | {
    "footway",
    "pedestrian",
    "steps",
    "corridor",
    "platform",
    "elevator",
    "bridleway",
}
_NOT_PUSHED = frozenset({"steps", "corridor", "elevator", "platform", "ferry"})
_NOT_BY_CAR = _NOT_BY_BIKE - {"motorway"} | {"path", "cycleway", "track"}

_YES = frozenset({"yes", "permissive", "designated", "official", "public", "allowed", "true", "1", "limited"})
_AT_ENDS = frozenset(
    {
        "private",
        "destination",
        "customers",
        "delivery",
        "permit",
        "residents",
        "employees",
        "visitors",
        "students",
    }
)
_BLOCKS_CARS = frozenset({
    "bollard", "cycle_barrier", "motorcycle_barrier", "block", "chain", "jersey_barrier", "log", "stile",
    "turnstile", "kissing_gate", "full-height_turnstile", "horse_stile", "planter", "debris", "rope", "bus_trap",
    "sump_buster", "wedge", "barrier_board", "hampshire_gate", "spikes", "tyres", "yes",
})  # fmt: skip
_BLOCKS_ALL = frozenset({"wall", "fence", "hedge", "retaining_wall", "city_wall", "guard_rail"})
_BLOCKS_BIKES = _BLOCKS_ALL | {"stile", "turnstile", "full-height_turnstile", "kissing_gate", "horse_stile"}

_MPH = 1.609344
_SPEED = re.compile(r"(\d+(?:\.\d+)?)\s*(mph|km/h|kmh|kph|knots)?")
_ISO_DURATION = re.compile(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?")


def _class_speeds() -> Mapping[str, float]:
    return MappingProxyType(
        {
            "motorway": 105.0,
            "trunk": 90.0,
            "primary": 75.0,
            "secondary": 60.0,
            "tertiary": 50.0,
            "unclassified": 40.0,
            "residential": 35.0,
            "living_street": 15.0,
            "service": 20.0,
            "track": 15.0,
            "link": 50.0,
        }
    )


@dataclass(frozen=True)
class StreetSettings:
    """How fast one moves and what costs time; km/h, seconds, meters.

    Attributes
    ----------
    walk_kph, bike_kph
        Speeds the graph is built for; searches may ask for others.
    class_kph
        Free driving speed by highway class where no ``maxspeed`` is tagged; ``link`` is the most on a ramp.
        Valhalla's defaults (its ``lua/graph.lua``, ``default_speed``).
    peak_factor
        Driving takes this many times the time at free speed. 1.25 is OSRM's ``speed_reduction`` of 0.8
        (its ``profiles/car.lua``).
    signal_seconds, stop_seconds, give_way_seconds, crossing_seconds
        Delay of a car at a traffic signal, a stop or give-way sign, a marked crossing or level crossing. A signal
        costs less than the Highway Capacity Manual's 10–20 s of control delay (level of service B), because
        crossings of divided roads carry several, and more than OSRM's 2 s.
    turn_seconds, turn_bias
        Height and side bias (above 1: left turns cost more) of OSRM's turn penalty curve, `turn_delay`.
    elevator_seconds
        Waiting for and riding an elevator.
    ferry_kph
        Speed of a ferry without a ``duration``.
    smallest_island_meters
        Streets of a mode that link up to less than this length are not attached to.
    elevation
        Heights of the ground, which make people on foot and on bicycles slower or faster; None = all is flat.
    """

    walk_kph: float = 4.8
    bike_kph: float = 15.0
    class_kph: Mapping[str, float] = field(default_factory=_class_speeds)
    peak_factor: float = 1.25
    signal_seconds: float = 8.0
    stop_seconds: float = 5.0
    give_way_seconds: float = 2.0
    crossing_seconds: float = 1.0
    turn_seconds: float = 7.5
    turn_bias: float = 1.075
    elevator_seconds: float = 30.0
    ferry_kph: float = 10.0
    smallest_island_meters: float = 1000.0
    elevation: Elevation | None = field(default=None, compare=False, repr=False)


class WayRule(NamedTuple):
    """What a way's tags mean: access along and against its direction, and driving speed (km/h) both ways.

    `push` is the access of one who pushes a bicycle where it may not be ridden.
    """

    street_class: int
    walk: int
    walk_back: int
    bike: int
    bike_back: int
    drive: int
    drive_back: int
    drive_kph: float
    drive_kph_back: float
    attachable_by_car: bool
    push: int
    push_back: int


def way_rule(tags: Tags, settings: StreetSettings) -> WayRule | None:
    """Return what a way's tags mean, or None if nobody may use it (under construction, a racetrack …)."""
    highway = tags.get("highway", "")
    ferry = not highway and tags.get("route") == "ferry"
    kind = "ferry" if ferry else highway.removesuffix("_link")
    if kind not in _CLASS_OF:
        return None
    motorroad = tags.get("motorroad") == "yes"
    walk = _access(tags, "walk", kind not in _NOT_ON_FOOT and not motorroad)
    bike = _access(tags, "bike", kind not in _NOT_BY_BIKE and not motorroad)
    drive = _access(tags, "drive", kind not in _NOT_BY_CAR and not ferry)
    if not (walk or bike or drive):
        return None
    forward, backward = _directions(tags, kind)
    walk_forward, walk_backward = _sense(tags.get("oneway:foot", "no"))
    bike_forward, bike_backward = _bike_directions(tags, forward, backward)
    foot, foot_back = walk * walk_forward, walk * walk_backward
    ride, ride_back = bike * bike_forward, bike * bike_backward
    pushed = kind not in _NOT_PUSHED
    return WayRule(
        _CLASS_OF[kind],
        foot,
        foot_back,
        ride,
        ride_back,
        drive * forward,
        drive * backward,
        _drive_kph(tags, kind, highway, "maxspeed:forward", settings),
        _drive_kph(tags, kind, highway, "maxspeed:backward", settings),
        not (ferry or motorroad or kind == "motorway"),
        foot if pushed and ride == CLOSED else CLOSED,
        foot_back if pushed and ride_back == CLOSED else CLOSED,
    )


def node_access(tags: Tags) -> tuple[int, int, int]:
    """Return what a barrier lets pass: walk, bike, drive.

    Access tags on other nodes speak of what happens there, e.g. of cycling along a zebra crossing, and stop nobody.
    A bicycle is pushed through where it may not be ridden.
    """
    barrier = tags.get("barrier")
    if barrier is None:
        return OPEN, OPEN, OPEN
    walk = _access(tags, "walk", barrier not in _BLOCKS_ALL)
    ride = _access(tags, "bike", barrier not in _BLOCKS_BIKES)
    return (
        walk,
        walk if ride == CLOSED and barrier not in _BLOCKS_BIKES else ride,
        _access(tags, "drive", barrier not in _BLOCKS_CARS | _BLOCKS_ALL),
    )


def node_delay(tags: Tags, settings: StreetSettings) -> tuple[float, float]:
    """Return a car's delay at a node (seconds), going along and against the way's direction."""
    highway = tags.get("highway", "")
    if highway == "traffic_signals" or (tags.get("crossing") == "traffic_signals" and highway != "crossing"):
        seconds = settings.signal_seconds
    elif highway in ("stop", "give_way"):
        seconds = settings.stop_seconds if highway == "stop" else settings.give_way_seconds
    elif (highway == "crossing" and tags.get("crossing") in ("marked", "zebra", "uncontrolled")) or tags.get(
        "railway"
    ) == "level_crossing":
        seconds = settings.crossing_seconds
    else:
        return 0.0, 0.0
    side = tags.get("traffic_signals:direction") or tags.get("direction")
    return (0.0 if side == "backward" else seconds), (0.0 if side == "forward" else seconds)


def ferry_seconds(duration: str) -> float | None:
    """Return the seconds of a ferry's ``duration`` (``HH:MM``, ``HH:MM:SS``, minutes, or ISO 8601), or None."""
    parts = duration.split(":")
    if all(part.isdigit() for part in parts) and len(parts) <= 3:
        numbers = [int(part) for part in parts]
        hours, minutes, seconds = ([0, *numbers, 0] if len(numbers) == 1 else [*numbers, 0])[:3]
    elif (iso := _ISO_DURATION.fullmatch(duration)) and any(iso.groups()):
        hours, minutes, seconds = (int(part or 0) for part in iso.groups())
    else:
        return None
    return float(3600 * hours + 60 * minutes + seconds) or None


def speed_kph(text: str) -> float | None:
    """Return a ``maxspeed`` in km/h (``50``, ``35 mph``, ``walk``, ``none``), or None if it is none of these."""
    if text == "walk":
        return 5.0
    if text == "none":
        return 130.0
    match = _SPEED.match(text)
    if not match:
        return None
    value = float(match[1]) * {"mph": _MPH, "knots": 1.852}.get(match[2] or "", 1.0)
    return min(max(value, 5.0), 140.0)


def _access(tags: Tags, mode: str, default: bool) -> int:
    access = OPEN if default else CLOSED
    for key in ACCESS_KEYS[mode]:
        value = tags.get(key)
        if value is None or (key == "access" and value in _YES and not default):
            continue  # access=yes doesn't let cars onto a footway
        if value in _YES:
            access = OPEN
        elif value in _AT_ENDS:
            access = ENDS if default or key != "access" else CLOSED
        else:
            access = CLOSED
    return access


def _sense(oneway: str) -> tuple[bool, bool]:
    """Return whether one may go along and against a way with this ``oneway``."""
    if oneway in ("yes", "true", "1"):
        return True, False
    if oneway in ("-1", "reverse"):
        return False, True
    if oneway == "reversible":
        return False, False  # its direction changes with the hour, which the tag doesn't say
    return True, True


def _directions(tags: Tags, kind: str) -> tuple[bool, bool]:
    implied = kind == "motorway" and not tags.get("highway", "").endswith("_link")
    implied = implied or tags.get("junction") in ("roundabout", "circular")
    return _sense(tags.get("oneway", "yes" if implied else "no"))


def _bike_directions(tags: Tags, forward: bool, backward: bool) -> tuple[bool, bool]:
    if "oneway:bicycle" in tags:
        return _sense(tags["oneway:bicycle"])
    lanes = (tags.get(key, "") for key in ("cycleway", "cycleway:left", "cycleway:right", "cycleway:both"))
    if any(lane.startswith("opposite") for lane in lanes):
        return True, True
    return forward, backward


def _drive_kph(tags: Tags, kind: str, highway: str, key: str, settings: StreetSettings) -> float:
    tagged = tags.get(key) or tags.get("maxspeed")
    limit = speed_kph(tagged) if tagged else None
    if limit is not None:
        return limit
    default = settings.class_kph.get(kind, settings.class_kph["service"])
    return min(default, settings.class_kph["link"]) if highway.endswith("_link") else default
