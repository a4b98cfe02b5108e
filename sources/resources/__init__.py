"""Resources: places of support, one file per feed."""
