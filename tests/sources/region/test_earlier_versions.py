"""A region that an earlier version wrote opens in this one, and answers as if it had been built today.

`recorded/region-0.2.0.zip` is the town of `tests/small_town.py`, built by version 0.2.0.
"""

import datetime
import zipfile
from pathlib import Path

import pytest

from geo.needs.needs import Needs
from geo.score.score import score_home
from sources.region import Region, list_regions, open_region, unreadable_regions
from tests.command_line import called
from tests.small_town import build_town, write_bus, write_ground, write_list

RECORDED = sorted((Path(__file__).parent / "recorded").glob("region-*.zip"))
HOME = (-84.509, 39.081)
DAY = datetime.date(2026, 12, 1)


@pytest.fixture(params=RECORDED, ids=lambda path: path.stem)
def home(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a machine's folder with a region of an earlier version."""
    monkeypatch.setenv("RECOVERY_REACH_HOME", str(tmp_path))
    with zipfile.ZipFile(request.param) as archive:
        archive.extractall(tmp_path / "regions")
    return tmp_path


def answers(region: Region) -> object:
    """Return a score's numbers; ids of an own list's rows are by its label, which versions may choose differently."""
    score = score_home(region.support, HOME, Needs(), DAY).as_dict()
    classes = [(one["name"], one["status"], one["access"], one["score"], one["points"]) for one in score["classes"]]
    return region.facts.totals, score["dimensions"], classes, score["meetings"], score["confidence"]


def test_there_is_one_of_each_version() -> None:
    assert [path.stem for path in RECORDED] == ["region-0.2.0"]


def test_it_opens_and_answers_like_one_of_today(home: Path) -> None:
    old = open_region("quay")
    assert (old.rebuilt, old.spoiled, old.is_renewed) == ((), (), True)
    write_ground(home)
    new = build_town(home, write_list(home), gtfs=write_bus(home / "bus.zip"), name="new")
    assert answers(old) == answers(new)
    assert not open_region("quay").is_renewed


def test_it_is_said_why_it_is_built_anew(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ([facts.name for facts in list_regions()], unreadable_regions()) == (["quay"], [])
    code, output, _ = called(("doctor",), monkeypatch, capsys)
    assert (code, "it is built anew when it is first opened" in output) == (0, True)
    for says in ("Another version of this software wrote the region quay", ""):
        code, _, errors = called(("region", "check", "quay"), monkeypatch, capsys)
        assert (code, says in errors, "amaged" in errors) == (0, True, False)
    assert "Another version" not in errors
