"""No meeting that a person could join is lost: every row that is set aside has a reason that is true of it."""

import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sources.adapter.source import ParseContext
from sources.cleaning.bounds import Bounds
from sources.cleaning.report import Parsed, count
from sources.resources import bmlt, meeting_guide

Row = dict[str, Any]
ROOM = re.compile(
    r"https?://\S*(?:zoom|meet\.google|gotomeet|webex|freeconference)\S*/\S+|(?i:zoom|meeting) id\W*\d{3}"
)


def digits(value: Any) -> int:
    return len(re.sub(r"\D", "", str(value or "")))


def can_be_joined(row: Row) -> bool:
    """Tell, read another way than by the parser, whether a row says how to join it from home."""
    fields = ("conference_url", "conference_phone", "virtual_meeting_link", "phone_meeting_number")
    stated = [str(row.get(key) or "") for key in fields]
    notes = " ".join(str(row.get(key) or "") for key in row if "note" in key or key == "comments")
    return any("://" in one or digits(one) >= 7 for one in stated) or bool(ROOM.search(notes))


TRUE: dict[str, Callable[[Row], bool]] = {
    "closed_for_now": lambda row: "TC" in row["types"] and not can_be_joined(row),
    "inactive": lambda row: row["attendance_option"] == "inactive" and not can_be_joined(row),
    "online_without_link": lambda row: (
        ("ONL" in row["types"] or row["location"] == "Virtual Only") and not can_be_joined(row)
    ),
    "no_day": lambda row: row.get("day") in (None, ""),
    "no_time": lambda row: row["time"] == "00:00" and not row.get("end_time") and not can_be_joined(row),
    "no_point": lambda row: not row.get("latitude") and not can_be_joined(row),
    "unpublished": lambda row: row["published"] == "0",
}
"""Code → whether it is true of a row. Nothing else may set a row of the samples aside."""


def parsed(path: Path, context: ParseContext | None = None) -> tuple[list[Row], Parsed]:
    source = bmlt if "bmlt" in path.name else meeting_guide
    raw = path.read_bytes()
    document = json.loads(raw)
    feed = source.parse(raw, context or ParseContext(path.name, time_zone="America/New_York"))
    count(feed)
    return document if isinstance(document, list) else document["meetings"], feed


def set_aside(feed: Parsed) -> Counter[str]:
    return Counter(feed.set_aside.loc[feed.set_aside["outcome"] == "set_aside", "code"])


@pytest.mark.parametrize(
    ("name", "aside"),
    [
        ("meeting_guide/aasanjose.json", {"closed_for_now": 120}),
        ("meeting_guide/aasepia.json", {"closed_for_now": 134, "online_without_link": 3}),
        ("meeting_guide/al-anon.json", {"inactive": 31, "online_without_link": 3}),
        ("meeting_guide/appointment.json", {"no_day": 1}),
        ("meeting_guide/oc.json", {"inactive": 2, "no_day": 1, "no_time": 9}),
        ("meeting_guide/times.json", {"no_day": 1, "no_point": 1}),
        ("meeting_guide/timezones.json", {"no_point": 2}),
        ("bmlt/bmlt_newyork_getsearchresults.json", {"unpublished": 42}),
    ],
)
def test_every_row_of_the_samples_that_is_set_aside_cant_be_attended(
    shared: Path, name: str, aside: dict[str, int]
) -> None:
    rows, feed = parsed(shared / "feeds" / name)
    for entry in feed.set_aside[feed.set_aside["outcome"] == "set_aside"].itertuples():
        assert TRUE[entry.code](rows[int(entry.row) - 1]), (entry.row, entry.code, entry.reason)
    assert set_aside(feed) == aside
    assert len(feed.tables["resources"]) + sum(aside.values()) == len(rows)
    assert set(feed.tables["sessions"]["resource_id"]) == set(feed.tables["resources"]["resource_id"])


def test_every_sample_is_walked(shared: Path) -> None:
    there = {path.name for path in (shared / "feeds" / "meeting_guide").glob("*.json")} - {"types.json"}
    assert there == {
        "aasanjose.json",
        "aasepia.json",
        "al-anon.json",
        "appointment.json",
        "oc.json",
        "times.json",
        "timezones.json",
    }


