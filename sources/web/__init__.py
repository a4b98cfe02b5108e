"""The web: the one door to the network with its limits, and the last good copies."""
