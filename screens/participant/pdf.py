"""What one can reach from a place, as a paper to take along: map, nearest places, the week of meetings, ways home."""

import datetime
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from geo.errors import InputError
from geo.nearby.places import Nearby, Wishes, nearby
from geo.tables import DIMENSIONS
from layers.basemap import Basemap, build_basemap
from layers.escaping import plain
from layers.pdf import Heading, Part, Picture, Report, Table, Text, pdf
from layers.printed_map import Spot, printed_map
from screens.shared import near_lists, near_me, on_demand, queries
from screens.shared.catalogs import languages
from screens.shared.credits import credits_of
from screens.shared.crisis import crisis_in_words
from screens.shared.hours import date_in_words, hours_in_words
from screens.shared.near_me import HOME_BY_MINUTE, Question
from screens.shared.near_text import calendar_date, minute_text, sentence, session_hours
from screens.shared.next_street import next_streets
from screens.shared.queries import ChosenPlace, modes
from screens.shared.verified import verified_texts
from screens.shared.words import Say
from sources.region.ended import seen_on
from sources.region.model import Region

NEAREST_OF_EACH, MOST_PLACES = 2, 26
SESSIONS_A_DAY = 6
FIRST_HOUR, LAST_HOUR = 6, 22


def paper(
    region: Region, known: Nearby, land: Basemap, asked: Question, wishes: Wishes, say: Say,
    progress: Callable[[float], object] = lambda _: None,
) -> bytes:  # fmt: skip
    """Return the PDF of a question: where, how and when from.

    Parameters
    ----------
    land
        What can be drawn of the region.
    progress
        Called with the share done, 0–1.

    Raises
    ------
    OutsideRegionError
        The place is too far from any street.
    """
    near_me.check_place(region, asked)
    in_reach = near_me.places_near(known, near_me.day_near(region, known, asked), asked, region.facts.country)
    places = _nearest(near_me.in_words(known.resources, in_reach, wishes, say))
    week = near_me.in_words(known.resources, near_me.week_near(region, known, asked), wishes, say)
    progress(0.3)
    hour = min(max(asked.when.minute // 60, FIRST_HOUR), LAST_HOUR)
    areas = near_me.areas(region, asked, hour)
    progress(0.45)
    week = week[~week["unsure"].astype(bool)]
    stranded = near_me.stranding(week)
    week, left = _chosen(week[~stranded])
    number = _numbers(places, week)
    spots = [
        Spot(number[one.lon, one.lat], one.lon, one.lat, one.dimension)
        for table in (places, week)
        for one in table.drop_duplicates(["lon", "lat"]).itertuples(index=False)
    ]
    picture = printed_map(land, (asked.place.lon, asked.place.lat), areas, spots)
    progress(0.75)
    parts = _top(region, asked, picture, hour, say)
    parts.append(Heading(say("paper_places")))
    parts += _places(places, number, asked, say) if len(known.resources) else [Text(say("paper_places_nodata"))]
    parts.append(Heading(say("paper_week")))
    parts += _week(week, left, number, say) if len(known.sessions) else [Text(say("near_no_meetings"))]
    if stranded.any():
        how = say(f"how_{asked.mode}")
        parts.append(Text(say("near_stranded", count=int(stranded.sum()), how=how), muted=True))
    parts += _rides(region, asked, say)
    parts += [Heading(say("paper_method")), *_method(region, asked, say)]
    where = asked.place.name or say("your_place").lower()
    day, time = calendar_date(asked.when.day, asked.when.minute), say.habits.clock(asked.when.minute)
    moment = say("paper_how", how=say(f"mode_{asked.mode}"), day=date_in_words(day, say), time=time)
    content = pdf(
        Report(
            title=say("paper_title"),
            subtitle=f"{sentence(say('paper_from', place=where))} {sentence(moment)}",
            crisis=crisis_in_words(region.facts.country, say),
            page=say("paper_page"),
            language=say.language,
            date=asked.when.day,
            parts=parts,
            limit=queries.ended(region, say, asked.when.service) if asked.mode == "transit" else "",
        )
    )
    progress(1.0)
    return content


def paper_of(
    region: Region, place: Any, mode: str | None, day: datetime.date | None, minute: int | None, say: Say,
    progress: Callable[[float], object],
) -> bytes:  # fmt: skip
    """Return the PDF of a place (`id`, `lon`, `lat`), from a day and minute on; by default from now on, the usual way.

    Raises
    ------
    InputError
        Another language or mode than the app speaks and knows, or no timetable for a bus.
    OutsideRegionError
        The place is too far from any street.
    """
    if say.language not in languages():
        raise InputError(f"The language must be one of {', '.join(languages())}, not {say.language!r}.")
    mode = mode or modes(region)[0]
    if mode not in modes(region):
        raise InputError(f"In this region the mode must be one of {', '.join(modes(region))}, not {mode!r}.")
    now = near_me.moment(region)
    start, since = day or now.day, now.minute if minute is None else minute
    asked = Question(
        ChosenPlace(float(place.lon), float(place.lat), plain(place.id)), mode, near_me.on_day(region, start, since)
    )
    land = build_basemap(region.network.streets, region.basemap)
    known = nearby(region.resources, region.sessions)
    return paper(region, known, land, asked, Wishes(), say, progress)


def _top(region: Region, asked: Question, picture: bytes, hour: int, say: Say) -> list[Part]:
    """Return the map, and where the street nearest to the place was passed over."""
    start, end = (say.habits.clock(60 * one) for one in (hour, hour + 1))
    leaving = say("paper_leaving", start=start, end=end) if asked.mode == "transit" else ""
    parts: list[Part] = [Picture(picture, say("paper_map", how=say(f"how_{asked.mode}"), leaving=leaving))]
    (street,) = next_streets(region.network.streets, asked.place.lon, asked.place.lat, asked.mode)
    return parts if street is None else [*parts, Text(street.in_words(say), muted=True)]


def _rides(region: Region, asked: Question, say: Say) -> list[Part]:
    """Return who fetches people on demand; nothing where nobody does."""
    rides = on_demand.sentences(region, asked.place, say)
    if not rides:
        return []
    return [Heading(say("demand_here")), *(Text(text) for text in rides), Text(say("demand_not_counted"), muted=True)]


def _nearest(places: pd.DataFrame) -> pd.DataFrame:
    """Return the nearest few places of each category, those of one dimension together."""
    sure = places[~places["unsure"].astype(bool)]
    few = sure[sure.groupby("category").cumcount() < NEAREST_OF_EACH].head(MOST_PLACES)
    order = few["dimension"].map({name: number for number, name in enumerate(DIMENSIONS)})
    return few.assign(order=order).sort_values(["order", "minutes", "name"], kind="stable", ignore_index=True)


def _chosen(week: pd.DataFrame) -> tuple[pd.DataFrame, dict[object, int]]:
    """Return the quickest few sessions of each day, by start, and how many more each day has."""
    quickest = week.assign(trip=week["start_minute"] - week["leave"]).sort_values(
        ["date", "trip", "start_minute", "name"], kind="stable"
    )
    rank = quickest.groupby("date").cumcount()
    left = (rank >= SESSIONS_A_DAY).groupby(quickest["date"]).sum().to_dict()
    kept = quickest[rank < SESSIONS_A_DAY]
    return kept.sort_values(["date", "start_minute", "name"], kind="stable", ignore_index=True), left


def _numbers(*tables: pd.DataFrame) -> dict[tuple[float, float], int]:
    """Return a number for each distinct place, in the order of the lists."""
    number: dict[tuple[float, float], int] = {}
    for table in tables:
        for place in zip(table["lon"].tolist(), table["lat"].tolist(), strict=True):
            number.setdefault(place, len(number) + 1)
    return number


def _places(places: pd.DataFrame, number: dict[tuple[float, float], int], asked: Question, say: Say) -> Sequence[Part]:
    if places.empty:
        return [Text(say("paper_places_none", how=say(f"how_{asked.mode}")))]
    rows = tuple(
        (
            str(number[row.lon, row.lat]),
            f"{row.name}\n{row.kind}",
            str(max(1, round(row.minutes))),
            hours_in_words(row.hours, say, asked.when.day) or say("paper_unknown_hours"),
            row.phone,
            row.address,
        )
        for row in places.itertuples(index=False)
    )
    titles = ("", say("place"), "min", say("paper_hours"), say("paper_phone"), say("address"))
    return [Table(titles, (6, 46, 8, 38, 22, 40), rows, strong=1)]


def _week(
    week: pd.DataFrame, left: dict[object, int], number: dict[tuple[float, float], int], say: Say
) -> Sequence[Part]:
    if week.empty:
        return [Text(say("paper_week_none"))]
    titles = ("", say("near_when_column"), say("place"), say("paper_leave"), say("paper_last"), say("address"))
    parts: list[Part] = []
    for day, rows in week.groupby("date", sort=True):
        table_rows = tuple(
            (
                str(number[row.lon, row.lat]),
                session_hours(row, say),
                "\n".join(text for text in (row.name, row.kind, row.how_often) if text),
                minute_text(row.leave, say, day=row.date),
                say("paper_any") if np.isinf(row.last_home) else minute_text(row.last_home, say, day=row.date),
                row.where,
            )
            for row in rows.itertuples(index=False)
        )
        parts.append(Table(titles, (6, 22, 58, 14, 24, 40), table_rows, title=date_in_words(day, say), strong=2))
        if left.get(day):
            parts.append(Text(say("paper_more", count=left[day]), muted=True))
    return parts


def _method(region: Region, asked: Question, say: Say) -> Sequence[Part]:
    """Return how the numbers were made, from what, and what they are not."""
    when = asked.when
    day = say.habits.date(when.day, year=True)
    dated = day if when.service is None else say.habits.date(when.service, year=True)
    lines = [
        say("paper_method_transit", date=dated, night=say.habits.clock(HOME_BY_MINUTE))
        if asked.mode == "transit"
        else say("paper_method_streets"),
        say("planning_aid"),
        say("paper_made", date=say.habits.date(near_me.today(region), year=True)),
    ]
    if asked.mode == "transit":
        lines[1:1] = near_lists.timetable_limits(region, near_lists.week_from(when.day), say)
    if region.facts.fictional:
        lines.append(say("fictional"))
    sources = "; ".join(credits_of(region.facts.sources, say))
    fresh = ". ".join(verified_texts(region.resources, say, seen_on(region.facts)))
    return [Text(" ".join(lines)), Text(f"{region.facts.title}. {fresh}. {say('sources')}: {sources}.", muted=True)]
