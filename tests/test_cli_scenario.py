"""`recovery-reach scenario`: answers, files, and one sentence for what can't be used."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import geo.score.surface
from commands.effect_text import where_lines
from sources.networks.gtfs import read_feeds
from tests.test_cli import Run, run, sentence

__all__ = ["run"]

LATER = """title = "Later buses"
note = "routes 1 and 8"
cost_usd = 400000
[[route.later]]
route = "1"
until = "23:30"
[[place.add]]
id = "new"
category = "pharmacy"
lon = -113.46605
lat = 40.37231
"""

GROUND = """title = "Ground"
cost_usd = 0
[[path.add]]
points = [[-113.42635, 40.3593], [-113.4243, 40.3611]]
[[line.add]]
name = "Loop"
stops = [[-113.42635, 40.3593], [-113.4313, 40.3614]]
kph = 22
headway_minutes = 20
from = "06:00"
until = "00:30"
"""


@pytest.fixture(autouse=True)
def few_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    """Score few areas, so that tests are fast."""
    every = geo.score.surface.populated_cells
    monkeypatch.setattr(
        geo.score.surface, "populated_cells", lambda zones: every(zones).iloc[::200].reset_index(drop=True)
    )


@pytest.fixture
def later(tmp_path: Path) -> str:
    (tmp_path / "later.toml").write_text(LATER, encoding="utf-8")
    return str(tmp_path / "later.toml")


def test_an_answer_and_its_files(run: Run, later: str, tmp_path: Path) -> None:
    out, gtfs = tmp_path / "tables", tmp_path / "gtfs"
    (tmp_path / "ground.toml").write_text(GROUND, encoding="utf-8")
    asked = [
        "scenario",
        "demo",
        later,
        "--then",
        str(tmp_path / "ground.toml"),
        "--class",
        "pharmacy",
        "--within",
        "15",
        "--areas",
        "zip",
    ]
    code, output, errors = run(*asked, "--json", "--out", str(out), "--gtfs", str(gtfs))
    assert code == 0, errors
    answer = json.loads(output)
    assert [text.split(" opens at")[0].split(":")[0] for text in answer["changes"]] == [
        "new",
        "Route 1",
        "The new path opens",
        "Line Loop",
    ]
    assert answer["people"]["losing"] == 0
    assert answer["reach"]["newly"] >= 108, "those who live where it opens"
    assert answer["reach"]["no_more"] == 0
    assert answer["cost_usd"] == 400000
    cells = pd.read_csv(out / "cells.csv")
    assert (cells["total_difference"].dropna() >= -1e-4).all(), "a path splits a street, whose lengths are rounded"
    about = dict(pd.read_csv(out / "about.csv").to_numpy())
    assert about["region_hash"] == answer["region_hash"]
    assert (about["class"], about["minutes"], about["window"]) == ("pharmacy", "15", "07:00-09:00")
    assert about["areas"] == "zip"
    assert all(row["area_id"].isdecimal() and len(row["area_id"]) == 5 for row in answer["areas"])
    assert len(answer["areas"]) > 1
    assert float(about["cost_usd"]) == 400000
    assert float(about["cost_per_person_usd"]) == answer["cost_per_person_usd"] > 0
    assert answer["no_cost_per_person"] is None
    assert answer["changes"][0] in about["changes"]
    assert {"limits", "needs", "against_changes"} <= set(about)
    assert set(cells["newly_in_reach"]) == {True, False}
    assert {path.stem for path in out.iterdir()} == {"cells", "areas", "groups", "classes", "about"}
    feed, _ = read_feeds([("gtfs", gtfs / "gtfs.zip")])
    assert "gtfs:" in feed.trip_id[0]
    line, _ = read_feeds([("scenario", gtfs / "scenario.zip")])
    assert line.route_name.tolist() == ["Loop"]


def test_lines_for_people_and_scenarios_on_top(run: Run, later: str, tmp_path: Path) -> None:
    (tmp_path / "cut.toml").write_text('title = "Cut"\n[[route.cut]]\nroute = "2"\n', encoding="utf-8")
    code, output, _ = run("scenario", "demo", later, "--then", str(tmp_path / "cut.toml"), "--compare", later)
    assert code == 0
    assert "Later buses: routes 1 and 8" in output
    assert "(312 in all services of the timetable) cut." in output
    assert "No cost per person: 'Cut' states no cost_usd" in output
    assert "held against: new opens" in output
    assert "0 residents gain a point or more" in output
    code, output, errors = run("scenario", "demo", later, "--compare", later)
    assert code == 0, errors
    assert "0 residents gain a point or more, 0 lose one or more" in output
    assert "$0: no cost per person, for nobody gains; 0 residents lose" in output


def test_a_list_that_is_cut_short_says_so() -> None:
    row = {"gaining": 20.0, "losing": 0.0, "mean_before": 1.0, "mean_after": 3.0}
    rows = [row | {"area_id": f"area {n}"} for n in range(12)]
    people = {"gaining": 240.0, "losing": 0.0}
    document: dict[str, Any] = {"areas": rows, "classes": [], "groups": [], "people": people}
    lines = where_lines(document)
    assert (len(lines), lines[-1]) == (12, "  … 2 more; --out FOLDER writes all.")
    document["areas"] = rows[:10]
    assert where_lines(document)[-1].startswith("  area 9: 20 gain")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('[[route.cut]]\nroute = "1A"', "no route '1A'"),
        ('[[place.close]]\nplace = "Nowhere at all"', "lists no place"),
        ('[[place.add]]\nid = "x"\ncategory = "food"\nlon = -80.0\nlat = 40.0', "over 1 km from any street"),
        ('[[place.add]]\nid = "x"\ncategory = "food"\nlat = 40.3602614\nlon = -113.4388788', "The new place at"),
        ("[[place.add]]\nid = 3", "lacks the key 'lon'"),
    ],
)
def test_what_cannot_be_used_is_one_sentence(run: Run, tmp_path: Path, content: str, words: str) -> None:
    file = tmp_path / "x.toml"
    file.write_text(f'title = "x"\n{content}\n', encoding="utf-8")
    code, _, errors = run("scenario", "demo", str(file))
    assert code == 2
    assert words in sentence(errors)


def test_files_that_cannot_be_read_or_written(run: Run, later: str, tmp_path: Path) -> None:
    for words, told in (
        ((str(tmp_path / "none.toml"),), "no scenario file"),
        ((str(tmp_path),), "can't be read"),
        ((later, "--out", later), "is a file"),
        ((later, "--out", str(tmp_path / "no" / "folder")), "There is no folder"),
        ((later, "--measure", "joy"), "A measure is one of"),
        ((later, "--areas", "moon"), "Areas are one of place"),
        ((later, "--class", "joy"), "There is no class of places"),
        ((later, "--within", "20"), "--class NAME"),
        ((later, "--window", "07:00-08:00"), "--class NAME"),
    ):
        code, _, errors = run("scenario", "demo", *words)
        assert code == 2
        assert told in sentence(errors)
