"""The participant's page, without a browser: lists that keep their word, filters, other days, the paper."""

import datetime
import html
import io
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from pypdf import PdfReader

from cli import app as command
from geo.errors import InputError, OutsideRegionError
from geo.nearby.places import Nearby, Wishes, nearby
from geo.tables import RESOURCES, SESSIONS, empty
from layers.basemap import build_basemap
from layers.escaping import plain
from screens.participant import cards, pdf
from screens.shared import near_lists, near_me
from screens.shared.hours import hours_in_words, opening
from screens.shared.near_lists import Shown
from screens.shared.near_me import Question
from screens.shared.queries import ChosenPlace
from screens.shared.words import Say
from sources.region import open_region
from sources.region.model import Region

SAY, ES = Say("en"), Say("es")
HOME = ChosenPlace(-113.4327, 40.3483, "253 Dovetail Street")
WEDNESDAY = datetime.date(2026, 11, 18)


@pytest.fixture
def region(demo_region: str) -> Region:
    return open_region(demo_region)


@pytest.fixture
def known(region: Region) -> Nearby:
    return nearby(region.resources, region.sessions)


def at(region: Region, hour: int, mode: str = "transit", day: datetime.date = WEDNESDAY) -> Question:
    return Question(HOME, mode, near_me.on_day(region, day, hour * 60))


def shown(region: Region, known: Nearby, asked: Question, view: str, wishes: Wishes = Wishes(), **more: bool) -> Shown:  # noqa: B008  frozen
    day = asked.when.day if view == "week" else None
    return near_lists.shown(
        near_lists.ask(region, known, asked, view), known, asked, view, wishes, SAY, day=day, **more
    )


@pytest.mark.parametrize("date", [WEDNESDAY, WEDNESDAY + datetime.timedelta(days=4)], ids=["wednesday", "sunday"])
def test_no_last_way_home_leaves_before_one_is_there(region: Region, known: Nearby, date: datetime.date) -> None:
    between = near_me.day_near(region, known, Question(HOME, "transit", near_me.on_day(region, date, 240)))
    stranded = 0
    for minute in range(240, 1680, 20):
        asked = Question(HOME, "transit", near_me.on_day(region, date, minute))
        places = near_me.places_near(known, between, asked, "us")
        arrival = minute + places["minutes"]
        assert ((places["last_home"] >= arrival) | np.isneginf(places["last_home"])).all(), minute
        stranded += int(np.isneginf(places["last_home"]).sum())
        held = near_me.sessions_near(known, between, asked).dropna(subset="home")  # the others are only counted
        assert ((held["last_home"] >= held["free"]) | ~np.isfinite(held["last_home"])).all(), minute
    assert stranded  # late at night some place is reached by a last bus that goes on


def test_every_way_that_is_told_keeps_the_times_of_its_row(region: Region, known: Nearby) -> None:
    asked = at(region, 17)
    meetings = shown(region, known, asked, "tonight").sections[0]
    assert len(meetings.rows) > 10
    assert (meetings.rows["start_minute"] >= 17 * 60).all()
    buses = 0
    for row in meetings.rows.iloc[::4].itertuples():
        ways = near_me.ways(region, asked, row, SAY)
        there, back = ways["there"], ways["back"]
        assert there is not None
        assert back is not None
        assert there.departure == row.leave * 60
        assert there.arrival <= row.start_minute * 60
        assert back.departure == row.free * 60
        assert row.home - 1 < back.arrival / 60 <= row.home
        buses += any(leg.vehicle for leg in there.legs)
        if np.isfinite(row.last_home):
            last = ways["last"]
            assert last is not None
            assert last.arrival >= back.arrival
            assert last.arrival <= 26 * 3600
    assert buses


def test_now_holds_what_is_open_and_what_still_can_be_reached(region: Region, known: Nearby) -> None:
    by_name = {section.name: section for section in shown(region, known, at(region, 14), "now").sections}
    assert set(by_name) == {"meetings", "open", "unknown", "closed", "online"}
    assert by_name["closed"].rows["opens"].notna().all()
    assert (by_name["meetings"].rows["start_minute"] <= 17 * 60).all()
    places = by_name["open"].rows
    assert (places["until"] >= 14 * 60 + places["minutes"] - 1).all()
    assert set(by_name["unknown"].rows["status"]) == {"unknown"}
    assert not by_name["online"].rows["category"].ne("meeting").any()
    night = shown(region, known, at(region, 26), "now")
    assert len({s.name: s for s in night.sections}["open"].rows) < len(places)
    only = shown(region, known, at(region, 14), "now", open_only=True)
    assert not {"unknown", "closed"} & {section.name for section in only.sections}
    assert SAY("near_closed_left", count=len(by_name["closed"].rows)) in only.left_out


