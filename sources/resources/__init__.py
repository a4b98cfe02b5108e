"""Resources: places of support, one file a feed."""
