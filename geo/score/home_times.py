"""One home's seconds to every place and back: by street mode, and by timetable for each minute that is needed.

What is needed follows from the person: which classes apply, with which windows, and which sessions fit. Weekdays
with the same trips are searched once.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from geo.needs.needs import Needs
from geo.needs.schedule import by_evening
from geo.score.meetings import Sessions
from geo.score.parameters import ClassRule, Parameters
from geo.score.service_week import Week
from geo.score.support import Places, RegionSupport
from geo.score.traveler import travel_settings
from geo.streets.shortest_paths import Reached, goals, seconds_to
from geo.streets.snapping import Attachment, attach, joined, subset, too_far
from geo.streets.topology import STREET_MODES
from geo.timetables.calendar import MORNING_MINUTES, NIGHT_MINUTES
from geo.travel.footpaths import transposed, walks_from_stops, walks_to_stops
from geo.travel.kernels_neighbors import LANES
from geo.travel.kernels_raptor import UNREACHED, Links, Walks
from geo.travel.kernels_steps import Steps, in_rows, profile_in_steps, through_stops
from geo.travel.neighbors import Together, are_neighbors, calls_of, search_together
from geo.travel.network import Network, remembered
from geo.travel.stop_profiles import StopProfiles, stop_profiles
from geo.travel.transit_search import Search, digest, in_threads, prepare_search, walks_worth_taking
from geo.travel.travel_times import TravelSettings
from geo.units import MINUTE

HOMES_AT_ONCE = 32
"""Homes whose street searches run together; bounds the memory."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]


@dataclass(frozen=True)
class Window:
    """One stretch of minutes of one weekday's service, and its share in an average.

    `arriving`: the minutes are arrivals; otherwise departures.
    """

    weekday: int
    start: int
    end: int
    share: float
    arriving: bool


@dataclass(frozen=True)
class Table:
    """Times to every place (homeward: from it) by whole minutes from `first` on, so many of them, in `steps`.

    The steps' first row is the last minute, but homeward the first. No trip takes more than `limit` seconds.
    """

    first: int
    minutes: int
    steps: Steps
    limit: int
    is_homeward: bool

    @property
    def last(self) -> int:
        """Return the last minute."""
        return self.first + self.minutes - 1

    @cached_property
    def seconds(self) -> Ints:
        """Return int32 seconds, one row per minute, one column per place; `UNREACHED` = never."""
        seconds: Ints = in_rows(self.steps, self.minutes, self.limit)
        return seconds if self.is_homeward else seconds[::-1]

    @cached_property
    def fastest(self) -> Ints:
        """Return the fewest seconds of any minute to each place."""
        seconds: Ints = self.seconds.min(axis=0, initial=UNREACHED)
        return seconds

    def rows(self, start: int, end: int) -> Ints:
        """Return the rows of minutes start … end − 1."""
        return self.seconds[max(start - self.first, 0) : max(end - self.first, 0)]


@dataclass(frozen=True)
class HomeTimes:
    """Seconds between one home and all places.

    `out`, `back`, `jobs`: by street mode, float64[bands of traffic, places]; all bands are alike but for a car.
    `leaving`, `homeward`, `working`: by pattern.
    """

    week: Week
    out: Mapping[str, Floats]
    back: Mapping[str, Floats]
    jobs: Mapping[str, Floats]
    leaving: Mapping[int, Table]
    homeward: Mapping[int, Table]
    working: Mapping[int, Table]


@dataclass(frozen=True)
class SearchPlan:
    """What is needed of the timetable for these needs: minutes [first, last) by pattern."""

    week: Week
    settings: TravelSettings
    leaving: Mapping[int, tuple[int, int]]
    homeward: Mapping[int, tuple[int, int]]
    working: Mapping[int, tuple[int, int]]


Side = tuple[Places, bool, Mapping[int, tuple[int, int]]]
"""Places, whether one comes from them, and the minutes that are wanted by pattern."""

Shared = Mapping[tuple[int, int], StopProfiles]
"""By side and pattern."""

Neighbors = Mapping[tuple[int, int], Together]
"""By side and pattern, what searches from several homes together led to."""


def windows(rule: ClassRule, needs: Needs, week: Week, parameters: Parameters) -> list[Window]:
    """Return the stretches of minutes over which a class's access is averaged; their shares add to 1.

    The minute at which a shift starts in the small hours is one of the evening before, whose buses lead to it.
    """
    arriving = rule.being == "arriving"
    if not rule.categories and needs.shifts:  # jobs: be there when the shift starts
        hours = np.array([(one.weekday, one.start_minute, one.end_minute) for one in needs.shifts])
        weekday, start, _ = by_evening(*hours.T)
        share = 1 / len(hours)
        return [
            Window(int(day), int(minute), int(minute) + 1, share, True)
            for day, minute in zip(weekday, start, strict=True)
        ]
    if rule.days == "weekday":
        return [Window(week.reference, rule.start, rule.end, 1.0, arriving)]
    return [
        Window(weekday, rule.start, rule.end, share, arriving)
        for weekday, share in parameters.days.shares(week.reference)
    ]


def plan_searches(
    support: RegionSupport, needs: Needs, week: Week, classes: Sequence[ClassRule], sessions: Sessions
) -> SearchPlan:
    """Return which minutes of which service are needed for these classes and sessions."""
    rule = support.parameters.meetings
    longest = max([rule.limit_minutes, *(c.limit_minutes for c in support.parameters.classes)])
    leaving: list[tuple[int, int, int]] = []
    working: list[tuple[int, int, int]] = []
    homeward: list[tuple[int, int, int]] = []
    for one in classes:
        for window in windows(one, needs, week, support.parameters):
            start = window.start - int(one.decays["transit"].limit_minutes) if window.arriving else window.start
            end = min(window.end, NIGHT_MINUTES + 1)
            if start < end:
                (leaving if one.categories else working).append((window.weekday, start, end))
    for weekday in range(7):
        held = sessions.weekday == weekday
        if held.any():
            first, last = (
                min(int(minute), NIGHT_MINUTES) for minute in (sessions.start[held].min(), sessions.start[held].max())
            )
            leaving.append((weekday, max(first - int(2 * rule.limit_minutes), MORNING_MINUTES), last + 1))
            earliest = int(sessions.end[held].min() + rule.leave_after_minutes)
            homeward.append((weekday, min(earliest, NIGHT_MINUTES), NIGHT_MINUTES + 1))
    settings = travel_settings(needs, support.parameters, longest)
    return SearchPlan(week, settings, _hulls(week, leaving), _hulls(week, homeward), _hulls(week, working))


def shared_times(support: RegionSupport, plan: SearchPlan, homes: int) -> Shared:
    """Search from every stop what so many homes have in common, where that costs less than searching from each."""
    profiles_by_side: dict[tuple[int, int], StopProfiles] = {}
    for at, side in enumerate(sides_of(support, plan)):
        places, backward, wanted = side
        for number, (first, last) in wanted.items() if len(places) else ():
            ready, egress = prepared_search(support.network, plan, side, number)
            longest = 60 * int(np.ceil(plan.settings.max_walk_minutes))
            begin, end = (-60 * (last - 1), -60 * first) if backward else (60 * first, 60 * (last - 1))
            profiles = stop_profiles(ready, egress, len(places), begin, end + longest, homes * (last - first))
            if profiles is not None:
                profiles_by_side[at, number] = profiles
    return profiles_by_side


def home_times(
    support: RegionSupport,
    needs: Needs,
    plan: SearchPlan,
    lon: Floats,
    lat: Floats,
    modes: Sequence[str] = STREET_MODES,
    shared: Shared | None = None,
) -> Iterator[HomeTimes]:
    """Yield the times of each home, in order; street searches of the modes run for all homes at once.

    Homes that follow one another are searched together where they are neighbors: the same numbers sooner.

    Parameters
    ----------
    shared
        `shared_times` of the same plan: the same numbers sooner still.

    Raises
    ------
    OutsideRegionError
        A home is too far from any street.
    """
    streets = support.network.streets
    homes = Places(lon, lat, {mode: attach(streets, lon, lat, mode) for mode in {"walk", *modes}})
    far = np.flatnonzero(homes.attached["walk"].link < 0)
    if len(far):
        raise too_far(streets, float(lon[far[0]]), float(lat[far[0]]))
    sides = sides_of(support, plan)
    by_mode = {mode: _street(support, needs, plan, mode, homes.attached[mode]) for mode in modes}
    bands = len(streets.traffic.bands)
    leave, arrive = home_walks(support.network, homes.attached["walk"], plan)
    together: Neighbors = {}
    for home in range(len(lon)):
        if home % LANES == 0:
            group = slice(home, min(home + LANES, len(lon)))
            together = _together(
                support.network, plan, sides, [_rows_of(one, group) for one in (leave, arrive, leave)], shared or {}
            )
        here, jobs_at = len(support.places), len(support.job_places)
        both = {mode: _in_traffic(by_mode[mode][0], home, here + jobs_at, bands) for mode in modes}
        out, jobs = ({mode: row[:, part] for mode, row in both.items()} for part in (slice(here), slice(here, None)))
        back = {mode: _in_traffic(by_mode[mode][1], home, len(sides[1][0]), bands) for mode in modes}
        to_stops, from_stops = _row_of(leave, home), _row_of(arrive, home)
        walked = (to_stops, from_stops, to_stops)
        near = {key: one.steps(home % LANES) for key, one in together.items()}
        tables = _tables(support.network, plan, sides, walked, shared or {}, near, is_alone=len(lon) == 1)
        yield HomeTimes(plan.week, out, back, jobs, *tables)


