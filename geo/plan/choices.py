"""From a person's week to the trips that can be made in it, and the best of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np

from geo.clock import DAY
from geo.needs.curfew import Limits
from geo.needs.needs import Needs
from geo.needs.schedule import curfew_limits, curfew_limits_for
from geo.plan.agenda import Agenda, Event, doses_due, with_shifts
from geo.plan.model import MUSTS, PlanSettings
from geo.plan.solver import Arc, Solution, solve
from geo.plan.trips import Leg, Legs, Rides, legs, no_trip, rides, sure_travel
from geo.score.around_areas import around_areas
from geo.score.service_week import Week
from geo.score.support import RegionSupport
from geo.timetables.calendar import MORNING_MINUTES
from geo.units import MINUTE

Nights = tuple[tuple[float, float], ...]
"""Seconds of the week between which the person is home."""


@dataclass(frozen=True)
class Setting:
    """A home in a region, and all that one person's week there may hold.

    `checkpoint` is called before each search for a week: what it raises ends the work. `rides`, `legs`: times that were
    looked up, to be used again for changed needs. These may differ in shifts, curfew, longest walk, in having a
    vehicle, in how ways keep out of areas, and in nothing else.
    """

    support: RegionSupport
    lon: float
    lat: float
    week: Week
    settings: PlanSettings
    agenda: Agenda
    checkpoint: Callable[[], None] = lambda: None
    rides: dict[tuple[float, str, int, tuple[int, ...]], Rides] = field(default_factory=dict, compare=False, repr=False)
    legs: dict[tuple[str, float, str, int, tuple[int, ...]], Legs] = field(
        default_factory=dict, compare=False, repr=False
    )


@dataclass(frozen=True)
class Choices:
    """The events of a person's week with their trips from home and back (None = none), and the best of it.

    `at_night[event]`: by how many minutes the event or its trips reach into the hours of the curfew that hold for it;
    0 = they don't. `in_the_night`: events that do so themselves, whatever the trips. `nights[event]`: these hours.
    """

    needs: Needs
    agenda: Agenda
    there: tuple[Leg | None, ...]
    back: tuple[Leg | None, ...]
    at_night: tuple[float, ...]
    in_the_night: frozenset[Event]
    nights: tuple[Nights, ...]
    solution: Solution

    def count(self, kind: str) -> int:
        """Return how many events of a kind the best week holds."""
        events = self.agenda.events
        return sum(events[one].kind == kind and not events[one].carried for one in self.solution.chosen)

    def missing(self) -> tuple[Event, ...]:
        """Return the shifts and appointments that the best week doesn't hold."""
        chosen = set(self.solution.chosen)
        return tuple(
            one
            for number, one in enumerate(self.agenda.events)
            if one.kind in ("work", "appointment") and number not in chosen and not one.carried
        )

    @property
    def unmet(self) -> int:
        """Return how many demands are not met: shifts, appointments, doses, and meetings if a number was asked for."""
        meetings = self.agenda.meetings - self.count("meeting") if self.needs.meetings_per_week is not None else 0
        return len(self.missing()) + self.agenda.doses - self.count("dose") + meetings


def choose(setting: Setting, needs: Needs, *, musts_only: bool = False, settled: bool = True) -> Choices:
    """Return the best week of a person with these needs.

    `musts_only` leaves meetings out; without `settled`, any week that meets as many demands will do.
    """
    setting.checkpoint()
    settings = setting.settings
    whole = with_shifts(setting.agenda, needs)
    home = _legs(setting, needs, whole, 0, range(1, len(whole.lon)))
    program = _program(whole, home, settings)
    events = tuple(
        one
        for one in whole.events
        if (one.kind != "dose" or one.resource_id == program) and not (musts_only and one.kind == "meeting")
    )
    doses, dose_days = doses_due(whole, program)
    plan = replace(whole, events=events, doses=doses, dose_days=dose_days)
    there, back = _from_home(events, home, settings)
    nights = tuple(_nights(curfew_limits_for(needs, one.kind, one.name)) for one in events)
    at_night = tuple(
        _night(own, *out_for(one, leg, way)) for own, one, leg, way in zip(nights, events, there, back, strict=True)
    )
    late = frozenset(
        one for own, one in zip(nights, events, strict=True) if _night(own, one.start * MINUTE, one.end * MINUTE)
    )
    barred = late | _in_shifts(events)
    arcs: list[Arc] = []
    for number, (own, one, leg, way) in enumerate(zip(nights, events, there, back, strict=True)):
        if one in barred:
            continue
        if leg is not None and not _night(own, leg.leave, one.start * MINUTE):
            arcs.append(Arc(-1, number, leg))
        if way is not None and not _night(own, one.end * MINUTE, way.arrive):
            arcs.append(Arc(number, -1, way))
    in_time = tuple(None if one in barred else own for own, one in zip(nights, events, strict=True))
    arcs += _between(setting, needs, plan, home, in_time, (there, back))
    return Choices(needs, plan, there, back, at_night, late, nights, solve(plan, arcs, settled=settled))


