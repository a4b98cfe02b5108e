"""The week plan: dose, work, appointments and meetings, each with its journeys, home by curfew.

Definition and worked examples: docs/week-plan.md. Where not everything can be, it says what can't, why, and the
nearest single change with which it could.
"""

import datetime
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd

from geo.clock import DAY, Moment, day_name
from geo.needs.curfew import curfew_document
from geo.needs.eligibility import for_person
from geo.needs.needs import Needs
from geo.plan.agenda import Event, agenda
from geo.plan.choices import Choices, Setting, choose, excused_nights, longest, seconds_to_curfew
from geo.plan.messages import Message, message_of
from geo.plan.model import HOME, PlanDay, PlanSettings, Stop, Trip, WeekPlan, plan_lines
from geo.plan.relaxation import relaxations, unmet
from geo.plan.trips import Leg, sure_travel
from geo.points import OnePlace, one_place
from geo.score.around_areas import around_areas, groups
from geo.score.errands import places_of_homes
from geo.score.score import kept_away_from
from geo.score.service_week import week_of
from geo.score.support import RegionSupport
from geo.streets.snapping import too_far
from geo.timetables.calendar import MORNING_MINUTES
from geo.timetables.ended import ended_on
from geo.travel.journeys import EASIER_SECONDS, Journey, Slack, explain_journey, in_words, shifted
from geo.travel.network import Network, bounds
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
    timetable_date: datetime.date | None = None,
) -> WeekPlan:
    """Plan a week for a person who lives at a place.

    Parameters
    ----------
    support
        A region, from `prepare`.
    home
        (lon, lat) in WGS 84 degrees, a shapely Point of the two, or a table or GeoDataFrame of one row.
    date
        The first day of the week; opening hours, holidays and the weeks of meetings are those of the first Monday …
        Sunday from it on.
    checkpoint
        Called between the steps of the work, of which there are some dozens; an error it raises ends the work.
    today
        With it, a note says so where the timetable ended before it.
    timetable_date
        A date of the timetable; its week's services stand for Monday to Sunday, as in the score. By default that of the
        week itself: another is for a week that the timetable doesn't hold.

    Raises
    ------
    OutsideRegionError
        The home is too far from any street, or its longitude and latitude are swapped.
    DateError
        The date whose timetable is used lies outside it.

    Examples
    --------
    >>> week = plan_week(region.support, (-113.42635, 40.35930), Needs(), region.facts.service_date)
    >>> len(week.days)
    7
    """
    lon, lat = one_place(home, "home", bounds(support.network))
    here = pd.DataFrame({"id": ["home"], "lon": [lon], "lat": [lat]})
    ((around, needs, _),) = groups(support, needs, lon, lat)
    if off_streets(around.network, here)[0]:
        raise too_far(around.network.streets, lon, lat)
    service = timetable_date or date
    week = replace(week_of(support, needs, service), date=date)
    whole = agenda(support, lon, lat, needs, settings, week)
    setting = Setting(support, lon, lat, week, settings, whole, checkpoint)
    choices = choose(setting, needs)
    days = _days(setting, choices)
    missing = unmet(setting, choices)
    ended = ended_on(support.network.feed, service, today)
    notes = (
        *(() if ended is None else (message_of("plan_note_ended", end=ended),)),
        *_notes(setting, needs),
        *_excused_notes(choices),
        *_holiday_notes(choices),
    )
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
        tuple(places_of_homes(support, here, needs, service)[0]),
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
    network = around_areas(setting.support, choices.needs).network
    known: dict[tuple[object, ...], Journey | None] = {}
    for position, number in enumerate(shown):
        one, arc = events[number], solution.there[number]
        midnight = one.midnight
        before = "home" if arc.before < 0 else events[arc.before].name
        ends = (0 if arc.before < 0 else events[arc.before].place, one.place)
        longer = longest(setting.settings, one) * MINUTE
        slack = min(one.start * MINUTE - arc.leg.arrive, longer - arc.leg.seconds)
        trip = _trip(setting, choices, network, (arc.leg, slack), ends, (before, one.name), midnight, known)
        lon, lat = float(choices.agenda.lon[one.place]), float(choices.agenda.lat[one.place])
        start, end = float(one.start - midnight), float(one.end - midnight)
        stops[one.weekday].append(Stop(one.kind, one.name, lat, lon, start, end, trip, one.resource_id, one.weeks))
        away = solution.away[number]
        if away.after < 0:
            then = solution.there[shown[position + 1]].leg if position + 1 < len(shown) else None
            free = np.inf if then is None else then.leave - away.leg.arrive
            spare = min(seconds_to_curfew(choices, number, away.leg.arrive), longer - away.leg.seconds, free)
            trip = _trip(
                setting, choices, network, (away.leg, spare), (one.place, 0), (one.name, "home"), midnight, known
            )
            arrival = trip.arrive if trip is not None else end
            until = None if then is None else _until(then, one)
            if trip is not None or until is None:
                stops[one.weekday].append(Stop(HOME, HOME, setting.lat, setting.lon, arrival, until, trip))
    dates = setting.week.dates
    return tuple(
        PlanDay(day, day_name(day), "" if (on := dates[day]) is None else on.isoformat(), tuple(stops[day]))
        for day in range(7)
    )


