"""Timetables: GTFS tables as arrays, and one service day with the day before and after."""
