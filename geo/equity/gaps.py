"""Where support is missing and for whom: people below a threshold, by area and by group, and what holds them back.

**No small count is given back.** A cell with 1 to 10 residents is left out of every count of people, whatever the
profile, date, measure, threshold or kind of area. Each count is therefore a sum over whole cells of at least
`LEAST` people, and so is every difference of two counts that is itself a count of people: there is nothing to
subtract that would leave fewer (a second cell needn't be hidden beside a first). Groups are too small in a cell for
that; of them only whole percents of at least `LEAST_GROUP` people in all are given, so that a step stands for
`LEAST` people.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.equity.inequality import weighted_quantile
from geo.score.parameters import Parameters
from geo.tables import DIMENSIONS, PAY, RACES, WORKER_RACES

LEAST = 11
LEAST_GROUP = 100 * LEAST
THRESHOLDS = tuple(range(10, 100, 10))
STEPS = tuple(range(0, 101, 10))
GAP_COLUMNS = (
    "area_id", "people", "mean", "people_below", "percent_below", "people_none", "people_unscored", "dimension",
    "class_name",
)  # fmt: skip
GROUP_COLUMNS = ("kind", "group", "of", "size", "percent_below", "mean")
SHARES: dict[str, tuple[dict[str, str], str]] = {
    "car": ({"no_car": "no_car_percent"}, "has_car"),
    "poverty": ({"below_poverty_line": "poverty_percent"}, "above_poverty_line"),
    "insurance": ({"uninsured": "uninsured_percent"}, "insured"),
    "age": ({"under_18": "under_18_percent", "over_64": "over_64_percent"}, "from_18_to_64"),
}
"""Kind of group → each group's column of ZONES, and the group of everybody else."""
FIFTHS = ("lowest", "second", "middle", "fourth", "highest")

Floats = NDArray[np.float64]


def people_counted(population: pd.Series) -> pd.Series:
    """Return the people of each cell who enter counts: nobody where it has fewer than `LEAST`, or isn't known."""
    people = population.fillna(0.0).astype("float64")
    return people.where(people >= LEAST, 0.0)


def share_left_out(population: pd.Series) -> float:
    """Return the share of all people, 0–1, who live in cells too small to be counted."""
    whole = float(population.fillna(0.0).sum())
    return 1.0 - float(people_counted(population).sum()) / whole if whole else 0.0


def people_in_no_area(population: pd.Series, members: pd.DataFrame) -> float:
    """Return how many people who are counted live in none of some areas.

    Parameters
    ----------
    population
        Residents of each cell.
    members
        Which `cell` (position) lies in which area, as `geo.equity.areas.cells_inside`.
    """
    counted = people_counted(population).to_numpy(copy=True)
    counted[members["cell"].to_numpy()] = 0.0
    return float(counted.sum())


def nothing_in_reach(surface: pd.DataFrame, measure: str, parameters: Parameters) -> NDArray[np.bool_]:
    """Return the cells that have a number, but nothing of this measure in reach; never true of the total.

    `measure` is a column of `geo.score.surface`: `total`, a dimension, or `class_<name>`.
    """
    most, values = most_of_nothing(measure, parameters), surface[measure].to_numpy(dtype=np.float64)
    return np.zeros(len(values), dtype=bool) if most is None else values <= most


def most_of_nothing(measure: str, parameters: Parameters) -> float | None:
    """Return the number up to which a cell has nothing of a measure in reach; None of the total, which never tells."""
    if measure == "total":
        return None
    return parameters.floor if measure in DIMENSIONS else 0.0


