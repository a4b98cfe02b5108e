"""`docs/conformance.md` names for each line the test that holds it; those tests are there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "conformance.md").read_text("utf-8")


def test_every_test_that_the_page_names_is_there() -> None:
    files = set(re.findall(r"tests/[\w/]+\.py", PAGE))
    assert len(files) > 15
    assert [name for name in sorted(files) if not (ROOT / name).is_file()] == []
    written = "".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    named = set(re.findall(r"\b(test_\w+)\b(?!\.py)", PAGE))
    assert len(named) > 40
    assert [name for name in sorted(named) if f"def {name}(" not in written] == []


def test_every_line_of_the_issue_stands_on_it() -> None:
    starts = re.findall(r"^\| ([\d–, ]+)", PAGE, re.MULTILINE)
    kinds = {int(number) for start in starts for number in re.findall(r"\d+", start)}
    ranges = re.findall(r"^\| (\d+)–(\d+)", PAGE, re.MULTILINE)
    kinds |= {number for low, high in ranges for number in range(int(low), int(high) + 1)}
    assert kinds >= set(range(1, 30))
