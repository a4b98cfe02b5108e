"""The `recovery-reach` command: each command is a thin call of a public Python function with the same words.

Heavy libraries are imported inside the commands that use them, so that `--help` answers at once.
"""

import datetime as dt
import inspect
import json
import os
import re
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from geo.errors import InputError, RecoveryReachError
from layers.terminal import plain, print_json, print_lines, print_rows, progress, say

if TYPE_CHECKING:
    import pandas as pd

    from geo.needs import Needs
    from geo.score import Support
    from geo.travel import TravelSettings
    from sources.fetch_plan import Wishes
    from sources.inputs import RegionInputs
    from sources.region import Region

app = typer.Typer(
    help="Which homes put recovery support within a person's reach.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
region_app = typer.Typer(help="Build, list, show, check or remove regions.", no_args_is_help=True)
sources_app = typer.Typer(help="The sources that regions are built from.", no_args_is_help=True)
app.add_typer(region_app, name="region")
app.add_typer(sources_app, name="sources")

RegionName = Annotated[str, typer.Argument(metavar="REGION", help="Name of a region that was built.")]
From = Annotated[
    list[str], typer.Option("--from", metavar="P", help="lat,lon, an address or crossing, or a CSV of id,lat,lon.")
]
To = Annotated[list[str], typer.Option("--to", metavar="P", help="lat,lon, an address or crossing, or a CSV.")]
At = Annotated[list[str], typer.Option("--at", metavar="P", help="lat,lon, an address or crossing, or a CSV.")]
Mode = Annotated[str, typer.Option(help="walk, bike, drive or transit.")]
Date = Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="Service date; the region's own without it.")]
Window = Annotated[
    str | None, typer.Option(metavar="HH:MM-HH:MM", help="Leave at each minute of this window (07:00-09:00).")
]
ArriveBy = Annotated[str | None, typer.Option("--arrive-by", metavar="HH:MM", help="Be there by this time instead.")]
Percentile = Annotated[list[int] | None, typer.Option(help="Percentile over the window; may be given again.")]
MaxMinutes = Annotated[float, typer.Option(help="Longest trip in minutes.")]
MaxWalk = Annotated[float, typer.Option(help="Longest walk in minutes, on each leg and on all-walking trips.")]
WalkKph = Annotated[float, typer.Option(help="Walking speed in km/h.")]
BikeKph = Annotated[float, typer.Option(help="Cycling speed in km/h.")]
Rides = Annotated[int, typer.Option(help="Most rides in one trip.")]
Wheelchair = Annotated[bool, typer.Option(help="Step-free stops and vehicles only, where the timetable says so.")]
NeedsFile = Annotated[Path | None, typer.Option("--needs", metavar="F.toml", help="What the person needs.")]
Profile = Annotated[str | None, typer.Option(help="no-car, bicycle, car or wheelchair.")]
Parameters = Annotated[
    Path | None, typer.Option(metavar="F.toml", help="The score's parameters; the default's without.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
Out = Annotated[Path | None, typer.Option("--out", metavar="F", help="Write here; the ending decides the format.")]


Command = Callable[..., None]


def _sharing(name: str, options: dict[str, tuple[Any, Any]]) -> Callable[[Command], Command]:
    """Give a command options that others have too (their kind and default); it gets them as one dict of this name."""

    def add(command: Command) -> Command:
        @wraps(command)
        def run(**values: Any) -> None:
            shared = {option: values.pop(option) for option in options}
            command(**values, **{name: shared})

        own = [option for key, option in inspect.signature(command).parameters.items() if key != name]
        added = [
            inspect.Parameter(option, inspect.Parameter.KEYWORD_ONLY, annotation=kind, default=default)
            for option, (kind, default) in options.items()
        ]
        run.__signature__ = inspect.Signature([*own, *added])  # type: ignore[attr-defined]
        run.__annotations__ = {option.name: option.annotation for option in [*own, *added]}
        return run

    return add


def _travelling(usual_mode: str) -> Callable[[Command], Command]:
    """Give a command the options of travel, as `travel`."""
    options: dict[str, tuple[Any, Any]] = {
        "mode": (Mode, usual_mode),
        "date": (Date, None),
        "window": (Window, None),
        "arrive_by": (ArriveBy, None),
        "percentile": (Percentile, None),
        "max_walk": (MaxWalk, 20.0),
        "walk_kph": (WalkKph, 4.8),
        "bike_kph": (BikeKph, 15.0),
        "rides": (Rides, 4),
        "wheelchair": (Wheelchair, False),
    }
    return _sharing("travel", options)


_for_a_person = _sharing(
    "person",
    {"profile": (Profile, None), "needs": (NeedsFile, None), "date": (Date, None), "parameters": (Parameters, None)},
)
"""Gives a command what is asked for whom: profile, needs, date and parameters, as `person`."""


@app.command()
def demo(port: Annotated[int, typer.Option(help="Port of the app.")] = 8501) -> None:
    """Build the embedded fictional region if needed, score one of its homes, and open the app."""
    from geo.needs import Needs
    from geo.score import score_home
    from sources.demo import DEMO_HOME
    from sources.region import build_demo, list_regions, open_region

    if "demo" not in [facts.name for facts in list_regions()]:
        with progress("Building the fictional demo county") as step:
            build_demo(progress=step)
    region = open_region("demo")
    say(f"{region.facts.title}: nobody lives there.")
    lat, lon = DEMO_HOME
    _print_score(score_home(region.support, lon, lat, Needs(), region.facts.service_date).as_dict(), "A demo home")
    _serve("demo", port)


@app.command("app")
def open_app(
    region: Annotated[str | None, typer.Option(help="Region to open first.")] = None,
    port: Annotated[int, typer.Option(help="Port of the app.")] = 8501,
) -> None:
    """Open the app in the browser."""
    _serve(region, port)


@region_app.command("build")
def region_build(
    name: Annotated[str, typer.Argument(metavar="REGION", help="Name for the region (letters, digits, - and _).")],
    place: Annotated[
        str | None,
        typer.Argument(metavar="[PLACE]", help="Its name, as 'Kenton County, Kentucky'."),
    ] = None,
    osm: Annotated[Path | None, typer.Option(metavar="F", help="Streets: an .osm.pbf or .osm file.")] = None,
    elevation: Annotated[
        Path | None, typer.Option(metavar="F.tif", help="Heights of the ground (GeoTIFF); flat without.")
    ] = None,
    gtfs: Annotated[list[Path] | None, typer.Option(metavar="F", help="Timetable; may be given again.")] = None,
    resources: Annotated[
        list[str] | None,
        typer.Option(metavar="SOURCE=F", help="A list of places, or a folder of such; may be given again."),
    ] = None,
    zones: Annotated[
        list[Path] | None, typer.Option(metavar="F", help="People and jobs by area; may be given again.")
    ] = None,
    date: Date = None,
    title: Annotated[str | None, typer.Option(help="Name to show.")] = None,
    geocode: Annotated[
        str | None,
        typer.Option(metavar="SERVICE", help="Send addresses of public places without a point to census or nominatim."),
    ] = None,
    bounds: Annotated[
        str | None, typer.Option(metavar="W,S,E,N", help="The place as a box, or lat,lon; no name is looked up.")
    ] = None,
    radius_km: Annotated[float, typer.Option(help="How far around lat,lon.")] = 15.0,
    meetings: Annotated[
        list[str] | None, typer.Option(metavar="URL", help="Feed of an AA or Al-Anon site; may be given again.")
    ] = None,
    na_server: Annotated[
        list[str] | None, typer.Option(metavar="URL", help="BMLT root server; the one of all servers without.")
    ] = None,
    without: Annotated[
        list[str] | None, typer.Option(metavar="SOURCE", help="Don't fetch this source; may be given again.")
    ] = None,
    accept_fewer: Annotated[bool, typer.Option(help="Take fewer rows than last time as they are.")] = False,
    only_plan: Annotated[bool, typer.Option("--plan", help="Show what would be fetched, and stop.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Fetch without asking.")] = False,
    as_json: Json = False,
) -> None:
    """Build a region of a place by its name, or from files; `region build demo` builds the embedded one."""
    from sources.fetching import default_policy, read_endpoints, read_keys
    from sources.geocoding import with_located
    from sources.region import RegionInputs, build_demo, build_region, data_folder

    if name == "demo" and osm is None and place is None and bounds is None:
        with progress(f"Building {name}") as step:
            report = build_demo(progress=step)
        print_json(report.as_dict()) if as_json else print_lines(report.lines())
        return
    inputs = RegionInputs(
        osm=osm,
        elevation=elevation,
        gtfs=tuple(gtfs or ()),
        resources=tuple(resources or ()),
        zones=tuple(zones or ()),
        date=_date(date),
        title=title,
    )
    wanted = bounds or place
    if wanted is not None:
        from dataclasses import replace

        from sources.fetch_plan import Wishes
        from sources.place_names import Lookup

        lookup = Lookup(default_policy(), data_folder() / "cache", read_endpoints(data_folder()))
        wishes = Wishes(
            lookup,
            keys=read_keys(data_folder()),
            meetings=tuple(meetings or ()),
            na_servers=tuple(na_server or ()),
            without=tuple(without or ()),
            geocode=geocode,
            accept_fewer=accept_fewer,
        )
        inputs = replace(inputs, title=title or (place if bounds else None))
        _build_place(name, wanted, radius_km, inputs, wishes, only_plan=only_plan, yes=yes, as_json=as_json)
        return
    if geocode is not None:
        inputs = with_located(inputs, geocode, default_policy(), data_folder() / "cache")
    with progress(f"Building {name}") as step:
        report = build_region(name, inputs, progress=step)
    print_json(report.as_dict()) if as_json else print_lines(report.lines())


def _build_place(
    name: str,
    text: str,
    radius_km: float,
    given: "RegionInputs",
    wishes: "Wishes",
    *,
    only_plan: bool,
    yes: bool,
    as_json: bool,
) -> None:
    from sources.fetch_plan import make_plan
    from sources.gathering import build_place
    from sources.place_names import place_from, who_is_asked
    from sources.region import region_folder

    region_folder(name)
    say(who_is_asked(text, wishes.lookup))
    with progress(f"Looking for {text}"):
        plan = make_plan(place_from(text, radius_km, wishes.lookup, given.title), given, wishes)
    if only_plan:
        print_json(plan.as_dict()) if as_json else print_lines(plan.lines())
        return
    for line in plan.lines():
        say(line)
    if not yes:
        if not sys.stdin.isatty():
            raise InputError("Nothing was fetched: add --yes to fetch what the plan shows.")
        if not typer.confirm("Fetch this and build the region?", default=True, err=True):
            say("Nothing was fetched.")
            return
    with progress(f"Building {name}") as step:
        report, gathered = build_place(name, plan, given, wishes, step)
    if as_json:
        print_json(report.as_dict() | gathered.as_dict())
    else:
        print_lines(["Fetched:", *gathered.lines(), *report.lines()])


@region_app.command("list")
def region_list(as_json: Json = False) -> None:
    """List the regions on this machine."""
    from sources.region import list_regions

    found = [facts.as_dict() for facts in list_regions()]
    if as_json:
        print_json(found)
    elif not found:
        say("No region yet; `recovery-reach region build demo` builds the fictional one.")
    else:
        print_rows([{key: facts[key] for key in ("name", "title", "built_on")} for facts in found])


@region_app.command("show")
def region_show(name: RegionName, as_json: Json = False) -> None:
    """Show what a region holds and where it came from."""
    from sources.region import open_region

    region = open_region(name)
    print_json(region.facts.as_dict()) if as_json else print_lines(region.facts.lines())


@region_app.command("health")
def region_health(name: RegionName, as_json: Json = False) -> None:
    """Tell how far a region's data can be relied on: freshness, what was lost and why, what it lacks."""
    from sources import health
    from sources.region import open_region

    found = health.region_health(open_region(name))
    print_json(found.as_dict()) if as_json else print_lines(found.lines())


@region_app.command("check")
def region_check(name: RegionName, as_json: Json = False) -> None:
    """Check a region's files against their checksums; damaged parts are named and rebuilt."""
    from sources.region import check_region

    damaged = check_region(name)
    if as_json:
        print_json({"name": name, "damaged": damaged})
    elif damaged:
        print_lines([f"Damaged and rebuilt from the raw files: {', '.join(damaged)}."])
    else:
        print_lines([f"The region {name} is whole."])


@region_app.command("remove")
def region_remove(name: RegionName) -> None:
    """Remove a region and everything in it from this machine."""
    from sources.region import remove_region

    remove_region(name)
    say(f"The region {name} is removed.")


@sources_app.command("list")
def sources_list(as_json: Json = False) -> None:
    """List the sources with publisher, licence, freshness, and what was fetched last."""
    from sources.health import last_results
    from sources.region import data_folder

    _deliver(last_results(data_folder() / "cache"), None, as_json)


@sources_app.command("check")
def sources_check(
    source: Annotated[str | None, typer.Argument(metavar="[SOURCE]", help="One source; all without.")] = None,
    as_json: Json = False,
) -> None:
    """Ask each source from this machine, and say in a line what answers."""
    from sources.fetching import check_sources, default_policy, read_endpoints, read_keys
    from sources.region import data_folder

    found = check_sources(source, default_policy(), read_keys(data_folder()), read_endpoints(data_folder()))
    if as_json:
        print_json([vars(check) for check in found])
    else:
        print_lines([f"{check.source}: {check.line}" for check in found])


@sources_app.command("fetch")
def sources_fetch(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="Name of the source.")],
    place: Annotated[
        str | None, typer.Option("--for", metavar="PLACE", help="lat,lon or west,south,east,north.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="F", help="Write here; a folder for several files.")
    ] = None,
    radius_km: Annotated[float, typer.Option(help="How far around lat,lon.")] = 15.0,
    url: Annotated[str, typer.Option(help="Address of the feed, where the source has none of its own.")] = "",
    state: Annotated[str | None, typer.Option(help="Two-letter state (LODES, vulnerability).")] = None,
    year: Annotated[int | None, typer.Option(help="Year (LODES); the latest known without.")] = None,
    postal_code: Annotated[list[str] | None, typer.Option("--zip", help="ZIP code; may be given again.")] = None,
    county: Annotated[
        list[str] | None, typer.Option(help="County by its FIPS code (21117); may be given again.")
    ] = None,
    town: Annotated[str, typer.Option(help="A place in words, as 'Covington, Kentucky' (USAJOBS, Adzuna).")] = "",
    operator_consents: Annotated[
        bool, typer.Option("--operator-consents", help="The site's operator allows it (Oxford House).")
    ] = False,
    accept_fewer: Annotated[bool, typer.Option(help="Take fewer rows than last time as they are.")] = False,
    as_json: Json = False,
) -> None:
    """Fetch a source for a place; the last good copy is kept, and returned, marked stale, when that fails."""
    from layers.export import write_whole
    from sources.boxes import place_bounds
    from sources.fetching import default_policy, fetch_source, read_endpoints, read_keys
    from sources.region import data_folder
    from sources.source import FetchContext

    context = FetchContext(
        policy=default_policy(),
        endpoint=url or read_endpoints(data_folder()).get(source, ""),
        bounds=place_bounds(place, radius_km) if place else None,
        state=state,
        year=year,
        postal_codes=tuple(postal_code or ()),
        counties=tuple(county or ()),
        town=town,
        operator_consents=operator_consents,
        keys=read_keys(data_folder()),
    )
    with progress(f"Fetching {source}"):
        found = fetch_source(source, context, data_folder() / "cache", accept_fewer=accept_fewer)
    if out is not None:
        for path, content in found.files(out):
            write_whole(path, content)
    print_json(found.as_dict()) if as_json else print_lines(found.lines())


@app.command()
@_travelling("transit")
def times(
    region: RegionName,
    origins: From,
    destinations: To,
    max_minutes: MaxMinutes = 60,
    nearest_by: Annotated[
        str | None,
        typer.Option(metavar="AREA", help="The nearest place by county, tract, block_group or grid instead."),
    ] = None,
    within: Annotated[float, typer.Option(metavar="N", help="With --nearest-by: the limit in minutes to count.")] = 30,
    out: Out = None,
    as_json: Json = False,
    *,
    travel: dict[str, Any],
) -> None:
    """Travel times from these places to those; a pair that is absent can't be reached in time."""
    from geo.nearest import nearest_in_areas
    from geo.travel import travel_times

    _check_table_path(out)
    opened = _open(region)
    settings = _settings(opened, max_minutes, **travel)
    starts = _known(opened, _places(opened, origins), settings, "origins")
    ends = _known(opened, _places(opened, destinations), settings, "destinations")
    with progress("Travel times") as step:
        minutes = travel_times(opened.network, starts, ends, settings, step)
    _tell_of_wheelchairs(opened, settings)
    if minutes.empty:
        say(f"None of the places is reached within {max_minutes:g} minutes.")
    if nearest_by is not None:
        minutes = nearest_in_areas(minutes, starts, nearest_by, within)
    _deliver(minutes, out, as_json)


@app.command()
@_travelling("walk")
def isochrones(
    region: RegionName,
    origins: From,
    minutes: Annotated[str, typer.Option(metavar="10,20,30", help="Limits in minutes.")] = "10,20,30",
    out: Out = None,
    as_json: Json = False,
    *,
    travel: dict[str, Any],
) -> None:
    """Write the areas within reach as GeoJSON, GeoParquet or CSV; a place off the streets has none."""
    import geopandas as gpd
    import pandas as pd

    from geo.isochrones import isochrones as areas_within
    from geo.travel import off_streets
    from layers.export import areas_text, check_area_path, write_areas

    if out is not None:
        check_area_path(out)
    limits = _minutes(minutes)
    opened = _open(region)
    settings = _settings(opened, max(limits), **travel)
    starts = _places(opened, origins)
    off = off_streets(opened.network, starts, settings.mode)
    if not off.all():
        starts = _known(opened, starts, settings, "origins")[~off]
    with progress("Isochrones") as step:
        parts = []
        for position in range(len(starts)):
            step(position / len(starts), "Isochrones")
            parts.append(areas_within(opened.network, starts.iloc[[position]], settings, limits))
    _tell_of_wheelchairs(opened, settings)
    areas = gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), crs="EPSG:4326")
    if out is not None:
        write_areas(areas, out)
        say(f"{len(areas)} areas written to {out}.")
    if as_json or out is None:
        sys.stdout.write(areas_text(areas) + "\n")


