"""What is near a place, now, tonight and this week: asked of `geo`, and shaped as rows of words."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.clock import DAY
from geo.dates import local_date
from geo.nearby.outings import Day, day_between, last_way_home, next_way_home, on_foot_only, service_moment, standing_in
from geo.nearby.places import (
    Nearby,
    Wishes,
    all_day,
    joined_on,
    open_places,
    outings_on,
    places_within,
    week_of_outings,
    wished,
)
from geo.needs.eligibility import is_for_families
from geo.phrases import Phrase
from geo.score.parameters import load_parameters
from geo.spelling import name_key
from geo.streets.snapping import too_far
from geo.timetables.calendar import MORNING_MINUTES, NIGHT_MINUTES
from geo.travel.isochrones import isochrones
from geo.travel.journeys import AT_ONCE, EASIER_SECONDS, Journey, Slack, explain_journey, shifted
from geo.travel.longer_walks import LONGEST_WALK_MINUTES
from geo.travel.longer_walks import longer_walks as walks_beyond_transit
from geo.travel.travel_times import TravelSettings, off_streets
from geo.units import MINUTE
from layers.escaping import plain
from screens.shared.near_text import capitalized
from screens.shared.queries import MINUTES, ChosenPlace
from screens.shared.weeks import weeks_in_words
from screens.shared.words import Say
from sources.region.model import Region
from sources.region.water import reject_if_in_water

SOON_MINUTES = 180
EVENING = 17 * 60
HOME_BY_MINUTE = NIGHT_MINUTES % DAY
"""After midnight: later than this no way home counts as the last one."""
LONGEST_TRIP, LONGEST_STREET_TRIP = 60.0, LONGEST_WALK_MINUTES
LONGEST_WAY_HOME = 120.0
"""By bus, where no way home within `LONGEST_TRIP` is left: its minutes are told then."""
HOUR = 60
HOMEWARD = Slack(later=EASIER_SECONDS)
LAST_DAY_LATER = 2
"""Where no bus goes home that night, it is looked for on so many days after: on Monday after a Saturday night."""
FORMATS = (
    "open", "closed", "women", "men", "beginners", "young people", "seniors", "lgbtq", "secular", "speaker",
    "step study", "big book", "basic text", "meditation", "children welcome", "childcare",
)  # fmt: skip
"""Formats worth choosing by; the rest are still told of each meeting."""


@dataclass(frozen=True)
class When:
    """The moment asked about: its day and minute (`geo.nearby.outings`), and the date whose timetable is used.

    `service` is None where nothing runs.
    """

    day: datetime.date
    minute: int
    service: datetime.date | None


@dataclass(frozen=True)
class Question:
    """From where, how, and when; `step_free` chooses vehicles and stops too, where the timetable tells them apart."""

    place: ChosenPlace
    mode: str
    when: When
    step_free: bool = False


def today(region: Region) -> datetime.date:
    """Return the date on the region's calendar; until 04:00 the day of `moment` is still the one before."""
    return local_date(region.facts.time_zone)


def moment(region: Region, chosen: tuple[datetime.date, datetime.time] | None = None) -> When:
    """Return the moment that was chosen, or now, on the region's clock."""
    now = datetime.datetime.now(tz=ZoneInfo(region.facts.time_zone))
    if chosen is not None:
        now = datetime.datetime.combine(*chosen, tzinfo=now.tzinfo)
    return on_day(region, *service_moment(now))


def on_day(region: Region, day: datetime.date, minute: int) -> When:
    """Return a minute of a day, and the date whose timetable stands for it."""
    return When(day, minute, standing_in(day, region.facts.service_date, region.network.feed))


def settings(region: Region, asked: Question) -> TravelSettings:
    """Return how one travels at the moment asked about: by bus on a day without service, as one would walk to a bus."""
    how = _usually(region, asked)
    return on_foot_only(how) if how.mode == "transit" and how.date is None else how


def _usually(region: Region, asked: Question) -> TravelSettings:
    """Return how one travels: an hour by bus with its waits at most, three quarters on foot or by bicycle."""
    transit = asked.mode == "transit"
    feed = region.network.feed
    tells = transit and feed is not None and bool((feed.trip_wheelchair == 1).any())
    return TravelSettings(
        mode=asked.mode,
        max_minutes=LONGEST_TRIP if transit else LONGEST_STREET_TRIP,
        date=asked.when.service,
        wheelchair=asked.step_free and tells,
        ferries=False,
    )


