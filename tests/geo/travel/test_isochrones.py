"""Areas are nested, valid, hold the start, and never jump a river; how exact they are is held in its own file."""

import datetime
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely

from geo.crs import to_degrees, to_meters
from geo.errors import InputError, OutsideRegionError
from geo.streets.build import Streets
from geo.travel.isochrones import isochrones, traffic_at_percentile
from geo.travel.kernels_isochrones import reached_pieces
from geo.travel.network import Network, build_network
from geo.travel.travel_times import TravelSettings
from sources.networks.gtfs import read_feeds

Lay = Callable[..., Streets]


def row(streets: Streets, x: float, y: float) -> pd.DataFrame:
    """Return a place in meters as in `lay_streets`."""
    lon, lat = to_degrees([500_000 + x], [4_330_000 + y], streets.crs)
    return pd.DataFrame({"id": ["home"], "lon": lon, "lat": lat})


def bare(streets: Streets) -> Network:
    return Network(streets, None, None, None, streets.crs, "America/New_York")


def test_by_transit(shared: Path, nky: Streets) -> None:
    feed, _ = read_feeds([("tank", shared / "regions" / "nky" / "TANK-GTFS.zip")])
    network = build_network(nky, feed, "America/New_York")
    settings = TravelSettings(date=datetime.date(2019, 11, 5), window=(7 * 3600, 8 * 3600), max_minutes=61)
    home = pd.DataFrame({"id": ["home"], "lon": [-84.509], "lat": [39.084]})
    areas = isochrones(network, home, settings, (60, 30))
    assert areas["minutes"].tolist() == [60, 30]
    assert set(areas["mode"]) == {"transit"}
    assert areas.geometry[0].covers(areas.geometry[1])
    on_foot = isochrones(network, home, TravelSettings(mode="walk"), (20,)).geometry[0]
    assert areas.geometry[1].area > on_foot.area
    by_nine = isochrones(network, home, TravelSettings(date=settings.date, arrive_by=9 * 3600), (30,)).geometry[0]
    assert by_nine.is_valid
    assert by_nine.contains(shapely.Point(-84.509, 39.084))


def test_an_area_from_which_one_gets_here_lies_against_the_one_way_streets(lay_streets: Lay) -> None:
    """A ring of one-way streets: by car one comes from the west and goes on to the east."""
    marks = [(0, 0), (4000, 0), (8000, 0), (8000, 8000), (0, 8000)]
    nodes = {f"n{k}": (float(x), float(y)) for k, (x, y) in enumerate(marks)}
    streets = lay_streets(nodes, ["n0 n1 n2 n3 n4 n0: highway=residential oneway=yes"])
    home = row(streets, 4000, 0)
    for how, sign in (({"arrive_by": 9 * 3600}, -1), ({"window": (9 * 3600 - 60, 9 * 3600)}, 1)):
        settings = TravelSettings(mode="drive", **how)
        (area,) = isochrones(bare(streets), home, settings, [3]).geometry
        for meters in (-1200, -200, 200, 1200):
            place = row(streets, 4000 + meters, 0)
            inside = area.contains(shapely.Point(place["lon"][0], place["lat"][0]))
            assert inside == (meters * sign > 0), (how, meters)


def test_on_even_two_way_streets_both_directions_give_one_area(nky: Streets) -> None:
    home = pd.DataFrame({"id": ["home"], "lon": [-84.509], "lat": [39.084]})
    there, here = (
        isochrones(bare(nky), home, TravelSettings(mode="walk", arrive_by=by), [10, 20]).geometry
        for by in (None, 36_000)
    )
    for a, b in zip(there, here, strict=True):
        assert a.symmetric_difference(b).area < 0.01 * a.area


def test_a_street_of_no_length_beyond_the_longest_walk() -> None:
    """A link of 0 m whose walk is used up (by rounding, or infinitely so) is no piece and no error."""
    time, gone = np.zeros(2, np.float32), np.array([np.inf, 5.0], np.float32)
    nowhere = (np.empty(0, np.int32), np.empty(0), np.empty(0), np.empty(0))
    link, start, end, first, last = reached_pieces(time, gone, np.zeros(2, np.float32), 60.0, 4.0, *nowhere)
    assert len(link) <= 2
    assert np.isfinite(np.concatenate([start, end, first, last])).all()
    assert ((first == 0) & (last == 0)).all()


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
    x, y = to_meters(*shapely.get_coordinates(area.geoms[0].interiors[0]).T, streets.crs)
    assert shapely.Polygon(np.stack([x, y], axis=1)).area == pytest.approx(300**2, rel=0.1)