def case(shared: Path, name: str, context: ParseContext | None = None) -> Parsed:
    return parsed(shared / "cases" / name, context)[1]


def attendance(feed: Parsed) -> list[str]:
    return [str(one) for one in feed.tables["resources"]["attendance"]]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("meeting_guide_online_without_address", ["online", "online"]),
        ("meeting_guide_tc_with_link", ["online", "online"]),
        ("meeting_guide_hybrid_without_point", ["online"]),
        ("meeting_guide_three_part_address", ["hybrid", "hybrid"]),
        ("bmlt_lost_meetings", ["online", "online"]),  # without a region nothing is looked up
    ],
)
def test_what_can_be_joined_stays(shared: Path, name: str, kept: list[str]) -> None:
    feed = case(shared, f"files/{name}.json")
    assert attendance(feed) == kept
    placed = feed.tables["resources"]["attendance"] != "online"
    assert (feed.tables["resources"]["lon"].notna() == placed).all()
    assert (feed.tables["resources"]["location_precision"].eq("hidden") == ~placed).all()


HERE = ParseContext(
    "feed.json",
    bounds=Bounds(-87.6, 39.3, -87.2, 39.6),
    locate=lambda *asked: (-87.4, 39.47) if asked[0] == "1436 Locust Street" and asked[2] == "47807" else None,
)


def test_a_point_at_0_0_is_none_so_its_address_is_looked_up(shared: Path) -> None:
    feed = case(shared, "files/meeting_guide_null_island_with_address.json", HERE)
    assert (
        feed.tables["resources"][["lon", "lat", "location_precision"]].values.tolist() == [[-87.4, 39.47, "street"]] * 2
    )
    na = case(shared, "files/bmlt_lost_meetings.json", HERE)
    first = na.tables["resources"].iloc[0]
    assert (first["lon"], first["lat"], first["location_precision"]) == (-87.4, 39.47, "street")
    assert set_aside(na) == {"unpublished": 1}


def test_times_and_days_of_hand_made_sheets(shared: Path) -> None:
    rows, feed = parsed(shared / "cases" / "files" / "meeting_guide_times_and_days.json")
    assert set_aside(feed) == {"no_time": 1, "bad_day": 1}  # 12:00 AM to 20:00, and a day 7 of 0 to 6
    when = {
        rows[int(entry.row) - 1]["name"]: entry.code
        for entry in feed.set_aside[feed.set_aside["outcome"] == "set_aside"].itertuples()
    }
    assert when == {"time='12:00 AM'": "no_time", "day='7'": "bad_day"}
    sessions = feed.tables["sessions"].merge(feed.tables["resources"][["resource_id", "name"]])
    times = {
        name: sorted(zip(part["weekday"], part["start_minute"], part["end_minute"], strict=True))
        for name, part in sessions.groupby("name")
    }
    assert times["time='Noon'"] == [(0, 720, 1200)]
    assert times["time='24:00'"] == [(1, 0, 60)]  # Monday 24:00 is Tuesday 00:00
    assert times["day='Mon & Wed'"] == times["day='1;3'"] == [(0, 1140, 1200), (2, 1140, 1200)]
    assert times["day='Lunes'"] == times["time='7 PM'"] == times["time='19h00'"] == [(0, 1140, 1200)]
    assert len(times["day='Daily'"]) == 7


def test_reported_feeds(shared: Path) -> None:
    feed = case(shared, "reports/meeting_guide_bugs.json")
    assert set_aside(feed) == {"no_point": 2, "no_time": 1}
    sessions = feed.tables["sessions"].merge(feed.tables["resources"][["resource_id", "name"]]).set_index("name")
    assert sessions.loc["Monthly Birthday Speaker (last Saturday)", "weeks"] == "last"
    assert sessions.loc["Every second Friday", "weeks"] == "alternate"
    assert sessions.loc["End set to midnight", "end_minute"] == 1200
    assert feed.tables["resources"].set_index("name").loc["TC but in_person stated", "attendance"] == "in_person"
    na = case(shared, "reports/bmlt_bugs.json")
    weeks = na.tables["sessions"].merge(na.tables["resources"][["resource_id", "name"]]).set_index("name")
    assert weeks.loc["First week of month only", "weeks"] == "1"
    assert weeks.loc["24h duration", ["start_minute", "end_minute"]].tolist() == [1140, 1200]


