"""The participant's page, without a browser: lists that keep their word, filters, other days, the paper."""

import datetime
import html
import io
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from pypdf import PdfReader

from cli import app as command
from geo.clock import Moment
from geo.dates import day_number
from geo.errors import InputError, OutsideRegionError
from geo.nearby.places import Nearby, Wishes, nearby
from geo.tables import RESOURCES, SESSIONS, empty
from layers.basemap import build_basemap
from layers.escaping import plain
from screens.participant import cards, pdf
from screens.shared import near_lists, near_me, near_text
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


@pytest.fixture(scope="module")
def opened(home: Path) -> Region:
    """Return the demo region, opened once; no test changes it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RECOVERY_REACH_HOME", str(home))
        return open_region("demo")


@pytest.fixture
def region(demo_region: str, opened: Region) -> Region:
    """Return the demo region, which is in the data folder too."""
    return opened


@pytest.fixture(scope="module")
def known(opened: Region) -> Nearby:
    return nearby(opened.resources, opened.sessions)


def at(region: Region, hour: int, mode: str = "transit", day: datetime.date = WEDNESDAY) -> Question:
    return Question(HOME, mode, near_me.on_day(region, day, hour * 60))


def shown(region: Region, known: Nearby, asked: Question, view: str, wishes: Wishes = Wishes(), **more: bool) -> Shown:  # noqa: B008  frozen
    day = asked.when.day if view == "week" else None
    return near_lists.shown(
        near_lists.ask(region, known, asked, view), known, asked, view, wishes, SAY, day=day, **more
    )


STEP = {"transit": 40, "walk": 240, "bike": 240}
"""Minutes from one moment that is asked about to the next; on foot and by bicycle every one is like another."""


@pytest.mark.parametrize("mode", STEP)
@pytest.mark.parametrize("day", range(7))
def test_no_way_home_that_is_told_leaves_before_one_is_there(
    region: Region, known: Nearby, day: int, mode: str
) -> None:
    """Sampled over the whole week: who gets home does so after the stay, and who doesn't is listed apart."""
    date = WEDNESDAY + datetime.timedelta(days=day)
    between = near_me.day_near(region, known, Question(HOME, mode, near_me.on_day(region, date, 240)))
    asked = [
        Question(HOME, mode, near_me.on_day(region, date, minute)) for minute in range(240 + 7 * day, 1680, STEP[mode])
    ]
    places, sessions = (
        near_me.with_next_way_home(region, known, asked[0], pd.concat(tables, ignore_index=True))
        for tables in (
            [near_me.places_near(known, between, one, "us") for one in asked],
            [near_me.sessions_near(known, between, one) for one in asked],
        )
    )
    for rows in (places, sessions):
        stranded = near_me.stranding(rows)
        assert (rows["last_home"] >= rows["free"])[~stranded].all()
        assert (rows["next_home"].isna() | (rows["next_home"] >= rows["free"])).all()
        assert rows["next_home"][~stranded].isna().all()
    strand = {"transit": True, "walk": False, "bike": False}[mode]
    assert near_me.stranding(places).any() == strand, "late at night some place is reached by a last bus that goes on"
    online = near_me.joined_near(region, known, asked[0].when)
    results = near_lists.Results(sessions, places.iloc[::7].reset_index(drop=True), online)
    lists = near_lists.shown(results, known, asked[0], "now", Wishes(), SAY)
    for section in lists.on_map:
        assert near_me.stranding(section.rows).all() == section.name.startswith("stranded"), section.name
        texts = {
            near_text.way_home(row, mode, SAY).partition(" home")[0] for row in section.rows.itertuples(index=False)
        }
        apart = {"No bus", "No way", "Long way"} if strand else {"No way"}
        assert texts <= (apart if section.name.startswith("stranded") else {"Last bus", "You can get"}), section.name


