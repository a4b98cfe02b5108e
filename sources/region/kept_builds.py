"""Builds of a region that are at hand beside the one in use: the last one before, those recorded, other folders."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from geo.dates import date_there
from geo.errors import InputError, RegionError
from sources.formats.store import FORMAT, last_kept, read_document
from sources.region.build_records import is_whole, recorded
from sources.region.folders import data_folder
from sources.region.manage import existing_folder, open_region, region_in
from sources.region.model import Region


@dataclass(frozen=True)
class KeptBuild:
    """A build to hold another against.

    Attributes
    ----------
    region
        Of a record there is no map and no gazetteer; a damaged one isn't mended.
    built_on
        When, as a region tells it.
    is_later
        It is the later one, which `undo_update` put aside.
    is_ours
        It is a build of a region of this machine, by that region's name: surfaces are kept of it.
    """

    region: Region
    built_on: str
    is_later: bool = False
    is_ours: bool = True


def earlier_build(name: str, since: datetime.date | None = None) -> KeptBuild:
    """Return the build of a region that the one in use replaced, or the newest one that was made by a date.

    Parameters
    ----------
    since
        A date of the region's own time zone. Without it, after going back, it is the later build that is held against.

    Raises
    ------
    RegionError
        There is no such region, none is kept, or none that can be read; it names those that are there.
    """
    folder = existing_folder(name)
    now = region_in(folder).facts
    kept = [one for one in _kept(name) if since is None or not one.is_later]
    if since is not None:
        days = {one.built_on: date_there(one.built_on, now.time_zone) for one in kept}
        kept = [one for one in kept if days[one.built_on] <= since]
        if not kept:
            raise RegionError(
                "No build of {name!r} from {since} or before is kept. {kept} Give --since one of these days or later, "
                "or --against a copy of its folder from back then.",
                name=name,
                since=since.isoformat(),
                kept=_listed(sorted(set(days.values()))),
            )
    if not kept:
        raise RegionError(
            "No build of {name!r} before this one is kept, so there is nothing to hold it against. Each `region "
            "update` (or build) from now on keeps the one that it replaces; or give --against another region or a "
            "copy of its folder.",
            name=name,
        )
    chosen = kept[-1]
    document = read_document(chosen.region.folder / "region.json")
    if document is None or not is_whole(chosen.region.folder, document):
        raise RegionError(
            "The kept build of {name!r} of {built} is damaged; give --since another day, or --against a copy of its "
            "folder.",
            name=name,
            built=chosen.built_on,
        )
    return chosen


def kept_days(name: str) -> list[datetime.date]:
    """Return the days of the region's own time zone of which an earlier build is at hand, the newest first."""
    zone = region_in(existing_folder(name)).facts.time_zone
    return sorted({date_there(one.built_on, zone) for one in _kept(name) if not one.is_later}, reverse=True)


def other_build(text: str) -> KeptBuild:
    """Return another region of this machine by its name, or the copy of a region's folder that lies at a path.

    Raises
    ------
    InputError, RegionError
        There is neither, or it can't be read as it is: nothing in the folder is mended or written.
    """
    if (data_folder() / "regions" / text).is_dir() and text == Path(text).name:
        region = open_region(text)
        return KeptBuild(region, region.facts.built_on)
    folder = Path(text).resolve()
    if not folder.is_dir():
        raise InputError(
            f"There is neither a region called {text!r} nor a folder at that path; give a region's name, or the path "
            "to a copy of a region's folder (with region.json in it)."
        )
    document = read_document(folder / "region.json")
    if document is None:
        raise InputError(f"{text} holds no readable region.json; give a copy of a whole region's folder.")
    if document.get("format") != FORMAT:
        raise InputError(
            f"{text} was built by another version of this software (format {document.get('format')}, not {FORMAT}); "
            "copy it into the folder of regions under a new name, open it once so that it is built again from its raw "
            "files, and give that name."
        )
    try:
        region = region_in(folder)
        complete = {"recipe", "sources", "files"} <= document.keys() and is_whole(folder, document)
    except (KeyError, TypeError, ValueError):
        complete = False
    if not complete:
        raise InputError(f"{text} is damaged: files are missing or not as they were written; give another copy.")
    return KeptBuild(region, str(document["built_on"]), is_ours=False)


def _kept(name: str) -> list[KeptBuild]:
    """Return the builds that are at hand beside the one in use, oldest first; later ones that were put aside last."""
    folder = existing_folder(name)
    now = region_in(folder)
    builds = [KeptBuild(_named(region_in(path), name), str(document["built_on"])) for path, document in recorded(name)]
    last = last_kept(folder)
    document = None if last is None else read_document(last / "region.json")
    if last is not None and document is not None and document.get("format") == FORMAT:
        is_later = _written(last) > _written(folder)
        builds.append(KeptBuild(_named(region_in(last), name), str(document["built_on"]), is_later))
    newest = {(one.built_on, one.region.facts.region_hash): one for one in builds}
    newest.pop((now.facts.built_on, now.facts.region_hash), None)
    return sorted(newest.values(), key=lambda one: (one.is_later, one.built_on))


def _written(folder: Path) -> int:
    return (folder / "region.json").stat().st_mtime_ns


def _named(region: Region, name: str) -> Region:
    return replace(region, facts=replace(region.facts, name=name))


def _listed(days: Sequence[datetime.date]) -> str:
    if not days:
        return "None is kept at all."
    return f"Kept are those of {', '.join(day.isoformat() for day in days)}."
