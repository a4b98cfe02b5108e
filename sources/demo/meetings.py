"""Mutual-help meetings: two feeds in Meeting Guide form and one in the BMLT's, flaws of real feeds included."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from sources.demo import chance
from sources.demo.places import SERVED, Address
from sources.demo.plan import NOTE, STATE
from sources.networks.gtfs_writer import gtfs_time

AA, AL_ANON, NA = 420, 84, 236
"""Weekly meetings a fellowship."""

_FIRST = (
    "Daily", "Early", "Eastside", "Easy", "Evening", "First", "Founders", "Friday", "Grateful", "Happy", "Honest",
    "Lantern", "Lifeline", "Living", "Lunch", "Morning", "New", "Nooners'", "One", "Open", "Quiet", "Riverbend",
    "Serenity", "Simple", "Steady", "Sunrise", "Together", "Turning", "Unity", "Way",
)  # fmt: skip
_SECOND = (
    "Beginnings", "Bridge", "Candle", "Circle", "Courage", "Day at a Time", "Door", "Fellowship", "Freedom",
    "Gratitude", "Group", "Harbor", "Home", "Hope", "Hour", "Journey", "Light", "Path", "Promises", "Reflections",
    "Road", "Solutions", "Step", "Steps", "Table", "Trail", "Welcome", "Window",
)  # fmt: skip
_TIMES = (
    (390, 5), (420, 9), (480, 6), (540, 5), (600, 5), (660, 2), (720, 20), (750, 6), (810, 2), (960, 2), (1020, 4),
    (1050, 8), (1080, 15), (1110, 11), (1140, 24), (1170, 14), (1200, 15), (1230, 4), (1260, 3), (1320, 3),
    (1380, 1),
)  # fmt: skip
"""Start in minutes after midnight, and weight: noon and evening heavy."""
_DAY_WEIGHTS = (7, 10, 11, 10, 11, 9, 9)
_VENUES = {"worship": 3.0, "community": 2.0, "library": 0.8}
_UNSERVED = ("Copperwell", "Sorrel Fields", "Hollow Pines", "Rural")


@dataclass(frozen=True)
class Meeting:
    """A weekly meeting before it is put in a feed's own form; `weekday` 0 = Sunday."""

    number: int
    name: str
    weekday: int
    start: int
    minutes: int
    venue: Address
    traits: tuple[str, ...]  # open, women, men, young, lgbtq, spanish, beginners, wheelchair, step, speaker
    attendance: str  # in_person, hybrid, online, closed, approximate


def _meetings(fellowship: str, count: int, venues: list[Address]) -> list[Meeting]:
    rng = chance.stream(f"meetings {fellowship}")
    homes = _weighted_venues(rng, fellowship, venues, round(count * 0.34))
    meetings = []
    for number in range(1, count + 1):
        venue = homes[number % len(homes)] if number <= 2 * len(homes) else chance.pick(rng, homes)
        start = chance.weighted(rng, [t for t, _ in _TIMES], [w for _, w in _TIMES])
        if venue.at.city == "Drumfold":
            start = chance.pick(rng, (720, 1140, 1170))
        weekday = chance.weighted(rng, range(7), _DAY_WEIGHTS)
        name = f"{chance.pick(rng, _FIRST)} {chance.pick(rng, _SECOND)}"
        draw = float(rng.random())
        attendance = (
            "in_person"
            if draw < 0.80
            else "hybrid"
            if draw < 0.88
            else "online"
            if draw < 0.95
            else "closed"
            if draw < 0.975
            else "approximate"
        )
        minutes = chance.pick(rng, (60, 60, 60, 90))
        meetings.append(Meeting(number, name, weekday, start, minutes, venue, _traits(rng), attendance))
    return meetings


