"""Geocoding services of others, for addresses of public places only; `sources.region.geocode_inputs` alone may ask them."""
