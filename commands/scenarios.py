"""`recovery-reach scenario`: what a change of places or buses would do, and for whom."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.arguments import asked_of, limits_told
from commands.effect_text import effect_document, people_lines, reach_line, where_lines
from commands.effects import effect_asked
from commands.options import Json, RegionName, for_a_person, for_an_effect
from geo.errors import InputError
from layers.terminal import print_json, print_lines, progress, say

if TYPE_CHECKING:
    import datetime as dt

    import pandas as pd

    from geo.needs.needs import Needs
    from geo.scenarios.effects import Effect
    from geo.scenarios.price import Price
    from geo.scenarios.what_if import Answer
    from geo.score.support import RegionSupport
    from sources.region.model import Region


@for_a_person
@for_an_effect
def scenario(
    region: RegionName,
    file: Annotated[Path, typer.Argument(metavar="F.toml", help="What would be different; see docs/scenarios.md.")],
    then: Annotated[
        list[Path] | None, typer.Option("--then", metavar="G.toml", help="Another one on top; may be given again.")
    ] = None,
    compare: Annotated[
        list[Path] | None,
        typer.Option("--compare", metavar="G.toml", help="Hold it against this one, not the region as it is."),
    ] = None,
    gtfs: Annotated[
        Path | None, typer.Option("--gtfs", metavar="FOLDER", help="Write the scenario's timetable here, as GTFS.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FOLDER", help="Write the tables into this folder, as CSV.")
    ] = None,
    as_json: Json = False,
    *,
    effect: dict[str, Any],
    person: dict[str, Any],
) -> None:
    """Hold a region against itself with other places or buses: who gains, who loses, where, and at what cost."""
    from functools import partial

    from geo.scenarios.what_if import what_if
    from geo.scenarios.world import World
    from layers.scenario_files import check_scenario_folder, scenario_facts, write_effect
    from sources.networks.gtfs_writer import write_gtfs
    from sources.region.areas import areas_of, level_of
    from sources.region.scenario_files import read_scenario
    from sources.region.street_source import street_source

    for folder in (out, gtfs):
        if folder is not None:
            check_scenario_folder(folder)
    asked = effect_asked(effect)
    opened, support, wanted, day = asked_of(region, **person)
    if gtfs is not None and opened.network.feed is None:
        raise InputError("The region has no timetable, so there is none to write; leave --gtfs out.")
    chosen = [read_scenario(path, opened.basemap) for path in (file, *(then or ()))]
    against = [read_scenario(path, opened.basemap) for path in compare or ()]
    level = level_of(opened, effect["areas"])
    with progress("Scoring") as step:
        answer = what_if(
            support,
            World(opened.network, opened.resources, opened.sessions, lambda: street_source(opened)),
            opened.zones,
            chosen,
            wanted,
            day,
            asked,
            partial(areas_of, opened, level),
            against=against,
            surface=_known(opened, support, wanted, day),
            progress=lambda share: step(share, "Scoring"),
        )
    timetable = limits_told(opened, day)["timetable"]
    facts = scenario_facts(answer, level, opened.facts, support.parameters.hash, timetable)
    if out is not None:
        paths = write_effect(answer.effect, out, tuple(facts.items()))
        say(f"{len(paths)} tables written to {out}.")
    if gtfs is not None and answer.feed is not None:
        gtfs.mkdir(exist_ok=True)
        say(f"{len(write_gtfs(answer.feed, gtfs))} timetable(s) written to {gtfs}.")
    document = _document(answer)
    if as_json:
        about = {name: facts[name] for name in _ABOUT}
        print_json({**about, **document, "limits": {"timetable": timetable, "answer": list(answer.limits)}})
    else:
        print_lines(_lines(answer, document))


_ABOUT = ("region", "scenarios", "against", "measure", "profile", "date", "region_hash", "parameters_hash")


def _known(region: "Region", support: "RegionSupport", needs: "Needs", date: "dt.date") -> "pd.DataFrame | None":
    """Return the surface of the region as it is, where it was kept."""
    from sources.region.surface_store import kept_surface

    kept = kept_surface(region, needs, date, support.parameters.hash)
    return None if kept is None else kept[0]


def _document(answer: "Answer") -> dict[str, Any]:
    """Return the answer as plain values for JSON."""
    price = answer.price
    return {
        "changes": list(answer.sentences),
        "against_changes": list(answer.against_sentences),
        **effect_document(answer.effect),
        "cost_usd": price.cost_usd,
        "cost_per_person_usd": None if price.per_person_usd is None else round(price.per_person_usd, 2),
        "no_cost_per_person": price.why_not or None,
    }


def _lines(answer: "Answer", document: dict[str, Any]) -> list[str]:
    """Return the answer as lines for people."""
    asked = answer.asked
    lines = [*(f"{one.title}{f': {one.note}' if one.note else ''}" for one in answer.scenarios)]
    lines += [f"- {sentence}" for sentence in answer.sentences]
    lines += [f"held against: {sentence}" for sentence in answer.against_sentences]
    lines += people_lines(document, answer.effect.measure)
    lines += answer.limits
    if answer.effect.reach is not None:
        lines.append(reach_line(document["reach"], str(asked.class_name), asked.minutes))
    return [*lines, _price(answer.price, answer.effect), *where_lines(document)]


def _price(price: "Price", effect: "Effect") -> str:
    """Return what it costs, for whom or why that can't be told, and who loses by it."""
    if price.cost_usd is None:
        return f"No cost per person: {price.why_not_text}."
    in_reach = effect.reach is not None
    lost = effect.people["losing"] if effect.reach is None else effect.reach["no_more"]
    losing = f"{lost:,.0f} residents {'are in reach no more' if in_reach else 'lose'}"
    if not in_reach and not effect.people["people"]:
        losing = "who loses isn't known"
    if price.cost_usd < 0:
        return f"${-price.cost_usd:,.0f} less than what it is held against, so no cost per person; {losing}"
    whom = "newly in reach" if in_reach else "who gains"
    each = f"no cost per person, for {price.why_not_text}"
    if price.per_person_usd is not None:
        each = f"${price.per_person_usd:,.2f} for each resident {whom}"
    return f"${price.cost_usd:,.0f}: {each}; {losing}"
