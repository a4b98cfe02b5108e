"""The data health page: how fresh and how complete a region's data is."""
