"""The command line as a user meets it: answers, files, and one sentence for what can't be used."""

import json
import re
import shlex
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import geopandas
import pandas as pd
import pytest

import geo.score.surface
import sources.region.surface_store
from sources.region import list_regions
from tests.command_line import called

ROOT = Path(__file__).parents[1]
HOME = "40.3593044,-113.4263479"

AT_HOME = ["opportunities", "demo", "--from", HOME, "--to", HOME]

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(demo_region: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs `recovery-reach` with words and gives exit code, output and errors."""
    return lambda *words: called(words, monkeypatch, capsys)


def sentence(errors: str) -> str:
    """Return what was said, if it is one plain sentence."""
    lines = [line for line in errors.splitlines() if line.strip()]
    assert len(lines) == 1, errors
    assert lines[0].startswith("recovery-reach: ")
    assert "Traceback" not in errors
    return lines[0]


def test_score_as_json_has_what_the_architecture_promises(run: Run) -> None:
    code, output, _ = run("score", "demo", "--at", HOME, "--json")
    score = json.loads(output)
    assert code == 0
    assert 1 <= score["total"] <= 100
    assert set(score["dimensions"]) == {"health", "home", "purpose", "community"}
    assert 0 <= score["meetings"]["days_covered"] <= 7
    for key in ("classes", "limits", "sensitivity", "confidence", "parameters_hash", "region_hash"):
        assert key in score


def test_a_car_never_lowers_the_score(run: Run) -> None:
    totals = [
        json.loads(run("score", "demo", "--at", HOME, "--profile", profile, "--json")[1])["total"]
        for profile in ("no-car", "bicycle", "car")
    ]
    assert totals[0] <= totals[1]
    assert totals[0] <= totals[2]


def test_a_week_is_planned(run: Run, tmp_path: Path) -> None:
    needs = tmp_path / "needs.toml"
    needs.write_text('curfew = "22:00"\nmeetings_per_week = 3\n', encoding="utf-8")
    code, output, _ = run("plan", "demo", "--at", HOME, "--needs", str(needs), "--json")
    assert code == 0
    stops = [stop for day in json.loads(output)["days"] for stop in day["stops"]]
    assert sum(stop["kind"] == "meeting" for stop in stops) >= 3
    code, output, _ = run("plan", "demo", "--at", HOME, "--needs", str(needs))
    assert code == 0
    assert "Monday" in output


def test_compare_ranks_homes(run: Run) -> None:
    code, output, _ = run("compare", "demo", "--at", HOME, "--at", "40.3614019,-113.4312698", "--json")
    totals = [home["total"] for home in json.loads(output)]
    assert code == 0
    assert len(totals) == 2
    assert totals == sorted(totals, reverse=True)


def test_compare_says_that_most_houses_serve_one_gender_until_one_is_chosen(run: Run, tmp_path: Path) -> None:
    needs = tmp_path / "needs.toml"
    needs.write_text('gender = "women"\n', encoding="utf-8")
    _, _, stderr = run("compare", "demo", "--at", HOME)
    assert "serve one gender" in stderr
    _, _, stderr = run("compare", "demo", "--at", HOME, "--needs", str(needs))
    assert "serve one gender" not in stderr


def test_minutes_by_car_depend_on_the_hour_and_say_which(run: Run, tmp_path: Path) -> None:
    """Weekdays: 2 h is night, 10 h day, 8 h the rush; what is asked for takes effect, and stands beside each figure."""
    there = "40.3143,-113.4327"
    words = ("demo", "--from", HOME, "--to", there, "--mode", "drive", "--json")
    asked = [("--window", "02:00-03:00"), ("--window", "10:00-11:00"), ("--window", "08:00-09:00"), ()]
    asked += [("--arrive-by", "02:30"), ("--arrive-by", "10:30"), ("--arrive-by", "08:30")]
    rows = [json.loads(run("times", *words, *when)[1])[0] for when in asked]
    night, day, rush, usual, *by = (row["minutes"] for row in rows)
    assert night < day < rush == usual
    assert by == pytest.approx([night, day, rush], abs=0.02)
    assert [row["traffic"] for row in rows] == [
        "Wednesday 02:00-03:00, night", "Wednesday 10:00-11:00, day", "Wednesday 08:00-09:00, rush",
        "Wednesday 07:00-09:00, rush", "Wednesday by 02:30, night", "Wednesday by 10:30, day",
        "Wednesday by 08:30, rush",
    ]  # fmt: skip
    assert "By car: Wednesday 02:00-03:00, night traffic." in run("times", *words, *asked[0])[2]
    areas = json.loads(run("isochrones", "demo", "--from", HOME, "--mode", "drive", "--minutes", "5", "--json")[1])
    assert areas["features"][0]["properties"]["traffic"] == "Wednesday 07:00-09:00, rush"
    walked = json.loads(run("times", "demo", "--from", HOME, "--to", HOME, "--mode", "walk", "--json")[1])
    assert "traffic" not in walked[0], "nobody on foot waits for traffic"
    score = json.loads(run("score", "demo", "--at", HOME, "--profile", "car", "--json")[1])
    near = [place for row in score["classes"] for place in row.get("nearest", ()) if place["mode"] == "drive"]
    assert near
    assert all({"day", "at", "traffic"} <= set(place) for place in near)
    needs = tmp_path / "needs.toml"
    saved = '[[saved_places]]\nname = "Mill"\nlat = 40.3143\nlon = -113.4327\n'
    needs.write_text(f'profile = "car"\n{saved}', encoding="utf-8")
    homes = json.loads(run("compare", "demo", "--at", HOME, "--needs", str(needs), "--json")[1])
    assert homes[0]["places"][0]["traffic"] == "Wednesday 08:00-09:00, rush"
    assert "by car, Wednesday 08:00-09:00, rush" in run("compare", "demo", "--at", HOME, "--needs", str(needs))[1]


def test_times_opportunities_and_isochrones_agree(run: Run, tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text(
        "id,lat,lon,people\nhere,40.3593,-113.4263,5\nnear,40.3614,-113.4313,7\nfar,40.30,-113.60,11\n",
        encoding="utf-8",
    )
    code, output, _ = run("times", "demo", "--from", HOME, "--to", str(people), "--mode", "walk", "--json")
    minutes = {row["destination_id"]: row["minutes"] for row in json.loads(output)}
    assert code == 0
    assert "far" not in minutes
    assert minutes["here"] < minutes["near"] < 20
    assert minutes["near"] == round(minutes["near"], 3), "no noise behind the digits that are known"
    words = ("--from", HOME, "--to", str(people), "--weight", "people", "--mode", "walk", "--json")
    _, output, _ = run("opportunities", "demo", *words, "--cutoff", str(minutes["near"] + 0.01))
    (reached,) = json.loads(output)
    assert reached["people"] == 12
    assert (reached["lat"], reached["lon"]) == tuple(map(float, HOME.split(",")))
    areas = tmp_path / "walk.geojson"
    code, _, _ = run("isochrones", "demo", "--from", HOME, "--minutes", "5,20,5", "--out", str(areas))
    assert code == 0
    features = json.loads(areas.read_text(encoding="utf-8"))["features"]
    assert sorted(feature["properties"]["minutes"] for feature in features) == [5, 20]


def test_more_is_reached_in_the_day_than_late_at_night(run: Run, tmp_path: Path) -> None:
    from sources.region import open_region

    zones = open_region("demo").zones[["zone_id", "lat", "lon", "population"]].rename(columns={"zone_id": "id"})
    zones.to_csv(tmp_path / "people.csv", index=False)
    reached = []
    for window in ("12:00-13:00", "26:00-27:00"):
        words = ("--from", HOME, "--to", str(tmp_path / "people.csv"), "--weight", "population", "--cutoff", "45")
        _, output, _ = run("opportunities", "demo", *words, "--window", window, "--json")
        reached.append(json.loads(output)[0]["population"])
    assert reached[0] > reached[1] > 0
    code, _, stderr = run("opportunities", "demo", *words, "--arrive-by", "26:00")
    assert code == 0
    assert "until the time to be there" in stderr  # and that a score, which leaves at whole minutes, may say more


def test_results_are_written_as_csv_and_parquet(run: Run, tmp_path: Path) -> None:
    for ending in ("csv", "parquet"):
        out = tmp_path / f"times.{ending}"
        assert (
            run("times", "demo", "--from", HOME, "--to", "40.3614,-113.4313", "--mode", "bike", "--out", str(out))[0]
            == 0
        )
    table = pd.read_csv(tmp_path / "times.csv")
    assert list(table.columns) == list(pd.read_parquet(tmp_path / "times.parquet").columns)
    assert table["minutes"].iloc[0] > 0


def test_areas_and_points_go_out_and_come_in_as_geoparquet(run: Run, tmp_path: Path) -> None:
    """An area's file serves as places (a point within each); a place off the streets is said, and has no area."""
    import geopandas as gpd

    areas, people, sums = (tmp_path / name for name in ("areas.parquet", "people.csv", "sums.parquet"))
    far = ["--from", "40.30,-113.90"]
    code, _, errors = run("isochrones", "demo", "--from", HOME, *far, "--minutes", "10", "--out", str(areas))
    assert code == 0
    assert "1 of 2 origins lie over 1 km" in errors
    table = gpd.read_parquet(areas)
    assert (len(table), table.crs.to_epsg()) == (1, 4326)
    run("isochrones", "demo", "--from", HOME, "--minutes", "10", "--out", str(areas.with_suffix(".csv")))
    as_text = gpd.GeoSeries.from_wkt(pd.read_csv(areas.with_suffix(".csv"))["geometry"])
    assert as_text.iloc[0].symmetric_difference(table.geometry.iloc[0]).area < 5e-9
    people.write_text("id,lat,lon,people\nhere,40.3593,-113.4263,5\nfar,40.30,-113.90,11\n", "utf-8")
    words = ("--to", str(people), "--weight", "people", "--cutoff", "30", "--mode", "walk")
    code, _, errors = run("opportunities", "demo", "--from", str(areas), *words, "--out", str(sums))
    assert code == 0
    assert "1 of 2 destinations" in errors
    written = gpd.read_parquet(sums)
    assert written["people"].tolist() == [5]
    assert written.geometry.x.tolist() == written["lon"].tolist()
    code, output, _ = run("opportunities", "demo", "--from", str(sums), *words, "--json")
    assert json.loads(output)[0]["people"] == 5
    code, _, errors = run("opportunities", "demo", "--from", HOME, *words[:3], "lat", *words[4:])
    assert (code, "'lat', which the answer has of its own" in errors) == (2, True)


def test_several_percentiles_and_cutoffs(run: Run, tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text("lat,lon,people\n40.3593,-113.4263,5\n40.3614,-113.4313,7\n40.38,-113.45,2\n", "utf-8")
    words = ("--from", HOME, "--to", str(people), "--weight", "people", "--window", "12:00-12:30")
    several = ("--percentile", "5", "--percentile", "95", "--cutoff", "10", "--cutoff", "40")
    _, output, _ = run("opportunities", "demo", *words, *several, "--json")
    rows = json.loads(output)
    assert [(row["cutoff_minutes"], row["percentile"]) for row in rows] == [(10, 5), (10, 95), (40, 5), (40, 95)]
    sums = [row["people"] for row in rows]
    assert sums[0] >= sums[1]
    assert sums[2] >= sums[3] >= sums[1]
    _, output, _ = run("opportunities", "demo", *words, "--cutoff", "40", "--json")
    (median,) = json.loads(output)
    assert "percentile" not in median
    assert sums[2] >= median["people"] >= sums[3]


def test_from_a_place_to_itself_and_of_options_that_change_times(run: Run) -> None:
    def minutes(*words: str) -> float:
        _, output, _ = run("times", "demo", "--from", HOME, "--to", "40.38,-113.45", *words, "--json")
        return json.loads(output)[0]["minutes"] if json.loads(output) else float("inf")

    _, output, _ = run("times", "demo", "--from", HOME, "--to", HOME, "--json")
    assert json.loads(output)[0]["minutes"] == 0
    assert minutes("--mode", "walk", "--walk-kph", "6") < minutes("--mode", "walk")
    assert minutes("--window", "12:00-12:30", "--max-walk", "1") == float("inf")
    assert minutes("--window", "12:00-12:30", "--rides", "1") >= minutes("--window", "12:00-12:30")
    _, output, _ = run("times", "demo", "--from", HOME, "--to", "40.38,-113.45", "--mode", "walk")
    assert "percentile" not in output, "a column without values is not shown"
    _, _, errors = run("times", "demo", "--from", HOME, "--to", "40.38,-113.45", "--mode", "walk", "--max-minutes", "1")
    assert "None of the places is reached within 1 minutes." in errors


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["score", "nowhere", "--at", HOME], "nowhere"),
        (["score", "demo", "--at", "51.5,-0.12"], "another region"),
        (["score", "demo", "--at", "Zzyzx Boulevard & Qqq"], "another spelling"),
        (["score", "demo", "--at", HOME, "--date", "2019-01-01"], "2026"),
        (["score", "demo", "--at", HOME, "--date", "tomorrow"], "2026-11-23"),
        (["score", "demo", "--at", HOME, "--profile", "helicopter"], "profile"),
        (["score", "demo", "--at", HOME, "--needs", "missing.toml"], "no needs file"),
        (["times", "demo", "--from", HOME, "--to", "missing.csv"], "missing.csv"),
        (["times", "demo", "--from", HOME, "--to", HOME, "--mode", "swim"], "swim"),
        (["times", "demo", "--from", HOME, "--to", HOME, "--window", "9-7"], "window"),
        (["times", "demo", "--from", HOME, "--to", HOME, "--arrive-by", "30:01"], "up to 30:00"),
        (["isochrones", "demo", "--from", HOME, "--percentile", "5", "--percentile", "95"], "once"),
        (["times", "demo", "--from", HOME, "--to", HOME, "--date", "2031-01-01"], "2026"),
        (["times", "demo", "--from", HOME, "--to", HOME, "--within", "20"], "--nearest-by"),
        (["times", "demo", "--from", HOME, "--to", HOME, "--nearest-by", "grid", "--within", "-1"], "from 0"),
        (["times", "demo", "--from", HOME, "--to", HOME, "--nearest-by", "grid", "--within", "61"], "--max-minutes"),
        ([*AT_HOME, "--weight", "people", "--cutoff", "9"], "as a table"),
        ([*AT_HOME, "--weight", "people", "--cutoff", "-60"], "cutoff"),
        (["isochrones", "demo", "--from", HOME, "--minutes", "-5"], "between 0 and 240"),
        (["isochrones", "demo", "--from", HOME, "--out", "areas.shp"], ".geojson, .json, .parquet or .csv"),
        (["isochrones", "demo", "--from", "45,10"], "over 1 km"),
        (["times", "demo", "--from", HOME, "--to", HOME, "--out", "t.xlsx"], ".csv or .parquet"),
        (["times", "demo", "--from", HOME, "--to", HOME, "--rides", "0"], "rides"),
        (["times", "demo", "--from", HOME, "--to", HOME, "--max-walk", "-1"], "max_walk_minutes"),
        (["region", "build", "new", "--osm", "missing.osm.pbf"], "missing.osm.pbf"),
        (["region", "build", "../escape", "--osm", "x"], "name"),
        (["region", "build", "new"], "name a place, like 'Kenton County, Kentucky', for which they are fetched, or"),
        (["region", "build", "new", "--bounds", "999,1,2,3"], "no box"),
        (["region", "show", "nowhere"], "nowhere"),
        (["app", "--region", "nowhere"], "nowhere"),
        (["app", "--host", "::"], "--allowed-host"),
        (["app", "--allowed-host", "*"], "alone, like reach.example.org"),
        (["app", "--host", "192.0.2.1"], "not this machine's"),
        (["surface", "demo", "--out", "scores.xls"], ".csv or .parquet"),
        (["surface", "demo", "--out", "no-such-folder/scores.csv"], "no-such-folder"),
        (["surface", "demo", "--all", "--profile", "car"], "--all or --profile"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_can_not_be_used_is_one_sentence_and_exit_code_2(run: Run, words: list[str], says: str) -> None:
    code, output, errors = run(*words)
    assert code == 2
    assert output == ""
    assert says in sentence(errors)


def test_a_broken_needs_file_is_named_and_nothing_is_half_written(run: Run, tmp_path: Path) -> None:
    needs = tmp_path / "needs.toml"
    for text, says in (
        ("profile = ", "TOML"),
        ("color = 'red'", "color"),
        ("curfew = '25:00'", "curfew"),
        ("[[shifts]]\ndays=['monday']\nstart='17:00'\nend='09:00'", "before it starts"),
        ("walk_kph = -1", "walk_kph"),
    ):
        needs.write_text(text, encoding="utf-8")
        code, _, errors = run("score", "demo", "--at", HOME, "--needs", str(needs))
        assert code == 2
        assert says in sentence(errors)
    code, _, _ = run("surface", "demo", "--out", str(tmp_path / "x.parquet"), "--needs", str(needs))
    assert code == 2
    assert [path.name for path in tmp_path.iterdir()] == ["needs.toml"]


def test_every_command_has_help(run: Run) -> None:
    code, output, _ = run("--help")
    assert code == 0
    for name in (
        "demo",
        "app",
        "region",
        "sources",
        "times",
        "isochrones",
        "opportunities",
        "score",
        "compare",
        "surface",
        "access",
    ):
        assert re.search(rf"\b{name}\b", output)


@pytest.mark.parametrize("words", [["--help"], ["access", "--help"], ["region", "export", "--help"]])
def test_help_imports_nothing_heavy(words: list[str]) -> None:
    """What takes long to import is imported by the commands that use it."""
    heavy = (
        "osmnx networkx pandas geopandas numpy numba scipy shapely pyproj osmium matplotlib folium streamlit requests"
    )
    code = f"""
import sys
import cli
sys.argv = ["recovery-reach", *{words!r}]
try:
    cli.main()
except SystemExit:
    pass
print("heavy:", *sorted(set(sys.modules) & set("{heavy}".split())))
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "heavy:"


def test_help_names_every_way_of_getting_around(run: Run) -> None:
    from geo.needs.fields import NEEDS

    _, shown, _ = run("score", "--help")
    for word in next(need.allowed for need in NEEDS if need.name == "profile"):
        assert word in shown


def test_the_readme_commands_run(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    every = geo.score.surface.populated_cells
    monkeypatch.setattr(
        geo.score.surface, "populated_cells", lambda zones: every(zones).iloc[::400]
    )  # all take minutes
    monkeypatch.chdir(tmp_path)
    (tmp_path / "homes.csv").write_text("id,lat,lon\na,40.3614,-113.4313\n", encoding="utf-8")
    (tmp_path / "people.csv").write_text("lat,lon,people\n40.3614,-113.4313,7\n", encoding="utf-8")
    (tmp_path / "needs.toml").write_text('profile = "bicycle"\ncurfew = "22:00"\n', encoding="utf-8")
    later = 'title = "Later"\n[[route.later]]\nroute = "1"\nuntil = "23:30"\n'
    (tmp_path / "later.toml").write_text(later, encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8").replace("\\\n", " ")
    commands = re.findall(r"^recovery-reach (\w+ demo .*)$", readme, re.MULTILINE)
    assert len(commands) >= 6
    for command in commands:
        code, _, errors = run(*shlex.split(command))
        assert code == 0, (command, errors)
    assert geopandas.read_parquet("surface.parquet").geometry.notna().all()
    sources.region.surface_store.forget_surfaces("demo")  # of these few areas, which no other test should find


def test_the_readme_names_only_options_and_sources_that_exist(run: Run) -> None:
    from sources.registry import SOURCES

    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    help_texts = [run("region", name, "--help")[1] for name in ("build", "update")]
    options = re.findall(r"`(--\w+)`", readme.split("## Your own county")[1].split("## Commands")[0])
    assert len(options) >= 8
    for option in options:
        assert any(option in text for text in help_texts)
    named = {source.name for source in SOURCES} | {"pharmacy"}
    assert set(re.findall(r"--resources (\w+)=", readme)) <= named


def test_a_port_that_is_taken_is_said_before_the_demo_is_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RECOVERY_REACH_HOME", str(tmp_path))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, _, errors = called(("demo", "--port", str(port)), monkeypatch, capsys)
    assert code == 2
    assert f"Port {port}" in sentence(errors)
    assert list_regions() == []