@app.command()
@_travelling("transit")
def opportunities(
    region: RegionName,
    origins: From,
    destinations: Annotated[str, typer.Option("--to", metavar="F.csv", help="CSV of lat,lon and the weight column.")],
    weight: Annotated[str, typer.Option(metavar="COLUMN", help="Column to sum.")],
    cutoff: Annotated[list[float], typer.Option(metavar="N", help="Minutes; may be given again.")],
    out: Out = None,
    as_json: Json = False,
    *,
    travel: dict[str, Any],
) -> None:
    """Sum a weight column over what is reached: e.g. people within 60 minutes by bus."""
    from geo.opportunities import opportunities as sum_reached

    _check_table_path(out)
    opened = _open(region)
    settings = _settings(opened, max(cutoff), **travel)
    starts = _known(opened, _places(opened, origins), settings, "origins")
    ends = _known(opened, _places(opened, [destinations]), settings, "destinations")
    with progress("Opportunities") as step:
        table = sum_reached(opened.network, starts, ends, weight, settings, cutoff, step)
    _tell_of_wheelchairs(opened, settings)
    _deliver(table, out, as_json, points=True)


@app.command()
@_for_a_person
def score(
    region: RegionName,
    at: At,
    residence: Annotated[
        str | None, typer.Option(metavar="ID", help="The home is this recovery residence (its resource_id).")
    ] = None,
    journeys: Annotated[bool, typer.Option("--journeys", help="Explain the trips too, there and back.")] = False,
    as_json: Json = False,
    *,
    person: dict[str, Any],
) -> None:
    """Score the home at a place: health, home, purpose, community."""
    from geo.score import score_homes
    from screens.sentences import journey_lines

    opened, support, wanted, day = _asked(region, **person)
    places = _homes(opened, at)
    if residence is not None and len(places) > 1:
        raise InputError("--residence says what the one home is; give it with one --at.")
    scores = [
        found.as_dict()
        for found in score_homes(
            support, places["lon"], places["lat"], wanted, day, [residence] * len(places), journeys=journeys
        )
    ]
    if as_json:
        print_json(scores[0] if len(scores) == 1 else scores)
        return
    for row, found in zip(places.itertuples(), scores, strict=True):
        _print_score(found, str(row.id))
        if journeys:
            print_lines(journey_lines(found))


