"""A timetable that ended before today: a sentence beside every figure, and less confidence; the demo never ends."""

import datetime
import html
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest
from streamlit.testing.v1 import AppTest

import cli
import geo.timetables.ended
import sources.region.ended
from geo.needs.needs import Needs
from geo.score.score import score_home
from geo.timetables.ended import SENTENCE, ended_on
from screens.shared.catalogs import languages
from screens.shared.words import Say
from sources.region import RegionInputs, build_region, open_region
from sources.region.ended import timetable_ended
from sources.region.model import Region
from sources.region.surface_store import kept_surface, make_surfaces
from tests.command_line import called

LAST = datetime.date(2024, 3, 31)
DAY = datetime.timedelta(days=1)
TOLD = SENTENCE.format(end="March 31, 2024")
NEAR, FAR = "39.001,-84.55", "39.019,-84.55"

FEED = {
    "agency.txt": "agency_id,agency_name,agency_url,agency_timezone\n1,Bus,http://example.org,America/New_York\n",
    "stops.txt": "stop_id,stop_name,stop_lat,stop_lon\nA,First,39.001,-84.55\nB,Second,39.019,-84.55\n",
    "routes.txt": "route_id,route_short_name,route_type\nr,1,3\n",
    "trips.txt": "route_id,service_id,trip_id\nr,wk,t\n",
    "calendar.txt": "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
    "wk,1,1,1,1,1,1,1,20240301,20240331\n",
    "stop_times.txt": "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
    "t,08:10:00,08:10:00,A,1\nt,08:14:00,08:14:00,B,2\n",
}
HOUSES = (
    "name,category,latitude,longitude,location_precision\nHill Clinic,substance_use_clinic,39.018,-84.55,rooftop\n"
    "Lark House,recovery_residence,39.002,-84.55,rooftop\n"
)
ZONES = (
    '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"GEOID20": "211170601001001", '
    '"POP20": 120}, "geometry": {"type": "Polygon", "coordinates": [[[-84.56, 39.0], [-84.54, 39.0], [-84.54, 39.01], '
    "[-84.56, 39.01], [-84.56, 39.0]]]}}]}"
)
Freeze = Callable[[datetime.date], None]
Run = Callable[..., tuple[int, str, str]]


