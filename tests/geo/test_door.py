"""The library's door: its names, that none costs anything before it is used, and that their examples run."""

import ast
import doctest
import importlib
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest

import geo
from sources.region import Region, open_region

DOOR = Path(geo.__file__)
HEAVY = ("numpy", "pandas", "numba", "scipy", "shapely", "geopandas", "pyproj", "pyogrio", "matplotlib")
EXAMPLES = doctest.DocTestFinder(recurse=False)


@pytest.fixture(scope="module")
def region(home: Path) -> Region:
    """Return the demo region, open."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RECOVERY_REACH_HOME", str(home))
        return open_region("demo")


def in_a_new_interpreter(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout


def test_nothing_heavy_is_imported_before_a_name_is_used() -> None:
    loaded = f"import sys; print([name for name in {HEAVY} if name in sys.modules])"
    assert in_a_new_interpreter(f"import geo; dir(geo); hasattr(geo, 'nothing'); {loaded}").strip() == "[]"
    assert "numpy" in in_a_new_interpreter(f"import geo; geo.gini([1], [1]); {loaded}")


def test_every_name_is_there_once_and_nothing_else() -> None:
    assert dir(geo) == geo.__all__ == sorted(geo.__all__)
    assert set(geo._MODULES) == set(geo.__all__)
    for name in geo.__all__:
        value = getattr(geo, name)
        assert value is getattr(importlib.import_module(geo._MODULES[name]), name), name
        assert getattr(geo, name) is value
    with pytest.raises(AttributeError, match="module 'geo' has no attribute 'travel_tmies'"):
        geo.travel_tmies  # noqa: B018


def test_type_checkers_see_the_same_names_in_the_same_modules() -> None:
    """Mypy reads the imports under TYPE_CHECKING; the door itself reads `_MODULES`."""
    block = next(node for node in ast.parse(DOOR.read_text(encoding="utf-8")).body if isinstance(node, ast.If))
    seen = {alias.name: node.module for node in block.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert seen == geo._MODULES


def test_star_import_gives_the_door() -> None:
    names = in_a_new_interpreter("from geo import *; print(sorted(name for name in dir() if not name.startswith('_')))")
    assert ast.literal_eval(names) == geo.__all__


def test_every_shipped_package_says_that_it_is_typed() -> None:
    for package in ("geo", "sources", "people", "layers", "screens", "commands"):
        assert (DOOR.parents[1] / package / "py.typed").is_file(), package


@pytest.mark.parametrize("name", [name for name in geo.__all__ if not isinstance(getattr(geo, name), type)])
def test_every_function_of_the_door_has_an_example_that_runs(
    name: str, region: Region, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    monkeypatch.setenv("RECOVERY_REACH_HOME", str(home))
    value = getattr(geo, name)
    names = vars(value) if isinstance(value, ModuleType) else {one: getattr(geo, one) for one in geo.__all__}
    (example,) = EXAMPLES.find(value, name, globs=dict(names, pd=pd, region=region))
    assert example.examples, f"{name} has no example"
    said: list[str] = []
    assert doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(example, out=said.append).failed == 0, "".join(said)
