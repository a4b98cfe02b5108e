"""Zones: population, jobs and need by zone, one file a source."""
