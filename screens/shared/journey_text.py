"""A journey in the reader's language: as sentences beside the map, and as the short words on its lines."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from markupsafe import Markup

from geo.clock import DAY, Moment, clock_minute
from geo.travel.journeys import Journey, Leg
from geo.units import DAY_SECONDS, MINUTE
from layers.escaping import html, joined
from screens.shared.words import Say

_ON_STREETS = {"walk": "trip_walk", "bike": "trip_bike", "drive": "trip_drive"}


def second_text(seconds: float, say: Say, *, up: bool = False, weekday: int | None = None) -> str:
    """Return a time of day, cut (or with `up`, rounded up) to the minute; past midnight it says so.

    `weekday`: of the day whose seconds count; then the day that it is past midnight is named.
    """
    moment = Moment(int(-(-seconds // MINUTE) if up else seconds // MINUTE), weekday)
    text = say.moment(moment)
    return say("trip_next_day", time=text) if weekday is None and moment.minute >= DAY else text


def how_far(place: Mapping[str, Any], say: Say) -> str:
    """Return how long the typical trip to a place of a score takes, by what, and by car for which time of day."""
    minutes = max(1, round(place["minutes"]))
    if place["mode"] != "drive":
        return say(f"by_{place['mode']}", minutes=minutes)
    return say("by_drive", minutes=minutes, time=second_text(MINUTE * clock_minute(place["at"], "at"), say))


def sentences(journey: Journey, say: Say, weekday: int | None = None) -> list[str]:
    """Return a sentence per leg, and the end; names of stops and headsigns are those of the feed, not escaped.

    That it is past midnight, or (`weekday`: that of the journey's first midnight) on which day, is said once, with
    the first time that is.
    """
    if not journey.legs:
        return [say("trip_here_already")]
    late = False

    def at(seconds: float, *, up: bool = False) -> str:
        nonlocal late
        text = second_text(seconds % DAY_SECONDS if late else seconds, say, up=up, weekday=None if late else weekday)
        late = late or seconds >= DAY_SECONDS
        return text

    lines = [_sentence(leg, at, say) for leg in journey.legs]
    return [*lines, say("trip_there", end=at(journey.arrival, up=True))]


def labels(journey: Journey, say: Say) -> tuple[list[str], str]:
    """Return the short text at the start of each leg (empty for walks between), and the one at the end."""
    starts = [
        f"{second_text(leg.start % DAY_SECONDS, say)} {_vehicle(leg, say)}" if leg.vehicle else ""
        for leg in journey.legs
    ]
    if starts and not starts[0]:
        starts[0] = second_text(journey.legs[0].start % DAY_SECONDS, say)
    return starts, second_text(journey.arrival % DAY_SECONDS, say, up=True)


def steps(journey: Journey, say: Say, weekday: int | None = None) -> Markup:
    """Return the sentences as a numbered list, and those of a quicker way below."""
    rows = joined(html("<li>{text}</li>", text=text) for text in sentences(journey, say, weekday))
    listed = html('<ol class="rr-steps">{rows}</ol>', rows=rows)
    if journey.quicker is None:
        return listed
    also = html('<p class="rr-muted">{text}</p>', text=quicker_text(journey, journey.quicker, say))
    return listed + also + steps(journey.quicker, say, weekday)


def ending(journey: Journey, name: str) -> Journey:
    """Return a journey whose end has this name."""
    if not journey.legs:
        return journey
    last = replace(journey.legs[-1], to_name=name)
    quicker = None if journey.quicker is None else ending(journey.quicker, name)
    return replace(journey, legs=(*journey.legs[:-1], last), quicker=quicker)


def quicker_text(journey: Journey, quicker: Journey, say: Say) -> str:
    """Return by how much a quicker way beats an easier one."""
    saved = journey.arrival - quicker.arrival + quicker.departure - journey.departure
    return say("trip_quicker", minutes=round(saved / MINUTE))


def _sentence(leg: Leg, at: Callable[[float], str], say: Say) -> str:
    if not leg.vehicle:
        minutes = max(1, round(leg.minutes))
        way = say(_ON_STREETS[leg.mode], start=at(leg.start), minutes=minutes, place=leg.to_name)
        return " ".join([way, *_entered(leg, say)])
    ride = say(
        "trip_seated" if leg.seated else "trip_ride",
        start=at(leg.start),
        vehicle=_vehicle(leg, say),
        toward=say("trip_toward", headsign=leg.headsign) if leg.headsign else "",
        stops=say("trip_stops", count=leg.stops),
        place=leg.to_name,
        end=at(leg.end),
    )
    arranged = [f"trip_pickup_{leg.pickup}"] * bool(leg.pickup) + [f"trip_drop_off_{leg.drop_off}"] * bool(leg.drop_off)
    return " ".join([ride, *(say(key) for key in arranged), *_entered(leg, say)])


def _entered(leg: Leg, say: Say) -> list[str]:
    """Return how a leg meets an area to stay away from, if it does."""
    return [say(f"trip_{'ride' if leg.vehicle else 'way'}_{leg.enters}")] if leg.enters else []


def _vehicle(leg: Leg, say: Say) -> str:
    return f"{say.or_else(f'vehicle_{leg.vehicle}', leg.vehicle)} {leg.route}"
