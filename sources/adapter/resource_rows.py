"""The loop that every feed of resources runs through: a row in, a place and its sessions out, or the reason why not."""

import hashlib
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pandas as pd

from geo.tables import CATEGORIES, RESOURCES, SESSIONS, conform
from sources.adapter.source import ParseContext
from sources.adapter.suspect_points import doubt_points
from sources.cleaning import clean
from sources.cleaning.cells import LONGEST_ID, cut_cells, cut_row
from sources.cleaning.report import Notes, Parsed, SetAside
from sources.cleaning.stated import note_unread
from sources.formats.csv_text import EXTRA

UNIT = re.compile(
    r"(?i)(?<![,\s])[,\s]++(?:#|(?:ste|suite|unit|apt|fl|floor|rm|room|bldg|building|dept)\b)\.?\s*+[\w-]*+\s*+$"
)

LONGEST_ADDRESS = 300
"""Letters of an address that is looked up: each of its words is held against all those of a region."""


@dataclass(frozen=True)
class ResourceRow:
    """A row that can be used: RESOURCES columns without `source`, `dimension` and dates, and its sessions.

    `cells["resource_id"]` is the feed's own id; sessions are (weekday, start, end) in minutes, 0 = Monday, with `weeks`
    (`geo.needs.occurrence`) behind them where they aren't weekly. `also` are further categories of the place:
    each becomes a row of its own.
    """

    cells: dict[str, Any]
    sessions: tuple[tuple[int, int, int] | tuple[int, int, int, str], ...] = ()
    time_zone: str | None = None
    also: tuple[str, ...] = ()


@dataclass
class _Seen:
    """Rows of each id so far, and the places with their numbers by id and content: many rows may share an id."""

    rows: Counter[str] = field(default_factory=Counter)
    alike: dict[tuple[str, int], list[tuple[int, ResourceRow]]] = field(default_factory=dict)


def read_rows(
    source: str,
    rows: Iterable[Any],
    read: Callable[[Any, Notes], ResourceRow],
    context: ParseContext,
    notes: Notes | None = None,
    row_name: Callable[[Any], str] | None = None,
) -> Parsed:
    """Return the tables `resources` and `sessions` of all rows that `read` can use, and what became of the others.

    No text is longer than its column holds. Rows that repeat an id and everything else are set aside as duplicates. One
    that differs in its sessions alone adds them to the place that it repeats (a van that comes twice a week; meetings
    apart); a repeated id on a row that differs otherwise gets a number behind it, so that nothing is lost. A place
    whose name or address says that it is confidential is never kept, whatever the feed; one whose position is hidden
    has neither point nor address.

    Parameters
    ----------
    row_name
        What a row is called in the notes, where its number among `rows` isn't that in its file.
    """
    source = context.source or source
    notes = notes or Notes(source)
    places: list[dict[str, Any]] = []
    sessions: list[dict[str, Any]] = []
    seen = _Seen()
    rows_in = extra = 0
    check_time = time_check(context.seconds)
    for rows_in, row in enumerate(rows, 1):
        notes.row = str(rows_in) if row_name is None else row_name(row)
        try:
            check_time()
            place = _checked(read(_record(row, notes), notes), notes)
            place = replace(place, cells=cut_cells(place.cells, RESOURCES, notes))
            own_id, is_known = _own_id(place, seen)
        except SetAside as problem:
            notes.set_aside(problem)
            continue
        resource_id = f"{source}:{own_id}"
        cells = [place.cells | {"resource_id": resource_id, "row": notes.row}]
        cells += [
            place.cells | {"resource_id": f"{resource_id}/{category}", "category": category, "row": notes.row}
            for category in place.also
        ]
        if not is_known:
            places += cells
        extra += len(cells) - 1 if not is_known else -1
        for weekday, start, end, *weeks in place.sessions:
            sessions.append(
                {
                    "resource_id": resource_id,
                    "weekday": weekday,
                    "start_minute": start,
                    "end_minute": end,
                    "time_zone": place.time_zone or context.time_zone,
                    "weeks": weeks[0] if weeks and weeks[0] else None,
                }
            )
    doubt_points(places, notes)
    frame = pd.DataFrame(places, index=range(len(places)))
    frame["source"] = source
    frame["dimension"] = frame["category"].map(CATEGORIES) if places else pd.Series(dtype="string")
    if "retrieved_on" not in frame:
        frame["retrieved_on"] = context.retrieved_on
    tables = {
        "resources": conform(frame, RESOURCES),
        "sessions": conform(pd.DataFrame(sessions, index=range(len(sessions))), SESSIONS),
    }
    return Parsed(tables, notes.table(), rows_in, extra)


def time_check(seconds: float) -> Callable[[], None]:
    """Return what raises SetAside (`out_of_time`) once that much more of this thread's processor time is used up."""
    until = time.thread_time() + seconds

    def check() -> None:
        if time.thread_time() > until:
            reason = f"The rows before it took the {seconds:,.0f} seconds that a file of this size may take."
            raise SetAside("out_of_time", reason)

    return check


def refuse_confidential(*about: Any) -> None:
    """Give a place up if what its feed says of it marks its address as one that isn't public.

    Raises
    ------
    SetAside
        `confidential`.
    """
    if clean.is_confidential(*about):
        raise SetAside("confidential", "Its address is marked as confidential.")


