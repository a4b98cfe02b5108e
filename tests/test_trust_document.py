"""docs/trust.md names tests that are there, the drills that are run, and the parsers that a fuzzer is set on."""

import ast
import re
from functools import cache
from pathlib import Path

from benchmarks.drills.__main__ import DRILLS, END, START
from benchmarks.fuzz import PARSERS

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "trust.md").read_text("utf-8")


@cache
def names_of(path: Path) -> set[str]:
    return {node.name for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.FunctionDef)}


def rows(title: str) -> list[list[str]]:
    """Return the cells of the first table under a heading."""
    under = PAGE.partition(f"## {title}\n")[2].partition("\n## ")[0]
    lines = re.findall(r"^\|(.*)\|$", under.partition(START)[0], re.MULTILINE)
    return [[cell.strip() for cell in line.split("|")] for line in lines[2:]]


def test_every_test_that_is_named_is_there() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)
    assert len(named) > 100
    assert [(file, name) for file, name in named if name not in names_of(ROOT / file)] == []


def test_every_threat_has_a_defense_and_a_test() -> None:
    told = [row for row in re.findall(r"^\|(.*)\|$", PAGE, re.MULTILINE) if "tests/" in row]
    assert all(len(row.split(" | ")) == 3 for row in told)
    tables = re.findall(r"\| threat \| defense \| test \|\n\|.*\|\n((?:\|.*\|\n)+)", PAGE)
    assert [line for table in tables for line in table.splitlines() if "`tests/" not in line.split(" | ")[2]] == []


def test_every_drill_and_every_parser_is_told() -> None:
    assert [row[0].replace(" ", "-") for row in rows("Drills")] == list(DRILLS)
    assert START in PAGE
    assert END in PAGE
    assert len(rows("What a fuzzer found")) == len(PARSERS)
