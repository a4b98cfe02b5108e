"""A place's files fetched by its plan, and its region built from them; what was cut off goes on where it was."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, get_args

from geo.errors import SourceError
from sources.cleaning.report import BuildReport
from sources.fetching import FetchResult, copy_of, fetch_source, kept_copy
from sources.formats.store import put_back, read_document, write_document
from sources.networks.osm_cut import cut_extract
from sources.networks.overpass import with_margin
from sources.region.build_context import Progress, region_before
from sources.region.fetch_plan import FetchPlan, Step, Wishes
from sources.region.folders import region_folder
from sources.region.geocode_inputs import build_located
from sources.region.inputs import InputFile, RegionInputs, Role
from sources.web.url_guard import host_of

_GOES_ON_FOR = datetime.timedelta(hours=24)
_FETCHING_SHARE = 0.5
_ROLES = get_args(Role)


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
    name: str, plan: FetchPlan, given: RegionInputs, wishes: Wishes, progress: Progress
) -> tuple[BuildReport, Gathered]:
    """Fetch what a plan says, and build the region of that name from it and from the files that a person gave.

    Of a given extract the place is cut out, and that is what the region keeps.
    A source that fails leaves its last good copy, or else the file that the region had of it, marked stale; or it is
    left out, which is reported. A run that was interrupted goes on within a day: what it fetched is not fetched again.

    Raises
    ------
    SourceError
        There are no streets; or a file can't be read.
    InputError, DateError, RegionError
        As `sources.region.manage.build_region`.
    """
    folder = region_folder(name)
    journal = _Journal(wishes.cache / f"unfinished-{folder.name}.json")
    place, before = _as_it_was(folder, plan)
    gathered = gather(plan, wishes, journal, before, _part(progress, 0.0, _FETCHING_SHARE))
    inputs = replace(
        given, fetched=(*given.fetched, *gathered.files), place=place, title=given.title or plan.place.title
    )
    if given.osm is not None:
        progress(_FETCHING_SHARE, f"Cutting {given.osm.name} to the place")
        inputs = replace(inputs, osm=cut_extract(given.osm, with_margin(plan.place.bounds), wishes.cache))
    rest = _part(progress, _FETCHING_SHARE, 1.0)
    try:
        report = build_located(name, inputs, wishes.geocode, wishes.policy, wishes.cache, rest)
    except SourceError:
        journal.finish()  # a file that can't be read should be fetched again
        raise
    journal.finish()
    return report, gathered


def gather(
    plan: FetchPlan, wishes: Wishes, journal: "_Journal", before: Sequence[InputFile], progress: Progress
) -> Gathered:
    """Fetch what a plan says; `before` are the files that the region had of the same place.

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
        result = _kept(step, cache) if key in journal.done else None
        went_on = result is not None
        try:
            result = result or fetch_source(step.source.name, step.context, cache, accept_fewer=wishes.accept_fewer)
        except SourceError as problem:
            had = [file for file in before if file.label == step.label or file.label.startswith(f"{step.label}.")]
            if had:
                stale = f"{problem} The region's own copy, of {had[0].retrieved_on}, stays and is marked stale."
                files += [replace(file, stale=stale) for file in had]
                said.append(f"{step.what}: stale: {stale}")
                continue
            if step.is_needed:
                raise SourceError(
                    f"{problem} A region needs streets: try later, or give an extract with --osm."
                ) from None
            left_out.append(f"{step.what}: {problem}")
            continue
        if result.stale is None:
            journal.note(key)
        files += _files(step, result)
        said.append(f"{step.what}: {_outcome(result, went_on)}")
    for file in before:
        reason = plan.unknown.get(file.source)
        if reason is not None:
            files.append(replace(file, stale=f"{reason} The region's own copy stays and is marked stale."))
            said.append(f"{file.label}: stale: {files[-1].stale}")
    files.sort(key=lambda file: (_ROLES.index(file.role), file.label))  # the same files give the same region
    return Gathered(tuple(files), tuple(said), tuple(left_out))


def _kept(step: Step, cache: Path) -> FetchResult | None:
    """Return what a run that was cut off has fetched for a step; None where it can't be read any longer."""
    try:
        return kept_copy(step.source.name, step.context, cache)
    except SourceError:
        return None


def _as_it_was(folder: Path, plan: FetchPlan) -> tuple[dict[str, Any], list[InputFile]]:
    """Return what is known of the place, and the fetched files that its region has, each whole.

    What the region knows of the place holds where nobody could say which counties it meets.
    """
    place = {key: value for key, value in plan.place.as_dict().items() if key != "notes"}
    put_back(folder.parent)
    before = region_before(folder)
    recipe = before.document["recipe"] if before else {}
    known = recipe.get("place") or {}
    if before is None or known.get("bounds") != place["bounds"]:
        return place, []
    files = [
        InputFile(
            path=folder / entry["file"],
            role=entry["role"],
            source=entry["source"],
            label=entry["label"],
            mapping=entry["mapping"],
            retrieved_on=entry["asked"]["checked_on"],
            asked_of=entry["asked"]["asked_of"],
        )
        for entry in recipe["inputs"]
        if entry.get("asked") and entry.get("path") is None and before.holds(entry["file"])
    ]
    return known if plan.unknown and not place["counties"] else place, files


def _files(step: Step, result: FetchResult) -> list[InputFile]:
    """Return the region's inputs that a step gave; several files of one source are labeled by their names too."""
    several = len(result.documents) > 1
    return [
        InputFile(
            path=result.folder / name,
            role=step.role,
            source=step.reads_as or step.source.name,
            label=f"{step.label}.{name.split('.')[0]}" if several else step.label,
            mapping=dict(step.facts),
            retrieved_on=document.retrieved_on,
            asked_of=host_of(document.url),
            stale=result.stale,
        )
        for name, document in result.documents.items()
    ]


def _outcome(result: FetchResult, went_on: bool) -> str:
    rows = sum(counts.rows_in for counts in result.counts.values())
    size = sum(len(document.content) for document in result.documents.values())
    text = f"{rows:,} rows, {size / 1e6:,.2f} MB"
    if result.stale:
        return f"stale: {result.stale}"
    if went_on:
        return f"{text}, fetched by the run that was cut off"
    if all(document.unchanged for document in result.documents.values()):
        return f"{text}, unchanged"
    return text


def _part(progress: Progress, first: float, last: float) -> Progress:
    """Return what tells of a part of the work."""
    return lambda share, text: progress(first + share * (last - first), text)


class _Journal:
    """Which copies a build that hasn't ended has fetched; a kill leaves it for the next one to go on with."""

    def __init__(self, path: Path) -> None:
        self._path = path
        stored: Mapping[str, Any] = read_document(path) or {}
        now = datetime.datetime.now(tz=datetime.UTC)
        begun = datetime.datetime.fromisoformat(stored["begun"]) if stored else now
        is_fresh = datetime.timedelta() <= now - begun <= _GOES_ON_FOR
        self._begun = begun if is_fresh else now
        self.done: frozenset[str] = frozenset(stored.get("done", ())) if is_fresh else frozenset()

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
