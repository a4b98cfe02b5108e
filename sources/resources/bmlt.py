"""BMLT: NA meetings as a root server's `GetSearchResults` gives them."""

import re
import tomllib
from functools import cache, partial
from typing import Any
from urllib.parse import urlencode

from geo.clock import DAY
from geo.errors import SourceError
from sources.adapter import paging
from sources.adapter.meetings import for_visitors, has_way_in, in_weeks, named, ways_to_join, with_way_in
from sources.adapter.resource_rows import ResourceRow, known_time_zone, place_or_online, point_or_address, read_rows
from sources.adapter.source import FetchContext, ParseContext, Source
from sources.cleaning import clean, meeting_times
from sources.cleaning.redaction import without_contacts, without_members
from sources.cleaning.report import Notes, Parsed, SetAside
from sources.formats.embedded import embedded
from sources.formats.json_strict import read_json
from sources.web.http import Fetched

_PAGE_ROWS = 500
_VENUES = {"1": "in_person", "2": "online", "3": "hybrid"}
_HYBRID = {"HY", "HYBR"}
_NOTES = ("comments", "location_info", "location_text", "virtual_meeting_additional_info")
_CODE = "postal_code_1"
_WAYS_IN = ("virtual_meeting_link", "phone_meeting_number", "virtual_meeting_additional_info")


def fetch(context: FetchContext) -> dict[str, Fetched]:
    """Return the meetings of a root server around a place, with the formats used, without the contacts of persons.

    Raises
    ------
    InputError, SourceError
        No place or address was given; a page can't be fetched or is no answer of such a server.
    """
    root = paging.own_address(context, "BMLT", "the address of a root server (…/main_server)").rstrip("/")
    lat, lon, meters = paging.circle(paging.needed_bounds(context, "BMLT"))
    place = {"lat_val": lat, "long_val": lon, "geo_width_km": round(meters / 1000 + 0.05, 1)}

    def address(number: int) -> str:
        page = {"page_size": _PAGE_ROWS, "page_num": number + 1}
        query = urlencode({"switcher": "GetSearchResults", **place, "get_used_formats": 1, **page})
        return f"{root}/client_interface/json/?{query}"

    meetings: list[Any] = []
    formats: list[Any] = []

    def take(document: Any) -> bool:
        # a server without meetings there leaves the envelope out
        rows = document if isinstance(document, list) else paging.rows_of(document, "meetings", "The root server")
        meetings.extend(without_members(rows))
        format_list = document.get("formats") if isinstance(document, dict) else None
        if isinstance(format_list, list):
            formats.extend(one for one in format_list if one not in formats)
        return len(rows) == _PAGE_ROWS

    last = paging.read_pages(address, context, take)
    return {"bmlt.json": paging.joined({"meetings": meetings, "formats": formats}, last)}


def parse(raw: bytes, context: ParseContext) -> Parsed:
    """Return the meetings of a server's answer as `resources` and `sessions`.

    Values are text, or the numbers and truths that they stand for; `weekday_tinyint` 1 is Sunday. `venue_type` (else
    the formats VM and HY) tells how to attend. A link or a telephone number keeps a meeting whose place is closed
    (format TC) or can't be told: it is online, without a place. A place without a point goes where the region knows
    its address. Where the answer holds the formats used, their world ids are read, by the ids that a meeting names:
    servers use the same letters for other formats, and an aggregator answers for many. What times mean:
    `sources.cleaning.meeting_times`; which meetings aren't weekly: `sources.cleaning.meeting_weeks`.

    Raises
    ------
    SourceError
        The bytes are no such answer.
    """
    document = read_json(raw, context.file_name)
    rows = document.get("meetings") if isinstance(document, dict) else document
    if not isinstance(rows, list):
        raise SourceError(f"{context.file_name} should hold a BMLT answer: a JSON array of meetings.")
    formats = _known_formats(document.get("formats")) if isinstance(document, dict) else {}

    def read(row: dict[str, Any], notes: Notes) -> ResourceRow:
        return _read(row, notes, context, formats)

    return read_rows(SOURCE.name, rows, read, context)


