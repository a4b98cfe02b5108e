"""Street networks (OSM) and timetables (GTFS)."""
