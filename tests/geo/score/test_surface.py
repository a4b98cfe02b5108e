"""What is told while a surface is made."""

import pandas as pd

from geo.needs.needs import Needs
from geo.score.surface import score_profiles
from tests.geo.main_street import WEDNESDAY, along, full_region


def test_half_of_the_work_is_done_when_those_who_walk_are(region):
    lon, lat = along([0, 900])
    done = []
    score_profiles(full_region(region), pd.DataFrame({"id": ["a", "b"], "lon": lon, "lat": lat}), Needs(), WEDNESDAY,
                   done.append)  # fmt: skip
    assert done == [0.5, 1.0]