def _weighted_venues(rng: np.random.Generator, fellowship: str, venues: list[Address], count: int) -> list[Address]:
    left = [v for v in venues if v.kind in _VENUES and v.at.area not in _UNSERVED]
    if fellowship == "AL":
        left = [v for v in left if v.at.area not in ("Kiln Quarter", "Drumfold", "Pellorchard")]
    drawn = [v for v in left if v.at.city == "Drumfold" and v.kind == "community"]
    left = [v for v in left if v not in drawn]
    while len(drawn) < count and left:
        pick = chance.weighted(rng, left, [_VENUES[v.kind] * SERVED[v.at.area] ** 0.8 for v in left])
        drawn.append(pick)
        left.remove(pick)
    return drawn


def _traits(rng: np.random.Generator) -> tuple[str, ...]:
    traits = ["open" if chance.chance(rng, 0.55) else "closed"]
    draw = float(rng.random())
    for trait, edge in (
        ("women", 0.11),
        ("men", 0.18),
        ("young", 0.23),
        ("lgbtq", 0.28),
        ("spanish", 0.34),
        ("beginners", 0.45),
    ):
        if draw < edge:
            traits.append(trait)
            break
    return (
        *traits,
        chance.pick(rng, ("step", "speaker", "discussion", "meditation", "book")),
        *(("wheelchair",) if chance.chance(rng, 0.5) else ()),
    )


_CODES = {
    "open": "O", "closed": "C", "women": "W", "men": "M", "young": "Y", "lgbtq": "LGBTQ", "spanish": "S",
    "beginners": "BE", "wheelchair": "X", "step": "ST", "speaker": "SP", "discussion": "D", "meditation": "MED",
    "book": "B",
}  # fmt: skip
_DOORS = ("Use the side door.", "Ring the bell; the stairs are on the left.", "Park behind the building.")

_AL_ANON_CODES = _CODES | {"beginners": "BE", "book": "LIT", "young": "AL"}


def meeting_guide(fellowship: str, venues: list[Address]) -> list[dict[str, Any]]:
    """Return a feed in Meeting Guide form; `fellowship` is "AA" or "AL" (Al-Anon)."""
    count = AA if fellowship == "AA" else AL_ANON
    return [_guide_row(fellowship, meeting) for meeting in _meetings(fellowship, count, venues)]


def _guide_row(fellowship: str, meeting: Meeting) -> dict[str, Any]:
    k, at = meeting.number, meeting.venue.at
    lon, lat = at.lonlat
    codes = [(_CODES if fellowship == "AA" else _AL_ANON_CODES)[trait] for trait in meeting.traits]
    online = meeting.attendance in ("online", "hybrid")
    codes += ["ONL"] if online else []
    codes += ["TC"] if meeting.attendance in ("online", "closed") else []
    approximate = meeting.attendance == "approximate"
    place = f"{at.address}, {at.city}, {STATE} {at.postcode}, USA" if not approximate else f"{at.city}, {STATE}, USA"
    name = meeting.name + (" Al-Anon Family Group" if fellowship == "AL" else "")
    row: dict[str, Any] = {
        "id": 1000 * (1 + (fellowship == "AL")) + k,
        "name": name,
        "slug": f"{'-'.join(name.lower().replace(chr(39), '').split())}-{k}",
        "notes": NOTE,
        **({"location_notes": _DOORS[k % len(_DOORS)]} if k % 3 else {}),
        "updated": f"2025-{7 + k % 6:02d}-{1 + k % 27:02d} 12:00:00",
        "url": f"https://meetings.example.org/{fellowship.lower()}/{k}",
        "day": meeting.weekday,
        "time": gtfs_time(meeting.start * 60)[:5],
        "end_time": gtfs_time((meeting.start + meeting.minutes) % 1440 * 60)[:5],
        "types": codes,
        "location": meeting.venue.name,
        "formatted_address": place,
        "approximate": "yes" if approximate else "no",
        "latitude": lat,
        "longitude": lon,
        "region": at.area,
        "regions": [at.city, at.area],
    }
    if online:
        row |= {
            "conference_url": f"https://video.example.org/room/{fellowship.lower()}{k}",
            "conference_phone": "555-0142",
        }
    return row | _flaws(fellowship, k, row)


