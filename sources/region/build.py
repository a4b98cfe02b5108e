"""Building a region: raw files are kept, parts are made from them, and region.json tells what came of it all."""

import datetime
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from geo.errors import InputError
from geo.timetables.ended import has_ended
from sources.cleaning.report import BuildReport, SourceResult
from sources.formats.store import (
    FORMAT,
    copy_file,
    digest_of,
    file_checksum,
    file_digest,
    of_every_file,
    replacing,
    write_document,
)
from sources.region.build_context import Before, Progress, Workshop, region_before
from sources.region.build_records import record_build
from sources.region.damage import RECIPE, check_own_copy
from sources.region.inputs import InputFile, RegionInputs, input_files, read_input
from sources.region.options import options_of
from sources.region.stages import make_parts
from sources.registry import redact_contacts, source_called


def build(
    folder: Path,
    inputs: RegionInputs,
    progress: Progress | None = None,
    *,
    into: Path | None = None,
    parts_of: Path | None = None,
) -> BuildReport:
    """Build the region of `folder` from files; see `sources.region.manage.build_region`.

    Parameters
    ----------
    into
        Where the build goes in place of `folder`, which then stays as it is.
    parts_of
        A build of the same region elsewhere, of which parts are kept in place of those in `folder`.
    """
    files = input_files(inputs)
    if into is None:
        record_build(folder)
    with replacing(into or folder, keep=True) as aside:
        before = region_before(folder)
        (aside / "raw").mkdir()
        known = before.document["recipe"]["inputs"] if before else []
        entries = [_keep_raw(aside, folder, number, file, known) for number, file in enumerate(files)]
        recipe = {
            "inputs": entries,
            "title": inputs.title or folder.name,
            "fictional": inputs.fictional,
            "date": inputs.date.isoformat() if inputs.date else None,
            "retrieved_on": inputs.retrieved_on,
            "place": dict(inputs.place) if inputs.place else None,
            "options": options_of(inputs) if inputs.options is None else dict(inputs.options),
        }
        parts = region_before(parts_of) if parts_of else None
        return _finish(aside, folder.name, recipe, progress or _silent, before, parts or before)


def rebuild(folder: Path, recipe: dict[str, Any]) -> BuildReport:
    """Make every part of a region again from the raw files it keeps."""
    with replacing(folder) as aside:
        (aside / "raw").mkdir()
        for entry in recipe["inputs"]:
            (aside / entry["file"]).parent.mkdir()
            copy_file(folder / entry["file"], aside / entry["file"])
        return _finish(aside, folder.name, recipe, _silent, None, None)


def _finish(
    aside: Path, name: str, recipe: dict[str, Any], tell: Progress, before: Before | None, parts: Before | None
) -> BuildReport:
    write_document(aside / RECIPE, recipe)
    facts, shop = make_parts(aside, recipe, tell, parts)
    with shop.step(0.97, "Writing"):
        facts |= {"title": recipe["title"], "fictional": recipe["fictional"]}
        region_hash = _region_hash(facts, of_every_file(aside, file_digest), recipe)
        document = facts | {
            "format": FORMAT,
            "built_on": datetime.datetime.now(tz=datetime.UTC).strftime("%Y-%m-%d %H:%M UTC"),
            "region_hash": region_hash,
            "recipe": recipe,
            "place": recipe.get("place"),
            "sources": [_source_facts(entry, result) for entry, result in _results_by_entry(recipe, shop)],
            "parts": shop.parts,
            "files": of_every_file(aside, file_checksum),
        }
        write_document(aside / "region.json", document)
    tell(1.0, "Built")
    return BuildReport(
        name=name,
        title=recipe["title"],
        region_hash=region_hash,
        sources=tuple(shop.results),
        totals=facts["totals"],
        slopes=facts["slopes"],
        lacks=tuple(shop.parts["streets"]["facts"].get("lacks", ())),
        service_dates=facts["service_dates"],
        seconds=shop.steps,
        peak_memory_mb=peak_memory_mb(),
        redone=tuple(shop.redone()) if before else None,
        gone=tuple(sorted(_labels(before.document["recipe"]) - _labels(recipe))) if before else (),
        timetable_ended=_timetable_ended(facts),
        stale={entry["label"]: _asked(entry)["stale"] for entry in recipe["inputs"] if _asked(entry).get("stale")},
    )


def _timetable_ended(facts: Mapping[str, Any]) -> datetime.date | None:
    """Return the last day of the region's timetable, if that has passed; a fictional one never ends."""
    if facts["fictional"] or facts["last_day"] is None:
        return None
    return has_ended(datetime.date.fromisoformat(facts["last_day"]), facts["time_zone"])


