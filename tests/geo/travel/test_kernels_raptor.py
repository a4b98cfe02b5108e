"""The compiled searches against hand-drawn timetables and against a slow search written from the definition.

On paper (minutes past 8:00; walks in brackets; 60 s to board, every day):

    A ──red 0→10── B ──red 10→20── C            red leaves A at 0, 15, 30
                   B ──blue 12→18── D           blue leaves B at 12, 40
                   [B – E on foot 3 min]
                   E ──green 14→24── F          green leaves E at 14, 15

The start is 2 min on foot from A, so the 0 bus needs leaving at −3 (2 min walk, 1 min to board).
"""

import datetime
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.dates import day_number
from geo.timetables.feed import NONE, Feed
from geo.timetables.service_day import Timetable, mirrored, timetable
from geo.travel.kernels_raptor import UNREACHED, Lines, Links, Rules, percentiles_from_many, profile
from geo.travel.transit_search import every_walk, walks_worth_taking

MONDAY = datetime.date(2024, 3, 4)
NEVER = int(UNREACHED)
PAPER = [
    "r1 daily bus: A 8:00 B 8:10 C 8:20",
    "r2 daily bus: A 8:15 B 8:25 C 8:35",
    "r3 daily bus: A 8:30 B 8:40 C 8:50",
    "b1 daily bus: B 8:12 D 8:18",
    "b2 daily bus: B 8:40 D 8:46",
    "g1 daily bus: E 8:14 F 8:24",
    "g2 daily bus: E 8:15 F 8:25",
]


def links(rows: list[dict[int, int]]) -> Links:
    """Return dictionaries {index: seconds}, one a row, as Links."""
    ordered = [sorted(row.items(), key=lambda item: (item[1], item[0])) for row in rows]
    return Links(
        np.cumsum([0, *map(len, rows)]).astype(np.int64),
        np.array([i for row in ordered for i, _ in row], np.int32),
        np.array([s for row in ordered for _, s in row], np.int32),
    )


def lines(day: Timetable) -> Lines:
    return Lines(*(getattr(day, name) for name in Lines._fields))


def search(
    feed: Feed, day: Timetable, start: dict[str, int], departures: list[int], *,
    walks: dict[tuple[str, str], int] | None = None, change: dict[str, int] | None = None,
    limit: int = 7200, rides: int = 4, board: int = 60, alight: int = 0, on_foot: dict[str, int] | None = None,
) -> dict[str, list[int]]:  # fmt: skip
    """Return elapsed seconds to each stop; `departures` in any order, the answer in the same."""
    names = [str(name) for name in feed.stop_id]
    between: list[dict[int, int]] = [{} for _ in names]
    for (a, b), seconds in (walks or {}).items():
        between[names.index(a)][names.index(b)] = seconds
    order = np.argsort(-np.array(departures), kind="stable")
    stay = np.array([(change or {}).get(name, 0) for name in names], np.int32)
    onward = walks_worth_taking(lines(day), links(between), len(names), stay)
    elapsed = profile(
        lines(day), onward,
        np.array([names.index(name) for name in start], np.int32), np.array(list(start.values()), np.int32),
        np.array(departures, np.int32)[order], Rules(limit, rides, board, alight),
        walks_worth_taking(lines(day), links([{i: 0} for i in range(len(names))]), len(names)),
        np.array([(on_foot or {}).get(name, NEVER) for name in names], np.int32),
    )  # fmt: skip
    back = np.argsort(order)
    return {name: elapsed[back, i].tolist() for i, name in enumerate(names)}