def _read(
    row: dict[str, Any], notes: Notes, context: ParseContext, known_formats: dict[str, tuple[str, str]]
) -> ResourceRow:
    if clean.truth(row.get("published")) is False:
        raise SetAside("unpublished", "Its publisher has not published it.")
    formats_said = _formats_of(row, known_formats)
    remarks = [row.get(key) for key in _NOTES]
    way_in = has_way_in([row.get(key) for key in _WAYS_IN], remarks)
    attendance = _attendance(row, {world_id or key for key, world_id in formats_said}, way_in, notes)
    street, town, code = (clean.text(row.get(f"location_{key}")) for key in ("street", "municipality", _CODE))
    parts = [street, town, clean.text(row.get("location_province")), code]
    given, about = (row.get("latitude"), row.get("longitude")), (row.get("location_text"), *parts)
    attendance, place = place_or_online(
        attendance, way_in, lambda: point_or_address(*given, (street, town, code), about, context, notes), notes
    )
    name = named(notes, "NA meeting", row.get("meeting_name"), row.get("location_text") if place else None)
    sessions = in_weeks(_sessions(row, name, attendance != "in_person", notes), name, remarks, notes)
    lon, lat, looked_up = place or (None, None, False)
    exact = "street" if looked_up else "rooftop" if street else "approximate"
    formats, languages, genders = _formats(formats_said, notes)
    spoken = clean.text(row.get("lang_enum"), 8)
    cells = {
        "resource_id": clean.text(row.get("id_bigint")),
        "name": name,
        "category": "meeting",
        "lon": lon,
        "lat": lat,
        "location_precision": "hidden" if place is None else exact,
        "address": ", ".join(part for part in parts if part) or None,
        "venue": None if place is None else clean.name(row.get("location_text")),
        "notes": None
        if clean.is_confidential(*about)
        else for_visitors([row.get("location_info"), row.get("comments")], notes),
        **ways_to_join(attendance, row.get(_WAYS_IN[0]), row.get(_WAYS_IN[1]), [row.get(_WAYS_IN[2]), *remarks]),
        "fellowship": "NA",
        "formats": clean.words(f for f in formats if f not in ("step-free", "spanish", "sign language")),
        "languages": clean.words(languages or ([spoken] if spoken else [])),
        "genders": genders,
        "wheelchair": True if "step-free" in formats else None,
        "payment": "free",
        "attendance": attendance,
        "license": SOURCE.license,
    }
    return ResourceRow(cells, sessions, known_time_zone(row.get("time_zone"), notes))


def _attendance(row: dict[str, Any], said: set[str], way_in: bool, notes: Notes) -> str:
    venue = clean.text(row.get("venue_type")) or ""
    link = has_way_in([row.get(key) for key in _WAYS_IN], [row.get("virtual_meeting_additional_info")])
    by_format = "online" if "VM" in said else "hybrid" if said & _HYBRID or link else "in_person"
    attendance = _VENUES.get(venue) or by_format
    if venue and venue not in _VENUES:
        notes.unknown("venue type", venue)
    if attendance == "in_person" and "VM" in said and link:
        attendance = "online"
    if "TC" in said:
        if attendance == "in_person" and not way_in:
            raise SetAside(
                "closed_for_now", "Its place is closed for now (TC), and it gives no link or telephone number to join."
            )
        attendance = "online"
    return with_way_in(attendance, way_in, notes)


