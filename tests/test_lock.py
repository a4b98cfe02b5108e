"""What is installed is what was tested: the locks hold all that pyproject.toml asks for, each file by its digest."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
BUILD = PROJECT["dependency-groups"]["build"]
WANTED = {
    "requirements.lock": [*PROJECT["project"]["dependencies"], *BUILD],
    "requirements-test.lock": [
        *PROJECT["project"]["dependencies"],
        *PROJECT["project"]["optional-dependencies"]["test"],
        *BUILD,
    ],
}
ENTRY = re.compile(r"([a-z0-9.-]+)==(\S+)(?: ; .+?)?((?: \\\n    --hash=sha256:[0-9a-f]{64})+)\n")


@pytest.mark.parametrize("name", WANTED)
def test_a_lock_holds_what_is_asked_for(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    versions: dict[str, list[Version]] = {}
    for package, version, _ in ENTRY.findall(text):
        versions.setdefault(package, []).append(Version(version))
    for asked in map(Requirement, WANTED[name]):
        locked = versions.get(canonicalize_name(asked.name), [])
        assert locked, f"{asked.name} is not in {name}; `make lock` makes it anew"
        outside = [str(one) for one in locked if one not in asked.specifier]
        assert not outside, f"{asked} is locked at {outside} in {name}; `make lock` makes it anew"


@pytest.mark.parametrize("name", WANTED)
def test_a_lock_holds_digests_and_nothing_of_where_they_came_from(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert ENTRY.sub("", text) == ""
    assert "://" not in text


def test_both_locks_hold_the_same_versions() -> None:
    plain, tested = (set(ENTRY.findall((ROOT / name).read_text("utf-8"))) for name in WANTED)
    assert plain <= tested


@pytest.mark.parametrize("name", ["streamlit", "streamlit-folium", "urllib3", "folium", "numba", "starlette"])
def test_libraries_whose_private_parts_are_used_are_bounded(name: str) -> None:
    asked = {one.name: one for one in map(Requirement, PROJECT["project"]["dependencies"])}
    assert "<" in str(asked[name].specifier)
