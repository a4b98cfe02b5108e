"""`recovery-reach sources`: list, check, fetch and begin the sources that regions are built from."""

from pathlib import Path
from typing import Annotated

import typer

from commands.options import Json
from commands.output import deliver, print_report
from layers.terminal import print_json, print_lines, progress, say

app = typer.Typer(help="The sources that regions are built from.", no_args_is_help=True)


@app.command("list")
def sources_list(as_json: Json = False) -> None:
    """List the sources with publisher, license, freshness, and what was fetched last."""
    from sources.region.folders import data_folder
    from sources.region.health import last_results

    deliver(last_results(data_folder() / "cache"), None, as_json, all_rows="--json")


@app.command("check")
def sources_check(
    source: Annotated[str | None, typer.Argument(metavar="[SOURCE]", help="One source; all without.")] = None,
    as_json: Json = False,
) -> None:
    """Ask each source from this machine, and say in a line what answers."""
    from sources.fetching import check_sources, default_policy, read_endpoints, read_keys
    from sources.region.folders import data_folder

    checks = check_sources(source, default_policy(), read_keys(data_folder()), read_endpoints(data_folder()))
    if as_json:
        print_json([vars(check) for check in checks])
    else:
        print_lines([f"{check.source}: {check.line}" for check in checks])


@app.command("columns")
def sources_columns(
    files: Annotated[
        list[str], typer.Argument(metavar="[KIND=]LIST …", help="Lists of your own, as --resources takes them.")
    ],
    save: Annotated[
        bool, typer.Option("--save", help="Write what is read as what beside each list (LIST.toml).")
    ] = False,
    as_json: Json = False,
) -> None:
    """Show how the headings of your own lists are read, and keep that in a file beside each, to change and use."""
    from sources.region import RegionInputs
    from sources.region.inputs import input_files
    from sources.region.own_lists import own_lists, save_mapping

    lists = own_lists(input_files(RegionInputs(resources=tuple(files)), need_streets=False))
    if as_json:
        print_json([{"list": one.file.path.name, **one.headings.as_dict()} for one in lists])
    else:
        print_lines([line for one in lists for line in one.lines()])
    for one in lists if save else ():
        say(f"Written to {save_mapping(one.file, one.headings.columns)}.")


@app.command("fetch")
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
    from sources.adapter.source import FetchContext
    from sources.cleaning.bounds import place_bounds
    from sources.fetching import default_policy, fetch_source, read_endpoints, read_keys
    from sources.region.folders import data_folder

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
        result = fetch_source(source, context, data_folder() / "cache", accept_fewer=accept_fewer)
    if out is not None:
        for path, content in result.files(out):
            write_whole(path, content)
    print_report(result, as_json)


@app.command("new")
def sources_new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Small letters, digits and _, as food_finder.")],
    checkout: Annotated[
        Path, typer.Option("--checkout", metavar="FOLDER", help="The project's own folder; this one without.")
    ] = Path(),
) -> None:
    """Begin a source in a checkout: adapter, small recording, test and documents, which name what is left to write."""
    from commands.new_source import make_source

    for path in make_source(name, checkout):
        say(f"Written: {path}")
    say(
        f"It reads its recording. Put real rows there, read them in sources/resources/{name}.py, and write what says "
        f"WRITE THIS; pytest tests/sources/resources/test_{name}.py names what is left. "
        "Then run make docs and make check."
    )
