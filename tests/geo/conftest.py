"""Hand-drawn timetables: one line of text a trip."""

import datetime
from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
import pytest

from geo.timetable import EPOCH, Feed, make_feed

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
        rows.append((name.rstrip("*"), service, name[0], vehicle, f"to {tail.split()[-2].rstrip('!?')}", int("*" in name)))
        words = tail.split()
        for number, (stop, time) in enumerate(zip(words[::2], words[1::2], strict=True)):
            arrival, _, departure = time.partition("-")
            plain = stop.rstrip("!?")
            names.add(plain)
            calls.append((len(rows) - 1, number, plain, clock(arrival), clock(departure or arrival), "!" not in stop, "?" not in stop))
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
    base = (MONDAY - EPOCH).days
    days = [(service, base + day) for service, own in services.items() for day in own]
    facts = [{"lon": 2.0, "lat": 41.0, "station": "", "wheelchair": 0, **(stops or {}).get(stop, {})} for stop in order]
    return make_feed(
        pd.DataFrame({"feed": ["toy"], "time_zone": [zone], "first_day": [base - 3], "last_day": [base + 10]}),
        pd.DataFrame(facts, index=range(len(order))).assign(stop_id=order, name=[f"Stop {stop}" for stop in order]),
        pd.DataFrame({"service_id": list(services), "feed": "toy"}),
        pd.DataFrame(days, columns=["service_id", "day"]),
        pd.DataFrame(rows, columns=["trip_id", "service_id", "route", "vehicle", "headsign", "wheelchair"]),
        pd.DataFrame(calls, columns=["trip", "sequence", "stop", "arrival", "departure", "board", "alight"]).assign(
            stop=lambda table: table["stop"].map(known).astype(np.int64)
        ),
        pd.DataFrame(
            [(known[a], known[b], s) for a, b, s in transfers], columns=["from_stop", "to_stop", "seconds"], dtype=np.int64
        ),
    )


@pytest.fixture(scope="session")
def toy() -> Callable[..., Feed]:
    """Return the function that draws a feed from lines of text."""
    return draw