def test_what_one_cannot_get_home_from_says_when_the_next_way_home_leaves(region: Region, known: Nearby) -> None:
    saturday = WEDNESDAY + datetime.timedelta(days=3)
    for date, hour, days in ((WEDNESDAY, 24, {0, 1}), (saturday, 22, {0}), (saturday, 26, {1})):
        asked = at(region, hour, day=date)
        (apart,) = (one for one in shown(region, known, asked, "now").sections if one.name == "stranded_places")
        assert apart.rows["next_home"].notna().all()
        assert set((apart.rows["next_home"] - 240) // 1440) == days, "that night, or on the next day with a bus"
        longer = apart.rows["next_minutes"].notna()
        assert apart.rows["next_minutes"][longer].between(60, near_me.LONGEST_WAY_HOME).all()
        assert longer.any() == (hour < 26), "by a way longer than an hour, as long as buses run"
        for row in apart.rows.iloc[::4].itertuples():
            back = near_me.ways(region, asked, row, SAY)["back"]
            assert back is not None
            assert back.departure == pytest.approx(row.next_home * 60, abs=1)
            assert back.arrival > back.departure
    evening = shown(region, known, at(region, 17), "tonight")
    (meetings,) = (one for one in evening.sections if one.name == "stranded_meetings")
    row = meetings.rows.iloc[0]
    back = near_me.ways(region, at(region, 17), row, SAY)["back"]
    assert back is not None
    assert row.free < row.next_home == pytest.approx(back.departure / 60, abs=0.02)


@pytest.mark.parametrize(
    ("next_home", "minutes", "english", "spanish"),
    [
        (
            1310.9,
            84.6,
            "Long way home: leave at 9:50 PM, takes 85 min",
            "Regreso largo: salga a las 9:50 p.m., dura 85 min",
        ),
        (1310.9, np.nan, "No bus home until 9:50 PM", "No hay autobús a casa hasta las 9:50 p.m."),
        (
            1440 + 95.0,
            np.nan,
            "No bus home until early Thursday, 1:35 AM",
            "No hay autobús a casa hasta la 1:35 a.m. (madrugada del jueves)",
        ),
        (
            1440 + 310.0,
            np.nan,
            "No bus home until Thursday, 5:10 AM",
            "No hay autobús a casa hasta las 5:10 a.m. del jueves",
        ),
        (np.nan, np.nan, "No way home by bus was found", "No se encontró cómo volver en autobús"),
    ],
)
def test_the_next_way_home_in_words(next_home: float, minutes: float, english: str, spanish: str) -> None:
    row = SimpleNamespace(next_home=next_home, next_minutes=minutes, last_home=-np.inf, date=WEDNESDAY)
    assert (near_text.way_home(row, "transit", SAY), near_text.way_home(row, "transit", ES)) == (english, spanish)


def test_what_only_a_longer_walk_reaches_is_what_on_foot_lists(region: Region, known: Nearby) -> None:
    asked, walking = at(region, 26), at(region, 26, "walk")
    by_bus, on_foot = (
        near_me.places_near(known, near_me.day_near(region, known, one), one, "us") for one in (asked, walking)
    )
    longer = near_me.longer_walks(region, known, asked, by_bus)
    wanted = on_foot[~on_foot["row"].isin(by_bus["row"]) & (on_foot["status"] != "closed")]
    assert longer["row"].tolist() == wanted["row"].tolist()
    assert longer["minutes"].between(20, near_me.LONGEST_STREET_TRIP).all()
    assert len(longer) > 5
    for other in (walking, replace(asked, step_free=True)):
        assert near_me.longer_walks(region, known, other, by_bus).empty


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
        assert row.home - 1 < (back.quicker or back).arrival / 60 <= row.home + 5, "an easier way may be a little later"
        assert back.arrival / 60 <= row.home + 10
        buses += any(leg.vehicle for leg in there.legs)
        if np.isfinite(row.last_home):
            last = ways["last"]
            assert last is not None
            assert row.last_home - 10 <= last.departure / 60 <= row.last_home + 0.02
            assert last.arrival <= 26 * 3600
    assert buses


def test_now_holds_what_is_open_and_what_still_can_be_reached(region: Region, known: Nearby) -> None:
    by_name = {section.name: section for section in shown(region, known, at(region, 14), "now").sections}
    assert set(by_name) == {"meetings", "open", "unknown", "closed", "stranded_meetings", "online"}
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
    for status in ("closed", "unknown"):
        assert SAY(f"near_{status}_left", count=len(by_name[status].rows)) in only.left_out


def test_the_next_meeting_may_be_later_on_the_same_day(region: Region, known: Nearby) -> None:
    asked = at(region, 9)
    results = near_lists.ask(region, known, asked, "now")
    nothing_soon = replace(results, sessions=results.sessions.head(0))
    following = near_lists.next_meetings(region, known, asked, nothing_soon, Wishes(), SAY)
    assert following is not None
    assert following.title == SAY("near_next", day=SAY.habits.date(WEDNESDAY))
    assert (following.rows["start_minute"] > 12 * 60).all()
    assert (following.rows["leave"] >= 9 * 60).all()


def test_a_week_counts_the_sessions_that_it_lists(region: Region, known: Nearby) -> None:
    asked = at(region, 12)
    results = near_lists.ask(region, known, asked, "week")
    counts = near_lists.counts(results, known, Wishes(), False, SAY)
    assert sum(counts.values()) == results.sessions["home"].notna().sum()
    for day in (WEDNESDAY, WEDNESDAY + datetime.timedelta(days=4)):
        listed = near_lists.shown(results, known, asked, "week", Wishes(), SAY, day=day).sections[0]
        assert len(listed.rows) == counts[day]
    assert (results.sessions.loc[results.sessions["date"] == WEDNESDAY, "leave"] >= 12 * 60).all()


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
    lists = shown(region, none, at(region, 17), "tonight")
    assert SAY("near_no_meetings") in lists.left_out
    assert not lists.on_map
    nothing = nearby(empty(RESOURCES), empty(SESSIONS))
    assert near_lists.marks(shown(region, nothing, at(region, 17), "now"), at(region, 17), SAY).empty


def test_a_day_outside_the_timetable_uses_the_same_weekday(region: Region) -> None:
    when = near_me.on_day(region, datetime.date(2031, 11, 26), 600)
    first, last = region.facts.service_dates or (WEDNESDAY, WEDNESDAY)
    assert when.service.weekday() == when.day.weekday()
    assert first <= when.service <= last
    assert near_me.on_day(region, WEDNESDAY, 600).service == WEDNESDAY


def test_on_a_day_without_buses_one_is_told_and_walks(region: Region, known: Nearby) -> None:
    feed = region.network.feed
    assert feed is not None
    number = day_number(WEDNESDAY)
    days = [number if day == number - 1 else day for day in feed.service_day.tolist()]  # Tuesday's trips run twice
    idle = replace(feed, service_day=np.array(days, np.int32))
    bare = replace(region)
    bare.__dict__["network"] = replace(region.network, feed=idle, memo={})
    tuesday = WEDNESDAY - datetime.timedelta(days=1)
    when = near_me.on_day(bare, tuesday, 17 * 60)
    assert when.service is None
    asked = Question(HOME, "transit", when)
    assert near_me.settings(bare, asked).mode == "walk"
    found = shown(bare, known, asked, "now")
    assert near_me.areas(bare, asked, 17)["mode"].tolist() == ["walk"] * 3
    assert all((section.rows["minutes"] <= 20).all() for section in found.sections if section.kind == "place")
    week = near_me.week_near(bare, known, asked)
    walked = week[week["date"] == tuesday]
    assert (walked["there"] - walked["leave"]).max() <= 20
    assert (week["there"] - week["leave"]).max() > 20, "the other days have their buses"
    wednesday = week[(week["date"] == WEDNESDAY) & week["home"].isna()].reset_index(drop=True)
    home = near_me.with_next_way_home(bare, known, asked, wednesday)
    assert home["next_home"].notna().any(), "and their buses home on the morning after"
    asked_then = replace(asked, when=near_me.on_day(bare, WEDNESDAY, 240))
    pd.testing.assert_frame_equal(home, near_me.with_next_way_home(bare, known, asked_then, wednesday))
    made = pdf.paper(bare, known, build_basemap(bare.network.streets, bare.basemap), asked, Wishes(), SAY)
    text = " ".join(" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(made)).pages)
    assert "No bus runs on" in text


def test_an_online_meeting_of_an_unknown_time_zone_says_so(region: Region, known: Nearby) -> None:
    asked = at(region, 17)
    online = near_me.joined_near(region, known, asked.when).head(1)
    (row,) = near_me.in_words(known.online, online, Wishes(), SAY).itertuples(index=False)
    assert "time zone is not known" not in cards.online_card(row, SAY)
    assert "time zone is not known" in cards.online_card(row._replace(zone_known=False), SAY)


def test_a_place_off_the_streets_is_refused(region: Region, known: Nearby) -> None:
    with pytest.raises(OutsideRegionError):
        near_me.check_place(region, replace(at(region, 17), place=ChosenPlace(-84.5, 39.0)))


def test_areas_grow_with_the_minutes_and_differ_by_hour(region: Region) -> None:
    noon, night = (near_me.areas(region, at(region, 12), hour).to_crs(region.facts.crs) for hour in (12, 23))
    assert noon.sort_values("minutes").geometry.area.is_monotonic_increasing
    assert night.geometry.area.max() < noon.geometry.area.max()


def test_kinds_in_words() -> None:
    row = SimpleNamespace(category="meeting", fellowship="NA", formats="open;step study;hats on", languages="en;es")
    assert near_me.kind_in_words(row, SAY) == "Meeting · NA · Open to all, Step study, Hats on · Spanish"
    assert near_me.kind_in_words(row, ES) == "Reunión · NA · Abierta a todos, Estudio de pasos, Hats on · Español"


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        ("Mo-Fr 08:00-18:00; Sa 09:00-13:00", "Mon–Fri 8:00 AM – 6:00 PM, Sat 9:00 AM – 1:00 PM"),
        ("24/7", "open day and night"),
        (
            "Mo,We 12:00-14:00,20:00-02:00",
            "Mon 12:00 – 2:00 PM, 8:00 PM – 2:00 AM, Wed 12:00 – 2:00 PM, 8:00 PM – 2:00 AM",
        ),
        ("Su 00:00-24:00", "Sun all day"),
        ("by appointment", "by appointment"),
        ("Tu[2,-1] 09:00-12:00", "second and last Tuesday of the month 9:00 AM – 12:00 PM"),
        ("Mo-Fr,PH 09:00-17:00", "Mon–Fri 9:00 AM – 5:00 PM; holidays 9:00 AM – 5:00 PM"),
        (
            "Mo 09:00-17:00; PH off; Dec 24-26 off",
            "Mon 9:00 AM – 5:00 PM; holidays closed; December 24 to December 26 closed",
        ),
        ("2019 Jan 01-2019 Dec 31 Su 09:00-17:00", ""),
        (
            "2026 Jan 01-2030 Dec 31 Su 09:00-17:00; 2031 Jan 01+ 24/7",
            "until December 31, 2030, Sun 9:00 AM – 5:00 PM; from January 1, 2031 all day",
        ),
        ("Apr-Sep Sa,Su 10:00-12:00", "April to September, Sat–Sun 10:00 AM – 12:00 PM"),
        ("off", "closed"),
    ],
)
def test_hours_in_words(hours: str, words: str) -> None:
    assert hours_in_words(hours, SAY, WEDNESDAY) == words


