"""Hand-drawn timetables and streets: one line of text a trip, a way or a turn."""

import datetime
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from geo.crs import to_degrees
from geo.dates import day_number
from geo.score.support import RegionSupport
from geo.streets.build import NODE_KEYS, WAY_KEYS, OsmElements, Streets, StreetSettings, build_streets
from geo.streets.shortest_paths import street_seconds
from geo.streets.snapping import attach, subset
from geo.timetables.feed import Feed, make_feed
from sources.networks.osm import read_streets
from tests.geo.main_street import maker

MONDAY = datetime.date(2024, 3, 4)


def clock(text: str) -> int:
    """Return "H:MM" or "H:MM:SS" as seconds."""
    parts = [int(part) for part in text.split(":")]
    return parts[0] * 3600 + parts[1] * 60 + (parts[2] if len(parts) > 2 else 0)


def draw(
    trips: Sequence[str],
    transfers: Sequence[tuple[str, str, int]] = (),
    stops: dict[str, dict[str, object]] | None = None,
    services: dict[str, Sequence[int]] | None = None,
    shuffle: int | None = None,
    zone: str = "Europe/Madrid",
    valid: tuple[int, int] = (-3, 10),
) -> Feed:
    """Draw a feed.

    A trip is "name service vehicle: stop time stop time …"; a time is "8:00" or "8:00-8:02"; "!" behind a
    stop = no boarding, "?" = no alighting; "*" behind the trip's name = wheelchair accessible. Services run on days
    counted from Monday, 4 March 2024; "daily" runs on the fourteen days from the 1st to the 14th, by default.
    """
    services = {"daily": range(-3, 11), **(services or {})}
    rows, calls, names = [], [], set(stops or ())
    for text in trips:
        head, _, tail = text.partition(": ")
        name, service, vehicle = head.split()
        rows.append(
            (name.rstrip("*"), service, name[0], vehicle, f"to {tail.split()[-2].rstrip('!?')}", int("*" in name))
        )
        words = tail.split()
        for number, (stop, time) in enumerate(zip(words[::2], words[1::2], strict=True)):
            arrival, _, departure = time.partition("-")
            plain = stop.rstrip("!?")
            names.add(plain)
            calls.append(
                (
                    len(rows) - 1,
                    number,
                    plain,
                    clock(arrival),
                    clock(departure or arrival),
                    int("!" in stop),
                    int("?" in stop),
                )
            )
    order = sorted(names)
    random = np.random.default_rng(shuffle)
    if shuffle is not None:
        random.shuffle(order)
        permutation = random.permutation(len(rows))
        rows = [rows[i] for i in permutation]
        back = np.argsort(permutation)
        calls = [(int(back[c[0]]), *c[1:]) for c in calls]
        random.shuffle(calls)
    known = {stop: i for i, stop in enumerate(order)}
    base = day_number(MONDAY)
    days = [(service, base + day) for service, own in services.items() for day in own]
    facts = [{"lon": 2.0, "lat": 41.0, "station": "", "wheelchair": 0, **(stops or {}).get(stop, {})} for stop in order]
    return make_feed(
        pd.DataFrame(
            {"feed": ["toy"], "time_zone": [zone], "first_day": [base + valid[0]], "last_day": [base + valid[1]]}
        ),
        pd.DataFrame(facts, index=range(len(order))).assign(stop_id=order, name=[f"Stop {stop}" for stop in order]),
        pd.DataFrame({"service_id": list(services), "feed": "toy"}),
        pd.DataFrame(days, columns=["service_id", "day"]),
        pd.DataFrame(rows, columns=["trip_id", "service_id", "route", "vehicle", "headsign", "wheelchair"]),
        pd.DataFrame(calls, columns=["trip", "sequence", "stop", "arrival", "departure", "pickup", "drop_off"]).assign(
            stop=lambda table: table["stop"].map(known).astype(np.int64)
        ),
        pd.DataFrame(
            [(known[a], known[b], s) for a, b, s in transfers],
            columns=["from_stop", "to_stop", "seconds"],
            dtype=np.int64,
        ),
    )


@pytest.fixture(scope="session")
def toy() -> Callable[..., Feed]:
    """Return the function that draws a feed from lines of text."""
    return draw


def lay(
    nodes: dict[str, tuple[float, float]],
    ways: Sequence[str],
    at: dict[str, str] | None = None,
    turns: Sequence[str] = (),
    settings: StreetSettings = StreetSettings(main_network_share=0),  # noqa: B008  frozen
    shuffle: int | None = None,
) -> Streets:
    """Lay streets: nodes in meters from a place near 87° W (where the projection keeps lengths to 0.04 %)."""
    return build_streets(written(nodes, ways, at, turns, shuffle), "EPSG:32616", settings)


