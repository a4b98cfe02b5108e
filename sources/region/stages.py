"""The parts of a region, made from its raw files: a pure function of these and of how they are to be read.

But for two things: of rows of one place the latest word holds, and none of a day that is still to come is later; and a
file that takes many times as long as any honest one (`sources.adapter.source.seconds_for`) is read no further.
"""

import datetime
import time
from collections.abc import Mapping
from dataclasses import astuple, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely

from geo.crs import local_crs, middle
from geo.dates import local_date
from geo.errors import InputError, SourceError
from geo.score.parameters import load_parameters
from geo.streets.build import Streets, build_streets_with_notes
from geo.streets.snapping import PASSED_OVER, attach, passed_over
from geo.streets.tags import StreetSettings
from geo.tables import EXPOSURE, OPENINGS, RESOURCES, SESSIONS, SET_ASIDE, ZONES, conform, empty, validate
from geo.timetables.calendar import trips_by_day
from geo.timetables.ended import last_day
from geo.timetables.feed import Feed, check_date, valid_dates, valid_stretches
from geo.timetables.station_entrances import gates_of, never_walked_to
from geo.travel.network import Network, build_network
from sources.adapter.source import ParseContext, seconds_for
from sources.cleaning.bounds import Bounds, wider
from sources.cleaning.deduplication import merge, sessions_of_merged
from sources.cleaning.report import Counts, Notes, Parsed, SourceResult, count, join_notes, reasons
from sources.formats.store import read_arrays, read_table, write_arrays, write_table
from sources.networks.gtfs import read_timetables
from sources.networks.gtfs_flex import as_shapes, no_zones
from sources.networks.osm import read_streets
from sources.networks.osm_features import read_features
from sources.networks.osmnx_graph import lacks
from sources.places.gazetteer import address_locator, build_gazetteer
from sources.places.place_lookup import time_zone_at
from sources.region.build_context import Before, Progress, Workshop, part_keys
from sources.region.competition_store import write_competition
from sources.region.network_store import network_from_arrays, network_to_arrays
from sources.region.resource_table import read_places, write_places
from sources.region.street_source import street_settings
from sources.registry import source_called
from sources.resources import located
from sources.resources import osm as osm_resources
from sources.zones.combine import combine

MARGIN_METERS = 1000.0
"""How far beyond its streets a region reaches: as far as a place may be from a street."""

WEDNESDAY = 2

Entry = Mapping[str, Any]


@dataclass
class Materials:
    """What a build works on; each is made, or read from a part that was kept, when it is first needed."""

    shop: Workshop
    entries: Mapping[str, list[dict[str, Any]]]
    held: dict[str, Any] = field(default_factory=dict)

    @property
    def osm(self) -> Entry:
        """The entry of the extract."""
        return self.entries["osm"][0]

    @property
    def network(self) -> Network:
        """Streets, timetable and links."""
        if "network" not in self.held:
            self.held["network"] = network_from_arrays(read_arrays(self.shop.folder / "network"))
        network: Network = self.held["network"]
        return network

    @property
    def streets(self) -> Streets:
        """The streets: just made, or of the network at hand, or of the region as it was."""
        if "streets" not in self.held:
            before = self.shop.before
            if before is not None and not (self.shop.folder / "network").is_dir():
                self.held["streets"] = network_from_arrays(read_arrays(before.folder / "network")).streets
            else:
                self.held["streets"] = self.network.streets
        streets: Streets = self.held["streets"]
        return streets

    @property
    def features(self) -> Any:
        """The mapped things that are not streets."""
        if "features" not in self.held:
            import geopandas as gpd

            self.held["features"] = gpd.read_parquet(self.shop.folder / "basemap.parquet")
        return self.held["features"]

    def table(self, name: str) -> pd.DataFrame:
        """Return a table of a part that is done."""
        return read_table(self.shop.folder / f"{name}.parquet")


