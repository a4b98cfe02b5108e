"""A region at two times, step by step: what its places, buses and streets did to whom, apart from what isn't known.

From the earlier build to the later one there is a step for each cause that is at work (`CAUSES`). The last, `unknown`,
is no change of the world that anybody told of: places that only a failed or missing feed hides, and those of a feed
that the earlier build lacked.
"""

import datetime
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.equity.gaps import people_counted
from geo.errors import InputError
from geo.needs.needs import Needs
from geo.scenarios.effects import Effect, effect_of
from geo.scenarios.place_values import as_read
from geo.scenarios.rescore import rescored
from geo.scenarios.same_classes import with_same_classes
from geo.scenarios.what_if import WhatIf, surface_column
from geo.scenarios.world import World, known_competitors
from geo.score import surface as cell_scores
from geo.score.case import make_case
from geo.score.parameters import Parameters
from geo.score.support import RegionSupport, prepare
from geo.siting.reach import class_rule, places_there, reached_within
from geo.streets.build import Streets, streets_to_arrays
from geo.timetables.feed import Feed
from geo.travel.network import Network, build_network, with_feed

CAUSES = ("places", "buses", "streets", "people", "unknown")
"""In the order of the steps; `people`: other numbers of residents and jobs, who compete for beds and work."""

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Progress = Callable[[float], None]


@dataclass(frozen=True)
class Snapshot:
    """A region at one time.

    Attributes
    ----------
    network, resources, sessions, zones
        Its network, and the tables RESOURCES, SESSIONS and ZONES.
    date
        Which date is asked about; its timetable holds on it.
    region_hash
        Of a whole build; empty for what lies between two.
    competitors
        By class, who competes, where that is known: `geo.score.support.Rivals.competitors`.
    surface
        Its score surface, where that is known.
    """

    network: Network
    resources: pd.DataFrame
    sessions: pd.DataFrame
    zones: pd.DataFrame
    date: datetime.date
    region_hash: str = ""
    competitors: Mapping[str, Floats] = field(default_factory=dict, repr=False, compare=False)
    surface: pd.DataFrame | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True)
class OverTime:
    """What changed for whom.

    Attributes
    ----------
    known
        The effect of all that is known to have changed.
    unknown
        What would be different beside that if all that isn't known any more were gone, and all that is newly listed
        were new; None where there is neither.
    causes
        A row per cause at work (`cause`): the numbers of `Effect.people`; and of `Effect.reach`, as `reach_<name>`.
    limits
        What bounds the answer, in sentences.
    made
        Surfaces of the whole builds that were made anew, exactly: before, after; None where one was known.
    seconds
        How long surfaces took.
    """

    known: Effect
    unknown: Effect | None
    causes: pd.DataFrame
    limits: tuple[str, ...]
    made: tuple[pd.DataFrame | None, pd.DataFrame | None]
    seconds: float


def steps_between(
    before: Snapshot, after: Snapshot, known: tuple[pd.DataFrame, pd.DataFrame], *, is_timetable_lost: bool = False
) -> tuple[list[Snapshot], list[str]]:
    """Return the snapshots from one build to another, and the cause of each step between two of them.

    Where no cause is at work, the later build stands for both: nothing that a score reads is different.

    Parameters
    ----------
    known
        RESOURCES and SESSIONS of the later build as far as anybody knows: without what is only newly listed, and with
        what isn't known any more as it was.
    is_timetable_lost
        A timetable isn't there any more although nobody said that its buses are gone: then what buses do isn't known.
    """
    snapshots, causes = [before], list[str]()

    def go(cause: str, **changes: Any) -> None:
        snapshots.append(replace(snapshots[-1], region_hash="", competitors={}, surface=None, **changes))
        causes.append(cause)

    same_streets = _same_streets(before.network.streets, after.network.streets)
    buses = _with_feed(before.network, after.network.feed)
    last = buses if same_streets else after.network
    if not _same_tables(before, known):
        go("places", resources=known[0], sessions=known[1])
    if not is_timetable_lost and (buses is not before.network or before.date != after.date):
        go("buses", network=buses, date=after.date)
    if not same_streets:
        go("streets", network=_with_feed(after.network, snapshots[-1].network.feed))
    if not before.zones.equals(after.zones):
        go("people", zones=after.zones)
    at = snapshots[-1]
    if not _same_tables(after, (at.resources, at.sessions)) or at.network is not last or at.date != after.date:
        go("unknown")
    if not causes:
        return [after], causes
    snapshots[-1] = replace(after, network=last, zones=snapshots[-1].zones)
    return snapshots, causes


