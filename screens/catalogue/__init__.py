"""The words of the screens, one file per room: English first, then Spanish."""
