"""Units and how many of one make another."""

MINUTE = 60
"""Seconds in a minute."""
DAY_SECONDS = 86_400
"""Seconds in a day without a clock change."""
METERS_PER_DEGREE = 111_195.0
"""Meters in a degree of latitude, on a sphere of the earth's mean radius (6,371,009 m)."""
KILOMETER, MILE, FOOT = 1000.0, 1609.344, 0.3048
"""Meters in a kilometer, an international mile and a foot."""
