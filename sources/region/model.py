"""An open region and the facts that region.json tells of it."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from geo.countries import country_of
from geo.dates import local_date
from geo.timetables.ended import ended_sentence, has_ended
from sources.cleaning.bounds import Bounds
from sources.formats.store import read_arrays, read_document, read_table
from sources.region.resource_table import read_places

if TYPE_CHECKING:
    import geopandas as gpd

    from geo.score.support import RegionSupport
    from geo.streets.networkx_graph import OsmOrigin
    from geo.travel.network import Network


@dataclass(frozen=True)
class RegionFacts:
    """What region.json tells of a region.

    `service_dates`: first and last day of its timetables; `last_day`: that of those which hold on the region's own
    date (`geo.timetables.ended.last_day`); `place` as in `place_lookup.Place.as_dict`, where it was named.
    """

    name: str
    title: str
    fictional: bool
    bounds: Bounds
    crs: str
    time_zone: str
    slopes: bool
    service_dates: tuple[datetime.date, datetime.date] | None
    last_day: datetime.date | None
    chosen_date: datetime.date | None
    built_on: str
    region_hash: str
    totals: Mapping[str, int]
    sources: tuple[Mapping[str, Any], ...]
    place: Mapping[str, Any] | None

    @property
    def service_date(self) -> datetime.date:
        """The date to use where none is asked for: the region's own, or today there where it has no timetable."""
        return self.chosen_date or local_date(self.time_zone)

    @property
    def country(self) -> str:
        """Its country's two letters in lower case: by its time zone, else as its place was named; empty if unknown."""
        named = str((self.place or {}).get("country") or "")
        return country_of(self.time_zone) or (named if len(named) == 2 else "")

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        bounds = self.bounds
        return {
            "name": self.name,
            "title": self.title,
            "fictional": self.fictional,
            "bounds": [bounds.west, bounds.south, bounds.east, bounds.north],
            "crs": self.crs,
            "time_zone": self.time_zone,
            "service_dates": [day.isoformat() for day in self.service_dates] if self.service_dates else None,
            "service_date": self.chosen_date.isoformat() if self.chosen_date else None,
            "built_on": self.built_on,
            "region_hash": self.region_hash,
            "slopes": self.slopes,
            "totals": dict(self.totals),
            "place": self.place,
            "sources": [dict(source) for source in self.sources],
            "limits": {"timetable": self.timetable_limit},
        }

    @property
    def timetable_limit(self) -> str | None:
        """The sentence on a timetable that has ended; a fictional one never does."""
        return None if self.fictional else ended_sentence(has_ended(self.last_day, self.time_zone))

    def lines(self) -> list[str]:
        """Return the facts as lines for people."""
        dates = "no timetable"
        if self.service_dates:
            dates = f"timetable valid {self.service_dates[0]} to {self.service_dates[1]}, default {self.service_date}"
        totals = ", ".join(f"{value:,} {name}" for name, value in self.totals.items())
        return [
            f"{self.title} ({self.name}){' — fictional' if self.fictional else ''}",
            f"built {self.built_on}; {self.time_zone}; {dates}; slopes {'' if self.slopes else 'not '}counted",
            totals,
            *([ended] if (ended := self.timetable_limit) else []),
            *(_source_line(source) for source in self.sources),
        ]


@dataclass(frozen=True)
class Region:
    """An open region; each part is read when it is first asked for.

    `rebuilt` names what was found damaged and was made again; `spoiled` the raw files that are damaged, from which
    nothing can be made again until they are fetched or given anew; `is_renewed` says that all of it was made again, for
    another version of this software had written it.
    """

    facts: RegionFacts
    folder: Path
    rebuilt: tuple[str, ...] = field(default=())
    spoiled: tuple[str, ...] = field(default=())
    is_renewed: bool = False

    @cached_property
    def network(self) -> "Network":
        """Streets, timetable and the links between them."""
        from sources.region.network_store import network_from_arrays

        return network_from_arrays(read_arrays(self.folder / "network"))

    @cached_property
    def resources(self) -> pd.DataFrame:
        """The RESOURCES table."""
        return read_places(self.folder / "resources.parquet")

    def osm_origin(self) -> "OsmOrigin | None":
        """Return which OpenStreetMap objects the streets were made of; None where the raw extract can't tell."""
        from geo.streets.networkx_graph import osm_origin
        from sources.networks.osm import read_streets

        recipe = read_document(self.folder / "raw" / "recipe.json") or {"inputs": []}
        for entry in recipe["inputs"]:
            if entry["role"] == "osm" and entry["file"] not in self.spoiled and (self.folder / entry["file"]).is_file():
                return osm_origin(self.network.streets, read_streets(self.folder / entry["file"]))
        return None

    @cached_property
    def sessions(self) -> pd.DataFrame:
        """The SESSIONS table."""
        return read_table(self.folder / "sessions.parquet")

    @cached_property
    def zones(self) -> pd.DataFrame:
        """The ZONES table."""
        return read_table(self.folder / "zones.parquet")

    @cached_property
    def exposure(self) -> pd.DataFrame:
        """The EXPOSURE table, which no score may use."""
        return read_table(self.folder / "exposure.parquet")

    @cached_property
    def openings(self) -> pd.DataFrame:
        """The OPENINGS table: jobs on offer, which no score may use."""
        return read_table(self.folder / "openings.parquet")

    @cached_property
    def gazetteer(self) -> pd.DataFrame:
        """The GAZETTEER table."""
        return read_table(self.folder / "gazetteer.parquet")

    @cached_property
    def set_aside(self) -> pd.DataFrame:
        """The SET_ASIDE table of all sources."""
        return read_table(self.folder / "set_aside.parquet")

    @cached_property
    def outlines(self) -> "gpd.GeoDataFrame":
        """Outlines of the zones that have any: zone_id, geometry (EPSG:4326)."""
        return self._with_geometry("outlines.parquet")

    @cached_property
    def on_demand(self) -> "gpd.GeoDataFrame":
        """Zones of on-demand service, as `sources.networks.gtfs_flex.read_zones` (EPSG:4326)."""
        return self._with_geometry("on_demand.parquet")

    @cached_property
    def basemap(self) -> "gpd.GeoDataFrame":
        """Mapped things that are not streets, see `sources.networks.osm_features.read_features`."""
        return self._with_geometry("basemap.parquet")

    @cached_property
    def support(self) -> "RegionSupport":
        """Resources, sessions and zones attached to the network, for the score with its default parameters."""
        return _support(self, None)

    def _with_geometry(self, name: str) -> "gpd.GeoDataFrame":
        import geopandas as gpd

        return gpd.read_parquet(self.folder / name)


def support_for(region: Region, parameters: Path | str | None) -> "RegionSupport":
    """Return what the score needs of a region, for the parameters of a file; without one the default ones, kept."""
    return region.support if parameters is None else _support(region, parameters)


def _support(region: Region, parameters: Path | str | None) -> "RegionSupport":
    from geo.score.parameters import load_parameters
    from geo.score.score import prepare
    from sources.region.competition_store import read_competition

    chosen, region_hash = load_parameters(parameters), region.facts.region_hash
    known = read_competition(region.folder, chosen)
    return prepare(region.network, region.resources, region.sessions, region.zones, chosen, region_hash, known)


def _source_line(source: Mapping[str, Any]) -> str:
    """Return a source of a region in a line."""
    retrieved = f", retrieved {source['retrieved_on']}" if source.get("retrieved_on") else ""
    stale = f"; stale: {source['stale']}" if source.get("stale") else ""
    return f"  {source['label']}: {source['title']} — {source['license']} ({source['file']}{retrieved}){stale}"
