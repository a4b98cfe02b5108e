"""Scores on the command line: recomputed by hand from what is printed, with their trips, and refused in a sentence."""

# ruff: noqa: F811  the fixture `run` comes from test_cli

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from commands.scores import _areas_of
from tests.test_cli import HOME, Run, run, sentence  # noqa: F401

ROOT = Path(__file__).parents[1]
OTHER = "40.3614019,-113.4312698"
MORE_NEEDS = """
profile = "bicycle"
medications = ["methadone"]
childcare = true
curfew = "21:30"
shifts = [{ days = ["monday", "tuesday"], start = "09:00", end = "17:00" }]
"""


def f(minutes: float, by: dict[str, float]) -> float:
    """Return g(0)/g(t) of docs/score.md, 0 beyond the limit."""

    def g(t: float) -> float:
        return 1 + math.exp((t - by["half_way_minutes"]) * math.pi / (by["sd_minutes"] * math.sqrt(3)))

    return g(0) / g(minutes) if minutes <= by["limit_minutes"] else 0.0


def recomputed(printed: dict[str, Any]) -> float:
    """Return the total, by the steps of docs/score.md from the printed explanation alone."""
    rules, sums = printed["rules"], {}
    missed, choice = dict.fromkeys(printed["meetings"]["coverage"], 1.0), 0.0
    for session in printed["meetings"]["sessions"]:
        worth = f(
            (session["minutes_there"] + session["minutes_back"]) / 2, rules["half_ways"]["meetings"][session["mode"]]
        )
        missed[session["day"]] *= 1 - worth
        choice += worth
    share, a_ref = rules["meetings"]["coverage_share"], rules["meetings"]["a_ref"]
    covered = sum(1 - one for one in missed.values())
    meetings = share * covered / 7 + (1 - share) * (1 - math.exp(-choice / a_ref))
    for row in printed["classes"]:
        if row["status"] not in ("scored", "unreachable"):
            continue
        if row["name"] == "meetings":
            s = meetings
        elif row["name"] == "own_home":
            s = row["access"]
        else:
            access = sum(one["weight"] * one["decay"] for one in row["most_valuable"]) + row["elsewhere"]
            s = 1 - math.exp(-access / row["a_ref"])
        both = sums.setdefault(row["dimension"], [0.0, 0.0])
        both[0] += row["weight"] * s
        both[1] += row["weight"]
    logs = whole = 0.0
    for dimension, (points, weight) in sums.items():
        importance = rules["dimension_weights"][dimension]
        logs += importance * math.log(max(100 * points / weight, rules["floor"]))
        whole += importance
    return math.exp(logs / whole)


def other_numbers(folder: Path) -> Path:
    """Return a parameters file of one's own: other weights, a floor, and half-ways by way of traveling."""
    text = (ROOT / "data" / "scoring" / "default.toml").read_text(encoding="utf-8")
    own = text.replace("health = 1.0, home = 1.0", "health = 2.0, home = 0.5").replace("floor = 1.0", "floor = 5.0")
    own = own.replace("coverage_share = 0.75", "coverage_share = 0.5")
    own = own.replace("half_way_minutes = 20", "half_way_minutes = { walk = 12, bike = 15, drive = 18, transit = 24 }")
    assert own.count("walk = 12") > 3
    path = folder / "own.toml"
    path.write_text(own.replace('name = "default"', 'name = "own"'), encoding="utf-8")
    return path


@pytest.mark.parametrize("case", ["default", "needs", "parameters", "residence"])
def test_a_score_is_recomputed_from_what_is_printed(run: Run, tmp_path: Path, case: str) -> None:
    words = ["score", "demo", "--at", HOME, "--json"]
    if case == "needs":
        (tmp_path / "needs.toml").write_text(MORE_NEEDS, encoding="utf-8")
        words += ["--needs", str(tmp_path / "needs.toml")]
    if case == "parameters":
        words += ["--parameters", str(other_numbers(tmp_path))]
    if case == "residence":
        words += ["--residence", a_residence()]
    code, output, _ = run(*words)
    printed = json.loads(output)
    assert code == 0
    assert recomputed(printed) == pytest.approx(printed["total"], abs=1e-6)
    assert (case == "residence") == any(row["name"] == "own_home" for row in printed["classes"])
    assert (case == "residence") == (printed["confidence"]["bed"] is not None)
    for row in printed["classes"]:
        for one in row.get("most_valuable", ()):
            assert one["value"] == pytest.approx(one["weight"] * one["decay"], abs=2e-9)
            assert 0 < one["decay"] <= 1
    for session in printed["meetings"]["sessions"]:
        by = printed["rules"]["half_ways"]["meetings"][session["mode"]]
        assert session["decay"] == pytest.approx(f(session["minutes"], by), abs=2e-8)


