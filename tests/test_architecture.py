"""The house keeps its shape: import direction, no stray rooms, nothing that gives away a machine or a host."""

import ast
import functools
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("geo", "sources", "people", "layers", "screens", "commands")
TOP_LEVEL = {
    *ROOMS,
    *("data", "tests", "benchmarks", "docs"),
    *("app.py", "cli.py", "pyproject.toml", "README.md", "CHANGELOG.md", "Makefile", "mkdocs.yml"),
    *("LICENSE", "CONTRIBUTING.md", "CITATION.cff"),
    *("requirements.lock", "requirements-test.lock", "Dockerfile", "compose.yaml"),
}


def tracked_files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


@functools.cache
def imports_of(path: Path) -> frozenset[str]:
    """Return the top-level packages that a module imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return frozenset(found)


@pytest.mark.parametrize("room", ROOMS)
def test_imports_point_one_way(room: str) -> None:
    forbidden = {*ROOMS[ROOMS.index(room) + 1 :], "app", "cli", "tests", "benchmarks"}
    for module in (ROOT / room).rglob("*.py"):
        assert not imports_of(module) & forbidden, module


def test_streamlit_lives_in_the_screens_and_requests_behind_one_door() -> None:
    for room in ROOMS:
        for module in (ROOT / room).rglob("*.py"):
            if room != "screens":
                assert "streamlit" not in imports_of(module), module
            if module != ROOT / "sources" / "web" / "http.py":
                assert "requests" not in imports_of(module), module


def test_only_the_caseload_and_the_commands_import_people() -> None:
    for path in tracked_files():
        parts = path.relative_to(ROOT).parts
        if path.suffix == ".py" and parts[0] not in ("people", "commands", "tests", "benchmarks"):
            may = parts[:2] == ("screens", "caseload") or parts == ("cli.py",)
            assert may or not imports_of(path) & {"people", "sqlcipher3", "argon2", "zxcvbn"}, path
    assert any("people" in imports_of(path) for path in (ROOT / "commands").glob("*.py"))


def test_a_fragment_stands_only_on_a_page() -> None:
    """A click that interrupts a fragment with another inside makes Streamlit send the inner one without the outer."""
    modules = list((ROOT / "screens").rglob("*.py"))
    decorated = {m for m in modules if re.search(r"^@st\.(fragment|dialog)", m.read_text("utf-8"), re.MULTILINE)}
    assert len(modules) > 40  # a glob that finds nothing would hold any rule
    assert decorated
    pages = ast.literal_eval(
        re.findall(r"^PAGES = (.+)$", (ROOT / "screens/main.py").read_text("utf-8"), re.MULTILINE)[0]
    )
    runner = ROOT / "screens/main.py"  # its own fragment stands beside the page, not in it
    assert decorated <= {runner, *(ROOT / "screens" / name / "page.py" for name in pages)}


def test_import_linter_agrees() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_top_level_holds_only_what_the_architecture_names() -> None:
    names = {path.relative_to(ROOT).parts[0] for path in tracked_files()}
    assert {name for name in names if not name.startswith(".")} <= TOP_LEVEL


def test_nothing_that_a_visitor_entered_is_kept_for_all() -> None:
    kept = {
        f"{path.name} {node.name}": {ast.unparse(one.annotation) for one in node.args.args if one.annotation}
        for path in (ROOT / "screens").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef) and any("st.cache_" in ast.unparse(one) for one in node.decorator_list)
    }
    assert len(kept) > 10
    plain = {"Region", "Say", "str", "int", "bool", "datetime.date", "tuple[str, ...]"}
    assert {name: types - plain for name, types in kept.items() if types - plain} == {}


def test_no_pickle_eval_or_shell() -> None:
    for path in tracked_files():
        if path.suffix == ".py" and "tests" not in path.parts:
            assert not imports_of(path) & {"pickle", "marshal", "shelve", "dill", "joblib"}, path
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"(?<![\w.])(eval|exec)\(|shell=True|allow_pickle=True", text), path


def test_no_machine_path_or_package_host_is_committed() -> None:
    paths = re.compile(r"/(home|root|work|opt/rr|tmp)/[a-z]")
    hosts = re.compile(r"pypi\.(org|python)|pythonhosted|registry\.npm|deb\.debian|npmjs")
    for path in tracked_files():
        if path.suffix in {".py", ".toml", ".md", ".txt", ".cfg", ""} and path.name != "test_architecture.py":
            text = path.read_text(encoding="utf-8", errors="replace")
            assert not hosts.search(text), path
            assert not paths.search(text), path


def test_shared_data_is_not_committed() -> None:
    names = {path.name for path in tracked_files()}
    assert not names & {"TANK-GTFS.zip", "people_grid.csv", "poa_osm.pbf", "aasepia.json", "dc211_2013.csv"}


def test_no_dependency_ships_a_package_named_like_our_rooms() -> None:
    ours = {*ROOMS, "app", "cli", "data"}
    for name, distributions in metadata.packages_distributions().items():
        if name in ours:
            assert set(distributions) <= {"recovery-reach"}, (name, distributions)


def test_every_module_says_its_subject() -> None:
    for path in tracked_files():
        if path.suffix == ".py":
            assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), path
