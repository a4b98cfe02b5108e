"""Commands about homes: score, compare, plan, print, surface."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.arguments import asked_of, conflicts_told, date_of, homes_of, limits_told, opened_region
from commands.options import AreasAtOnce, At, Json, RegionName, for_a_person
from commands.output import print_score, speaking, write_result
from geo.errors import InputError
from layers.terminal import print_json, print_lines, print_rows, progress, say

if TYPE_CHECKING:
    import pandas as pd

    from sources.region.model import Region


@for_a_person
def score(
    region: RegionName,
    at: At,
    residence: Annotated[
        str | None, typer.Option(metavar="ID", help="The home is this recovery residence (its resource_id).")
    ] = None,
    journeys: Annotated[bool, typer.Option("--journeys", help="Explain the trips too, there and back.")] = False,
    as_json: Json = False,
    *,
    person: dict[str, Any],
) -> None:
    """Score the home at a place: health, home, purpose, community."""
    from geo.score.score import score_homes
    from screens.shared.score_text import journey_lines
    from sources.region.ended import seen_on

    opened, support, wanted, day = asked_of(region, **person)
    conflicts_told(wanted)
    places = homes_of(opened, at)
    if residence is not None and len(places) > 1:
        raise InputError("--residence says what the one home is; give it with one --at.")
    scores = [
        result.as_dict()
        for result in score_homes(
            support,
            places,
            wanted,
            day,
            [residence] * len(places),
            journeys=journeys,
            today=seen_on(opened.facts),
        )
    ]
    limits_told(opened, day)
    if as_json:
        print_json(scores[0] if len(scores) == 1 else scores)
        return
    for row, result in zip(places.itertuples(), scores, strict=True):
        print_score(result, str(row.id), opened.facts.country)
        if journeys:
            print_lines(journey_lines(result, speaking()))


@for_a_person
def compare(region: RegionName, at: At, as_json: Json = False, *, person: dict[str, Any]) -> None:
    """Compare homes side by side, best first, for one person's needs; with the minutes to their own places.

    A home whose id in a file is the resource_id of a listed residence counts as that one, with its word on free beds.
    """
    from geo.needs.eligibility import of_one_gender
    from geo.score.compare_homes import highest_first
    from geo.score.errands import places_of_homes
    from geo.score.score import beds_of, score_homes
    from screens.shared.reasons import gender_note
    from screens.shared.score_text import compared, inside_areas, without_total
    from sources.region.ended import seen_on

    opened, support, wanted, day = asked_of(region, **person)
    conflicts_told(wanted)
    places, today = homes_of(opened, at), seen_on(opened.facts)
    houses = opened.resources[opened.resources["category"] == "recovery_residence"]
    listed = set(houses["resource_id"])
    residences = [name if name in listed else None for name in places["id"]]
    scores = score_homes(support, places, wanted, day, residences, today=today)
    limits_told(opened, day)
    own = places_of_homes(support, places, wanted, day)
    chances = beds_of(support, residences, today or day)["bed_chance"].fillna(1.0)
    homes = sorted(
        zip(map(str, places["id"]), scores, own, chances, strict=True),
        key=lambda home: highest_first(home[0], home[1], home[3]),
    )
    results = [{"id": name, **one.as_dict(), "places": to} for name, one, to, _ in homes]
    print_json(results) if as_json else print_rows(compared(results))
    note = gender_note(wanted, of_one_gender(houses), len(houses), speaking())
    for sentence in (note, *inside_areas(results, speaking()), *without_total(results)):
        if sentence:
            say(sentence)


@for_a_person
def plan(region: RegionName, at: At, as_json: Json = False, *, person: dict[str, Any]) -> None:
    """Plan a week from a home: dose, work, appointments and meetings, each with its journeys, home by curfew."""
    from geo.plan.week_plan import plan_lines, plan_week
    from sources.region.ended import seen_on

    opened, support, wanted, day = asked_of(region, **person)
    conflicts_told(wanted)
    places, today = homes_of(opened, at), seen_on(opened.facts)
    plans = [plan_week(support, (row.lon, row.lat), wanted, day, today=today) for row in places.itertuples()]
    limits = limits_told(opened, day)
    if as_json:
        documents = [result.as_dict() | {"limits": limits} for result in plans]
        print_json(documents[0] if len(documents) == 1 else documents)
        return
    for row, result in zip(places.itertuples(), plans, strict=True):
        print_lines([f"A week from {row.id}", *plan_lines(result, speaking().habits)])


def print_paper(
    region: RegionName,
    at: Annotated[str, typer.Option("--at", metavar="P", help="lat,lon, an address or crossing.")],
    out: Annotated[Path, typer.Option("--out", metavar="F.pdf", help="Write the PDF here.")],
    mode: Annotated[
        str | None, typer.Option(help="walk, bike or transit; without it by bus, or on foot where no timetable is.")
    ] = None,
    date: Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="The first day; today without it.")] = None,
    time: Annotated[
        str | None, typer.Option(metavar="TIME", help="Leave from then on, like 9pm or 21:00; now without it.")
    ] = None,
    language: Annotated[str, typer.Option(help="The code of a language of the app: en, es …")] = "en",
) -> None:
    """Print what can be reached from a place as a PDF: map, nearest places, the week of meetings, ways home."""
    from dataclasses import replace

    from geo.clock import clock_minute
    from layers.export import write_whole
    from screens.participant import pdf

    if out.suffix != ".pdf" or not out.parent.is_dir():
        raise InputError(f"{out} must end in .pdf, in a folder that is there.")
    minute = None if time is None else clock_minute(time, "--time")
    opened = opened_region(region)
    places = homes_of(opened, [at])
    if len(places) != 1:
        raise InputError(f"A paper is of one place; {at!r} holds {len(places)}.")
    with progress("Making the paper") as step:
        made = pdf.paper_of(
            opened, places.iloc[0], mode, date_of(date), minute, replace(speaking(), language=language), step
        )
    write_whole(out, made)
    say(f"The paper is written to {out}.")


@for_a_person
def surface(
    region: RegionName,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="F.parquet", help="Write here too (GeoParquet, or .csv).")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Every profile, in one go.")] = False,
    areas_at_once: AreasAtOnce = None,
    as_json: Json = False,
    *,
    person: dict[str, Any],
) -> None:
    """Score every populated area of a region, and keep the surface beside it, so that the app opens it at once.

    One that was cut off is gone on with by the same command.
    """
    from dataclasses import replace

    import pandas as pd

    from geo.needs.needs import PROFILES
    from layers.export import check_table_path
    from layers.pace import Pace
    from sources.region.surface_blocks import AREAS_AT_ONCE
    from sources.region.surface_store import cells_of, kept_surface, make_surfaces

    if out is not None:
        check_table_path(out)
    if every and person["profile"] is not None:
        raise InputError("Give --all or --profile, not both.")
    opened, support, wanted, day = asked_of(region, **person)
    profiles = PROFILES if every else (wanted.profile,)
    total, pace = len(cells_of(opened)), Pace("areas")

    def told(share: float) -> None:
        step(share, f"Scoring: {pace.text(share * total, total)}")

    with progress("Scoring") as step:
        make_surfaces(opened, support, wanted, day, profiles, told, at_once=areas_at_once or AREAS_AT_ONCE)
    kept = [kept_surface(opened, replace(wanted, profile=one), day, support.parameters.hash) for one in profiles]
    cells = pd.concat([tables[0] for tables in kept if tables], ignore_index=True)
    if out is not None:
        write_result(_with_shapes(cells, opened) if out.suffix == ".parquet" else cells, out)
    summary: dict[str, Any] = {
        **_areas_of(cells),
        "profiles": list(profiles),
        "file": str(out) if out else None,
        "limits": limits_told(opened, day),
    }
    where = f"; written to {out}" if out else ""
    say(f"{summary['scored']} of {summary['cells']} areas scored ({', '.join(profiles)}), and kept for the app{where}.")
    if summary["scored"] and not summary["with_total"]:
        say("No total is given: the region has data on too little of what counts. What has data is kept.")
    if off := cells["id"][cells["status"] == "outside"].nunique():
        say(f"{off} areas lie over 1 km from any street of the region, and have no score.")
    if enclosed := cells["id"][cells["status"] == "enclosed"].nunique():
        say(f"{enclosed} areas have no score: areas to stay away from lie before every street near them.")
    if as_json:
        print_json(summary)


def _areas_of(cells: "pd.DataFrame") -> dict[str, int]:
    """Return how many areas there are, are scored, and have a total: each once, whatever the number of profiles."""
    ids, scored, with_total = cells["id"], cells["status"] == "scored", cells["total"].notna()
    return {"cells": ids.nunique(), "scored": ids[scored].nunique(), "with_total": ids[with_total].nunique()}


def _with_shapes(cells: "pd.DataFrame", region: "Region") -> "pd.DataFrame":
    from layers.surface import cell_shapes

    return cell_shapes(cells, region.outlines)
