"""A region's own files and those of its neighbors, so that nothing ends at a county line: streets joined and cut."""

import glob
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import osmium

from sources.cleaning.bounds import Bounds, wider
from sources.formats.store import file_checksum, of_every_file
from sources.many_regions.region_list import ListedRegion, RegionList
from sources.networks.osm_cut import cut_extract
from sources.networks.osm_files import DAMAGED, open_extract, unreadable
from sources.region.inputs import RegionInputs, split_source

_METERS = 1000.0
_ROLES = ("gtfs", "resources", "zones")


def files_of(one: ListedRegion, regions: RegionList) -> dict[str, list[str]]:
    """Return role → the paths of a region's files and of its neighbors', each once, and in an order that all share.

    So sums over places of both add up the same way on either side of a border, to the last digit.
    """
    group = [one, *(regions.regions[name] for name in one.neighbors)]
    files = {role: [path for region in group for path in getattr(region, role)] for role in _ROLES}
    files["osm"] = [region.osm for region in group if region.osm is not None]
    return {role: sorted(set(paths)) for role, paths in files.items()}


def checksums(paths: Sequence[str], known: dict[str, Any]) -> list[Any]:
    """Return what tells each file, as it is now, from any other: its name and checksum, and what lies beside it.

    Parameters
    ----------
    known
        Of files that were read before in this run; filled.

    Raises
    ------
    OSError
        A file can't be read.
    """
    for path in paths:
        if path not in known:
            known[path] = _checksum(path)
    return [known[path] for path in paths]


def _checksum(text: str) -> Any:
    source, path = split_source(text)
    if path.is_dir():
        return [source, path.name, of_every_file(path, file_checksum)]
    beside = {path, *path.parent.glob(f"{glob.escape(path.stem)}.*")}  # a mapping file, the parts of a shapefile
    return [source, path.name, {one.name: file_checksum(one) for one in sorted(beside) if one.is_file()}]


def gather(one: Mapping[str, Any], scratch: Path) -> RegionInputs:
    """Return what a region is built from; extracts are joined and cut into a folder.

    Parameters
    ----------
    one
        `title`, `elevation`, `date` as in `ListedRegion`; `files` as `files_of`; `bounds`, which are those to cut to,
        or None.

    Raises
    ------
    SourceError, InputError
        An extract can't be read, or has nothing near the region.
    """
    files = one["files"]
    extracts = [Path(path) for path in files["osm"]]
    if one["bounds"] is not None:
        box = Bounds(*one["bounds"])
        extracts = [cut_extract(path, box, scratch / f"{number}") for number, path in enumerate(extracts)]
    return RegionInputs(
        osm=_joined(extracts, scratch) if extracts else None,
        elevation=None if one["elevation"] is None else Path(one["elevation"]),
        gtfs=tuple(map(Path, files["gtfs"])),
        resources=tuple(files["resources"]),
        zones=tuple(map(Path, files["zones"])),
        date=one["date"],
        title=one["title"],
    )


def box_of(one: ListedRegion, beyond_km: float) -> list[float] | None:
    """Return the box that a region's streets are cut to; None where they aren't."""
    if one.bounds is None:
        return None
    box = wider(one.bounds, beyond_km * _METERS)
    return [getattr(box, side.name) for side in fields(box)]


def _joined(extracts: Sequence[Path], scratch: Path) -> Path:
    """Return one extract of all, sorted, in which what several hold is there once."""
    if len(extracts) == 1:
        return extracts[0]
    merged = osmium.MergeInputReader()
    target = scratch / "streets.osm.pbf"
    for path in extracts:
        open_extract(path)
        try:
            merged.add_file(str(path))
        except DAMAGED as problem:
            raise unreadable(path, problem) from problem
    with osmium.SimpleWriter(str(target)) as writer:
        merged.apply(writer)
    return target
