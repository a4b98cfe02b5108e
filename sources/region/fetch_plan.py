"""What would be fetched for a place, from whom, how large and under which license; shown before it is."""

import re
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from geo.errors import InputError, SourceError
from sources.adapter.source import FetchContext, Source
from sources.cleaning.bounds import MOST_KM, Bounds, sides_km, square_km
from sources.fetching import copy_of, fetch_source
from sources.networks import overpass
from sources.places.place_lookup import Lookup, NamedPlace
from sources.region.inputs import RegionInputs, Role, input_files
from sources.registry import source_called
from sources.resources import bmlt, findtreatment, hrsa, job_centers, meeting_guide, nppes
from sources.web.cache import copied_on
from sources.web.http import GoneError, Policy, is_offline, size_of
from sources.web.url_guard import host_of
from sources.zones import acs, blocks, lodes, overdose, population, vulnerability

BMLT_ROOT = "https://aggregator.bmltenabled.org/main_server"
"""The server that gathers the meetings of all known BMLT servers; one of its own region may know more."""
FARTHEST_KM = 1000.0
"""A timetable whose box is longer than this is of long-distance travel; it is named, and left out."""
_ASKED_AT_ONCE = 4
_BY_COUNTY = ("blocks", "population", "acs", "overdose", "lodes", "vulnerability")
_BY_POSTAL_CODE = ("nppes", "job_centers")
"""Sources that are asked by county or state, and by ZIP code."""


@dataclass(frozen=True)
class Wishes:
    """What a person says about a build besides the place: limits, accounts, addresses, and what to leave out.

    `meetings` are addresses of Meeting Guide feeds, `na_servers` roots of BMLT servers, `without` names of sources;
    `geocode` is a service that may be asked for public places without a point, `accept_fewer` takes fewer rows than
    last time as they are.
    """

    lookup: Lookup
    keys: Mapping[str, str] = field(default_factory=dict)
    meetings: tuple[str, ...] = ()
    na_servers: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    geocode: str | None = None
    accept_fewer: bool = False

    @property
    def cache(self) -> Path:
        """Where fetched files are kept."""
        return self.lookup.cache

    @property
    def policy(self) -> Policy:
        """The limits."""
        return self.lookup.policy


@dataclass(frozen=True)
class Step:
    """One thing to fetch: from which source, for what, and where.

    `label` is its name in the region; `reads_as` the source whose reader reads it, where that is another; `facts` are
    facts of this very file that hold over the source's; `urls` are the addresses that tell sizes, one tuple a file:
    where nothing is at the first, the next holds.
    """

    source: Source
    label: str
    role: Role
    what: str
    context: FetchContext
    host: str
    reads_as: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    urls: tuple[tuple[str, ...], ...] = ()
    size: int | None = None
    copied_on: str | None = None
    is_needed: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "label": self.label,
            "source": self.source.name,
            "what": self.what,
            "host": self.host,
            "license": self.license,
            "bytes": self.size,
            "copied_on": self.copied_on,
        }

    @property
    def license(self) -> str:
        """The license of this file."""
        return self.facts.get("license") or self.source.license


@dataclass(frozen=True)
class FetchPlan:
    """What would be fetched for a place, what a person gave instead, and what is left out and why.

    `unknown` tells of sources why nobody could say what of them to fetch; what a region had of these should stay.
    """

    place: NamedPlace
    steps: tuple[Step, ...]
    given: tuple[str, ...]
    left_out: tuple[str, ...]
    unknown: Mapping[str, str]

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "place": self.place.as_dict(),
            "fetch": [step.as_dict() for step in self.steps],
            "given": list(self.given),
            "left_out": list(self.left_out),
            "bytes_known": sum(step.size or 0 for step in self.steps),
        }

    def lines(self) -> list[str]:
        """Return the plan as lines for people."""
        place, box = self.place, self.place.bounds
        kind = f" ({place.kind})" if place.kind else ""
        sides = ",".join(f"{side:.4f}" for side in (box.west, box.south, box.east, box.north))
        lines = [f"{place.title}{kind}: {sides}, {square_km(box):,.0f} km², {place.time_zone}"]
        if place.counties:
            names = ", ".join(f"{county.name} ({county.fips})" for county in place.counties)
            lines.append(f"  counties that meet it: {names}; {len(place.postal_codes)} ZIP codes")
        lines += [f"  {note}" for note in place.notes]
        lines.append("To fetch:" if self.steps else "Nothing to fetch.")
        wide = max((len(step.what) for step in self.steps), default=0)
        for step in self.steps:
            at_hand = f"; copy of {step.copied_on} at hand" if step.copied_on else ""
            lines.append(f"  {step.what:<{wide}}  {_size(step.size):>9}  {step.host} — {step.license}{at_hand}")
        if self.steps:
            known = sum(step.size or 0 for step in self.steps)
            unknown = sum(step.size is None for step in self.steps)
            lines.append(f"  {_size(known)} in all{f', and {unknown} that tell no size beforehand' if unknown else ''}")
        lines += [f"Given: {line}" for line in self.given]
        return lines + [f"Left out: {line}" for line in self.left_out]