def test_the_paper_holds_places_meetings_sources_and_the_crisis_line(
    region: Region, known: Nearby, tmp_path: Path
) -> None:
    place = SimpleNamespace(id=HOME.name, lon=HOME.lon, lat=HOME.lat)
    steps: list[float] = []
    made = pdf.paper_of(region, place, "transit", WEDNESDAY, 17 * 60, Say("es"), steps.append)
    assert made == pdf.paper_of(region, place, "transit", WEDNESDAY, 17 * 60, Say("es"), steps.append)
    assert steps[:4] == sorted(steps[:4])
    text = " ".join("\n".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages).split())
    for words in (
        "253 Dovetail Street",
        "988",
        "miércoles, 18 de noviembre",
        "jueves, 19 de noviembre",
        "555-",
        "OpenStreetMap",
    ):
        assert words in text
    assert "17:00" not in text
    assert "5:00 p.m." in text
    assert "p.m.." not in text
    nearest = shown(region, known, at(region, 17), "now").sections
    assert any(plain(name) in text for name in nearest[1].rows["name"].head(3))
    with pytest.raises(InputError, match="language"):
        pdf.paper_of(region, place, "transit", WEDNESDAY, 17 * 60, Say("xx"), steps.append)


def test_without_a_timetable_the_paper_is_of_walks(region: Region) -> None:
    place = SimpleNamespace(id=HOME.name, lon=HOME.lon, lat=HOME.lat)
    bare = replace(region, facts=replace(region.facts, service_dates=None))
    made, walked = (
        pdf.paper_of(bare, place, mode, WEDNESDAY, 17 * 60, Say("en"), lambda _: None) for mode in (None, "walk")
    )
    assert made == walked