def sides_of(support: RegionSupport, plan: SearchPlan) -> tuple[Side, Side, Side]:
    """Return where one goes: to all places, home from meetings, to jobs."""
    return (
        (support.places, False, plan.leaving),
        (_some(support.places, meeting_places(support)), True, plan.homeward),
        (support.job_places, False, plan.working),
    )


def _tables(
    network: Network,
    plan: SearchPlan,
    sides: Sequence[Side],
    walked: Sequence[tuple[Ints, Ints]],
    shared: Shared,
    near: Mapping[tuple[int, int], Steps],
    *,
    is_alone: bool,
) -> list[dict[int, Table]]:
    """Return each side's seconds to the places (backward: from them) by pattern, for every minute that is wanted of it.

    Trips that are all on foot are not among them: they are the streets'. A home that `is_alone` has its searches side
    by side; of several, each has a thread already.
    """
    limit, tables = int(plan.settings.max_minutes * 60), [dict[int, Table]() for _ in sides]
    searches = []
    for at, (side, access) in enumerate(zip(sides, walked, strict=True)):
        places, backward, wanted = side
        for number, (first, last) in wanted.items() if len(places) else ():
            minutes = 60 * np.arange(first, last, dtype=np.int32)
            times = -minutes if backward else minutes[::-1]
            known = shared.get((at, number))
            if (at, number) in near:
                tables[at][number] = Table(first, last - first, near[at, number], limit, backward)
            elif known is not None:
                steps = through_stops(known.offset, known.ready, known.taken, *access, times, limit)
                tables[at][number] = Table(first, last - first, steps, limit, backward)
            else:
                ready, egress = prepared_search(network, plan, side, number)
                searches.append((at, number, access, times, ready, _walks(network, ready, places, egress)))

    def search(begin: int, end: int) -> None:
        for at, number, access, times, ready, walks in searches[begin:end]:
            (places, backward, wanted), rules = sides[at], ready.rules
            first, last = wanted[number]
            steps = profile_in_steps(ready.lines, ready.onward, *access, times, rules, walks, len(places))
            tables[at][number] = Table(first, last - first, steps, limit, backward)

    if is_alone:
        in_threads(search, len(searches))
    else:
        search(0, len(searches))
    return tables


def _together(
    network: Network, plan: SearchPlan, sides: Sequence[Side], walked: Sequence[Links], shared: Shared
) -> Neighbors:
    """Return each side's searches from several homes, given their walks to stops; none where it doesn't pay."""
    neighbors: dict[tuple[int, int], Together] = {}
    for at, (side, access) in enumerate(zip(sides, walked, strict=True)):
        places, backward, wanted = side
        for number, (first, last) in wanted.items() if len(places) and are_neighbors(access) else ():
            if (at, number) in shared:
                continue
            ready, egress = prepared_search(network, plan, side, number)
            begin = -60 * (last - 1) if backward else 60 * first
            day = remembered(
                network, ("calls", ready.key, begin, last - first, ready.rules.limit),
                lambda: (calls_of(ready, begin, last - first),),  # noqa: B023  called at once
            )[0]  # fmt: skip
            if day is not None:
                walks = _walks(network, ready, places, egress)
                neighbors[at, number] = search_together(ready, day, walks, len(places), access, last - first)
    return neighbors


def prepared_search(network: Network, plan: SearchPlan, side: Side, number: int) -> tuple[Search, Links]:
    """Return what a search by this pattern runs on, and the walks from stops to the places."""
    places, backward, wanted = side
    first, last = wanted[number]
    settings = replace(plan.settings, date=plan.week.dates[number], window=(first * MINUTE, last * MINUTE))
    return prepare_search(network, settings, backward=backward), _egress(
        network, places.attached["walk"], settings, backward
    )


