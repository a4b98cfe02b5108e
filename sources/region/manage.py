"""Regions on disk: build, open, check, list, remove.

A region is a folder under `data_folder()`:

    region.json      what it is, where it came from, the checksum of every file; and its own
    raw/             the files it was built from, untouched, and recipe.json: how they were read
    network/         streets, timetable and the links between them, as arrays
    competition/     who competes for beds and jobs by the default parameters; a region without it counts anew
    *.parquet        resources, sessions, zones, outlines, exposure, openings, gazetteer, basemap, on_demand, set_aside

Everything but `raw/` can be made again from `raw/`, and is where a checksum doesn't hold.
"""

import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from geo.errors import RegionError
from sources.cleaning.bounds import Bounds
from sources.formats.embedded import embedded
from sources.formats.store import (
    FORMAT,
    file_checksum,
    file_digest,
    of_every_file,
    put_back,
    read_document,
    remove_folder,
)
from sources.region.folders import _NAME, data_folder, region_folder
from sources.region.inputs import RegionInputs
from sources.region.model import Region, RegionFacts, support_for

if TYPE_CHECKING:
    from sources.cleaning.report import BuildReport
    from sources.region.build_context import Progress

__all__ = [
    "Region", "RegionFacts", "RegionInputs", "build_demo", "build_region", "check_region", "data_folder",
    "list_regions", "open_region", "remove_region", "support_for",
]  # fmt: skip


def build_region(name: str, inputs: RegionInputs, progress: "Progress | None" = None) -> "BuildReport":
    """Build a region from files; one of that name is replaced only when the new one is whole.

    Raises
    ------
    InputError, SourceError, DateError
        The name, a file or the date can't be used.
    RegionError
        The disk can't be written.
    """
    from sources.region.build import build

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
    from sources.region.surface_store import forget_surfaces

    remove_folder(_existing(name))
    forget_surfaces(name)


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
        last_day=_day(document["last_day"]) if document.get("last_day") else None,  # formats before 9 have none
        chosen_date=None if document["service_date"] is None else _day(document["service_date"]),
        built_on=document["built_on"],
        region_hash=document["region_hash"],
        totals=document["totals"],
        sources=tuple(document["sources"]),
        place=document.get("place"),
    )


def _day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def _damaged(folder: Path) -> list[str]:
    """Return the parts whose files are missing, changed or added; `region.json` and its raw files included."""
    document = read_document(folder / "region.json")
    if document is None or document.get("format") != FORMAT:
        return ["region.json"]
    checksums = of_every_file(folder, file_checksum)
    del checksums["region.json"]
    wrong = {
        path
        for path in checksums.keys() | document["files"].keys()
        if checksums.get(path) != document["files"].get(path)
    }
    return sorted({path.split("/")[0] if not path.startswith("raw/") else path for path in wrong})


def _rebuild(folder: Path, damaged: list[str]) -> None:
    """Make the region again from its raw files.

    Raises
    ------
    RegionError
        A raw file is damaged too, or how to read them is lost.
    """
    from sources.region.build import rebuild

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