@pytest.mark.parametrize(
    ("count", "sentence"),
    [(0, "We have no data on places in this region."), (None, "that we know to be open at that time")],
)
def test_the_paper_tells_no_data_from_nothing_open(region: Region, count: int | None, sentence: str) -> None:
    land = build_basemap(region.network.streets, region.basemap)
    few = nearby(region.resources.head(count) if count is not None else region.resources, region.sessions.head(0))
    asked = Question(HOME, "walk", near_me.on_day(region, WEDNESDAY, 90))
    made = pdf.paper(region, few, land, asked, Wishes(), SAY)
    assert sentence in " ".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages)


@pytest.mark.parametrize("say", [SAY, ES])
def test_the_paper_says_where_the_next_street_is_used(region: Region, say: Say) -> None:
    land, none = build_basemap(region.network.streets, region.basemap), nearby(empty(RESOURCES), empty(SESSIONS))
    sentence = say("street_leads_nowhere", distance="_").partition(";")[0]
    for place, there in ((ChosenPlace(-113.352936, 40.347031), True), (HOME, False)):
        made = pdf.paper(region, none, land, Question(place, "walk", at(region, 12).when), Wishes(), say)
        text = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages).split())
        assert (sentence in text) is there


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
        "join_url": "https://video.example.org/room/1",
        "join_phone": "",
        "how_often": "",
    }
    facts |= {"unsure": False, "start_minute": 1380, "end_minute": 1440, "leave": 1352.0, "there": 1379.2}
    facts |= {"date": WEDNESDAY, "free": 1450.0, "home": 1490.0, "last_home": 1465.0, "next_home": np.nan}
    facts |= {"on_foot": np.inf}
    card = html.unescape(str(cards.session_card(SimpleNamespace(**facts), "transit", SAY)))
    for words in (
        "Leave by 10:32 PM",
        "27 min by bus, there 11:00 PM",
        "Last bus home: leave by early Thursday, 12:25 AM",
    ):
        assert words in card
    assert SAY("near_tight") in card
    assert SAY("near_also_online") in card
    assert 'href="tel:5550100"' in card
    assert 'href="https://video.example.org/room/1"' in card
    assert "javascript" not in card
    assert "Hall of Lamps, 5th" in card
    assert "Use the side door & ring" in card
    walked = replace_in(facts, on_foot=27.0, last_home=np.inf)
    card = html.unescape(str(cards.session_card(walked, "transit", ES)))
    assert "27 min a pie" in card
    assert ES("near_last_any", how="a pie") in card
    facts |= {"minutes": 12.0, "status": "open", "until": 1560.0, "opens": np.nan, "holiday": "", "stated": False}
    place = replace_in(facts, date=WEDNESDAY)
    card = html.unescape(str(cards.place_card(place, "transit", 1435, SAY)))
    assert "12 min by bus" in card
    assert "there 12:07 AM)" in card
    assert "open until early Thursday, 2:00 AM" in card
    assert SAY("near_tight") in card
    relaxed = replace_in(facts, last_home=1480.0)
    assert SAY("near_tight") not in html.unescape(str(cards.place_card(relaxed, "transit", 1435, SAY)))
    facts |= {"status": "unknown", "until": np.nan, "last_home": -np.inf, "hours": "ask", "date": WEDNESDAY}
    nowhere = replace_in(facts)
    assert SAY("near_last_none", how="by bus") in html.unescape(str(cards.place_card(nowhere, "transit", 600, SAY)))


