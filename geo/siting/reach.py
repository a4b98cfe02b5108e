"""What is in reach of each cell: minutes to places that are there and to candidates, and their part of the score.

Minutes and parts are those of the person's own ways: by timetable and on foot, and by bicycle or car where they have
one. A place off every street is in nobody's reach.
"""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import scipy.sparse

from geo.errors import InputError
from geo.needs.eligibility import fits
from geo.needs.needs import Needs
from geo.score.around_areas import groups
from geo.score.case import make_case
from geo.score.class_access import ClassAccess
from geo.score.classes_alone import at_homes, classes_alone
from geo.score.home_times import HOMES_AT_ONCE
from geo.score.parameters import ClassRule, Parameters
from geo.score.support import RegionSupport
from geo.score.traveler import PROFILE_MODES, travel_settings
from geo.siting.objectives import Access, Flags, Floats
from geo.spelling import near_names
from geo.tables import RESOURCES, conform
from geo.travel.network import Network
from geo.travel.travel_times import TravelSettings, make_ready, off_streets, seconds_between
from geo.units import MINUTE

_PARTS = 20
"""Cells are searched in so many parts, each of which is progress that is seen."""
_OURS = "candidate:"

Progress = Callable[[float], None]


@dataclass(frozen=True)
class Within:
    """Which cells reach a place of the class `already`, bool[cells]; of the others, which candidates are `near` each.

    `near`: 1 where one is, sparse float64[cells, candidates].
    """

    already: Flags
    near: scipy.sparse.csc_array


def class_rule(parameters: Parameters, name: str) -> ClassRule:
    """Return the rule of a class of places, by its own name or a category of its places.

    Raises
    ------
    InputError
        There is no such class, or it is not one of places; names like it are offered.
    """
    rules = {rule.name: rule for rule in parameters.classes if rule.categories}
    rule = rules.get(name) or next((one for one in rules.values() if name in one.categories), None)
    if rule is None:
        near = near_names(name, dict.fromkeys([*rules, *(one for some in rules.values() for one in some.categories)]))
        raise InputError(
            "There is no class of places {name!r}{near} Classes are {known}.",
            name=name, near=near, known=", ".join(rules),
        )  # fmt: skip
    return rule


def places_there(resources: pd.DataFrame, rule: ClassRule, needs: Needs) -> pd.DataFrame:
    """Return the places of a class that fit the needs and that one can go to: `id`, `lon`, `lat`, by id."""
    of_class = resources["category"].isin(rule.categories) & resources["lon"].notna() & resources["lat"].notna()
    there = resources[of_class & (resources["attendance"].fillna("") != "online")]
    there = there[fits(there, needs)[0]]
    return there.rename(columns={"resource_id": "id"})[["id", "lon", "lat"]].sort_values("id", ignore_index=True)


def with_streets(support: RegionSupport, cells: pd.DataFrame, needs: Needs) -> Flags:
    """Return which cells have a street within 1 km on which a person with these needs can set out, bool[cells]."""
    known = np.zeros(len(cells), np.bool_)
    for near, _, rows in groups(support, needs, cells["lon"], cells["lat"]):
        known[rows] = ~off_streets(near.network, cells.iloc[rows], "walk")
    return known


def within_minutes(
    support: RegionSupport,
    cells: pd.DataFrame,
    there: pd.DataFrame,
    candidates: pd.DataFrame,
    needs: Needs,
    minutes: float,
    date: datetime.date,
    window: tuple[int, int],
    progress: Progress | None = None,
) -> Within:
    """Return who reaches what within so many minutes, at the median departure of a window.

    Parameters
    ----------
    cells, there, candidates
        `id`, `lon`, `lat` (WGS 84): where people live, places of the class, and places where one may be built.
    window
        First departure and the end of all, seconds after midnight of the date.
    progress
        Called with the share done, 0–1.

    Raises
    ------
    InputError, DateError
        As `geo.travel.travel_times.travel_times`.
    """
    already, done = np.zeros(len(cells), np.bool_), 0
    row, column = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for own, own_needs, cell in groups(support, needs, cells["lon"], cells["lat"]):
        ways = _ways(own, own_needs, minutes, date, window)
        already[cell] = _near_any(own, cells.iloc[cell], there, ways)
        left, share = cell[~already[cell]], len(cell) / len(cells)
        near = _near(own.network, cells.iloc[left], candidates, ways, _part(progress, done / len(cells), share)).tocoo()
        row.append(left[near.coords[0]])
        column.append(near.coords[1])
        done += len(cell)
    rows, columns = np.concatenate(row), np.concatenate(column)
    shape = (len(cells), len(candidates))
    return Within(already, scipy.sparse.csc_array((np.ones(len(rows)), (rows, columns)), shape))


def reached_within(
    support: RegionSupport,
    cells: pd.DataFrame,
    there: pd.DataFrame,
    needs: Needs,
    minutes: float,
    date: datetime.date,
    window: tuple[int, int],
) -> Flags:
    """Return who reaches any of these places within so many minutes, bool[cells]; see `within_minutes`."""
    reached = np.zeros(len(cells), np.bool_)
    for own, own_needs, cell in groups(support, needs, cells["lon"], cells["lat"]):
        reached[cell] = _near_any(own, cells.iloc[cell], there, _ways(own, own_needs, minutes, date, window))
    return reached


