"""What searches share: walks between the platforms of a station, and rows shared out among threads."""

import datetime
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from geo.travel.network import build_network
from geo.travel.settings import TravelSettings
from geo.travel.transit_search import in_threads, prepare_search
from tests.geo.main_street import at


def changes(
    lay_streets: Any, toy: Any, inside: int, step_free: int, stated: int | None = None, **how: Any
) -> dict[str, int]:
    """Return the seconds between two platforms 300 m apart on a street; a timetable tells the way from A to B."""
    streets = lay_streets({"W": (-500, 0), "E": (1000, 0)}, ["W E: highway=residential"])
    stops = {
        name: dict(zip(("lon", "lat"), at(meters), strict=True), station="S") for name, meters in (("A", 0), ("B", 300))
    }
    published = [] if stated is None else [("A", "B", stated)]
    feed = toy(["t daily bus: A 8:00 B 8:05"], transfers=published, stops=stops, zone="America/Chicago")
    told = {"inside_from": 0, "inside_to": 1, "inside_seconds": inside, "inside_step_free": step_free}
    feed = replace(feed, **{name: np.array([value], np.int32) for name, value in told.items()})
    network = build_network(streets, feed, "America/Chicago")
    found = prepare_search(network, TravelSettings(date=datetime.date(2024, 3, 6), **how)).transfers
    row = np.repeat([0, 1], np.diff(found.offset))
    return {f"{'AB'[a]}{'AB'[b]}": int(s) for a, b, s in zip(row, found.target, found.seconds, strict=True)}


@pytest.mark.parametrize("inside", [0, 1, 60, 224])
def test_the_way_inside_a_station_takes_what_the_timetable_tells(lay_streets: Any, toy: Any, inside: int) -> None:
    assert changes(lay_streets, toy, inside, -1) == {"AB": inside, "BA": 225}


@pytest.mark.parametrize(("step_free", "holds"), [(0, True), (40, True), (-1, False)])
def test_a_published_change_holds_for_wheelchairs_where_a_way_without_steps_is_told_of(
    lay_streets: Any, toy: Any, step_free: int, holds: bool
) -> None:
    """Boarding, a minute, is part of the published 500 seconds."""
    between = changes(lay_streets, toy, 40, step_free, 500, wheelchair=True)
    assert (between.get("AB") == 440) == holds
    assert changes(lay_streets, toy, 40, step_free, 500)["AB"] == 440


@pytest.mark.parametrize("processors", [1, 2, 5, None])
@pytest.mark.parametrize("count", [0, 1, 2, 7, 100])
def test_each_row_is_run_once_however_many_threads_there_are(
    count: int, processors: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: processors)
    times = np.zeros(count, int)

    def run(begin: int, end: int) -> None:
        times[begin:end] += 1

    in_threads(run, count)
    assert (times == 1).all()
