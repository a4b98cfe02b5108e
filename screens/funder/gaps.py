"""What the funder's page keeps while it is open: surfaces, kinds of areas, and the dates that can be asked about."""

import datetime
from collections.abc import Callable

import geopandas as gpd
import streamlit as st

from geo.equity.areas import named_places
from geo.needs.needs import Needs
from geo.score.surface import populated_cells
from geo.timetables.feed import valid_stretches
from layers.surface import cell_shapes
from screens.funder import questions
from screens.funder.questions import Question, Surface, parameters
from screens.shared import regions
from screens.shared.words import Say
from sources.region import areas
from sources.region.ended import seen_on
from sources.region.model import Region
from sources.region.surface_store import kept_dates, make_surfaces


def first_date(region: Region, needs: Needs) -> datetime.date:
    """Return the day to begin with: today where the timetable holds on it, else the region's own.

    Where no surface is kept for that day, but for others on which the timetable holds, the nearest of these (of two the
    earlier), so that a map is there at once.
    """
    today = seen_on(region.facts)
    feed = region.network.feed
    usual = today if feed is None or holds(region, today) else region.facts.service_date
    kept = [date for date in kept_dates(region, needs, parameters().hash) if holds(region, date)]
    return usual if not kept or usual in kept else min(kept, key=lambda date: abs(date - usual))


def holds(region: Region, date: datetime.date) -> bool:
    """Return whether the timetable holds on a date; without one every date is fine."""
    feed = region.network.feed
    return feed is None or any(first <= date <= last for first, last in valid_stretches(feed))


def nearest_dates(region: Region, date: datetime.date) -> tuple[datetime.date, datetime.date]:
    """Return the last day before a gap between timetables, and the first one after it."""
    stretches = valid_stretches(region.network.feed) if region.network.feed else []
    before = max((last for _, last in stretches if last < date), default=date)
    return before, min((first for first, _ in stretches if first > date), default=date)


def surface(region: Region, question: Question) -> Surface | None:
    """Return the surface for a question; None if it was never worked out."""
    return _surface(region, question.profile, question.medication, question.date)


@st.cache_resource(
    max_entries=12, show_spinner=False, hash_funcs=regions.BY_HASH, validate=lambda kept: kept is not None
)
def _surface(region: Region, profile: str, medication: str, date: datetime.date) -> Surface | None:
    return questions.read_surface(region, Question(profile, medication, date, "total", 0, ""))


@st.cache_resource(max_entries=4, show_spinner=False, hash_funcs=regions.BY_HASH)
def shapes(region: Region, ids: tuple[str, ...]) -> gpd.GeoDataFrame:
    """Return the shapes of a region's populated cells, those with these ids."""
    cells = populated_cells(region.zones)
    return cell_shapes(cells[cells["id"].isin(ids)], region.outlines)


def work_out(region: Region, question: Question, profiles: tuple[str, ...], step: Callable[[float], None]) -> bool:
    """Work out and keep the surface for a question, for each of the profiles."""
    support = regions.support(region.facts.name)
    make_surfaces(region, support, question.needs, question.date, profiles, step)
    return True


def cell_count(region: Region) -> int:
    """Return how many small areas a surface of a region has."""
    return len(populated_cells(region.zones))


@st.cache_resource(max_entries=4, show_spinner=False, hash_funcs=regions.BY_HASH)
def level_names(region: Region) -> tuple[str, ...]:
    """Return the kinds of areas that a region can be looked at by."""
    return areas.level_names(region)


def cell_name(region: Region, surface: Surface, position: int, say: Say) -> str:
    """Return what a cell is called: its id, and the place it is near."""
    row = surface.table.iloc[[position]]
    name = say("gap_cell_id", name=row["id"].iloc[0])
    if named_places(region.basemap).empty:
        return name
    return f"{name}, {say('gap_near', place=areas.areas_of(region, 'place', row).iloc[0])}"
