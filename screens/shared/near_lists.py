"""The lists of what is near a place: a view as titled sections of rows in words, and what they leave out."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from geo.nearby.places import Nearby, Wishes, all_day, keep_hours, wished
from geo.timetables.calendar import MORNING_MINUTES
from screens.shared import near_me
from screens.shared.hours import date_in_words, opening
from screens.shared.near_me import EVENING, HOME_BY_MINUTE, SOON_MINUTES, Question, When
from screens.shared.near_text import how_far, minute_text, session_hours, way_home
from screens.shared.words import Say
from sources.region.model import Region

VIEWS = {"now": "near_soon", "tonight": "near_evening", "week": "near_week_day_title"}
"""What the meetings of each view are called."""

DAYS_AHEAD = 7
NEXT_AT_MOST = 3

NONE = {"now": "near_soon_none", "tonight": "near_evening_none", "week": "near_week_none"}


@dataclass(frozen=True)
class Results:
    """What was found for a view, before any wish: sessions and places in reach, and sessions to join from anywhere.

    `longer_walks`: places that only a walk longer than the legs of a trip by bus reaches. `later`: the sessions of the
    same day that start after those of the view.
    """

    sessions: pd.DataFrame
    places: pd.DataFrame | None
    online: pd.DataFrame
    longer_walks: pd.DataFrame | None = None
    later: pd.DataFrame | None = None


@dataclass(frozen=True)
class Section:
    """A titled list: `kind` is "session", "place" or "online"; `none` says that it is empty."""

    name: str
    kind: str
    title: str
    rows: pd.DataFrame
    none: str = ""


@dataclass(frozen=True)
class Shown:
    """The sections of a view, and sentences on what they leave out."""

    sections: tuple[Section, ...]
    left_out: tuple[str, ...]

    @property
    def on_map(self) -> tuple[Section, ...]:
        """Return the sections whose rows have a place."""
        return tuple(section for section in self.sections if section.kind != "online")


def ask(region: Region, known: Nearby, asked: Question, view: str) -> Results:
    """Return what a view holds for a question."""
    online = near_me.joined_near(region, known, asked.when)
    if view == "week":
        days = [asked.when.day + datetime.timedelta(days=number) for number in range(1, 7)]
        later = [near_me.joined_near(region, known, near_me.on_day(region, day, 0)) for day in days]
        week = near_me.with_next_way_home(region, known, asked, near_me.week_near(region, known, asked))
        return Results(week, None, pd.concat([online, *later], ignore_index=True))
    between = near_me.day_near(region, known, asked)
    every = near_me.sessions_near(known, between, asked)
    last = asked.when.minute + SOON_MINUTES
    sessions = _from(every, EVENING) if view == "tonight" else every[every["start_minute"] <= last]
    sessions = near_me.with_next_way_home(region, known, asked, sessions.reset_index(drop=True))
    if view == "tonight":
        return Results(sessions, None, _from(online, EVENING))
    places = near_me.places_near(known, between, asked, region.facts.country)
    return Results(
        sessions,
        near_me.with_next_way_home(region, known, asked, places),
        online[online["start_minute"] <= last].reset_index(drop=True),
        near_me.longer_walks(region, known, asked, places),
        every[every["start_minute"] > last].reset_index(drop=True),
    )


def next_meetings(
    region: Region, known: Nearby, asked: Question, results: Results, wishes: Wishes, say: Say
) -> Section | None:
    """Return the first meetings after those of a view that one can go to and get home from, of one day.

    None where the week ahead has none.
    """
    for ahead in range(DAYS_AHEAD):
        sessions = results.later if ahead == 0 else _sessions_of(region, known, asked, ahead)
        if sessions is None:
            continue
        rows, _ = _wanted(near_me.in_words(known.resources, sessions, wishes, say), unsure_too=False)
        rows = rows[rows["home"].notna()].reset_index(drop=True).assign(next_home=np.nan)
        if len(rows):
            day = date_in_words(asked.when.day + datetime.timedelta(days=ahead), say)
            return Section("next", "session", say("near_next", day=day), rows.head(NEXT_AT_MOST))
    return None


def next_online(region: Region, known: Nearby, when: When, wishes: Wishes, say: Say) -> Section | None:
    """Return the first meetings to join from anywhere from a moment on, of one day; None where the week has none."""
    for ahead in range(DAYS_AHEAD):
        day = when.day + datetime.timedelta(days=ahead)
        joined = near_me.joined_near(region, known, near_me.on_day(region, day, 0) if ahead else when)
        rows, _ = _wanted(near_me.in_words(known.online, joined, wishes, say), unsure_too=False)
        if len(rows):
            title = say("near_next_online", day=date_in_words(day, say))
            return Section("online", "online", title, rows.head(NEXT_AT_MOST))
    return None


def timetable_limits(region: Region, days: Sequence[datetime.date], say: Say) -> list[str]:
    """Return on which of some days no bus runs, and for which another day's timetable stands in, in sentences."""
    services = {day: near_me.on_day(region, day, MORNING_MINUTES).service for day in days}
    idle = [say.habits.date(day, year=True) for day, service in services.items() if service is None]
    lent = {day: service for day, service in services.items() if service not in (None, day)}
    told = [say("near_nothing_runs", day=say.habits.listed(idle))] if idle else []
    if len(lent) == 1:
        ((day, service),) = lent.items()
        dated = {"day": say.habits.date(day, year=True), "other": say.habits.date(service, year=True)}
        told.append(say("near_stands_in", **dated))
    elif lent:
        told.append(say("near_stand_in", days=say.habits.listed([say.habits.weekday(day.weekday()) for day in lent])))
    return told