@app.command()
@_for_a_person
def compare(region: RegionName, at: At, as_json: Json = False, *, person: dict[str, Any]) -> None:
    """Compare homes side by side, best first, for one person's needs; with the minutes to their own places."""
    from geo.errands import places_of_homes
    from geo.score import score_homes
    from screens.sentences import compared

    opened, support, wanted, day = _asked(region, **person)
    places = _homes(opened, at)
    scores = score_homes(support, places["lon"], places["lat"], wanted, day)
    own = places_of_homes(support, places, wanted, day)
    found = [
        {"id": str(row.id), **one.as_dict(), "places": to}
        for row, one, to in zip(places.itertuples(), scores, own, strict=True)
    ]
    found.sort(key=lambda home: (-home["total"], home["id"]))
    print_json(found) if as_json else print_rows(compared(found))


@app.command()
@_for_a_person
def plan(region: RegionName, at: At, as_json: Json = False, *, person: dict[str, Any]) -> None:
    """Plan a week from a home: dose, work, appointments and meetings, each with its journeys, home by curfew."""
    from geo.plan import plan_lines, plan_week

    opened, support, wanted, day = _asked(region, **person)
    places = _homes(opened, at)
    plans = [plan_week(support, row.lon, row.lat, wanted, day) for row in places.itertuples()]
    if as_json:
        print_json(plans[0].as_dict() if len(plans) == 1 else [found.as_dict() for found in plans])
        return
    for row, found in zip(places.itertuples(), plans, strict=True):
        print_lines([f"A week from {row.id}", *plan_lines(found)])


