"""`recovery-reach region`: build, list, show, check, export and remove regions."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands.arguments import agreed, date_of, opened_region
from commands.options import Json, RegionName
from commands.output import print_report, speaking
from commands.own_lists import agree_on_lists
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
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Fetch, and read own lists as their headings seem to mean, unasked.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Build a region of a place by its name, or from files; `region build demo` builds the embedded one."""
    from dataclasses import replace

    from sources.fetching import default_policy, read_endpoints, read_keys
    from sources.region import RegionInputs, build_demo
    from sources.region.folders import data_folder, region_folder
    from sources.region.geocode_inputs import build_located, check_service
    from sources.region.options import options_of

    if name == "demo" and osm is None and place is None and bounds is None:
        with progress(f"Building {name}") as step:
            report = build_demo(progress=step)
        print_report(report, as_json)
        return
    region_folder(name)  # a name that can't be used is refused before anything is read or asked
    if geocode is not None:
        check_service(geocode)
    inputs = RegionInputs(
        osm=osm,
        elevation=elevation,
        gtfs=tuple(gtfs or ()),
        resources=tuple(resources or ()),
        zones=tuple(zones or ()),
        date=date_of(date),
        title=title,
    )
    if not only_plan:
        inputs = replace(inputs, columns=agree_on_lists(inputs, yes=yes))
    wanted = bounds or place
    if wanted is not None:
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
        choices = {"text": wanted, "radius_km": radius_km}
        choices |= {name: list(getattr(wishes, name)) for name in ("meetings", "na_servers", "without")}
        inputs = replace(inputs, options=options_of(inputs, choices, geocode))
        _build_place(name, wanted, radius_km, inputs, wishes, only_plan=only_plan, yes=yes, as_json=as_json)
        return
    inputs = replace(inputs, options=options_of(inputs, geocode=geocode))
    with progress(f"Building {name}") as step:
        report = build_located(name, inputs, geocode, default_policy(), data_folder() / "cache", step)
    print_report(report, as_json)


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
        print_report(plan, as_json)
        return
    if not _agree_to(plan.lines(), yes=yes):
        return
    with progress(f"Building {name}") as step:
        report, gathered = build_place(name, plan, given, wishes, step)
    if as_json:
        print_json(report.as_dict() | gathered.as_dict())
    else:
        print_lines(["Fetched:", *gathered.lines(), *report.lines()])


def _agree_to(plan: list[str], *, yes: bool) -> bool:
    """Show what would be fetched, and return whether that is fine.

    Raises
    ------
    InputError
        Nobody can be asked.
    """
    for line in plan:
        say(line)
    if yes:
        return True
    if not sys.stdin.isatty():
        raise InputError("Nothing was fetched: add --yes to fetch what the plan shows.")
    if not agreed("Fetch this and build the region?"):
        say("Nothing was fetched.")
        return False
    return True


@app.command("update")
def region_update(
    name: RegionName,
    undo: Annotated[bool, typer.Option("--undo", help="Put the build before the last one back.")] = False,
    accept_fewer: Annotated[bool, typer.Option(help="Take fewer rows than last time as they are.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Fetch without asking.")] = False,
    as_json: Json = False,
) -> None:
    """Build a region anew as it was asked for, and tell what changed; the build before stays at hand (--undo)."""
    from dataclasses import replace

    from screens.shared.changes_text import changes_lines
    from sources.fetching import default_policy, read_endpoints, read_keys
    from sources.places.place_lookup import Lookup
    from sources.region import open_region
    from sources.region.folders import data_folder
    from sources.region.update import last_changes, plan_update, undo_update, update_region

    if undo:
        undo_update(name)
    else:
        lookup = Lookup(default_policy(), data_folder() / "cache", read_endpoints(data_folder()))
        renewal = plan_update(name, lookup, read_keys(data_folder()), accept_fewer=accept_fewer)
        columns = {**renewal.inputs.columns, **agree_on_lists(renewal.inputs, yes=yes)}
        renewal = replace(renewal, inputs=replace(renewal.inputs, columns=columns))
        if renewal.plan is not None and not _agree_to(renewal.plan.lines(), yes=yes):
            return
        with progress(f"Updating {name}") as step:
            update_region(renewal, step)
    changed = last_changes(name)
    if changed is None:
        return
    if as_json:
        print_json(changed.as_dict())
    else:
        print_lines(changes_lines(changed, open_region(name).facts.time_zone, speaking()))