def limits(surface: pd.DataFrame, parameters: Parameters, measure: str = "total") -> pd.DataFrame:
    """Return what holds each cell back most: its weakest `dimension`, and there the `class_name` that loses most.

    Empty text where nothing is known. For a dimension, that one; for a class, itself.
    """
    weights = {rule.name: (rule.dimension, rule.weight) for rule in parameters.classes}
    weights["meetings"] = ("community", parameters.meetings.weight)
    known = {name: w for name, w in weights.items() if f"class_{name}" in surface}
    if measure.startswith("class_"):
        name = measure.removeprefix("class_")
        has_value = surface[measure].notna().to_numpy()
        return _limits(surface, np.where(has_value, known[name][0], ""), np.where(has_value, name, ""))
    by_dimension = surface[list(DIMENSIONS)].to_numpy(dtype=np.float64)
    if measure in DIMENSIONS:
        by_dimension = np.where(np.array(DIMENSIONS) == measure, by_dimension, np.nan)
    some = ~np.isnan(by_dimension).all(axis=1)
    weakest = np.where(np.isnan(by_dimension), np.inf, by_dimension).argmin(axis=1)
    names = list(known)
    scores = surface[[f"class_{name}" for name in names]].to_numpy(dtype=np.float64)
    lost = np.array([known[name][1] for name in names]) * (100.0 - scores)
    inside = np.array([DIMENSIONS.index(known[name][0]) for name in names])[None, :] == weakest[:, None]
    lost = np.where(inside & ~np.isnan(lost), lost, -np.inf)
    worst = np.where(some & np.isfinite(lost.max(axis=1)), np.array(names)[lost.argmax(axis=1)], "")
    return _limits(surface, np.where(some, np.array(DIMENSIONS)[weakest], ""), worst)


def gaps_by_area(
    surface: pd.DataFrame,
    population: pd.Series,
    areas: pd.Series,
    parameters: Parameters,
    measure: str = "total",
    threshold: float = 40.0,
) -> pd.DataFrame:
    """Return the gaps of each area, most people below the threshold first.

    Parameters
    ----------
    surface
        As `geo.score.surface.score_cells` gives it.
    population, areas
        Residents and area id of each cell, in the surface's order.
    measure
        `total`, a dimension, or `class_<name>`.
    threshold
        Below it people count as left out, 0–100.

    Returns
    -------
    DataFrame
        GAP_COLUMNS: `people` with a number; their `mean`, weighted by people; `people_below` the threshold and
        `percent_below`; `people_none`: with nothing at all in reach; `people_unscored`: without a number (too far from
        any street, or no data); `dimension`: what holds most of those below back (of everyone, where nobody is
        below), and `class_name`: what holds back most of those whom this dimension does, a class of it.
        Counts are of cells with at least `LEAST` people; an area that has none is not in it.
    """
    weighed = _weighed(surface, population, parameters, measure, threshold).assign(area_id=areas.to_numpy())
    sums = weighed.groupby("area_id", sort=True)[list(_SUMS)].sum().reset_index()
    sums = sums[(sums["people"] > 0) | (sums["people_unscored"] > 0)].reset_index(drop=True)
    sums["mean"] = sums["points"] / sums["people"].where(sums["people"] > 0)
    sums["percent_below"] = 100.0 * sums["people_below"] / sums["people"].where(sums["people"] > 0)
    sums["dimension"] = sums["area_id"].map(_most(weighed, "area_id", "dimension")).astype("string").fillna("")
    inside = weighed[weighed["dimension"] == weighed["area_id"].map(sums.set_index("area_id")["dimension"])]
    sums["class_name"] = sums["area_id"].map(_most(inside, "area_id", "class_name")).astype("string").fillna("")
    ordered = sums.sort_values(["people_below", "mean", "area_id"], ascending=[False, True, True], ignore_index=True)
    return ordered[list(GAP_COLUMNS)]


def centers(cells: pd.DataFrame, population: pd.Series, areas: pd.Series, wanted: Sequence[str]) -> pd.DataFrame:
    """Return the middle of the people of each wanted area, in that order: `area_id`, `lon`, `lat` (WGS 84).

    Parameters
    ----------
    cells
        `lon` and `lat` of each cell; `population` and `areas` in the same order.
    """
    people = people_counted(population).to_numpy()
    weighed = pd.DataFrame(
        {
            "area_id": areas.to_numpy(),
            "lon": people * cells["lon"].to_numpy(),
            "lat": people * cells["lat"].to_numpy(),
            "people": people,
        }
    )
    sums = weighed.groupby("area_id")[["lon", "lat", "people"]].sum().reindex(list(wanted))
    return sums[["lon", "lat"]].div(sums["people"], axis=0).dropna().reset_index()


