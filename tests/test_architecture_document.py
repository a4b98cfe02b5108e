"""`docs/architecture.md` says what is there: every file with its subject, every signature as it is in the code.

`make docs` writes both anew from the code; here they are only compared.
"""

import ast
import os
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "architecture.md"
FOLDERS = ("geo", "sources", "people", "layers", "screens", "commands")
DOORS = re.compile(r"^# (?P<file>\S+\.py)\n(?P<names>(?:def [^\n]+\n)+)", re.MULTILINE)


def subject(module: Path) -> str:
    """Return the first paragraph of a module's docstring, in a line."""
    text = ast.get_docstring(ast.parse(module.read_text("utf-8"))) or ""
    return " ".join(text.split("\n\n")[0].split()).replace("|", "\\|")


def table_of_files() -> str:
    """Return a table for each folder: a row per file, rooms in order of name, each with its subject at its head."""
    parts = []
    for folder in FOLDERS:
        parts.append(
            f"### `{folder}/`\n\n{subject(ROOT / folder / '__init__.py')}\n\n| file | subject |\n| --- | --- |"
        )
        modules = sorted((ROOT / folder).rglob("*.py"), key=lambda path: (path.parent, path.name))
        for module in modules:
            path = module.relative_to(ROOT)
            if path.name != "__init__.py":
                parts.append(f"| `{path.as_posix()}` | {subject(module)} |")
            elif len(path.parts) > 2:
                parts.append(f"| **`{path.parent.as_posix()}/`** | **{subject(module)}** |")
        parts.append("")
    return "\n".join(parts).strip()


def signature(module: Path, name: str) -> str:
    """Return a function's signature as the code has it, on one line."""
    for node in ast.parse(module.read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
            return f"def {name}({ast.unparse(node.args)}){returns}"
    pytest.fail(f"docs/architecture.md shows {name}, which {module.relative_to(ROOT)} lacks")


def as_in_code(text: str) -> str:
    """Return the page with its table and signatures as the code has them today."""
    text = re.sub(
        r"(<!-- files -->\n).*?(\n<!-- end -->)", lambda m: m[1] + table_of_files() + m[2], text, flags=re.DOTALL
    )

    def renewed(match: re.Match[str]) -> str:
        names = re.findall(r"^def (\w+)", match["names"], re.MULTILINE)
        return f"# {match['file']}\n" + "".join(f"{signature(ROOT / match['file'], name)}\n" for name in names)

    return DOORS.sub(renewed, text)


def test_the_page_is_as_the_code_is() -> None:
    text = PAGE.read_text("utf-8")
    if os.environ.get("RECOVERY_REACH_WRITE_DOCS"):
        PAGE.write_text(as_in_code(text), "utf-8")
        return
    assert len(DOORS.findall(text)) > 20  # a pattern that finds nothing would hold any page
    assert text == as_in_code(text), "docs/architecture.md is behind the code: run `make docs`"


PAGES = sorted([*(ROOT / "docs").glob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"])
ROOMS = "geo|sources|people|layers|screens|commands|data|tests|docs|benchmarks"
PATHS = re.compile(rf"`(?P<path>(?:{ROOMS})/[\w/.*-]*)?(?P<test>::\w+| -k (?:\"[^`\"]+\"|\w+))?(?=[ `])")
LINKS = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
KEYWORDS = {"and", "or", "not"}


def paths_in(page: Path) -> list[tuple[str, str]]:
    """Return the paths in backticks, each with the `::name` or `-k words` behind it.

    A `::name` or `-k words` without a path belongs to the one before it in its line.
    """
    named = []
    for line in page.read_text("utf-8").replace("`-k ", "` -k ").splitlines():
        path = ""
        for match in PATHS.finditer(line):
            path = match["path"] or path
            if (match["path"] or match["test"]) and "NAME" not in path:
                named.append((path, match["test"] or ""))
    return named


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_path_that_a_page_names_is_there(page: Path) -> None:
    paths, links = {path for path, _ in paths_in(page) if path}, set(LINKS.findall(page.read_text("utf-8")))
    assert [path for path in sorted(paths) if not any(ROOT.glob(path))] == []
    assert [link for link in sorted(links) if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_test_that_a_page_names_is_in_the_file_that_it_names(page: Path) -> None:
    for path, test in paths_in(page):
        if test:
            assert path, f"{test} stands in a line that names no file"
            names = re.findall(r"^def (\w+)", (ROOT / path).read_text("utf-8"), re.MULTILINE)
            if test.startswith("::"):
                assert test.removeprefix("::") in names, path + test
            for word in set(re.findall(r"\w+", test.removeprefix(" -k "))) - KEYWORDS:
                assert any(word in name for name in names), path + test


def test_pages_name_paths_tests_and_links() -> None:
    """Patterns that find nothing would hold any page."""
    named = [one for page in PAGES for one in paths_in(page)]
    assert len({path for path, _ in named}) > 250
    assert sum(test.startswith("::") for _, test in named) > 60
    assert sum(test.startswith(" -k") for _, test in named) > 10
    assert sum(len(LINKS.findall(page.read_text("utf-8"))) for page in PAGES) > 60


def steps_told(name: str) -> list[set[str]]:
    """Return what stands between the arrows of a line of the page, from the ground up."""
    (line,) = re.findall(rf"^- {name}: (.*?)(?=^- |^$)", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    return [set(re.findall(r"`(\w+)`", step)) for step in line.split("←")]


@pytest.mark.parametrize(
    ("name", "contract", "beside"),
    [
        ("folders", "Imports point one way", 1),  # the last are app.py and cli.py
        ("`geo`", "Rooms of geo: from the ground up", 0),
        ("`sources`", "Rooms of sources: from formats to regions", 0),
    ],
)
def test_arrows_are_those_of_the_contracts(name: str, contract: str, beside: int) -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    (layers,) = [one["layers"] for one in contracts if one["name"] == contract]
    told = steps_told(name)
    assert told[: len(told) - beside] == [set(layer.split(" | ")) for layer in reversed(layers)]