def week_from(day: datetime.date) -> list[datetime.date]:
    """Return the days of a week's view."""
    return [day + datetime.timedelta(days=number) for number in range(DAYS_AHEAD)]


def _sessions_of(region: Region, known: Nearby, asked: Question, ahead: int) -> pd.DataFrame:
    """Return the sessions of a later day that one can be in time for."""
    day = asked.when.day + datetime.timedelta(days=ahead)
    asked = replace(asked, when=near_me.on_day(region, day, MORNING_MINUTES))
    return near_me.sessions_near(known, near_me.day_near(region, known, asked), asked)


def counts(results: Results, known: Nearby, wishes: Wishes, unsure_too: bool, say: Say) -> dict[datetime.date, int]:
    """Return how many sessions each day of a week's view holds that one gets home from."""
    rows, _ = _wanted(near_me.in_words(known.resources, results.sessions, wishes, say), unsure_too)
    rows = rows[~near_me.stranding(rows)]
    return {day: int(count) for day, count in rows["date"].value_counts().items()}


def shown(
    results: Results, known: Nearby, asked: Question, view: str, wishes: Wishes, say: Say, *,
    day: datetime.date | None = None, open_only: bool = False, unsure_too: bool = False,
) -> Shown:  # fmt: skip
    """Return the sections of a view.

    Parameters
    ----------
    day
        Of a week's view: the day that is shown.
    open_only, unsure_too
        Only places that are open; also rows of which it isn't stated whether they fit the wishes.
    """
    how, left_out = say(f"how_{asked.mode}"), []
    sessions, online = results.sessions, results.online
    if day is not None:
        sessions, online = (table[table["date"] == day].reset_index(drop=True) for table in (sessions, online))
    meetings, unsure = _wanted(near_me.in_words(known.resources, sessions, wishes, say), unsure_too)
    meetings, stranded = _apart(meetings)
    sections, apart = [], [Section("stranded_meetings", "session", say("near_stranded_meetings", how=how), stranded)]
    may_fit = np.logical_or(*wished(known.resources, wishes))
    meets = np.zeros(len(known.resources), dtype=bool)
    meets[known.sessions["row"].to_numpy()] = True
    if (meets & may_fit).any():
        sections.append(Section("meetings", "session", say(VIEWS[view]), meetings, say(NONE[view], how=how)))
    elif not len(known.sessions):
        left_out.append(say("near_no_meetings"))
    if results.places is not None and (keep_hours(known) & may_fit).any():
        places, more = _wanted(near_me.in_words(known.resources, results.places, wishes, say), unsure_too)
        unsure += more
        if open_only:
            closed, unknown = (int((places["status"] == status).sum()) for status in ("closed", "unknown"))
            left_out += [say("near_closed_left", count=closed)] if closed else []
            left_out += [say("near_unknown_left", count=unknown)] if unknown else []
            places = places[places["status"] == "open"]
        places, stranded = _apart(places)
        title = say("near_stranded_places", how=how, night=say.habits.clock(HOME_BY_MINUTE))
        apart.append(Section("stranded_places", "place", title, stranded))
        sections += _places(places, how, say)
    sections += [section for section in apart if len(section.rows)]
    if results.longer_walks is not None:
        walks, _ = _wanted(near_me.in_words(known.resources, results.longer_walks, wishes, say), unsure_too)
        left_out += [_longer_walk(walks, say)] if len(walks) else []
    joined, more = _wanted(near_me.in_words(known.online, online, wishes, say), unsure_too)
    if len(known.online_sessions):
        sections.append(Section("online", "online", say("near_online"), joined, say("near_online_none")))
    if unsure + more:
        left_out.append(say("near_unsure_left", count=unsure + more))
    return Shown(tuple(sections), tuple(left_out))


