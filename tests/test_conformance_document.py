"""`docs/conformance.md` names for each line the test that holds it, in its file.

That they are there is held for every page by `tests/test_architecture_document.py`.
"""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "conformance.md").read_text("utf-8")


def test_every_line_names_a_test_and_every_test_its_file() -> None:
    lines = re.findall(r"^\| \d.*", PAGE, re.MULTILINE)
    assert len(lines) > 40
    assert [line for line in lines if not re.search(r"`tests/[\w/]+\.py", line.split(" | ")[-1])] == []
    named = re.findall(r"\btest_\w+\b(?!\.py)", PAGE)
    assert len(set(named)) > 60
    assert len(named) == len(re.findall(r"`(?:tests/[\w/]+\.py)?::test_\w+`", PAGE)), "each behind `path::` or `::`"


def test_every_line_of_the_issue_stands_on_it() -> None:
    starts = re.findall(r"^\| ([\d–, ]+)", PAGE, re.MULTILINE)
    kinds = {int(number) for start in starts for number in re.findall(r"\d+", start)}
    ranges = re.findall(r"^\| (\d+)–(\d+)", PAGE, re.MULTILINE)
    kinds |= {number for low, high in ranges for number in range(int(low), int(high) + 1)}
    assert kinds >= set(range(1, 30))
