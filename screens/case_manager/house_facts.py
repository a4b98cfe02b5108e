"""What is listed of a house, as one acts on it: free beds with the age of that word, rent, rules, whom to call when."""

import datetime
from collections.abc import Mapping
from typing import Any

import pandas as pd
from markupsafe import Markup

from geo.needs.fields import HOUSE_FACTS
from layers.escaping import followed, html, plain, telephone
from screens.shared.hours import hours_in_words
from screens.shared.near_text import directions
from screens.shared.words import Say

CONTACT = ("phone", "call_hours", "address", "url")
"""Facts that say how to get in touch, in the order of use; the other facts are those that one chooses by."""

Facts = Mapping[str, Any]


def facts_texts(facts: Facts, curfew: str, today: datetime.date, say: Say) -> dict[str, str]:
    """Return what is listed of a house in words, by column; all but the curfew are empty for an address.

    Parameters
    ----------
    facts
        A row of `geo.needs.candidate_homes.candidates`; empty for an address that is no listed house.
    curfew
        When one must be home, in words.
    """
    if not facts:
        return (
            dict.fromkeys(("rent", "beds"), "")
            | {"curfew": curfew}
            | dict.fromkeys(("level", "model", "rules", *CONTACT), "")
        )
    unknown, rent, level = say("val_unknown"), facts["weekly_rent_usd"], facts["certification_level"]
    levels = [unknown if pd.isna(level) else say("val_level", level=plain(level))]
    if not pd.isna(facts["certified"]):
        levels.append(say("val_certified" if facts["certified"] else "val_uncertified"))
    return {
        "rent": unknown if pd.isna(rent) else _rent_text(facts, say),
        "beds": bed_text(facts, today, say),
        "curfew": curfew,
        "level": ", ".join(levels),
        "model": model_text(facts, say) or unknown,
        "rules": plain(facts["house_rules"]) or unknown,
        "phone": plain(facts["phone"]) or unknown,
        "call_hours": hours_in_words(plain(facts["call_hours"]), say, today) or unknown,
        "address": plain(facts["address"]) or unknown,
        "url": plain(facts["url"]) or unknown,
    }


def model_text(facts: Facts, say: Say) -> str:
    """Return what is stated of life in a house: who runs it, meals, meetings, activities, work asked for, the stay."""
    stated = [name for name in (*HOUSE_FACTS, "work_required") if not pd.isna(facts[name])]
    texts = [say(f"val_{name}" if facts[name] else f"val_not_{name}") for name in stated]
    if not pd.isna(facts["stay_limit_days"]):
        days = int(facts["stay_limit_days"])
        texts.append(say("val_stay", count=days) if days else say("val_stay_free"))
    return ", ".join(texts)


def bed_text(facts: Facts, today: datetime.date, say: Say) -> str:
    """Return how many beds are free, how long ago that was said, and to call first where it is an old word."""
    beds = facts["open_beds"]
    if pd.isna(beds):
        return say("val_beds_unsaid")
    told = _beds(beds, say)
    if pd.isna(facts["bed_age_days"]):
        return say("val_beds_undated", beds=told)
    day = today - datetime.timedelta(int(facts["bed_age_days"]))
    date = say.habits.day_of_year(day, year=day.year != today.year)
    ago = say.habits.ago(facts["bed_age_days"]) if day != today else say("val_today")
    if not pd.isna(called_on := facts.get("open_beds_heard_on", pd.NA)):
        called = datetime.date.fromisoformat(called_on)
        date = say.habits.day_of_year(called, year=called.year != today.year)
        key = "val_beds_called" if facts["is_bed_current"] else "val_beds_called_old"
        return say(key, beds=told, date=date, ago=ago, listed=_listed_beds(facts, say))
    return say("val_beds_said" if facts["is_bed_current"] else "val_beds_old", beds=told, date=date, ago=ago)


def _beds(beds: float, say: Say) -> str:
    return say("val_full") if beds == 0 else say("val_beds", count=int(beds))


def _listed_beds(facts: Facts, say: Say) -> str:
    """Return what is published of a house's beds, beside what it said on the telephone."""
    beds, on = facts["published_open_beds"], facts["published_verified_on"]
    if pd.isna(beds):
        return say("val_unknown")
    return _beds(beds, say) if pd.isna(on) else say("val_listed_on", beds=_beds(beds, say), date=say.day(on))


def _rent_text(facts: Facts, say: Say) -> str:
    rent = say.habits.money(facts["weekly_rent_usd"])
    if not (on := rent_called_on(facts)):
        return rent
    listed = facts["published_weekly_rent_usd"]
    known = say("val_unknown") if pd.isna(listed) else say.habits.money(listed)
    return say("val_rent_called", rent=rent, date=say.day(on), listed=known)


def rent_called_on(facts: Facts) -> str:
    """Return the day on which a house told the rent on the telephone; empty where the published one stands."""
    on = facts.get("weekly_rent_usd_heard_on", pd.NA)
    return "" if pd.isna(on) else str(on)


def is_call_first(facts: Facts) -> bool:
    """Return whether a free bed in a listed house is no more than an old word, or none at all."""
    return bool(facts) and not facts["is_bed_current"]


def linked(name: str, text: str, facts: Facts, say: Say) -> str | Markup:
    """Return a fact as one acts on it: a number to call, a page to open, a way to be shown; else as it is."""
    if name == "phone" and (number := telephone(text)):
        return html('<a class="rr-call" href="tel:{number}">{text}</a>', number=number, text=text)
    if name == "url":
        return followed(text, say("website")) or text
    if name == "address" and (way := _directions(facts)):
        return html("{text} {way}", text=text, way=followed(way, say("val_directions")))
    return text


def _directions(facts: Facts) -> str:
    """Return the page of a map service that leads to a house; empty where it isn't known where that is."""
    lat, lon = facts.get("lat"), facts.get("lon")
    if lat is None or lon is None or pd.isna(lat) or pd.isna(lon):
        return ""
    return directions(lon, lat)