def gap_of_all(
    surface: pd.DataFrame,
    population: pd.Series,
    parameters: Parameters,
    measure: str = "total",
    threshold: float = 40.0,
) -> dict[str, object]:
    """Return the same numbers for the whole region, as one row of `gaps_by_area`; empty where nobody is counted."""
    whole = pd.Series("all", index=surface.index)
    rows = gaps_by_area(surface, population, whole, parameters, measure, threshold).to_dict("records")
    return {str(name): value for name, value in rows[0].items()} if rows else {}


def spread(surface: pd.DataFrame, population: pd.Series, measure: str = "total") -> pd.DataFrame:
    """Return how many people live in each ten points: `low`, `high`, `people` (a last step includes 100)."""
    values, people = surface[measure].to_numpy(dtype=np.float64), people_counted(population).to_numpy()
    has_value = ~np.isnan(values)
    step = np.clip(np.floor(values[has_value] / 10.0), 0, len(STEPS) - 2).astype(int)
    counts = np.bincount(step, people[has_value], minlength=len(STEPS) - 1)
    return pd.DataFrame({"low": STEPS[:-1], "high": STEPS[1:], "people": counts})


def left_out(
    surface: pd.DataFrame, zones: pd.DataFrame, measure: str = "total", threshold: float = 40.0
) -> pd.DataFrame:
    """Return, for each group of people that the zones publish, how many of a hundred live below the threshold.

    Parameters
    ----------
    zones
        The ZONES table, in the surface's order (one row per cell).

    Returns
    -------
    DataFrame
        GROUP_COLUMNS: `kind` (`pay`, `race`, those of `SHARES`, `income`, `vulnerability`), `group`, `of` (`people` or
        `workers`), `size` rounded to hundreds, `percent_below` and `mean` rounded to wholes. Kinds of `SHARES` spread
        an area's share of people (`car`: of households) evenly over its people; `income` and `vulnerability` are
        fifths of people ranked by their area's median income or vulnerability. A group of fewer than `LEAST_GROUP`
        people has a size and no numbers; a kind that isn't published has no row.
    """
    rows = [
        (kind, group, of, *_group(surface[measure].to_numpy(dtype=np.float64), people, threshold))
        for kind, of, groups in group_people(zones)
        for group, people in groups.items()
    ]
    return pd.DataFrame(rows, columns=list(GROUP_COLUMNS))


def ranking(zones: pd.DataFrame) -> tuple[str, pd.Series] | None:
    """Return by what areas are ranked from poor to rich, and its values: `income`, else `pay`; None without either.

    `pay` is the share of workers in the highest wage band, in percent.
    """
    if _publishes(zones, "income_usd"):
        return "income", zones["income_usd"].astype("float64")
    bands = [f"workers_{wage}_wage" for wage, _ in PAY]
    if all(_publishes(zones, band) for band in bands):
        whole = zones[bands].sum(axis=1)
        return "pay", 100.0 * zones[bands[-1]] / whole.where(whole > 0)
    return None


_SUMS = ("people", "points", "people_below", "people_none", "people_unscored")


def _weighed(
    surface: pd.DataFrame, population: pd.Series, parameters: Parameters, measure: str, threshold: float
) -> pd.DataFrame:
    """Return each cell's people by outcome, and what holds it back."""
    people = people_counted(population).to_numpy()
    values = surface[measure].to_numpy(dtype=np.float64)
    has_value = ~np.isnan(values)
    none = nothing_in_reach(surface, measure, parameters)
    limited = limits(surface, parameters, measure).reset_index(drop=True)
    return limited.assign(
        people=np.where(has_value, people, 0.0),
        points=np.where(has_value, people * np.nan_to_num(values), 0.0),
        people_below=np.where(has_value & (values < threshold), people, 0.0),
        people_none=np.where(has_value & none, people, 0.0),
        people_unscored=np.where(has_value, 0.0, people),
    )