@app.command("print")
def print_paper(
    region: RegionName,
    at: Annotated[str, typer.Option("--at", metavar="P", help="lat,lon, an address or crossing.")],
    out: Annotated[Path, typer.Option("--out", metavar="F.pdf", help="Write the PDF here.")],
    mode: Mode = "transit",
    date: Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="The first day; today without it.")] = None,
    time: Annotated[str | None, typer.Option(metavar="HH:MM", help="Leave from then on; now without it.")] = None,
    language: Annotated[str, typer.Option(help="en or es.")] = "en",
) -> None:
    """Print what can be reached from a place as a PDF: map, nearest places, the week of meetings, ways home."""
    from geo.needs import clock_minute
    from layers.export import write_whole
    from screens import take_along

    if out.suffix != ".pdf" or not out.parent.is_dir():
        raise InputError(f"{out} must end in .pdf, in a folder that is there.")
    minute = None if time is None else clock_minute(time, "--time")
    opened = _open(region)
    places = _homes(opened, [at])
    if len(places) != 1:
        raise InputError(f"A paper is of one place; {at!r} holds {len(places)}.")
    with progress("Making the paper") as step:
        made = take_along.paper_of(opened, places.iloc[0], mode, _date(date), minute, language, step)
    write_whole(out, made)


@app.command()
@_for_a_person
def surface(
    region: RegionName,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="F.parquet", help="Write here too (GeoParquet, or .csv).")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Every profile, in one go.")] = False,
    as_json: Json = False,
    *,
    person: dict[str, Any],
) -> None:
    """Score every populated area of a region, and keep the surface beside it, so that the app opens it at once."""
    from dataclasses import replace

    import pandas as pd

    from geo.needs import PROFILES
    from layers.export import check_table_path
    from sources.surfaces import kept_surface, make_surfaces

    if out is not None:
        check_table_path(out)
    if every and person["profile"] is not None:
        raise InputError("Give --all or --profile, not both.")
    opened, support, wanted, day = _asked(region, **person)
    profiles = PROFILES if every else (wanted.profile,)
    with progress("Scoring") as step:
        make_surfaces(opened, support, wanted, day, profiles, lambda share: step(share, "Scoring"))
    kept = [kept_surface(opened, replace(wanted, profile=one), day, support.parameters.hash) for one in profiles]
    cells = pd.concat([found[0] for found in kept if found], ignore_index=True)
    if out is not None:
        _write_table(_with_shapes(cells, opened) if out.suffix == ".parquet" else cells, out)
    summary = {
        "cells": len(cells),
        "scored": int(cells["total"].notna().sum()),
        "profiles": list(profiles),
        "file": str(out) if out else None,
    }
    where = f"; written to {out}" if out else ""
    told = f"{summary['scored']} of {len(cells)} areas scored ({', '.join(profiles)}), and kept for the app{where}."
    print_json(summary) if as_json else say(told)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []})
