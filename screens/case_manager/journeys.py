"""One journey from the home that is looked at: to work, court, a place of the score or a meeting, and home again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import streamlit as st
from markupsafe import Markup

from geo.clock import DAYS, weekday_at
from geo.score.errands import round_trip
from geo.score.home_access import HomeAccess
from geo.score.support import RegionSupport
from geo.score.trips_behind_score import journeys_to, journeys_to_session, look_around
from geo.travel.journeys import Journey
from layers.escaping import html, joined, plain
from layers.folium_offline import GeoJson
from layers.journey import journey_layers
from screens.case_manager import comparison, person
from screens.case_manager.homes import Compared, Home
from screens.shared import journey_text, reasons
from screens.shared.weeks import weeks_in_words
from screens.shared.words import Say
from sources.region.model import Region

Destination = tuple[str, str, int, int]
"""Kind (`errand`, `place`, `session`), id or number, weekday and start minute of a session."""


@dataclass(frozen=True)
class Trips:
    """A journey there and one home again, as far as there are; `outward` tells which the map shows."""

    there: Journey | None
    back: Journey | None
    outward: bool


def choose(region: Region, support: RegionSupport, compared: Compared, home: Home, say: Say) -> Trips | None:
    """Show where one may go to, and return the way there and back; None where nothing is chosen."""
    options = destinations(compared, home, say)
    key = f"{person.PREFIX}to"
    if st.session_state.get(key) not in options:
        st.session_state.pop(key, None)
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    with left:
        chosen = st.selectbox(
            say("home_journey"),
            list(options),
            format_func=lambda one: options[one],
            index=None,
            placeholder=say("home_journey_none"),
            key=key,
        )
    if chosen is None:
        return None
    with right:
        way = st.segmented_control(
            say("home_journey_draw"),
            ("there", "back"),
            format_func=lambda one: say(f"home_draw_{one}"),
            default=None if f"{person.PREFIX}way" in st.session_state else "there",
            required=True,
            key=f"{person.PREFIX}way",
        )
    there, back = _trip(region, support, compared, home, chosen)
    if chosen[0] == "errand":
        there = _ending(there, options[chosen])
    return Trips(there, _ending(back, say("home_home")), way == "there")


def destinations(compared: Compared, home: Home, say: Say) -> dict[Destination, str]:
    """Return where one may go to from a home, with what it is called: errands, the score's places, its sessions."""
    names = comparison.errand_names(compared, say)
    choices: dict[Destination, str] = {("errand", str(number), 0, 0): name for number, name in enumerate(names)}
    for row in home.score["classes"]:
        if row["name"] == "jobs":  # areas, not places
            continue
        for place in (*row.get("nearest", ()), *row.get("most_valuable", ())):
            label = f"{reasons.class_name(row['name'], say)}: {plain(place['name'])}"
            choices.setdefault(("place", place["id"], 0, 0), label)
    for session in home.score["meetings"]["sessions"]:
        weekday, start = DAYS.index(session["day"].lower()), _minute(session["start"])
        hours = say.habits.hours(start, _minute(session["end"]))
        day = say.habits.weekday(weekday_at(weekday, start))
        label = say("home_journey_session", name=plain(session["name"]), day=day, hours=hours)
        if session["weeks"]:
            label += f" ({weeks_in_words(session['weeks'], weekday_at(weekday, start), say)})"
        choices[("session", session["id"], weekday, start)] = label
    return choices


def shown(chosen: Trips | None, say: Say) -> tuple[Markup, Sequence[GeoJson]]:
    """Return a journey in words, and as lines for the map."""
    if chosen is None:
        return Markup(""), ()
    drawn = chosen.there if chosen.outward else chosen.back
    layers = () if drawn is None else journey_layers(drawn, *journey_text.labels(drawn, say))
    cards = joined(
        html(
            '<section class="rr-card"><h3>{title}</h3>{steps}</section>',
            title=say(title),
            steps=journey_text.steps(journey, say)
            if journey is not None
            else html("<p>{text}</p>", text=say("home_no_way")),
        )
        for title, journey in (("home_draw_there", chosen.there), ("home_draw_back", chosen.back))
    )
    return html('<div class="rr-grid rr-trip">{cards}</div>', cards=cards), layers


def _trip(
    region: Region, support: RegionSupport, compared: Compared, home: Home, chosen: Destination
) -> tuple[Journey | None, Journey | None]:
    asked, date = home.asked, region.facts.service_date
    kind, identity, weekday, start = chosen
    if kind == "errand":
        return round_trip(support, asked.lon, asked.lat, compared.errands[int(identity)], asked.needs, date)
    access = _access(region, support, home)
    at_any_time = kind == "place"
    trip = journeys_to(access, identity) if at_any_time else journeys_to_session(access, identity, weekday, start)
    return trip.there, trip.back


def _access(region: Region, support: RegionSupport, home: Home) -> HomeAccess:
    """Return what the home has access to, looked up once while it is looked at."""
    asked = home.asked
    key = (region.facts.region_hash, asked.home_id, asked.lon, asked.lat, asked.needs)
    kept: tuple[object, HomeAccess] | None = st.session_state.get(f"{person.PREFIX}access")
    if kept is None or kept[0] != key:
        access = look_around(support, asked.lon, asked.lat, asked.needs, region.facts.service_date)
        st.session_state[f"{person.PREFIX}access"] = kept = (key, access)
    return kept[1]


def _ending(journey: Journey | None, name: str) -> Journey | None:
    """Return a journey whose end has this name."""
    if journey is None or not journey.legs:
        return journey
    last = replace(journey.legs[-1], to_name=name)
    return replace(journey, legs=(*journey.legs[:-1], last))


def _minute(clock: str) -> int:
    hour, minute = clock.split(":")
    return 60 * int(hour) + int(minute)
