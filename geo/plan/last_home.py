"""The last ride home of each day of a week plan: from where the day ends, in time for the curfew."""

import datetime
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from geo.nearby.outings import ENDS, day_between, last_way_home
from geo.needs.needs import Needs
from geo.needs.schedule import curfew_limits
from geo.plan.model import HOME, PlanDay, PlanSettings, Stop
from geo.plan.trips import sure_travel
from geo.points import OnePlace, one_place
from geo.score.around_areas import groups
from geo.score.support import RegionSupport
from geo.timetables.calendar import MORNING_MINUTES, NIGHT_MINUTES
from geo.travel.journeys import EASIER_SECONDS, Journey, Slack, explain_journey
from geo.travel.network import bounds
from geo.travel.travel_times import UNREACHED
from geo.units import MINUTE


@dataclass(frozen=True)
class LastRide:
    """The last ride home of a day from its last stop or, of a day at home, from where the week's days mostly end.

    `journey`: the last ride that is home in time, in seconds after the day's midnight; None where there is none.
    `home_by`: the minute by which it is home, 26:00 without a curfew. `walkable`: one can walk home at any hour
    instead, and needs no bus.
    """

    stop: Stop
    journey: Journey | None
    walkable: bool
    home_by: float = float(NIGHT_MINUTES)


def last_rides_home(
    support: RegionSupport,
    home: OnePlace,
    needs: Needs,
    days: Sequence[PlanDay],
    settings: PlanSettings = PlanSettings(),  # noqa: B008  frozen
) -> tuple[LastRide | None, ...]:
    """Return the last ride home of each day of a plan.

    It is home by the curfew, or where the plan itself is home later (for what is excused), by then; by 02:00 without a
    curfew. None where nothing of the week is away from home, and on days that end away from home or after 04:00.

    Parameters
    ----------
    home
        As in `geo.plan.week_plan.plan_week`, which made the days.
    """
    lon, lat = one_place(home, "home", bounds(support.network))
    ((around, needs, _),) = groups(support, needs, lon, lat)
    usual = Counter(_spot(stop) for day in days for stop in _away(day)).most_common(1)
    if not usual or around.network.feed is None:
        return (None,) * len(days)
    known = {_spot(stop): stop for day in days for stop in _away(day)}
    ends = [_away(day)[-1] if day.stops else known[usual[0][0]] for day in days]
    curfew = curfew_limits(needs)
    here = pd.DataFrame({"lon": [lon], "lat": [lat]})
    travel = sure_travel(needs, support.parameters, settings.longest_trip_minutes)
    rides: list[LastRide | None] = []
    for day, stop in zip(days, ends, strict=True):
        back = day.stops[-1] if day.stops else None
        if back is not None and (back.kind != HOME or back.start > ENDS):
            rides.append(None)
            continue
        home_by = min(NIGHT_MINUTES, max(curfew[day.weekday], 0.0 if back is None else back.start))
        date = datetime.date.fromisoformat(day.date) if day.date else None
        how = replace(travel, mode="transit", date=date)
        there = pd.DataFrame({"lon": [stop.lon], "lat": [stop.lat]})
        one = day_between(around.network, here, there, how)
        minutes = MORNING_MINUTES + np.arange(len(one.homeward))[:, None]
        in_time = replace(one, homeward=np.where(minutes <= home_by, one.homeward, UNREACHED))
        minute = float(last_way_home(in_time, np.array([0]))[0])
        journey = None
        if np.isfinite(minute) and how.date is not None:
            ends_at, slack = (stop.lon, stop.lat), Slack(earlier=EASIER_SECONDS)
            names = (stop.name, HOME)
            journey = explain_journey(around.network, ends_at, (lon, lat), how, round(minute * MINUTE), *names, slack)
        rides.append(LastRide(stop, journey, minute == np.inf, home_by))
    return tuple(rides)


def _away(day: PlanDay) -> list[Stop]:
    return [stop for stop in day.stops if stop.kind != HOME]


def _spot(stop: Stop) -> tuple[float, float]:
    return stop.lon, stop.lat
