"""The bus company's feed: GTFS tables of the routes, stops and departures."""

from sources.demo.buses import Pattern, shape_points
from sources.demo.lines import Headways
from sources.demo.plan import NOTE, TIME_ZONE, TRANSIT_CENTER, to_lonlat
from sources.demo.write import csv_bytes, zip_bytes
from sources.networks.gtfs_writer import gtfs_time

Rows = list[tuple[object, ...]]

AGENCY = "Tallowmere Area Transit (fictional)"
FIRST_DAY, LAST_DAY = "20260101", "20271231"
HOLIDAYS = (
    "20260101", "20260525", "20260907", "20261126", "20261225", "20270101", "20270531", "20270906", "20271125",
    "20271225",
)  # fmt: skip
"""Weekdays on which the Sunday timetable runs, and one Saturday (2027-12-25)."""
_SATURDAY_HOLIDAYS = ("20271225",)
_COLORS = ("1B6CA8", "C0392B", "1E8449", "8E44AD", "B9770E", "117A65", "943126", "2E4053")
_BAYS = 6


def gtfs(patterns: list[Pattern]) -> bytes:
    """Return the feed as a zip archive."""
    trips, times, frequencies = _departures_of(patterns)
    members = {
        "agency.txt": csv_bytes(
            ("agency_id", "agency_name", "agency_url", "agency_timezone", "agency_lang", "agency_phone"),
            [("TAT", AGENCY, "https://transit.example.org", TIME_ZONE, "en", "555-0100")],
        ),
        "calendar.txt": csv_bytes(
            ("service_id", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
                "start_date", "end_date"),
            [
                ("WKD", 1, 1, 1, 1, 1, 0, 0, FIRST_DAY, LAST_DAY),
                ("SAT", 0, 0, 0, 0, 0, 1, 0, FIRST_DAY, LAST_DAY),
                ("SUN", 0, 0, 0, 0, 0, 0, 1, FIRST_DAY, LAST_DAY),
            ],
        ),
        "calendar_dates.txt": csv_bytes(
            ("service_id", "date", "exception_type"),
            [
                row
                for day in HOLIDAYS
                for row in (("SAT" if day in _SATURDAY_HOLIDAYS else "WKD", day, 2), ("SUN", day, 1))
            ],
        ),
        "feed_info.txt": csv_bytes(
            ("feed_publisher_name", "feed_publisher_url", "feed_lang", "feed_start_date", "feed_end_date",
                "feed_version"),
            [(AGENCY, "https://transit.example.org", "en", FIRST_DAY, LAST_DAY, "fictional-1")],
        ),
        "frequencies.txt": csv_bytes(("trip_id", "start_time", "end_time", "headway_secs", "exact_times"), frequencies),
        "routes.txt": csv_bytes(
            ("route_id", "agency_id", "route_short_name", "route_long_name", "route_desc", "route_type",
                "route_color", "route_text_color"),
            _routes(patterns),
        ),
        "shapes.txt": csv_bytes(
            ("shape_id", "shape_pt_lat", "shape_pt_lon", "shape_pt_sequence", "shape_dist_traveled"),
            [
                (f"{p.route.number}-{p.direction}", f"{lat:.6f}", f"{lon:.6f}", n + 1, f"{kilometers:.3f}")
                for p in patterns
                for n, (lon, lat, kilometers) in enumerate(shape_points(p))
            ],
        ),
        "stop_times.txt": csv_bytes(("trip_id", "arrival_time", "departure_time", "stop_id", "stop_sequence"), times),
        "stops.txt": csv_bytes(
            ("stop_id", "stop_name", "stop_lat", "stop_lon", "location_type", "parent_station", "wheelchair_boarding"),
            _stops(patterns),
        ),
        "transfers.txt": csv_bytes(
            ("from_stop_id", "to_stop_id", "transfer_type", "min_transfer_time"),
            [(f"BAY{a}", f"BAY{b}", 2, 120) for a in range(1, _BAYS + 1) for b in range(1, _BAYS + 1) if a != b],
        ),
        "trips.txt": csv_bytes(
            ("route_id", "service_id", "trip_id", "trip_headsign", "direction_id", "shape_id",
                "wheelchair_accessible", "bikes_allowed"),
            trips,
        ),
    }  # fmt: skip
    return zip_bytes(members)


