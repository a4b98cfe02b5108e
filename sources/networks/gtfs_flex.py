"""GTFS-Flex → zones of on-demand service: who fetches people where, when, and how to book; nothing of it is timed.

Rows of stop_times.txt that name a zone (a location or a group), or a window in place of times, are taken out of the
fixed routes. Zones may go by today's names or by those of drafts that agencies still publish: a window's
`…_dropoff_…`, a zone's id in `stop_id`, members of a group in location_groups.txt itself.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.dates import date_of, weekdays_of
from geo.errors import SourceError
from geo.opening_hours import DAY_NAMES
from geo.units import DAY_SECONDS, METERS_PER_DEGREE
from sources.cleaning.report import Notes, SetAside
from sources.formats.json_strict import read_json
from sources.formats.outlines import valid_outlines
from sources.networks.gtfs_calls import seconds
from sources.networks.gtfs_files import MAX_CELL, note_rows, short_id, texts
from sources.networks.gtfs_words import whole

if TYPE_CHECKING:
    import geopandas as gpd

LOCATIONS = "locations.geojson"
STOP_METERS = 400.0
"""A group of stops covers what lies within this of one of them."""
COLUMNS = (
    "zone_id", "name", "agency", "opening_hours", "pickup", "booking", "notice_minutes", "notice_days", "notice_time",
    "phone", "url", "message", "last_day", "geometry",
)  # fmt: skip

Flags = npt.NDArray[np.bool_]
Tables = Mapping[str, pd.DataFrame]
Services = dict[str, npt.NDArray[np.int32]]
_BOOKINGS = ("now", "same_day", "days_ahead")


@dataclass(frozen=True)
class Zone:
    """An area or a group of stops, as the feed names it."""

    name: str
    geometry: shapely.Geometry


def no_zones() -> pd.DataFrame:
    """Return the table of zones without rows."""
    return pd.DataFrame(columns=list(COLUMNS))


def as_shapes(zones: pd.DataFrame) -> "gpd.GeoDataFrame":
    """Return a table of zones as it is written to a file (EPSG:4326)."""
    import geopandas as gpd

    kinds = {name: "string" for name in COLUMNS if name not in ("pickup", "notice_minutes", "notice_days", "geometry")}
    kinds |= {"pickup": "bool", "notice_minutes": "int64", "notice_days": "int64"}
    return gpd.GeoDataFrame(zones.astype(kinds), geometry="geometry", crs="EPSG:4326")


def flex_rows(calls: pd.DataFrame, stops: pd.DataFrame, zones: Mapping[str, Zone]) -> Flags:
    """Return which rows of stop_times.txt tell of on-demand service in place of a timed stop."""
    stop = texts(calls, "stop_id")
    named = (texts(calls, "location_id") != "") | (texts(calls, "location_group_id") != "")
    drafted = np.isin(stop, sorted(zones)) & ~np.isin(stop, texts(stops, "stop_id"))
    timed = (texts(calls, "arrival_time") != "") | (texts(calls, "departure_time") != "")
    windowed = (_either(calls, "start_pickup_{}_window") != "") & ~timed
    is_flex: Flags = named | drafted | windowed
    return is_flex


def stops_on_demand(tables: Tables) -> set[str]:
    """Return the ids of stops at which one is fetched on demand: of groups, and with a window in place of times."""
    calls = tables["stop_times.txt"]
    windowed = texts(calls, "stop_id")[_either(calls, "start_pickup_{}_window") != ""]
    listed = [texts(tables[file], "stop_id") for file in ("location_group_stops.txt", "location_groups.txt")]
    return {str(stop) for stop in np.concatenate([windowed, *listed])} - {""}


def read_areas(files: Mapping[str, bytes], tables: Tables, stops: pd.DataFrame, notes: Notes) -> dict[str, Zone]:
    """Return the zones of locations.geojson, groups of location_groups.txt and stops with a window, by their id.

    Parameters
    ----------
    stops
        As `gtfs_stops.read_stops` gives it.
    """
    zones = dict(_locations(files[LOCATIONS], notes)) if LOCATIONS in files else {}
    groups, lists = tables["location_groups.txt"], tables["location_group_stops.txt"]
    asked = stops[stops["stop_id"].isin(stops_on_demand(tables))]
    places = {
        str(stop): Zone(str(name), _around(lon, lat))
        for stop, name, lon, lat in zip(asked["stop_id"], asked["name"], asked["lon"], asked["lat"], strict=True)
    }
    names = dict(zip(texts(groups, "location_group_id"), texts(groups, "location_group_name"), strict=True))
    members: dict[str, list[shapely.Geometry]] = {}
    for table, column in ((lists, "stop_id"), (groups, "location_id"), (groups, "stop_id")):
        for group, member in zip(texts(table, "location_group_id"), texts(table, column), strict=True):
            zone = zones.get(str(member)) or places.get(str(member))
            if zone is not None:
                members.setdefault(str(group), []).append(zone.geometry)
    for group, shapes in members.items():
        zones.setdefault(group, Zone(str(names.get(group, "")), shapely.union_all(shapes)))
    return {**places, **zones}


def read_zones(
    feed: str, calls: pd.DataFrame, zones: Mapping[str, Zone], tables: Tables, services: Services, notes: Notes
) -> pd.DataFrame:
    """Return the on-demand service of a feed, a row per zone, agency and way to book.

    Parameters
    ----------
    calls
        Rows of stop_times.txt that `flex_rows` marks.
    services
        The days on which each service runs, since 1970-01-01.

    Returns
    -------
    DataFrame
        `zone_id` (the feed's name in front), `name` (the zone's, else the route's, else the agency's), `agency`;
        `opening_hours` in OpenStreetMap's syntax, empty where no window is given; `pickup` (False: one is only brought
        there); `booking` (`now`, `same_day`, `days_ahead`, empty = not told) with `notice_minutes`, `notice_days`
        (-1 = not told) and `notice_time`; `phone`, `url`, `message`; `last_day` (ISO date) of its calendar; `geometry`
        (WGS 84). Empty texts where nothing is reported.
    """
    rows = _described(calls, tables)
    for column, known, code, reason in (
        ("zone", list(zones), "unknown_zone", "The zone is in none of the feed's files of zones."),
        ("service", list(services), "unknown_service", "Its trip runs on no day, or is not in trips.txt."),
    ):
        good = rows[column].isin(known)
        note_rows(notes, "set_aside", code, "stop_times.txt", rows.loc[~good, "line"], reason)
        rows = rows[good]
    described = [
        _service(f"{feed}:{zone}", zones[str(zone)], own, tables["booking_rules.txt"], services)
        for (zone, _, _), own in rows.groupby(["zone", "agency", "rule"], sort=True)
    ]
    table = pd.DataFrame(described, columns=list(COLUMNS)) if described else no_zones()
    number = table.groupby("zone_id").cumcount() + 1
    return table.assign(zone_id=table["zone_id"].where(number == 1, table["zone_id"] + "#" + number.astype(str)))


def _service(zone_id: str, zone: Zone, own: pd.DataFrame, rules: pd.DataFrame, services: Services) -> dict[str, Any]:
    """Return one row of a table of zones."""
    first = own.iloc[0]
    booking = _booking(str(first["rule"]), rules)
    last_day = max(int(services[service][-1]) for service in own["service"])
    return {
        "zone_id": zone_id,
        "name": zone.name or first["route"] or first["agency_name"] or zone_id,
        "agency": first["agency_name"],
        "opening_hours": _hours(own, services),
        "pickup": bool((own["pickup"] != "1").any()),
        **booking,
        "phone": booking["phone"] or first["agency_phone"],
        "url": booking["url"] or first["agency_url"],
        "last_day": date_of(last_day).isoformat(),
        "geometry": zone.geometry,
    }


def _described(calls: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Return each row with its zone, window, rule of booking, and what its trip, route and agency are called."""
    location, group, stop = (texts(calls, name) for name in ("location_id", "location_group_id", "stop_id"))
    pickup, drop_off = texts(calls, "pickup_booking_rule_id"), texts(calls, "drop_off_booking_rule_id")
    rows = pd.DataFrame(
        {
            "zone": np.where(location != "", location, np.where(group != "", group, stop)),
            "start": [seconds(text) for text in _either(calls, "start_pickup_{}_window")],
            "end": [seconds(text) for text in _either(calls, "end_pickup_{}_window")],
            "rule": np.where(texts(calls, "pickup_type") == "1", "", pickup),
            "drop_off_rule": drop_off,
            "pickup": texts(calls, "pickup_type"),
            "trip": texts(calls, "trip_id"),
            "line": calls["line"].to_numpy(),
        }
    )
    trips = _by_id(tables["trips.txt"], "trip_id", {"service_id": "service", "route_id": "route_id"})
    routes = _by_id(
        tables["routes.txt"],
        "route_id",
        {"route_long_name": "long", "route_short_name": "short", "agency_id": "agency"},
    )
    agencies = _by_id(
        tables["agency.txt"],
        "agency_id",
        {"agency_name": "agency_name", "agency_phone": "agency_phone", "agency_url": "agency_url"},
    )
    rows = rows.join(trips, on="trip").join(routes, on="route_id").fillna({"agency": "", "service": ""})
    only = agencies.index[0] if len(agencies) == 1 else ""
    rows["agency"] = rows["agency"].where(rows["agency"] != "", only)
    rows = rows.join(agencies, on="agency").fillna(dict.fromkeys(agencies.columns, ""))
    # who is only brought there books as where one is fetched
    own = rows["rule"].replace("", None).groupby([rows["zone"], rows["agency"]]).transform("first")
    rows["rule"] = rows["rule"].where(rows["rule"] != "", own.fillna(rows["drop_off_rule"]))
    route = rows["long"].fillna("").where(rows["long"].fillna("") != "", rows["short"].fillna(""))
    return rows.assign(route=route)