def home_walks(network: Network, homes: Attachment, plan: SearchPlan) -> tuple[Links, Links]:
    """Return the walks from each home to stops, and those from stops to each home."""
    if network.stops is None:
        none = Links(np.zeros(len(homes.link) + 1, np.int64), np.empty(0, np.int32), np.empty(0, np.int32))
        return none, none
    back = transposed(walks_from_stops(network, homes, plan.settings), len(homes.link))
    return walks_to_stops(network, homes, plan.settings), back


def _egress(network: Network, places: Attachment, settings: TravelSettings, backward: bool) -> Links:
    """Return the walks from each stop to the places (backward: from them), kept for the next home."""
    stops = network.stops
    assert stops is not None  # noqa: S101  a pattern was found, so there is a timetable
    key = ("score", _content(places), backward, settings.wheelchair, settings.walk_kph, settings.max_walk_minutes)
    if backward:
        return remembered(network, key, lambda: transposed(walks_to_stops(network, places, settings), len(stops.link)))
    return remembered(network, key, lambda: walks_from_stops(network, places, settings))


def _walks(network: Network, search: Search, places: Places, egress: Links) -> Walks:
    """Return those of the walks to the places that are worth taking, kept for the next home."""
    key = ("score walks", search.key, _content(places.attached["walk"]))
    return remembered(network, key, lambda: walks_worth_taking(search.lines, egress, len(places)))


def _content(places: Attachment) -> bytes:
    return digest(places.link, places.fraction, places.meters_off)


def _row_of(links: Links, row: int) -> tuple[Ints, Ints]:
    part = slice(links.offset[row], links.offset[row + 1])
    return links.target[part], links.seconds[part]


def _rows_of(links: Links, rows: slice) -> Links:
    offset = links.offset[rows.start : rows.stop + 1]
    part = slice(offset[0], offset[-1])
    return Links(offset - offset[0], links.target[part], links.seconds[part])


def meeting_places(support: RegionSupport) -> Ints:
    """Return the distinct places, ascending, where any session is held."""
    rows = support.sessions["row"].to_numpy(dtype=np.int64)
    return np.unique(support.resource_place[rows]).astype(np.int32)


def _hulls(week: Week, wanted: list[tuple[int, int, int]]) -> dict[int, tuple[int, int]]:
    """Return for each pattern the shortest stretch of minutes that holds all that is wanted of its weekdays."""
    hulls: dict[int, tuple[int, int]] = {}
    for weekday, start, end in wanted:
        number = week.pattern[weekday]
        if number >= 0:
            low, high = hulls.get(number, (start, end))
            hulls[number] = (min(low, start), max(high, end))
    return hulls


def _street(
    support: RegionSupport, needs: Needs, plan: SearchPlan, mode: str, homes: Attachment
) -> tuple[Reached, Reached]:
    """Return a row of seconds for each home: to all places and then the jobs, and from the meeting places.

    By car in all bands of traffic.
    """
    places, jobs = support.places.attached[mode], support.job_places.attached[mode]
    meets, limit = subset(places, meeting_places(support)), needs.max_walk_minutes
    if mode != "walk":
        limit = plan.settings.max_minutes
    pace = (mode, plan.settings.walk_kph, needs.bike_kph)
    bands = tuple(range(len(support.network.streets.traffic.bands))) if mode == "drive" else None

    def searched(there: Attachment, backwards: bool) -> Reached:
        content = digest(there.link, there.fraction, there.meters_off)
        ready = remembered(
            support.network,
            ("score streets", content, backwards, *pace),
            lambda: goals(support.network.streets, there, *pace, backwards=backwards, traffic=bands),
        )
        return seconds_to(ready, homes, limit * 60)

    return searched(joined(places, jobs), backwards=False), searched(meets, backwards=True)


def _in_traffic(reached: Reached, home: int, places: int, bands: int) -> Floats:
    """Return one home's seconds, float64[bands, places]; the same in all bands unless they were searched apart."""
    part = slice(reached.indptr[home], reached.indptr[home + 1])
    own = np.atleast_2d(reached.seconds[part].T)
    seconds = np.full((len(own), places), np.inf)
    seconds[:, reached.index[part]] = own
    return np.broadcast_to(seconds, (bands, places))


def _some(places: Places, rows: NDArray[np.integer]) -> Places:
    return Places(places.lon[rows], places.lat[rows], {mode: subset(a, rows) for mode, a in places.attached.items()})
