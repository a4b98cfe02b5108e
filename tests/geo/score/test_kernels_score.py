"""The score's compiled loops against the slow way: every minute tried, every product written out."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.access import decay
from geo.score import kernels_score as kernels
from geo.score.kernels_score import UNREACHED
from geo.score.layout import laid_out
from geo.travel.kernels_steps import Steps

FIRST = 300
"""The minute of the first row."""
LIMIT = 1800


def drawn(seed, rows=30, places=4):
    """Return int32[minutes, places]: trips of up to 20 minutes, some never."""
    random = np.random.default_rng(seed)
    seconds = random.integers(0, 1200, (rows, places)).astype(np.int32)
    seconds[random.random(seconds.shape) < 0.3] = UNREACHED
    return seconds, random


def in_steps(seconds):
    """Return Steps of int32[rows, places]: where a row is sooner there than the one before, less the minute between."""
    steps = []
    for column in seconds.T.tolist():
        held, own = float("inf"), []
        for row, taken in enumerate(column):
            if taken != UNREACHED and taken - 60 * row < held:
                held = taken - 60 * row
                own.append((row, taken))
        steps.append(own)
    since, taken = np.array([one for own in steps for one in own], np.int32).reshape(-1, 2).T
    return Steps(np.cumsum([0, *map(len, steps)]), since.copy(), taken.copy())


def in_one_clock(seed, rows=30, places=4):
    """Return Steps of trips that are no later there for who leaves earlier, and the same in rows: the latest first."""
    random = np.random.default_rng(seed)
    minutes = 60 * np.arange(rows)[:, None]
    taken = np.maximum.accumulate(minutes + random.integers(0, 2400, (rows, places)), axis=0) - minutes
    seconds = np.where((taken <= LIMIT) & (random.random(places) < 0.9), taken, UNREACHED)[::-1].astype(np.int32)
    return in_steps(seconds), seconds, random


@given(st.integers(0, 10_000))
def test_the_latest_departure_that_is_in_time(seed):
    steps, rows, random = in_one_clock(seed)
    seconds = rows[::-1]
    column = random.integers(0, 4, 6).astype(np.int32)
    minute = random.integers(FIRST - 5, FIRST + 40, 6)
    earliest = minute - random.integers(0, 30, 6)
    taken = kernels.latest_departures(steps, FIRST + len(seconds) - 1, LIMIT, column, minute, earliest)
    for k, place in enumerate(column):
        leaves = [
            leave for leave in range(FIRST, FIRST + len(seconds))
            if earliest[k] <= leave <= minute[k] and seconds[leave - FIRST, place] != UNREACHED
            and 60 * leave + seconds[leave - FIRST, place] <= 60 * minute[k]
        ]  # fmt: skip
        assert taken[k] == (minute[k] - max(leaves) if leaves else np.inf)


@given(st.integers(0, 10_000), st.sampled_from([0, FIRST]))
def test_until_each_minute_of_arrival_from_the_latest_departure(seed, first):
    seconds, random = drawn(seed)
    column = random.integers(0, 4, 3).astype(np.int32)
    start = first + int(random.integers(-5, 20))
    until = kernels.until_arrivals(seconds, first, column, start, start + 25)
    assert until.shape == (25, 3)
    for minute in range(start, start + 25):
        for k, place in enumerate(column):
            leaves = [
                first + row for row in range(len(seconds))
                if seconds[row, place] != UNREACHED and 60 * (first + row) + seconds[row, place] <= 60 * minute
            ]  # fmt: skip
            assert until[minute - start, k] == (60 * (minute - max(leaves)) if leaves else UNREACHED)


@given(st.integers(0, 10_000))
def test_the_earliest_minute_at_home_and_the_last_way(seed):
    steps, seconds, random = in_one_clock(seed)
    column = random.integers(0, 4, 6).astype(np.int32)
    minute = random.integers(FIRST - 5, FIRST + 25, 6)
    latest = minute + random.integers(0, 30, 6)
    taken = kernels.earliest_homes(steps, FIRST, LIMIT, column, minute, latest)
    for k, place in enumerate(column):
        homes = [
            home for home in range(FIRST, FIRST + len(seconds))
            if minute[k] <= home <= latest[k] and seconds[home - FIRST, place] != UNREACHED
            and 60 * home - seconds[home - FIRST, place] >= 60 * minute[k]
        ]  # fmt: skip
        assert taken[k] == (min(homes) - minute[k] if homes else np.inf)
    last, row = kernels.last_departures(seconds, FIRST)
    for place in range(seconds.shape[1]):
        leaves = [FIRST + r - seconds[r, place] / 60 if seconds[r, place] != UNREACHED else -np.inf
                  for r in range(len(seconds))]  # fmt: skip
        assert last[place] == max(leaves)
        assert row[place] == (int(np.argmax(leaves)) if np.isfinite(max(leaves)) else -1)


@given(st.integers(0, 10_000))
def test_of_the_ways_by_street_the_one_that_is_worth_most_then_the_fastest(seed):
    random = np.random.default_rng(seed)
    seconds = random.integers(0, 60, (3, 5)).astype(np.float64)
    seconds[random.random((3, 5)) < 0.3] = np.inf
    weight = np.maximum(0, 1 - np.arange(50) // 10 / np.array([[3], [4], [5]]))
    chosen, column = random.random((2, 3)) < 0.6, random.integers(0, 5, 4).astype(np.int32)
    value, mode, fastest = kernels.by_street(seconds, column, weight, chosen)
    for c in range(2):
        for m, place in enumerate(column):
            ways = [(float(weight[way, int(seconds[way, place])]) if seconds[way, place] < 50 else 0.0,
                     -seconds[way, place], -way) for way in range(3) if chosen[c, way]]  # fmt: skip
            best = max(ways, default=(0.0, -np.inf, 0))
            assert (value[c, m], fastest[c, m]) == (best[0], -best[1])
            assert not np.isfinite(best[1]) or mode[c, m] == -best[2]


@given(st.integers(0, 10_000), st.integers(0, 12))
def test_the_histogram_holds_the_better_way_of_each_minute_in_any_order(seed, rows):
    seconds, random = drawn(seed, rows)
    column = np.array([0, 3, -1, 2, 1], np.int32)
    value, weight = np.array([1.0, 2.0, 3.0, 0.0, 0.5]), 1 - np.arange(900) / 900
    street = np.array([0.2, 0.0, 0.4, 0.3, 0.9])
    at = 900 + np.array([10, 11, 12, 13, 14])
    total, again = np.zeros((2, 2, 900))
    kernels.window_histogram(seconds, column, street, at, weight, value, 0.5, total)
    kernels.window_histogram(random.permutation(seconds), column, street, at, weight, value, 0.5, again)
    worth = np.zeros(1800)
    worth[:900], worth[at] = weight, street
    trips = np.where(column >= 0, seconds[:, column], UNREACHED)
    by_bus = np.where(trips < 900, weight[np.minimum(trips, 899)], 0.0)
    better = np.maximum(by_bus, street).mean(axis=0) if rows else street
    assert (total.reshape(-1) * worth).sum() == pytest.approx(0.5 * (better * value).sum())
    assert total == pytest.approx(again, rel=1e-12)
    # a place that no bus reaches is met by street alone, in all of its share
    assert total[1, 12] == pytest.approx(0.5 * 3.0)
    assert total[1, 13] == 0
    assert (total >= 0).all()


@given(st.integers(0, 10_000), st.integers(40, 70))
def test_a_class_counts_the_better_way_of_each_minute_summed_in_their_order(seed, length):
    """Two classes over two tables: minutes of leaving, minutes of arriving, and a part without a timetable."""
    drawn_tables = [in_one_clock(seed + number, rows=40, places=5) for number in (0, 1)]
    random = drawn_tables[0][2]
    lasts = FIRST + 39 + np.array([0, 20])
    steps = [one for one, _, _ in drawn_tables]
    tables = kernels.Tables(
        np.concatenate([steps[0].offset, steps[1].offset + len(steps[0].since)]),
        np.concatenate([one.since for one in steps]),
        np.concatenate([one.seconds for one in steps]),
        np.array([0, 6]), lasts, LIMIT,
    )  # fmt: skip
    weight = [1 / (1 + np.arange(60 * minutes + 1) / 300) for minutes in (length // 2, length // 3)]
    column = random.integers(0, 5, 7).astype(np.int32)
    classes = laid_out([one[None].repeat(4, axis=0) for one in weight], [column[:4], column[4:]], [2, 2], [False, True])
    lowest = [FIRST + int(random.integers(0, 10)), FIRST + 20 + int(random.integers(0, 10)), 0, FIRST + 45]
    parts = kernels.Parts(
        np.array([0, 1, -1, 1]), np.array([0, 1, 0, 1]), np.array(lowest), np.array([25, 12, 0, 20]),
        np.array([0.7, 0.3, 0.5, 0.5]), np.array([False, True, False, True]),
        np.array([0, FIRST + 22, 0, FIRST + 30]), np.array([0, FIRST + 55, 0, FIRST + 80]),
    )  # fmt: skip
    street = random.random((2, 2, 7)) * (random.random((2, 2, 7)) < 0.6)
    mean = kernels.class_means(tables, classes, parts, street)
    for m in range(7):
        own = 0 if m < 4 else 1
        for c in range(2):
            total = 0.0
            for p in (2 * own, 2 * own + 1):
                by_street, more = street[parts.traffic[p], c, m], 0.0
                for minute in range(parts.start[p], parts.start[p] + parts.rows[p]):
                    number = parts.table[p]
                    seconds = dict(enumerate(drawn_tables[number][1][:, column[m]].tolist()))
                    trip = seconds.get(int(lasts[number] - minute), int(UNREACHED))
                    if parts.is_arriving[p]:
                        leaves = [
                            leave for leave in range(parts.earliest[p], parts.latest[p])
                            if (one := seconds.get(int(lasts[number] - leave), int(UNREACHED))) != UNREACHED
                            and 60 * leave + one <= 60 * minute
                        ]  # fmt: skip
                        trip = 60 * (minute - max(leaves)) if leaves else int(UNREACHED)
                    f = weight[own][trip] if trip < len(weight[own]) else 0.0
                    more += max(f - by_street, 0.0)
                total += parts.share[p] * (by_street + more / max(parts.rows[p], 1))
            assert mean[c, m] == total


@given(st.lists(st.tuples(st.floats(0, 90), st.floats(0.1, 5)), min_size=1, max_size=5), st.floats(5, 40))
def test_sums_of_the_logistic_decay(trips, half_way):
    minutes, value = (np.array(column) for column in zip(*trips, strict=True))
    (once, double) = kernels.logistic_sums(minutes, value, np.array([half_way, 2 * half_way]), 7.0)
    assert once == pytest.approx((value * decay.logistic(half_way, 7.0)(minutes)).sum())
    assert double == pytest.approx((value * decay.logistic(2 * half_way, 7.0)(minutes)).sum())


@given(st.lists(st.tuples(st.floats(0, 60), st.integers(0, 6), st.sampled_from([0.25, 0.5, 1.0])), max_size=6))
def test_days_are_covered_by_one_less_all_that_is_missed(sessions):
    minutes, weekday, share = (np.array([one[k] for one in sessions], dtype=float) for k in range(3))
    half_way, sd = np.full(len(sessions), 20.0), np.full(len(sessions), 6.0)
    shares = kernels.day_shares(minutes, weekday.astype(np.int8), share, half_way, sd, np.array([1.0, 1.5]))
    for row, factor in zip(shares, (1.0, 1.5), strict=True):
        value = share * decay.logistic(20.0 * factor, 6.0)(minutes)
        for day in range(7):
            assert row[day] == pytest.approx(1 - np.prod(1 - value[weekday == day]))
        assert row[7] == pytest.approx(value.sum())
