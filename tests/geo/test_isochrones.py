"""Areas keep the stated quality against exact times, are nested, valid, hold the start, and never jump a river."""

import datetime
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely

from geo.attach import Attachment, attach, place
from geo.crs import to_degrees, to_metres
from geo.errors import InputError, OutsideRegionError
from geo.isochrones import isochrones, on_streets, reached_lines
from geo.network import Network, build_network
from geo.street_times import costs_at, street_seconds
from geo.streets import Streets
from geo.travel import TravelSettings, seconds_between
from sources.networks.gtfs import read_feeds

Lay = Callable[..., Streets]
MINUTES = (10, 20, 30)


def row(streets: Streets, x: float, y: float) -> pd.DataFrame:
    """Return a place in metres as in `lay_streets`."""
    lon, lat = to_degrees([500_000 + x], [4_330_000 + y], streets.crs)
    return pd.DataFrame({"id": ["home"], "lon": lon, "lat": lat})


def bare(streets: Streets) -> Network:
    return Network(streets, None, None, None, streets.crs, "America/New_York")


def addresses(streets: Streets, mode: str, count: int, seed: int) -> tuple[Attachment, np.ndarray, np.ndarray]:
    """Return places on streets, sampled evenly by length, and their lon, lat."""
    random = np.random.default_rng(seed)
    usable = np.flatnonzero(streets.modes[mode].attachable)
    share = streets.link_metres[usable].astype(np.float64)
    link = random.choice(usable, count, p=share / share.sum()).astype(np.int32)
    places = Attachment(link, random.random(count), np.zeros(count))
    return places, *to_degrees(*place(streets, places), streets.crs)


