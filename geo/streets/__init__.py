"""Streets: what OSM tags mean, one graph per mode, snapping, shortest paths, and seconds along the streets."""
