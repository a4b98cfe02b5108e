"""From raw files to the parts of a region: a pure function of the files and the settings kept beside them."""

import datetime
import math
import re
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from geo.crs import local_crs
from geo.errors import InputError, SourceError
from geo.network import build_network
from geo.parameters import load_parameters
from geo.streets import Streets, StreetSettings, build_streets_with_notes
from geo.tables import EXPOSURE, RESOURCES, SESSIONS, SET_ASIDE, ZONES, conform, validate
from geo.timetable import Feed, check_date, valid_dates
from sources.clean import Bounds
from sources.competition_store import write_competition
from sources.gazetteer import build_gazetteer, locate_address
from sources.inputs import InputFile, RegionInputs, input_files, read_packed
from sources.merge import merge
from sources.network_store import network_to_arrays
from sources.networks.gtfs import read_feeds
from sources.networks.osm import read_streets
from sources.networks.osm_features import read_features
from sources.registry import source_called
from sources.report import BuildReport, Counts, Parsed, SourceResult, count, join_notes, reasons
from sources.resources import osm as osm_resources
from sources.source import ParseContext
from sources.store import (
    FORMAT,
    copy_file,
    digest_of,
    file_digest,
    folder_digests,
    replacing,
    write_arrays,
    write_document,
    write_table,
)
from sources.zones.combine import combine

Progress = Callable[[float, str], None]
MARGIN_METRES = 1000.0
"""How far beyond its streets a region reaches: as far as a place may be from a street."""


@dataclass
class Workshop:
    """Where a build keeps its results, its clock and what it says on the way."""

    folder: Path
    tell: Progress
    steps: dict[str, float] = field(default_factory=dict)
    results: list[SourceResult] = field(default_factory=list)
    notes: list[pd.DataFrame] = field(default_factory=list)

    @contextmanager
    def step(self, share: float, name: str) -> Iterator[None]:
        """Tell that a step begins, and keep how long it took."""
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


def build(folder: Path, inputs: RegionInputs, progress: Progress | None = None) -> BuildReport:
    """Build the region of `folder` from files; see `sources.region.build_region`."""
    files = input_files(inputs)
    with replacing(folder) as aside:
        (aside / "raw").mkdir()
        entries = [_keep_raw(aside, number, file) for number, file in enumerate(files)]
        recipe = {
            "inputs": entries,
            "title": inputs.title or folder.name,
            "fictional": inputs.fictional,
            "date": inputs.date.isoformat() if inputs.date else None,
            "retrieved_on": inputs.retrieved_on,
        }
        return _finish(aside, folder.name, recipe, progress or _silent)


def rebuild(folder: Path, recipe: dict[str, Any]) -> BuildReport:
    """Make every part of a region again from the raw files it keeps."""
    with replacing(folder) as aside:
        (aside / "raw").mkdir()
        for entry in recipe["inputs"]:
            (aside / entry["file"]).parent.mkdir()
            copy_file(folder / entry["file"], aside / entry["file"])
        return _finish(aside, folder.name, recipe, _silent)


def _finish(aside: Path, name: str, recipe: dict[str, Any], tell: Progress) -> BuildReport:
    write_document(aside / "raw" / "recipe.json", recipe)
    facts, shop = make_parts(aside, recipe, tell)
    with shop.step(0.97, "Writing"):
        files = folder_digests(aside)
        facts |= {"title": recipe["title"], "fictional": recipe["fictional"]}
        region_hash = digest_of({"format": FORMAT, "facts": facts, "files": files})
        document = facts | {
            "format": FORMAT,
            "built_on": datetime.datetime.now(tz=datetime.UTC).strftime("%Y-%m-%d %H:%M UTC"),
            "region_hash": region_hash,
            "recipe": recipe,
            "sources": [_source_facts(entry, result) for entry, result in _results_by_entry(recipe, shop)],
            "files": files,
        }
        write_document(aside / "region.json", document)
    tell(1.0, "Built")
    return BuildReport(
        name=name,
        title=recipe["title"],
        region_hash=region_hash,
        sources=tuple(shop.results),
        totals=facts["totals"],
        service_dates=facts["service_dates"],
        seconds=shop.steps,
        peak_memory_mb=peak_memory_mb(),
    )