def change_over_time(
    snapshots: Sequence[Snapshot],
    causes: Sequence[str],
    parameters: Parameters,
    needs: Needs,
    asked: WhatIf,
    areas: Callable[[pd.DataFrame], pd.Series],
    today: datetime.date | None = None,
    progress: Progress | None = None,
) -> OverTime:
    """Return what the steps between two builds did to whom.

    Parameters
    ----------
    snapshots, causes
        From `steps_between`.
    areas
        Gives the area of each cell, see `geo.equity.areas.area_ids`.
    today
        As `geo.score.surface.score_cells`.
    progress
        Called with the share done, 0–1.

    Raises
    ------
    InputError, DateError, NeedsError
        The builds have no area in common, or what is asked for can't be used.
    """
    measure = surface_column(parameters, asked.measure)
    if asked.class_name is not None:
        class_rule(parameters, asked.class_name)
    cells, limits = _common_cells(snapshots[0].zones, snapshots[-1].zones)
    supports = _supports(snapshots, parameters)
    started = time.perf_counter()
    surfaces, made = _surfaces(snapshots, supports, needs, today, progress)
    seconds = time.perf_counter() - started
    reached = [_reached(one, support, cells, needs, asked) for one, support in zip(snapshots, supports, strict=True)]
    living = snapshots[-1].zones.set_index("zone_id").loc[cells["id"]].reset_index()
    where = areas(cells)

    def effect(old: int, new: int) -> tuple[Effect, tuple[str, ...]]:
        case = make_case(supports[new], needs, snapshots[new].date)
        one, other = (surfaces[at].set_index("id").loc[cells["id"]].reset_index() for at in (old, new))
        one, other, told = with_same_classes(one, other, case)
        then, now = reached[old], reached[new]
        near = None if then is None or now is None else (then, now)
        return effect_of(one, other, living, where, parameters, measure, near), told

    steps = [effect(number, number + 1) for number in range(len(causes))]
    known_at = len(snapshots) - 1 - ("unknown" in causes)
    known, told = effect(0, known_at)
    unsure = [f"Of what isn't known: {sentence}" for sentence in steps[-1][1]] if "unknown" in causes else []
    rows = [
        {"cause": cause, **step.people, **{f"reach_{name}": value for name, value in (step.reach or {}).items()}}
        for cause, (step, _) in zip(causes, steps, strict=True)
    ]
    return OverTime(
        known=known,
        unknown=steps[-1][0] if "unknown" in causes else None,
        causes=pd.DataFrame(rows),
        limits=(*limits, *told, *unsure),
        made=(made[0], made[-1] if causes else None),
        seconds=seconds,
    )