def test_a_week_counts_the_sessions_that_it_lists(region: Region, known: Nearby) -> None:
    asked = at(region, 12)
    found = near_lists.ask(region, known, asked, "week")
    counts = near_lists.counts(found, known, Wishes(), False, SAY)
    assert sum(counts.values()) == len(found.sessions)
    for day in (WEDNESDAY, WEDNESDAY + datetime.timedelta(days=4)):
        listed = near_lists.shown(found, known, asked, "week", Wishes(), SAY, day=day).sections[0]
        assert len(listed.rows) == counts[day]
    assert (found.sessions.loc[found.sessions["date"] == WEDNESDAY, "leave"] >= 12 * 60).all()


def test_wishes_leave_out_what_does_not_fit_and_count_what_does_not_say(region: Region, known: Nearby) -> None:
    asked = at(region, 14)
    pharmacies = shown(region, known, asked, "now", Wishes(kinds=("pharmacy",)))
    assert [section.name for section in pharmacies.on_map] == ["open", "unknown"]
    assert {kind for section in pharmacies.on_map for kind in section.rows["category"]} == {"pharmacy"}
    step_free = Wishes(kinds=("meeting",), step_free=True)
    sure = shown(region, known, asked, "tonight", step_free)
    more = shown(region, known, asked, "tonight", step_free, unsure_too=True)
    assert 0 < len(sure.sections[0].rows) < len(more.sections[0].rows)
    assert not sure.sections[0].rows["unsure"].any()
    assert any("do not say whether they fit" in text for text in sure.left_out)
    women = shown(region, known, asked, "tonight", Wishes(fellowships=("AA",), formats=("women",))).sections[0].rows
    assert women["kind"].str.contains("AA").all()
    assert women["kind"].str.contains("Women").all()


def test_by_street_one_gets_home_at_any_hour(region: Region, known: Nearby) -> None:
    rows = shown(region, known, at(region, 17, "bike"), "tonight").sections[0].rows
    assert np.isposinf(rows["last_home"]).all()
    table = near_lists.as_table(shown(region, known, at(region, 17, "bike"), "tonight"), at(region, 17, "bike"), SAY)
    assert (table["home"] == SAY("near_last_any", how="by bicycle")).all()
    assert len(rows) > len(shown(region, known, at(region, 17, "walk"), "tonight").sections[0].rows)


def test_a_region_without_meetings_says_so(region: Region) -> None:
    none = nearby(region.resources, empty(SESSIONS))
    found = shown(region, none, at(region, 17), "tonight")
    assert SAY("near_no_meetings") in found.left_out
    assert not found.on_map
    nothing = nearby(empty(RESOURCES), empty(SESSIONS))
    assert near_lists.marks(shown(region, nothing, at(region, 17), "now"), at(region, 17), SAY).empty


def test_a_day_outside_the_timetable_uses_the_same_weekday(region: Region) -> None:
    when = near_me.on_day(region, datetime.date(2031, 11, 26), 600)
    first, last = region.facts.service_dates or (WEDNESDAY, WEDNESDAY)
    assert when.service.weekday() == when.day.weekday()
    assert first <= when.service <= last
    assert near_me.on_day(region, WEDNESDAY, 600).service == WEDNESDAY


def test_a_place_off_the_streets_is_refused(region: Region, known: Nearby) -> None:
    with pytest.raises(OutsideRegionError):
        near_me.check_place(region, replace(at(region, 17), place=ChosenPlace(-84.5, 39.0)))


def test_areas_grow_with_the_minutes_and_differ_by_hour(region: Region) -> None:
    noon, night = (near_me.areas(region, at(region, 12), hour).to_crs(region.facts.crs) for hour in (12, 23))
    assert noon.sort_values("minutes").geometry.area.is_monotonic_increasing
    assert night.geometry.area.max() < noon.geometry.area.max()


