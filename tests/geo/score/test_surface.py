"""What is told while a surface is made."""

import pandas as pd

from geo.needs.needs import Needs
from geo.score import home_times, surface
from geo.score.surface import score_cells, score_profiles
from tests.geo.main_street import WEDNESDAY, along, full_region


def test_half_of_the_work_is_done_when_those_who_walk_are(region):
    lon, lat = along([0, 900])
    done = []
    score_profiles(full_region(region), pd.DataFrame({"id": ["a", "b"], "lon": lon, "lat": lat}), Needs(), WEDNESDAY,
                   done.append)  # fmt: skip
    assert done == [0.5, 1.0]


def test_cells_that_are_neighbors_are_searched_together_with_the_numbers_of_each_alone(region, monkeypatch):
    """Of 21 cells along the street, the first 16 in a row are one lot; the other five share too few stops."""
    support = full_region(region)
    lon, lat = along([60 * k for k in range(21)])
    cells = pd.DataFrame({"id": [f"c{k}" for k in range(21)], "lon": lon, "lat": lat})
    search, together = home_times.search_together, []

    def counted(*arguments):
        together.append(len(arguments[4].offset) - 1)
        return search(*arguments)

    monkeypatch.setattr(home_times, "search_together", counted)
    monkeypatch.setattr(surface, "shared_times", lambda *_: {})
    near = score_cells(support, cells, Needs(), WEDNESDAY)
    assert set(together) == {16}
    monkeypatch.setattr(home_times, "are_neighbors", lambda _: False)
    pd.testing.assert_frame_equal(near, score_cells(support, cells, Needs(), WEDNESDAY), check_exact=True)
    assert len(set(near["total"])) > 1