def test_short_walks_do_not_balloon(lay_streets: Lay) -> None:
    """One minute is 80 m of street both ways; the walk off it shrinks to nothing towards its ends."""
    streets = lay_streets({"A": (-500, 0), "B": (500, 0)}, ["A B: highway=residential"])
    area = isochrones(bare(streets), row(streets, 0, 0), TravelSettings(mode="walk"), (1,)).geometry[0]
    x, y = to_meters(*shapely.get_coordinates(area).T, streets.crs)
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


def test_a_start_off_a_street_walks_to_it_first_whichever_street_it_is(lay_streets: Lay) -> None:
    """500 m off one of two streets: of ten minutes some four are left along it, by foot and by car."""
    nodes = {"A": (-2000.0, 0.0), "B": (2000.0, 0.0), "C": (-2000.0, 1500.0), "D": (2000.0, 1500.0)}
    network = bare(lay_streets(nodes, ["A B: highway=residential", "C D: highway=residential"]))
    for north in (0, 1500):
        (area,) = isochrones(network, row(network.streets, 0, north + 500), TravelSettings(mode="walk"), [10]).geometry
        for meters, inside in ((0, True), (250, True), (360, False), (700, False)):
            place = row(network.streets, meters, north)
            assert area.contains(shapely.Point(place["lon"][0], place["lat"][0])) == inside


def test_a_walk_to_the_street_ends_where_time_runs_out(lay_streets: Lay) -> None:
    """600 m east of a street that runs north: five minutes are 400 m of the way there."""
    network = bare(lay_streets({"A": (0, -500), "B": (0, 500)}, ["A B: highway=residential"]))
    (area,) = isochrones(network, row(network.streets, 600, 0), TravelSettings(mode="walk"), [5]).geometry
    for meters, inside in ((600, True), (220, True), (150, False), (0, False)):
        place = row(network.streets, meters, 0)
        assert area.contains(shapely.Point(place["lon"][0], place["lat"][0])) == inside


def test_areas_of_any_width_reach_as_far_both_ways(lay_streets: Lay) -> None:
    """The grid is a multiple of 64 squares wide, whatever the area is."""
    network = bare(lay_streets({"A": (-2000, 0), "B": (2000, 0)}, ["A B: highway=residential"]))
    minutes = np.arange(1, 15.1, 0.5).tolist()
    for limit in minutes:
        (area,) = isochrones(network, row(network.streets, 0, 0), TravelSettings(mode="walk"), [limit]).geometry
        x, _ = to_meters(*shapely.get_coordinates(area).T, network.crs)
        assert (500_000 - x.min(), x.max() - 500_000) == pytest.approx((80 * limit, 80 * limit), abs=16)


def test_a_wide_area_is_drawn_on_a_coarser_grid(lay_streets: Lay) -> None:
    """Up to 1.5 million squares are held: a road of 25 km aslant is drawn in squares of 28 m."""
    network = bare(lay_streets({"A": (0, 0), "B": (18_000, 18_000)}, ["A B: highway=primary maxspeed=100"]))
    for minutes, cells in ((5, {14.0}), (30, {14.0, 28.0})):
        (area,) = isochrones(network, row(network.streets, 0, 0), TravelSettings(mode="drive"), [minutes]).geometry
        assert {key[1] for key in network.memo if key[0] == "grid points beside links"} == cells
    for meters in (100, 9000, 17_900):
        place = row(network.streets, meters, meters)
        assert area.contains(shapely.Point(place["lon"][0], place["lat"][0]))


def test_a_car_s_area_is_that_of_the_traffic_at_the_percentile_of_departures(lay_streets: Lay) -> None:
    """From 6:00 to 8:00 on a Monday: an hour of the day's traffic, then an hour of rush, which is slower."""
    network = bare(lay_streets({"A": (0, 0), "B": (500, 0)}, ["A B: highway=residential"]))
    bands = network.streets.traffic.bands
    plan = TravelSettings(mode="drive", date=datetime.date(2024, 3, 4), window=(6 * 3600, 8 * 3600))
    for percentile, band in ((1, "day"), (50, "day"), (51, "rush"), (100, "rush")):
        held = traffic_at_percentile(network, replace(plan, percentiles=(percentile,)))
        assert bands[held] == band
    assert bands[traffic_at_percentile(network, replace(plan, window=(3600, 7200)))] == "night"
    assert traffic_at_percentile(network, replace(plan, mode="walk")) is None


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
