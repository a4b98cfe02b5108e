"""From a county's name to its region, through the command line, against a server that is the whole county."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sources import fetching
from sources.cleaning import states
from sources.region import open_region
from sources.web.http import Policy
from tests.command_line import called
from tests.sources import small_county
from tests.sources.replay import Reply, json_reply, replaying
from tests.sources.small_county import FIPS, HOME, POLICY, PRIVATE_WORD, County, dress, place, tagged

NAME = "Tallowmere County"
PARTS = {"findtreatment", "hrsa", "nppes", "bmlt", "meeting_guide", "osm"}


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "default_policy", lambda: POLICY)
    monkeypatch.setitem(states.STATES, "99", small_county.STATE)
    monkeypatch.setattr(small_county, "PLACES", {})
    for name in ("OFFLINE", "CAREERONESTOP_USER", "CAREERONESTOP_TOKEN", "CENSUS_KEY"):
        monkeypatch.delenv(f"RECOVERY_REACH_{name}", raising=False)


@pytest.fixture
def county(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[County]:
    monkeypatch.setenv("RECOVERY_REACH_HOME", str(tmp_path / "home"))
    with replaying() as replay:
        yield dress(replay, tmp_path / "home")


Told = tuple[int, Any, str]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    def command(*words: str) -> Told:
        code, out, errors = called(words, monkeypatch, capsys)
        return code, json.loads(out) if "--json" in words and out else out, errors

    return command


def build(county: County, *more: str, name: str = "tiny") -> list[str]:
    feed = f"{county.replay.address}/aa/feed"
    return ["region", "build", name, NAME, "--yes", "--json", "--meetings", feed, *more]


def sources_of(name: str = "tiny") -> dict[str, dict[str, Any]]:
    return {source["label"]: dict(source) for source in open_region(name).facts.sources}


def test_the_plan_is_shown_before_anything_is_fetched(county: County, run: Any) -> None:
    code, out, error = run("region", "build", "tiny", NAME, "--plan")
    assert code == 0
    assert "Asking 127.0.0.1 where 'Tallowmere County' is" in error
    for words in (
        f"{len(small_county.timetable()) / 1e6:.1f} MB",
        "8.2 kB",
        "Open Database License",
        "https://e.org/l",
        f"Tallowmere County ({FIPS})",
    ):
        assert words in out
    for words in ("Keyed Buses: its agency gives it only with a key", "Sleeping Shuttle", "Far Coaches: long-distance"):
        assert words in out
    assert "RECOVERY_REACH_CAREERONESTOP_USER" in out
    assert "they need a free account, in RECOVERY_REACH_CENSUS_KEY" in out
    assert "Old Lines" not in out
    assert "Elsewhere" not in out
    for path in ("/overpass", "/findtreatment", "/nppes", "/bmlt", "/census", "/svi"):
        assert county.asked(path) == []
    assert not list((county.home / "cache").glob("gtfs-*"))
    code, plan, _ = run("region", "build", "tiny", NAME, "--plan", "--json")
    sizes = {step["label"]: step["bytes"] for step in plan["fetch"]}
    assert sizes["hrsa"] == 8157
    assert sizes["lodes-xx"] > 1000  # told by the year before the newest
    assert sizes["osm"] is None
    assert plan["place"]["counties"] == [{"fips": FIPS, "name": NAME}]
    assert plan["place"]["time_zone"] == "America/Denver"
    code, _, error = run("region", "build", "tiny", NAME)
    assert (code, "add --yes" in error) == (2, True)
    assert county.asked("/overpass") == []


@pytest.fixture
def typing(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Return what types at a terminal that the command line reads from."""
    keyboard, screen = os.openpty()
    with os.fdopen(screen, encoding="utf-8", closefd=True) as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        yield lambda text: os.write(keyboard, text.encode())
    os.close(keyboard)


QUESTION = "Fetch this and build the region? [Y/n]"


@pytest.mark.parametrize("typed", ["n\n", "perhaps\nNO\n", "\x04"])
def test_a_no_at_the_terminal_fetches_nothing(county: County, run: Any, typing: Any, typed: str) -> None:
    typing(typed)
    code, out, error = run("region", "build", "tiny", NAME)
    assert (code, out) == (0, "")
    assert error.index("health centers") < error.index(QUESTION)  # the plan is what is agreed to
    assert error.count(QUESTION) == 1 + typed.count("perhaps")
    assert error.endswith("Nothing was fetched.\n")
    assert county.asked("/overpass") == []
    assert not (county.home / "regions" / "tiny").exists()