def make_parts(folder: Path, recipe: Mapping[str, Any], tell: Progress) -> tuple[dict[str, Any], Workshop]:
    """Write every part of a region into `folder`, from the raw files in it, and return what region.json tells of it.

    Parameters
    ----------
    folder
        Holds `raw/`; gets `network/`, `competition/`, and the tables as Parquet.
    recipe
        `inputs` (file, role, source, label, category, mapping, given_as), `date`, `retrieved_on`.

    Raises
    ------
    SourceError, InputError, DateError
        A file can't be used; the sentence names it.
    """
    shop = Workshop(folder, tell)
    by_role: dict[str, list[dict[str, Any]]] = {"osm": [], "gtfs": [], "resources": [], "zones": []}
    for entry in recipe["inputs"]:
        by_role[entry["role"]].append(entry)
    osm = by_role["osm"][0]
    with shop.step(0.02, "Reading streets"):
        elements = read_streets(folder / osm["file"])
        bounds = _bounds(elements.node_lon, elements.node_lat)
        crs = local_crs((bounds.west + bounds.east) / 2, (bounds.south + bounds.north) / 2)
    with shop.step(0.15, "Building streets"):
        started = time.perf_counter()
        streets, notes = build_streets_with_notes(elements, crs, StreetSettings())
        ways = len(elements.ways)
        _note_streets(shop, osm, ways, notes, time.perf_counter() - started)
        del elements
    with shop.step(0.35, "Reading timetables"):
        feed = _timetables(shop, by_role["gtfs"])
        time_zone = _time_zone(bounds)
    if feed is not None and recipe.get("date"):
        check_date(feed, datetime.date.fromisoformat(recipe["date"]))
    with shop.step(0.45, "Linking stops and streets"):
        network = build_network(streets, feed, time_zone)
        write_arrays(folder / "network", network_to_arrays(network))
    with shop.step(0.6, "Reading places of the map"):
        features = read_features(folder / osm["file"])
        write_table(folder / "basemap.parquet", features)
    locate = _locator(features, streets)
    context = ParseContext(bounds=bounds, time_zone=time_zone, retrieved_on=recipe.get("retrieved_on"), locate=locate)
    with shop.step(0.75, "Reading resources"):
        resources, sessions, totals = _resources(shop, by_role["resources"], context, osm, features)
        gazetteer = build_gazetteer(features, streets, resources)
        write_table(folder / "gazetteer.parquet", gazetteer)
    with shop.step(0.9, "Reading zones"):
        zones = _zones(shop, by_role["zones"], context)
    with shop.step(0.93, "Counting who competes"):
        write_competition(folder, network, resources, sessions, zones, load_parameters())
    write_table(folder / "set_aside.parquet", validate(conform(join_notes(shop.notes), SET_ASIDE), SET_ASIDE))
    facts = {
        "bounds": [round(side, 6) for side in (bounds.west, bounds.south, bounds.east, bounds.north)],
        "crs": crs,
        "time_zone": time_zone,
        "service_dates": [day.isoformat() for day in valid_dates(feed)] if feed is not None else None,
        "service_date": recipe.get("date") or (usual_date(feed).isoformat() if feed is not None else None),
        "totals": {"ways": ways, "links": len(streets.link_metres), "features": len(features)}
        | {"stops": len(feed.stop_id) if feed is not None else 0, "trips": len(feed.trip_id) if feed is not None else 0}
        | totals
        | {"zones": len(zones), "gazetteer": len(gazetteer)},
    }
    return facts, shop