@dataclass
class _Draft:
    """What a plan's makers say besides the steps."""

    left_out: list[str] = field(default_factory=list)
    unknown: dict[str, str] = field(default_factory=dict)


def make_plan(place: NamedPlace, given: RegionInputs, wishes: Wishes) -> FetchPlan:
    """Return what would be fetched for a place, with sizes where the hosts tell them.

    The catalogue of timetables is fetched for it, if newer than the copy at hand; nothing else is.

    Raises
    ------
    InputError
        The place is too large to be asked for, or a given file or name of a source can't be used.
    """
    _check_names(wishes.without)
    _check_size(place.bounds, given)
    known = {file.source for file in input_files(given, need_streets=False)}
    draft = _Draft()
    if place.is_american and not place.counties:
        draft.unknown |= dict.fromkeys(_BY_COUNTY, " ".join(place.notes))
    if place.is_american and not place.postal_codes:
        draft.unknown |= dict.fromkeys(_BY_POSTAL_CODE, " ".join(place.notes))
    steps = list(_steps(place, known, wishes, draft))
    steps = [replace(step, copied_on=copied_on(copy_of(step.source, step.context, wishes.cache))) for step in steps]
    sized = tuple(_sized(steps, wishes.policy))
    unknown = {name: reason for name, reason in draft.unknown.items() if name not in known | {*wishes.without}}
    return FetchPlan(place, sized, tuple(_given(given)), tuple(draft.left_out), unknown)


def _steps(place: NamedPlace, known: set[str], wishes: Wishes, draft: _Draft) -> Iterator[Step]:
    if "osm" not in known:
        yield _step(wishes, overpass.SOURCE, "osm", "streets and mapped places", place, reads_as="osm", is_needed=True)
    if "gtfs" not in known and "gtfs" not in wishes.without:
        yield from _timetables(place, wishes, draft)
    every = [*_resources(place, wishes, draft), *_zones(place, known, wishes, draft)]
    for step in every:
        if step.source.name not in known and step.source.name not in wishes.without:
            yield step


def _resources(place: NamedPlace, wishes: Wishes, draft: _Draft) -> Iterator[Step]:
    for number, url in enumerate(wishes.meetings, 1):
        label = "meeting_guide" if number == 1 else f"meeting_guide-{number}"
        what = f"meetings of {host_of(url)}"
        yield _step(wishes, meeting_guide.SOURCE, "resources", what, place, label=label, endpoint=url)
    roots = wishes.na_servers or ((BMLT_ROOT,) if place.is_american else ())
    for number, url in enumerate(roots, 1):
        label = "bmlt" if number == 1 else f"bmlt-{number}"
        yield _step(wishes, bmlt.SOURCE, "resources", "NA meetings", place, label=label, endpoint=url)
    if not wishes.meetings:
        draft.left_out.append("AA and Al-Anon meetings: each site has its own feed; give its address as --meetings")
    if not place.is_american:
        draft.left_out.append(
            "the place is outside the US: sources of its agencies (treatment, health centers, providers, job centers, "
            "census) don't know it, and OpenStreetMap and timetables are all that is asked"
        )
        return
    yield _step(wishes, findtreatment.SOURCE, "resources", "treatment", place)
    yield _step(
        wishes, hrsa.SOURCE, "resources", "health centers", place, urls=((wishes.lookup.address(hrsa.SOURCE),),)
    )
    if not place.postal_codes:
        draft.left_out.append("providers and job centers: the ZIP codes of the place are not known")
        return
    yield _step(wishes, nppes.SOURCE, "resources", "providers", place, postal_codes=place.postal_codes)
    if not _lacks_account(job_centers.SOURCE, "American Job Centers", wishes, draft):
        yield _step(wishes, job_centers.SOURCE, "resources", "job centers", place, postal_codes=place.postal_codes)