def _common_cells(before: pd.DataFrame, after: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Return the populated cells of both builds where they are now, and a sentence on the people of others."""
    then, now = cell_scores.populated_cells(before), cell_scores.populated_cells(after)
    cells = now[now["id"].isin(then["id"])].reset_index(drop=True)
    if cells.empty:
        raise InputError(
            "The builds have no populated area in common ({before} areas before, {after} after): they are of different "
            "places, or their areas are numbered in different ways. Compare two builds of one place, with zones of one "
            "kind.",
            before=len(then),
            after=len(now),
        )
    people = people_counted(after.set_index("zone_id")["population"])
    alone = now[~now["id"].isin(cells["id"])]["id"]
    sentences = []
    if len(alone) or len(then) > len(cells):
        sentences.append(
            f"{len(cells):,} areas are in both builds and are compared. {len(alone):,} are only in the later one, with "
            f"{people.loc[alone].sum():,.0f} people, and {len(then) - len(cells):,} only in the earlier one; they are "
            "not."
        )
    return cells, sentences


def _supports(snapshots: Sequence[Snapshot], parameters: Parameters) -> list[RegionSupport]:
    """Return each snapshot made ready; who competes is counted anew only where nothing tells it."""
    supports: list[RegionSupport] = []
    for snapshot in snapshots:
        known = dict(snapshot.competitors)
        if supports and not known and snapshot.zones is snapshots[len(supports) - 1].zones:
            before = snapshots[len(supports) - 1]
            known = known_competitors(supports[-1], _world(before), _world(snapshot))
        tables = (snapshot.network, snapshot.resources, snapshot.sessions, snapshot.zones)
        supports.append(prepare(*tables, parameters, snapshot.region_hash or None, known))
    return supports


def _surfaces(
    snapshots: Sequence[Snapshot],
    supports: Sequence[RegionSupport],
    needs: Needs,
    today: datetime.date | None,
    progress: Progress | None,
) -> tuple[list[pd.DataFrame], list[pd.DataFrame | None]]:
    """Return the surface of each snapshot, and those that were made from nothing (None for others).

    Those that differ little from a known one beside them are made of that; what is made first is the first build.
    """
    known = {at: one.surface for at, one in enumerate(snapshots) if one.surface is not None}
    made: list[pd.DataFrame | None] = [None] * len(snapshots)
    count, is_far = len(snapshots) - len(known), set[tuple[int, int]]()
    while len(known) < len(snapshots):
        share = None if progress is None else _part(progress, len(snapshots) - len(known), count)
        near = _next_to_known(snapshots, known, is_far)
        if near is not None:
            old, new = near
            one = snapshots[new]
            surface = rescored(known[old], supports[old], supports[new], one.zones, needs, one.date, share)
            if surface is None:
                is_far.add(near)
            else:
                known[new] = surface
            continue
        new = next(at for at in range(len(snapshots)) if at not in known)
        cells = cell_scores.populated_cells(snapshots[new].zones)
        known[new] = made[new] = cell_scores.score_cells(supports[new], cells, needs, snapshots[new].date, share, today)
    return [known[at] for at in range(len(snapshots))], made


def _next_to_known(
    snapshots: Sequence[Snapshot], known: Mapping[int, pd.DataFrame], is_far: set[tuple[int, int]]
) -> tuple[int, int] | None:
    """Return a known snapshot and one beside it that differs in places alone, if it isn't known to be too far."""
    for new in range(len(snapshots)):
        for old in (new - 1, new + 1):
            if new not in known and old in known and (old, new) not in is_far:
                one, other = snapshots[old], snapshots[new]
                same = one.zones is other.zones and one.date == other.date and one.sessions.equals(other.sessions)
                if same and one.network is other.network:
                    return old, new
    return None


def _reached(
    snapshot: Snapshot, support: RegionSupport, cells: pd.DataFrame, needs: Needs, asked: WhatIf
) -> Flags | None:
    """Return which cells have a place of the class in reach; None where that isn't asked for."""
    if asked.class_name is None:
        return None
    there = places_there(snapshot.resources, class_rule(support.parameters, asked.class_name), needs)
    return reached_within(support, cells, there, needs, asked.minutes, snapshot.date, asked.window)


def _world(snapshot: Snapshot) -> World:
    return World(snapshot.network, snapshot.resources, snapshot.sessions)


def _same_tables(snapshot: Snapshot, other: tuple[pd.DataFrame, pd.DataFrame]) -> bool:
    """Return whether places and sessions are the same in what the score reads of them."""
    return bool(as_read(snapshot.resources).equals(as_read(other[0])) and snapshot.sessions.equals(other[1]))


def _same_streets(one: Streets, other: Streets) -> bool:
    arrays, others = streets_to_arrays(one), streets_to_arrays(other)
    return arrays.keys() == others.keys() and all(_equal(arrays[name], others[name]) for name in arrays)


def _equal(one: NDArray[Any], other: NDArray[Any]) -> bool:
    are_floats = one.dtype.kind == other.dtype.kind == "f"
    return bool(np.array_equal(one, other, equal_nan=are_floats))


def _with_feed(network: Network, feed: Feed | None) -> Network:
    """Return the network with another timetable, or without any; itself where that is the same."""
    if feed is None:
        return network if network.feed is None else build_network(network.streets, None, network.time_zone)
    return with_feed(network, feed)


def _part(progress: Progress, left: int, count: int) -> Progress:
    return lambda share: progress((count - left + share) / count)
