"""Meeting Guide JSON (Twelve Step Meeting List): mutual-help meetings as AA, Al-Anon and others publish them."""

import re
import tomllib
from dataclasses import replace
from functools import cache, partial
from typing import Any

from geo.errors import SourceError
from sources.adapter import paging
from sources.adapter.resource_rows import ResourceRow, known_time_zone, point_or_address, read_rows
from sources.adapter.source import FetchContext, ParseContext, Source
from sources.cleaning import clean
from sources.cleaning.opening_hours import DEFAULT_MINUTES, LONGEST_MINUTES
from sources.cleaning.redaction import without_contacts, without_members
from sources.cleaning.report import Notes, Parsed, SetAside
from sources.formats.csv_text import read_csv
from sources.formats.embedded import embedded
from sources.formats.json_strict import read_json
from sources.web.http import Fetched

_DAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")


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

    - `TC` without `ONL`, or attendance `inactive`: it doesn't meet now; set aside (`closed_for_now`, `inactive`).
    - `ONL` with `TC`, attendance `online`, or a link where the place is only approximate: online. It is kept
      without a place. One without a link or telephone number can't be joined; set aside.
    - `ONL` without `TC`: hybrid; without a link it is in person only.
    - `approximate` is yes, or the flag is absent and the address has under three commas: a region, not a place.
    - A place without coordinates goes where the region knows its street address.
    - No day means by appointment; set aside (`no_day`). A time of 00:00 is a meeting at midnight where its end
      is 15 minutes to 3 hours later (online: to a day); without an end, or an equal one, it stands for
      "unknown" (`no_time`): publishers who don't fill in the time leave it so.
    - An end before the start is after midnight; one that would last over 12 hours becomes start + 60 minutes.

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
    name = clean.name(row.get("name"))
    if name is None:
        raise SetAside("no_name", "It has no name.")
    if clean.is_confidential(row.get("location"), row.get("formatted_address")):
        raise SetAside("confidential", "Its address is marked as confidential.")
    codes = _codes(row.get("types"))
    address = _address(row)
    approximate = _is_approximate(row, address)
    link = clean.can_join(row.get("conference_url"), row.get("conference_phone"))
    attendance = _attendance(row, codes, approximate, link, notes)
    sessions = _sessions(row, attendance == "online", notes)
    if attendance == "online":
        lon, lat, precision = None, None, "hidden"
    else:
        known = (None, None, None) if approximate else _street_town_code(row)
        lon, lat, looked_up = point_or_address(*_lat_lon(row), known, context, notes)
        precision = "approximate" if approximate else "street" if looked_up else "rooftop"
    formats, languages = _formats(codes, fellowship, notes)
    values = {
        "resource_id": clean.text(row.get("slug"), 150) or clean.text(row.get("id"), 150),
        "name": name,
        "category": "meeting",
        "lon": lon,
        "lat": lat,
        "location_precision": precision,
        "address": address,
        "url": clean.url(row.get("url")),
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
    return ResourceRow(values, sessions, known_time_zone(row.get("timezone"), notes))


def _fellowship(file_name: str, rows: list[Any]) -> str:
    """Return the fellowship of a feed: by its file's name, or what a third of its meetings say; AA made the format."""
    stated = [
        f"{row.get('name')} {row.get('entity')} {str(row.get('url')).partition('//')[2].partition('/')[0]}".lower()
        for row in rows[:200]
        if isinstance(row, dict)
    ]
    patterns = {name: re.compile(pattern) for name, pattern in _types()["fellowships"].items()}
    named = [name for name, pattern in patterns.items() if pattern.search(file_name.lower().replace("_", " "))]
    counts = {name: sum(bool(pattern.search(text)) for text in stated) for name, pattern in patterns.items()}
    best = max(counts, key=lambda name: counts[name])
    return named[0] if named else best if counts[best] * 3 > len(stated) else "AA"


def _codes(value: Any) -> list[str]:
    """Return the codes of types, which may be in words."""
    values = value if isinstance(value, list) else str(value or "").split(",")
    texts = [str(code).strip() for code in values if str(code).strip()]
    return [_types()["names"].get(text.lower(), text.upper()) for text in texts]


def _address(row: dict[str, Any]) -> str | None:
    if whole := clean.text(row.get("formatted_address"), 300):
        return whole
    parts = (row.get(part) for part in ("address", "city", "state", "postal_code", "country"))
    return ", ".join(part for value in parts if (part := clean.text(value, 100))) or None


def _street_town_code(row: dict[str, Any]) -> tuple[str | None, str | None, str | None]:
    """Return street, town and postal code, from their own fields or a whole address (`1 Main St, Town, ST 00000`)."""
    street, town, code = (clean.text(row.get(key), 150) for key in ("address", "city", "postal_code"))
    parts = [part.strip() for part in (clean.text(row.get("formatted_address"), 300) or "").split(",")]
    if street is None and len(parts) >= 3:
        street, town = parts[0], parts[1]
        code = next(iter(re.findall(r"\b\d{5}\b", " ".join(parts[2:]))), None)
    return street, town, code


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
    # parts that come one by one have a street of their own, so only a whole address is judged by its commas
    return bool(address and clean.text(row.get("formatted_address")) and address.count(",") < 3)


def _attendance(row: dict[str, Any], codes: list[str], approximate: bool, link: bool, notes: Notes) -> str:
    stated = str(row.get("attendance_option") or "").strip().lower()
    if stated == "inactive":
        raise SetAside("inactive", "Its publisher marks it as not meeting.")
    if stated in ("in_person", "online", "hybrid"):
        attendance = stated
    elif "TC" in codes and "ONL" not in codes:
        raise SetAside("closed_for_now", "Its place is closed for now (TC) and it is not online.")
    elif "ONL" in codes:
        attendance = "online" if "TC" in codes or approximate else "hybrid"
    else:
        attendance = "online" if link and approximate else "in_person"
    if attendance == "online" and not link:
        raise SetAside("online_without_link", "It is online, but gives neither a link nor a telephone number.")
    if attendance == "hybrid" and not link:
        notes.repaired("hybrid_without_link", "It says online too, but gives no link; kept as in person.")
        attendance = "in_person"
    return attendance


def _sessions(row: dict[str, Any], online: bool, notes: Notes) -> tuple[tuple[int, int, int], ...]:
    value = row.get("day")
    days = value if isinstance(value, list) else str("" if value is None else value).split(",")
    days = [day for day in days if str("" if day is None else day).strip()]
    if not days:
        raise SetAside("no_day", "It has no weekday (by appointment).")
    numbers = [_day(day) for day in days]
    good = sorted({(day + 6) % 7 for day in numbers if day is not None and day <= 6})
    if not good:
        raise SetAside("bad_day", f"Its day is not 0 (Sunday) to 6: {clean.text(days[0], 40)!r}.")
    if any(day is None or day > 6 for day in numbers):
        notes.repaired("bad_day", "A day that is not 0 (Sunday) to 6 was left out.")
    start = clean.minutes_of_clock(row.get("time"))
    if start is None:
        raise SetAside("no_time", f"It has no start time as HH:MM: {clean.text(row.get('time'), 40)!r}.")
    end = clean.minutes_of_clock(row.get("end_time"))
    if end is None and row.get("end_time") not in (None, ""):
        notes.repaired("bad_end", "Its end time can't be read; an hour is assumed.")
    if start == 0 and (end is None or end < 15 or (end > 180 and not online)):
        raise SetAside("no_time", "Its time is 00:00 without a plausible end, which stands for an unknown time.")
    if start == 0:
        notes.notice("midnight", "It is said to start at midnight; worth asking its publisher.")
    minutes = DEFAULT_MINUTES if end is None else (end - start) % 1440
    if end is not None and not 0 < minutes <= (1440 if online else LONGEST_MINUTES):
        notes.repaired("bad_end", "It would last no time or over 12 hours; an hour is assumed.")
        minutes = DEFAULT_MINUTES
    return tuple((weekday, start, start + minutes) for weekday in good)


def _day(value: Any) -> int | None:
    """Return the number of a day, 0 = Sunday, from a number or an English word."""
    word = str(value).strip().lower()
    return _DAYS.index(word) if word in _DAYS else clean.whole(value)


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