def _by_id(table: pd.DataFrame, key: str, columns: Mapping[str, str]) -> pd.DataFrame:
    """Return some columns of a file as text under other names, by its first rows' ids."""
    named = pd.DataFrame(
        {new: texts(table, old) for old, new in columns.items()}, index=texts(table, key), dtype=object
    )
    return named[~named.index.duplicated()]


def _either(calls: pd.DataFrame, name: str) -> npt.NDArray[np.str_]:
    """Return a column that drafts spelled without its second underscore."""
    return np.where((now := texts(calls, name.format("drop_off"))) != "", now, texts(calls, name.format("dropoff")))


def _hours(own: pd.DataFrame, services: Services) -> str:
    """Return the windows of a zone as opening hours: on the weekdays on which their services mostly run."""
    spans: dict[int, set[str]] = {}
    for row in own.itertuples(index=False):
        if 0 <= row.start < row.end:
            later = row.start // DAY_SECONDS  # a window that opens after midnight is the next day's
            text = f"{_clock(row.start - later * DAY_SECONDS)}-{_clock(row.end - later * DAY_SECONDS)}"
            for weekday in _weekdays(services[row.service]):
                spans.setdefault((weekday + later) % 7, set()).add(text)
    by_hours: dict[str, list[str]] = {}
    for weekday in sorted(spans):
        by_hours.setdefault(",".join(sorted(spans[weekday])), []).append(DAY_NAMES[weekday])
    return "; ".join(f"{','.join(days)} {hours}" for hours, days in by_hours.items())


