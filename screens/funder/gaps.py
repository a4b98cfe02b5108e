"""Questions of the funder's page put to `geo`: a kept surface, its gaps by area and group, and their names in words."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import streamlit as st

from geo.equity import gaps
from geo.equity.areas import area_ids, levels
from geo.equity.evenness import Evenness, evenness
from geo.needs.needs import Needs
from geo.score.parameters import Parameters, load_parameters
from geo.score.surface import populated_cells
from geo.tables import DIMENSIONS
from layers.escaping import plain
from layers.surface import Ints, cell_shapes, shades
from screens.shared import regions
from screens.shared.reasons import class_name
from screens.shared.words import Say
from sources.region.model import Region
from sources.region.surface_store import kept_surface, make_surfaces
from sources.zones.states import STATES

MEDICATIONS = ("none", "methadone", "buprenorphine")
"""What the people asked about take; naltrexone asks for the same places as buprenorphine."""

NUMBERED = 10
"""So many areas of the table have their number on the map."""
SETTLEMENTS = ("city", "town", "village", "hamlet", "borough", "suburb", "quarter", "neighbourhood")
"""Places of the map that people say they live in; not counties or states."""


@dataclass(frozen=True)
class Question:
    """What a view of the page asks: for whom, on which day, which number, below what, by which kind of area."""

    profile: str
    medication: str
    date: datetime.date
    measure: str
    threshold: int
    level: str

    @property
    def needs(self) -> Needs:
        """What these people need."""
        return Needs(profile=self.profile, medications=() if self.medication == "none" else (self.medication,))


@dataclass(frozen=True)
class Surface:
    """A kept surface with what lies beside it: the zones and shapes of its cells, in its order, and its document."""

    table: pd.DataFrame
    about: dict[str, Any]
    zones: pd.DataFrame
    shapes: gpd.GeoDataFrame


@dataclass(frozen=True)
class Answer:
    """The gaps of a surface: of all, by area, group and ten points; how even it is, and who isn't counted.

    `numbered`: where the first areas are, with their numbers in the table.
    """

    shade: Ints
    whole: dict[str, Any]
    areas: pd.DataFrame
    numbered: pd.DataFrame
    groups: pd.DataFrame
    spread: pd.DataFrame
    evenness: Evenness | None
    share_not_counted: float


@st.cache_resource(max_entries=1, show_spinner=False)
def parameters() -> Parameters:
    """Return the score's numbers by which all surfaces of the page are made."""
    return load_parameters()


def surface(region: Region, question: Question) -> Surface | None:
    """Return the surface for a question; None if it was never worked out."""
    return _surface(region, question.profile, question.medication, question.date)


@st.cache_resource(
    max_entries=12, show_spinner=False, hash_funcs=regions.BY_HASH, validate=lambda kept: kept is not None
)
def _surface(region: Region, profile: str, medication: str, date: datetime.date) -> Surface | None:
    needs = Question(profile, medication, date, "total", 0, "").needs
    kept = kept_surface(region, needs, date, parameters().hash)
    if kept is None:
        return None
    table, about = kept
    zones = region.zones.set_index("zone_id").reindex(table["id"]).reset_index()
    return Surface(table, about, zones, _shapes(region, tuple(table["id"])))


@st.cache_resource(max_entries=4, show_spinner=False, hash_funcs=regions.BY_HASH)
def _shapes(region: Region, ids: tuple[str, ...]) -> gpd.GeoDataFrame:
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


def measures(surface: Surface) -> list[str]:
    """Return what can be chosen: the total, the dimensions, and each class that these people need."""
    asked = {rule.name: rule.applies == "always" for rule in parameters().classes} | {"meetings": True}
    table = surface.table
    return [
        "total",
        *DIMENSIONS,
        *(f"class_{name}" for name, usual in asked.items() if usual or table[f"class_{name}"].notna().any()),
    ]


@st.cache_resource(max_entries=4, show_spinner=False, hash_funcs=regions.BY_HASH)
def level_names(region: Region) -> tuple[str, ...]:
    """Return the kinds of areas that a region can be looked at by."""
    return levels(region.zones["zone_id"].tolist(), named_places(region))


def named_places(region: Region) -> pd.DataFrame:
    """Return the towns and neighbourhoods that the region's map names: `name`, `lon`, `lat`."""
    features = region.basemap
    named = features[(features["kind"] == "place") & features["name"].notna() & features["place"].isin(SETTLEMENTS)]
    return pd.DataFrame({"name": named["name"].astype("string"), "lon": named["lon"], "lat": named["lat"]})


def cell_name(region: Region, surface: Surface, position: int, say: Say) -> str:
    """Return what a cell is called: its id, and the place it is near."""
    row, places = surface.table.iloc[[position]], named_places(region)
    name = say("gap_cell_id", name=row["id"].iloc[0])
    return f"{name}, {say('gap_near', place=area_ids(row, 'place', places).iloc[0])}" if len(places) else name


def answer(region: Region, surface: Surface, question: Question) -> Answer:
    """Return the gaps of a surface."""
    table, zones, measure, below = surface.table, surface.zones, question.measure, question.threshold
    places = named_places(region)
    areas = area_ids(table, question.level, places)
    by_area = gaps.gaps_by_area(table, zones["population"], areas, parameters(), measure, below)
    if len(places) > 1 and question.level != "place":
        near = area_ids(table, "place", places)
        by_area["near"] = by_area["area_id"].map(near.groupby(areas).agg(lambda names: names.mode().iloc[0]))
    else:
        by_area["near"] = ""
    return Answer(
        shade=shades(table[measure].to_numpy(dtype=np.float64), gaps.nothing_in_reach(table, measure, parameters())),
        whole=gaps.gap_of_all(table, zones["population"], parameters(), measure, below),
        areas=by_area,
        numbered=_numbered(table, zones, areas, by_area),
        groups=gaps.left_out(table, zones, measure, below),
        spread=gaps.spread(table, zones["population"], measure),
        evenness=evenness(table, zones, areas, measure),
        share_not_counted=gaps.share_left_out(zones["population"]),
    )


def _numbered(table: pd.DataFrame, zones: pd.DataFrame, areas: pd.Series, by_area: pd.DataFrame) -> pd.DataFrame:
    """Return where the first areas of the table are, with their numbers in it."""
    first = by_area.loc[by_area["people_below"] > 0, "area_id"].head(NUMBERED).tolist()
    places = gaps.centers(table, zones["population"], areas, first)
    return places.assign(label=[str(first.index(area) + 1) for area in places["area_id"]])


def measure_name(measure: str, say: Say) -> str:
    """Return what a column of the surface is called."""
    if measure.startswith("class_"):
        return class_name(measure.removeprefix("class_"), say)
    return say("gap_total") if measure == "total" else say(measure)


def area_name(area: str, level: str, say: Say) -> str:
    """Return what an area is called: a place by its name, a census area by its number."""
    if level == "tract":
        return say("gap_tract", number=_tract(area))
    if level == "block_group":
        return say("gap_block_group", number=area[11], tract=_tract(area))
    if level == "county":
        state = STATES.get(area[:2])
        return say("gap_county", number=f"{area[2:]}, {state[1]}" if state else area)
    return say("gap_square", name=area) if level == "grid" else plain(area)


def _tract(area: str) -> str:
    """Return a tract's number as the Census writes it: 000102 is 1.02."""
    whole, part = int(area[5:9]), area[9:11]
    return str(whole) if part == "00" else f"{whole}.{part}"
