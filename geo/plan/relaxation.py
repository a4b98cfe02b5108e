"""Why a demand can't be met, and the nearest single change with which it could be."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from geo.clock import DAY, DAYS, Moment, weekday_at
from geo.crs import to_meters
from geo.needs.curfew import WORDS_OF_KINDS, Curfew, Evenings
from geo.needs.fields import ANYWHERE, AROUND, RIDE_THROUGH
from geo.needs.needs import Needs, Shift
from geo.needs.schedule import curfew_limits, curfew_limits_for
from geo.plan.agenda import Event
from geo.plan.choices import Choices, Setting, choose, evenings, out_for, ways_from_home
from geo.plan.messages import Message, message_of
from geo.plan.model import MUSTS, Relaxation, Unmet
from geo.score.around_areas import keeps_out
from geo.timetables.calendar import MORNING_MINUTES
from geo.units import MINUTE

SHIFT_STEPS = (15, 30, 45, 60, 90, 120)
WALKS = (10, 20, 40)
LONGEST_WALK = 120
LATEST = DAY + MORNING_MINUTES - 5
"""The latest curfew that is tried: the night ends at 04:00."""
NEAREST = (
    "later_curfew", "excuse", "later_start", "earlier_end", "longer_walk", "ride_through", "bicycle", "car",
    "no_curfew", "fewer_meetings",
)  # fmt: skip
"""Changes, the nearest first."""
_NO_WAY = ("plan_no_way_there", "plan_no_way_back")


def unmet(setting: Setting, choices: Choices) -> tuple[Unmet, ...]:
    """Return the demands that the best week doesn't meet, each with its reason."""
    events, demands = choices.agenda.events, []
    for one in choices.missing():
        start, end = Moment(one.start - one.midnight), Moment(one.end - one.midnight)
        demand = message_of("plan_event", name=one.name, day=weekday_at(0, one.start), start=start, end=end)
        demands.append(_unmet(one.kind, demand, _why(setting, choices, events.index(one))))
    short = choices.agenda.doses - choices.count("dose")
    if short:
        demands.append(_unmet("dose", _doses_asked(choices), _why_no_dose(setting, choices), short))
    short = choices.agenda.meetings - choices.count("meeting")
    if short and choices.needs.meetings_per_week is not None:
        asked = message_of("plan_meetings", count=choices.agenda.meetings)
        demands.append(_unmet("meeting", asked, _why_no_meeting(choices), short))
    return tuple(demands)


def _unmet(kind: str, demand: Message, why: Message, amount: int = 1) -> Unmet:
    return Unmet(kind, str(demand), str(why), amount, (demand, why))


def _helps(change: str, still_unmet: int, sentence: str = "", **values: object) -> Relaxation:
    message = message_of(sentence or f"plan_{change}", **values)
    return Relaxation(change, str(message), still_unmet, message)


def relaxations(setting: Setting, choices: Choices) -> tuple[Relaxation, ...]:
    """Return single changes that leave fewer demands unmet: those that leave fewest first, then the nearest.

    Nearest means, in this order: a later curfew, an exception from it, other hours of work, a longer walk, a ride
    through an area to stay away from, a bicycle, a car, no curfew, fewer meetings; of each the smallest that helps as
    much as any of its kind.
    """
    kinds: list[Callable[[Setting, Choices], Iterator[Relaxation]]] = [_other_hours, _fewer_meetings]
    if _curfew_binds(choices):
        kinds[:0] = [_no_curfew, _later_curfew, _exceptions]
    if _travel_binds(choices):
        kinds[-1:-1] = [_longer_walk, _ride_through, _vehicle]
    helpful = [one for kind in kinds for one in kind(setting, choices) if one.still_unmet < choices.unmet]
    return tuple(sorted(helpful, key=lambda one: (one.still_unmet, NEAREST.index(one.change))))


def _curfew_binds(choices: Choices) -> bool:
    """Return whether any event would be kept from reaching into the night: if not, no curfew changes anything."""
    return any(choices.at_night)


def _travel_binds(choices: Choices) -> bool:
    """Return whether quicker trips could help: not where all that lacks lies itself in the hours of the curfew."""
    if choices.agenda.doses > choices.count("dose") or not _screen(choices):
        return True
    return not all(one in choices.in_the_night for one in choices.missing())


