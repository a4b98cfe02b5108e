"""The pocket page, without a browser: forms, words, sizes, headers, and whatever a stranger may send."""

import datetime
import gzip
import re
import threading
from collections.abc import Iterator
from html import unescape
from types import SimpleNamespace
from urllib.parse import unquote

import numpy as np
import pytest
import streamlit as st
from icalendar import Calendar
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route
from starlette.testclient import TestClient

import app
from geo.dates import date_of
from geo.nearby.places import Wishes
from geo.tables import RESOURCES, WEEKS
from geo.timetables.ended import last_day
from screens.pocket import answer, calendar, page
from screens.pocket.doors import SHELL
from screens.pocket.fields import MAX_BYTES, Fields, Refused, as_hidden, raw_fields, read
from screens.pocket.page import SCRIPT_ADDRESS
from screens.shared import near_lists, near_me, near_text, regions
from screens.shared.catalogs import languages
from screens.shared.words import Say
from sources.region import open_region

SAY, ES = Say("en"), Say("es")
HOME = "253 Dovetail Street"
LIMIT = 60_000
PHONE = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Mobile Safari/537.36"
SHELL_PAGE = HTMLResponse(f"<title>Streamlit</title><body><noscript>Enable\nit</noscript>{SHELL.decode()}</body>")


def next_wednesday() -> datetime.date:
    today = datetime.datetime.now(tz=datetime.UTC).date()
    return today + datetime.timedelta(days=(2 - today.weekday()) % 7 + 7)


WHEN = {"date": next_wednesday().isoformat(), "time": "17:30"}
ASKED = {"from": HOME, "view": "tonight", "mode": "transit", "language": "en", **WHEN}


@pytest.fixture
def client(demo_region: str) -> Iterator[TestClient]:
    """Return what asks our own routes behind all that a request passes, and a page like Streamlit's."""
    shell = [Route("/", lambda _: SHELL_PAGE), Route("/participant", lambda _: SHELL_PAGE)]
    served = Starlette(routes=[*app.routes(threading.Event()), *shell], middleware=app.middleware(["127.0.0.1"]))
    st.cache_resource.clear()
    with TestClient(served, base_url="http://127.0.0.1", follow_redirects=False) as asking:
        yield asking