def make_parts(
    folder: Path, recipe: Mapping[str, Any], tell: Progress, before: Before | None = None
) -> tuple[dict[str, Any], Workshop]:
    """Write every part of a region into `folder`, from the raw files in it, and return what region.json tells of it.

    Parameters
    ----------
    folder
        Holds `raw/`; gets `network/`, `competition/`, and the tables as Parquet.
    recipe
        `inputs` (file, role, source, label, category, mapping, given_as, retrieved_on), `date`, `retrieved_on`.
    before
        The region as it was; parts of it are kept where nothing that makes them has changed.

    Raises
    ------
    SourceError, InputError, DateError
        A file can't be used; the sentence names it.
    """
    shop = Workshop(folder, tell, part_keys(recipe), before)
    roles = ("osm", "elevation", "gtfs", "resources", "zones")
    entries: dict[str, list[dict[str, Any]]] = {role: [] for role in roles}
    for entry in recipe["inputs"]:
        entries[entry["role"]].append(entry)
    stuff = Materials(shop, entries)
    ground = shop.part("streets", lambda: _make_streets(stuff, recipe.get("place")))
    lines = shop.part("network", lambda: _make_network(stuff, ground, recipe))
    drawn = shop.part("map", lambda: _make_map(stuff))
    context = ParseContext(
        bounds=Bounds(*ground["bounds"]), time_zone=ground["time_zone"], retrieved_on=recipe.get("retrieved_on")
    )
    is_of_its_day = recipe.get("fictional") and lines["service_date"]
    today = datetime.date.fromisoformat(lines["service_date"]) if is_of_its_day else local_date(lines["time_zone"])
    places = shop.part("places", lambda: _make_places(stuff, context, today))
    areas = shop.part("zones", lambda: _make_zones(stuff, context))
    shop.part("competition", lambda: _make_competition(stuff))
    write_table(folder / "set_aside.parquet", validate(conform(join_notes(shop.notes), SET_ASIDE), SET_ASIDE))
    facts = {
        "bounds": [round(side, 6) for side in ground["bounds"]],
        "crs": ground["crs"],
        "time_zone": lines["time_zone"],
        "slopes": ground["slopes"],
        "service_dates": lines["service_dates"],
        "last_day": lines["last_day"],
        "service_date": lines["service_date"],
        "totals": {"ways": ground["ways"], "links": ground["links"], "features": drawn["features"]}
        | {name: lines[name] for name in ("stops", "trips", "on_demand")}
        | {name: places[name] for name in ("resources", "merged", "sessions", "exposure", "openings")}
        | {"zones": areas["zones"], "gazetteer": places["gazetteer"]},
    }
    return facts, shop


def _make_streets(stuff: Materials, place: Mapping[str, Any] | None) -> dict[str, Any]:
    shop, osm = stuff.shop, stuff.osm
    with shop.step(0.02, "Reading streets"):
        elements = read_streets(shop.folder / osm["file"])
        bounds = _bounds(elements.node_lon, elements.node_lat, place)
        lon, lat = (bounds.west + bounds.east) / 2, (bounds.south + bounds.north) / 2
        if bounds.east - bounds.west > 180:  # streets on both sides of 180°: the middle of the box is on the other side
            lon, lat = middle(elements.node_lon, elements.node_lat)
        crs = local_crs(lon, lat)
    with shop.step(0.15, "Building streets"):
        started = time.perf_counter()
        streets, notes = build_streets_with_notes(elements, crs, _settings(stuff, bounds))
        ways = len(elements.ways)
        lacking = lacks(shop.folder / osm["file"], elements)
        notes = join_notes([notes, lacking])
        _note_streets(shop, osm, ways, notes, time.perf_counter() - started)
    stuff.held["streets"] = streets
    facts: dict[str, Any] = {"lacks": lacking["reason"].tolist()} if len(lacking) else {}
    facts |= {"bounds": [bounds.west, bounds.south, bounds.east, bounds.north], "crs": crs}
    return (
        facts
        | {"time_zone": time_zone_at(lon, lat), "ways": ways, "links": len(streets.link_meters)}
        | {"slopes": bool(stuff.entries["elevation"])}
    )


def _settings(stuff: Materials, bounds: Bounds) -> StreetSettings:
    """Return how the streets are built, having noted how long it took to read the heights."""
    given = stuff.entries["elevation"][:1]
    started = time.perf_counter()
    settings = street_settings(next((stuff.shop.folder / entry["file"] for entry in given), None), bounds)
    seconds = time.perf_counter() - started
    for entry in given:
        stuff.shop.results.append(SourceResult(entry["label"], "elevation", entry["given_as"], None, {}, seconds))
    return settings