def _in_shifts(events: Sequence[Event]) -> frozenset[Event]:
    """Return the meetings within the hours of a shift: none is gone to then, even if no way of ours leads to work."""
    shifts = [one for one in events if one.kind == "work"]
    return frozenset(
        one
        for one in events
        if one.kind == "meeting" and any(one.start < shift.end and shift.start < one.end for shift in shifts)
    )


def out_for(one: Event, there: Leg | None, back: Leg | None) -> tuple[float, float]:
    """Return from when to when (seconds) an event keeps a person out, with its trips from home and back."""
    return there.leave if there else one.start * MINUTE, back.arrive if back else one.free * MINUTE


def excused_nights(choices: Choices, number: int) -> frozenset[int]:
    """Return the evenings (0 = Monday) whose curfew an event or its trips go past because it is excused."""
    one = choices.agenda.events[number]
    out = out_for(one, choices.there[number], choices.back[number])
    usual = _nights(curfew_limits(choices.needs))
    return evenings(usual, *out) - evenings(choices.nights[number], *out)


def seconds_to_curfew(choices: Choices, number: int, arrive: float) -> float:
    """Return how many seconds after an arrival the next night begins that the person is home by, after an event."""
    return min((first - arrive for first, _ in choices.nights[number] if first >= arrive), default=np.inf)


