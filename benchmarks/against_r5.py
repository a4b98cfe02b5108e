"""People within an hour in Northern Kentucky, beside what Conveyal R5 v6.0.1 is published to find there.

    recovery-reach region build nky --date 2020-07-20 --osm … --gtfs … --zones …/people_grid.csv
    python -m benchmarks.against_r5 ../shared/data/regions/nky/people_grid.csv

R5's figures, origins and windows are those of its user interface's own end-to-end tests (conveyal/analysis-ui,
cypress/fixtures/regions/scratch.json and scratch-results.json): people within 60 minutes by bus and on foot, the median
over a departure at every minute of Monday 2020-07-20, walking 5 km/h (ours: 20 minutes at most). R5 measured to the
north-west corner of each cell (a web-mercator pixel of zoom 9), half a cell off its center, so both are given.
"""

import datetime
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from geo.access.opportunities import opportunities
from geo.travel.travel_times import TravelSettings
from sources.region import open_region

PIXELS = 256 * 2**9
"""Around the Earth, in web mercator at zoom 9."""

DATE = datetime.date(2020, 7, 20)
CASES = (
    ("center", 39.0888, -84.5106, (7, 9), 132_530),
    ("center", 39.0888, -84.5106, (6, 8), 132_817),
    ("center", 39.0888, -84.5106, (20, 22), 79_159),
    ("middle", 39.0333, -84.4601, (7, 9), 43_828),
    ("margin", 38.9818, -84.65, (7, 9), 31_778),
)


def corners(cells: pd.DataFrame) -> pd.DataFrame:
    """Return the cells at their north-west corners."""
    half = np.pi / PIXELS
    latitude = np.radians(cells["lat"])
    mercator = np.arctanh(np.sin(latitude)) + half
    lat = np.degrees(np.arcsin(np.tanh(mercator)))
    return cells.assign(lon=cells["lon"] - np.degrees(half), lat=lat)


def compared(grid: Path) -> pd.DataFrame:
    """Return a row for each published figure: R5's, ours to corners and to centers, and the differences in percent."""
    region = open_region("nky")
    cells = pd.read_csv(grid)
    cells = cells.assign(id=np.arange(len(cells)).astype(str))
    rows = []
    for name, lat, lon, (first, last), published in CASES:
        window = (first * 3600, last * 3600)
        settings = TravelSettings(mode="transit", max_minutes=60, walk_kph=5, date=DATE, window=window)
        start = pd.DataFrame({"id": [name], "lon": [lon], "lat": [lat]})
        people = []
        for places in (corners(cells), cells):
            table = opportunities(region.network, start, places, "people", settings, [60])
            people.append(round(float(table.iloc[0, -1])))
        off = [f"{100 * (value / published - 1):+.1f} %" for value in people]
        rows.append((name, f"{first:02}-{last:02}", published, people[0], off[0], people[1], off[1]))
    columns = ["origin", "window", "R5", "to corners", "difference", "to centers", "difference of centers"]
    return pd.DataFrame(rows, columns=columns)


if __name__ == "__main__":
    print(compared(Path(sys.argv[1])).to_string(index=False))
