"""What changed since an earlier build, on the page without a browser: as the command that it prints tells it."""

import io
import json
import shlex
import shutil
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from screens.funder import over_time_part, over_time_pieces, over_time_work, scenario_text
from screens.funder.over_time_work import OverTimeAnswer
from screens.shared.words import Say
from sources.region import open_region
from sources.region.kept_builds import kept_days
from tests.screens.funder.conftest import Open, opener, text_of
from tests.test_cli import Run, run
from tests.test_cli_changes import built

__all__ = ["built", "run"]

SAY = Say("en")


@pytest.fixture
def town(run: Run, built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return this test's own copy of a town that was built twice, with a list that is gone."""
    shutil.copytree(built, tmp_path, dirs_exist_ok=True)
    monkeypatch.setenv("RECOVERY_REACH_HOME", str(tmp_path / "home"))
    return tmp_path


def compared(start: Open) -> tuple[AppTest, OverTimeAnswer]:
    page = start(over_measure="recovery_beds", over_class="recovery_beds", over_within=20)
    page.button(key="do_over").click().run()
    assert not page.exception
    found: OverTimeAnswer = page.session_state["over_found"][1]
    return page, found


def test_an_answer_is_that_of_the_command_that_is_printed(
    town: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, found = compared(opener("changes"))
    shown = text_of(page)
    assert scenario_text.headline(found.result.known, 20, SAY) in shown
    for words in ("Wren House", "Finch House", "Oak House", "8", "10", "14 → 13", SAY("over_unknown_title")):
        assert words in shown
    assert SAY("over_feeds_not_fetched", names="other") in shown
    assert set(found.marks["change"]) == {"opened", "closed"}
    command = over_time_work.command("quay", found)
    assert command in shown
    monkeypatch.chdir(town)
    code, output, errors = run(*shlex.split(command)[1:], "--json")
    assert code == 0, errors
    told = json.loads(output)
    assert told["known"]["people"] == pytest.approx(found.result.known.people)
    assert told["known"]["reach"] == found.result.known.reach
    assert [row["cause"] for row in told["causes"]] == found.result.causes["cause"].tolist()
    files = zipfile.ZipFile(io.BytesIO(over_time_work.tables(open_region("quay"), found)))
    for name in ("feeds", "places", "values", "routes", "causes", "areas", "unknown_areas"):
        written = pd.read_csv(town / "tables" / f"{name}.csv")
        pd.testing.assert_frame_equal(pd.read_csv(io.BytesIO(files.read(f"{name}.csv"))), written)
    assert f"command: {command}" in files.read("README.txt").decode()


def test_the_map_says_how_many_places_it_leaves_out(town: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(over_time_part, "MOST_MARKS", 1)
    page, found = compared(opener("changes"))
    assert SAY("over_marks_left", count=len(found.marks) - 1) in text_of(page)


def test_in_spanish_nothing_is_left_in_english(town: Path) -> None:
    page, found = compared(opener("changes", "es"))
    shown, say = text_of(page), Say("es")
    assert scenario_text.headline(found.result.known, 20, say) in shown
    for key in ("over_known", "over_unknown_title", "over_what_beds", "over_day_sunday", "over_cause_buses"):
        assert say(key) in shown
    assert SAY("over_known") not in shown


def test_a_region_of_one_build_has_nothing_to_compare(town: Path) -> None:
    shutil.rmtree(town / "home" / "builds", ignore_errors=True)
    for kept in (town / "home" / "regions").iterdir():
        if kept.is_dir() and kept.name != "quay":
            shutil.rmtree(kept)
    assert kept_days("quay") == []
    page = opener("changes")()
    assert SAY("over_none") in text_of(page)
    with pytest.raises(KeyError):
        page.button(key="do_over")


def test_two_builds_of_one_day_are_told_with_their_times() -> None:
    zone, say = "America/New_York", Say("en")
    one_day = over_time_pieces.built_texts("2026-12-01 15:05 UTC", "2026-12-02 01:10 UTC", zone, say)
    assert one_day == ("December 1, 2026, 10:05 AM", "December 1, 2026, 8:10 PM")
    two_days = over_time_pieces.built_texts("2026-11-30 15:05 UTC", "2026-12-01 15:10 UTC", zone, say)
    assert two_days == ("November 30, 2026", "December 1, 2026")