def _places(places: pd.DataFrame, how: str, say: Say) -> list[Section]:
    """Return the places that one gets home from: those that are open, of unknown hours, and closed."""
    open_, unknown, closed = (
        places[places["status"] == status].reset_index(drop=True) for status in ("open", "unknown", "closed")
    )
    sections = [Section("open", "place", say("near_open"), open_, say("near_open_none", how=how))]
    if len(unknown):
        sections.append(Section("unknown", "place", say("near_unknown"), unknown))
    if len(closed):
        sections.append(Section("closed", "place", say("near_closed_title"), closed))
    return sections


def marks(lists: Shown, asked: Question, say: Say) -> pd.DataFrame:
    """Return what the lists hold as marks of a map (`layers.resource_marks`), one a resource."""
    parts = [
        section.rows.assign(reach=[_when(section, row, asked, say) for row in section.rows.itertuples(index=False)])
        for section in lists.on_map
    ]
    columns = ["lon", "lat", "name", "kind", "reach", "address", "dimension", "category"]
    rows = pd.concat([part[["resource_id", *columns]] for part in parts]) if parts else pd.DataFrame(columns=columns)
    if "resource_id" in rows:
        rows = rows.drop_duplicates("resource_id")[columns]
    return rows.assign(faint=False).reset_index(drop=True)


def as_table(lists: Shown, asked: Question, say: Say) -> pd.DataFrame:
    """Return what is on the map as rows of words: `when`, `name`, `kind`, `home`, `address`, `phone`."""
    rows = [
        {
            "when": _when(section, row, asked, say),
            "name": row.name,
            "kind": row.kind,
            "home": way_home(row, asked.mode, say),
            "address": row.address,
            "phone": row.phone,
        }
        for section in lists.on_map
        for row in section.rows.itertuples(index=False)
    ]
    return pd.DataFrame(rows, columns=["when", "name", "kind", "home", "address", "phone"])


def _when(section: Section, row: Any, asked: Question, say: Say) -> str:
    """Return when a session is and when to leave for it, or how far a place is and whether it is open."""
    if section.kind == "session":
        times = session_hours(row, say)
        often = f" ({row.how_often})" if row.how_often else ""
        return f"{times}{often}: {say('near_leave', time=minute_text(row.leave, say, day=row.date))}"
    far = how_far(row.minutes, row.on_foot, asked.mode, say)
    text = opening(row, asked.when.minute, say) or say("near_unknown")
    return f"{far}, {text}"


def _wanted(rows: pd.DataFrame, unsure_too: bool) -> tuple[pd.DataFrame, int]:
    """Return the rows that are shown, and how many aren't for not saying whether they fit."""
    if unsure_too:
        return rows, 0
    unsure = rows["unsure"].astype(bool)
    return rows[~unsure].reset_index(drop=True), int(unsure.sum())


def _apart(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the rows that one gets home from, and those that one doesn't."""
    stranded = near_me.stranding(rows)
    return rows[~stranded].reset_index(drop=True), rows[stranded].reset_index(drop=True)


def _longer_walk(walks: pd.DataFrame, say: Say) -> str:
    """Return the sentence on places that only a long walk reaches."""
    return say(
        "near_longer_walk", count=len(walks), name=walks["name"].iloc[0], minutes=round(walks["minutes"].iloc[0])
    )


def _from(sessions: pd.DataFrame, minute: int) -> pd.DataFrame:
    return sessions[(sessions["start_minute"] >= minute) | all_day(sessions)].reset_index(drop=True)
