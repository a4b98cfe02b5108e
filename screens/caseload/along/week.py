"""The week that goes along: seven days from a date, each with its journeys and the last bus home, from now on."""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from geo.errors import DateError, InputError
from geo.needs.candidate_homes import house_curfew
from geo.needs.needs import Needs
from geo.plan.last_home import LastRide, last_rides_home
from geo.plan.model import PlanDay, Stop
from geo.plan.week_plan import WeekPlan, plan_week
from geo.score.support import RegionSupport
from geo.timetables.calendar import dates_from
from geo.travel.journeys import Journey
from geo.units import MINUTE
from layers.escaping import plain
from screens.shared.near_me import When, moment
from sources.region.ended import seen_on
from sources.region.model import Region

FACTS = ("name", "venue", "address", "phone")
"""What papers tell of a house or a place."""


@dataclass(frozen=True)
class DatedDay:
    """One day of the week: `date` is its own, `day.date` that of the timetable. `last`: None where none is needed.

    `last_has_left`: its last ride has left already, and is told no more. `is_at_home`: nothing of the whole day is away
    from home; a day whose stops have passed, or come before the house, isn't.
    """

    date: datetime.date
    day: PlanDay
    last: LastRide | None
    last_has_left: bool = False
    is_at_home: bool = False


@dataclass(frozen=True)
class Move:
    """The way to the house on the day of the move: from when one leaves (a minute of that day), and by which journey.

    `leave` is None where the plan knows no way because it isn't known from where, or because it is later than that;
    `journey` where there is no way. `before`: what is that day before one is at the house, to which the plan knows no
    way. `is_late`: one is there after the time to be home. `after`: what is that day once one is at the house, but
    planned from one of `before`, so that no way from the house is known.
    """

    leave: int | None = None
    journey: Journey | None = None
    before: tuple[Stop, ...] = ()
    is_late: bool = False
    after: tuple[Stop, ...] = ()


@dataclass(frozen=True)
class WeekAlong:
    """A week from a house: its facts, the needs with its curfew, the plan, and the days from the first on.

    `spot`: longitude and latitude of the house. `places`: name, venue, address and phone of the plan's resources, by
    id. `move`: None for a person who lives there already.
    """

    house: Mapping[str, str]
    spot: tuple[float, float]
    needs: Needs
    plan: WeekPlan
    days: tuple[DatedDay, ...]
    places: Mapping[str, Mapping[str, str]]
    move: Move | None = None

    @property
    def timetable(self) -> datetime.date | None:
        """Return the first of the dates whose buses these are, where they aren't those of the days themselves."""
        if all(one.day.date in ("", one.date.isoformat()) for one in self.days):
            return None
        return min(datetime.date.fromisoformat(one.day.date) for one in self.days if one.day.date)


def week_along(
    region: Region,
    support: RegionSupport,
    house_id: str,
    needs: Needs,
    start: datetime.date,
    checkpoint: Callable[[], None] = lambda: None,
) -> WeekAlong:
    """Return the week of a person in a house, what has passed of it too (`from_now_on`).

    Where the timetable doesn't hold on the start, its buses are those of the region's usual week.

    Parameters
    ----------
    house_id
        Of a listed house.
    needs
        The person's own; the house's curfew is added.
    start
        The first of the seven days: today or later.

    Raises
    ------
    InputError
        The house isn't in the region, it isn't public where it is, or the start has passed.
    OutsideRegionError
        The house is too far from any street.
    """
    now = clock(region)
    check_begin(start, now)
    rows = region.resources[region.resources["resource_id"] == house_id]
    if rows.empty:
        raise InputError("That house isn't in this region's list any more: choose another, or another region.")
    row = rows.iloc[0]
    if pd.isna(row["lon"]) or pd.isna(row["lat"]) or row["location_precision"] == "hidden":
        raise InputError("It isn't public where that house is, so no journey from it can be planned: choose another.")
    own = replace(needs, curfew=house_curfew(needs, row["curfew"]))
    home = float(row["lon"]), float(row["lat"])
    try:
        plan = plan_week(support, home, own, start, checkpoint=checkpoint, today=now.day)
    except DateError:
        usual = region.facts.service_date
        plan = plan_week(support, home, own, start, checkpoint=checkpoint, today=now.day, timetable_date=usual)
    checkpoint()
    lasts = last_rides_home(support, home, own, plan.days)
    days = [
        DatedDay(date, plan.days[weekday], lasts[weekday], is_at_home=not plan.days[weekday].stops)
        for weekday, date in enumerate(dates_from(start))
    ]
    ids = {stop.resource_id for day in plan.days for stop in day.stops if stop.resource_id}
    wanted = region.resources[region.resources["resource_id"].isin(ids)]
    places = {one["resource_id"]: _facts(one) for one in wanted.to_dict("records")}
    return WeekAlong(_facts(row), home, own, plan, tuple(sorted(days, key=lambda one: one.date)), places)


def clock(region: Region) -> When:
    """Return the moment by the region's clock; of a fictional region, the beginning of its own day."""
    if region.facts.fictional:
        return When(seen_on(region.facts), 0, None)
    return moment(region)


def check_begin(start: datetime.date, now: When) -> None:
    """Refuse a week that has begun.

    Raises
    ------
    InputError
        Its first day has passed.
    """
    if start < now.day:
        raise InputError("That week has begun already: choose today or a later day.")


def from_now_on(week: WeekAlong, now: When) -> WeekAlong:
    """Return a week without what has begun: stops, the last bus home, the way to the house.

    What is still to come without a way stays in `Move.before` and `Move.after`, and that one is late in `Move.is_late`.

    Raises
    ------
    InputError
        Its first day has passed.
    """
    check_begin(week.days[0].date, now)
    move = week.move
    if move is not None and week.days[0].date == now.day:
        before, after = (
            tuple(stop for stop in stops if stop.start >= now.minute) for stops in (move.before, move.after)
        )
        has_left = move.leave is not None and move.leave < now.minute
        move = replace(move, before=before, after=after)
        move = replace(move, leave=None, journey=None) if has_left else move
    return replace(week, days=tuple(_rest(one, now) for one in week.days), move=move)


def _rest(one: DatedDay, now: When) -> DatedDay:
    if one.date > now.day:
        return one
    stops = tuple(stop for stop in one.day.stops if begins(stop) >= now.minute)
    last, has_left = one.last, one.last_has_left
    if last is not None and last.journey is not None and last.journey.leaves < now.minute * MINUTE:
        last, has_left = replace(last, journey=None), True
    return replace(one, day=replace(one.day, stops=stops), last=last, last_has_left=has_left)


def begins(stop: Stop) -> float:
    """Return the minute from which a stop keeps one busy: its own, or that at which its journey leaves."""
    return stop.start if stop.journey is None else stop.journey.leave


def _facts(row: Mapping[str, Any]) -> Mapping[str, str]:
    return {name: plain(row[name]) for name in FACTS}