def _make_network(stuff: Materials, ground: Mapping[str, Any], recipe: Mapping[str, Any]) -> dict[str, Any]:
    shop, date = stuff.shop, recipe.get("date")
    with shop.step(0.35, "Reading timetables"):
        feed, zones = _timetables(shop, stuff.entries["gtfs"], stuff.streets, Bounds(*ground["bounds"]))
        write_table(shop.folder / "on_demand.parquet", as_shapes(zones))
    if feed is not None and date:
        check_date(feed, datetime.date.fromisoformat(date))
    with shop.step(0.45, "Linking stops and streets"):
        zone = agency_zone(feed, ground["time_zone"])
        network = build_network(stuff.streets, feed, zone)
        write_arrays(shop.folder / "network", network_to_arrays(network))
    del stuff.held["streets"], network  # from here on read from the disk, where large arrays take no memory till used
    if feed is None:
        return {
            "service_dates": None,
            "last_day": None,
            "service_date": date,
            "stops": 0,
            "trips": 0,
            "on_demand": len(zones),
            "time_zone": zone,
        }
    own = datetime.date.fromisoformat(date) if date else usual_date(feed, _fetched_on(stuff.entries["gtfs"]))
    until = last_day(feed, own)
    return {
        "time_zone": zone,
        "service_dates": [day.isoformat() for day in valid_dates(feed)],
        "last_day": None if until is None else until.isoformat(),
        "service_date": own.isoformat(),
        "stops": len(feed.stop_id),
        "trips": len(feed.trip_id),
        "on_demand": len(zones),
    }


def agency_zone(feed: Feed | None, here: str) -> str:
    """Return the time zone that clocks of a region go by: its agencies', where none of theirs is that of its middle."""
    zones = [str(zone) for zone in feed.feed_zone if zone] if feed is not None else []
    return zones[0] if zones and here not in zones else here


def _make_map(stuff: Materials) -> dict[str, Any]:
    shop = stuff.shop
    with shop.step(0.6, "Reading places of the map"):
        features = read_features(shop.folder / stuff.osm["file"])
        write_table(shop.folder / "basemap.parquet", features)
    stuff.held["features"] = features
    return {"features": len(features)}


def _make_places(stuff: Materials, context: ParseContext, today: datetime.date) -> dict[str, Any]:
    shop, features, streets = stuff.shop, stuff.features, stuff.streets
    with shop.step(0.75, "Reading resources"):
        context = replace(context, locate=address_locator(features, streets))
        resources, counts = _resources(shop, stuff.entries["resources"], context, stuff.osm, features, today)
        gazetteer = build_gazetteer(features, streets, resources)
        write_table(shop.folder / "gazetteer.parquet", gazetteer)
    del stuff.held["features"]
    return counts | {"gazetteer": len(gazetteer)}


def _make_zones(stuff: Materials, context: ParseContext) -> dict[str, Any]:
    shop = stuff.shop
    with shop.step(0.9, "Reading zones"):
        return {"zones": len(_zones(shop, stuff.entries["zones"], context))}


def _make_competition(stuff: Materials) -> dict[str, Any]:
    shop = stuff.shop
    with shop.step(0.93, "Counting who competes"):
        resources = read_places(shop.folder / "resources.parquet")
        sessions, zones = (stuff.table(name) for name in ("sessions", "zones"))
        write_competition(shop.folder, stuff.network, resources, sessions, zones, load_parameters())
    return {}


def _fetched_on(entries: list[dict[str, Any]]) -> datetime.date | None:
    """Return the latest day on which a timetable was fetched; None where all were given."""
    days = [entry["retrieved_on"] for entry in entries if "retrieved_on" in entry]
    return datetime.date.fromisoformat(max(days)) if days else None


def usual_date(feed: Feed, since: datetime.date | None = None) -> datetime.date:
    """Return the first Wednesday on which as many trips run as on most Wednesdays (any day if none runs on one).

    It is not before `since`, unless the timetable has ended by then; days without trips don't count.
    """
    stretches = valid_stretches(feed)
    held = [
        (day, count) for first, last in stretches for day, count in trips_by_day(feed).items() if first <= day <= last
    ]
    trips = dict(held)
    trips = {day: count for day, count in trips.items() if since is None or day >= since} or trips
    if not trips:  # on no day that suits all timetables does any trip run
        return stretches[0][0]
    year = min(trips) + datetime.timedelta(days=400)  # what runs decades on is of a calendar that nobody ended
    trips = {day: count for day, count in trips.items() if day < year}
    trips = {day: count for day, count in trips.items() if day.weekday() == WEDNESDAY} or trips
    counts = list(trips.values())
    usual = max(set(counts), key=lambda count: (counts.count(count), count))
    return next(day for day, count in trips.items() if count == usual)


