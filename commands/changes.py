"""`recovery-reach changes`: what changed since an earlier build of a region, and what that did to whom."""

from dataclasses import replace
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

    from geo.needs.needs import Needs
    from geo.scenarios.over_time import OverTime, Snapshot
    from sources.region.kept_builds import KeptBuild
    from sources.region.model import Region


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

    from geo.scenarios.over_time import change_over_time
    from geo.score.parameters import load_parameters
    from layers.change_files import write_changes
    from layers.scenario_files import check_scenario_folder, effect_facts
    from sources.region.areas import areas_of, level_of
    from sources.region.compare_builds import compare_builds
    from sources.region.ended import seen_on
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
        compared = compare_builds(earlier.region, opened, parameters, day)
        snapshots = [_with_surface(one, earlier, opened, wanted, parameters.hash) for one in compared.snapshots]
        result = change_over_time(
            snapshots,
            compared.causes,
            parameters,
            wanted,
            asked,
            partial(areas_of, opened, level),
            seen_on(opened.facts),
            lambda share: step(share, "Scoring"),
        )
    _keep(result, snapshots, earlier, opened, wanted, parameters.hash)
    dates = [day.isoformat() for day in compared.dates]
    about = _builds(earlier, opened) | {
        "measure": asked.measure, "profile": wanted.profile, "date": dates[1], "before_date": dates[0],
        "parameters_hash": parameters.hash,
    }  # fmt: skip
    timetable = limits_told(opened, compared.dates[1])["timetable"]
    bounds = [*compared.limits, *result.limits]
    tables = {
        "feeds": compared.feeds,
        "places": compared.places,
        "values": compared.changed_values,
        "routes": compared.routes,
    }
    if out is not None:
        facts = {
            **about,
            **effect_facts(asked, level, wanted),
            "limits": " ".join(filter(None, [timetable, *bounds])),
        }
        paths = write_changes(tables, result, out, tuple(facts.items()))
        say(f"{len(paths)} tables written to {out}.")
    document = {
        **about,
        "is_later": earlier.is_later,
        **{name: _rows(table) for name, table in tables.items()},
        **_effects(result),
        "limits": {"timetable": timetable, "answer": bounds},
    }
    if as_json:
        print_json(document)
    else:
        print_lines(change_lines(document, asked.class_name, asked.minutes))


def _builds(earlier: "KeptBuild", later: "Region") -> dict[str, str]:
    """Return which two builds are held against each other."""
    before, after = earlier.region.facts, later.facts
    return {
        "region": after.title,
        "built_on": after.built_on,
        "before": before.title,
        "before_built_on": earlier.built_on,
        "region_hash": after.region_hash,
        "before_region_hash": before.region_hash,
    }


def _effects(result: "OverTime") -> dict[str, Any]:
    """Return for whom that changed anything, and what it took to find out, as plain values."""
    return {
        "known": effect_document(result.known),
        "unknown": None if result.unknown is None else effect_document(result.unknown),
        "causes": [plain_numbers(row) for row in result.causes.to_dict("records")],
        "surfaces_made": len([one for one in result.made if one is not None]),
        "seconds": round(result.seconds, 1),
    }


def _with_surface(
    snapshot: "Snapshot", earlier: "KeptBuild", later: "Region", needs: "Needs", parameters_hash: str
) -> "Snapshot":
    """Return a whole build with the surface that is kept of it for just this, if it has one of every area."""
    from geo.score.surface import populated_cells
    from sources.region.surface_store import kept_surface

    region = _region_of(snapshot, earlier, later)
    if region is None:
        return snapshot
    kept = kept_surface(region, needs, snapshot.date, parameters_hash)
    is_whole = kept is not None and kept[0]["id"].tolist() == populated_cells(snapshot.zones)["id"].tolist()
    return replace(snapshot, surface=kept[0]) if kept is not None and is_whole else snapshot


def _keep(
    result: "OverTime",
    snapshots: list["Snapshot"],
    earlier: "KeptBuild",
    later: "Region",
    needs: "Needs",
    parameters_hash: str,
) -> None:
    """Keep the surfaces that were made of whole builds, so that the next question is answered at once."""
    from sources.region.surface_store import keep_surface

    for made, snapshot in zip(result.made, (snapshots[0], snapshots[-1]), strict=True):
        region = _region_of(snapshot, earlier, later)
        if made is not None and region is not None:
            keep_surface(region, made, needs, snapshot.date, parameters_hash)


def _region_of(snapshot: "Snapshot", earlier: "KeptBuild", later: "Region") -> "Region | None":
    """Return the region of which a snapshot is a whole build, if surfaces are kept of that."""
    whole = [later, *([earlier.region] if earlier.is_ours else [])]
    return next((one for one in whole if snapshot.region_hash == one.facts.region_hash), None)


def _rows(table: "pd.DataFrame") -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = table.astype(object).where(table.notna(), None).to_dict("records")
    return rows
