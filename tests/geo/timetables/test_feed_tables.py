"""A timetable's tables give the same timetable again."""

from collections.abc import Callable

import numpy as np
import pytest

from geo.timetables.feed import Feed, feed_to_arrays
from geo.timetables.feed_tables import feed_from_tables, feed_tables
from sources.region import open_region


def assert_same(one: Feed, other: Feed) -> None:
    """Assert that two timetables are equal, array by array."""
    arrays = feed_to_arrays(other)
    for name, values in feed_to_arrays(one).items():
        assert values.dtype.kind == arrays[name].dtype.kind, name
        np.testing.assert_array_equal(values, arrays[name], name)


@pytest.mark.parametrize("shuffle", [None, 4])
def test_tables_give_the_same_timetable(toy: Callable[..., Feed], shuffle: int | None) -> None:
    trips = [
        "m1* daily bus: a 8:00 b! 8:10-8:12 c 8:30",
        "m2 week bus: a 9:00 b! 9:10 c 9:30",
        "n1 week tram: c 25:00 a 25:30",
    ]
    stops = {"a": {"station": "west", "lon": 2.1}, "c": {"station": "east", "wheelchair": 1}}
    feed = toy(
        trips, transfers=[("a", "c", 90), ("b", "a", -1)], stops=stops, services={"week": [0, 3]}, shuffle=shuffle
    )
    assert_same(feed, feed_from_tables(feed_tables(feed)))


def test_the_demos_tables_do_too(demo_region: str) -> None:
    feed = open_region(demo_region).network.feed
    assert feed is not None
    assert_same(feed, feed_from_tables(feed_tables(feed)))
