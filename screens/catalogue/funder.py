"""Words of the funder's screen."""

WORDS: dict[str, tuple[str, str]] = {}