def bench(context: typer.Context) -> None:
    """Time each task beside its peer, or the one named NAME; --shared FOLDER for real data."""
    try:
        from benchmarks.bench import main as run
    except ModuleNotFoundError as missing:
        raise InputError(
            f"The benchmark needs {missing.name}: run it in a checkout of the project (the installed package leaves "
            "it out), with `pip install -e .[bench]` for the peers."
        ) from None
    run(context.args)


def main() -> None:
    """Run the command line; an error on purpose is one sentence on standard error and exit code 2."""
    try:
        app(standalone_mode=True)
    except RecoveryReachError as problem:
        sys.stderr.write(f"recovery-reach: {plain(str(problem))}\n")
        sys.exit(2)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception as problem:
        if os.environ.get("RECOVERY_REACH_DEBUG"):
            raise
        sys.stderr.write(
            f"recovery-reach: something failed that we did not foresee ({type(problem).__name__}: "
            f"{plain(str(problem))[:200]}); set RECOVERY_REACH_DEBUG=1 to see where, and please report it.\n"
        )
        sys.exit(1)


def _open(name: str) -> "Region":
    from sources.region import open_region

    return open_region(name)


def _places(region: "Region", texts: list[str]) -> "pd.DataFrame":
    from sources.places import read_places

    return read_places(texts, region.gazetteer)


