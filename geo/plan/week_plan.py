"""The week plan: dose, work, appointments and meetings, each with its journeys, home by curfew.

Definition and worked examples: docs/week-plan.md. Where not everything can be, it says what can't, why, and the
nearest single change with which it could.
"""

import datetime
from collections.abc import Callable
from dataclasses import replace

import pandas as pd

from geo.clock import DAY, Moment, day_name
from geo.needs.curfew import curfew_document
from geo.needs.needs import Needs
from geo.plan.agenda import Event, agenda
from geo.plan.choices import Choices, Setting, choose, excused_nights
from geo.plan.messages import Message, message_of
from geo.plan.model import HOME, PlanDay, PlanSettings, Stop, Trip, WeekPlan, plan_lines
from geo.plan.relaxation import relaxations, unmet
from geo.plan.trips import Leg
from geo.points import OnePlace, one_place
from geo.score.errands import places_of_homes
from geo.score.score import kept_away_from
from geo.score.service_week import week_of
from geo.score.support import RegionSupport
from geo.score.traveler import travel_settings
from geo.streets.snapping import too_far
from geo.timetables.ended import ended_on
from geo.travel.journeys import Journey, explain_journey, in_words
from geo.travel.network import bounds
from geo.travel.travel_times import off_streets
from geo.units import DAY_SECONDS, MINUTE

__all__ = ["PlanSettings", "WeekPlan", "plan_lines", "plan_week"]


def plan_week(
    support: RegionSupport,
    home: OnePlace,
    needs: Needs,
    date: datetime.date,
    settings: PlanSettings = PlanSettings(),  # noqa: B008  frozen
    checkpoint: Callable[[], None] = lambda: None,
    today: datetime.date | None = None,
) -> WeekPlan:
    """Plan a week for a person who lives at a place.

    Parameters
    ----------
    support
        A region, from `prepare`.
    home
        (lon, lat) in WGS 84 degrees, a shapely Point of the two, or a table or GeoDataFrame of one row.
    date
        A date of the timetable; its week's services stand for Monday to Sunday, as in the score. Opening hours,
        holidays and the weeks of meetings are those of the first Monday … Sunday from it on.
    checkpoint
        Called between the steps of the work, of which there are some dozens; an error it raises ends the work.
    today
        With it, a note says so where the timetable ended before it.

    Raises
    ------
    OutsideRegionError
        The home is too far from any street, or its longitude and latitude are swapped.
    DateError
        The date is outside the timetable.

    Examples
    --------
    >>> week = plan_week(region.support, (-113.42635, 40.35930), Needs(), region.facts.service_date)
    >>> len(week.days)
    7
    """
    lon, lat = one_place(home, "home", bounds(support.network))
    here = pd.DataFrame({"id": ["home"], "lon": [lon], "lat": [lat]})
    if off_streets(support.network, here)[0]:
        raise too_far(support.network.streets, lon, lat)
    week = week_of(support, needs, date)
    whole = agenda(support, lon, lat, needs, settings, week)
    setting = Setting(support, lon, lat, week, settings, whole, checkpoint)
    choices = choose(setting, needs)
    days = _days(setting, choices)
    missing, notes = unmet(choices), (*_notes(setting, needs), *_excused_notes(choices), *_holiday_notes(choices))
    ended = ended_on(support.network.feed, date, today)
    notes = notes if ended is None else (message_of("plan_note_ended", end=ended), *notes)
    meetings = [choices.agenda.events[number] for number in choices.solution.chosen if _is(choices, number, "meeting")]
    return WeekPlan(
        date.isoformat(),
        needs.profile,
        None if needs.curfew is None else curfew_document(needs.curfew),
        not missing,
        len(meetings),
        len({one.weekday for one in meetings}),
        choices.agenda.meetings,
        sum(stop.journey.minutes for day in days for stop in day.stops if stop.journey is not None),
        days,
        missing,
        relaxations(setting, choices) if missing else (),
        tuple(places_of_homes(support, here, needs, date)[0]),
        tuple(map(str, notes)),
        notes,
    )


def _is(choices: Choices, number: int, kind: str) -> bool:
    return choices.agenda.events[number].kind == kind


