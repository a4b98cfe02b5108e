"""Geocoding services of others, for addresses of public places only; `sources.geocoding` alone may ask them."""