def at(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 3600 + int(minutes) * 60


def arrivals(elapsed: dict[str, list[int]], departure: int) -> dict[str, str]:
    """Return clock times of arrival of the only departure."""
    times = {name: values[0] + departure for name, values in elapsed.items() if values[0] != NEVER}
    return {name: f"{t // 3600}:{t // 60 % 60:02d}" + (f":{t % 60:02d}" if t % 60 else "") for name, t in times.items()}


def test_on_paper(toy: Any) -> None:
    feed = toy(PAPER)
    day = timetable(feed, MONDAY)
    leave = at("7:57")
    elapsed = search(feed, day, {"A": 120}, [leave], walks={("B", "E"): 180})
    # 8:10 at B: blue at 8:12; on foot at E 8:13, a minute to board: green at 8:14.
    assert arrivals(elapsed, leave) == {"B": "8:10", "C": "8:20", "D": "8:18", "F": "8:24"}


def test_a_second_too_late_to_board(toy: Any) -> None:
    feed = toy(PAPER)
    day = timetable(feed, MONDAY)
    leave = at("7:57") + 1
    assert arrivals(search(feed, day, {"A": 120}, [leave]), leave) == {"B": "8:25", "C": "8:35", "D": "8:46"}
    assert arrivals(search(feed, day, {"A": 120}, [leave], board=59), leave)["B"] == "8:10"


def test_walking_three_minutes_and_a_second_catches_the_later_green(toy: Any) -> None:
    feed = toy(PAPER)
    day = timetable(feed, MONDAY)
    leave = at("7:57")
    assert arrivals(search(feed, day, {"A": 120}, [leave], walks={("B", "E"): 181}), leave)["F"] == "8:25"


def test_rides_are_counted(toy: Any) -> None:
    feed = toy(PAPER)
    day = timetable(feed, MONDAY)
    elapsed = search(feed, day, {"A": 120}, [at("7:57")], walks={("B", "E"): 180}, rides=1)
    assert {name for name, values in elapsed.items() if values[0] != NEVER} == {"B", "C"}


def test_two_walks_never_follow_one_another(toy: Any) -> None:
    """From the start one may walk to E; from E, walking on to B to board blue there would be a second walk."""
    feed = toy(PAPER)
    day = timetable(feed, MONDAY)
    elapsed = search(feed, day, {"E": 60}, [at("8:00")], walks={("E", "B"): 180, ("F", "A"): 60})
    assert arrivals(elapsed, at("8:00")) == {"F": "8:24", "B": "8:40", "C": "8:50"}


def test_the_limit_is_inclusive(toy: Any) -> None:
    feed = toy(PAPER)
    day = timetable(feed, MONDAY)
    assert search(feed, day, {"A": 120}, [at("7:57")], limit=13 * 60)["B"] == [13 * 60]
    assert search(feed, day, {"A": 120}, [at("7:57")], limit=13 * 60 - 1)["B"] == [NEVER]


def test_a_published_change_takes_longer_or_is_not_possible(toy: Any) -> None:
    feed = toy(PAPER)
    day = timetable(feed, MONDAY)
    leave = at("7:57")
    assert arrivals(search(feed, day, {"A": 120}, [leave], change={"B": 61}), leave)["D"] == "8:46"
    assert "D" not in arrivals(search(feed, day, {"A": 120}, [leave], change={"B": -1}), leave)


def test_no_boarding_and_no_alighting(toy: Any) -> None:
    feed = toy(["r1 daily bus: A 8:00 B? 8:10 C 8:20", "r2 daily bus: A! 8:01 B 8:11 C! 8:21"])
    day = timetable(feed, MONDAY)
    leave = at("7:50")
    assert arrivals(search(feed, day, {"A": 0}, [leave]), leave) == {"C": "8:20"}
    assert arrivals(search(feed, day, {"B": 0}, [leave]), leave) == {"C": "8:20"}


def test_after_midnight_and_the_evening_before(toy: Any) -> None:
    feed = toy(
        ["n1 sunday bus: A 23:50 B 24:20 C 25:00", "m1 monday bus: A 0:30 B 0:50"],
        services={"sunday": [-1], "monday": [0]},
    )
    day = timetable(feed, MONDAY)
    assert arrivals(search(feed, day, {"B": 0}, [at("0:10")]), at("0:10")) == {"C": "1:00"}
    sunday = timetable(feed, MONDAY - datetime.timedelta(1))
    elapsed = search(feed, sunday, {"A": 0}, [at("23:40"), at("24:20")])
    assert elapsed["C"][0] == 80 * 60
    assert elapsed["B"] == [40 * 60, 30 * 60]  # the second is Monday's 0:30, from Sunday's midnight 24:30


def test_mirrored_gives_the_latest_departure(toy: Any) -> None:
    """Being at F (no walk) by 8:25 needs green 8:15 at E, so red at A 8:00: leave 7:57. By 8:23 there is no way."""
    feed = toy(PAPER)
    back = mirrored(timetable(feed, MONDAY))
    elapsed = search(feed, back, {"F": 0}, [-at("8:25"), -at("8:23")], walks={("E", "B"): 180}, board=0, alight=60)
    assert elapsed["A"] == [at("8:25") - at("7:59"), NEVER]
    assert elapsed["E"] == [at("8:25") - at("8:14"), NEVER]


# A slow search, written from the definition alone.


def trips_of(feed: Feed, date: datetime.date) -> list[list[tuple[int, int, int, bool, bool]]]:
    """Return every trip that may matter, as (stop, arrival, departure, may board, may alight)."""
    trips = []
    for t in range(len(feed.trip_id)):
        service, pattern = feed.trip_service[t], feed.trip_pattern[t]
        days = feed.service_day[feed.service_offset[service] : feed.service_offset[service + 1]]
        begin, call = feed.pattern_offset[pattern], feed.call_offset[t]
        trips += [
            [
                (
                    int(feed.pattern_stop[begin + i]),
                    int(feed.arrival[call + i]) + int(day) * 86_400,
                    int(feed.departure[call + i]) + int(day) * 86_400,
                    feed.pattern_pickup[begin + i] != NONE,
                    feed.pattern_drop_off[begin + i] != NONE,
                )
                for i in range(feed.call_offset[t + 1] - call)
            ]
            for day in days - day_number(date)
            if -1 <= day <= 1
        ]
    return trips


def slow_search(trips, stops, start, departure, walks, change, limit, rides, board):  # type: ignore[no-untyped-def]
    """Return the earliest arrival at every stop, looking at every pair of stops of every trip in every round."""
    ready = {s: departure + walk for s, walk in start.items()}
    best: dict[int, int] = {}
    for _ in range(rides):
        alighted: dict[int, int] = {}
        for trip in trips:
            for i, (s, _, leaves, may_board, _) in enumerate(trip):
                if may_board and s in ready and ready[s] + board <= leaves:
                    for s2, arrives, _, _, may_alight in trip[i + 1 :]:
                        if may_alight:
                            alighted[s2] = min(alighted.get(s2, NEVER), arrives)
        ready = {}
        for s, t in alighted.items():
            best[s] = min(best.get(s, NEVER), t)
            if change.get(s, 0) >= 0:
                ready[s] = min(ready.get(s, NEVER), t + change.get(s, 0))
            for (a, b), walk in walks.items():
                if a == s:
                    ready[b] = min(ready.get(b, NEVER), t + walk)
    return [best[s] - departure if s in best and best[s] - departure <= limit else NEVER for s in range(stops)]


STOPS = "ABCDEFG"


@st.composite
def drawn_trips(draw: st.DrawFn) -> list[str]:
    """Draw up to eight trips on seven stops, some overtaking, some with stops where one may not board or alight."""
    trips = []
    for number in range(draw(st.integers(1, 8))):
        way = draw(st.permutations(STOPS))[: draw(st.integers(2, 5))] if draw(st.booleans()) else STOPS[:4]
        time = 8 * 3600 + draw(st.integers(0, 1200))
        words = []
        for stop in way:
            stay = draw(st.sampled_from((0, 0, 30)))
            mark = draw(st.sampled_from(("", "", "", "!", "?")))
            words.append(f"{stop}{mark} 0:00:{time}-0:00:{time + stay}")
            time += stay + draw(st.integers(0, 400))
        trips.append(f"t{number} daily bus: {' '.join(words)}")
    return trips


pairs = st.tuples(st.sampled_from(STOPS), st.sampled_from(STOPS)).filter(lambda pair: pair[0] != pair[1])
walk_lists = st.dictionaries(pairs, st.integers(0, 300), max_size=8)
starts = st.dictionaries(st.sampled_from(STOPS), st.integers(0, 300), min_size=1, max_size=3)
changes = st.dictionaries(st.sampled_from(STOPS), st.sampled_from((-1, 45, 120)), max_size=2)
every_stop = {stop: {} for stop in STOPS}


@settings(max_examples=150, deadline=None)
@given(drawn_trips(), starts, walk_lists, changes, st.integers(1, 4), st.sampled_from((600, 1500, 7200)))
def test_every_departure_equals_the_slow_search(toy, trips, start, walks, change, rides, limit):  # type: ignore[no-untyped-def]
    feed = toy(trips, stops=every_stop)
    departures = [8 * 3600 - 300 + 60 * i for i in range(25)]
    elapsed = search(
        feed, timetable(feed, MONDAY), start, departures, walks=walks, change=change, rides=rides, limit=limit
    )
    numbers = {stop: i for i, stop in enumerate(STOPS)}
    by_number = {(numbers[a], numbers[b]): s for (a, b), s in walks.items()}
    for i, departure in enumerate(departures):
        slow = slow_search(
            trips_of(feed, MONDAY), len(STOPS), {numbers[s]: w for s, w in start.items()}, departure, by_number,
            {numbers[s]: c for s, c in change.items()}, limit, rides, 60,
        )  # fmt: skip
        assert [elapsed[stop][i] for stop in STOPS] == slow


@settings(max_examples=60, deadline=None)
@given(drawn_trips(), st.sampled_from(STOPS), walk_lists, changes, st.integers(1, 3))
def test_backward_equals_the_latest_of_all_departures(toy, trips, place, walks, change, rides):  # type: ignore[no-untyped-def]
    """The latest departure that is at the place in time is found by trying every second at which a trip leaves."""
    feed = toy(trips, stops=every_stop)
    day = timetable(feed, MONDAY)
    times = [8 * 3600 + 300 * i for i in range(10)]
    reverse = {(b, a): s for (a, b), s in walks.items()}
    back = search(
        feed,
        mirrored(day),
        {place: 0},
        [-t for t in times],
        walks=reverse,
        change=change,
        rides=rides,
        limit=4 * 3600,
        board=0,
        alight=60,
    )
    calls = [(STOPS[s], leaves) for trip in trips_of(feed, MONDAY) for s, _, leaves, _, _ in trip]
    leaving = {stop: sorted({t - 60 for s, t in calls if s == stop and 28_000 < t < 36_000}) for stop in STOPS}
    common = {"walks": walks, "change": change, "rides": rides, "limit": 4 * 3600}
    for stop in STOPS:
        arrives = search(feed, day, {stop: 0}, leaving[stop], **common)[place] if leaving[stop] else []
        for i, time in enumerate(times):
            both = zip(leaving[stop], arrives, strict=True)
            good = [t for t, elapsed in both if elapsed != NEVER and t + elapsed <= time]
            assert back[stop][i] == (time - max(good) if good else NEVER)


@settings(max_examples=60, deadline=None)
@given(drawn_trips(), drawn_trips(), starts, walk_lists)
def test_more_trips_make_nobody_slower(toy, trips, more, start, walks):  # type: ignore[no-untyped-def]
    more = [text.replace("t", "u", 1) for text in more]
    few, many = toy(trips, stops=every_stop), toy(trips + more, stops=every_stop)
    departures = [8 * 3600 + 120 * i for i in range(8)]
    before = search(few, timetable(few, MONDAY), start, departures, walks=walks)
    after = search(many, timetable(many, MONDAY), start, departures, walks=walks)
    for stop in STOPS:
        assert all(b <= a for a, b in zip(before[stop], after[stop], strict=True))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.one_of(st.integers(60, 7200), st.just(NEVER)), min_size=1, max_size=7), st.integers(1, 5))
def test_percentiles_are_nearest_rank(toy, waits, count):  # type: ignore[no-untyped-def]
    """One bus at the end of each wait: the window's times are known, and so are their ranks."""
    feed = toy(["a1 daily bus: A 8:00 B 8:10"])
    day = timetable(feed, MONDAY)
    departures = np.array([at("7:59") - w if w != NEVER else at("9:00") for w in waits], np.int32)
    departures[::-1].sort()
    ranks = np.arange(len(waits))
    out = np.empty((1, 2, len(waits)), np.int32)
    stay = links([{0: 0}, {1: 0}])
    percentiles_from_many(
        lines(day), every_walk(links([{}, {}])), links([{0: 0}]), departures, Rules(20_000, 4, 60, 0), every_walk(stay),
        links([{}]), ranks, 0, 1, out,
    )  # fmt: skip
    assert out[0, 1].tolist() == sorted(w + 660 if w != NEVER else NEVER for w in waits)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_order_of_rows_changes_nothing(toy: Any, seed: int) -> None:
    plain, mixed = toy(PAPER), toy(PAPER, shuffle=seed)
    for name in plain.__dataclass_fields__:
        assert np.array_equal(getattr(plain, name), getattr(mixed, name)), name