def _days(setting: Setting, choices: Choices) -> tuple[PlanDay, ...]:
    """Return Monday to Sunday with their stops; coming home late belongs to the day on which one left."""
    stops: dict[int, list[Stop]] = {day: [] for day in range(7)}
    events, solution = choices.agenda.events, choices.solution
    shown = [number for number in solution.chosen if not events[number].carried]
    known: dict[tuple[object, ...], Journey | None] = {}
    for position, number in enumerate(shown):
        one, arc = events[number], solution.there[number]
        midnight = one.midnight
        before = "home" if arc.before < 0 else events[arc.before].name
        ends = (0 if arc.before < 0 else events[arc.before].place, one.place)
        trip = _trip(setting, choices, arc.leg, ends, (before, one.name), midnight, known)
        lon, lat = float(choices.agenda.lon[one.place]), float(choices.agenda.lat[one.place])
        start, end = float(one.start - midnight), float(one.end - midnight)
        stops[one.weekday].append(Stop(one.kind, one.name, lat, lon, start, end, trip, one.resource_id, one.weeks))
        away = solution.away[number]
        if away.after < 0:
            trip = _trip(setting, choices, away.leg, (one.place, 0), (one.name, "home"), midnight, known)
            arrival = trip.arrive if trip is not None else end
            until = _until(solution.there[shown[position + 1]].leg, one) if position + 1 < len(shown) else None
            if trip is not None or until is None:
                stops[one.weekday].append(Stop(HOME, HOME, setting.lat, setting.lon, arrival, until, trip))
    dates = setting.week.dates
    return tuple(
        PlanDay(day, day_name(day), "" if (on := dates[day]) is None else on.isoformat(), tuple(stops[day]))
        for day in range(7)
    )


def _until(leg: Leg, one: Event) -> float | None:
    """Return when the person leaves home again, if it is on the same day."""
    leave = leg.leave / MINUTE - one.midnight
    return leave if leave < DAY else None


def _trip(
    setting: Setting,
    choices: Choices,
    leg: Leg,
    places: tuple[int, int],
    names: tuple[str, str],
    midnight: int,
    known: dict[tuple[object, ...], Journey | None],
) -> Trip | None:
    """Return a trip in words, its minutes counted from a midnight; None where one is there already."""
    if places[0] == places[1]:
        return None
    support, week = setting.support, setting.week
    pattern = week.pattern[leg.service_day % 7]
    departure = leg.leave - leg.service_day * DAY_SECONDS
    key = (leg.mode, leg.traffic, pattern, names, places, departure)
    if key not in known:
        travel = travel_settings(choices.needs, support.parameters, setting.settings.longest_trip_minutes)
        date = week.dates[pattern] if pattern >= 0 else None
        here, there = ((float(choices.agenda.lon[place]), float(choices.agenda.lat[place])) for place in places)
        how = replace(travel, mode=leg.mode, date=date, traffic=leg.traffic)
        known[key] = explain_journey(support.network, here, there, how, departure, *names)
    journey = known[key]
    if journey is None:
        raise AssertionError("A trip that the search found can't be explained.")
    ridden = any(part.vehicle for part in journey.legs)
    mode = leg.mode if leg.mode != "transit" or ridden else "walk"
    shifted = _shifted(journey, leg.service_day * DAY_SECONDS - midnight * MINUTE)
    begin, end = shifted.legs[0].start / MINUTE, shifted.arrival / MINUTE
    return Trip(*names, begin, end, mode, tuple(in_words(journey)), shifted)


def _shifted(journey: Journey, seconds: int) -> Journey:
    legs = tuple(replace(leg, start=leg.start + seconds, end=leg.end + seconds) for leg in journey.legs)
    return Journey(journey.departure + seconds, journey.arrival + seconds, legs)


def _notes(setting: Setting, needs: Needs) -> tuple[Message, ...]:
    """Return what a reader must know of the home, the region, and what isn't planned."""
    support, away = setting.support, kept_away_from(setting.support, needs, setting.lon, setting.lat)
    notes = [message_of("plan_note_stay_away")] if away else []
    if needs.shifts and needs.work_place is None:
        notes.append(message_of("plan_note_work"))
    held = support.resources["category"].iloc[support.sessions["row"].astype("int64")]
    if needs.meetings_per_week != 0 and not held.eq("meeting").any():
        notes.append(message_of("plan_note_no_meetings"))
    if needs.meetings_per_week != 0 and setting.agenda.held_all_day:
        notes.append(message_of("plan_note_all_day", count=setting.agenda.held_all_day))
    if support.network.feed is None:
        notes.append(message_of("plan_note_no_timetable"))
    return tuple(notes)


def _excused_notes(choices: Choices) -> tuple[Message, ...]:
    """Return what of the week goes past the curfew because it is excused; what is the same on several days at once."""
    told: dict[tuple[str, int, int], set[int]] = {}
    for number in choices.solution.chosen:
        one, past = choices.agenda.events[number], excused_nights(choices, number)
        if past:
            told.setdefault((one.name, one.start % DAY, one.end % DAY), set()).update(past)
    return tuple(
        message_of(
            "plan_note_excused", name=name, start=Moment(start % DAY), end=Moment(end % DAY), days=tuple(sorted(days))
        )
        for (name, start, end), days in told.items()
    )


def _holiday_notes(choices: Choices) -> tuple[Message, ...]:
    """Return what the holidays of the week mean for the doses."""
    dose = next((one for one in choices.agenda.events if one.kind == "dose"), None)
    if dose is None:
        return ()
    notes = []
    for one in choices.agenda.holidays.get(str(dose.resource_id), ()):
        key = "plan_note_closed_holiday" if one.closed else "plan_note_holiday"
        notes.append(message_of(key, name=dose.name, day=one.weekday, holiday=one.name))
    return tuple(notes)