def _homeward(region: Region, asked: Question) -> TravelSettings:
    """Return how one gets home where the usual trip isn't long enough, on whichever day that is."""
    how = _usually(region, asked)
    return replace(how, max_minutes=LONGEST_WAY_HOME) if how.mode == "transit" else how


def check_place(region: Region, asked: Question) -> None:
    """Refuse a place that no way leads from.

    Raises
    ------
    OutsideRegionError
        It is too far from any street, or in water.
    """
    reject_if_in_water(region.basemap, _table(asked.place))
    if off_streets(region.network, _table(asked.place), asked.mode)[0]:
        raise too_far(region.network.streets, asked.place.lon, asked.place.lat, Phrase("The place"))


def day_near(region: Region, near: Nearby, asked: Question) -> Day:
    """Return the day asked about between the place and all others, for `sessions_near` and `places_near`."""
    return day_between(region.network, _table(asked.place), near.points, settings(region, asked))


def sessions_near(near: Nearby, day: Day, asked: Question) -> pd.DataFrame:
    """Return the sessions of the day that one can be in time for from the moment asked about; `home` may be NaN."""
    when = asked.when
    reachable = outings_on(near, day, when.day, when.minute, _leave_after()).assign(date=when.day)
    return reachable[reachable["leave"].notna()].reset_index(drop=True)


def places_near(near: Nearby, day: Day, asked: Question, country: str) -> pd.DataFrame:
    """Return the places in reach on leaving at the moment asked about; see `geo.nearby.places`.

    `free` is the minute at which one is there, `last_home` the last way home from then on, -inf without any.
    """
    reachable = open_places(near, day, asked.when.day, asked.when.minute, country)
    place = near.resources["place"].to_numpy()[reachable["row"]]
    last = last_way_home(day, place)
    there = asked.when.minute + reachable["minutes"].to_numpy()
    last = np.where(last < there, -np.inf, last)
    return reachable.assign(free=there, last_home=last, on_foot=day.on_foot[place], date=asked.when.day)


def stranding(rows: pd.DataFrame) -> pd.Series:
    """Return which sessions (with `home`) or places one can get to and not home from in time."""
    return rows["home"].isna() if "home" in rows else pd.Series(np.isneginf(rows["last_home"]), rows.index)


def with_next_way_home(region: Region, near: Nearby, asked: Question, rows: pd.DataFrame) -> pd.DataFrame:
    """Return sessions or places with `next_home`, for those that strand one: when a way home starts after all.

    It is a minute of their own date's count, that night or on one of the next days; NaN where none starts until the end
    of those, and for all others. `next_minutes`: how long it takes, where that is longer than trips otherwise may.
    """
    rows = rows.assign(next_home=np.nan, next_minutes=np.nan)
    for date, stranded in rows[stranding(rows)].groupby("date"):
        places = near.resources["place"].to_numpy()[stranded["row"].to_numpy(dtype=np.int64)]
        own, column = np.unique(places, return_inverse=True)
        for days_later in range(LAST_DAY_LATER + 1 if asked.mode == "transit" else 1):
            if rows.loc[stranded.index, "next_home"].notna().all():
                break
            service = on_day(region, date + datetime.timedelta(days=days_later), 0).service
            how = replace(_homeward(region, asked), date=service)
            day = day_between(region.network, _table(asked.place), near.points.take(own), how)
            starts, takes = next_way_home(day, column, stranded["free"].to_numpy() - days_later * DAY)
            takes = np.where(takes > LONGEST_TRIP, takes, np.nan)
            new = rows["next_home"].isna()
            rows["next_minutes"] = rows["next_minutes"].where(~new, pd.Series(takes, stranded.index))
            rows["next_home"] = rows["next_home"].fillna(pd.Series(starts + days_later * DAY, stranded.index))
    return rows