def text_of(content: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<style>.*?</style>|<[^>]+>", " ", content, flags=re.DOTALL)))


def targets(content: str) -> list[str]:
    return [unescape(one) for one in re.findall(r'formaction="/near/way" name="to" value="([^"]+)"', content)]


def test_the_form_and_the_crisis_line_stand_without_a_script(client: TestClient) -> None:
    start = client.get("/near")
    assert start.status_code == 200
    assert start.text.index('href="tel:988"') < start.text.index("<form")
    assert 'href="sms:988"' in start.text
    assert "https://988lifeline.org/chat/" in start.text
    assert 'method="post" action="/near"' in start.text
    assert "set-cookie" not in start.headers
    assert start.headers["cache-control"] == "no-store"
    spanish = client.get("/near?language=es&region=demo").text
    assert 'lang="es"' in spanish
    assert "Llame al 988 y oprima el 2" in spanish
    assert 'href="sms:988?&amp;body=AYUDA"' in spanish
    assert SAY("pocket_find") not in spanish


def test_no_place_is_kept_in_an_address(client: TestClient) -> None:
    asked = client.get("/near", params={"from": HOME, "language": "es"})
    assert (asked.status_code, asked.headers["location"]) == (303, "/near?language=es")
    for path in ("/near/way", "/near/map", "/near/calendar"):
        assert client.get(path).headers["location"] == "/near"
    told = client.post("/near", data=ASKED).text
    addresses = re.findall(r'(?:href|src|action|formaction)="([^"]*)"', told)
    assert len(addresses) > 20
    assert not [one for one in addresses if "dovetail" in one.lower() or "40.344" in one]


@pytest.mark.parametrize("language", languages())
def test_tonight_tells_of_each_meeting_all_that_one_needs(client: TestClient, language: str) -> None:
    say = Say(language)
    answered = client.post("/near", data=ASKED | {"language": language})
    assert answered.status_code == 200
    told = text_of(answered.text)
    other = Say("es" if language == "en" else "en")
    for key in ("near_evening", "near_way", "pocket_text", "pocket_calendar", "pocket_directions", "pocket_always"):
        assert say(key) in told
        assert other(key) not in told
    region = open_region("demo")
    rows = region.resources.set_index("resource_id")
    listed = [target.split("|", 2)[2] for target in targets(answered.text)]
    assert len(listed) >= answer.AT_ONCE
    doors = 0
    for identity in listed:
        row = rows.loc[identity]
        assert near_me.plain(row["venue"]) in told
        assert near_me.plain(row["notes"]) in told
        doors += "door" in row["notes"]
    assert doors
    assert re.search(say("near_last_transit", time="TIME").replace("TIME", r"\d+:\d\d"), told)
    assert re.search(r'href="sms:\?&amp;body=\w', answered.text)
    verified = regions.verified(region, say)
    assert len(verified) > 1
    assert all(text in told for text in verified)


def test_the_same_rows_as_the_participants_page(client: TestClient) -> None:
    region = open_region("demo")
    known = regions.places_nearby("demo")
    when = near_me.moment(region, (datetime.date.fromisoformat(WHEN["date"]), datetime.time(17, 30)))
    place = answer.question(region, Fields(typed=HOME, mode="transit", date=WHEN["date"], time="17:30")).place
    asked = near_me.Question(place, "transit", when)
    rows = near_me.sessions_near(known, near_me.day_near(region, known, asked), asked)
    rows = rows[rows["home"].notna()].head(answer.AT_ONCE)
    ids = known.resources["resource_id"].to_numpy()[rows["row"]]
    expected = [f"{WHEN['date']}|{start}|{one}" for start, one in zip(rows["start_minute"], ids, strict=True)]
    assert targets(client.post("/near", data=ASKED).text)[: answer.AT_ONCE] == expected


@pytest.mark.parametrize("view", ["now", "tonight", "week"])
@pytest.mark.parametrize("language", languages())
def test_an_answer_is_small(client: TestClient, view: str, language: str) -> None:
    answered = client.post("/near", data=ASKED | {"view": view, "language": language})
    assert answered.headers["content-encoding"] == "gzip"
    assert answered.headers["cache-control"] == "no-store"
    assert "set-cookie" not in answered.headers
    script = client.get("/near/pocket.js")
    form = client.get("/near")
    assert (
        sum(len(gzip.compress(one.content)) for one in (answered, script, form)) < LIMIT // 2
    )  # a real feed is longer


def test_the_crisis_line_comes_before_anything_is_asked_of_the_region(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    top, lists = page._top, answer.lists
    monkeypatch.setattr(page, "_top", lambda asked: order.append("top") or top(asked))
    monkeypatch.setattr(answer, "lists", lambda *asked: order.append("answer") or lists(*asked))
    told = client.post("/near", data=ASKED, headers={"accept-encoding": "identity"}).text
    assert order == ["top", "answer"]
    assert told.index("tel:988") < told.index(SAY("pocket_working")) < told.index('id="answer"')


@pytest.mark.parametrize(
    ("now", "date", "time", "day", "minute"),
    [
        (1530, "2026-11-20", "", 20, 240),
        (1530, "2026-11-20", "01:00", 19, 1500),
        (1530, "2026-11-20", "19:00", 20, 1140),
        (1110, "2026-11-20", "", 20, 1110),
        (1530, "", "", 18, 1530),
    ],
)
@pytest.mark.usefixtures("demo_region")
def test_a_day_that_is_chosen_in_the_small_hours_is_that_day(
    monkeypatch: pytest.MonkeyPatch, now: int, date: str, time: str, day: int, minute: int
) -> None:
    region, moment = open_region("demo"), near_me.moment
    evening = near_me.on_day(region, datetime.date(2026, 11, 18), now)
    monkeypatch.setattr(near_me, "moment", lambda one, *chosen: moment(one, *chosen) if chosen else evening)
    asked = answer.moment(region, Fields(date=date, time=time))
    assert (asked.day, asked.minute) == (datetime.date(2026, 11, day), minute)


def test_a_week_opens_one_of_its_days(client: TestClient) -> None:
    week = client.post("/near", data=ASKED | {"view": "week"})
    days = re.findall(r'name="day" value="([\d-]+)"', week.text)
    assert len(set(days)) == len(days) > 3
    one = client.post("/near", data=ASKED | {"view": "week", "day": days[1]}).text
    starts = {target.split("|")[0] for target in targets(one)}
    assert starts == {days[1]}
    assert len(targets(one)) > answer.A_DAY_AT_ONCE


def test_a_week_says_how_many_meetings_one_does_not_get_home_from(client: TestClient) -> None:
    region, known = open_region("demo"), regions.places_nearby("demo")
    fields = Fields(typed=HOME, view="week", mode="transit", date=WHEN["date"], time=WHEN["time"])
    sessions = near_lists.ask(region, known, answer.question(region, fields), "week").sessions
    by_day = sessions[near_me.stranding(sessions)]["date"].value_counts()
    assert len(by_day) > 1
    for day, count in (("", int(by_day.sum())), (by_day.index[0].isoformat(), int(by_day.iloc[0]))):
        told = text_of(client.post("/near", data=ASKED | {"view": "week", "day": day}).text)
        assert SAY("near_stranded", count=count, how=SAY("how_transit")) in told


def test_late_at_night_there_is_always_a_next_thing(client: TestClient) -> None:
    night = client.post("/near", data=ASKED | {"view": "tonight", "time": "23:50"}).text
    told = text_of(night)
    assert SAY("near_evening_none", how="by bus") in told
    following = {target.split("|")[0] for target in targets(night)}
    assert (next_wednesday() + datetime.timedelta(days=1)).isoformat() in following
    assert SAY("near_next_online", day="").strip() in told
    assert "1-800-662-4357" in told
    assert night.count('href="tel:988"') == 2
    found = client.post("/near/way", data=ASKED | {"view": "tonight", "time": "23:50", "to": targets(night)[0]}).text
    assert "You are there." in found


@pytest.mark.parametrize("number", [0, 3])
def test_the_way_there_and_home(client: TestClient, number: int) -> None:
    told = client.post("/near", data=ASKED).text
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]+)">', told.split('id="again"')[1]))
    assert hidden["at"].endswith(";253 Dovetail Street, Quillhaven, 00302")
    target = targets(told)[number]
    way = client.post("/near/way", data={**hidden, "to": target})
    lead = re.findall(r"<strong>(Leave by [^<]+)</strong>", told)[number]
    assert lead in way.text
    steps = text_of(way.text)
    for key in ("near_way_to", "near_way_back", "pocket_back"):
        assert SAY(key) in steps
    assert steps.count("You are there.") >= 2
    assert len(way.content) < LIMIT


