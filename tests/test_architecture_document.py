"""`docs/architecture.md` says what is there: every file with its subject, every signature as it is in the code.

`make docs` writes both anew from the code; here they are only compared.
"""

import ast
import os
import re
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


def test_every_path_that_the_page_names_is_there() -> None:
    named = set(
        re.findall(
            r"`((?:geo|sources|people|layers|screens|commands|data|tests|docs)/[\w/.-]*)`", PAGE.read_text("utf-8")
        )
    )
    assert len(named) > 200
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []
