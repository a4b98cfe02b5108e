"""Meeting Guide JSON (Twelve Step Meeting List): mutual-help meetings as AA, Al-Anon and others publish them."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from functools import cache, partial
from typing import Any

from geo.errors import SourceError
from geo.needs.eligibility import is_for_families
from geo.spelling import plain_words
from sources.adapter import paging
from sources.adapter.meetings import for_visitors, has_way_in, in_weeks, named, ways_to_join, with_way_in
from sources.adapter.resource_rows import (
    UNIT,
    ResourceRow,
    known_time_zone,
    place_or_online,
    point_or_address,
    read_rows,
)
from sources.adapter.source import FetchContext, ParseContext, Source
from sources.cleaning import clean, meeting_times
from sources.cleaning.meeting_weeks import day_and_weeks
from sources.cleaning.redaction import without_contacts, without_members
from sources.cleaning.report import Notes, Parsed, SetAside
from sources.cleaning.states import STATES
from sources.formats.csv_text import read_csv
from sources.formats.embedded import embedded
from sources.formats.json_strict import read_json
from sources.web.http import Fetched

_WAYS_IN = ("conference_url", "conference_phone")
_NOTES = ("notes", "location_notes", "group_notes", "conference_url_notes", "conference_phone_notes")
_VIRTUAL = {"virtual", "online", "zoom", "remote", "internet"}
_NO_PLACE = _VIRTUAL | {
    "only",
    "meeting",
    "meetings",
    "call",
    "conference",
    "google",
    "meet",
    "on",
    "line",
    "via",
    "by",
}
_STATES = {word.lower() for code, name in STATES.values() for word in (code, name.replace("_", " "))} | {
    "", "usa", "us", "u.s.", "u.s.a.", "united states", "united states of america", "canada",
}  # fmt: skip


def fetch(context: FetchContext) -> dict[str, Fetched]:
    """Return a site's feed, without the contacts of persons.

    Raises
    ------
    InputError, SourceError
        No address was given; it can't be fetched, or holds no JSON array.
    """
    name = "meeting_guide.json"
    answer = paging.fetch_data(
        paging.own_address(context, "Meeting Guide", "the address of a site's feed"), context, name
    )
    if answer.unchanged:
        return {name: answer}
    rows = paging.read_answer(answer, name)
    if not isinstance(rows, list):
        raise SourceError(
            f"The address holds no Meeting Guide feed: a JSON array was expected, not {type(rows).__name__}."
        )
    kept = paging.joined(without_members(rows), answer)
    return {name: replace(kept, etag=answer.etag, last_modified=answer.last_modified)}


def parse(raw: bytes, context: ParseContext) -> Parsed:
    """Return the meetings of a feed as `resources` and `sessions`.

    A feed is a JSON array, or a sheet (CSV) whose header holds the same names in plain words, as WordPress sites export
    it, with days and types in words.

    Rules (the feed's own specification, and where it is silent the reference finder's):

    - A link or a telephone number makes a meeting online, whatever its codes say, and one that says where it meets is
      hybrid. With `TC` (its place is closed), or a place that can't be told, it is online only, without a place.
    - `TC` or attendance `inactive` without such a way in, and `online` without one: it can't be attended; set aside.
      `in_person` that the publisher states stays so, whatever the codes.
    - A point that is given is exact, unless `approximate` is yes, or the flag is absent and the address names no more
      than a town. Without a point (0, 0 is none), a place goes where the region knows its street address.
    - No day means by appointment; set aside (`no_day`). Days and times: `sources.cleaning.meeting_times`; which
      aren't weekly: `sources.cleaning.meeting_weeks`.

    Raises
    ------
    SourceError
        The bytes are no JSON array, and no such sheet.
    """
    rows = _rows(raw, context.file_name)
    fellowship = _fellowship(context.file_name, rows)

    def read(row: dict[str, Any], notes: Notes) -> ResourceRow:
        return _read(row, notes, context, fellowship)

    return read_rows("meeting_guide", rows, read, context)


def _rows(raw: bytes, where: str) -> list[Any]:
    if _is_sheet(raw[:4096]):
        return [{_field(name): cell for name, cell in row.items()} for row in read_csv(raw, where)]
    rows = read_json(raw, where)
    if not isinstance(rows, list):
        raise SourceError(f"{where} should hold a JSON array of meetings.")
    return rows


def _is_sheet(head: bytes) -> bool:
    first = head.removeprefix(b"\xef\xbb\xbf").lstrip().split(b"\n", 1)[0].decode("utf-8", "replace")
    names = {_field(name) for name in re.split("[,;\t]", first)}
    return first[:1] not in ("[", "{") and {"name", "day", "time", "types"} <= names


def _field(heading: str) -> str:
    """Return a sheet's heading as the field of a feed is called: `End Time` → `end_time`."""
    return re.sub(r"\W+", "_", heading.lower()).strip("_")


def _read(row: dict[str, Any], notes: Notes, context: ParseContext, fellowship: str) -> ResourceRow:
    codes, address = _codes(row.get("types")), _address(row)
    approximate = _is_approximate(row, address)
    texts = [row.get(key) for key in _NOTES]
    way_in = has_way_in([row.get(key) for key in _WAYS_IN], texts)
    attendance = _attendance(row, codes, approximate, way_in, notes)
    known = (None, None, None) if approximate else _street_town_code(row)
    about = (row.get("location"), address)
    attendance, place = place_or_online(
        attendance, way_in, lambda: point_or_address(*_lat_lon(row), known, about, context, notes), notes
    )
    place_name = row.get("location") if place else None
    fellowship = _own_fellowship(row.get("name"), fellowship, notes)
    name = named(notes, f"{fellowship} meeting", row.get("name"), row.get("group"), place_name)
    sessions, zone = _sessions(row, name, texts, context.time_zone, notes, by_link=attendance != "in_person")
    lon, lat, looked_up = place or (None, None, False)
    precision = "hidden" if place is None else "approximate" if approximate else "street" if looked_up else "rooftop"
    formats, languages = _formats(codes, fellowship, notes)
    values = {
        "resource_id": clean.text(row.get("slug")) or clean.text(row.get("id")),
        "name": name,
        "category": "meeting",
        "lon": lon,
        "lat": lat,
        "location_precision": precision,
        "address": address,
        "venue": None if place is None else clean.name(row.get("location")),
        "notes": None
        if clean.is_confidential(*about)
        else for_visitors([row.get("location_notes"), row.get("notes")], notes),
        "url": clean.url(row.get("url")),
        **ways_to_join(attendance, row.get("conference_url"), row.get("conference_phone"), texts),
        "fellowship": fellowship,
        "formats": clean.words(formats),
        "languages": clean.words(languages),
        "genders": _genders(codes),
        "wheelchair": True if "X" in codes else None,
        "payment": "free",
        "attendance": attendance,
        "verified_on": clean.date(row.get("updated")),
        "license": SOURCE.license,
    }
    return ResourceRow(values, sessions, known_time_zone(row.get("timezone"), notes) or zone)


def _fellowship(file_name: str, rows: list[Any]) -> str:
    """Return the fellowship of a feed: by its file's name, or what a third of its meetings say; AA made the format."""
    stated = [
        _plain(f"{row.get('name')} {row.get('entity')} {str(row.get('url')).partition('//')[2].partition('/')[0]}")
        for row in rows[:200]
        if isinstance(row, dict)
    ]
    patterns = _fellowship_patterns()
    named = [name for name, pattern in patterns.items() if pattern.search(_plain(file_name))]
    counts = {name: sum(bool(pattern.search(text)) for text in stated) for name, pattern in patterns.items()}
    best = max(counts, key=lambda name: counts[name])
    return named[0] if named else best if counts[best] * 3 > len(stated) else "AA"


def _own_fellowship(name: Any, of_feed: str, notes: Notes) -> str:
    """Return the fellowship of a meeting: its feed's, but of a group of families whose name begins with its own.

    A name that tells both is of both.
    """
    said = _plain(clean.text(name, 200) or "")
    own = next((one for one, pattern in _fellowship_patterns().items() if pattern.match(said)), of_feed)
    if own == of_feed or is_for_families(of_feed) or not is_for_families(own):
        return of_feed
    notes.repaired("fellowship_of_name", "Its list is of another fellowship than the one its name begins with.")
    return f"{of_feed};{own}" if re.search(rf"\b{re.escape(_plain(of_feed))}\b", said) else own


@cache
def _fellowship_patterns() -> dict[str, re.Pattern[str]]:
    return {name: re.compile(pattern) for name, pattern in _types()["fellowships"].items()}


def _plain(text: str) -> str:
    return plain_words(text).casefold()


def _codes(value: Any) -> list[str]:
    """Return the codes of types, which may be in words."""
    values = value if isinstance(value, list) else re.split(r"[,;|]", str(value or "").strip("[]"))
    texts = [text for code in values if (text := str("" if code is None else code).strip().strip(" \"'"))]
    return [_types()["names"].get(text.lower(), text.upper()) for text in texts]


def _address(row: dict[str, Any]) -> str | None:
    whole = row.get("formatted_address")
    if address := clean.text(", ".join(map(str, whole)) if isinstance(whole, list) else whole):
        return address
    parts = (row.get(part) for part in ("address", "city", "state", "postal_code", "country"))
    return ", ".join(part for value in parts if (part := clean.text(value))) or None


def _street_town_code(row: dict[str, Any]) -> tuple[str | None, str | None, str | None]:
    """Return street, town and postal code: from their own fields, else an address (`1 Main St, Town, ST 00000`)."""
    own = [clean.text(row.get(key)) for key in ("address", "city", "postal_code")]
    whole = _address({"formatted_address": row.get("formatted_address")}) or ""
    parts = [part for part in _parts(whole) if not UNIT.fullmatch(f" {part}")]
    street = next((at for at, part in enumerate(parts) if part[:1].isdigit()), 0)
    code = re.findall(r"\b\d{5}\b", " ".join(whole.split(",")[1:]))
    stated = (*parts[street : street + 2], None, None)[:2] if len(parts) - street >= 2 else (None, None)
    written = (*stated, code[-1] if code else None)
    return tuple(one or other for one, other in zip(own, written, strict=True))  # type: ignore[return-value]


def _parts(address: str) -> list[str]:
    """Return the parts of an address, but for its country, its state and its ZIP code."""
    parts = [re.sub(r" ?\b\d{5}(?:-\d{4})?$", "", part.strip()) for part in address.split(",")]
    named = [part for at, part in enumerate(parts) if at == 0 or part.lower() not in _STATES]
    tail = re.compile(rf"(?i) (?:{'|'.join(code for code, _ in STATES.values())})$")
    return [part for part in (tail.sub("", one) if at else one for at, one in enumerate(named)) if part]


def _lat_lon(row: dict[str, Any]) -> tuple[Any, Any]:
    """Return the coordinates, which sheets give in one field: `lat,lon`, or south, west, north and east of a region."""
    pair = (row.get("latitude"), row.get("longitude"))
    parts = str(row.get("coordinates") or "").split(",")
    sides = [number for part in parts if (number := clean.number(part)) is not None]
    if any(clean.text(part) for part in pair) or len(sides) != len(parts) or len(sides) not in (2, 4):
        return pair
    return (sides[0] + sides[-2]) / 2, (sides[1] + sides[-1]) / 2


def _is_approximate(row: dict[str, Any], address: str | None) -> bool:
    flag = clean.truth(row.get("approximate"))
    if flag is not None:
        return flag
    if (commas := str(row.get("coordinates") or "").count(",")) in (1, 3):
        return commas == 3
    # parts that come one by one have a street of their own, so only a whole address is judged
    if not address or not clean.text(_address({"formatted_address": row.get("formatted_address")})):
        return False
    parts = _parts(address)
    return address.count(",") < 3 and len(parts) < 2 and not re.search(r"\d|&", parts[0] if parts else "")