def look_up(
    street: str, town: str, code: str, about: Sequence[Any], context: ParseContext, notes: Notes
) -> tuple[float, float]:
    """Return the (lon, lat) of an address whose feed gives none, where the region leaves no doubt about it.

    Parameters
    ----------
    about
        What the feed says of the place: its name, kind, and whole address. An address that is looked up may be sent to
        a geocoding service (`sources.region.geocode_inputs`), so a confidential one must be refused before that.

    Raises
    ------
    SetAside
        It is `confidential`; there is no region to look it up in (`needs_geocoding`), or it isn't known there
        (`not_located`).
    """
    refuse_confidential(street, town, *about)
    if context.locate is None:
        raise SetAside("needs_geocoding", "It has no coordinates, and there is no region to look its address up in.")
    is_address = len(street) + len(town) + len(code) <= LONGEST_ADDRESS
    point = context.locate(UNIT.sub("", street), town, code) if is_address else None
    if point is None:
        raise SetAside("not_located", "The region knows no place for its address.")
    return clean.point(point[1], point[0], context.bounds, notes)


def point_or_address(
    lat: Any,
    lon: Any,
    address: tuple[str | None, str | None, str | None],
    about: Sequence[Any],
    context: ParseContext,
    notes: Notes,
) -> tuple[float, float, bool]:
    """Return (lon, lat) and whether they were found by address (street, town, postal code) because none were given.

    0, 0 stands for none. `about` is as in `look_up`.

    Raises
    ------
    SetAside
        It is `confidential`; as `clean.point` where there are coordinates, else as `look_up`.
    """
    street, town, code = address
    refuse_confidential(*address, *about)
    try:
        return (*clean.point(lat, lon, context.bounds, notes), False)
    except SetAside as problem:
        if (
            problem.code not in ("no_point", "null_island")
            or context.locate is None
            or not street
            or not (town or code)
        ):
            raise
    x, y = look_up(street, town or "", (code or "")[:5], about, context, notes)
    notes.repaired("located", "It has no coordinates; its address was looked up.")
    return x, y, True


def place_or_online(
    attendance: str, way_in: bool, place: Callable[[], tuple[float, float, bool]], notes: Notes
) -> tuple[str, tuple[float, float, bool] | None]:
    """Return how a meeting is attended, and its place as `point_or_address`; None where it is online.

    One that can be joined stays, as online, where its place can't be told: nobody is sent anywhere, nothing is lost.

    Raises
    ------
    SetAside
        As `place`, where it can't be joined either.
    """
    if attendance == "online":
        return attendance, None
    try:
        return attendance, place()
    except SetAside as problem:
        if not way_in:
            raise
        notes.repaired("online_without_place", f"It can be joined online; its place is not shown. {problem}")
        return "online", None


def known_time_zone(value: Any, notes: Notes) -> str | None:
    """Return the name of an IANA time zone; None, noted, where it isn't one."""
    name = clean.text(value, 60)
    if name is None:
        return None
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        notes.repaired("bad_time_zone", f"Its time zone {name!r} is not known; the region's is used.")
        return None


def _record(row: Any, notes: Notes) -> dict[str, Any]:
    if not isinstance(row, dict):
        raise SetAside("not_an_object", "It is no record with named fields.")
    cut_row(row, notes.repaired)
    if extra := row.get(EXTRA):
        notes.notice(
            "extra_cells", f"It has more cells than the first line names, unused: {extra[:60]!r}; are quotes missing?"
        )
    return row


def read_cell(column: str, value: Any, read: Callable[[Any], Any], notes: Notes) -> Any:
    """Return what `read` makes of a cell; where it makes nothing of one that says something, that is noted."""
    cell = read(value)
    if cell is None:
        note_unread(column, value, notes)
    return cell


def _checked(place: ResourceRow, notes: Notes) -> ResourceRow:
    """Return a place that may be shown, without its point and address where these are hidden.

    More open beds than beds are taken as all beds open.
    """
    if place.cells.get("location_precision") == "hidden":
        place = replace(place, cells=place.cells | dict.fromkeys(("lon", "lat", "address")))
    cells = place.cells
    # a meeting's name is no word on its place
    refuse_confidential(cells.get("address"), None if cells.get("category") == "meeting" else cells.get("name"))
    beds, open_beds = cells.get("beds"), cells.get("open_beds")
    if beds is None or open_beds is None or open_beds <= beds:
        return place
    notes.repaired("open_beds", f"It has {beds} beds, so not {open_beds} of them are open; {beds} are taken.")
    return replace(place, cells=cells | {"open_beds": beds})


def _content_id(place: ResourceRow) -> str:
    """Return an id for a place whose feed gives none: the same wherever its row stands in the feed."""
    cells = place.cells
    where = cells.get("address") or f"{cells.get('lon')} {cells.get('lat')}"
    held = place.sessions if cells.get("category") == "meeting" else ()  # a group meets more than once at one address
    return content_id(cells.get("name"), cells.get("category"), where, held)


def content_id(*parts: Any) -> str:
    """Return an id made of what a row says, whatever its capitals, for feeds that give none."""
    return hashlib.sha256("|".join(str(part or "").casefold() for part in parts).encode()).hexdigest()[:12]


def _own_id(place: ResourceRow, seen: _Seen) -> tuple[str, bool]:
    """Return an id of the place, and whether an earlier row is the same place at other times; it is remembered."""
    own_id = str(place.cells.get("resource_id") or _content_id(place))[:LONGEST_ID]
    alike = seen.alike.setdefault((own_id, hash(tuple(place.cells.values()))), [])
    if any(other == place for _, other in alike):
        raise SetAside("duplicate", f"It repeats the row with the id {own_id[:80]!r} word for word.")
    same = next((at for at, other in alike if other.cells == place.cells and other.also == place.also), None)
    seen.rows[own_id] += 1
    alike.append((seen.rows[own_id], place))
    is_known = same is not None and bool(place.sessions) and place.cells.get("category") != "meeting"
    at = same if is_known else seen.rows[own_id]
    return (own_id if at == 1 else f"{own_id}#{at}"), is_known