@pytest.mark.parametrize(("say", "day"), [(SAY, "early Thursday"), (ES, "madrugada del jueves")])
def test_a_meeting_after_midnight_is_tonights_and_names_its_day(region: Region, say: Say, day: str) -> None:
    """A list's Thursday 12:30 AM is Wednesday's night: found there, by whoever looks before or after midnight."""
    held = region.sessions.assign(weekday=3, start_minute=30, end_minute=90)
    known, land = nearby(region.resources, held), build_basemap(region.network.streets, region.basemap)
    for asked, view in ((at(region, 18, "walk"), "tonight"), (at(region, 24, "walk"), "now")):
        lists = shown(region, known, asked, view)
        rows = lists.sections[0].rows
        assert (rows["start_minute"] == 1470).all()
        card = html.unescape(str(cards.session_card(next(rows.itertuples(index=False)), "walk", say)))
        assert f'<span class="rr-tag">{say.moment(Moment(1470, 2))}</span>' in card
        assert day in say.moment(Moment(1470, 2))
        assert day in near_lists.as_table(lists, asked, say)["when"][0]
    made = pdf.paper(region, known, land, at(region, 18, "walk"), Wishes(), say)
    text = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages).split())
    assert day in text
    assert near_text.moment_in_words(WEDNESDAY, 1470, SAY) == "Thursday, November 19, 12:30 AM"
    assert near_text.moment_in_words(WEDNESDAY, 1110, SAY) == "Wednesday, November 18, 6:30 PM"
    assert near_text.weekly_hours(2, 1470, 1530, SAY) == "early Thursday, 12:30 – 1:30 AM"
    assert near_text.weekly_hours(2, 1110, 1170, SAY) == "Wednesday 6:30 – 7:30 PM"


