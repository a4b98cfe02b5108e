"""The way to the house on the day of the move, from a place that is typed for the visit and stays off the papers."""

import datetime
from dataclasses import replace

from geo.clock import DAY
from geo.needs.needs import Needs
from geo.needs.schedule import curfew_limits
from geo.plan.model import HOME, Stop
from geo.plan.way_home import way_home
from geo.score.support import RegionSupport
from geo.timetables.calendar import MORNING_MINUTES
from geo.units import MINUTE
from screens.caseload.along.week import DatedDay, Move, WeekAlong, begins


def with_move(
    week: WeekAlong, support: RegionSupport, start: tuple[float, float] | None, leave: int | None
) -> WeekAlong:
    """Return a week whose first day begins with the way to the house.

    What is before one is there, or where no way is known before one leaves, is taken out of that day, and kept in
    `Move.before`: its ways would begin at the house. What one would go on to from there later is kept in `Move.after`.
    Whether one is there after the time to be home is in `Move.is_late`; without a way, whether one leaves after it.

    Parameters
    ----------
    start
        (lon, lat) of where one leaves; None where nobody said so.
    leave
        The minute of the first day at which one leaves; None where nobody said so.

    Raises
    ------
    OutsideRegionError
        The start is too far from any street.
    """
    if leave is None:
        return replace(week, move=Move())
    first, journey = week.days[0], None
    if start is not None:
        date = datetime.date.fromisoformat(first.day.date) if first.day.date else None
        journey = way_home(support, start, week.spot, week.needs, date, leave)
    there = leave if journey is None else journey.arrival / MINUTE
    number = _first_from_home(first.day.stops, there)
    without_way = [stop for stop in first.day.stops[:number] if stop.kind != HOME]
    before = tuple(stop for stop in without_way if stop.start < there)
    after = tuple(stop for stop in without_way if stop.start >= there)
    days = (_without(first, number, there), *week.days[1:])
    is_late = _is_late(week.needs, first.day.weekday, there)
    return replace(week, days=days, move=Move(None if start is None else leave, journey, before, is_late, after))


def _is_late(needs: Needs, weekday: int, minute: float) -> bool:
    """Return whether a minute of a day is after the time to be home; the small hours are of the evening before."""
    if minute < MORNING_MINUTES:
        weekday, minute = (weekday - 1) % 7, minute + DAY
    return minute > curfew_limits(needs)[weekday]


def _first_from_home(stops: tuple[Stop, ...], minute: float) -> int:
    """Return the number of the first stop from a minute on that one goes to from home, or how many stops there are."""
    return next(
        (
            number
            for number, stop in enumerate(stops)
            if stop.kind != HOME and begins(stop) >= minute and (number == 0 or stops[number - 1].kind == HOME)
        ),
        len(stops),
    )


def _without(one: DatedDay, number: int, minute: float) -> DatedDay:
    """Return a day without its first stops, and without a last bus home that leaves before a minute."""
    last = one.last
    if last is not None and last.journey is not None and last.journey.leaves < minute * MINUTE:
        last = None
    return replace(one, day=replace(one.day, stops=one.day.stops[number:]), last=last)
