"""Questions about gaps put to `geo`: of a kept surface, by area and group; and their names in words."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.equity import gaps
from geo.equity.areas import cells_inside, named_places
from geo.equity.curves import bands_by_group, concentration_curve, lorenz_curve
from geo.equity.evenness import Evenness, evenness
from geo.equity.inequality import Floats
from geo.needs.needs import Needs
from geo.score.parameters import Parameters, load_parameters
from geo.score.surface import populated_cells
from geo.tables import DIMENSIONS
from layers.basemap import Basemap
from layers.escaping import plain
from layers.surface import Ints, cell_shapes, shades
from screens.shared.reasons import class_name
from screens.shared.words import Say
from sources.cleaning.states import STATES
from sources.formats.store import file_digest
from sources.places.area_files import read_named_areas
from sources.region.areas import areas_of
from sources.region.model import Region
from sources.region.surface_store import kept_surface

MEDICATIONS = ("none", "methadone", "buprenorphine")
"""What the people asked about take; naltrexone asks for the same places as buprenorphine."""

NUMBERED = 10
"""So many areas of the table have their number on the map."""

OWN = "own"
"""The level of areas that come from a file."""


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
        return needs_of(self.profile, self.medication)


def needs_of(profile: str, medication: str) -> Needs:
    """Return what people need who get around by a profile and take a medication of `MEDICATIONS`."""
    return Needs(profile=profile, medications=() if medication == "none" else (medication,))


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

    `numbered`: where the first areas are, with their numbers in the table. `bands`, `lorenz` and `concentration` are
    those of `geo.equity.curves`, None where they can't be drawn. `members`: which `cell` lies in which `area_id`;
    `in_no_area`: people counted, but in none of the areas.
    """

    shade: Ints
    whole: dict[str, Any]
    areas: pd.DataFrame
    numbered: pd.DataFrame
    groups: pd.DataFrame
    spread: pd.DataFrame
    evenness: Evenness | None
    share_not_counted: float
    bands: pd.DataFrame
    lorenz: pd.DataFrame | None
    concentration: pd.DataFrame | None
    members: pd.DataFrame
    in_no_area: float


@dataclass(frozen=True)
class OwnAreas:
    """Areas of a file: its name and digest, `area_id` and polygons (EPSG:4326).

    `notes`: which were mended, cut or left out, as `sources.places.area_files` gives them; and `nobody`: those that no
    table has, since nobody in them is counted.
    """

    file: str
    sha256: str
    shapes: gpd.GeoDataFrame
    notes: Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class GapReport:
    """A question with its answer, and all that it is answered from; `own` areas where they come from a file."""

    region: Region
    land: Basemap
    surface: Surface
    answer: Answer
    question: Question
    own: OwnAreas | None = None


@cache
def parameters() -> Parameters:
    """Return the score's numbers by which all surfaces of funders are made."""
    return load_parameters()


def read_surface(region: Region, question: Question) -> Surface | None:
    """Return the surface that is kept for a question; None if it was never worked out."""
    kept = kept_surface(region, question.needs, question.date, parameters().hash)
    if kept is None:
        return None
    table, about = kept
    zones = region.zones.set_index("zone_id").reindex(table["id"]).reset_index()
    cells = populated_cells(region.zones)
    return Surface(table, about, zones, cell_shapes(cells[cells["id"].isin(set(table["id"]))], region.outlines))


def read_own_areas(path: Path, region: Region) -> OwnAreas:
    """Return the areas of a file that lie in a region; of those in which nobody is counted, a note.

    Raises
    ------
    InputError
        As `sources.places.area_files.read_named_areas`.
    """
    shapes, notes = read_named_areas(path, region.facts.bounds)
    cells = populated_cells(region.zones)
    population = region.zones.set_index("zone_id")["population"].reindex(cells["id"])
    counted = cells_inside(cells[(gaps.people_counted(population) > 0).to_numpy()], shapes)["area_id"]
    empty = [str(area) for area in shapes["area_id"][~shapes["area_id"].isin(counted)]]
    return OwnAreas(path.name, file_digest(path), shapes, {**notes, **({"nobody": empty} if empty else {})})


