"""Regions as the screens see them: opened once for everybody, described in a few facts, drawn as a basemap.

A region is public data and the same for all who visit, so it may be kept in a shared cache; nothing about a
visit ever is. What is kept goes with the region's hash: one that is built again while the app runs is opened anew.
"""

import contextlib
import importlib
import logging
from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from geo.errors import InputError, RecoveryReachError
from geo.nearby.places import Nearby, nearby
from geo.score.support import RegionSupport
from layers import basemap
from layers.map import starting_zoom
from screens.shared import near_lists, near_me, queries
from screens.shared.priority import let_others_first
from screens.shared.verified import verified_texts
from screens.shared.words import Say
from sources.region import list_regions, open_region, region_facts, unreadable_regions
from sources.region.ended import seen_on
from sources.region.model import Region

_log = logging.getLogger(__name__)

BY_HASH: dict[str | type[Any], Callable[[Any], Any]] = {
    Region: lambda region: (region.facts.name, region.facts.region_hash)
}
"""How regions are told apart in a cache, as Streamlit's `hash_funcs`."""


def _is_current(region: Region) -> bool:
    """Return whether a region is still the one on the disk."""
    with contextlib.suppress(RecoveryReachError):
        return region_facts(region.facts.name).region_hash == region.facts.region_hash
    return False


@st.cache_resource(max_entries=4, show_spinner=False, validate=_is_current)
def opened(name: str) -> Region:
    """Return a region, read from disk the first time and when it was built again."""
    return open_region(name)


def support(name: str) -> RegionSupport:
    """Return what the score needs of a region, made ready the first time."""
    return opened(name).support


def places_nearby(name: str) -> Nearby:
    """Return a region's places and sessions, ready to be asked what is near at an hour."""
    return _places_nearby(opened(name))


@st.cache_resource(max_entries=4, show_spinner=False, hash_funcs=BY_HASH)
def _places_nearby(region: Region) -> Nearby:
    return nearby(region.resources, region.sessions)


@st.cache_resource(max_entries=8, show_spinner=False, hash_funcs=BY_HASH)
def described(region: Region, say: Say) -> pd.DataFrame:
    """Return what is said of a region's places, as `queries.described`."""
    return queries.described(region, say)


@st.cache_resource(max_entries=8, show_spinner=False, hash_funcs=BY_HASH)
def verified(region: Region, say: Say) -> list[str]:
    """Return when each kind of a region's data was last verified, as `verified.verified_texts`."""
    return verified_texts(region.resources, say, seen_on(region.facts))


def land(name: str) -> basemap.Basemap:
    """Return what can be drawn of a region."""
    return _land(opened(name))


@st.cache_resource(max_entries=4, show_spinner=False, hash_funcs=BY_HASH)
def _land(region: Region) -> basemap.Basemap:
    return basemap.build_basemap(region.network.streets, region.basemap)


def drawing(name: str, zoom: int) -> basemap.Drawing:
    """Return one zoom level of a region's basemap."""
    return _drawing(opened(name), zoom)


@st.cache_resource(max_entries=40, show_spinner=False, hash_funcs=BY_HASH)
def _drawing(region: Region, zoom: int) -> basemap.Drawing:
    return basemap.at_zoom(_land(region), zoom)


def first_region(name: str | None) -> str | None:
    """Return the region that a visitor sees first: the one asked for if there is one, else the first by name."""
    names = [facts.name for facts in list_regions()]
    return name if name in names else next(iter(names), None)


def ready(name: str | None) -> None:
    """Load what the first map needs, so that the first visitor doesn't wait for it; what is wrong shows on the page."""
    for slow in ("folium.plugins", "streamlit.emojis"):  # the first visit would import them, in about half a second
        importlib.import_module(slow)
    for damaged in unreadable_regions():
        _log.warning("The region.json of the region %s is damaged; it is made again from the raw files.", damaged)
        with contextlib.suppress(RecoveryReachError):
            open_region(damaged)
    with contextlib.suppress(RecoveryReachError):
        chosen = first_region(name)
        if chosen is None:
            return
        region = opened(chosen)
        drawing(chosen, starting_zoom(queries.view(region)))
        described(region, Say("en"))


def warm(name: str | None) -> None:
    """Ask a region one question by each mode and draw its other zooms, so that no visitor waits for a first time."""
    with contextlib.suppress(RecoveryReachError):
        chosen = first_region(name)
        if chosen is None:
            return
        region = opened(chosen)
        middle = queries.middle_place(region)
        queries.ask_score(region, support(chosen), middle)
        for mode in ("transit", "walk", "bike"):
            queries.ask_reach(region, middle, mode)
        asked = near_me.Question(middle, queries.modes(region)[0], near_me.moment(region))
        near_lists.ask(region, places_nearby(chosen), asked, "now")
        for zoom in range(basemap.MIN_ZOOM, basemap.MAX_ZOOM + 1):
            let_others_first()
            drawing(chosen, zoom)


def basemap_tile(name: str, digest: str, zoom: int, x: int, y: int) -> bytes:
    """Return one tile of a region's basemap.

    Raises
    ------
    RecoveryReachError
        There is no such region, or no such tile.
    """
    if digest != land(name).digest:
        raise InputError("There is no such basemap; reload the page.")
    if not (basemap.MIN_ZOOM <= zoom <= basemap.MAX_ZOOM and 0 <= x < 2**zoom and 0 <= y < 2**zoom):
        raise InputError(f"The basemap has no tile {zoom}/{x}/{y}.")
    return basemap.tile(drawing(name, zoom), x, y)