@pytest.mark.parametrize(
    ("row", "english", "spanish"),
    [
        ({"opens": 1020.0}, "closed, opens again at 5:00 PM", "cerrado, vuelve a abrir a las 5:00 p.m."),
        (
            {"opens": 1440 + 480.0},
            "closed, opens again Thursday at 8:00 AM",
            "cerrado, vuelve a abrir el jueves a las 8:00 a.m.",
        ),
        (
            {"opens": 5 * 1440 + 480.0},
            "closed, opens again Monday at 8:00 AM",
            "cerrado, vuelve a abrir el lunes a las 8:00 a.m.",
        ),
        ({"opens": np.nan}, "closed", "cerrado"),
        (
            {"opens": 1440 + 330.0, "holiday": "thanksgiving", "stated": True},
            "closed for Thanksgiving Day, opens again Thursday at 5:30 AM",
            "cerrado por feriado (Día de Acción de Gracias), vuelve a abrir el jueves a las 5:30 a.m.",
        ),
        (
            {"status": "open", "until": 1020.0, "holiday": "labor"},
            "open until 5:00 PM. Labor Day: its hours may differ, call first",
            "abierto hasta las 5:00 p.m. Día del Trabajo: su horario puede cambiar, llame antes",
        ),
        ({"status": "open", "until": 1020.0, "holiday": "labor", "stated": True}, "open until 5:00 PM", None),
        ({"status": "unknown"}, "", ""),
        ({"status": "open", "until": 600.0 + 7 * 1440}, "open day and night", "abierto día y noche"),
        ({"status": "open", "until": 2 * 1440 + 1020.0}, "open until Friday, 5:00 PM", None),
    ],
)
def test_when_a_place_opens_again(row: dict[str, object], english: str, spanish: str | None) -> None:
    facts = {"status": "closed", "until": np.nan, "opens": np.nan, "holiday": "", "stated": False, "date": WEDNESDAY}
    assert opening(replace_in(facts, **row), 600, SAY) == english
    assert spanish is None or opening(replace_in(facts, **row), 600, ES) == spanish


def replace_in(facts: dict[str, object], **changed: object) -> SimpleNamespace:
    return SimpleNamespace(**(facts | changed))


def test_a_week_that_goes_on_past_the_timetable_says_which_days_are_lent(region: Region) -> None:
    feed = region.network.feed
    assert feed is not None
    last = near_me.on_day(region, WEDNESDAY, 240)
    assert last.service == WEDNESDAY
    ends = next(day for day in (WEDNESDAY + datetime.timedelta(n) for n in range(900)) if not _covered(region, day))
    days = near_lists.week_from(ends - datetime.timedelta(days=2))
    assert near_lists.timetable_limits(region, days[:1], SAY) == []
    (one,) = near_lists.timetable_limits(region, days[:3], SAY)
    assert f"does not cover {SAY.habits.date(ends, year=True)}" in one
    (many,) = near_lists.timetable_limits(region, days, SAY)
    assert many.count("day") == 5 + 1
    assert SAY.habits.weekday(days[1].weekday()) not in many
    assert ES.habits.weekday(days[3].weekday()) in near_lists.timetable_limits(region, days, ES)[0]


def _covered(region: Region, day: datetime.date) -> bool:
    return near_me.on_day(region, day, 240).service == day


def test_a_word_of_several_spellings_is_offered_once_as_most_write_it() -> None:
    listed = pd.DataFrame({"fellowship": ["Al Anon", "Al-Anon; AA", "Al-Anon", "AA", "AA", None, "NA"]})
    assert near_me.present(listed, "fellowship", bool) == ["AA", "Al-Anon", "NA"]
