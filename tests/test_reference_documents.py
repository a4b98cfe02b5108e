"""`docs/commands.md` and `docs/library-reference.md` are what the code says of itself; `make docs` writes both."""

import ast
import inspect
import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import geo

ROOT = Path(__file__).parents[1]
MADE = "Made from the code by `make docs`; don't edit it by hand."
SECTION = re.compile(r"^(?P<title>[A-Z]\w+)\n-{3,}\n", re.MULTILINE)


def commands_page() -> str:
    """Return every command with its arguments and options, as Typer's own writer of documents has them."""
    told = subprocess.run(
        [sys.executable, "-m", "typer", "cli.py", "utils", "docs", "--name", "recovery-reach", "--title", "Commands"],
        cwd=ROOT, capture_output=True, encoding="utf-8", check=True, env=os.environ | {"PYTHONUTF8": "1"},
    ).stdout  # fmt: skip
    told = told.replace("&#x27;", "'").replace("&quot;", '"').replace("&amp;", "&")
    told = re.sub(r"^(--\S.*)$", r"`\1`", told, flags=re.MULTILINE)
    return told.replace("# Commands\n", f"# Commands\n\n{MADE}\n", 1).strip() + "\n"


def library_page() -> str:
    """Return the names of the library's door, each with its signature and its docstring, as Markdown."""
    parts = [
        "# The library",
        MADE + " [The tutorial](library.md) shows them at work. In the examples `region` stands for "
        '`sources.region.open_region("demo")`.',
    ]
    for name in geo.__all__:
        thing = getattr(geo, name)
        parts += [f"## geo.{name}", *described(thing)]
        if isinstance(thing, ModuleType):
            for own in functions_of(thing):
                parts += [f"### geo.{name}.{own}", *described(getattr(thing, own))]
    return formatted("\n\n".join(parts) + "\n")


def functions_of(module: ModuleType) -> list[str]:
    """Return the public functions that a module defines, in its own order."""
    return [
        name
        for name, thing in vars(module).items()
        if inspect.isfunction(thing) and thing.__module__ == module.__name__ and not name.startswith("_")
    ]


def described(thing: Any) -> list[str]:
    """Return a thing's declaration and docstring as blocks of Markdown."""
    blocks = [] if isinstance(thing, ModuleType) else [declared(thing)]
    head, *sections = SECTION.split((inspect.getdoc(thing) or "").replace("``", "`"))
    blocks.append(as_markdown(head))
    for title, text in zip(sections[::2], sections[1::2], strict=True):
        blocks += [f"**{title}**", as_examples(text) if title == "Examples" else as_list(text)]
    return [block for block in blocks if block]


def declared(thing: Any) -> str:
    """Return a function's signature, or a class with its fields, as the code has them."""
    (node,) = ast.parse(textwrap.dedent(inspect.getsource(thing))).body
    if isinstance(node, ast.FunctionDef):
        returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
        text = f"def {node.name}({ast.unparse(node.args)}){returns}: ..."
    else:
        assert isinstance(node, ast.ClassDef)
        fields = [ast.unparse(one) for one in node.body if isinstance(one, ast.AnnAssign)]
        bases = f"({', '.join(map(ast.unparse, node.bases))})" if node.bases else ""
        text = "\n    ".join([f"class {node.name}{bases}:", *(fields or ["..."])])
    return f"```python\n{text}\n```"


def formatted(page: str) -> str:
    """Return a page with its Python as `make check` wants it, long signatures in lines."""
    formatter = [Path(sys.executable).with_name("ruff"), "format", "--stdin-filename=docs/library-reference.md", "-"]
    done = subprocess.run(formatter, input=page, cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    return done.stdout


def as_markdown(text: str) -> str:
    return "\n".join(line if line.startswith("    ") else line.strip() for line in text.strip().splitlines())


def as_list(text: str) -> str:
    """Return a numpydoc section as a list: each name in code, what is said of it behind it."""
    items = re.split(r"\n(?=\S)", text.strip())
    return "\n".join(as_item(item) for item in items)


def as_item(item: str) -> str:
    first, _, rest = item.partition("\n")
    name, _, told = first.partition(" : ")
    said = f"{told} {rest}".strip()
    return f"- `{name}`: {' '.join(said.split())}" if said else f"- {name}"


def as_examples(text: str) -> str:
    return f"```python\n{text.strip()}\n```"


PAGES = {"commands.md": commands_page, "library-reference.md": library_page}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_reference_is_as_the_code_is(name: str) -> None:
    page, told = ROOT / "docs" / name, PAGES[name]()
    if os.environ.get("RECOVERY_REACH_WRITE_DOCS"):
        page.write_text(told, "utf-8")
    assert page.read_text("utf-8") == told, f"docs/{name} is behind the code: run `make docs`"


def test_every_command_is_told_with_what_it_takes() -> None:
    """A writer that leaves something out would hold any page."""
    text = (ROOT / "docs" / "commands.md").read_text("utf-8")
    assert len(re.findall(r"^##+ `recovery-reach [a-z -]+`$", text, re.MULTILINE)) > 45
    for told in ("`--at P`", "`--sign-in FILE`", "## `recovery-reach region build`", "[default: gravity]"):
        assert told in text


def test_every_name_of_the_door_is_told_with_what_it_needs() -> None:
    text = (ROOT / "docs" / "library-reference.md").read_text("utf-8")
    assert re.findall(r"^## geo\.(\w+)$", text, re.MULTILINE) == geo.__all__
    assert "- `home`: (lon, lat) in WGS 84 degrees" in text
    assert "### geo.decay.gaussian" in text
    assert ">>> score = score_home(" in text