def _bounds(lon: Any, lat: Any, place: Mapping[str, Any] | None) -> Bounds:
    """Return the box of the streets; of a named place, no farther than 2 km beyond it: ferries lead far away."""
    box = wider(Bounds(float(np.min(lon)), float(np.min(lat)), float(np.max(lon)), float(np.max(lat))), MARGIN_METERS)
    if place is None:
        return box
    named = wider(Bounds(*place["bounds"]), 2 * MARGIN_METERS)
    west, south = max(box.west, named.west), max(box.south, named.south)
    east, north = min(box.east, named.east), min(box.north, named.north)
    if west >= east or south >= north:
        raise InputError("The streets lie outside the place that was named; is the extract of another place?")
    return Bounds(west, south, east, north)


def _note_streets(shop: Workshop, entry: Entry, ways: int, notes: pd.DataFrame, seconds: float) -> None:
    """Keep the outcome of an extract's ways; its places are counted on their own."""
    aside = int((notes["outcome"] == "set_aside").sum())
    counts = Counts(ways, ways - aside, 0, aside, reasons(notes))
    label = f"{entry['label']} streets"
    shop.notes.append(notes.assign(source=label))
    shop.results.append(SourceResult(label, "streets", entry["given_as"], counts, counts.reasons, seconds))


def _timetables(
    shop: Workshop, entries: list[dict[str, Any]], streets: Streets, bounds: Bounds
) -> tuple[Feed | None, pd.DataFrame]:
    """Return the fixed routes of all timetables, and the zones of on-demand service that touch the region."""
    if not entries:
        return None, no_zones()
    started = time.perf_counter()
    labels = [entry["label"] for entry in entries]
    feed, zones, notes = read_timetables([(entry["label"], shop.folder / entry["file"]) for entry in entries])
    here = shapely.intersects(zones["geometry"].to_numpy(), shapely.box(*astuple(bounds)))
    notes = pd.concat([notes, _zones_elsewhere(zones[~here], labels)])
    if feed is not None:
        notes = pd.concat([notes, _stops_elsewhere(feed, streets, labels)])
    seconds = time.perf_counter() - started
    shop.notes.append(notes)
    for entry in entries:
        counts = reasons(notes[notes["source"] == entry["label"]])
        shop.results.append(
            SourceResult(entry["label"], "gtfs", entry["given_as"], None, counts, seconds / len(entries))
        )
    return feed, zones[here].reset_index(drop=True)


def _zones_elsewhere(zones: pd.DataFrame, labels: list[str]) -> pd.DataFrame:
    """Return the SET_ASIDE table of zones that don't touch the region."""
    reason = "The zone of on-demand service lies outside the region."
    owner = [next(label for label in labels if zone.startswith(f"{label}:")) for zone in zones["zone_id"]]
    rows = [
        (label, f"zone {zone[len(label) + 1 :]}", "set_aside", "zone_elsewhere", reason)
        for label, zone in zip(owner, zones["zone_id"], strict=True)
    ]
    return conform(
        pd.DataFrame(rows, columns=["source", "row", "outcome", "code", "reason"], dtype="string"), SET_ASIDE
    )


def _stops_elsewhere(feed: Feed, streets: Streets, labels: list[str]) -> pd.DataFrame:
    """Return the SET_ASIDE table of stops that no street leads to, and of those whose nearest one was passed over."""
    at = attach(streets, feed.stop_lon, feed.stop_lat, "walk")
    gates = gates_of(streets, feed, at)
    off = never_walked_to(gates, len(feed.stop_id))
    nearer = passed_over(streets, feed.stop_lon, feed.stop_lat, "walk", at)
    rows = []
    for label in labels:
        own = np.char.startswith(feed.stop_id, f"{label}:")
        far = "The stop is over 1 km from any street of the region; nobody walks to it or from it."
        apart = "No street that leads anywhere is within 1 km of the stop; nobody walks to it or from it."
        for stop in np.flatnonzero(own & off):
            reason = apart if nearer.link[stop] >= 0 else far
            rows.append((label, f"stop {feed.stop_id[stop][len(label) + 1 :]}", "stop_off_streets", reason))
        for stop in np.flatnonzero(own & (nearer.link >= 0) & ~off):
            reason = (
                f"The street nearest to the stop lies {PASSED_OVER[str(nearer.reason[stop])]}; the next one is used."
            )
            rows.append((label, f"stop {feed.stop_id[stop][len(label) + 1 :]}", "street_passed_over", reason))
        if own.any() and off[own].all():
            reason = "No stop of this timetable is near the region's streets; is it of another place?"
            rows.append((label, "stops.txt", "timetable_elsewhere", reason))
    table = pd.DataFrame(rows, columns=["source", "row", "code", "reason"], dtype="string")
    return conform(table.assign(outcome="notice"), SET_ASIDE)


