"""Meeting Guide and BMLT: days, times, how to attend, and what is never stored."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import SourceError
from geo.tables import RESOURCES, SESSIONS, validate
from sources.adapter.source import ParseContext
from sources.cleaning.bounds import Bounds
from sources.cleaning.redaction import without_contacts
from sources.cleaning.report import Parsed, count
from sources.resources import bmlt, meeting_guide

CONTEXT = ParseContext("meetings.json", time_zone="America/New_York")
MEETING = {
    "name": "Morning Light",
    "slug": "morning-light",
    "day": 1,
    "time": "07:00",
    "formatted_address": "1 Main Street, Springfield, OH 45501, USA",
    "latitude": "39.92",
    "longitude": "-83.80",
    "types": ["O", "X", "S"],
}


def parsed(*rows: Any, context: ParseContext = CONTEXT) -> Parsed:
    feed = meeting_guide.parse(json.dumps(rows).encode(), context)
    count(feed)
    return feed


def one(**fields: Any) -> dict[str, Any]:
    feed = parsed(MEETING | fields)
    assert len(feed.tables["resources"]) == 1, feed.set_aside["reason"].tolist()
    return feed.tables["resources"].iloc[0].to_dict()


def sessions(**fields: Any) -> list[tuple[int, int, int]]:
    table = parsed(MEETING | fields).tables["sessions"]
    return list(table[["weekday", "start_minute", "end_minute"]].itertuples(index=False, name=None))


def codes(**fields: Any) -> list[str]:
    return parsed(MEETING | fields).set_aside["code"].tolist()


def test_days_count_from_monday_here() -> None:
    assert sessions() == [(0, 420, 480)]
    assert sessions(day=0) == [(6, 420, 480)]
    assert sessions(day=[0, "6", 6]) == [(5, 420, 480), (6, 420, 480)]
    assert sessions(day="3") == [(2, 420, 480)]


def test_ends_may_pass_midnight() -> None:
    assert sessions(time="23:30", end_time="00:45") == [(0, 1410, 1485)]
    assert sessions(time="23:30") == [(0, 1410, 1470)]
    assert sessions(time="19:00", end_time="18:00") == [(0, 1140, 1200)]
    assert "bad_end" in codes(time="19:00", end_time="18:00")


def test_midnight_is_a_time_only_with_a_plausible_end() -> None:
    assert sessions(time="00:00", end_time="01:00") == [(0, 0, 60)]
    assert codes(time="00:00") == ["no_time"]
    assert codes(time="00:00", end_time="00:00") == ["no_time"]
    assert codes(time="00:00", end_time="01:00") == ["midnight"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"day": None}, "no_day"),
        ({"day": 7}, "bad_day"),
        ({"day": "someday"}, "bad_day"),
        ({"time": "7"}, "no_time"),
        ({"time": "25:61"}, "no_time"),
        ({"types": ["TC"]}, "closed_for_now"),
        ({"attendance_option": "inactive"}, "inactive"),
        ({"types": ["TC", "ONL"]}, "online_without_link"),
        ({"types": ["TC", "ONL"], "conference_url": "ask us"}, "online_without_link"),
        ({"latitude": 0, "longitude": 0}, "null_island"),
        ({"latitude": None}, "no_point"),
    ],
)
def test_set_aside(fields: dict[str, Any], code: str) -> None:
    assert codes(**fields) == [code]


def test_how_to_attend() -> None:
    link = {"conference_url": "https://example.org/j/1"}
    assert one()["attendance"] == "in_person"
    assert one(types=["ONL"], **link)["attendance"] == "hybrid"
    assert one(types=["ONL", "TC"], **link)["attendance"] == "online"
    assert one(types=["ONL"], approximate="yes", **link)["attendance"] == "online"
    assert one(attendance_option="online", conference_phone="+1 555 0100")["attendance"] == "online"
    assert one(types=["ONL"])["attendance"] == "in_person"


def test_an_online_meeting_has_no_place() -> None:
    row = one(types=["ONL", "TC"], conference_url="https://example.org/j/1")
    assert row["lon"] != row["lon"]
    assert row["location_precision"] == "hidden"


def test_who_can_join_is_told_how() -> None:
    link, room = "https://example.org/j/1?pwd=a1", "https://us02web.zoom.us/j/5550100123?pwd=abc"
    row = one(types=["ONL"], conference_url=link, conference_phone="+1 555 010 0142,,5550100#")
    assert (row["join_url"], row["attendance"]) == (link, "hybrid")
    assert row["join_phone"].startswith("+1 555 010 0142")
    assert one(types=["ONL", "TC"], conference_url=f"Join: {room}")["join_url"] == room
    assert one(types=["ONL", "TC"], notes=f"Join us: {room}.", conference_url="")["join_url"] == room
    row = one(notes="Minutes are at https://example.org/minutes", conference_phone="")
    assert (row["attendance"], row["join_url"], row["join_phone"]) == ("in_person", None, None)
    [row] = na(
        {"id_bigint": "1", "venue_type": "2", "weekday_tinyint": "1", "start_time": "19:00:00", "duration_time": "1:00",
         "meeting_name": "A", "virtual_meeting_link": link, "phone_meeting_number": "+1 555 010 0142"}
    ).tables["resources"].to_dict("records")  # fmt: skip
    assert (row["join_url"], row["join_phone"]) == (link, "+1 555 010 0142")


def test_an_approximate_place_says_so() -> None:
    assert one()["location_precision"] == "rooftop"
    assert one(approximate="yes")["location_precision"] == "approximate"
    assert one(formatted_address="Springfield, OH, USA")["location_precision"] == "approximate"
    assert one(formatted_address="Springfield, OH, USA", approximate="no")["location_precision"] == "rooftop"


def test_types_become_plain_words() -> None:
    row = one(types=["O", "BE", "X", "S", "W", "zz"])
    assert row["formats"] == "beginners;open;women"
    assert (row["languages"], row["wheelchair"], row["genders"]) == ("es", True, "women")
    assert codes(types=["zz"]) == ["unknown_code"]


def test_nobodys_contact_is_stored() -> None:
    private = {
        "contact_1_name": "Ann Example",
        "contact_1_phone": "555-0199",
        "contact_1_email": "ann@example.org",
        "feedback_emails": ["ann@example.org"],
        "venmo": "@ann-example",
        "author": "Ann Example",
    }
    feed = parsed(MEETING | private)
    assert "ann" not in feed.tables["resources"].to_csv().lower()


SHEET = """Time,End Time,Day,Name,Location,Address,City,State,Postal Code,Types,Contact 1 Name,Conference URL,Slug
7:00 pm,8:15 pm,Sunday,Evening Lamp,Hall,1 Main St,Springfield,OH,45501,"Open, Wheelchair Access, Spanish",Somebody,,a
12:00 AM,1:00 AM,"Monday, Friday",Midnight Lamp,,,,OH,,"Online, Location Temporarily Closed",,https://e.org/j/1,b
6:30 AM,,Tuesday,Shut Lamp,Invented Hall,1 Main Street,Springfield,OH,45501,Location Temporarily Closed,,,c
"""


def test_a_sheet_with_days_and_types_in_words_is_a_feed_too() -> None:
    context = ParseContext("sheet.csv", locate=lambda *asked: (-83.8, 39.9) if asked[2] == "45501" else None)
    for raw in (SHEET.encode(), b"\xef\xbb\xbf" + SHEET.replace("Time,", "Time ,").encode()):
        feed = meeting_guide.parse(raw, context)
        assert meeting_guide.SOURCE.recognizes("sheet.csv", raw)
    here, online = feed.tables["resources"].to_dict("records")
    assert (here["lon"], here["location_precision"], here["wheelchair"], here["languages"]) == (
        -83.8,
        "street",
        True,
        "es",
    )
    assert online["attendance"] == "online"
    table = feed.tables["sessions"][["weekday", "start_minute", "end_minute"]].values.tolist()
    assert sorted(table) == [[0, 0, 60], [4, 0, 60], [6, 1140, 1215]]
    assert sorted(feed.set_aside["code"]) == ["closed_for_now", "located", "midnight"]
    assert count(feed).rows_in == 3
    assert "Somebody" not in without_contacts(SHEET.encode(), "sheet.csv").decode()


def test_a_place_without_coordinates_is_looked_up_by_its_street_address() -> None:
    asked: list[tuple[str, str, str]] = []

    def locate(*address: str) -> tuple[float, float] | None:
        asked.append(address)
        return (-83.8, 39.9) if address[0].startswith("1 ") else None

    context = ParseContext("meetings.json", locate=locate)
    bare = {key: value for key, value in MEETING.items() if key not in ("latitude", "longitude")}
    region = {"formatted_address": "Springfield, OH, USA", "approximate": "yes"}
    feed = parsed(bare, bare | region, bare | {"formatted_address": "9 Elm St, Troy, OH, USA"}, context=context)
    assert asked == [("1 Main Street", "Springfield", "45501"), ("9 Elm St", "Troy", "")]
    assert feed.tables["resources"]["location_precision"].tolist() == ["street"]
    assert feed.set_aside["code"].tolist() == ["located", "no_point", "not_located"]


@pytest.mark.parametrize(
    ("coordinates", "place"),
    [
        ("39.92,-83.80", (-83.8, 39.92, "rooftop")),
        ("39.9,-83.9,39.94,-83.7", (-83.8, 39.92, "approximate")),
        ("39.92", None),
        ("39.92,west", None),
    ],
)
def test_coordinates_in_one_field(coordinates: str, place: tuple[float, float, str] | None) -> None:
    resources = parsed(MEETING | {"latitude": "", "longitude": None, "coordinates": coordinates}).tables["resources"]
    kept = [(round(row.lon, 6), round(row.lat, 6), row.location_precision) for row in resources.itertuples()]
    assert kept == ([place] if place else [])


@pytest.mark.parametrize(
    ("file_name", "rows", "fellowship"),
    [
        ("list.json", [{}], "AA"),
        ("al-anon.json", [{}], "Al-Anon"),
        ("nar_anon.json", [{}], "Nar-Anon"),
        ("list.json", [{"url": "https://eatingdisordersanonymous.org/meetings/1"}], "EDA"),
        ("list.json", [{"entity": "District 5, CA"}, {"name": "NA or not"}, {}, {}], "AA"),
    ],
)
def test_a_feed_is_of_the_fellowship_that_it_names(file_name: str, rows: list[Any], fellowship: str) -> None:
    feed = parsed(*(MEETING | row | {"slug": str(k)} for k, row in enumerate(rows)), context=ParseContext(file_name))
    assert set(feed.tables["resources"]["fellowship"]) == {fellowship}


@pytest.mark.parametrize(
    ("name", "fellowship"),
    [
        ("Al-Anon Hope for Today", "Al-Anon"),
        ("AL\u2011ANON: One Day", "Al-Anon"),
        ("Alateen Tuesday", "Al-Anon"),
        ("AFG Serenity", "Al-Anon"),
        ("Nar Anon Family Group", "Nar-Anon"),
        ("Al-Anon and AA Speakers", "AA;Al-Anon"),
        ("Smart Recovery at Noon", "AA"),
        ("Morning Light, with Al-Anon", "AA"),
    ],
)
def test_a_group_of_families_in_a_list_of_another_fellowship_is_of_its_own(name: str, fellowship: str) -> None:
    others = [MEETING | {"slug": f"m{number}"} for number in range(4)]
    feed = parsed(MEETING | {"name": name, "slug": "own"}, *others)
    kept = feed.tables["resources"].set_index("resource_id")["fellowship"]
    assert kept.tolist().count("AA") == 5 - (fellowship != "AA")
    assert fellowship in set(kept)
    assert count(feed).reasons.get("repaired:fellowship_of_name", 0) == (fellowship != "AA")


def test_a_fellowship_has_words_of_its_own_for_types() -> None:
    rows = MEETING | {"types": ["POA", "Y", "FF", "Families and Friends Only"]}
    for file_name, words in (
        ("al-anon", "alateen;closed;fragrance free;parents"),
        ("aa", "fragrance free;young people"),
    ):
        formats = parsed(rows, context=ParseContext(f"{file_name}.json")).tables["resources"]["formats"].iloc[0]
        assert set(words.split(";")) <= set(formats.split(";"))


def test_two_rows_of_one_slug_both_stay() -> None:
    feed = parsed(MEETING, MEETING | {"time": "19:00"}, MEETING)
    assert feed.tables["resources"]["resource_id"].tolist() == [
        "meeting_guide:morning-light",
        "meeting_guide:morning-light#2",
    ]
    assert feed.set_aside["code"].tolist() == ["duplicate"]


def test_swapped_only_where_the_region_proves_it() -> None:
    here = ParseContext("f.json", bounds=Bounds(-84.0, 39.8, -83.6, 40.0))
    feed = parsed(MEETING | {"latitude": "-83.80", "longitude": "39.92"}, context=here)
    assert feed.tables["resources"]["lat"].tolist() == [39.92]
    assert feed.set_aside["code"].tolist() == ["swapped"]
    away = parsed(MEETING | {"latitude": "45.0"}, context=here)
    assert away.set_aside["code"].tolist() == ["outside_region"]


@pytest.mark.parametrize("raw", [b"{}", b"[", b'"text"', b"\xff"])
def test_not_a_feed(raw: bytes) -> None:
    with pytest.raises(SourceError, match=r"meetings\.json"):
        meeting_guide.parse(raw, CONTEXT)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@settings(deadline=None, max_examples=40)
@given(st.lists(anything | st.fixed_dictionaries({}, optional=dict.fromkeys(MEETING, anything)), max_size=4))
def test_no_row_of_any_shape_is_lost(rows: list[Any]) -> None:
    assert parsed(*rows).rows_in == len(rows)


def test_philadelphia(shared: Path) -> None:
    raw = (shared / "feeds" / "meeting_guide" / "aasepia.json").read_bytes()
    feed = meeting_guide.parse(raw, ParseContext("aasepia.json", time_zone="America/New_York"))
    validate(feed.tables["resources"], RESOURCES)
    validate(feed.tables["sessions"], SESSIONS)
    counts = count(feed)
    attendance = feed.tables["resources"]["attendance"].value_counts().to_dict()
    assert counts.rows_in == 2038
    assert attendance == {"in_person": 1291, "online": 305, "hybrid": 305}
    assert counts.reasons["set_aside:closed_for_now"] == 134
    assert counts.reasons["set_aside:online_without_link"] == 3  # "Virtual Only", at the city's center
    assert counts.reasons["notice:midnight"] == 15


@pytest.mark.parametrize(("name", "rows"), [("oc", 1967), ("aasanjose", 693), ("al-anon", 360), ("appointment", 2)])
def test_other_cities(shared: Path, name: str, rows: int) -> None:
    raw = (shared / "feeds" / "meeting_guide" / f"{name}.json").read_bytes()
    feed = meeting_guide.parse(raw, ParseContext(f"{name}.json", time_zone="America/New_York"))
    assert count(feed).rows_in == rows
    assert not feed.set_aside["code"].isin(["unknown_code"]).any()
    assert set(feed.tables["resources"]["fellowship"]) <= ({"Al-Anon"} if name == "al-anon" else {"AA", "AA;Al-Anon"})
    online = feed.tables["resources"]["attendance"] == "online"
    assert feed.tables["resources"].loc[~online, ["lon", "lat"]].notna().all(axis=None)


def test_bad_rows(shared: Path) -> None:
    raw = (shared / "badinputs" / "synthetic-attacks" / "tsml_bad_rows.json").read_bytes()
    with pytest.raises(SourceError, match="NaN"):
        meeting_guide.parse(raw, CONTEXT)
    feed = meeting_guide.parse(raw.replace(b"NaN", b"null"), CONTEXT)
    assert count(feed).set_aside == feed.rows_in == len(json.loads(raw))


NA_MEETING = {
    "id_bigint": "7",
    "weekday_tinyint": "1",
    "venue_type": "1",
    "start_time": "19:30:00",
    "duration_time": "01:15:00",
    "formats": "O,WC,ES,W",
    "lang_enum": "en",
    "latitude": "40.1",
    "longitude": "-73.9",
    "published": "1",
    "meeting_name": "Just for Tonight",
    "location_street": "1 Main Street",
}


def na(*rows: Any, **more: Any) -> Parsed:
    document: Any = list(rows) if not more else {"meetings": list(rows), **more}
    feed = bmlt.parse(json.dumps(document).encode(), CONTEXT)
    count(feed)
    return feed


def test_bmlt_weekday_1_is_sunday() -> None:
    feed = na(NA_MEETING)
    assert feed.tables["sessions"].iloc[0].tolist()[1:5] == [6, 1170, 1245, "America/New_York"]
    row = feed.tables["resources"].iloc[0]
    assert (row["languages"], row["wheelchair"], row["genders"], row["formats"]) == ("es", True, "women", "open;women")


@pytest.mark.parametrize(
    ("fields", "outcome"),
    [
        ({"published": "0"}, "unpublished"),
        ({"formats": "TC"}, "closed_for_now"),
        ({"weekday_tinyint": "8"}, "bad_day"),
        ({"start_time": "evening"}, "no_time"),
        ({"published": False}, "unpublished"),
        ({"published": "false"}, "unpublished"),
        ({"published": True}, "in_person"),
        ({"venue_type": "2", "latitude": "0", "longitude": "0"}, "online_without_link"),
        ({"venue_type": "2", "latitude": "0", "longitude": "0", "virtual_meeting_link": "https://e.org/1"}, "online"),
        ({"venue_type": "3", "formats": "TC", "virtual_meeting_link": "https://e.org/1"}, "online"),
        ({"venue_type": "", "formats": "HY", "virtual_meeting_link": "https://e.org/1"}, "hybrid"),
        ({"venue_type": "2", "phone_meeting_number": "Dial-in: (605) 555-0100, code 1#"}, "online"),
        ({"venue_type": "2", "virtual_meeting_additional_info": "Zoom ID 555 0100 0001"}, "online"),
        ({"venue_type": "2", "virtual_meeting_additional_info": "ask us"}, "online_without_link"),
    ],
)
def test_bmlt_venues(fields: dict[str, str], outcome: str) -> None:
    feed = na(NA_MEETING | fields)
    assert outcome in [*feed.set_aside["code"], *feed.tables["resources"]["attendance"]]


def test_bmlt_world_ids_come_first() -> None:
    formats = [{"key_string": "O", "world_id": "CLOSED"}]
    assert na(NA_MEETING | {"formats": "O"}, formats=formats).tables["resources"]["formats"].tolist() == ["closed"]


def test_bmlt_formats_go_by_the_ids_that_a_meeting_names() -> None:
    formats = [
        {"id": "1", "key_string": "H", "world_id": "WCHR"},
        {"id": "2", "key_string": "H", "world_id": "W"},  # of another server of the aggregator's
        {"id": "3", "key_string": "Tmp", "world_id": "TC"},
        {"id": "4", "key_string": "TC", "world_id": "TRAD"},
        {"id": "1", "key_string": "H", "world_id": "M", "root_server_uri": "https://e.org/main_server"},
    ]
    rows = [{"formats": "H", "format_shared_id_list": one} for one in ("1", "2")]
    rows += [{"formats": "Tmp", "format_shared_id_list": "3"}, {"formats": "TC,H", "format_shared_id_list": "4,1"}]
    rows += [{"formats": "H", "format_shared_id_list": "1", "root_server_uri": "https://e.org/main_server"}]
    feed = na(*(NA_MEETING | row | {"id_bigint": str(k)} for k, row in enumerate(rows)), formats=formats)
    kept = feed.tables["resources"]
    assert kept["wheelchair"].fillna(False).tolist() == [True, False, True, False]
    assert kept["genders"].tolist() == ["all", "women", "all", "men"]
    assert kept["formats"].fillna("").tolist() == ["", "women", "tradition study", "men"]
    assert feed.set_aside["code"].tolist() == ["closed_for_now"]


def test_new_york(shared: Path) -> None:
    raw = (shared / "feeds" / "bmlt" / "bmlt_newyork_getsearchresults.json").read_bytes()
    counts = count(bmlt.parse(raw, CONTEXT))
    # two addresses in Syracuse and Binghamton carry a ZIP code of Canandaigua, 68 and 124 km away
    assert (counts.rows_in, counts.kept, counts.repaired, counts.set_aside) == (1555, 1511, 2, 42)
    assert counts.reasons["repaired:far_from_its_code"] == 2


@pytest.mark.parametrize(
    ("duration", "minutes"),
    [("01:30:00", 90), ("00:90:00", 90), ("90", 90), (75, 75), ("1:15", 75), ("00:00:00", 60), ("long", 60)],
)
def test_durations_of_bmlt(duration: Any, minutes: int) -> None:
    row = {"weekday_tinyint": 2, "start_time": "19:00:00", "duration_time": duration, "latitude": 40, "longitude": -80}
    sessions = bmlt.parse(json.dumps([row | {"location_street": "1 Quay"}]).encode(), CONTEXT).tables["sessions"]
    assert sessions[["start_minute", "end_minute"]].values.tolist() == [[1140, 1140 + minutes]]
