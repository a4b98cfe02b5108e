"""The start page: a region, a map, and the way to each page."""
