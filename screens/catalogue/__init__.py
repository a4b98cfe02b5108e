"""The words of the screens, one file a room: English first, then Spanish."""
