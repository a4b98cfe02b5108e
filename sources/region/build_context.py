"""Where a build works: its clock, what it says on the way, and which parts it keeps from the region as it was."""

import ctypes
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from geo.score.parameters import load_parameters
from sources.cleaning.report import Counts, Parsed, SourceResult, count
from sources.formats.embedded import embedded
from sources.formats.store import FORMAT, digest_of, file_checksum, file_digest, read_document, read_table
from sources.region.build_records import take

Progress = Callable[[float, str], None]
_NOTES = "set_aside.parquet"

FILES: dict[str, tuple[str, ...]] = {
    "streets": ("network/streets.",),
    "network": ("network/", "on_demand.parquet"),
    "map": ("basemap.parquet",),
    "places": ("resources.parquet", "sessions.parquet", "exposure.parquet", "openings.parquet", "gazetteer.parquet"),
    "zones": ("zones.parquet", "outlines.parquet"),
    "competition": ("competition/",),
}
"""Each part of a region → how the paths of its files begin. The streets lie in the network's folder."""

_SHOWN = {
    "streets": "streets",
    "network": "timetables and their links to streets",
    "map": "map",
    "places": "places of support",
    "zones": "people and jobs",
    "competition": "who competes",
}


@dataclass(frozen=True)
class Before:
    """A region as it was built before, whole: its folder, and what region.json tells."""

    folder: Path
    document: Mapping[str, Any]

    @cached_property
    def set_aside(self) -> pd.DataFrame:
        """The SET_ASIDE table."""
        return read_table(self.folder / _NOTES)

    def holds(self, path: str) -> bool:
        """Tell whether a file is there as it was written."""
        known = self.document["files"].get(path)
        return (self.folder / path).is_file() and file_checksum(self.folder / path) == known


@dataclass
class Workshop:
    """What a build has at hand. `parts` are the facts of each that is done; `kept` names those of an earlier build."""

    folder: Path
    tell: Progress
    keys: Mapping[str, str]
    before: Before | None = None
    steps: dict[str, float] = field(default_factory=dict)
    results: list[SourceResult] = field(default_factory=list)
    notes: list[pd.DataFrame] = field(default_factory=list)
    parts: dict[str, dict[str, Any]] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)

    @contextmanager
    def step(self, share: float, name: str) -> Iterator[None]:
        """Tell that a step begins, and keep how long it took."""
        _give_memory_back()
        self.tell(share, name)
        started = time.perf_counter()
        yield
        self.steps[name] = self.steps.get(name, 0.0) + time.perf_counter() - started

    def done(self, entry: Mapping[str, Any], parsed: Parsed, seconds: float) -> None:
        """Keep the outcome of a file's rows."""
        counts = count(parsed)
        self.notes.append(parsed.set_aside)
        self.results.append(
            SourceResult(entry["label"], entry["source"], entry["given_as"], counts, counts.reasons, seconds)
        )

    def part(self, name: str, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """Return the facts of a part: as it was where nothing that makes it has changed, else made anew."""
        first = len(self.results)
        facts = self._keep(name)
        if facts is None:
            facts = make()
        else:
            self.kept.append(name)
        results = [result.as_dict() for result in self.results[first:]]
        self.parts[name] = {"key": self.keys[name], "facts": facts, "results": results}
        return facts

    def redone(self) -> list[str]:
        """Return the parts that were made anew, in words."""
        return [words for name, words in _SHOWN.items() if name in self.parts and name not in self.kept]

    def _keep(self, name: str) -> dict[str, Any] | None:
        """Take a part over, with its outcomes and notes; None where it must be made."""
        if self.before is None:
            return None
        known: dict[str, Any] = self.before.document.get("parts", {}).get(name, {})
        if known.get("key") != self.keys[name]:
            return None
        files = [path for path in self.before.document["files"] if path.startswith(FILES[name])]
        if not all(map(self.before.holds, files)):
            return None
        if name != "streets":  # theirs are written with the network's
            for path in files:
                take(self.before.folder / path, self.folder / path)
        for result in known["results"]:
            self.results.append(_result_from(result))
            notes = self.before.set_aside
            self.notes.append(notes[notes["source"] == result["label"]])
        return dict(known["facts"])


def region_before(folder: Path) -> Before | None:
    """Return the region that a folder holds, if its facts are whole and of this version's form."""
    document = read_document(folder / "region.json")
    if document is None or document.get("format") != FORMAT:
        return None
    before = Before(folder, document)
    return before if before.holds(_NOTES) else None


def part_keys(recipe: Mapping[str, Any]) -> dict[str, str]:
    """Return part → digest of all that it is made from: raw files and how they are read, code, declared tables."""
    by_role: dict[str, list[dict[str, Any]]] = {"gtfs": [], "resources": [], "zones": [], "ground": []}
    for entry in recipe["inputs"]:
        lasting = {name: value for name, value in entry.items() if name not in ("file", "bytes", "asked", "path")}
        by_role[entry["role"] if entry["role"] in by_role else "ground"].append(lasting)
    place = recipe.get("place") or {}
    streets = digest_of([code_digest(), by_role["ground"], place.get("bounds")])
    network = digest_of([streets, by_role["gtfs"], recipe.get("date")])
    places = digest_of([streets, by_role["resources"], recipe.get("retrieved_on")])
    zones = digest_of([streets, by_role["zones"]])
    competition = digest_of([network, places, zones, load_parameters().hash])
    keys = {"network": network, "map": streets, "places": places, "zones": zones, "competition": competition}
    return {"streets": streets, **keys}


@cache
def code_digest() -> str:
    """Return the digest of the code and tables that parts are made by, so that another version makes them anew."""
    return digest_of([(name, file_digest(path)) for name, path in sorted(making_files().items())])


def making_files() -> dict[str, Path]:
    """Return the files that make a region's parts, by their path inside the package: two may share a name."""
    sources = Path(__file__).parents[1]
    code = [(folder, "*.py") for folder in (sources, sources.parent / "geo")]
    roots = [*code, *((embedded(tables), "*.toml") for tables in ("mappings", "traffic"))]
    return {path.relative_to(root.parent).as_posix(): path for root, pattern in roots for path in root.rglob(pattern)}


def _result_from(stored: Mapping[str, Any]) -> SourceResult:
    notes = dict(sorted(stored["reasons"].items(), key=lambda item: (-item[1], item[0])))  # JSON orders by name
    counts = None
    if "rows_in" in stored:
        numbers = {name: stored[name] for name in ("rows_in", "kept", "repaired", "set_aside")}
        counts = Counts(**numbers, reasons=notes)
    return SourceResult(stored["label"], stored["source"], stored["file"], counts, notes, 0.0)


def _give_memory_back() -> None:
    """Hand memory that a step has freed back to the system, where its allocator (glibc's) would keep it."""
    try:
        ctypes.CDLL("libc.so.6").malloc_trim(0)
    except (OSError, AttributeError):
        return
