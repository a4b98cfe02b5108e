"""Support: a region's resources, sessions, zones and competition, attached to its network once.

Everything is put in the order of its own ids first, so that the order of rows changes no score.
"""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.access.decay import Decay, logistic, within
from geo.needs.occurrence import share_of_weeks
from geo.points import with_degrees
from geo.score.parameters import ClassRule, DecayRule, Parameters
from geo.streets.shortest_paths import street_seconds
from geo.streets.snapping import Attachment, attach, place, subset
from geo.streets.topology import STREET_MODES
from geo.streets.traffic import stretches
from geo.tables import RESOURCES, SESSIONS, ZONES, conform
from geo.travel.network import Network

_PLACES_AT_ONCE = 256
_SQUARE_METERS = 400.0
"""Who competes is counted once for all places in a square of this side."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Flags = NDArray[np.bool_]
Texts = NDArray[np.object_]


@dataclass(frozen=True)
class Places:
    """Points attached to the streets of each mode; `lon`, `lat` in WGS 84."""

    lon: Floats
    lat: Floats
    attached: Mapping[str, Attachment]

    def __len__(self) -> int:
        return len(self.lon)


@dataclass(frozen=True)
class Rivals:
    """Who competes for a rival class.

    `supply`: amount at each of the class's rows, of which some are `there` and others only proposed; `competitors`:
    people who compete there, each counted by f of their own trip; `ratio`: the supply a competitor that counts as 1.
    `known` is False where the region has no people at all. `built`: the houses by which it is told what share of beds
    is open to whom, with their `supply`; those that are there, or that were in the region it is measured by.
    """

    rows: Ints
    supply: Floats
    there: Flags
    competitors: Floats
    ratio: float
    known: bool
    built: pd.DataFrame


@dataclass(frozen=True)
class RegionSupport:
    """A region, ready to score homes.

    Attributes
    ----------
    resources, sessions, zones : the tables in canonical order; only resources that have a place, sessions held in
        one (with their resource's `row`), and zones with jobs
    places, resource_place : distinct points of resources, and each resource's
    job_places : points of the zones
    rivals : by class name
    present : class names of which the region has any row
    unplaced : how many resources of each category have no place
    online : resources one can attend from anywhere, with the number of their `sessions` in a mean week
    region_hash : SHA-256 of the tables and the network
    resource_id, resource_name, zone_id : of the resources and zones, as arrays: a table is slow cell by cell
    """

    network: Network
    parameters: Parameters
    resources: pd.DataFrame
    sessions: pd.DataFrame
    zones: pd.DataFrame
    places: Places
    resource_place: Ints
    job_places: Places
    rivals: Mapping[str, Rivals]
    present: frozenset[str]
    unplaced: Mapping[str, int]
    online: pd.DataFrame
    region_hash: str
    resource_id: Texts
    resource_name: Texts
    zone_id: Texts

    def is_of(self, categories: Collection[str]) -> Flags:
        """Return which resources are of these categories."""
        row, names = self._categories
        return np.isin(row, np.flatnonzero(np.isin(names, list(categories))))

    @cached_property
    def _categories(self) -> tuple[NDArray[np.intp], Texts]:
        row, names = pd.factorize(self.resources["category"])
        return row, np.asarray(names, dtype=object)


def prepare(
    network: Network,
    resources: pd.DataFrame,
    sessions: pd.DataFrame,
    zones: pd.DataFrame,
    parameters: Parameters,
    region_hash: str | None = None,
    competitors: Mapping[str, Floats] | None = None,
    proposed: Collection[str] = (),
    measured_by: "RegionSupport | None" = None,
) -> RegionSupport:
    """Attach a region's tables to its network, and count who competes for beds and jobs.

    Parameters
    ----------
    resources, sessions, zones
        The RESOURCES, SESSIONS and ZONES tables; rows in any order, columns that are absent are empty. Resources and
        zones may be GeoDataFrames of points in any CRS.
    region_hash
        The region's own hash; computed from the tables and the network if not given.
    competitors
        By class name, `Rivals.competitors` of an earlier call with the same tables, network and parameters.
    proposed
        Ids of resources that aren't built: the supply of the region, and of what is open to whom, is without them.
    measured_by
        A region whose ratios and shares of beds open to whom hold here too, so that a house more or less doesn't change
        what the others are worth.

    Examples
    --------
    >>> food = region.resources[region.resources["category"] == "food"]
    >>> support = prepare(region.network, food, region.sessions, region.zones, load_parameters())
    >>> len(support.resources) == len(food)
    True
    """
    resources = conform(with_degrees(resources, "resources"), RESOURCES).sort_values("resource_id", ignore_index=True)
    sessions = conform(sessions, SESSIONS).sort_values(
        ["resource_id", "weekday", "start_minute", "end_minute"], ignore_index=True
    )
    zones = conform(with_degrees(zones, "zones"), ZONES).sort_values("zone_id", ignore_index=True)
    placed = resources["lon"].notna() & resources["lat"].notna() & (resources["attendance"].fillna("") != "online")
    here = resources[placed].reset_index(drop=True)
    row = pd.Index(here["resource_id"]).get_indexer(pd.Index(sessions["resource_id"]))
    held = sessions.assign(row=row)[row >= 0].reset_index(drop=True)
    remote = resources["attendance"].isin(["online", "hybrid"])
    share = sessions["weeks"].fillna("").map(share_of_weeks).astype("float64")
    weekly = resources["resource_id"].map(share.groupby(sessions["resource_id"]).sum()).astype("float64").fillna(0.0)
    working = zones[(zones["jobs"].fillna(0) > 0) & zones["lon"].notna()].reset_index(drop=True)
    place, lon, lat = _distinct(here["lon"], here["lat"])
    places = attached_places(network, lon, lat)
    job_places = attached_places(network, *(working[axis].to_numpy(dtype=np.float64) for axis in ("lon", "lat")))
    rivals = {
        rule.name: _rivals(
            network, rule, parameters, here, place, places, working, job_places, zones,
            (competitors or {}).get(rule.name), ~here["resource_id"].isin(list(proposed)).to_numpy(),
            None if measured_by is None else measured_by.rivals.get(rule.name),
        )
        for rule in parameters.classes
        if rule.kind == "rival"
    }  # fmt: skip
    present = {rule.name for rule in parameters.classes if here["category"].isin(rule.categories).any()}
    present |= {rule.name for rule in parameters.classes if not rule.categories and len(working)}
    return RegionSupport(
        network,
        parameters,
        here,
        held,
        working,
        places,
        place,
        job_places,
        rivals,
        frozenset(present),
        resources[~placed & ~remote]["category"].value_counts().to_dict(),
        resources.assign(sessions=weekly)[remote].reset_index(drop=True),
        region_hash or _digest(network, resources, sessions, zones),
        here["resource_id"].to_numpy(dtype=object),
        here["name"].to_numpy(dtype=object),
        working["zone_id"].to_numpy(dtype=object),
    )


def limited_decay(rule: DecayRule) -> Decay:
    """Return the logistic decay of one way of traveling with its hard limit, over minutes."""
    return within(logistic(rule.half_way_minutes, rule.sd_minutes), rule.limit_minutes)


def _rivals(
    network: Network,
    rule: ClassRule,
    parameters: Parameters,
    resources: pd.DataFrame,
    resource_place: Ints,
    places: Places,
    working: pd.DataFrame,
    job_places: Places,
    zones: pd.DataFrame,
    competitors: Floats | None,
    is_built: Flags,
    measured_by: Rivals | None,
) -> Rivals:
    """Return supply, competitors (unless known) and the ratio that counts as 1 of one rival class: beds, or jobs."""
    competition = parameters.competition
    if rule.categories:
        rows = np.flatnonzero(resources["category"].isin(rule.categories)).astype(np.int32)
        there = is_built[rows]
        beds = resources["beds"].to_numpy(dtype=np.float64, na_value=np.nan)[rows]
        supply = np.where(np.isnan(beds), competition.unknown_beds, beds)
        points = {mode: subset(places.attached[mode], resource_place[rows]) for mode in STREET_MODES}
        people, ratio = _first_known(
            zones, ("need", 1.0, competition.beds_per_need), ("population", 1.0, competition.beds_per_resident)
        )
    else:
        rows = np.arange(len(working), dtype=np.int32)
        there = np.ones(len(rows), np.bool_)
        supply = working["jobs"].to_numpy(dtype=np.float64)
        points = dict(job_places.attached)
        share = competition.workers_per_resident
        people, ratio = _first_known(
            zones, ("workers", 1.0, competition.jobs_per_worker), ("population", share, competition.jobs_per_worker)
        )
    known = bool(people.sum() > 0)
    if ratio is None:  # the region's own
        ratio = float(supply[there].sum() / people.sum()) if known and supply[there].sum() > 0 else 1.0
    built = resources.iloc[rows[there]].assign(supply=supply[there]) if rule.categories else resources.iloc[:0]
    if measured_by is not None:
        ratio, built = measured_by.ratio, measured_by.built
    if competitors is not None and len(competitors) == len(rows):
        return Rivals(rows, supply, there, competitors, ratio, known, built)
    living = np.flatnonzero((people > 0) & zones["lon"].notna().to_numpy(dtype=bool))
    homes = attach(
        network.streets,
        zones["lon"].to_numpy(dtype=np.float64)[living],
        zones["lat"].to_numpy(dtype=np.float64)[living],
        competition.demand_mode,
    )
    counted = _competitors(network, rule, parameters, homes, people[living], points, there)
    return Rivals(rows, supply, there, counted, ratio, known, built)


def _first_known(zones: pd.DataFrame, *choices: tuple[str, float, float | None]) -> tuple[Floats, float | None]:
    """Return people a zone, from the first column that the region knows, and the ratio that goes with it."""
    for column, share, ratio in choices:
        if zones[column].notna().any():
            return zones[column].fillna(0).to_numpy(dtype=np.float64) * share, ratio
    return np.zeros(len(zones)), choices[-1][2]


def _competitors(
    network: Network, rule: ClassRule, parameters: Parameters, homes: Attachment, people: Floats,
    points: Mapping[str, Attachment], there: Flags,
) -> Floats:  # fmt: skip
    """Return Σ P_i f(t_ij) at each point, t from home to the point, counted at one point of each square.

    f is the mean over the class's window: by car, of the traffic that each of its minutes meets.
    """
    mode = parameters.competition.demand_mode
    decay, shares = limited_decay(rule.decays[mode]), _traffic_of(network, rule, parameters, mode)
    first_of, square = _squares(network, points[mode], there)
    target = subset(points[mode], first_of)
    total = np.zeros(len(first_of))
    for first in range(0, len(total) if len(people) else 0, _PLACES_AT_ONCE):
        rows = np.arange(first, min(first + _PLACES_AT_ONCE, len(total)))
        for traffic, share in shares.items():
            reached = street_seconds(
                network.streets,
                homes,
                subset(target, rows),
                mode,
                rule.decays[mode].limit_minutes * 60,
                by_destination=True,
                traffic=traffic,
            )
            row = np.repeat(rows, np.diff(reached.indptr))
            weight = share * people[reached.index] * decay(reached.seconds / 60.0)
            total += np.bincount(row, weight, len(total))
    counted: Floats = total[square]
    return counted


def _traffic_of(network: Network, rule: ClassRule, parameters: Parameters, mode: str) -> dict[int | None, float]:
    """Return the bands of traffic that a class's window meets, and their shares of its minutes; None but for a car."""
    if mode != "drive":
        return {None: 1.0}
    days = [(0, 1.0)] if rule.days == "weekday" else parameters.days.shares(0)
    shares: dict[int | None, float] = {}
    for weekday, weight in days:
        parts = stretches(network.streets.traffic, weekday, rule.start, rule.end, arriving=rule.being == "arriving")
        for band, start, end in parts:
            shares[band] = shares.get(band, 0.0) + weight * (end - start) / (rule.end - rule.start)
    return shares


def _squares(network: Network, points: Attachment, there: Flags) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the first point of each square, of one that is there if any is, and each point's square.

    Within a square the trips of everyone else differ by well under a minute. Points off the streets share one.
    """
    x, y = place(network.streets, points)
    corner = np.column_stack([np.floor(np.nan_to_num(axis, nan=-1e9) / _SQUARE_METERS) for axis in (x, y)])
    order = np.argsort(~there, kind="stable")
    _, first_of, square = np.unique(corner[order], axis=0, return_index=True, return_inverse=True)
    return order[first_of], square.reshape(-1)[np.argsort(order)]


def _distinct(lon: pd.Series, lat: pd.Series) -> tuple[Ints, Floats, Floats]:
    """Return each row's number among the distinct points, and these points."""
    points = np.column_stack([lon.to_numpy(dtype=np.float64), lat.to_numpy(dtype=np.float64)])
    distinct, number = np.unique(points.reshape(-1, 2), axis=0, return_inverse=True)
    return number.reshape(-1).astype(np.int32), distinct[:, 0].copy(), distinct[:, 1].copy()


def attached_places(network: Network, lon: Floats, lat: Floats) -> Places:
    """Return points (WGS 84) attached to the streets of each mode."""
    return Places(lon, lat, {mode: attach(network.streets, lon, lat, mode) for mode in STREET_MODES})


def _digest(network: Network, *tables: pd.DataFrame) -> str:
    """Return the SHA-256 of the tables in canonical order, and of the network's arrays."""
    digest = hashlib.sha256()
    for table in tables:
        digest.update(table.to_csv(index=False).encode())
    _feed_digest(digest, network)
    return digest.hexdigest()


def _feed_digest(digest: Any, value: Any) -> None:
    if is_dataclass(value):
        for field in fields(value):
            if field.compare:  # not what was derived and kept, which depends on what was asked before
                _feed_digest(digest, getattr(value, field.name))
    elif isinstance(value, Mapping):
        for key in sorted(value):
            digest.update(str(key).encode())
            _feed_digest(digest, value[key])
    elif isinstance(value, np.ndarray):
        digest.update(str(value.shape).encode())
        digest.update(np.ascontiguousarray(value).tobytes())
    else:
        digest.update(repr(value).encode())
