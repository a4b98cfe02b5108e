"""A region small enough for paper: one straight street, 8 km, and a bus along it.

Places are meters along the street from its west end; walking takes 0.75 s a meter (4.8 km/h). Stops are at 0 m (a) and
6,000 m (b).
"""

import datetime
from dataclasses import replace

import numpy as np
import pandas as pd

from geo.crs import to_degrees
from geo.needs.needs import Needs, SavedPlace
from geo.score.parameters import load_parameters
from geo.score.score import prepare, score_home
from geo.tables import CATEGORIES
from geo.travel.network import build_network

WEDNESDAY = datetime.date(2024, 3, 6)
ALL_DAY = [f"t{h}{m} daily bus: a {h}:{m:02d} b {h}:{m + 8:02d}" for h in range(5, 19) for m in (0, 15, 30, 45)]
ALL_BACK = [f"u{h}{m} daily bus: b {h}:{m:02d} a {h}:{m + 8:02d}" for h in range(5, 19) for m in (0, 15, 30, 45)]
EVENING = ["go daily bus: a 18:30 b 18:40"]
ANY_DATA = replace(load_parameters(), least_data_share=0.0, needed=())
"""Parameters that give a total however little of what applies has data, so that small regions have one."""
PATIENT = Needs(max_walk_minutes=40)
"""A person who walks up to 40 minutes, so that examples on foot aren't cut by the longest walk."""


def along(meters):
    """Return lon, lat of places along the street."""
    meters = np.atleast_1d(np.asarray(meters, dtype=float))
    east = 500_000 + 0.9996 * meters  # on the zone's middle meridian lengths are 0.04 % short
    return to_degrees(east, np.full(len(meters), 4_330_000.0), "EPSG:32616")


def at(meters):
    lon, lat = along(meters)
    return float(lon[0]), float(lat[0])


def resource(category, meters, number=0, **attributes):
    lon, lat = at(meters)
    return {
        "resource_id": f"toy:{category}-{meters}-{number}",
        "source": "toy",
        "name": f"{category} at {meters} m",
        "dimension": CATEGORIES[category],
        "category": category,
        "lon": lon,
        "lat": lat,
        "location_precision": "rooftop",
        "verified_on": "2024-03-01",
        **attributes,
    }


def session(of, weekday, start, end, weeks=None):
    return {
        "resource_id": of["resource_id"],
        "weekday": weekday,
        "start_minute": round(start * 60),
        "end_minute": round(end * 60),
        "time_zone": "America/Chicago",
        "weeks": weeks,
    }


def zone(name, meters, **numbers):
    lon, lat = at(meters)
    return {"zone_id": name, "lon": lon, "lat": lat, **numbers}


def spot(name, meters):
    lon, lat = at(meters)
    return SavedPlace(name, lat, lon)


def maker(lay_streets, toy):
    """Return a function that prepares a region on the street, with these rows; without trips there is no timetable."""
    nodes = {f"n{k}": (500.0 * k, 0.0) for k in range(17)}
    streets = lay_streets(nodes, [" ".join(nodes) + ": highway=residential"])
    (a, b), (lat_a, lat_b) = along([0, 6000])
    stops = {"a": {"lon": a, "lat": lat_a, "wheelchair": 1}, "b": {"lon": b, "lat": lat_b, "wheelchair": 1}}
    networks = {}

    def make(resources=(), sessions=(), zones=(), trips=(), parameters=None, services=None):
        key = (tuple(trips), str(services))
        if key not in networks:
            zone = "America/Chicago"
            feed = toy(list(trips), stops=stops, zone=zone, services=services) if trips else None
            networks[key] = build_network(streets, feed, zone)
        tables = (
            pd.DataFrame(list(resources), columns=None if resources else ["resource_id"]),
            pd.DataFrame(list(sessions), columns=None if sessions else ["resource_id"]),
            pd.DataFrame(list(zones), columns=None if zones else ["zone_id"]),
        )
        return prepare(networks[key], *tables, parameters or load_parameters())

    return make


def score(support, meters=0.0, needs=PATIENT, **options):
    return score_home(support, at(meters), needs, WEDNESDAY, **options)


def part(scored, name):
    return next(one for one in scored.parts if one.name == name)


def full_region(region, **changes):
    """Return a region with something of every dimension."""
    meeting = resource("meeting", 6100)
    house = resource("recovery_residence", 100, beds=10, certified=True)
    rows = {
        "resources": [
            meeting,
            house,
            resource("pharmacy", 1200),
            resource("substance_use_clinic", 5900),
            resource("food", 700),
            resource("employment_service", 6300),
            resource("gathering_place", 500),
            resource("peer_support", 6050),
        ],
        "sessions": [session(meeting, day, 12, 13) for day in range(5)],
        "zones": [
            zone("west", 300, population=2000, workers=900, jobs=200),
            zone("east", 6200, population=1000, workers=500, jobs=1500),
        ],
        "trips": ALL_DAY + ALL_BACK,
    }
    return region(**(rows | changes))
