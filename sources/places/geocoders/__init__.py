"""Geocoding services, asked only for public places of feeds, or when a person agrees."""