def _known(region: "Region", places: "pd.DataFrame", settings: "TravelSettings", what: str) -> "pd.DataFrame":
    """Return places, having said how many of them lie off the streets."""
    from geo.travel import off_streets

    off = int(off_streets(region.network, places, settings.mode).sum())
    if off:
        say(f"{off} of {len(places)} {what} lie over 1 km from any street of the region, and are never reached.")
    return places


def _tell_of_wheelchairs(region: "Region", settings: "TravelSettings") -> None:
    """Say so where a timetable promises no ride to a wheelchair."""
    from geo.timetable import tells_step_free

    feed = region.network.feed
    if settings.mode == "transit" and settings.wheelchair and feed is not None and not tells_step_free(feed):
        say("The timetable says of no vehicle, or of no stop, that it is step-free: no ride is counted on.")


def _homes(region: "Region", texts: list[str]) -> "pd.DataFrame":
    from sources.water import refuse_water

    places = _places(region, texts)
    refuse_water(region.basemap, places)
    return places


def _needs(path: Path | None, profile: str | None) -> "Needs":
    from dataclasses import replace

    from geo.needs import Needs, needs_from, read_needs

    needs = Needs() if path is None else read_needs(path)
    if profile is None:
        return needs
    return replace(needs, profile=needs_from({"profile": profile}, "--profile").profile)


