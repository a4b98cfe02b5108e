"""Scenarios: a region's tables with changes written into them, and what these change for whom."""