def _weekdays(days: npt.NDArray[np.int32]) -> list[int]:
    """Return the weekdays (0 = Monday) on which a service runs at least half as often as on its busiest."""
    counts = np.bincount(weekdays_of(days), minlength=7)
    return np.flatnonzero((counts > 0) & (2 * counts >= counts.max())).tolist()


def _clock(second: int) -> str:
    """Return a time of day; only the end of a day is 24:00."""
    second = second if second <= DAY_SECONDS else second % DAY_SECONDS
    return f"{second // 3600:02d}:{second // 60 % 60:02d}"


def _booking(rule: str, rules: pd.DataFrame) -> dict[str, Any]:
    """Return how to book by a rule of booking_rules.txt."""
    at = np.flatnonzero((texts(rules, "booking_rule_id") == rule) & (rule != ""))
    values = {} if not len(at) else {name: str(rules[name].iloc[at[0]]) for name in rules.columns.drop("line")}
    kind = whole(values["booking_type"]) if values.get("booking_type") else -1
    minutes, days = (
        whole(values[name]) if values.get(name) else -1
        for name in ("prior_notice_duration_min", "prior_notice_last_day")
    )
    last = seconds(values.get("prior_notice_last_time", ""))
    url = next((values[name] for name in ("booking_url", "info_url") if values.get(name)), "")
    return {
        "booking": _BOOKINGS[kind] if 0 <= kind < len(_BOOKINGS) else "",
        "notice_minutes": max(minutes, -1),
        "notice_days": max(days, -1),
        "notice_time": _clock(last) if last >= 0 else "",
        "phone": values.get("phone_number", ""),
        "url": url if len(url) < MAX_CELL else "",  # a longer one was cut
        "message": values.get("message", "") or values.get("pickup_message", ""),
    }