def written(
    nodes: dict[str, tuple[float, float]],
    ways: Sequence[str],
    at: dict[str, str] | None = None,
    turns: Sequence[str] = (),
    shuffle: int | None = None,
) -> OsmElements:
    """Write streets as OpenStreetMap does.

    A way is "A B C: highway=residential oneway=yes"; `at` gives nodes tags in the same way; a turn restriction is
    "no_left_turn 0 B 1" (ways by position; via a node, or ways by position: "1+4"), "except=bus" behind it.
    """
    names = list(nodes)
    ids = {name: 100 + i for i, name in enumerate(names)}
    lon, lat = to_degrees(
        [500_000 + nodes[name][0] for name in names], [4_330_000 + nodes[name][1] for name in names], "EPSG:32616"
    )

    def tags(texts: Sequence[str], keys: Sequence[str]) -> pd.DataFrame:
        rows = [dict(pair.split("=", 1) for pair in text.split()) for text in texts]
        assert {key for row in rows for key in row} <= set(keys), "a tag nobody reads"
        return pd.DataFrame([{key: row.get(key) for key in keys} for row in rows], columns=list(keys), dtype="object")

    lines = [way.partition(": ")[0].split() for way in ways]
    members = []
    for relation, text in enumerate(turns):
        kind, start, via, end, *more = text.split()
        spared = more[0].removeprefix("except=") if more else ""
        ways_over = (
            [("via", "w", int(way)) for way in via.split("+")]
            if via.replace("+", "").isdigit()
            else [("via", "n", ids[via])]
        )
        for role, member, ref in (("from", "w", int(start)), *ways_over, ("to", "w", int(end))):
            members.append((relation, kind, spared, role, member, ref))
    order, turned = np.arange(len(names)), np.arange(len(ways))
    if shuffle is not None:
        random = np.random.default_rng(shuffle)
        random.shuffle(order)
        random.shuffle(turned)
        random.shuffle(members)
    marked = sorted(at or {})
    return OsmElements(
        node_id=np.array([ids[names[i]] for i in order]),
        node_lon=lon[order],
        node_lat=lat[order],
        ways=turned,
        way_tags=tags([ways[i].partition(": ")[2] for i in turned], WAY_KEYS),
        way_offset=np.concatenate([[0], np.cumsum([len(lines[i]) for i in turned])]),
        way_nodes=np.array([ids[name] for i in turned for name in lines[i]]),
        tagged_nodes=np.array([ids[name] for name in marked], np.int64),
        node_tags=tags([(at or {})[name] for name in marked], NODE_KEYS),
        restrictions=pd.DataFrame(members, columns=["relation", "kind", "except", "role", "member", "ref"]).astype(
            {"kind": "str", "except": "str", "role": "str", "member": "str", "ref": "int64"}
        ),
    )


def go(
    streets: Streets, start: tuple[float, float], end: tuple[float, float], mode: str = "walk", **options: float
) -> float:
    """Return the seconds between two places (meters, as in `lay`), infinite over two hours or without a way."""
    lon, lat = to_degrees(
        [500_000 + start[0], 500_000 + end[0]], [4_330_000 + start[1], 4_330_000 + end[1]], streets.crs
    )
    ends = attach(streets, lon, lat, mode)
    reached = street_seconds(streets, subset(ends, np.array([0])), subset(ends, np.array([1])), mode, 7200.0, **options)
    return float(reached.seconds[0]) if len(reached.seconds) else np.inf


@pytest.fixture(scope="session")
def lay_streets() -> Callable[..., Streets]:
    """Return the function that lays streets between nodes."""
    return lay


@pytest.fixture(scope="session")
def lay_elements() -> Callable[..., OsmElements]:
    """Return the function that writes streets as OpenStreetMap does."""
    return written


@pytest.fixture(scope="session")
def seconds() -> Callable[..., float]:
    """Return the function that times one journey on laid streets."""
    return go


@pytest.fixture(scope="session")
def nky(shared: Path) -> Streets:
    """Return the streets of Northern Kentucky."""
    elements = read_streets(shared / "regions" / "nky" / "streets.osm.pbf")
    return build_streets(elements, "EPSG:32616", StreetSettings())


@pytest.fixture(scope="session")
def region(lay_streets: Callable[..., Streets], toy: Callable[..., Feed]) -> Callable[..., RegionSupport]:
    """Return a function that prepares a region on the street of `main_street`."""
    return maker(lay_streets, toy)
