"""`recovery-reach region`: build, list, show, check, export and remove regions."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands.arguments import agreed, date_of, opened_region
from commands.options import Json, RegionName
from geo.errors import InputError
from layers.terminal import print_json, print_lines, print_rows, progress, say

if TYPE_CHECKING:
    from sources.region.fetch_plan import Wishes
    from sources.region.inputs import RegionInputs

app = typer.Typer(help="Build, list, show, check, export or remove regions.", no_args_is_help=True)


@app.command("build")
def region_build(
    name: Annotated[str, typer.Argument(metavar="REGION", help="Name for the region (letters, digits, - and _).")],
    place: Annotated[
        str | None,
        typer.Argument(metavar="[PLACE]", help="Its name, as 'Kenton County, Kentucky'."),
    ] = None,
    osm: Annotated[
        Path | None,
        typer.Option(metavar="F", help="Streets: .osm.pbf, .osm (.gz, .bz2), or a graph of osmnx (.graphml)."),
    ] = None,
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
    date: Annotated[
        str | None,
        typer.Option(metavar="YYYY-MM-DD", help="The region's own service date; a usual day of the timetable without."),
    ] = None,
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
    from sources.region import RegionInputs, build_demo, build_region
    from sources.region.folders import data_folder
    from sources.region.geocode_inputs import with_located

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
        date=date_of(date),
        title=title,
    )
    wanted = bounds or place
    if wanted is not None:
        from dataclasses import replace

        from sources.places.place_lookup import Lookup
        from sources.region.fetch_plan import Wishes

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
    from sources.places.place_lookup import place_from, who_is_asked
    from sources.region.fetch_and_build import build_place
    from sources.region.fetch_plan import make_plan
    from sources.region.folders import region_folder

    region_folder(name)
    say(who_is_asked(text, radius_km, wishes.lookup))
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
        if not agreed("Fetch this and build the region?"):
            say("Nothing was fetched.")
            return
    with progress(f"Building {name}") as step:
        report, gathered = build_place(name, plan, given, wishes, step)
    if as_json:
        print_json(report.as_dict() | gathered.as_dict())
    else:
        print_lines(["Fetched:", *gathered.lines(), *report.lines()])


@app.command("list")
def region_list(as_json: Json = False) -> None:
    """List the regions on this machine."""
    from sources.region import list_regions

    regions_here = [facts.as_dict() for facts in list_regions()]
    if as_json:
        print_json(regions_here)
    elif not regions_here:
        say("No region yet; `recovery-reach region build demo` builds the fictional one.")
    else:
        print_rows([{key: facts[key] for key in ("name", "title", "built_on")} for facts in regions_here])


@app.command("show")
def region_show(name: RegionName, as_json: Json = False) -> None:
    """Show what a region holds and where it came from."""
    from screens.shared.on_demand import sentences
    from screens.shared.words import Say
    from sources.region import open_region

    region = open_region(name)
    if as_json:
        rides = region.on_demand.drop(columns="geometry")
        print_json(region.facts.as_dict() | {"on_demand": rides.to_dict("records")})
    else:
        rides = [f"  on-demand rides: {text}" for text in sentences(region, None, Say("en"))]
        print_lines([*region.facts.lines(), *rides])


@app.command("health")
def region_health(name: RegionName, as_json: Json = False) -> None:
    """Tell how far a region's data can be relied on: freshness, what was lost and why, what it lacks."""
    from sources.region import health, open_region

    report = health.region_health(open_region(name))
    print_json(report.as_dict()) if as_json else print_lines(report.lines())


@app.command("check")
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


@app.command("export")
def region_export(
    name: RegionName,
    form: Annotated[str, typer.Option("--format", help="graphml (for osmnx), gpkg or geoparquet.")] = "graphml",
    mode: Annotated[
        str | None, typer.Option(help="walk, bike or drive: only what this mode may use; all streets without it.")
    ] = None,
    turns: Annotated[
        bool,
        typer.Option(
            "--turns", help="With --mode: signals, turns and streets closed to through traffic count, as in our times."
        ),
    ] = False,
    out: Annotated[Path | None, typer.Option(metavar="F", help="Write here; REGION and the format without.")] = None,
) -> None:
    """Write a region's streets as a graph for osmnx or a GIS, with the seconds along each by walk, bike and drive."""
    from layers.street_files import FORMATS, check_street_path, write_street_graph

    if turns and mode is None:
        raise InputError("--turns needs --mode, since each way of getting around has turns of its own.")
    target = out or Path(f"{name}{FORMATS.get(form, '')}")
    check_street_path(target, form)
    from geo.streets.networkx_graph import street_graph, turn_graph

    region = opened_region(name)
    with progress(f"Exporting {name}") as step:
        step(0.1, "Reading streets")
        streets, origin = region.network.streets, region.osm_origin()
        step(0.5, "Making the graph")
        graph = turn_graph(streets, mode, origin) if turns and mode else street_graph(streets, mode, origin)
        step(0.7, "Writing")
        files = write_street_graph(graph, target, form)
    if origin is None:
        say("The raw extract is not that of these streets: nodes and edges go without ids of OpenStreetMap.")
    say(f"{len(graph):,} nodes and {graph.number_of_edges():,} edges written to {' and '.join(map(str, files))}.")


@app.command("remove")
def region_remove(name: RegionName) -> None:
    """Remove a region and everything in it from this machine."""
    from sources.region import remove_region

    remove_region(name)
    say(f"The region {name} is removed.")
