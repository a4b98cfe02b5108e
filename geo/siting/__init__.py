"""Siting: where k new places of a class would raise an objective most, how sure that is, and what is nearly as good."""
