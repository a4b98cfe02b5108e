"""What of a region's folder is not as it was written: parts that can be made again, and raw files that can't be."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geo.errors import RegionError
from sources.formats.store import (
    FORMAT,
    file_checksum,
    file_digest,
    of_every_file,
    read_document,
    write_document,
)

DOCUMENT = "region.json"
RECIPE = "raw/recipe.json"
_RAW = "raw/"
_SHOWN = 12
"""So many signs of a digest tell two files apart for people."""


@dataclass(frozen=True)
class Damage:
    """Files that are missing, changed or added: `parts`, which can be made again, and `raw` ones, which can't.

    `is_other_version` says that another version of this software wrote the parts, which are then not looked at.
    """

    parts: tuple[str, ...] = ()
    raw: tuple[str, ...] = ()
    is_other_version: bool = False


def find_damage(folder: Path) -> Damage:
    """Hold every file of a region against its checksum; a folder among the parts stands for what is in it.

    A record of how the region was made (`RECIPE`) that is damaged is named among the parts (`mend_recipe`). Where
    region.json is damaged, nothing tells how the others were written.
    """
    document = read_document(folder / DOCUMENT)
    if document is None:
        return Damage((DOCUMENT,))
    if document.get("format") != FORMAT:
        return Damage(is_other_version=True)
    known: dict[str, str] = document["files"]
    found = of_every_file(folder, file_checksum)
    wrong = {path for path in found.keys() | known.keys() if found.get(path) != known.get(path)} - {DOCUMENT}
    raw = {path for path in wrong if path.startswith(_RAW)}
    parts = {path.partition("/")[0] for path in wrong - raw} | (raw & {RECIPE})
    return Damage(tuple(sorted(parts)), tuple(sorted((raw & known.keys()) - {RECIPE})))


def mend_recipe(folder: Path) -> None:
    """Write the record of how a region was made anew, from region.json, which is whole."""
    with suppress(OSError):  # on a disk that can't be written, region.json tells it
        write_document(folder / RECIPE, read_recipe(folder))


def read_recipe(folder: Path) -> dict[str, Any]:
    """Return how a region was made: as region.json tells, or else its copy beside the raw files.

    Raises
    ------
    RegionError
        Both are damaged.
    """
    document = read_document(folder / DOCUMENT)
    recipe = document["recipe"] if document is not None else read_document(folder / RECIPE)
    if recipe is None:
        raise RegionError(
            "Neither region.json nor raw/recipe.json of the region {name!r} is as it was written, so nothing tells how "
            "it was made; `recovery-reach region build {name}` with its files builds it again.",
            name=folder.name,
        )
    found: dict[str, Any] = recipe
    return found


def check_raw(folder: Path, recipe: Mapping[str, Any], damaged: tuple[str, ...]) -> None:
    """Refuse to make parts again from raw files that are damaged too.

    Raises
    ------
    RegionError
        It says which is, and what to run.
    """
    for entry in recipe["inputs"]:
        found = _digest(folder / entry["file"])
        if found != entry["sha256"]:
            raise RegionError(
                "The region {name!r} can't be opened: {damaged} is not as it was written, and can't be made again from "
                "{file}, which isn't either (SHA-256 {expected}… expected, {found} found). `recovery-reach region "
                "update {name}` fetches or reads that file anew.",
                name=folder.name,
                damaged=", ".join(damaged),
                file=entry["file"],
                expected=entry["sha256"][:_SHOWN],
                found=f"{found[:_SHOWN]}…" if found else "–",
            )


def check_own_copy(folder: Path, path: Path) -> None:
    """Refuse a region's own copy of a file as the source of a build if it isn't as it was kept.

    Raises
    ------
    RegionError
        It says which file, and what to do.
    """
    for entry in read_recipe(folder)["inputs"]:
        if folder / entry["file"] == path and _digest(path) != entry["sha256"]:
            raise RegionError(
                "The region's own copy of {given} ({file}) is not as it was kept (SHA-256 {expected}… expected), and "
                "no other is at hand. Put the file where it lay and run `recovery-reach region update {name}`, or "
                "build the region again with it.",
                given=entry["given_as"],
                file=entry["file"],
                expected=entry["sha256"][:_SHOWN],
                name=folder.name,
            )


def _digest(path: Path) -> str:
    return file_digest(path) if path.is_file() else ""
