"""A surface with other places in it: only the places that are different are asked for anew.

A class's access is a sum over its places (`geo.score.class_access`), and a class's number tells what that sum was; so
what a place that is gone added is taken off, and what a new one adds is put on. The numbers of all other classes stay.
What is put together again (classes, dimensions, total) may differ from a surface made from nothing in the last of its
digits, which are rounding; where nothing changed, no digit does.
"""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.needs.needs import Needs
from geo.scenarios.place_values import as_read
from geo.score.case import Case, Members, make_case
from geo.score.changed_times import changed_homes
from geo.score.class_access import ClassAccess
from geo.score.classes_alone import at_homes, classes_alone
from geo.score.support import RegionSupport
from geo.score.surface import class_columns, put_together, score_cells

MOST_TAKEN_OFF = 8.0
"""So much of a class's scale (A / A_ref) may be taken off a number of 100·(1 − exp(−A/A_ref)), which holds 16 digits:
rounding then stays under a billionth of a point."""
_NOTHING = 1e-12

Floats = NDArray[np.float64]
Progress = Callable[[float], None]


def rescored(
    surface: pd.DataFrame,
    before: RegionSupport,
    after: RegionSupport,
    zones: pd.DataFrame,
    needs: Needs,
    date: datetime.date,
    progress: Progress | None = None,
) -> pd.DataFrame | None:
    """Return `geo.score.surface.score_cells` of a support whose places differ from those of a known surface.

    Parameters
    ----------
    surface
        That of `before`, for the same needs and date.
    before, after
        The region as it is, made ready, and `geo.scenarios.world.support_of` it with changes.
    zones
        The ZONES table.

    Returns
    -------
    DataFrame or None
        Without `confidence`. None where all has to be scored anew: ways are others, areas are kept away from, a meeting
        is different, or so much of a class is gone that its numbers don't tell what is left.
    """
    if before.network is not after.network:
        return _by_another_timetable(surface, before, after, needs, date, progress)
    categories = _different(before.resources, after.resources)
    if needs.stay_away or "meeting" in categories:
        return None
    if not _hours(before).equals(_hours(after)):
        return None
    new = surface.drop(columns="confidence").assign(region_hash=after.region_hash)
    cases = make_case(before, needs, date), make_case(after, needs, date)
    asked = [
        (was, now)
        for was, now in zip(cases[0].members, cases[1].members, strict=True)
        if categories & set(now.rule.categories)
    ]
    scored = np.flatnonzero(surface["status"] == "scored")
    columns = [f"class_{now.rule.name}" for _, now in asked]
    lon, lat = (surface[axis].to_numpy(np.float64)[scored] for axis in ("lon", "lat"))
    differs = _access_that_differs(cases, asked, zones, needs, date, lon, lat, progress)
    if differs is None:
        return None
    gone, come = differs
    known = surface.loc[scored, columns].to_numpy(np.float64)
    new.loc[scored, columns] = _changed_numbers(known, gone, come, np.array([now.present for _, now in asked], bool))
    classes = list(class_columns(after.parameters))
    return put_together(new, cases[1], ~_same_rows(new[classes], surface[classes]))


def _by_another_timetable(
    surface: pd.DataFrame,
    before: RegionSupport,
    after: RegionSupport,
    needs: Needs,
    date: datetime.date,
    progress: Progress | None,
) -> pd.DataFrame | None:
    """Return the surface where homes are asked anew whose trips are others, to the last digit as one made from nothing.

    None where more than the timetable is different, or too much of it.
    """
    rows = np.flatnonzero(surface["status"] == "scored")
    lon, lat = (surface[axis].to_numpy(np.float64)[rows] for axis in ("lon", "lat"))
    changed = changed_homes(make_case(before, needs, date), make_case(after, needs, date), lon, lat)
    if changed is None:
        return None
    new = surface.drop(columns="confidence").assign(region_hash=after.region_hash)
    if changed.any():
        asked = surface.loc[rows[changed], ["id", "lon", "lat"]].reset_index(drop=True)
        scored = score_cells(after, asked, needs, date, progress).drop(columns="confidence")
        new.loc[rows[changed]] = scored[new.columns].set_axis(rows[changed], axis=0)
    return new


def _same_rows(one: pd.DataFrame, other: pd.DataFrame) -> NDArray[np.bool_]:
    """Return which rows have the same numbers, and the same of them known."""
    same: NDArray[np.bool_] = ((one == other) | (one.isna() & other.isna())).to_numpy().all(axis=1)
    return same


def _hours(support: RegionSupport) -> pd.DataFrame:
    """Return when which places hold sessions."""
    return support.sessions.drop(columns="row")


def _different(before: pd.DataFrame, after: pd.DataFrame) -> set[str]:
    """Return the categories of which any place is different in what the score reads of it."""
    both = pd.concat([as_read(before), as_read(after)], ignore_index=True)
    return set(both["category"][~both.duplicated(keep=False)])