def test_kinds_in_words() -> None:
    row = SimpleNamespace(category="meeting", fellowship="NA", formats="open;step study;hats on", languages="en;es")
    assert near_me.kind_in_words(row, SAY) == "Meeting · NA · Open to all, Step study, hats on · Spanish"
    assert near_me.kind_in_words(row, ES) == "Reunión · NA · Abierta a todos, Estudio de pasos, hats on · Español"


@pytest.mark.parametrize(
    ("hours", "told"),
    [
        ("Mo-Fr 08:00-18:00; Sa 09:00-13:00", "Mon–Fri 8:00–18:00, Sat 9:00–13:00"),
        ("24/7", "open day and night"),
        ("Mo,We 12:00-14:00,20:00-02:00", "Mon 12:00–14:00, 20:00–2:00, Wed 12:00–14:00, 20:00–2:00"),
        ("Su 00:00-24:00", "Sun 0:00–24:00"),
        ("by appointment", "by appointment"),
        ("Tu[2,-1] 09:00-12:00", "second and last Tuesday of the month 9:00–12:00"),
        ("Mo-Fr,PH 09:00-17:00", "Mon–Fri 9:00–17:00; holidays 9:00–17:00"),
        ("Mo 09:00-17:00; PH off; Dec 24-26 off", "Mon 9:00–17:00; holidays closed; December 24 to December 26 closed"),
        ("2019 Jan 01-2019 Dec 31 Su 09:00-17:00", ""),
        (
            "2026 Jan 01-2030 Dec 31 Su 09:00-17:00; 2031 Jan 01+ 24/7",
            "until December 31, 2030, Sun 9:00–17:00; from January 1, 2031 0:00–24:00",
        ),
        ("Apr-Sep Sa,Su 10:00-12:00", "April to September, Sat–Sun 10:00–12:00"),
        ("off", "closed"),
    ],
)
def test_hours_in_words(hours: str, told: str) -> None:
    assert hours_in_words(hours, SAY, WEDNESDAY) == told


def test_the_paper_holds_places_meetings_sources_and_the_crisis_line(
    region: Region, known: Nearby, tmp_path: Path
) -> None:
    place = SimpleNamespace(id=HOME.name, lon=HOME.lon, lat=HOME.lat)
    steps: list[float] = []
    made = pdf.paper_of(region, place, "transit", WEDNESDAY, 17 * 60, "es", steps.append)
    assert made == pdf.paper_of(region, place, "transit", WEDNESDAY, 17 * 60, "es", steps.append)
    assert steps[:4] == sorted(steps[:4])
    text = " ".join("\n".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages).split())
    for told in (
        "253 Dovetail Street",
        "988",
        "miércoles 18 de noviembre",
        "jueves 19 de noviembre",
        "555-",
        "OpenStreetMap",
    ):
        assert told in text
    nearest = shown(region, known, at(region, 17), "now").sections
    assert any(plain(name) in text for name in nearest[1].rows["name"].head(3))
    with pytest.raises(InputError, match="language"):
        pdf.paper_of(region, place, "transit", WEDNESDAY, 17 * 60, "xx", steps.append)


def test_without_a_timetable_the_paper_is_of_walks(region: Region) -> None:
    place = SimpleNamespace(id=HOME.name, lon=HOME.lon, lat=HOME.lat)
    bare = replace(region, facts=replace(region.facts, service_dates=None))
    made, walked = (
        pdf.paper_of(bare, place, mode, WEDNESDAY, 17 * 60, "en", lambda _: None) for mode in (None, "walk")
    )
    assert made == walked


@pytest.mark.parametrize(
    ("count", "told"),
    [(0, "We have no data on places in this region."), (None, "that we know to be open at that time")],
)
def test_the_paper_tells_no_data_from_nothing_open(region: Region, count: int | None, told: str) -> None:
    land = build_basemap(region.network.streets, region.basemap)
    few = nearby(region.resources.head(count) if count is not None else region.resources, region.sessions.head(0))
    asked = Question(HOME, "walk", near_me.on_day(region, WEDNESDAY, 90))
    made = pdf.paper(region, few, land, asked, Wishes(), SAY)
    assert told in " ".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages)


