"""GTFS calendars → the days on which each service runs; and what agencies say of time zones and routes."""

from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.clock import DAYS
from geo.dates import weekdays_of
from sources.cleaning.report import Notes
from sources.networks.gtfs_files import column, note_rows, texts
from sources.networks.gtfs_words import FIRST_DAY, LAST_DAY, date_number, whole


def read_services(calendar: pd.DataFrame, exceptions: pd.DataFrame, notes: Notes) -> dict[str, npt.NDArray[np.int32]]:
    """Return the days on which each service runs (since 1970-01-01), ascending; services that never do are left out."""
    days: dict[str, set[int]] = {}
    absent = [name for name in DAYS if len(calendar) and name not in calendar]
    if absent:
        reason = f"There is no column {absent[0]}; no service is taken to run on that day."
        note_rows(notes, "repaired", "missing_column", "calendar.txt", [1], reason)
    starts, stops = (
        column(calendar, "start_date", date_number, np.int64),
        column(calendar, "end_date", date_number, np.int64),
    )
    runs = np.stack([column(calendar, name, lambda text: text == "1", np.bool_) for name in DAYS], axis=1)
    for row, service in enumerate(texts(calendar, "service_id")):
        first, last, line = int(starts[row]), int(stops[row]), [int(calendar["line"].iloc[row])]
        begin, end = max(first, FIRST_DAY), min(last, LAST_DAY)
        if first < 0 or last < 0 or end < begin:
            reason = "The service's dates are not two days in order from 2000 to 2060, written YYYYMMDD."
            note_rows(notes, "set_aside", "bad_date", "calendar.txt", line, reason)
        else:
            if str(service) in days:
                reason = "The service is listed before; it runs on the days of both rows."
                note_rows(notes, "repaired", "repeated_service", "calendar.txt", line, reason)
            if (begin, end) != (first, last):
                reason = "The service claims to run before 2000 or after 2060; it is cut."
                note_rows(notes, "repaired", "long_calendar", "calendar.txt", line, reason)
            span = np.arange(begin, end + 1)
            own = span[runs[row][weekdays_of(span)]]
            days.setdefault(str(service), set()).update(own.tolist())
    when = column(exceptions, "date", date_number, np.int64)
    kinds = column(exceptions, "exception_type", whole, np.int64)
    sound = (when >= FIRST_DAY) & (when <= LAST_DAY) & np.isin(kinds, (1, 2))
    reason = "The exception has no date from 2000 to 2060, written YYYYMMDD, or its type is neither 1 nor 2."
    note_rows(notes, "set_aside", "bad_date", "calendar_dates.txt", exceptions.loc[~sound, "line"], reason)
    for service, day, kind in zip(texts(exceptions, "service_id")[sound], when[sound], kinds[sound], strict=True):
        ran = days.setdefault(str(service), set())
        if kind == 1:
            ran.add(int(day))
        else:
            ran.discard(int(day))
    never = [service for service, ran in days.items() if not ran]
    for service in sorted(never):
        notes.row = f"calendar.txt:{service}"
        notes.notice("service_never_runs", f"The service {service!r} runs on no day.")
    return {service: np.array(sorted(ran), np.int32) for service, ran in days.items() if ran}


def time_zone(agency: pd.DataFrame, present: bool, notes: Notes) -> str:
    """Return the first agency's IANA time zone, or "" if none is usable."""
    zones = [str(zone) for zone in texts(agency, "agency_timezone")]
    usable = [zone for zone in zones if _is_zone(zone)]
    if not usable:
        what = "names no time zone that exists" if present else "is missing"
        note_rows(notes, "notice", "no_time_zone", "agency.txt", [0], f"agency.txt {what}; the region's is used.")
        return ""
    if len(set(zones)) > 1:
        reason = f"Agencies name several time zones; {usable[0]} is used for all."
        note_rows(notes, "notice", "several_time_zones", "agency.txt", [1], reason)
    return usable[0]


def check_agencies(agency: pd.DataFrame, routes: pd.DataFrame, notes: Notes) -> None:
    """Note routes of an agency that is not listed; a route may leave it out where there is only one."""
    listed = set(texts(agency, "agency_id").tolist())
    if listed - {""} and len(routes):
        allowed = listed | {""} if len(agency) == 1 else listed - {""}
        unknown = ~np.isin(texts(routes, "agency_id"), sorted(allowed))
        reason = "The route's agency is not in agency.txt; that changes nothing here."
        note_rows(notes, "notice", "unknown_agency", "routes.txt", routes.loc[unknown, "line"], reason)


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):  # ZoneInfoNotFoundError is a KeyError
        return False
    return True