def _parsed(shop: Workshop, entry: Entry, context: ParseContext) -> Parsed:
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
            retrieved_on=entry.get("retrieved_on") or context.retrieved_on,
            seconds=seconds_for(raw),
        ),
    )
    if parsed.rows_in == 0:
        raise SourceError(f"{entry['given_as']} holds no row; a feed without rows is a failed one.")
    if count(parsed).set_aside == parsed.rows_in:
        notes = Notes(entry["label"])
        notes.notice("nothing_kept", f"No row of {entry['given_as']} could be used.")
        return replace(parsed, set_aside=join_notes([notes.table(), parsed.set_aside]))
    return parsed


def _resources(
    shop: Workshop,
    entries: list[dict[str, Any]],
    context: ParseContext,
    osm: Entry,
    features: Any,
    today: datetime.date,
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Write resources, sessions, exposure and openings; return resources, and how many there are of everything."""
    parts: list[Parsed] = []
    trust: dict[str, int] = {}
    for entry in sorted(entries, key=lambda entry: bool(entry["source"] != located.SOURCE.name)):
        started = time.perf_counter()
        parsed = _parsed(shop, entry, context)
        shop.done(entry, parsed, time.perf_counter() - started)
        parts.append(parsed)
        if "located" in parsed.tables:  # the others' addresses are looked up in it
            context = replace(context, locate=located.locator(parsed.tables["located"], context.locate))
        source = source_called(entry["source"])
        trust[entry["label"]] = source.trust if source else 0
    started = time.perf_counter()
    known_on = osm.get("retrieved_on") or context.retrieved_on
    from_map = osm_resources.parse_features(features, replace(context, retrieved_on=known_on))
    shop.done(osm, from_map, time.perf_counter() - started)
    parts.append(from_map)
    trust[osm["label"]] = osm_resources.SOURCE.trust
    every = pd.concat([part.tables["resources"] for part in parts], ignore_index=True)
    sessions = pd.concat([part.tables["sessions"] for part in parts if "sessions" in part.tables], ignore_index=True)
    merged = merge(conform(every, RESOURCES), trust, today)
    keep = conform(sessions_of_merged(sessions, merged), SESSIONS)
    keep = keep.sort_values(["resource_id", "weekday", "start_minute", "end_minute"], kind="stable")
    write_places(shop.folder / "resources.parquet", validate(merged, RESOURCES))
    write_table(shop.folder / "sessions.parquet", validate(keep.reset_index(drop=True), SESSIONS))
    outlets = pd.concat([part.tables["exposure"] for part in reversed(parts) if "exposure" in part.tables])
    own_id = outlets["exposure_id"].map(
        lambda one: one.rpartition(":")[2]
    )  # the map and features of the same place tell of the same
    exposure = conform(outlets[~own_id.duplicated().to_numpy()].sort_values("exposure_id"), EXPOSURE)
    write_table(shop.folder / "exposure.parquet", validate(exposure, EXPOSURE))
    jobs = [part.tables["openings"] for part in parts if "openings" in part.tables]
    openings = pd.concat(jobs, ignore_index=True).sort_values("opening_id") if jobs else empty(OPENINGS)
    write_table(shop.folder / "openings.parquet", validate(conform(openings, OPENINGS), OPENINGS))
    totals = {"resources": len(merged), "merged": len(every) - len(merged) + len(outlets) - len(exposure)}
    return merged, totals | {"sessions": len(keep), "exposure": len(exposure), "openings": len(openings)}


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
