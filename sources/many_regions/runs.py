"""Runs over a list of regions: what is done already is passed over, failures are told, and a manifest says what came.

The manifest lies in `data_folder()/many_regions/`, one a list and kind of run: for each region whether it is finished,
with the digests of what was made, how long that took, and what went wrong. It is written anew as the run goes on; what
is done is told by the results themselves, and by a note beside each, never by the manifest.
"""

import datetime
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from geo.errors import RecoveryReachError, RegionError
from geo.needs.needs import Needs
from geo.score.parameters import load_parameters
from sources.formats.store import FORMAT, clear_leftovers, digest_of, put_document, read_document, try_lock
from sources.many_regions.neighbors import box_of, checksums, files_of
from sources.many_regions.outcomes import Engine, EngineSettings, Outcome
from sources.many_regions.region_list import ListedRegion, RegionList
from sources.many_regions.units import Task, Unit, folder_of_runs, mark_run, note_of_build, versions
from sources.region.build_context import code_digest
from sources.region.ended import seen_on
from sources.region.folders import data_folder
from sources.region.manage import open_region, region_facts
from sources.region.model import Region
from sources.region.surface_blocks import AREAS_AT_ONCE, Blocks, begin, missing
from sources.region.surface_store import cells_of, keep_blocks, kept_surface, surface_blocks

FINISHED, PASSED_OVER, PLANNED, FAILED = "finished", "was there", "not yet", "failed"
_MANIFEST_SECONDS = 10.0
_LOCK = ".run.lock"

Tell = Callable[[float, float, str], None]
"""Called with how much is done, of how much, and what was last: units of a build, areas of surfaces."""


@dataclass
class Row:
    """What came of one region: `digests` by what was made; `seconds` and `cpu_seconds` of all its units.

    `notice` is what limits the result of a region that didn't fail.
    """

    region: str
    status: str
    digests: dict[str, str] = field(default_factory=dict)
    units: int = 0
    tries: int = 0
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_memory_mb: float | None = None
    problem: str | None = None
    notice: str | None = None

    def add(self, outcome: Outcome) -> None:
        """Count a unit in."""
        self.tries += outcome.tries
        if outcome.result is None:
            self.status, self.problem = FAILED, self.problem or outcome.problem
            return
        self.units += 1
        self.seconds = round(self.seconds + outcome.result["seconds"], 3)
        self.cpu_seconds = round(self.cpu_seconds + outcome.result["cpu_seconds"], 3)
        held = outcome.result.get("peak_memory_mb")
        if held is not None:
            self.peak_memory_mb = max(held, self.peak_memory_mb or 0.0)


@dataclass(frozen=True)
class Run:
    """What came of a run: a row for each region of the list, in its order, and where the manifest lies."""

    manifest: Path
    rows: tuple[Row, ...]

    def counts(self) -> dict[str, int]:
        """Return how many regions are finished, were there, or failed."""
        return dict(Counter(row.status for row in self.rows))

    def failed(self) -> list[Row]:
        """Return the regions that failed."""
        return [row for row in self.rows if row.status == FAILED]


def build_listed(regions: RegionList, engine: Engine, settings: EngineSettings, tell: Tell = lambda *_: None) -> Run:
    """Build every region of a list that isn't there as the list says; files that changed make it anew.

    Raises
    ------
    RegionError
        Another run is at work in the data folder, or that can't be written.
    InputError
        The engine can't be used.
    """
    with _alone() as common:
        clear_leftovers(data_folder() / "regions")
        clear_leftovers(note_of_build("any").parent)
        rows: dict[str, Row] = {}
        units, known = [], dict[str, Any]()
        for one in regions.regions.values():
            try:
                task = {**_build_task(one, regions, known), **common}
            except RecoveryReachError as problem:
                rows[one.name] = Row(one.name, FAILED, problem=str(problem))
            else:
                digest = _built(task)
                if digest is not None:
                    rows[one.name] = Row(one.name, PASSED_OVER, {"region": digest})
                else:
                    rows[one.name] = Row(one.name, PLANNED)
                    units.append(Unit(f"building {one.name}", one.name, 0, task))
        manifest = _Manifest(regions, "build", rows)
        tell(0, len(units), "beginning")
        for done, outcome in enumerate(engine(units, settings), 1):
            row = rows[outcome.unit.region]
            row.add(outcome)
            if outcome.result is not None:
                row.status, row.digests = FINISHED, {"region": outcome.result["digest"]}
            manifest.write_soon()
            tell(done, len(units), outcome.unit.title)
        return manifest.finish()