def test_enter_at_the_terminal_fetches_and_builds(county: County, run: Any, typing: Any) -> None:
    typing("\n")
    code, report, error = run("region", "build", "tiny", NAME, "--json", "--without", "gtfs", "--without", "nppes")
    assert code == 0, error
    assert QUESTION in error
    assert report["region_hash"] == open_region("tiny").facts.region_hash
    assert len(county.asked("/overpass")) == 1


def test_a_county_is_built_from_its_name_and_scores_a_home(
    county: County, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECOVERY_REACH_CENSUS_KEY", small_county.CENSUS_KEY)
    code, report, error = run(*build(county))
    assert code == 0, error
    assert report["redone"] is None
    region = open_region("tiny")
    assert region.facts.title == "Tallowmere County, Nowhere"
    assert region.facts.time_zone == "America/Denver"
    box = region.facts.bounds
    assert 1 < (small_county.WEST - box.west) * 84.7 <= 2.01  # kilometers
    sources = sources_of()
    assert set(sources) >= {"osm", "tallowmere-area-transit-mdb-1", "blocks", "population", "vulnerability-xx"} | PARTS
    assert sources["acs"]["attribution"].startswith("Income")
    for source in sources.values():
        assert len(source["sha256"]) == 64
        assert source["retrieved_on"] == source["checked_on"] >= "2026"
        assert source["license"]
        assert source["asked_of"] == "127.0.0.1"
        assert source["stale"] is None
    assert sources["tallowmere-area-transit-mdb-1"]["license"] == "https://e.org/l"
    assert set(region.resources["source"]) == PARTS - {"nppes"}  # its one address is of no street here
    assert region.network.feed is not None
    # of today's timetable, not the past's
    assert region.facts.service_date.isoformat() >= sources["osm"]["retrieved_on"]
    zones = region.zones
    people = sum(max(n, 0) for block, n in small_county.residents().items() if block in set(zones["zone_id"]))
    assert zones["population"].sum() == people > 5000
    assert zones["population"].isna().sum() <= 1
    assert zones["jobs"].sum() > 1000
    assert zones["workers"].sum() > 1000
    assert set(zones["no_car_percent"]) == {12.5, 20.0}  # of a tract only where its block group has no number
    assert set(zones["poverty_percent"]) == {25.0}
    assert zones["people_black"].sum() == pytest.approx(0.3 * people)
    assert zones["uninsured_percent"].isna().all()
    assert set(zones["county_overdose_deaths"]) == {41}
    assert zones["vulnerability"].between(0.1, 0.3).all()
    for path in county.home.rglob("*"):
        secrets = (PRIVATE_WORD.encode(), small_county.CENSUS_KEY.encode())
        assert not path.is_file() or not any(one in path.read_bytes() for one in secrets)
    code, score, _ = run("score", "tiny", "--at", HOME, "--json")
    assert code == 0
    assert 20 < score["total"] < 80
    assert all(score["dimensions"][name] > 0 for name in ("health", "home", "purpose", "community"))
    assert score["meetings"]["days_covered"] > 6
    before = report["region_hash"]

    county.forget()  # the same again: asked with ETags, and nothing is made anew
    code, report, _ = run(*build(county))
    assert (code, report["redone"], report["region_hash"]) == (0, [], before)
    assert county.asked("/agency/gtfs.zip")[-1].headers["if-none-match"] == '"1"'
    assert sum("unchanged" in line for line in report["fetched"]) >= 5

    meetings = json.loads(small_county.embedded("demo", "meeting_guide.json").read_bytes())
    changed = [row | ({"name": "Renamed Group"} if row["name"] == "Friday Bridge" else {}) for row in meetings]
    county.on("/aa/feed", tagged(json_reply(json.dumps(changed)), '"2"'))  # changed
    county.on("/findtreatment/v2", Reply(status=500))  # broken
    county.on("/hrsa/sites.csv")  # gone
    county.on("/agency/gtfs.zip", Reply(b"PK not a timetable"))  # broken inside
    county.on("/bmlt/client_interface/json/", json_reply("[]"))  # emptied overnight
    code, report, _ = run(*build(county))
    assert code == 0
    assert report["redone"] == ["places of support", "who competes"]
    sources = sources_of()
    stale = {label for label, source in sources.items() if source["stale"]}
    assert stale == {"findtreatment", "hrsa", "bmlt", "tallowmere-area-transit-mdb-1"} == set(report["stale"])
    assert "500" in sources["findtreatment"]["stale"]
    assert "404" in sources["hrsa"]["stale"]
    assert "gave no row" in sources["bmlt"]["stale"]
    assert f"of {sources['hrsa']['retrieved_on']}, stays" in sources["hrsa"]["stale"]
    region = open_region("tiny")
    assert set(region.resources["source"]) == PARTS - {"nppes"}
    county.on("/aa/feed", json_reply(json.dumps(changed[:100])))  # under half of last time's
    code, report, _ = run(*build(county))
    assert (report["redone"], "100 rows where the last good copy has 420" in report["stale"]["meeting_guide"]) == (
        [],
        True,
    )


def test_offline_the_last_good_copies_build_it_again(county: County, run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECOVERY_REACH_OFFLINE", "1")
    code, _, error = run(*build(county))
    assert (code, "offline" in error, "lat,lon" in error) == (2, True, True)
    monkeypatch.delenv("RECOVERY_REACH_OFFLINE")
    code, first, _ = run(*build(county))
    monkeypatch.setenv("RECOVERY_REACH_OFFLINE", "1")
    county.forget()
    code, again, _ = run(*build(county))
    assert (code, again["redone"], again["region_hash"]) == (0, [], first["region_hash"])
    assert county.replay.asked == []
    assert set(again["stale"]) == set(sources_of())
    code, _, error = run(*build(county, "--bounds", "40.361,-113.43", "--radius-km", "1.5"))
    assert (code, "offline" in error, "--osm" in error) == (2, True, True)


def test_without_its_cache_a_region_keeps_the_files_that_it_had(county: County, run: Any) -> None:
    code, first, _ = run(*build(county))
    shutil.rmtree(county.home / "cache")
    county.on("/overpass/interpreter", Reply(status=503))
    county.on("/lodes/xx/xx_xwalk.csv.gz", Reply(status=403))
    county.on("/catalogue/feeds_v2.csv", Reply(status=500))
    code, again, error = run(*build(county))
    assert code == 0, error
    assert (again["gone"], again["redone"], again["region_hash"]) == ([], [], first["region_hash"])
    lodes = {label for label in sources_of() if label.startswith("lodes-xx.")}
    assert set(again["stale"]) == {"osm", "tallowmere-area-transit-mdb-1"} | lodes
    assert len(lodes) == 3
    assert "The region's own copy, of 20" in again["stale"]["osm"]
    shutil.rmtree(county.home / "cache")
    county.on("/tigerweb/Census2020/State_County/MapServer/1/query", Reply(status=503))
    code, again, error = run(*build(county))
    assert (code, again["gone"], again["redone"], again["region_hash"]) == (0, [], [], first["region_hash"])
    assert "503" in again["stale"]["population"]
    code, again, error = run(*build(county, "--without", "gtfs"))
    assert again["gone"] == ["tallowmere-area-transit-mdb-1"]
    assert set(again["redone"]) == {"timetables and their links to streets", "who competes"}
    shutil.rmtree(county.home / "cache")
    code, _, error = run(*build(county, "--bounds", "40.361,-113.43", "--radius-km", "1"))  # another place
    assert (code, "503" in error) == (2, True)


def test_what_is_slow_is_cut_off_and_left_out(county: County, run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    hasty = Policy(connect_seconds=1, read_seconds=0.5, deadline_seconds=3, retries=0, loopback=True)
    monkeypatch.setattr(fetching, "default_policy", lambda: hasty)
    county.on("/svi/Nowhere.csv", Reply(b"x" * 10_000, drip_seconds=0.05))
    county.on("/hrsa/sites.csv", Reply(b"x" * 10_000, drip_seconds=5, drip_head=True))
    code, report, error = run(*build(county, "--without", "nppes", "--without", "lodes", "--without", "gtfs"))
    assert code == 0, error
    left_out = "\n".join(report["left_out"])
    assert "hardship by tract, XX: 127.0.0.1 took longer than 3 s" in left_out
    assert "health centers: 127.0.0.1 doesn't answer in time" in left_out
    assert not {"hrsa", "vulnerability-xx", "nppes"} & set(sources_of())


BUILD = """
import os
import signal
import sys
import cli
from sources import fetching
from sources.region import stages
from sources.cleaning import states
from tests.sources.small_county import POLICY, STATE
def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)
fetching.default_policy = lambda: POLICY
states.STATES["99"] = STATE
if sys.argv.pop(1) == "building":
    stages._make_zones = die
sys.argv = ["recovery-reach", *sys.argv[1:]]
cli.main()
"""


@pytest.mark.parametrize("moment", ["fetching", "building"])
def test_killed_at_any_moment_it_opens_clean_and_goes_on(county: County, run: Any, moment: str) -> None:
    def stuck(_asked: Any) -> Reply:
        process.send_signal(signal.SIGKILL)
        county.replay.ended.wait(0.2)
        return Reply(status=500)

    genuine = county.replay.answers[small_county.RESIDENTS]
    if moment == "fetching":
        county.on(small_county.RESIDENTS, stuck)
    command = [sys.executable, "-c", BUILD, moment, *build(county)]
    process = subprocess.Popen(command, cwd=Path(__file__).parents[3], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.communicate(timeout=120)
    assert process.returncode == -signal.SIGKILL
    code, listed, _ = run("region", "list", "--json")
    assert (code, listed) == (0, [])
    county.on(small_county.RESIDENTS, *genuine)
    county.forget()
    code, report, error = run(*build(county))
    assert code == 0, error
    for path in ("/overpass", "/findtreatment", "/nppes"):
        assert county.asked(path) == []  # fetched before the kill, and not again
    assert bool(county.asked("/census")) == (moment == "fetching")
    went_on = sum("fetched by the run that was cut off" in line for line in report["fetched"])
    assert went_on == (8 if moment == "fetching" else len(report["fetched"]))
    assert not list((county.home / "regions").glob(".building*"))
    county.forget()
    code, _, _ = run(*build(county))
    assert county.asked("/overpass")  # a run that ended is not gone on with


def test_own_files_stand_in_for_what_would_be_fetched(county: County, run: Any, tmp_path: Path) -> None:
    (tmp_path / "own.osm").write_bytes(small_county.streets_xml())
    (tmp_path / "people.csv").write_text(f"lon,lat,people\n{HOME.split(',')[1]},{HOME.split(',')[0]},500\n")
    treatment = small_county.embedded("demo", "findtreatment.json")
    files = ("--osm", str(tmp_path / "own.osm"), "--zones", str(tmp_path / "people.csv"))
    (tmp_path / "bus.zip").write_bytes(small_county.timetable())
    more = ("--gtfs", str(tmp_path / "bus.zip"), "--resources", f"findtreatment={treatment}")
    code, report, error = run(*build(county, *files, *more, "--without", "nppes", "--without", "lodes"))
    assert code == 0, error
    for path in ("/overpass", "/findtreatment", "/nppes", "/lodes", "/tiger/", "/census", "/catalogue", "/agency"):
        assert county.asked(path) == []
    assert county.asked("/hrsa")
    assert open_region("tiny").zones["population"].sum() == 500
    assert "Given: streets" in error
    assert report["title"] == "Tallowmere County, Nowhere"

    (tmp_path / "bus.zip").unlink()  # the region's own copies stand in for what is gone; nothing is fetched on top
    (tmp_path / "own.osm").unlink()
    code, _, error = run("region", "update", "tiny", "--yes", "--json")
    assert code == 0, error
    assert [county.asked(path) for path in ("/overpass", "/catalogue", "/agency")] == [[], [], []]
    stale = {label: source["stale"] for label, source in sources_of().items() if source.get("stale")}
    assert set(stale) == {"osm", "bus"}
    assert "own.osm any more" in stale["osm"]
    code, _, error = run("region", "update", "tiny", "--yes", "--json")
    assert code == 0, error


def test_a_box_needs_no_geocoder(county: County, run: Any) -> None:
    county.on("/nominatim/search", Reply(status=503))
    code, _, error = run("region", "build", "tiny", NAME, "--plan")
    assert (code, "503" in error, "--bounds west,south,east,north" in error) == (2, True, True)
    box = "-113.448,40.352,-113.418,40.37"
    code, plan, _ = run("region", "build", "tiny", "My town", "--bounds", box, "--plan", "--json")
    assert (code, plan["place"]["title"]) == (0, "My town")
    assert [step["label"] for step in plan["fetch"]][:2] == ["osm", "tallowmere-area-transit-mdb-1"]
    code, plan, _ = run(
        "region", "build", "tiny", "--bounds", "40.361,-113.433", "--radius-km", "1", "--plan", "--json"
    )
    assert code == 0
    assert plan["place"]["counties"][0]["fips"] == FIPS
    county.on("/tigerweb/Census2020/State_County/MapServer/1/query", json_reply('{"error": {"code": 500}}'))
    code, plan, _ = run("region", "build", "other", "--bounds", "40.36,-113.43", "--plan", "--json")
    assert code == 0
    assert any("left out" in note for note in plan["place"]["notes"])
    assert "findtreatment" in {step["label"] for step in plan["fetch"]}
    assert "blocks" not in {step["label"] for step in plan["fetch"]}


def town(name: str, within: str, lon: float, **more: Any) -> dict[str, Any]:
    return place(name, within, (lon, 40.0, lon + 0.1, 40.1), addresstype="city", **more)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("Nowhere at all",), "No place is known by the name 'Nowhere at all'"),
        (
            ("Springfield",),
            "several places: Springfield, Sangamon County, Illinois; Springfield, Greene County, Missouri. Write",
        ),
        (("Utopia",), "not asked of the volunteers' servers: name one of its counties or towns, or give an extract"),
        (("",), "A place is named like"),
        ((NAME, "--without", "nonsense"), "'nonsense' is not a source"),
        (("--bounds", "1,2,3"), "is no place"),
        ((NAME, "--gtfs", "nowhere.zip"), "There is no file at nowhere.zip"),
    ],
)
def test_what_can_not_be_built_is_one_sentence(county: County, run: Any, words: tuple[str, ...], sentence: str) -> None:
    small_county.PLACES["springfield"] = [
        town("Springfield", "Sangamon County, Illinois, United States", -89.6),
        town("Springfield", "Greene County, Missouri, United States", -93.3),
        town("Springfield Township", "Ohio, United States", -83.8),
    ]
    small_county.PLACES["utopia"] = [
        place("Utopia", "United States", (-114, 37, -109, 42), addresstype="state"),
    ]
    code, out, error = run("region", "build", "tiny", *words, "--plan")
    assert (code, out) == (2, "")
    assert sentence in error
    assert len([line for line in error.splitlines() if line]) <= 2  # who is asked, and the sentence


def test_a_name_may_be_told_apart(county: County, run: Any) -> None:
    here = (small_county.WEST, small_county.SOUTH, small_county.EAST, small_county.NORTH)
    both = [
        place("Springfield", "Green County, Nowhere, United States", here),
        town("Springfield", "Blue County, Nowhere, United States", -100),
    ]
    small_county.PLACES["springfield, green county, nowhere"] = both
    code, plan, _ = run("region", "build", "tiny", "Springfield, Green County, Nowhere", "--plan", "--json")
    assert (code, plan["place"]["title"]) == (0, "Springfield, Green County, Nowhere")


def test_a_place_abroad_gets_what_is_known_of_it(county: County, run: Any) -> None:
    abroad = {"address": {"country_code": "de"}, "addresstype": "town"}
    small_county.PLACES["musterstadt"] = [place("Musterstadt", "Deutschland", (9.0, 50.0, 9.1, 50.1), **abroad)]
    code, plan, _ = run("region", "build", "tiny", "Musterstadt", "--plan", "--json")
    assert code == 0
    assert [step["label"] for step in plan["fetch"]] == ["osm"]
    assert any("outside the US" in line for line in plan["left_out"])
    assert plan["place"]["time_zone"] == "Europe/Berlin"
    assert county.asked("/tigerweb") == []


def test_streets_that_can_not_be_had_end_it_in_a_sentence(county: County, run: Any) -> None:
    remark = small_county.streets_xml().replace(b"</osm>", b"<remark>runtime error: Query timed out</remark>\n</osm>")
    for reply, words in (
        (Reply(remark), "gave up before the end (runtime error: Query timed out)"),
        (Reply(b"<html>busy</html>"), "is not OpenStreetMap data"),
        (Reply(b"<osm version='0.6'></osm>"), "holds none"),
        (Reply(small_county.streets_xml().replace(b"<nd ", b"<nd<", 3)), "can't be read"),
        (Reply(small_county.streets_xml()[:5000]), "is not OpenStreetMap data"),
    ):
        county.on("/overpass/interpreter", reply)
        code, _, error = run(*build(county, "--without", "gtfs"))
        assert (code, words in error, "--osm" in error) == (2, True, True), error
    assert run("region", "list", "--json")[1] == []


def test_an_update_asks_again_by_all_that_the_build_was_told_and_tells_what_changed(county: County, run: Any) -> None:
    code, _, error = run(*build(county, "--without", "nppes", "--without", "gtfs"))
    assert code == 0, error
    county.forget()
    code, _, error = run("region", "update", "tiny")
    assert (code, "add --yes" in error) == (2, True)
    county.on("/bmlt/client_interface/json/", Reply(status=500))
    code, changed, error = run("region", "update", "tiny", "--yes", "--json")
    assert code == 0, error
    assert [len(county.asked(path)) > 0 for path in ("/overpass", "/aa/feed", "/nppes")] == [True, True, False]
    assert "bmlt" in changed["feeds"]["failed"]
    assert {row["change"] for row in changed["places"]} == {"stale"}
    code, changed, error = run("region", "update", "tiny", "--undo", "--json")
    assert code == 0, error
    assert changed["feeds"]["failed"] == []
