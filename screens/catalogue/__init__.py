"""The words of the screens: English here, one file per room; every other language in a `.po` beside it."""
