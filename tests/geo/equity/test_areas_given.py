"""Areas that are given as polygons, and ZIP codes: whole cells by their own point; and that no count of few is told."""

import itertools

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from geo.equity import areas, gaps
from geo.score.parameters import load_parameters
from tests.geo.equity.test_gaps import surface

PARAMETERS = load_parameters()
SIDE = 3


def cells(count: int = SIDE * SIDE) -> pd.DataFrame:
    """Return points of a lattice, a degree apart."""
    return pd.DataFrame(
        {"lon": [float(i % SIDE) for i in range(count)], "lat": [float(i // SIDE) for i in range(count)]}
    )


def polygons(**boxes) -> gpd.GeoDataFrame:
    shapes = [shapely.box(*box) if isinstance(box, tuple) else box for box in boxes.values()]
    return gpd.GeoDataFrame({"area_id": list(boxes)}, geometry=shapes, crs=4326)


def test_a_cell_is_in_an_area_with_its_point_and_whole() -> None:
    given_areas = polygons(b=(-0.4, -0.4, 1.4, 0.4), a=(0.9, -0.4, 5, 5), none=(7, 7, 8, 8), edge=(2, 0, 9, 0.1))
    inside = areas.cells_inside(cells(), given_areas)
    by_area = {name: rows["cell"].tolist() for name, rows in inside.groupby("area_id")}
    assert by_area == {"b": [0, 1], "a": [1, 2, 4, 5, 7, 8], "edge": [2]}
    assert inside["area_id"].unique().tolist() == ["b", "a", "edge"]


def test_holes_and_parts_are_minded() -> None:
    ring = shapely.box(-1, -1, 3, 3).difference(shapely.box(0.5, 0.5, 1.5, 1.5))
    parts = shapely.union_all([shapely.box(-0.1, -0.1, 0.1, 0.1), shapely.box(1.9, 1.9, 2.1, 2.1)])
    inside = areas.cells_inside(cells(), polygons(ring=ring, parts=parts))
    assert sorted(inside.loc[inside["area_id"] == "ring", "cell"]) == [0, 1, 2, 3, 5, 6, 7, 8]
    assert sorted(inside.loc[inside["area_id"] == "parts", "cell"]) == [0, 8]


def test_zip_codes_are_those_of_the_nearest_address() -> None:
    texts = [
        "1 A St, Town, 41011",
        "2 B St, 41012-1234",
        "3 C St, Town",
        "Town 41013",
        "12345 D St",
        "4 E St, 41014, USA",
    ]
    gazetteer = pd.DataFrame(
        {
            "text": texts,
            "kind": ["address", "address", "address", "place", "address", "address"],
            "lon": [0.0, 1.0, 2.0, 2.0, 2.0, 9.0],
            "lat": [0.0] * 6,
        }
    )
    points = areas.zip_points(gazetteer)
    assert points["name"].tolist() == ["41011", "41012", "41014"]
    here = pd.DataFrame({"id": ["a", "b", "c"], "lon": [0.1, 0.9, 8.0], "lat": [0.0] * 3})
    assert areas.area_ids(here, "zip", points).tolist() == ["41011", "41012", "41014"]
    places = pd.DataFrame({"name": [], "lon": [], "lat": []})
    assert areas.levels(["210370501001000"], places, points) == ("tract", "block_group", "county", "zip")
    assert areas.levels(["x"], places, points.iloc[:1]) == ("grid",)


def test_a_zip_code_of_far_away_that_one_address_alone_has_names_no_area() -> None:
    codes = ["41011"] * 10 + ["41017"] * 8 + ["45202", "45203", "33321"]
    gazetteer = pd.DataFrame({"text": [f"{k} A St, Town, {code}" for k, code in enumerate(codes)], "kind": "address"})
    gazetteer = gazetteer.assign(lon=np.arange(len(codes)) / 100.0, lat=0.0)
    assert set(areas.zip_points(gazetteer)["name"]) == {"41011", "41017", "45202", "45203"}
    few = gazetteer.iloc[-2:]
    assert areas.zip_points(few)["name"].tolist() == ["45203", "33321"], "of so few none is known to be wrong"


def published(people, table, members) -> list[tuple[np.ndarray, float]]:
    """Return every count of every table: for which cells a reader believes that it stands, and the number.

    Of areas that no table has a reader knows that nobody counted lives there; and there is a count of who lives in no
    area.
    """
    told = []
    for inside in members:
        outside = ~np.isin(np.arange(len(table)), inside["cell"])
        told.append((outside.astype(float), gaps.people_in_no_area(people, inside)))
    for (measure, threshold), inside in itertools.product((("total", 40), ("total", 60), ("health", 40)), members):
        by_area = gaps.gaps_by_area(
            table.iloc[inside["cell"]], people.iloc[inside["cell"]], inside["area_id"], PARAMETERS, measure, threshold
        ).set_index("area_id")
        has, below = table[measure].notna().to_numpy(), (table[measure] < threshold).to_numpy()
        none = has & gaps.nothing_in_reach(table, measure, PARAMETERS)
        for area in inside["area_id"].unique():
            there = np.isin(np.arange(len(table)), inside.loc[inside["area_id"] == area, "cell"])
            row = by_area.loc[area] if area in by_area.index else dict.fromkeys(by_area.columns, 0.0)
            counts = {"people": has, "people_below": below, "people_none": none, "people_unscored": ~has}
            told += [((there & meant).astype(float), float(row[column])) for column, meant in counts.items()]
    for measure in ("total", "health"):
        for _, step in gaps.spread(table, people, measure).iterrows():
            top = np.inf if step["high"] == 100 else step["high"]
            meant = (table[measure] >= step["low"]) & (table[measure] < top)
            told.append((meant.to_numpy(dtype=float), float(step["people"])))
    return told


def bounds_of(wanted: np.ndarray, told: list[tuple[np.ndarray, float]]) -> tuple[float, float]:
    """Return the least and the most that HiGHS finds for a sum of cells, of all that agree with what was told."""
    rows, numbers = np.array([row for row, _ in told]), np.array([number for _, number in told])
    found = [
        linprog(sign * wanted, A_eq=rows, b_eq=numbers, bounds=(0, 10_000), method="highs") for sign in (1.0, -1.0)
    ]
    assert all(one.status == 0 for one in found), "what was told contradicts itself"
    return float(found[0].fun), float(-found[1].fun)


def attacked(people, table, members) -> None:
    """Ask for every cell, and every difference of two areas, between which bounds its people must lie."""
    told = published(people, table, members)
    sets = [np.eye(len(table))[cell] for cell in range(len(table))]
    rows = [row for row, _ in told]
    sets += [np.clip(one - other, 0, 1) for one, other in itertools.combinations(rows, 2) if (one >= other).all()]
    for wanted in np.unique(np.array(sets), axis=0):
        least, most = bounds_of(wanted, told)
        assert not (least > 0.5 and most < gaps.LEAST - 0.5), (wanted, least, most)


def test_two_uploaded_areas_that_differ_by_one_cell_don_t_give_it_back() -> None:
    table = surface([10, 30, 50, 70, 90, 20, 35, 45, np.nan], health=[10, 50, 30, 70, 90, 20, 35, 80, np.nan])
    whole, without = polygons(whole=(-1, -1, 3, 3)), polygons(without=(-1, -1, 3, 1.5), same=(-1, -1, 3, 3))
    but_one = polygons(but_one=shapely.box(-1, -1, 3, 3).difference(shapely.box(1.5, 0.5, 2.5, 1.5)))
    alone = polygons(alone=(1.5, 0.5, 2.5, 1.5))
    members = [areas.cells_inside(cells(), one) for one in (whole, without, but_one, alone)]
    for few in (1, 7, 10):
        people = pd.Series([120, 11, few, 300, 45, few, 5, 80, 13])
        told = published(people, table, members)
        assert [number for _, number in told[:4]] == [0, 0, 0, 569], "those in no area; the cell of few counts nowhere"
        assert told[4][1] == 120 + 11 + 300 + 45 + 80  # of the whole
        by_area = gaps.gaps_by_area(table.iloc[[5]], people.iloc[[5]], members[3]["area_id"], PARAMETERS)
        assert by_area.empty, "the area of the cell of few is one with none"
        attacked(people, table, members)
    many = pd.Series([120, 11, 9, 300, 45, 11, 5, 80, 13])  # a cell of 11 may be told
    assert bounds_of(np.eye(9)[5], published(many, table, members)) == (11, 11)


PEOPLE = st.lists(st.one_of(st.integers(0, 12), st.integers(0, 400)), min_size=9, max_size=9)
SCORES = st.lists(st.sampled_from([5.0, 35.0, 55.0, 95.0, np.nan]), min_size=9, max_size=9)
BOXES = st.lists(
    st.tuples(st.integers(-1, 1), st.integers(-1, 1), st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=3
)


@settings(max_examples=8)
@given(PEOPLE, SCORES, SCORES, BOXES)
def test_no_linear_program_finds_few_people_whatever_polygons_are_uploaded(people, total, health, boxes) -> None:
    table, lived_in = surface(total, health=health), pd.Series(people)
    drawn = polygons(**{f"d{i}": (w + 0.5, s + 0.5, w + 0.5 + x, s + 0.5 + y) for i, (w, s, x, y) in enumerate(boxes)})
    levels = [pd.DataFrame({"cell": range(9), "area_id": names}) for names in (list("aaabbbccc"), list("abcabcabc"))]
    attacked(lived_in, table, [*levels, areas.cells_inside(cells(), drawn)])


@settings(max_examples=15)
@given(PEOPLE, SCORES, st.lists(st.integers(0, 10), min_size=9, max_size=9))
def test_cells_of_few_people_change_no_published_count(people, total, others) -> None:
    """Whatever few live in them, each table is the same to the last digit: there is nothing in it to find."""
    table = surface(total)
    changed = [other if few < gaps.LEAST else few for few, other in zip(people, others, strict=True)]
    inside = areas.cells_inside(cells(), polygons(a=(-1, -1, 1.5, 3), b=(0.5, -1, 3, 3)))
    tables = [
        gaps.gaps_by_area(table.iloc[inside["cell"]], of.iloc[inside["cell"]], inside["area_id"], PARAMETERS)
        for of in (pd.Series(people), pd.Series(changed))
    ]
    pd.testing.assert_frame_equal(*tables)
    spreads = [gaps.spread(table, pd.Series(of)) for of in (people, changed)]
    pd.testing.assert_frame_equal(*spreads)


def test_the_attack_succeeds_where_nothing_is_suppressed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The attack itself can find: with every cell counted, two areas that differ by one give it back."""
    monkeypatch.setattr(gaps, "LEAST", 1)
    people = pd.Series([120, 11, 9, 300, 45, 7, 5, 80, 13])
    table = surface([10.0] * 9)
    one = polygons(all=(-1, -1, 3, 3), but_one=shapely.box(-1, -1, 3, 3).difference(shapely.box(1.5, 0.5, 2.5, 1.5)))
    told = published(people, table, [areas.cells_inside(cells(), one)])
    assert bounds_of(np.eye(9)[5], told) == (7, 7)
    but_one = areas.cells_inside(cells(), one.iloc[1:])
    in_none = published(people, table, [but_one])[:1]
    assert bounds_of(np.eye(9)[5], in_none) == (7, 7), "who lives in no area is a count too"
