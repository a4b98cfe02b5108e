"""`docs/funder.md` says what its commands print, and what of it the page doesn't ask."""

import datetime
import json
import re
import tomllib
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from geo.needs.toml_writer import needs_document
from geo.scenarios.changes import Scenario
from geo.scenarios.what_if import WhatIf
from geo.siting.question import Question
from screens.funder import questions, scenario_work, site_work
from screens.funder.site_fields import SiteQuestion
from screens.shared.uploads import Upload
from tests.command_line import called
from tests.test_cli import Run, run

__all__ = ["run"]

DOCUMENT = (Path(__file__).parents[1] / "docs" / "funder.md").read_text(encoding="utf-8")


def block(kind: str, holding: str) -> str:
    """Return the only block of a language that holds some text."""
    (only,) = [text for text in re.findall(rf"```{kind}\n(.*?)```", DOCUMENT, re.DOTALL) if holding in text]
    return str(only)


def test_five_houses_for_women_with_children(run: Run, tmp_path: Path) -> None:
    (tmp_path / "women.toml").write_text(block("toml", "with_children"), encoding="utf-8")
    command = block("sh", "--k 5").split()[1:-2]  # without --out
    command[command.index("women.toml")] = str(tmp_path / "women.toml")
    code, output, errors = run(*command, "--json")
    assert code == 0, errors
    answer = json.loads(output)
    rows = re.findall(r"^\| (\d) \| ([\d,]+) \| the best \|$", DOCUMENT, re.MULTILINE)
    assert [(row["sites"], row["exact"]) for row in answer["curve"]] == [(int(sites), True) for sites, _ in rows]
    assert [round(row["people_newly"]) for row in answer["curve"]] == [
        int(people.replace(",", "")) for _, people in rows
    ]
    places = answer["curve"][-1]["places"]
    for name in ("266 Copper Road", "158 Osier Lane"):
        assert sum(name in str(place) for place in places) == 1
        assert name in DOCUMENT


def test_one_more_methadone_program(
    shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """On the region as `docs/northern-kentucky.md` builds it."""
    monkeypatch.setenv("RECOVERY_REACH_HOME", str(tmp_path))
    data = shared / "regions" / "nky"
    files = {
        "--osm": "streets.osm.pbf",
        "--gtfs": "TANK-GTFS.zip",
        "--resources": "resources",
        "--zones": "people_grid.csv",
    }
    made_of = [word for option, name in files.items() for word in (option, str(data / name))]
    build = ("region", "build", "nky", "--yes", "--title", "Northern Kentucky", "--date", "2020-07-20")
    assert called((*build, *made_of), monkeypatch, capsys)[0] == 0
    command = block("sh", "site nky").split()[1:]
    code, output, errors = called(command, monkeypatch, capsys)
    assert code == 0, errors
    newly, place = re.findall(
        r"1 site: people newly in reach ([\d,]+) \(the best\).*?1\. (12 East 5th Street)", output, re.S
    )[0]
    assert newly in DOCUMENT
    assert place in DOCUMENT
    for figure in ("201,509", "26,358", "22,428", "97 candidates", "33 off streets"):
        assert figure in output
        assert figure.split()[0] in DOCUMENT


def test_what_the_page_does_not_ask_is_said() -> None:
    """By the commands that the page prints with every field used, and the needs of which it makes them."""
    date, upload = datetime.date(2026, 1, 7), Upload("a.csv", b"")
    whom = [questions.needs_of("no-car", medication) for medication in questions.MEDICATIONS]
    sited = SiteQuestion(Question("pharmacy", 5, capacity=1.0, cost=1.0, budget=1.0), "file", upload, upload, ("a",))
    site = site_work.command("demo", site_work.SiteAnswer("", sited, whom[1], date, cast("Any", None), ()))
    changed = scenario_work.ScenarioQuestion(
        (Scenario("a", ()), Scenario("b", ())),
        (Scenario("c", ()),),
        ("a", "b", "c"),
        WhatIf("total", "pharmacy"),
        "zip",
    )
    answer = cast("Any", SimpleNamespace(needs=whom[1], date=date, feed=True))
    scenario = scenario_work.command("demo", scenario_work.ScenarioAnswer("", changed, answer))
    asked = {word for text in (site, scenario) for word in text.split() if word.startswith("--")}
    told = " ".join(re.findall(r"```sh\n(.*?)```", DOCUMENT, re.DOTALL))
    needed = set(tomllib.loads(block("toml", "with_children")))
    assert not {"gender", "with_children"} & {key for needs in whom for key in needs_document(needs)}
    missing = (set(re.findall(r"--[a-z]+", told)) - asked) | needed
    (sentence,) = re.findall(r"Two things below the page doesn't ask:(.*?)\n\n", DOCUMENT, re.DOTALL)
    assert set(re.findall(r"`(.+?)`", sentence)) == missing
