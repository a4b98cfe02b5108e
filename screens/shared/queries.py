"""One question put to `geo` (what is in reach from here?) and its answer, shaped for the screens."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from markupsafe import Markup

from geo.clock import DAY
from geo.nearby.places import shown_resources
from geo.needs.needs import Needs
from geo.score.score import score_home
from geo.score.support import RegionSupport
from geo.tables import SESSIONS, conform
from geo.travel.isochrones import isochrones
from geo.travel.longer_walks import longer_walks
from geo.travel.travel_times import TravelSettings, travel_times
from layers.escaping import escaped, plain
from screens.shared.weeks import weeks_in_words
from screens.shared.words import Say
from sources.region.ended import seen_on, timetable_ended
from sources.region.model import Region

MINUTES = (15, 30, 45)
MORNING = (8 * 3600, 9 * 3600)
LISTED_AT_MOST = 100
AS_QUICK_MINUTES = 0.5
ESCAPED = ("name", "kind", "address")


@dataclass(frozen=True)
class ChosenPlace:
    """Where the question is asked from; `name` is what was found or typed, empty after a click."""

    lon: float
    lat: float
    name: str = ""


@dataclass(frozen=True)
class Reach:
    """What is in reach by one mode: areas within `MINUTES`, and the `minutes` and `mode` to each resource that is.

    `on_foot`: by bus, the minutes to each resource that only a walk reaches which is longer than a trip's legs may be.
    """

    areas: gpd.GeoDataFrame
    trips: pd.DataFrame
    on_foot: "pd.Series[float]"


def modes(region: Region) -> list[str]:
    """Return how a person without a car can get around in a region; the usual way comes first."""
    return ["transit", "walk", "bike"] if region.facts.service_dates else ["walk", "bike"]


def travel(region: Region, mode: str) -> TravelSettings:
    """Return how travel is asked for: on the region's usual day, by bus the median of the departures from 8 to 9."""
    window = MORNING if mode == "transit" else None
    return TravelSettings(mode=mode, max_minutes=MINUTES[-1], date=region.facts.service_date, window=window)


def ask_score(region: Region, support: RegionSupport, place: ChosenPlace) -> dict[str, Any]:
    """Return the score of a home for a person without a car.

    Raises
    ------
    OutsideRegionError
        The place is too far from any street.
    """
    facts = region.facts
    home = place.lon, place.lat
    score: dict[str, Any] = score_home(support, home, Needs(), facts.service_date, today=seen_on(facts)).as_dict()
    return score


def ended(region: Region, say: Say, date: datetime.date | None = None) -> str:
    """Return the sentence on the timetable of a date (the region's own without), if it has ended; else nothing."""
    end = timetable_ended(region, date)
    return "" if end is None else say("timetable_over", end=end)


def ask_reach(region: Region, place: ChosenPlace, mode: str) -> Reach:
    """Return what is in reach; by bus, a trip that is as quick on foot is a walk.

    Raises
    ------
    OutsideRegionError
        The place is too far from any street.
    """
    settings = travel(region, mode)
    origin = pd.DataFrame({"id": ["home"], "lon": [place.lon], "lat": [place.lat]})
    places = shown_resources(region.resources)[["resource_id", "lon", "lat"]].rename(columns={"resource_id": "id"})
    reached = travel_times(region.network, origin, places, settings)
    trips = reached.set_index("destination_id")[["minutes", "mode"]]
    on_foot = pd.Series(dtype="float64")
    if mode == "transit":
        walks = travel_times(region.network, origin, places, travel(region, "walk")).set_index("destination_id")
        as_quick = walks["minutes"].reindex(trips.index) <= trips["minutes"] + AS_QUICK_MINUTES
        trips["mode"] = trips["mode"].where(~as_quick, "walk")
        longer = longer_walks(region.network, origin, places, settings, reached)
        on_foot = longer.set_index("destination_id")["minutes"]
    return Reach(isochrones(region.network, origin, settings, MINUTES), trips, on_foot)


def view(region: Region) -> tuple[float, float, float, float]:
    """Return west, south, east, north of the middle nine tenths of the resources: where most people look first.

    Without any resource, it is the whole region.
    """
    shown, sides = shown_resources(region.resources), region.facts.bounds
    if shown.empty:
        return sides.west, sides.south, sides.east, sides.north
    west, east = shown["lon"].quantile([0.05, 0.95])
    south, north = shown["lat"].quantile([0.05, 0.95])
    return float(west), float(south), float(east), float(north)


