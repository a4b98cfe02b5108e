"""Resources on disk: what comes back is what was written, and a box holds what lies in it."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.tables import RESOURCES, conform, empty
from sources.cleaning.bounds import Bounds
from sources.region.resource_table import GROUP_ROWS, read_places, write_places


def resources(count: int, seed: int = 1) -> pd.DataFrame:
    chance = np.random.default_rng(seed)
    table = pd.DataFrame(
        {
            "resource_id": [f"x:{n:07d}" for n in range(count)], "source": "x", "name": "A place", "dimension": "home",
            "category": "food", "lon": chance.uniform(-85, -84, count), "lat": chance.uniform(38, 39, count),
            "location_precision": "rooftop", "beds": pd.array([None, 3] * (count // 2 + 1), "Int64")[:count],
        }
    )  # fmt: skip
    table.loc[::7, ["lon", "lat"]] = np.nan
    return conform(table, RESOURCES)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 60), st.integers(0, 9), st.lists(st.floats(0, 1), min_size=4, max_size=4))
def test_all_and_boxes(tmp_path: Path, count: int, seed: int, sides: list[float]) -> None:
    table, path = resources(count, seed), tmp_path / "a.parquet"
    write_places(path, table)
    pd.testing.assert_frame_equal(read_places(path), table)
    west, east = sorted(-85 + side for side in sides[:2])
    south, north = sorted(38 + side for side in sides[2:])
    bounds = Bounds(west, south, east, north)
    inside = table["lon"].between(west, east) & table["lat"].between(south, north)
    pd.testing.assert_frame_equal(read_places(path, bounds), table[inside].reset_index(drop=True))


def test_a_box_meets_few_groups(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    write_places(path, resources(GROUP_ROWS * 8))
    parquet = pq.ParquetFile(path)
    lon, lat = (parquet.schema_arrow.names.index(name) for name in ("lon", "lat"))
    groups = [parquet.metadata.row_group(n) for n in range(parquet.num_row_groups)]
    assert len(groups) == 8
    here = (-84.55, -84.45, 38.45, 38.55)
    met = [
        group
        for group in groups
        if (x := group.column(lon).statistics).has_min_max
        and x.min <= here[1] and x.max >= here[0]
        and (y := group.column(lat).statistics).min <= here[3] and y.max >= here[2]
    ]  # fmt: skip
    assert 1 <= len(met) <= 5


def test_map_programs_can_open_it(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    write_places(path, resources(20))
    opened = gpd.read_parquet(path)
    assert opened.crs.to_epsg() == 4326
    assert opened.geometry.isna().sum() == 3
    assert (opened.geometry.dropna().x == opened["lon"].dropna()).all()
    assert len(gpd.read_parquet(path, bbox=(-84.5, 38.5, -84.0, 39.0))) < 20


@pytest.mark.parametrize("table", [empty(RESOURCES), resources(1)])
def test_none_and_one_without_a_point(tmp_path: Path, table: pd.DataFrame) -> None:
    write_places(tmp_path / "a.parquet", table)
    pd.testing.assert_frame_equal(read_places(tmp_path / "a.parquet"), table)
    assert read_places(tmp_path / "a.parquet", Bounds(-180, -90, 180, 90)).empty
