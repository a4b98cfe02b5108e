"""`docs/scale.md` shows what `python -m benchmarks.scale` works out of its rates."""

from pathlib import Path

import pytest

from benchmarks.scale import DOCUMENT, Kind, read_rates, tables, written

COUNTRY = {"counties": 100, "tracts": 1000, "blocks": 10_000, "processors": [2], "dollars_a_processor_hour": 0.5}
COUNTRY |= {"state_extract_mb": 36, "cut_cpu_seconds_a_mb": 2.0}


def test_the_page_shows_what_the_rates_give() -> None:
    country, kinds = read_rates()
    assert sum(kind.counties_share for kind in kinds) == pytest.approx(1)
    assert sum(kind.areas_share for kind in kinds) == pytest.approx(1)
    text = DOCUMENT.read_text("utf-8")
    assert text == written(text, tables(country, kinds)), "run `python -m benchmarks.scale --write`"


def test_hours_disk_and_cost_by_hand() -> None:
    rates = {"memory_mb": 500.0, "region_mb": 10.0, "area_bytes": 1e6, "command": "by hand"}
    small = Kind("a", 0.75, 0.5, build_cpu_seconds=36.0, area_cpu_ms=720.0, **rates)
    large = Kind("b", 0.25, 0.5, build_cpu_seconds=360.0, area_cpu_ms=7200.0, **rates)
    made = tables(COUNTRY, [small, large])
    # 75 · 36 s + 25 · 360 s = 3.25 h; 500 · 0.72 s + 500 · 7.2 s = 1.1 h; ten times that for blocks
    assert "| building 100 counties, streets cut out before | 3 | 1.6 | $2 |" in made
    assert "| cutting the streets of 100 counties out of whole states | 2 | 1.0 | $1 |" in made
    assert "| scores of 1,000 tracts, every profile | 1 | 0.6 | $1 |" in made
    assert "| scores of 10,000 blocks, every profile | 11 | 5.5 | $6 |" in made
    assert "| 100 regions | 1 |" in made
    assert "| surfaces of 10,000 blocks, every profile | 10.0 |" in made


def test_only_what_lies_between_the_marks_is_written() -> None:
    text = "before\n<!-- python -m benchmarks.scale -->\nold\n<!-- end -->\nafter\n"
    assert written(text, "new") == "before\n<!-- python -m benchmarks.scale -->\n\nnew\n\n<!-- end -->\nafter\n"
    assert Path(DOCUMENT).name == "scale.md"