def middle_place(region: Region) -> ChosenPlace:
    """Return the middle of the region's resources, where there surely are streets and something in reach.

    Without any resource, it is the middle of the region.
    """
    shown = shown_resources(region.resources)
    if shown.empty:
        west, south, east, north = view(region)
        return ChosenPlace((west + east) / 2, (south + north) / 2)
    nearest = (shown["lon"] - shown["lon"].median()).abs() + (shown["lat"] - shown["lat"].median()).abs()
    middle = shown.loc[nearest.idxmin()]
    return ChosenPlace(float(middle["lon"]), float(middle["lat"]))


def session_texts(sessions: pd.DataFrame, say: Say) -> dict[str, str]:
    """Return when each resource meets, in words, by its id: `Mon 19:00, Thu 19:00 (only the first Thursday …)`."""
    sessions = conform(sessions, SESSIONS)
    ordered = sessions.sort_values(["resource_id", "weekday", "start_minute"], kind="stable")
    days = [say.habits.weekday(day, short=True) for day in range(7)]
    texts: dict[str, str] = {}
    columns = [ordered[name].tolist() for name in ("resource_id", "weekday", "start_minute", "end_minute")]
    for identity, day, start, end, weeks in zip(*columns, ordered["weeks"].fillna("").tolist(), strict=True):
        text = f"{days[day]} {say.habits.clock(start)}"
        text = f"{days[day]}, {say('near_all_day')}" if end - start >= DAY else text
        text = f"{text} ({weeks_in_words(weeks, day, say)})" if weeks else text
        texts[identity] = f"{texts[identity]}, {text}" if identity in texts else text
    return texts


def described(region: Region, say: Say) -> pd.DataFrame:
    """Return what is said of each resource with a public place, whatever is asked, by name.

    `name`, `kind` and `address` are escaped already (`layers.escaping`): once for everybody, not with each question.
    """
    rows = shown_resources(region.resources)
    texts = session_texts(region.sessions, say)
    when = [texts.get(identity, "") for identity in rows["resource_id"].tolist()]
    kind = [say(category) for category in rows["category"].tolist()]
    table = pd.DataFrame(
        {
            "resource_id": rows["resource_id"],
            "lon": rows["lon"],
            "lat": rows["lat"],
            "name": rows["name"].map(plain),
            "kind": [f"{k}: {w}" if w else k for k, w in zip(kind, when, strict=True)],
            "address": rows["address"].map(plain),
            "phone": rows["phone"].map(plain),
            "url": rows["url"].map(plain),
            "dimension": rows["dimension"].astype(str),
            "category": rows["category"].astype(str),
        }
    ).sort_values("name", kind="stable", ignore_index=True)
    markup = {name: pd.Series([escaped(text) for text in table[name]], dtype=object) for name in ESCAPED}
    return table.assign(**markup)


def listing(known: pd.DataFrame, reach: Reach | None, dimension: str | None, say: Say) -> pd.DataFrame:
    """Return the resources of a dimension (or all) as the map and the table beside it show them.

    Nearest first; `faint` marks those out of reach, `reach` says how far in words, `on_foot` is as in `Reach`.

    Parameters
    ----------
    known
        As `described` gives it.
    reach
        What is in reach; None before anything was asked.
    """
    rows = known if dimension is None else known[known["dimension"] == dimension]
    if reach is None:
        return rows.assign(reach="", minutes=np.nan, faint=False, on_foot=np.nan).reset_index(drop=True)
    far = rows["resource_id"].map(reach.trips["minutes"]).astype("float64")
    used = rows["resource_id"].map(reach.trips["mode"])
    walk = rows["resource_id"].map(reach.on_foot).astype("float64")
    words: dict[tuple[str, int], Markup] = {}

    def how_far(minutes: float, mode: str, on_foot: float) -> Markup:
        key = f"by_{mode}" if not np.isnan(minutes) else "out_of_reach" if np.isnan(on_foot) else "longer_walk"
        way = (key, 0 if key == "out_of_reach" else max(1, round(on_foot if np.isnan(minutes) else minutes)))
        if way not in words:
            words[way] = escaped(say(key, minutes=way[1]))
        return words[way]

    said = [how_far(*trip) for trip in zip(far.tolist(), used.tolist(), walk.tolist(), strict=True)]
    shown = pd.Series(said, rows.index, dtype=object)
    listed = rows.assign(reach=shown, minutes=far, faint=far.isna(), on_foot=walk)
    return listed.sort_values(["minutes", "on_foot"], kind="stable", ignore_index=True)


def missing_categories(region: Region, listed: pd.DataFrame, categories: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the categories with data but nothing in reach, and those the region has no data on."""
    known = set(region.resources["category"])
    reached = set(listed.loc[~listed["faint"], "category"])
    return [c for c in categories if c in known and c not in reached], [c for c in categories if c not in known]
