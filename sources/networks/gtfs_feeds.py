"""Timetables of transit agencies, fetched from where the agency or the Mobility Database keeps them."""

import datetime

from geo.dates import local_date
from geo.errors import InputError, SourceError
from geo.timetables.feed import valid_dates
from sources.adapter import paging
from sources.adapter.source import FetchContext, Source
from sources.networks.gtfs import read_timetables
from sources.web.http import Fetched
from sources.web.url_guard import host_of

FILE_NAME = "gtfs.zip"


def fetch(context: FetchContext) -> dict[str, Fetched]:
    """Return a timetable from the first of its addresses that gives one, if newer than the copy at hand.

    Raises
    ------
    InputError
        There is no address.
    SourceError
        None gives a timetable; the sentence tells of the first.
    """
    addresses = [*context.addresses, *([context.endpoint] if context.endpoint else [])]
    if not addresses:
        raise InputError("A timetable is fetched from an address of its agency: give --url with it.")
    problems = []
    for address in addresses:
        try:
            answer = paging.fetch_data(address, context, FILE_NAME)
        except SourceError as problem:
            problems.append(problem)
            continue
        if answer.content[:2] == b"PK":
            return {FILE_NAME: answer}
        problems.append(SourceError(f"{host_of(address)} answers with something that is no zip file of a timetable."))
    raise problems[0]


def tally(raw: bytes, where: str) -> int:
    """Return how many trips there are; of a timetable with on-demand service alone, how many zones.

    Raises
    ------
    SourceError
        It is no timetable that can be read, or one that has ended.
    """
    feed, zones, _ = read_timetables([(where, raw)])
    last = datetime.date.fromisoformat(max(zones["last_day"])) if feed is None else valid_dates(feed)[1]
    time_zone = "" if feed is None else str(feed.feed_zone[0])
    if last < local_date(time_zone or "UTC"):
        raise SourceError(f"{where} ended on {last}.")
    return len(zones) if feed is None else len(feed.trip_id)


SOURCE = Source(
    name="gtfs",
    title="Public transport timetable (GTFS)",
    publisher="The transit agency",
    license="As the agency says",
    attribution="Timetable: the transit agency",
    url="https://gtfs.org/",
    freshness="A few times a year; valid between its calendar's dates",
    precision="Stops",
    kind="network",
    parse=None,
    fetch=fetch,
    tally=tally,
)
