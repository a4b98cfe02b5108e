"""Regions on disk: build, open, check, list, remove.

A region is a folder under `data_folder()`:

    region.json      what it is, where it came from, the checksum of every file; and its own
    raw/             the files it was built from, untouched, and recipe.json: how they were read
    network/         streets, timetable and the links between them, as arrays
    competition/     who competes for beds and jobs by the default parameters; a region without it counts anew
    *.parquet        resources, sessions, zones, outlines, exposure, openings, gazetteer, basemap, set_aside

Everything but `raw/` can be made again from `raw/`, and is where a checksum doesn't hold.
"""

import datetime
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from geo.errors import InputError, RegionError
from sources.clean import Bounds
from sources.embedded import embedded
from sources.inputs import RegionInputs
from sources.place_table import read_places
from sources.store import (
    FORMAT,
    file_checksum,
    file_digest,
    of_every_file,
    put_back,
    read_arrays,
    read_document,
    read_table,
    remove_folder,
)

if TYPE_CHECKING:
    import geopandas as gpd

    from geo.network import Network
    from geo.score import Support
    from sources.report import BuildReport
    from sources.workshop import Progress

__all__ = [
    "Region", "RegionFacts", "RegionInputs", "build_demo", "build_region", "check_region", "data_folder",
    "list_regions", "open_region", "remove_region", "support_for",
]  # fmt: skip

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_RESERVED = re.compile(r"(?i)con|prn|aux|nul|(com|lpt)\d")


@dataclass(frozen=True)
class RegionFacts:
    """What region.json tells of a region; `place` as `sources.place_names.Place.as_dict`, where it was named."""

    name: str
    title: str
    fictional: bool
    bounds: Bounds
    crs: str
    time_zone: str
    slopes: bool
    service_dates: tuple[datetime.date, datetime.date] | None
    chosen_date: datetime.date | None
    built_on: str
    region_hash: str
    totals: Mapping[str, int]
    sources: tuple[Mapping[str, Any], ...]
    place: Mapping[str, Any] | None

    @property
    def service_date(self) -> datetime.date:
        """The date to use where none is asked for: the region's own, or today where it has no timetable."""
        return self.chosen_date or datetime.datetime.now(tz=datetime.UTC).date()

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
        }

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
            *(_source_line(source) for source in self.sources),
        ]


@dataclass(frozen=True)
class Region:
    """An open region; each part is read when it is first asked for. `rebuilt` names what was found damaged."""

    facts: RegionFacts
    folder: Path
    rebuilt: tuple[str, ...] = field(default=())

    @cached_property
    def network(self) -> "Network":
        """Streets, timetable and the links between them."""
        from sources.network_store import network_from_arrays

        return network_from_arrays(read_arrays(self.folder / "network"))

    @cached_property
    def resources(self) -> pd.DataFrame:
        """The RESOURCES table."""
        return read_places(self.folder / "resources.parquet")

    def resources_in(self, bounds: Bounds) -> pd.DataFrame:
        """Return the resources with a point in a box; quick however many there are outside it."""
        return read_places(self.folder / "resources.parquet", bounds)

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
    def basemap(self) -> "gpd.GeoDataFrame":
        """Mapped things that are not streets, see `sources.networks.osm_features.read_features`."""
        return self._with_geometry("basemap.parquet")

    @cached_property
    def support(self) -> "Support":
        """Resources, sessions and zones attached to the network, for the score with its default parameters."""
        return _support(self, None)

    def _with_geometry(self, name: str) -> "gpd.GeoDataFrame":
        import geopandas as gpd

        return gpd.read_parquet(self.folder / name)


def data_folder() -> Path:
    """Return the folder that holds everything of ours: RECOVERY_REACH_HOME, else the user's own data folder."""
    if home := os.environ.get("RECOVERY_REACH_HOME"):
        return Path(home)
    import platformdirs

    return platformdirs.user_data_path("recovery-reach", appauthor=False)


def region_folder(name: str) -> Path:
    """Return where a region of that name is, or would be.

    Raises
    ------
    InputError
        The name can't be a file's name everywhere.
    """
    if not _NAME.fullmatch(name) or _RESERVED.fullmatch(name):
        raise InputError(
            f"{name!r} can't be a region's name; use up to 64 letters, digits, - and _, not beginning with a mark."
        )
    return data_folder() / "regions" / name


def build_region(name: str, inputs: RegionInputs, progress: "Progress | None" = None) -> "BuildReport":
    """Build a region from files; one of that name is replaced only when the new one is whole.

    Raises
    ------
    InputError, SourceError, DateError
        The name, a file or the date can't be used.
    RegionError
        The disk can't be written.
    """
    from sources.build import build

    return build(region_folder(name), inputs, progress)


def build_demo(progress: "Progress | None" = None) -> "BuildReport":
    """Build the embedded fictional region under the name `demo`."""
    folder = embedded("demo")
    lists = ("meeting_guide", "meeting_guide_al-anon", "bmlt", "findtreatment", "hrsa", "hsds", "recovery_residences")
    inputs = RegionInputs(
        osm=folder / "streets.osm.pbf",
        gtfs=(folder / "gtfs.zip",),
        resources=tuple(path for name in lists for path in sorted(folder.glob(f"{name}.*"))),
        zones=(folder / "blocks.geojson", folder / "acs.json", *sorted(folder.glob("xx_[rw]ac_*"))),
        title="Tallowmere County (fictional)",
        fictional=True,
    )
    return build_region("demo", inputs, progress)


