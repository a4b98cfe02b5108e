"""What changed between two builds, as tables to take along: feeds, places, what they tell, routes, and for whom."""

from pathlib import Path

import pandas as pd

from geo.scenarios.over_time import OverTime
from layers.export import About, write_table
from layers.scenario_files import TABLES, check_scenario_folder


def write_changes(tables: dict[str, pd.DataFrame], result: OverTime, out: Path, about: About) -> list[Path]:
    """Write what changed as CSV into a folder.

    Parameters
    ----------
    tables
        By the name of their file: what differs between the builds themselves.

    Returns
    -------
    list
        These; `causes.csv`; `cells.csv`, `areas.csv`, `groups.csv` and `classes.csv` of what is known to have changed,
        and as `unknown_*.csv` of what isn't known, where there is any; and `about.csv`.
    """
    check_scenario_folder(out)
    out.mkdir(exist_ok=True)
    every = {**tables, "causes": result.causes}
    every |= {name: getattr(result.known, name) for name in TABLES}
    if result.unknown is not None:
        every |= {f"unknown_{name}": getattr(result.unknown, name) for name in TABLES}
    every["about"] = pd.DataFrame(list(about), columns=["name", "text"])
    paths = {name: out / f"{name}.csv" for name in every}
    for name, table in every.items():
        write_table(table, paths[name])
    return list(paths.values())
