"""Which trips stand for a score: the typical one to a resource, and the last way home of a day."""

from dataclasses import dataclass

import numpy as np

from geo.score.class_access import ClassAccess
from geo.score.home_access import HomeAccess
from geo.score.home_times import Window, meeting_places
from geo.score.kernels_score import better_of_each, last_departures
from geo.score.layout import BY_TIMETABLE, TRANSIT
from geo.streets.topology import STREET_MODES


@dataclass(frozen=True)
class TypicalTrip:
    """How long it takes, by what, and when: at a `minute` of one of the class's windows, in a band of `traffic`.

    `usual` is False where half of the minutes or more lead to nothing: then it is the fastest trip there is.
    """

    seconds: float
    mode: str
    window: Window
    minute: int
    traffic: int
    usual: bool


def typical_trip(one: ClassAccess, member: int) -> TypicalTrip:
    """Return the trip of the median minute to a member, each minute by the way that weighs most then."""
    weight = one.members.weight[BY_TIMETABLE]
    seconds = []
    for part in one.stretches:
        by_street, f_by_street = float(one.seconds[part.traffic, member]), one.street[part.traffic, member]
        column, rows = int(part.column[member]), part.seconds.shape[0]
        fastest = np.full(max(rows, 1), by_street)
        if rows and column >= 0:
            fastest = better_of_each(part.seconds[:, column], weight, by_street, f_by_street)
        seconds.append(fastest)
    never = 2 + int(max(fastest[np.isfinite(fastest)].max(initial=0) for fastest in seconds))
    upto = np.zeros(never + 1)
    for part, fastest in zip(one.stretches, seconds, strict=True):
        upto += np.bincount(np.minimum(fastest, never).astype(np.int64), minlength=never + 1) * (
            part.window.share / len(fastest)
        )
    upto = np.cumsum(upto)
    median = int(np.searchsorted(upto, upto[-1] / 2 - 1e-12))
    usual = median < never
    middle = float(median) if usual else min(float(fastest.min()) for fastest in seconds)
    number = next(number for number, fastest in enumerate(seconds) if (fastest == middle).any())
    part, row = one.stretches[number], int(np.argmax(seconds[number] == middle))
    on_street = middle == one.seconds[part.traffic, member] and np.isfinite(middle)
    mode = STREET_MODES[one.mode[part.traffic, member]] if on_street else TRANSIT
    return TypicalTrip(middle, mode, part.window, part.window.start + row, part.traffic, usual)


@dataclass(frozen=True)
class LastWay:
    """The last way home of a day: leaving a `place` of the support at `minute`, home by the minute `arrival`.

    `name`: of the first meeting there.
    """

    place: int
    name: str
    minute: float
    arrival: int


def last_way_home(home: HomeAccess, weekday: int, place: int | None = None) -> LastWay | None:
    """Return the last way home by timetable on a weekday; None where there is none, or where none is needed.

    Of the places where a session that fits is held (or of the one given), those from which one can walk or ride home
    at any time don't count.
    """
    case, times, meets = home.case, home.times, meeting_places(home.case.support)
    held = np.unique(case.sessions.place[case.sessions.weekday == weekday])
    if place is not None:
        held = held[held == place]
    number = times.week.pattern[weekday]
    if number not in times.homeward or not len(held):
        return None
    column, table = np.searchsorted(meets, held), times.homeward[number]
    at_any_time = np.isfinite(np.min([times.back[mode].max(axis=0) for mode in home.evaluation.modes], axis=0))
    last, row = last_departures(table.seconds, table.first)
    last = np.where(at_any_time[column], -np.inf, last[column])
    best = int(np.argmax(last))
    if not np.isfinite(last[best]):
        return None
    first = case.session_row[case.sessions.place == held[best]].min()
    name = str(case.support.resource_name[int(case.support.sessions["row"].iloc[int(first)])])
    return LastWay(int(held[best]), name, float(last[best]), table.first + int(row[column[best]]))