def score_listed(
    regions: RegionList,
    profiles: Sequence[str],
    engine: Engine,
    settings: EngineSettings,
    tell: Tell = lambda *_: None,
    *,
    date: datetime.date | None = None,
    at_once: int = AREAS_AT_ONCE,
) -> Run:
    """Score the own areas of every region of a list for some profiles, in blocks, and keep the surfaces.

    Parameters
    ----------
    date
        Of the timetable; each region's own without.
    at_once
        Areas of a block: a unit of the run, and what is lost of it when a worker dies.

    Raises
    ------
    RegionError
        Another run is at work in the data folder, or that can't be written.
    InputError
        The engine can't be used.
    """
    with _alone() as common:
        plans: dict[str, _Surface] = {}
        rows: dict[str, Row] = {}
        units: list[Unit] = []
        known = dict[str, Any]()
        for one in regions.regions.values():
            row = rows[one.name] = Row(one.name, PLANNED)
            try:
                plan = _Surface.of(one, tuple(profiles), date, at_once)
                row.notice = _differs(one, regions, known)
                row.digests = plan.digests()
                if row.digests:
                    row.status = PASSED_OVER
                    continue
                own = plan.units(common)
            except RecoveryReachError as problem:
                row.status, row.problem = FAILED, str(problem)
                continue
            plans[one.name] = plan
            units += own
            if not own:  # cut off between the last block and the surface
                _finish(row, plan)
        manifest = _Manifest(regions, "surface", rows)
        left = Counter(unit.region for unit in units)
        done, total = 0, sum(unit.areas for unit in units)
        tell(0, total, "beginning")
        for outcome in engine(units, settings):
            name = outcome.unit.region
            rows[name].add(outcome)
            left[name] -= 1
            if not left[name] and rows[name].status != FAILED:
                _finish(rows[name], plans[name])
            done += outcome.unit.areas
            manifest.write_soon()
            tell(done, total, outcome.unit.title)
        return manifest.finish()


@dataclass(frozen=True)
class _Surface:
    """The surfaces of one region that a run makes."""

    region: Region
    profiles: tuple[str, ...]
    own: tuple[str, ...]
    date: datetime.date
    today: datetime.date
    blocks: Blocks

    @classmethod
    def of(cls, one: ListedRegion, profiles: tuple[str, ...], date: datetime.date | None, at_once: int) -> "_Surface":
        region = open_region(one.name)
        day, today = date or region.facts.service_date, seen_on(region.facts)
        clear_leftovers(data_folder() / "surfaces" / one.name)
        cells = cells_of(region, one.areas)
        used = load_parameters().hash
        blocks = surface_blocks(region, cells, Needs(), day, profiles, used, today, one.areas, at_once)
        return cls(region, profiles, one.areas, day, today, blocks)

    def digests(self) -> dict[str, str]:
        """Return the SHA-256 of each surface; nothing where any of them isn't there."""
        used = load_parameters().hash
        kept = {
            profile: kept_surface(self.region, Needs(profile=profile), self.date, used, self.today, self.own)
            for profile in self.profiles
        }
        return {profile: one[1]["sha256"] for profile, one in kept.items() if one} if all(kept.values()) else {}

    def units(self, common: Task) -> list[Unit]:
        """Return a unit for each block that isn't there."""
        name = self.region.facts.name
        task = {
            **common,
            "kind": "score",
            "name": name,
            "region_hash": self.region.facts.region_hash,
            "profiles": list(self.profiles),
            "date": self.date.isoformat(),
            "today": begin(self.blocks, self.today).isoformat(),
            "own": list(self.own),
            "folder": self.blocks.folder.relative_to(data_folder()).as_posix(),
            "areas": self.blocks.areas,
            "at_once": self.blocks.at_once,
        }
        units = []
        for number in missing(self.blocks):
            rows = self.blocks.rows(number)
            title = f"{name}, areas {rows.start + 1}–{rows.stop}"
            units.append(Unit(title, name, rows.stop - rows.start, {**task, "number": number}))
        return units

    def finish(self) -> dict[str, str]:
        """Keep the surfaces, all of whose blocks are there, and return their digests.

        Raises
        ------
        RegionError
            The disk can't be written, or blocks were removed meanwhile.
        """
        used = load_parameters().hash
        if not keep_blocks(self.region, self.blocks, Needs(), self.date, self.profiles, used, self.today, self.own):
            raise RegionError(
                f"Blocks were removed from {self.blocks.folder} while the others were made; run it again."
            )
        return self.digests()