def _lacks_account(source: Source, what: str, wishes: Wishes, draft: _Draft) -> bool:
    """Tell whether a source can't be asked for want of an account, and say so once it would have been."""
    lacking = [f"RECOVERY_REACH_{name.upper()}" for name in source.keys if name not in wishes.keys]
    if lacking:
        draft.left_out.append(f"{what}: they need a free account, in {' and '.join(lacking)}")
    return bool(lacking)


def _zones(place: NamedPlace, known: set[str], wishes: Wishes, draft: _Draft) -> Iterator[Step]:
    counties = tuple(county.fips for county in place.counties)
    if counties and not known & {"blocks", "grid"}:
        root = wishes.lookup.address(blocks.SOURCE)
        urls = tuple((f"{root}/{path}",) for path in blocks.county_files(counties).values())
        yield _step(wishes, blocks.SOURCE, "zones", "census blocks", place, counties=counties, urls=urls)
    if counties and "grid" not in known:
        yield _step(wishes, population.SOURCE, "zones", "residents by block", place, counties=counties)
    if counties:
        yield _step(wishes, overdose.SOURCE, "zones", "overdose deaths by county", place, counties=counties)
    wanted = counties and acs.SOURCE.name not in {*known, *wishes.without}
    if wanted and not _lacks_account(acs.SOURCE, "income, cars, insurance, age and race", wishes, draft):
        yield _step(wishes, acs.SOURCE, "zones", "income, cars and more by block group", place, counties=counties)
    for state in place.states:
        root = wishes.lookup.address(lodes.SOURCE)
        years = [lodes.yearly_files(root, state, year).values() for year in lodes.newest_years()]
        urls = (*zip(*years, strict=True), (f"{root}/{state}/{state}_xwalk.csv.gz",))
        what, label = f"jobs and workers, {state.upper()}", f"lodes-{state}"
        yield _step(wishes, lodes.SOURCE, "zones", what, place, label=label, state=state, urls=urls)
        what, label = f"hardship by tract, {state.upper()}", f"vulnerability-{state}"
        yield _step(wishes, vulnerability.SOURCE, "zones", what, place, label=label, state=state)


def _timetables(place: NamedPlace, wishes: Wishes, draft: _Draft) -> Iterator[Step]:
    catalogue, timetable = source_called("mobility_database"), source_called("gtfs")
    if catalogue is None or timetable is None:
        raise AssertionError("The registry lists both.")
    context = FetchContext(wishes.policy, wishes.lookup.endpoints.get(catalogue.name, ""), place.bounds)
    try:
        feeds = fetch_source(catalogue.name, context, wishes.cache).feeds
    except SourceError as problem:
        draft.left_out.append(f"timetables: {problem} Give them with --gtfs")
        draft.unknown[timetable.name] = str(problem)
        return
    for feed in [] if feeds is None else feeds.to_dict("records"):
        step, reason = _timetable(feed, timetable, place, wishes)
        if step is None:
            draft.left_out.append(f"timetable of {feed['provider']}: {reason}")
        else:
            yield step
    if feeds is None or feeds.empty:
        draft.left_out.append(
            "timetables: the Mobility Database knows none whose box meets the place; give them with --gtfs"
        )


