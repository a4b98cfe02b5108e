"""The week as a calendar (iCalendar, RFC 5545): stops and the way to the house, each with a reminder."""

import datetime
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from icalendar import Alarm, Calendar, Event

from geo.nearby.outings import moment_at
from geo.plan.model import HOME, Stop
from geo.units import MINUTE
from people.consent import Disclosure
from screens.caseload.along.notes import move_notes, paper_notes, without_way_notes
from screens.caseload.along.notice import notice_texts
from screens.caseload.along.stops import label, stop_address, stop_kind
from screens.caseload.along.ways import way_text
from screens.caseload.along.week import DatedDay, Move, WeekAlong
from screens.shared.journey_text import second_text
from screens.shared.words import Say

LEAD_MINUTES = 10
"""So long before it is time to leave, the calendar reminds."""
_NAMES = uuid.UUID("6f1c6f0e-8a5c-4f5a-9a53-0f3a6b1d2c47")
_MARGIN = datetime.timedelta(days=370)
"""The file tells when clocks change within so many days around the week: some readers ask for the rule of a year."""


def calendar(
    week: WeekAlong,
    person_id: str,
    time_zone: str,
    made: datetime.datetime,
    say: Say,
    *,
    places: bool = False,
    disclosure: Disclosure | None = None,
) -> bytes:
    """Return the week as an `.ics` file; its titles are `Work`, `Meeting`, `Appointment` and `Home` alone.

    Beside each stop it holds the way to the house on the day of the move, and what has no way on that day.

    What limits it stands in the file's own description and in each event's: few phones show the former.

    Parameters
    ----------
    person_id
        Goes into the ids of the events, as a digest: the file of a later day replaces what changed.
    time_zone
        The region's, as IANA names it.
    made
        When the file is made, with its time zone.
    places
        Whether each event's address is told; never the name of who is there.
    disclosure
        What goes along where it is for somebody else than the person.
    """
    file = Calendar()
    file.add("prodid", "-//Week plan//EN")
    file.add("version", "2.0")
    file.add("method", "PUBLISH")
    notes = [*paper_notes(week, say), *(notice_texts(disclosure, say) if disclosure else [])]
    first = week.days[0]
    on_move = [] if week.move is None else move_notes(week.move, first.day.weekday, "", say)
    if notes or on_move:
        file.add("x-wr-caldesc", " ".join([*on_move, *notes]))
    entries = [(first, entry) for entry in _move_entries(week, say, places)]
    entries += [
        (one, _stop_entry(one, number, week, say, places))
        for one in week.days
        for number, stop in enumerate(one.day.stops)
        if stop.kind != HOME
    ]
    for one, entry in entries:
        about = [*entry.lines, *(on_move if one is first else []), *notes]
        file.add_component(_event(one, entry, about, person_id, time_zone, made, say))
    file.add_missing_timezones(first_date=week.days[0].date - _MARGIN, last_date=week.days[-1].date + _MARGIN)
    content: bytes = file.to_ical()
    return content


@dataclass(frozen=True)
class _Entry:
    """What an event tells: minutes are of its day; `leave`: None where no way there is known.

    `name`: tells it from the others of its day, in every file of the same plan.
    """

    name: str
    title: str
    start: float
    end: float
    leave: float | None
    lines: list[str]
    address: str


def _stop_entry(one: DatedDay, number: int, week: WeekAlong, say: Say, places: bool) -> _Entry:
    stop = one.day.stops[number]
    leave = int(stop.start) if stop.journey is None else stop.journey.way.leaves // MINUTE
    lines = _description(one, number, week, say, places)
    address = stop_address(stop, week) if places else ""
    return _Entry(
        _name(one, stop, week), stop_kind(stop, say), stop.start, stop.end or stop.start, leave, lines, address
    )


