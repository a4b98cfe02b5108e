"""The home that is looked at: how far one gets, one journey, why its score is what it is, and what if."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import pandas as pd
import streamlit as st
from markupsafe import Markup

from geo.errors import RecoveryReachError
from geo.needs.stay_away import outlines
from geo.score.aggregation import reweighed
from geo.score.around_areas import groups
from geo.score.parameters import Parameters
from geo.score.support import RegionSupport
from geo.score.traveler import PROFILE_MODES, travel_settings
from geo.tables import DIMENSIONS
from geo.travel.isochrones import isochrones
from layers.escaping import html, joined, plain
from layers.folium_offline import GeoJson
from layers.legend import sign
from layers.stay_away import away_layers
from screens.case_manager import comparison, homes, journeys, person
from screens.case_manager.homes import Compared, Home
from screens.shared import components, frame, journey_text, reasons
from screens.shared.queries import MINUTES
from screens.shared.words import Say
from sources.region.model import Region

HOURS = tuple(range(5, 23))
USUAL_HOUR = 8
BY_THE_HOUR = ("transit", "drive")
"""Ways of traveling that take longer at one hour than at another."""
HIDE = "none"
NEAREST_SHOWN = 3
HEAVIEST, WEIGHT_STEP = 3.0, 0.25


@dataclass(frozen=True)
class View:
    """What the map shows of the home that is looked at, and what is said below it."""

    areas: gpd.GeoDataFrame | None
    journey: Sequence[GeoJson]
    text: Markup


def view(region: Region, support: RegionSupport, compared: Compared, home: Home, say: Say) -> View:
    """Show what may be chosen for the map (a mode, an hour, a journey), and return it."""
    modes = [*(["transit"] if region.facts.service_dates else []), *PROFILE_MODES[compared.needs.profile]]
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    if st.session_state.get(f"{person.PREFIX}mode", HIDE) not in (*modes, HIDE):
        del st.session_state[f"{person.PREFIX}mode"]
    with left:
        mode = st.segmented_control(
            say("home_mode"),
            [*modes, HIDE],
            format_func=lambda one: say("home_mode_none") if one == HIDE else say(f"mode_{one}"),
            default=None if f"{person.PREFIX}mode" in st.session_state else modes[0],
            required=True,
            key=f"{person.PREFIX}mode",
            wrap=True,
        )
    hour = USUAL_HOUR
    with right:
        if mode in BY_THE_HOUR:
            hour = st.select_slider(
                say("home_hour"),
                HOURS,
                format_func=lambda one: say.habits.clock(60 * one),
                value=USUAL_HOUR,
                key=f"{person.PREFIX}hour",
            )
    chosen = journeys.choose(region, support, compared, home, say)
    text, layers = journeys.shown(chosen, say)
    away = outlines(asked.stay_away, region.network.crs) if (asked := home.asked.needs).stay_away else []
    layers = (*away_layers(away, say("map_away")), *layers)
    if mode is None or mode == HIDE:
        return View(None, layers, text)
    areas, why = _areas(region, support, home, mode, hour, say)
    return View(areas, layers, joined([components.area_legend(MINUTES, say), why, text]))


def _areas(
    region: Region, support: RegionSupport, home: Home, mode: str, hour: int, say: Say
) -> tuple[gpd.GeoDataFrame, Markup]:
    """Return the areas within reach of the home, and for when they hold."""
    date, asked = region.facts.service_date, home.asked
    key = (region.facts.region_hash, asked.home_id, asked.lon, asked.lat, asked.needs, mode, hour)
    kept: tuple[object, gpd.GeoDataFrame] | None = st.session_state.get(f"{person.PREFIX}areas")
    if kept is None or kept[0] != key:
        window = (hour * 3600, (hour + 1) * 3600) if mode in BY_THE_HOUR else None
        settings = travel_settings(asked.needs, support.parameters, MINUTES[-1])
        origin = pd.DataFrame({"id": ["home"], "lon": [asked.lon], "lat": [asked.lat]})
        with st.spinner(say("working")):
            ((around, _, _),) = groups(support, asked.needs, asked.lon, asked.lat)
            areas = isochrones(around.network, origin, replace(settings, mode=mode, date=date, window=window), MINUTES)
        st.session_state[f"{person.PREFIX}areas"] = kept = (key, areas)
    how = say(f"mode_{mode}")
    if mode not in BY_THE_HOUR:
        return kept[1], _small(say("home_areas_any", how=how))
    start, end = (say.habits.clock(60 * one) for one in (hour, hour + 1))
    return kept[1], _small(say("home_areas", how=how, start=start, end=end, date=say.habits.date(date, year=True)))


def look(support: RegionSupport, compared: Compared, home: Home, say: Say) -> None:
    """Show the score of the home, its week of meetings, why, how sure, and what if."""
    score = home.score
    frame.show(html('<h2 id="rr-home">{title}</h2>', title=say("home_title", number=home.number, name=home.name)), say)
    left, right = st.columns([5, 6], gap="medium")
    known = any(row["name"] == "meetings" and row["status"] != "no_data" for row in score["classes"])
    with left:
        frame.show(components.score_card(score, home.name, say, _for_whom(home, say)), say)
    with right:
        frame.show(_listed(compared, home, say), say)
        frame.show(components.week_card(score["meetings"], known, say), say)
    parts = [
        (say("helps"), reasons.what_helps(score, say)),
        (say("limits"), reasons.what_limits(score, say)),
        (say("raises"), reasons.what_raises(score, say)),
        (say("home_band_title"), _how_sure(score, say)),
    ]
    frame.show(html("<h2>{title}</h2>{parts}", title=say("why"), parts=components.why(parts, say)), say)
    frame.show(
        html(
            "<h2>{title}</h2>{cards}",
            title=say("home_why"),
            cards=_classes(score, journeys.only_around(support, home), say),
        ),
        say,
    )
    _weights(compared, home, support.parameters, say)


def _for_whom(home: Home, say: Say) -> str:
    return f"{say(f'profile_{home.asked.needs.profile}')}."


def _listed(compared: Compared, home: Home, say: Say) -> Markup:
    rows = comparison.listed(home, homes.facts_texts(home, compared, say), say)
    rows += [(f"{say('col_minutes')} {to}", text) for to, text in homes.minutes_texts(home, compared, say)]
    flags = homes.flags(home, compared, say)
    return html(
        '<section class="rr-card"><h3>{title}</h3><dl class="rr-facts-list">{rows}</dl>{flags}</section>',
        title=say("home_listing"),
        rows=joined(html("<div><dt>{name}</dt><dd>{text}</dd></div>", name=name, text=text) for name, text in rows),
        flags=joined(html('<span class="rr-flag">{text}</span>', text=text) for text in flags),
    )


def _how_sure(score: Mapping[str, Any], say: Say) -> reasons.Told:
    sure = score["confidence"]
    shares = {
        name: say("to_nodata") if sure[name] is None else round(100 * sure[name])
        for name in ("data", "age", "location")
    }
    bus, value = round(100 * sure["timetable"]), round(100 * sure["value"])
    return [
        ("ok" if score["no_total"] is None else "nodata", reasons.how_firm(score, say)),
        ("ok", say("home_sure", percent=value, bus=bus, **shares)),
        *reasons.what_is_unknown(score, say),
    ]


def _classes(score: Mapping[str, Any], around: Collection[str], say: Say) -> Markup:
    """Return a card a dimension: each class with its bar, what it weighs, and its nearest and most valuable places.

    `around`: the classes that only areas to stay away from put out of reach.
    """
    cards = []
    for dimension in DIMENSIONS:
        rows = [row for row in score["classes"] if row["dimension"] == dimension and row["status"] != "not_needed"]
        value = score["dimensions"][dimension]
        cards.append(
            html(
                '<section class="rr-card"><h3 class="rr-bar-head">{sign}<span>{name}</span>'
                '<span class="rr-value">{value}</span></h3><ul class="rr-bars">{rows}</ul></section>',
                sign=sign(dimension),
                name=say(dimension),
                value=say("dimension_nodata") if value is None else round(value),
                rows=joined(_class(row, around, say) for row in rows),
            )
        )
    return html('<div class="rr-pairs">{cards}</div>', cards=joined(cards))


def _class(row: Mapping[str, Any], around: Collection[str], say: Say) -> Markup:
    percent = None if row["score"] is None else round(100 * row["score"])
    return html(
        '<li><div class="rr-bar-head"><span>{name}</span><span class="rr-value">{value}</span></div>'
        '<div class="rr-track"><i class="rr-{dimension}" style="--v:{percent}"></i></div>'
        '<p class="rr-small">{means}</p></li>',
        name=reasons.class_name(row["name"], say),
        value="–" if percent is None else percent,
        dimension=row["dimension"],
        percent=percent or 0,
        means=_means(row, around, say),
    )


def _means(row: Mapping[str, Any], around: Collection[str], say: Say) -> str:
    if row["status"] == "no_data":
        return say("home_class_nodata")
    if row["status"] == "unreachable":
        return say("home_class_around" if row["name"] in around else "home_class_far")
    if "nearest" not in row:
        return ""
    sentences = [say("home_reached", count=row["in_reach"], all=row["in_region"])]
    if row["name"] != "jobs":
        shown = {
            place["id"]: place for place in (*row["nearest"], *row["most_valuable"]) if place["minutes"] is not None
        }
        near = list(shown.values())[:NEAREST_SHOWN]
        sentences += [f"{plain(place['name'])}, {journey_text.how_far(place, say)}" for place in near]
    return "; ".join(sentences)


def _weights(compared: Compared, home: Home, parameters: Parameters, say: Say) -> None:
    """Show a slider a dimension; totals and ranks follow without any search.

    No fragment of its own: when a click interrupts the fragment around it, Streamlit drops what that one had yet to
    send but still sends what this one had, and the browser can't place it.
    """
    home_id, score = home.asked.home_id, home.asked.score
    if score is None or score.total is None:
        return
    frame.show(html("<h2>{title}</h2><p>{why}</p>", title=say("home_weights"), why=say("home_weights_why")), say)
    weights = {}
    for column, name in zip(st.columns(len(DIMENSIONS)), DIMENSIONS, strict=True):
        with column:
            weights[name] = st.slider(
                say("home_weight", name=say(name)),
                0.0,
                HEAVIEST,
                float(parameters.dimension_weights[name]),
                WEIGHT_STEP,
                key=f"{person.PREFIX}weight_{name}",
            )
    try:
        again = {
            one.asked.home_id: reweighed(one.asked.score.parts, parameters, weights)[0]
            for one in compared.homes
            if one.asked.score is not None
        }
    except RecoveryReachError:
        frame.notice(say("home_all_zero"), "", say)
        return
    totals = {identity: total for identity, total in again.items() if total is not None}
    if home_id not in totals:
        frame.notice(say("home_no_total"), "", say)
        return
    order = homes.reweighed_order(compared, totals)
    place = [one.asked.home_id for one in order].index(home_id) + 1
    text = say(
        "home_reweighed",
        total=say.habits.decimal(totals[home_id], 1),
        usual=say.habits.decimal(score.total, 1),
        place=place,
        count=len(order),
    )
    rows = joined(
        html(
            "<li{look}><b>{total}</b> {number}. {name}</li>",
            look=Markup(' class="rr-looked"') if one.asked.home_id == home_id else "",
            total=round(totals[one.asked.home_id]),
            number=one.number,
            name=one.name,
        )
        for one in order[:10]
    )
    frame.show(html('<p data-reweighed="1">{told}</p><ol class="rr-order">{rows}</ol>', told=text, rows=rows), say)


def _small(text: str) -> Markup:
    return html('<p class="rr-muted rr-small">{text}</p>', text=text)
