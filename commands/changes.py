"""`recovery-reach changes`: what changed since an earlier build of a region, and what that did to whom."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.arguments import date_of, limits_told, needs_of, opened_region
from commands.change_text import change_lines
from commands.effect_text import effect_document, plain_numbers
from commands.effects import effect_asked
from commands.options import Json, RegionName, for_a_person, for_an_effect
from geo.errors import InputError
from layers.terminal import print_json, print_lines, progress, say

if TYPE_CHECKING:
    import pandas as pd

    from geo.scenarios.over_time import OverTime
    from sources.region.compare_builds import Compared


@for_a_person
@for_an_effect
def changes(
    region: RegionName,
    since: Annotated[
        str | None,
        typer.Option(metavar="YYYY-MM-DD", help="Hold against the newest build kept from this day or before."),
    ] = None,
    against: Annotated[
        str | None,
        typer.Option(metavar="OTHER", help="Hold against another region, or a copy of a region's folder."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FOLDER", help="Write the tables into this folder, as CSV.")
    ] = None,
    as_json: Json = False,
    *,
    effect: dict[str, Any],
    person: dict[str, Any],
) -> None:
    """Hold two builds of a region side by side: what opened, closed, moved or changed, and who gained or lost by it."""
    from functools import partial

    from geo.score.parameters import load_parameters
    from layers.change_files import build_facts, change_facts, write_changes
    from layers.scenario_files import check_scenario_folder
    from sources.region.areas import areas_of, level_of
    from sources.region.held_against import held_against
    from sources.region.kept_builds import earlier_build, other_build

    if out is not None:
        check_scenario_folder(out)
    if since is not None and against is not None:
        raise InputError("Give --since or --against, not both: each says what the region is held against.")
    asked = effect_asked(effect)
    wanted = needs_of(person["needs"], person["profile"])
    parameters, day = load_parameters(person["parameters"]), date_of(person["date"])
    opened = opened_region(region)
    earlier = other_build(against) if against is not None else earlier_build(region, date_of(since))
    level = level_of(opened, effect["areas"])
    with progress("Comparing") as step:
        compared, result = held_against(
            earlier,
            opened,
            parameters,
            wanted,
            day,
            asked,
            partial(areas_of, opened, level),
            lambda share: step(share, "Scoring"),
        )
    about = build_facts(opened.facts, earlier, compared, asked, wanted, parameters.hash)
    timetable = limits_told(opened, compared.dates[1])["timetable"]
    if out is not None:
        facts = change_facts(about, compared, result, asked, level, wanted, timetable)
        paths = write_changes(compared, result, out, tuple(facts.items()))
        say(f"{len(paths)} tables written to {out}.")
    document = about | {"is_later": earlier.is_later} | _document(compared, result, timetable)
    if as_json:
        print_json(document)
    else:
        print_lines(change_lines(document, asked.class_name, asked.minutes))


def _document(compared: "Compared", result: "OverTime", timetable: str | None) -> dict[str, Any]:
    """Return what changed, and for whom that changed anything, as plain values."""
    return {
        "feeds": _rows(compared.feeds),
        "places": _rows(compared.places),
        "values": _rows(compared.changed_values),
        "routes": _rows(compared.routes),
        "known": effect_document(result.known),
        "unknown": None if result.unknown is None else effect_document(result.unknown),
        "causes": [plain_numbers(row) for row in result.causes.to_dict("records")],
        "surfaces_made": len([one for one in result.made if one is not None]),
        "seconds": round(result.seconds, 1),
        "limits": {"timetable": timetable, "answer": [*compared.limits, *result.limits]},
    }


def _rows(table: "pd.DataFrame") -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = table.astype(object).where(table.notna(), None).to_dict("records")
    return rows
