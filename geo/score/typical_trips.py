"""Which trips stand for a score: the typical one to a resource, and the last way home of a day."""

from dataclasses import dataclass

import numpy as np

from geo.score.class_access import BY_TIMETABLE, TRANSIT, ClassAccess
from geo.score.home_access import HomeAccess
from geo.score.home_times import meeting_places
from geo.score.kernels_score import last_departures
from geo.streets.topology import STREET_MODES
from geo.travel.kernels_raptor import UNREACHED


@dataclass(frozen=True)
class TypicalTrip:
    """How long it takes, by what, and when: a `row` (minute) of one of the class's stretches (its number).

    `usual` is False where half of the minutes or more lead to nothing: then it is the fastest trip there is.
    """

    seconds: float
    mode: str
    stretch: int
    row: int
    usual: bool


def typical_trip(one: ClassAccess, member: int) -> TypicalTrip:
    """Return the trip of the median minute to a member, each minute by the way that weighs most then."""
    by_street, weight = float(one.seconds[member]), one.members.weight[BY_TIMETABLE]
    seconds = []
    for part in one.stretches:
        column, rows = int(part.column[member]), part.seconds.shape[0]
        fastest = np.full(max(rows, 1), by_street)
        if rows and column >= 0:
            ridden = np.where(part.seconds[:, column] == UNREACHED, np.inf, part.seconds[:, column])
            f = np.where(ridden < len(weight), weight[np.minimum(ridden, len(weight) - 1).astype(np.int64)], 0.0)
            faster = (f > one.street[member]) | ((f == one.street[member]) & (ridden < by_street))
            fastest = np.where(faster, ridden, by_street)
        seconds.append(fastest)
    never = 2 + int(max(fastest[np.isfinite(fastest)].max(initial=0) for fastest in seconds))
    upto = np.zeros(never + 1)
    for part, fastest in zip(one.stretches, seconds, strict=True):
        upto += np.bincount(np.minimum(fastest, never).astype(np.int64), minlength=never + 1) * (
            part.share / len(fastest)
        )
    upto = np.cumsum(upto)
    median = int(np.searchsorted(upto, upto[-1] / 2 - 1e-12))
    usual = median < never
    middle = float(median) if usual else min(float(fastest.min()) for fastest in seconds)
    stretch = next(number for number, fastest in enumerate(seconds) if (fastest == middle).any())
    row = int(np.argmax(seconds[stretch] == middle))
    mode = STREET_MODES[one.mode[member]] if middle == by_street and np.isfinite(middle) else TRANSIT
    return TypicalTrip(middle, mode, stretch, row, usual)


@dataclass(frozen=True)
class LastWay:
    """The last way home of a day: leaving a `place` of the support at `minute`, home by the minute `arrival`."""

    place: int
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
    at_any_time = np.isfinite(np.min([times.back[mode] for mode in home.evaluation.modes], axis=0))
    last, row = last_departures(table.seconds, table.first)
    last = np.where(at_any_time[column], -np.inf, last[column])
    best = int(np.argmax(last))
    if not np.isfinite(last[best]):
        return None
    return LastWay(int(held[best]), float(last[best]), table.first + int(row[column[best]]))
