"""The scenario that a reader puts together: its changes, kept for the visit, read from a file and written as one."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain, count
from pathlib import Path

import numpy as np
import pandas as pd
import streamlit as st

from geo.errors import RecoveryReachError
from geo.scenarios.changes import Change, PathAdded, PlaceAdded, Scenario
from geo.scenarios.toml_reader import scenario_from_toml
from geo.scenarios.toml_writer import in_file_order, scenario_toml
from geo.scenarios.world import World, apply_scenarios
from geo.spelling import plain_words
from geo.timetables.feed_tables import FeedTables, feed_tables
from layers.escaping import plain
from screens.funder import questions
from screens.shared import regions
from screens.shared.uploads import Upload
from screens.shared.words import Say
from sources.region.model import Region
from sources.region.scenario_files import check_not_in_water
from sources.region.street_source import street_source

CHANGES = "if_changes"
TITLE, COST, NOTE = "if_title", "if_cost", "if_note"
REFUSED = "if_refused"
_FIELDS_OF = "if_fields_of"
_NEW = "new-"
_LONGEST_NAME = 40
_RESERVED = re.compile(r"con|prn|aux|nul|com\d|lpt\d")
"""Names that Windows gives to devices, whatever their ending."""


@dataclass(frozen=True)
class Timetable:
    """What a reader chooses from: routes by the names that a scenario has for them, and stops.

    `stops`: `stop_id`, `name`, `lon`, `lat`; `pairs`: for each route the names of stops that follow each other.
    """

    routes: tuple[str, ...]
    stops: pd.DataFrame
    pairs: dict[str, tuple[tuple[str, str], ...]]


def changes(name: str) -> tuple[Change, ...]:
    """Return the changes to a region so far, in the order in which they are made."""
    kept = st.session_state.get(CHANGES)
    return kept[1] if kept is not None and kept[0] == name else ()


def keep(name: str, changed: Sequence[Change]) -> None:
    """Keep changes to a region instead of those so far."""
    st.session_state[CHANGES] = (name, in_file_order(changed))


def begin(name: str) -> None:
    """Let the fields of a region's scenario begin empty where they hold another region's."""
    if st.session_state.get(_FIELDS_OF) not in (None, name):
        st.session_state.update({TITLE: "", NOTE: "", COST: None})
    st.session_state[_FIELDS_OF] = name


def clear(name: str) -> None:
    """Take all changes away, and the note, which told of them."""
    keep(name, ())
    st.session_state[NOTE] = ""


def remove(name: str, number: int) -> None:
    """Take one change away."""
    keep(name, [one for place, one in enumerate(changes(name)) if place != number])


def scenario(name: str, say: Say) -> Scenario:
    """Return the scenario as it is so far; one without a name is called by the day's words for it."""
    title = str(st.session_state.get(TITLE) or "").strip() or say("if_untitled")
    return Scenario(title, changes(name), str(st.session_state.get(NOTE) or ""), st.session_state.get(COST))


def read(region: Region, upload: Upload) -> Scenario:
    """Return the scenario of a file.

    Raises
    ------
    InputError
        A key or value can't be used, or a new place would lie in water.
    """
    made = scenario_from_toml(upload.content, upload.name)
    check_not_in_water(made, region.basemap)
    return made


def take(region: Region, upload: Upload, say: Say) -> None:
    """Take the scenario of a file in place of the one so far; why it can't be is kept for the page to say."""
    try:
        made = read(region, upload)
    except RecoveryReachError as problem:
        st.session_state[REFUSED] = say.why(problem)
        return
    keep(region.facts.name, made.changes)
    st.session_state.update({TITLE: made.title, NOTE: made.note, COST: made.cost_usd})


def file_name(made: Scenario, others: Iterable[str] = ()) -> str:
    """Return what a scenario's file is called, by its title: a name for any system, and that no other file has."""
    words = re.sub(r"[^a-z0-9]+", "-", plain_words(made.title).lower())[:_LONGEST_NAME].strip("-") or "scenario"
    start = f"scenario-{words}" if _RESERVED.fullmatch(words) else words
    return _free_name(start, others)


