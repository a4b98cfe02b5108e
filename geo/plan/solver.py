"""The best week, exactly: a path through time from home to home, found by HiGHS.

Every event happens at most once. One comes to it from home or from another event, and leaves it for home or for
another; between trips one is at home. Being in one place at a time is a flow of one unit along the line of time at
home and through the events, so overlaps, travel times and curfews need no rules of their own: a trip that can't be
made is no arc.

Best is, in this order: most demands that must be met (of these: doses before appointments before work); most meetings,
up to the number asked for; most different days with a meeting; least travel, half of each minute's wait counted;
most meetings known to meet the person's wishes; the earliest in the list of events.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from geo.clock import WEEK
from geo.errors import InputError
from geo.plan.agenda import Agenda, Event
from geo.plan.trips import Leg
from geo.units import MINUTE

Floats = NDArray[np.float64]
_MUST, _KIND = 100_000.0, {"dose": 3000.0, "appointment": 2000.0, "work": 1000.0}
_MEETING = 8.0
"""A meeting outweighs all seven days; a kind of must all meetings; a must all kinds."""


@dataclass(frozen=True)
class Arc:
    """A way from one event (-1 = home) to another (-1 = home), and its trip."""

    before: int
    after: int
    leg: Leg


@dataclass(frozen=True)
class Solution:
    """Numbers of the chosen events in order of time, and for each the arcs that lead there and away."""

    chosen: tuple[int, ...]
    there: Mapping[int, Arc]
    away: Mapping[int, Arc]


@dataclass(frozen=True)
class _Rows:
    """Linear constraints: low ≤ Σ value · x[column] ≤ high."""

    row: list[int]
    column: list[int]
    value: list[float]
    low: list[float]
    high: list[float]

    def add(self, terms: Mapping[int, float], low: float, high: float) -> None:
        number = len(self.low)
        for column, value in terms.items():
            self.row.append(number)
            self.column.append(column)
            self.value.append(value)
        self.low.append(low)
        self.high.append(high)

    def constraint(self, columns: int) -> LinearConstraint:
        matrix = csr_array((self.value, (self.row, self.column)), shape=(len(self.low), columns))
        return LinearConstraint(matrix, self.low, self.high)


def solve(agenda: Agenda, arcs: Sequence[Arc], *, settled: bool = True) -> Solution:
    """Return the best week there is.

    Parameters
    ----------
    agenda
        The events and how many doses and meetings are asked for.
    arcs
        Every trip that can be made; the trips from and to home of one event are one each.
    settled
        Without it, any week with as many demands, meetings and days will do.
    """
    events = agenda.events
    into: dict[int, list[int]] = {}
    out: dict[int, list[int]] = {}
    for number, arc in enumerate(arcs):
        into.setdefault(arc.after, []).append(number)
        out.setdefault(arc.before, []).append(number)
    usable = [event for event in range(len(events)) if event in into and event in out]
    if not usable:
        return Solution((), {}, {})
    times = sorted({_home_time(arc) for arc in arcs if -1 in (arc.before, arc.after)})
    first_day, width = len(arcs) + len(times) + 1, len(arcs) + len(times) + 1 + 7
    rows = _Rows([], [], [], [], [])
    _flow(rows, arcs, times, into, out, range(len(events)))

    def taken(kind: str, day: int | None = None) -> dict[int, float]:
        return {
            number: 1.0
            for event in usable
            if events[event].kind == kind and not events[event].carried and day in (None, events[event].weekday)
            for number in into[event]
        }

    rows.add(taken("meeting"), 0, agenda.meetings)
    rows.add(taken("dose"), 0, agenda.doses)
    for day in range(7):
        rows.add(taken("dose", day), 0, 1)
        rows.add({**taken("meeting", day), first_day + day: -1.0}, 0, np.inf)
    for event in (number for number, one in enumerate(events) if one.carried):
        whole = next(k for k, one in enumerate(events) if one.end == events[event].end + WEEK and one.kind == "work")
        terms = dict.fromkeys(into.get(event, ()), 1.0) | dict.fromkeys(into.get(whole, ()), -1.0)
        rows.add(terms, 0, 0)

    reward = np.zeros(width)
    reward[first_day:] = 1.0
    for kind in ("meeting", *_KIND):
        worth = _MEETING if kind == "meeting" else _MUST + _KIND[kind]
        reward[list(taken(kind))] = worth
    best = _maximized(reward, rows, len(arcs), width)
    if best is None:
        raise InputError("The week has too many choices to plan in time; ask for fewer kinds of meetings.")
    if settled:
        best = _settled(agenda, arcs, rows, best, [taken(kind) for kind in ("meeting", *_KIND)], first_day)
    picked = [arc for number, arc in enumerate(arcs) if best[number] > 0.5]
    there = {arc.after: arc for arc in picked if arc.after >= 0}
    away = {arc.before: arc for arc in picked if arc.before >= 0}
    return Solution(tuple(sorted(there, key=lambda event: (events[event].start, event))), there, away)


def _settled(
    agenda: Agenda, arcs: Sequence[Arc], rows: _Rows, best: Floats, kinds: Sequence[Mapping[int, float]], first_day: int
) -> Floats:
    """Return, of the weeks with as much in them as the best, the one with the least travel; then the tie-breaks.

    All at once: what breaks ties weighs less in all than one half minute or wish. The best itself where there is no
    time to find out.
    """
    events, width, number_chosen = agenda.events, len(best), sum(one.carried for one in agenda.events)
    for terms in kinds:
        count = round(sum(best[number] for number in terms))
        rows.add(terms, count, count)
        number_chosen += count
    rows.add(dict.fromkeys(range(first_day, width), 1.0), round(best[first_day:].sum()), 7)
    reward, least = np.zeros(width), 0.5 / (number_chosen * len(events) + 1)
    for number, arc in enumerate(arcs):
        preferred = events[arc.after].preferred if arc.after >= 0 else 0
        reward[number] = preferred - 64.0 * _cost(arc, events) - least * max(arc.after, 0)
    finest = _maximized(reward, rows, len(arcs), width)
    return best if finest is None else finest


def _flow(
    rows: _Rows,
    arcs: Sequence[Arc],
    times: Sequence[int],
    into: Mapping[int, list[int]],
    out: Mapping[int, list[int]],
    events: Sequence[int],
) -> None:
    """Add that what comes to an event leaves it, that it happens once at most, and that one is at home or away.

    Column len(arcs) + k is being at home just before the k-th time; the one after the last is at the week's end.
    """
    home = len(arcs)
    for event in events:
        arriving, leaving = into.get(event, []), out.get(event, [])
        rows.add(dict.fromkeys(arriving, 1.0) | dict.fromkeys(leaving, -1.0), 0, 0)
        rows.add(dict.fromkeys(arriving, 1.0), 0, 1)
    position = {time: number for number, time in enumerate(times)}
    balance: list[dict[int, float]] = [{home + k: 1.0, home + k + 1: -1.0} for k in range(len(times))]
    for number, arc in enumerate(arcs):
        if -1 in (arc.before, arc.after):
            balance[position[_home_time(arc)]][number] = 1.0 if arc.after == -1 else -1.0
    for terms in balance:
        rows.add(terms, 0, 0)
    rows.add({home: 1.0}, 1, 1)
    rows.add({home + len(times): 1.0}, 1, 1)


def _home_time(arc: Arc) -> int:
    """Return the second at which the person leaves home, or is there again."""
    return arc.leg.leave if arc.before == -1 else arc.leg.arrive


def _cost(arc: Arc, events: Sequence[Event]) -> int:
    """Return half minutes: two for each of travel, one for each of waiting between two events."""
    travel = -(-2 * arc.leg.seconds // MINUTE)
    if -1 in (arc.before, arc.after):
        return travel
    between = (events[arc.after].start - events[arc.before].free) * MINUTE
    return travel + max(between - arc.leg.seconds, 0) // MINUTE


def _maximized(reward: Floats, rows: _Rows, arcs: int, width: int) -> Floats | None:
    """Return the values of all columns that make the reward greatest; arcs are whole, the rest follows.

    None where there is no time to find them.
    """
    whole = np.zeros(width)
    whole[:arcs] = 1
    solution = milp(
        -reward,
        integrality=whole,
        bounds=Bounds(0, 1),
        constraints=rows.constraint(width),
        options={"mip_rel_gap": 0.0, "time_limit": 30.0},
    )
    best: Floats | None = solution.x
    return best if solution.status == 0 else None
