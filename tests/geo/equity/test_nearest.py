"""The nearest place by area, against the county figures that OEPS publishes, and where these are blank."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.equity.nearest import COLUMNS, nearest_by_area, nearest_in_areas, nearest_minutes
from geo.errors import InputError

KINDS = {"bup": "Bup", "met": "Met", "nal": "Nalt"}
PUBLISHED = {"bup": 3102, "met": 2564, "nal": 3033}
"""Counties with published figures; the rows of each that the README of the data says."""


@pytest.fixture(scope="module")
def oeps(shared: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    folder = shared / "conformance" / "oeps_county_moud_2020"
    tracts = pd.read_csv(folder / "tract_access_2020.csv.gz", dtype={"GEOID": str}).set_index("GEOID")
    counties = pd.read_csv(folder / "expected_county_2020.csv", dtype={"FIPS": str}).set_index("FIPS")
    return tracts, counties


@pytest.mark.parametrize("kind", list(KINDS))
def test_every_published_county_figure(oeps: tuple[pd.DataFrame, pd.DataFrame], kind: str) -> None:
    tracts, counties = oeps
    minutes = tracts[f"{kind}Time"].fillna(np.inf)  # in this data a tract without time reaches no provider
    areas = nearest_by_area(minutes, tracts.index.to_series().str[:5]).set_index("area_id")
    published = counties[[f"{KINDS[kind]}{name}" for name in ("CtTmDr", "AvTmDr", "TmDrP")]].dropna()
    assert len(published) == PUBLISHED[kind]
    ours = areas.loc[published.index]
    assert (ours["within"] == published.iloc[:, 0]).all()
    assert (ours["mean_minutes"] - published.iloc[:, 1]).abs().max() <= 0.005 + 1e-9  # published to the hundredth
    assert (ours["share_within"] - published.iloc[:, 2]).abs().max() < 0.0101
    assert (ours["state"] == "reached").all()


def test_counties_that_no_clinic_serves_are_unreachable_not_blank(oeps: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    tracts, counties = oeps
    county = tracts.index.to_series().str[:5]
    areas = nearest_by_area(tracts["metTime"].fillna(np.inf), county).set_index("area_id")
    blank = areas.index.difference(counties.index[counties["MetCtTmDr"].notna()])
    assert len(blank) == 671  # of 3,235 in the tracts, the island areas among them
    assert areas.loc[blank, "state"].value_counts().to_dict() == {"unreachable": 477, "partly": 193, "reached": 1}
    assert (tracts["metTime"].isna().groupby(county).all()[areas.index] == (areas["state"] == "unreachable")).all()
    none = areas[areas["state"] == "unreachable"]
    assert (none["share_within"] == 0).all()
    assert (none["zones"] > 0).all()
    assert none["mean_minutes"].isna().all()


def test_by_hand() -> None:
    minutes = pd.Series({"a": 10.0, "b": 30.0, "c": np.inf, "d": 31.0, "e": np.inf, "f": np.nan, "g": np.nan})
    area = pd.Series({"a": "X", "b": "X", "c": "Y", "d": "Y", "e": "Z", "f": "Z", "g": "W"})
    areas = nearest_by_area(minutes, area).set_index("area_id")
    assert areas.loc["X"].tolist() == [2, 2, 2, 1.0, 20.0, 30.0, "reached"]
    assert areas.loc["Y", ["zones", "reached", "within", "share_within", "state"]].tolist() == [2, 1, 0, 0.0, "partly"]
    assert areas.loc["Z", ["zones", "reached", "state"]].tolist() == [1, 0, "unreachable"]
    assert areas.loc["W", ["zones", "state"]].tolist() == [0, "no_data"]
    assert np.isnan(areas.loc["W", "share_within"])
    assert nearest_by_area(minutes[:0], area[:0]).columns.tolist() == list(COLUMNS)


@given(
    st.lists(
        st.tuples(st.sampled_from("XYZ"), st.floats(0, 500) | st.sampled_from([float("inf"), float("nan")])),
        max_size=30,
    ),
    st.floats(0, 500),
)
def test_no_zone_gets_lost(zones: list[tuple[str, float]], limit: float) -> None:
    minutes, area = pd.Series([m for _, m in zones], dtype="float64"), pd.Series([a for a, _ in zones], dtype="string")
    areas = nearest_by_area(minutes, area, limit)
    assert areas["zones"].sum() == minutes.notna().sum()
    assert areas["reached"].sum() == np.isfinite(minutes).sum()
    assert areas["within"].sum() == (minutes <= limit).sum()
    assert set(areas["area_id"]) == set(area)


def test_nearest_of_several_places() -> None:
    table = pd.DataFrame({"origin_id": ["1", "1", "3"], "destination_id": ["p", "q", "p"], "minutes": [9.0, 7.0, 40.0]})
    assert nearest_minutes(table, pd.Series(["1", "2", "3"])).tolist() == [7.0, np.inf, 40.0]


def test_what_does_not_belong_together_is_refused() -> None:
    with pytest.raises(InputError, match="same index"):
        nearest_by_area(pd.Series({"a": 1.0}), pd.Series({"b": "X"}))
    with pytest.raises(InputError, match="'a'"):
        nearest_by_area(pd.Series({"a": -1.0}), pd.Series({"a": "X"}))


def test_blocks_are_put_together_by_their_geoids() -> None:
    origins = pd.DataFrame({"id": ["210150701001000", "210150701001001", "211170650001000"], "lon": 0.0, "lat": 0.0})
    table = pd.DataFrame({"origin_id": ["210150701001001"], "destination_id": ["p"], "minutes": [12.0]})
    areas = nearest_in_areas(table, origins, "county", 30).set_index("area_id")
    assert areas["state"].to_dict() == {"21015": "partly", "21117": "unreachable"}
    with pytest.raises(InputError, match="county"):
        nearest_in_areas(table, origins, "parish", 30)


@pytest.mark.parametrize("ids", [["a", "b"], ["123"], ["210150701001000", "45202"]])
def test_ids_that_are_no_geoids_make_up_no_county(ids: list[str]) -> None:
    origins = pd.DataFrame({"id": ids, "lon": 0.0, "lat": 0.0})
    table = pd.DataFrame({"origin_id": ids[:1], "destination_id": ["p"], "minutes": [12.0]})
    with pytest.raises(InputError, match="don't tell their county"):
        nearest_in_areas(table, origins, "county", 30)
    assert nearest_in_areas(table, origins, "grid", 30)["zones"].sum() == len(ids)
