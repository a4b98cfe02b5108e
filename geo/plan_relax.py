"""Why a demand can't be met, and the nearest single change with which it could be."""

from collections.abc import Iterator
from dataclasses import replace

from geo.needs import Needs, Shift
from geo.plan_choices import Choices, Setting, choose
from geo.plan_legs import MINUTE
from geo.plan_model import Relaxation, Unmet
from geo.schedule import DAY, clock, curfew_limit, day_name

SHIFT_STEPS = (15, 30, 45, 60, 90, 120)
WALKS = (10, 20, 40)
LONGEST_WALK = 120


def unmet(found: Choices) -> tuple[Unmet, ...]:
    """Return the demands that the best week doesn't meet, each with its reason."""
    events = found.agenda.events
    demands = []
    for one in found.missing():
        demand = (
            f"{one.name}, {day_name(one.weekday)} {clock(one.start % DAY)}-{clock(one.end - one.start // DAY * DAY)}"
        )
        demands.append(Unmet(one.kind, demand, _why(found, events.index(one))))
    short = found.agenda.doses - found.count("dose")
    if short:
        demands.append(Unmet("dose", _doses_asked(found), _why_no_dose(found), short))
    short = found.agenda.meetings - found.count("meeting")
    if short and found.needs.meetings_per_week is not None:
        demands.append(Unmet("meeting", f"{found.agenda.meetings} meetings a week", _why_no_meeting(found), short))
    return tuple(demands)


def relaxations(setting: Setting, found: Choices) -> tuple[Relaxation, ...]:
    """Return single changes that leave fewer demands unmet: those that leave fewest first, then the nearest.

    Nearest means, in this order: a later curfew, other hours of work, a longer walk, a bicycle, a car, no curfew,
    fewer meetings; of each the smallest that helps as much as any of its kind.
    """
    helpful = []
    for kind in (_later_curfew, _other_hours, _longer_walk, _vehicle, _no_curfew, _fewer_meetings):
        helpful += list(kind(setting, found))
    return tuple(sorted(helpful, key=lambda one: one.still_unmet))


def _why(found: Choices, number: int) -> str:
    """Return why a shift or an appointment can't be kept."""
    one, needs = found.agenda.events[number], found.needs
    if found.at_night[number]:
        way = found.back[number]
        home = "too late" if way is None else f"only at {clock(-(-way.arrive // MINUTE) - one.start // DAY * DAY)}"
        return f"home {home}, and the curfew is {clock(needs.curfew_minute or 0)}."
    if found.there[number] is None:
        return f"there is no way there from home by {clock(one.start % DAY)} ({_ways(needs)})."
    if found.back[number] is None:
        return f"there is no way home after {clock(one.free % DAY)} ({_ways(needs)})."
    for other in sorted(found.solution.chosen, key=lambda k: abs(found.agenda.events[k].start - one.start)):
        then = found.agenda.events[other]
        if then.kind in ("work", "appointment", "dose") and then.start < one.end and one.start < then.end:
            return f"it overlaps with {then.name}, {clock(then.start % DAY)}-{clock(then.end % DAY)}."
        if then.kind in ("work", "appointment", "dose") and abs(then.start - one.start) < DAY:
            return f"there is no time to get from the one to the other: {then.name}, {clock(then.start % DAY)}."
    return "it doesn't fit with the rest of the week."


def _ways(needs: Needs) -> str:
    ways = {
        "no-car": "on foot or by bus",
        "bicycle": "on foot, by bus or bicycle",
        "car": "on foot, by bus, bicycle or car",
        "wheelchair": "step-free, by wheelchair or bus",
    }
    return f"{ways[needs.profile]}, walks up to {needs.max_walk_minutes:g} min"


def _doses_asked(found: Choices) -> str:
    days = found.agenda.dose_days
    on = f" on {', '.join(day_name(day) for day in days)}" if days else ""
    return f"{found.agenda.doses} doses of methadone a week{on}"


def _why_no_dose(found: Choices) -> str:
    slots = [number for number, one in enumerate(found.agenda.events) if one.kind == "dose"]
    if not slots:
        return "the region lists no opioid treatment programme that fits and is open at those hours."
    name = found.agenda.events[slots[0]].name
    near = [number for number in slots if found.there[number] is not None and found.back[number] is not None]
    had = {found.agenda.events[k].weekday for k in found.solution.chosen if found.agenda.events[k].kind == "dose"}
    wanted = found.agenda.dose_days or range(7)
    days = ", ".join(day_name(day) for day in wanted if day not in had)
    if not near:
        return f"the nearest, {name}, can't be reached and left again in its hours ({_ways(found.needs)})."
    if all(found.at_night[number] for number in near):
        return f"the hours of {name} and the trips lie within the hours of the curfew."
    return (
        f"on {days} there is no time for {name}: it is closed, out of reach at its hours, or there is other business."
    )