def _labels(recipe: Mapping[str, Any]) -> set[str]:
    return {entry["label"] for entry in recipe["inputs"]}


def _region_hash(facts: Mapping[str, Any], files: Mapping[str, str], recipe: Mapping[str, Any]) -> str:
    """Return the digest of a region, in which neither counts when its sources were asked nor where its files lay."""
    inputs = [
        {name: value for name, value in entry.items() if name not in ("asked", "path")} for entry in recipe["inputs"]
    ]
    settings = {name: value for name, value in recipe.items() if name != "options"}
    lasting = dict(files) | {RECIPE: digest_of(settings | {"inputs": inputs})}
    return digest_of({"format": FORMAT, "facts": facts, "files": lasting})


def peak_memory_mb() -> float | None:
    """Return the most memory that this process has held so far, in MB; None where the system doesn't tell."""
    try:
        import resource
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1024 * 1024 if sys.platform == "darwin" else 1024), 1)


def _keep_raw(aside: Path, folder: Path, number: int, file: InputFile, known: list[dict[str, Any]]) -> dict[str, Any]:
    """Copy an input's bytes into the region, without contacts of persons, and return its entry in the recipe.

    Bytes that the region had before keep the date on which they first came.
    """
    if file.path.is_relative_to(folder):
        check_own_copy(folder, file.path)
    stored = f"raw/{number:02d}/{re.sub(r'[^A-Za-z0-9._-]', '_', file.stored_name)[-80:]}"
    target = aside / stored
    target.parent.mkdir()
    try:
        if file.role == "resources":
            target.write_bytes(redact_contacts(file.source, read_input(file), file.stored_name))
        elif file.is_packed:
            target.write_bytes(read_input(file))
        else:
            copy_file(file.path, target)
    except PermissionError:
        raise InputError(f"{file.path} can't be read; check its permissions.") from None
    digest = file_digest(target)
    entry = {
        "file": stored,
        "role": file.role,
        "source": file.source,
        "label": file.label,
        "category": file.category,
        "mapping": dict(file.mapping),
        "given_as": file.stored_name,
        "sha256": digest,
        "bytes": target.stat().st_size,
        "path": _path_of(file, folder, known),
    }
    if file.retrieved_on is None:
        return entry | ({"asked": {"asked_of": "", "checked_on": None, "stale": file.stale}} if file.stale else {})
    same = [old for old in known if old["label"] == file.label and old["sha256"] == digest and "retrieved_on" in old]
    first = min([file.retrieved_on, *(old["retrieved_on"] for old in same)])
    asked = {"asked_of": file.asked_of, "checked_on": file.retrieved_on, "stale": file.stale}
    return entry | {"retrieved_on": first, "asked": asked}


def _path_of(file: InputFile, folder: Path, known: list[dict[str, Any]]) -> str | None:
    """Return where on this machine a person's file lies, also where a region's own copy stands in; None of others."""
    if file.path.is_relative_to(folder):
        return next((old.get("path") for old in known if folder / old["file"] == file.path), None)
    return None if file.asked_of or file.is_uploaded else str(file.path.absolute())


def _asked(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    asked: Mapping[str, Any] = entry.get("asked") or {}
    return asked


def _results_by_entry(recipe: Mapping[str, Any], shop: Workshop) -> list[tuple[Mapping[str, Any], SourceResult | None]]:
    results = {result.label: result for result in shop.results}
    return [(entry, results.get(entry["label"])) for entry in recipe["inputs"]]


def _source_facts(entry: Mapping[str, Any], result: SourceResult | None) -> dict[str, Any]:
    """Return what is shown of a source: the registry's facts, over which a mapping file's own words hold."""
    source = source_called(entry["source"])
    names = ("title", "publisher", "license", "attribution", "url", "freshness", "precision")
    facts = {name: getattr(source, name) for name in names} if source else {}
    facts |= {name: str(entry["mapping"][name]) for name in names if name in entry["mapping"]}
    about = {"label": entry["label"], "source": entry["source"], "role": entry["role"], "file": entry["given_as"]}
    about |= {"sha256": entry["sha256"], "bytes": entry["bytes"]}
    if "asked" in entry:
        about |= {"retrieved_on": entry.get("retrieved_on"), **_asked(entry)}
    return about | facts | ({"outcome": result.as_dict()} if result else {})


def _silent(_share: float, _text: str) -> None:
    """Say nothing: nobody is watching the build."""
