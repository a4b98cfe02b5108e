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

import numpy as np

from geo.streets.elements import Elevation
from geo.streets.traffic import ROADS, Traffic, usual_traffic

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
    "access", "bicycle", "bridge", "covered", "cycleway", "cycleway:both", "cycleway:left", "cycleway:right",
    "duration", "foot", "highway", "indoor", "junction", "maxspeed", "maxspeed:backward", "maxspeed:forward",
    "motor_vehicle", "motorcar", "motorroad", "name", "oneway", "oneway:bicycle", "oneway:foot", "ref", "route",
    "service", "tunnel", "vehicle",
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

ROAD_OF_CLASS = np.array([next(i for i, own in enumerate(ROADS.values()) if name in own) for name in CLASSES], np.int8)
"""For each of `CLASSES` the number of its kind among `geo.streets.traffic.ROADS`."""

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
_INDOORS = frozenset({"corridor", "elevator"})
_COVERED_KEYS = ("tunnel", "covered", "indoor")
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
        "members",
        "guests",
        "staff",
    }
)
_NO = frozenset({
    "no", "agricultural", "forestry", "use_sidepath", "dismount", "emergency", "military", "restricted", "bus", "psv",
    "taxi", "hgv", "false", "0",
})  # fmt: skip
_ACCESS_WORDS = _YES | _AT_ENDS | _NO
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


def _town_speeds() -> Mapping[str, float]:
    return MappingProxyType(
        dict(_class_speeds())
        | {
            "motorway": 89.0,
            "trunk": 73.0,
            "primary": 57.0,
            "secondary": 49.0,
            "tertiary": 40.0,
            "unclassified": 35.0,
            "residential": 30.0,
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
    town_kph
        The same in a built-up area (`geo.streets.built_up`). Valhalla's defaults there (``mjolnir/speed_assigner.h``):
        55, 45, 35, 30, 25, 22 and 20 mph, as US states limit speeds in business and residential districts.
    traffic
        How much longer a car takes than at free speed, by hour and kind of road.
    signal_seconds, stop_seconds, give_way_seconds, crossing_seconds
        Delay of a car at a signalized crossing (once: `geo.streets.signals`), a stop or give-way sign, a marked one
        or level crossing. A signal's is a mean over those who pass on green, and below the Highway Capacity Manual's
        10 s (level of service A), for many signals of a street are timed together; OSRM has 2 s.
    turn_seconds, turn_bias
        Height and side bias (above 1: left turns cost more) of OSRM's turn penalty curve, `turn_delay`.
    elevator_seconds
        Waiting for and riding an elevator.
    ferry_kph
        Speed of a ferry without a ``duration``.
    main_network_share
        Streets of a mode are attached to where one can come from the mode's largest network and go back to it, or
        where they make up a network at least this share as long, and 10 km: the other bank of a river whose bridges
        lie outside the extract, another island. 0 = every piece.
    elevation
        Heights of the ground, which make people on foot and on bicycles slower or faster; None = all is flat.
    """

    walk_kph: float = 4.8
    bike_kph: float = 15.0
    class_kph: Mapping[str, float] = field(default_factory=_class_speeds)
    town_kph: Mapping[str, float] = field(default_factory=_town_speeds)
    traffic: Traffic = field(default_factory=usual_traffic)
    signal_seconds: float = 6.0
    stop_seconds: float = 5.0
    give_way_seconds: float = 2.0
    crossing_seconds: float = 1.0
    turn_seconds: float = 7.5
    turn_bias: float = 1.075
    elevator_seconds: float = 30.0
    ferry_kph: float = 10.0
    main_network_share: float = 0.1
    elevation: Elevation | None = field(default=None, compare=False, repr=False)


class WayRule(NamedTuple):
    """What a way's tags mean: access along and against its direction, and driving speed (km/h) both ways.

    `town_kph` is the driving speed in a built-up area, the same where a limit is tagged. `push` is the access of one
    who pushes a bicycle where it may not be ridden. A `covered` way lies under the ground or a roof: it leads past
    places that can't be entered from it.
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
    town_kph: float
    town_kph_back: float
    attachable_by_car: bool
    push: int
    push_back: int
    covered: bool


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
        _drive_kph(tags, kind, highway, "maxspeed:forward", settings.class_kph),
        _drive_kph(tags, kind, highway, "maxspeed:backward", settings.class_kph),
        _drive_kph(tags, kind, highway, "maxspeed:forward", settings.town_kph),
        _drive_kph(tags, kind, highway, "maxspeed:backward", settings.town_kph),
        not (ferry or motorroad or kind == "motorway"),
        foot if pushed and ride == CLOSED else CLOSED,
        foot_back if pushed and ride_back == CLOSED else CLOSED,
        kind in _INDOORS or any(tags.get(key, "no") != "no" for key in _COVERED_KEYS),
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


def has_signals(tags: Tags) -> bool:
    """Tell whether a node is a traffic signal for cars."""
    highway = tags.get("highway")
    return highway == "traffic_signals" or (tags.get("crossing") == "traffic_signals" and highway != "crossing")


def node_delay(tags: Tags, settings: StreetSettings) -> tuple[float, float]:
    """Return a car's delay at a node (seconds), going along and against the way's direction."""
    highway = tags.get("highway", "")
    if has_signals(tags):
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
    """Return the access of a mode: of a key's words (`yes;no`) the one that allows most; unknown ones say nothing."""
    access = OPEN if default else CLOSED
    for key in ACCESS_KEYS[mode]:
        words = _ACCESS_WORDS.intersection(word.strip() for word in tags.get(key, "").split(";"))
        if not words or (key == "access" and words & _YES and not default):
            continue  # access=yes doesn't let cars onto a footway
        if words & _YES:
            access = OPEN
        elif words & _AT_ENDS:
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


def _drive_kph(tags: Tags, kind: str, highway: str, key: str, class_kph: Mapping[str, float]) -> float:
    tagged = tags.get(key) or tags.get("maxspeed")
    limit = speed_kph(tagged) if tagged else None
    if limit is not None:
        return limit
    default = class_kph.get(kind, class_kph["service"])
    return min(default, class_kph["link"]) if highway.endswith("_link") else default