def _flaws(fellowship: str, k: int, row: dict[str, Any]) -> dict[str, Any]:
    """Return what a real publisher gets wrong now and then, for a few fixed rows."""
    if k % 5 == 0 and k % 17:
        return {"latitude": str(row["latitude"]), "longitude": str(row["longitude"])}
    flaws: dict[int, dict[str, Any]] = {
        21: {"latitude": 0, "longitude": 0},
        48: {"latitude": row["longitude"], "longitude": row["latitude"]},
        51: {"name": f"Tom&#8217;s {row['name']}", "notes": f"<p>Ring the side bell &amp; come in.</p> {NOTE}"},
        66: {"location": f"{row['location']} &ndash; lower hall", "notes": f"Coffee &amp; cookies. {NOTE}"},
        72: {"time": "", "end_time": ""},
        93: {"time": "00:00", "end_time": "00:00"},
        111: {"day": None},
        126: {"day": [1, 3, 5], "notes": f"Meets three times a week. {NOTE}"},
        133: {"longitude": abs(float(row["longitude"]))},
        147: {"latitude": None, "longitude": None},
        168: {"types": [*row["types"], "ZZZ"]},
        174: {"end_time": "0:15 pm"},
    }
    return flaws.get(k if fellowship == "AA" else k + 60, {}) if k < 300 else {}


_FORMATS = {
    "open": "O", "closed": "C", "women": "W", "men": "M", "young": "YP", "lgbtq": "GL", "spanish": "ES",
    "beginners": "B", "wheelchair": "WC", "step": "St", "speaker": "So", "discussion": "D", "meditation": "ME",
    "book": "BT",
}  # fmt: skip
_FORMAT_IDS = {code: str(number) for number, code in enumerate(sorted(set(_FORMATS.values()) | {"VM", "TC", "HY"}), 1)}


def bmlt(venues: list[Address]) -> list[dict[str, str]]:
    """Return the NA feed in the BMLT server's form: every value is text, weekday 1 is Sunday."""
    return [_bmlt_row(meeting) for meeting in _meetings("NA", NA, venues)]


def _bmlt_row(meeting: Meeting) -> dict[str, str]:
    k, at = meeting.number, meeting.venue.at
    lon, lat = at.lonlat
    extra = {"online": ["VM", "TC"], "closed": ["TC"], "hybrid": ["HY"]}.get(meeting.attendance, [])
    codes = [*(_FORMATS[trait] for trait in meeting.traits), *extra]
    row = {
        "id_bigint": str(k),
        "worldid_mixed": f"FIC{k:05d}",
        "service_body_bigint": "1",
        "weekday_tinyint": str(meeting.weekday + 1),
        "venue_type": {"online": "2", "hybrid": "3"}.get(meeting.attendance, "1"),
        "start_time": gtfs_time(meeting.start * 60),
        "duration_time": gtfs_time(meeting.minutes * 60),
        "formats": ",".join(codes),
        "lang_enum": "es" if "spanish" in meeting.traits else "en",
        "longitude": f"{lon:.7f}",
        "latitude": f"{lat:.7f}",
        "published": "1",
        "format_shared_id_list": ",".join(_FORMAT_IDS[code] for code in codes),
        "meeting_name": meeting.name,
        "location_text": meeting.venue.name,
        "location_info": f"Use the side door. {NOTE}",
        "location_street": at.address,
        "location_municipality": at.city,
        "location_neighborhood": at.area,
        "location_province": STATE,
        "location_postal_code_1": at.postcode,
        "location_nation": "USA",
        "comments": NOTE,
    }
    if meeting.attendance in ("online", "hybrid"):
        row |= {"virtual_meeting_link": f"https://video.example.org/room/na{k}", "phone_meeting_number": "555-0143"}
    if meeting.attendance == "online" or k == 40:
        row |= {"longitude": "0", "latitude": "0"}
    flaws = {55: {"published": "0"}, 77: {"start_time": ""}, 90: {"meeting_name": f"Mike &amp; Jan's {meeting.name}"},
             110: {"latitude": row["longitude"], "longitude": row["latitude"]}, 130: {"duration_time": ""}}  # fmt: skip
    return row | flaws.get(k, {})
