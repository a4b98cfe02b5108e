"""Streets: what OSM tags mean, one graph a mode, snapping, shortest paths, and seconds along the streets."""