def test_the_way_to_a_place_that_is_open(client: TestClient) -> None:
    now = client.post("/near", data=ASKED | {"view": "now", "time": "14:00"}).text
    place = next(target for target in targets(now) if target.startswith("||"))
    way = client.post("/near/way", data=ASKED | {"time": "14:00", "to": place})
    assert "You are there." in text_of(way.text)
    assert client.post("/near/calendar", data=ASKED | {"to": place}).status_code == 400


def test_a_meeting_goes_into_a_calendar(client: TestClient) -> None:
    target = targets(client.post("/near", data=ASKED).text)[0]
    file = client.post("/near/calendar", data=ASKED | {"to": target})
    assert file.headers["content-type"].startswith("text/calendar")
    assert file.headers["cache-control"] == "no-store"
    event = Calendar.from_ical(file.content).walk("VEVENT")[0]
    day, start, identity = target.split("|", 2)
    names = {
        client.post("/near/calendar", data=ASKED | {"to": one}).headers["content-disposition"]
        for one in targets(client.post("/near", data=ASKED).text)[:3]
    }
    assert len(names) == 3, "two meetings of a day don't get one name"
    assert all(re.fullmatch(rf'attachment; filename="meeting-{day}-[0-9a-f]{{6}}\.ics"', one) for one in names), names
    row = open_region("demo").resources.set_index("resource_id").loc[identity]
    assert event.start.isoformat()[:16] == f"{day}T{int(start) // 60:02d}:{int(start) % 60:02d}"
    assert event.start.tzinfo is not None
    assert event["rrule"].to_ical() == b"FREQ=WEEKLY"
    assert row["venue"] in event["location"]
    date = SAY.habits.date(datetime.date.fromisoformat(day), year=True)
    assert f"On {date}: leave by" in event["description"], "what comes every week says of which day its buses are"
    ends = last_day(open_region("demo").network.feed, datetime.date.fromisoformat(day))
    assert ends is not None
    assert f"The bus timetable holds until {SAY.habits.date(ends, year=True)}." in event["description"]
    assert f"On {date}: leave by" in event.walk("VALARM")[0]["description"]
    assert HOME not in file.text
    walked = client.post("/near/calendar", data=ASKED | {"to": target, "mode": "walk"})
    if walked.status_code == 200:
        (on_foot,) = Calendar.from_ical(walked.content).walk("VEVENT")
        assert "timetable" not in on_foot["description"]


