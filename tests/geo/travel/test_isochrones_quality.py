"""The stated quality of areas, on addresses sampled along the streets of three regions, for every mode.

Of those within t minutes at least 98 % lie inside; of those beyond t + 1 minute and over 60 m from any reached street
at least 98 % lie outside. Counted together over the starts and also for each area that holds enough to count.
"""

import datetime
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely

from geo.crs import to_degrees, to_meters
from geo.streets.build import Streets, StreetSettings, build_streets
from geo.streets.shortest_paths import costs_at
from geo.streets.snapping import Attachment, attach, place
from geo.travel.isochrones import Spread, isochrones, on_streets, reached_links, transit_spread
from geo.travel.network import Network, build_network
from geo.travel.travel_times import TravelSettings, seconds_between
from sources.networks.gtfs import read_feeds
from sources.networks.osm import read_streets
from sources.region import open_region

QUALITY = 0.98
ENOUGH = 50
DAYS = {
    "nky": datetime.date(2020, 7, 20),
    "dc": datetime.date(2025, 6, 25),
    "demo": datetime.date(2026, 1, 7),
}
MINUTES = {"walk": (10, 20, 30), "bike": (10, 20, 30), "drive": (5, 10, 20), "transit": (15, 30, 45)}
STARTS = {"walk": 6, "bike": 5, "drive": 4, "transit": 2}


@pytest.fixture(scope="module")
def network_of(request: pytest.FixtureRequest) -> Callable[[str], Network]:
    """Return the function that builds a region's network, once each."""
    built: dict[str, Network] = {}

    def build(name: str) -> Network:
        if name == "demo":
            home = request.getfixturevalue("home")
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("RECOVERY_REACH_HOME", str(home))
                return open_region("demo").network
        folder: Path = request.getfixturevalue("shared") / "regions" / name
        if name == "nky":
            streets, timetable = request.getfixturevalue("nky"), "TANK-GTFS.zip"
        else:
            extract = read_streets(folder / "dc_nw_arlington.osm.pbf")
            streets, timetable = build_streets(extract, "EPSG:32618", StreetSettings()), "wmata_rail_2025-06.zip"
        return build_network(streets, read_feeds([(name, folder / timetable)])[0], "America/New_York")

    def once(name: str) -> Network:
        if name not in built:
            built[name] = build(name)
        return built[name]

    return once


def addresses(streets: Streets, mode: str, count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return lon, lat of places on streets, sampled evenly by length."""
    random = np.random.default_rng(seed)
    usable = np.flatnonzero(streets.modes[mode].attachable)
    share = streets.link_meters[usable].astype(np.float64)
    link = random.choice(usable, count, p=share / share.sum()).astype(np.int32)
    return to_degrees(*place(streets, Attachment(link, random.random(count), np.zeros(count))), streets.crs)


def reached_lines(streets: Streets, link: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Return the reached parts of links as straight lines in local meters."""
    offset, measure = streets.geometry_offset, streets.grid.measure
    points = np.stack([streets.geometry_x, streets.geometry_y], axis=1)
    count = offset[link + 1] - offset[link] - 1
    piece = np.repeat(np.arange(len(link)), count)
    p = offset[link][piece] + np.arange(len(piece)) - (np.cumsum(count) - count)[piece]
    begin, meters = measure[offset[link]], measure[offset[link + 1] - 1] - measure[offset[link]]
    low, high = (begin + start * meters)[piece], (begin + end * meters)[piece]
    passed = (low <= measure[p + 1]) & (high >= measure[p]) & (measure[p + 1] > measure[p])
    p, low, high = p[passed], low[passed], high[passed]
    parts = [np.clip((at - measure[p]) / (measure[p + 1] - measure[p]), 0, 1)[:, None] for at in (low, high)]
    lines: np.ndarray = shapely.linestrings(
        np.stack([points[p] + t * (points[p + 1] - points[p]) for t in parts], axis=1)
    )
    return lines


def far_from(lines: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return which points are over 60 m from all lines."""
    near = shapely.STRtree(lines).query(shapely.points(x, y), predicate="dwithin", distance=60)[0]
    far = np.ones(len(x), np.bool_)
    far[near] = False
    return far


def spread_of(network: Network, home: pd.DataFrame, settings: TravelSettings) -> Spread:
    """Return how far one gets, as the areas are drawn from."""
    mode = "walk" if settings.mode == "transit" else settings.mode
    start, costs = attach(network.streets, home["lon"], home["lat"], mode), costs_at(network.streets, mode)
    if settings.mode == "transit":
        return transit_spread(network, (home["lon"][0], home["lat"][0]), start, costs, settings)
    return on_streets(network.streets.modes[mode], costs, start, settings.max_minutes * 60.0)


@pytest.mark.parametrize("mode", ["walk", "bike", "drive", "transit"])
@pytest.mark.parametrize("region", ["nky", "dc", "demo"])
def test_quality(network_of: Callable[[str], Network], region: str, mode: str) -> None:
    network = network_of(region)
    streets, by_street = network.streets, "walk" if mode == "transit" else mode
    lon, lat = addresses(streets, by_street, 3000, 5)
    points = pd.DataFrame({"lon": lon, "lat": lat})
    x, y = to_meters(lon, lat, streets.crs)
    limits = MINUTES[mode]
    settings = TravelSettings(
        mode=mode, max_minutes=max(limits) + 2, date=DAYS[region], window=(8 * 3600, 8 * 3600 + 1800)
    )
    random = np.random.default_rng(8)
    held = {"inside": [0, 0], "outside": [0, 0]}
    for k in random.choice(len(lon), STARTS[mode], replace=False):
        home = pd.DataFrame({"id": ["home"], "lon": [lon[k] + random.normal(0, 0.0007)], "lat": [lat[k]]})
        seconds = seconds_between(network, home, points, settings)[0, :, 0]
        areas = isochrones(network, home, settings, limits)
        spread = spread_of(network, home, replace(settings, max_minutes=max(limits)))
        for minutes, area in zip(limits, areas.geometry, strict=True):
            inside = shapely.contains_xy(area, lon, lat)
            pieces = reached_links(spread, 60.0 * minutes)
            lines = reached_lines(streets, *pieces[:3])
            beyond = (seconds > 60 * minutes + 60) & far_from(lines, x, y)
            for name, right in (("inside", inside[seconds <= 60 * minutes]), ("outside", ~inside[beyond])):
                held[name][0] += right.sum()
                held[name][1] += len(right)
                assert len(right) < ENOUGH or right.mean() >= QUALITY, (name, minutes, home)
            assert area.is_valid
            assert area.contains(shapely.Point(home["lon"][0], home["lat"][0]))
        for shorter, longer in zip(areas.geometry[:-1], areas.geometry[1:], strict=True):
            assert longer.covers(shorter)
    for right, count in held.values():
        assert count > 300, "too few addresses to tell"
        assert right / count >= QUALITY
