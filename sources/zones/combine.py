"""Several zone files → one zones table, in which no person and no job is counted twice."""

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from geo.tables import PAY, RACES, SECTORS, WORKER_RACES, ZONES, conform
from sources.cleaning.bounds import Bounds
from sources.cleaning.report import Parsed, give_up

MEASURES: dict[str, tuple[str, ...]] = {
    "population": ("population",),
    "workers": ("workers", *(f"workers_{wage}_wage" for wage, _ in PAY), *(f"workers_{race}" for race in WORKER_RACES)),
    "need": ("need",),
    "jobs": ("jobs", *(f"jobs_{wage}_wage" for wage, _ in PAY), *SECTORS),
    "income": ("income_usd",),
    "race": tuple(f"people_{race}" for race in RACES),
}
"""What is counted in zones → the columns that say it."""
_JOINED = ("jobs", "workers", "population")
_OF_AREAS = {"block_groups": 12, "hardship": 11, "deaths": 5}
"""Tables by block group, tract and county → digits of a GEOID that name these, the closest first."""
_BLOCK = r"\d{15}"
_TOLD = ("counted_already", "Another file already tells how many people live here.")
_OUTSIDE = ("outside_region", "It lies outside the region.")


@dataclass(frozen=True)
class Zones:
    """The zones of a region, their outlines where published, and each file's rows after the choice."""

    zones: pd.DataFrame
    outlines: gpd.GeoDataFrame
    parts: tuple[Parsed, ...]


def combine(names: Sequence[str], parts: Sequence[Parsed], bounds: Bounds | None) -> Zones:
    """Return one table of zones from the files in the order in which they were given.

    LODES jobs and workers join outlines by GEOID (a block that LODES doesn't list has none), or stand on the
    crosswalk's points where no outline has their GEOIDs; so do residents, but for outlines that tell their own. Of
    each measure the first file that has it is used; a later file's is left out, and its rows that say nothing else
    are set aside (`counted_already`). Files of census blocks of which none is in two, as those of two counties, count
    as one. What lies outside the bounds is set aside last, after joining. What is told of a
    block group, tract or county holds for each of its blocks that tells nothing of its own; shares of races become
    people, of the block's residents.
    """
    done = list(parts)
    bases = _bases(parts, _by_geoid(parts))
    layers = _layers(bases)
    used_by: dict[int, set[str]] = {layer: set() for layer in layers}
    kept_zones, kept_outlines, outside = [], [], set[str]()
    for layer, (number, base) in zip(layers, bases, strict=True):
        used = {measure for other, measures in used_by.items() if other != layer for measure in measures}
        zones = _without(base, used)
        measured = {m for m, columns in MEASURES.items() if zones[list(columns)].notna().any(axis=None)}
        useful = (
            zones[[columns[0] for columns in MEASURES.values()]].notna().any(axis=1)
            if used
            else zones["zone_id"].notna()
        )
        inside = _inside(zones, bounds)
        outside |= set(zones.loc[~inside, "zone_id"])
        gone = dict.fromkeys(zones.loc[~inside, "zone_id"], _OUTSIDE)
        reason = f"Another file, given earlier, already tells the {' and '.join(sorted(used))} here."
        gone |= dict.fromkeys(zones.loc[~useful, "zone_id"], ("counted_already", reason))
        used_by[layer] |= measured
        kept = zones[useful & inside]
        kept_zones.append(kept)
        if number is not None:
            done[number] = give_up(parts[number], "zones", "zone_id", gone, names[number])
            if "outlines" in parts[number].tables:
                shapes = parts[number].tables["outlines"]
                kept_outlines.append(shapes[shapes["zone_id"].isin(kept["zone_id"])])
    table = pd.concat(kept_zones, ignore_index=True) if kept_zones else pd.DataFrame()
    table = conform(table, ZONES).sort_values("zone_id", kind="stable").reset_index(drop=True)
    table = _with_areas(table, parts)
    known = set(table["zone_id"])
    measured = _ids_that_tell(parts, "population")
    for number, part in enumerate(parts):
        for kind in _JOINED:
            if kind in part.tables:
                ids = part.tables[kind]["zone_id"]
                unknown = ("unknown_block", "No outline or crosswalk tells where this block is.")
                reasons = {i: _OUTSIDE if i in outside else unknown for i in ids[~ids.isin(known)]}
                if kind == "population":
                    reasons |= dict.fromkeys(ids[ids.isin(known & measured)], _TOLD)
                done[number] = give_up(part, kind, "zone_id", reasons, names[number])
        for kind, digits in _OF_AREAS.items():
            if kind in part.tables:
                ids = part.tables[kind]["zone_id"]
                here = set(table["zone_id"].str[:digits])
                gone = dict.fromkeys(ids[~ids.isin(here)], ("outside_region", "No block of the region lies in it."))
                done[number] = give_up(part, kind, "zone_id", gone, names[number])
    return Zones(table, _outlines(kept_outlines), tuple(done))