def _timetable(feed: Mapping[Any, Any], source: Source, place: NamedPlace, wishes: Wishes) -> tuple[Step | None, str]:
    """Return the step that fetches a timetable of the catalogue, or why it isn't fetched."""
    own, copy = (feed[name] if isinstance(feed[name], str) else None for name in ("url", "latest_url"))
    addresses = tuple(url for url in (None if feed["needs_key"] else own, copy) if url)
    box = Bounds(feed["west"], feed["south"], feed["east"], feed["north"])
    if not addresses:
        return None, f"its agency gives it only with a key, from {own}; give it with --gtfs"
    if feed["status"] == "inactive":
        return None, f"not renewed for long; give it with --gtfs if it still holds ({addresses[0]})"
    if max(sides_km(box)) > FARTHEST_KM:
        return (
            None,
            f"long-distance, its box is {max(sides_km(box)):,.0f} km long; give it with --gtfs ({addresses[0]})",
        )
    label = re.sub(r"[^a-z0-9]+", "-", f"{feed['provider'][:40]} {feed['feed_id']}".lower()).strip("-")
    facts = {
        "publisher": feed["provider"],
        "title": f"Timetable of {feed['provider']}",
        "attribution": feed["provider"],
    }
    if isinstance(feed["license"], str):
        facts["license"] = feed["license"]
    step = _step(wishes, source, "gtfs", f"timetable of {feed['provider'][:50]}", place, label=label, urls=(addresses,))
    context = replace(step.context, addresses=addresses, feed=str(feed["feed_id"]))
    return replace(step, context=context, facts=facts, host=host_of(addresses[0])), ""


def _step(
    wishes: Wishes,
    source: Source,
    role: Role,
    what: str,
    place: NamedPlace,
    *,
    label: str = "",
    reads_as: str = "",
    endpoint: str = "",
    urls: tuple[tuple[str, ...], ...] = (),
    is_needed: bool = False,
    **context: Any,
) -> Step:
    own = wishes.lookup.endpoints.get(source.name, "")
    address = own or endpoint
    keys = {name: value for name, value in wishes.keys.items() if name in source.keys}
    there = replace(wishes.policy, time_zone=place.time_zone)
    asked = FetchContext(there, address, place.bounds, keys=keys, **context)
    host = host_of(address or source.endpoint) if address or source.endpoint else ""
    name = label or reads_as or source.name
    return Step(source, name, role, what, asked, host, reads_as=reads_as, urls=urls, is_needed=is_needed)


def _sized(steps: Sequence[Step], policy: Policy) -> list[Step]:
    """Return the steps with the sizes that their hosts tell."""
    if is_offline(policy):
        return list(steps)
    hasty = replace(policy, connect_seconds=min(policy.connect_seconds, 5), read_seconds=min(policy.read_seconds, 8))
    ask = partial(_stated_size, policy=replace(hasty, deadline_seconds=min(policy.deadline_seconds, 12), retries=0))
    files = [urls for step in steps for urls in step.urls]
    with ThreadPoolExecutor(_ASKED_AT_ONCE) as pool:
        sizes = dict(zip(files, pool.map(ask, files), strict=True))
    return [replace(step, size=_sum([sizes[urls] for urls in step.urls])) for step in steps]


def _stated_size(urls: Sequence[str], policy: Policy) -> int | None:
    for url in urls:
        try:
            return size_of(url, policy)
        except GoneError:
            continue
        except SourceError:
            return None  # the fetch itself will tell why
    return None


def _sum(sizes: Sequence[int | None]) -> int | None:
    known = [size for size in sizes if size is not None]
    return sum(known) if known and len(known) == len(sizes) else None


def _given(given: RegionInputs) -> Iterator[str]:
    parts = {
        "streets": [given.osm] if given.osm else [],
        "timetables": given.gtfs,
        "places of support": given.resources,
        "people and jobs": given.zones,
    }
    for what, files in parts.items():
        if files:
            yield f"{what}: {', '.join(str(file) for file in files)}"


def _check_names(names: Sequence[str]) -> None:
    for name in names:
        if source_called(name) is None:
            raise InputError(f"{name!r} is not a source; `recovery-reach sources list` shows them.")


def _check_size(box: Bounds, given: RegionInputs) -> None:
    area = square_km(overpass.with_margin(box))
    if given.osm is None and area > overpass.MOST_KM2:
        raise InputError(
            f"This place is {area:,.0f} km² with its margin, and over {overpass.MOST_KM2:,.0f} km² streets are not "
            "asked of the volunteers' servers: name one of its counties or towns, or give an extract of its state with "
            "--osm (from https://download.geofabrik.de/north-america/us/), of which it is cut out."
        )
    if max(sides_km(box)) > 2 * MOST_KM:
        raise InputError(f"This place is over {2 * MOST_KM:,.0f} km long; name one of its counties or towns.")


def _size(size: int | None) -> str:
    if size is None:
        return "not stated"
    return f"{size / 1e6:,.1f} MB" if size >= 100_000 else f"{size / 1e3:,.1f} kB"
