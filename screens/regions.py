"""Regions as the screens see them: opened once for everybody, described in a few facts, drawn as a basemap.

A region is public data and the same for all who visit, so it may be kept in a shared cache; nothing about a visit ever is.
"""

import datetime
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from geo.errors import InputError, RecoveryReachError
from layers import basemap
from sources.region import Region, list_regions, open_region


@dataclass(frozen=True)
class About:
    """What a screen says about a region."""

    title: str
    fictional: bool
    bounds: tuple[float, float, float, float]  # west, south, east, north
    fetched_on: str
    service: tuple[datetime.date, datetime.date] | None
    sources: tuple[tuple[str, str], ...]  # title, licence


def names() -> list[str]:
    """Return the regions on this machine, in order."""
    return [str(name) for name in list_regions()]


@st.cache_resource(max_entries=4, show_spinner=False)
def opened(name: str) -> Region:
    """Return a region, read from disk the first time."""
    return open_region(name)


@st.cache_resource(max_entries=4, show_spinner=False)
def land(name: str) -> basemap.Basemap:
    """Return what can be drawn of a region."""
    region = opened(name)
    return basemap.build_basemap(region.network.streets, region.features)


@st.cache_resource(max_entries=40, show_spinner=False)
def drawing(name: str, zoom: int) -> basemap.Drawing:
    """Return one zoom level of a region's basemap."""
    return basemap.at_zoom(land(name), zoom)


def basemap_tile(name: str, digest: str, zoom: int, x: int, y: int) -> bytes:
    """Return one tile of a region's basemap.

    Raises
    ------
    RecoveryReachError
        There is no such region, or no such tile.
    """
    if name not in names() or digest != land(name).digest:
        raise InputError("There is no such basemap; reload the page.")
    if not (basemap.MIN_ZOOM <= zoom <= basemap.MAX_ZOOM and 0 <= x < 2**zoom and 0 <= y < 2**zoom):
        raise InputError(f"The basemap has no tile {zoom}/{x}/{y}.")
    return basemap.tile(drawing(name, zoom), x, y)
