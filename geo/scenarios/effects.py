"""What scenarios change, for whom and where: two surfaces of the same cells held side by side.

Counts keep the rule of `geo.equity.gaps`: they are of whole cells with at least `LEAST` people. Of groups there are
only percents, in steps of `STEP`, of at least `LEAST_GROUP` people, and only where those who gain (or lose) live in
several cells: a change may be for one cell alone, whose groups nobody is to learn from the percents of all.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.equity.gaps import LEAST, LEAST_GROUP, group_people, people_counted
from geo.score.parameters import Parameters
from geo.score.surface import class_columns
from geo.tables import DIMENSIONS

NOTICEABLE = 1.0
"""Points of a score by which somebody gains or loses; anything less is no change that a person would notice."""
STEP = 5
"""Percents of groups are rounded down to multiples of it."""
LEAST_CELLS, LEAST_CHANGED = 3, 10 * LEAST
"""Groups have percents where the people who gain (or lose) live in so many cells, and are at least so many."""
MEASURES = ("total", *DIMENSIONS)

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Effect:
    """What is different after, of one measure of the surface.

    Attributes
    ----------
    measure
        `total`, a dimension, or `class_<name>`.
    people
        Numbers for all people counted: see `_numbers`; and `unscored`: those without a number before or after.
    reach
        `before`, `after`, `newly` and `no_more` within some minutes of a place of a class; None where not asked for.
    cells, areas, groups, classes
        Tables: see `cell_table`, `by_area`, `by_group` and `by_class`.
    """

    measure: str
    people: dict[str, float]
    reach: dict[str, float] | None
    cells: pd.DataFrame
    areas: pd.DataFrame
    groups: pd.DataFrame
    classes: pd.DataFrame


def effect_of(
    before: pd.DataFrame,
    after: pd.DataFrame,
    zones: pd.DataFrame,
    areas: pd.Series,
    parameters: Parameters,
    measure: str = "total",
    within: tuple[Flags, Flags] | None = None,
) -> Effect:
    """Return what differs between two surfaces.

    Parameters
    ----------
    before, after
        As `geo.score.surface.score_cells` gives them, of the same cells in the same order.
    zones, areas
        The ZONES table and the area of each cell, in the surfaces' order.
    within
        Cells that have a place of a class in reach, before and after; None where that isn't asked for.
    """
    people = people_counted(zones["population"]).to_numpy()
    change = _Change(before[measure].to_numpy(np.float64), after[measure].to_numpy(np.float64), people)
    return Effect(
        measure=measure,
        people={**_numbers(change), "unscored": float(people[~change.known].sum())},
        reach=None if within is None else _reach(people, *within),
        cells=cell_table(before, after, people, measure, within),
        areas=by_area(change, areas),
        groups=by_group(change, zones),
        classes=by_class(before, after, people, parameters),
    )


@dataclass(frozen=True)
class _Change:
    """A number of each cell before and after, and its people; a cell without either number counts nowhere."""

    before: Floats
    after: Floats
    people: Floats

    @property
    def known(self) -> Flags:
        known: Flags = ~(np.isnan(self.before) | np.isnan(self.after))
        return known

    @property
    def gaining(self) -> Flags:
        gaining: Flags = self.known & (self.after - self.before >= NOTICEABLE)
        return gaining

    @property
    def losing(self) -> Flags:
        losing: Flags = self.known & (self.before - self.after >= NOTICEABLE)
        return losing


def cell_table(
    before: pd.DataFrame,
    after: pd.DataFrame,
    people: Floats,
    measure: str = "total",
    within: tuple[Flags, Flags] | None = None,
) -> pd.DataFrame:
    """Return a row per cell: `id`, `lon`, `lat`, `people` (empty below `LEAST`), and what was and is there.

    Of the total, each dimension and the measure `_before`, `_after` and `_difference`; with `within` also
    `in_reach_before`, `in_reach_after` and `newly_in_reach` (true or false).
    """
    columns: dict[str, Any] = {name: before[name] for name in ("id", "lon", "lat")}
    columns["people"] = np.where(people > 0, people, np.nan)
    for name in dict.fromkeys((*MEASURES, measure)):
        columns |= {f"{name}_before": before[name], f"{name}_after": after[name]}
        columns[f"{name}_difference"] = after[name] - before[name]
    if within is not None:
        there, later = within
        columns |= {"in_reach_before": there, "in_reach_after": later, "newly_in_reach": later & ~there}
    return pd.DataFrame(columns)


def known_measures(effect: Effect) -> list[str]:
    """Return the total, dimensions and classes that anybody who is counted has numbers of, before and after."""
    living, cells = effect.cells["people"] > 0, effect.cells
    are_known = {name: living & cells[[f"{name}_before", f"{name}_after"]].notna().all(axis=1) for name in MEASURES}
    classes = effect.classes.loc[effect.classes["people"] > 0, "class_name"]
    return [name for name, known in are_known.items() if known.any()] + sorted(classes)


def by_area(change: _Change, areas: pd.Series) -> pd.DataFrame:
    """Return the numbers of each area (`area_id`) whose people are counted, most people gaining first."""
    ids = areas.to_numpy()
    rows = [{"area_id": area, **_numbers(change, ids == area)} for area in pd.unique(ids)]
    table = pd.DataFrame(rows)
    table = table[table["people"] > 0]
    return table.sort_values(["gaining", "losing", "area_id"], ascending=[False, False, True], ignore_index=True)


def by_group(change: _Change, zones: pd.DataFrame) -> pd.DataFrame:
    """Return who gains and who loses: `kind`, `group`, `of`, `size`, `percent_gaining`, `percent_losing`.

    Groups are those of `geo.equity.gaps.left_out`, sizes rounded to hundreds. Percents are rounded down to steps of
    `STEP`. A group of fewer than `LEAST_GROUP` has none; nor has any group of gaining (losing) where those who gain
    (lose) live in fewer than `LEAST_CELLS` cells or are fewer than `LEAST_CHANGED`, unless nobody does.
    """
    rows, changed = [], (change.gaining, change.losing)
    enough = [_are_enough(change.people[some]) for some in changed]
    for kind, of, groups in group_people(zones):
        for group, people in groups.items():
            counted = np.where(change.known & (change.people > 0), np.nan_to_num(people), 0.0)
            size = float(counted.sum())
            shares = [100.0 * float(counted[some].sum()) / size if size else 0.0 for some in changed]
            percents = [
                float(STEP * np.floor(share / STEP + 1e-9)) if size >= LEAST_GROUP and is_told else np.nan
                for share, is_told in zip(shares, enough, strict=True)
            ]
            rows.append((kind, group, of, round(size, -2), *percents))
    return pd.DataFrame(rows, columns=["kind", "group", "of", "size", "percent_gaining", "percent_losing"])


def _are_enough(people: Floats) -> bool:
    """Return whether so many people in so many cells may be told of by group; nobody may."""
    cells = people[people > 0]
    return not len(cells) or (len(cells) >= LEAST_CELLS and float(cells.sum()) >= LEAST_CHANGED)


def by_class(before: pd.DataFrame, after: pd.DataFrame, people: Floats, parameters: Parameters) -> pd.DataFrame:
    """Return the numbers of each class (`class_name`) that has any, most people gaining first."""
    rows = []
    for column, name in class_columns(parameters).items():
        change = _Change(before[column].to_numpy(np.float64), after[column].to_numpy(np.float64), people)
        if change.known.any():
            rows.append({"class_name": name, **_numbers(change)})
    table = pd.DataFrame(rows)
    return table.sort_values(["gaining", "losing", "class_name"], ascending=[False, False, True], ignore_index=True)


def _numbers(change: _Change, chosen: Flags | None = None) -> dict[str, float]:
    """Return `people` with a number, their `mean_before` and `mean_after`, how many are `gaining` and `losing`."""
    people = np.where(change.known if chosen is None else change.known & chosen, change.people, 0.0)
    total = float(people.sum())
    means = [float(np.sum(people * np.nan_to_num(values)) / total) if total else np.nan
             for values in (change.before, change.after)]  # fmt: skip
    return {
        "people": total,
        "mean_before": means[0],
        "mean_after": means[1],
        "gaining": float(people[change.gaining].sum()),
        "losing": float(people[change.losing].sum()),
    }


def _reach(people: Floats, before: Flags, after: Flags) -> dict[str, float]:
    return {
        "before": float(people[before].sum()),
        "after": float(people[after].sum()),
        "newly": float(people[after & ~before].sum()),
        "no_more": float(people[before & ~after].sum()),
    }