def _finish(row: Row, plan: _Surface) -> None:
    """Keep the surfaces of a region whose units are all done; what hinders it is that region's problem alone."""
    try:
        row.digests = plan.finish()
    except RecoveryReachError as problem:
        row.status, row.problem = FAILED, str(problem)
    else:
        row.status = FINISHED


class _Manifest:
    """The manifest of a run, written now and then, and at its end."""

    def __init__(self, regions: RegionList, kind: str, rows: dict[str, Row]) -> None:
        name = f"{regions.path.stem}-{digest_of(str(regions.path))[:8]}.{kind}.json"
        self._path, self._rows, self._list, self._written = folder_of_runs() / name, rows, regions.path, 0.0

    def write_soon(self) -> None:
        if time.monotonic() - self._written > _MANIFEST_SECONDS:
            self.finish()

    def finish(self) -> Run:
        regions = {name: {key: value for key, value in vars(row).items() if key != "region"} for name, row in
                   self._rows.items()}  # fmt: skip
        put_document(self._path, {"list": str(self._list), "versions": versions(), "regions": regions})
        self._written = time.monotonic()
        return Run(self._path, tuple(self._rows.values()))


@contextmanager
def _alone() -> Iterator[Task]:
    """Give what every task of this run says, having seen that no other run is at work in the data folder.

    Raises
    ------
    RegionError
        One is, or the data folder can't be written.
    """
    folder = folder_of_runs()
    with try_lock(folder / _LOCK) as alone:
        if not alone:
            raise RegionError(f"Another run over many regions is at work in {data_folder()}; wait until it ends.")
        clear_leftovers(folder)
        known = read_document(folder / "run.json")
        yield mark_run(known["token"] if known else uuid.uuid4().hex)


def _build_task(one: ListedRegion, regions: RegionList, known: dict[str, Any]) -> dict[str, Any]:
    """Return the task that builds a region, with the key of all that it rests on.

    Raises
    ------
    RegionError
        A file is missing, or can't be read.
    """
    files = files_of(one, regions)
    settings = {
        "name": one.name,
        "title": one.title,
        "elevation": one.elevation,
        "date": None if one.date is None else one.date.isoformat(),
        "bounds": box_of(one, regions.beyond_km),
    }
    try:
        content = {role: checksums(paths, known) for role, paths in files.items()}
        content["elevation"] = checksums([one.elevation] if one.elevation else [], known)
    except OSError as problem:
        raise RegionError(
            f"{problem.filename} can't be read ({problem.strerror}); check the path in the list, and its permissions."
        ) from None
    rests_on = {**settings, "elevation": None, "files": content, "code": code_digest(), "format": FORMAT}
    return {**settings, "kind": "build", "files": files, "key": digest_of(rests_on)}


def _built(task: Task) -> str | None:
    """Return the hash of a region that was built by just this task and is there; None where it must be built."""
    note = read_document(note_of_build(task["name"]))
    if note is None or note["key"] != task["key"]:
        return None
    try:
        there = region_facts(task["name"]).region_hash
    except RegionError:
        return None
    return there if there == note["region_hash"] else None


def _differs(one: ListedRegion, regions: RegionList, known: dict[str, Any]) -> str | None:
    """Return a sentence where a region isn't built from what the list says now."""
    try:
        if _built(_build_task(one, regions, known)) is not None:
            return None
    except RegionError as problem:
        return f"Whether it is built from what the list says can't be seen: {problem}"
    return "It isn't built from what the list says now, but scored as it is; `recovery-reach regions build` builds it."