def _asked(
    region: str, *, profile: str | None, needs: Path | None, date: str | None, parameters: Path | None
) -> tuple["Region", "Support", "Needs", dt.date]:
    """Return what a score is asked of: the region, made ready for scoring, the person's needs, and the date."""
    from sources.region import support_for

    wanted, day = _needs(needs, profile), _date(date)
    opened = _open(region)
    return opened, support_for(opened, parameters), wanted, day or opened.facts.service_date


def _settings(
    region: "Region",
    max_minutes: float,
    *,
    mode: str,
    date: str | None,
    window: str | None,
    arrive_by: str | None,
    percentile: list[int] | None,
    max_walk: float,
    walk_kph: float,
    bike_kph: float,
    rides: int,
    wheelchair: bool,
) -> "TravelSettings":
    from geo.needs import clock_minute
    from geo.travel import TravelSettings

    if window is not None and arrive_by is not None:
        raise InputError("Give --window or --arrive-by, not both.")
    return TravelSettings(
        mode=mode,
        max_minutes=max_minutes,
        walk_kph=walk_kph,
        bike_kph=bike_kph,
        max_walk_minutes=max_walk,
        rides=rides,
        wheelchair=wheelchair,
        date=_date(date) or region.facts.service_date,
        window=None if arrive_by else _window(window or "07:00-09:00"),
        arrive_by=None if arrive_by is None else 60 * clock_minute(arrive_by, "--arrive-by"),
        percentiles=tuple(percentile or (50,)),
    )


