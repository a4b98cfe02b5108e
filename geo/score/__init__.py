"""The score: from a home's minutes to access, to the four dimensions, and why 63 and not 70."""