def _changed_numbers(known: Floats, gone: Floats, come: Floats, is_present: NDArray[np.bool_]) -> Floats:
    """Return 100·(1 − exp(−A/A_ref)), float64[cells, classes], NaN where the region has no place of a class.

    Parameters
    ----------
    known
        The numbers as they are.
    gone, come
        A/A_ref of what is taken off and what is put on.
    is_present
        One a class: whether the changed region has any place of it.
    """
    with np.errstate(divide="ignore"):
        was = -np.log1p(-np.nan_to_num(known) / 100.0)
    now = was - gone + come
    now = np.where(now <= _NOTHING * (gone + come), 0.0, now)
    numbers = np.where((gone == come) & ~np.isnan(known), known, -100.0 * np.expm1(-now))
    return np.where(is_present, numbers, np.nan)


def _access_that_differs(
    cases: tuple[Case, Case],
    asked: Sequence[tuple[Members, Members]],
    zones: pd.DataFrame,
    needs: Needs,
    date: datetime.date,
    lon: Floats,
    lat: Floats,
    progress: Progress | None,
) -> tuple[Floats, Floats] | None:
    """Return A/A_ref of the places that are gone, and of those that have come: float64[cells, classes] each.

    None where more is gone of a class anywhere than may be taken off.
    """
    values = [_values_that_differ(cases, was, now) for was, now in asked]
    places = _rows_of(cases, pd.concat([one.index.to_frame(index=False) for one in values]) if values else None)
    gone, come = (np.zeros((len(lon), len(asked))) for _ in range(2))
    if places.empty:
        return gone, come
    rules = [replace(now.rule, kind="gravity") for _, now in asked]
    case = make_case(classes_alone(cases[1].support, rules, zones, places), needs, date)
    worth = [_worth(case, one, table) for one, table in zip(case.members, values, strict=True)]

    def numbers(classes: Sequence[ClassAccess]) -> list[float]:
        return [float(np.dot(one.mean, value)) for one, both in zip(classes, worth, strict=True) for value in both]

    a_ref = np.array([rule.a_ref for rule in rules])
    for rows, sums in at_homes(case, lon, lat, numbers):
        gone[rows], come[rows] = sums[:, ::2] / a_ref, sums[:, 1::2] / a_ref
        if (gone[rows] > MOST_TAKEN_OFF).any():
            return None
        if progress is not None:
            progress(min(rows.stop, len(lon)) / len(lon))
    return gone, come


def _values_that_differ(cases: tuple[Case, Case], was: Members, now: Members) -> pd.DataFrame:
    """Return what each place of a class is worth before and after, where that or its point differs.

    Indexed by side (0 before, 1 after) and row of that side's resources; of a place that stays where it is, the side
    before. `gone`, `come`: what it is worth on either side.
    """
    sides = [
        pd.DataFrame(
            {
                "resource_id": case.support.resource_id[one.rows],
                "place": list(
                    zip(case.support.places.lon[one.column], case.support.places.lat[one.column], strict=True)
                ),
                "row": one.rows,
                "value": one.value,
            }
        )
        for case, one in zip(cases, (was, now), strict=True)
    ]
    both = sides[0].merge(sides[1], on=["resource_id", "place"], how="outer", suffixes=("_was", "_now"))
    both = both[both["value_was"].ne(both["value_now"])]
    is_new = both["row_was"].isna()
    side = pd.Series(is_new.astype(np.int64), name="side")
    row = both["row_was"].where(~is_new, both["row_now"]).astype(np.int64).rename("row")
    return pd.DataFrame(
        {"gone": both["value_was"].fillna(0.0).to_numpy(), "come": both["value_now"].fillna(0.0).to_numpy()},
        index=pd.MultiIndex.from_arrays([side, row], names=["side", "row"]),
    )


def _rows_of(cases: tuple[Case, Case], wanted: pd.DataFrame | None) -> pd.DataFrame:
    """Return rows of RESOURCES of either side; their ids tell side and row."""
    if wanted is None:
        return cases[0].support.resources.iloc[:0]
    wanted = wanted.drop_duplicates()
    return pd.concat(
        [
            cases[side].support.resources.iloc[rows].assign(resource_id=[_id(side, row) for row in rows])
            for side, rows in ((side, wanted["row"][wanted["side"] == side].to_numpy()) for side in (0, 1))
        ],
        ignore_index=True,
    )


def _id(side: int, row: int) -> str:
    return f"{side}:{row}"


def _worth(case: Case, members: Members, values: pd.DataFrame) -> tuple[Floats, Floats]:
    """Return what each member is worth before and after, in the members' order; nothing in classes it isn't of."""
    ids = [_id(side, row) for side, row in values.index]
    ordered = values.set_axis(ids, axis=0).reindex(case.support.resource_id[members.rows], fill_value=0.0)
    return ordered["gone"].to_numpy(np.float64), ordered["come"].to_numpy(np.float64)
