"""Facts of a region that its timetable decides."""

import datetime

import pytest

from sources.region.stages import usual_date
from tests.geo.conftest import draw

MONDAY = datetime.date(2024, 3, 4)


@pytest.mark.parametrize(
    ("services", "since", "day"),
    [
        ({"wk": [2, 9, 16, 23]}, None, 2),
        ({"wk": [2, 9, 16, 23]}, 3, 9),
        ({"wk": [9, 16, 23], "holiday": [2]}, None, 9),
        ({"wk": [0, 700, 702]}, None, 0),
        ({"wk": [0, 5, 700]}, 600, 700),
        ({"wk": [1, 3]}, 400, 1),
    ],
    ids=["first", "since", "as on most", "far apart", "none for long", "over by then"],
)
def test_the_usual_date_is_one_on_which_trips_run(services: dict[str, list[int]], since: int | None, day: int) -> None:
    trips = ["r1 wk bus: A 8:00 B 8:10", "r2 wk bus: A 9:00 B 9:10"]
    trips += ["h1 holiday bus: A 8:00 B 8:10"] if "holiday" in services else []
    feed = draw(trips, services={"daily": [], **services}, valid=(0, 800))
    asked = None if since is None else MONDAY + datetime.timedelta(days=since)
    assert usual_date(feed, asked) == MONDAY + datetime.timedelta(days=day)