def _until(leg: Leg, one: Event) -> float | None:
    """Return when the person leaves home again, if that is before the night ends at 04:00."""
    leave = leg.leave / MINUTE - one.midnight
    return leave if leave < DAY + MORNING_MINUTES else None


def _trip(
    setting: Setting,
    choices: Choices,
    network: Network,
    timed: tuple[Leg, float],
    places: tuple[int, int],
    names: tuple[str, str],
    midnight: int,
    known: dict[tuple[object, ...], Journey | None],
) -> Trip | None:
    """Return a trip in words, its minutes counted from a midnight; None where one is there already.

    `timed`: when the plan has it, and by how many seconds an easier way may be later.
    """
    leg, slack = timed
    if places[0] == places[1]:
        return None
    support, week = setting.support, setting.week
    pattern = week.pattern[leg.service_day % 7]
    departure = leg.leave - leg.service_day * DAY_SECONDS
    easier = Slack(later=max(0, min(EASIER_SECONDS, int(slack))))
    key = (leg.mode, leg.traffic, pattern, names, places, departure, easier)
    if key not in known:
        travel = sure_travel(choices.needs, support.parameters, setting.settings.longest_trip_minutes)
        date = week.dates[pattern] if pattern >= 0 else None
        here, there = ((float(choices.agenda.lon[place]), float(choices.agenda.lat[place])) for place in places)
        how = replace(travel, mode=leg.mode, date=date, traffic=leg.traffic)
        known[key] = explain_journey(network, here, there, how, departure, *names, easier)
    journey = known[key]
    if journey is None:
        raise AssertionError("A trip that the search found can't be explained.")
    ridden = any(part.vehicle for part in journey.legs)
    mode = leg.mode if leg.mode != "transit" or ridden else "walk"
    moved = shifted(journey, leg.service_day * DAY_SECONDS - midnight * MINUTE)
    begin, end = moved.leaves / MINUTE, moved.arrival / MINUTE
    return Trip(*names, begin, end, mode, tuple(in_words(journey)), moved)


def _notes(setting: Setting, needs: Needs) -> tuple[Message, ...]:
    """Return what a reader must know of the home, the region, and what isn't planned."""
    support, away = setting.support, kept_away_from(setting.support, needs, setting.lon, setting.lat)
    notes = [message_of("plan_note_stay_away")] if away else []
    if needs.shifts and needs.work_place is None:
        notes.append(message_of("plan_note_work"))
    meeting = support.resources["category"].eq("meeting").to_numpy(dtype=bool) & for_person(support.resources, needs)
    if needs.meetings_per_week != 0 and not meeting[support.sessions["row"].to_numpy(dtype=np.int64)].any():
        notes.append(message_of("plan_note_no_meetings"))
    if needs.meetings_per_week != 0 and setting.agenda.held_all_day:
        notes.append(message_of("plan_note_all_day", count=setting.agenda.held_all_day))
    if support.network.feed is None:
        notes.append(message_of("plan_note_no_timetable"))
    return tuple(notes)


def _excused_notes(choices: Choices) -> tuple[Message, ...]:
    """Return what of the week goes past the curfew because it is excused; what is the same on several days at once."""
    days_past: dict[tuple[str, int, int], set[int]] = {}
    for number in choices.solution.chosen:
        one, past = choices.agenda.events[number], excused_nights(choices, number)
        if past:
            days_past.setdefault((one.name, one.start % DAY, one.end % DAY), set()).update(past)
    return tuple(
        message_of(
            "plan_note_excused", name=name, start=Moment(start % DAY), end=Moment(end % DAY), days=tuple(sorted(days))
        )
        for (name, start, end), days in days_past.items()
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