def usual_date(feed: Feed) -> datetime.date:
    """Return the first Wednesday on which as many trips run as on most Wednesdays (any day if it has none)."""
    first, last = valid_dates(feed)
    days = [first + datetime.timedelta(n) for n in range(min((last - first).days + 1, 400))]
    days = [day for day in days if day.weekday() == 2] or days
    trips_of_service = np.bincount(feed.trip_service, minlength=len(feed.service_offset) - 1)
    service = np.repeat(np.arange(len(feed.service_offset) - 1), np.diff(feed.service_offset))
    epoch = datetime.date(1970, 1, 1)
    running = [int(trips_of_service[service[feed.service_day == (day - epoch).days]].sum()) for day in days]
    busy = [trips for trips in running if trips]
    usual = max(set(busy), key=lambda trips: (busy.count(trips), trips)) if busy else 0
    return days[running.index(usual)]


def peak_memory_mb() -> float | None:
    """Return the most memory that this process has held so far, in MB; None where the system doesn't tell."""
    try:
        import resource
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1024 * 1024 if sys.platform == "darwin" else 1024), 1)


def _bounds(lon: Any, lat: Any) -> Bounds:
    south, north = float(np.min(lat)), float(np.max(lat))
    margin = MARGIN_METRES / 111_320  # metres in a degree of latitude
    wide = margin / max(math.cos(math.radians((south + north) / 2)), 0.05)
    return Bounds(float(np.min(lon)) - wide, south - margin, float(np.max(lon)) + wide, north + margin)


def _time_zone(bounds: Bounds) -> str:
    from timezonefinder import TimezoneFinder

    finder = TimezoneFinder(in_memory=False)
    found = finder.timezone_at(lng=(bounds.west + bounds.east) / 2, lat=(bounds.south + bounds.north) / 2)
    return str(found or "UTC")


def _note_streets(shop: Workshop, entry: Mapping[str, Any], ways: int, notes: pd.DataFrame, seconds: float) -> None:
    """Keep the outcome of an extract's ways; its places are counted on their own."""
    aside = int((notes["outcome"] == "set_aside").sum())
    counts = Counts(ways, ways - aside, 0, aside, reasons(notes))
    label = f"{entry['label']} streets"
    shop.notes.append(notes.assign(source=label))
    shop.results.append(SourceResult(label, "streets", entry["given_as"], counts, counts.reasons, seconds))


def _timetables(shop: Workshop, entries: list[dict[str, Any]]) -> Feed | None:
    if not entries:
        return None
    started = time.perf_counter()
    feed, notes = read_feeds([(entry["label"], shop.folder / entry["file"]) for entry in entries])
    seconds = time.perf_counter() - started
    shop.notes.append(notes)
    for entry in entries:
        told = reasons(notes[notes["source"] == entry["label"]])
        shop.results.append(SourceResult(entry["label"], "gtfs", entry["given_as"], None, told, seconds / len(entries)))
    return feed


def _parsed(shop: Workshop, entry: Mapping[str, Any], context: ParseContext) -> Parsed:
    source = source_called(entry["source"])
    if source is None or source.parse is None:
        raise InputError(f"The source {entry['source']!r} is not known to this version; build the region again.")
    raw = (shop.folder / entry["file"]).read_bytes()
    parsed = source.parse(
        raw,
        replace(
            context,
            file_name=entry["given_as"],
            source=entry["label"],
            category=entry.get("category"),
            mapping=entry.get("mapping") or {},
        ),
    )
    if parsed.rows_in == 0:
        raise SourceError(f"{entry['given_as']} holds no row; a feed without rows is a failed one.")
    return parsed


def _locator(features: pd.DataFrame, streets: Streets) -> Callable[[str, str, str], tuple[float, float] | None]:
    """Return what finds addresses on the map; its index is made when the first is asked for."""

    @cache
    def gazetteer() -> pd.DataFrame:
        return build_gazetteer(features, streets, conform(pd.DataFrame(), RESOURCES))

    return lambda street, town, postal_code: locate_address(gazetteer(), street, town, postal_code)


