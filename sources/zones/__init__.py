"""Zones: population, jobs and need by zone, one file per source."""
