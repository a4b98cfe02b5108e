"""Trips that one vehicle runs one after the other, so that who goes on may stay seated.

A feed says so trip by trip (transfer types 4 and 5). The vehicle's run (`block_id`) says only which trips one vehicle
makes; where riders are known to be let through, one stays seated from a trip to the next of its run on the same day, if
that begins at the stop, or in the station, where the first ends, and is of another route or both are laps of a circular
one. A bus that turns round on its own route is left at the terminus.
"""

import numpy as np

from geo.timetables.feed import Feed, Ints, Longs


def seated_pairs(
    feed: Feed, number: Ints, shift: Ints, change_seconds: int, *, by_run: bool = False
) -> tuple[Longs, Longs]:
    """Return the positions of trips after which one stays seated, and of those that follow.

    Parameters
    ----------
    number, shift
        The trips of a day: their numbers in the feed, and the seconds added to their times.
    change_seconds
        Where a vehicle stays at least so long at one stop, changing to its next trip is as good as staying.
    by_run
        One stays seated through a vehicle's run too, and not only where the feed says so.
    """
    at_first, at_last = feed.call_offset[number], feed.call_offset[number + 1] - 1
    leaves, ends = feed.departure[at_first] + shift, feed.arrival[at_last] + shift
    pattern = feed.trip_pattern[number]
    starts_at = feed.pattern_stop[feed.pattern_offset[pattern]]
    ends_at = feed.pattern_stop[feed.pattern_offset[pattern + 1] - 1]

    a, b = _stated_pairs(feed, number, shift)
    if by_run:
        more_a, more_b = _in_runs(feed, number, shift, leaves, ends, starts_at, ends_at)
        a, b = np.concatenate([a, more_a]), np.concatenate([b, more_b])
    in_time = ends[a] <= leaves[b]
    short = (leaves[b] - ends[a] < change_seconds) | (ends_at[a] != starts_at[b])
    return a[in_time & short], b[in_time & short]


def _stated_pairs(feed: Feed, number: Ints, shift: Ints) -> tuple[Longs, Longs]:
    """Return the positions of the pairs that the feed says one stays seated between."""
    kept = np.flatnonzero(feed.seat_kept)
    by_trip = np.argsort(number, kind="stable")
    pairs: tuple[list[int], list[int]] = [], []
    for start, end in zip(feed.seat_from[kept], feed.seat_to[kept], strict=True):
        one, two = (by_trip[slice(*np.searchsorted(number[by_trip], (trip, trip + 1)))] for trip in (start, end))
        for i in one:
            for j in two[shift[two] == shift[i]]:
                pairs[0].append(int(i))
                pairs[1].append(int(j))
    return np.array(pairs[0], np.int64), np.array(pairs[1], np.int64)


def _in_runs(
    feed: Feed, number: Ints, shift: Ints, leaves: Ints, ends: Ints, starts_at: Ints, ends_at: Ints
) -> tuple[Longs, Longs]:
    """Return the positions of trips and of the next ones of their vehicles' runs, where the feed says nothing else."""
    block = feed.trip_block[number]
    order = np.lexsort((number, ends, leaves, shift, block))
    a, b = order[:-1], order[1:]
    follows = (block[a] >= 0) & (block[a] == block[b]) & (shift[a] == shift[b])
    a, b = a[follows], b[follows]
    route, station = feed.trip_route[number], feed.stop_station
    same_place = (ends_at[a] == starts_at[b]) | (
        (station[ends_at[a]] >= 0) & (station[ends_at[a]] == station[starts_at[b]])
    )
    lap = (starts_at[a] == ends_at[a]) & (starts_at[b] == ends_at[b])
    stated = feed.seat_from.astype(np.int64) * len(feed.trip_id) + feed.seat_to
    pair = number[a].astype(np.int64) * len(feed.trip_id) + number[b]
    good = same_place & ((route[a] != route[b]) | lap) & ~np.isin(pair, stated)
    return a[good], b[good]