def _resources(
    shop: Workshop, entries: list[dict[str, Any]], context: ParseContext, osm: dict[str, Any], features: Any
) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, int]]:
    """Write resources, sessions and exposure; return resources, sessions, and how many there are of everything."""
    found: list[Parsed] = []
    trust: dict[str, int] = {}
    for entry in entries:
        started = time.perf_counter()
        parsed = _parsed(shop, entry, context)
        shop.done(entry, parsed, time.perf_counter() - started)
        found.append(parsed)
        source = source_called(entry["source"])
        trust[entry["label"]] = source.trust if source else 0
    started = time.perf_counter()
    from_map = osm_resources.parse_features(features, context)
    shop.done(osm, from_map, time.perf_counter() - started)
    found.append(from_map)
    trust[osm["label"]] = osm_resources.SOURCE.trust
    every = pd.concat([part.tables["resources"] for part in found], ignore_index=True)
    sessions = pd.concat([part.tables["sessions"] for part in found if "sessions" in part.tables], ignore_index=True)
    merged = merge(conform(every, RESOURCES), trust)
    keep = conform(sessions, SESSIONS)
    keep = keep.sort_values(["resource_id", "weekday", "start_minute", "end_minute"], kind="stable")
    write_table(shop.folder / "resources.parquet", validate(merged, RESOURCES))
    write_table(shop.folder / "sessions.parquet", validate(keep.reset_index(drop=True), SESSIONS))
    exposure = conform(from_map.tables["exposure"].sort_values("exposure_id"), EXPOSURE)
    write_table(shop.folder / "exposure.parquet", validate(exposure, EXPOSURE))
    totals = {"resources": len(merged), "merged": len(every) - len(merged)}
    return merged, keep, totals | {"sessions": len(keep), "exposure": len(exposure)}


def _zones(shop: Workshop, entries: list[dict[str, Any]], context: ParseContext) -> pd.DataFrame:
    parts, seconds = [], []
    for entry in entries:
        started = time.perf_counter()
        parts.append(_parsed(shop, entry, context))
        seconds.append(time.perf_counter() - started)
    both = combine([entry["label"] for entry in entries], parts, context.bounds)
    for entry, part, taken in zip(entries, both.parts, seconds, strict=True):
        shop.done(entry, part, taken)
    write_table(shop.folder / "zones.parquet", validate(both.zones, ZONES))
    write_table(shop.folder / "outlines.parquet", both.outlines)
    return both.zones


def _keep_raw(aside: Path, number: int, file: InputFile) -> dict[str, Any]:
    """Copy an input's bytes into the region and return its entry in the recipe."""
    stored = f"raw/{number:02d}/{re.sub(r'[^A-Za-z0-9._-]', '_', file.stored_name)[-80:]}"
    target = aside / stored
    target.parent.mkdir()
    if file.is_packed:
        target.write_bytes(read_packed(file))
    else:
        try:
            copy_file(file.path, target)
        except PermissionError:
            raise InputError(f"{file.path} can't be read; check its permissions.") from None
    return {
        "file": stored,
        "role": file.role,
        "source": file.source,
        "label": file.label,
        "category": file.category,
        "mapping": dict(file.mapping),
        "given_as": file.stored_name,
        "sha256": file_digest(target),
        "bytes": target.stat().st_size,
    }


def _results_by_entry(recipe: Mapping[str, Any], shop: Workshop) -> list[tuple[Mapping[str, Any], SourceResult | None]]:
    results = {result.label: result for result in shop.results}
    return [(entry, results.get(entry["label"])) for entry in recipe["inputs"]]


def _source_facts(entry: Mapping[str, Any], result: SourceResult | None) -> dict[str, Any]:
    """Return what is shown of a source: the registry's facts, over which a mapping file's own words hold."""
    source = source_called(entry["source"])
    names = ("title", "publisher", "licence", "attribution", "url", "freshness", "precision")
    facts = {name: getattr(source, name) for name in names} if source else {}
    facts |= {name: str(entry["mapping"][name]) for name in names if name in entry["mapping"]}
    about = {"label": entry["label"], "source": entry["source"], "role": entry["role"], "file": entry["given_as"]}
    about |= {"sha256": entry["sha256"], "bytes": entry["bytes"]}
    return about | facts | ({"outcome": result.as_dict()} if result else {})


def _silent(_share: float, _text: str) -> None:
    """Say nothing: nobody is watching the build."""
