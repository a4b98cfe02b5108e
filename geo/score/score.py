"""The score of one home: total, four dimensions, classes, meetings, and why.

Definition and worked examples: docs/score.md. It is a planning aid, not a clinical instrument.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.needs.free_beds import BedWord, free_beds
from geo.needs.needs import Needs, StayAway
from geo.needs.stay_away import inside
from geo.points import OnePlace, as_table, one_place
from geo.score.aggregation import Part, combine, own_home_part, parts_of, reweighed
from geo.score.around_areas import groups
from geo.score.case import Case, make_case
from geo.score.explanation import explained
from geo.score.home_access import HomeAccess, of_each_home
from geo.score.support import RegionSupport, prepare
from geo.score.trips_behind_score import journeys_in_classes, journeys_in_meetings
from geo.travel.network import bounds

__all__ = ["Score", "prepare", "reweighed", "score_home", "score_homes"]

DIGITS = 9

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Score:
    """A home's score; `as_dict` is what `score --json` prints.

    `total` is None where the region has data on too little of what applies; `no_total` says on what.
    """

    total: float | None
    no_total: Mapping[str, Any] | None
    dimensions: Mapping[str, float | None]
    parts: tuple[Part, ...]
    classes: tuple[Mapping[str, Any], ...]
    meetings: Mapping[str, Any]
    limits: Mapping[str, Any]
    sensitivity: Mapping[str, Any]
    confidence: Mapping[str, Any]
    gains: tuple[Mapping[str, Any], ...]
    rules: Mapping[str, Any]
    flags: tuple[str, ...]
    profile: str
    date: str
    parameters: str
    parameters_hash: str
    region_hash: str

    def as_dict(self) -> dict[str, Any]:
        """Return plain values (JSON), numbers rounded to 9 digits after the point."""
        names = [field.name for field in fields(self) if field.name != "parts"]
        rounded: dict[str, Any] = _rounded({name: getattr(self, name) for name in names})
        return rounded


def score_home(
    support: RegionSupport,
    home: OnePlace,
    needs: Needs,
    date: datetime.date,
    home_id: str | None = None,
    *,
    journeys: bool = False,
    today: datetime.date | None = None,
) -> Score:
    """Score one home for one person on one date.

    Parameters
    ----------
    support
        A region, from `prepare`.
    home
        (lon, lat) in WGS 84 degrees, a shapely Point of the two, or a table or GeoDataFrame of one row.
    needs
        What the person needs.
    date
        A date of the timetable; its week's services stand for weekdays, Saturday and Sunday.
    home_id
        The `resource_id` of the home, if it is itself a listed recovery residence.
    journeys
        Explain the trips too, to each resource shown and to the sessions of each day that count most: seconds more.
    today
        A timetable that ended before it lowers the confidence, and `limits` say so; without it, none has ended.
        Records, and a residence's word on its free beds, age until then; without it, until the date.

    Raises
    ------
    OutsideRegionError
        The home is too far from any street, or its longitude and latitude are swapped.
    DateError
        The date is outside the timetable.
    NeedsError, InputError
        The curfew is before every meeting; `home_id` is no recovery residence; the region has no data at all.

    Examples
    --------
    >>> score = score_home(region.support, (-113.42635, 40.35930), Needs(), region.facts.service_date)
    >>> list(score.dimensions)
    ['health', 'home', 'purpose', 'community']
    >>> 0 <= score.total <= 100
    True
    """
    lon, lat = one_place(home, "home", bounds(support.network))
    ((near, own, _),) = groups(support, needs, lon, lat)
    case = make_case(near, own, date, today)
    words = _bed_words(support, [home_id], today or date)
    (score,) = _scores(case, np.array([lon]), np.array([lat]), [home_id], words, journeys=journeys)
    return score


def score_homes(
    support: RegionSupport,
    homes: pd.DataFrame,
    needs: Needs,
    date: datetime.date,
    home_ids: Sequence[str | None] | None = None,
    *,
    journeys: bool = False,
    today: datetime.date | None = None,
) -> list[Score]:
    """Score several homes for one person on one date, in parallel: the same as `score_home` of each, sooner.

    Parameters
    ----------
    homes
        `id`, `lon`, `lat` (WGS 84), or a GeoDataFrame of points in any CRS; one row a home.
    home_ids
        One a home; see `score_home`, also for the rest.
    """
    places = as_table(homes, "homes", bounds(support.network))
    own = home_ids or [None] * len(places)
    lon, lat = places["lon"].to_numpy(), places["lat"].to_numpy()
    words = _bed_words(support, own, today or date)
    scores: dict[int, Score] = {}
    for near, person, rows in groups(support, needs, lon, lat):
        case = make_case(near, person, date, today)
        ids, own_words = [own[row] for row in rows], [words[row] for row in rows]
        scored = _scores(case, lon[rows], lat[rows], ids, own_words, journeys=journeys)
        scores |= zip(rows.tolist(), scored, strict=True)
    return [scores[row] for row in range(len(places))]


def beds_of(support: RegionSupport, home_ids: Sequence[str | None], today: datetime.date) -> pd.DataFrame:
    """Return `geo.needs.free_beds.free_beds` of each home, one row a home; empty for one that is no listed place."""
    row = pd.Index(support.resource_id).get_indexer(pd.Index(home_ids, dtype=object))
    listed = np.flatnonzero(row >= 0)
    beds = free_beds(support.resources.iloc[row[listed]], support.parameters.free_beds, today)
    return beds.set_axis(listed).reindex(range(len(row)))


def _bed_words(support: RegionSupport, home_ids: Sequence[str | None], today: datetime.date) -> list[BedWord | None]:
    if not any(home_ids):
        return [None] * len(home_ids)
    beds = beds_of(support, home_ids, today)
    return [
        None if np.isnan(worth) else BedWord(float(worth), bool(is_current))
        for worth, is_current in zip(beds["bed_worth"], beds["is_bed_current"], strict=True)
    ]


def _scores(
    case: Case,
    lon: Floats,
    lat: Floats,
    home_ids: Sequence[str | None],
    words: Sequence[BedWord | None],
    *,
    journeys: bool,
) -> list[Score]:
    own = [own_home_part(case.support, home_id) for home_id in home_ids]
    places = lon, lat
    flagged = [flags(case.support, case.needs, *place) for place in zip(*places, strict=True)]
    return of_each_home(case, *places, lambda k, home: _score(home, own[k], flagged[k], words[k], journeys=journeys))


def _score(
    home: HomeAccess, own: Part | None, flagged: tuple[str, ...], bed: BedWord | None, *, journeys: bool
) -> Score:
    parameters, needs = home.case.support.parameters, home.case.needs
    parts = parts_of(home.case, home.evaluation, own)
    total, dimensions = combine(parts, parameters)
    explanation = explained(home, parts, total, dimensions, bed)
    if journeys:
        explanation["classes"] = journeys_in_classes(home, explanation["classes"])
        explanation["meetings"] = journeys_in_meetings(home, explanation["meetings"])
    return Score(
        total=total,
        dimensions=dimensions,
        parts=parts,
        **explanation,
        flags=flagged,
        profile=needs.profile,
        date=home.case.week.date.isoformat(),
        parameters=parameters.name,
        parameters_hash=parameters.hash,
        region_hash=home.case.support.region_hash,
    )


def flags(support: RegionSupport, needs: Needs, lon: float, lat: float) -> tuple[str, ...]:
    """Return what a reader must be told about the home itself: it lies in an area to stay away from."""
    return tuple(
        f"This home lies within {area.meters:g} m of {area.lat:.5f}, {area.lon:.5f}, a place to stay away from."
        for area in kept_away_from(support, needs, lon, lat)
    )


def kept_away_from(support: RegionSupport, needs: Needs, lon: float, lat: float) -> tuple[StayAway, ...]:
    """Return the areas to stay away from in which a place (WGS 84) lies."""
    return tuple(area for area in needs.stay_away if inside(area, [lon], [lat], support.network.crs)[0])


def _rounded(value: Any) -> Any:
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, float | np.floating):
        return round(float(value), DIGITS) if np.isfinite(value) else None
    if isinstance(value, np.integer):
        return int(value)
    if isinstance(value, list | tuple):
        return [_rounded(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _rounded(item) for key, item in value.items()}
    return value