def file_names(made: Scenario, others: Sequence[Upload]) -> tuple[str, ...]:
    """Return what a scenario's file is called, and the files of others; two different files have different names."""
    names: dict[Upload, str] = {}
    for one in others:
        if one not in names:
            name = plain(one.name)
            names[one] = _free_name(Path(name).stem, names.values()) if name in names.values() else name
    return file_name(made, names.values()), *(names[one] for one in others)


def _free_name(start: str, others: Iterable[str]) -> str:
    """Return the name of a scenario's file that begins so and that no other has, whatever its capitals."""
    taken = {name.casefold() for name in others}
    numbered = chain([f"{start}.toml"], (f"{start}-{number}.toml" for number in count(2)))
    return next(name for name in numbered if name.casefold() not in taken)


def as_file(made: Scenario) -> bytes:
    """Return a scenario as its file."""
    return scenario_toml(made).encode("utf-8")


def new_id(region: Region) -> str:
    """Return an id for one more place, which no other change and no place of the region has."""
    taken = {one.resource_id for one in changes(region.facts.name) if isinstance(one, PlaceAdded)}
    taken |= set(region.resources["resource_id"])
    return next(f"{_NEW}{number}" for number in count(1) if f"{_NEW}{number}" not in taken)


def check(region: Region, change: Change, whom: questions.Question) -> None:
    """Refuse a change that can't be made; streets are built again only when the whole is worked out.

    Raises
    ------
    InputError
        Why it can't be made.
    """
    alone = Scenario("", (change,))
    check_not_in_water(alone, region.basemap)
    if not isinstance(change, PathAdded):
        apply_scenarios(world(region), [alone], whom.date)


def world(region: Region) -> World:
    """Return what a scenario may change of a region."""
    return World(region.network, region.resources, region.sessions, partial(street_source, region))


@st.cache_resource(max_entries=4, show_spinner=False, hash_funcs=regions.BY_HASH)
def timetable(region: Region) -> Timetable:
    """Return the routes and stops of a region."""
    if region.network.feed is None:
        return Timetable((), pd.DataFrame({"stop_id": [], "name": [], "lon": [], "lat": []}), {})
    tables = feed_tables(region.network.feed)
    names = _route_names(tables)
    calls = tables.calls
    stop = tables.stops["name"].to_numpy(str)[calls["stop"].to_numpy()]
    follow = pd.DataFrame(
        {
            "route": names[calls["trip"].to_numpy()[:-1]],
            "one": stop[:-1],
            "other": stop[1:],
        }
    )[np.diff(calls["trip"].to_numpy()) == 0].drop_duplicates()
    follow = follow[follow["one"] != follow["other"]]
    pairs: dict[str, tuple[tuple[str, str], ...]] = {}
    for route, rows in follow.groupby("route", sort=False):
        once = {frozenset(pair): pair for pair in reversed(list(zip(rows["one"], rows["other"], strict=True)))}
        pairs[str(route)] = tuple(reversed(once.values()))
    routes = sorted(set(names), key=lambda name: (len(name), name))
    return Timetable(tuple(routes), tables.stops[["stop_id", "name", "lon", "lat"]], pairs)


def _route_names(tables: FeedTables) -> np.ndarray[tuple[int], np.dtype[np.str_]]:
    """Return the name by which a scenario knows the route of each trip: with its feed where several have it."""
    route = tables.trips["route"].astype(str)
    feed = tables.trips["service_id"].map(tables.services.set_index("service_id")["feed"]).astype(str)
    several = feed.groupby(route).transform("nunique") > 1
    names: np.ndarray[tuple[int], np.dtype[np.str_]] = route.where(~several, feed + ":" + route).to_numpy(str)
    return names
