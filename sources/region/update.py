"""A region made anew as it was asked for, what that changed, and the way back to the build before.

Each build keeps the one that it replaces (`sources.formats.store`), so what changed is told by comparing the two, and
undone by swapping them. A process that is killed on the way leaves a whole region.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from geo.errors import RegionError
from sources.adapter.public_address import PublicAddress
from sources.cleaning.report import BuildReport
from sources.formats.csv_text import read_csv
from sources.formats.store import last_kept, read_document, swap_back
from sources.places.place_lookup import Lookup, place_from
from sources.region.build_context import Progress
from sources.region.changes import RESOURCE_COLUMNS, Build, changes, feed_changes
from sources.region.damage import read_recipe
from sources.region.fetch_and_build import Gathered, build_place
from sources.region.fetch_plan import FetchPlan, Wishes, make_plan
from sources.region.geocode_inputs import build_located, own_locator, public_addresses, with_located
from sources.region.inputs import InputFile, RegionInputs
from sources.region.manage import build_region, existing_folder, open_region
from sources.region.options import inputs_again, inputs_as_they_are
from sources.web.http import Policy

_LOCATED, _UNKNOWN = "located", "set_aside:not_located"


@dataclass(frozen=True)
class Renewal:
    """What an update would do: the files it reads, and for a named place what it fetches."""

    name: str
    inputs: RegionInputs
    wishes: Wishes
    plan: FetchPlan | None


@dataclass(frozen=True)
class Changes:
    """What changed from the build that is kept to this one: `places` as `changes.changes`, `feeds` as `feed_changes`.

    `is_undone` is whether the one that is kept is the later, which `undo_update` put aside.
    """

    places: pd.DataFrame
    feeds: Mapping[str, tuple[str, ...]]
    before_built_on: str
    is_undone: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        places = self.places.astype(object).where(self.places.notna(), None)
        return {
            "before_built_on": self.before_built_on,
            "is_undone": self.is_undone,
            "feeds": {name: list(feeds) for name, feeds in self.feeds.items()},
            "places": places.to_dict("records"),
        }


def plan_update(name: str, lookup: Lookup, keys: Mapping[str, str], *, accept_fewer: bool = False) -> Renewal:
    """Return what an update of a region would do; a named place is looked up, and nothing else is fetched.

    Raises
    ------
    RegionError
        There is none of that name, or it doesn't remember how it was asked for.
    InputError, SourceError
        Its place or a file can't be used.
    """
    folder = existing_folder(name)
    recipe = read_recipe(folder)
    options = recipe.get("options")
    if not options:
        raise RegionError(
            "The region {name!r} was built before regions remembered their options; build it once more with `region "
            "build`, and update it from then on.",
            name=name,
        )
    inputs = inputs_again(options, recipe, folder)
    place = options["place"]
    choices = {key: tuple(place[key]) for key in ("meetings", "na_servers", "without")} if place else {}
    wishes = Wishes(lookup, keys=keys, geocode=options["geocode"], accept_fewer=accept_fewer, **choices)
    if place is None:
        return Renewal(name, inputs, wishes, None)
    where = place_from(place["text"], place["radius_km"], lookup, inputs.title)
    return Renewal(name, inputs, wishes, make_plan(where, inputs, wishes))


def update_region(renewal: Renewal, progress: Progress) -> tuple[BuildReport, Gathered | None]:
    """Build a region anew as planned; the build that it replaces is kept for `undo_update`.

    Raises
    ------
    SourceError, InputError, DateError, RegionError
        As `sources.region.manage.build_region`; the region stays as it was.
    """
    name, wishes = renewal.name, renewal.wishes
    if renewal.plan is not None:
        return build_place(name, renewal.plan, renewal.inputs, wishes, progress)
    return build_located(name, renewal.inputs, wishes.geocode, wishes.policy, wishes.cache, progress), None


def add_list(name: str, path: Path, source: str, mapping: Mapping[str, Any], progress: Progress) -> BuildReport:
    """Build a region anew from its own copies and one more list, which takes the place of one added by the same name.

    Parameters
    ----------
    path, source, mapping
        As in `sources.region.inputs.InputFile`; the list is kept under `added_label` of its name.

    Raises
    ------
    RegionError
        There is none of that name.
    SourceError, InputError
        The list can't be used; the region stays as it was.
    """
    folder = existing_folder(name)
    inputs = inputs_as_they_are(read_recipe(folder), folder)
    added = InputFile(path, "resources", source, added_label(path.name), mapping=mapping, is_uploaded=True)
    before = {one.label for one in inputs.fetched if one.is_uploaded and one.stored_name == added.stored_name}
    others = [one for one in inputs.fetched if one.label not in {added.label, *before}]
    return build_region(name, replace(inputs, fetched=(*others, added)), progress)


def added_label(file_name: str) -> str:
    """Return the label of a list that was added by that name: none of a file of any other origin is like it.

    Only the ending is left off, so that the lists of two years (`houses.2025.csv`, `houses.2026.csv`) are two.
    """
    return f"added.{Path(file_name).stem}"


def unlocated(name: str) -> list[PublicAddress]:
    """Return the addresses of public places in a region's lists that its own map doesn't know and no service was asked.

    Raises
    ------
    RegionError
        There is none of that name.
    """
    folder = existing_folder(name)
    recipe = read_recipe(folder)
    if not any(result.get("reasons", {}).get(_UNKNOWN) for result in _results(folder)):
        return []
    region = open_region(name)
    spoiled = {folder / file for file in region.spoiled}
    files = [file for file in inputs_as_they_are(recipe, folder).fetched if file.path not in spoiled]
    asked = {
        PublicAddress(row["street"], row["town"], row["postal_code"])
        for file in files
        if file.source == _LOCATED
        for row in read_csv(file.path.read_bytes(), file.path.name)
    }
    return [address for address in public_addresses(files, own_locator(region)) if address not in asked]


def locate_rest(name: str, service: str, policy: Policy, cache: Path, progress: Progress) -> BuildReport:
    """Build a region anew from its own copies, its places located by a service where its own map doesn't know them.

    Updates ask the service too, from then on, where the region remembers how it was asked for.

    Raises
    ------
    InputError, SourceError, RegionError
        As `sources.region.geocode_inputs.locate_public_places`; the region stays as it was.
    """
    folder = existing_folder(name)
    inputs = inputs_as_they_are(read_recipe(folder), folder)
    others = tuple(one for one in inputs.fetched if one.source != _LOCATED)
    options = dict(inputs.options) | {"geocode": service} if inputs.options else {}
    inputs = replace(inputs, fetched=others, options=options)
    region = open_region(name)
    there = replace(policy, time_zone=region.facts.time_zone)
    located = with_located(inputs, service, there, cache, at_home=own_locator(region))
    return build_region(name, located, progress)


def last_changes(name: str) -> Changes | None:
    """Return what the last build of a region changed; None where no build before it is kept.

    Raises
    ------
    RegionError
        There is none of that name.
    """
    folder = existing_folder(name)
    kept = last_kept(folder)
    if kept is None or (document := read_document(kept / "region.json")) is None:
        return None
    before, after = build_in(kept), build_in(folder)
    is_undone = _built_at(kept) > _built_at(folder)
    return Changes(changes(before, after), feed_changes(before, after), document["built_on"], is_undone)


def _built_at(folder: Path) -> tuple[str, int]:
    """Return when the build in a folder was made, to compare with others: its minute, and when that was written."""
    path = folder / "region.json"
    return (read_document(path) or {}).get("built_on", ""), path.stat().st_mtime_ns


def built_before(name: str) -> str | None:
    """Return when the build was made that is kept for `undo_update`, and its digest; None where none is.

    Raises
    ------
    RegionError
        There is none of that name.
    """
    kept = last_kept(existing_folder(name))
    document = None if kept is None else read_document(kept / "region.json")
    return None if document is None else f"{document['built_on']} {document['region_hash']}"


def undo_update(name: str) -> None:
    """Put the build before the last one back; the last one is kept in its stead, so that this can be undone too.

    Raises
    ------
    RegionError
        There is none of that name, or no build before it is kept.
    """
    swap_back(existing_folder(name))


def build_in(folder: Path) -> Build:
    """Return what is compared of the build in a folder.

    Raises
    ------
    RegionError
        It can't be read.
    """
    document = read_document(folder / "region.json")
    if document is None:
        raise RegionError("The build in {folder} can't be read.", folder=folder.name)
    resources = pd.read_parquet(folder / "resources.parquet", columns=list(RESOURCE_COLUMNS))
    return build_of(document, resources.sort_values("resource_id", kind="stable", ignore_index=True))


def build_of(document: Mapping[str, Any], resources: pd.DataFrame) -> Build:
    """Return what is compared of a build, by what its region.json tells and its places."""
    feeds = {entry["label"]: (entry.get("asked") or {}).get("stale") for entry in document["recipe"]["inputs"]}
    outcomes = {source["label"]: source.get("outcome") or {} for source in document["sources"]}
    unread, rows = (
        {feed: int(outcome[name]) for feed, outcome in outcomes.items() if name in outcome}
        for name in ("set_aside", "rows_in")
    )
    return Build(resources, feeds, unread, rows)


def _results(folder: Path) -> list[dict[str, Any]]:
    """Return what became of each file's rows."""
    document = read_document(folder / "region.json") or {"sources": []}
    return [source.get("outcome") or {} for source in document["sources"]]