def _date(text: str | None) -> dt.date | None:
    if text is None:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise InputError(f"A date is written like 2026-11-23, not {text!r}.") from None


def _window(text: str) -> tuple[int, int]:
    """Return the window's start and end in seconds; a window may end after midnight (22:00-26:00)."""
    found = re.fullmatch(r"(\d{1,2}):([0-5]\d)-(\d{1,2}):([0-5]\d)", text)
    if not found:
        raise InputError(f"A window is written like 07:00-09:00, not {text!r}.")
    first, last = (int(found[i]) * 3600 + int(found[i + 1]) * 60 for i in (1, 3))
    if not first < last <= 30 * 3600:
        raise InputError(f"The window {text!r} must end after it starts, and by 30:00.")
    return first, last


def _minutes(text: str) -> list[float]:
    try:
        limits = [float(part) for part in text.split(",")]
    except ValueError:
        raise InputError(f"Minutes are written like 10,20,30, not {text!r}.") from None
    if not all(0 < limit <= 240 for limit in limits):
        raise InputError(f"Minutes must lie between 0 and 240, not {text!r}.")
    return limits


def _deliver(table: "pd.DataFrame", out: Path | None, as_json: bool, *, points: bool = False) -> None:
    """Write a result to a file (`points` as GeoParquet), print it as JSON, or show its first rows."""
    if out is not None:
        _write_table(table, out, points=points)
        say(f"{len(table)} rows written to {out}.")
    if as_json:
        print_json(json.loads(table.to_json(orient="records", double_precision=10)))
    elif out is None:
        print_rows(table.head(40).to_dict("records"))
        if len(table) > 40:
            say(f"… {len(table) - 40} more rows; --out F.csv keeps them all.")


def _with_shapes(cells: "pd.DataFrame", region: "Region") -> "pd.DataFrame":
    from layers.surface import cell_shapes

    return cell_shapes(cells, region.outlines)


def _check_table_path(out: Path | None) -> None:
    from layers.export import check_table_path

    if out is not None:
        check_table_path(out)


def _write_table(table: "pd.DataFrame", out: Path, *, points: bool = False) -> None:
    from layers.export import as_points, write_table

    write_table(as_points(table) if points and out.suffix == ".parquet" else table, out)


def _print_score(score: dict[str, Any], title: str) -> None:
    from screens.sentences import score_lines

    print_lines([title, *score_lines(score, "en")])


def _serve(region: str | None, port: int) -> None:
    from app import serve

    if region is not None:
        _open(region)
    serve(region, port, announce=lambda address: say(f"Recovery Reach is at {address} (Ctrl+C ends it)."))


if __name__ == "__main__":
    main()
