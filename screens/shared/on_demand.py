"""On-demand service (dial-a-ride) in words: who fetches people here, when, and how to book. It is in no minutes."""

import datetime
from typing import Any

import geopandas as gpd
import shapely

from geo.clock import clock_minute
from layers.escaping import plain
from screens.shared.hours import hours_in_words
from screens.shared.near_text import sentence
from screens.shared.queries import ChosenPlace
from screens.shared.words import Say
from sources.region.ended import seen_on
from sources.region.model import Region


def zones_here(region: Region, place: ChosenPlace | None) -> gpd.GeoDataFrame:
    """Return the zones that a place lies in; without a place, every zone of the region."""
    zones = region.on_demand
    return zones if place is None else zones[shapely.intersects_xy(zones.geometry.to_numpy(), place.lon, place.lat)]


def sentences(region: Region, place: ChosenPlace | None, say: Say) -> list[str]:
    """Return a line for each zone that a place lies in, or of the region: name, hours, how to book, telephone."""
    today = seen_on(region.facts)
    return list(dict.fromkeys(_line(zone, today, say) for zone in zones_here(region, place).itertuples(index=False)))


def _line(zone: Any, today: datetime.date, say: Say) -> str:
    """Return a zone in a line."""
    text = {name: plain(getattr(zone, name)) for name in ("name", "agency", "opening_hours", "phone", "url", "message")}
    who = text["name"] if text["agency"] in ("", text["name"]) else f"{text['name']} ({text['agency']})"
    parts = [
        hours_in_words(text["opening_hours"], say, today),
        _booking(zone, say),
        say("demand_phone", phone=text["phone"]) if text["phone"] else text["url"],
        text["message"].rstrip("."),
        "" if zone.pickup else say("demand_drop_off"),
        say("demand_over", end=say.day(zone.last_day)) if zone.last_day < today.isoformat() else "",
    ]
    return sentence(f"{who}: {'; '.join(filter(None, parts)) or say('demand_ask')}")


def _booking(zone: Any, say: Say) -> str:
    """Return when to book."""
    kind, minutes, days = (getattr(zone, name) for name in ("booking", "notice_minutes", "notice_days"))
    time = plain(zone.notice_time) and say.habits.clock(clock_minute(plain(zone.notice_time), "notice_time"))
    if kind == "days_ahead" and days > 0:
        ahead = say("demand_days_ahead", count=days)
        return say("demand_by", ahead=ahead, time=time) if time else ahead
    if kind in ("same_day", "days_ahead") and minutes > 0:
        return say("demand_minutes", minutes=minutes) if minutes < 120 else say("demand_hours", count=minutes / 60)
    return say("demand_now") if kind == "now" else ""
