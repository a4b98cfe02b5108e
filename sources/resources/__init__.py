"""Resource feeds, one file a feed."""
