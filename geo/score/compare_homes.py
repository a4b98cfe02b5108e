"""Homes side by side for one person: each with its own curfew, its score, and the minutes to where they must get to."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from geo.errors import NeedsError
from geo.needs.candidate_homes import house_curfew
from geo.needs.curfew import Limits
from geo.needs.needs import Needs, StayAway
from geo.needs.schedule import curfew_limits
from geo.points import as_table
from geo.score.around_areas import groups
from geo.score.errands import Errand, Reach, errands, minutes_to
from geo.score.score import Score, beds_of, kept_away_from, score_homes
from geo.score.support import RegionSupport
from geo.travel.network import bounds
from geo.travel.travel_times import off_streets

AT_ONCE = 8
"""Homes scored between two calls of `progress`."""


@dataclass(frozen=True)
class ComparedHome:
    """One home of a comparison.

    Attributes
    ----------
    home_id, lon, lat
        As they were asked (WGS 84).
    needs
        The person's, with the curfew that binds them in this home.
    score
        None where there is none: see `problem`.
    problem
        `off_streets`: over 1 km from any street; `enclosed`: areas to stay away from lie before every street;
        `curfew`: home before every meeting ends; empty with a score.
    errands
        How each errand of the comparison is reached.
    inside
        The areas to stay away from in which the home lies.
    bed_chance
        The chance that a bed is free (`geo.needs.free_beds`); 1 for a home that is no listed residence.
    """

    home_id: str
    lon: float
    lat: float
    needs: Needs
    score: Score | None
    problem: str
    errands: tuple[Reach, ...]
    inside: tuple[StayAway, ...]
    bed_chance: float = 1.0


@dataclass(frozen=True)
class Comparison:
    """Homes, best first (`best_first`), and the errands that they were asked about."""

    homes: tuple[ComparedHome, ...]
    errands: tuple[Errand, ...]


def compare_homes(
    support: RegionSupport,
    homes: pd.DataFrame,
    needs: Needs,
    date: datetime.date,
    progress: Callable[[float], None] = lambda _: None,
    today: datetime.date | None = None,
) -> Comparison:
    """Compare homes for one person.

    Parameters
    ----------
    homes
        `id`, `lon`, `lat` (WGS 84), or a GeoDataFrame of points in any CRS. Where it has them: `resource_id` of those
        that are listed recovery residences, else missing; and `curfew`, the house's own, as HH:MM or missing.
    date
        A date of the timetable.
    progress
        Called with the share done, 0–1; an error it raises ends the work.
    today
        As `geo.score.score.score_home`.

    Raises
    ------
    DateError
        The date is outside the timetable.
    InputError
        The region has no data at all; a row is no place on Earth.
    OutsideRegionError
        Longitude and latitude are swapped.

    Examples
    --------
    >>> homes = candidates(region.resources, Needs()).head(2)
    >>> homes = homes.assign(id=homes["resource_id"])
    >>> comparison = compare_homes(region.support, homes, Needs(), region.facts.service_date)
    >>> comparison.homes[0].score.total >= comparison.homes[1].score.total
    True
    """
    homes = as_table(homes, "homes", bounds(support.network))
    missing = [name for name in ("resource_id", "curfew") if name not in homes]
    homes = homes.assign(**dict.fromkeys(missing, pd.NA))
    wanted = errands(needs)
    points = homes[["lon", "lat"]].reset_index(drop=True)
    lost, enclosed = off_streets(support.network, points), np.zeros(len(points), np.bool_)
    for near, _, rows in groups(support, needs, points["lon"], points["lat"]):
        enclosed[rows] = off_streets(near.network, points.iloc[rows]) & ~lost[rows]
    lost |= enclosed
    minutes = minutes_to(support, homes[~lost], wanted, needs, date)
    by_home = {
        one: tuple(map(Reach._make, rows[[*Reach._fields]].itertuples(index=False)))
        for one, rows in minutes.groupby("home_id")
    }
    bound = [replace(needs, curfew=house_curfew(needs, curfew)) for curfew in homes["curfew"].tolist()]
    by_curfew: dict[Limits, list[int]] = {}
    for number, own in enumerate(bound):
        if not lost[number]:
            by_curfew.setdefault(curfew_limits(own), []).append(number)
    scored: dict[int, tuple[Score | None, str]] = {
        int(number): (None, "enclosed" if enclosed[number] else "off_streets") for number in lost.nonzero()[0]
    }
    for members in by_curfew.values():
        for first in range(0, len(members), AT_ONCE):
            some = members[first : first + AT_ONCE]
            scored |= _scored(support, homes.iloc[some], bound[some[0]], date, some, today)
            progress(len(scored) / len(homes))
    chances = beds_of(support, homes["resource_id"], today or date)["bed_chance"].fillna(1.0).tolist()
    compared = [
        ComparedHome(
            row.id,
            row.lon,
            row.lat,
            bound[number],
            *scored[number],
            by_home.get(row.id, ()),
            kept_away_from(support, needs, row.lon, row.lat),
            chances[number],
        )
        for number, row in enumerate(homes.itertuples(index=False))
    ]
    compared.sort(key=best_first)
    return Comparison(tuple(compared), wanted)


def best_first(home: ComparedHome) -> tuple[int, float, str]:
    """Return the key that sorts homes of a comparison, see `highest_first`."""
    return highest_first(home.home_id, home.score, home.bed_chance)


def highest_first(home_id: str, score: Score | None, bed_chance: float) -> tuple[int, float, str]:
    """Return the key that sorts homes: the highest total first, then, without one, the highest weakest dimension.

    Each counts as much as it is likely that a bed is free. Homes without a score come last; of equals the first by id.
    """
    if score is None:
        return 2, 0.0, home_id
    if score.total is None:
        return 1, -bed_chance * float(score.limits["score"]), home_id
    return 0, -bed_chance * score.total, home_id


def _scored(
    support: RegionSupport,
    homes: pd.DataFrame,
    needs: Needs,
    date: datetime.date,
    numbers: Sequence[int],
    today: datetime.date | None,
) -> dict[int, tuple[Score | None, str]]:
    own = [None if pd.isna(one) else str(one) for one in homes["resource_id"]]
    try:
        scores = score_homes(support, homes, needs, date, own, today=today)
    except NeedsError:  # only the curfew of these homes can be what doesn't go
        return dict.fromkeys(numbers, (None, "curfew"))
    return {number: (score, "") for number, score in zip(numbers, scores, strict=True)}