@app.command("list")
def region_list(as_json: Json = False) -> None:
    """List the regions on this machine."""
    from sources.region import list_regions, unreadable_regions

    regions_here, unreadable = [facts.as_dict() for facts in list_regions()], unreadable_regions()
    for name in unreadable:
        say(
            f"The region.json of the region {name} is missing or not as it was written; `recovery-reach region check "
            f"{name}` makes it again from the raw files."
        )
    if as_json:
        print_json(regions_here)
    elif not regions_here and not unreadable:
        say("No region yet; `recovery-reach region build demo` builds the fictional one.")
    elif regions_here:
        print_rows([{key: facts[key] for key in ("name", "title", "built_on")} for facts in regions_here])


@app.command("show")
def region_show(name: RegionName, as_json: Json = False) -> None:
    """Show what a region holds and where it came from."""
    from screens.shared.on_demand import sentences

    region = opened_region(name)
    if as_json:
        rides = region.on_demand.drop(columns="geometry")
        print_json(region.facts.as_dict() | {"on_demand": rides.to_dict("records")})
    else:
        rides = [f"  on-demand rides: {text}" for text in sentences(region, None, speaking())]
        print_lines([*region.facts.lines(), *rides])


@app.command("health")
def region_health(name: RegionName, as_json: Json = False) -> None:
    """Tell how far a region's data can be relied on: freshness, what was lost and why, what it lacks."""
    from sources.region import health

    report = health.region_health(opened_region(name))
    print_report(report, as_json)


@app.command("locate")
def region_locate(
    name: RegionName,
    service: Annotated[str, typer.Option(metavar="SERVICE", help="census or nominatim.")] = "census",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Send without asking.")] = False,
    as_json: Json = False,
) -> None:
    """Have addresses of public places that the region's own map doesn't know looked up, having said what is sent."""
    from sources.fetching import default_policy
    from sources.region.folders import data_folder
    from sources.region.geocode_inputs import check_service
    from sources.region.update import locate_rest, unlocated

    check_service(service)
    count = len(unlocated(name))
    if not count:
        say("The region's own map knows every address that it can be asked for; nothing is sent.")
        return
    say(speaking()(f"locate_{service}", count=count))
    if not yes:
        if not sys.stdin.isatty():
            raise InputError("Nothing was sent: add --yes if that is fine.")
        if not agreed("Send them?", usual=False):
            say("Nothing was sent.")
            return
    with progress(f"Locating places of {name}") as step:
        report = locate_rest(name, service, default_policy(), data_folder() / "cache", step)
    print_report(report, as_json)


@app.command("problems")
def region_problems(
    name: RegionName,
    label: Annotated[str | None, typer.Argument(metavar="[LIST]", help="One of your lists; all without.")] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="F.csv", help="Write here: rows as they were, to mend and load again."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Show which rows of your own lists can't be used as they are, why, and what to do."""
    from commands.output import deliver, speaking
    from screens.shared.advice import advice
    from sources.region.problems import listed_problems, problem_rows

    region = opened_region(name)
    labels = [label] if label else listed_problems(region)
    if out is not None and len(labels) != 1:
        raise InputError(f"A file holds the rows of one list; name it: {', '.join(labels) or 'none has a problem'}.")
    if not labels:
        say("Every row of your own lists could be used.")
    tables = {one: problem_rows(region, one, lambda code: advice(code, speaking())) for one in labels}
    is_by_list = as_json and label is None  # one document, however many lists there are
    if is_by_list:
        plain = {one: table.astype(object).where(table.notna(), None) for one, table in tables.items()}
        print_json({one: table.to_dict("records") for one, table in plain.items()})
    for table in tables.values():
        if out is not None or not is_by_list:
            deliver(table, out, as_json and not is_by_list)


@app.command("check")
def region_check(name: RegionName, as_json: Json = False) -> None:
    """Check a region's files against their checksums; damaged parts are named and rebuilt, raw files named."""
    region = opened_region(name)
    if as_json:
        print_json({"name": name, "damaged": region.rebuilt, "spoiled": region.spoiled})
    elif not region.rebuilt and not region.spoiled:
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
