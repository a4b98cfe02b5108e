"""The compiled loop that finds which trips keep the same pace, and nothing else."""

import numpy as np

from geo.compiled import compiled

_MIX = np.uint64(0x9E3779B97F4A7C15)


@compiled
def paces_of(pattern_offset, trip_offset, time_offset, arrival, departure):  # type: ignore[no-untyped-def]
    """Return each trip's start and where its pace begins, and all paces; see `geo.timetables.service_day.Timetable`."""
    trips = trip_offset[-1]
    start, pace = np.empty(trips, np.int32), np.empty(trips, np.int32)
    mixed = np.empty(trips, np.uint64)
    first_with = np.empty(trips, np.int64)  # the first trip of each pace of a pattern
    offset = np.zeros(len(pattern_offset), np.int64)
    kept = 0
    for p in range(len(pattern_offset) - 1):
        length, known = pattern_offset[p + 1] - pattern_offset[p], kept
        for trip in range(trip_offset[p], trip_offset[p + 1]):
            at = time_offset[p] + (trip - trip_offset[p]) * length
            start[trip] = departure[at]
            mixed[trip] = np.uint64(0)
            for i in range(at, at + length):
                mixed[trip] = (mixed[trip] ^ np.uint64(arrival[i] - start[trip])) * _MIX
                mixed[trip] = (mixed[trip] ^ np.uint64(departure[i] - start[trip])) * _MIX
            number = known
            while number < kept:
                other = first_with[number]
                there = time_offset[p] + (other - trip_offset[p]) * length
                if mixed[other] == mixed[trip] and _alike(arrival, departure, at, there, length):
                    break
                number += 1
            if number == kept:
                first_with[kept] = trip
                kept += 1
            pace[trip] = offset[p] + (number - known) * length
        offset[p + 1] = offset[p] + (kept - known) * length
    pace_arrival, pace_departure = np.empty(offset[-1], np.int32), np.empty(offset[-1], np.int32)
    known = 0
    for p in range(len(pattern_offset) - 1):
        length = pattern_offset[p + 1] - pattern_offset[p]
        for to in range(offset[p], offset[p + 1], length):
            trip = first_with[known]
            known += 1
            at = time_offset[p] + (trip - trip_offset[p]) * length
            for i in range(length):
                pace_arrival[to + i] = arrival[at + i] - start[trip]
                pace_departure[to + i] = departure[at + i] - start[trip]
    return start, pace, offset, pace_arrival, pace_departure


@compiled
def _alike(arrival, departure, one, other, length):  # type: ignore[no-untyped-def]
    """Return whether two trips of a pattern, whose times begin at `one` and `other`, take as long everywhere."""
    apart = departure[one] - departure[other]
    for i in range(length):
        if arrival[one + i] - arrival[other + i] != apart or departure[one + i] - departure[other + i] != apart:
            return False
    return True
