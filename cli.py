"""The `recovery-reach` command: each command is a thin call of a public Python function with the same words.

Heavy libraries are imported inside the commands that use them, so that `--help` answers at once.
"""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from commands import (
    access,
    access_measures,
    changes,
    many_regions,
    regions,
    reports,
    scenarios,
    scores,
    siting,
    sources,
    travel,
    vault,
)  # fmt: skip
from commands.arguments import opened_region
from commands.options import Json
from commands.output import print_score
from geo.errors import InputError, RecoveryReachError
from layers.terminal import plain, prepare_streams, progress, say

app = typer.Typer(
    help="Which homes put recovery support within a person's reach.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


@app.command()
def demo(port: Annotated[int, typer.Option(help="Port of the app.")] = 8501) -> None:
    """Build the embedded fictional region if needed, score one of its homes, and serve the app."""
    from geo.needs.needs import Needs
    from geo.score.score import score_home
    from sources.demo import DEMO_HOME
    from sources.region import build_demo, list_regions, open_region

    if "demo" not in [facts.name for facts in list_regions()]:
        from app import check_port

        check_port(port)
        with progress("Building the fictional demo county") as step:
            build_demo(progress=step)
    region = open_region("demo")
    say(f"{region.facts.title}: nobody lives there.")
    say("Scoring one of its homes. The first time, loops are compiled for this machine: up to a minute ...")
    lat, lon = DEMO_HOME
    score = score_home(region.support, (lon, lat), Needs(), region.facts.service_date).as_dict()
    print_score(score, "A demo home", region.facts.country)
    _serve("demo", port)


@app.command("app")
def open_app(
    region: Annotated[str | None, typer.Option(help="Region to open first.")] = None,
    port: Annotated[int, typer.Option(help="Port of the app.")] = 8501,
    host: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Address to listen at; any other lets others in, without a password.")
    ] = "127.0.0.1",
    allowed_host: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Name by which others open it; may be given again.")
    ] = None,
    sign_in: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Ask for a sign-in before the caseload (docs/trust.md).")
    ] = None,
) -> None:
    """Serve the app, and print the address at which a browser opens it; on this machine alone by default."""
    _serve(region, port, host, tuple(allowed_host or ()), sign_in)


app.add_typer(regions.app, name="region")
app.add_typer(many_regions.app, name="regions")
app.add_typer(sources.app, name="sources")
app.add_typer(vault.app, name="vault")
for command in (travel.times, travel.isochrones, travel.opportunities, scores.score, scores.compare, scores.plan):
    app.command()(command)
app.command(
    help=access_measures.help_text(),
    short_help="Access measures: cumulative, gravity, 2SFCA and others, over travel times.",
)(access.access)
app.command("print")(scores.print_paper)
app.command()(scores.surface)
app.command()(siting.site)
app.command()(scenarios.scenario)
app.command()(reports.report)
app.command()(changes.changes)


@app.command()
def doctor(as_json: Json = False) -> None:
    """Check what is here of what this needs: libraries, fonts, disk, regions, vault; nothing is changed."""
    from app import SETTINGS
    from commands.doctor import print_findings
    from screens.shared.streamlit_parts import library_parts

    print_findings(library_parts(SETTINGS), as_json)


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
    prepare_streams()
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


def _serve(
    region: str | None, port: int, host: str = "127.0.0.1", allowed: tuple[str, ...] = (), sign_in: Path | None = None
) -> None:
    from app import serve
    from screens.shared.frame import LOOPBACK_HOSTS

    def announce(address: str) -> None:
        say(f"Recovery Reach is at {address} (Ctrl+C ends it).")
        if not allowed and host in LOOPBACK_HOSTS:
            return
        if sign_in is None:
            say(
                "Whoever reaches that over the network can use it: it asks for no password, and what they enter "
                "travels unencrypted. Let in only people you trust, or put a server with HTTPS and sign-in before it."
            )
        else:
            say(
                "The sign-in stands before the caseload alone: whoever reaches this machine over the network can use "
                "the other pages. What is entered travels unencrypted, unless a server with HTTPS stands before it."
            )

    if region is not None:
        opened_region(region)
    serve(region, port, host, allowed, announce, sign_in)


if __name__ == "__main__":
    main()