def packed(files: dict[str, str]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return content.getvalue()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder with the region `town`: a street due north, a bus along it until the end of March 2024."""
    folder = tmp_path_factory.mktemp("ended")
    nodes = "".join(f'<node id="{n + 1}" version="1" lat="{39 + n / 100}" lon="-84.55"/>' for n in range(3))
    refs = "".join(f'<nd ref="{n + 1}"/>' for n in range(3))
    (folder / "town.osm").write_text(
        f'<osm version="0.6">{nodes}<way id="9" version="1">{refs}<tag k="highway" v="residential"/></way></osm>'
    )
    (folder / "bus.zip").write_bytes(packed(FEED))
    (folder / "places.csv").write_text(HOUSES)
    (folder / "zones.geojson").write_text(ZONES)
    inputs = RegionInputs(
        osm=folder / "town.osm",
        gtfs=(folder / "bus.zip",),
        resources=(f"table={folder / 'places.csv'}",),
        zones=(folder / "zones.geojson",),
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RECOVERY_REACH_HOME", str(folder / "home"))
        for module in (geo.timetables.ended, sources.region.ended):
            patch.setattr(module, "local_date", lambda _zone: LAST + DAY)
        report = build_region("town", inputs)
    assert f"  {TOLD}" in report.lines()
    assert report.as_dict()["limits"] == {"timetable": TOLD}
    return folder / "home"


@pytest.fixture
def town(built: Path, monkeypatch: pytest.MonkeyPatch) -> Region:
    monkeypatch.setenv("RECOVERY_REACH_HOME", str(built))
    return open_region("town")


@pytest.fixture
def freeze(monkeypatch: pytest.MonkeyPatch) -> Freeze:
    """Return what makes it a day by the region's clock."""

    def set_clock(day: datetime.date) -> None:
        for module in (geo.timetables.ended, sources.region.ended):
            monkeypatch.setattr(module, "local_date", lambda _zone: day)

    return set_clock


@pytest.fixture
def run(town: Region, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    return lambda *words: called(words, monkeypatch, capsys)


def test_it_has_ended_the_day_after_its_last(town: Region) -> None:
    assert timetable_ended(town, today=LAST) is None
    assert town.facts.last_day == LAST
    assert timetable_ended(town, today=LAST + DAY) == LAST
    assert timetable_ended(town, datetime.date(2031, 1, 1), LAST + DAY) is None, "a date that it doesn't hold"
    assert ended_on(None, LAST, LAST + DAY) is None
    assert ended_on(town.network.feed, LAST, None) is None, "no today to hold it against"


def test_of_two_timetables_that_follow_each_other_the_one_in_use_counts(town: Region) -> None:
    feed = town.network.feed
    assert feed is not None
    first, last = feed.feed_first_day[0], feed.feed_last_day[0]
    both = replace(feed, feed_first_day=feed.feed_first_day[[0, 0]], feed_last_day=feed.feed_last_day[[0, 0]])
    for gap in (31, 1):
        both.feed_first_day[:], both.feed_last_day[:] = [first, last + gap], [last, last + 400]
        assert ended_on(both, LAST, LAST + DAY) == LAST
        assert ended_on(both, LAST + 40 * DAY, LAST + 50 * DAY) is None
    both.feed_first_day[:] = [first, last - 5]
    assert ended_on(both, LAST, LAST + DAY) == LAST, "of two that overlap, the one that ends first"


def test_the_demo_is_looked_at_on_its_own_date(demo_region: str) -> None:
    """Its bus lines are invented: no day is too late for them."""
    region = open_region(demo_region)
    assert timetable_ended(region, today=datetime.date(2050, 1, 1)) is None
    assert not [line for line in region.facts.lines() if "ended" in line]


def test_it_lowers_the_confidence_and_not_the_score(town: Region) -> None:
    when = town.facts.service_date
    valid, over, unasked = (
        score_home(town.support, (-84.55, 39.001), Needs(), when, today=today) for today in (LAST, LAST + DAY, None)
    )
    share = town.support.parameters.confidence.timetable
    assert valid.as_dict() == unasked.as_dict()
    assert over.total == valid.total
    assert over.confidence["value"] == pytest.approx(valid.confidence["value"] - share)
    assert (valid.limits["timetable"], over.limits["timetable"]) == (None, TOLD)
    assert TOLD in over.confidence["reasons"]
    assert over.confidence["timetable_ended"] == "2024-03-31"


COMMANDS = {
    "times": ("times", "town", "--from", NEAR, "--to", FAR),
    "isochrones": ("isochrones", "town", "--from", NEAR, "--mode", "transit"),
    "score": ("score", "town", "--at", NEAR),
    "compare": ("compare", "town", "--at", NEAR),
    "plan": ("plan", "town", "--at", NEAR),
    "surface": ("surface", "town"),
}


@pytest.mark.parametrize("name", [*COMMANDS, "opportunities"])
def test_every_command_says_so(run: Run, freeze: Freeze, name: str, tmp_path: Path) -> None:
    (tmp_path / "jobs.csv").write_text("id,lat,lon,jobs\na,39.019,-84.55,7\n")
    jobs = ("--to", str(tmp_path / "jobs.csv"), "--weight", "jobs", "--cutoff", "60")
    words = COMMANDS.get(name, ("opportunities", "town", "--from", NEAR, *jobs))
    freeze(LAST + DAY)
    for more in ((), ("--json",)):
        code, output, stderr = run(*words, *more)
        assert (code, TOLD in stderr) == (0, True), stderr
        if more and name not in ("times", "opportunities", "compare"):  # whose rows have no place for it
            assert json.loads(output)["limits"]["timetable"] == TOLD
    freeze(LAST)
    code, output, stderr = run(*words, "--json")
    assert (code, "ended on" in output + stderr) == (0, False)


@pytest.mark.parametrize("mode", ["walk", "bike", "drive"])
def test_who_takes_no_bus_is_not_told(run: Run, freeze: Freeze, mode: str) -> None:
    freeze(LAST + DAY)
    code, _, stderr = run("times", "town", "--from", NEAR, "--to", FAR, "--mode", mode)
    assert (code, "ended on" in stderr) == (0, False)


def test_the_regions_facts_say_so(run: Run, freeze: Freeze) -> None:
    freeze(LAST + DAY)
    assert TOLD in run("region", "show", "town")[1]
    assert json.loads(run("region", "show", "town", "--json")[1])["limits"] == {"timetable": TOLD}
    freeze(LAST)
    assert "ended on" not in run("region", "show", "town")[1]


def test_a_surface_from_before_it_ended_is_not_used_any_more(town: Region) -> None:
    """Its confidences are those of a timetable in force."""
    needs = Needs(max_walk_minutes=15)
    when, used = town.facts.service_date, town.support.parameters.hash
    make_surfaces(town, town.support, needs, when, ["no-car"], today=LAST)
    before = kept_surface(town, needs, when, used, LAST)
    assert before is not None
    assert kept_surface(town, needs, when, used, LAST + DAY) is None
    make_surfaces(town, town.support, needs, when, ["no-car"], today=LAST + DAY)
    after = kept_surface(town, needs, when, used, LAST + DAY)
    assert after is not None
    assert after[1]["timetable_ended"] == "2024-03-31"
    share = town.support.parameters.confidence.timetable
    assert (before[0]["confidence"] - after[0]["confidence"]).dropna().round(6).eq(round(share, 6)).all()
    assert before[0]["total"].equals(after[0]["total"])


def test_times_tell_of_a_longer_walk(run: Run) -> None:
    """From end to end is 2,222 m: 27.8 min on foot, and no bus at two in the night."""
    words = ("times", "town", "--from", "39.0,-84.55", "--to", "39.02,-84.55", "--window", "02:00-02:01")
    code, _, stderr = run(*words)
    assert code == 0
    assert "1 of 1 trips are not reached by transit, but on foot within 45 minutes" in stderr
    assert "takes 27.8 minutes" in stderr
    assert "not reached by transit" not in run(*words, "--max-walk", "30")[2]


def test_seconds_to_board_may_be_asked_for(run: Run) -> None:
    """Leaving the stop's door at 08:09 the bus of 08:10 is caught with 60 s, and not with 61."""
    words = ("times", "town", "--from", NEAR, "--to", FAR, "--window", "08:09-08:10", "--max-walk", "10", "--json")
    assert json.loads(run(*words)[1])[0]["minutes"] == 5.0
    assert json.loads(run(*words, "--board-seconds", "61")[1]) == []
    code, _, stderr = run(*words, "--board-seconds", "-1")
    assert (code, "board_seconds" in stderr) == (2, True)


PAGES = ["main", "participant", "case_manager", "funder", "data_health"]


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("name", PAGES)
def test_every_page_says_so(town: Region, freeze: Freeze, name: str, language: str) -> None:
    sentence = Say(language)("timetable_over", end=LAST)
    for today, there in ((LAST + DAY, True), (LAST, False)):
        freeze(today)
        page = AppTest.from_file(
            str(Path(cli.__file__).parent / "screens" / ("main.py" if name == "main" else f"{name}/page.py")),
            default_timeout=120,
        )
        page.query_params["language"] = language
        page.run()
        assert not page.exception
        shown = html.unescape(" ".join(element.proto.body for element in page.get("html")))
        assert (sentence in shown) is there


def test_the_first_page_of_a_paper_says_so(run: Run, freeze: Freeze, tmp_path: Path) -> None:
    freeze(LAST + DAY)
    for mode, there in (("transit", True), ("walk", False)):
        out = tmp_path / f"{mode}.pdf"
        assert run("print", "town", "--at", NEAR, "--out", str(out), "--mode", mode)[0] == 0
        first = " ".join(pypdf.PdfReader(out).pages[0].extract_text().split())
        assert (TOLD in first) is there