def measures(surface: Surface) -> list[str]:
    """Return what can be chosen: the total, the dimensions, and each class that these people need."""
    asked = {rule.name: rule.applies == "always" for rule in parameters().classes} | {"meetings": True}
    table = surface.table
    return [
        "total",
        *DIMENSIONS,
        *(f"class_{name}" for name, usual in asked.items() if usual or table[f"class_{name}"].notna().any()),
    ]


def dimension_of(measure: str) -> str:
    """Return the dimension of a class (`class_<name>`)."""
    name = measure.removeprefix("class_")
    return next((rule.dimension for rule in parameters().classes if rule.name == name), "community")


def answer(region: Region, surface: Surface, question: Question, own: OwnAreas | None = None) -> Answer:
    """Return the gaps of a surface, by the question's level of areas, or (level `OWN`) by those of a file."""
    table, zones, measure, below = surface.table, surface.zones, question.measure, question.threshold
    members = members_of(region, table, question.level, own)
    first = members.drop_duplicates("cell").set_index("cell")["area_id"].reindex(range(len(table)), fill_value="")
    cell, names = members["cell"].to_numpy(), members["area_id"]
    by_area = gaps.gaps_by_area(table.iloc[cell], zones["population"].iloc[cell], names, parameters(), measure, below)
    by_area["near"] = _near(region, table, question.level, first, by_area["area_id"])
    counted = gaps.people_counted(zones["population"])
    lorenz, concentration = _curves(table[measure].to_numpy(dtype=np.float64), counted.to_numpy(), zones)
    return Answer(
        shade=shades(table[measure].to_numpy(dtype=np.float64), gaps.nothing_in_reach(table, measure, parameters())),
        whole=gaps.gap_of_all(table, zones["population"], parameters(), measure, below),
        areas=by_area,
        numbered=_numbered(table.iloc[cell], zones.iloc[cell], names, by_area),
        groups=gaps.left_out(table, zones, measure, below),
        spread=gaps.spread(table, zones["population"], measure),
        evenness=evenness(table, zones, first, measure),
        share_not_counted=gaps.share_left_out(zones["population"]),
        bands=bands_by_group(table, zones, measure),
        lorenz=lorenz,
        concentration=concentration,
        members=members,
        in_no_area=gaps.people_in_no_area(zones["population"], members),
    )


def members_of(region: Region, cells: pd.DataFrame, level: str, own: OwnAreas | None) -> pd.DataFrame:
    """Return which `cell` (position) lies in which `area_id`; of areas of a file, none, one or several."""
    if own is not None and level == OWN:
        return cells_inside(cells, own.shapes)
    return pd.DataFrame({"cell": range(len(cells)), "area_id": areas_of(region, level, cells).to_numpy()})


def _near(region: Region, table: pd.DataFrame, level: str, areas: pd.Series, wanted: pd.Series) -> "pd.Series | str":
    """Return the place that each area is near; empty where its own name says it."""
    places = named_places(region.basemap)
    if len(places) < 2 or level in ("place", OWN):
        return ""
    near = areas_of(region, "place", table)
    return wanted.map(near.groupby(areas.to_numpy()).agg(lambda names: names.mode().iloc[0]))


def _curves(values: Floats, people: Floats, zones: pd.DataFrame) -> tuple[pd.DataFrame | None, pd.DataFrame | None]:
    """Return the Lorenz curve and the concentration curve, None for each that nobody enters."""
    ranked = gaps.ranking(zones)
    rank = np.full(len(values), np.nan) if ranked is None else ranked[1].to_numpy(dtype=np.float64)
    known = (people > 0) & ~np.isnan(values)
    lorenz = lorenz_curve(values, people) if known.any() else None
    poor_first = concentration_curve(values, people, rank) if (known & ~np.isnan(rank)).any() else None
    return lorenz, poor_first


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
    if level == "zip":
        return say("gap_zip", code=area)
    return say("gap_square", name=area) if level == "grid" else plain(area)


def _tract(area: str) -> str:
    """Return a tract's number as the Census writes it: 000102 is 1.02."""
    whole, part = int(area[5:9]), area[9:11]
    return str(whole) if part == "00" else f"{whole}.{part}"
