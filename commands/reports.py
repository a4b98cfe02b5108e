"""`recovery-reach report`: where support is missing by area and group, as a paper, a page, a map or tables."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.arguments import date_of, limits_told, opened_region
from commands.options import Json, RegionName
from commands.output import speaking
from geo.errors import InputError
from layers.terminal import print_json, print_lines, progress, say

if TYPE_CHECKING:
    from screens.funder.questions import GapReport, OwnAreas, Question, Surface
    from screens.shared.words import Say
    from sources.region.model import Region

_KINDS = {".pdf": "pdf", ".png": "slide", ".gpkg": "gpkg", ".parquet": "areas", ".zip": "csv", ".html": "html"}
"""Ending of `--out` → the kind of file; without an ending it is a folder."""

_TAKEN = {"methadone": "methadone", "other_medication": "buprenorphine"}
"""For whom a class counts, where not always → the medication that they take."""


def report(
    region: RegionName,
    areas: Annotated[
        str | None,
        typer.Option(metavar="F", help="place, tract, block_group, county, zip, grid; or a file of polygons."),
    ] = None,
    profile: Annotated[str, typer.Option(help="no-car, bicycle, car or wheelchair.")] = "no-car",
    medication: Annotated[str, typer.Option(help="none, methadone or buprenorphine.")] = "none",
    date: Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="Service day; the region's without.")] = None,
    threshold: Annotated[int, typer.Option(metavar="N", help="Count people below it: 10, 20 … 90.")] = 40,
    measure: Annotated[
        str, typer.Option(metavar="M", help="total, health, home, purpose, community, or a class of places.")
    ] = "total",
    language: Annotated[str, typer.Option(help="The code of a language of the app: en, es …")] = "en",
    figure: Annotated[
        str | None, typer.Option(metavar="NAME", help="Print this figure alone, as the report prints it.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="F", help="Write .pdf, .png, .gpkg, .parquet, .zip, .html; or a folder."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Report where support is missing: by area and group, how evenly it is shared, each figure with its command."""
    from dataclasses import replace

    from geo.needs.needs import needs_from
    from layers.basemap import build_basemap
    from screens.funder import questions
    from screens.shared.catalogs import languages

    _check_out(out)
    if language not in languages():
        raise InputError(f"--language is one of {', '.join(languages())}, not {language!r}.")
    opened = opened_region(region)
    wanted = needs_from({"profile": profile}, "--profile").profile
    question = _question(opened, wanted, medication, date, measure, threshold)
    own, level = _areas(opened, areas)
    question = replace(question, level=level)
    speaks = replace(speaking(), language=language)
    surface = _surface(opened, question)
    answer = questions.answer(opened, surface, question, own)
    land = build_basemap(opened.network.streets, opened.basemap)
    asked = questions.GapReport(opened, land, surface, answer, question, own)
    limits = limits_told(opened, question.date)
    _tell_of_areas(own, speaking())
    if out is not None:
        _write(asked, out, speaks)
    if as_json:
        print_json(_document(asked, speaks, figure) | {"limits": limits})
    elif figure is not None or out is None:
        print_lines(_lines(asked, speaks, figure))


def _check_out(out: Path | None) -> None:
    """Refuse a path that no report can be written to, before the work that would fill it."""
    from layers.export import check_folder

    if out is None:
        return
    if out.suffix and out.suffix not in _KINDS:
        raise InputError(f"{out} must end in {', '.join(_KINDS)}, or be a folder.")
    if not out.suffix and out.exists() and not out.is_dir():
        raise InputError(
            f"{out} is a file without an ending; give a folder for the web page, or a file like {out}.pdf."
        )
    check_folder(out.absolute())