def _near_any(support: RegionSupport, cells: pd.DataFrame, places: pd.DataFrame, ways: list[TravelSettings]) -> Flags:
    if not len(places):
        return np.zeros(len(cells), np.bool_)
    return np.asarray(_near(support.network, cells, places, ways, None).sum(axis=1) > 0)


def _ways(
    support: RegionSupport, needs: Needs, minutes: float, date: datetime.date, window: tuple[int, int]
) -> list[TravelSettings]:
    """Return a person's ways of traveling, each with its longest trip."""
    feed = support.network.feed
    settings = replace(travel_settings(needs, support.parameters, minutes), date=date)
    street = [mode for mode in PROFILE_MODES[needs.profile] if mode != "walk" or feed is None]
    ways = [replace(settings, mode=mode, window=window if mode == "drive" else None) for mode in street]
    return ways if feed is None else [*ways, replace(settings, mode="transit", window=window)]


def _part(progress: Progress | None, first: float, share: float) -> Progress | None:
    return None if progress is None else lambda done: progress(first + share * done)


def _near(
    network: Network,
    cells: pd.DataFrame,
    goals: pd.DataFrame,
    ways: Sequence[TravelSettings],
    progress: Progress | None,
) -> scipy.sparse.csr_array:
    """Return which goals each cell reaches by any way within its `max_minutes`: bool[cells, goals]."""
    ends = {way: make_ready(network, goals, way) if way.mode == "transit" else goals for way in ways}
    parts, step = [], max(HOMES_AT_ONCE, len(cells) // _PARTS)
    for first in range(0, len(cells), step):
        rows = cells.iloc[first : first + step]
        near = np.zeros((len(rows), len(goals)), np.bool_)
        for way, end in ends.items():
            near |= seconds_between(network, rows, end, way)[:, :, 0] <= way.max_minutes * MINUTE
        parts.append(scipy.sparse.csr_array(near))
        if progress is not None:
            progress(min(first + step, len(cells)) / len(cells))
    return scipy.sparse.vstack(parts, format="csr") if parts else scipy.sparse.csr_array((0, len(goals)), dtype=bool)


def class_access(
    support: RegionSupport,
    zones: pd.DataFrame,
    cells: pd.DataFrame,
    candidates: pd.DataFrame,
    rule: ClassRule,
    needs: Needs,
    date: datetime.date,
    progress: Progress | None = None,
) -> Access:
    """Return what cells have in reach of a class and what each candidate would add, as the score counts it.

    Parameters
    ----------
    zones
        The ZONES table: who competes for beds.
    cells, candidates
        `id`, `lon`, `lat` (WGS 84): cells with a street (`with_streets`); candidates with `capacity` (beds of each)
        where places of the class have beds, or as many as a place that states none.
    progress
        Called with the share done, 0–1.
    """
    alone = _with_candidates(support, zones, candidates, rule)
    lon, lat = (cells[axis].to_numpy(np.float64) for axis in ("lon", "lat"))
    place = {_OURS + str(one): number for number, one in enumerate(candidates["id"])}
    there, added, done = np.zeros(len(lon)), np.zeros((len(lon), len(candidates))), 0
    for own, own_needs, group in groups(alone, needs, lon, lat):
        case = make_case(own, own_needs, date)
        column = np.array([place.get(str(own.resource_id[row]), -1) for row in case.members[0].rows], np.int64)
        ours = column >= 0
        for rows, access in at_homes(case, lon[group], lat[group], _access):
            there[group[rows]] = access[:, ~ours].sum(axis=1)
            added[np.ix_(group[rows], column[ours])] = access[:, ours]
            done += len(access)
            if progress is not None:
                progress(done / len(lon))
    return Access(there / rule.a_ref, added / rule.a_ref)


def _with_candidates(
    support: RegionSupport, zones: pd.DataFrame, candidates: pd.DataFrame, rule: ClassRule
) -> RegionSupport:
    """Return a support of this class alone, with the candidates proposed among its places."""
    new = conform(
        pd.DataFrame(
            {
                "resource_id": _OURS + candidates["id"].astype("string"),
                "source": "candidate",
                "name": candidates["id"].astype("string"),
                "dimension": rule.dimension,
                "category": rule.categories[0],
                "lon": candidates["lon"],
                "lat": candidates["lat"],
                "location_precision": "rooftop",
                "beds": candidates["capacity"].round().astype("Int64") if "capacity" in candidates else pd.NA,
            }
        ),
        RESOURCES,
    )
    there = support.resources[support.resources["category"].isin(rule.categories)]
    places = pd.concat([there[new.columns], new], ignore_index=True)
    return classes_alone(support, [rule], zones, places, proposed=new["resource_id"])


def _access(classes: Sequence[ClassAccess]) -> Floats:
    """Return the access of one home to each member of the class: float64[members]."""
    (one,) = classes
    return one.mean * one.members.value