def a_residence() -> str:
    from sources.region import open_region

    table = open_region("demo").resources
    houses = table[(table["category"] == "recovery_residence") & table["lon"].notna()]
    return str(houses["resource_id"].iloc[0])


def test_journeys_are_printed_on_request(run: Run) -> None:
    printed = json.loads(run("score", "demo", "--at", HOME, "--json", "--journeys")[1])
    rows = [one for row in printed["classes"] for one in row.get("nearest", ())]
    assert len(rows) > 10
    sessions = [one for one in printed["meetings"]["sessions"] if "journey" in one]
    assert {one["day"] for one in sessions} == {one["day"] for one in printed["meetings"]["sessions"]}
    for one in [*rows, *sessions]:
        assert one["journey"]["there"]["lines"][-1].endswith("there")
    assert any("bus" in line for one in rows for line in one["journey"]["there"]["lines"])
    for one in sessions:
        assert one["journey"]["back"]["lines"]
    assert "journey" not in json.loads(run("score", "demo", "--at", HOME, "--json")[1])["meetings"]["sessions"][0]
    text = run("score", "demo", "--at", HOME, "--journeys")[1]
    assert "  there, " in text
    assert "  back, " in text


def test_homes_are_compared_with_minutes_to_own_places(run: Run, tmp_path: Path) -> None:
    needs = tmp_path / "needs.toml"
    needs.write_text('[[saved_places]]\nname = "court"\nlat = 40.3607\nlon = -113.41\n', encoding="utf-8")
    words = ("compare", "demo", "--at", HOME, "--at", OTHER, "--needs", str(needs))
    compared = json.loads(run(*words, "--json")[1])
    assert sorted(home["id"] for home in compared) == sorted([HOME, OTHER])
    for home in compared:
        (court,) = home["places"]
        assert (court["name"], court["kind"]) == ("court", "saved")
        assert 1 < court["minutes"] < 60
    code, output, _ = run(*words)
    assert code == 0
    assert "court (min)" in output
    assert HOME in output


def test_listed_residences_rank_as_far_as_a_bed_is_likely(run: Run, tmp_path: Path) -> None:
    from geo.needs.free_beds import free_beds
    from geo.score.parameters import load_parameters
    from sources.region import open_region

    region = open_region("demo")
    houses = region.resources[(region.resources["category"] == "recovery_residence") & region.resources["lon"].notna()]
    chances = free_beds(houses, load_parameters().free_beds, region.facts.service_date)["bed_chance"]
    by_id = dict(zip(houses["resource_id"], chances, strict=True))
    file = tmp_path / "homes.csv"
    houses.rename(columns={"resource_id": "id"})[["id", "lat", "lon"]].to_csv(file, index=False)
    compared = json.loads(run("compare", "demo", "--at", str(file), "--json")[1])
    assert {home["id"] for home in compared} == set(by_id)
    assert all(home["confidence"]["bed"] is not None for home in compared)
    worths = [by_id[home["id"]] * home["total"] for home in compared]
    assert worths == sorted(worths, reverse=True)
    totals = [home["total"] for home in compared]
    assert totals != sorted(totals, reverse=True), "the words on beds matter here"


def test_a_home_in_an_area_to_stay_away_from_says_so_in_every_command(run: Run, tmp_path: Path) -> None:
    lat, lon = HOME.split(",")
    needs = tmp_path / "needs.toml"
    needs.write_text(f"stay_away = [{{ lat = {lat}, lon = {lon}, meters = 150 }}]\n", encoding="utf-8")
    asked = ("demo", "--at", HOME, "--needs", str(needs))
    told = {command: "".join(run(command, *asked)[1:]) for command in ("score", "compare", "plan")}
    assert "Lies in an area to stay away from." in told["score"]
    assert f"{HOME}: Lies in an area to stay away from." in " ".join(told["compare"].split())
    assert "This home lies in an area to stay away from." in told["plan"]
    elsewhere = "".join(run("compare", "demo", "--at", OTHER, "--needs", str(needs))[1:])
    assert "stay away" not in elsewhere


