"""Travel: minutes from these places to those, journeys and isochrones, by any mode."""