def _move_entries(week: WeekAlong, say: Say, places: bool) -> Iterator[_Entry]:
    """Yield what has no way on the day of the move, and the way to the house."""
    move, first = week.move, week.days[0]
    if move is None:
        return
    weekday = first.day.weekday
    alone = [Move(before=(stop,)) for stop in move.before] + [Move(after=(stop,)) for stop in move.after]
    for one in alone:
        (stop,), lines = (*one.before, *one.after), without_way_notes(one, weekday, say)
        address = stop_address(stop, week) if places else ""
        end = stop.end or stop.start
        yield _Entry(_name(first, stop, week), stop_kind(stop, say), stop.start, end, None, lines, address)
    if move.journey is not None:
        start, end = move.journey.leaves // MINUTE, -(-move.journey.arrival // MINUTE)
        address = week.house["address"] if places else ""
        way = way_text(move.journey, address or say("along_the_house"), weekday, say)
        lines = [say("along_leave", time=second_text(move.journey.leaves, say, weekday=weekday), way=way)]
        yield _Entry("move", say("week_kind_home"), start, end, start, lines, address)


def _name(one: DatedDay, stop: Stop, week: WeekAlong) -> str:
    """Return a stop's kind and its number among those of the whole day, of which some may have passed."""
    planned = next(day for day in week.plan.days if day.weekday == one.day.weekday)
    return f"{stop.kind} {sum(other.kind == stop.kind and other.start < stop.start for other in planned.stops)}"


def _event(
    one: DatedDay, entry: _Entry, about: list[str], person_id: str, time_zone: str, made: datetime.datetime, say: Say
) -> Event:
    event = Event()
    event.add("uid", str(uuid.uuid5(_NAMES, f"{person_id} {one.date} {entry.name}")))
    event.add("dtstamp", made.astimezone(datetime.UTC).replace(microsecond=0))
    event.add("sequence", int(made.timestamp() // 60))  # a reader takes a later file's event for the newer one
    event.add("dtstart", moment_at(one.date, entry.start, time_zone))
    event.add("dtend", moment_at(one.date, entry.end, time_zone))
    event.add("summary", entry.title)
    event.add("description", "\n".join(about))
    event.add("class", "PRIVATE")
    if entry.address:
        event.add("location", entry.address)
    event.add_component(_reminder(one, entry, time_zone, say))
    return event


def _reminder(one: DatedDay, entry: _Entry, time_zone: str, say: Say) -> Alarm:
    """Return a reminder before one leaves or, where no way is known, before it begins."""
    leave = entry.start if entry.leave is None else entry.leave
    begins, leaving = (
        moment_at(one.date, minute, time_zone).astimezone(datetime.UTC) for minute in (entry.start, leave)
    )
    time = second_text(MINUTE * int(leave), say, weekday=one.day.weekday)
    text = f"{entry.title}, {time}" if entry.leave is None else say("along_reminder", time=time)
    reminder = Alarm()
    reminder.add("action", "DISPLAY")
    reminder.add("description", text)
    reminder.add("trigger", (leaving - begins) - datetime.timedelta(minutes=LEAD_MINUTES))
    return reminder


def _description(one: DatedDay, number: int, week: WeekAlong, say: Say, places: bool) -> list[str]:
    """Return the way there, the way home if it is next, and the day's last bus home; no name of who is there."""
    weekday, stop = one.day.weekday, one.day.stops[number]
    lines = []
    if stop.journey is not None:
        time = second_text(stop.journey.way.leaves, say, weekday=weekday)
        end = (stop_address(stop, week) if places else "") or stop_kind(stop, say).lower()
        lines.append(say("along_leave", time=time, way=way_text(stop.journey.way, end, weekday, say)))
    after = one.day.stops[number + 1] if number + 1 < len(one.day.stops) else None
    if after is not None and after.kind == HOME and after.journey is not None:
        time = second_text(after.journey.way.leaves, say, weekday=weekday)
        way = way_text(after.journey.way, label(after, week, say), weekday, say)
        lines.append(say("along_way_home", time=time, way=way))
    if one.last is not None and one.last.journey is not None:
        time = second_text(one.last.journey.leaves, say, weekday=weekday)
        day = say.habits.date(one.date)
        lines.append(say("along_last_short", day=day, time=time))
    return lines
