"""A session as an event of a calendar (iCalendar, RFC 5545): every week, or in its weeks of the month.

An event that comes again tells of which day its bus times are, and until when the timetable holds.
"""

import datetime
import hashlib
from collections.abc import Sequence
from typing import Any

from icalendar import Alarm, Calendar, Event

from geo.nearby.outings import moment_at
from geo.needs.occurrence import is_dated, parts_of
from screens.shared.near_text import minute_text, way_home
from screens.shared.words import Say

YEARS_AHEAD = datetime.timedelta(days=5 * 365)
"""So far the file tells when clocks change."""

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def file_name(row: Any) -> str:
    """Return what the file of a session is called: its date, and six digits by which two sessions differ."""
    digits = hashlib.sha256(f"{row.resource_id} {row.start_minute}".encode()).hexdigest()[:6]
    return f"meeting-{row.date.isoformat()}-{digits}.ics"


def event(
    row: Any, mode: str, time_zone: str, made: datetime.datetime, say: Say,
    limits: Sequence[str] = (), holds_until: datetime.date | None = None,
) -> bytes:  # fmt: skip
    """Return a session as a file for a calendar, with a reminder when it is time to leave.

    Where it isn't known in which weeks it is held, it stands on the one day only.

    Parameters
    ----------
    row
        Of `near_me.in_words`, with `date`, `leave`, `last_home` and `next_home`.
    time_zone
        The region's, as IANA names it.
    made
        When the file is made.
    limits
        What holds for the times of the day, in sentences.
    holds_until
        The last day of the bus timetable by which one goes.
    """
    minutes = (row.start_minute, row.end_minute, row.leave)
    start, end, leave = (moment_at(row.date, minute, time_zone) for minute in minutes)
    time, rule = minute_text(row.leave, say, day=row.date), _rule(row.weeks, start.weekday())
    by_day = {"day": say.habits.date(row.date, year=True)} if rule and mode == "transit" else {}
    told = [say("pocket_event_of" if by_day else "pocket_event", leave=time, last=way_home(row, mode, say), **by_day)]
    if by_day and holds_until is not None:
        told.append(say("pocket_event_until", day=say.habits.date(holds_until, year=True)))
    one = Event()
    one.add("uid", f"{hashlib.sha256(f'{row.resource_id} {start}'.encode()).hexdigest()[:32]}@recovery-reach")
    one.add("dtstamp", made.astimezone(datetime.UTC))
    one.add("dtstart", start)
    one.add("dtend", end)
    one.add("summary", row.name)
    one.add("location", row.where)
    one.add("description", "\n".join(text for text in (row.kind, row.how_often, row.notes, *told, *limits) if text))
    if rule:
        one.add("rrule", rule)
    reminder = Alarm()
    reminder.add("action", "DISPLAY")
    reminder.add("description", say("pocket_reminder_of" if by_day else "near_leave", time=time, **by_day))
    reminder.add("trigger", leave - start)
    one.add_component(reminder)
    calendar = Calendar()
    calendar.add("prodid", "-//Recovery Reach//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(one)
    calendar.add_missing_timezones(first_date=row.date, last_date=row.date + YEARS_AHEAD)
    content: bytes = calendar.to_ical()
    return content


def _rule(weeks: str, weekday: int) -> dict[str, Any]:
    if not is_dated(weeks):
        return {}
    parts = parts_of(weeks)
    if not parts:
        return {"freq": "weekly"}
    return {"freq": "monthly", "byday": [f"{-1 if part == 'last' else part}{_DAYS[weekday]}" for part in parts]}
