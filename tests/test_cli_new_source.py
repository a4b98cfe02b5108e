"""`recovery-reach sources new`: what it makes in a checkout runs, says what is left to write, and harms nothing."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.test_cli import Run, run

__all__ = ["run"]

ROOT = Path(__file__).parents[1]
COPIED = ("geo", "sources", "layers", "data", "docs", "tests/sources", "tests/__init__.py", "pyproject.toml")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a copy of the parts of this checkout that a source stands in."""
    folder = tmp_path / "checkout"
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(
                ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "screens", "*.png")
            )
        elif (ROOT / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    return folder


def said_by_pytest(checkout: Path, *tests: str) -> str:
    """Return what pytest says of tests of the copy, whose own code they import."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests],
        cwd=checkout, env=os.environ | {"PYTHONPATH": str(checkout)},
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    return done.stdout + done.stderr


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file() and p.suffix != ".pyc"}


def test_a_new_source_runs_on_its_recording_and_names_what_is_left(run: Run, checkout: Path) -> None:
    code, _, errors = run("sources", "new", "food_finder", "--checkout", str(checkout))
    assert code == 0, errors
    assert "test_food_finder.py" in errors
    told = said_by_pytest(checkout, "tests/sources/resources/test_food_finder.py")
    assert re.search(r"1 failed, 5 passed", told), told
    assert "write this: title of SOURCE, publisher of SOURCE, license of SOURCE" in told
    names = ["tests/sources/test_registry.py::test_every_reader_is_listed_once_with_its_facts",
             "tests/sources/test_data_sources_doc.py::test_the_facts_of_every_source_are_in_it"]  # fmt: skip
    told = said_by_pytest(checkout, *names)
    assert "2 passed" in told, told
    for path in ("sources/resources/food_finder.py", "docs/sources.md", "docs/data-sources.md"):
        text = (checkout / path).read_text("utf-8")
        (checkout / path).write_text(text.replace("WRITE THIS: ", "An invented "), "utf-8")
    told = said_by_pytest(checkout, "tests/sources/resources/test_food_finder.py", *names)
    assert "8 passed" in told, told
    made = ["sources/resources/food_finder.py", "sources/registry.py", "tests/sources/resources/test_food_finder.py"]
    ruff = Path(sys.executable).with_name("ruff")
    for check in (["check", "--no-cache"], ["format", "--check", "--no-cache"]):
        done = subprocess.run([ruff, *check, *made], cwd=checkout, capture_output=True, encoding="utf-8", check=False)
        assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("hrsa", "hrsa is the name of a source already"),
        ("food", "food is the name of a kind of support already"),
        ("located", "is the name of a source already|is there already"),
        ("hsds_forms", "sources/resources/hsds_forms.py is there already"),
        ("../x", "A source's name has"),
        ("Food", "A source's name has"),
        ("import", "A source's name has"),
        ("x" * 41, "A source's name has"),
    ],
)
def test_a_name_that_cannot_be_writes_nothing(run: Run, checkout: Path, name: str, told: str) -> None:
    before = contents(checkout)
    code, _, errors = run("sources", "new", name, "--checkout", str(checkout))
    assert code == 2
    assert re.search(told, " ".join(errors.split()))
    assert contents(checkout) == before


def test_a_folder_that_is_no_checkout_stays_as_it_is(run: Run, tmp_path: Path) -> None:
    code, _, errors = run("sources", "new", "food_finder", "--checkout", str(tmp_path))
    assert code == 2
    assert "is no checkout of Recovery Reach: it lacks sources/registry.py" in " ".join(errors.split())
    assert list(tmp_path.iterdir()) == []


def test_a_source_is_begun_once(run: Run, checkout: Path) -> None:
    assert run("sources", "new", "food_finder", "--checkout", str(checkout))[0] == 0
    before = contents(checkout)
    code, _, errors = run("sources", "new", "food_finder", "--checkout", str(checkout))
    assert code == 2
    assert "lists food_finder already" in " ".join(errors.split())
    assert contents(checkout) == before