def evenings(nights: Nights, begin: float, end: float) -> frozenset[int]:
    """Return the evenings (0 = Monday) into whose night being out from `begin` to `end` (seconds) reaches."""
    hit = (last for first, last in nights if begin < last and end > first)
    return frozenset(int(last // (DAY * MINUTE) - 1) % 7 for last in hit)


def _legs(setting: Setting, needs: Needs, plan: Agenda, here: int, wanted: Sequence[int]) -> Legs:
    """Return the times from and to one place, looked up once for each way of traveling."""
    walk = (needs.max_walk_minutes, needs.stay_away_trips, here, tuple(wanted))
    places = (plan.lon, plan.lat, here)
    key = (needs.profile, *walk)
    if key not in setting.legs:
        support, week = around_areas(setting.support, needs), setting.week
        travel = sure_travel(needs, support.parameters, setting.settings.longest_trip_minutes)
        if walk not in setting.rides:
            setting.rides[walk] = rides(support.network, week, travel, *places, wanted)
        setting.legs[key] = legs(support.network, week, travel, needs.profile, *places, setting.rides[walk])
    return setting.legs[key]


def longest(settings: PlanSettings, *events: Event) -> int:
    """Return how long a trip to or from these may be."""
    meeting = any(one.kind == "meeting" for one in events)
    return settings.meeting_trip_minutes if meeting else settings.longest_trip_minutes


def _from_home(
    events: Sequence[Event], home: Legs, settings: PlanSettings
) -> tuple[tuple[Leg | None, ...], tuple[Leg | None, ...]]:
    """Return each event's trip from home, leaving as late as one can, and the one back, home as early as one can."""
    there: list[Leg | None] = []
    back: list[Leg | None] = []
    for one in events:
        if one.place == 0:
            there.append(no_trip(one.start))
            back.append(no_trip(one.free))
            continue
        there.append(home.last_out(one.place, one.start, longest(settings, one)))
        back.append(home.first_back(one.place, one.free, longest(settings, one)))
    return tuple(there), tuple(back)


def ways_from_home(
    setting: Setting, needs: Needs, events: Sequence[Event]
) -> tuple[tuple[Leg | None, ...], tuple[Leg | None, ...]]:
    """Return each event's trip from home and back by the ways of these needs, whatever else the week holds."""
    whole = setting.agenda
    return _from_home(events, _legs(setting, needs, whole, 0, range(1, len(whole.lon))), setting.settings)


def _program(plan: Agenda, home: Legs, settings: PlanSettings) -> str | None:
    """Return the program where a dose can be had on most days, then with the least travel, then the first by id."""
    best: dict[str, dict[int, int]] = {}
    for one in plan.events:
        if one.kind == "dose":
            days = best.setdefault(str(one.resource_id), {})
            (there,), (back,) = _from_home([one], home, settings)
            if there is not None and back is not None:
                minutes = there.seconds + back.seconds
                days[one.weekday] = min(days.get(one.weekday, minutes), minutes)
    if not best:
        return None
    # a holiday that it is closed on is no day that it gives no doses on
    served = {name: len(had) + sum(one.closed for one in plan.holidays.get(name, ())) for name, had in best.items()}
    return min(best, key=lambda name: (-served[name], sum(best[name].values()) / max(len(best[name]), 1), name))


@lru_cache(maxsize=64)
def _nights(limits: Limits) -> Nights:
    """Return the seconds of each night in which the person is home: from the evening's curfew until the night ends."""
    return tuple(
        ((day * DAY + limits[day % 7]) * MINUTE, ((day + 1) * DAY + MORNING_MINUTES) * MINUTE)
        for day in range(-2, 9)
        if np.isfinite(limits[day % 7])
    )


def _night(nights: Nights, begin: float, end: float) -> float:
    """Return by how many minutes being out from `begin` to `end` (seconds) reaches into a night; 0 = not at all."""
    inside = [min(end, last) - max(begin, first) for first, last in nights if begin < last and end > first]
    return max(inside, default=0.0) / MINUTE


def _between(
    setting: Setting,
    needs: Needs,
    plan: Agenda,
    home: Legs,
    in_time: Sequence[Nights | None],
    by_home: tuple[Sequence[Leg | None], Sequence[Leg | None]],
) -> list[Arc]:
    """Return the trips from one event straight to the next, where one of them is a must or both are in one place.

    Left out where going home in between costs no more, whatever the trip. `in_time`: the nights that hold for an event,
    None for one that lies in them or in a shift; between two events those of both do, so that nothing rides along with
    what is excused.
    """
    events, settings = plan.events, setting.settings
    reached = [place for place in range(1, len(plan.lon)) if home.reached[place]]
    musts = {one.place for one in events if one.kind in MUSTS} - {0}
    wanted = sorted(set(reached) | musts)
    tables = {place: _legs(setting, needs, plan, place, wanted) for place in sorted(musts)} if len(wanted) > 1 else {}
    arcs = []
    for number, one in enumerate(events):
        mine = in_time[number]
        if one.place == 0 or one.carried or mine is None:
            continue
        for other in range(number + 1, len(events)):
            then = events[other]
            if then.start - one.free > settings.longest_wait_minutes:
                break
            theirs = in_time[other]
            if then.place == 0 or then.start < one.free or (one.kind == then.kind == "dose") or theirs is None:
                continue
            if any(_night(nights, one.end * MINUTE, then.start * MINUTE) for nights in {mine, theirs}):
                continue
            way, again = by_home[1][number], by_home[0][other]
            cheap = (then.start - one.free) * MINUTE
            if way and again and way.arrive <= again.leave and 2 * (way.seconds + again.seconds) <= cheap:
                continue
            leg = _straight(one, then, tables, longest(settings, one, then))
            if leg is not None:
                arcs.append(Arc(number, other, leg))
    return arcs


def _straight(one: Event, then: Event, tables: dict[int, Legs], minutes: int) -> Leg | None:
    if one.place == then.place:
        return no_trip(one.free)
    if one.place in tables and one.kind in MUSTS:
        return tables[one.place].fastest_out(then.place, one.free, then.start, minutes)
    if then.place in tables and then.kind in MUSTS:
        return tables[then.place].fastest_back(one.place, one.free, then.start, minutes)
    return None
