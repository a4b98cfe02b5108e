"""docs/data-sources.md says what is: facts from the registry, counts from the real samples."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from geo.errors import SourceError
from sources.adapter.source import ParseContext
from sources.cleaning.report import Parsed, count
from sources.registry import SOURCES, facts_table
from sources.resources import meeting_guide
from tests.sources.test_mutations import sample_paths

DOC = Path(__file__).parents[2] / "docs" / "data-sources.md"
NOT_COUNTED = ("mobility_database", "vulnerability", "lodes", "grid", "blocks")
"""Catalogues and zones: their counts are held in tests of their own."""


@cache
def doc() -> str:
    return DOC.read_text("utf-8")


def counts_rows(shared: Path) -> list[str]:
    """Return a Markdown row for each real sample of resources: what became of its rows, without a region's bounds."""
    rows = []
    for source in SOURCES:
        if source.parse is None or source.name in NOT_COUNTED:
            continue
        for path in sample_paths(shared).get(source.name, []):
            if shared not in path.parents:
                continue
            try:
                counts = count(source.parse(path.read_bytes(), ParseContext(path.name, category="food")))
            except SourceError:
                rows.append(f"| `{path.name}` | {source.name} | refused whole | | | | an error in place of rows |")
                continue
            why = ", ".join(f"{n} {code.partition(':')[2].replace('_', ' ')}" for code, n in counts.reasons.items())
            numbers = (counts.rows_in, counts.kept, counts.repaired, counts.set_aside)
            rows.append(f"| `{path.name}` | {source.name} | {' | '.join(f'{n:,}' for n in numbers)} | {why} |")
    return rows


def test_the_facts_of_every_source_are_in_it() -> None:
    assert facts_table() in doc()
    for source in SOURCES:
        assert f"`{source.name}`" in doc()


def test_the_counts_of_every_sample_are_in_it(shared: Path) -> None:
    missing = [row for row in counts_rows(shared) if row not in doc()]
    assert not missing, "\n".join(missing)


@pytest.fixture(scope="module")
def philadelphia(shared: Path) -> tuple[list[dict[str, Any]], Parsed]:
    raw = (shared / "feeds/meeting_guide/aasepia.json").read_bytes()
    return json.loads(raw), meeting_guide.parse(raw, ParseContext("aasepia.json", time_zone="America/New_York"))


def test_philadelphias_meetings_class_by_class(philadelphia: tuple[list[dict[str, Any]], Parsed]) -> None:
    rows, parsed = philadelphia
    attendance = parsed.tables["resources"]["attendance"].value_counts()
    reasons = count(parsed).reasons
    types = [set(row.get("types") or []) for row in rows]
    classes = {
        "meetings published": len(rows),
        "in person": int(attendance["in_person"]),
        "hybrid": int(attendance["hybrid"]),
        "online only": int(attendance["online"]),
        "closed for now": reasons["set_aside:closed_for_now"],
        "online without a link": reasons["set_aside:online_without_link"],
        "without a day": sum(not str(row.get("day", "")).strip() for row in rows),
        "without a point": sum(row.get("latitude") in (None, "", 0, "0") for row in rows),
        "at 00:00": sum(row.get("time") == "00:00" for row in rows),
        "with an end that can't be": reasons["repaired:bad_end"],
    }
    for name, number in classes.items():
        assert f"| {name} | {number:,} |" in doc(), (name, number)
    attended = classes["in person"] + classes["hybrid"] + classes["online only"]
    assert attended + classes["closed for now"] + classes["online without a link"] == 2038
    links = [bool(row.get("conference_url") or row.get("conference_phone")) for row in rows]
    assert classes["closed for now"] == sum(
        "TC" in one and "ONL" not in one and not link for one, link in zip(types, links, strict=True)
    )
    assert reasons["notice:midnight"] == classes["at 00:00"]


if __name__ == "__main__":
    import sys

    sys.stdout.write("\n".join([facts_table(), *counts_rows(Path(sys.argv[1]))]) + "\n")
