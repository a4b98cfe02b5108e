"""Adapters: what a source is, and the loops that every feed's rows run through."""