def open_region(name: str) -> Region:
    """Open a region; every checksum is checked, and what is damaged is made again from the raw files.

    Raises
    ------
    RegionError
        There is none of that name, or its raw files are damaged too.
    """
    folder = _existing(name)
    damaged = _damaged(folder)
    if damaged:
        _rebuild(folder, damaged)
    return Region(_facts(folder), folder, tuple(damaged))


def region_facts(name: str) -> RegionFacts:
    """Return the facts of a region as they are on the disk; nothing else of it is read.

    Raises
    ------
    RegionError
        There is none of that name, or its facts can't be read.
    """
    return _facts(_existing(name))


def check_region(name: str) -> list[str]:
    """Return the parts that were damaged; they are made again from the raw files, or an error says that they can't be.

    Raises
    ------
    RegionError
        There is none of that name, or its raw files are damaged.
    """
    return list(open_region(name).rebuilt)


def list_regions() -> list[RegionFacts]:
    """Return the facts of every region on this machine, by name; one whose facts can't be read is left out."""
    base = data_folder() / "regions"
    put_back(base)
    folders = sorted(path for path in base.glob("*") if _NAME.fullmatch(path.name) and path.is_dir())
    return [_facts(folder) for folder in folders if read_document(folder / "region.json") is not None]


def remove_region(name: str) -> None:
    """Remove a region with everything in it.

    Raises
    ------
    RegionError
        There is none of that name, or the disk can't be written.
    """
    from sources.surfaces import forget_surfaces

    remove_folder(_existing(name))
    forget_surfaces(name)


def support_for(region: Region, parameters: Path | str | None) -> "Support":
    """Return what the score needs of a region, for the parameters of a file; without one the default ones, kept."""
    return region.support if parameters is None else _support(region, parameters)


def _support(region: Region, parameters: Path | str | None) -> "Support":
    from geo.parameters import load_parameters
    from geo.score import prepare
    from sources.competition_store import read_competition

    chosen, region_hash = load_parameters(parameters), region.facts.region_hash
    known = read_competition(region.folder, chosen)
    return prepare(region.network, region.resources, region.sessions, region.zones, chosen, region_hash, known)


def _existing(name: str) -> Path:
    folder = region_folder(name)
    put_back(folder.parent)
    if not folder.is_dir():
        names = ", ".join(sorted(p.name for p in folder.parent.glob("*") if _NAME.fullmatch(p.name))) or "none yet"
        raise RegionError(
            "There is no region called {name!r} (there is: {names}); build it with `region build {name}`.",
            name=name,
            names=names,
        )
    return folder


def _facts(folder: Path) -> RegionFacts:
    document = read_document(folder / "region.json")
    if document is None:
        raise RegionError("The region {name!r} has no readable region.json; build it again.", name=folder.name)
    dates = document["service_dates"]
    return RegionFacts(
        name=folder.name,
        title=document["title"],
        fictional=document["fictional"],
        bounds=Bounds(*document["bounds"]),
        crs=document["crs"],
        time_zone=document["time_zone"],
        slopes=document.get("slopes", False),
        service_dates=None if dates is None else (_day(dates[0]), _day(dates[1])),
        chosen_date=None if document["service_date"] is None else _day(document["service_date"]),
        built_on=document["built_on"],
        region_hash=document["region_hash"],
        totals=document["totals"],
        sources=tuple(document["sources"]),
        place=document.get("place"),
    )


def _source_line(source: Mapping[str, Any]) -> str:
    """Return a source of a region in a line."""
    retrieved = f", retrieved {source['retrieved_on']}" if source.get("retrieved_on") else ""
    stale = f"; stale: {source['stale']}" if source.get("stale") else ""
    return f"  {source['label']}: {source['title']} — {source['licence']} ({source['file']}{retrieved}){stale}"


def _day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def _damaged(folder: Path) -> list[str]:
    """Return the parts whose files are missing, changed or added; `region.json` and its raw files included."""
    document = read_document(folder / "region.json")
    if document is None or document.get("format") != FORMAT:
        return ["region.json"]
    found = of_every_file(folder, file_checksum)
    del found["region.json"]
    wrong = {path for path in found.keys() | document["files"].keys() if found.get(path) != document["files"].get(path)}
    return sorted({path.split("/")[0] if not path.startswith("raw/") else path for path in wrong})


def _rebuild(folder: Path, damaged: list[str]) -> None:
    """Make the region again from its raw files.

    Raises
    ------
    RegionError
        A raw file is damaged too, or how to read them is lost.
    """
    from sources.build import rebuild

    recipe = read_document(folder / "raw" / "recipe.json")
    document = read_document(folder / "region.json")
    if recipe is None and document is not None:
        recipe = document["recipe"]
    if recipe is None:
        raise RegionError(
            "The region {name!r} is damaged, and so is the record of how it was made; build it again.",
            name=folder.name,
        )
    for entry in recipe["inputs"]:
        raw = folder / entry["file"]
        if not raw.is_file() or file_digest(raw) != entry["sha256"]:
            raise RegionError(
                "The region {name!r} is damaged ({damaged}), and its raw file {file} can't mend it; build the region "
                "again from your own files.",
                name=folder.name,
                damaged=", ".join(damaged),
                file=entry["given_as"],
            )
    rebuild(folder, recipe)
