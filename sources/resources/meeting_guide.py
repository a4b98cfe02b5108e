"""Meeting Guide JSON (Twelve Step Meeting List): mutual-help meetings as AA, Al-Anon and others publish them."""

import re
import tomllib
from dataclasses import replace
from functools import cache
from typing import Any

from geo.errors import SourceError
from sources import clean, paging
from sources.contacts import without_persons
from sources.embedded import embedded
from sources.http import Fetched
from sources.jsontext import read_json
from sources.report import Notes, Parsed, SetAside
from sources.rows import Place, known_time_zone, read_rows
from sources.source import FetchContext, ParseContext, Source

DEFAULT_MINUTES = 60
LONGEST_MINUTES = 12 * 60
_FELLOWSHIPS = {"al-anon": "Al-Anon", "alateen": "Al-Anon", "afg": "Al-Anon"}


def fetch(context: FetchContext) -> dict[str, Fetched]:
    """Return a site's feed, without the contacts of persons.

    Raises
    ------
    InputError, SourceError
        No address was given; it can't be fetched, or holds no JSON array.
    """
    name = "meeting_guide.json"
    found = paging.fetch_data(
        paging.own_address(context, "Meeting Guide", "the address of a site's feed"), context, name
    )
    if found.unchanged:
        return {name: found}
    rows = read_json(found.content, name)
    if not isinstance(rows, list):
        raise SourceError(
            f"The address holds no Meeting Guide feed: a JSON array was expected, not {type(rows).__name__}."
        )
    kept = paging.joined(without_persons(rows), found)
    return {name: replace(kept, etag=found.etag, last_modified=found.last_modified)}


def parse(raw: bytes, context: ParseContext) -> Parsed:
    """Return the meetings of a feed as `resources` and `sessions`.

    Rules (the feed's own specification, and where it is silent the reference finder's):

    - `TC` without `ONL`, or attendance `inactive`: it doesn't meet now; set aside (`closed_for_now`, `inactive`).
    - `ONL` with `TC`, attendance `online`, or a link where the place is only approximate: online. It is kept
      without a place. One without a link or telephone number can't be joined; set aside.
    - `ONL` without `TC`: hybrid; without a link it is in person only.
    - `approximate` is yes, or the flag is absent and the address has under three commas: a region, not a place.
    - No day means by appointment; set aside (`no_day`). A time of 00:00 is a meeting at midnight where its end
      is 15 minutes to 3 hours later (online: to a day); without an end, or an equal one, it stands for
      "unknown" (`no_time`): publishers who don't fill in the time leave it so.
    - An end before the start is after midnight; one that would last over 12 hours becomes start + 60 minutes.

    Raises
    ------
    SourceError
        The bytes are no JSON array.
    """
    rows = read_json(raw, context.file_name)
    if not isinstance(rows, list):
        raise SourceError(f"{context.file_name} should hold a JSON array of meetings.")
    fellowship = _fellowship(context.file_name, rows)

    def read(row: dict[str, Any], notes: Notes) -> Place:
        return _read(row, notes, context, fellowship)

    return read_rows("meeting_guide", rows, read, context)


def _read(row: dict[str, Any], notes: Notes, context: ParseContext, fellowship: str) -> Place:
    name = clean.text(row.get("name"), 200)
    if name is None:
        raise SetAside("no_name", "It has no name.")
    if clean.is_confidential(row.get("location"), row.get("formatted_address")):
        raise SetAside("confidential", "Its address is marked as confidential.")
    codes = _codes(row.get("types"))
    address = _address(row)
    approximate = _is_approximate(row, address)
    link = clean.url(row.get("conference_url")) or clean.phone(row.get("conference_phone"))
    attendance = _attendance(row, codes, approximate, bool(link), notes)
    sessions = _sessions(row, attendance == "online", notes)
    if attendance == "online":
        lon, lat, precision = None, None, "hidden"
    else:
        lon, lat = clean.point(row.get("latitude"), row.get("longitude"), context.bounds, notes)
        precision = "approximate" if approximate else "rooftop"
    formats, languages = _formats(codes, notes)
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
        "licence": SOURCE.licence,
    }
    return Place(values, sessions, known_time_zone(row.get("timezone"), notes))