def far_from(lines: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    tree = shapely.STRtree(shapely.linestrings(lines[:, [0, 1, 3, 4]].reshape(-1, 2, 2)))
    near = tree.query(shapely.points(x, y), predicate="dwithin", distance=60)[0]
    far = np.ones(len(x), np.bool_)
    far[near] = False
    return far


@pytest.mark.parametrize("mode", ["walk", "bike", "drive"])
def test_quality_on_real_streets(nky: Streets, mode: str) -> None:
    places, lon, lat = addresses(nky, mode, 8000, 5)
    x, y = to_metres(lon, lat, nky.crs)
    costs = costs_at(nky, mode)
    random = np.random.default_rng(8)
    checked = 0
    for k in random.choice(len(lon), 6):
        home = pd.DataFrame({"id": ["home"], "lon": [lon[k] + random.normal(0, 0.0007)], "lat": [lat[k]]})
        start = attach(nky, home["lon"], home["lat"], mode)
        reached = street_seconds(nky, start, places, mode, 2000.0)
        seconds = np.full(len(lon), np.inf)
        seconds[reached.index] = reached.seconds
        areas = isochrones(bare(nky), home, TravelSettings(mode=mode), MINUTES)
        spread = on_streets(nky.modes[mode], costs, start, 1800.0)
        for minutes, area in zip(areas["minutes"], areas.geometry, strict=True):
            inside = shapely.contains_xy(area, lon, lat)
            lines = reached_lines(nky, mode, costs, spread, 60.0 * minutes)
            within = seconds <= 60 * minutes
            beyond = (seconds > 60 * minutes + 60) & far_from(lines, x, y)
            assert inside[within].mean() >= 0.98
            assert (~inside[beyond]).mean() >= 0.98
            assert area.is_valid
            assert area.contains(shapely.Point(home["lon"][0], home["lat"][0]))
            checked += within.sum()
        first, second, third = areas.geometry
        assert second.covers(first)
        assert third.covers(second)
    assert checked > 2000


def test_quality_by_transit(shared: Path, nky: Streets) -> None:
    feed, _ = read_feeds([("tank", shared / "regions" / "nky" / "TANK-GTFS.zip")])
    network = build_network(nky, feed, "America/New_York")
    settings = TravelSettings(date=datetime.date(2019, 11, 5), window=(7 * 3600, 8 * 3600), max_minutes=61)
    _, lon, lat = addresses(nky, "walk", 4000, 6)
    home = pd.DataFrame({"id": ["home"], "lon": [-84.509], "lat": [39.084]})
    seconds = seconds_between(network, home, pd.DataFrame({"lon": lon, "lat": lat}), settings)[0, :, 0]
    areas = isochrones(network, home, settings, (60, 30))
    assert areas["minutes"].tolist() == [60, 30]
    assert set(areas["mode"]) == {"transit"}
    for minutes, area in zip(areas["minutes"], areas.geometry, strict=True):
        inside = shapely.contains_xy(area, lon, lat)
        assert inside[seconds <= 60 * minutes].mean() >= 0.98
        assert (~inside[seconds > 60 * minutes + 60]).mean() >= 0.98
        assert area.is_valid
    assert areas.geometry[0].covers(areas.geometry[1])
    on_foot = isochrones(network, home, TravelSettings(mode="walk"), (20,)).geometry[0]
    assert areas.geometry[1].area > on_foot.area
    by_nine = isochrones(network, home, TravelSettings(date=settings.date, arrive_by=9 * 3600), (30,)).geometry[0]
    assert by_nine.is_valid
    assert by_nine.contains(shapely.Point(-84.509, 39.084))


def test_a_river_is_crossed_only_by_its_bridge(lay_streets: Lay) -> None:
    """Banks 300 m apart, 2 km long; the bridge at x = 0. From x = 0 on the south bank, 10 minutes are 800 m."""
    nodes = {"A": (-1000, 0), "B": (0, 0), "C": (1000, 0), "D": (-1000, 300), "E": (0, 300), "F": (1000, 300)}
    streets = lay_streets(nodes, ["A B C: highway=residential", "D E F: highway=residential", "B E: highway=footway"])
    area = isochrones(bare(streets), row(streets, 0, 0), TravelSettings(mode="walk"), (10,)).geometry[0]

    def at(x: float, y: float) -> bool:
        spot = row(streets, x, y)
        return bool(shapely.contains_xy(area, spot["lon"][0], spot["lat"][0]))

    assert at(790, 0)
    assert not at(830, 0)
    assert at(0, 150)
    assert at(490, 300)
    assert not at(530, 300)
    assert not any(at(x, 150) for x in (-600, -200, -80, 80, 200, 600))
    assert at(0, -40)
    assert not at(0, -70)
    far = isochrones(bare(streets), row(streets, 900, 0), TravelSettings(mode="walk"), (10,)).geometry[0]
    assert far.geom_type == "MultiPolygon"
    assert len(far.geoms) == 1
    assert far.bounds[3] < row(streets, 0, 100)["lat"][0], "the other bank is 1500 m away"


def test_holes_stay_holes(lay_streets: Lay) -> None:
    nodes = {"A": (0, 0), "B": (400, 0), "C": (400, 400), "D": (0, 400)}
    streets = lay_streets(nodes, ["A B C D A: highway=residential"])
    area = isochrones(bare(streets), row(streets, 0, 0), TravelSettings(mode="walk"), (30,)).geometry[0]
    assert len(area.geoms) == 1
    assert len(area.geoms[0].interiors) == 1
    middle = row(streets, 200, 200)
    assert not area.contains(shapely.Point(middle["lon"][0], middle["lat"][0]))
    x, y = to_metres(*shapely.get_coordinates(area.geoms[0].interiors[0]).T, streets.crs)
    assert shapely.Polygon(np.stack([x, y], axis=1)).area == pytest.approx(300**2, rel=0.1)


def test_short_walks_do_not_balloon(lay_streets: Lay) -> None:
    """One minute is 80 m of street both ways; the walk off it shrinks to nothing towards its ends."""
    streets = lay_streets({"A": (-500, 0), "B": (500, 0)}, ["A B: highway=residential"])
    area = isochrones(bare(streets), row(streets, 0, 0), TravelSettings(mode="walk"), (1,)).geometry[0]
    x, y = to_metres(*shapely.get_coordinates(area).T, streets.crs)
    assert np.abs(x - 500_000).max() == pytest.approx(80, abs=16)
    assert np.abs(y - 4_330_000).max() <= 60
    assert shapely.Polygon(np.stack([x, y], axis=1)).area < 160 * 100


def test_start_off_the_street(lay_streets: Lay) -> None:
    streets = lay_streets({"A": (-500, 0), "B": (500, 0)}, ["A B: highway=residential"])
    home = row(streets, 0, 600)
    network = bare(streets)
    near, far = isochrones(network, home, TravelSettings(mode="walk"), (5, 10)).geometry
    for area in (near, far):
        assert area.contains(shapely.Point(home["lon"][0], home["lat"][0]))
    street = row(streets, 120, 0)
    assert not near.contains(shapely.Point(street["lon"][0], street["lat"][0]))
    assert far.contains(shapely.Point(street["lon"][0], street["lat"][0]))
    with pytest.raises(OutsideRegionError, match="1 km"):
        isochrones(network, row(streets, 0, 1200), TravelSettings(mode="walk"), (5,))


def test_what_cannot_be_asked(lay_streets: Lay) -> None:
    network = bare(lay_streets({"A": (-500, 0), "B": (500, 0)}, ["A B: highway=residential"]))
    home = row(network.streets, 0, 0)
    for minutes in ((), (0,), (-5, 10), (2000,)):
        with pytest.raises(InputError, match="minutes above 0"):
            isochrones(network, home, TravelSettings(mode="walk"), minutes)
    with pytest.raises(InputError, match="no timetable"):
        isochrones(network, home, TravelSettings(date=datetime.date(2024, 3, 4), window=(0, 3600)), (10,))


def test_the_same_minutes_give_the_same_area_alone_or_among_others(nky: Streets) -> None:
    home = pd.DataFrame({"id": ["a", "b"], "lon": [-84.509, -84.52], "lat": [39.084, 39.06]})
    settings = TravelSettings(mode="walk")
    both = isochrones(bare(nky), home, settings, (10, 15))
    assert both[["origin_id", "minutes"]].to_numpy().tolist() == [["a", 10], ["a", 15], ["b", 10], ["b", 15]]
    again = isochrones(bare(nky), home.iloc[[1]], settings, (10, 15))
    assert shapely.to_wkb(both.geometry[2:]).tolist() == shapely.to_wkb(again.geometry).tolist()
