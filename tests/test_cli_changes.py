"""`recovery-reach changes`: two builds of a small town held side by side, by every word that one may type."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from geo.score.parameters import load_parameters
from sources.region.folders import region_folder
from tests.command_line import called
from tests.small_town import EVERY_HOUR, HOUSES, build_town, write_bus, write_ground, write_list
from tests.test_cli import sentence

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs `recovery-reach` with this test's own data folder."""
    monkeypatch.setenv("RECOVERY_REACH_HOME", str(tmp_path / "home"))
    return lambda *words: called(words, monkeypatch, capsys)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the town built twice, with known differences and a list that is gone; made once."""
    folder = tmp_path_factory.mktemp("town")
    write_ground(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RECOVERY_REACH_HOME", str(folder / "home"))
        pantries = write_list(folder, ["7,Oak House,39.0815,-84.5085,4,"], "other.csv")
        build_town(folder, write_list(folder), pantries, gtfs=write_bus(folder / "bus.zip"))
        houses = ["1,Lark House,39.081,-84.509,10,859-555-0199", "3,Finch House,39.0825,-84.5075,5,"]
        later = write_bus(folder / "bus.zip", (*EVERY_HOUR[2:], 22))
        build_town(folder, write_list(folder, houses), gtfs=later)
    return folder


@pytest.fixture
def town(run: Run, built: Path, tmp_path: Path) -> Path:
    """Return this test's own copy of the town."""
    shutil.copytree(built, tmp_path, dirs_exist_ok=True)
    return tmp_path


def answer(run: Run, *words: str) -> dict[str, object]:
    code, output, errors = run("changes", "quay", *words, "--json")
    assert code == 0, errors
    document: dict[str, object] = json.loads(output)
    return document


def test_known_differences_are_told_and_a_lost_list_is_not_a_closing(run: Run, town: Path) -> None:
    told = answer(run, "--measure", "recovery_beds", "--class", "recovery_residence")
    assert [(row["change"], row["name"]) for row in told["places"]] == [
        ("opened", "Finch House"),
        ("closed", "Wren House"),
        ("unconfirmed", "Oak House"),
    ]
    assert [(row["what"], row["before"], row["after"]) for row in told["values"]] == [
        ("phone", "859-555-0100", "859-555-0199"),
        ("beds", "8", "10"),
    ]
    assert [
        (row["route"], row["day"], row["trips_before"], row["trips_after"], row["last_minutes_later"])
        for row in told["routes"]
    ] == [("1", day, 14, 13, 180) for day in ("weekday", "saturday", "sunday")]
    assert {row["feed"]: row["state"] for row in told["feeds"]}["other"] == "not_fetched"
    assert [row["cause"] for row in told["causes"]] == ["places", "buses", "unknown"]
    assert told["known"]["people"]["people"] == 800
    assert told["known"]["reach"] == {"before": 800, "after": 800, "newly": 0, "no_more": 0}
    assert told["surfaces_made"] == 2


def test_lines_for_people_and_the_next_question_at_once(run: Run, town: Path) -> None:
    code, output, errors = run("changes", "quay", "--measure", "recovery_beds")
    assert code == 0, errors
    for words in (
        "1 place opened:",
        "1 place closed, by the word of every feed",
        "1 place not known any more",
        "feed other isn't in this build",
        "Lark House: beds 8 → 10",
        "bus 1, weekday: 14 → 13 trips, last one 19:00 → 22:00 (180 minutes later)",
        "What is known to have changed, and for whom:",
        "By cause, one after the other:",
        "if all that isn't known any more were gone",
        "800 residents counted, of areas with at least 11",
        "no surface of just this was kept of either build",
    ):
        assert words in output
    assert "was kept of" not in run("changes", "quay")[1]


def test_a_build_against_itself_changes_nothing(run: Run, town: Path, tmp_path: Path) -> None:
    shutil.copytree(region_folder("quay"), tmp_path / "copy")
    for other in ("quay", str(tmp_path / "copy")):
        told = answer(run, "--against", other)
        assert (told["places"], told["values"], told["routes"], told["causes"]) == ([], [], [], [])
        assert (told["known"]["people"]["gaining"], told["known"]["people"]["losing"]) == (0, 0)
        people = answer(run, "--against", other, "--measure", "recovery_beds")["known"]["people"]
        assert people["people"] == 800
        assert people["mean_before"] == people["mean_after"]
        assert told["unknown"] is None
    output = run("changes", "quay", "--against", "quay")[1]
    assert "No place opened, closed or moved." in output


def test_files_hold_all_that_is_told(run: Run, town: Path, tmp_path: Path) -> None:
    evil = ["1,=cmd()\x1b[2J,39.081,-84.509,10,", "2,Wren House,39.082,-84.508,6,"]
    build_town(tmp_path, write_list(tmp_path, evil), gtfs=tmp_path / "bus.zip")
    code, output, errors = run("changes", "quay", "--out", str(tmp_path / "tables"))
    assert code == 0, errors
    assert "\x1b" not in output
    names = {path.stem for path in (tmp_path / "tables").iterdir()}
    assert names == {
        "feeds", "places", "values", "routes", "causes", "cells", "areas", "groups", "classes", "about",
    }  # fmt: skip
    values = pd.read_csv(tmp_path / "tables" / "values.csv")
    assert not values["after"].astype(str).str.startswith("=").any()
    about = pd.read_csv(tmp_path / "tables" / "about.csv").set_index("name")["text"]
    assert about["parameters_hash"] == load_parameters().hash


def test_an_earlier_build_is_chosen_by_a_day(run: Run, town: Path, tmp_path: Path) -> None:
    build_town(tmp_path, write_list(tmp_path, HOUSES[:1]), gtfs=tmp_path / "bus.zip")
    told = answer(run, "--since", "2100-01-01")
    assert [row["name"] for row in told["places"] if row["change"] == "closed"] == ["Finch House"]
    code, _, errors = run("changes", "quay", "--since", "2001-01-01")
    assert code == 2
    assert "No build of 'quay' from 2001-01-01 or before is kept. Kept are those of 2" in sentence(errors)
    run("region", "update", "quay", "--undo")
    assert "the later build that you went back from" in run("changes", "quay")[1]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--since", "soon"), "A date is written like"),
        (("--since", "2026-01-01", "--against", "quay"), "not both"),
        (("--against", "nowhere"), "neither a region called 'nowhere' nor a folder"),
        (("--against", "."), "no readable region.json"),
        (("--measure", "joy"), "A measure is one of"),
        (("--class", "joy"), "There is no class of places 'joy'"),
        (("--within", "20"), "--class NAME"),
        (("--areas", "moon"), "Areas are one of"),
        (("--date", "1999-01-01"), "doesn't hold on 1999-01-01"),
        (("--out", "/dev/null"), "is a file"),
    ],
)
def test_what_cannot_be_used_is_one_sentence(run: Run, town: Path, words: tuple[str, ...], told: str) -> None:
    code, _, errors = run("changes", "quay", *words)
    assert code == 2
    assert told in sentence(errors)
