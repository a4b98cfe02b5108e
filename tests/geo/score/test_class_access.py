"""Whose traffic holds on the way to a session and home again."""

import pytest

from geo.needs.needs import Needs
from geo.score.case import make_case
from tests.geo.main_street import WEDNESDAY, resource, session


@pytest.mark.parametrize(
    ("start", "end", "there", "back"),
    [(16, 17, "day", "rush"), (16 + 1 / 60, 17 + 45 / 60, "rush", "rush"), (17, 17 + 50 / 60, "rush", "day"),
     (18, 19, "rush", "day"), (18 + 1 / 60, 20, "day", "day"), (20, 20 + 49 / 60, "day", "day"),
     (20, 20 + 50 / 60, "day", "night")],
)  # fmt: skip
def test_one_is_there_in_the_traffic_before_it_starts_and_leaves_ten_minutes_after_it_ends(
    region, start, end, there, back
):
    """Rush is from 16:00 to 18:00, and night from 21:00 on."""
    meeting = resource("meeting", 400)
    support = region([meeting], [session(meeting, 2, start, end)])
    bands = support.network.streets.traffic.bands
    assert [bands[int(band[0])] for band in make_case(support, Needs(), WEDNESDAY).session_traffic] == [there, back]
