"""What changed between two builds, as tables to take along: feeds, places, what they tell, routes, and for whom."""

from pathlib import Path

import pandas as pd

from geo.needs.needs import Needs
from geo.scenarios.over_time import OverTime
from geo.scenarios.what_if import WhatIf
from layers.export import About, write_table
from layers.scenario_files import TABLES, check_scenario_folder, effect_facts
from sources.region.compare_builds import Compared
from sources.region.kept_builds import KeptBuild
from sources.region.model import RegionFacts


def change_tables(compared: Compared, result: OverTime) -> dict[str, pd.DataFrame]:
    """Return what changed, by the names of the tables' files.

    Returns
    -------
    dict
        What differs between the builds themselves (`feeds`, `places`, `values`, `routes`); `causes`; `cells`, `areas`,
        `groups` and `classes` of what is known to have changed, and as `unknown_*` of what isn't known, where there is
        any.
    """
    every = {
        "feeds": compared.feeds,
        "places": compared.places,
        "values": compared.changed_values,
        "routes": compared.routes,
        "causes": result.causes,
    }
    every |= {name: getattr(result.known, name) for name in TABLES}
    if result.unknown is not None:
        every |= {f"unknown_{name}": getattr(result.unknown, name) for name in TABLES}
    return every


def build_facts(
    facts: RegionFacts, earlier: KeptBuild, compared: Compared, asked: WhatIf, needs: Needs, parameters_hash: str
) -> dict[str, str]:
    """Return which builds were held against each other, for whom and when, as names and texts."""
    return {
        "region": facts.title,
        "built_on": facts.built_on,
        "before": earlier.region.facts.title,
        "before_built_on": earlier.built_on,
        "measure": asked.measure,
        "profile": needs.profile,
        "date": compared.dates[1].isoformat(),
        "before_date": compared.dates[0].isoformat(),
        "region_hash": facts.region_hash,
        "before_region_hash": earlier.region.facts.region_hash,
        "parameters_hash": parameters_hash,
    }


def change_facts(
    builds: dict[str, str], compared: Compared, result: OverTime, asked: WhatIf, level: str, needs: Needs,
    timetable: str | None,
) -> dict[str, str]:  # fmt: skip
    """Return `build_facts` with what was asked and what bounds the answer.

    Parameters
    ----------
    level
        The kind of areas that the tables are by.
    timetable
        What holds for every figure by the timetable, if anything does.
    """
    bounds = " ".join(filter(None, [timetable, *compared.limits, *result.limits]))
    return {**builds, **effect_facts(asked, level, needs), "limits": bounds}


def write_changes(compared: Compared, result: OverTime, out: Path, about: About) -> list[Path]:
    """Write `change_tables` as CSV into a folder, and what they were made from beside them, as `about.csv`."""
    check_scenario_folder(out)
    out.mkdir(exist_ok=True)
    every = change_tables(compared, result) | {"about": pd.DataFrame(list(about), columns=["name", "text"])}
    paths = {name: out / f"{name}.csv" for name in every}
    for name, table in every.items():
        write_table(table, paths[name])
    return list(paths.values())