def longer_walks(region: Region, near: Nearby, asked: Question, in_reach: pd.DataFrame) -> pd.DataFrame:
    """Return the places that no trip by bus reaches, but a walk does that is longer than a trip's legs may be.

    Places that are closed by then are left out, and all of them for a person who needs step-free ways: of streets
    nobody says so.

    Parameters
    ----------
    in_reach
        As `places_near` gives it.

    Returns
    -------
    DataFrame
        Nearest first, as `geo.nearby.places.places_within`, `minutes` on foot.
    """
    minutes = np.full(len(near.points), np.inf)
    if not asked.step_free:
        here, spots = _table(asked.place).assign(id="here"), near.points.assign(id=near.points.index.astype(str))
        own = near.resources["place"].to_numpy()[in_reach["row"]]
        pairs = pd.DataFrame({"origin_id": "here", "destination_id": spots["id"].to_numpy()[own]})
        walks = walks_beyond_transit(region.network, here, spots, settings(region, asked), pairs)
        minutes[walks["destination_id"].astype(int)] = walks["minutes"]
    when = asked.when
    places = places_within(near, minutes, when.day, when.minute, region.facts.country)
    return places[places["status"] != "closed"].reset_index(drop=True)


def week_near(region: Region, near: Nearby, asked: Question) -> pd.DataFrame:
    """Return the sessions of seven days from the day asked about that one can be in time for; `home` may be NaN."""
    days = [asked.when.day + datetime.timedelta(days=number) for number in range(7)]
    used = [(day, on_day(region, day, 0).service) for day in days]
    where = _table(asked.place)
    reachable = week_of_outings(region.network, near, where, _usually(region, asked), used, _leave_after())
    past = (reachable["date"] == asked.when.day) & (reachable["leave"] < asked.when.minute)
    return reachable[reachable["leave"].notna() & ~past].reset_index(drop=True)


def joined_near(region: Region, near: Nearby, when: When) -> pd.DataFrame:
    """Return the online sessions of the day that start at the moment asked about or later, or last all day."""
    online = joined_on(near.online_sessions, when.day, region.facts.time_zone)
    return (
        online[(online["start_minute"] >= when.minute) | all_day(online)].assign(date=when.day).reset_index(drop=True)
    )


def areas(region: Region, asked: Question, hour: int) -> gpd.GeoDataFrame:
    """Return the areas within `MINUTES`: by bus, what at least half of the departures of an hour reach."""
    how = settings(region, asked)
    if how.mode == "transit":
        how = replace(how, window=(hour * HOUR * MINUTE, (hour + 1) * HOUR * MINUTE))
    return isochrones(region.network, _table(asked.place).assign(id="here"), how, MINUTES)


def in_words(resources: pd.DataFrame, rows: pd.DataFrame, wishes: Wishes, say: Say) -> pd.DataFrame:
    """Return found rows joined with what is told of their resources; those that don't fit the wishes are left out.

    `unsure` marks rows of which it isn't stated whether they fit.
    """
    fits, maybe = wished(resources, wishes)
    keep = (fits | maybe)[rows["row"].to_numpy(dtype=np.int64)] if len(rows) else np.zeros(0, dtype=bool)
    rows = rows[keep].reset_index(drop=True)
    row = rows["row"].to_numpy(dtype=np.int64)
    own = resources.take(row).reset_index(drop=True)
    texts = pd.DataFrame(
        {
            "resource_id": own["resource_id"].astype(str),
            "name": own["name"].map(plain),
            "kind": [kind_in_words(one, say) for one in own.itertuples(index=False)],
            "category": own["category"].astype(str),
            "dimension": own["dimension"].astype(str),
            "address": own["address"].map(plain),
            "where": [_where(one) for one in own.itertuples(index=False)],
            "notes": own["notes"].map(plain),
            "phone": own["phone"].map(plain),
            "url": own["url"].map(plain),
            "join_url": own["join_url"].map(plain),
            "join_phone": own["join_phone"].map(plain),
            "hours": own["opening_hours"].map(plain),
            "lon": own["lon"].astype("float64"),
            "lat": own["lat"].astype("float64"),
            "hybrid": own["attendance"].eq("hybrid").fillna(False).astype(bool),
            "unsure": maybe[row],
            "how_often": [_how_often(one, say) for one in rows.itertuples(index=False)],
        },
        index=rows.index,
    )
    return rows.join(texts)


def _how_often(row: Any, say: Say) -> str:
    """Return in which weeks a row's session is held; nothing where it is every week, or no session."""
    weeks = getattr(row, "weeks", "")
    if not weeks:
        return ""
    ahead = getattr(row, "days_ahead", 0)
    return weeks_in_words(weeks, (int(row.weekday) - (0 if pd.isna(ahead) else int(ahead))) % 7, say)