GUIDE = {"slug": "a", "name": "Invented Lamp", "day": 1, "time": "19:00", "latitude": 39.9, "longitude": -83.8}
LINK = {"conference_url": "https://example.org/j/1"}


def one(source: Any = meeting_guide, **fields: Any) -> tuple[dict[str, Any] | None, list[str]]:
    base = GUIDE if source is meeting_guide else NA
    feed = source.parse(json.dumps([base | fields]).encode(), ParseContext("f.json", time_zone="America/New_York"))
    count(feed)
    rows = feed.tables["resources"].to_dict("records")
    return (rows[0] if rows else None), feed.set_aside["code"].tolist()


NA = {
    "id_bigint": 7, "meeting_name": "Invented Lamp", "weekday_tinyint": 2, "start_time": "19:00:00",
    "duration_time": "01:00:00", "formats": "O", "latitude": 39.9, "longitude": -83.8, "venue_type": 1, "published": 1,
}  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        (LINK, "hybrid"),
        (LINK | {"types": ["TC"]}, "online"),
        (LINK | {"attendance_option": "inactive"}, "online"),
        (LINK | {"attendance_option": "in_person", "types": ["TC"]}, "in_person"),
        ({"attendance_option": "In-Person", "types": ["TC"]}, "in_person"),
        (LINK | {"formatted_address": "Springfield, OH, USA"}, "online"),  # a town's center is no place
        (LINK | {"formatted_address": "Springfield, Ohio, United States"}, "online"),
        (LINK | {"formatted_address": "1 Main St, Springfield, OH 45501"}, "hybrid"),
        (LINK | {"formatted_address": "Main & 3rd, Springfield, OH"}, "hybrid"),
        (LINK | {"formatted_address": "Grace Church, Springfield, OH"}, "hybrid"),
        (LINK | {"latitude": 95, "types": ["ONL"]}, "online"),
        (LINK | {"location": "Domestic violence shelter"}, "online"),
        ({"types": ["TC"], "notes": "Zoom ID: 822 3702 2594"}, "online"),
        ({"types": ["TC"], "group_notes": "Join at https://us02web.zoom.us/j/1234567"}, "online"),
        ({"types": "TC, ONL", "conference_phone": ["+1 555 010 0100"]}, "online"),
        ({"notes": "Zoom ID: 822 3702 2594"}, "in_person"),  # a room told in passing doesn't change what the codes say
        ({"location": "Virtual Only", **LINK}, "online"),
        ({"name": "", "group": "Group of the Lamp"}, "in_person"),
        ({"name": None}, "in_person"),
    ],
)
def test_how_a_meeting_is_attended(fields: Row, kept: str) -> None:
    row, codes = one(**fields)
    assert row is not None, codes
    assert row["attendance"] == kept
    assert (row["lon"] == row["lon"]) == (kept != "online")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"types": ["TC"]}, "closed_for_now"),
        ({"types": ["TC"], "notes": "We hope to be back."}, "closed_for_now"),
        ({"location": "Virtual Only", "formatted_address": "Springfield, OH, USA"}, "online_without_link"),
        ({"attendance_option": "inactive"}, "inactive"),
        ({"location": "Domestic violence shelter"}, "confidential"),
        ({"latitude": 0, "longitude": 0}, "null_island"),
    ],
)
def test_what_nobody_can_attend_is_set_aside(fields: Row, code: str) -> None:
    row, codes = one(**fields)
    assert (row, codes) == (None, [code])


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        ({}, "in_person"),
        ({"formats": ["O", "TC"], "virtual_meeting_link": "https://example.org/1"}, "online"),
        ({"formats": "VM", "virtual_meeting_link": "https://example.org/1"}, "online"),
        ({"venue_type": None, "virtual_meeting_link": "https://example.org/1"}, "hybrid"),
        ({"venue_type": 3, "latitude": None, "phone_meeting_number": "+1 555 010 0100"}, "online"),
        ({"venue_type": 3, "latitude": 0, "longitude": 0, "virtual_meeting_link": "https://example.org/1"}, "online"),
        ({"published": True, "weekday_tinyint": "Monday"}, "in_person"),
        ({"meeting_name": None, "location_text": "Invented Hall"}, "in_person"),
    ],
)
def test_how_a_bmlt_meeting_is_attended(fields: Row, kept: str) -> None:
    row, codes = one(bmlt, **fields)
    assert row is not None, codes
    assert row["attendance"] == kept


