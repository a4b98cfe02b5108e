"""Networks: streets (OSM) and timetables (GTFS)."""