def test_a_calendar_tells_where_another_days_timetable_stands_in(client: TestClient) -> None:
    """The week after the timetable ends, its times are lent: an event that comes every week must not hide that."""
    region = open_region("demo")
    feed = region.network.feed
    assert feed is not None
    ended = date_of(int(feed.feed_last_day.max()))
    day = next(one for one in (ended + datetime.timedelta(n) for n in range(1, 9)) if one.weekday() == 2)
    asked = near_me.Question(
        answer.question(region, Fields(typed=HOME, mode="transit")).place, "transit", near_me.on_day(region, day, 1050)
    )
    (row, *_) = near_me.in_words(
        (known := regions.places_nearby("demo")).resources,
        near_me.with_next_way_home(
            region, known, asked, near_me.sessions_near(known, near_me.day_near(region, known, asked), asked)
        ),
        Wishes(), SAY,
    ).itertuples(index=False)  # fmt: skip
    made = datetime.datetime(2026, 12, 1, tzinfo=datetime.UTC)
    told = answer.limits(region, asked, [day], SAY)
    assert any("does not cover" in text for text in told)
    (event,) = Calendar.from_ical(calendar.event(row, "transit", region.facts.time_zone, made, SAY, told, ended)).walk(
        "VEVENT"
    )
    assert all(text in event["description"] for text in told)


@pytest.mark.parametrize(
    ("weeks", "rule"),
    [
        ("", {"freq": "weekly"}),
        ("2;4", {"freq": "monthly", "byday": ["2TH", "4TH"]}),
        ("last", {"freq": "monthly", "byday": ["-1TH"]}),
        ("alternate", {}),
        ("monthly", {}),
    ],
)
def test_weeks_of_the_month_in_a_calendar(weeks: str, rule: dict[str, object]) -> None:
    assert calendar._rule(weeks, 3) == rule
    assert set(weeks.split(";")) <= {"", *WEEKS}


def test_the_map_is_a_picture_on_demand(client: TestClient) -> None:
    told = client.post("/near/map", data=ASKED)
    assert 'src="data:image/png;base64,iVBOR' in told.text
    assert told.text.count("<li>") >= 5
    assert len(gzip.compress(told.content)) < 200_000


def test_an_address_that_is_not_certain_is_asked_for_and_may_be_chosen(client: TestClient) -> None:
    told = client.post("/near", data=ASKED | {"from": "Dovetail"}).text
    near = [unescape(one) for one in re.findall(r'name="at" value="([^"]+)"', told) if one]
    assert SAY("found_many") in told
    chosen = client.post("/near", data={key: ASKED[key] for key in ("view", "mode", "date", "time")} | {"at": near[0]})
    assert targets(chosen.text)
    assert near[0].partition(";")[2] in unescape(chosen.text)
    assert len(re.findall(r"<h1", told)) == 1
    assert told.count('name="from" form="retry"') == 1
    lost = client.post("/near", data=ASKED | {"from": "qqqqqqq zzzzzzzz"}).text
    assert SAY("not_found_hint") in unescape(lost)
    assert SAY("pocket_no_place") in client.post("/near", data=ASKED | {"from": " "}).text