def _attendance(row: dict[str, Any], codes: list[str], approximate: bool, way_in: bool, notes: Notes) -> str:
    stated = re.sub(r"[\s-]+", "_", str(row.get("attendance_option") or "").strip().lower())
    closed = "TC" in codes and stated != "in_person"
    words = set(re.findall(r"[^\W_]+", (clean.text(row.get("location"), 200) or "").lower()))
    virtual = bool(words & _VIRTUAL) and words <= _NO_PLACE
    link = clean.can_join(row.get("conference_url"), row.get("conference_phone"))
    if stated == "inactive":
        if not way_in:
            raise SetAside("inactive", "Its publisher marks it as not meeting, and it gives no link or number to join.")
        notes.repaired("inactive_with_link", "It is marked as not meeting, but gives a way to join; kept as online.")
        attendance = "online"
    elif stated in ("in_person", "online", "hybrid"):
        attendance = "online" if closed and way_in else stated
    elif closed and not way_in and "ONL" not in codes:
        raise SetAside(
            "closed_for_now", "Its place is closed for now (TC), and it gives no link or telephone number to join."
        )
    elif closed or virtual or ((link or "ONL" in codes) and approximate):
        attendance = "online"
    else:
        attendance = "hybrid" if link or "ONL" in codes else "in_person"
    return with_way_in(attendance, way_in, notes)


def _sessions(
    row: dict[str, Any], name: str, texts: Sequence[Any], here: str, notes: Notes, *, by_link: bool
) -> tuple[tuple[tuple[int, int, int, str], ...], str | None]:
    """Return the sessions, and the time zone that their times name."""
    day, weeks = day_and_weeks(row["day"]) if isinstance(row.get("day"), str) else (row.get("day"), "")
    days, bad = meeting_times.weekdays(day, 0)
    if not days and not bad:
        raise SetAside("no_day", "It has no weekday (by appointment).")
    if not days:
        raise SetAside("bad_day", f"Its day is not 0 (Sunday) to 6, and no day's name: {clean.text(bad[0], 40)!r}.")
    if bad:
        notes.repaired("bad_day", "A day that is not 0 (Sunday) to 6, and no day's name, was left out.")
    start, end, zone = meeting_times.times(row.get("time"), row.get("end_time"), here)
    if start is None:
        raise SetAside("no_time", f"Its start is no time of day: {clean.text(row.get('time'), 40) or ''!r}.")
    end_said = clean.text(row.get("end_time")) is not None
    always = meeting_times.is_round_the_clock(name)
    hours = meeting_times.hours(start, end, notes, by_link=by_link, round_the_clock=always, end_said=end_said)
    return in_weeks(meeting_times.on_days(days, hours), name, texts, notes, weeks), zone


@cache
def _types() -> dict[str, dict[str, Any]]:
    return tomllib.loads(embedded("mappings", "meeting_guide.toml").read_text(encoding="utf-8"))


def _formats(codes: list[str], fellowship: str, notes: Notes) -> tuple[list[str], list[str]]:
    tables = _types()
    words = tables["formats"] | tables["formats_of"].get(fellowship, {})
    formats, languages = [], []
    for code in codes:
        if code in tables["languages"]:
            languages.append(tables["languages"][code])
        elif code in words:
            formats.append(words[code])
        elif code not in ("TC", "ONL", "X"):
            notes.unknown("meeting type", code)
    return formats, languages


def _genders(codes: list[str]) -> str | None:
    """Return who is served where the types say so; a meeting for women is not one for all."""
    return "women" if "W" in codes and "M" not in codes else "men" if "M" in codes and "W" not in codes else "all"


def _recognizes(file_name: str, head: bytes) -> bool:
    if _is_sheet(head):
        return True
    keys = (b'"slug"', b'"formatted_address"', b'"day"', b'"conference_url"', b'"types"')
    if file_name.lower().endswith(".json") and "meeting_guide" in file_name.lower():
        return True
    return head.lstrip()[:1] == b"[" and b'"slug"' in head and sum(key in head for key in keys) >= 2


SOURCE = Source(
    name="meeting_guide",
    title="Meeting Guide / Twelve Step Meeting List",
    publisher="Local intergroups and central offices",
    license="Published for meeting finders; each publisher's terms apply",
    attribution="Meetings: the publishing intergroup (Meeting Guide format)",
    url="https://github.com/code4recovery/spec",
    freshness="Daily where the publisher keeps it up",
    precision="Buildings, or a town's center where marked approximate",
    kind="resources",
    parse=parse,
    recognizes=_recognizes,
    trust=60,
    fetch=fetch,
    fresh_days=30,
    strip=partial(without_contacts, clean=without_members),
)
