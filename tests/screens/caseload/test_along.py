"""What goes along: a sheet that fits, a calendar two readers open alike, a letter by consent; no diagnosis anywhere."""

import datetime as dt
import io
import tempfile
from dataclasses import replace
from html import unescape
from pathlib import Path
from types import SimpleNamespace

import icalendar
import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader
from streamlit.testing.v1 import AppTest

from geo.clock import Moment
from geo.errors import InputError
from geo.needs.curfew import every_evening, stricter
from geo.needs.needs import Appointment, Needs, SavedPlace, Shift
from geo.plan.messages import SENTENCES, Message, message_of
from geo.plan.model import HOME
from people.caseload import add_person
from people.consent import NOTICE, Disclosure, accounting, add_consent
from people.folders import VaultPlace
from people.notebook import add_call
from people.person_needs import save_needs
from people.settings import VaultSettings
from people.short_list import put_on_short_list
from people.trail import read_trail, verify_trail
from people.vault import Vault, open_vault
from screens.case_manager.person import Whose
from screens.case_manager.week import hours, spoken
from screens.caseload.along import asked, week_part
from screens.caseload.along import neutral as words
from screens.caseload.along.calendar import LEAD_MINUTES, calendar
from screens.caseload.along.letter import Letter, check_reason, letter
from screens.caseload.along.manager import Manager
from screens.caseload.along.move import with_move
from screens.caseload.along.notes import NEUTRAL, left_off, page_notes, paper_notes
from screens.caseload.along.pocket_plan import LARGE_POINTS, LEAST_POINTS, MOST_PAGES, pocket_plan
from screens.caseload.along.stops import phones
from screens.caseload.along.week import Move, WeekAlong, begins, clock, from_now_on, week_along
from screens.shared.near_me import When
from screens.shared.near_text import capitalized
from screens.shared.place_search import looked_up
from screens.shared.words import Say
from sources.region.model import Region
from tests.people.conftest import ANA, PASSPHRASE
from tests.screens.case_manager.invented_homes import compared, house
from tests.screens.caseload.conftest import Visit, everything_held, labels, pick, shown, unlock

EN = Say("en")
MADE = dt.date(2026, 1, 7)
START = dt.date(2026, 1, 8)
COURT = SavedPlace("court", 40.3665, -113.4242)
NEEDS = Needs(
    curfew=every_evening(22 * 60),
    medications=("methadone",),
    doses_per_week=5,
    meetings_per_week=4,
    shifts=tuple(Shift(day, 600, 960) for day in range(4)),
    appointments=(Appointment(4, 780, 840, COURT),),
    work_place=SavedPlace("work", 40.3640, -113.4180),
)
FEW = Needs(meetings_per_week=2, weekly_budget_usd=120)
"""Leaves four of the demo's houses, and those on the short list, to be compared for a letter."""
NEAR, FAR = "recovery_residences:RR-001", "recovery_residences:RR-068"
FULL = Needs(
    gender="men",
    curfew=every_evening(22 * 60),
    fellowships=("NA",),
    shifts=tuple(Shift(day, 420, 900) for day in range(5)),
    appointments=(Appointment(2, 960, 1020, SavedPlace("office", 40.367454, -113.465277)),),
    work_place=SavedPlace("work", 40.368976, -113.465425),
)
"""A full-time job, an appointment, a meeting a day: an ordinary week that is long on paper."""
GOLDFINCH, FRIDAY, ARRIVES_FROM = "recovery_residences:RR-049", dt.date(2026, 12, 4), (-113.46236, 40.36612)
MANAGER = Manager("Example Ana", "202-555-0199")
CONSENT = {"recipient": "Example County Court", "what": "choice of home", "purpose": "housing",
           "given_on": "2026-11-01", "expires_on": "2026-12-20"}  # fmt: skip
GIVEN = Disclosure("d1", NOTICE, CONSENT)


@pytest.fixture(scope="module")
def weeks(region: Region) -> dict[str, WeekAlong]:
    """Return a week from a house in town, and one from a house in a village that buses seldom leave."""
    return {one: week_along(region, region.support, one, NEEDS, START) for one in (NEAR, FAR)}


def sheet(region: Region, week: WeekAlong, manager: Manager, made: dt.date, say: Say, **how: object) -> bytes:
    """Return the plan for the pocket, whose pages are counted as they are."""
    content, pages = pocket_plan(region, week, manager, made, say, **how)  # type: ignore[arg-type]
    assert pages == len(PdfReader(io.BytesIO(content)).pages)
    return content


