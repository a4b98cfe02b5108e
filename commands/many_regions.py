"""`recovery-reach regions`: build and score a list of regions, on this machine or on a cluster."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.options import AreasAtOnce, Date, Json, Profile
from geo.errors import InputError
from layers.pace import Pace
from layers.terminal import print_json, print_rows, progress, say

if TYPE_CHECKING:
    from sources.many_regions.outcomes import Engine, EngineSettings
    from sources.many_regions.runs import Run

app = typer.Typer(
    help="Build and score a list of regions, here or on a cluster; what is done is never done again (docs/cluster.md).",
    no_args_is_help=True,
)

RegionListFile = Annotated[
    Path, typer.Option("--list", metavar="F.toml", help="The regions, and what each is built from (docs/cluster.md).")
]
EngineName = Annotated[str, typer.Option(help="local: processes on this machine; dask: the workers of --scheduler.")]
Scheduler = Annotated[
    str | None, typer.Option(metavar="ADDRESS", help="Of Dask's scheduler, like tcp://127.0.0.1:8786.")
]
Workers = Annotated[int | None, typer.Option(min=1, help="Processes of the local engine; one a processor without.")]
MemoryGB = Annotated[
    float | None, typer.Option("--memory-gb", min=0.1, help="The most that each process of the local engine may hold.")
]
Tries = Annotated[int, typer.Option(min=1, help="How often a unit is tried at most whose process died.")]


@app.command("build")
def build(
    list_file: RegionListFile,
    engine: EngineName = "local",
    scheduler: Scheduler = None,
    workers: Workers = None,
    memory_gb: MemoryGB = None,
    tries: Tries = 3,
    as_json: Json = False,
) -> None:
    """Build every region of a list; those that are there as the list says are passed over."""
    from sources.many_regions.region_list import read_region_list
    from sources.many_regions.runs import build_listed

    regions = read_region_list(list_file)
    run, settings = _engine(engine, scheduler, workers, memory_gb, tries)
    with _told("regions") as tell:
        done = build_listed(regions, run, settings, tell)
    _print(done, as_json)


@app.command("surface")
def surface(
    list_file: RegionListFile,
    profile: Profile = None,
    every: Annotated[bool, typer.Option("--all", help="Every profile, in one go.")] = False,
    date: Date = None,
    areas_at_once: AreasAtOnce = None,
    engine: EngineName = "local",
    scheduler: Scheduler = None,
    workers: Workers = None,
    memory_gb: MemoryGB = None,
    tries: Tries = 3,
    as_json: Json = False,
) -> None:
    """Score the populated areas of every region of a list, and keep the surfaces; what is done is passed over."""
    from commands.arguments import date_of, needs_of
    from geo.needs.needs import PROFILES
    from sources.many_regions.region_list import read_region_list
    from sources.many_regions.runs import score_listed
    from sources.region.surface_blocks import AREAS_AT_ONCE

    if every and profile is not None:
        raise InputError("Give --all or --profile, not both.")
    profiles = PROFILES if every else (needs_of(None, profile).profile,)
    regions, day = read_region_list(list_file), date_of(date)
    run, settings = _engine(engine, scheduler, workers, memory_gb, tries)
    with _told("areas") as tell:
        done = score_listed(regions, profiles, run, settings, tell, date=day, at_once=areas_at_once or AREAS_AT_ONCE)
    _print(done, as_json)


def _engine(
    name: str, scheduler: str | None, workers: int | None, memory_gb: float | None, tries: int
) -> "tuple[Engine, EngineSettings]":
    from geo.processors import processors
    from sources.many_regions.engines import engine_called
    from sources.many_regions.outcomes import EngineSettings

    if name == "dask" and (workers is not None or memory_gb is not None):
        raise InputError(
            "--workers and --memory-gb are for the local engine; of a cluster they are said where its workers are "
            "started: `dask worker ADDRESS --nworkers 4 --nthreads 1 --memory-limit 4GB`."
        )
    settings = EngineSettings(
        workers=workers or processors(),
        memory_mb=None if memory_gb is None else 1024 * memory_gb,
        tries=tries,
        scheduler=scheduler,
    )
    return engine_called(name, settings), settings


@contextmanager
def _told(noun: str) -> Iterator[Callable[[float, float, str], None]]:
    pace = Pace(noun)
    with progress("Seeing what is there") as step:
        yield lambda done, total, text: step(done / max(total, 1), f"{pace.text(done, total)} ({text})")


def _print(run: "Run", as_json: bool) -> None:
    """Print what came of a run.

    Raises
    ------
    InputError
        A region failed; the others are told first.
    """
    if as_json:
        print_json({"manifest": str(run.manifest), "regions": [asdict(row) for row in run.rows]})
    else:
        print_rows([_shown(asdict(row)) for row in run.rows])
        say(f"The manifest is {run.manifest}.")
    failed = run.failed()
    if failed:
        raise InputError(
            f"{len(failed)} of {len(run.rows)} regions failed, the first, {failed[0].region}: {failed[0].problem} The "
            "others are done; run this again when that is mended."
        )


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    digests = " ".join(digest[:12] for digest in row["digests"].values())
    return {**{name: row[name] for name in ("region", "status")}, "digests": digests or None} | {
        name: row[name] for name in ("units", "seconds", "cpu_seconds", "peak_memory_mb", "problem", "notice")
    }