def _departures_of(patterns: list[Pattern]) -> tuple[Rows, Rows, Rows]:
    """Return the rows of trips, of their times at stops, and of how often those run that have no times of their own."""
    days = (("WKD", "weekday"), ("SAT", "saturday"), ("SUN", "sunday"))
    trips: Rows = []
    times: Rows = []
    frequencies: Rows = []
    for pattern in patterns:
        route = pattern.route
        shape = f"{route.number}-{pattern.direction}"
        stops = _bays(pattern)
        for service, day in days:
            headways: Headways | None = getattr(route, day)
            if headways is None:
                continue
            starts = departures(headways, pattern.direction)
            if route.frequencies:
                spans = _spans(headways)
                frequencies += [
                    (f"{shape}-{service}-1", gtfs_time(a), gtfs_time(b), wait * 60, int(route.number == "41"))
                    for a, b, wait in spans
                ]
                starts = starts[:1]
            for k, start in enumerate(starts):
                trip = f"{shape}-{service}-{k + 1}"
                headsign = pattern.stops[-1].name
                wheelchair = 2 if not route.step_free and k % 2 else (0 if route.number == "70" else 1)
                trips.append((route.number, service, trip, headsign, pattern.direction, shape, wheelchair, 1))
                for n, (stop, seconds) in enumerate(zip(stops, pattern.seconds, strict=True)):
                    at = gtfs_time(start + seconds)
                    times.append((trip, at, at, stop, n + 1))
    return trips, times, frequencies


def _spans(headways: Headways) -> list[tuple[int, int, int]]:
    """Return (start, end, minutes between buses) of the day's parts, seconds after midnight."""
    marks = (
        (0.0, headways.midday),
        (6.0, headways.rush),
        (9.0, headways.midday),
        (15.0, headways.rush),
        (18.5, headways.evening),
    )
    spans = []
    for k, (start, wait) in enumerate(marks):
        end = marks[k + 1][0] if k + 1 < len(marks) else 30.0
        a, b = max(start, headways.first), min(end, headways.last)
        if wait and a < b:
            spans.append((round(a * 3600), round(b * 3600), wait))
    return spans


def departures(headways: Headways, direction: int) -> list[int]:
    """Return the departures of a day, seconds after midnight; the way back starts a few minutes later."""
    starts: list[int] = []
    for start, end, wait in _spans(headways):
        at = max(start + 60 * direction * 7, starts[-1] + wait * 60 if starts else 0)
        while at < end:
            starts.append(at)
            at += wait * 60
    return starts


def _bays(pattern: Pattern) -> list[str]:
    """Return the stop ids, with the transit center's bay in place of a stop beside it."""
    x, y = TRANSIT_CENTER
    bay = 1 + sum(map(ord, pattern.route.number)) % _BAYS
    return [f"BAY{bay}" if abs(s.x - x) < 40 and abs(s.y - y) < 40 else s.stop_id for s in pattern.stops]


def _stops(patterns: list[Pattern]) -> list[tuple[object, ...]]:
    lon, lat = to_lonlat(*TRANSIT_CENTER)
    rows: list[tuple[object, ...]] = [
        ("HUB", "Quillhaven Transit Center (fictional)", f"{lat:.6f}", f"{lon:.6f}", 1, "", 1)
    ]
    for bay in range(1, _BAYS + 1):
        lon, lat = to_lonlat(TRANSIT_CENTER[0] - 24 + 6 * bay, TRANSIT_CENTER[1] + 9)
        rows.append((f"BAY{bay}", f"Transit Center Bay {bay}", f"{lat:.6f}", f"{lon:.6f}", 0, "HUB", 1))
    served = {stop_id for pattern in patterns for stop_id in _bays(pattern)}
    stops = {stop.stop_id: stop for pattern in patterns for stop in pattern.stops if stop.stop_id in served}
    for k, stop_id in enumerate(sorted(stops)):
        stop = stops[stop_id]
        lon, lat = to_lonlat(stop.x, stop.y)
        rows.append((stop_id, stop.name, f"{lat:.6f}", f"{lon:.6f}", 0, "", (1, 1, 1, 0, 1, 2, 1)[k % 7]))
    return rows


def _routes(patterns: list[Pattern]) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for k, route in enumerate(dict.fromkeys(pattern.route for pattern in patterns)):
        rows.append((route.number, "TAT", route.number, route.name, NOTE, 3, _COLORS[k % len(_COLORS)], "FFFFFF"))
    return rows
