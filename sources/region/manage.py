"""Regions on disk: build, open, check, list, remove.

A region is a folder under `data_folder()`:

    region.json      what it is, where it came from, the checksum of every file; and its own
    raw/             the files it was built from, untouched, and recipe.json: how they were read
    network/         streets, timetable and the links between them, as arrays
    competition/     who competes for beds and jobs by the default parameters; a region without it counts anew
    *.parquet        resources, sessions, zones, outlines, exposure, openings, gazetteer, basemap, on_demand, set_aside

Beside it, `builds/<region>/` holds what is kept of builds that were replaced (`sources.region.build_records`).
Everything but `raw/` can be made again from `raw/`, and is where a checksum doesn't hold.
"""

import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from geo.errors import RegionError
from sources.cleaning.bounds import Bounds
from sources.formats.embedded import embedded
from sources.formats.store import put_back, read_document, remove_folder
from sources.region.damage import DOCUMENT, RECIPE, Damage, check_raw, find_damage, mend_recipe, read_recipe
from sources.region.folders import _NAME, data_folder, region_folder
from sources.region.inputs import RegionInputs
from sources.region.model import Region, RegionFacts, support_for

if TYPE_CHECKING:
    from sources.cleaning.report import BuildReport
    from sources.region.build_context import Progress

__all__ = [
    "Region", "RegionFacts", "RegionInputs", "build_demo", "build_region", "check_region", "data_folder",
    "list_regions", "open_region", "remove_region", "support_for", "unreadable_regions",
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

    So is what another version of this software wrote in another format.

    A raw file that is damaged keeps nobody from opening a region whose parts are whole; `Region.spoiled` names it.

    Raises
    ------
    RegionError
        There is none of that name, or a part of it and a raw file are damaged both.
    """
    folder = existing_folder(name)
    damage = find_damage(folder)
    if damage.is_other_version or set(damage.parts) - {RECIPE}:
        _rebuild(folder, damage)
    elif RECIPE in damage.parts:
        mend_recipe(folder)
    return Region(_facts(folder), folder, damage.parts, damage.raw, damage.is_other_version)


def region_in(folder: Path) -> Region:
    """Return the region that was just built in a folder, wherever that is; nothing of it is checked.

    Raises
    ------
    RegionError
        Its facts can't be read.
    """
    return Region(_facts(folder), folder)


def region_facts(name: str) -> RegionFacts:
    """Return the facts of a region as they are on the disk; nothing else of it is read.

    Raises
    ------
    RegionError
        There is none of that name, or its facts can't be read.
    """
    return _facts(existing_folder(name))


def check_region(name: str) -> list[str]:
    """Return what was damaged: parts, which were made again from the raw files, and raw files, which stay so.

    Raises
    ------
    RegionError
        As `open_region`.
    """
    region = open_region(name)
    return [*region.rebuilt, *region.spoiled]


def list_regions() -> list[RegionFacts]:
    """Return the facts of every region on this machine, by name; `unreadable_regions` are left out."""
    return [_facts(folder) for folder in _folders() if read_document(folder / DOCUMENT) is not None]


def unreadable_regions() -> list[str]:
    """Return the names of regions whose region.json is damaged; opening one makes it again from its raw files."""
    return [folder.name for folder in _folders() if read_document(folder / DOCUMENT) is None]


def remove_region(name: str) -> None:
    """Remove a region with everything in it, or what a removal that was cut off left of one.

    The region itself goes last: until then it is listed, and can be removed again.

    Raises
    ------
    RegionError
        There is nothing of that name, or the disk can't be written.
    """
    from sources.region.build_records import forget_builds
    from sources.region.surface_store import forget_surfaces

    folder = region_folder(name)
    removed = [forget_surfaces(name), forget_builds(name), remove_folder(folder)]
    if not any(removed):
        existing_folder(name)


def existing_folder(name: str) -> Path:
    """Return the folder of a region.

    Raises
    ------
    RegionError
        There is none of that name.
    """
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


def _folders() -> list[Path]:
    base = data_folder() / "regions"
    put_back(base)
    return sorted(path for path in base.glob("*") if _NAME.fullmatch(path.name) and path.is_dir())


def _facts(folder: Path) -> RegionFacts:
    document = read_document(folder / DOCUMENT)
    if document is None:
        raise RegionError(
            "The region.json of the region {name!r} is missing or not as it was written; `recovery-reach region check "
            "{name}` makes it again from the raw files.",
            name=folder.name,
        )
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


def _rebuild(folder: Path, damage: Damage) -> None:
    """Make the region again from its raw files.

    Raises
    ------
    RegionError
        A raw file is damaged too, or how to read them is lost.
    """
    from sources.region.build import rebuild

    recipe = read_recipe(folder)
    check_raw(folder, recipe, damage.parts or (DOCUMENT,))
    rebuild(folder, recipe)