def _through_areas(setting: Setting, choices: Choices, one: Event) -> tuple[bool, bool]:
    """Return whether ways that may enter the areas to stay away from would lead to an event, and home from it.

    False where ways may enter them as it is.
    """
    if not keeps_out(choices.needs):
        return False, False
    (there,), (back,) = ways_from_home(setting, replace(choices.needs, stay_away_trips=ANYWHERE), [one])
    return there is not None, back is not None


def _why(setting: Setting, choices: Choices, number: int) -> Message:
    """Return why a shift or an appointment can't be kept."""
    one, needs = choices.agenda.events[number], choices.needs
    ways = (needs.profile, needs.max_walk_minutes)
    there, way = choices.there[number], choices.back[number]
    if there is None or way is None:
        keys = (
            f"{key}{'_around' * could}"
            for key, could in zip(_NO_WAY, _through_areas(setting, choices, one), strict=True)
        )
        no_way_there, no_way_back = keys
        if there is None:
            return message_of(no_way_there, time=Moment(one.start % DAY), ways=ways)
        return message_of(no_way_back, time=Moment(one.free % DAY), ways=ways)
    if choices.at_night[number]:
        late = evenings(choices.nights[number], one.start * MINUTE, way.arrive)
        if not late:  # it is the way there that begins before the night is over
            leave = Moment(there.leave // MINUTE - one.midnight, one.weekday)
            return message_of("plan_leave_at", leave=leave, end=Moment(MORNING_MINUTES))
        home = Moment(-(-way.arrive // MINUTE) - one.midnight, one.weekday)
        limit = curfew_limits_for(needs, one.kind, one.name)[min(late)]
        return message_of("plan_home_at", home=home, curfew=Moment(int(limit % DAY)))
    musts = [choices.agenda.events[k] for k in choices.solution.chosen if choices.agenda.events[k].kind in MUSTS]
    near = sorted((then for then in musts if abs(then.start - one.start) < DAY), key=lambda then: _between(then, one))
    return _why_not_both(near[0], one) if near else message_of("plan_no_fit")


def _between(then: Event, one: Event) -> tuple[bool, bool, int]:
    """Order what a demand may collide with: what overlaps first, then what has its hour, then the nearest."""
    return not (then.start < one.end and one.start < then.end), then.kind == "dose", abs(then.start - one.start)


def _why_not_both(then: Event, one: Event) -> Message:
    start, end = Moment(then.start % DAY), Moment(then.end % DAY)
    if then.start < one.end and one.start < then.end:
        return message_of("plan_overlap", name=then.name, start=start, end=end)
    return message_of("plan_no_time_between", name=then.name, start=start)


def _doses_asked(choices: Choices) -> Message:
    count, days = choices.agenda.doses, choices.agenda.dose_days
    return message_of("plan_doses_on", count=count, days=days) if days else message_of("plan_doses", count=count)


def _why_no_dose(setting: Setting, choices: Choices) -> Message:
    slots = [number for number, one in enumerate(choices.agenda.events) if one.kind == "dose"]
    if not slots:
        return message_of("plan_program_inside" if setting.agenda.programs_only_inside else "plan_no_program")
    name = choices.agenda.events[slots[0]].name
    near = [number for number in slots if choices.there[number] is not None and choices.back[number] is not None]
    had = {choices.agenda.events[k].weekday for k in choices.solution.chosen if choices.agenda.events[k].kind == "dose"}
    wanted = choices.agenda.dose_days or range(7)
    if not near:
        return _why_program_far(setting, choices)
    if all(choices.at_night[number] for number in near):
        return message_of("plan_program_curfew", name=name)
    return message_of("plan_program_busy", name=name, days=tuple(day for day in wanted if day not in had))


def _why_program_far(setting: Setting, choices: Choices) -> Message:
    """Return that no program is reached: of those that areas alone put out of reach, if any, the nearest to home."""
    whole, ways = setting.agenda, (choices.needs.profile, choices.needs.max_walk_minutes)
    doses = [one for one in whole.events if one.kind == "dose"]
    through = [one for one in doses if all(_through_areas(setting, choices, one))]
    x, y = to_meters(whole.lon, whole.lat, setting.support.network.crs)
    nearest = min(through or doses, key=lambda one: np.hypot(x[one.place] - x[0], y[one.place] - y[0]))
    return message_of("plan_program_far_around" if through else "plan_program_far", name=nearest.name, ways=ways)


def _why_no_meeting(choices: Choices) -> Message:
    if not choices.agenda.sessions_that_fit + choices.agenda.held_all_day:
        return message_of("plan_no_meetings")
    held = [number for number, one in enumerate(choices.agenda.events) if one.kind == "meeting"]
    near = [number for number in held if choices.there[number] is not None and choices.back[number] is not None]
    in_time = sum(not choices.at_night[number] for number in near)
    fit, met = choices.agenda.sessions_that_fit, choices.count("meeting")
    return message_of("plan_few_meetings", count=fit, held=len(held), near=len(near), in_time=in_time, met=met)


def _evenings(choices: Choices, number: int) -> frozenset[int]:
    """Return the evenings whose curfew an event would break, by itself or by its trips."""
    one = choices.agenda.events[number]
    return evenings(choices.nights[number], *out_for(one, choices.there[number], choices.back[number]))


def _no_curfew(setting: Setting, choices: Choices) -> Iterator[Relaxation]:
    step = _smallest(setting, choices, [replace(choices.needs, curfew=None)])
    if step is not None:
        yield _helps("no_curfew", step[1])


def _later_curfew(setting: Setting, choices: Choices) -> Iterator[Relaxation]:
    """Yield the least of a later curfew that will do, on as few evenings as will do."""
    curfew, limits = choices.needs.curfew, curfew_limits(choices.needs)
    reached = {day for number, late in enumerate(choices.at_night) if late for day in _evenings(choices, number)}
    days = tuple(sorted(day for day in reached if limits[day] < LATEST))
    if curfew is None or not days:
        return
    screen = _screen(choices)

    def left(days: tuple[int, ...], to: int, *, musts_only: bool = screen) -> int:
        return _left(setting, replace(choices.needs, curfew=_later(curfew, days, to)), musts_only)

    least = left(days, LATEST)
    if least >= choices.unmet:
        return
    for day in days:
        fewer = tuple(one for one in days if one != day)
        if fewer and left(fewer, LATEST) == least:
            days = fewer
    now = min(limits[day] for day in days)
    low, high = 0, int(-((now - LATEST) // 5))
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if left(days, int(now) + 5 * middle) == least else (middle, high)
    to = int(now) + 5 * high
    still, clocks = left(days, to, musts_only=False), (Moment(to % DAY), Moment(int(now % DAY)))
    if len({limits[day] for day in days}) > 1:
        yield _helps("later_curfew", still, "plan_curfew_on", to=clocks[0], days=days)
        return
    sentence = "plan_later_curfew" if len(days) == len(DAYS) else "plan_later_curfew_on"
    yield _helps("later_curfew", still, sentence, to=clocks[0], now=clocks[1], minutes=5 * high, days=days)


def _later(curfew: Curfew, days: tuple[int, ...], to: int) -> Curfew:
    """Return a curfew that is no earlier than `to` on these evenings."""

    def raised(minutes: Evenings) -> Evenings:
        return tuple(
            max(minute, to) if minute is not None and day in days else minute for day, minute in enumerate(minutes)
        )

    return replace(curfew, minutes=raised(curfew.minutes), house=raised(curfew.house))


def _exceptions(setting: Setting, choices: Choices) -> Iterator[Relaxation]:
    """Yield an exception from the curfew, the house's too, for each thing that can't be met for it."""
    curfew = choices.needs.curfew
    if curfew is None:
        return
    lacking = {one.kind for one in choices.missing()}
    if choices.agenda.doses > choices.count("dose"):
        lacking.add("dose")
    names = {
        one.name if one.kind == "appointment" else WORDS_OF_KINDS[one.kind]: one.name
        for number, one in enumerate(choices.agenda.events)
        if one.kind in lacking and choices.at_night[number]
    }
    for word, name in names.items():
        least = choices.unmet
        own = replace(curfew, excused=tuple(dict.fromkeys((*curfew.excused, word))))
        house = replace(own, house_excused=tuple(dict.fromkeys((*curfew.house_excused, word))))
        for sentence, excused in (("plan_excuse", own), ("plan_excuse_house", house)):
            step = _smallest(setting, choices, [replace(choices.needs, curfew=excused)]) if excused != curfew else None
            if step is not None and step[1] < least:
                least = step[1]
                yield _helps("excuse", least, sentence, name=name)


def _other_hours(setting: Setting, choices: Choices) -> Iterator[Relaxation]:
    """Yield a later start and an earlier end of all shifts of the same hours."""
    hours = sorted({(shift.start_minute, shift.end_minute) for shift in choices.needs.shifts})

    def moved(old: tuple[int, int], start: int, end: int) -> Needs:
        shifts = tuple(
            Shift(s.weekday, s.start_minute + start, s.end_minute - end)
            if (s.start_minute, s.end_minute) == old else s
            for s in choices.needs.shifts
        )  # fmt: skip
        return replace(choices.needs, shifts=shifts)

    for old in hours:
        steps = [step for step in SHIFT_STEPS if step < old[1] - old[0]]
        step = _smallest(setting, choices, [moved(old, one, 0) for one in steps])
        if step is not None:
            minutes = steps[step[0]]
            to, now = Moment(old[0] + minutes), Moment(old[0])
            yield _helps("later_start", step[1], to=to, now=now, minutes=minutes)
        step = _smallest(setting, choices, [moved(old, 0, one) for one in steps])
        if step is not None:
            minutes = steps[step[0]]
            to, now = Moment(old[1] - minutes), Moment(old[1])
            yield _helps("earlier_end", step[1], to=to, now=now, minutes=minutes)


def _longer_walk(setting: Setting, choices: Choices) -> Iterator[Relaxation]:
    now = choices.needs.max_walk_minutes
    longer = [now + more for more in WALKS if now + more <= LONGEST_WALK]
    step = _smallest(setting, choices, [replace(choices.needs, max_walk_minutes=one) for one in longer])
    if step is not None:
        yield _helps("longer_walk", step[1], to=f"{longer[step[0]]:g}", now=f"{now:g}")


def _ride_through(setting: Setting, choices: Choices) -> Iterator[Relaxation]:
    if not choices.needs.stay_away or choices.needs.stay_away_trips != AROUND:
        return
    step = _smallest(setting, choices, [replace(choices.needs, stay_away_trips=RIDE_THROUGH)])
    if step is not None:
        yield _helps("ride_through", step[1])


def _vehicle(setting: Setting, choices: Choices) -> Iterator[Relaxation]:
    better = {"no-car": ("bicycle", "car"), "bicycle": ("car",)}.get(choices.needs.profile, ())
    enough = False  # a car is no worse than a bicycle
    for profile in better:
        step = (0, 0) if enough else _smallest(setting, choices, [replace(choices.needs, profile=profile)])
        if step is not None:
            enough = step[1] == 0
            yield _helps(profile, step[1])


def _fewer_meetings(_: Setting, choices: Choices) -> Iterator[Relaxation]:
    if choices.needs.meetings_per_week is None:
        return
    short = choices.agenda.meetings - choices.count("meeting")
    if short:
        now, to = choices.agenda.meetings, choices.count("meeting")
        yield _helps("fewer_meetings", choices.unmet - short, count=to, now=now)


def _smallest(setting: Setting, choices: Choices, changes: list[Needs]) -> tuple[int, int] | None:
    """Return which of growing changes is the first to leave as few demands unmet as any, and how many.

    None where none helps.
    """
    screen = _screen(choices)
    least = _left(setting, changes[-1], screen) if changes else choices.unmet
    if least >= choices.unmet:
        return None
    helps = (k for k, change in enumerate(changes[:-1]) if _left(setting, change, screen) == least)
    first = next(helps, len(changes) - 1)
    return first, _left(setting, changes[first], False)


def _screen(choices: Choices) -> bool:
    """Return whether meetings can be left out while changes are tried: they aren't what lacks."""
    return choices.needs.meetings_per_week is None or choices.count("meeting") == choices.agenda.meetings


def _left(setting: Setting, needs: Needs, musts_only: bool) -> int:
    """Return how many demands these needs would leave unmet; meetings aside with `musts_only`."""
    choices = choose(setting, needs, musts_only=musts_only, settled=False)
    asked = needs.meetings_per_week or 0
    return choices.unmet - (asked if musts_only else 0)