def _sessions(row: dict[str, Any], name: str, by_link: bool, notes: Notes) -> list[tuple[int, int, int]]:
    days, _ = meeting_times.weekdays(row.get("weekday_tinyint"), 1)
    if not days:
        raise SetAside(
            "bad_day", f"Its weekday is not 1 (Sunday) to 7: {clean.text(row.get('weekday_tinyint'), 40)!r}."
        )
    start = meeting_times.clock(row.get("start_time"))
    if start is None:
        raise SetAside("no_time", f"Its start is no time of day: {clean.text(row.get('start_time'), 40) or ''!r}.")
    minutes = _duration(row.get("duration_time"))
    always = meeting_times.is_round_the_clock(name)
    hours = meeting_times.hours_lasting(start, minutes, notes, by_link=by_link, round_the_clock=always)
    if not minutes and hours.minutes != DAY:
        notes.repaired("bad_duration", "Its duration is missing or zero; an hour is assumed.")
    return meeting_times.on_days(days, hours)


def _duration(value: Any) -> int | None:
    """Return minutes of `01:30:00`, `00:90:00` or `90`; None where there are none."""
    text = clean.text(value, 20) or ""
    if match := re.fullmatch(r"(\d{1,2}):(\d{1,3})(?::\d\d)?", text):
        return int(match[1]) * 60 + int(match[2]) or None
    minutes = clean.whole(text)
    return minutes if minutes and meeting_times.SHORTEST_AT_MIDNIGHT <= minutes <= DAY else None


@cache
def _table() -> dict[str, dict[str, str]]:
    return tomllib.loads(embedded("mappings", "bmlt.toml").read_text(encoding="utf-8"))


def _known_formats(formats: Any) -> dict[str, tuple[str, str]]:
    """Return server and id, and letters, of the formats that came with an answer → their letters and world id."""
    rows = [row for row in formats if isinstance(row, dict)] if isinstance(formats, list) else []
    pairs = [(str(row.get("key_string") or ""), str(row.get("world_id") or "").upper()) for row in rows]
    return dict(zip((key for key, _ in pairs), pairs, strict=True)) | {
        f"{row.get('root_server_uri') or ''}#{row.get('id')}": pair for row, pair in zip(rows, pairs, strict=True)
    }


def _formats_of(row: dict[str, Any], formats: dict[str, tuple[str, str]]) -> list[tuple[str, str]]:
    """Return letters and world id (empty: unknown) of each format of a meeting."""
    keys, ids = (
        [part.strip() for part in _listed(row.get(name)) if part.strip()]
        for name in ("formats", "format_shared_id_list")
    )
    server = row.get("root_server_uri") or ""
    own = dict(pair for one in ids if (pair := formats.get(f"{server}#{one}") or formats.get(f"#{one}")))
    return [(key, own.get(key) or formats.get(key, ("", ""))[1]) for key in keys]


def _listed(value: Any) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else str(value or "").split(",")


def _formats(said: list[tuple[str, str]], notes: Notes) -> tuple[list[str], list[str], str]:
    table = _table()
    formats, languages = [], []
    for key, world_id in said:
        word = table["world_ids"].get(world_id) or table["keys"].get(key)
        if word:
            formats.append(word)
        elif not {key, world_id} & {"VM", "TC", *_HYBRID}:
            notes.unknown("meeting format", key)
        if key in table["languages"]:
            languages.append(table["languages"][key])
    genders = {"women", "men"} & set(formats)
    return formats, languages, next(iter(genders)) if len(genders) == 1 else "all"


def _recognizes(file_name: str, head: bytes) -> bool:
    return file_name.lower().endswith(".json") and b'"weekday_tinyint"' in head and b'"meeting_name"' in head


SOURCE = Source(
    name="bmlt",
    title="BMLT (Basic Meeting List Toolbox)",
    publisher="NA regions and areas, through their root servers",
    license="Published for meeting finders; each publisher's terms apply",
    attribution="NA meetings: the publishing service body (BMLT)",
    url="https://bmlt.app/",
    freshness="Daily where the publisher keeps it up",
    precision="Buildings",
    kind="resources",
    parse=parse,
    recognizes=_recognizes,
    trust=60,
    fetch=fetch,
    fresh_days=30,
    strip=partial(without_contacts, clean=without_members),
)
