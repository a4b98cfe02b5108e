"""Regions as the screens see them: opened once for everybody, described in a few facts, drawn as a basemap.

A region is public data and the same for all who visit, so it may be kept in a shared cache; nothing about a
visit ever is.
"""

import contextlib
import importlib

import streamlit as st

from geo.errors import InputError, RecoveryReachError
from geo.nearby import Nearby, nearby
from geo.score import Support
from layers import basemap
from layers.map import starting_zoom
from screens import answers
from screens.words import Say
from sources.region import Region, list_regions, open_region


@st.cache_resource(max_entries=4, show_spinner=False)
def opened(name: str) -> Region:
    """Return a region, read from disk the first time."""
    return open_region(name)


@st.cache_resource(max_entries=4, show_spinner=False)
def support(name: str) -> Support:
    """Return what the score needs of a region, made ready the first time."""
    return opened(name).support


@st.cache_resource(max_entries=4, show_spinner=False)
def places_nearby(name: str) -> Nearby:
    """Return a region's places and sessions, ready to be asked what is near at an hour."""
    region = opened(name)
    return nearby(region.resources, region.sessions)


@st.cache_resource(max_entries=4, show_spinner=False)
def land(name: str) -> basemap.Basemap:
    """Return what can be drawn of a region."""
    region = opened(name)
    return basemap.build_basemap(region.network.streets, region.basemap)


@st.cache_resource(max_entries=40, show_spinner=False)
def drawing(name: str, zoom: int) -> basemap.Drawing:
    """Return one zoom level of a region's basemap."""
    return basemap.at_zoom(land(name), zoom)


def first_region(name: str | None) -> str | None:
    """Return the region that a visitor sees first: the one asked for if there is one, else the first by name."""
    names = [facts.name for facts in list_regions()]
    return name if name in names else next(iter(names), None)


def ready(name: str | None) -> None:
    """Load what the first map needs, so that the first visitor doesn't wait for it; what is wrong shows on the page."""
    for slow in ("folium.plugins", "streamlit.emojis"):  # the first visit would import them, in about half a second
        importlib.import_module(slow)
    with contextlib.suppress(RecoveryReachError):
        chosen = first_region(name)
        if chosen is None:
            return
        region = opened(chosen)
        drawing(chosen, starting_zoom(answers.view(region)))
        answers.listing(region, None, None, Say("en"))


def warm(name: str | None) -> None:
    """Ask a region one question by each mode and draw its other zooms, so that no visitor waits for a first time."""
    with contextlib.suppress(RecoveryReachError):
        chosen = first_region(name)
        if chosen is None:
            return
        region = opened(chosen)
        for mode in ("transit", "walk", "bike"):
            answers.ask(region, support(chosen), answers.middle_place(region), mode)
        places_nearby(chosen)
        for zoom in range(basemap.MIN_ZOOM, basemap.MAX_ZOOM + 1):
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