def _locations(raw: bytes, notes: Notes) -> Iterator[tuple[str, Zone]]:
    """Yield the areas of locations.geojson; what is none is set aside."""
    try:
        document = read_json(raw.removeprefix(b"\xef\xbb\xbf"), LOCATIONS)
    except SourceError as problem:
        notes.row = LOCATIONS
        notes.set_aside(SetAside("bad_zone", str(problem)))
        return
    features = document.get("features") if isinstance(document, dict) else None
    for number, feature in enumerate(features if isinstance(features, list) else [], 1):
        own = feature if isinstance(feature, dict) else {}
        properties = own.get("properties")
        properties = properties if isinstance(properties, dict) else {}
        identity = own.get("id", properties.get("id", properties.get("location_id")))
        shape = _area(own.get("geometry"))
        if identity is None or shape is None:
            notes.row = f"{LOCATIONS}:{number}"
            notes.set_aside(SetAside("bad_zone", "The zone has no id, or no area on Earth."))
            continue
        name = properties.get("stop_name") or properties.get("name") or ""
        yield short_id(str(identity)), Zone(str(name)[:MAX_CELL], shape)


def _area(geometry: Any) -> shapely.Geometry | None:
    """Return a valid polygon, or several, in degrees; None for anything else."""
    try:
        whole = valid_outlines(shapely.geometry.shape(geometry))[0]
    except (
        ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError,
        shapely.errors.ShapelyError,
    ):  # fmt: skip
        return None
    parts = [part for part in shapely.get_parts(whole) if part.geom_type in ("Polygon", "MultiPolygon")]
    whole_area = shapely.union_all(parts)
    west, south, east, north = whole_area.bounds if not whole_area.is_empty else (np.nan,) * 4
    return whole_area if -180 <= west <= east <= 180 and -90 <= south <= north <= 90 else None


def _around(lon: float, lat: float) -> shapely.Geometry:
    """Return what lies within `STOP_METERS` of a place, in degrees."""
    disc = shapely.Point(0, 0).buffer(STOP_METERS / METERS_PER_DEGREE)
    return shapely.transform(disc, lambda xy: xy / [np.cos(np.radians(lat)), 1] + [lon, lat])
