"""`recovery-reach site`: where new places of a class would help most."""

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.arguments import asked_of, limits_told, window_of
from commands.options import Json, RegionName, Window, for_a_person
from layers.terminal import print_json, print_lines, progress, say

if TYPE_CHECKING:
    import pandas as pd

    from geo.siting.sites import Answer


@for_a_person
def site(
    region: RegionName,
    class_name: Annotated[
        str, typer.Option("--class", metavar="NAME", help="Class of places, like opioid_treatment_program.")
    ],
    sites: Annotated[int, typer.Option("--k", metavar="N", help="How many new sites at most.")] = 1,
    objective: Annotated[
        str,
        typer.Option(metavar="O", help="within:MINUTES (people newly in reach), score, worst-off or equity."),
    ] = "within:30",
    candidates: Annotated[
        str,
        typer.Option(metavar="F", help="addresses; a file of points, addresses or lots; or a category of places."),
    ] = "addresses",
    exclude: Annotated[
        Path | None, typer.Option(metavar="F", help="Areas where none may be: GeoJSON, GeoPackage, zipped shapefile.")
    ] = None,
    own: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="Your own choice, held beside the best; may be given again.")
    ] = None,
    capacity: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="Slots or beds of each site: a column of --candidates, or N.")
    ] = None,
    cost: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="Cost of each site: a column of --candidates, or N.")
    ] = None,
    budget: Annotated[float | None, typer.Option(metavar="N", help="Most that all sites may cost.")] = None,
    weight: Annotated[str, typer.Option(help="Whom areas count by: population or need.")] = "population",
    window: Window = None,
    seconds: Annotated[float, typer.Option(help="How long to look for certainty.")] = 20.0,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="F", help="Write here: .geojson, .gpkg, .parquet or .csv."),
    ] = None,
    as_json: Json = False,
    *,
    person: dict[str, Any],
) -> None:
    """Choose where new places of a class would help most, with how sure that is and what is nearly as good."""
    from dataclasses import replace

    from geo.siting.question import Question, objective_from
    from geo.siting.sites import find_sites
    from layers.site_files import check_sites_path, question_facts, write_sites
    from sources.places.site_lists import read_areas, read_candidates

    if out is not None:
        check_sites_path(out)
    kind, minutes = objective_from(objective)
    question = Question(
        class_name,
        sites,
        kind,
        minutes,
        weight,
        window_of(window),
        _amount(capacity),
        _amount(cost),
        budget,
        seconds,
    )
    opened, support, wanted, day = asked_of(region, **person)
    places = read_candidates(candidates, opened.gazetteer, opened.resources)
    question = replace(question, capacity=_amount(capacity, places), cost=_amount(cost, places))
    for sentence in places.attrs.pop("set_aside", []):
        say(str(sentence))
    excluded = None if exclude is None else read_areas(exclude, opened.facts.bounds)
    with progress("Siting") as step:
        answer = find_sites(
            support, opened.resources, opened.zones, places, question, wanted, day, excluded, own or (),
            lambda share: step(share, "Siting"),
        )  # fmt: skip
    about = question_facts(
        answer,
        opened.facts,
        wanted,
        day,
        support.parameters.hash,
        objective,
        candidates,
        "" if exclude is None else exclude.name,
    )
    limits = limits_told(opened, day)
    if out is not None:
        write_sites(answer, out, support.network.crs, [*about.items(), ("limits", limits["timetable"] or "")])
        say(f"{len(answer.best.sites)} sites written to {out}.")
    print_json({**about, **answer.as_dict(), "limits": limits}) if as_json else print_lines(_lines(answer))


def _amount(text: str | None, places: "pd.DataFrame | None" = None) -> str | float | None:
    """Return a number for all candidates, or the name of their column, which may be a number too: a year."""
    if text is None or (places is not None and text in places):
        return text
    try:
        return float(text)
    except ValueError:
        return text


_NAMES = {
    "people_newly": "people newly in reach",
    "mean_score": "mean score",
    "lowest_tenth_score": "mean score of the lowest tenth",
    "palma": "Palma ratio",
    "richest_score": "mean score of the richest tenth",
    "poorest_score": "mean score of the poorest four tenths",
    "cost": "cost",
    "cost_per_person": "cost a person newly in reach",
}


def _lines(answer: "Answer") -> list[str]:
    """Return the answer as lines for people."""
    from geo.equity.gaps import LEAST

    told = answer.as_dict()
    aside = sum(told["set_aside"].values())
    reasons = ", ".join(f"{count:,} {reason.replace('_', ' ')}" for reason, count in told["set_aside"].items())
    unit = "people" if told["weight"] == "population" else told["weight"]
    lines = [
        f"{answer.rule.title}: {told['existing']:,} there; {told['candidates']:,} candidates"
        + (f" ({aside:,} set aside: {reasons})" if aside else ""),
        f"{told['people']:,} {unit} counted, of areas with at least {LEAST} residents"
        f" ({_left_out(answer.share_small)})"
        + (f"; {told['people_before']:,} are in reach already" if told["people_before"] else "")
        + (
            f"; {told['people_left_out']:,} more have no street or no candidate in reach"
            * bool(told["people_left_out"])
        ),
        f"now: {_numbers(told['before'])}",
    ]
    if told["weight"] != "population":
        lines.append(f"Counts are of {told['counted_in']}: read {unit} wherever people are named.")
    for row in told["curve"]:
        sure = (
            "the best"
            if row["exact"]
            else "no bound known"
            if row["gap"] is None
            else (f"at most {100 * row['gap']:.1f} % short of the best gain")
        )
        lines.append(f"{_counted(row['sites'], 'site')}: {_numbers(row)} ({sure})")
    lines.append("Sites, most first:" if told["ties"] else "No candidate raises it.")
    for place, tie in zip(answer.sites().to_dict("records"), told["ties"], strict=True):
        others = tie["as_good"] - 1
        good = f"; as good within 2 % of the gain: {_counted(others, 'other')}" if others else ""
        if others and others == told["candidates"] - len(told["ties"]):
            good = "; any other candidate is as good within 2 % of the gain"
        lines.append(f"{place['rank']}. {place['id']} ({place['lat']:.5f}, {place['lon']:.5f}){good}")
    if told["own"] is not None:
        share = told["own"]["share_of_best"]
        beyond = {
            "sites": " (more sites than asked for)",
            "budget": " (over the budget)",
            "sites and budget": " (more sites than asked for, and over the budget)",
            None: "",
        }
        lines.append(
            f"Your own choice{beyond[told['own']['beyond']]}: {_numbers(told['own'])}"
            + (f", {100 * share:.0f} % of the best gain" if share is not None else "")
        )
    return lines


def _left_out(share: float) -> str:
    if math.isnan(share):
        return "the others are left out, and aren't told: too few people live here"
    percent = "under 1 %" if 0 < share < 0.01 else f"{100 * share:.0f} %"
    return f"{percent} of all left out with the others"


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _numbers(row: dict[str, Any]) -> str:
    return ", ".join(
        f"{name} {row[key]:,.0f}" if key in ("people_newly", "cost") else f"{name} {row[key]:.2f}"
        for key, name in _NAMES.items()
        if row.get(key) is not None
    )