def test_print_on_the_command_line(demo_region: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "paper.pdf"
    words = ["print", "demo", "--at", "40.3483,-113.4327", "--date", "2026-11-18", "--time", "17:00", "--mode", "walk"]
    command([*words, "--out", str(out)], standalone_mode=False)
    assert out.read_bytes().startswith(b"%PDF-")
    assert capsys.readouterr().err == f"The paper is written to {out}.\n"
    with pytest.raises(InputError, match="must end in"):
        command([*words, "--out", str(tmp_path / "paper.txt")], standalone_mode=False)


def test_a_card_says_when_to_leave_how_and_until_when_one_gets_home() -> None:
    facts = {"resource_id": "a", "name": "Hall <b>", "kind": "Meeting", "category": "meeting", "dimension": "community"}
    facts |= {
        "where": "Hall of Lamps, 5th",
        "notes": "Use the side door & ring",
        "phone": "555-0100",
        "url": "javascript:alert(1)",
        "hours": "",
        "hybrid": True,
        "how_often": "",
    }
    facts |= {"unsure": False, "start_minute": 1380, "end_minute": 1440, "leave": 1352.0, "there": 1379.2}
    facts |= {"free": 1450.0, "home": 1490.0, "last_home": 1465.0, "on_foot": np.inf}
    told = html.unescape(str(cards.session_card(SimpleNamespace(**facts), "transit", SAY)))
    for words in ("Leave by 22:32", "27 min by bus, there 23:00", "Last bus home: leave by 0:25 (after midnight)"):
        assert words in told
    assert SAY("near_tight") in told
    assert SAY("near_also_online") in told
    assert 'href="tel:5550100"' in told
    assert "javascript" not in told
    assert "Hall of Lamps, 5th" in told
    assert "Use the side door & ring" in told
    walked = replace_in(facts, on_foot=27.0, last_home=np.inf)
    told = html.unescape(str(cards.session_card(walked, "transit", ES)))
    assert "27 min a pie" in told
    assert ES("near_last_any", how="a pie") in told
    facts |= {"minutes": 12.0, "status": "open", "until": 1560.0, "opens": np.nan, "holiday": "", "stated": False}
    place = replace_in(facts, date=WEDNESDAY)
    told = html.unescape(str(cards.place_card(place, "transit", 1435, SAY)))
    assert "12 min by bus" in told
    assert "there 0:07)" in told
    assert "open until 2:00 (after midnight)" in told
    facts |= {"status": "unknown", "until": np.nan, "last_home": -np.inf, "hours": "ask", "date": WEDNESDAY}
    nowhere = replace_in(facts)
    assert SAY("near_last_none", how="by bus") in html.unescape(str(cards.place_card(nowhere, "transit", 600, SAY)))


@pytest.mark.parametrize(
    ("row", "english", "spanish"),
    [
        ({"opens": 1020.0}, "closed, opens again at 17:00", "cerrado, vuelve a abrir a las 17:00"),
        (
            {"opens": 1440 + 480.0},
            "closed, opens again Thursday at 8:00",
            "cerrado, vuelve a abrir el jueves a las 8:00",
        ),
        (
            {"opens": 5 * 1440 + 480.0},
            "closed, opens again Monday at 8:00",
            "cerrado, vuelve a abrir el lunes a las 8:00",
        ),
        ({"opens": np.nan}, "closed", "cerrado"),
        (
            {"opens": 1440 + 330.0, "holiday": "thanksgiving", "stated": True},
            "closed for Thanksgiving Day, opens again Thursday at 5:30",
            "cerrado por feriado (Día de Acción de Gracias), vuelve a abrir el jueves a las 5:30",
        ),
        (
            {"status": "open", "until": 1020.0, "holiday": "labor"},
            "open until 17:00. Labor Day: its hours may differ, call first",
            "abierto hasta las 17:00. Día del Trabajo: su horario puede cambiar, llame antes",
        ),
        ({"status": "open", "until": 1020.0, "holiday": "labor", "stated": True}, "open until 17:00", None),
        ({"status": "unknown"}, "", ""),
    ],
)
def test_when_a_place_opens_again(row: dict[str, object], english: str, spanish: str | None) -> None:
    facts = {"status": "closed", "until": np.nan, "opens": np.nan, "holiday": "", "stated": False, "date": WEDNESDAY}
    assert opening(replace_in(facts, **row), 600, SAY) == english
    assert spanish is None or opening(replace_in(facts, **row), 600, ES) == spanish


def replace_in(facts: dict[str, object], **changed: object) -> SimpleNamespace:
    return SimpleNamespace(**(facts | changed))
