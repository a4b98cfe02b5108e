"""Places: the region's own gazetteer, a place by its name, and the geocoders behind consent."""
