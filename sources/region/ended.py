"""Whether a region's timetable has ended by the machine's clock; a fictional region has no today but its own date."""

import datetime
from typing import TYPE_CHECKING

from geo.dates import local_date
from geo.timetables.ended import ended_on

if TYPE_CHECKING:
    from sources.region.model import Region, RegionFacts


def seen_on(facts: "RegionFacts", today: datetime.date | None = None) -> datetime.date:
    """Return the day on which a region is looked at: today, but for a fictional one always its own service date."""
    if facts.fictional:
        return facts.service_date
    return today or local_date(facts.time_zone)


def timetable_ended(
    region: "Region", date: datetime.date | None = None, today: datetime.date | None = None
) -> datetime.date | None:
    """Return the last day of the timetable that is used for a date (the region's own without), if it has ended."""
    facts = region.facts
    if facts.service_dates is None or facts.fictional:
        return None
    return ended_on(region.network.feed, date or facts.service_date, seen_on(facts, today))