def _layers(bases: Sequence[tuple[int | None, pd.DataFrame]]) -> list[int]:
    """Return which files make one layer: those of census blocks that share none; any other is a layer of its own."""
    layers: list[int] = []
    blocks: dict[int, set[str]] = {}
    for position, (number, base) in enumerate(bases):
        ids = set(base["zone_id"])
        layer = position
        if number is not None and base["zone_id"].str.fullmatch(_BLOCK).all():
            layer = next((one for one, held in blocks.items() if held.isdisjoint(ids)), position)
            blocks[layer] = blocks.get(layer, set()) | ids
        layers.append(layer)
    return layers


def _by_geoid(parts: Sequence[Parsed]) -> pd.DataFrame:
    """Return jobs, workers and residents told by block, one row a block that any file lists, by `zone_id`."""
    every = []
    for kind in _JOINED:
        tables = [part.tables[kind] for part in parts if kind in part.tables]
        if tables:
            every.append(pd.concat(tables, ignore_index=True).drop_duplicates("zone_id").set_index("zone_id"))
    return pd.concat(every, axis=1).sort_index() if every else pd.DataFrame()


def _ids_that_tell(parts: Sequence[Parsed], measure: str) -> set[str]:
    """Return the ids of zones whose own file tells a measure."""
    tables = [part.tables["zones"] for part in parts if "zones" in part.tables]
    return {zone_id for table in tables if table[measure].notna().any() for zone_id in table["zone_id"]}


def _with_areas(table: pd.DataFrame, parts: Sequence[Parsed]) -> pd.DataFrame:
    """Return the zones with what is told of the block groups, tracts and counties that they lie in."""
    for kind, digits in _OF_AREAS.items():
        tables = [part.tables[kind] for part in parts if kind in part.tables]
        if tables:
            by_area = pd.concat(tables, ignore_index=True).drop_duplicates("zone_id").set_index("zone_id")
            of_zone = by_area.reindex(table["zone_id"].str[:digits]).set_axis(table.index)
            races = {f"people_{r}": f"{r}_percent" for r in RACES if f"{r}_percent" in of_zone}
            of_zone = of_zone.assign(**{n: of_zone[share] / 100 * table["population"] for n, share in races.items()})
            filled = {name: table[name].fillna(of_zone[name]) for name in table.columns if name in of_zone}
            table = conform(table.assign(**filled), ZONES)
    return table


def _bases(parts: Sequence[Parsed], by_geoid: pd.DataFrame) -> list[tuple[int | None, pd.DataFrame]]:
    """Return the number of the file and its zones, joined; a last one without number stands on the crosswalk."""
    bases: list[tuple[int | None, pd.DataFrame]] = []
    left = by_geoid
    for number, part in enumerate(parts):
        if "zones" not in part.tables:
            continue
        zones = part.tables["zones"]
        matched = zones["zone_id"].isin(left.index)
        if matched.any():
            zones = _join(zones, left)
            left = left[~left.index.isin(zones["zone_id"])]
        bases.append((number, zones))
    points = [part.tables["crosswalk"] for part in parts if "crosswalk" in part.tables]
    if points and len(left):
        crosswalk = pd.concat(points, ignore_index=True).drop_duplicates("zone_id")
        placed = conform(crosswalk[crosswalk["zone_id"].isin(left.index)], ZONES)
        if len(placed):
            bases.append((None, _join(placed, left)))
    return bases


def _join(zones: pd.DataFrame, by_geoid: pd.DataFrame) -> pd.DataFrame:
    """Return the zones with their numbers; zero jobs and workers where LODES covers the state but not the block."""
    joined = zones.copy()
    values = by_geoid.reindex(zones["zone_id"]).set_axis(zones.index)
    for column in by_geoid.columns:
        if column == "population":
            if zones[column].isna().all():
                joined[column] = values[column]
            continue
        known = by_geoid.index[by_geoid[column].notna()]
        covered = zones["zone_id"].str[:2].isin(set(known.str[:2]))
        joined[column] = values[column].where(values[column].notna() | ~covered, 0.0)
    return joined


def _without(zones: pd.DataFrame, used: set[str]) -> pd.DataFrame:
    blank = {column: float("nan") for measure in used for column in MEASURES[measure]}
    return zones.assign(**blank)


def _inside(zones: pd.DataFrame, bounds: Bounds | None) -> pd.Series:
    if bounds is None:
        return zones["zone_id"].notna()
    return zones["lon"].between(bounds.west, bounds.east) & zones["lat"].between(bounds.south, bounds.north)


def _outlines(kept: list[gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    if not kept:
        return gpd.GeoDataFrame({"zone_id": pd.Series(dtype="string")}, geometry=[], crs=4326)
    return gpd.GeoDataFrame(pd.concat(kept, ignore_index=True), crs=4326).sort_values("zone_id").reset_index(drop=True)
