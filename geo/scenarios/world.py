"""A region's tables with scenarios written into them, made ready for scoring; what is the same is not made anew."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import InputError
from geo.scenarios.changes import LineAdded, PathAdded, RouteChange, Scenario, StopAdded
from geo.scenarios.lines import add_line
from geo.scenarios.paths import StreetSource, lay_path
from geo.scenarios.places import change_place, with_free_ids
from geo.scenarios.routes import change_route
from geo.scenarios.stops import add_stop
from geo.score.parameters import ClassRule
from geo.score.support import RegionSupport, prepare
from geo.tables import RESOURCES, SESSIONS, conform
from geo.timetables.feed_tables import FeedTables, feed_from_tables, feed_tables
from geo.travel.network import Network, build_network, with_feed


@dataclass(frozen=True)
class World:
    """What a scenario may change of a region: its network, and the tables RESOURCES and SESSIONS.

    `source` gives what the streets were built from, which is read where a path is laid; None where that isn't known.
    """

    network: Network
    resources: pd.DataFrame
    sessions: pd.DataFrame
    source: Callable[[], StreetSource] | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True)
class Changed:
    """A world with scenarios in it, and a sentence on each change."""

    world: World
    sentences: tuple[str, ...]


def apply_scenarios(world: World, scenarios: Sequence[Scenario], date: datetime.date | None = None) -> Changed:
    """Return the world with scenarios written into it, one after the other; sentences count trips on the date.

    Raises
    ------
    InputError
        A change can't be made; the sentence names the scenario, and what is not there or can't be used.

    Examples
    --------
    >>> world = World(region.network, region.resources, region.sessions)
    >>> apply_scenarios(world, [Scenario("As it is", ())]).world is world
    True
    """
    sentences: list[str] = []
    for scenario in scenarios:
        try:
            world, told = _applied(world, scenario, date)
        except InputError as problem:
            if not scenario.title:  # a change alone, which nobody has given a name
                raise
            sentence = "Scenario {title!r}: {problem}"
            raise type(problem)(sentence, title=scenario.title, problem=problem) from None
        sentences += told
    return Changed(world, tuple(sentences))


def _applied(world: World, scenario: Scenario, date: datetime.date | None) -> tuple[World, list[str]]:
    resources, sessions, sentences = world.resources, world.sessions, list[str]()
    streets, source, tables = world.network.streets, None, None
    for change in with_free_ids(scenario.changes, resources):
        if isinstance(change, RouteChange):
            tables, sentence = change_route(tables or _tables(world.network), change, date)
        elif isinstance(change, StopAdded):
            tables, sentence = add_stop(streets, tables or _tables(world.network), change, date)
        elif isinstance(change, LineAdded):
            tables, sentence = add_line(streets, tables or _tables(world.network), change, world.network.time_zone)
        elif isinstance(change, PathAdded):
            if world.source is None:
                raise InputError("It isn't known what the region's streets were built from, so no path can be added.")
            streets, source, sentence = lay_path(streets, source or world.source(), change)
        else:
            resources, sessions, sentence = change_place(streets, resources, sessions, change, world.network.time_zone)
        sentences.append(sentence)
    if resources is not world.resources:
        resources, sessions = conform(resources, RESOURCES), conform(sessions, SESSIONS)
    if not scenario.changes:
        return world, sentences
    network = world.network if tables is None else with_feed(world.network, feed_from_tables(tables))
    if source is None:
        return World(network, resources, sessions, world.source), sentences
    laid = source
    rebuilt = build_network(streets, network.feed, network.time_zone)
    return World(rebuilt, resources, sessions, lambda: laid), sentences


def _tables(network: Network) -> FeedTables:
    if network.feed is None:
        raise InputError("The region has no timetable, so no route can change; build it with --gtfs.")
    return feed_tables(network.feed)


def support_of(before: RegionSupport, world: World, zones: pd.DataFrame, changed: World) -> RegionSupport:
    """Return a changed world made ready for scoring, as `geo.score.support.prepare` of it would.

    Parameters
    ----------
    before, world
        The region as it is, made ready, and its tables.
    zones
        The ZONES table.
    changed
        From `apply_scenarios`.

    Returns
    -------
    RegionSupport
        `before` itself where nothing is different. Who competes for beds and jobs is counted anew only where places
        of that class are different: on streets, which no change of a route touches.
    """
    same_tables = changed.resources is world.resources and changed.sessions is world.sessions
    if changed.network is world.network and same_tables:
        return before
    return prepare(
        changed.network,
        changed.resources,
        changed.sessions,
        zones,
        before.parameters,
        competitors=known_competitors(before, world, changed),
        proposed=_proposed(world.resources, changed.resources),
        measured_by=before,
    )


def known_competitors(before: RegionSupport, world: World, changed: World) -> dict[str, NDArray[np.float64]]:
    """Return who competes, by class, where neither streets nor the class's places are different.

    People are the same in both.
    """
    if changed.network.streets is not world.network.streets:
        return {}
    return {
        rule.name: before.rivals[rule.name].competitors
        for rule in before.parameters.classes
        if rule.name in before.rivals
        and (not rule.categories or _points(world.resources, rule).equals(_points(changed.resources, rule)))
    }


_COMPETING = ("category", "lon", "lat", "beds", "genders", "attendance")


def _proposed(before: pd.DataFrame, after: pd.DataFrame) -> list[str]:
    """Return the ids of places that are new, or that are something else, elsewhere, for others or of another size."""
    known, now = (
        pd.MultiIndex.from_frame(table[["resource_id", *_COMPETING]].astype("string").fillna(""))
        for table in (before, after)
    )
    there = now.isin(known)
    return [str(one) for one in after["resource_id"][~there]]


def _points(resources: pd.DataFrame, rule: ClassRule) -> pd.DataFrame:
    """Return where the places of a class are, in the order of their ids."""
    own = resources[resources["category"].isin(rule.categories) & (resources["attendance"].fillna("") != "online")]
    return own[["resource_id", "lon", "lat"]].sort_values("resource_id", ignore_index=True)
