"""One journey from the home that is looked at: to work, court, a place of the score or a meeting, and home again."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st
from markupsafe import Markup

from geo.clock import DAYS, weekday_at
from geo.score.around_areas import keeps_out
from geo.score.errands import round_trip
from geo.score.home_access import HomeAccess
from geo.score.support import RegionSupport
from geo.score.trips_behind_score import journeys_to, journeys_to_session, look_around, only_through_areas
from geo.travel.journeys import Journey
from layers.escaping import html, joined, plain
from layers.folium_offline import GeoJson
from layers.journey import journey_layers
from screens.case_manager import comparison, person
from screens.case_manager.homes import Compared, Home
from screens.shared import journey_text, reasons
from screens.shared.near_text import weekly_hours
from screens.shared.weeks import weeks_in_words
from screens.shared.words import Say
from sources.region.model import Region

Destination = tuple[str, str, int, int]
"""Kind (`errand`, `place`, `session`), id or number, weekday and start minute of a session."""


@dataclass(frozen=True)
class Trips:
    """A journey there and one home again, as far as there are; `outward` tells which the map shows.

    `weekday`: of the midnight that their seconds count from. `keeps_out`: ways keep out of areas to stay away from.
    """

    there: Journey | None
    back: Journey | None
    outward: bool
    weekday: int | None = None
    keeps_out: bool = False


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
    there, back, weekday = _trip(region, support, compared, home, chosen)
    if chosen[0] == "errand":
        there = None if there is None else journey_text.ending(there, options[chosen])
    back = None if back is None else journey_text.ending(back, say("home_home"))
    return Trips(there, back, way == "there", weekday, keeps_out(home.asked.needs))


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
        weekday, start = DAYS.index(session["day"].lower()), minute_of(session["start"])
        hours = weekly_hours(weekday, start, minute_of(session["end"]), say)
        label = say("home_journey_session", name=plain(session["name"]), hours=hours)
        if session["weeks"]:
            label += f" ({weeks_in_words(session['weeks'], weekday_at(weekday, start), say)})"
        choices[("session", session["id"], weekday, start)] = label
    return choices


def shown(chosen: Trips | None, say: Say) -> tuple[Markup, Sequence[GeoJson]]:
    """Return a journey in words, and as lines for the map."""
    if chosen is None:
        return Markup(""), ()
    no_way = say("home_no_way_around" if chosen.keeps_out else "home_no_way")
    drawn = chosen.there if chosen.outward else chosen.back
    layers = () if drawn is None else journey_layers(drawn, *journey_text.labels(drawn, say))
    cards = joined(
        html(
            '<section class="rr-card"><h3>{title}</h3>{steps}</section>',
            title=say(title),
            steps=journey_text.steps(journey, say, chosen.weekday)
            if journey is not None
            else html("<p>{text}</p>", text=no_way),
        )
        for title, journey in (("home_draw_there", chosen.there), ("home_draw_back", chosen.back))
    )
    return html('<div class="rr-grid rr-trip">{cards}</div>', cards=cards), layers


def _trip(
    region: Region, support: RegionSupport, compared: Compared, home: Home, chosen: Destination
) -> tuple[Journey | None, Journey | None, int | None]:
    asked, date = home.asked, region.facts.service_date
    kind, identity, weekday, start = chosen
    if kind == "errand":
        errand = compared.errands[int(identity)]
        return *round_trip(support, asked.lon, asked.lat, errand, asked.needs, date), errand.weekday
    access = _access(region, support, home)
    at_any_time = kind == "place"
    trip = journeys_to(access, identity) if at_any_time else journeys_to_session(access, identity, weekday, start)
    return trip.there, trip.back, trip.weekday


def _access(region: Region, support: RegionSupport, home: Home) -> HomeAccess:
    """Return what the home has access to, looked up once while it is looked at."""
    asked = home.asked
    key = (region.facts.region_hash, asked.home_id, asked.lon, asked.lat, asked.needs)
    kept: tuple[object, HomeAccess] | None = st.session_state.get(f"{person.PREFIX}access")
    if kept is None or kept[0] != key:
        access = look_around(support, asked.lon, asked.lat, asked.needs, region.facts.service_date)
        st.session_state[f"{person.PREFIX}access"] = kept = (key, access)
    return kept[1]


def only_around(support: RegionSupport, home: Home) -> frozenset[str]:
    """Return the classes that only areas to stay away from put out of reach, looked up once while a home is."""
    asked = home.asked
    if not keeps_out(asked.needs) or all(row["status"] != "unreachable" for row in home.score["classes"]):
        return frozenset()
    key = (home.score["region_hash"], asked.lon, asked.lat, asked.needs)
    kept: tuple[object, frozenset[str]] | None = st.session_state.get(f"{person.PREFIX}around")
    if kept is None or kept[0] != key:
        date = datetime.date.fromisoformat(home.score["date"])
        access = look_around(support, asked.lon, asked.lat, asked.needs, date)
        st.session_state[f"{person.PREFIX}around"] = kept = (key, only_through_areas(access, support, date))
    return kept[1]


def minute_of(clock: str) -> int:
    """Return a clock time of a score as minutes after midnight; it may lie past the next one (`25:30`)."""
    hour, minute = clock.split(":")
    return 60 * int(hour) + int(minute)
