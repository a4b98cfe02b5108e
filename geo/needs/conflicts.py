"""What can't be without breaking a curfew, told from the hours alone: no trip is looked up.

A shift, a dose or an appointment that itself lies in the hours in which the person has to be home. The week plan
(`geo.plan`) finds the rest, where it is only the trips that do.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from geo.clock import DAY
from geo.needs.curfew import Curfew
from geo.needs.needs import Needs
from geo.needs.schedule import WORKDAYS, curfew_limits_for
from geo.timetables.calendar import MORNING_MINUTES

_Span = tuple[str, str, int, int, int]
"""Kind, name, weekday, and minutes from its midnight."""


@dataclass(frozen=True)
class Conflict:
    """Something that lies in the hours of a curfew.

    `kind`: work, dose or appointment, with its `name`. `days`: the weekdays on which it starts, from whose midnight
    `start` and `end` count (minutes). `limit`: the curfew in the way; `later`: the least curfew that leaves it room,
    trips aside, None where only the morning would; both from the midnight that begins their evening.
    """

    kind: str
    name: str
    days: tuple[int, ...]
    start: int
    end: int
    limit: int
    later: int | None


def conflicts(needs: Needs) -> tuple[Conflict, ...]:
    """Return what the needs ask for and their curfew forbids; what is the same on several days is told once.

    Examples
    --------
    >>> from geo.needs.needs import needs_from
    >>> night = {"days": ["monday", "tuesday"], "start": "22:00", "end": "06:00", "overnight": True}
    >>> [(one.kind, one.days, one.limit) for one in conflicts(needs_from({"curfew": "23:00", "shifts": [night]}))]
    [('work', (0, 1), 1380)]
    >>> conflicts(needs_from({"curfew": {"every_day": "23:00", "except": ["work"]}, "shifts": [night]}))
    ()
    """
    days: dict[Conflict, list[int]] = {}
    for kind, name, weekday, start, end in (*_at_hours(needs), *_doses(needs)):
        limits = curfew_limits_for(needs, kind, name)
        for later_day in (0, 1):
            limit = limits[(weekday + later_day) % 7] + later_day * DAY
            morning = (later_day + 1) * DAY + MORNING_MINUTES
            if start < morning and end > limit:
                evening, room = int(limit) - later_day * DAY, end - later_day * DAY if end < morning else None
                days.setdefault(Conflict(kind, name, (), start, end, evening, room), []).append(weekday)
    return tuple(replace(one, days=tuple(sorted(held))) for one, held in days.items())


def house_conflicts(needs: Needs) -> tuple[Conflict, ...]:
    """Return what lies in the hours of the house's own curfew, excused from the person's or not: a thing to ask there.

    Empty where `needs` aren't those of a person in a house with a curfew (`geo.needs.candidate_homes.house_curfew`).
    """
    if needs.curfew is None:
        return ()
    agreed = needs.curfew.house_excused
    return conflicts(replace(needs, curfew=Curfew(needs.curfew.house, excused=agreed, house_excused=agreed)))


def _at_hours(needs: Needs) -> Iterator[_Span]:
    """Yield shifts and appointments; in the small hours they belong to the evening before."""
    spans = [("work", "", one.weekday, one.start_minute, one.end_minute) for one in needs.shifts]
    spans += [
        ("appointment", one.place.name, one.weekday, one.start_minute, one.end_minute) for one in needs.appointments
    ]
    yield from ((kind, name, *_by_evening(*hours)) for kind, name, *hours in spans)


def _by_evening(weekday: int, start: int, end: int) -> tuple[int, int, int]:
    """Return hours that begin in the small hours as those of the evening before."""
    before = start < MORNING_MINUTES
    return (weekday - before) % 7, start + before * DAY, end + before * DAY


def _doses(needs: Needs) -> Iterator[_Span]:
    """Yield the hours for a dose on the days on which it must be had and no minute of them is before the curfew."""
    if "methadone" not in needs.medications or needs.dose_window is None:
        return
    limits = curfew_limits_for(needs, "dose", "")
    first, end = needs.dose_window
    start = max(first, MORNING_MINUTES) if end > MORNING_MINUTES else first  # what of it is after the night, if any
    asked = [_by_evening(day, start, end) for day in needs.dose_days or range(7)]
    shut = [(day, start, end) for day, start, end in asked if start >= limits[day]]
    if needs.dose_days or len(asked) - len(shut) < (needs.doses_per_week or WORKDAYS):
        yield from (("dose", "", *hours) for hours in shut)
