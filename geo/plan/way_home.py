"""The way to a new home on the day of the move: from where one leaves, by the fastest of one's ways."""

import datetime
from dataclasses import replace

from geo.needs.needs import Needs
from geo.plan.model import HOME
from geo.plan.trips import sure_travel
from geo.points import OnePlace, one_place
from geo.score.around_areas import groups
from geo.score.support import RegionSupport
from geo.score.traveler import PROFILE_MODES
from geo.travel.journeys import EASIER_SECONDS, Journey, Slack, explain_journey
from geo.travel.network import bounds
from geo.units import MINUTE

LONGEST_MINUTES = 180.0
"""Who moves goes once, and farther than to anything of a week."""


def way_home(
    support: RegionSupport, start: OnePlace, home: OnePlace, needs: Needs, date: datetime.date | None, minute: int
) -> Journey | None:
    """Return the journey that leaves a place at a minute and is home first; None where none takes up to three hours.

    No way takes a ferry of the map's: nobody knows when they go.

    Parameters
    ----------
    start, home
        (lon, lat) in WGS 84 degrees, a shapely Point of the two, or a table or GeoDataFrame of one row.
    date
        Whose timetable is used; None where nothing runs.
    minute
        Minutes after the midnight of that day.

    Raises
    ------
    OutsideRegionError
        A place is over 1 km from any street, or its longitude and latitude are swapped.
    """
    lon, lat = one_place(home, "home", bounds(support.network))
    ((around, needs, _),) = groups(support, needs, lon, lat)
    travel = sure_travel(needs, support.parameters, LONGEST_MINUTES)
    ways = [replace(travel, mode=mode) for mode in PROFILE_MODES[needs.profile]]
    ways = [replace(way, max_minutes=way.max_walk_minutes) if way.mode == "walk" else way for way in ways]
    if around.network.feed is not None and date is not None:
        ways.append(replace(travel, mode="transit", date=date))
    slack, names = Slack(later=EASIER_SECONDS), ("start", HOME)
    journeys = [explain_journey(around.network, start, (lon, lat), way, minute * MINUTE, *names, slack) for way in ways]
    return min((one for one in journeys if one is not None), key=lambda one: one.arrival, default=None)
