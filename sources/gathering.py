"""A place's files fetched by its plan, and its region built from them; what was cut off goes on where it was."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from geo.errors import SourceError
from sources.addresses import host_of
from sources.fetch_plan import Plan, Step, Wishes
from sources.fetching import FetchResult, copy_of, fetch_source, kept_copy
from sources.geocoding import with_located
from sources.inputs import InputFile, RegionInputs
from sources.region import build_region, region_folder
from sources.report import BuildReport
from sources.store import read_document, write_document
from sources.workshop import Progress

_GOES_ON_FOR = datetime.timedelta(hours=24)
_FETCHING_SHARE = 0.5


@dataclass(frozen=True)
class Gathered:
    """The files of a place, what came of each step, and what was left out, in words."""

    files: tuple[InputFile, ...]
    said: tuple[str, ...]
    left_out: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {"fetched": list(self.said), "left_out": list(self.left_out)}

    def lines(self) -> list[str]:
        """Return it as lines for people."""
        return [*(f"  {line}" for line in self.said), *(f"  left out: {line}" for line in self.left_out)]


def build_place(
    name: str, plan: Plan, given: RegionInputs, wishes: Wishes, progress: Progress
) -> tuple[BuildReport, Gathered]:
    """Fetch what a plan says, and build the region of that name from it and from the files that a person gave.

    A source that fails leaves its last good copy, marked stale, or is left out, which is told. A run that was cut off
    within a day is gone on with: what it fetched is not fetched again.

    Raises
    ------
    SourceError
        There are no streets; or a file can't be read.
    InputError, DateError, RegionError
        As `sources.region.build_region`.
    """
    folder = region_folder(name)
    journal = _Journal(wishes.cache / f"unfinished-{folder.name}.json")
    gathered = gather(plan, wishes, journal, _part(progress, 0.0, _FETCHING_SHARE))
    place = {key: value for key, value in plan.place.as_dict().items() if key != "notes"}
    inputs = replace(given, fetched=gathered.files, place=place, title=given.title or plan.place.title)
    if wishes.geocode is not None:
        inputs = with_located(inputs, wishes.geocode, wishes.policy, wishes.cache)
    report = build_region(name, inputs, _part(progress, _FETCHING_SHARE, 1.0))
    journal.finish()
    return report, gathered


def gather(plan: Plan, wishes: Wishes, journal: "_Journal", progress: Progress) -> Gathered:
    """Fetch what a plan says.

    Raises
    ------
    SourceError
        There are no streets, and no earlier copy of them.
    """
    cache = wishes.cache
    files: list[InputFile] = []
    said: list[str] = []
    left_out = list(plan.left_out)
    for number, step in enumerate(plan.steps):
        progress(number / len(plan.steps), f"Fetching {step.what}")
        key = copy_of(step.source, step.context, cache).name
        found = kept_copy(step.source.name, step.context, cache) if key in journal.done else None
        went_on = found is not None
        try:
            found = found or fetch_source(step.source.name, step.context, cache, accept_fewer=wishes.accept_fewer)
        except SourceError as problem:
            if step.is_needed:
                raise SourceError(
                    f"{problem} A region needs streets: try later, or give an extract with --osm."
                ) from None
            left_out.append(f"{step.what}: {problem}")
            continue
        if found.stale is None:
            journal.note(key)
        files += _files(step, found)
        said.append(f"{step.what}: {_outcome(found, went_on)}")
    return Gathered(tuple(files), tuple(said), tuple(left_out))


def _files(step: Step, found: FetchResult) -> list[InputFile]:
    """Return the region's inputs that a step gave; several files of one source are labelled by their names too."""
    several = len(found.documents) > 1
    return [
        InputFile(
            path=found.folder / name,
            role=step.role,
            source=step.reads_as or step.source.name,
            label=f"{step.label}.{name.split('.')[0]}" if several else step.label,
            mapping=dict(step.told),
            retrieved_on=document.retrieved_on,
            asked_of=host_of(document.url),
            stale=found.stale,
        )
        for name, document in found.documents.items()
    ]


def _outcome(found: FetchResult, went_on: bool) -> str:
    rows = sum(counts.rows_in for counts in found.counts.values())
    size = sum(len(document.content) for document in found.documents.values())
    told = f"{rows:,} rows, {size / 1e6:,.2f} MB"
    if found.stale:
        return f"stale: {found.stale}"
    if went_on:
        return f"{told}, fetched by the run that was cut off"
    if all(document.unchanged for document in found.documents.values()):
        return f"{told}, unchanged"
    return told


def _part(progress: Progress, first: float, last: float) -> Progress:
    """Return what tells of a part of the work."""
    return lambda share, text: progress(first + share * (last - first), text)


class _Journal:
    """Which copies a build that hasn't ended has fetched; a kill leaves it for the next one to go on with."""

    def __init__(self, path: Path) -> None:
        self._path = path
        told: Mapping[str, Any] = read_document(path) or {}
        now = datetime.datetime.now(tz=datetime.UTC)
        begun = datetime.datetime.fromisoformat(told["begun"]) if told else now
        is_fresh = datetime.timedelta() <= now - begun <= _GOES_ON_FOR
        self._begun = begun if is_fresh else now
        self.done: frozenset[str] = frozenset(told.get("done", ())) if is_fresh else frozenset()

    def note(self, key: str) -> None:
        """Write down that a copy was fetched; whole or not at all."""
        self.done |= {key}
        aside = self._path.with_suffix(".new")
        aside.parent.mkdir(parents=True, exist_ok=True)
        write_document(aside, {"begun": self._begun.isoformat(), "done": sorted(self.done)})
        aside.replace(self._path)

    def finish(self) -> None:
        """Forget it: the build has ended."""
        self._path.unlink(missing_ok=True)
