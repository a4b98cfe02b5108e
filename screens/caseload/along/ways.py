"""A journey in words that fit on a paper: in short sentences, or in few words with streets as signs have them."""

import re

from geo.travel.journeys import Journey
from geo.units import MINUTE
from screens.shared import journey_text
from screens.shared.words import Say

Stops = tuple[tuple[str, ...], ...]
"""The lines of a journey, with their stops."""


def way_text(journey: Journey, end: str, weekday: int, say: Say) -> str:
    """Return a journey in a few short sentences: walk, line, stop, where to get off, when one is there."""
    journey = journey_text.ending(journey, end)

    def at(seconds: float, *, up: bool = False) -> str:
        return journey_text.second_text(seconds, say, up=up, weekday=weekday)

    texts = []
    for leg, after in zip(journey.legs, [*journey.legs[1:], None], strict=True):
        if not leg.vehicle:
            texts.append(say(f"along_{leg.mode}", minutes=max(1, round(leg.minutes)), place=leg.to_name))
            continue
        toward = say("trip_toward", headsign=leg.headsign) if leg.headsign else ""
        vehicle = f"{say.or_else(f'vehicle_{leg.vehicle}', leg.vehicle)} {leg.route}"
        if leg.seated:
            texts.append(say("along_seated", vehicle=vehicle, toward=toward))
        else:
            texts.append(say("along_ride", start=at(leg.start), vehicle=vehicle, toward=toward, stop=leg.from_name))
        if after is None or not after.seated:
            texts.append(say("along_off", place=leg.to_name, end=at(leg.end)))
    return " ".join([*texts, *_notes(journey, say), say("along_there", end=at(journey.arrival, up=True))])


def short_way_text(
    journey: Journey, weekday: int, day: str, first_days: dict[Stops, str], say: Say, *, toward: bool = True
) -> str:
    """Return the same in few words: lines, stops and times, streets abbreviated as signs have them.

    Parameters
    ----------
    day
        What the journey's day is called.
    first_days
        The day on which journeys of the same lines and stops were told first, which this adds to; their stops aren't
        told again.
    toward
        Whether it is told where each line goes.
    """

    def at(seconds: float, *, up: bool = False) -> str:
        return journey_text.second_text(seconds, say, up=up, weekday=weekday)

    rides = [leg for leg in journey.legs if leg.vehicle]
    there = say("along_there", end=at(journey.arrival, up=True))
    if not rides:
        minutes = max(1, round((journey.arrival - journey.leaves) / MINUTE))
        return " ".join(
            [
                *(say(f"along_short_{leg.mode}", minutes=minutes) for leg in journey.legs[:1]),
                *_notes(journey, say),
                there,
            ]
        )
    stops = tuple((leg.vehicle, leg.route, leg.headsign, leg.from_name, leg.to_name) for leg in rides)
    first_day = first_days.setdefault(stops, day)
    texts = []
    for leg, after in zip(rides, [*rides[1:], None], strict=True):
        to = say("trip_toward", headsign=short_streets(leg.headsign)) if leg.headsign and toward else ""
        vehicle = f"{say.or_else(f'vehicle_{leg.vehicle}', leg.vehicle)} {leg.route}"
        if first_day != day:
            texts.append(say("along_as_before", start=at(leg.start), vehicle=vehicle))
            continue
        if leg.seated:
            texts.append(say("along_seated", vehicle=vehicle, toward=to))
        elif texts and leg.from_name == rides[rides.index(leg) - 1].to_name:
            texts.append(say("along_on", start=at(leg.start), vehicle=vehicle, toward=to))
        else:
            stop = short_streets(leg.from_name)
            texts.append(say("along_ride", start=at(leg.start), vehicle=vehicle, toward=to, stop=stop))
        if after is None or not after.seated:
            texts.append(say("along_short_off", place=short_streets(leg.to_name), end=at(leg.end)))
    texts += [say("along_stops_as", day=first_day)] if first_day != day else []
    return " ".join([*texts, *_notes(journey, say), there])


def short_streets(text: str) -> str:
    """Return the name of a stop or a street with its kind as American signs have it: `Main St & Oak Ave`."""
    return _STREET.sub(lambda match: _STREETS[match.group()], text)


_STREETS = {
    "Avenue": "Ave", "Boulevard": "Blvd", "Circle": "Cir", "Court": "Ct", "Drive": "Dr", "Highway": "Hwy", "Lane": "Ln",
    "Parkway": "Pkwy", "Place": "Pl", "Road": "Rd", "Square": "Sq", "Street": "St", "Terrace": "Ter",
}  # fmt: skip
_STREET = re.compile(rf"(?<=\w )(?:{'|'.join(_STREETS)})\b")


def _notes(journey: Journey, say: Say) -> list[str]:
    """Return what must be known of a journey's legs: whom to call, what to tell the driver, areas they enter."""
    keys = []
    for leg in journey.legs:
        keys += [f"trip_pickup_{leg.pickup}"] if leg.pickup else []
        keys += [f"trip_drop_off_{leg.drop_off}"] if leg.drop_off else []
        keys += [f"trip_{'ride' if leg.vehicle else 'way'}_{leg.enters}"] if leg.enters else []
    return [say(key) for key in dict.fromkeys(keys)]