def _most(cells: pd.DataFrame, by: str, what: str) -> pd.Series:
    """Return for each area the text that holds for most people below the threshold, else for most people."""
    weight = cells.groupby(by)["people_below"].transform("sum").gt(0)
    weighed = cells.assign(weight=cells["people_below"].where(weight, cells["people"]))
    weighed = weighed[(weighed["weight"] > 0) & (weighed[what] != "")]
    sums = weighed.groupby([by, what], sort=True)["weight"].sum().reset_index()
    best = sums.sort_values([by, "weight", what], ascending=[True, False, True]).drop_duplicates(by)
    return best.set_index(by)[what]


def _group(values: Floats, people: Floats, threshold: float) -> tuple[float, float, float]:
    """Return a group's size and, where it is large enough, the percent below and the mean."""
    counted = np.where(np.isnan(values), 0.0, np.nan_to_num(people))
    size = float(counted.sum())
    if size < LEAST_GROUP:
        return float(round(size, -2)), np.nan, np.nan
    below = float(counted[np.nan_to_num(values, nan=np.inf) < threshold].sum())
    mean = float(np.sum(counted * np.nan_to_num(values)) / size)
    return float(round(size, -2)), float(round(100.0 * below / size)), float(round(mean))


def group_people(zones: pd.DataFrame) -> list[tuple[str, str, dict[str, Floats]]]:
    """Return each kind of group that is published: its name, whom it divides, and each group's people by cell.

    Numbers of a cell are too small to be told: see `left_out` for what may be.

    Examples
    --------
    >>> [kind for kind, of, groups in group_people(region.zones)][0]
    'pay'
    """
    people = zones["population"].fillna(0.0).to_numpy(dtype=np.float64)
    groups: list[tuple[str, str, dict[str, Floats]]] = []
    pay = {f"{wage}_wage": f"workers_{wage}_wage" for wage, _ in PAY}
    if all(_publishes(zones, column) for column in pay.values()):
        groups.append(("pay", "workers", _columns(zones, pay)))
    for of, races in (("people", RACES), ("workers", WORKER_RACES)):
        there = {race: f"{of}_{race}" for race in races if _publishes(zones, f"{of}_{race}")}
        if there:
            groups.append(("race", of, _columns(zones, there)))
            break
    for kind, (shares, rest) in SHARES.items():
        if all(_publishes(zones, column) for column in shares.values()):
            parts = {name: people * (zones[c].to_numpy(dtype=np.float64) / 100.0) for name, c in shares.items()}
            groups.append((kind, "people", parts | {rest: people - np.sum(list(parts.values()), axis=0)}))
    for kind, column in (("income", "income_usd"), ("vulnerability", "vulnerability")):
        if _publishes(zones, column):
            groups.append((kind, "people", _fifths(zones[column].to_numpy(dtype=np.float64), people)))
    return groups


def _fifths(ranked: Floats, people: Floats) -> dict[str, Floats]:
    """Return people by fifth of them, ranked; people of equal rank stay together."""
    ranked_people = ~np.isnan(ranked) & (people > 0)
    if not ranked_people.any():
        return {}
    borders = [weighted_quantile(ranked[ranked_people], people[ranked_people], share) for share in (0.2, 0.4, 0.6, 0.8)]
    place = np.searchsorted(borders, ranked, side="left")
    return {name: np.where(ranked_people & (place == number), people, 0.0) for number, name in enumerate(FIFTHS)}


def _columns(zones: pd.DataFrame, columns: dict[str, str]) -> dict[str, Floats]:
    return {name: zones[column].fillna(0.0).to_numpy(dtype=np.float64) for name, column in columns.items()}


def _publishes(zones: pd.DataFrame, column: str) -> bool:
    return column in zones and bool(zones[column].notna().any())


def _limits(surface: pd.DataFrame, dimension: Sequence[str] | NDArray[np.str_], name: NDArray[np.str_]) -> pd.DataFrame:
    return pd.DataFrame({"dimension": dimension, "class_name": name}, index=surface.index)