def _where(resource: Any) -> str:
    """Return the name of the place where it is held, unless it is its own or begins the address, and its address."""
    venue, address = plain(resource.venue), plain(resource.address)
    is_told = venue.casefold() in plain(resource.name).casefold() or address.casefold().startswith(venue.casefold())
    return ", ".join(text for text in ("" if is_told else venue, address) if text)


def kind_in_words(resource: object, say: Say) -> str:
    """Return what a resource is: `Meeting · AA · open, women · Spanish`."""

    def parts(name: str) -> list[str]:
        return [part for part in plain(getattr(resource, name)).split(";") if part.strip()]

    formats = ", ".join(format_in_words(word, say) for word in parts("formats"))
    languages = ", ".join(language_in_words(code, say) for code in parts("languages") if code != "en")
    fellowship = plain(resource.fellowship)  # type: ignore[attr-defined]
    whose = say("near_for_families") if is_for_families(fellowship) else ""
    texts = [say(plain(resource.category)), fellowship, whose, formats, languages]  # type: ignore[attr-defined]
    return " · ".join(text for text in texts if text)


def format_in_words(word: str, say: Say) -> str:
    """Return a meeting's format in the reader's language; one that we have no word for keeps its own."""
    return say.or_else(f"format_{plain(word)}", capitalized(plain(word)))


def language_in_words(code: str, say: Say) -> str:
    """Return a language by its ISO code."""
    return say.or_else(f"spoken_{plain(code)}", plain(code))


def ways(region: Region, asked: Question, row: Any, say: Say) -> dict[str, Journey | None]:
    """Return the way to a row's place, home again (after a session), and the last way home; None where there is none.

    Their seconds count from the midnight of the day asked about. Of ways nearly as fast, each is the easiest.

    Parameters
    ----------
    row
        Of `in_words`: with `free`, `last_home` and `next_home`, and `leave` of a session.
    """
    usual, held = settings(region, asked), hasattr(row, "start_minute")
    here, there = (asked.place.lon, asked.place.lat), (row.lon, row.lat)

    def way(leave: float, slack: Slack, *, back: bool, how: TravelSettings = usual) -> Journey | None:
        start, end = (there, here) if back else (here, there)
        begin, finish = (row.name, say("near_back")) if back else (say("near_start"), row.name)
        later = int((leave - MORNING_MINUTES) // DAY)
        service = on_day(region, asked.when.day + datetime.timedelta(days=later), 0).service
        on_that_day, second = replace(how, date=service), round((leave - later * DAY) * MINUTE)
        journey = explain_journey(region.network, start, end, on_that_day, second, begin, finish, slack)
        return None if journey is None else shifted(journey, later * DAY * MINUTE)

    in_time = Slack(later=EASIER_SECONDS, there_by=int(row.start_minute * MINUTE)) if held else AT_ONCE
    trips = {"there": way(row.leave if held else asked.when.minute, in_time, back=False)}
    if np.isfinite(row.next_home):
        how = _homeward(region, asked) if usual.date is not None else usual
        return trips | {"back": way(row.next_home, HOMEWARD, back=True, how=how)}
    if held:
        trips["back"] = way(row.free, HOMEWARD, back=True)
    if np.isfinite(row.last_home):
        trips["last"] = way(row.last_home, Slack(earlier=EASIER_SECONDS), back=True)
    elif not held:
        trips["back"] = way(np.ceil(row.free), HOMEWARD, back=True)
    return trips


def present(table: pd.DataFrame, column: str, shown: Callable[[str], bool], most: int = 12) -> list[str]:
    """Return the words that cells joined by `;` hold, the most frequent first; of a word's spellings only that."""
    words = table[column].fillna("").astype(str).str.split(";").explode().str.strip()
    counts = words[words.map(shown)].value_counts()
    once: dict[str, str] = {}
    for word, _ in sorted(counts.items(), key=lambda item: (-int(item[1]), str(item[0]))):
        once.setdefault(name_key(str(word)), str(word))
    return list(once.values())[:most]


@cache
def _leave_after() -> float:
    """Return the minutes from the end of a session until one leaves, as the score counts them."""
    return load_parameters(None).meetings.leave_after_minutes


def _table(place: ChosenPlace) -> pd.DataFrame:
    return pd.DataFrame({"lon": [place.lon], "lat": [place.lat]})