def test_what_cant_be_met_is_told_in_the_readers_hours(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECOVERY_REACH_HABITS", "24h,km")
    needs = tmp_path / "needs.toml"
    night = 'shifts = [{ days = ["monday"], start = "22:00", end = "06:00", overnight = true }]\n'
    needs.write_text('curfew = "21:00"\nmeetings_per_week = 0\n' + night, encoding="utf-8")
    told = "".join(run("plan", "demo", "--at", HOME, "--needs", str(needs))[1:])
    assert "Can't be met: work, Monday 22:00 – 06:00" in told
    assert " AM" not in told
    assert " PM" not in told


Change = Callable[[str], str]


def replaced(old: str, new: str) -> Change:
    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return change


@pytest.mark.parametrize("command", ["score", "compare", "plan"])
def test_what_the_curfew_forbids_is_said_at_once_with_what_mends_it(run: Run, tmp_path: Path, command: str) -> None:
    night = '[[shifts]]\ndays = ["monday", "tuesday"]\nstart = "22:00"\nend = "06:00"\novernight = true\n'
    path, said = tmp_path / "needs.toml", []
    for curfew in ('curfew = "23:00"\n', 'curfew = { every_day = "23:00", except = ["work"] }\n'):
        path.write_text(curfew + night, encoding="utf-8")
        code, output, errors = run(command, "demo", "--at", HOME, "--needs", str(path))
        assert code == 0
        assert output
        said.append(errors)
    told = "work (Monday and Tuesday, 10:00 PM–6:00 AM)"
    assert f"The curfew of 11:00 PM leaves no room for {told}. An exception from it would." in said[0]
    assert "curfew" not in said[1]


@pytest.mark.parametrize(
    ("needs", "change", "place", "words"),
    [
        ("", replaced("weight = 4.0", "weight = -4.0"), HOME, "meetings: weight must be a number from 0"),
        ("", replaced("weights = { health = 1.0", "weights = { health = -1.0"), HOME, "health must be a number from 0"),
        ("", replaced('categories = ["pharmacy"]', 'categories = ["casino"]'), HOME, "categories must be a list of"),
        ("", replaced('name = "pharmacy"', 'nmae = "pharmacy"'), HOME, "lacks the key 'name'"),
        ("", replaced('dimension = "home"', 'dimension = "wealth"'), HOME, "dimension must be one of health"),
        ("wegihts = 3", None, HOME, "unknown key 'wegihts'"),
        ('medications = ["aspirin"]', None, HOME, "medications"),
        ('[[shifts]]\ndays = ["monday"]\nstart = "17:00"\nend = "09:00"', None, HOME, "ends (09:00) before it starts"),
        ('curfew = "05:00"', None, HOME, "before every meeting"),
        ('curfew = "25:00"', None, HOME, "clock time"),
        ("max_walk_minutes = -5", None, HOME, "max_walk_minutes"),
        ("", None, "39.0,-84.5", "over 1 km from any street"),
        ("", None, "91,0", "not a place on Earth"),
        ("", None, "40.3602614,-113.4388788", "lies in water (Osprenna River)"),
    ],
)
@pytest.mark.parametrize("command", ["score", "compare"])
def test_what_cant_be_scored_is_one_sentence(
    run: Run,
    tmp_path: Path,
    command: str,
    needs: str,
    change: Change | None,
    place: str,
    words: str,
) -> None:
    asked = [command, "demo", "--at", place]
    if needs:
        (tmp_path / "needs.toml").write_text(needs, encoding="utf-8")
        asked += ["--needs", str(tmp_path / "needs.toml")]
    if change is not None:
        text = (ROOT / "data" / "scoring" / "default.toml").read_text(encoding="utf-8")
        (tmp_path / "own.toml").write_text(change(text), encoding="utf-8")
        asked += ["--parameters", str(tmp_path / "own.toml")]
    code, output, errors = run(*asked)
    assert (code, output) == (2, "")
    assert words in sentence(errors)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (("score", "--residence", "nothing:1"), "no recovery residence"),
        (("score", "--residence", "x", "--at", OTHER), "give it with one --at"),
        (("score", "--date", "2031-01-01"), "2031-01-01"),
        (("score", "--profile", "rocket"), "profile"),
        (("score", "--parameters", "nonesuch.toml"), "no scoring file"),
        (("score", "--needs", "nonesuch.toml"), "no needs file"),
        (("plan", "--date", "2031-01-01"), "2031-01-01"),
    ],
)
def test_options_that_cant_be_meant_are_one_sentence(run: Run, asked: tuple[str, ...], words: str) -> None:
    command, *rest = asked
    code, output, errors = run(command, "demo", "--at", HOME, *rest)
    assert (code, output) == (2, "")
    assert words in sentence(errors)


def test_areas_of_several_profiles_count_once() -> None:
    nan = float("nan")
    one = pd.DataFrame({"id": ["a", "b", "far"], "status": ["scored", "scored", "outside"], "total": [40.0, nan, nan]})
    told = {"cells": 3, "scored": 2, "with_total": 1}
    assert _areas_of(one) == _areas_of(pd.concat([one] * 4)) == told
