"""Results, given: as a file, as JSON for machines, as rows or lines on the terminal."""

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from geo.errors import InputError
from layers.terminal import print_json, print_lines, print_rows, say

if TYPE_CHECKING:
    import pandas as pd

    from screens.shared.words import Say

HABITS = "RECOVERY_REACH_HABITS"
"""The variable that says how the person at the terminal writes times and distances."""


class Report(Protocol):
    """What work tells of itself, for machines and for people."""

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""

    def lines(self) -> list[str]:
        """Return lines for people."""


def deliver(
    table: "pd.DataFrame", out: Path | None, as_json: bool, *, points: bool = False, all_rows: str = "--out F.csv"
) -> None:
    """Write a result to a file (`points` as GeoParquet), print it as JSON, or show its first rows.

    `all_rows` is the option of the command that gives every row.
    """
    if out is not None:
        write_result(table, out, points=points)
        say(f"{len(table)} rows written to {out}.")
    if as_json:
        print_json(json.loads(table.to_json(orient="records", double_precision=10)))
    elif out is None:
        print_rows(table.head(40).to_dict("records"))
        if len(table) > 40:
            say(f"… {len(table) - 40} more rows; {all_rows} gives them all.")


def check_table_path(out: Path | None) -> None:
    """Refuse a path that no table can be written to, before the work that would fill it."""
    from layers import export

    if out is not None:
        export.check_table_path(out)


def write_result(table: "pd.DataFrame", out: Path, *, points: bool = False) -> None:
    """Write a table; `points` as GeoParquet where the ending says parquet."""
    from geo.points import as_points
    from layers.export import write_table

    write_table(as_points(table) if points and out.suffix == ".parquet" else table, out)


def print_report(report: Report, as_json: bool) -> None:
    """Print what some work did as JSON, or as lines."""
    print_json(report.as_dict()) if as_json else print_lines(report.lines())


def print_score(score: dict[str, Any], title: str, country: str) -> None:
    """Print a score as lines of text under a title, with the crisis line of a country below."""
    from screens.shared.score_text import score_lines

    print_lines([title, *score_lines(score, speaking(), country)])


def speaking() -> "Say":
    """Return what speaks to the person at the terminal: `RECOVERY_REACH_HABITS` holds `24h`, `km` or both.

    What machines read (`--json`, CSV) is the same for everybody.

    Raises
    ------
    InputError
        The variable holds anything else.
    """
    from screens.shared.words import Say

    asked = os.environ.get(HABITS, "").replace(",", " ").split()
    if not {*asked} <= {"24h", "km"}:
        raise InputError(f"{HABITS} must be 24h, km or both, like 24h,km, not {os.environ[HABITS]!r}.")
    return Say("en", twenty_four_hours="24h" in asked, metric="km" in asked)