def _question(
    region: "Region", profile: str, medication: str, date: str | None, measure: str, threshold: int
) -> "Question":
    """Return what is asked, its level of areas still open."""
    from geo.equity.gaps import THRESHOLDS
    from geo.spelling import closest_names
    from geo.tables import DIMENSIONS
    from screens.funder.questions import MEDICATIONS, Question, parameters

    if medication not in MEDICATIONS:
        raise InputError(f"--medication is one of {', '.join(MEDICATIONS)}, not {medication!r}.")
    if threshold not in THRESHOLDS:
        raise InputError(f"--threshold is one of {', '.join(map(str, THRESHOLDS))}, not {threshold}.")
    classes = [*(rule.name for rule in parameters().classes), "meetings"]
    names = ["total", *DIMENSIONS, *classes]
    if measure not in names:
        near = closest_names(measure, names)
        hint = f"; did you mean {' or '.join(near)}?" if near else f": {', '.join(names)}."
        raise InputError(f"--measure is total, a dimension, or a class of places, not {measure!r}{hint}")
    asked = next((rule.applies for rule in parameters().classes if rule.name == measure), "always")
    taken = _TAKEN.get(asked, medication)
    if taken != medication:
        raise InputError(f"{measure} counts only for people who take {taken}; add --medication {taken}.")
    column = f"class_{measure}" if measure in classes else measure
    return Question(profile, medication, date_of(date) or region.facts.service_date, column, threshold, "")


def _areas(region: "Region", text: str | None) -> tuple["OwnAreas | None", str]:
    """Return the areas of a file, if that is what a text means, and the level of areas."""
    from screens.funder.questions import OWN, read_own_areas
    from sources.region.areas import level_of

    if text is not None and Path(text).suffix:
        return read_own_areas(Path(text), region), OWN
    return None, level_of(region, text, "a file of polygons")


def _surface(region: "Region", question: "Question") -> "Surface":
    """Return the surface that is kept, or work it out and keep it."""
    from screens.funder.questions import read_surface
    from sources.region.model import support_for
    from sources.region.surface_store import make_surfaces

    kept = read_surface(region, question)
    if kept is None:
        with progress("Scoring") as step:
            support = support_for(region, None)
            make_surfaces(
                region,
                support,
                question.needs,
                question.date,
                (question.profile,),
                lambda share: step(share, "Scoring"),
            )
        kept = read_surface(region, question)
    if kept is None:
        raise InputError(f"The surface of {region.facts.name} was taken away while it was read; try again.")
    return kept


def _tell_of_areas(own: "OwnAreas | None", speaks: "Say") -> None:
    from screens.funder.text import own_notes

    for sentence in own_notes(own, speaks) if own is not None else []:
        say(sentence)


def _write(asked: "GapReport", out: Path, speaks: "Say") -> None:
    from layers.export import write_whole
    from screens.funder.files import folder, makers

    with progress("Making the report"):
        if out.suffix:
            write_whole(out, makers(asked, speaks)[_KINDS[out.suffix]]())
            say(f"The report is written to {out}.")
            return
        files = folder(asked, speaks)
        out.mkdir(exist_ok=True)
        for name, content in files.items():
            write_whole(out / name, content)
    say(f"The page and {len(files) - 1} files beside it are written to {out}; open {out / 'index.html'}.")


def _lines(asked: "GapReport", speaks: "Say", name: str | None) -> list[str]:
    """Return figures as they are printed: one alone without its label; the cells of a row with ` | ` between."""
    from screens.funder.figures import figures

    told = figures(asked, speaks)
    if name is None:
        return [f"{one.label}: {one.value}" for one in told.values() if isinstance(one.value, str)]
    value = _figure(asked, speaks, name)
    return [value] if isinstance(value, str) else [" | ".join(cell.replace("\n", " ") for cell in row) for row in value]


def _figure(asked: "GapReport", speaks: "Say", name: str) -> Any:
    from screens.funder.figures import figures

    told = figures(asked, speaks)
    if name not in told:
        raise InputError(f"There is no figure {name!r}; this report has {', '.join(told)}.")
    return told[name].value


def _document(asked: "GapReport", speaks: "Say", name: str | None) -> dict[str, Any]:
    """Return the report as plain values for JSON."""
    from screens.funder.figures import figures
    from screens.funder.files import account, tables_of

    if name is not None:
        return {name: _figure(asked, speaks, name)}
    tables = {
        table: rows.astype(object).where(rows.notna(), None).to_dict("records")
        for table, rows in tables_of(asked, speaks).items()
    }
    printed = {key: one.value for key, one in figures(asked, speaks).items() if isinstance(one.value, str)}
    return {"about": [list(row) for row in account(asked, speaks)], "figures": printed, "tables": tables}