def _why_no_meeting(found: Choices) -> str:
    near = [
        number
        for number, one in enumerate(found.agenda.events)
        if one.kind == "meeting" and found.there[number] is not None and found.back[number] is not None
    ]
    in_time = sum(not found.at_night[number] for number in near)
    return (
        f"{found.agenda.sessions_that_fit} sessions a week fit the person, {len(near)} of them can be reached from "
        f"home and left again, {in_time} before the curfew; {found.count('meeting')} go with all else."
    )


def _later_curfew(setting: Setting, found: Choices) -> Iterator[Relaxation]:
    needs, night_ends = found.needs, setting.support.parameters.days.night_ends
    if needs.curfew_minute is None:
        return
    now = int(curfew_limit(needs.curfew_minute, night_ends))
    low, high = 0, (DAY + night_ends - 1 - now) // 5

    def at(step: int) -> Needs:
        return replace(needs, curfew_minute=(now + 5 * step) % DAY)

    if high <= 0:
        return
    screen = _screen(found)
    least = _left(setting, at(high), screen)
    if least >= found.unmet:
        return
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _left(setting, at(middle), screen) == least else (middle, high)
    text = (
        f"A curfew at {clock((now + 5 * high) % DAY)} instead of {clock(needs.curfew_minute)} ({5 * high} min later)."
    )
    yield Relaxation("later_curfew", text, _left(setting, at(high), False))


def _other_hours(setting: Setting, found: Choices) -> Iterator[Relaxation]:
    """Yield a later start and an earlier end of all shifts of the same hours."""
    hours = sorted({(shift.start_minute, shift.end_minute) for shift in found.needs.shifts})

    def moved(old: tuple[int, int], start: int, end: int) -> Needs:
        shifts = tuple(
            Shift(s.weekday, s.start_minute + start, s.end_minute - end)
            if (s.start_minute, s.end_minute) == old else s
            for s in found.needs.shifts
        )  # fmt: skip
        return replace(found.needs, shifts=shifts)

    for old in hours:
        steps = [step for step in SHIFT_STEPS if step < old[1] - old[0]]
        step = _smallest(setting, found, [moved(old, one, 0) for one in steps])
        if step is not None:
            later = clock(old[0] + steps[step[0]])
            text = f"Work from {later} instead of {clock(old[0])} ({steps[step[0]]} min later)."
            yield Relaxation("later_start", text, step[1])
        step = _smallest(setting, found, [moved(old, 0, one) for one in steps])
        if step is not None:
            earlier = clock(old[1] - steps[step[0]])
            text = f"Work until {earlier} instead of {clock(old[1])} ({steps[step[0]]} min earlier)."
            yield Relaxation("earlier_end", text, step[1])


def _longer_walk(setting: Setting, found: Choices) -> Iterator[Relaxation]:
    now = found.needs.max_walk_minutes
    longer = [now + more for more in WALKS if now + more <= LONGEST_WALK]
    step = _smallest(setting, found, [replace(found.needs, max_walk_minutes=one) for one in longer])
    if step is not None:
        yield Relaxation("longer_walk", f"Walks of up to {longer[step[0]]:g} minutes instead of {now:g}.", step[1])


def _vehicle(setting: Setting, found: Choices) -> Iterator[Relaxation]:
    better = {"no-car": ("bicycle", "car"), "bicycle": ("car",)}.get(found.needs.profile, ())
    for profile in better:
        step = _smallest(setting, found, [replace(found.needs, profile=profile)])
        if step is not None:
            yield Relaxation(profile, f"A {profile}.", step[1])


def _no_curfew(setting: Setting, found: Choices) -> Iterator[Relaxation]:
    if found.needs.curfew_minute is None:
        return
    step = _smallest(setting, found, [replace(found.needs, curfew_minute=None)])
    if step is not None:
        yield Relaxation("no_curfew", "No curfew, or leave from it for this.", step[1])


def _fewer_meetings(_: Setting, found: Choices) -> Iterator[Relaxation]:
    if found.needs.meetings_per_week is None:
        return
    short = found.agenda.meetings - found.count("meeting")
    if short:
        text = f"{found.count('meeting')} meetings a week instead of {found.agenda.meetings}."
        yield Relaxation("fewer_meetings", text, found.unmet - short)


def _smallest(setting: Setting, found: Choices, changes: list[Needs]) -> tuple[int, int] | None:
    """Return which of growing changes is the first to leave as few demands unmet as any, and how many.

    None where none helps.
    """
    screen = _screen(found)
    least = _left(setting, changes[-1], screen) if changes else found.unmet
    if least >= found.unmet:
        return None
    helps = (k for k, change in enumerate(changes[:-1]) if _left(setting, change, screen) == least)
    first = next(helps, len(changes) - 1)
    return first, _left(setting, changes[first], False)


def _screen(found: Choices) -> bool:
    """Return whether meetings can be left out while changes are tried: they aren't what lacks."""
    return found.needs.meetings_per_week is None or found.count("meeting") == found.agenda.meetings


def _left(setting: Setting, needs: Needs, musts_only: bool) -> int:
    """Return how many demands these needs would leave unmet; meetings aside with `musts_only`."""
    found = choose(setting, needs, musts_only=musts_only, settled=False)
    asked = needs.meetings_per_week or 0
    return found.unmet - (asked if musts_only else 0)
