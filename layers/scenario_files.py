"""What scenarios change, as tables to take along: by cell, area, group and class; and what they were made from."""

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from geo.clock import window_text
from geo.errors import InputError
from geo.needs.needs import Needs
from geo.needs.toml_writer import needs_document
from geo.scenarios.effects import Effect
from geo.scenarios.what_if import Answer, WhatIf
from layers.export import About, check_folder, write_table

if TYPE_CHECKING:
    from sources.region.model import RegionFacts

SUMMARIES = ("areas", "groups", "classes")
TABLES = ("cells", *SUMMARIES)


def check_scenario_folder(out: Path) -> None:
    """Refuse a folder that can't be written into, before the work that would fill it.

    Raises
    ------
    InputError
        A file is in its place, or its parent isn't there.
    """
    if out.exists() and not out.is_dir():
        raise InputError(f"{out} is a file; give a folder for the tables.")
    check_folder(out)


def write_effect(effect: Effect, out: Path, about: About) -> list[Path]:
    """Write the tables of an effect as CSV into a folder, and what they were made from beside them.

    Returns
    -------
    list
        `cells.csv`, `areas.csv`, `groups.csv`, `classes.csv` and `about.csv`.
    """
    check_scenario_folder(out)
    out.mkdir(exist_ok=True)
    tables = {name: getattr(effect, name) for name in TABLES}
    tables["about"] = pd.DataFrame(list(about), columns=["name", "text"])
    paths = {name: out / f"{name}.csv" for name in tables}
    for name, table in tables.items():
        write_table(table, paths[name])
    return list(paths.values())


def scenario_facts(
    answer: Answer, level: str, facts: "RegionFacts", parameters_hash: str, timetable: str | None
) -> dict[str, str]:
    """Return what was asked of which region, what it costs and what bounds the answer, as names and texts.

    Parameters
    ----------
    level
        The kind of areas that the tables are by.
    timetable
        What holds for every figure by the timetable, if anything does.
    """
    price = answer.price
    return {
        "region": facts.title,
        "scenarios": "; ".join(one.title for one in answer.scenarios),
        "against": "; ".join(one.title for one in answer.against) or "the region as it is",
        "measure": answer.asked.measure,
        "profile": answer.needs.profile,
        "date": answer.date.isoformat(),
        "region_hash": facts.region_hash,
        "parameters_hash": parameters_hash,
        **effect_facts(answer.asked, level, answer.needs),
        "cost_usd": "" if price.cost_usd is None else f"{price.cost_usd:.15g}",
        "cost_per_person_usd": "" if price.per_person_usd is None else f"{price.per_person_usd:.2f}",
        "no_cost_per_person": price.why_not_text,
        "changes": " ".join(answer.sentences),
        "against_changes": " ".join(answer.against_sentences),
        "limits": " ".join(filter(None, [timetable, *answer.limits])),
    }


def effect_facts(asked: WhatIf, level: str, needs: Needs) -> dict[str, str]:
    """Return what was asked of who gains and loses, as names and texts; `level`: the kind of areas."""
    in_reach = asked.class_name is not None
    return {
        "class": asked.class_name or "",
        "minutes": f"{asked.minutes:g}" * in_reach,
        "window": window_text(asked.window) * in_reach,
        "areas": level,
        "needs": needs_text(needs),
    }


def needs_text(needs: Needs) -> str:
    """Return what a person needs, for files; of their own places and hours only the number."""
    told = []
    for name, value in needs_document(needs).items():
        own = isinstance(value, dict) or (isinstance(value, list) and any(isinstance(one, dict) for one in value))
        told.append(f"{name}: {len(value)} of their own" if own else f"{name} = {value!r}")
    return "; ".join(told)