def text_of(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def sizes(content: bytes) -> set[float]:
    """Return the sizes of all letters that a PDF prints."""
    found: set[float] = set()

    def note(text: str, _: object, matrix: list[float], __: object, size: float) -> None:
        if text.strip():
            found.add(round(size * abs(matrix[3]), 1))

    for page in PdfReader(io.BytesIO(content)).pages:
        page.extract_text(visitor_text=note)
    return found


def first_day(content: bytes, day: dt.date, say: Say = EN) -> str:
    """Return what a plan tells of its first day."""
    text = " ".join(text_of(content).split())
    first, second = (capitalized(say.habits.date(one)) for one in (day, day + dt.timedelta(days=1)))
    return text[text.index(first) : text.index(second)]


def telling(text: str) -> list[str]:
    return words.telling_words(text)


@pytest.mark.parametrize(
    "name",
    ["Second Spring Opioid Treatment Program", "Grupo de Alcohólicos Anónimos", "AA Beginners", "Clínica de Metadona",
     "New Hope Recovery House", "Centro de rehabilitación", "Behavioral Health of XX", "12-Step Study",
     "Suboxone group", "NA Candlelight", "Casa de recuperación", "Narcan kits", "Outpatient services",
     "Substance use help", "Nar-Anon", "Al Anon", "Al\u2011Anon", "Alateen", "Co-Anon", "A.A.", "N.A. Friday", "C.A.",
     "Twelve-Step", "Twelve\u2011Step", "12 & 12", "12x12", "Twelve and Twelve", "Big-Book", "Alano Club",
     "Needle Exchange", "Needle/Syringe Exchange", "Crystal Meth", "Meth", "Ketamine", "Hep C", "Hep-C",
     "Medication-Assisted", "Oxford House", "Halfway house", "Half-way House", "Ex-drinkers", "CODA", "CoDA",
     "CA Friday", "a.a. group", "aa at noon", "metadona", "recuperación", "Doce-Pasos", "12 pasos", "alcohólicos",
     "jeringas", "Casa de medio camino", "codependientes"],
)  # fmt: skip
def test_names_that_tell_of_treatment_are_known(name: str) -> None:
    assert telling(name)
    assert words.neutral(name, "Appointment") == "Appointment"


@pytest.mark.parametrize(
    "name",
    ["Lantern Step", "312 Independence Avenue", "Juniper Chapel", "the buses", "Fundamental Baptist Church",
     "Hive Cafe", "sobre la mesa", "información adicional", "Naples Street", "St. Matthew", "Heroic Park",
     "Opinion Hall", "Mati", "Methodist Church", "100 Main St, Fresno, CA", "Oakland CA 94601", "Canon Hall", "acá",
     "coda", "mat", "12 12th Street", "1212 Main Street"],
)  # fmt: skip
def test_other_names_stay(name: str) -> None:
    assert words.neutral(name) == name


@given(st.sampled_from(["methadone", "opioid", "addiction", "recovery", "adicción", "sobriedad", "detox"]), st.data())
def test_a_telling_word_is_known_however_it_is_written(word: str, data: st.DataObject) -> None:
    mixed = "".join(letter.upper() if data.draw(st.booleans()) else letter for letter in word)
    around = st.text("abc é&-.,/'", max_size=8)
    assert telling(f"{data.draw(around)} {mixed} {data.draw(around)}")


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_full_time_job_and_a_meeting_a_day_fit_on_one_sheet(region: Region, language: str) -> None:
    week = with_move(week_along(region, region.support, GOLDFINCH, FULL, FRIDAY), region.support, ARRIVES_FROM, 600)
    content = sheet(region, week, MANAGER, MADE, Say(language))
    assert len(PdfReader(io.BytesIO(content)).pages) <= MOST_PAGES
    assert min(sizes(content)) >= LEAST_POINTS


@pytest.mark.parametrize("language", ["en", "es"])
def test_what_is_after_one_is_at_the_house_is_not_said_to_be_before_it(region: Region, language: str) -> None:
    """Who would be at work when they leave at ten goes on to no meeting from there; the meeting is at four."""
    say = Say(language)
    week = with_move(week_along(region, region.support, GOLDFINCH, FULL, FRIDAY), region.support, ARRIVES_FROM, 600)
    assert week.move is not None
    assert week.move.journey is not None
    there = week.move.journey.arrival / 60
    assert [stop.kind for stop in week.move.before] == ["work"]
    assert [stop.kind for stop in week.move.after] == ["meeting"]
    assert all(stop.start >= there for stop in week.move.after)
    text = first_day(sheet(region, week, MANAGER, MADE, say), FRIDAY, say)
    before, after = (say(f"along_move_{one}", what="").strip(" .") for one in ("before", "after"))
    meeting = hours(week.move.after[0], FRIDAY.weekday(), say)
    assert text.index(before) < text.index(after) < text.index(meeting)
    assert text.count(meeting) == 1
    (event,) = [one for one in events_of(ics(region, week, language=language)) if after in str(one["description"])]
    assert event.decoded("dtstart").hour * 60 + event.decoded("dtstart").minute == week.move.after[0].start
    assert any(after in note for note in page_notes(week, say))


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("house_id", [NEAR, FAR])
def test_the_plan_is_one_sheet_that_one_can_read(
    region: Region, weeks: dict[str, WeekAlong], house_id: str, language: str
) -> None:
    week, say = weeks[house_id], Say(language)
    content = sheet(region, week, MANAGER, MADE, say)
    assert len(PdfReader(io.BytesIO(content)).pages) <= MOST_PAGES
    assert min(sizes(content)) >= LEAST_POINTS
    text = " ".join(text_of(content).split())
    assert not telling(text)
    assert text.count("988") >= 2
    for fact in (week.house["name"], week.house["address"], week.house["phone"], "202-555-0199"):
        assert fact in text
    for one in week.days:
        assert say.habits.date(one.date).lower() in text.lower()


@pytest.mark.parametrize("language", ["en", "es"])
def test_large_print_is_large_and_says_the_same(region: Region, weeks: dict[str, WeekAlong], language: str) -> None:
    say = Say(language)
    content = sheet(region, weeks[FAR], MANAGER, MADE, say, large=True)
    assert min(sizes(content)) >= LARGE_POINTS
    text = " ".join(text_of(content).split())
    assert not telling(text)
    for one in weeks[FAR].days:
        assert say.habits.date(one.date).lower() in text.lower()
        for stop in one.day.stops:
            if stop.journey is not None:
                assert say.habits.clock(stop.journey.way.leaves // 60) in text


def test_each_journey_says_when_to_leave_which_line_where_to_get_on_and_off_and_when_one_is_there(
    region: Region, weeks: dict[str, WeekAlong]
) -> None:
    say = Say("en")
    text = " ".join(text_of(sheet(region, weeks[FAR], MANAGER, MADE, say, large=True)).split())
    ridden = [
        stop for one in weeks[FAR].days for stop in one.day.stops if stop.journey and stop.journey.mode == "transit"
    ]
    assert len(ridden) > 4
    for stop in ridden:
        assert stop.journey is not None
        for leg in stop.journey.way.legs:
            if leg.vehicle:
                assert f"{say.habits.clock(leg.start // 60)}: Bus {leg.route}" in text
                assert f"{say.habits.clock(leg.end // 60)}." in text


def test_the_last_bus_stands_under_its_day(region: Region, weeks: dict[str, WeekAlong]) -> None:
    say = Say("en")
    text = " ".join(text_of(sheet(region, weeks[FAR], MANAGER, MADE, say)).split())
    lasts = [one for one in weeks[FAR].days if one.last is not None and one.last.journey is not None]
    assert len(lasts) >= 4
    for one in lasts:
        assert one.last is not None
        assert one.last.journey is not None
        assert one.last.journey.arrival <= 22 * 3600, "in time for the curfew"
        own = text[text.index(say.habits.date(one.date)) :]
        later = [other for other in weeks[FAR].days if other.date > one.date]
        own = own[: own.index(say.habits.date(later[0].date))] if later else own
        assert f"{say.habits.clock(one.last.journey.leaves // 60)}" in own
        assert "Last bus home" in own


def test_a_clinic_s_name_is_left_off_and_said_to_be(region: Region, weeks: dict[str, WeekAlong]) -> None:
    week = weeks[NEAR]
    (name,) = left_off(week)
    assert "Opioid Treatment Program" in name
    text = text_of(sheet(region, week, MANAGER, MADE, Say("en")))
    assert name not in text
    dose = next(stop for one in week.days for stop in one.day.stops if stop.kind == "dose")
    assert week.places[str(dose.resource_id)]["phone"] in text
    telling_house = replace(week, house={**week.house, "name": "Grace Recovery House"})
    assert "Grace" not in text_of(sheet(region, telling_house, MANAGER, MADE, Say("en")))
    assert "Grace Recovery House" in left_off(telling_house)


def test_nothing_that_has_passed_is_told(region: Region, weeks: dict[str, WeekAlong]) -> None:
    now = When(START, 15 * 60, None)
    first = from_now_on(weeks[FAR], now).days[0]
    assert first.date == START
    assert all((stop.start if stop.journey is None else stop.journey.leave) >= 15 * 60 for stop in first.day.stops)
    assert len(first.day.stops) < len(weeks[FAR].days[0].day.stops)
    late = from_now_on(weeks[FAR], When(START, 23 * 60 + 30, None)).days[0]
    assert late.day.stops == ()
    assert late.last is None or late.last.journey is None
    with pytest.raises(InputError, match="has begun already"):
        from_now_on(weeks[FAR], When(START + dt.timedelta(days=1), 0, None))
    with pytest.raises(InputError, match="has begun already"):
        week_along(region, region.support, FAR, NEEDS, dt.date(2020, 1, 1))


def test_a_house_that_cannot_be_planned_from_is_refused(region: Region) -> None:
    with pytest.raises(InputError, match="isn't in this region's list"):
        week_along(region, region.support, "recovery_residences:none", NEEDS, START)
    hidden = region.resources.assign(location_precision="hidden")
    other = SimpleNamespace(resources=hidden, facts=region.facts)
    with pytest.raises(InputError, match="isn't public"):
        week_along(other, region.support, NEAR, NEEDS, START)  # type: ignore[arg-type]


def test_a_week_beyond_the_timetable_says_whose_times_it_tells(region: Region) -> None:
    week = week_along(region, region.support, NEAR, Needs(meetings_per_week=2), dt.date(2028, 3, 1))
    assert week.days[0].date == dt.date(2028, 3, 1)
    assert week.timetable is not None
    text = " ".join(text_of(sheet(region, week, MANAGER, MADE, Say("en"))).split())
    assert "no timetable for these days is known yet" in text


def ics(region: Region, week: WeekAlong, made: dt.datetime | None = None, language: str = "en", **how: object) -> bytes:
    made = made or dt.datetime(2026, 1, 7, 18, 0, 30, tzinfo=dt.UTC)
    return calendar(week, "p1", region.facts.time_zone, made, Say(language), **how)  # type: ignore[arg-type]


@pytest.mark.parametrize("house_id", [NEAR, FAR])
def test_two_readers_find_the_same_events_at_the_same_times(
    region: Region, weeks: dict[str, WeekAlong], house_id: str
) -> None:
    content = ics(region, weeks[house_id])
    one = [
        (str(event["uid"]), str(event["summary"]), event.decoded("dtstart"), event.decoded("dtend"))
        for event in icalendar.Calendar.from_ical(content).walk("VEVENT")
    ]
    read = vobject.readOne(content.decode())
    other = [
        (event.uid.value, event.summary.value, event.dtstart.value, event.dtend.value) for event in read.vevent_list
    ]
    assert len({event[0] for event in one}) == len(one) > 5
    assert {(*event[:2], *(moment.astimezone(dt.UTC) for moment in event[2:])) for event in one} == {
        (*event[:2], *(moment.astimezone(dt.UTC) for moment in event[2:])) for event in other
    }
    stops = [(each.date, stop) for each in weeks[house_id].days for stop in each.day.stops if stop.kind != HOME]
    assert [event[2].replace(tzinfo=None) for event in one] == [
        dt.datetime.combine(date, dt.time()) + dt.timedelta(minutes=stop.start) for date, stop in stops
    ]
    assert b"DTSTART;TZID=America/Denver:" in content
    assert read.vtimezone.tzid.value == "America/Denver"


def test_it_reminds_before_it_is_time_to_leave(region: Region, weeks: dict[str, WeekAlong]) -> None:
    events = icalendar.Calendar.from_ical(ics(region, weeks[FAR])).walk("VEVENT")
    stops = [stop for each in weeks[FAR].days for stop in each.day.stops if stop.kind != HOME]
    for event, stop in zip(events, stops, strict=True):
        (alarm,) = event.walk("VALARM")
        leave = stop.start if stop.journey is None else stop.journey.way.leaves // 60
        assert alarm.decoded("trigger") == dt.timedelta(minutes=leave - stop.start - LEAD_MINUTES)


@pytest.mark.parametrize(("language", "titles"), [("en", {"Work", "Meeting", "Appointment"}),
                                                  ("es", {"Trabajo", "Reunión", "Cita"})])  # fmt: skip
def test_no_title_and_no_place_tells_what_for(
    region: Region, weeks: dict[str, WeekAlong], language: str, titles: set[str]
) -> None:
    events = icalendar.Calendar.from_ical(ics(region, weeks[NEAR], language=language)).walk("VEVENT")
    assert {str(event["summary"]) for event in events} == titles
    assert all("location" not in event and not telling(str(event["description"])) for event in events)
    told = icalendar.Calendar.from_ical(ics(region, weeks[NEAR], language=language, places=True))
    places = {str(event["location"]) for event in told.walk("VEVENT") if "location" in event}
    assert places
    assert not telling(" ".join(places))


def test_a_later_file_replaces_the_events_of_the_one_before(region: Region, weeks: dict[str, WeekAlong]) -> None:
    first, later = (
        icalendar.Calendar.from_ical(ics(region, weeks[FAR], dt.datetime(2026, 1, 7, hour, tzinfo=dt.UTC))).walk(
            "VEVENT"
        )
        for hour in (10, 12)
    )
    assert [event["uid"] for event in first] == [event["uid"] for event in later]
    assert all(one["sequence"] < other["sequence"] for one, other in zip(first, later, strict=True))
    assert all(one["dtstamp"].dt < other["dtstamp"].dt for one, other in zip(first, later, strict=True))


def test_what_goes_to_somebody_else_carries_the_notice(region: Region, weeks: dict[str, WeekAlong]) -> None:
    text = " ".join(text_of(sheet(region, weeks[NEAR], MANAGER, MADE, Say("es"), disclosure=GIVEN)).split())
    assert NOTICE in text
    assert "Example County Court" in text
    events = icalendar.Calendar.from_ical(ics(region, weeks[NEAR], disclosure=GIVEN)).walk("VEVENT")
    assert all(NOTICE in str(event["description"]) for event in events)
    assert NOTICE not in text_of(sheet(region, weeks[NEAR], MANAGER, MADE, Say("en")))


def told(content: bytes) -> list[str]:
    """Return what a calendar tells of itself, and each event of itself."""
    file = icalendar.Calendar.from_ical(content)
    return [str(file["x-wr-caldesc"]), *(str(event["description"]) for event in file.walk("VEVENT"))]


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_calendar_carries_what_limits_it_and_so_does_the_plan(
    region: Region, weeks: dict[str, WeekAlong], language: str
) -> None:
    say = Say(language)
    later = week_along(region, region.support, NEAR, NEEDS, dt.date(2028, 3, 1))
    texts = told(ics(region, later, language=language))
    assert later.timetable is not None
    assert len(texts) > 5
    assert all(say("along_timetable", day=say.day(later.timetable)) in text for text in texts)
    full = replace(weeks[NEAR], plan=replace(weeks[NEAR].plan, feasible=False))
    whom = say("along_maker")
    assert all(say("along_not_all", name=whom) in text for text in told(ics(region, full, language=language)))
    assert say("along_not_all", name=MANAGER.name) in " ".join(text_of(sheet(region, full, MANAGER, MADE, say)).split())
    assert say("along_unmet") in page_notes(full, say)
    assert b"X-WR-CALDESC" not in ics(region, replace(full, plan=replace(full.plan, feasible=True, messages=())))


def test_a_week_beyond_the_timetable_has_its_own_holidays(region: Region) -> None:
    week = week_along(region, region.support, NEAR, NEEDS, dt.date(2028, 7, 3))
    assert week.timetable is not None
    notes = [message for message in week.plan.messages if "holiday" in message.key]
    assert [(note.values["holiday"], note.values["day"]) for note in notes] == [("independence", 1)]
    assert any("Opioid Treatment Program" in note for note in page_notes(week, Say("en")))
    paper = " ".join(text_of(sheet(region, week, MANAGER, MADE, Say("en"))).split())
    assert "Tuesday is Independence Day" in paper
    assert not telling(paper)


def noted(week: WeekAlong, *messages: Message) -> WeekAlong:
    return replace(week, plan=replace(week.plan, feasible=True, messages=messages))


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_note_of_a_plan_is_told_in_full_on_the_page_and_in_neutral_words_on_paper(
    weeks: dict[str, WeekAlong], language: str
) -> None:
    say, name = Say(language), "Second Spring Opioid Treatment Program"
    values = {"name": name, "start": Moment(1200), "end": Moment(1260), "days": (0, 1), "day": 3, "count": 2,
              "holiday": "thanksgiving"}  # fmt: skip
    keys = [key for key in SENTENCES if key.startswith("plan_note")]
    assert set(NEUTRAL) <= set(keys)
    for key in keys:
        own = values | ({"end": dt.date(2026, 1, 2)} if key == "plan_note_ended" else {})
        message = message_of(key, **own)
        week = noted(weeks[FAR], message)
        (paper,) = paper_notes(week, say, "Ana")
        assert not telling(paper), key
        assert name not in paper
        assert "{" not in paper
        assert capitalized(spoken(message, say)) in page_notes(week, say)
    worked = message_of("plan_note_excused", **(values | {"name": "work"}))
    assert paper_notes(noted(weeks[FAR], worked), say)[0].startswith(say("week_kind_work"))


def moved(
    region: Region, week: WeekAlong, leave: int, start: tuple[float, float] | None = (COURT.lon, COURT.lat)
) -> WeekAlong:
    return with_move(week, region.support, start, leave)


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_way_to_the_house_stands_first_and_what_is_before_it_is_named(
    region: Region, weeks: dict[str, WeekAlong], language: str
) -> None:
    say = Say(language)
    week = moved(region, weeks[FAR], 9 * 60)
    assert week.move is not None
    journey = week.move.journey
    assert journey is not None
    assert journey.departure >= 9 * 3600
    first, was = week.days[0], weeks[FAR].days[0]
    assert all(stop.start * 60 >= journey.arrival for stop in first.day.stops)
    without_way = (*week.move.before, *week.move.after)
    kept = [stop for stop in was.day.stops if stop.kind != HOME and stop not in without_way]
    assert kept == [stop for stop in first.day.stops if stop.kind != HOME], "nothing is lost"
    assert week.move.before
    assert week.days[1:] == weeks[FAR].days[1:]
    text = " ".join(text_of(sheet(region, week, MANAGER, MADE, say)).split())
    day = text[text.index(say.habits.date(first.date)[1:]) :]
    there = say.habits.clock(-(-journey.arrival // 60))
    assert day.index(say("along_move")) < day.index(there) < day.index(say("along_move_before", what="").strip(" ."))
    assert "court" not in text, "where they leave from may tell of treatment"


def test_who_leaves_late_in_the_day_does_not_go_to_what_is_before(region: Region, weeks: dict[str, WeekAlong]) -> None:
    week = moved(region, weeks[FAR], 20 * 60)
    assert week.days[0].day.stops == ()
    assert week.move is not None
    assert list(week.move.before) == [stop for stop in weeks[FAR].days[0].day.stops if stop.kind != HOME]


@pytest.mark.parametrize("language", ["en", "es"])
def test_without_a_way_to_the_house_the_plan_says_so_and_what_to_do(
    region: Region, weeks: dict[str, WeekAlong], language: str
) -> None:
    say = Say(language)
    unknown = with_move(weeks[FAR], region.support, None, None)
    assert unknown.days == weeks[FAR].days
    assert say("along_move_unknown", name=MANAGER.name) in " ".join(
        text_of(sheet(region, unknown, MANAGER, MADE, say)).split()
    )
    none = replace(weeks[FAR], move=Move(600))
    asked = say("along_move_none", time=say.habits.clock(600), name=MANAGER.name)
    assert asked in " ".join(text_of(sheet(region, none, MANAGER, MADE, say)).split())
    text = " ".join(text_of(sheet(region, weeks[FAR], MANAGER, MADE, say)).split())
    assert say("along_move_unknown", name=MANAGER.name) not in text, "who lives there needs no way there"
    assert say("along_col_leave") in text


def test_what_begins_before_one_leaves_is_no_trip_from_the_house_also_where_it_is_not_known_from_where(
    region: Region, weeks: dict[str, WeekAlong]
) -> None:
    was = [stop for stop in weeks[FAR].days[0].day.stops if stop.kind != HOME]
    week = moved(region, weeks[FAR], 14 * 60, None)
    assert week.move is not None
    assert was[0].start < 14 * 60
    assert was[0] in week.move.before
    kept = [stop for stop in week.days[0].day.stops if stop.kind != HOME]
    assert [*week.move.before, *week.move.after, *kept] == was
    assert all(stop.start < 14 * 60 for stop in week.move.before), "what is later isn't before it"
    assert all(begins(stop) >= 14 * 60 for stop in week.days[0].day.stops)
    text = " ".join(text_of(sheet(region, week, MANAGER, MADE, Say("en"))).split())
    assert Say("en")("along_move_unknown", name=MANAGER.name) in text


def test_what_is_still_to_come_before_the_house_stays_when_the_leave_time_has_passed(
    region: Region, weeks: dict[str, WeekAlong]
) -> None:
    week = moved(region, weeks[FAR], 20 * 60)
    assert week.move is not None
    first, *later = week.move.before
    now = int(first.start) + 1
    still = from_now_on(week, When(START, now, None)).move
    assert still == replace(week.move, before=tuple(later)), "the way is still to come"
    late = from_now_on(replace(week, move=replace(week.move, leave=now - 1)), When(START, now, None))
    assert late.move == Move(before=tuple(later))
    text = " ".join(text_of(sheet(region, late, MANAGER, MADE, Say("en"))).split())
    assert Say("en")("along_move_unknown", name=MANAGER.name) in text
    assert from_now_on(week, When(START - dt.timedelta(days=1), now, None)).move == week.move


def say_late(say: Say) -> str:
    """Return how the page repeats that one is there too late."""
    return say("along_papers_say", text=say("along_move_late"))


@pytest.mark.parametrize("start", [(COURT.lon, COURT.lat), None])
def test_who_will_be_late_reads_so_also_when_the_time_to_leave_has_passed(
    region: Region, weeks: dict[str, WeekAlong], start: tuple[float, float] | None
) -> None:
    week = moved(region, weeks[NEAR], 22 * 60 + 5, start)
    late = from_now_on(week, When(START, 22 * 60 + 10, None))
    assert late.move == Move(is_late=True)
    assert say_late(EN) in page_notes(late, EN, MANAGER.name)
    assert EN("along_move_late") in " ".join(text_of(sheet(region, late, MANAGER, MADE, EN)).split())


def events_of(content: bytes) -> list[icalendar.Event]:
    return list(icalendar.Calendar.from_ical(content).walk("VEVENT"))


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_calendar_holds_the_day_of_the_move_as_the_plan_does(
    region: Region, weeks: dict[str, WeekAlong], language: str
) -> None:
    say, week = Say(language), moved(region, weeks[FAR], 9 * 60)
    assert week.move is not None
    assert week.move.before
    assert week.move.journey is not None
    content = ics(region, week, language=language)
    own = [event for event in events_of(content) if event.decoded("dtstart").date() == START]
    starts = {event.decoded("dtstart").hour * 60 + event.decoded("dtstart").minute: event for event in own}
    for stop in week.move.before:
        event = starts[int(stop.start)]
        assert say("along_move_before", what="").strip(" .") in str(event["description"])
        assert say("along_leave", time="", way="").split()[0] not in str(event["description"]).split()
    way = starts[week.move.journey.leaves // 60]
    assert str(way["summary"]) == say("week_kind_home")
    assert say("along_the_house") in str(way["description"])
    assert not telling(content.decode())
    assert len(own) == len([stop for stop in weeks[FAR].days[0].day.stops if stop.kind != HOME]) + 1
    (told,) = [event for event in events_of(ics(region, week, places=True)) if str(event["summary"]) == "Home"]
    assert str(told["location"]) == week.house["address"]


def test_a_calendar_without_the_way_to_the_house_says_so(region: Region, weeks: dict[str, WeekAlong]) -> None:
    say = Say("en")
    for move, note in (
        (Move(), say("along_move_unknown", name=say("along_maker"))),
        (Move(540), say("along_move_none", time="9:00 AM", name=say("along_maker"))),
    ):
        content = ics(region, replace(weeks[FAR], move=move))
        assert note in str(icalendar.Calendar.from_ical(content)["x-wr-caldesc"])
        for event in events_of(content):
            assert (note in str(event["description"])) == (event.decoded("dtstart").date() == START)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(
    ("leave", "start", "is_late"),
    [
        (21 * 60 + 59, (COURT.lon, COURT.lat), True),
        (9 * 60, (COURT.lon, COURT.lat), False),
        (22 * 60 + 1, None, True),
        (22 * 60, None, False),
        (30, None, True),
    ],
)
def test_who_is_at_the_house_after_its_curfew_reads_so_on_the_page_and_on_both_papers(
    region: Region,
    weeks: dict[str, WeekAlong],
    leave: int,
    start: tuple[float, float] | None,
    is_late: bool,
    language: str,
) -> None:
    say, week = Say(language), moved(region, weeks[NEAR], leave, start)
    note = say("along_move_late")
    assert week.move is not None
    assert (week.move.journey is None) == (start is None)
    assert (note in " ".join(text_of(sheet(region, week, MANAGER, MADE, say)).split())) == is_late
    assert (note in str(icalendar.Calendar.from_ical(ics(region, week, language=language)).get("x-wr-caldesc"))) == (
        is_late
    )
    assert (say("along_papers_say", text=note) in page_notes(week, say)) == is_late


@pytest.mark.parametrize("language", ["en", "es"])
def test_what_the_curfew_does_not_hold_for_stands_beside_it_and_tells_nothing(
    region: Region, weeks: dict[str, WeekAlong], language: str
) -> None:
    say = Say(language)
    curfew = replace(every_evening(22 * 60), days_off=True, excused=("work", "treatment", "AA Beginners", "court"))
    needs = replace(NEEDS, curfew=curfew)
    text = " ".join(text_of(sheet(region, replace(weeks[NEAR], needs=needs), MANAGER, MADE, say)).split())
    named = say.habits.listed([say("curfew_except_work").lower(), say("along_regular"), "court"])
    told = f"{say('told_curfew_off')}, {say('told_curfew_except', what=named)}"
    assert say("along_be_home", time=f"{say.habits.clock(22 * 60)}, {told}") in text
    assert telling(text) == []


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_house_curfew_has_no_exception_that_the_house_did_not_make(
    region: Region, weeks: dict[str, WeekAlong], language: str
) -> None:
    say = Say(language)
    own = replace(every_evening(22 * 60), excused=("work", "court"))
    bound = stricter(own, 21 * 60, ())
    assert bound is not None
    named = say("told_curfew_except", what="court")
    for curfew, told in ((bound, ""), (replace(bound, house_excused=("court",)), f", {named}")):
        needs = replace(NEEDS, curfew=curfew)
        text = " ".join(text_of(sheet(region, replace(weeks[NEAR], needs=needs), MANAGER, MADE, say)).split())
        assert say("along_be_home", time=f"{say.habits.clock(21 * 60)}{told}") in text


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_page_says_what_the_papers_lack_of_the_way_to_the_house(
    region: Region, weeks: dict[str, WeekAlong], language: str
) -> None:
    say = Say(language)
    unknown = moved(region, weeks[FAR], 20 * 60, None)
    notes = page_notes(unknown, say, MANAGER.name)
    assert say("along_papers_say", text=say("along_move_unknown", name=MANAGER.name)) in notes
    start = say("along_papers_say", text=say("along_move_before", what="").strip(" ."))[:-1]
    assert any(note.startswith(start) for note in notes)
    none = say("along_move_none", time=say.habits.clock(600), name=MANAGER.name)
    assert say("along_papers_say", text=none) in page_notes(replace(weeks[FAR], move=Move(600)), say, MANAGER.name)
    assert not [
        note for note in page_notes(weeks[FAR], say) if say("along_move_unknown", name="").split(".")[0] in note
    ]


def test_what_comes_before_the_house_has_its_number_and_its_name_on_the_page(
    region: Region, weeks: dict[str, WeekAlong]
) -> None:
    (day,) = [one for one in weeks[NEAR].days if one.date == START]
    stops = tuple(stop for stop in day.day.stops if stop.kind != HOME)
    alone = replace(weeks[NEAR], days=(replace(day, day=replace(day.day, stops=())),), move=Move(before=stops))
    assert left_off(alone) == left_off(weeks[NEAR])
    assert phones(alone, Say("en")) == phones(weeks[NEAR], Say("en"))


def test_a_stop_keeps_its_id_when_others_of_its_day_have_passed(region: Region, weeks: dict[str, WeekAlong]) -> None:
    visit = Appointment(START.weekday(), 540, 560, COURT)
    needs = Needs(meetings_per_week=0, appointments=(visit, replace(visit, start_minute=900, end_minute=930)))
    week = week_along(region, region.support, NEAR, needs, START)
    first = [stop for stop in week.days[0].day.stops if stop.kind == "appointment"]
    assert len(first) == 2
    before, after = events_of(ics(region, week))[:2]
    (late,) = events_of(ics(region, from_now_on(week, When(START, 600, None))))
    assert late["uid"] == after["uid"] != before["uid"]
    uids = {str(event["uid"]) for event in events_of(ics(region, moved(region, week, 600, None)))}
    assert uids == {before["uid"], after["uid"]}


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_plan_made_after_the_last_stop_says_what_is_true_of_the_last_bus(
    region: Region, weeks: dict[str, WeekAlong], language: str
) -> None:
    say, week = Say(language), weeks[FAR]
    number, last = next(
        (number, one.last) for number, one in enumerate(week.days) if one.day.stops and one.last and one.last.journey
    )
    week = replace(week, days=week.days[number:])
    today = week.days[0].date
    assert last.journey is not None
    leaving = last.journey.leaves // 60
    texts = {}
    for minute in (leaving, leaving + 1):
        left = from_now_on(week, When(today, minute, None))
        bare = replace(left, days=(replace(left.days[0], day=replace(left.days[0].day, stops=())), *left.days[1:]))
        texts[minute] = first_day(sheet(region, bare, MANAGER, MADE, say), today, say)
        assert say("week_at_home") not in texts[minute], "the day's stops have passed"
    assert say("along_last_left", where="").split()[-1] not in texts[leaving]
    said = texts[leaving + 1]
    assert say("along_last_left", where="{where}").partition("{where}")[2].strip() in said
    assert say("along_none", where="{where}").partition("{where}")[0] not in said
    gone = replace(week.days[0], day=replace(week.days[0].day, stops=()), last=None)
    text = sheet(region, replace(week, days=(gone, *week.days[1:])), MANAGER, MADE, say)
    assert say("along_nothing_more") in first_day(text, today, say)


def test_each_day_on_which_one_can_walk_home_says_so(region: Region, weeks: dict[str, WeekAlong]) -> None:
    week = weeks[NEAR]
    days = [
        replace(one, last=replace(one.last, walkable=True, journey=None)) for one in week.days if one.last is not None
    ]
    text = " ".join(text_of(sheet(region, replace(week, days=tuple(days)), MANAGER, MADE, Say("en"))).split())
    assert text.count("at any hour.") == len(days) > 4


def a_letter(region: Region, language: str = "en", reason: str = "It is near work.") -> str:
    answer = compared(house(), house(name="Elm House", weekly_rent_usd=170.0), house(name="Fir House"))
    about = Letter("Person One", "Example Ana", reason)
    say = Say(language)
    return " ".join(text_of(letter(region, answer, "h2", ["h3"], about, GIVEN, MADE, say)).split())


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_letter_says_why_in_neutral_words_with_the_notice_and_the_dates_of_its_data(
    region: Region, language: str
) -> None:
    text = a_letter(region, language)
    for fact in ("Person One", "Example Ana", "Example County Court", "It is near work.", NOTICE, "Fir House", "$170"):
        assert fact in text
    assert Say(language).day(region.facts.service_date) in text
    assert text.index("Elm House") < text.index("Fir House") < text.index("Yarrow House")
    assert not telling(text.replace(NOTICE, ""))


def test_a_letter_tells_the_rent_alone_and_no_typed_address(region: Region) -> None:
    heard = house(name="Elm House", weekly_rent_usd=170.0) | {
        "weekly_rent_usd_heard_on": "2026-11-20",
        "published_weekly_rent_usd": 150.0,
    }
    answer = compared(house(), heard, house(name="Fir House"))
    typed = replace(answer.homes[2], facts={})
    answer = replace(answer, homes=(*answer.homes[:2], typed))
    about = Letter("Person One", "Example Ana", "It is near work.")
    text = " ".join(text_of(letter(region, answer, "h2", ["h3"], about, GIVEN, MADE, Say("en"))).split())
    assert "$170" in text
    assert "told your agency" not in text
    assert "Fir House" not in text
    assert "2 homes were compared." in text


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_letter_says_in_which_order_homes_stand_and_has_no_column_without_a_word(
    region: Region, language: str
) -> None:
    say, answer = Say(language), compared(house(), house(name="Elm House"))
    nowhere = [replace(one, asked=replace(one.asked, errands=())) for one in answer.homes]
    about = Letter("Person One", "Example Ana", "It is near work.")
    alone = replace(answer, homes=tuple(nowhere), errands=(), needs=replace(answer.needs, medications=()))
    texts = [
        " ".join(text_of(letter(region, one, "h2", [], about, GIVEN, MADE, say)).split()) for one in (answer, alone)
    ]
    assert [say("along_col_minutes").split()[0] in text for text in texts] == [True, False]
    assert all(say("along_order") in text for text in texts)


@pytest.mark.parametrize(("reason", "match"), [(" ", "Write why"), ("Close to her methadone clinic", "methadone")])
def test_a_reason_that_is_empty_or_tells_of_treatment_is_refused(region: Region, reason: str, match: str) -> None:
    with pytest.raises(InputError, match=match):
        a_letter(region, reason=reason)
    check_reason("Cerca del trabajo, y la casa guarda un lugar sobre el mismo autobús.")


@pytest.fixture
def vault(made: VaultPlace, settings: VaultSettings) -> Vault:
    """Return the vault as a supervisor has it open elsewhere."""
    return open_vault(made, ANA, PASSPHRASE, settings)


@pytest.fixture
def one(vault: Vault) -> str:
    person_id = add_person(vault, {"name": "Person One"})
    save_needs(vault, person_id, FEW)
    put_on_short_list(vault, person_id, FAR, "Zinnia House 68")
    put_on_short_list(vault, person_id, NEAR, "Yarrow House 1", "offered", "near work")
    return person_id


def along(visit: Visit, person_id: str) -> AppTest:
    """Unlock, open the person, and go to what goes along."""
    page = unlock(visit())
    page.selectbox("cl_chosen").select(person_id).run()
    next(group for group in page.get("button_group") if group.key == "cl_part").set_value("along").run()
    assert not page.exception
    return page


KEYS = {"pocket": "cl_file_week_pdf", "calendar": "cl_file_calendar_ics", "letter": "cl_file_letter_pdf"}


def shown_each(page: AppTest) -> list[str]:
    return [str(element.proto.body) for element in page.get("html")]


def make(page: AppTest, kind: str) -> AppTest:
    page.button(f"{KEYS[kind]}_make").click().run()
    assert not page.exception
    return page


def handed_out(page: AppTest, kind: str) -> bytes:
    kept: bytes = page.session_state[KEYS[kind]][1]
    return kept


def test_the_home_that_was_offered_is_chosen_and_the_person_gets_plan_and_calendar_on_record(
    vault: Vault, one: str, visit: Visit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    page = along(visit, one)
    assert page.selectbox(f"cl_along_home_{one}").value == NEAR
    page = make(make(page, "pocket"), "calendar")
    assert "Yarrow House 1" in text_of(handed_out(page, "pocket"))
    assert b"BEGIN:VEVENT" in handed_out(page, "calendar")
    for content in (text_of(handed_out(page, "pocket")), handed_out(page, "calendar").decode()):
        assert "Person One" not in content
        assert NOTICE not in content
    rows = read_trail(vault, one)
    exports = rows[rows["action"] == "export"]
    assert sorted(exports["subject"]) == ["calendar of a week, for the person", "week plan, for the person"]
    assert accounting(vault, one).empty
    assert verify_trail(vault).is_whole
    assert list(temporary.rglob("*")) == []
    page.button("case_lock").click().run()
    assert "Yarrow House 1" not in everything_held(page)


def test_the_house_that_the_person_moved_into_last_is_the_home(vault: Vault, one: str, visit: Visit) -> None:
    later = "recovery_residences:RR-012"
    put_on_short_list(vault, one, NEAR, "Yarrow House 1", "offered", "near work", dt.date(2026, 4, 1))
    put_on_short_list(vault, one, FAR, "Zinnia House 68", "moved_in", "a bed", dt.date(2026, 5, 1))
    put_on_short_list(vault, one, later, "Rush House 12", "moved_in", "near work", dt.date(2026, 9, 1))
    assert along(visit, one).selectbox(f"cl_along_home_{one}").value == later


def test_what_the_chosen_house_said_last_stands_below_it(vault: Vault, one: str, visit: Visit) -> None:
    call = {"resource_id": NEAR, "house": "Yarrow House 1", "called_on": "2026-11-01", "hold_until": "2026-11-10"}
    add_call(vault, call | {"free_beds": 0, "refuses_medications": "methadone"})
    add_call(vault, {"resource_id": FAR, "house": "Zinnia House 68", "called_on": "2026-11-20", "free_beds": 3})
    page = along(visit, one)
    text = unescape(shown(page))
    day, until = EN.day("2026-11-01"), EN.day("2026-11-10")
    what = "; ".join(
        [
            EN("val_beds", count=0),
            EN("case_heard_refuses_medications", what="methadone"),
            EN("case_heard_hold_ended", day=until),
        ]
    )
    assert EN("case_heard", day=day, what=what) in text
    assert EN("case_choice_now", state=EN("case_state_offered"), day=EN.day("2026-11-29")) in text
    assert EN("val_beds", count=3) not in text


def test_a_house_that_is_full_or_refuses_is_not_chosen_unseen(vault: Vault, one: str, visit: Visit) -> None:
    save_needs(vault, one, NEEDS)
    word = {"resource_id": NEAR, "house": "Yarrow House 1", "called_on": "2026-11-29", "free_beds": 0}
    add_call(vault, word | {"refuses_medications": "methadone"})
    page = along(visit, one)
    assert page.selectbox(f"cl_along_home_{one}").value is None
    page.selectbox(f"cl_along_home_{one}").select(NEAR).run()
    day = EN.day("2026-11-29")
    refuses = EN("along_house_refuses", day=day, what="methadone")
    (alert,) = [text for text in map(unescape, shown_each(page)) if 'role="alert"' in text]
    assert f"{EN('along_house_full', day=day)} {refuses}" in alert
    assert EN("along_house_call") in alert


def test_a_plan_is_made_anew_when_its_hour_has_passed_and_tells_nothing_older(
    vault: Vault, one: str, visit: Visit, monkeypatch: pytest.MonkeyPatch, region: Region
) -> None:
    save_needs(vault, one, NEEDS)
    day = clock(region).day
    hour = [8]
    for module in (asked, week_part):
        monkeypatch.setattr(module, "clock", lambda _: When(day, hour[0] * 60, None))
    page = along(visit, one)
    page.date_input(f"cl_along_start_{one}").set_value(day).run()
    page = make(page, "pocket")
    assert "Work, 10:00 AM" in first_day(handed_out(page, "pocket"), day)
    page.run()
    assert page.get("download_button")
    hour[0] = 23
    page.run()
    assert not page.get("download_button"), "what was made in the morning is not handed out in the evening"
    assert "Work" not in first_day(handed_out(make(page, "pocket"), "pocket"), day)


def test_a_reason_that_was_typed_is_still_there_after_another_part_and_another_home(
    vault: Vault, one: str, visit: Visit
) -> None:
    page = along(visit, one)
    page.text_area(f"cl_along_reason_{one}_{NEAR}").input("It is near my mother.").run()
    page.selectbox(f"cl_along_home_{one}").select(FAR).run()
    assert page.text_area(f"cl_along_reason_{one}_{FAR}").value == ""
    pick(page, "cl_part", "houses")
    page = pick(page, "cl_part", "along")
    assert page.text_area(f"cl_along_reason_{one}_{NEAR}").value == "It is near my mother."
    page.button("case_lock").click().run()
    assert "my mother" not in everything_held(page)


def test_a_letter_is_compared_anew_with_the_calls_of_today(vault: Vault, one: str, visit: Visit) -> None:
    consent_id = add_consent(vault, one, CONSENT)
    page = along(visit, one)
    stale = compared(house(), house(name="Elm House"))
    page.session_state["cm_whose"] = Whose(one, "Person One")
    page.session_state["cm_last"] = replace(stale, needs=FEW)
    page.selectbox(f"cl_along_for_{one}").select(consent_id).run()
    page = make(page, "letter")
    text = " ".join(text_of(handed_out(page, "letter")).split())
    assert "Elm House" not in text
    assert "Zinnia House 68" in text
    add_call(vault, {"resource_id": NEAR, "house": "Yarrow House 1", "called_on": "2026-11-29", "weekly_rent_usd": 123})
    page.run()
    assert not page.get("download_button"), "a letter that lacks the newest call is not handed out"
    assert "$123" in text_of(handed_out(make(page, "letter"), "letter"))


def test_where_they_leave_from_is_asked_found_and_kept_nowhere(vault: Vault, one: str, visit: Visit) -> None:
    page = along(visit, one)
    page = make(page, "pocket")
    assert "The way to the house isn't on this plan." in " ".join(text_of(handed_out(page, "pocket")).split())
    assert "The papers say: “The way to the house isn't on this plan." in unescape(shown(page))
    page.text_input(f"cl_along_from_{one}").input("40.3665, -113.4242").run()
    assert not page.exception
    assert "The papers say" not in unescape(shown(page)), "what was said of another way"
    page = make(page, "pocket")
    assert "isn't on this plan" not in unescape(shown(page))
    text = " ".join(text_of(handed_out(page, "pocket")).split())
    assert "To the house" in text
    assert "40.3665" not in text
    page.text_input(f"cl_along_leave_{one}").input("half past").run()
    assert "is no time of day that we can read" in unescape(shown(page))
    page.button("case_lock").click().run()
    assert "40.3665" not in everything_held(page)


def test_each_place_that_is_offered_can_be_chosen_for_this_person_though_its_name_is_not_found(
    vault: Vault, one: str, visit: Visit, region: Region
) -> None:
    names = region.gazetteer["text"]
    typed, near = next(
        (text, near)
        for text in names[names.duplicated()].unique()
        if len(near := looked_up(region, text)[1]) > 1 and looked_up(region, near[1].name)[0] is None
    )
    page, field = along(visit, one), f"cl_along_from_{one}"
    page.text_input(field).input(typed).run()
    assert EN("not_found", text=typed) in unescape(shown(page))
    page.button(f"{field}_near_1").click().run()
    assert not page.exception
    assert EN("found_at", name=near[1].name) in unescape(shown(page))
    assert EN("not_found", text=near[1].name) not in unescape(shown(page))
    assert page.text_input(field).value == near[1].name
    other = add_person(vault, {"name": "Person Two"})
    put_on_short_list(vault, other, NEAR, "Yarrow House 1", "offered", "near work")
    page.button("cl_back").click().run()
    page.selectbox("cl_chosen").select(other).run()
    pick(page, "cl_part", "along")
    page.text_input(f"cl_along_from_{other}").input(near[1].name).run()
    assert EN("not_found", text=near[1].name) in unescape(shown(page)), "it was chosen for somebody else"
    page.button("case_lock").click().run()
    assert near[1].name not in everything_held(page)
    assert "along_spots" not in everything_held(page)


def test_the_time_at_which_they_leave_counts_also_without_an_address(
    vault: Vault, one: str, visit: Visit, region: Region
) -> None:
    save_needs(vault, one, NEEDS)
    page, day = along(visit, one), clock(region).day
    tuesday = day + dt.timedelta(days=1 + (1 - (day + dt.timedelta(days=1)).weekday()) % 7)
    page.date_input(f"cl_along_start_{one}").set_value(tuesday).run()
    page.text_input(f"cl_along_leave_{one}").input("2:00 PM").run()
    text = first_day(handed_out(make(page, "pocket"), "pocket"), tuesday)
    assert Say("en")("along_move_before", what="").strip(" .") in text
    assert text.index("Before you are at the house") < text.index("Work, 10:00 AM")
    assert text.count("Work, ") == 1


def test_today_the_usual_time_to_leave_moves_on_and_a_typed_one_that_has_passed_is_said_to_have(
    vault: Vault, one: str, visit: Visit, region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    day, now = clock(region).day, [14 * 60 + 3]
    for module in (asked, week_part):
        monkeypatch.setattr(module, "clock", lambda _: When(day, now[0], None))
    page, field = along(visit, one), f"cl_along_leave_{one}"
    assert page.text_input(field).value == "10:00 AM"
    page.date_input(f"cl_along_start_{one}").set_value(day).run()
    assert page.text_input(field).value == "2:05 PM"
    now[0] += 4
    page.run()
    assert page.text_input(field).value == "2:10 PM"
    assert "has passed today" not in unescape(shown(page))
    page.text_input(field).input("2:00 PM").run()
    assert EN("along_leave_passed", time="2:00 PM") in unescape(shown(page))
    page.date_input(f"cl_along_start_{one}").set_value(day + dt.timedelta(days=1)).run()
    assert page.text_input(field).value == "2:00 PM"
    assert "has passed today" not in unescape(shown(page))


def test_the_page_says_that_they_are_late_still_when_the_time_to_leave_has_passed(
    vault: Vault, one: str, visit: Visit, region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_needs(vault, one, NEEDS)
    day, now = clock(region).day, [21 * 60 + 30]
    for module in (asked, week_part):
        monkeypatch.setattr(module, "clock", lambda _: When(day, now[0], None))
    page = along(visit, one)
    page.date_input(f"cl_along_start_{one}").set_value(day)
    page.text_input(f"cl_along_from_{one}").input("40.3665, -113.4242")
    page.text_input(f"cl_along_leave_{one}").input("9:59 PM").run()
    make(page, "calendar")
    assert say_late(EN) in unescape(shown(page))
    now[0] = 22 * 60 + 10
    page.run()
    assert not page.get("download_button")
    assert say_late(EN) in unescape(shown(page))
    assert say_late(EN) in unescape(shown(make(page, "calendar")))
    assert EN("along_move_late") in told(handed_out(page, "calendar"))[0]


@pytest.mark.parametrize(("leaves_in", "begins_in"), [(None, 1), (-1, 1), (0, 0), (1, 1), (5, 5)])
def test_the_week_begins_on_the_day_on_which_they_leave_or_else_tomorrow(
    vault: Vault, visit: Visit, region: Region, leaves_in: int | None, begins_in: int
) -> None:
    day = clock(region).day
    leaves_on = None if leaves_in is None else day + dt.timedelta(days=leaves_in)
    one = add_person(vault, {"name": "Person One", "discharge_on": leaves_on})
    put_on_short_list(vault, one, NEAR, "Yarrow House 1", "offered", "near work")
    assert along(visit, one).date_input(f"cl_along_start_{one}").value == day + dt.timedelta(days=begins_in)


def test_who_lives_in_the_house_is_not_asked_from_where_they_leave(vault: Vault, one: str, visit: Visit) -> None:
    put_on_short_list(vault, one, NEAR, "Yarrow House 1", "moved_in", "near work", dt.date(2020, 1, 1))
    page = along(visit, one)
    assert f"cl_along_from_{one}" not in [field.key for field in page.text_input]


def test_a_letter_without_a_consent_is_refused_with_what_to_do(vault: Vault, one: str, visit: Visit) -> None:
    page = make(along(visit, one), "letter")
    assert "Ask the person for a new one, and record it first." in unescape(shown(page))
    assert KEYS["letter"] not in page.session_state
    assert accounting(vault, one).empty
    assert (read_trail(vault, one)["action"] == "refused").sum() == 1


def test_a_letter_for_nobody_that_a_consent_names_says_whom_to_choose(vault: Vault, one: str, visit: Visit) -> None:
    add_consent(vault, one, CONSENT)
    page = make(along(visit, one), "letter")
    text = unescape(shown(page))
    assert "Choose above whom the consent names" in text
    assert "No consent is in force" not in text
    assert KEYS["letter"] not in page.session_state
    assert accounting(vault, one).empty


def test_by_a_consent_each_is_a_disclosure_and_carries_the_notice(vault: Vault, one: str, visit: Visit) -> None:
    consent_id = add_consent(vault, one, CONSENT)
    page = along(visit, one)
    page.selectbox(f"cl_along_for_{one}").select(consent_id).run()
    assert "Hand out nothing that it doesn't cover." in unescape(shown(page))
    page = make(make(page, "letter"), "pocket")
    text = " ".join(text_of(handed_out(page, "letter")).split())
    assert NOTICE in text
    assert "near work" in text
    assert NOTICE in " ".join(text_of(handed_out(page, "pocket")).split())
    told = accounting(vault, one)
    assert sorted(told["what"]) == ["letter on the choice of a home", "week plan"]
    assert set(told["recipient"]) == {"Example County Court"}


def test_a_paper_is_kept_when_what_it_does_not_depend_on_changes(vault: Vault, one: str, visit: Visit) -> None:
    consent_id = add_consent(vault, one, CONSENT)
    page = along(visit, one)
    page.selectbox(f"cl_along_for_{one}").select(consent_id).run()
    page = make(make(page, "letter"), "calendar")
    page.toggle("cl_along_large").set_value(True)
    page.text_input("cl_along_phone").input("202-555-0199").run()
    assert sorted(button.proto.id.split("-")[-1] for button in page.get("download_button")) == [
        f"{KEYS['calendar']}_get",
        f"{KEYS['letter']}_get",
    ]
    page.checkbox("cl_along_places").check()
    page.text_input(f"cl_along_leave_{one}").input("2:00 PM").run()
    assert [button.proto.id.split("-")[-1] for button in page.get("download_button")] == [f"{KEYS['letter']}_get"]
    page.text_area(f"cl_along_reason_{one}_{NEAR}").input("It is near my mother.").run()
    assert not page.get("download_button")
    assert len(accounting(vault, one)) == 2


def test_a_consent_is_recorded_on_the_page_and_one_without_dates_is_refused(
    vault: Vault, one: str, visit: Visit
) -> None:
    page = along(visit, one)
    for name in ("recipient", "what", "purpose"):
        page.text_input(f"cl_consent_{name}").input(CONSENT[name])
    page.button[labels(page).index("Record a consent")].click().run()
    assert "A consent says who may receive what" in unescape(shown(page))
    page.date_input("cl_consent_given_on").set_value(dt.date(2026, 11, 1))
    page.date_input("cl_consent_expires_on").set_value(dt.date(2026, 12, 20))
    page.button[labels(page).index("Record a consent")].click().run()
    assert not page.exception
    assert page.selectbox(f"cl_along_for_{one}").options == ["The person", "Example County Court, for housing"]


def test_before_a_home_is_chosen_it_says_so(vault: Vault, visit: Visit) -> None:
    page = along(visit, add_person(vault, {"name": "Person Two"}))
    assert Say("en")("along_home_none") in unescape(shown(page))
    assert not [button for button in page.button if str(button.key).startswith("cl_file_")]