@pytest.mark.parametrize("language", languages())
def test_a_place_outside_is_a_sentence(client: TestClient, language: str) -> None:
    told = client.post("/near", data=ASKED | {"from": "39.0, -84.5", "language": language}).text
    assert Say(language)("outside") in unescape(told)
    assert 'href="tel:988"' in told


@pytest.mark.parametrize(
    ("changed", "status", "key"),
    [
        ({"region": "nowhere"}, 404, "pocket_no_such_region"),
        ({"region": "../demo"}, 404, "pocket_no_such_region"),
        ({"view": "never"}, 400, "pocket_bad_field"),
        ({"mode": "rocket"}, 400, "pocket_bad_field"),
        ({"mode": "drive"}, 200, "pocket_bad_field"),
        ({"kind": "<b>"}, 200, "pocket_bad_field"),
        ({"date": "2026-13-45"}, 400, "pocket_bad_day"),
        ({"date": "1999-01-01"}, 400, "pocket_bad_day"),
        ({"date": "20261201"}, 400, "pocket_bad_day"),
        ({"time": "25:00"}, 400, "pocket_bad_day"),
        ({"day": "tomorrow"}, 400, "pocket_bad_day"),
        ({"at": "1e999,0;x"}, 400, "pocket_bad_field"),
        ({"at": "91,0;x"}, 400, "pocket_bad_field"),
        ({"at": "NaN,NaN;"}, 400, "pocket_bad_field"),
        ({"to": "x"}, 400, "pocket_bad_field"),
        ({"to": "9999-99-99|1|x"}, 400, "pocket_bad_day"),
        ({"step_free": "maybe"}, 400, "pocket_bad_field"),
        ({"from": "x" * 201}, 400, "pocket_bad_field"),
        ({"from": "x" * MAX_BYTES}, 413, "pocket_too_large"),
        ({f"field{number}": "x" for number in range(60)}, 400, "pocket_bad_field"),
    ],
)
def test_what_the_page_does_not_offer_is_refused(
    client: TestClient, changed: dict[str, str], status: int, key: str
) -> None:
    for path in ("/near", "/near/way", "/near/map", "/near/calendar"):
        answered = client.post(path, data=ASKED | changed)
        if path == "/near":
            assert answered.status_code == status
            assert SAY(key) in unescape(answered.text)
        assert answered.status_code in {200, 400, 404, 413}
        assert 'href="tel:988"' in answered.text
        assert "Traceback" not in answered.text


def test_a_body_that_is_no_form_is_refused(client: TestClient) -> None:
    for content, kind in ((b'{"from": "x"}', "application/json"), (b"\xff\xfe\x00", "text/plain"), (b"", "")):
        assert client.post("/near", content=content, headers={"content-type": kind}).status_code == 415
    broken = client.post(
        "/near", content=b"from=%ff%00%zz&view=now", headers={"content-type": "application/x-www-form-urlencoded"}
    )
    assert broken.status_code == 200
    assert 'role="alert"' in broken.text


@pytest.mark.parametrize("target", ["||nothing", "||meeting_guide.meeting_guide:nooners-hope-2", "2026-01-01|0|bmlt:5"])
def test_what_is_not_there_any_more_is_a_sentence(client: TestClient, target: str) -> None:
    told = client.post("/near/way", data=ASKED | {"to": target.replace("2026-01-01", WHEN["date"])})
    assert SAY("pocket_gone") in unescape(told.text)


ATTACKS = (
    '"><script>alert(1)</script>',
    "{{7*7}}",
    "{% bad %}",
    "${alert(1)}",
    "<img src=x onerror=alert(1)>",
    "a\x00b",
)