def _fellowship(file_name: str, rows: list[Any]) -> str:
    """Return the fellowship of a feed: from its file's name or its meetings' names, else AA, which made the format."""
    names = [file_name] + [str(row.get("name")) for row in rows[:200] if isinstance(row, dict)]
    text = " ".join(names).lower()
    counts = {word: len(re.findall(rf"\b{word}\b", text)) for word in _FELLOWSHIPS}
    best = max(counts, key=lambda word: counts[word])
    return (
        _FELLOWSHIPS[best]
        if re.search(rf"\b{best}\b", file_name.lower()) or counts[best] * 3 > len(rows[:200])
        else "AA"
    )


def _codes(value: Any) -> list[str]:
    values = value if isinstance(value, list) else str(value or "").split(",")
    return [str(code).strip().upper() for code in values if str(code).strip()]


def _address(row: dict[str, Any]) -> str | None:
    if whole := clean.text(row.get("formatted_address"), 300):
        return whole
    parts = (row.get(part) for part in ("address", "city", "state", "postal_code", "country"))
    return ", ".join(part for value in parts if (part := clean.text(value, 100))) or None


def _is_approximate(row: dict[str, Any], address: str | None) -> bool:
    flag = clean.truth(row.get("approximate"))
    if flag is not None:
        return flag
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
    days = [
        day for day in (value if isinstance(value, list) else [value]) if str(day if day is not None else "").strip()
    ]
    if not days:
        raise SetAside("no_day", "It has no weekday (by appointment).")
    numbers = [clean.whole(day) for day in days]
    good = sorted({(day + 6) % 7 for day in numbers if day is not None and day <= 6})
    if not good:
        raise SetAside("bad_day", f"Its day is not 0 (Sunday) to 6: {clean.text(days[0], 40)!r}.")
    if any(day is None or day > 6 for day in numbers):
        notes.repaired("bad_day", "A day that is not 0 (Sunday) to 6 was left out.")
    start = clean.clock(row.get("time"))
    if start is None:
        raise SetAside("no_time", f"It has no start time as HH:MM: {clean.text(row.get('time'), 40)!r}.")
    end = clean.clock(row.get("end_time"))
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


@cache
def _types() -> dict[str, dict[str, str]]:
    return tomllib.loads(embedded("mappings", "meeting_guide.toml").read_text(encoding="utf-8"))


def _formats(codes: list[str], notes: Notes) -> tuple[list[str], list[str]]:
    tables = _types()
    formats, languages = [], []
    for code in codes:
        if code in tables["languages"]:
            languages.append(tables["languages"][code])
        elif code in tables["formats"]:
            formats.append(tables["formats"][code])
        elif code not in ("TC", "ONL", "X"):
            notes.unknown("meeting type", code)
    return formats, languages


def _genders(codes: list[str]) -> str | None:
    """Return who is served where the types say so; a meeting for women is not one for all."""
    return "women" if "W" in codes and "M" not in codes else "men" if "M" in codes and "W" not in codes else "all"


def _recognises(file_name: str, head: bytes) -> bool:
    keys = (b'"slug"', b'"formatted_address"', b'"day"', b'"conference_url"', b'"types"')
    if file_name.lower().endswith(".json") and "meeting_guide" in file_name.lower():
        return True
    return head.lstrip()[:1] == b"[" and b'"slug"' in head and sum(key in head for key in keys) >= 2


SOURCE = Source(
    name="meeting_guide",
    title="Meeting Guide / Twelve Step Meeting List",
    publisher="Local intergroups and central offices",
    licence="Published for meeting finders; each publisher's terms apply",
    attribution="Meetings: the publishing intergroup (Meeting Guide format)",
    url="https://github.com/code4recovery/spec",
    freshness="Daily where the publisher keeps it up",
    precision="Buildings, or a town's centre where marked approximate",
    kind="resources",
    parse=parse,
    recognises=_recognises,
    trust=60,
    fetch=fetch,
    fresh_days=30,
)