@pytest.mark.parametrize(
    ("address", "asked"),
    [
        ("100 12th Street, Unit C, Troy, OH 45373, USA", ("100 12th Street", "Troy", "45373")),
        ("100 12th Street Unit C, Troy, OH 45373, USA", ("100 12th Street", "Troy", "45373")),
        ("Grace Church, 66 Elm St, Troy, OH 45373, USA", ("66 Elm St", "Troy", "45373")),
        ("66 Elm St, Troy, OH 45373", ("66 Elm St", "Troy", "45373")),
        ("66 Elm St, Troy OH 45373", ("66 Elm St", "Troy", "45373")),
        ("66 Elm St, Troy, Ohio, 45373, United States", ("66 Elm St", "Troy", "45373")),
        ("45373 Elm St, Troy, OH", ("45373 Elm St", "Troy", "")),
        ("45373 Elm St, Troy, OH 45374", ("45373 Elm St", "Troy", "45374")),
    ],
)
def test_what_is_looked_up_of_an_address(address: str, asked: tuple[str, str, str]) -> None:
    heard: list[tuple[str, str, str]] = []

    def locate(*parts: str) -> tuple[float, float]:
        heard.append(parts)  # type: ignore[arg-type]
        return (-84.2, 40.0)

    row = GUIDE | {"latitude": None, "formatted_address": address}
    feed = meeting_guide.parse(json.dumps([row]).encode(), ParseContext("f.json", locate=locate))
    assert heard == [asked]
    assert feed.tables["resources"]["location_precision"].tolist() == ["street"]


def test_a_room_that_is_always_open_lasts_all_day() -> None:
    day_and_night = {"time": "00:00", "end_time": None, "types": ["ONL", "TC"], "name": "319 Meeting (24/7)"}
    for row, source in (
        (GUIDE | LINK | day_and_night, meeting_guide),
        (NA | {"venue_type": 2, "duration_time": "24:00:00", "phone_meeting_number": "+1 555 010 0100"}, bmlt),
    ):
        feed = source.parse(json.dumps([row]).encode(), ParseContext("f.json"))
        assert feed.tables["sessions"][["start_minute", "end_minute"]].values.tolist() == [[0, 1440]]


def test_the_venue_and_its_notes_are_kept_without_contacts_of_members() -> None:
    fields = {
        "location": "First Church",
        "location_notes": "Use the side door. Call Pat at 555-123-4567.",
        "notes": "Bring a cup",
    }
    row, _ = one(**fields)
    assert row is not None
    assert row["venue"] == "First Church"
    assert row["notes"] == "Use the side door. Call Pat at …. Bring a cup"
    row, _ = one(location="Hall", location_notes="Side door. Ring.", notes="Side door.")
    assert row is not None
    assert row["notes"] == "Side door. Ring."
    row, _ = one(**fields | {"location_notes": "x" * 2000})
    assert row is not None
    assert len(row["notes"]) == 600


def test_the_venue_of_a_bmlt_meeting_and_its_notes_are_kept() -> None:
    row, _ = one(bmlt, location_text="Annex", location_info="Rear entrance, pat@example.org", comments="Rear entrance")
    assert row is not None
    assert (row["venue"], row["notes"]) == ("Annex", "Rear entrance, …")


@pytest.mark.parametrize("source", [meeting_guide, bmlt])
def test_nothing_tells_of_a_place_that_is_confidential(source: Any) -> None:
    place = "Domestic violence shelter"
    guide = {"location": place, "location_notes": "Behind 12 Main St", **LINK}
    link = {"virtual_meeting_link": "https://example.org/1"}
    row, _ = one(
        source, **(guide if source is meeting_guide else link | {"location_text": place, "comments": "12 Main St"})
    )
    assert row is not None
    assert [row[name] for name in ("venue", "notes", "address")] == [None, None, None]