def test_every_text_of_a_feed_is_shown_as_text(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    region = open_region("demo")
    columns = [column.name for column in RESOURCES.columns if column.kind == "text" and not column.allowed]
    columns = [name for name in columns if name not in ("resource_id", "source", "opening_hours", "languages", "url")]
    hostile = {name: [ATTACKS[row % len(ATTACKS)] for row in range(len(region.resources))] for name in columns}
    links = ["javascript:alert(1)"] * len(region.resources)
    region.__dict__["resources"] = region.resources.assign(**hostile, url=links)
    monkeypatch.setattr(regions, "opened", lambda _: region)
    for view in ("now", "tonight", "week"):
        told = client.post("/near", data=ASKED | {"view": view}).text
        body = told.split("</style>")[1]
        assert "<img" not in body
        assert body.count("<script") == 1  # our own, in the head
        assert "javascript:" not in told
        assert {"{{7*7}}", "{% bad %}", "${alert(1)}"} <= {one for one in ATTACKS if one in unescape(told)}
    way = client.post("/near/way", data=ASKED | {"to": targets(told)[0]}).text
    assert "<img" not in way.split("</style>")[1]


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_a_person_types_is_shown_as_text(client: TestClient, attack: str) -> None:
    for changed in ({"from": attack}, {"at": f"40.3483,-113.4327;{attack}"}):
        told = client.post("/near", data=ASKED | changed).text.split("</style>")[1]
        assert "<img" not in told
        assert told.count("<script") == 1
        assert "\x00" not in told


def test_an_online_meeting_of_an_unknown_time_zone_says_so(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    region = open_region("demo")
    assert SAY("near_zone_unknown") not in unescape(client.post("/near", data=ASKED).text)
    region.__dict__["sessions"] = region.sessions.assign(time_zone="Nowhere/X")
    st.cache_resource.clear()
    monkeypatch.setattr(regions, "opened", lambda _: region)
    assert SAY("near_zone_unknown") in unescape(client.post("/near", data=ASKED).text)


@pytest.mark.parametrize(
    ("start", "when"), [(1140, "Wednesday, November 18, 7:00 PM"), (1470, "Thursday, November 19, 12:30 AM")]
)
def test_a_friend_is_told_the_day_of_the_calendar(start: int, when: str) -> None:
    row = SimpleNamespace(
        resource_id="a", name="Hall", where="5th", date=datetime.date(2026, 11, 18), start_minute=start,
        end_minute=start + 60, leave=start - 10.0, there=float(start), free=start + 70.0, home=start + 80.0,
        on_foot=10.0, last_home=np.inf, next_home=np.nan,
    )  # fmt: skip
    told = unquote(answer._session(row, SimpleNamespace(mode="walk"), SAY)["message"])  # type: ignore[arg-type]
    assert near_text.late_start(row, SAY) == (["early Thursday, 12:30 AM"] if start >= 1440 else [])
    assert told.endswith(f"body=I am going to Hall, {when}, 5th. Will you come with me?")


def test_what_breaks_is_one_sentence_and_its_text_is_written_nowhere(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise KeyError(HOME)

    monkeypatch.setattr(answer, "lists", broken)
    told = client.post("/near", data=ASKED).text
    assert SAY("problem") in unescape(told)
    assert 'href="tel:988"' in told
    assert "KeyError" in caplog.text
    assert "Dovetail" not in caplog.text


def test_those_who_come_when_too_many_wait_are_told_so(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "WAITING_AT_MOST", 0)
    told = client.post("/near", data=ASKED).text
    assert SAY("pocket_busy") in told
    assert 'href="tel:988"' in told
    assert client.post("/near/calendar", data=ASKED | {"to": "||x"}).status_code == 503


def test_headers_allow_the_form_and_location_here_and_nothing_elsewhere(client: TestClient) -> None:
    near, other = client.get("/near").headers, client.get("/assets/font/source-sans.woff2").headers
    policy = near["content-security-policy"]
    assert "form-action 'self'" in policy
    assert "'unsafe-inline'" not in policy
    assert f"'sha256-{page.STYLE_SHA256}'" in policy
    assert "geolocation=(self)" in near["permissions-policy"]
    assert "geolocation=()" in other["permissions-policy"]
    assert "form-action 'none'" in other["content-security-policy"]
    assert (near["referrer-policy"], other["referrer-policy"]) == ("same-origin", "no-referrer")
    assert client.post("/near", data=ASKED, headers={"origin": "http://127.0.0.1"}).status_code == 200
    for origin in ("http://elsewhere.example", "null"):
        assert client.post("/near", data=ASKED, headers={"origin": origin}).status_code == 403


def test_a_phone_at_the_front_door_is_sent_to_the_quick_page(client: TestClient) -> None:
    sent = client.get("/", headers={"user-agent": PHONE})
    assert (sent.status_code, sent.headers["location"]) == (303, "/near")
    assert "no-store" in sent.headers["cache-control"]
    assert (
        client.get("/", headers={"user-agent": PHONE, "accept": "text/html"}, params={"full": "1"}).status_code == 200
    )
    assert client.get("/participant", headers={"user-agent": PHONE}).status_code == 200
    assert client.get("/", headers={"sec-ch-ua-mobile": "?1"}).status_code == 303
    assert client.get("/").status_code == 200
    assert "/?full=1&amp;region=demo&amp;language=en" in client.get("/near").text


@pytest.mark.parametrize("packs", ["gzip", "identity"])
def test_the_first_bytes_of_the_full_app_hold_the_crisis_line(client: TestClient, packs: str) -> None:
    asked = {"accept": "text/html", "accept-encoding": packs}
    told = client.get("/participant?language=es", headers=asked)
    assert "Llame al 988 y oprima el 2" in told.text
    assert "noscript" not in told.text
    assert 'href="/near?region=demo&amp;language=es"' in told.text
    assert client.get("/participant", headers={"accept": "*/*"}).text == SHELL_PAGE.body.decode()


def test_streamlits_own_page_has_the_shell() -> None:
    index = app.Path(st.__file__).parent / "static" / "index.html"
    assert index.read_bytes().count(SHELL) == 1


def test_without_any_region_the_page_says_so(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECOVERY_REACH_HOME", str(tmp_path))
    asking = TestClient(Starlette(routes=page.routes()), base_url="http://127.0.0.1")
    for told in (asking.get("/near"), asking.post("/near", data=ASKED)):
        assert told.status_code == 200
        assert SAY("no_region") in told.text
        assert 'href="tel:988"' in told.text


def test_what_is_hidden_in_a_form_is_read_as_it_was() -> None:
    raw = {
        "region": "demo", "language": "es", "from": "a & b", "at": "40.34419,-113.44234;a; b", "view": "week",
        "mode": "walk", "date": WHEN["date"], "time": "17:30", "kind": "meeting", "fellowship": "AA",
        "format": "women", "spoken": "es", "step_free": "yes",
    }  # fmt: skip
    today = datetime.datetime.now(tz=datetime.UTC).date()
    fields = read(raw, today)
    assert as_hidden(fields) == raw
    assert read(as_hidden(fields), today) == fields
    assert raw_fields(b"from=a&from=b") == {"from": "b"}  # the button after the form
    with pytest.raises(Refused):
        raw_fields(b"x" * (MAX_BYTES + 1))


def test_no_host_is_asked_for_anything_but_what_a_person_taps(client: TestClient) -> None:
    told = client.post("/near", data=ASKED).text
    loaded = re.findall(r'(?:src|action|formaction)="([^"]*)"|<link[^>]*href="([^"]*)"', told)
    assert {one or other for one, other in loaded} == {
        SCRIPT_ADDRESS, "data:,", "/near", "/near/way", "/near/calendar", "/near/map",
    }  # fmt: skip


def test_the_script_is_served_from_here(client: TestClient) -> None:
    script = client.get(SCRIPT_ADDRESS)
    assert "getCurrentPosition" in script.text
    assert "immutable" in script.headers["cache-control"]


@pytest.mark.parametrize("view", ["now", "week"])
def test_an_answer_stays_small_where_every_note_is_as_long_as_may_be(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, view: str
) -> None:
    region = open_region("demo")
    chance = np.random.default_rng(0)
    parts = ["".join(chance.choice(list("etaoinshrdlu"), 6)) for _ in range(3000)]
    notes = [" ".join(chance.choice(parts, 85))[:600] for _ in range(len(region.resources))]
    region.__dict__["resources"] = region.resources.assign(notes=notes)
    monkeypatch.setattr(regions, "opened", lambda _: region)
    answered = client.post("/near", data=ASKED | {"view": view})
    assert len(targets(answered.text)) > 8
    assert len(gzip.compress(answered.content)) < LIMIT - 10_000
