"""The units that many regions are worked out by: one region built, or one block of a region's areas scored.

A unit is plain values (text, numbers, lists), so that it can go to any process or machine. Who runs it reads files and
writes its result under another name, flushes and renames it, and then a note that it is done: whoever is killed leaves
a unit that is done or one that isn't. A unit knows one of the published profiles, and no other needs.
"""

import datetime
import platform
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo.errors import InputError, RecoveryReachError, RegionError
from geo.needs.needs import PROFILES, Needs
from sources.formats.store import put_document, read_document, scratch
from sources.many_regions.neighbors import gather
from sources.region.build_context import code_digest
from sources.region.folders import HOME, data_folder

if TYPE_CHECKING:
    from geo.score.support import RegionSupport
    from sources.region.model import Region

Task = Mapping[str, Any]
_LIBRARIES = ("numba", "numpy", "osmium", "pandas", "pyarrow", "pyproj", "scipy", "shapely")
"""Of which other versions may give other digits."""
_MARK = "run.json"


@dataclass(frozen=True)
class Unit:
    """One thing to do: what people read of it, the region that it is of, how many areas it has, and its task."""

    title: str
    region: str
    areas: int
    task: Task


def run_unit(task: Task) -> dict[str, Any]:
    """Run a unit, and return what came of it: `digest`, `seconds`, `cpu_seconds`; or `refused`, a sentence.

    What can't be used is refused and would be again; anything else that goes wrong is raised, and may be tried again.
    """
    started, worked = time.perf_counter(), time.process_time()
    try:
        _check_here(task)
        result = _KINDS[task["kind"]](task)
    except RecoveryReachError as problem:
        return {"refused": str(problem)}
    return {
        "digest": result,
        "seconds": round(time.perf_counter() - started, 3),
        "cpu_seconds": round(time.process_time() - worked, 3),
    }


def folder_of_runs() -> Path:
    """Return where notes on runs lie, in the data folder."""
    return data_folder() / "many_regions"


def note_of_build(name: str) -> Path:
    """Return the note that a region of a list is built."""
    return folder_of_runs() / "built" / f"{name}.json"


def mark_run(token: str) -> dict[str, Any]:
    """Return what every task says of where its result goes and what makes it, having marked the data folder.

    Raises
    ------
    RegionError
        The data folder can't be written.
    """
    put_document(folder_of_runs() / _MARK, {"token": token})
    return {"home": str(data_folder().absolute()), "token": token, "versions": versions()}


@cache
def versions() -> dict[str, str]:
    """Return the versions of all that makes a result here."""
    libraries = {name: metadata.version(name) for name in _LIBRARIES}
    return {"python": platform.python_version(), **libraries, "recovery-reach": code_digest()[:12]}


def _check_here(task: Task) -> None:
    """Refuse a task where its versions or its data folder are others.

    Raises
    ------
    RegionError
        They are.
    """
    here, there = versions(), task["versions"]
    differing = [f"{name} {here.get(name)} (not {there[name]})" for name in there if here.get(name) != there[name]]
    if differing:
        raise RegionError(
            f"The worker on {platform.node()} has other versions than who asks: {', '.join(differing)}; install the "
            "same on both (docs/cluster.md)."
        )
    mark = read_document(folder_of_runs() / _MARK)
    if data_folder().absolute() != Path(task["home"]) or mark is None or mark["token"] != task["token"]:
        raise RegionError(
            f"The worker on {platform.node()} doesn't see the data folder {task['home']} of who asks, but has "
            f"{data_folder().absolute()}; share that folder under the same path, and start the worker with "
            f"{HOME}={task['home']}."
        )


def _build(task: Task) -> str:
    """Build a region, note that it is done, and return its hash."""
    from sources.region.manage import build_region

    with _temporary_files() as aside:
        date = None if task["date"] is None else datetime.date.fromisoformat(task["date"])
        report = build_region(task["name"], gather({**task, "date": date}, aside))
    put_document(note_of_build(task["name"]), {"key": task["key"], "region_hash": report.region_hash})
    return report.region_hash


@contextmanager
def _temporary_files() -> Iterator[Path]:
    """Give a folder in which all temporary files lie meanwhile, so that of a killed process none stays for good."""
    with scratch(folder_of_runs()) as aside:
        before, tempfile.tempdir = tempfile.tempdir, str(aside)
        try:
            yield aside
        finally:
            tempfile.tempdir = before


def _score(task: Task) -> str:
    """Score a block of a region's areas, keep it, and return its digest."""
    from sources.region.surface_blocks import Blocks, keep_block
    from sources.region.surface_store import cells_of, score_block

    profiles = task["profiles"]
    if not all(profile in PROFILES for profile in profiles):
        raise InputError(f"A cluster scores published profiles ({', '.join(PROFILES)}) alone, not {profiles!r}.")
    region, support = _opened(task["name"], task["region_hash"])
    cells = cells_of(region, task["own"])
    blocks = Blocks(data_folder() / task["folder"], task["areas"], task["at_once"])
    table = score_block(
        support,
        cells[blocks.rows(task["number"])],
        replace(Needs(), profile=profiles[0]),
        datetime.date.fromisoformat(task["date"]),
        profiles,
        today=datetime.date.fromisoformat(task["today"]),
    )
    return keep_block(blocks, task["number"], table)


@lru_cache(maxsize=1)  # the next unit is mostly of the same region
def _opened(name: str, region_hash: str) -> tuple["Region", "RegionSupport"]:
    from sources.region.manage import open_region

    region = open_region(name)
    if region.facts.region_hash != region_hash:
        raise RegionError(f"The region {name} was built anew while its areas were being scored; run it again.")
    return region, region.support


_KINDS: Mapping[str, Callable[[Task], str]] = {"build": _build, "score": _score}
